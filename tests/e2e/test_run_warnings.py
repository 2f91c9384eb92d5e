# SPDX-License-Identifier: Apache-2.0
"""What is probably a mistake in a test is warned of, in the report and in the results."""
import json
import unittest

from runner import RunTest

IDLE = {"type": "jsonpath", "path": "$..Idd", "replacement": "id"}


class Warnings(RunTest):
    def configure(self, **changes):
        super().configure(suites=str(self.folder / "suites"), **changes)

    def scenario(self, *arguments, code=0, steps=({"value": {"Id": "a"}, "match": "k"},), **test):
        """Write a file with one test and run it; its result."""
        path = self.folder / "suites/warned.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"tests": [
            {"id": "w", "marker": "aws_validated", "steps": list(steps), **test}]}))
        self.run_parity(*arguments, code=code)
        return self.document["tests"][0]

    def test_a_path_of_a_transformer_that_selects_nothing_is_warned_of_once(self):
        for mode in (["--snapshot-update"], []):
            result = self.scenario(*mode, transformers=[IDLE, {**IDLE, "priority": 1}])
            self.assertEqual(result["outcome"], "passed")
            (warning,) = result["warnings"]
            self.assertIn("$..Idd selects nothing", warning)
            self.assertEqual(self.out.count(f"  warning: {warning}\n"), 1)
            self.assertIn("1 passed in", self.out)
            self.assertIn("; 1 warning\n", self.out.replace("; 1 recorded", ""))
            self.assertEqual(self.document["summary"]["warnings"], 1)

    def test_a_skip_path_that_selects_nothing_is_warned_of(self):
        skip = [{"paths": ["$..Nothing", "$..Id"]}]
        self.scenario("--snapshot-update", skip_verify=skip)
        result = self.scenario(skip_verify=skip)
        (warning,) = result["warnings"]
        self.assertIn("$..Nothing selects nothing", warning)
        self.assertEqual(result["unused_skips"], ["$..Nothing", "$..Id"])
        self.scenario("-v", skip_verify=skip)
        self.assertIn("skip_verify path that hid nothing: $..Id\n", self.out)
        self.assertNotIn("hid nothing: $..Nothing\n", self.out)

    def test_quiet_counts_them(self):
        self.scenario("--snapshot-update", "-q", transformers=[IDLE])
        self.assertNotIn("  warning: ", self.out)
        self.assertIn("; 1 warning", self.out)

    def test_presets_and_paths_that_select_something_are_no_mistakes(self):
        preset = {"p": {"transformers": [IDLE]}}
        self.configure(presets=preset)
        result = self.scenario("--snapshot-update", transformers=[
            {"type": "preset", "name": "p"}, {**IDLE, "path": "$..Id"}])
        self.assertEqual(result["warnings"], [])
        self.assertNotIn("warning", self.out)

    def test_a_test_that_ended_early_did_not_get_to_its_paths(self):
        self.scenario("--snapshot-update")
        result = self.scenario(code=1, transformers=[IDLE], steps=(
            {"value": {"Id": "a"}, "match": "k"}, {"call": "thing.DescribeThing",
                                                   "input": {"Name": "bad-html500"}}))
        self.assertEqual(result["outcome"], "failed")
        self.assertEqual(result["warnings"], [])

    def test_a_failed_test_has_its_warnings_too(self):
        self.scenario("--snapshot-update")
        result = self.scenario(code=1, transformers=[IDLE],
                               steps=[{"value": {"Id": "b"}, "match": "k"}])
        self.assertEqual((result["outcome"], len(result["warnings"])), ("failed", 1))
        self.assertIn("  warning: ", self.out)


if __name__ == "__main__":
    unittest.main()
