# SPDX-License-Identifier: Apache-2.0
"""How time and memory grow: larger responses, more references, longer lists to sort, paths with four `..`.

Every point is one run of the command, start and reading and printing included.
"""
import json
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

MEBIBYTE = 1 << 20
MOST_TIMES_DOCUMENT = 8


def response(size, ids):
    """A document of about `size` bytes in which `ids` occur, in members of their own and inside texts."""
    items, used, number = [], 0, 0
    while used < size:
        item = {"Id": ids[number % len(ids)], "Arn": f"arn:aws:sns:us-east-1:111111111111:topic/{ids[number * 7 % len(ids)]}",
                "Name": f"some ordinary text {number}", "Count": number, "Tags": [{"Key": "a", "Value": "b"}]}
        items.append(item)
        used += len(json.dumps(item)) + 2
        number += 1
    return {"m": {"Items": items}}


def names(count):
    chance = random.Random(1)
    return [f"resource-{chance.getrandbits(64):016x}" for _ in range(count)]


def shuffled(count):
    chance = random.Random(2)
    return {"m": {"Items": [{"Name": f"item-{chance.getrandbits(48):x}", "Size": chance.getrandbits(20)} for _ in range(count)]}}


REFERENCES = [{"type": "key_value", "key": "Id", "replacement": "id"}]
PATH = "$..m..Items..Tags..Key"
SORTING = [{"type": "sorting", "key": "Items", "by": "Name"}]


class Runs:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, pathlib.Path(folder)

    def measure(self, document, *arguments):
        """@return bytes of the document, CPU seconds, peak memory in bytes"""
        file = self.folder / "document.json"
        file.write_text(json.dumps(document))
        # By way of a small process: one that is forked from a large one counts its memory as peak.
        run = [sys.executable, __file__, self.binary, *arguments, str(file)]
        used = json.loads(subprocess.run(run, stdout=subprocess.PIPE, check=True).stdout)
        return file.stat().st_size, used["cpu_s"], used["peak_bytes"]

    def transform(self, document, transformers):
        file = self.folder / "transformers.json"
        file.write_text(json.dumps(transformers))
        return self.measure(document, "transform", "--transformers", str(file))

    def sizes(self):
        for mebibytes in (1, 4, 16, 64):
            yield mebibytes, self.transform(response(mebibytes * MEBIBYTE, names(1000)), REFERENCES)

    def references(self):
        for count in (10, 100, 1000, 10000, 100000):
            yield count, self.transform(response(16 * MEBIBYTE, names(count)), REFERENCES)

    def items(self):
        for count in (1000, 10000, 100000, 1000000):
            yield count, self.transform(shuffled(count), SORTING)

    def paths(self):
        for mebibytes in (1, 4, 16, 64):
            yield mebibytes, self.measure(response(mebibytes * MEBIBYTE, names(1000)), "jsonpath", PATH)


KINDS = (("response", "MiB", "sizes"), ("references in 16 MiB", "references", "references"),
         ("items to sort", "items", "items"), (PATH, "MiB", "paths"))


def measure_growth(binary):
    """@return panels for plot.write_svg(), and {kind: [{"x", "bytes", "cpu_s", "peak_bytes"}, ...]}"""
    panels, figures = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for title, unit, name in KINDS:
            runs = list(getattr(Runs(binary, folder), name)())
            figures[name] = [{"x": x, "bytes": size, "cpu_s": cpu, "peak_bytes": peak} for x, (size, cpu, peak) in runs]
            panels.append((title, unit, "CPU seconds", [(x, cpu) for x, (_, cpu, _) in runs]))
            for x, (size, cpu, peak) in runs:
                print(f"  {title:<22} {x:>9.6g} {unit:<10} {size / MEBIBYTE:8.1f} MiB {cpu:8.2f} s CPU "
                      f"{peak / MEBIBYTE:8.0f} MiB memory ({peak / size:.1f} times the document)")
    figures["times_document"] = max(x["peak_bytes"] / x["bytes"] for x in figures["sizes"] if x["x"] >= 16)
    print(f"  memory / response, from 16 MiB on {figures['times_document']:4.1f}   (less than {MOST_TIMES_DOCUMENT})")
    panels.append(("response: memory", "MiB", "peak MiB", [(x["x"], x["peak_bytes"] / MEBIBYTE) for x in figures["sizes"]]))
    return panels, figures


def run_and_tell(arguments):
    subprocess.run(arguments, stdout=subprocess.DEVNULL, check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "peak_bytes": used.ru_maxrss * 1024}))


if __name__ == "__main__":
    run_and_tell(sys.argv[1:])
