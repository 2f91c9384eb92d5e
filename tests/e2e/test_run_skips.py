# SPDX-License-Identifier: Apache-2.0
"""Skips are kept honest: what hides nothing is reported, what a run would need is suggested."""
import json
import re
import subprocess
import unittest

from suite_compiler import compile_suite
from runner import HERE, RunTest

SUITE = "authoring/test_honest.c"
SCENARIO = {"tests": [{"id": "thing/described", "marker": "unknown", "steps": [
    {"call": "thing.DescribeThing", "input": {"Name": "a"}, "match": "describe"}]}]}


OWN = """
#include <stdlib.h>
#include <string.h>

#include <parity/suite.h>

static const char *value(const char *otherwise)
{
    return getenv("OWN_DIFFERS") ? otherwise : "recorded";
}

PARITY_TEST(one, .marker = UNKNOWN,
            .skip_verify = { { .paths = { "$..B" }, .reason = "known" }%(one)s })
{
    match(t, "own", json(t, "{'A': %%s, 'B': %%s}", value("x"), value("y")));
}

PARITY_TEST(cases, .marker = UNKNOWN,
            .variants = { { .name = "a" }, { .name = "b" }, { .name = "c" }, { .name = "d" },
                          { .name = "e" }, { .name = "f" }, { .name = "g" } }%(cases)s)
{
    const char *name = variant(t);

    match(t, "all", json(t, "{'C': %%s}", value(strcmp(name, "c") == 0 ? "recorded" : name)));
    match(t, "some", json(t, "{'B': %%s}", value(strcmp(name, "b") == 0 ? name : "recorded")));
}

PARITY_TEST(fails, .marker = UNKNOWN%(fails)s)
{
    expect_text(t, value("\\"other\\""), "recorded");
}
"""


class Skips(RunTest):
    maxDiff = None

    def ids(self, *names):
        return [f"{SUITE}::{name}" for name in names]

    def record(self, *names):
        self.server.answer = {}
        self.server.things["gone"] = True
        self.run_parity(*self.ids(*names), "--snapshot-update", code=0)


class Unused(Skips):
    def test_paths_that_hid_nothing_are_listed_of_tests_that_pass_too(self):
        self.record("has_skips", "describes")
        self.server.answer = {"Size": 8}
        result = self.run_parity(*self.ids("has_skips"), code=0)["has_skips"]
        self.assertEqual(result["unused_skips"], ["$..Nothing"])
        self.assertIn("warning: skip_verify: $..Nothing selects nothing", self.out)
        self.assertIn("1 skip_verify path hid nothing", self.out)
        # What the suite says is judged with all of its tests only.
        self.assertNotIn("$..Colour", self.out)
        self.run_parity(*self.ids("has_skips"), "-q", code=0)
        self.assertEqual(len(self.out.splitlines()), 1)

    def test_one_without_paths(self):
        self.record("skips_all")
        result = self.run_parity(*self.ids("skips_all"), code=0)["skips_all"]
        self.assertEqual(result["unused_skips"], ["$"])

    def test_what_a_test_did_not_get_to_is_not_judged(self):
        self.record("ends_early")
        result = self.run_parity(*self.ids("ends_early"), code=1)["ends_early"]
        self.assertEqual(result["unused_skips"], [])

    def test_of_a_suite_when_all_its_tests_agree(self):
        names = "describes", "has_skips", "skips_all", "ends_early"
        self.record(*names)
        notice = f"skip_verify path of {SUITE} that hid nothing in any of its tests: "
        for answer, unused in (({"Colour": "blue"}, ["$..Weight"]), ({}, ["$..Colour", "$..Weight"])):
            self.server.answer = answer
            self.server.things["gone"] = True
            self.run_parity(SUITE, code=0)
            self.assertEqual(self.document["notices"], [notice + path for path in unused])
            self.assertIn(notice, self.out)
        # One that could not show what it needs leaves it open.
        self.run_parity(SUITE, code=1)
        self.assertEqual(self.document["notices"], [])

    def test_strict_skips_makes_a_failure_of_it(self):
        self.record("describes", "has_skips")
        self.run_parity(*self.ids("describes"), "--strict-skips", code=0)
        self.server.answer = {"Size": 8}
        for quiet in (), ("-q",):
            self.run_parity(*self.ids("has_skips"), "--strict-skips", *quiet, code=1)
            self.assertIn("--strict-skips: remove the 1 skip_verify path that hid nothing", self.err)
            self.assertIn("$..Nothing", self.out)
        self.run_parity(*self.ids("has_skips"), "--strict-skips", "--snapshot-skip-all", code=0)


class Suggested(Skips):
    def suggest(self, *arguments, code=1, **environment):
        self.run_parity(*arguments, "--suggest-skips", code=code, **environment)
        return self.out.partition("would not fail; say why in each reason:\n\n")[2]

    def test_into_a_suite(self):
        self.record("describes", "has_skips", "ends_early")
        self.server.answer = {"Size": 8, "Name": None}
        text = self.suggest(*self.ids("describes", "has_skips", "ends_early"))
        self.assertEqual(text, f"""\
{SUITE}::describes
    .skip_verify = {{ {{ .paths = {{ "$.describe.Name",
                                  "$.describe.Size" }},
                       .reason = "...",
                       .when = on_emulator("fake") }} }}

{SUITE}::ends_early
    .expected_failure = {{ {{ .reason = "thing DeleteThing was refused: NoSuchThing (HTTP 400): there is none",
                            .when = on_emulator("fake") }} }}

{SUITE}::has_skips
    add to its .skip_verify:
                     {{ .paths = {{ "$.describe.Name" }},
                       .reason = "...",
                       .when = on_emulator("fake") }}
""")
        self.assertIn("with these annotations 3 tests would not fail", self.out)

    def test_pasted_they_make_it_pass_and_hide_no_more_than_they_must(self):
        module, source = self.folder / "modules/own/test_own.so", self.folder / "suites/own/test_own.c"
        for folder in module.parent, source.parent:
            folder.mkdir(parents=True)
        self.configure(suites="suites")
        run = {"PARITY_MODULES_DIR": str(self.folder / "modules")}

        def build(**annotations):
            source.write_text(OWN % {"one": "", "cases": "", "fails": "", **annotations})
            self.assertEqual(compile_suite(source, module), "")

        build()
        self.run_parity("--snapshot-update", code=0, **run)
        text = self.suggest("--repeat", "2", OWN_DIFFERS="1", **run)
        blocks = dict(re.findall(r"(?m)^((?:own/\S+\n)+)((?:    .*\n)+)", text))
        self.assertEqual(
            [re.findall(r"::(\S+)", block) for block in blocks],
            [["cases[a]", "cases[b]", "cases[d]", "cases[e]", "cases[f]", "cases[g]"], ["fails"], ["one"]])
        cases, fails, one = (f", {block.strip()}" for block in blocks.values())
        build(cases=cases, fails=fails, one=one.replace(", add to its .skip_verify:\n", ", "))
        self.run_parity("--strict-skips", code=0, OWN_DIFFERS="1", **run)

    def test_nothing_for_a_run_that_passes(self):
        self.record("describes")
        self.assertEqual(self.suggest(*self.ids("describes"), code=0), "")
        self.assertNotIn("annotations", self.out)

    def scenario(self, **annotations):
        folder = self.folder / "suites/thing"
        folder.mkdir(parents=True, exist_ok=True)
        content = json.loads(json.dumps(SCENARIO))
        content["tests"][0].update(annotations)
        (folder / "described.json").write_text(json.dumps(content))

    def test_into_a_scenario_where_they_make_it_pass(self):
        self.configure(suites="suites")
        environment = {"PARITY_MODULES_DIR": str(self.folder / "suites")}
        self.scenario()
        self.run_parity("suites/thing/described.json", "--snapshot-update", code=0, **environment)
        self.server.answer = {"Name": None, "Colour": lambda: "blue", "Size": 9}
        self.run_parity("suites/thing/described.json", "--suggest-skips", code=1, **environment)
        line = re.search(r'^    ("skip_verify": .*)$', self.out, re.M)[1]
        annotations = json.loads("{" + line + "}")
        self.assertEqual(annotations, {"skip_verify": [
            {"paths": ["$.describe.Colour", "$.describe.Name", "$.describe.Size"],
             "reason": "...", "emulators": ["fake"]}]})
        self.scenario(**annotations)
        self.run_parity("suites/thing/described.json", "--strict-skips", code=0, **environment)


if __name__ == "__main__":
    unittest.main()
