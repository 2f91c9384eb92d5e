# SPDX-License-Identifier: Apache-2.0
"""Scenarios: how long loading 1,000 of them takes, and what running them costs next to the same tests in C.

The C is what `parity scenario to-c` prints. Both make the same calls to nginx, which answers at once, and compare the answers
with the same recordings; they take turns, and medians are reported.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

import client_cpu

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
MOST_NOISE = 0.05  # on a machine that is busier than that, no more is allowed


def scenario(number, endpoint):
    """One of the usual size: names, references, some texts to insert, a cleanup."""
    queue, topic = "${queue.QueueUrl}", "arn:${partition}:sns:${region}:${account}:${name}"
    return {
        "id": f"bench/t{number}", "marker": "aws_validated",
        "transformers": [{"type": "preset", "name": "sqs_api"},
                         {"type": "regex", "pattern": "${name}", "replacement": "<name>"}],
        "skip_verify": [{"paths": ["$..Nothing"], "reason": "to be looked for"}],
        "let": {"name": "${unique:bench}", "body": "a message of the usual size to ${name}"},
        "steps": [
            {"call": "sqs.CreateQueue", "input": {"QueueName": "${name}"}, "as": "queue", "match": "queue"},
            *({"call": "sqs.SendMessage", "match": f"send-{i}", "input": {
                "QueueUrl": f"{endpoint}/123456789012/${{name}}", "MessageBody": "${body}", "MessageAttributes": {
                    "kind": {"DataType": "String", "StringValue": "bench"},
                    "name": {"DataType": "String", "StringValue": "<${name}>"}}}} for i in range(3)),
            {"call": "sns.Publish", "match": "publish", "input": {"TopicArn": topic, "Message": "${body}"}},
            {"call": "dynamodb.GetItem", "as": "item", "match": "item",
             "input": {"TableName": "${name}", "Key": {"id": {"S": "1"}}}},
            {"match": "both", "value": {"item": "${item.Item}", "queue": queue}}],
        "cleanup": [{"call": "sqs.DeleteQueue", "input": {"QueueUrl": f"{endpoint}/123456789012/bench"}}]}


def write(path, count, endpoint):
    path.write_text(json.dumps({"tests": [scenario(i, endpoint) for i in range(count)]}, indent=2))


def load(build, folder, rounds):
    file = folder / "thousand.json"
    write(file, 1000, "http://127.0.0.1")
    done = subprocess.run([build / "bench_scenario", str(rounds), file], check=True, capture_output=True, text=True,
                          env={**os.environ, "AWS_DATA_PATH": client_cpu.botocore_data()})
    figures = json.loads(done.stdout)
    print(f"\n1,000 scenarios ({file.stat().st_size / 1e6:.1f} MB), mean of {rounds}")
    print(f"  loading           {figures['load_ms']['wall']:9.1f} ms wall {figures['load_ms']['cpu']:9.1f} ms CPU   (wall under 100)")
    print(f"  against models    {figures['check_ms']['wall']:9.1f} ms wall {figures['check_ms']['cpu']:9.1f} ms CPU")
    return figures


class Project:
    """Scenarios and the same tests in C, in a folder of their own, with nginx as the emulator."""

    def __init__(self, build, folder, url, count):
        self.build, self.folder, self.url = build, folder, url
        (folder / "suites").mkdir()
        (folder / "modules").mkdir()
        (folder / "parity.json").write_text(json.dumps(
            {"suites": "suites", "modules": "modules", "emulators": {"nginx": {"endpoint_url": url}}}))
        write(folder / "bench.json", count, url)
        printed = subprocess.run([build / "parity", "scenario", "to-c", "bench.json"], cwd=folder, check=True,
                                 stdout=subprocess.PIPE, env=self.environment()).stdout
        (folder / "suites/bench.c").write_bytes(printed)
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O2", "-fPIC", "-shared", f"-I{ROOT}/harness/include",
                        "suites/bench.c", build / "libparity.so", "-o", "modules/bench.so"], cwd=folder, check=True)
        self.run("bench.json", "--snapshot-update")

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PARITY_"))}
        return {**kept, "AWS_DATA_PATH": client_cpu.botocore_data(), "HOME": str(self.folder)}

    def run(self, *arguments):
        """CPU seconds of the command and its workers."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([self.build / "parity", "run", "--emulator", "nginx", "--endpoint-url", self.url, "-j", "1",
                               "-q", *arguments], cwd=self.folder, env=self.environment(), capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            sys.exit((done.stdout + done.stderr)[:2000])
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def middle(values):
    """Their median, and how far it may be off: twice its standard error, from the middle half of the values."""
    low, median, high = statistics.quantiles(values, n=4)
    return median, 2 * 1.25 * (high - low) / 1.35 / len(values) ** 0.5


def compare(project, count, repeats):
    """Loading has a limit of its own, so it is taken off: that of a run that only lists the tests.

    A run is compared with the one beside it, and they take turns in being the first, so that a machine that grows busier or
    less so disturbs both alike.
    """
    figures = {"bench.json": [], "bench.c": []}
    for turn in range(repeats):
        for operand in sorted(figures, reverse=turn % 2 == 1):
            figures[operand].append(project.run(operand) - project.run(operand, "--list"))
    in_json, in_c = (1e6 * statistics.median(taken) / count for taken in figures.values())
    ratio, noise = middle([one / other for one, other in zip(*figures.values())])
    print(f"\n{count} tests of 7 calls against nginx: CPU per test, loading aside, median of {repeats}")
    print(f"  scenarios         {in_json:9.1f} us")
    print(f"  the same in C     {in_c:9.1f} us")
    print(f"  scenarios / C     {ratio:9.3f}   (at most 1, give or take the noise of these runs, {noise:.3f}, if that is below {MOST_NOISE})")
    return {"scenario_us": in_json, "c_us": in_c, "ratio": ratio, "noise": noise}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    options.add_argument("--tests", type=int, default=300)
    options.add_argument("--repeats", type=int, default=15)
    options.add_argument("--json", help="write the figures to this file too")
    given = options.parse_args()
    build = given.build.resolve()
    with tempfile.TemporaryDirectory() as name, client_cpu.start_nginx(name) as nginx:
        folder = pathlib.Path(name, "project")
        folder.mkdir()
        loading = load(build, folder, 20)
        running = compare(Project(build, folder, nginx.url, given.tests), given.tests, given.repeats)
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps({"loading": loading, "running": running}, indent=2) + "\n")
    sys.exit(0 if loading["load_ms"]["wall"] < 100 and running["ratio"] <= 1 + min(running["noise"], MOST_NOISE) else 1)


if __name__ == "__main__":
    main()
