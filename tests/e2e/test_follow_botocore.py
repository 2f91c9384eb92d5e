# SPDX-License-Identifier: Apache-2.0
"""
Paginators and waiters against botocore's own, on answers made up with a fixed seed: every paginator
and every waiter of the installed models.

Needs a Python with botocore: PARITY_PYTHON, else python3; skipped (77) where there is none.
"""
import copy
import glob
import gzip
import json
import os
import random
import re
import subprocess
import sys
import unittest
from unittest import mock

FOLLOW = os.environ["PARITY_FOLLOW"]
PYTHON = os.environ.get("PARITY_PYTHON", "python3")
TRIES_PER_WAITER = 4


def data_files(kind):
    import botocore
    data = os.path.join(os.path.dirname(botocore.__file__), "data")
    for path in sorted(glob.glob(f"{data}/*/*/{kind}.json*")):
        with (gzip.open(path) if path.endswith(".gz") else open(path, "rb")) as file:
            yield path, json.load(file)


def as_list(given):
    return given if isinstance(given, list) else [given]


def put(document, path, value):
    *above, last = path.split(".")
    for name in above:
        if not isinstance(document.get(name), dict):
            document[name] = {}
        document = document[name]
    document[last] = value


def item(rng):
    """Of a result; the members are those that tokens are taken from."""
    if rng.random() < 0.5:
        return {name: f"k{rng.randrange(9)}" for name in ("Key", "JobId", "ShardId")}
    return rng.choice(("x", 7, None, [1, 2], {"a": {"b": [1]}}))


def result(rng, kind):
    """Mostly values of one kind, as in real life."""
    kind = kind if rng.random() < 0.95 else rng.randrange(5)
    if kind < 2:
        return [item(rng) for _ in range(rng.randrange(4))]
    if kind == 2:
        return rng.choice((0, 3, 2.5, -4, 2 ** 62))
    return rng.choice(("", "text", "\u00e9")) if kind == 3 else {"a": {"b": rng.randrange(9)}}


def page(rng, config, kinds):
    document = {"Unrelated": rng.randrange(99), "ResponseMetadata": {"HTTPStatusCode": 200}}
    for path in config.get("non_aggregate_keys", []):
        if rng.random() < 0.7:
            put(document, path, rng.choice((1, "n", [1], True, None)))
    for index, (path, kind) in enumerate(zip(as_list(config["result_key"]), kinds)):
        value = result(rng, kind)
        # botocore asks for the length of the first one, and so takes no numbers there; we do
        if rng.random() < 0.85 and not (index == 0 and isinstance(value, (int, float))):
            put(document, path, value)
    for path in as_list(config["output_token"]):
        if "[" not in path and rng.random() < 0.8:
            put(document, path, rng.choice(("t1", "t2", "t3", "t4", "", None, {"S": "t"}, 0, 5)))
    more = config.get("more_results")
    if more and rng.random() < 0.9:
        put(document, more, rng.random() < 0.8)
    return document


def paginate(config, responses, given):
    """("result", merged) or ("error", reason), and the inputs of the calls."""
    from botocore.paginate import Paginator
    inputs = []

    def method(**kwargs):
        inputs.append(copy.deepcopy(kwargs))
        return copy.deepcopy(responses[min(len(inputs), len(responses)) - 1])

    paginator = Paginator(method, config, None)
    try:
        return ("result", paginator.paginate(**given).build_full_result()), inputs
    except Exception as error:  # whatever it is, the merge has failed
        return ("error", repr(error)), inputs


def document_for(rng, names, values, depth=0):
    """Answers in which a waiter's names and the values that it expects occur."""
    if not names or depth > 6:
        return rng.choice(values)
    draw = rng.random()
    if draw < 0.08:
        return rng.choice((None, [], {}, "other", *values))
    if draw < 0.35 and depth > 0:
        return [document_for(rng, names, values, depth + 1) for _ in range(rng.randrange(1, 3))]
    return {names[0]: document_for(rng, names[1:], values, depth + 1),
            **{name: document_for(rng, [], values) for name in names[1:] if rng.random() < 0.3}}


def response_for(rng, acceptors):
    errors = [a["expected"] for a in acceptors if a["matcher"] == "error"]
    statuses = [a["expected"] for a in acceptors if a["matcher"] == "status"]
    paths = [a for a in acceptors if "argument" in a]
    metadata = {"HTTPStatusCode": rng.choice([200, 400, *statuses])}
    if rng.random() < 0.3:
        codes = [code for code in errors if isinstance(code, str)] + ["Other"]
        return {"Error": {"Code": rng.choice(codes), "Message": "m"}, "ResponseMetadata": metadata}
    document = {}
    if paths:
        chosen = rng.choice(paths)
        values = [a["expected"] for a in paths if a["argument"] == chosen["argument"]]
        names = re.findall(r"[A-Za-z_]\w*", re.sub(r"'[^']*'|length\(", " ", chosen["argument"]))
        document = document_for(rng, names, values + ["other", ""])
        if not isinstance(document, dict):
            document = {}
    return {**document, "ResponseMetadata": metadata}


def wait(name, config, responses, max_attempts):
    """0: reached, 1: not reached, -1: an error; and the number of calls."""
    from botocore.exceptions import WaiterError
    from botocore.waiter import SingleWaiterConfig, Waiter
    calls = []

    def method(**kwargs):
        calls.append(kwargs)
        return copy.deepcopy(responses[min(len(calls), len(responses)) - 1])

    waiter = Waiter(name, SingleWaiterConfig(config), method)
    try:
        with mock.patch("time.sleep"):
            waiter.wait(WaiterConfig={"MaxAttempts": max_attempts})
        return 0, len(calls)
    except WaiterError:
        return 1, len(calls)
    except Exception:  # an expression that does not take what it is given
        return -1, len(calls)


def ask(questions):
    done = subprocess.run([FOLLOW], capture_output=True, text=True, timeout=240, check=True,
                          input="".join(json.dumps(q) + "\n" for q in questions))
    return [json.loads(line) for line in done.stdout.splitlines()]


class SameAsBotocore(unittest.TestCase):
    def test_every_paginator(self):
        rng = random.Random(3)
        questions, seen = [], {"result": 0, "error": 0, "several": 0}
        for _, file in data_files("paginators-1"):
            for operation, config in file["pagination"].items():
                if "result_key" not in config:
                    continue
                kinds = [rng.choice((0, 0, 0, 1, 2, 3, 4)) for _ in as_list(config["result_key"])]
                responses = [page(rng, config, kinds) for _ in range(rng.randrange(1, 5))]
                responses.append({})
                questions.append({"paginators": {"pagination": {operation: config}},
                                  "operation": operation, "input": {"Own": 1},
                                  "responses": responses})
        for question, ours in zip(questions, ask(questions), strict=True):
            config = question["paginators"]["pagination"][question["operation"]]
            (kind, theirs), inputs = paginate(config, question["responses"], {"Own": 1})
            where = f"{json.dumps(question)}: {theirs} against {ours}"
            self.assertEqual(ours["rc"], 0 if kind == "result" else -1, where)
            self.assertEqual(ours["inputs"], inputs, where)
            if kind == "result":
                self.assertEqual(json.dumps(ours["result"]), json.dumps(theirs), where)
            seen[kind] += 1
            seen["several"] += len(inputs) > 1
        self.assertGreater(seen["result"], 1000, seen)
        self.assertGreater(seen["several"], 1000, seen)
        self.assertGreater(seen["error"], 20, seen)

    def test_every_waiter(self):
        rng = random.Random(4)
        questions, seen = [], {0: 0, 1: 0, -1: 0}
        for _, file in data_files("waiters-2"):
            for name, config in file["waiters"].items():
                for _ in range(TRIES_PER_WAITER):
                    responses = [response_for(rng, config["acceptors"])
                                 for _ in range(rng.randrange(1, 4))]
                    questions.append({"waiters": {"version": 2, "waiters": {name: config}},
                                      "waiter": name, "max_attempts": rng.randrange(1, 5),
                                      "responses": responses, "input": {}})
        for question, ours in zip(questions, ask(questions), strict=True):
            name = question["waiter"]
            theirs, calls = wait(name, question["waiters"]["waiters"][name],
                                 question["responses"], question["max_attempts"])
            where = f"{json.dumps(question)}: {theirs} against {ours}"
            self.assertEqual(ours["rc"], theirs, where)
            self.assertEqual(len(ours["inputs"]), calls, where)
            seen[theirs] += 1
        self.assertGreater(seen[0], 200, seen)
        self.assertGreater(seen[1], 200, seen)


if __name__ == "__main__":
    try:
        import botocore  # noqa: F401
    except ImportError:
        if "PARITY_REEXECUTED" in os.environ:
            print("skipped: no Python with botocore (set PARITY_PYTHON)")
            sys.exit(77)
        os.environ["PARITY_REEXECUTED"] = "1"
        os.execvp(PYTHON, [PYTHON, os.path.abspath(__file__), *sys.argv[1:]])
    unittest.main()
