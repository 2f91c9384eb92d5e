# SPDX-License-Identifier: Apache-2.0
"""
docs/scenarios.md: its examples are right, and the first one is the file that it names, which runs against moto.

Needs a Python with moto[server] and botocore (PARITY_PYTHON): skipped (77) without.
"""
import json
import re
import subprocess
import unittest

import moto_project

DOCS = moto_project.SOURCE / "docs"
TEXT = (DOCS / "scenarios.md").read_text()


class Docs(moto_project.MotoProject):
    def blocks(self, language):
        return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.S | re.M)

    def check(self, name, text):
        (self.folder / name).write_text(text)
        return subprocess.run([moto_project.os.environ["PARITY_BIN"], "scenario", "check", name],
                              cwd=self.folder, env=self.environment, text=True, capture_output=True)

    def test_the_first_example_is_the_file_that_it_names(self):
        self.assertEqual(self.blocks("json")[0], (DOCS / "examples/queue.json").read_text())

    def test_examples_have_no_problem(self):
        for language in ("json", "yaml"):
            for text in self.blocks(language):
                if language == "json" and not text.startswith("{"):
                    continue  # a part of a test
                done = self.check(f"example.{language}", text)
                if done.returncode == 3 and language == "yaml":
                    self.skipTest("built without libfyaml")
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_example_is_recorded_and_verified(self):
        example = str(DOCS / "examples/queue.json")
        self.run_parity(example, "--emulator", "moto", "--snapshot-update")
        content = json.loads((self.folder / "snapshots/examples.snapshot.json").read_text())
        recorded = content["examples/send_and_receive"]["recorded-content"]
        self.assertEqual(sorted(recorded), ["create", "missing", "receive", "send"])
        self.assertEqual(recorded["create"]["QueueUrl"], "<queue-url:1>")
        test, = self.run_parity(example, "--emulator", "moto")["tests"]
        self.assertEqual((test["outcome"], test["differences"]), ("passed", []))


if __name__ == "__main__":
    unittest.main()
