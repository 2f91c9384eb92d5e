# SPDX-License-Identifier: Apache-2.0
"""CPU of transforming and comparing all recordings: parity, the Python reference, and jansson parsing and printing the same bytes.

parity and jansson take turns, several times, and the best of each counts, so that a busy machine disturbs both alike; the
reference, which takes minutes, goes once. Then the growth with size, plotted to a file.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from plot import write_svg
from transform_corpus import write_corpus
from transform_growth import measure_growth

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
MOST_TIMES_JANSSON, LEAST_TIMES_FASTER = 3, 100


def figures_of(arguments):
    return json.loads(subprocess.run(arguments, stdout=subprocess.PIPE, check=True).stdout)


def best(runs):
    return min(run["cpu_s"] for run in runs)


def compare(given, folder):
    corpus = str(pathlib.Path(folder, "corpus"))
    count, size = write_corpus(given.snapshots, ROOT / "transformers/presets", corpus)
    if not count:
        sys.exit(f"there are no recordings in {given.snapshots}")
    print(f"{count} recordings, {size / 1e6:.1f} MB recorded and observed")
    runs = {"parity": [], "jansson": []}
    for _ in range(given.repeats):
        for mode, done in runs.items():
            done.append(figures_of([given.bench_binary, mode, corpus, "3"]))
    result = {mode: {"cpu_s": best(done)} for mode, done in runs.items()}
    result["localstack"] = figures_of([given.bench_binary, "localstack", corpus, "1"])
    result["times_jansson"] = result["parity"]["cpu_s"] / result["jansson"]["cpu_s"]
    print(f"  parity      {result['parity']['cpu_s']:9.3f} s CPU")
    print(f"  jansson     {result['jansson']['cpu_s']:9.3f} s CPU to parse and print the same bytes")
    print(f"  parity / jansson    {result['times_jansson']:6.2f}   (less than {MOST_TIMES_JANSSON})")
    if not given.no_reference:
        compare_reference(given, corpus, result)
    return result


def compare_reference(given, corpus, result):
    result["reference"] = reference = figures_of([given.reference_python, str(HERE / "transform_reference.py"), corpus])
    result["times_faster"] = reference["cpu_s"] / result["parity"]["cpu_s"]
    print(f"  reference   {reference['cpu_s']:9.3f} s CPU")
    print(f"  reference / parity  {result['times_faster']:6.0f}   (at least {LEAST_TIMES_FASTER})")
    for name, verdicts in (("parity", result["localstack"]), ("reference", reference)):
        print(f"  verdicts of {name:<10} {verdicts['passed']} passed, {verdicts['failed']} failed, {verdicts['errors']} errors")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--snapshots", default=str(ROOT.parent / "shared/conformance/snapshots"),
                         help="folder of snapshot files of LocalStack's tests")
    options.add_argument("--bench-binary", default=str(ROOT / "build/release/bench_transform"))
    options.add_argument("--binary", default=str(ROOT / "build/release/parity"))
    options.add_argument("--reference-python", default=str(ROOT / "build/venv-bench/bin/python"))
    options.add_argument("--no-reference", action="store_true", help="leave out what takes minutes")
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--plot", default=str(ROOT / "build/transform-growth.svg"), help="file for the growth with size")
    options.add_argument("--json", help="write the figures to this file too")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = compare(given, folder)
    print("growth with size:")
    panels, result["growth"] = measure_growth(given.binary)
    write_svg(given.plot, panels)
    print(f"plotted to {given.plot}")
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps(result, indent=2) + "\n")
    met = result["times_jansson"] < MOST_TIMES_JANSSON and result.get("times_faster", LEAST_TIMES_FASTER) >= LEAST_TIMES_FASTER
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
