# SPDX-License-Identifier: Apache-2.0
"""
Reading docs/ci. Needs a Python with PyYAML: PARITY_PYTHON, else the one that runs this; a test that
imports it is skipped (77) without.
"""
import json
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(os.environ["PARITY_SOURCE_DIR"]) / "docs/ci"
PYTHON = os.environ.get("PARITY_PYTHON") or sys.executable
# GitHub's key "on" is a boolean for YAML 1.1; nobody looks at it here.
READ = "import json, sys, yaml; print(json.dumps([d for d in yaml.safe_load_all(sys.stdin)], default=str))"

if subprocess.run([PYTHON, "-c", "import yaml"], stderr=subprocess.DEVNULL).returncode != 0:
    print(f"skipped: {PYTHON} has no PyYAML (set PARITY_PYTHON)")
    sys.exit(77)


def read(name):
    done = subprocess.run([PYTHON, "-c", READ], input=(FOLDER / name).read_text(), text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, f"{name}: {done.stderr}"
    return json.loads(done.stdout)
