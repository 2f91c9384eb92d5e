# SPDX-License-Identifier: Apache-2.0
"""Nothing is left behind: what a run creates is written down first, and `--cleanup` deletes it."""
import json
import subprocess
import threading
import unittest

from runner import BUILD, PARITY, RunTest

LEFT = "thing/test_left.c"


class Journal(RunTest):
    def environment(self, **changes):
        return super().environment(
            PARITY_MODULES_DIR=str(BUILD / "tests/e2e/leaving_suites"), **changes)

    def setUp(self):
        super().setUp()
        self.configure(suites=None)
        self.folder_of_journals = self.folder / ".local/state/parity/journal"

    def run_left(self, *names, code=None, **environment):
        return self.run_parity(*(f"{LEFT}::{name}" for name in names), "--snapshot-skip-all",
                               code=code, **environment)

    def journals(self):
        return sorted(self.folder_of_journals.glob("*"))

    def lines(self):
        (path,) = self.journals()
        return [json.loads(line) for line in path.read_text().splitlines()]

    def left(self):
        return sorted(name.rsplit("-", 1)[0] for name in self.server.things)

    def cleanup(self, *arguments, code=0, **environment):
        done = subprocess.run([PARITY, "run", "--cleanup", *arguments], cwd=self.folder,
                              env=self.environment(**environment), text=True, capture_output=True,
                              timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.err = done.stderr
        return done.stdout

    def start(self, *names):
        return subprocess.Popen(
            self.command("--snapshot-skip-all", *(f"{LEFT}::{name}" for name in names)),
            cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill_when(self, condition, *names):
        process = self.start(*names)
        self.wait_for(condition)
        process.kill()
        process.wait(20)
        self.assert_no_process()

    def kill_when_there_are(self, count, *names):
        self.kill_when(lambda: len(self.server.things) == count and any(
            '"answer"' in path.read_text().splitlines()[-1] for path in self.journals()), *names)


class InTheRun(Journal):
    def test_a_run_that_ends_well_leaves_no_journal(self):
        self.run_left("ends_well", "deletes_by_itself", code=0)
        self.assertEqual((self.left(), self.journals(), self.err), ([], [], ""))
        self.assertEqual(self.cleanup(), "0 left\n")

    def test_what_a_test_keeps_on_purpose_is_its_own_business(self):
        self.run_left("keeps_on_purpose", code=0)
        self.assertEqual((self.left(), self.journals()), (["meant"], []))

    def test_a_crash_before_a_cleanup_is_registered_leaves_nothing(self):
        result = self.run_left("crashes_before_it_registers", code=1)["crashes_before_it_registers"]
        self.assertEqual(result["outcome"], "crashed")
        self.assertEqual((self.left(), self.journals(), self.err), ([], [], ""))
        self.assertEqual([given.split('"')[3].partition("-")[0]
                          for operation, given, _ in self.server.requests
                          if operation == "DeleteThing"], ["second", "first"])

    def test_a_call_that_should_have_been_refused_leaves_nothing(self):
        self.run_left("expects_a_refusal", code=1)
        self.assertEqual((self.left(), self.journals(), self.err), ([], [], ""))

    def test_a_call_without_an_answer_leaves_nothing(self):
        self.run_left("loses_the_answer", code=3)
        self.assertEqual((self.left(), self.journals(), self.err), ([], [], ""))

    def test_a_refused_connection_created_nothing(self):
        self.configure(suites=None, emulators={"fake": {"endpoint_url": "http://127.0.0.1:1"}})
        self.run_left("ends_well")
        self.assertEqual(self.journals(), [])

    def test_a_run_warns_of_what_it_could_not_delete(self):
        self.run_left("cannot_delete", code=0)
        self.assertIn("1 thing may be left on http://127.0.0.1", self.err)
        self.assertIn("parity run --cleanup", self.err)
        self.assertEqual(len(self.journals()), 1)
        self.run_left("ends_well", code=0)
        self.assertIn("1 earlier run may have left something", self.err)
        out = self.cleanup(code=1)
        self.assertIn("NOT DELETED: thing DeleteThing", out)
        self.assertIn("AccessDenied: not you", out)
        self.assertIn("0 deleted, 0 not there, 1 left", out)
        self.server.may_delete = True
        self.assertIn("1 deleted, 0 not there, 0 left", self.cleanup())
        self.assertEqual((self.left(), self.journals()), ([], []))

    def test_it_takes_no_tests(self):
        self.cleanup(LEFT, code=2)
        self.assertIn(LEFT, self.err)
        for options in ("-k", "a"), ("--shard", "1/2"), ("--service", "sqs"), ("--junit", "x.xml"):
            self.cleanup(*options, code=2)
            self.assertIn("--cleanup deletes what is left of all tests; it takes no --", self.err)

    def test_an_emulator_is_run_without_a_journal_where_none_can_be_written(self):
        self.run_left("ends_well", code=0, XDG_STATE_HOME="/proc")
        self.assertIn("/proc/parity", self.err)

    def test_aws_is_not(self):
        self.run_left("ends_well", XDG_STATE_HOME="/proc", TEST_TARGET="AWS_CLOUD",
                      AWS_REGION="eu-west-1", AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b",
                      PARITY_CONNECT_TO="::127.0.0.1:1")
        self.assertNotEqual(self.code, 0)
        self.assertIn("/proc/parity", self.err)
        self.assertIsNone(self.document)

    def test_an_emulator_that_the_run_starts_takes_everything_along(self):
        self.configure(suites=None, emulators={"fake": {
            "command": ["python3", str(BUILD / "nothing.py")], "endpoint_url": self.server.url}})
        self.run_left("ends_well")
        self.assertEqual(self.journals(), [])


class AfterAKill(Journal):
    def test_what_is_left_is_shown_and_deleted(self):
        self.kill_when_there_are(2, "waits_to_be_killed")
        listed = self.cleanup("--list")
        self.assertIn(f"on {self.server.url}", listed)
        self.assertRegex(listed, r'created by: thing CreateThing \{"Name": "unregistered-')
        self.assertRegex(listed, r'to be made: thing DeleteThing \{"Name": "registered-')
        self.assertIn(f"{LEFT}::waits_to_be_killed, 20", listed)
        self.assertTrue(listed.endswith("2 left\n"))
        self.assertEqual(self.left(), ["registered", "unregistered"])
        self.assertIn("2 deleted, 0 not there, 0 left", self.cleanup())
        self.assertEqual((self.left(), self.journals()), ([], []))

    def test_what_need_not_be_ours_is_left_to_the_user(self):
        self.kill_when_there_are(1, "waits_with_a_name_of_its_own")
        out = self.cleanup(code=1)
        self.assertIn('LOOK YOURSELF, may have been created by: thing CreateThing '
                      '{"Name": "a-thing-that-may-be-older"}', out)
        self.assertIn('may be older than the run; --force makes: thing DeleteThing '
                      '{"Name": "a-thing-that-may-be-older"}\n', out)
        self.assertTrue(out.endswith("0 deleted, 0 not there, 1 left\n"))
        self.assertIn("1 thing may have been there before; if not, 'parity run --cleanup --force' "
                      "deletes it", self.err)
        self.assertEqual(self.left(), ["a-thing-that-may-be"])
        self.assertEqual(len(self.journals()), 1)

    def test_the_user_s_word_deletes_it(self):
        self.kill_when_there_are(1, "waits_with_a_name_of_its_own")
        for options in ("--list",), ("--list", "--force"):
            self.assertIn('may be older than the run; deleted by --cleanup --force only: thing '
                          'DeleteThing {"Name": "a-thing-that-may-be-older"}\n',
                          self.cleanup(*options))
        self.assertEqual(self.left(), ["a-thing-that-may-be"])
        out = self.cleanup("--force")
        self.assertIn('  deleted: thing DeleteThing {"Name": "a-thing-that-may-be-older"}', out)
        self.assertTrue(out.endswith("1 deleted, 0 not there, 0 left\n"))
        self.assertEqual((self.left(), self.journals(), self.err), ([], [], ""))

    def test_also_of_a_call_without_an_answer(self):
        self.kill_when(lambda: self.server.requests, "waits_in_a_call_with_a_name_of_its_own")
        self.server.go_on.set()
        self.wait_for(lambda: self.server.things)
        self.assertIn("--force makes: thing DeleteThing", self.cleanup(code=1))
        self.assertEqual(list(self.server.things), ["late-and-fixed"])
        self.assertIn("1 deleted, 0 not there, 0 left", self.cleanup("--force"))
        self.assertEqual((self.left(), self.journals()), ([], []))

    def test_and_of_one_that_came_to_nothing(self):
        self.kill_when(lambda: self.server.requests, "waits_in_a_call_with_a_name_of_its_own")
        self.assertIn("0 deleted, 1 not there, 0 left", self.cleanup("--force"))
        self.assertEqual(self.journals(), [])

    def test_what_made_a_call_fail_is_never_deleted(self):
        self.server.things["taken-by-another"] = True
        self.kill_when(lambda: any('"refusal"' in path.read_text() for path in self.journals()),
                       "waits_after_a_refusal")
        self.assertEqual(self.cleanup("--force"), "0 left\n")
        self.assertEqual(list(self.server.things), ["taken-by-another"])

    def test_what_nobody_knows_how_to_undo_stays_the_user_s(self):
        self.kill_when_there_are(1, "waits_with_a_name_of_its_own")
        (path,) = self.journals()
        path.write_text(path.read_text().replace('"CreateThing"', '"SubscribeThing"'))
        self.assertIn("may be older than the run; --cleanup says whether --force can delete it",
                      self.cleanup("--list"))
        for options in (), ("--force",):
            out = self.cleanup(*options, code=1)
            self.assertIn("LOOK YOURSELF, may have been created by: thing SubscribeThing", out)
            self.assertNotIn("--force makes", out)
            self.assertIn(f"when you have looked after the rest, remove {path}", self.err)

    def test_the_word_is_for_cleanups(self):
        self.run_parity("--force", code=2)
        self.assertIn("--force goes with --cleanup", self.err)

    def test_a_call_that_arrives_late_is_waited_for(self):
        self.kill_when(lambda: self.server.requests, "waits_in_a_call")
        self.assertEqual(self.left(), [])
        threading.Timer(0.3, self.server.go_on.set).start()
        self.assertIn("1 deleted", self.cleanup())
        self.assertEqual((self.left(), self.journals()), ([], []))

    def test_a_torn_line_is_skipped(self):
        self.kill_when_there_are(2, "waits_to_be_killed")
        (path,) = self.journals()
        with path.open("a") as journal:
            journal.write('not a line\n{"event": "settled", "ids": [1, 2')
        self.assertIn("2 deleted", self.cleanup())
        self.assertEqual((self.left(), self.journals()), ([], []))

    def test_other_targets_are_left_alone(self):
        self.kill_when_there_are(2, "waits_to_be_killed")
        out = self.cleanup("--endpoint-url", "http://127.0.0.1:1")
        self.assertIn("0 deleted", out)
        self.assertIn("other emulators", self.err)
        self.cleanup(TEST_TARGET="AWS_CLOUD", AWS_REGION="eu-west-1")
        self.assertEqual(len(self.left()), 2)
        self.assertIn("2 deleted", self.cleanup("--endpoint-url", self.server.url + "/"))

    def test_a_target_that_is_gone_is_named(self):
        self.kill_when_there_are(2, "waits_to_be_killed")
        (path,) = self.journals()
        path.write_text(path.read_text().replace(self.server.url, "http://127.0.0.1:1"))
        self.cleanup(code=3)
        self.assertIn("http://127.0.0.1:1", self.err)
        self.assertIn(f"remove {path}", self.err)

    def test_a_run_that_goes_on_is_left_alone(self):
        process = self.start("waits_to_be_killed")
        self.wait_for(lambda: len(self.server.things) == 2)
        self.cleanup()
        self.assertIn("1 run is still going on, and left alone", self.err)
        self.assertEqual(len(self.left()), 2)
        process.kill()
        process.wait(20)
        self.assertIn("2 deleted", self.cleanup())

    def test_no_line_holds_what_is_sensitive_or_long(self):
        self.kill_when_there_are(1, "hides_what_is_secret")
        call = next(line for line in self.lines() if line["event"] == "call")
        self.assertEqual(list(call["call"]["input"]), ["Name"])
        self.assertEqual(self.journals()[0].stat().st_mode & 0o777, 0o600)
        self.cleanup()


class Sharing(Journal):
    """Fixtures that tests share, and runs of a test side by side, together with what goes wrong."""
    FIRST, SECOND = "sharing/test_first.c", "sharing/test_second.c"

    def setUp(self):
        super().setUp()
        self.traces = self.folder / "traces"
        self.traces.mkdir()

    def environment(self, **changes):
        return super().environment(PARITY_TEST_TRACES=str(self.traces), **changes)

    def run_second(self, *names_and_options, code=0):
        (self.traces / "count").unlink(missing_ok=True)
        self.server.reset()
        return self.run_parity(
            *(f"{self.SECOND}::{part}" if part[0].isalpha() else part for part in names_and_options),
            "--snapshot-skip-all", code=code)

    def made(self, operation="CreateThing"):
        names = [json.loads(given)["Name"] for name, given, _ in self.server.requests
                 if name == operation]
        return [name.rpartition("-")[0] for name in names]

    def assert_clean(self):
        self.assertEqual((self.left(), self.journals()), ([], []))
        self.assertNotIn("left", self.err)

    def test_a_suite_that_ends_takes_nothing_from_a_test_that_goes_on(self):
        result = self.run_parity(self.FIRST, f"{self.SECOND}::shares", "-j", "2",
                                 "--snapshot-skip-all")["holds_what_it_made"]
        self.assertEqual((self.code, result["message"]), (0, None))
        self.assert_clean()

    def test_a_run_that_crashes_takes_nothing_from_another_run_of_the_same_test(self):
        self.run_second("crashes_beside_another", "--repeat=2", "-j2", code=1)
        outcomes = sorted((t["outcome"], t["message"]) for t in self.document["tests"])
        self.assertEqual([outcome for outcome, _ in outcomes], ["crashed", "passed"], outcomes)
        self.assert_clean()

    def test_a_test_that_crashes_takes_nothing_of_what_it_set_up_for_others(self):
        results = self.run_second("part_1_crashes", "part_2_needs_it", "-j1", code=1)
        self.assertEqual(results["part_1_crashes"]["outcome"], "crashed")
        self.assertEqual((results["part_2_needs_it"]["outcome"],
                          results["part_2_needs_it"]["message"]), ("passed", None))
        self.assertEqual(self.made("DeleteThing"), ["own", "part", "whole"])
        self.assert_clean()

    def test_what_a_fixture_made_until_it_crashed_is_deleted(self):
        self.run_second("part_of_what_crashes", code=1)
        self.assertEqual(sorted(self.made("DeleteThing")), ["part", "whole"])
        self.assert_clean()

    def check_once(self, *options, runs, code=0):
        self.run_second("shares", "shares_too", "shares_and_fails_at_first", *options, code=code)
        self.assertEqual(len(self.document["tests"]), runs)
        self.assertEqual((self.made(), self.made("DeleteThing")),
                         (["run", "suite"], ["suite", "run"]))
        self.assert_clean()

    def test_it_is_one_for_all_runs_of_all_tests(self):
        self.check_once("--repeat=3", "-j1", runs=9, code=1)
        self.check_once("--repeat=3", "-j3", "--shuffle=7", runs=9, code=1)
        self.check_once("--retries=2", "-j2", runs=3)
        self.check_once("--repeat=3", "--retries=1", "-j2", runs=9)
        self.check_once("--shuffle=3", "-j2", "--retries=1", runs=3)

    def test_it_outlives_the_process_that_set_it_up(self):
        self.run_second("shares_and_crashes_at_first", "--retries=1", "--repeat=2", "-j1")
        self.assertEqual([t["flaky"] for t in self.document["tests"]], [True, False])
        self.assertEqual((self.made(), self.made("DeleteThing")),
                         (["run", "suite"], ["suite", "run"]))
        self.assert_clean()

    def test_each_shard_has_its_own(self):
        for shard in "1/2", "2/2":
            self.run_second("shares", "shares_too", f"--shard={shard}")
            self.assertEqual((len(self.document["tests"]), self.made()), (1, ["run", "suite"]))
            self.assert_clean()

    def test_it_is_deleted_when_the_run_stops_early(self):
        results = self.run_second("shares", "shares_and_fails_at_first", "shares_too", "-x", "-j1",
                                  code=1)
        self.assertEqual(results.keys(), {"shares", "shares_and_fails_at_first"})
        self.assertEqual(self.made("DeleteThing"), ["suite", "run"])
        self.assert_clean()

    def test_a_further_attempt_sets_up_what_had_failed(self):
        for options in ("-j1",), ("-j2",):
            results = self.run_second("late_1", "late_2", "--retries=2", *options)
            self.assertEqual([r["outcome"] for r in results.values()], ["passed"] * 2)
            attempts = [a["message"] for r in results.values() for a in r["attempts"]]
            self.assertIn("fixture 'inner': not yet", attempts)
            self.assertIn("fixture 'inner': SIGABRT", attempts)
            self.assertEqual(self.made(), ["inner"] * 3)
            self.assert_clean()

    def test_without_one_it_stays_failed(self):
        self.run_second("late_1", "late_2", "--repeat=2", code=1)
        self.assertEqual([t["outcome"] for t in self.document["tests"]], ["error"] * 4)
        self.assertEqual(self.made(), ["inner"])
        self.assert_clean()

    def test_names_of_late_runs_are_known_as_the_runs_own(self):
        process = subprocess.Popen(
            self.command("--snapshot-skip-all", "--repeat", "25", "-j", "1",
                         f"{self.SECOND}::is_killed_in_its_25th_run"),
            cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_for(lambda: any('"answer"' in p.read_text() for p in self.journals()))
        process.kill()
        process.wait(20)
        self.assert_no_process()
        self.assertIn("1 deleted, 0 not there, 0 left", self.cleanup())

    # --- what earlier runs have learned -------------------------------------------------------

    def count_as(self, number):
        """The next call of count() in a test returns it."""
        (self.traces / "count").write_text("." * (number - 1))

    def kill_second(self, name):
        process = subprocess.Popen(
            self.command("--snapshot-skip-all", f"{self.SECOND}::{name}"), cwd=self.folder,
            env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.wait_for(lambda: any('"answer"' in p.read_text() for p in self.journals()))
        process.kill()
        process.wait(20)
        self.assert_no_process()

    def learned(self):
        path = self.folder / ".parity/cleanups.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    def test_what_a_test_always_deletes_is_deleted_whatever_its_name(self):
        self.run_second("fixed_name")
        self.assertEqual(self.learned(), [
            {"test": f"{self.SECOND}::fixed_name", "scope": "test", "service": "thing", "operation": "CreateThing",
             "cleanups": [{"service": "thing", "operation": "DeleteThing", "input": {
                 "Name": {"$of": "input", "path": ["Name"], "is": "a-fixed-name"}}}]}])
        self.count_as(2)
        self.run_parity(f"{self.SECOND}::fixed_name", "--snapshot-skip-all", code=1)
        self.assertEqual(self.results["fixed_name"]["outcome"], "crashed")
        self.assert_clean()
        self.count_as(3)
        self.kill_second("fixed_name")
        self.assertEqual(list(self.server.things), ["a-fixed-name"])
        out = self.cleanup()
        self.assertIn('  deleted: thing DeleteThing {"Name": "a-fixed-name"}', out)
        self.assertIn("1 deleted, 0 not there, 0 left", out)
        self.assertEqual((self.left(), self.journals()), ([], []))

    def test_without_having_seen_it_the_user_looks(self):
        self.count_as(3)
        self.kill_second("fixed_name")
        self.assertIn("LOOK YOURSELF", self.cleanup(code=1))
        self.assertEqual(list(self.server.things), ["a-fixed-name"])

    def test_another_name_is_another_thing(self):
        self.run_second("fixed_name")
        path = self.folder / ".parity/cleanups.jsonl"
        path.write_text(path.read_text().replace("a-fixed-name", "another-name"))
        self.count_as(3)
        self.kill_second("fixed_name")
        self.assertIn("LOOK YOURSELF", self.cleanup(code=1))

    def test_a_fixture_is_known_whichever_test_sets_it_up(self):
        self.run_second("uses_fixed")
        self.assertEqual([line["test"] for line in self.learned()], [f"{self.SECOND}::fixed"])
        self.count_as(2)
        self.kill_second("uses_fixed_too")
        self.assertIn("1 deleted, 0 not there, 0 left", self.cleanup())

    def test_what_was_learned_is_kept_when_other_tests_run_and_forgotten_when_it_no_longer_holds(self):
        self.run_second("fixed_name", "shares")
        known = self.learned()
        self.assertEqual(sorted(line["test"].partition("::")[2].rpartition("/")[2] for line in known),
                         ["fixed_name", "of_the_run", "of_the_suite"])
        self.run_left("ends_well", "keeps_on_purpose", code=0)
        self.assertEqual(self.learned()[:3], known)
        path = self.folder / ".parity/cleanups.jsonl"
        path.write_text(path.read_text().replace("ends_well", "keeps_on_purpose"))
        self.run_left("keeps_on_purpose", code=0)
        self.assertEqual(self.learned(), known)

    def test_what_is_known_of_tests_that_are_gone_is_forgotten(self):
        self.run_second("fixed_name", "shares")
        known = self.learned()
        self.assertEqual(sorted(line["scope"] for line in known), ["run", "suite", "test"])
        path = self.folder / ".parity/cleanups.jsonl"
        (of_a_test,) = (line for line in known if line["scope"] == "test")
        elsewhere = dict(of_a_test, test="other/test_other.c::test")
        gone = dict(of_a_test, test=f"{self.SECOND}::gone")
        path.write_text("".join(json.dumps(line) + "\n" for line in (*known, elsewhere, gone)))
        self.run_parity(f"{self.FIRST}", "--snapshot-skip-all", "-j2")
        self.assertIn(gone, self.learned())  # that file was not loaded
        (self.folder_of_journals / "left.jsonl").write_text('{"event": "run", "run": "left"}\n')
        self.run_second("fixed_name")
        self.assertIn(gone, self.learned())  # and may be needed
        (self.folder_of_journals / "left.jsonl").unlink()
        self.run_second("fixed_name")
        self.assertEqual([line for line in self.learned() if "/test_first" not in line["test"]],
                         [*known, elsewhere])


if __name__ == "__main__":
    unittest.main()
