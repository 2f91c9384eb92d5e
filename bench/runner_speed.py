# SPDX-License-Identifier: Apache-2.0
"""What the runner itself costs: tests that do nothing, the time to the first request, memory, and how workers add up."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import client_cpu

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / "build/release"
PAUSE_S = 0.020


class Runs:
    """Runs of parity against one target, in a project of its own."""

    def __init__(self, build, url, folder):
        self.build, self.url, self.folder = build, url, pathlib.Path(folder)
        (self.folder / "parity.json").write_text(json.dumps(
            {"emulator": "slow",
             "emulators": {"slow": {"endpoint_url": url, "account_id": "123456789012"}}}))
        self.environment = {**os.environ, "AWS_DATA_PATH": client_cpu.botocore_data()}

    def run(self, modules, *arguments, before=()):
        """@return the seconds that it took, when it began, and what it wrote"""
        command = [*before, str(self.build / "parity"), "run", "--modules", str(self.build / "bench" / modules), "-q",
                   "--snapshot-skip-all", *arguments]
        start = time.monotonic()
        done = subprocess.run(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True)
        seconds = time.monotonic() - start
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stdout}")
        return seconds, start, done.stdout

    def peak(self, modules, *arguments, times=1):
        """@return the largest resident set, in KiB, of the runner and its workers, in any of so many runs"""
        measure = [str(self.build / "bench_measure"), str(times)]
        return json.loads(self.run(modules, *arguments, before=measure)[2])["peak_kib"]

    def first_request(self):
        return float(urllib.request.urlopen(f"{self.url}/first").read())


def median_of(repeats, measure):
    return statistics.median(measure() for _ in range(repeats))


def show(what, figure, unit, bound, good):
    print(f"  {what:<58} {figure:9.2f} {unit:<5} ({bound}){'' if good else '   MISSED'}")
    return {"what": what, "figure": figure, "unit": unit, "bound": bound, "good": good}


def do_nothing(runs, repeats):
    seconds = median_of(repeats, lambda: runs.run("nothing")[0])
    return show("5,000 tests that do nothing", seconds, "s", "at most 1.5", seconds <= 1.5)


def first_request(runs, repeats):
    def measure():
        runs.first_request()
        start = runs.run("suites", "waiting/test_waiting.c::waits_00")[1]
        return 1000 * (runs.first_request() - start)

    measure()  # a model is read from its JSON only once on a machine
    milliseconds = median_of(repeats, measure)
    return show("from the start to the first request", milliseconds, "ms", "at most 30", milliseconds <= 30)


def memory(runs):
    """The same module twice, 20 times as many tests, with every report that is a file. A word for each test in one
    of them would be 8 bytes; without there are pages that come and go, so the short run is made five times."""
    reports = [part for option in ("results", "junit", "tap", "html")
               for part in (f"--{option}", str(runs.folder / f"report.{option}"))]

    def measure(repeat, times):
        return runs.peak("nothing", "nothing/test_1.c", "--repeat", str(repeat), *reports, times=times)

    few, many = measure(44, 5), measure(20 * 44, 1)
    tests = len(json.loads((runs.folder / "report.results").read_text())["tests"])
    growth = max(0, 1024 * (many - few) / (tests - tests / 20))
    return show(f"memory for each further test, of {tests} (in all {many / 1024:.0f} MiB)", growth, "B",
                "at most 4", growth <= 4)


def registered(runs):
    """One module of 50 tests, and all 100 of them, without a report in a file."""
    few, all_of_them = runs.peak("nothing", "nothing/test_1.c"), runs.peak("nothing")
    growth = 1024 * (all_of_them - few) / (5000 - 50)
    return show(f"memory for each test that is there (in all {all_of_them / 1024:.0f} MiB)", growth, "B", "at most 1500",
                growth <= 1500)


def throughput(runs, repeats):
    one = median_of(repeats, lambda: runs.run("suites", "waiting", "-j", "1")[0])
    eight = median_of(repeats, lambda: runs.run("suites", "waiting", "-j", "8")[0])
    return show(f"8 workers over 1, 400 calls of {1000 * PAUSE_S:.0f} ms", one / eight, "times", "at least 7",
                one / eight >= 7)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--build", type=pathlib.Path, default=BUILD)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--json", help="write the figures to this file too")
    given = options.parse_args()
    port = client_cpu.free_port()
    server = [sys.executable, str(HERE / "slow_server.py"), str(port), str(PAUSE_S)]
    with tempfile.TemporaryDirectory() as folder, client_cpu.Server(server, port) as target:
        runs = Runs(given.build, target.url, folder)
        print(f"\nthe runner, median of {given.repeats}")
        results = [do_nothing(runs, given.repeats), first_request(runs, 2 * given.repeats + 1), memory(runs),
                   registered(runs), throughput(runs, min(given.repeats, 3))]
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps(results, indent=2) + "\n")
    sys.exit(0 if all(result["good"] for result in results) else 1)


if __name__ == "__main__":
    main()
