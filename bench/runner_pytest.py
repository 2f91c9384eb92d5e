# SPDX-License-Identifier: Apache-2.0
"""
The same 100 tests (500 SQS calls, 300 matches) three ways against one moto: parity, pytest with boto3 and
localstack-snapshot, and, for the calls alone, a bare libcurl loop that sends the same requests.

Recorded first, each in its own files, then verified. They take turns, and medians are reported; of the processor
time that of the ratios of the turns, so that a machine that grows busier or less so disturbs both sides alike.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import client_cpu

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
TESTS, CALLS = 100, 500


class Measured:
    """What a command and all that it starts cost."""

    def __init__(self, command, folder, environment):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        self.done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.wall_s = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if self.done.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))} ended with {self.done.returncode}:\n{self.done.stdout}")


class Contestants:
    def __init__(self, given, url, folder):
        self.given, self.url, self.folder = given, url, pathlib.Path(folder)
        self.environment = {**os.environ, "AWS_DATA_PATH": client_cpu.botocore_data(), "BENCH_ENDPOINT": url,
                            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
                            "PYTHONDONTWRITEBYTECODE": ""}
        (self.folder / "parity.json").write_text(json.dumps(
            {"emulator": "moto", "emulators": {"moto": {"endpoint_url": url, "account_id": "123456789012"}}}))
        shutil.copytree(HERE / "pytest_suite", self.folder / "pytest_suite")

    def parity(self, *arguments):
        command = [self.given.build / "parity", "run", "--modules", self.given.build / "bench/suites", "-q", "-j", "1"]
        return Measured(command + (list(arguments) or ["sqs"]), self.folder, self.environment)

    def pytest(self, *arguments):
        command = [self.given.pytest_python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "pytest_suite"]
        return Measured(command + list(arguments), self.folder, self.environment)

    def bare(self):
        """The CPU seconds of a program that has only libcurl and the requests, and the wall seconds of its loop."""
        command = [self.given.build / "bench_calls", "bare", self.url, HERE / "calls_messages.json", str(TESTS)]
        figures = json.loads(Measured(command, self.folder, self.environment).done.stdout)
        assert figures["calls"] == CALLS, figures
        return figures["start_cpu_s"] + figures["cpu_s"], figures["wall_s"]


def show(what, figure, bound, good):
    print(f"  {what:<58} {figure:9.2f} times ({bound}){'' if good else '   MISSED'}")
    return {"what": what, "figure": figure, "bound": bound, "good": good}


def median(values):
    return statistics.median(values)


def middle(ratios):
    """Their median, and the middle half of them."""
    low, half, high = statistics.quantiles(ratios, n=4)
    return half, f"{low:.2f} to {high:.2f} in the middle half of the turns"


def compare(contestants, repeats):
    contestants.parity("sqs", "--snapshot-update")
    contestants.pytest("--snapshot-update")
    runs = {"bare": [], "parity": [], "pytest": [], "parity one": [], "pytest one": []}
    for _ in range(repeats):
        runs["bare"].append(contestants.bare())
        for name, run in ("parity", contestants.parity), ("pytest", contestants.pytest):
            done = run()
            runs[name].append((done.cpu_s, done.wall_s))
        one = contestants.parity("sqs/test_messages.c::message_00")
        runs["parity one"].append((one.cpu_s, one.wall_s))
        one = contestants.pytest("-k", "test_message and 0 and not 1 and not 2 and not 3 and not 4 and not 5 and not "
                                       "6 and not 7 and not 8 and not 9")
        assert "1 passed" in one.done.stdout, one.done.stdout
        runs["pytest one"].append((one.cpu_s, one.wall_s))
    return runs


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    options.add_argument("--pytest-python", default=str(ROOT / "build/venv-bench/bin/python"))
    options.add_argument("--repeats", type=int, default=15)
    options.add_argument("--json", help="write the figures to this file too")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, client_cpu.start_moto() as moto:
        runs = compare(Contestants(given, moto.url, folder), given.repeats)
    median_of = {name: (median([cpu for cpu, _ in values]), median([wall for _, wall in values]))
                 for name, values in runs.items()}
    over_bare, spread = middle([parity / bare for (parity, _), (bare, _) in zip(runs["parity"], runs["bare"])])
    below_pytest = median([pytest / parity for (pytest, _), (parity, _) in zip(runs["pytest"], runs["parity"])])
    print(f"\n100 tests, 500 SQS calls, 300 matches, one moto; median of {given.repeats}")
    for name, (cpu_s, wall_s) in median_of.items():
        print(f"  {name:<14} {1000 * cpu_s:9.1f} ms CPU {1000 * wall_s:9.1f} ms wall")
    bare, parity = median_of["bare"], median_of["parity"]
    sooner = median_of["pytest one"][1] / median_of["parity one"][1]
    results = [
        show("CPU of parity over that of the bare loop", over_bare, f"at most 2; {spread}", over_bare <= 2),
        show("CPU of pytest over that of parity", below_pytest, "some 12", True),
        show("a single test: wall time of pytest over that of parity", sooner, "at least 15", sooner >= 15),
        show("wall time of parity over that of the bare loop", parity[1] / bare[1], "moto's own is the most of both",
             True),
    ]
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps(results, indent=2) + "\n")
    sys.exit(0 if all(result["good"] for result in results) else 1)


if __name__ == "__main__":
    main()
