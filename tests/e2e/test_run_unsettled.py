# SPDX-License-Identifier: Apache-2.0
"""
What `parity run --snapshot-update` has recorded and not put into its files yet: each file is
written once, and nothing is lost when the run is killed.
"""
import json
import os
import resource
import signal
import subprocess
import unittest

from runner import PARITY, RunTest


class Unsettled(RunTest):
    def configure(self, **changes):
        super().configure(suites=str(self.folder / "suites"), **changes)

    def write(self, *ids, hanging=None):
        """Tests that match one answer each; for that of `hanging` the target lets them wait."""
        tests = [{"id": i, "marker": "aws_validated", "steps": [
            {"call": "thing.DescribeThing", "input": {"Name": "bad-never" if i == hanging else i},
             "match": "describe"}]} for i in ids]
        (self.folder / "things.json").write_text(json.dumps({"tests": tests}))

    def start(self, *arguments, **options):
        return subprocess.Popen(
            self.command("--snapshot-update", "-j1", "things.json", *arguments), cwd=self.folder,
            env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, **options)

    def start_until_it_hangs(self, *ids, hanging):
        self.write(*ids, hanging=hanging)
        process = self.start()
        self.wait_for(lambda: any("bad-never" in body for _, body, _ in self.server.requests))
        return process

    def snapshots(self, command):
        return subprocess.run([PARITY, "snapshots", command], cwd=self.folder, text=True,
                              env=self.environment(), capture_output=True, timeout=60)

    def entries(self, suite, kind="snapshot"):
        path = self.folder / f"snapshots/{suite}.{kind}.json"
        return list(json.loads(path.read_text())) if path.exists() else []

    def waits(self):
        return (self.folder / "snapshots/.unsettled").exists()

    IDS = [f"thing/t{number:02}" for number in range(12)]
    RECORDED = IDS[:10]

    def kill_in_the_middle(self):
        process = self.start_until_it_hangs(*self.IDS, hanging=self.IDS[10])
        process.kill()
        process.communicate(timeout=20)
        self.assertEqual((self.entries("thing"), self.waits()), ([], True))

    def test_after_a_kill_the_next_command_finds_what_was_recorded(self):
        self.kill_in_the_middle()
        done = self.snapshots("list")
        self.assertIn("parity: thing: put into its files what a run that was killed, or still "
                      "goes on, has recorded (tests: 10)\n", done.stderr)
        self.assertEqual([i for i in self.IDS if f"{i}\n" in done.stdout or f"{i} " in done.stdout],
                         self.RECORDED, done.stdout)
        self.assertEqual(self.entries("thing"), self.RECORDED)
        self.assertEqual(self.entries("thing", "validation"), self.RECORDED)
        self.assertFalse(self.waits())
        self.assertNotIn("put into its files", self.snapshots("check").stderr)

    def test_after_a_kill_the_next_run_verifies_what_was_recorded(self):
        self.kill_in_the_middle()
        self.write(*self.IDS)
        self.run_parity("things.json", code=1)
        self.assertIn("(tests: 10)", self.err)
        outcomes = {test["id"]: test["outcome"] for test in self.document["tests"]}
        self.assertEqual([i for i in self.IDS if outcomes[i] == "passed"], self.RECORDED)
        self.assertEqual({outcomes[i] for i in self.IDS[10:]}, {"error"})

    def test_after_a_kill_the_next_run_records_the_rest(self):
        self.kill_in_the_middle()
        self.write(*self.IDS)
        process = self.start("--last-failed")
        self.assertIn("(tests: 10)", process.communicate(timeout=60)[1])
        self.assertEqual((process.returncode, self.entries("thing")), (0, self.IDS))

    def test_an_interrupted_run_puts_it_in_place(self):
        process = self.start_until_it_hangs(*self.IDS, hanging=self.IDS[10])
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)
        self.assertEqual((self.entries("thing"), self.waits()), (self.RECORDED, False))

    def test_a_suite_is_put_in_place_when_its_last_test_has_ended(self):
        process = self.start_until_it_hangs("a/one", "a/two", "b/one", "b/two", hanging="b/two")
        self.assertEqual((self.entries("a"), self.entries("b")), (["a/one", "a/two"], []))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 143)
        self.assertEqual((self.entries("b"), self.waits()), (["b/one"], False))

    def test_repetitions_belong_to_it(self):
        self.write("a/one", "b/one")
        process = self.start("--repeat", "2")
        process.communicate(timeout=60)
        self.assertEqual((process.returncode, self.entries("a"), self.entries("b"), self.waits()),
                         (0, ["a/one"], ["b/one"], False))

    def bytes_written(self, tests):
        self.write(*(f"many{tests}/t{number}" for number in range(tests)))
        process = self.start("-q")
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        with open(f"/proc/{process.pid}/io") as numbers:
            counts = dict(line.split(": ") for line in numbers.read().splitlines())
        process.communicate(timeout=20)
        self.assertEqual(len(self.entries(f"many{tests}")), tests)
        return int(counts["wchar"])

    def test_a_run_writes_as_much_as_it_records(self):
        few, many = self.bytes_written(20), self.bytes_written(100)
        # Five times as many tests; a file that is written for each of them is 25 times as much.
        self.assertLess(many, 7 * few)

    def test_two_runs_at_the_same_time_lose_nothing(self):
        ids = [f"thing/t{number:02}" for number in range(30)]
        self.write(*ids)
        processes = [self.start("-k", words, "--snapshot-raw") for words in ("t0 or t2", "t1")]
        for process in processes:
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0)
        for kind in ("snapshot", "validation", "raw.snapshot"):
            self.assertEqual(sorted(self.entries("thing", kind)), ids)
        self.assertFalse(self.waits())

    def test_a_full_disk_at_the_end_loses_nothing(self):
        self.write("thing/new")
        old = {"recorded-date": "15-01-2024, 12:00:00", "recorded-content": {"k": "x" * 400000}}
        path = self.folder / "snapshots/thing.snapshot.json"
        path.parent.mkdir()
        path.write_text(json.dumps({"thing/old": old}, indent=2) + "\n")
        process = self.start(restore_signals=False, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (300000, resource.RLIM_INFINITY)))
        err = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 2, err)
        self.assertIn("snapshots/thing.snapshot.json: cannot write: File too large; nothing is "
                      "lost: what was recorded waits in ", err)
        self.assertEqual(self.entries("thing"), ["thing/old"])
        self.assertIn("(tests: 1)", self.snapshots("list").stderr)
        self.assertEqual(self.entries("thing"), ["thing/old", "thing/new"])


if __name__ == "__main__":
    unittest.main()
