# SPDX-License-Identifier: Apache-2.0
"""The project's own suites against moto: recorded twice, then verified; and as they are recorded in
the project."""
import json
import re
import shutil
import unittest

from moto_project import SOURCE, MotoProject


class Moto(MotoProject):
    def recorded(self):
        return {path.relative_to(self.folder): re.sub(r'"recorded-date": "[^"]*"', "",
                                                      path.read_text())
                for path in sorted(self.folder.glob("snapshots/**/*.json"))}

    def check_skipped(self, document):
        """What is skipped needs a model that botocore does not have; nothing else may be."""
        skipped = [test for test in document["tests"] if test["outcome"] == "skipped"]
        for test in skipped:
            self.assertIn("does not speak the protocol", test["message"], test["id"])
        return len(skipped)

    def test_what_is_recorded_twice_is_the_same_and_is_verified(self):
        document = self.run_parity("--snapshot-update")
        first = self.recorded()
        expected = len(document["tests"]) - self.check_skipped(document)
        self.assertGreaterEqual(expected, 18)
        self.assertEqual(document["summary"]["recorded"], expected)
        self.assertEqual(document["target"]["name"], "moto")
        self.run_parity("--snapshot-update", "-j", "1")
        self.assertEqual(self.recorded(), first)
        document = self.run_parity("-j", "8")
        self.assertEqual(document["summary"]["passed"], expected)
        text = json.dumps([str(content) for content in first.values()])
        self.assertIn("moto 5", text)
        self.assertNotIn("123456789012", text)

    def test_the_recordings_of_the_project_are_those_of_its_suites(self):
        shutil.copytree(SOURCE / "snapshots", self.folder / "snapshots")
        recorded = {key for path in (self.folder / "snapshots").glob("**/*.snapshot.json")
                    for key in json.loads(path.read_text())}
        document = self.run_parity()
        self.check_skipped(document)
        self.assertEqual({test["id"] for test in document["tests"]}, recorded)
        self.assertEqual(document["summary"]["hidden"], 0)


if __name__ == "__main__":
    unittest.main()
