# SPDX-License-Identifier: Apache-2.0
"""
The project's suites, judged by recordings made on AWS, find on moto what the reference
implementation found: the same verdict and the same differing paths for each scenario.

Skipped (77) where the scenarios do not stand beside the checkout (../shared), or without moto.
"""
import json
import os
import pathlib
import sys
import unittest

from moto_project import SOURCE, MotoProject

SHARED = pathlib.Path(os.environ.get("PARITY_SHARED") or SOURCE.parent / "shared")
if not (SHARED / "scenarios").is_dir():
    print(f"skipped: there are no scenarios in {SHARED} (set PARITY_SHARED)")
    sys.exit(77)


def scenarios():
    for path in sorted((SHARED / "scenarios").glob("*.json")):
        yield from json.loads(path.read_text())["tests"]


def places(differences):
    """Key, path and kind of each, sorted; positions in lists do not count."""
    return sorted((item["key"], tuple("#" if isinstance(part, int) else str(part)
                                      for part in item["path"]), item["kind"])
                  for item in differences)


class SuitesReference(MotoProject):
    def test_every_test_of_a_scenario_agrees_with_the_reference(self):
        document = self.run_parity("--ground-truth", str(SHARED / "conformance" / "snapshots"),
                                   "--compat", "localstack", code=1)
        # Judged by a recording from AWS, each is known by the name that the recording has.
        found = {test["recording"]["key"]: test for test in document["tests"] if test["recording"]}
        self.assertEqual([test["id"] for test in document["tests"] if not test["recording"]], [])
        agreed = 0
        for scenario in scenarios():
            test, reference = found.get(scenario["recorded_as"]), scenario["reference"]
            if not test:
                continue
            with self.subTest(test["id"], scenario=scenario["id"]):
                self.assertEqual(test["outcome"], reference["verdict"], test["message"])
                self.assertEqual(places(test["differences"]), places(reference["differences"]))
                self.assertEqual(test["cleanup_failures"], [])
                agreed += 1
        self.assertGreaterEqual(agreed, 60)

    def test_what_only_moto_answers_otherwise_is_hidden_with_its_reason(self):
        document = self.run_parity("--ground-truth", str(SHARED / "conformance" / "snapshots"),
                                   "cloudwatch/test_alarms.c::tags[query]",
                                   "iam/test_roles.c::with_a_path",
                                   "lambda/test_functions.c::code_of_an_unknown_version")
        self.assertEqual(document["summary"]["passed"], 3)
        for test in document["tests"]:
            self.assertTrue(test["recording"]["from_aws"], test["id"])
            self.assertTrue(test["hidden"], test["id"])
            for item in test["hidden"]:
                self.assertIn("moto", item["reason"])


if __name__ == "__main__":
    unittest.main()
