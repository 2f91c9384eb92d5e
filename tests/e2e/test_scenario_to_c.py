# SPDX-License-Identifier: Apache-2.0
"""`parity scenario to-c`: what scenarios can say is said in C, and does the same."""
import json
import shutil
import subprocess
import unittest

import runner
import suite_compiler

CREATE = {"call": "thing.CreateThing", "input": {"Name": "${name}"}, "as": "made"}
LOOK = {"call": "thing.DescribeThing", "input": {"Name": "x"}, "as": "seen"}


def describe(name, **more):
    return {"call": "thing.DescribeThing", "input": {"Name": name}, **more}


class ToC(runner.RunTest):
    def print_c(self, *tests, code=0):
        whole = [{"id": f"thing/t{number}", "marker": "aws_validated", "steps": [], **test}
                 for number, test in enumerate(tests)]
        (self.folder / "things.json").write_text(json.dumps({"tests": whole}))
        done = subprocess.run([runner.PARITY, "scenario", "to-c", "things.json"], cwd=self.folder,
                              env=self.environment(), text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stderr)
        self.err = done.stderr
        return done.stdout

    def sent(self):
        return [(operation, json.loads(body)) for operation, body, _ in self.server.requests
                if operation]

    def compile(self, text):
        for name in ("suites/thing", "modules/thing"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        source = self.folder / "suites/thing/test_things.c"
        source.write_text(text)
        self.assertEqual(suite_compiler.compile_suite(
            source, self.folder / "modules/thing/test_things.so"), "", text)
        self.configure(suites="suites", modules="modules")

    def both(self, *tests, code=0):
        """Run the tests as a scenario and as C, and compare what was sent; the text of the C."""
        text = self.print_c(*tests)
        self.compile(text)
        self.server.reset()
        self.run_parity("things.json", "--snapshot-skip-all", "-j1", code=code)
        as_scenario, outcomes = self.sent(), [t["outcome"] for t in self.document["tests"]]
        self.server.reset()
        self.run_parity("thing/test_things.c", "--snapshot-skip-all", "-j1", code=code,
                        PARITY_MODULES_DIR=None)
        self.assertEqual(self.sent(), as_scenario)
        self.assertEqual([test["outcome"] for test in self.document["tests"]], outcomes)
        return text

    def test_a_scenario_reads_as_people_write_suites(self):
        self.assertEqual(self.print_c(
            {"id": "thing/create", "defaults": "old", "recorded_as": "other::create",
             "transformers": [{"type": "preset", "name": "sqs_api"},
                              {"type": "regex", "pattern": "${name}", "replacement": "<name>"}],
             "skip_verify": [{"paths": ["$..Size"], "reason": "it varies", "emulators": ["moto"]}],
             "let": {"name": "${unique:thing}"},
             "steps": [{**CREATE, "match": "create"},
                       describe("${made.Name}", match="colour", select="$.Colour"),
                       {"call": "thing.DeleteThing", "input": {"Name": "none"}, "error": True}],
             "cleanup": [{"call": "thing.DeleteThing", "input": {"Name": "${made.Name}"}}]}),
            '''#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD);

PARITY_TEST(create,
            .marker = AWS_VALIDATED,
            .recorded_as = "other::create",
            .transformers = { preset("sqs_api") },
            .skip_verify = { { .paths = { "$..Size" },
                               .reason = "it varies",
                               .when = on_emulator("moto") } })
{
    const char *name = unique_name(t, "thing");
    json_t *made;
    const char *made_name;

    transform(t, regex(name, "<name>"));
    made = match(t, "create", call(t, "thing", "CreateThing", "{'Name': %s}", name));
    made_name = text(t, made, "$.Name");
    on_cleanup(t, "thing", "DeleteThing", "{'Name': %s}", made_name);
    match_select(t, "colour", call(t, "thing", "DescribeThing", "{'Name': %s}", made_name),
                 "$.Colour");
    call_error(t, "thing", "DeleteThing", "{'Name': 'none'}");
}
''')

    def test_texts_and_values_are_what_the_scenario_says(self):
        awkward = ["it's \"quoted\"", "back\\slash", "100 %s", "??/ trigraph", "tab\tand\x1e", "é€😀",
                   "{\"a\": [1, \"b\"]}", "{\"a\":1}", "$${no_reference}", "line\nline 2\n", "x" * 5000,
                   "'" * 7, "a\u0000b", "\ud800"]
        text = self.both({"let": {"part": "p", "number": 7, "both": "${part}-${number}",
                                  "object": {"a": ["${part}", {"b": "deep"}]}},
                          "steps": [LOOK] + [describe(text) for text in awkward] + [
            describe("${part}${seen.Size}${both}${object.a.1.b}"),
            describe("one\n${part}\n${seen.Size}\n"),
            describe("x", no_validate=True)
            | {"input": {"Name": "x", "Any": ["${object}", "${seen.Size}", "${number}", 1.5, None,
                                              True, 2 ** 70], "${part}": 1, "a${part}": {}}}]})
        self.assertIn("-Woverlength-strings", text)

    def test_calls_of_every_kind_are_the_same(self):
        self.both({"let": {"name": "n"}, "steps": [
            CREATE, LOOK,
            {**LOOK, "as": "until", "until": {"path": "$.Size", "equals": 7}, "interval": 0.1},
            describe("${until.Colour}", until={"path": "$.Colour", "equals": "${seen.Colour}"}),
            describe("y", until={"path": "$.Name"}, timeout=2, region="eu-west-1"),
            describe("z", error="any"), {"sleep": 0.01},
            {"value": {"a": "${seen.Colour}", "b": ["${made}"]}, "as": "kept", "match": "kept"},
            {"match": "again", "value": "${kept.b.0.Name}"},
            describe("${kept.a}")]})

    def test_an_until_that_never_comes_says_the_same(self):
        self.both({"steps": [describe("x", until={"path": "$.Size", "equals": 8}, timeout=0.3,
                                      interval=0.1)]}, code=1)
        self.assertIn("there was still 7 at $.Size, not 8", self.results["t0"]["message"])

    def test_cleanups_keep_the_order_of_the_list(self):
        delete = "thing.DeleteThing"
        text = self.both({"let": {"name": "n"}, "steps": [CREATE, LOOK], "cleanup": [
            {"call": delete, "input": {"Name": "${seen.Colour}"}},
            {"call": delete, "input": {"Name": "first"}}, {"sleep": 0.01},
            {"call": delete, "input": {"Name": "${made.Name}"}, "region": "eu-west-1"}]})
        self.assertEqual([given["Name"] for operation, given in self.sent()[2:]],
                         ["n", "first", "red"])
        self.assertIn(".rank = ", text)
        self.assertNotIn(".rank", self.both({"let": {"name": "n"}, "steps": [CREATE], "cleanup": [
            {"call": delete, "input": {"Name": "first"}},
            {"call": delete, "input": {"Name": "${made.Name}"}}]}))

    def test_a_match_that_selects_nothing_leaves_the_cleanup(self):
        self.both({"let": {"name": "n"}, "steps": [{**CREATE, "match": "m", "select": "$.Notes"}],
                   "cleanup": [{"call": "thing.DeleteThing", "input": {"Name": "${made.Name}"}}]},
                  code=1)
        self.assertEqual(self.sent()[-1], ("DeleteThing", {"Name": "n"}))

    def test_what_a_scenario_recorded_is_found_by_the_suite(self):
        test = {"id": "thing/deep/one", "steps": [describe("${seen.Colour}", match="m")],
                "transformers": [
                    {"type": "key_value", "key": "Colour", "replacement": "colour"},
                    {"type": "key_value", "key_pattern": "^Na", "replacement": "any"},
                    {"type": "remove_key", "key": "Size"}]}
        test["steps"].insert(0, LOOK)
        text = self.print_c(test)
        self.assertIn("transform_json(t, \"{'type': 'key_value', 'key_pattern': '^Na',", text)
        self.assertIn('transform(t, remove_key("Size"));', text)
        self.configure(suites="suites", modules="modules")
        self.run_parity("things.json", "--snapshot-update", code=0)
        recorded = (self.folder / "snapshots/thing/deep.snapshot.json").read_text()
        self.assertNotIn("Size", recorded)
        self.compile(text)
        self.run_parity("thing/test_things.c", code=0, PARITY_MODULES_DIR=None)
        self.assertEqual(self.document["tests"][0]["recording"]["key"], "thing/deep/one")

    def test_names_are_names_of_c(self):
        text = self.both({"id": "a/same"}, {"id": "b/same"}, {"id": "c/9 lives-of.a cat"},
                         {"let": {"int": "1", "t": "2", "Stdin": "3", "größe": "4"}, "steps": [
                             describe("${int}${t}${Stdin}${größe}", **{"as": "data"}),
                             describe("${data.Name}")]})
        for name in ("(same,", "(same_2,", "(n9_lives_of_a_cat,"):
            self.assertIn(f"PARITY_TEST{name}", text)

    def test_json_in_a_text_is_called_by_its_member_or_a_document(self):
        text = self.both({"let": {"n": "x"}, "steps": [
            describe('{"a": "${n}"}'), {"value": '{"b": "${n}"}', "match": "m"}]})
        self.assertIn("json_t *name = json(t, ", text)
        self.assertIn("json_t *document = json(t, ", text)

    def test_fixed_times_are_skipped_on_aws(self):
        self.assertIn("    if (target(t)->aws)\n        skip(t, \"its inputs",
                      self.both({"fixed_times": True, "steps": [describe("x")]}))

    def test_annotations_are_those_of_suites(self):
        text = self.both({"steps": [describe("x")], "tags": ["one", "two"], "serial": True,
                          "timeout": 9.5, "retries": 2,
                          "skip_if": [{"reason": "old", "versions": "<1"},
                                      {"reason": "other", "emulators": ["a", "b"]}],
                          "expected_failure": [{"reason": "gone", "emulators": ["fake"],
                                                "environment": "!HOME", "may_pass": True}]})
        self.assertIn('''            .skip_if = { { .reason = "old",
                           .when = { .versions = "<1" } },
                         { .reason = "other",
                           .when = on_emulator("a", "b") } },
            .expected_failure = { { .reason = "gone",
                                    .when = { .emulators = { "fake" }, .environment = "!HOME" },
                                    .may_pass = true } },
            .tags = { "one",
                      "two" },
            .serial = true,
            .timeout_s = 9.5,
            .retries = 2)
''', text)

    def test_a_scenario_with_a_problem_is_not_printed(self):
        self.assertEqual(self.print_c({"steps": [describe("${nothing}")]}, code=2), "")
        self.assertIn("nothing is called 'nothing'", self.err)

    @unittest.skipUnless(shutil.which("clang-format-14"), "no clang-format-14")
    def test_long_texts_keep_within_the_columns(self):
        text = self.print_c({"let": {"a": "b" * 300}, "steps": [
            describe("word " * 60, match="m" * 90), describe("${a}" * 30),
            describe("x", no_validate=True) | {"input": {"Name": "x", "Deep": {"a" * 40: {"b" * 40: [
                {"c" * 40: "d" * 90}]}}}}]})
        self.assertEqual([line for line in text.splitlines() if len(line) > 100], [])


if __name__ == "__main__":
    unittest.main()
