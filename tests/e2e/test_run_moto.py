# SPDX-License-Identifier: Apache-2.0
"""
The project's own suites against moto: recorded twice, then verified.

Needs a Python with moto[server] and botocore: PARITY_PYTHON; skipped (77) where there is none.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PYTHON = os.environ.get("PARITY_PYTHON") or sys.executable
if subprocess.run([PYTHON, "-c", "import moto.server, botocore"], capture_output=True).returncode:
    print(f"skipped: {PYTHON} has no moto[server] (set PARITY_PYTHON)")
    sys.exit(77)

SOURCE = pathlib.Path(os.environ["PARITY_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["PARITY_BUILD_DIR"])
SUITES = ("sqs/test_queues.c", "sts/test_federation.c")


class Moto(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="parity-moto-"))
        self.addCleanup(shutil.rmtree, self.folder)
        config = json.loads((SOURCE / "parity.json").read_text())
        config["suites"] = str(SOURCE / "suites")
        (self.folder / "parity.json").write_text(json.dumps(config))
        models = subprocess.run([PYTHON, "-c", "import botocore; print(botocore.__path__[0])"],
                                capture_output=True, text=True, check=True).stdout.strip()
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith(("AWS_", "TEST_", "SNAPSHOT_")) and k != "CI"}
        self.environment.update({"PARITY_PYTHON": PYTHON, "HOME": str(self.folder),
                                 "AWS_DATA_PATH": f"{models}/data",
                                 "PARITY_MODULES_DIR": str(BUILD / "suites")})

    def run_parity(self, *arguments):
        results = self.folder / "results.json"
        done = subprocess.run([os.environ["PARITY_BIN"], "run", "--results", str(results),
                               *SUITES, *arguments], cwd=self.folder, env=self.environment,
                              text=True, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(results.read_text())

    def recorded(self):
        return {path.relative_to(self.folder): re.sub(r'"recorded-date": "[^"]*"', "",
                                                      path.read_text())
                for path in sorted(self.folder.glob("snapshots/**/*.json"))}

    def test_what_is_recorded_twice_is_the_same_and_is_verified(self):
        document = self.run_parity("--snapshot-update")
        first = self.recorded()
        self.assertTrue(first)
        self.assertEqual(document["summary"]["recorded"], len(document["tests"]))
        self.assertEqual(document["target"]["name"], "moto")
        self.run_parity("--snapshot-update")
        self.assertEqual(self.recorded(), first)
        document = self.run_parity()
        self.assertEqual(document["summary"]["passed"], len(document["tests"]))
        text = json.dumps([str(content) for content in first.values()])
        self.assertIn("moto 5", text)
        self.assertNotIn("123456789012", text)


if __name__ == "__main__":
    unittest.main()
