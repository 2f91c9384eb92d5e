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

    def settles(self, answer, *expected):
        """The suggestions settle the test, are these, and hold in later runs."""
        self.server.answer = answer
        result = self.check("--check-stable", "--apply-suggestions")
        self.assertTrue(result["recorded"], result["message"])
        written = json.loads(self.transformers.read_text())["describes"]
        self.assertEqual(written, list(expected))
        self.assertEqual(self.thing("describes", code=0)["outcome"], "passed")
        return self.recorded("describes")["describe"]

    def test_names_in_arns_and_sentences_follow_the_transformer_of_the_name(self):
        name = "w-%07dx".__mod__
        stored = self.settles(
            {"Status": self.count(name),
             "Notes": self.count(lambda n: [f"{name(n)} is there", "arn:aws:x:::" + name(n)])},
            {"type": "key_value", "key": "Status", "replacement": "status", "reference": True})
        self.assertEqual(stored["Notes"], ["<status:1> is there", "arn:<partition>:x:::<status:1>"])

    def test_arns(self):
        stored = self.settles(
            {"Colour": self.count(lambda n: f"arn:aws:sqs:us-east-1:000000000007:q-{n:05}")},
            {"type": "key_value", "key": "Colour", "replacement": "colour", "reference": True})
        self.assertEqual(stored["Colour"], "<colour:1>")

    def test_dates_as_text_and_numbers(self):
        for form in (lambda n: f"Mon, 15 Jan 2024 12:00:{n:02} GMT", lambda n: f"17053200{n:02}",
                     lambda n: f"17053200{n:02}.5", lambda n: f"17053200{n:02}123"):
            with self.subTest(form(1)):
                self.transformers.unlink(missing_ok=True)
                self.settles({"Status": self.count(form)},
                             {"type": "key_value", "key": "Status", "replacement": "<date>",
                              "reference": False})
        self.transformers.unlink()
        self.settles({"Size": self.count(lambda n: 1705320000 + n)},
                     {"type": "key_value", "key": "Size", "replacement": "<size>",
                      "reference": False})

    def test_what_is_short_is_no_reference_since_it_occurs_by_chance(self):
        self.settles({"Status": self.count(lambda n: str(n + 10))},
                     {"type": "key_value", "key": "Status", "replacement": "<status>",
                      "reference": False})

    def test_what_is_never_found_as_a_reference_is_replaced_in_its_place(self):
        for form in ("n\u00e9-%06d", "q\\%06d", "q\n%06d"):
            with self.subTest(form):
                self.transformers.unlink(missing_ok=True)
                self.settles({"Status": self.count(form.__mod__)},
                             {"type": "key_value", "key": "Status", "replacement": "<status>",
                              "reference": False})

    def test_words_are_no_references_since_they_are_parts_of_others(self):
        for words in (("true", "false"), ("ACTIVE", "PENDING"), ("Running", "Stopped")):
            with self.subTest(words):
                self.transformers.unlink(missing_ok=True)
                self.settles({"Status": self.count(lambda n: words[n % 2])},
                             {"type": "key_value", "key": "Status", "replacement": "<status>",
                              "reference": False})

    def test_the_order_of_a_list(self):
        notes = ["a", "b", "c", "d"]
        stored = self.settles({"Notes": self.count(lambda n: notes[n % 4:] + notes[:n % 4])},
                              {"type": "sorting", "key": "Notes"})
        self.assertEqual(stored["Notes"], notes)

    def test_the_order_of_objects_by_the_member_that_tells_them_apart(self):
        items = [{"Colour": "red", "Name": f"n{i}", "Text": "x" * i} for i in range(4)]
        self.settles({"Status": self.count(lambda n: json.dumps({"Items": items[n % 4:] + items[:n % 4]}))},
                     {"type": "sorting", "key": "Items", "by": "Name"})

    def test_items_of_a_list(self):
        stored = self.settles({"Notes": self.count(lambda n: ["same", f"id-{n:06}"])},
                              {"type": "jsonpath", "path": "$..Notes[*]", "replacement": "notes",
                               "reference": True})
        self.assertEqual(stored["Notes"], ["<notes:1>", "<notes:2>"])

    def test_json_in_a_text(self):
        stored = self.settles(
            {"Status": self.count(lambda n: json.dumps({"Deep": {"RequestId": f"r-{n:06}"}}))},
            {"type": "key_value", "key": "RequestId", "replacement": "request-id", "reference": True})
        self.assertEqual(stored["Status"], {"Deep": {"RequestId": "<request-id:1>"}})
        self.transformers.unlink()
        self.settles(
            {"Status": self.count(lambda n: json.dumps([{"RequestId": f"r-{n:06}"}]))},
            {"type": "json_string", "key": "Status"},
            {"type": "key_value", "key": "RequestId", "replacement": "request-id", "reference": True})

    def test_names_of_members(self):
        stored = self.settles({"Tags": self.count(lambda n: {f"job-{n:06}": "a", "fixed": "b"})},
                              {"type": "key_value", "key_pattern": "^job-[0-9A-Za-z_-]{6}$",
                               "value_type": "any", "take": "key", "replacement": "tags-key"})
        self.assertEqual(stored["Tags"], {"<tags-key:1>": "a", "fixed": "b"})
        self.transformers.unlink()
        self.server.answer = {"Tags": self.count(lambda n: {f"job-{n + 50:06}": "a"})}
        message = self.check("--check-stable", code=1)["message"]
        self.assertIn('{"type": "key_value", "key_pattern": "^job-', message)

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
