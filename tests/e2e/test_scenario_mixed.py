# SPDX-License-Identifier: Apache-2.0
"""A folder of suites that holds scenarios, too: all that `parity run` does, it does for both."""
import json
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

import runner
from runner import HERE, THING

LOOK = {"call": "thing.DescribeThing", "input": {"Name": "plain"}, "match": "describe"}


def scenario(name, **more):
    return {"id": name, "marker": "aws_validated", "steps": [LOOK], **more}


class Mixed(runner.RunTest):
    def setUp(self):
        super().setUp()
        shutil.copytree(HERE / "suites", self.folder / "suites")
        self.configure(suites="suites")
        self.write("thing/looks.json", scenario("thing/look"), scenario(
            "thing/skip", skip_verify=[{"paths": ["$..Colour"], "emulators": ["fake"]}]))
        self.write("thing/only.json", scenario("deep/er/emulators", marker="emulator_only"))

    def write(self, name, *tests):
        (self.folder / "suites" / name).write_text(json.dumps({"tests": tests}))

    def parity(self, *arguments):
        done = subprocess.run([runner.PARITY, *arguments], cwd=self.folder, text=True,
                              env=self.environment(), capture_output=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def ids(self, *operands):
        code, out, err = self.parity("run", "--list", *operands)
        self.assertEqual(code, 0, err)
        return out.splitlines()

    def outcomes(self, *arguments, code=0, **environment):
        self.run_parity(*arguments, code=code, **environment)
        return {test["id"]: test["outcome"] for test in self.document["tests"]}

    def test_both_are_selected_by_folder_file_and_id(self):
        everything = self.ids()
        self.assertTrue({f"{THING}::describes", "thing/look", "thing/skip", "deep/er/emulators",
                         "good/test_good.c::good_00"} <= set(everything))
        self.assertEqual(everything, self.ids(), "in the same order each time")
        in_folder = self.ids("thing")
        self.assertTrue({f"{THING}::describes", "thing/look", "deep/er/emulators"} <= set(in_folder))
        self.assertFalse([name for name in in_folder if name.startswith("good/")])
        self.assertEqual(self.ids("thing/looks.json", f"{THING}::describes"),
                         ["thing/look", "thing/skip", f"{THING}::describes"])
        self.assertEqual(self.ids("suites/thing/looks.json::thing/skip"), ["thing/skip"])
        self.assertEqual(self.ids("deep"), ["deep/er/emulators"])

    def test_results_of_a_run_are_no_scenarios(self):
        results = self.folder / "suites/results.json"
        everything = self.ids()
        code, _, err = self.parity("run", "thing/looks.json", "--snapshot-update",
                                   "--results", str(results))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(self.ids(), everything)
        code, _, err = self.parity("run", "--list", str(results))
        self.assertEqual(code, 2)
        self.assertIn("a file of scenarios has no field 'target'", err)

    def test_both_are_recorded_and_verified_in_one_run_by_several_workers(self):
        operands = (f"{THING}::describes", "thing/looks.json", "deep")
        recorded = self.outcomes(*operands, "--snapshot-update", "-j", "3")
        self.assertEqual(set(recorded.values()), {"passed"})
        for name, keys in (("thing/test_thing.snapshot.json", [f"{THING}::describes"]),
                           ("thing.snapshot.json", ["thing/look", "thing/skip"]),
                           ("deep/er.snapshot.json", ["deep/er/emulators"])):
            content = json.loads((self.folder / "snapshots" / name).read_text())
            self.assertEqual(sorted(content), keys)
        self.assertEqual(set(self.outcomes(*operands, "-j", "3").values()), {"passed"})
        self.server.answer = {"Colour": "blue"}
        found = self.outcomes(*operands, "-j", "3", code=1)
        self.assertEqual(found, {f"{THING}::describes": "failed", "thing/look": "failed",
                                 "thing/skip": "passed", "deep/er/emulators": "failed"})
        by_id = {test["id"]: test for test in self.document["tests"]}
        self.assertEqual(by_id["thing/look"]["differences"],
                         by_id[f"{THING}::describes"]["differences"])
        self.assertEqual([d["path"] for d in by_id["thing/skip"]["hidden"]], [["Colour"]])
        for name in by_id:
            self.assertIn(name, self.out)

    def test_every_report_has_both(self):
        """A scenario fails in each report as the test in C does that makes the same call."""
        ids = f"{THING}::describes", "thing/look"
        self.outcomes(*ids, "--snapshot-update")
        self.server.answer = {"Colour": "blue"}
        found = self.outcomes(*ids, "--junit", "r.xml", "--tap", "r.tap", "--html", "r.html", code=1,
                              GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(self.folder))
        self.assertEqual(found, dict.fromkeys(ids, "failed"))
        cases = {case.get("name"): case for case in xml.etree.ElementTree.parse(
            self.folder / "r.xml").getroot().iter("testcase")}
        texts = [cases[name].find("failure").text for name in ("describes", "thing/look")]
        for text in texts:
            self.assertRegex(text, r'changed +\$\.Colour\n +recorded +"red"\n +observed +"blue"')
        tap = (self.folder / "r.tap").read_text()
        for name in ids:
            self.assertRegex(tap, rf"(?m)^not ok \d+ - {re.escape(name)}$")
        data = re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>',
                         (self.folder / "r.html").read_text(), re.S)[1]
        for name in ids:
            self.assertIn(json.dumps(name)[1:-1], data)
        annotated = re.findall(r"(?m)^::error file=([^,]*),line=(\d+)", self.out)
        self.assertIn(("suites/thing/looks.json", "1"), annotated)
        self.assertEqual(len(annotated), 2)

    def test_without_a_match_there_is_nothing_to_record_or_to_compare(self):
        self.write("thing/smoke.json", scenario("smoke/test", steps=[
            {"call": "thing.DescribeThing", "input": {"Name": "plain"}}]))
        self.assertEqual(self.outcomes("smoke/test"), {"smoke/test": "passed"})
        self.outcomes("smoke/test", "--snapshot-update")
        self.assertFalse((self.folder / "snapshots/smoke.snapshot.json").exists())

    def test_a_crash_of_a_suite_takes_no_scenario_with_it(self):
        found = self.outcomes(f"{THING}::crashes_with_cleanups", "thing/looks.json",
                              "--snapshot-skip-all", "-j", "2", code=1)
        self.assertEqual(found, {f"{THING}::crashes_with_cleanups": "crashed",
                                 "thing/look": "passed", "thing/skip": "passed"})

    def test_what_settles_a_scenario_is_kept_beside_it(self):
        numbers = iter(range(1, 100))
        self.server.answer = {"Status": lambda: f"id-{next(numbers)}aZ"}
        self.outcomes("thing/look", "--snapshot-update", "--check-stable", "--apply-suggestions")
        written = json.loads((self.folder / "suites/thing.transformers.json").read_text())
        self.assertEqual(list(written), ["thing/look"])
        self.assertEqual(self.outcomes("thing/look"), {"thing/look": "passed"})

    def test_its_recordings_have_a_test(self):
        self.outcomes("thing/looks.json", f"{THING}::describes", "--snapshot-update")
        code, out, err = self.parity("snapshots", "orphans", "--format", "json")
        document = json.loads(out)
        self.assertEqual(document["recordings"], [], err)
        self.assertIn("deep/er/emulators", document["tests"])
        self.write("thing/looks.json", scenario("thing/look"))
        code, out, err = self.parity("snapshots", "orphans", "--format", "json")
        self.assertEqual([entry["id"] for entry in json.loads(out)["recordings"]], ["thing/skip"])

    def test_a_broken_file_keeps_no_other_file_from_being_run(self):
        (self.folder / "suites/broken.json").write_text('{"tests": [')
        for name in f"{THING}::describes", "thing/looks.json::thing/look":
            self.assertEqual(self.outcomes(name, "--snapshot-skip-all"),
                             {name.replace("thing/looks.json::", ""): "passed"})
        self.assertEqual(self.ids("suites/thing/looks.json", "thing/only.json"),
                         ["thing/look", "thing/skip", "deep/er/emulators"])
        for operands in [], ["thing"], ["thing/look"], ["broken.json"]:
            code, _, err = self.parity("run", "--list", *operands)
            self.assertEqual(code, 2)
            self.assertIn("broken.json:1:12: ", err)

    def test_an_id_that_both_have_is_refused(self):
        self.write("thing/twice.json", scenario("thing/look"))
        code, _, err = self.parity("run", "--list")
        self.assertEqual(code, 2)
        self.assertIn("this id is taken, by thing/looks.json:1", err)

    def test_a_marker_keeps_a_scenario_from_aws(self):
        found = self.outcomes("deep", "--snapshot-skip-all")
        self.assertEqual(found, {"deep/er/emulators": "passed"})


if __name__ == "__main__":
    unittest.main()
