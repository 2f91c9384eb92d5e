# SPDX-License-Identifier: Apache-2.0
"""
docs/scenario.schema.json and `parity scenario check` agree on which files are right.

Needs a Python with jsonschema (PARITY_PYTHON; scripts/setup installs it with moto): skipped (77) without.
"""
import copy
import json
import os
import pathlib
import subprocess
import sys
import unittest

import runner

PYTHON = os.environ.get("PARITY_PYTHON") or sys.executable
SOURCE = pathlib.Path(os.environ["PARITY_SOURCE_DIR"])
SHARED = pathlib.Path(os.environ.get("PARITY_SHARED") or SOURCE.parent / "shared")
if subprocess.run([PYTHON, "-c", "import jsonschema"], capture_output=True).returncode:
    print(f"skipped: {PYTHON} has no jsonschema (set PARITY_PYTHON)")
    sys.exit(77)

# Reads a list of documents, prints for each whether it is valid; the schema itself must be one, too.
VALIDATE = """
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
print(json.dumps([validator.is_valid(document) for document in json.load(sys.stdin)]))
"""

CALL = {"call": "thing.DescribeThing", "input": {"Name": "x"}}
WHOLE = {"$schema": "../docs/scenario.schema.json", "tests": [{
    "id": "thing/whole", "recorded_as": "other", "marker": "aws_validated", "defaults": "old",
    "fixed_times": False, "transformers": [{"type": "preset", "name": "sqs_api", "priority": 1}],
    "skip_verify": [{"paths": ["$..a"], "reason": "r", "emulators": ["moto"]}],
    "skip_if": [{"reason": "r", "versions": "<6"}], "tags": ["slow"], "serial": True, "timeout": 9,
    "expected_failure": [{"reason": "r", "environment": "CI", "may_pass": True}], "retries": 1,
    "let": {"name": "n"}, "reference": {"anything": 1},
    "steps": [
        {**CALL, "as": "seen", "match": "m", "select": "$.Name", "error": "any", "timeout": 1,
         "interval": 0.5, "until": {"path": "$.Name", "equals": 1}, "client": "secondary",
         "region": "r", "protocol": "json", "no_validate": True, "path_style": False},
        {"value": {"a": "${seen.Name}"}, "match": "v", "as": "kept", "select": "$.a"}, {"sleep": 0}],
    "cleanup": [{**CALL, "error": True, "client": "primary", "region": "r", "protocol": "json",
                 "no_validate": True, "path_style": True}, {"sleep": 1.5}]}]}


def changed(*path, to):
    document = copy.deepcopy(WHOLE)
    at = document
    for part in path[:-1]:
        at = at[part]
    if to is None:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return document


TEST, STEP, CLEANUP = ("tests", 0), ("tests", 0, "steps", 0), ("tests", 0, "cleanup", 0)
RIGHT = [WHOLE, {"tests": []}, changed(*TEST, "defaults", to=None), changed(*STEP, "error", to=False),
         changed(*TEST, "steps", to=[]), changed(*TEST, "marker", to="needs_fixing")]
WRONG = [
    [], {}, {"tests": {}}, {"test": []}, changed("more", to=1), changed(*TEST, "more", to=1),
    changed(*TEST, "id", to=None), changed(*TEST, "id", to="a::b"), changed(*TEST, "id", to="/a"),
    changed(*TEST, "id", to=""), changed(*TEST, "id", to="a/"), changed(*TEST, "id", to="a//b"),
    changed(*TEST, "id", to="../a"), changed(*TEST, "id", to="a/../b"), changed(*TEST, "id", to=7),
    changed(*TEST, "marker", to="validated"), changed(*TEST, "defaults", to="odd"),
    changed(*TEST, "fixed_times", to=1), changed(*TEST, "steps", to=None),
    changed(*TEST, "let", to={"a.b": 1}), changed(*TEST, "let", to={"region": 1}),
    changed(*TEST, "transformers", to=[{"name": "x"}]),
    changed(*TEST, "transformers", to=[{"type": "regexp"}]),
    changed(*TEST, "transformers", to=[{"type": "regex", "pattern": "a", "replacment": "b"}]),
    changed(*TEST, "skip_verify", to=[{"path": []}]),
    changed(*TEST, "skip_verify", to=[{"paths": [1]}]),
    changed(*STEP, "call", to="Describe"), changed(*STEP, "call", to="a.b.c"),
    changed(*STEP, "call", to=None), changed(*STEP, "wait", to="a.b"), changed(*STEP, "input", to=[]),
    changed(*STEP, "error", to="some"), changed(*STEP, "until", to={"equals": 1}),
    changed(*STEP, "until", to=None), changed(*STEP, "match", to=None), changed(*STEP, "timeout", to=0),
    changed(*STEP, "timeout", to=90000), changed(*STEP, "client", to="third"),
    changed(*STEP, "as", to="a.b"), changed(*STEP, "as", to="unique"),
    changed(*STEP, "protocol", to="jsno"), changed(*STEP, "path_style", to="yes"), changed(*STEP, "more", to=1),
    changed("tests", 0, "steps", 1, to={"value": 1}),
    changed("tests", 0, "steps", 2, "sleep", to=-1), changed("tests", 0, "steps", 2, "match", to="x"),
    changed(*CLEANUP, "match", to="x"), changed(*CLEANUP, "until", to={"path": "$"}),
    changed("tests", 0, "cleanup", 1, to={"value": 1, "match": "x"})]


class Schema(runner.RunTest):
    def valid(self, documents):
        done = subprocess.run([PYTHON, "-c", VALIDATE, str(SOURCE / "docs/scenario.schema.json")],
                              input=json.dumps(documents), text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def complaints(self, documents):
        """What the reader has to say of each; what only the models know is right in all of them."""
        names = [f"s{number}.json" for number in range(len(documents))]
        for number, (name, document) in enumerate(zip(names, documents)):
            text = json.dumps(document).replace("thing/whole", f"thing/whole{number}")
            (self.folder / name).write_text(text)
        done = subprocess.run([runner.PARITY, "scenario", "check", *names], cwd=self.folder,
                              env=self.environment(), text=True, capture_output=True, timeout=60)
        return [[line for line in done.stderr.splitlines() if f"{name}:" in line] for name in names]

    def test_both_say_the_same(self):
        for documents, expected in ((RIGHT, True), (WRONG, False)):
            told = zip(documents, self.valid(documents), self.complaints(documents))
            for document, is_valid, complaints in told:
                with self.subTest(document=document):
                    self.assertEqual(complaints == [], expected, complaints)
                    self.assertEqual(is_valid, expected)

    def test_every_member_of_a_whole_file_is_needed_by_this_test(self):
        step = WHOLE["tests"][0]["steps"][0]
        schema = json.loads((SOURCE / "docs/scenario.schema.json").read_text())
        call = schema["$defs"]["step"]["oneOf"][0]["properties"]
        self.assertEqual(set(step), set(call))
        self.assertEqual(set(WHOLE["tests"][0]), set(schema["$defs"]["test"]["properties"]))

    def test_transformers_take_the_members_that_the_schema_lists(self):
        schema = json.loads((SOURCE / "docs/scenario.schema.json").read_text())
        items = schema["$defs"]["test"]["properties"]["transformers"]["items"]
        members = {kind["properties"]["type"]["const"]: set(kind["properties"]) - {"type"}
                   for kind in items["oneOf"]}
        self.assertEqual(sorted(members), items["properties"]["type"]["enum"])
        documents = [changed(*TEST, "transformers", to=[{"type": name, "zebra": 1}])
                     for name in members]
        for (name, listed), (complaint,) in zip(members.items(), self.complaints(documents)):
            with self.subTest(name):
                self.assertEqual(set(complaint.partition("it takes: ")[2].split(", ")), listed)

    @unittest.skipUnless((SHARED / "scenarios").is_dir(), "no shared scenarios")
    def test_the_scenarios_of_real_tests_are_valid(self):
        files = sorted((SHARED / "scenarios").glob("*.json"))
        self.assertEqual(self.valid([json.loads(file.read_text()) for file in files]),
                         [True] * len(files))


if __name__ == "__main__":
    unittest.main()
