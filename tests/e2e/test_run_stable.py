# SPDX-License-Identifier: Apache-2.0
"""`parity run --check-stable`: a test whose result differs from run to run is not recorded."""
import itertools
import json
import shutil
import unittest

from runner import HERE, THING, RunTest


class CheckingStability(RunTest):
    def setUp(self):
        super().setUp()
        shutil.copytree(HERE / "suites", self.folder / "suites")
        self.configure(suites="suites")
        self.transformers = self.folder / "suites/thing/test_thing.transformers.json"

    def check(self, *arguments, name="describes", code=0):
        return self.thing(name, "--snapshot-update", *arguments, code=code)

    def count(self, form):
        counter = itertools.count(1)
        return lambda: form(next(counter))

    def test_a_stable_test_runs_twice_and_is_recorded(self):
        result = self.check("--check-stable")
        self.assertTrue(result["recorded"])
        described = [body for operation, body, _ in self.server.requests
                     if operation == "DescribeThing"]
        self.assertEqual(len(described), 2)
        self.assertNotEqual(described[0], described[1])  # names are new ones
        self.assertEqual(len(described[0]), len(described[1]))
        self.assertEqual(self.document["summary"]["passed"], 1)
        self.assertFalse(self.transformers.exists())

    def test_an_id_that_differs_is_not_recorded_and_its_transformer_suggested(self):
        self.server.answer = {"Status": self.count(lambda n: f"id-{n}aZ")}
        result = self.check("--check-stable", code=1)
        self.assertEqual((result["outcome"], result["recorded"]), ("error", False))
        self.assertIn('key_value("Status", "status")', result["message"])
        self.assertEqual([d["path"] for d in result["differences"]], [["Status"]])
        self.assertIn("--apply-suggestions", self.out)
        self.assertFalse(self.snapshot().exists())
        self.assertFalse(self.transformers.exists())

    def test_applied_suggestions_settle_the_test_now_and_later(self):
        self.server.answer = {"Status": self.count(lambda n: f"id-{n}aZ"),
                              "Size": self.count(lambda n: n * 3)}
        result = self.check("--check-stable", "--apply-suggestions")
        self.assertTrue(result["recorded"], result["message"])
        self.assertEqual(self.recorded("describes")["describe"]["Status"], "<status:1>")
        written = json.loads(self.transformers.read_text())
        self.assertEqual(list(written), ["describes"])
        self.assertEqual(sorted((t["type"], t["key"], t["replacement"], t["reference"])
                                for t in written["describes"]),
                         [("key_value", "Size", "<size>", False),
                          ("key_value", "Status", "status", True)])
        self.assertEqual(self.thing("describes", code=0)["outcome"], "passed")
        again = self.check("--check-stable")
        self.assertTrue(again["recorded"])

    def test_what_no_transformer_settles_stays_unrecorded_though_suggestions_are_applied(self):
        self.server.answer = {"Status": self.count(lambda n: None if n % 2 else "new")}
        result = self.check("--check-stable", "--apply-suggestions", code=1)
        self.assertIn("no transformer that could be suggested settles", result["message"])
        self.assertFalse(self.snapshot().exists())
        self.assertFalse(self.transformers.exists())

    def test_an_old_recording_stays_when_the_test_turns_out_unstable(self):
        self.record("describes")
        before = self.snapshot().read_bytes()
        self.server.answer = {"Size": self.count(lambda n: n)}
        self.check("--check-stable", code=1)
        self.assertEqual(self.snapshot().read_bytes(), before)

    def test_transformers_beside_a_suite_that_are_broken_are_an_error(self):
        for text, part in (("{", "transformers.json"), ("[]", "expected an object"),
                           ('{"describes": {}}', "no array"),
                           ('{"describes": [{"type": "regx"}]}', "regx")):
            with self.subTest(text):
                self.transformers.write_text(text)
                result = self.thing("describes", "--snapshot-update", code=1)
                self.assertEqual(result["outcome"], "error")
                self.assertIn(part, result["message"])

    def test_the_options_need_each_other(self):
        self.thing("describes", "--check-stable", code=2)
        self.thing("describes", "--snapshot-update", "--apply-suggestions", code=2)


if __name__ == "__main__":
    unittest.main()
