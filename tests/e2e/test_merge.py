# SPDX-License-Identifier: Apache-2.0
"""`parity merge`: what several machines or runs have found out, as one run would have reported it."""
import copy
import json
import subprocess
import unittest

from runner import PARITY, THING, RunTest

GOOD = "good/test_good.c"
CHOSEN = "chosen/test_chosen.c"


class MergeTest(RunTest):
    def environment(self, **changes):
        return super().environment(PARITY_TEST_TRACES=str(self.folder), **changes)

    def results_of(self, name, *arguments, code=0, **environment):
        """Run, and keep the results file under a name of its own."""
        self.run_parity(*arguments, code=code, **environment)
        (self.folder / name).write_text(json.dumps(self.document))
        return self.document

    def write(self, name, document):
        (self.folder / name).write_text(json.dumps(document))

    def merge(self, *arguments, code=0, **environment):
        merged = self.folder / "merged.json"
        merged.unlink(missing_ok=True)
        done = subprocess.run([PARITY, "merge", "--results", str(merged), *arguments], text=True,
                              cwd=self.folder, env=self.environment(**environment), timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True)
        self.out, self.err = done.stdout, done.stderr
        self.assertEqual(done.returncode, code, self.out + self.err)
        return json.loads(merged.read_text()) if merged.exists() else None

    @staticmethod
    def comparable(document):
        """What does not differ between two runs of the same tests."""
        tests = copy.deepcopy(document["tests"])
        for test in tests:
            del test["duration_seconds"]
        summary = dict(document["summary"])
        del summary["duration_seconds"]
        return tests, summary


class Shards(MergeTest):
    def shards(self, count=3):
        for i in range(1, count + 1):
            self.results_of(f"{i}.json", "good", f"{CHOSEN}::is_slow", "--shard", f"{i}/{count}")
        return [f"{i}.json" for i in range(1, count + 1)]

    def test_together_they_are_the_whole_run(self):
        files = self.shards()
        self.run_parity("good", f"{CHOSEN}::is_slow", code=0)
        merged = self.merge(*files)
        self.assertEqual(self.comparable(merged), self.comparable(self.document))
        self.assertIsNone(merged["shard"])
        self.assertEqual(merged["target"], self.document["target"])
        self.assertIn("joining 101 tests against fake", self.out)
        self.assertIn("3 results files", self.out)
        self.assertIn("101 passed", self.out)

    def test_their_order_does_not_matter_and_merging_twice_changes_nothing(self):
        files = self.shards()
        once = self.merge(*files)
        self.assertEqual(self.comparable(self.merge(*reversed(files))), self.comparable(once))
        self.write("once.json", once)
        self.assertEqual(self.merge("once.json"), once)

    def test_one_that_is_missing_is_told_and_is_no_success(self):
        files = self.shards()
        self.merge(files[0], files[2], code=3)
        self.assertIn("there are no results of shard 2 of 3", self.err)
        self.assertIn("passed", self.out)

    def test_shards_of_another_division_are_refused(self):
        files = self.shards()
        self.results_of("2.json", "good", "--shard", "2/3")
        self.assertIsNone(self.merge(*files, code=2))
        self.assertIn("2.json", self.err)
        self.assertIn("divided in another way than 1.json", self.err)
        self.results_of("4.json", "good", "--shard", "1/4")
        self.merge("1.json", "4.json", code=2)
        self.assertIn("is one of 4 shards, and 1.json one of 3", self.err)

    def test_the_other_reports_are_written_too(self):
        files = self.shards(2)
        self.merge(*files, "--junit", "junit.xml", "--tap", "tap.txt", "--durations", "1")
        self.assertEqual((self.folder / "junit.xml").read_text().count("<testcase"), 101)
        self.assertIn("1..101", (self.folder / "tap.txt").read_text())
        self.assertIn("slowest test", self.out)


class Runs(MergeTest):
    def test_runs_of_different_tests_add_up(self):
        self.results_of("a.json", f"{GOOD}::good_00")
        self.results_of("b.json", f"{THING}::fails_with_cleanups", code=1)
        merged = self.merge("a.json", "b.json", code=1)
        self.assertEqual([test["outcome"] for test in merged["tests"]], ["passed", "failed"])
        self.assertEqual(merged["summary"]["selected"], 2)
        self.assertIn("on purpose", self.out)
        self.assertAlmostEqual(merged["summary"]["duration_seconds"],
                               sum(json.loads((self.folder / name).read_text())["summary"]
                                   ["duration_seconds"] for name in ("a.json", "b.json")))

    def test_a_test_that_passed_in_the_end_is_flaky(self):
        for name in "a.json", "b.json", "c.json":
            self.results_of(name, f"{CHOSEN}::passes_the_third_time", f"{GOOD}::good_00",
                            code=name != "c.json")
        merged = self.merge("a.json", "b.json", "c.json")
        good, late = sorted(merged["tests"], key=lambda test: test["flaky"])
        self.assertEqual((good["flaky"], good["attempts"]), (False, []))
        self.assertEqual([a["message"] for a in late["attempts"]], ["attempt 1", "attempt 2"])
        self.assertEqual(merged["summary"]["flaky"], 1)
        self.assertIn("1 flaky", self.out)

    def test_the_last_result_counts(self):
        self.record("describes")
        self.results_of("a.json", f"{THING}::describes")
        self.server.answer = {"Size": 8}
        self.results_of("b.json", f"{THING}::describes", code=1)
        merged = self.merge("a.json", "b.json", code=1)
        self.assertEqual((merged["tests"][0]["outcome"], merged["tests"][0]["flaky"]),
                         ("failed", False))
        self.assertEqual(len(merged["tests"][0]["differences"]), 1)
        merged = self.merge("b.json", "a.json")
        self.assertTrue(merged["tests"][0]["flaky"])
        self.assertEqual(len(merged["tests"][0]["attempts"][0]["differences"]), 1)

    def test_only_the_machines_fault_is_none_of_the_target(self):
        self.results_of("a.json", f"{GOOD}::good_00")
        self.results_of("b.json", f"{THING}::bad_closed", "--snapshot-skip-all", code=3)
        document = json.loads((self.folder / "a.json").read_text())
        document["target"]["mode"] = "run"
        self.write("a.json", document)
        self.merge("a.json", "b.json", code=3)

    def test_an_interrupted_run_stays_one(self):
        document = self.results_of("a.json", f"{GOOD}::good_00")
        document["summary"].update(interrupted=True, not_run=4)
        self.write("a.json", document)
        for name, code in (("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129), (None, 130)):
            document["summary"]["interrupted_by"] = name
            self.write("a.json", document)
            merged = self.merge("a.json", code=code)
            self.assertEqual((merged["summary"]["selected"], merged["summary"]["not_run"],
                              merged["summary"]["interrupted_by"]), (5, 4, name))
        # As written before results said so.
        del document["summary"]["interrupted_by"]
        self.write("a.json", document)
        self.merge("a.json", code=130)

    def test_a_shard_that_ran_again_takes_the_place_of_the_interrupted_one(self):
        document = self.results_of("b.json", "good", "--shard", "1/1")
        document["summary"].update(interrupted=True, not_run=60)
        document["tests"] = document["tests"][:40]
        self.write("a.json", document)
        merged = self.merge("a.json", "b.json")
        self.assertEqual((merged["summary"]["passed"], merged["summary"]["not_run"]), (100, 0))

    def test_repetitions_stay_apart(self):
        self.results_of("a.json", f"{GOOD}::good_00", "--repeat", "3")
        merged = self.merge("a.json")
        self.assertEqual([test["repetition"] for test in merged["tests"]], [1, 2, 3])

    def test_what_a_later_version_adds_is_kept(self):
        document = self.results_of("a.json", f"{GOOD}::good_00")
        document["tests"][0]["new"] = {"a": 1}
        self.write("a.json", document)
        self.assertEqual(self.merge("a.json")["tests"][0]["new"], {"a": 1})


class BadInput(MergeTest):
    def test_other_targets_are_refused(self):
        document = self.results_of("a.json", f"{GOOD}::good_00")
        for member, value, word in (("version", "5.1", "version"), ("name", "other", "emulator"),
                                    ("region", "eu-west-1", "region"), ("mode", "run", "mode"),
                                    ("kind", "aws", "target")):
            other = copy.deepcopy(document)
            other["target"][member] = value
            self.write("b.json", other)
            self.assertIsNone(self.merge("a.json", "b.json", code=2))
            self.assertIn("b.json", self.err)
            self.assertIn(f"its {word}", self.err)
            self.assertIn(f"'{value}'", self.err)

    def test_another_address_of_the_same_emulator_is_fine(self):
        document = self.results_of("a.json", f"{GOOD}::good_00")
        document["target"]["endpoint_url"] = "http://127.0.0.1:1"
        self.write("b.json", document)
        self.assertIsNone(self.merge("a.json", "b.json")["target"]["endpoint_url"])

    def test_what_is_no_results_file(self):
        good = self.results_of("good.json", f"{GOOD}::good_00")
        for text in ("{}", "[]", "7", '{"target": {}, "tests": {}, "summary": {}}',
                     '{"target": {}, "tests": [7], "summary": {}}'):
            (self.folder / "bad.json").write_text(text)
            self.merge("good.json", "bad.json", code=2)
            self.assertIn("bad.json", self.err)
            self.assertIn("is no file that 'parity run --results' writes", self.err)
        (self.folder / "bad.json").write_text("{")
        self.merge("bad.json", code=2)
        self.assertIn("bad.json:1:2", self.err)
        good["tests"][0]["outcome"] = "fine"
        self.write("bad.json", good)
        self.merge("bad.json", code=2)
        self.assertIn("'fine'", self.err)
        self.merge("nowhere.json", code=2)
        self.assertIn("nowhere.json", self.err)

    def test_nothing_to_join(self):
        self.merge(code=2)
        self.assertIn("name the files to join", self.err)
        self.merge("--jobs", "3", code=2)

    def test_a_report_that_cannot_be_written(self):
        self.results_of("a.json", f"{GOOD}::good_00")
        self.merge("a.json", "--junit", str(self.folder), code=2)
        self.assertIn("--junit", self.err)


if __name__ == "__main__":
    unittest.main()
