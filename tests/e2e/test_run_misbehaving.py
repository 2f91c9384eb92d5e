# SPDX-License-Identifier: Apache-2.0
"""Tests that crash, hang, exit or leak take only their own verdict; cleanups are made all the same."""
import json
import signal
import subprocess
import time
import unittest

from runner import HERE, THING, RunTest

OUTCOMES = {
    "aborts": ("crashed", "SIGABRT"),
    "allocates_a_gibibyte": ("passed", ""),
    "changes_folder_and_mask": ("passed", ""),
    "closes_all_descriptors": ("crashed", "descriptors"),
    "closes_standard_output": ("passed", ""),
    "divides_by_zero": ("crashed", "SIGFPE"),
    "exits_at_once_with_7": ("crashed", "exit status 7"),
    "exits_with_0": ("crashed", "exit status"),
    "forks_and_both_return": ("passed", ""),
    "forks_and_the_child_crashes": ("failed", "so that the output is shown"),
    "is_terminated_by_its_child": ("passed", ""),
    "kills_itself": ("crashed", "SIGKILL"),
    "leaks_descriptors": ("passed", ""),
    "leaks_memory": ("passed", ""),
    "leaves_a_child": ("passed", ""),
    "leaves_a_child_in_a_session_of_its_own": ("passed", ""),
    "loops_for_ever": ("timeout", "within 1 s"),
    "loops_for_ever_deaf_to_signals": ("timeout", "within 1 s"),
    "matches_a_key_twice": ("error", 'match key "same" was used before in this test'),
    "overflows_its_stack": ("crashed", "stack overflow"),
    "prints": ("failed", "so that the output is shown"),
    "segmentation_fault": ("crashed", "SIGSEGV at address 0x"),
    "sends_itself_a_segmentation_fault": ("crashed", "SIGSEGV"),
    "terminates_itself": ("crashed", "SIGTERM"),
    "writes_megabytes": ("failed", "so that the output is shown"),
    "writes_no_text": ("failed", "so that the output is shown"),
}


class Misbehaving(RunTest):
    def test_each_takes_its_own_verdict_and_no_process_remains(self):
        results = self.run_parity("misbehaving", "good", "-j", "3", code=1)
        self.assert_no_process()
        self.assertEqual(len(results), 100 + len(OUTCOMES))
        for name, result in results.items():
            outcome, message = OUTCOMES.get(name, ("passed", ""))
            with self.subTest(name):
                self.assertEqual(result["outcome"], outcome, result)
                self.assertIn(message, result["message"] or "")
        summary = self.document["summary"]
        self.assertEqual((summary["passed"], summary["crashed"], summary["timeout"]), (109, 10, 2))

    def test_a_signal_that_ends_a_test_is_meant_for_no_other(self):
        results = self.run_parity("misbehaving", f"{THING}::describes", "--snapshot-update", "-j1",
                                  "-k", "terminate or describes", code=1)
        self.assertEqual({name: result["outcome"] for name, result in results.items()},
                         {"describes": "passed", "is_terminated_by_its_child": "passed",
                          "terminates_itself": "crashed"})

    def test_a_signal_that_was_sent_has_no_address(self):
        name = "sends_itself_a_segmentation_fault"
        results = self.run_parity(f"misbehaving/test_process.c::{name}", code=1)
        self.assertEqual(results[name]["message"], "SIGSEGV")

    def test_output_is_captured_and_belongs_to_its_test(self):
        results = self.run_parity("misbehaving", "good/test_good.c::good_00", "-j", "1", code=1)
        self.assertEqual(results["good_00"]["output"], "a good test's output\n")
        printed = results["prints"]["output"].splitlines()
        self.assertEqual(printed[:2], ["on standard output", "on standard error"])
        self.assertRegex(printed[2], r"^misbehaving/test_process.c:\d+: a note with a number: 7$")
        self.assertEqual(len(printed), 3)
        megabytes = results["writes_megabytes"]["output"]
        self.assertTrue(megabytes.startswith("the beginning\n"))
        self.assertTrue(megabytes.endswith("the end\n"))
        self.assertRegex(megabytes, r"\[\d+ bytes left out\]")
        self.assertLess(len(megabytes), 100000)
        self.assertRegex(self.out, r"\n    \[\d+ lines and 20\d{6} bytes left out\]\n")
        self.assertEqual(results["writes_no_text"]["output"], "\\xff\\x00\\x1b[31m")
        self.assertIn('expected "\u00e9", found "\\xff"\n', results["writes_no_text"]["message"])

    def test_a_crash_shows_where(self):
        results = self.run_parity("misbehaving/test_process.c::segmentation_fault",
                                  "misbehaving/test_process.c::aborts", code=1)
        self.assertIn("backtrace:", results["segmentation_fault"]["output"])
        self.assertIn("test_process.so", results["segmentation_fault"]["output"])
        # The line of the last call, or of the test.
        source = (HERE / "suites/misbehaving/test_process.c").read_text().splitlines()
        for name, line in (("segmentation_fault", "PARITY_TEST(segmentation_fault, "),
                           ("aborts", "    note(t, \"this far\")")):
            (number,) = [i for i, text in enumerate(source, 1) if text.startswith(line)]
            self.assertEqual(results[name]["location"], f"misbehaving/test_process.c:{number}")
        # Signal, captured output and backtrace stand together where a reader looks.
        shown = self.out.partition("crashed misbehaving/test_process.c::aborts\n")[2]
        self.assertRegex(shown, r"^  SIGABRT\n  in misbehaving/test_process.c:\d+\n  output\n    \| .*: this far\n"
                         r"    \| about to abort\n"
                         r"    \| backtrace:\n(    \| .*\n)*    \| .*test_process.so\(")

    def test_a_backtrace_names_static_functions(self):
        results = self.run_parity("misbehaving/test_process.c", "-k",
                                  "segmentation_fault or aborts or overflows_its_stack or (loops_for_ever and not deaf)",
                                  code=1)
        for name, function in (("segmentation_fault", "test_segmentation_fault"), ("aborts", "test_aborts"),
                               ("overflows_its_stack", "dig"), ("loops_for_ever", "test_loops_for_ever")):
            self.assertRegex(results[name]["output"],
                             rf"(?m)^/.*/misbehaving/test_process\.so\({function}\+0x[0-9a-f]+\) \[0x")
        self.assertRegex(results["aborts"]["output"], r"(?m)^/.*libc.*\(abort\+0x")
        self.assertRegex(results["aborts"]["output"], r"(?m)^.*libparity.*\(parity_worker_main\+0x")
        self.assertNotRegex(results["aborts"]["output"], r"libparity[^(]*\(\+0x")

    def test_what_a_forked_process_dies_of_is_told_as_its_own(self):
        output = self.run_parity("misbehaving/test_process.c::forks_and_the_child_crashes", code=1)[
            "forks_and_the_child_crashes"]["output"]
        self.assertIn("backtrace of a process that the test forked:\n", output)
        self.assertNotIn("\nbacktrace:\n", output)


class Cleanups(RunTest):
    def deleted(self):
        return [given.split('"')[3].partition("-")[0] for operation, given, _ in self.server.requests
                if operation == "DeleteThing"]

    def test_a_crash_does_not_keep_them_from_being_made(self):
        result = self.thing("crashes_with_cleanups", code=1)
        self.assertEqual(result["outcome"], "crashed")
        self.assertEqual(self.deleted(), ["second", "first"])
        self.assertEqual(self.server.things, {})
        self.assertEqual(result["cleanup_failures"], [])
        self.assertEqual(result["calls"][-1]["operation"], "DeleteThing")

    def test_a_timeout_does_not_either_and_names_the_call(self):
        result = self.thing("hangs_with_cleanups", code=1)
        self.assertEqual(result["outcome"], "timeout")
        self.assertIn("waiting for thing DescribeThing", result["message"])
        self.assertEqual(self.deleted(), ["second", "first"])

    def test_one_that_fails_is_reported_and_stops_no_other(self):
        result = self.thing("fails_with_cleanups", code=1)
        self.assertEqual(self.deleted(), ["third", "bad", "first"])
        self.assertEqual([(f["call"], f["message"]) for f in result["cleanup_failures"]],
                         [("thing DeleteThing", "AccessDenied: not you")])
        self.assertIn("1 cleanup failed", self.out)

    def test_what_is_gone_already_is_no_failure(self):
        result = self.thing("cleans_what_is_gone", code=0)
        self.assertEqual((result["outcome"], result["cleanup_failures"]), ("passed", []))


class Interrupted(RunTest):
    def start(self, *tests, **options):
        return subprocess.Popen(
            self.command("--results", str(self.folder / "results.json"),
                         *[f"{THING}::{test}" for test in tests]),
            cwd=self.folder, env=self.environment(), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, **options)

    def summary(self):
        return json.loads((self.folder / "results.json").read_text())["summary"]

    def test_control_c_ends_tests_makes_cleanups_and_reports(self):
        process = self.start("sleeps", "sleeps_after_a_fork")
        self.wait_for(lambda: len(self.server.things) == 2)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, out)
        self.assertEqual(self.server.things, {})
        self.assertIn("interrupted", out)
        self.assertEqual(self.summary()["interrupted_by"], "SIGINT")
        self.assert_no_process()

    def test_a_terminal_that_is_closed_ends_it_as_well(self):
        process = self.start("sleeps")
        self.wait_for(lambda: self.server.things)
        process.send_signal(signal.SIGHUP)
        out, _ = process.communicate(timeout=20)
        self.assertEqual((process.returncode, self.server.things), (129, {}), out)

    def test_unless_nobody_should_mind(self):
        process = self.start("sleeps", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.wait_for(lambda: self.server.things)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
        self.assertEqual((process.returncode, self.server.things), (143, {}), out)
        self.assertEqual(self.summary()["interrupted_by"], "SIGTERM")

    def test_a_second_one_leaves_the_cleanups(self):
        process = self.start("hangs_in_a_cleanup")
        self.wait_for(lambda: any(op == "DescribeThing" for op, _, _ in self.server.requests))
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 143, out)
        self.assertIn("cleanup", out)
        self.assert_no_process()

    def test_no_process_survives_the_death_of_the_runner(self):
        for _ in range(3):
            self.server.reset()
            process = self.start("sleeps", "sleeps_after_a_fork")
            self.wait_for(lambda: len(self.server.things) == 2)
            process.kill()
            process.communicate(timeout=20)
            self.assert_no_process()


if __name__ == "__main__":
    unittest.main()
