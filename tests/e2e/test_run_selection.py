# SPDX-License-Identifier: Apache-2.0
"""`parity run`: which tests it runs, in which order, and which of several machines runs them."""
import json
import os
import pathlib
import shutil
import subprocess
import unittest

from runner import HERE, THING, RunTest

CHOSEN = "chosen/test_chosen.c"
GOOD = "good/test_good.c"


class SelectionTest(RunTest):
    def list(self, *arguments, code=0, **environment):
        done = subprocess.run(self.command("--list", *arguments), cwd=self.folder, text=True,
                              env=self.environment(**environment), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.err = done.stderr
        return done.stdout.splitlines()

    def names(self, *arguments, **options):
        return [line.partition("::")[2] for line in self.list(*arguments, **options)]


class Expressions(SelectionTest):
    def test_keywords_are_parts_of_ids_markers_and_tags(self):
        self.assertEqual(self.names("good", "-k", "good_0 and not (good_01 or good_02)"),
                         [f"good_0{n}" for n in (0, 3, 4, 5, 6, 7, 8, 9)])
        self.assertEqual(self.names("chosen", "-k", "QUEUE or is_quick"), ["is_quick", "is_slow"])
        self.assertEqual(self.names("chosen", "-k", "aws_VAL"), ["is_slow"])
        self.assertEqual(len(self.names("chosen", "-k", "test_chosen.c")), len(self.names("chosen")))

    def test_markers_and_tags_are_whole_words(self):
        self.assertEqual(self.names("chosen", "-m", "slow"), ["is_slow"])
        self.assertEqual(self.names("chosen", "-m", "aws_validated"), ["is_slow"])
        self.assertEqual(self.names("chosen", "-m", "AWS_VALIDATED and not slow", code=4), [])
        self.assertEqual(self.names("chosen", "good", "-m", "chosen and quick"), ["is_quick"])
        self.assertEqual(self.names("chosen", "-m", "slo", code=4), [])

    def test_both_hold_together(self):
        self.assertEqual(self.names("chosen", "-k", "is_", "-m", "unknown"), ["is_quick"])

    def test_an_empty_expression_is_none(self):
        self.assertEqual(self.names("chosen", "-k", "", "-m", " "), self.names("chosen"))

    def test_a_mistake_is_pointed_at(self):
        self.list("-k", "a and (b", code=2)
        self.assertIn("-k: column 9 of 'a and (b': expected ')', not the end", self.err)

    def test_an_unknown_tag_is_told(self):
        self.names("chosen", "-m", "not slwo")
        self.assertIn("no test has the tag 'slwo'; did you mean 'slow'?", self.err)
        self.names("chosen", "-m", "not manual_setup_required")
        self.assertEqual(self.err, "")

    def test_an_empty_selection_says_what_emptied_it(self):
        self.list("good", "-k", "good_1", "-m", "aws_validated", code=4)
        self.assertIn("of 100 tests -k 'good_1' leaves 10, -m 'aws_validated' leaves none", self.err)
        self.run_parity("good", "-k", "bad", code=4)
        self.assertEqual(self.server.requests, [])


class LastRun(SelectionTest):
    def setUp(self):
        super().setUp()
        self.run_parity(f"{THING}::fails_with_cleanups", f"{THING}::cleans_what_is_gone",
                        f"{THING}::describes", f"{THING}::skips_itself", code=1)

    def last_run(self):
        lines = (self.folder / ".parity/last-run.jsonl").read_text().splitlines()
        return {entry["id"].partition("::")[2]: entry for entry in map(json.loads, lines)}

    def test_it_is_kept_where_git_does_not_look(self):
        kept = self.last_run()
        self.assertEqual({name: entry["outcome"] for name, entry in kept.items()},
                         {"fails_with_cleanups": "failed", "cleans_what_is_gone": "passed",
                          "describes": "error", "skips_itself": "skipped"})
        self.assertEqual(kept["describes"]["operations"], ["thing:CreateThing", "thing:DescribeThing"])
        self.assertGreater(kept["describes"]["duration_seconds"], 0)
        subprocess.run(["git", "init", "-q"], cwd=self.folder, check=True)
        status = subprocess.run(["git", "status", "--porcelain", "-uall"], cwd=self.folder,
                                capture_output=True, text=True, check=True)
        self.assertNotIn(".parity", status.stdout)

    def test_what_failed_can_be_chosen(self):
        self.assertEqual(self.names(THING, "--last-failed"), ["describes", "fails_with_cleanups"])
        self.assertEqual(self.names(THING, "--last-failed", "-k", "describes"), ["describes"])

    def test_without_a_failure_everything_is(self):
        self.assertEqual(len(self.names("good", "--last-failed")), 100)
        self.assertIn("none of these tests failed", self.err)

    def test_what_failed_can_go_first(self):
        names = self.names(THING, "--failed-first")
        self.assertEqual(names[:2], ["describes", "fails_with_cleanups"])
        self.assertEqual(sorted(names), sorted(self.names(THING)))

    def test_a_run_of_others_forgets_nothing(self):
        self.run_parity(f"{THING}::cleans_what_is_gone", code=0)
        self.assertEqual(set(self.last_run()), {"fails_with_cleanups", "cleans_what_is_gone",
                                                "describes", "skips_itself"})
        self.run_parity(f"{THING}::describes", "--snapshot-update", code=0)
        self.assertEqual(self.names(THING, "--last-failed"), ["fails_with_cleanups"])

    def test_services_and_operations_that_were_called_choose(self):
        called = ["cleans_what_is_gone", "describes", "fails_with_cleanups"]
        self.assertEqual(self.names("thing", "good", "--service", "thing"), called)
        self.assertIn("is not known", self.err)
        self.assertEqual(self.names(THING, "--service", "thin", code=4), [])
        for name in "DescribeThing", "describe-thing", "thing:DescribeThing", "describe_thing":
            self.assertEqual(self.names(THING, "--operation", name), ["describes"])
        # Its cleanups delete, too; but only one test does so itself.
        self.assertEqual(self.names(THING, "--operation", "DeleteThing"), ["cleans_what_is_gone"])
        self.assertEqual(self.names(THING, "--operation", "DeleteThing", "--operation",
                                    "DescribeThing"), ["cleans_what_is_gone", "describes"])

    def test_a_file_that_nobody_can_read_is_told_and_replaced(self):
        (self.folder / ".parity/last-run.jsonl").write_text('{"id": "a", "outcome"\n')
        self.list(THING, "--last-failed", code=2)
        self.assertIn("last-run.jsonl:1", self.err)
        self.run_parity(f"{THING}::cleans_what_is_gone", code=0)
        self.assertEqual(set(self.last_run()), {"cleans_what_is_gone"})

    def test_a_place_that_cannot_be_written_costs_nothing_else(self):
        shutil.rmtree(self.folder / ".parity")
        (self.folder / ".parity").write_text("in the way")
        self.run_parity(f"{THING}::cleans_what_is_gone", code=0)
        self.assertIn(".parity", self.err)


class Changes(SelectionTest):
    """A checkout of its own, whose suites are the sources of the modules."""

    def setUp(self):
        super().setUp()
        shutil.copytree(HERE / "suites", self.folder / "suites")
        self.configure(suites="suites")
        for path in "docs/a.md", "README.md", "src/harness.c", "suites/chosen/data.txt":
            self.change(path)
        self.record("describes")
        self.git("init", "-q", "-b", "main")
        self.commit()

    def git(self, *arguments):
        environment = {**os.environ, "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid",
                               *arguments], cwd=self.folder, check=True, text=True,
                              env=environment, capture_output=True).stdout

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-qm", "change")

    def change(self, path):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write("\n")

    def suites(self, *arguments, **options):
        ids = self.list("--changed-since", "main", *arguments, **options)
        return sorted({line.partition("::")[0] for line in ids})

    def test_nothing_has_changed(self):
        self.assertEqual(self.suites(code=4), [])
        self.assertIn("--changed-since 'main' leaves none", self.err)

    def test_a_suite_and_what_is_recorded_of_it_concern_its_tests(self):
        for path in ("suites/thing/test_thing.c", "snapshots/thing/test_thing.snapshot.json",
                     "snapshots/thing/test_thing.validation.json",
                     "suites/thing/test_thing.transformers.json"):
            with self.subTest(path):
                self.change(path)
                self.assertEqual(self.suites(), [THING])
                self.assertEqual(self.suites("good", code=4), [])
                self.git("stash", "-qu")
                self.git("stash", "drop", "-q")

    def test_other_files_beside_suites_concern_the_folder(self):
        self.change("suites/chosen/data.txt")
        self.assertEqual(self.suites(), [CHOSEN])

    def test_documentation_concerns_nothing(self):
        self.change("docs/a.md")
        self.change("README.md")
        self.change("docs/new.svg")
        self.assertEqual(self.suites(code=4), [])

    def test_anything_else_concerns_everything(self):
        self.change("src/harness.c")
        self.assertEqual(self.suites(), self.suites())
        self.assertIn(GOOD, self.suites())
        self.assertIn("all tests are run, because of", self.err)
        self.assertIn("src/harness.c", self.err)

    def test_what_is_committed_and_what_is_new_counts(self):
        self.git("checkout", "-qb", "branch")
        self.change("suites/good/test_good.c")
        self.commit()
        self.assertEqual(self.suites(), [GOOD])
        self.change("suites/chosen/new.txt")
        self.assertEqual(self.suites(), [CHOSEN, GOOD])

    def test_what_others_changed_since_does_not(self):
        self.git("checkout", "-qb", "branch")
        self.change("suites/good/test_good.c")
        self.commit()
        self.git("checkout", "-q", "main")
        self.change("src/harness.c")
        self.commit()
        self.git("checkout", "-q", "branch")
        self.assertEqual(self.suites(), [GOOD])

    def test_a_commit_that_is_not_there(self):
        for rev in "nowhere", "-h", "--all":
            self.list("--changed-since", rev, code=2)
            self.assertIn(f"git knows no commit '{rev}' here", self.err)

    def test_without_a_checkout(self):
        shutil.rmtree(self.folder / ".git")
        self.list("--changed-since", "main", code=3)
        self.assertIn("--changed-since needs git", self.err)


class Order(SelectionTest):
    def test_a_seed_makes_an_order(self):
        first = self.names("good", "--shuffle=7")
        self.assertIn("--shuffle=7", self.err)
        self.assertEqual(first, self.names("good", "--shuffle=7"))
        self.assertEqual(first[:4], ["good_14", "good_62", "good_24", "good_42"])
        self.assertNotEqual(first, self.names("good", "--shuffle=8"))
        self.assertEqual(sorted(first), self.names("good"))

    def test_the_seed_of_chance_is_told_and_can_be_used_again(self):
        first = self.names("good", "--shuffle")
        seed = self.err.partition("--shuffle=")[2].split()[0]
        self.assertEqual(first, self.names("good", f"--shuffle={seed}"))

    def test_a_seed_is_a_number(self):
        self.list("--shuffle=x", code=2)
        self.assertIn("'x'", self.err)

    def test_tests_that_run_alone_come_last(self):
        names = self.names("chosen", "--shuffle=3")
        self.assertEqual(sorted(names[-2:]), ["alone_1", "alone_2"])


class Shards(SelectionTest):
    def shards(self, count, *arguments):
        return [self.list("good", "chosen", "--shard", f"{i + 1}/{count}", *arguments)
                for i in range(count)]

    def test_each_test_is_in_exactly_one(self):
        for count in 1, 3, 7:
            shards = self.shards(count)
            self.assertEqual(sorted(sum(shards, [])), sorted(self.list("good", "chosen")))
            self.assertLessEqual(max(map(len, shards)) - min(map(len, shards)), 1)

    def test_recorded_durations_balance_them(self):
        (self.folder / "snapshots/good").mkdir(parents=True)
        (self.folder / "snapshots/good/test_good.validation.json").write_text(json.dumps(
            {f"{GOOD}::good_{n:02}": {"durations_in_seconds": {"call": 1.0, "total": 1.0}}
             for n in range(99)} | {f"{GOOD}::good_99": {"durations_in_seconds": {"total": 50.0}}}))
        shards = [self.names("good", "--shard", f"{i}/2") for i in (1, 2)]
        self.assertIn("good_99", shards[0])
        self.assertEqual([len(shard) for shard in shards], [26, 74])

    def test_a_results_file_says_how_long_tests_take(self):
        self.run_parity("good", code=0)
        for test in self.document["tests"]:
            test["duration_seconds"] = 30 if test["id"].endswith("good_50") else 1
        durations = self.folder / "durations.json"
        durations.write_text(json.dumps(self.document))
        shards = [self.names("good", "--shard", f"{i}/2", "--shard-durations", str(durations))
                  for i in (1, 2)]
        self.assertEqual([len(shard) for shard in shards], [36, 64])
        self.list("good", "--shard", "1/2", "--shard-durations", "nowhere", code=2)
        self.assertIn("nowhere", self.err)

    def test_what_ci_systems_say_counts(self):
        status = self.folder / "status"
        for environment, index in (
                ({"TEST_SHARD_INDEX": "1", "TEST_TOTAL_SHARDS": "4",
                  "TEST_SHARD_STATUS_FILE": str(status)}, 2),
                ({"CI_NODE_INDEX": "4", "CI_NODE_TOTAL": "4"}, 4),
                ({"JOB_COMPLETION_INDEX": "0", "PARITY_SHARD_TOTAL": "4"}, 1)):
            with self.subTest(environment):
                self.assertEqual(self.list("good", **environment),
                                 self.list("good", "--shard", f"{index}/4"))
        self.assertTrue(status.exists())

    def test_the_command_line_counts_more(self):
        everywhere = {"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "4"}
        self.assertEqual(len(self.list("good", "--shard", "1/1", **everywhere)), 100)
        self.assertEqual(len(self.list("good", CI_NODE_TOTAL="1")), 100)

    def test_what_makes_no_sense_is_refused(self):
        for shard in "0/2", "3/2", "1", "a/2", "1/", "/2", "-1/2", "1/0", "1/2/3", "1/999999999999":
            self.list("good", "--shard", shard, code=2)
            self.assertIn(f"'{shard}'", self.err)
        self.list("good", CI_NODE_INDEX="5", CI_NODE_TOTAL="4", code=2)
        self.assertIn("CI_NODE_INDEX=5", self.err)
        self.assertEqual(len(self.list("good", JOB_COMPLETION_INDEX="1")), 100)
        self.assertIn("PARITY_SHARD_TOTAL", self.err)

    def test_a_shard_without_tests_is_fine(self):
        self.run_parity(f"{GOOD}::good_00", "--shard", "2/2", code=0)
        self.assertEqual(self.document["tests"], [])
        self.assertIn("shard 2/2: 0 of 1 tests", self.err)
        self.assertEqual(self.server.requests, [])
        self.run_parity("good", "-k", "nothing", "--shard", "1/2", code=4)


if __name__ == "__main__":
    unittest.main()
