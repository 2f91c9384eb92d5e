# SPDX-License-Identifier: Apache-2.0
"""Tests as data: `parity run` on scenario files, and `parity scenario check`."""
import json
import os
import signal
import subprocess
import time
import unittest

import runner

CREATE = {"call": "thing.CreateThing", "input": {"Name": "${name}"}, "as": "made"}
DELETE = {"call": "thing.DeleteThing", "input": {"Name": "${made.Name}"}}


class ScenarioTest(runner.RunTest):
    def configure(self, **changes):
        super().configure(suites=str(self.folder / "suites"), **changes)

    def write(self, *tests, name="things.json"):
        """One file of tests; each is completed with what every test needs."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = [{"id": f"thing/t{number}", "marker": "aws_validated", "steps": [], **test}
                 for number, test in enumerate(tests)]
        path.write_text(json.dumps({"tests": whole}, indent=2))
        return path

    def run_tests(self, *arguments, code=None, **environment):
        self.run_parity(*arguments, code=code, **environment)
        self.tests = {test["id"]: test for test in (self.document or {"tests": []})["tests"]}
        return self.tests

    def run_one(self, test, *arguments, code=0):
        self.write(test)
        return self.run_tests("things.json", "--snapshot-skip-all", *arguments, code=code)["thing/t0"]

    def check(self, *arguments):
        done = subprocess.run([runner.PARITY, "scenario", "check", *arguments], cwd=self.folder,
                              env=self.environment(), text=True, capture_output=True, timeout=60)
        self.err = done.stderr
        return done.returncode

    def problem(self, test, *expected, line=None):
        """The test is refused by `check`, with these words, at the line that holds `line`."""
        path = self.write(test)
        self.assertEqual(self.check("things.json"), 2, self.err)
        for word in expected:
            self.assertIn(word, self.err)
        if line:
            number = next(i for i, text in enumerate(path.read_text().splitlines(), 1)
                          if line in text)
            self.assertIn(f"things.json:{number}: ", self.err)

    def sent(self):
        return [(operation, json.loads(body)) for operation, body, _ in self.server.requests
                if operation]


class Running(ScenarioTest):
    def test_values_are_inserted_with_their_type_and_into_texts(self):
        self.server.answer = {"Size": 7}
        self.run_one({"let": {"name": "a ${part}", "part": "b", "plain": "$${part}"}, "steps": [
            CREATE, {"call": "thing.DescribeThing", "input": {"Name": "x"}, "as": "seen"},
            {"call": "thing.DescribeThing",
             "input": {"Name": "${made.Name}/${seen.Size}/${region}/${account}/${plain}"}},
            {"call": "thing.DescribeThing", "no_validate": True,
             "input": {"Name": "y", "Colour": "${seen.Size}", "${part}": True}}]})
        sent = self.sent()
        self.assertEqual(sent[2][1]["Name"], "a b/7/us-east-1/000000000007/${part}")
        self.assertEqual(sent[3][1]["Colour"], 7)

    def test_unique_names_differ_within_a_test_and_between_runs(self):
        test = {"let": {"a": "${unique:n}", "b": "${unique:n}"}, "steps": [
            {"call": "thing.DescribeThing", "input": {"Name": "${a}", "Colour": "${b}"}}]}
        self.run_one(test)
        self.run_one(test)
        names = [value for _, given in self.sent() for value in given.values()]
        self.assertEqual(len(set(names)), 4)
        self.assertTrue(all(name.startswith("n-") for name in names))

    def test_it_is_recorded_by_its_id_and_verified(self):
        self.write({"let": {"name": "${unique:q}"}, "steps": [{**CREATE, "match": "create"}],
                    "transformers": [{"type": "regex", "pattern": "${made.Name}",
                                      "replacement": "<thing>"}]})
        self.run_tests("things.json", "--snapshot-update", code=0)
        recorded = json.loads((self.folder / "snapshots/thing.snapshot.json").read_text())
        self.assertEqual(recorded["thing/t0"]["recorded-content"]["create"]["Name"], "<thing>")
        self.run_tests("things.json", code=0)
        self.server.answer = {"Colour": "blue"}
        self.write({"steps": [{"call": "thing.DescribeThing", "input": {"Name": "<thing>"},
                               "match": "create"}]})
        test = self.run_tests("things.json", code=1)["thing/t0"]
        self.assertEqual(test["outcome"], "failed")
        self.assertTrue(test["differences"])

    def test_select_and_value_say_what_is_matched(self):
        self.write({"steps": [
            {"call": "thing.DescribeThing", "input": {"Name": "x"}, "as": "seen",
             "match": "colour", "select": "$.Colour"},
            {"match": "both", "value": {"size": "${seen.Size}", "list": ["${seen.Colour}!"]}}]})
        self.run_tests("things.json", "--snapshot-update", code=0)
        recorded = json.loads((self.folder / "snapshots/thing.snapshot.json").read_text())
        self.assertEqual(recorded["thing/t0"]["recorded-content"],
                         {"colour": "red", "both": {"size": 7, "list": ["red!"]}})

    def test_skip_verify_hides_on_the_emulators_it_names(self):
        test = {"steps": [{"call": "thing.DescribeThing", "input": {"Name": "x"}, "match": "m"}],
                "skip_verify": [{"paths": ["$..Colour"], "reason": "paint", "emulators": ["fake"]}]}
        self.write(test)
        self.run_tests("things.json", "--snapshot-update", code=0)
        self.server.answer = {"Colour": "blue"}
        hidden = self.run_tests("things.json", code=0)["thing/t0"]["hidden"]
        self.assertEqual([entry["reason"] for entry in hidden], ["paint"])
        test["skip_verify"][0]["emulators"] = ["other"]
        self.write(test)
        self.run_tests("things.json", code=1)

    def test_an_error_is_expected_when_the_step_says_so(self):
        missing = {"call": "thing.DeleteThing", "input": {"Name": "x"}}
        test = self.run_one({"steps": [{**missing, "error": True, "as": "e"},
                                       {"call": "thing.DescribeThing",
                                        "input": {"Name": "${e.Error.Code}"}}]})
        self.assertEqual(test["outcome"], "passed")
        self.assertEqual(self.sent()[-1][1]["Name"], "NoSuchThing")
        self.run_one({"steps": [{**missing, "error": "any"}]})
        self.assertEqual(self.run_one({"steps": [missing]}, code=1)["outcome"], "failed")
        answered = {"call": "thing.DescribeThing", "input": {"Name": "x"}, "error": True}
        self.assertIn("should have been refused",
                      self.run_one({"steps": [answered]}, code=1)["message"])

    def test_a_waiter_may_end_with_an_error_which_is_its_value(self):
        gone = {"wait": "thing.ThingGone", "input": {"Name": "absent"}, "as": "gone"}
        self.run_one({"steps": [gone, {"call": "thing.DescribeThing",
                                       "input": {"Name": "${gone.Error.Code}"}}]})
        self.assertEqual(self.sent()[-1][1]["Name"], "NoSuchThing")
        self.problem({"steps": [gone, {"value": "${gone.Eror}", "match": "m"}]},
                     "DeleteThing answers no 'Eror' there; did you mean 'Error'?", line="Eror")

    def test_a_cleanup_is_made_last_first_also_after_a_failure(self):
        test = self.run_one({"let": {"name": "n"}, "steps": [
            CREATE, {"call": "thing.DeleteThing", "input": {"Name": "absent"}}],
            "cleanup": [{"call": "thing.DeleteThing", "input": {"Name": "first"}}, DELETE,
                        {"call": "thing.DeleteThing", "input": {"Name": "bad-delete"}}]}, code=1)
        self.assertEqual(test["outcome"], "failed")
        self.assertEqual([given["Name"] for operation, given in self.sent()[2:]],
                         ["bad-delete", "n", "first"])
        self.assertEqual(len(test["cleanup_failures"]), 1)

    def test_a_cleanup_of_what_was_not_reached_is_left_out(self):
        self.run_one({"let": {"name": "n"}, "steps": [
            {"call": "thing.DeleteThing", "input": {"Name": "absent"}}, CREATE],
            "cleanup": [DELETE]}, code=1)
        self.assertEqual([operation for operation, _ in self.sent()], ["DeleteThing"])

    def test_a_cleanup_that_took_its_process_along_is_named_and_the_others_are_made(self):
        self.write({"let": {"name": "n"}, "steps": [CREATE], "cleanup": [DELETE, {"sleep": 60}]})
        process = subprocess.Popen(
            self.command("things.json", "--snapshot-skip-all", "-j1", "--results", "r.json"),
            cwd=self.folder, env=self.environment(), text=True, stdout=subprocess.PIPE)
        self.wait_for(lambda: self.server.things)
        time.sleep(0.3)
        for worker in set(runner.processes(self.mark)) - {process.pid}:
            os.kill(worker, signal.SIGKILL)
        out, _ = process.communicate(timeout=20)
        test, = json.loads((self.folder / "r.json").read_text())["tests"]
        self.assertEqual([(f["call"], f["message"]) for f in test["cleanup_failures"]],
                         [("sleep", "its process died")], out)
        self.assertEqual(self.server.things, {})

    def test_an_until_that_never_comes_ends_the_test(self):
        test = self.run_one({"steps": [
            {"call": "thing.DescribeThing", "input": {"Name": "x"}, "timeout": 0.3,
             "interval": 0.1, "until": {"path": "$.Colour", "equals": "blue"}}]}, code=1)
        self.assertEqual(test["outcome"], "failed")
        self.assertIn('"red"', test["message"])
        self.assertGreater(len(self.sent()), 1)

    def test_a_member_that_is_absent_at_run_time_is_named_with_its_place(self):
        self.server.answer = {"Colour": None}
        path = self.write({"steps": [
            {"call": "thing.DescribeThing", "input": {"Name": "x"}, "as": "seen"},
            {"call": "thing.DescribeThing", "input": {"Name": "${seen.Colour}"}}]})
        test = self.run_tests("things.json", "--snapshot-skip-all", code=1)["thing/t0"]
        line = [i for i, text in enumerate(path.read_text().splitlines(), 1) if '"call"' in text][1] - 1
        self.assertEqual(test["outcome"], "failed")
        self.assertEqual(test["location"], f"things.json:{line}")
        self.assertIn("steps[1].input.Name: ${seen.Colour}: no member 'Colour'", test["message"])

    def test_fixed_times_are_skipped_on_aws_only(self):
        self.assertEqual(self.run_one({"fixed_times": True})["outcome"], "passed")

    def test_the_second_account_and_a_region_are_used(self):
        self.write({"steps": [
            {"call": "thing.DescribeThing", "input": {"Name": "x"}, "client": "secondary"},
            {"call": "thing.DescribeThing", "input": {"Name": "x"}, "region": "eu-west-1"}]})
        self.run_tests("things.json", "--snapshot-skip-all", code=0,
                       SECONDARY_TEST_AWS_ACCESS_KEY_ID="SECOND",
                       SECONDARY_TEST_AWS_SECRET_ACCESS_KEY="s")
        signed = [headers["Authorization"] for operation, _, headers in self.server.requests
                  if operation]
        self.assertIn("Credential=SECOND/", signed[0])
        self.assertIn("/eu-west-1/", signed[1])


class Annotations(ScenarioTest):
    """What tests in C say about themselves, scenarios say, too."""

    STEPS = [{"call": "thing.DescribeThing", "input": {"Name": "a"}, "match": "it"}]

    def use(self, version):
        self.configure(emulators={"fake": {"endpoint_url": self.server.url, "version": version,
                                           "account_id": "000000000007"}})

    def judged(self, code=0, **environment):
        return self.run_tests("things.json", code=code, **environment)["thing/t0"]

    def test_conditions_look_at_version_and_environment(self):
        self.write({"steps": self.STEPS, "skip_verify": [
            {"paths": ["$..Size"], "reason": "r", "emulators": ["fake"], "versions": "<2",
             "environment": "DIFFERS"}]})
        self.run_tests("things.json", "--snapshot-update", code=0)
        self.server.answer = {"Size": 8}
        self.use("1.9")
        self.assertEqual(len(self.judged(DIFFERS="1")["hidden"]), 1)
        self.judged(code=1)
        self.use("2.0")
        self.judged(code=1, DIFFERS="1")

    def test_skip_if(self):
        self.write({"steps": self.STEPS, "skip_if": [{"reason": "elsewhere", "emulators": ["x"]},
                                                     {"reason": "here", "emulators": ["fake"]}]})
        result = self.judged()
        self.assertEqual((result["outcome"], result["message"]), ("skipped", "here"))

    def test_expected_failures_are_strict_unless_they_may_pass(self):
        for may_pass, code in (False, 1), (True, 0):
            self.write({"steps": [{"sleep": 0}], "expected_failure": [
                {"reason": "it fails", "may_pass": may_pass}]})
            self.judged(code=code)
        self.write({"steps": [{"call": "thing.DeleteThing", "input": {"Name": "a"}}],
                    "expected_failure": [{"reason": "it fails"}]})
        self.assertEqual(self.judged()["outcome"], "skipped")

    def test_a_timeout_of_its_own(self):
        self.write({"steps": [{"sleep": 20}], "timeout": 0.2})
        result = self.judged(code=1)
        self.assertEqual(result["outcome"], "timeout")

    def test_what_is_none_is_told_with_its_place(self):
        self.problem({"skip_if": [{"emulators": ["fake"]}]}, "skip_if[0]", "needs 'reason'")
        self.problem({"skip_verify": [{"versions": "5.x"}]}, "skip_verify[0].versions",
                     "'5.x' is no range of versions")
        self.problem({"expected_failure": [{"reason": "r", "strict": True}]},
                     "has no field 'strict'")
        self.problem({"tags": ["a"] * 9}, "more than 8 entries")
        self.problem({"tags": [1]}, "tags[0]", "must be a text")
        self.problem({"retries": 1.5}, "retries", "must be a whole number")
        self.problem({"timeout": -1}, "timeout", "must be a number")
        self.problem({"skip_if": [{"reason": "r", "emulators": list("abcde")}]},
                     "more than 4 entries")


class Selecting(ScenarioTest):
    def test_files_folders_and_ids_select(self):
        self.write({}, {"id": "thing/other"}, name="suites/sub/a.json")
        self.write({"id": "elsewhere/x"}, name="far/b.json")
        (self.folder / "far/data.json").write_text('{"no": "scenarios"}')
        for operands, ids in ((["far"], ["elsewhere/x"]), (["thing/other"], ["thing/other"]),
                              (["sub"], ["thing/other", "thing/t0"]),
                              (["thing"], ["thing/other", "thing/t0"]),
                              (["sub/a.json::thing/t0"], ["thing/t0"]),
                              (["far/b.json", "suites/sub/a.json"],
                               ["elsewhere/x", "thing/other", "thing/t0"])):
            with self.subTest(operands):
                self.assertEqual(sorted(self.run_tests(*operands, "--snapshot-skip-all", code=0)),
                                 ids)

    def test_a_file_that_is_not_called_as_scenarios_are_is_told_from_one_that_is_absent(self):
        for name in "things", "things.JSON", "thing.snapshot.json":
            self.write({}, name=name)
            self.run_tests(name, code=4)
            self.assertIn(f"'{name}' is no file of scenarios by its name: those end in .json, .yaml or "
                          ".yml", self.err)
        self.run_tests("absent", code=4)
        self.assertIn("no test matches 'absent'", self.err)

    def test_a_file_is_loaded_once_however_often_links_lead_to_it(self):
        self.write({}, name="suites/sub/a.json")
        (self.folder / "suites/sub/b.json").symlink_to("a.json")
        (self.folder / "suites/sub/round").symlink_to("..")
        (self.folder / "suites/sub/nowhere.json").symlink_to("absent.json")
        self.assertEqual(list(self.run_tests("--snapshot-skip-all", code=0)), ["thing/t0"])
        self.assertEqual(self.check("suites"), 0, self.err)

    def test_a_scenario_that_nothing_is_called_selects_nothing(self):
        self.write({}, name="suites/a.json")
        self.run_tests("thing/absent", code=4)
        self.assertIn("thing/absent", self.err)


class Yaml(ScenarioTest):
    TEXT = '''# a comment
tests:
  - id: thing/y
    marker: aws_validated
    let: {size: "7", name: plain text}
    steps:
      - call: thing.DescribeThing
        input: {Name: "${name}", Colour: "${size}"}
        until: {path: $.Size, equals: 7}
'''

    def setUp(self):
        super().setUp()
        (self.folder / "things.yaml").write_text(self.TEXT)
        if self.check("things.yaml") == 3:
            self.skipTest("built without libfyaml")

    def test_yaml_has_the_same_structure(self):
        self.run_tests("things.yaml", "--snapshot-skip-all", code=0)
        self.assertEqual(self.sent(), [("DescribeThing", {"Name": "plain text", "Colour": "7"})])

    def test_problems_have_their_line(self):
        for wrong, right, words in (
                ("Colou:", "Colour:", "things.yaml:8: thing/y: steps[0].input.Colou"),
                ("id: thing/y\n    id: x", "id: thing/y", "things.yaml:4:"),
                ("let: *x", 'let: {size: "7", name: plain text}', "things.yaml:5:"),
                ("marker: [", "marker: aws_validated", "things.yaml:")):
            with self.subTest(wrong):
                (self.folder / "things.yaml").write_text(self.TEXT.replace(right, wrong))
                self.assertEqual(self.check("things.yaml"), 2)
                self.assertIn(words, self.err)


class Problems(ScenarioTest):
    def test_broken_json_has_line_and_column(self):
        (self.folder / "things.json").write_text('{"tests": [\n  {"id": }\n]}')
        self.assertEqual(self.check("things.json"), 2)
        self.assertIn("things.json:2:10: ", self.err)
        self.run_tests("things.json", code=2)
        self.assertIn("things.json:2:10: ", self.err)

    def test_a_member_that_stands_twice_is_refused(self):
        (self.folder / "things.json").write_text('{"tests": [],\n "tests": []}')
        self.assertEqual(self.check("things.json"), 2)
        self.assertIn("things.json:2:", self.err)

    def test_unknown_fields_are_told_with_the_nearest(self):
        self.problem({"step": []}, "thing/t0: step: a test has no field 'step'; did you mean 'steps'?",
                     line='"step"')
        self.problem({"steps": [{"call": "thing.DescribeThing", "inputs": {"Name": "x"}}]},
                     "steps[0].inputs: a step has no field 'inputs'; did you mean 'input'?",
                     line='"inputs"')

    def test_names_of_the_model_are_told_with_the_nearest(self):
        self.problem({"steps": [{"call": "thing.DescribeThin", "input": {"Name": "x"}}]},
                     "steps[0].call", "DescribeThing", line='"call"')
        self.problem({"steps": [{"call": "thin.DescribeThing", "input": {"Name": "x"}}]},
                     "steps[0].call", "'thing'", line='"call"')
        self.problem({"steps": [{"call": "thing.DescribeThing",
                                 "input": {"Name": "x",
                                           "Color": "red"}}]},
                     "steps[0].input.Color: unknown parameter 'Color'; did you mean 'Colour'?",
                     line='"Color"')
        self.problem({"steps": [{"call": "thing.DescribeThing"}]}, "'Name' is missing")
        self.problem({"steps": [{"call": "thing.DescribeThing", "input": {"Name": 7}}]},
                     "steps[0].input.Name: must be a text", line='"Name"')

    def test_references_to_nothing_and_to_later_steps_are_refused(self):
        later = {"call": "thing.DescribeThing", "input": {"Name": "${made.Name}"}}
        self.problem({"let": {"name": "n"}, "steps": [later, CREATE]},
                     "steps[0].input.Name: ${made.Name} stands for what steps[1] answers",
                     line="made.Name")
        self.problem({"let": {"name": "n"}, "steps": [
            {"call": "thing.DescribeThing", "input": {"Name": "${nam}"}}]},
            "nothing is called 'nam'; did you mean 'name'?", line="${nam}")
        self.problem({"let": {"name": "n"}, "steps": [
            CREATE, {"call": "thing.DescribeThing", "input": {"Name": "${made.Nam}"}}]},
            "CreateThing answers no 'Nam' there; did you mean 'Name'?", line="made.Nam")
        self.problem({"steps": [{"call": "thing.DescribeThing", "input": {"Name": "${open"}}]},
                     "'${' without '}'", line="${open")

    def test_circles_in_let_are_refused(self):
        self.problem({"let": {"a": "${b}", "b": "x${c}", "c": ["${a}"]}}, "let.a", "circle",
                     line='"a"')
        self.problem({"let": {"a": "${a}"}}, "circle")

    def test_values_that_lead_to_each_other_without_end_are_refused(self):
        forward = {f"a{i}": f"${{a{i + 1}}}" for i in range(50000)}
        for let in ({**forward, "a50000": "x"}, {"a50000": "x", **dict(reversed(forward.items()))}):
            self.problem({"let": let}, "in each other more than 2048 deep")

    def test_values_that_double_each_other_end_in_an_error(self):
        let = {f"a{i}": f"${{a{i - 1}}}${{a{i - 1}}}" for i in range(1, 60)}
        self.write({"let": {"a0": "x" * 100, **let}})
        start = time.monotonic()
        self.assertEqual(self.check("things.json"), 0, self.err)
        test = self.run_tests("things.json", "--snapshot-skip-all", code=1)["thing/t0"]
        self.assertIn("grows beyond", test["message"])
        self.assertLess(time.monotonic() - start, 20)

    def test_objects_that_double_or_deepen_each_other_end_in_an_error(self):
        double = {f"a{i}": {"x": f"${{a{i - 1}}}", "y": f"${{a{i - 1}}}"} for i in range(1, 60)}
        deeper = [{"value": {"x": f"${{v{i - 1}}}"}, "as": f"v{i}"} for i in range(1, 3000)]
        self.write({"let": {"a0": "x", **double}, "steps": [{"value": "${a59}", "match": "m"}]},
                   {"steps": [{"value": "x", "as": "v0"}, *deeper]})
        self.assertEqual(self.check("things.json"), 0, self.err)
        for test in self.run_tests("things.json", "--snapshot-skip-all", code=1).values():
            self.assertIn("values grow beyond what a test can hold", test["message"])

    def test_wrong_types_are_refused(self):
        for test, words in (({"let": []}, "let: must be an object"),
                            ({"steps": {}}, "steps: must be a list"),
                            ({"steps": [7]}, "steps[0]: a step must be an object"),
                            ({"steps": [{"sleep": "1"}]}, "steps[0].sleep: must be a number"),
                            ({"steps": [{"sleep": -1}]}, "seconds"),
                            ({"steps": [{"sleep": 1, "as": "x"}]}, "'as' does not go with 'sleep'"),
                            ({"steps": [{"match": "x"}]}, "a step has one of"),
                            ({"steps": [{"call": "DescribeThing"}]}, "not of the form"),
                            ({"marker": "aws_valid"}, "did you mean 'aws_validated'?"),
                            ({"skip_verify": [{"paths": [1]}]}, "skip_verify[0].paths[0]"),
                            ({"transformers": [{"type": "regexp"}]}, "did you mean 'regex'?"),
                            ({"id": "../x"}, "leads out"), ({"id": "a::b"}, "is no id")):
            with self.subTest(test):
                self.problem(test, words)

    def test_all_problems_are_told_at_once(self):
        self.write({"steps": [{"cal": "x"}]}, {"marker": "no"}, {"id": 7})
        self.assertEqual(self.check("things.json"), 2)
        self.assertGreaterEqual(len(self.err.splitlines()), 3)

    def test_an_id_is_taken_once(self):
        self.write({"id": "a/b"}, name="d/one.json")
        self.write({"id": "a/b"}, name="d/two.json")
        self.assertEqual(self.check("d"), 2)
        self.assertIn("d/two.json:4: a/b: id: this id is taken, by d/one.json:3", self.err)

    def test_a_file_of_100_mb_is_refused(self):
        with open(self.folder / "things.json", "wb") as file:
            file.truncate(100_000_000)
        start = time.monotonic()
        self.assertEqual(self.check("things.json"), 2)
        self.assertIn("things.json", self.err)
        self.assertLess(time.monotonic() - start, 5)

    def test_nothing_is_sent_when_a_file_has_a_problem(self):
        self.write({"let": {"name": "n"}, "steps": [CREATE]}, {"steps": [{"cal": "x"}]})
        self.run_tests("things.json", code=2)
        self.assertEqual(self.sent(), [])

    def test_a_run_checks_a_test_against_the_models_before_its_first_call(self):
        test = self.run_one({"let": {"name": "n"}, "steps": [
            CREATE, {"call": "thing.DescribeThing", "input": {"Nam": "x"}}]}, code=1)
        self.assertEqual(test["outcome"], "error")
        self.assertIn("did you mean 'Name'?", test["message"])
        self.assertEqual(self.sent(), [])


if __name__ == "__main__":
    unittest.main()
