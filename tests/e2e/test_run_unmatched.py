# SPDX-License-Identifier: Apache-2.0
"""`parity run` reports what does not go together: recordings, match keys and tests."""
import json
import shutil
import unittest

from runner import BUILD, THING, RunTest


class Unmatched(RunTest):
    def change(self, change, name="describes_two"):
        self.record(name)
        entries = json.loads(self.snapshot().read_text())
        change(entries[f"{THING}::{name}"])
        self.snapshot().write_text(json.dumps(entries, indent=2) + "\n")
        return self.thing(name, code=1)

    def kinds(self, result):
        return [(d["key"], d["path"], d["kind"]) for d in result["differences"]]

    def test_a_recorded_key_that_is_not_matched_is_a_difference(self):
        result = self.change(lambda e: e["recorded-content"].update(third={"a": 1}))
        self.assertEqual(self.kinds(result), [("third", [], "removed")])

    def test_a_match_without_a_recording_is_a_difference_and_hides_no_other(self):
        def change(entry):
            del entry["recorded-content"]["first"]
            entry["recorded-content"]["second"]["Size"] = 9
        result = self.change(change)
        self.assertEqual(sorted(self.kinds(result)),
                         [("first", [], "added"), ("second", ["Size"], "changed")])

    def test_an_empty_recording_is_an_error(self):
        result = self.change(lambda e: e.update({"recorded-content": {}}))
        self.assertEqual(result["outcome"], "error")
        self.assertIn("is empty", result["message"])

    def test_a_test_without_a_recording_is_an_error(self):
        result = self.thing("describes", code=1)
        self.assertEqual(result["outcome"], "error")
        self.assertIn("nothing is recorded", result["message"])

    def test_a_recording_without_a_test_is_told_of_when_everything_runs(self):
        shutil.copytree(BUILD / "tests/e2e/suites/good", self.folder / "modules/good")
        entry = {"recorded-date": "15-01-2024, 12:00:00", "recorded-content": {"k": 1}}
        file = self.folder / "snapshots/good/test_good.snapshot.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"good/test_good.c::gone": entry}, indent=2) + "\n")
        modules = ("--snapshot-skip-all", "--modules", "modules")
        self.run_parity(*modules)
        self.assertEqual(self.document["orphans"], [{"id": "good/test_good.c::gone",
                                                     "file": "good/test_good.snapshot.json"}])
        self.assertIn("recordings without a test\n  good/test_good.c::gone (good/", self.out)
        self.assertIn("; 1 recording without a test: parity snapshots orphans\n", self.out)
        self.run_parity(*modules, "good")
        self.assertEqual(self.document["orphans"], None)
        self.assertNotIn("gone", self.out)

    def test_recordings_of_a_suite_that_is_gone_are_told_of(self):
        shutil.copytree(BUILD / "tests/e2e/suites/good", self.folder / "modules/good")
        entry = {"recorded-date": "15-01-2024, 12:00:00", "recorded-content": {"k": 1}}
        file = self.folder / "snapshots/old/test_old.snapshot.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({f"old/test_old.c::t{i}": entry for i in range(12)}))
        self.run_parity("--snapshot-skip-all", "--modules", "modules")
        self.assertEqual(len(self.document["orphans"]), 12)
        self.assertIn("  old/test_old.c::t9 (old/test_old.snapshot.json)\n  and 2 more\n", self.out)
        self.run_parity("--snapshot-skip-all", "--modules", "modules", "-q")
        self.assertNotIn("test_old", self.out)
        self.assertIn("12 recordings without a test", self.out)


if __name__ == "__main__":
    unittest.main()
