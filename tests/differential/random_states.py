# SPDX-License-Identifier: Apache-2.0
"""
Random states, transformers and skip paths, judged by localstack-snapshot and by `parity`:

    PARITY_BIN=build/dev/parity build/venv-bench/bin/python tests/differential/random_states.py SEED COUNT

Needs the environment of `scripts/setup --bench`; scripts/soak runs it. What the two store must be the
same to the byte, an error of one an error of the other; so must the verdict on a state that was
changed. Prints each disagreement with its input, and ends with 1 if there was one.
"""
import copy
import json
import logging
import os
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from localstack_snapshot.snapshots.prototype import SnapshotSession  # noqa: E402
from transform_reference import make  # noqa: E402

PARITY = os.environ["PARITY_BIN"]
MATCH_KEYS = ["k1", "k2", "send", "get-attrs"]
KEYS = ["Name", "Arn", "Id", "ResponseMetadata", "HTTPHeaders", "HTTPStatusCode", "Items", "Tags", "Key", "Value",
        "x-amz-id", "a.b", "\u00e9", "__type", "Body", "CreatedAt", "200", "test", "list", "deep", 'Q"', "back\\slash",
        "name:1"]
ARNS = ["arn:aws:sqs:us-east-1:123456789012:queue-%d", "arn:aws:iam::123456789012:role/path/role-%d",
        "arn:aws:lambda:eu-west-1:123456789012:function:fn-%d:$LATEST", "arn:aws:s3:::bucket-%d",
        "arn:aws:lambda:eu-west-1:123456789012:layer:l-%d:3", "arn:aws:sns:us-east-1:000000000000:<t-%d>",
        "arn:aws:cloudformation:us-east-1:123456789012:changeSet/cs-%d/abc"]
TEXTS = ["", "test", "latest", "null", "true", "200", '{"a": 1}', '{"b": {"c": "test"}}', "[1, 2]", ' {"a": 1}',
         "{broken", "\u00e9", "tab\there", 'q"q', "back\\slash", "2022-07-13T13:48:01+00:00", "2022-07-13T13:48:01Z",
         "2022-07-13T13:48:01.123Z", "2022-07-13 13:48:01", "Wed, 13 Jul 2022 13:48:01 GMT", "us-east-1", "123456789012",
         "<name:1>", "line\nbreak", "\\1", "\U0001f600", "\u2028"]
NUMBERS = [0, 1, -1, 200, 12345678901234567890, 1.0, 0.1, 1e-7, 1e22, -0.0, 1.5, 1657720081.123]
PATHS = ["$..Name", "$..Arn", "$..Id", "$.k1.Name", "$..Tags[*].Value", "$..Items..Name", "k1..Id", "$..*", "$..'a.b'",
         "$.send", "$..Body", "$..Tags[0]", "$..Items.[0].Name", "$..x-amz-id", "$..deep.*", "$..Items[-1]", "$..a.b"]
PATTERNS = [r"\d{12}", "us-east-1", "[a-z]+-\\d", "(?i)NAME", '^"', '"$', r"queue-(\d)", r"\b200\b", r"arn:aws:(\w+):",
            '[^"]*latest', "(a)|(b)"]


class States:
    """Random documents, and what is done to them."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self):
        kind = self.random.random()
        if kind < .2:
            return self.random.choice(ARNS) % self.random.randrange(4)
        if kind < .3:
            return "%08x-1234-4abc-9def-%012x" % (self.random.randrange(3), self.random.randrange(3))
        return self.random.choice(TEXTS)

    def scalar(self):
        kind = self.random.random()
        if kind < .6:
            return self.text()
        return self.random.choice(NUMBERS if kind < .85 else [True, False, None])

    def value(self, depth):
        kind = self.random.random()
        if depth <= 0 or kind < .5:
            return self.scalar()
        if kind < .75:
            return {self.random.choice(KEYS): self.value(depth - 1) for _ in range(self.random.randrange(4))}
        if kind < .85:
            return [self.value(depth - 1) for _ in range(self.random.randrange(4))]
        if kind < .95:
            return json.dumps(self.value(depth - 1))
        return [{self.random.choice(KEYS): self.scalar() for _ in range(2)} for _ in range(3)]

    def match_value(self):
        if self.random.random() < .2:
            return self.value(3)
        value = {self.random.choice(KEYS): self.value(3) for _ in range(self.random.randrange(1, 5))}
        if self.random.random() < .4:
            value["ResponseMetadata"] = {"HTTPStatusCode": self.random.choice([200, 0, 404]),
                                         "HTTPHeaders": {"content_type": "x", "date": "y"}, "RequestId": self.text()}
        return value

    def state(self):
        return {self.random.choice(MATCH_KEYS): self.match_value() for _ in range(self.random.randrange(1, 4))}

    def transformer(self):
        choose = self.random.choice
        spec = choose([
            lambda: {"type": "regex", "pattern": choose(PATTERNS), "replacement": choose(["<x>", r"<\g<0>>", "<r:1>", ""])},
            lambda: {"type": "text", "text": choose(["test", "200", "a", "\u00e9", '"', "\\", "<name:1>"]),
                     "replacement": choose(["<t>", "", '"', "x"])},
            lambda: {"type": "jsonpath", "path": choose(PATHS), "replacement": choose(["jp", "<jp>", "name"]),
                     "reference": choose([True, False])},
            lambda: {"type": "key_value", "key": choose(KEYS), "replacement": choose(["kv", "name", "<v>"]),
                     "reference": choose([True, False])},
            lambda: {"type": "sorting", "key": choose(KEYS), **choose([{}, {"by": choose(["Key", "Name", "Id"])}])},
            lambda: {"type": "json_string", "key": choose(KEYS)},
            lambda: {"type": choose(["timestamp", "response_metadata", "resource_name"])},
        ])()
        return {**spec, "priority": choose([-1, 0, 0, 0, 1, 2])}

    def changed(self, value):
        kind = self.random.random()
        if isinstance(value, dict):
            value = {key: self.changed(member) for key, member in value.items()}
            if kind < .1 and value:
                value.pop(self.random.choice(list(value)))
            elif kind < .2:
                value[self.random.choice(KEYS)] = self.value(1)
            return value
        if isinstance(value, list):
            value = [self.changed(item) for item in value]
            if kind < .15 and value:
                value.pop(self.random.randrange(len(value)))
            elif kind < .3:
                value.insert(self.random.randrange(len(value) + 1), self.value(1))
            elif kind < .4:
                self.random.shuffle(value)
            return value
        return self.scalar() if kind < .08 else value


def session(**options):
    made = SnapshotSession(base_file_path="/nonexistent", scope_key="test", **options)
    made.observed_state, made.recorded_state = {}, {}
    return made


def reference_transform(specs, state):
    """What the reference would store; None: it fails, or loses the state."""
    reference = session(update=True, verify=False)
    try:
        reference.transformers = make(specs, {})
        for key, value in state.items():
            reference.match(key, copy.deepcopy(value))
        return reference._transform(reference.observed_state) or (None if state else {})
    except Exception:
        return None


def reference_verdict(recorded, observed, skips):
    """0: passed, 1: failed, 2: the reference raised."""
    reference = session(verify=True)
    reference.transformers, reference.recorded_state = [], copy.deepcopy(recorded)
    try:
        for key, value in observed.items():
            reference.match(key, copy.deepcopy(value))
        reference._assert_all(skip_verification_paths=list(skips))
        return 0
    except AssertionError:
        return 1
    except Exception:
        return 2


class Comparison:
    def __init__(self, states, folder):
        self.states = states
        self.folder = pathlib.Path(folder)
        self.counts = {"transformed": 0, "refused": 0, "passed": 0, "failed": 0}
        self.disagreements = 0

    def file(self, name, content):
        path = self.folder / name
        path.write_text(json.dumps(content))
        return str(path)

    def parity(self, *arguments):
        return subprocess.run([PARITY, *arguments], capture_output=True, text=True, timeout=60)

    def disagree(self, what, *inputs):
        self.disagreements += 1
        print(what, *(json.dumps(value) for value in inputs), sep="\n  ")

    def transform(self):
        state = self.states.state()
        specs = [self.states.transformer() for _ in range(self.states.random.randrange(1, 6))]
        expected = reference_transform(specs, state)
        done = self.parity("transform", "--transformers", self.file("specs", specs), self.file("state", state))
        self.counts["refused" if expected is None else "transformed"] += 1
        if expected is None and done.returncode == 0:
            self.disagree("the reference fails, parity stores " + done.stdout, specs, state)
        if expected is not None and (done.returncode or done.stdout != json.dumps(expected, indent=2) + "\n"):
            self.disagree(f"parity stores {done.stdout}{done.stderr}", specs, state, expected)

    def compare(self):
        recorded = reference_transform([], self.states.state())
        observed = {key: self.states.changed(value) for key, value in (recorded or {}).items()}
        stored = reference_transform([], observed)
        skips = self.states.random.sample(PATHS, self.states.random.randrange(3))
        verdict = reference_verdict(recorded, observed, skips) if stored else 2
        if verdict == 2:
            return  # a path that took a whole match key, and the like: said by `parity run`
        done = self.parity("diff", "--compat", "localstack", *(f"--skip={path}" for path in skips),
                           self.file("recorded", recorded), self.file("observed", stored))
        self.counts["failed" if verdict else "passed"] += 1
        if done.returncode != verdict:
            self.disagree(f"the verdict is {verdict}, parity's {done.returncode}: {done.stdout}{done.stderr}", skips,
                          recorded, stored)


def main():
    logging.disable(logging.CRITICAL)
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="parity-states-") as folder:
        comparison = Comparison(States(seed), folder)
        for _ in range(count):
            comparison.transform()
            comparison.compare()
    print(f"seed {seed}: {comparison.counts}, {comparison.disagreements} disagreements")
    # Were nearly everything refused, agreement would say little.
    return bool(comparison.disagreements) or min(comparison.counts.values()) * 10 < count


if __name__ == "__main__":
    sys.exit(main())
