# SPDX-License-Identifier: Apache-2.0
"""
Commands under valgrind, which sees what sanitizers don't: values that were never set, in files and
in what is sent. A run is followed into its workers.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import runner
from runner import HERE, PARITY, THING

if not shutil.which("valgrind"):
    print("skipped: there is no valgrind; 'scripts/setup --tests' installs it")
    sys.exit(77)
if b"__asan_init" in pathlib.Path(PARITY).read_bytes():
    print(f"skipped: {PARITY} has sanitizers, with which valgrind does not go together")
    sys.exit(77)

SOURCE = pathlib.Path(os.environ["PARITY_SOURCE_DIR"])
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-west-1"}


class Valgrind(runner.RunTest):
    maxDiff = None

    def under_valgrind(self, *command):
        return ["valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite,indirect",
                "--trace-children=yes", f"--suppressions={HERE}/valgrind.supp",
                f"--log-file={self.folder}/valgrind.%p", *command]

    def command(self, *arguments):
        return self.under_valgrind(*super().command(*arguments))

    def assert_clean(self):
        logs = list(self.folder.glob("valgrind.*"))
        self.assertTrue(logs, "valgrind has not run")
        self.assertEqual("".join(log.read_text(errors="replace") for log in logs), "")

    def parity(self, *arguments, code=0, given=None):
        done = subprocess.run(self.under_valgrind(PARITY, *arguments), cwd=self.folder, text=True,
                              env=self.environment(**KEYS), capture_output=True, timeout=120,
                              input=given)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assert_clean()
        return done.stdout

    def reports(self, name):
        return [f"--{kind}={self.folder / f'{name}.{kind}'}" for kind in ("html", "junit", "tap")]

    def test_runs_of_all_outcomes_and_what_is_made_of_them(self):
        tests = [f"{THING}::{name}" for name in ("describes", "bad_html500", "skips_itself", "fails_with_cleanups")]
        self.run_parity(f"{THING}::describes", "--snapshot-update", code=0)
        self.server.answer = {"Colour": "blue"}
        self.run_parity(*tests, "good", "report", *self.reports("run"), "-j", "2",
                        "--retries", "1", "--suggest-skips", "-v", code=1)
        self.assert_clean()
        self.assertEqual(self.results["describes"]["outcome"], "failed")
        self.parity("merge", "results.json", "results.json", *self.reports("merged"), code=1)
        self.parity("coverage", "results.json", "--format", "html")
        self.parity("snapshots", "list")

    def test_scenarios(self):
        steps = [{"call": "thing.CreateThing", "input": {"Name": "${unique:thing}"}, "as": "made"},
                 {"call": "thing.DescribeThing", "input": {"Name": "${made.Name}"}, "match": "it"}]
        tests = [{"id": f"thing/{i}", "marker": "aws_validated", "steps": steps,
                  "transformers": [{"type": "regex", "pattern": "thing-[a-z0-9-]+", "replacement": "<it>"}],
                  "cleanup": [{"call": "thing.DeleteThing", "input": {"Name": "${made.Name}"}}]}
                 for i in range(3)]
        (self.folder / "things.json").write_text(json.dumps({"tests": tests}))
        self.run_parity("things.json", "--snapshot-update", code=0)
        self.run_parity("things.json", code=0)
        self.assert_clean()
        self.parity("scenario", "check", "things.json")
        self.assertIn("PARITY_TEST", self.parity("scenario", "to-c", "things.json"))

    def test_single_commands(self):
        self.parity("call", "thing", "DescribeThing", '{"Name": "it"}',
                    "--endpoint-url", self.server.url)
        self.parity("call", "--dry-run", "--sign", "thing", "DescribeThing", '{"Name": "it"}',
                    "--endpoint-url", self.server.url)
        self.parity("jsonpath", "$.a[?(@.b > 1)].b", given='{"a": [{"b": 2}, {"b": 1}]}')


if __name__ == "__main__":
    unittest.main()
