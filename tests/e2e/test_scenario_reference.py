# SPDX-License-Identifier: Apache-2.0
"""
Scenarios of real tests against moto: each verdict and each differing path must be what the reference
implementation found (`reference` in the files).

Needs ../shared/scenarios beside the checkout and a Python with moto[server] 5.2.1: skipped (77) without.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["PARITY_SOURCE_DIR"])
SHARED = pathlib.Path(os.environ.get("PARITY_SHARED") or SOURCE.parent / "shared")
PYTHON = os.environ.get("PARITY_PYTHON") or sys.executable
VERSION = subprocess.run(
    [PYTHON, "-c", "import moto.server, importlib.metadata as m; print(m.version('moto'))"],
    capture_output=True, text=True).stdout.strip()
if not (SHARED / "scenarios").is_dir() or VERSION != "5.2.1":
    print(f"skipped: no {SHARED / 'scenarios'}, or no moto 5.2.1 in {PYTHON}")
    sys.exit(77)


def places(differences):
    """Match key, kind and path of each, positions in lists left out; in no order."""
    return sorted((d["key"], d["kind"], ["*" if isinstance(p, int) else p for p in d["path"]])
                  for d in differences)


class Reference(unittest.TestCase):
    def test_every_scenario_comes_out_as_the_reference_found_it(self):
        with tempfile.TemporaryDirectory(prefix="parity-scenarios-") as folder:
            environment = {k: v for k, v in os.environ.items()
                           if not k.startswith(("AWS_", "TEST_", "SNAPSHOT_"))}
            environment["PARITY_PYTHON"] = PYTHON
            done = subprocess.run(
                [os.environ["PARITY_BIN"], "run", str(SHARED / "scenarios"), "--emulator", "moto",
                 "--ground-truth", str(SHARED / "conformance/snapshots"), "--compat", "localstack",
                 "--results", f"{folder}/results.json"],
                cwd=SOURCE, env=environment, capture_output=True, text=True, timeout=280)
            self.assertEqual(done.returncode, 1, done.stdout[-2000:] + done.stderr[-2000:])
            results = json.loads(pathlib.Path(folder, "results.json").read_text())["tests"]
        found = {test["id"]: test for test in results}
        expected = {test["id"]: test["reference"]
                    for file in sorted((SHARED / "scenarios").glob("*.json"))
                    for test in json.loads(file.read_text())["tests"]}
        self.assertEqual(sorted(found), sorted(expected))
        for name, reference in expected.items():
            with self.subTest(name):
                self.assertEqual(found[name]["outcome"], reference["verdict"],
                                 found[name].get("message"))
                self.assertEqual(places(found[name].get("differences") or []),
                                 places(reference["differences"]))


if __name__ == "__main__":
    unittest.main()
