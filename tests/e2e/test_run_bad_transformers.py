# SPDX-License-Identifier: Apache-2.0
"""
Transformers that are wrong, or do not fit what they are given, and recordings that are no good: what
the user is told, and that nothing is recorded or lost.
"""
import json
import time
import unittest

from runner import THING, RunTest


class Mistakes(RunTest):
    """Seen before the body runs, since calls cost time and money."""

    def test_they_are_told_with_their_place_before_any_call(self):
        for name, *parts in (
                ("broken_regex", "'ab(c'", "character 3", "missing ')'"),
                ("broken_path", "$.k[0: ", "(column 6)"),
                ("unknown_preset", "there is no preset 'sqs_apy'; did you mean 'sqs_api'?"),
                ("broken_skip_path", "skip path: $.k[: ", "(column 5)"),
                ("skips_the_root", "$", "the whole")):
            for mode in ([], ["--snapshot-update"]):
                with self.subTest(name=name, mode=mode):
                    result = self.run_parity(f"own/test_mistakes.c::{name}", *mode, code=1)[name]
                    self.assertEqual((result["outcome"], result["calls"]), ("error", []))
                    for part in parts:
                        self.assertIn(part, result["message"])
        self.assertEqual([operation for operation, *_ in self.server.requests if operation], [])


class Misfits(RunTest):
    def configure(self, **changes):
        super().configure(suites=str(self.folder / "suites"), **changes)

    def scenario(self, value, *transformers, code=1):
        path = self.folder / "suites/s.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"tests": [
            {"id": "s", "marker": "unknown", "transformers": list(transformers),
             "steps": [{"call": "thing.DescribeThing", "input": {"Name": "a"}},
                       {"value": value, "match": "k"}]}]}))
        self.run_parity("--snapshot-update", code=code)
        (test,) = self.document["tests"] if self.document else [{"message": self.err}]
        self.assertEqual((self.folder / "snapshots/s.snapshot.json").exists(), code == 0)
        return test["message"]

    def test_a_pattern_that_backtracks_without_end_is_stopped_and_named(self):
        start = time.monotonic()
        message = self.scenario({"a": "a" * 60 + "!"}, {"type": "regex", "pattern": "(a|aa)+$",
                                                       "replacement": "x"})
        self.assertLess(time.monotonic() - start, 20)
        self.assertIn("(a|aa)+$", message)
        self.assertIn("takes too many steps on this text", message)

    def test_a_reference_that_is_no_string_is_named(self):
        message = self.scenario({"Size": 7}, {"type": "key_value", "key": "Size"})
        for part in ("7", "is not a string", '"reference": false'):
            self.assertIn(part, message)

    def test_a_list_of_mixed_types_is_not_sorted(self):
        message = self.scenario({"Items": [1, "a"]}, {"type": "sorting", "key": "Items"})
        self.assertIn("the value of 'Items' cannot be sorted: its items are of types", message)

    def test_a_replacement_that_leaves_no_json_is_named(self):
        message = self.scenario({"a": 1}, {"type": "text", "text": "1", "replacement": "one"})
        for part in ("'1'", "no JSON"):
            self.assertIn(part, message)

    def test_broken_ones_of_a_scenario_stop_it_before_it_runs(self):
        for transformer, part in (({"type": "regex", "pattern": "ab(c", "replacement": ""}, "ab(c"),
                                  ({"type": "jsonpath", "path": "$.k[", "replacement": ""}, "$.k["),
                                  ({"type": "preset", "name": "sqs_apy"}, "did you mean 'sqs_api'")):
            self.assertIn(part, self.scenario({"a": 1}, transformer))
        self.assertEqual([operation for operation, *_ in self.server.requests if operation], [])


class Recordings(RunTest):
    """What stands in snapshots/ and is no good; it stays as it is."""

    def bad(self, text, *parts):
        self.record("describes")
        data = text if isinstance(text, bytes) else text.encode()
        self.snapshot().write_bytes(data)
        for mode in ([], ["--snapshot-update"]):
            result = self.thing("describes", *mode, code=1)
            self.assertEqual((result["outcome"], result["recorded"]), ("error", False))
            for part in (str(self.snapshot()), *parts):
                self.assertIn(part, result["message"])
        self.assertEqual(self.snapshot().read_bytes(), data)
        self.snapshot().unlink()

    def good(self, change):
        self.record("describes")
        self.snapshot().write_bytes(change(self.snapshot().read_bytes()))
        self.assertEqual(self.thing("describes", code=0)["outcome"], "passed")
        self.assertTrue(self.record("describes")["recorded"])

    def test_a_member_that_stands_twice(self):
        entry = '{"recorded-date": "x", "recorded-content": {"describe": {"Size": 7}}}'
        self.bad(f'{{\n"{THING}::describes": {entry},\n"{THING}::describes": {entry}}}', ":3:",
                 "is there twice")
        self.bad(f'{{"{THING}::describes": {{"recorded-content":\n {{"describe": 1,\n "describe": 2'
                 "}}}", ":3:", "is there twice")

    def test_wrong_nesting(self):
        self.bad("[]", "expected an object of tests")
        self.bad('{"%s::describes": []}' % THING, "is no object")
        self.bad('{"%s::describes": {"recorded-content": {"describe": 1}}' % THING, ":1:")
        self.bad("[" * 100000, ":1:2001: nested more than 2000 levels")

    def test_merge_conflict_markers(self):
        self.bad("{\n<<<<<<< HEAD\n}\n", ":2:1:", "merge conflict")

    def test_a_byte_order_mark(self):
        self.bad(b"\xef\xbb\xbf{}", ":1:1:", "byte order mark")

    def test_lines_that_end_as_on_windows_are_read(self):
        self.good(lambda data: data.replace(b"\n", b"\r\n"))
        self.assertNotIn(b"\r", self.snapshot().read_bytes())


if __name__ == "__main__":
    unittest.main()
