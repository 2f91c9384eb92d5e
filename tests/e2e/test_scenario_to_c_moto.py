# SPDX-License-Identifier: Apache-2.0
"""
`parity scenario to-c` on scenarios of real tests: what it prints is laid out as the project's suites are, compiles without a
warning, and finds against moto what the scenarios find.

Needs ../shared/scenarios beside the checkout and a Python with moto[server]: skipped (77) without.
"""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import suite_compiler

SOURCE = pathlib.Path(os.environ["PARITY_SOURCE_DIR"])
SHARED = pathlib.Path(os.environ.get("PARITY_SHARED") or SOURCE.parent / "shared")
PYTHON = os.environ.get("PARITY_PYTHON") or sys.executable
PARITY = os.environ["PARITY_BIN"]
if (not (SHARED / "scenarios").is_dir() or
        subprocess.run([PYTHON, "-c", "import moto.server"], capture_output=True).returncode):
    print(f"skipped: no {SHARED / 'scenarios'}, or no moto[server] in {PYTHON}")
    sys.exit(77)

FILES = sorted((SHARED / "scenarios").glob("*.json"))


def environment(**changes):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TEST_", "SNAPSHOT_"))}
    return {**kept, "PARITY_PYTHON": PYTHON, **changes}


def found(test):
    """What two runs of one test have in common: all but times, ids and names of their own."""
    return {
        "outcome": test["outcome"],
        "differences": sorted(json.dumps([d["key"], d["kind"], d["path"], d.get("recorded")])
                              for d in test["differences"]),
        "hidden": sorted(json.dumps([d["key"], d["kind"], d["path"], d["reason"]])
                         for d in test["hidden"]),
        "calls": [(c["service"], c["operation"], c["status_code"], c["error_code"], c.get("cleanup"))
                  for c in test["calls"]],
        "cleanup_failures": [failure["call"] for failure in test["cleanup_failures"]],
        "recording": test["recording"]["key"],
    }


class ToC(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="parity-to-c-"))
        for name in ("suites", "modules"):
            (cls.folder / name).mkdir()
        cls.complaints = {}
        for file in FILES:
            source = cls.folder / "suites" / f"{file.stem}.c"
            done = subprocess.run([PARITY, "scenario", "to-c", str(file)], cwd=SOURCE,
                                  env=environment(), capture_output=True, text=True, check=True)
            source.write_text(done.stdout)
            cls.complaints[file.stem] = suite_compiler.compile_suite(
                source, cls.folder / f"modules/{file.stem}.so")
        config = json.loads((SOURCE / "parity.json").read_text())
        config["models"] = [str(SOURCE / folder) for folder in config["models"]]
        (cls.folder / "parity.json").write_text(json.dumps(config))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_parity(self, operands, name, **changes):
        results = self.folder / f"{name}.json"
        done = subprocess.run(
            [PARITY, "run", *operands, "--emulator", "moto", "--compat", "localstack",
             "--ground-truth", str(SHARED / "conformance/snapshots"), "--results", str(results)],
            cwd=self.folder, env=environment(**changes), capture_output=True, text=True, timeout=280)
        self.assertEqual(done.returncode, 1, done.stdout[-2000:] + done.stderr[-2000:])
        return json.loads(results.read_text())["tests"]

    def test_what_is_printed_compiles_without_a_warning(self):
        self.assertEqual({name: text for name, text in self.complaints.items() if text}, {})

    @unittest.skipUnless(shutil.which("clang-format-14"), "no clang-format-14")
    def test_what_is_printed_is_formatted_as_the_suites_are(self):
        for file in sorted((self.folder / "suites").iterdir()):
            done = subprocess.run(
                ["clang-format-14", f"--style=file:{SOURCE}/.clang-format", str(file)],
                capture_output=True, text=True, check=True)
            with self.subTest(file.name):
                self.assertEqual(file.read_text(), done.stdout)
                self.assertEqual([line for line in done.stdout.splitlines() if len(line) > 100], [])

    def test_it_finds_what_the_scenarios_find(self):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            in_c = pool.submit(self.run_parity, [], "c",
                               PARITY_MODULES_DIR=str(self.folder / "modules"))
            scenarios = self.run_parity([str(SHARED / "scenarios")], "scenarios")
            printed = {test["recording"]["key"]: test for test in in_c.result()}
        self.assertEqual(len(scenarios), sum(len(json.loads(file.read_text())["tests"])
                                             for file in FILES))
        self.assertEqual(len(printed), len(scenarios))
        for test in scenarios:
            with self.subTest(test["id"]):
                self.assertEqual(found(printed[test["recording"]["key"]]), found(test))


if __name__ == "__main__":
    unittest.main()
