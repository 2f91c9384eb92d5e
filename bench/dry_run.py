# SPDX-License-Identifier: Apache-2.0
"""`parity call --dry-run --sign`, a process each: processor time and memory, beside botocore doing the same.

First a few services next to botocore, then parity alone, without signature (some services are not signed for), for every
service that has an operation without required input.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import botocore.loaders

HERE = pathlib.Path(__file__).resolve().parent
DATA = str(pathlib.Path(botocore.loaders.__file__).parent / "data")
CPU_MS, MIB = 10, 20
CALLS = [("ec2", "DescribeInstances", {}),
         ("s3", "GetObject", {"Bucket": "bucket", "Key": "folder/key"}),
         ("sqs", "SendMessage", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/q", "MessageBody": "text"}),
         ("dynamodb", "GetItem", {"TableName": "table", "Key": {"id": {"S": "1"}}}),
         ("cloudwatch", "ListMetrics", {}),
         ("lambda", "ListFunctions", {})]


class Bench:
    def __init__(self, given, cache):
        self.given = given
        self.environment = {**os.environ, "AWS_DATA_PATH": DATA, "PARITY_MODELS": DATA, "XDG_CACHE_HOME": cache,
                            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
                            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}

    def measure(self, runs, *command):
        done = subprocess.run([self.given.measure, str(runs), *command], stdout=subprocess.PIPE, env=self.environment,
                              check=True)
        return json.loads(done.stdout)

    def parity(self, runs, service, operation, value, *more):
        command = [self.given.parity, "call", "--dry-run", *more, "--region", "us-east-1", service, operation,
                   json.dumps(value)]
        self.measure(1, *command)  # makes the index
        return self.measure(runs, *command)

    def botocore(self, runs, service, operation, value):
        return self.measure(runs, sys.executable, str(HERE / "dry_run_botocore.py"), service, operation, json.dumps(value))


def show(figures):
    return f"{figures['cpu_ms']:8.2f} ms CPU {figures['peak_kib'] / 1024:7.1f} MiB"


def every_service():
    """Each service with an operation that needs no input; those signed by version 2 are left out."""
    loader = botocore.loaders.Loader(extra_search_paths=[DATA], include_default_search_paths=False)
    for service in loader.list_available_services("service-2"):
        model = loader.load_service_model(service, "service-2")
        if model["metadata"].get("signatureVersion") == "v2":
            continue
        for name, operation in sorted(model["operations"].items()):
            shape = model["shapes"].get(operation.get("input", {}).get("shape"), {})
            if not shape.get("required") and "endpointdiscovery" not in operation:
                yield service, name
                break


def compare(bench, results):
    print("\none dry run, signed, in a process of its own")
    for service, operation, value in CALLS:
        ours = bench.parity(bench.given.runs, service, operation, value, "--sign")
        theirs = bench.botocore(3, service, operation, value)
        print(f"  {service:<12} parity {show(ours)}   botocore {show(theirs)}   {theirs['cpu_ms'] / ours['cpu_ms']:6.0f}")
        results.append({"service": service, "operation": operation, "parity": ours, "botocore": theirs})


def sweep(bench):
    worst_cpu, worst_peak, count = (0, "none"), (0, "none"), 0
    for service, operation in every_service():
        figures = bench.parity(5, service, operation, {})
        count += 1
        worst_cpu = max(worst_cpu, (figures["cpu_ms"], service))
        worst_peak = max(worst_peak, (figures["peak_kib"] / 1024, service))
    print(f"  of {count} services the most: {worst_cpu[0]:.2f} ms CPU ({worst_cpu[1]}), at most {CPU_MS}; "
          f"{worst_peak[0]:.1f} MiB ({worst_peak[1]}), at most {MIB}")
    return {"services": count, "cpu_ms": worst_cpu, "mib": worst_peak}


def main():
    build = HERE.parent / "build/release"
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--parity", default=str(build / "parity"))
    options.add_argument("--measure", default=str(build / "bench_measure"))
    options.add_argument("--runs", type=int, default=21)
    options.add_argument("--json", help="write the figures to this file too")
    given = options.parse_args()
    calls = []
    with tempfile.TemporaryDirectory() as cache:
        bench = Bench(given, cache)
        compare(bench, calls)
        every = sweep(bench)
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps({"calls": calls, "every service": every}, indent=2) + "\n")
    good = every["cpu_ms"][0] <= CPU_MS and every["mib"][0] <= MIB
    good &= all(call["parity"]["cpu_ms"] <= CPU_MS and call["parity"]["peak_kib"] <= MIB * 1024 for call in calls)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
