# SPDX-License-Identifier: Apache-2.0
"""The same calls as calls.c, made with boto3; prints the same figures.

usage: calls_boto3.py ENDPOINT CALLS.json ROUNDS
"""
import json
import resource
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def now():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime, time.monotonic()


def fill_in(value, endpoint):
    return value.replace("{endpoint}", endpoint) if isinstance(value, str) else value


def ordered(value):
    """What a snapshot library does with a response first: members by key."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [ordered(item) for item in value]
    return value


def main():
    endpoint, path, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path) as file:
        data = json.load(file)
    clients = {}

    def bind(entry):
        service = entry["service"]
        if service not in clients:
            clients[service] = boto3.client(
                service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
                aws_secret_access_key="test", config=Config(s3={"addressing_style": "path"}))
        operations = clients[service].meta.method_to_api_mapping
        method = next(m for m, operation in operations.items() if operation == entry["operation"])
        parameters = {key: fill_in(value, endpoint) for key, value in entry["input"].items()}
        return getattr(clients[service], method), parameters, entry["operation"]

    for method, parameters, _ in map(bind, data["setup"]):
        try:
            method(**parameters)
        except ClientError:
            pass  # it exists already
    calls = [bind(entry) for entry in data["calls"]]
    observed = {}
    for method, parameters, name in calls:
        observed[name] = ordered(method(**parameters))
    cpu, wall = now()
    for _ in range(rounds):
        for method, parameters, name in calls:
            observed[name] = ordered(method(**parameters))
    cpu_end, wall_end = now()
    print(json.dumps({"calls": rounds * len(calls), "cpu_s": round(cpu_end - cpu, 6),
                      "wall_s": round(wall_end - wall, 6)}))


if __name__ == "__main__":
    main()
