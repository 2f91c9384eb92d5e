# SPDX-License-Identifier: Apache-2.0
"""Presets of a project, in parity.json or in a folder: for every command that makes transformers."""
import json
import pathlib
import subprocess
import unittest

import runner

TICKETS = {"tickets": {"about": "What our queues carry.",
                       "transformers": [{"type": "key_value", "key": "Ticket"}]}}
SQS = {"sqs_api": {"transformers": [{"type": "preset", "name": "sqs_api"},
                                    {"type": "key_value", "key": "Ticket"}]}}
VALUE = {"Ticket": "T-17", "ReceiptHandle": "abc", "Text": "see T-17"}


class Presets(runner.RunTest):
    def configure(self, **changes):
        super().configure(**{"suites": str(self.folder / "suites"), **changes})

    def write(self, content, name):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    def parity(self, *arguments, given=None, code=0):
        done = subprocess.run([runner.PARITY, *arguments], cwd=self.folder, text=True, input=given,
                              env=self.environment(), capture_output=True, timeout=60)
        self.out, self.err = done.stdout, done.stderr
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def transform(self, preset, code=0):
        self.write([{"type": "preset", "name": preset}], "t.json")
        text = self.parity("transform", "-t", "t.json", given=json.dumps({"k": VALUE}), code=code)
        return json.loads(text)["k"] if code == 0 else None

    def test_transform_takes_those_of_parity_json(self):
        self.configure(presets=TICKETS)
        self.assertEqual(self.transform("tickets")["Text"], "see <ticket:1>")

    def test_transform_takes_those_of_a_folder_seen_from_the_project(self):
        self.configure(presets="our/presets")
        self.write({}, "our/presets/empty.json")
        self.write(TICKETS, "our/presets/tickets.json")
        below = self.folder / "below"
        below.mkdir()
        self.write([{"type": "preset", "name": "tickets"}], "below/t.json")
        done = subprocess.run([runner.PARITY, "transform", "-t", "t.json"], cwd=below, text=True,
                              input=json.dumps({"k": VALUE}), env=self.environment(),
                              capture_output=True, timeout=60)
        self.assertEqual(json.loads(done.stdout)["k"]["Ticket"], "<ticket:1>", done.stderr)

    def test_both_places_and_a_preset_that_adds_to_the_one_it_overrides(self):
        self.configure(presets=[TICKETS, "folder"])
        self.write(SQS, "folder/sqs.json")
        shown = self.transform("sqs_api")
        self.assertEqual((shown["Ticket"], shown["ReceiptHandle"]), ("<ticket:1>", "<receipt-handle:1>"))
        self.assertEqual(self.transform("tickets")["ReceiptHandle"], "abc")

    def test_a_scenario_is_checked_recorded_and_verified_with_them(self):
        self.configure(presets=TICKETS)
        test = {"id": "thing/ticket", "marker": "aws_validated",
                "transformers": [{"type": "preset", "name": "tickets"}],
                "steps": [{"value": VALUE, "match": "k"}]}
        path = self.write({"tests": [test]}, "suites/thing.json")
        self.assertIn("no problem", self.parity("scenario", "check", str(path)))
        self.run_parity("--snapshot-update", "suites/thing.json", code=0)
        text = (self.folder / "snapshots/thing.snapshot.json").read_text()
        self.assertIn("see <ticket:1>", text)
        test["steps"][0]["value"] = json.loads(json.dumps(VALUE).replace("T-17", "T-4"))
        self.write({"tests": [test]}, "suites/thing.json")
        self.run_parity(code=0)
        self.configure(presets={})
        self.assertIn("there is no preset 'tickets'",
                      self.parity("scenario", "check", str(path), code=2) + self.err)

    def test_a_suite_uses_them(self):
        self.configure(suites=str(runner.HERE / "suites"),
                       presets={"tested": {"transformers": [{"type": "key_value", "key": "Ticket"}]}})
        self.run_parity("--snapshot-update", "own/test_own.c::uses_a_preset_of_the_project", code=0)
        file = self.folder / "snapshots/own/test_own.snapshot.json"
        self.assertIn('"Ticket": "<ticket:1>"', file.read_text())

    def test_a_test_hands_values_of_the_run_to_a_preset(self):
        self.configure(suites=str(runner.HERE / "suites"))
        name = "own/test_own.c::hands_a_response_to_a_preset"
        self.run_parity("--snapshot-update", "--check-stable", name, code=0)
        file = self.folder / "snapshots/own/test_own.snapshot.json"
        self.assertIn('stateMachine:<ArnPart_0idx>"', file.read_text())
        self.run_parity(name, code=0)

    def test_a_response_that_a_preset_cannot_use_ends_the_test_at_its_line(self):
        self.configure(suites=str(runner.HERE / "suites"))
        self.run_parity("--snapshot-update", "own/test_own.c::hands_another_response_to_a_preset", code=1)
        self.assertIn("preset sfn_sm_create_arn: value 'name': $.stateMachineArn selects nothing in 'response'", self.out)
        line = (runner.HERE / "suites/own/test_own.c").read_text().split("'executionArn'")[0].count("\n") + 1
        self.assertIn(f"test_own.c:{line}", self.out)

    def test_a_preset_that_waits_for_values_of_the_run_is_told_before_the_body(self):
        self.configure(suites=str(runner.HERE / "suites"))
        self.run_parity("own/test_own.c::names_a_preset_without_its_arguments", code=1)
        self.assertIn("the argument 'response' is missing", self.out)
        self.assertIn("transform_preset() in a test", self.out)

    def test_a_scenario_hands_values_of_the_run_to_a_preset_of_the_project(self):
        self.configure(presets={"ticket": {
            "parameters": {"answer": {"type": "object"}, "label": {"type": "text", "default": "ticket"}},
            "values": {"number": {"of": "answer", "path": "$.Ticket", "split": "-", "part": 1}},
            "transformers": [{"type": "text", "text": "T-${number}", "replacement": "<${label}>"}]}})
        test = {"id": "thing/ticket", "marker": "unknown",
                "transformers": [{"type": "preset", "name": "ticket", "arguments": {"answer": "${sold}"}}],
                "steps": [{"value": VALUE, "as": "sold", "match": "k"}]}
        path = str(self.write({"tests": [test]}, "suites/thing.json"))
        self.parity("scenario", "check", path)
        self.run_parity("--snapshot-update", code=0)
        self.assertIn("see <ticket>", (self.folder / "snapshots/thing.snapshot.json").read_text())
        self.assertIn('transform_preset(t, "ticket", "{\'answer\': %j}"', self.parity("scenario", "to-c", path))
        for arguments, part in (({}, "the argument 'answer' is missing"),
                                ({"answer": "${sold}", "lable": "x"}, "did you mean 'label'?"),
                                ({"answer": "${sold}", "label": 1}, "'label' must be a text"),
                                ({"answer": "sold"}, "'answer' must be an object")):
            test["transformers"][0]["arguments"] = arguments
            self.write({"tests": [test]}, "suites/thing.json")
            self.parity("scenario", "check", path, code=2)
            self.assertIn(part, self.err)

    def test_the_documentation_lists_every_preset_with_what_it_takes(self):
        text = (runner.HERE.parents[1] / "docs/transformers.md").read_text()
        table = text.partition("| file | presets |")[2].partition("\n\n")[0]
        for file in sorted((runner.HERE.parents[1] / "transformers/presets").glob("*.json")):
            for name, preset in json.loads(file.read_text()).items():
                self.assertIn(f"`{name}`", table)
                for parameter in preset.get("parameters", ()):
                    self.assertIn(f"`{parameter}`", table)

    def test_mistakes_are_told_with_their_place_before_anything_runs(self):
        broken = {"p": {"transformers": [{"type": "regex", "pattern": "a(", "replacement": ""}]}}
        for presets, *parts in (
                (broken, "parity.json", "preset p", "a("),
                ({"p": {"transformers": [{"type": "txt"}]}}, "preset p", "did you mean 'text'"),
                ({"p": []}, "preset p", "it is no object"),
                ("nowhere", "nowhere", "cannot be read"),
                ("", "\"presets\" must be"), ([1], "\"presets\" must be"), (7, "\"presets\" must be")):
            with self.subTest(presets):
                self.configure(presets=presets)
                for command in (("transform", "-t", "t.json"), ("scenario", "check", "x.json"), ("run",)):
                    self.parity(*command, code=2)
                    for part in parts:
                        self.assertIn(part, self.err)
        self.configure(presets="folder")
        self.write("{", "folder/bad.json")
        self.parity("run", code=2)
        self.assertIn("folder/bad.json:1:2", self.err)
        self.assertEqual(self.server.requests, [])

    def test_an_unknown_preset_is_guessed_among_them(self):
        self.configure(presets=TICKETS)
        self.transform("ticket", code=2)
        self.assertIn("did you mean 'tickets'?", self.err)


if __name__ == "__main__":
    unittest.main()
