# SPDX-License-Identifier: Apache-2.0
"""`parity run --snapshot-review`, and `parity snapshots review` of what it left."""
import json
import re
import signal
import subprocess
import unittest

from runner import PARITY, THING, RunTest


class Reviewing(RunTest):
    def setUp(self):
        super().setUp()
        self.pending = self.folder / "snapshots/thing/test_thing.pending.snapshot.json"
        self.record("describes")
        self.record("describes_two")
        self.server.answer = {"Size": 8}

    def leave(self, *names, code=0):
        return self.run_parity("--snapshot-review", *(f"{THING}::{n}" for n in names), code=code)

    def review(self, *arguments, given="", code=0):
        done = subprocess.run([PARITY, "snapshots", "review", *arguments], cwd=self.folder,
                              env=self.environment(), input=given, text=True, capture_output=True,
                              timeout=60)
        self.out, self.err = done.stdout, done.stderr
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def waiting(self):
        if not self.pending.exists():
            return []
        return [key.partition("::")[2] for key in json.loads(self.pending.read_text())]

    def sizes(self):
        return [self.recorded("describes")["describe"]["Size"],
                self.recorded("describes_two")["first"]["Size"]]

    def test_results_that_differ_wait_and_no_recording_changes(self):
        before = self.snapshot().read_bytes()
        results = self.leave("describes", "describes_two")
        self.assertEqual({r["outcome"] for r in results.values()}, {"passed"})
        self.assertEqual({(r["pending"], r["recorded"]) for r in results.values()}, {(True, False)})
        self.assertIn("2 to be reviewed: parity snapshots review", self.out)
        self.assertEqual(sorted(self.waiting()), ["describes", "describes_two"])
        self.assertEqual(self.snapshot().read_bytes(), before)

    def test_what_is_as_recorded_does_not_wait_and_takes_away_what_waited(self):
        self.leave("describes")
        self.server.answer = {}
        self.assertFalse(self.leave("describes")["describes"]["pending"])
        self.assertEqual(self.waiting(), [])
        self.assertFalse(self.pending.exists())

    def test_each_difference_is_shown_and_decided(self):
        self.leave("describes", "describes_two")
        shown = self.review(given="what?\na\ns\n", code=1)
        for part in (f"{THING}::describes\n", "$.Size", "recorded  7", "observed  8", "fake",
                     "1 accepted, 0 rejected, 1 waiting"):
            self.assertIn(part, shown)
        self.assertEqual(len(self.waiting()), 1)
        self.review(given="r\n")
        self.assertEqual(self.waiting(), [])
        self.assertEqual(sorted(self.sizes()), [7, 8])

    def test_all_at_once(self):
        self.leave("describes", "describes_two")
        self.assertIn("2 accepted", self.review("--accept"))
        self.assertEqual(self.sizes(), [8, 8])
        self.assertEqual(self.thing("describes", code=0)["outcome"], "passed")
        self.server.answer = {"Size": 9}
        self.leave("describes", "describes_two")
        self.assertIn("2 rejected", self.review("--reject"))
        self.assertEqual((self.sizes(), self.waiting()), ([8, 8], []))
        self.review()

    def test_an_accepted_result_is_what_recording_would_have_stored(self):
        self.leave("describes")
        self.review("--accept")
        validation = self.snapshot().with_name("test_thing.validation.json")
        accepted = [self.snapshot().read_text(), validation.read_text()]
        self.record("describes")
        without_date = r'"recorded-date": "[^"]*"'
        self.assertEqual([re.sub(without_date, "", t) for t in accepted],
                         [re.sub(without_date, "", t) for t in
                          (self.snapshot().read_text(), validation.read_text())])

    def test_operands_choose(self):
        self.leave("describes", "describes_two")
        self.review("--accept", f"{THING}::describes_two")
        self.assertEqual((self.waiting(), self.sizes()), (["describes"], [7, 8]))
        self.review("--accept", "other", code=2)
        self.review("--accept", "thing")
        self.assertEqual(self.waiting(), [])

    def test_the_end_of_the_input_and_quit_leave_the_rest(self):
        self.leave("describes", "describes_two")
        self.review(given="", code=1)
        self.review(given="q\n", code=1)
        self.assertEqual(len(self.waiting()), 2)

    def test_nothing_is_lost_when_interrupted(self):
        self.leave("describes", "describes_two")
        with subprocess.Popen([PARITY, "snapshots", "review"], cwd=self.folder, text=True,
                              env=self.environment(), stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            process.stdin.write("a\n")
            process.stdin.flush()
            self.wait_for(lambda: len(self.waiting()) == 1)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(10), -signal.SIGINT)
        self.assertEqual(len(self.waiting()), 1)
        self.assertEqual(sorted(self.sizes()), [7, 8])
        self.review("--accept")
        self.assertEqual(self.sizes(), [8, 8])

    def test_a_secret_is_not_even_left_for_review(self):
        self.server.answer = {"Status": "AKIA" + "QWERTYUIOPASDFGH"}
        result = self.leave("describes", code=1)["describes"]
        self.assertEqual((result["outcome"], result["pending"]), ("error", False))
        self.assertIn("$['describe']['Status']", result["message"])
        self.assertEqual(self.waiting(), [])

    def test_a_secret_that_got_there_is_accepted_only_where_it_is_allowed(self):
        self.leave("describes")
        entries = json.loads(self.pending.read_text())
        entries[f"{THING}::describes"]["recorded-content"]["describe"]["Colour"] = (
            "AKIA" + "QWERTYUIOPASDFGH")
        self.pending.write_text(json.dumps(entries, indent=2) + "\n")
        self.review("--accept", code=1)
        self.assertIn("it holds what looks like an access key id", self.err)
        self.review("--accept", "--allow", "$.describe.Size", code=1)
        self.assertEqual(self.waiting(), ["describes"])
        self.review("--accept", "--allow", "$.describe.Colour")
        self.assertEqual((self.waiting(), self.sizes()), ([], [8, 7]))

    def test_recordings_of_aws_are_not_replaced_without_a_word(self):
        validation = self.snapshot().with_name("test_thing.validation.json")
        entries = json.loads(validation.read_text())
        entries[f"{THING}::describes"] = {"last_validated_date": "2024-01-15T12:00:00+00:00"}
        validation.write_text(json.dumps(entries, indent=2) + "\n")
        self.leave("describes", "describes_two")
        self.assertIn("1 accepted, 0 rejected, 1 waiting", self.review("--accept", code=1))
        self.assertIn("--replace-aws", self.err)
        self.assertEqual((self.waiting(), self.sizes()), (["describes"], [7, 8]))
        self.review("--accept", "--replace-aws")
        self.assertEqual(self.sizes(), [8, 8])

    def test_options_that_contradict_each_other_are_refused(self):
        self.leave("describes", code=0)
        self.review("--accept", "--reject", code=2)
        self.thing("describes", "--snapshot-review", "--snapshot-update", code=2)
        self.thing("describes", "--snapshot-review", "--snapshot-skip-all", code=2)


if __name__ == "__main__":
    unittest.main()
