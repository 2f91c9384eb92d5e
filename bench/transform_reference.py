# SPDX-License-Identifier: Apache-2.0
"""Transform and compare a corpus with localstack-snapshot: python transform_reference.py CORPUS

Prints {"cases", "passed", "failed", "errors", "cpu_s"}; reading the states, as the reference's session does for each test,
counts, reading the corpus and building the transformers does not.
"""
import json
import logging
import re
import sys
import time

from localstack_snapshot.snapshots.prototype import SnapshotSession
from localstack_snapshot.snapshots.transformer import (
    JsonpathTransformer, JsonStringTransformer, KeyValueBasedTransformer, RegexTransformer, ResponseMetaDataTransformer,
    SortingTransformer, TextTransformer, TimestampTransformer, GenericTransformer)

from transform_corpus import read_corpus

ARN = re.compile(r"arn:(aws[a-zA-Z-]*)?:([a-zA-Z0-9-_.]+)?:([^:]+)?:(\d{12})?:(.*)")


def label_of(key):
    return re.sub(r"([A-Z])", r"-\1", key).lower().strip("-")


def resource_name(_, value):
    """What LocalStack takes for the name in an ARN."""
    match = ARN.match(value) if isinstance(value, str) else None
    if not match:
        return None
    last = match.group(5)
    if last.startswith("<") and last.endswith(">"):
        return None
    if ":changeSet/" in value:
        return value.split(":changeSet/")[-1]
    if "/" in last:
        return last.split("/")[-1]
    if last.startswith("function:"):
        return last[len("function:"):].split(":$")[0]
    if last.startswith("layer:"):
        return last.split(":")[1]
    return last.split(":")[-1]


def is_given(value):
    return value is not None and value != ""


KINDS = {"given": is_given, "text": lambda value: isinstance(value, str), "list": lambda value: isinstance(value, list),
         "timestamp": lambda value: False, "any": lambda value: True}


def is_json(text):
    try:
        json.loads(text)
        return True
    except ValueError:
        return False


def key_value(spec):
    key_pattern = re.compile(spec.get("key_pattern", ""))
    value_pattern = re.compile(spec["value_pattern"]) if "value_pattern" in spec else None
    unless = re.compile(spec["unless_value_pattern"]) if "unless_value_pattern" in spec else None
    of_kind = KINDS[spec.get("value_type", "given")]

    def match(key, value):
        if (key != spec["key"]) if "key" in spec else not key_pattern.search(key):
            return None
        if not of_kind(value) or (unless and isinstance(value, str) and unless.match(value)):
            return None
        if value_pattern:
            found = value_pattern.match(value) if isinstance(value, str) else None
            if not found:
                return None
            value = found.group(spec["group"]) if "group" in spec else value
        if spec.get("json") and not is_json(value):
            return None
        return key if spec.get("take") == "key" else value

    replacement = spec.get("replacement") or label_of(spec["key"])
    return KeyValueBasedTransformer(match, replacement, spec.get("reference", True))


def remove_key(spec):
    def remove(value, context):
        for member in value.values():
            if isinstance(member, dict):
                member.pop(spec["key"], None)
                remove(member, context)
        return value
    return GenericTransformer(remove)


MAKERS = {
    "jsonpath": lambda spec: JsonpathTransformer(spec["path"], spec["replacement"], spec.get("reference", True)),
    "json_string": lambda spec: JsonStringTransformer(spec["key"]),
    "key_value": key_value,
    "regex": lambda spec: RegexTransformer(spec["pattern"], spec["replacement"]),
    "remove_key": remove_key,
    "resource_name": lambda spec: KeyValueBasedTransformer(resource_name, "resource"),
    "response_metadata": lambda spec: ResponseMetaDataTransformer(),
    "sorting": lambda spec: SortingTransformer(spec["key"], (lambda item: item[spec["by"]]) if "by" in spec else None),
    "text": lambda spec: TextTransformer(spec["text"], spec["replacement"]),
    "timestamp": lambda spec: TimestampTransformer(),
}


def make(specs, presets, priority=None):
    made = []
    for spec in specs:
        own = spec.get("priority", 0) if priority is None else priority
        if spec["type"] == "preset":
            made += make(presets[spec["name"]], presets, own)
        else:
            made.append((MAKERS[spec["type"]](spec), own))
    return made


def judge(test_id, transformers, recorded, observed):
    session = SnapshotSession(base_file_path="/nonexistent", scope_key=test_id, verify=True)
    session.transformers = transformers
    session.recorded_state = json.loads(recorded)
    for key, value in json.loads(observed).items():
        session.match(key, value)
    return session._assert_all()


def main():
    logging.disable(logging.CRITICAL)
    presets, cases = read_corpus(sys.argv[1])
    work = [(test_id, make(specs, presets), recorded, observed) for test_id, specs, recorded, observed in cases]
    verdicts = {"passed": 0, "failed": 0, "errors": 0}
    start = time.process_time()
    for case in work:
        try:
            judge(*case)
            verdicts["passed"] += 1
        except AssertionError:
            verdicts["failed"] += 1
        except Exception:
            verdicts["errors"] += 1
    print(json.dumps({"cases": len(work), **verdicts, "cpu_s": time.process_time() - start}))


if __name__ == "__main__":
    main()
