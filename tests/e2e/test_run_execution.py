# SPDX-License-Identifier: Apache-2.0
"""`parity run`: how often tests are run, when it stops, and which run alone."""
import os
import subprocess
import unittest

from runner import THING, RunTest

CHOSEN = "chosen/test_chosen.c"


class ExecutionTest(RunTest):
    def setUp(self):
        super().setUp()
        self.traces = self.folder / "traces"
        self.traces.mkdir()

    def environment(self, **changes):
        return super().environment(PARITY_TEST_TRACES=str(self.traces), **changes)

    def traced(self, name):
        path = self.traces / name
        return path.read_text().splitlines() if path.exists() else []


class Retries(ExecutionTest):
    def test_what_passes_late_is_flaky(self):
        name = "passes_the_third_time"
        result = self.run_parity(f"{CHOSEN}::{name}", "--retries", "3", code=0)[name]
        self.assertEqual((result["outcome"], result["flaky"]), ("passed", True))
        self.assertEqual([(a["outcome"], a["message"]) for a in result["attempts"]],
                         [("failed", "attempt 1"), ("failed", "attempt 2")])
        self.assertRegex(result["attempts"][0]["location"], rf"^{CHOSEN}:\d+$")
        self.assertEqual(self.document["summary"]["flaky"], 1)
        self.assertEqual(self.document["summary"]["passed"], 1)
        self.assertIn("1 passed, 1 flaky", self.out)
        self.assertIn("attempt 2: failed: attempt 2", self.out)
        # The names it makes are others each time.
        self.assertEqual(len(set(self.traced("third"))), 3)

    def test_retries_end(self):
        name = "passes_the_third_time"
        result = self.run_parity(f"{CHOSEN}::{name}", "--retries", "1", code=1)[name]
        self.assertEqual((result["outcome"], result["flaky"]), ("failed", False))
        self.assertEqual(result["message"], "attempt 2")
        self.assertEqual(len(result["attempts"]), 1)

    def test_a_test_says_itself_how_often(self):
        results = self.run_parity(CHOSEN, "-m", "attempts", code=1)
        self.assertEqual(len(self.traced("never")), 3)
        self.assertEqual(len(results["never_passes"]["attempts"]), 2)
        crashed = results["crashes_the_first_time"]
        self.assertEqual((crashed["outcome"], crashed["flaky"]), ("passed", True))
        self.assertEqual(crashed["attempts"][0]["outcome"], "crashed")
        self.assertIn("SIGABRT", crashed["attempts"][0]["message"])
        self.assertEqual(results["passes_the_third_time"]["attempts"], [])

    def test_the_command_line_counts_more(self):
        results = self.run_parity(f"{CHOSEN}::never_passes", "--retries", "0", code=1)
        self.assertEqual(results["never_passes"]["attempts"], [])

    def test_a_cleanup_that_failed_is_not_forgotten(self):
        result = self.thing("fails_with_cleanups", "--retries", "1", code=1)
        self.assertEqual(len(result["cleanup_failures"]), 2)

    def test_a_recording_is_made_of_the_attempt_that_passed(self):
        sizes = iter([None, 7])
        self.server.answer = {"Size": lambda: next(sizes)}
        self.thing("needs_a_size", "--snapshot-update", "--retries", "1", code=0)
        self.assertEqual(self.recorded("needs_a_size")["describe"]["Size"], 7)


class Repeating(ExecutionTest):
    def test_each_run_is_reported(self):
        self.run_parity(f"{CHOSEN}::passes_the_third_time", "--repeat", "4", "-j", "1", code=1)
        self.assertEqual([(t["repetition"], t["outcome"]) for t in self.document["tests"]],
                         [(1, "failed"), (2, "failed"), (3, "passed"), (4, "passed")])
        self.assertEqual(len(set(self.traced("third"))), 4)
        self.assertEqual(self.document["summary"]["selected"], 4)
        self.assertRegex(self.out, rf"(?m)^failed  {CHOSEN}::passes_the_third_time \(.* s\), run 2: attempt 2$")
        self.assertIn(f"failed {CHOSEN}::passes_the_third_time, run 2\n", self.out)

    def test_one_that_failed_counts_as_failed(self):
        self.run_parity(f"{CHOSEN}::passes_the_third_time", "--repeat", "4", "-j", "1", code=1)
        self.assertIn('"outcome": "failed"', (self.folder / ".parity/last-run.jsonl").read_text())

    def test_numbers_that_make_no_sense_are_refused(self):
        for option in "--repeat", "--retries", "--maxfail", "--durations":
            for number in "x", "-1", "", "99999999999999999999":
                self.run_parity(option, number, code=2)
                self.assertIn(option, self.err)
        self.run_parity("--repeat", "0", code=2)


class Stopping(ExecutionTest):
    TESTS = [f"{THING}::{name}" for name in ("fails_with_cleanups", "describes", "describes_two",
                                             "skips_itself", "skips_the_size")]

    def test_fail_fast_begins_no_further_test(self):
        self.run_parity(*self.TESTS, "-j", "1", "-x", code=1)
        self.assertEqual(self.document["summary"]["not_run"], 4)
        self.assertEqual(len(self.document["tests"]), 1)
        self.assertIn("stopping after 1 failure", self.out)
        self.assertEqual(self.server.things.keys(), {n for n in self.server.things
                                                     if n.startswith("bad-delete")})

    def test_a_number_of_failures_may_pass(self):
        self.run_parity(*self.TESTS, "-j", "1", "--maxfail", "2", code=1)
        self.assertEqual(len(self.document["tests"]), 2)
        self.assertIn("stopping after 2 failures", self.out)
        self.run_parity(*self.TESTS, "-j", "1", "--maxfail", "2", "--fail-fast", code=1)
        self.assertEqual(len(self.document["tests"]), 1)
        self.run_parity(*self.TESTS, "-j", "1", "--maxfail", "9", code=1)
        self.assertEqual(self.document["summary"]["not_run"], 0)

    def test_a_test_that_passes_late_is_no_failure(self):
        self.run_parity(f"{CHOSEN}::crashes_the_first_time", f"{CHOSEN}::is_slow", "-x", "-j", "1",
                        code=0)
        self.assertEqual(self.document["summary"]["not_run"], 0)


class Alone(ExecutionTest):
    def test_while_a_serial_test_runs_no_other_does(self):
        self.run_parity(CHOSEN, "-m", "serial", "-j", "4", code=0)
        running, most = [], 0
        for line in self.traced("serial"):
            verb, _, name = line.partition(" ")
            if verb == "begin":
                running.append(name)
                self.assertTrue(len(running) == 1 or "alone" not in running, running)
            else:
                running.remove(name)
            most = max(most, len(running))
        self.assertGreater(most, 1)
        self.assertEqual(len(self.traced("serial")), 10)


class Descriptors(ExecutionTest):
    def test_leaks_take_nothing_from_the_tests_after_them(self):
        results = self.run_parity(CHOSEN, "-m", "leak", "-j", "1", code=0)
        self.assertEqual({r["outcome"] for r in results.values()}, {"passed"})
        self.assertEqual(len(results), 12)


class Workers(ExecutionTest):
    def test_there_are_as_many_as_processors_that_may_be_used(self):
        for processors in range(1, min(3, len(os.sched_getaffinity(0))) + 1):
            few = sorted(os.sched_getaffinity(0))[:processors]
            done = subprocess.run(self.command("good"), cwd=self.folder, env=self.environment(), text=True,
                                  capture_output=True, timeout=60, check=False,
                                  preexec_fn=lambda few=few: os.sched_setaffinity(0, few))
            self.assertIn(f", {processors} worker{'s' * (processors > 1)}\n", done.stdout)

    def test_they_live_on_and_keep_their_connections(self):
        self.thing("describes", "--repeat", "20", "--snapshot-skip-all", "-j", "1", code=0)
        self.assertEqual(len(self.server.requests), 60)
        self.assertLessEqual(self.server.connections, 2)  # one of them asks whether it is there


class Slowest(ExecutionTest):
    def test_the_slowest_are_named(self):
        self.run_parity(CHOSEN, "-m", "serial or slow", "--durations", "2", code=0)
        named = self.out.partition("slowest 2 tests\n")[2].splitlines()[:2]
        for line in named:
            self.assertRegex(line, rf"^ +0\.0\d s  {CHOSEN}::(alone|beside)_\d$")
        self.assertEqual(self.out.count("::is_slow"), 1)


if __name__ == "__main__":
    unittest.main()
