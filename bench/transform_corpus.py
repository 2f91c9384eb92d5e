# SPDX-License-Identifier: Apache-2.0
"""Make the work that transforming and comparing is measured on: for every recording of a folder of snapshot files what a
test would have observed, and the transformers that it would have been given.

A corpus is a sequence of cases: a line {"id", "transformers", "recorded": bytes, "observed": bytes}, then the two states as
snapshot files have them. Its first line, {"presets": ...}, says what the presets consist of.
"""
import json
import pathlib
import re
import zlib

PLACEHOLDER = re.compile(r"<([A-Za-z][\w-]*):(\d+)>")
# What the default transformers make placeholders of, and of what.
CONSTANTS = {"111111111111": "000000000000", "<region>": "us-east-1", "<partition>": "aws",
             "<timestamp:2022-07-13T13:48:01.000Z>": "2024-03-05T10:20:30.123Z",
             "<timestamp:2022-07-13T13:48:01Z>": "2024-03-05T10:20:30Z"}
DEFAULTS = [{"type": "text", "text": "000000000000", "replacement": "111111111111", "priority": 2},
            {"type": "text", "text": "us-east-1", "replacement": "<region>", "priority": 2},
            {"type": "text", "text": "arn:aws:", "replacement": "arn:<partition>:", "priority": 2}]


def concrete_value(match):
    """What may have stood where a recording has <label:number>."""
    label, number = match.groups()
    digits = f"{zlib.crc32(match.group().encode()):08x}"
    if label == "uuid":
        return f"{digits}-1111-4222-8333-{int(number):012x}"
    return f"{label}-{digits}"


def concrete(value):
    if isinstance(value, dict):
        return {key: concrete(member) for key, member in value.items()}
    if isinstance(value, list):
        return [concrete(item) for item in value]
    if not isinstance(value, str):
        return value
    for placeholder, text in CONSTANTS.items():
        value = value.replace(placeholder, text)
    return PLACEHOLDER.sub(concrete_value, value)


def read_presets(folder):
    presets = {}
    for file in sorted(pathlib.Path(folder).glob("*.json")):
        presets.update({name: preset["transformers"] for name, preset in json.loads(file.read_text()).items()})
    return presets


def transformers_of(test_id, recorded, presets):
    """The preset of the service whose test it is, and what every test gets."""
    folders = test_id.split("::")[0].split("/")[:-1]
    names = [f"{folder.strip('_')}_api" for folder in folders]
    text = json.dumps(recorded)
    basic = "basic_new" if "<datetime>" in text or "<timestamp:" in text else "basic"
    return ([{"type": "preset", "name": name} for name in names if name in presets] + DEFAULTS
            + [{"type": "preset", "name": basic, "priority": 2}])


def cases(snapshots, presets):
    for file in sorted(pathlib.Path(snapshots).rglob("*.snapshot.json")):
        for test_id, entry in json.loads(file.read_text()).items():
            recorded = entry["recorded-content"]
            if recorded:
                yield test_id, transformers_of(test_id, recorded, presets), recorded


def pretty(value):
    return (json.dumps(value, indent=2) + "\n").encode()


def write_corpus(snapshots, presets_folder, out):
    """@return number of cases, bytes of both states together"""
    presets = read_presets(presets_folder)
    count = size = 0
    with open(out, "wb") as file:
        file.write(json.dumps({"presets": presets}).encode() + b"\n")
        for test_id, transformers, recorded in cases(snapshots, presets):
            states = [pretty(recorded), pretty(concrete(recorded))]
            head = {"id": test_id, "transformers": transformers, "recorded": len(states[0]), "observed": len(states[1])}
            file.write(json.dumps(head).encode() + b"\n" + states[0] + states[1])
            count += 1
            size += len(states[0]) + len(states[1])
    return count, size


def read_corpus(path):
    """@return presets, [(id, transformers, recorded text, observed text)]"""
    with open(path, "rb") as file:
        presets = json.loads(file.readline())["presets"]
        found = []
        for line in iter(file.readline, b""):
            head = json.loads(line)
            found.append((head["id"], head["transformers"], file.read(head["recorded"]), file.read(head["observed"])))
    return presets, found
