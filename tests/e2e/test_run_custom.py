# SPDX-License-Identifier: Apache-2.0
"""Transformers that are C functions of a suite."""
import json
import unittest

from runner import RunTest

SUITE = "own/test_own.c"


class Custom(RunTest):
    def one(self, name, *arguments, code=0):
        return self.run_parity(f"{SUITE}::{name}", *arguments, code=code)[name]

    def record(self, name):
        self.one(name, "--snapshot-update")
        entries = json.loads((self.folder / "snapshots/own/test_own.snapshot.json").read_text())
        return entries[f"{SUITE}::{name}"]["recorded-content"]

    def test_a_function_changes_the_document_and_notes_replacements(self):
        self.assertEqual(self.record("changes_by_hand"),
                         {"k": {"Id": "<mine:1>", "Size": "<even>", "Text": "<mine:1> is <colour>"}})
        self.assertEqual(self.one("changes_by_hand")["outcome"], "passed")

    def test_its_priority_is_its_place_among_the_others(self):
        self.assertEqual(self.record("orders_by_priority")["k"],
                         {"A": "<first>", "B": "<last>", "Seen": "<first> b"})

    def test_its_first_reason_is_the_verdict(self):
        result = self.one("is_refused_by_its_function", "--snapshot-update", code=1)
        self.assertEqual((result["outcome"], result["recorded"]), ("error", False))
        self.assertIn("1 keys are too few", result["message"])
        self.assertIn("refuse, .priority = 1", result["message"])
        self.assertNotIn("second", result["message"])
        result = self.one("replaces_nothing", "--snapshot-update", code=1)
        self.assertIn("an empty text cannot be replaced", result["message"])

    def test_a_crash_in_it_takes_only_its_test(self):
        results = self.run_parity("--snapshot-update", f"{SUITE}::crashes_in_its_function",
                                  f"{SUITE}::changes_by_hand", "-j1", code=1)
        self.assertEqual({name: r["outcome"] for name, r in results.items()},
                         {"crashes_in_its_function": "crashed", "changes_by_hand": "passed"})

    def test_it_cannot_be_added_by_a_body(self):
        result = self.one("adds_a_function_too_late", "--snapshot-update", code=1)
        self.assertEqual(result["outcome"], "error")
        self.assertIn("belongs into .transformers", result["message"])


if __name__ == "__main__":
    unittest.main()
