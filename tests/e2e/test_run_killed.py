# SPDX-License-Identifier: Apache-2.0
"""
`parity run --snapshot-update`, killed at random moments: the files are whole each time.

PARITY_KILLS says how often (40), PARITY_SEED by which chance.
"""
import json
import os
import random
import subprocess
import time
import unittest

from runner import PARITY, THING, RunTest

KILLS = int(os.environ.get("PARITY_KILLS", "40"))
SEED = int(os.environ.get("PARITY_SEED", random.randrange(1 << 31)))
TESTS = ("describes", "describes_two")
NEIGHBOUR = f"{THING}::of_another_day"


class Killing(RunTest):
    def start(self):
        return subprocess.Popen(
            self.command("--snapshot-update", "--snapshot-raw", *(f"{THING}::{t}" for t in TESTS)),
            cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def read(self, kind):
        """A file as it should be at any moment: whole, and in the canonical form."""
        path = self.folder / f"snapshots/thing/test_thing.{kind}.json"
        text = path.read_text()
        content = json.loads(text)
        self.assertEqual(text, json.dumps(content, indent=2) + "\n", kind)
        return content

    def sizes(self, entry):
        return {value["Size"] for value in entry["recorded-content"].values()}

    def test_the_files_are_whole_whenever_the_process_is_killed(self):
        chance = random.Random(SEED)
        self.server.answer = {"Size": 0}
        start = time.monotonic()
        self.assertEqual(self.start().wait(60), 0)
        usual = time.monotonic() - start
        path = self.folder / "snapshots/thing/test_thing.snapshot.json"
        old = {"recorded-date": "15-01-2024, 12:00:00", "recorded-content": {"k": [1.0, "\U0001f600"]}}
        path.write_text(json.dumps({NEIGHBOUR: old, **json.loads(path.read_text())}, indent=2) + "\n")
        ended = changed = 0
        last = {t: 0 for t in TESTS}
        for kill in range(1, KILLS + 1):
            with self.subTest(kill=kill, seed=SEED):
                self.server.answer = {"Size": kill}
                process = self.start()
                time.sleep(chance.uniform(0, 1.1 * usual))
                process.kill()
                ended += process.wait(60) == 0
                for kind in ("snapshot", "validation", "raw.snapshot"):
                    self.read(kind)
                # Whatever was recorded, the next command has.
                subprocess.run([PARITY, "snapshots", "list"], cwd=self.folder, check=True,
                               env=self.environment(), capture_output=True)
                snapshot = self.read("snapshot")
                self.assertEqual(snapshot[NEIGHBOUR], old)
                self.assertEqual(set(snapshot), {NEIGHBOUR, *(f"{THING}::{t}" for t in TESTS)})
                for test in TESTS:
                    entry = snapshot[f"{THING}::{test}"]
                    self.assertEqual(len(entry["recorded-content"]), 1 + (test == "describes_two"))
                    self.assertIn(self.sizes(entry), ({last[test]}, {kill}))
                    changed += self.sizes(entry) == {kill}
                    (last[test],) = self.sizes(entry)
                self.assertEqual(set(self.read("validation")), {f"{THING}::{t}" for t in TESTS})
                self.read("raw.snapshot")
        print(f"{KILLS} kills, seed {SEED}: {ended} came too late, {changed} new recordings")
        self.server.answer = {"Size": -1}
        self.assertEqual(self.start().wait(60), 0)
        self.assertEqual([self.sizes(self.read("snapshot")[f"{THING}::{t}"]) for t in TESTS],
                         [{-1}, {-1}])
        self.assertEqual([p.name for p in path.parent.iterdir() if p.name.startswith(".parity-")], [])
        self.assert_no_process()


if __name__ == "__main__":
    unittest.main()
