# SPDX-License-Identifier: Apache-2.0
"""
The project's own suites in a folder of their own, run against moto.

Needs a Python with moto[server] and botocore: PARITY_PYTHON; importing this ends the test as
skipped (77) where there is none.
"""
import json
import os
import pathlib
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


class MotoProject(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="parity-moto-"))
        self.addCleanup(shutil.rmtree, self.folder)
        config = json.loads((SOURCE / "parity.json").read_text())
        config["suites"] = str(SOURCE / "suites")
        config["models"] = [str(SOURCE / folder) for folder in config["models"]]
        (self.folder / "parity.json").write_text(json.dumps(config))
        models = subprocess.run([PYTHON, "-c", "import botocore; print(botocore.__path__[0])"],
                                capture_output=True, text=True, check=True).stdout.strip()
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith(("AWS_", "TEST_", "SNAPSHOT_")) and k != "CI"}
        self.environment.update({"PARITY_PYTHON": PYTHON, "HOME": str(self.folder),
                                 "AWS_DATA_PATH": f"{models}/data",
                                 "PARITY_MODULES_DIR": str(BUILD / "suites")})

    def run_parity(self, *arguments, code=0):
        results = self.folder / "results.json"
        done = subprocess.run([os.environ["PARITY_BIN"], "run", "--results", str(results),
                               *arguments], cwd=self.folder, env=self.environment,
                              text=True, capture_output=True, timeout=250)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(results.read_text())
