# SPDX-License-Identifier: Apache-2.0
"""Fixtures: set up once for those that share them, cleaned up when the last has ended, whatever happens."""
import json
import re
import signal
import subprocess
import unittest

from runner import RunTest

SUITE = "authoring/test_fixtures.c"
OTHER = "authoring/test_other.c"
SHARING = ("shares_a", "shares_b", "shares_c_with_less_time_than_it_waits", "shares_d_and_crashes")


class Fixtures(RunTest):
    def of(self, *names, suite=SUITE):
        return [f"{suite}::{name}" for name in names]

    def twice(self, fixture, *options, code=1):
        results = self.run_parity(*self.of(f"{fixture}_1", f"{fixture}_2"), *options, code=code)
        return results[f"{fixture}_1"], results[f"{fixture}_2"]

    def made(self, operation="CreateThing"):
        """What the things are called that were made or deleted, in that order."""
        names = [json.loads(given)["Name"] for name, given, _ in list(self.server.requests)
                 if name == operation]
        return [name.rpartition("-")[0] for name in names if name != "none"]

    def attached(self, name):
        return {a["text"] for result in self.results.values() for a in result["attachments"]
                if a["name"] == name}


class Shared(Fixtures):
    def check(self, *options):
        results = self.run_parity(*self.of(*SHARING), OTHER, *options, code=1)
        for name in (*SHARING[:3], "shares_with_others"):
            self.assertEqual(results[name]["outcome"], "passed", results[name])
        self.assertEqual(results["shares_d_and_crashes"]["outcome"], "crashed")
        self.assertEqual(sorted(self.made()), ["before", "run", "suite"])
        self.assertEqual(len(self.attached("of_the_suite")), 1)
        self.assertEqual(len(self.attached("of_the_run")), 1)
        self.assertEqual(sorted(self.made("DeleteThing")), ["before", "run", "suite"])
        self.assertEqual(self.server.things, {})
        self.assertEqual(self.document["summary"]["cleanup_failures"], 0)
        self.assertEqual(self.document["notices"], [])

    def test_once_for_all_of_several_processes(self):
        self.check("-j", "4")

    def test_once_in_one_process(self):
        self.check("-j", "1")
        # The suite's goes when its last test has ended, the run's at the end.
        self.assertEqual(self.made("DeleteThing")[0], "suite")

    def test_what_was_set_up_first_is_deleted_last(self):
        self.run_parity(*self.of("shares_a", "not_deleted_1"), "-j", "1", code=0)
        self.assertEqual(self.made(), ["first", "bad-delete", "third", "run", "suite"])
        self.assertEqual(self.made("DeleteThing"), ["suite", "third", "bad-delete", "first", "run"])

    def test_each_test_has_its_own_of_the_scope_test(self):
        results = self.run_parity(*self.of("has_its_own", "has_its_own_again"), "-j", "1", code=0)
        self.assertEqual([op for op, _, _ in self.server.requests if op],
                         ["CreateThing", "DeleteThing"] * 2)
        self.assertEqual(results["has_its_own"]["message"], None)


class Failing(Fixtures):
    def assert_error(self, result, *parts):
        self.assertEqual(result["outcome"], "error", result)
        for part in parts:
            self.assertIn(part, result["message"])

    def test_its_tests_are_errors_with_its_message_and_place(self):
        for options in ("-j", "1"), ("-j", "2"):
            with self.subTest(options):
                self.server.reset()
                for result in self.twice("on_refused", *options):
                    self.assert_error(result, "fixture 'refused': thing DeleteThing was refused: "
                                              "NoSuchThing (HTTP 400)")
                    self.assertEqual(result["message"].count("\n"), 0)
                    self.assertRegex(result["location"], rf"^{SUITE}:\d+$")
                self.assertEqual(self.made(), ["refused"])
                self.assertEqual(self.server.things, {})

    def test_of_one_test_too(self):
        for result in self.twice("refused_to_one"):
            self.assert_error(result, "fixture 'refused_to_one': thing DescribeThing should have")

    def test_in_a_header_it_is_named_where_it_stands(self):
        results = self.run_parity(*self.of("refused_to_all_1"),
                                  *self.of("cannot_have_it", suite=OTHER), code=1)
        for result in results.values():
            self.assert_error(result, "fixture 'refused_to_all': ")
            self.assertRegex(result["location"], r"^authoring/shared.h:\d+$")
        self.assertEqual(self.made().count("before"), 1)
        self.assertEqual(self.server.things, {})

    def test_one_that_crashes(self):
        for options in ("-j", "1"), ("-j", "2"):
            self.server.reset()
            for result in self.twice("crashing", *options):
                self.assert_error(result, "fixture 'crashing': SIGABRT")
            self.assertEqual(self.made(), ["crashing"])
            self.assertEqual(self.made("DeleteThing"), ["crashing"])

    def test_one_that_takes_too_long(self):
        for result in self.twice("endless", "-j", "2"):
            self.assert_error(result, "fixture 'endless': did not end within 0.5 s")
        self.assertEqual(self.made("DeleteThing"), ["endless"])

    def test_one_of_the_test_alone_that_crashes_or_takes_too_long(self):
        for result in self.twice("own_crashing"):
            self.assertRegex(result["message"], r"^fixture 'own_crashing': SIGABRT\n"
                                                r"fixture 'own_crashing': .*: expected more of it$")
            self.assert_error(result)
        self.assertEqual(self.made("DeleteThing"), ["own_crashing"] * 2)
        for result in self.twice("own_endless", "--timeout", "0.3", "-j", "2"):
            self.assert_error(result, "fixture 'own_endless': did not end within 0.3 s")

    def test_one_of_the_test_alone_has_no_time_of_its_own(self):
        for result in self.twice("own_impatient"):
            self.assert_error(result, "fixture 'own_impatient' takes of the time of its test")

    def test_one_that_skips(self):
        for result in self.twice("unneeded", code=0):
            self.assertEqual(result["outcome"], "skipped")
            self.assertEqual(result["message"], "fixture 'unneeded': there is no need")

    def test_unmet_expectations_in_it(self):
        for result in self.twice("not_as_expected"):
            self.assert_error(result, "fixture 'not_as_expected': ", "expected 2, found 1")

    def test_what_belongs_into_tests(self):
        for result in self.twice("matching"):
            self.assert_error(result, "match() belongs into a test")

    def test_one_that_needs_a_shorter_one(self):
        for result in self.twice("longer_than_its_need"):
            self.assert_error(result, "its scope is the suite, so it cannot use 'own', whose scope "
                                      "is the test")

    def test_circles(self):
        for result in self.twice("needs_itself"):
            self.assert_error(result, "fixture 'needs_itself': it needs itself to be set up")
        for options in ("-j", "1"), ("-j", "2"):
            results = self.run_parity(*self.of("circle_1", "circle_2"), *options, code=1)
            for result in results.values():
                self.assert_error(result, "needs itself to be set up")
                self.assertLess(result["duration_seconds"], 10)

    def test_one_that_forks_is_set_up_by_the_parent_alone(self):
        for result in self.twice("forking", code=0):
            self.assertEqual(result["outcome"], "passed")
        self.assertEqual((self.made(), self.made("DeleteThing")), (["forked"], ["forked"]))
        self.assert_no_process()

    def test_cleanup_that_fails_is_reported_and_the_others_are_made(self):
        self.twice("not_deleted", code=0)
        self.assertEqual(self.made("DeleteThing"), ["third", "bad-delete", "first"])
        notice = f"cleanup of fixtures of {SUITE} failed: thing DeleteThing: AccessDenied: not you"
        self.assertEqual(self.document["notices"], [notice])
        self.assertIn(notice, self.out)
        self.assertIn("1 cleanup failed", self.out)
        self.assertEqual(self.document["summary"]["cleanup_failures"], 1)

    def test_control_c_while_it_is_set_up_and_waited_for(self):
        process = subprocess.Popen(
            self.command("-j", "2", *self.of("slow_1", "slow_2")), cwd=self.folder,
            env=self.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.wait_for(lambda: self.made() == ["slow"])
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, out)
        self.assertEqual(len(re.findall(r"^error .*interrupted", out, re.M)), 2, out)
        self.assertEqual(self.server.things, {})
        self.assert_no_process()


class SetUp(Fixtures):
    def test_around_each_test(self):
        results = self.run_parity(OTHER, code=1)
        for name in "shares_with_others", "fails_before_the_end", "cannot_have_it":
            lines = [line.partition(": ")[2] for line in results[name]["output"].splitlines()]
            self.assertEqual(lines, ["set up", "torn down"])
        self.assertEqual(results["fails_before_the_end"]["outcome"], "failed")

    def test_that_fails_makes_an_error(self):
        results = self.run_parity("authoring/test_unready.c", code=1)
        result = results["never_begins"]
        self.assertEqual(result["outcome"], "error")
        self.assertIn("set-up: thing DescribeThing should have been refused", result["message"])
        self.assertEqual(result["output"], None)

    def test_that_crashes_or_takes_too_long_does_so_too(self):
        result = self.run_parity("authoring/test_unready.c", code=1, THING_CRASHES="1")["never_begins"]
        self.assertEqual((result["outcome"], result["message"]), ("error", "set-up: SIGSEGV"))
        result = self.run_parity("authoring/test_unready.c", "--timeout", "0.3", code=1,
                                 THING_HANGS="1")["never_begins"]
        self.assertEqual((result["outcome"], result["message"]),
                         ("error", "set-up: did not end within 0.3 s"))


if __name__ == "__main__":
    unittest.main()
