# SPDX-License-Identifier: Apache-2.0
"""`parity coverage`: what is made of results files, and what it does with bad ones."""
import csv
import html.parser
import io
import json
import os
import shutil
import subprocess
import unittest

import schemas
from runner import HERE, PARITY, THING, RunTest


class CoverageTest(RunTest):
    program = PARITY

    def setUp(self):
        super().setUp()
        shutil.copytree(HERE / "models", self.folder / "models")
        path = self.folder / "models/thing/2020-01-01/service-2.json"
        model = json.loads(path.read_text())
        model["operations"]["DeleteThing"]["errors"] = [{"shape": "NoThing"}, {"shape": "Busy"}]
        model["shapes"]["NoThing"] = {"type": "structure", "members": {}, "exception": True,
                                      "error": {"code": "NoSuchThing"}}
        model["shapes"]["Busy"] = {"type": "structure", "members": {}, "exception": True}
        path.write_text(json.dumps(model))

    def environment(self, **changes):
        return super().environment(**{"AWS_DATA_PATH": str(self.folder / "models"), **changes})

    def results_of(self, name, *arguments, code=0, **environment):
        self.run_parity(*arguments, code=code, **environment)
        self.write(name, self.document)
        return self.document

    def write(self, name, document):
        (self.folder / name).write_text(json.dumps(document))

    made = {}  # the files that a test leaves, by its name: it is recorded and run once

    def recorded(self, name="describes"):
        """Results of a test that was recorded before, in a.json."""
        if name not in self.made:
            self.record(name)
            self.results_of("a.json", f"{THING}::{name}")
            files = [self.folder / "a.json", *self.folder.glob("snapshots/**/*.json")]
            self.made[name] = {path.relative_to(self.folder): path.read_text() for path in files}
        for path, text in self.made[name].items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text)
        return json.loads((self.folder / "a.json").read_text())

    def coverage(self, *arguments, code=0, **environment):
        done = subprocess.run([self.program, "coverage", *arguments], cwd=self.folder, text=True,
                              env=self.environment(**environment), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60)
        self.out, self.err = done.stdout, done.stderr
        self.assertEqual(done.returncode, code, self.out + self.err)
        return self.out

    def report(self, *arguments, **options):
        return json.loads(self.coverage("--format", "json", *arguments, **options))

    def operations(self, *arguments, target=0, **options):
        report = self.report(*arguments, **options)
        thing, = (s for s in report["services"] if s["service"] == "thing")
        return {o["operation"]: o["targets"][target] for o in thing["operations"]}

    def scenario(self, steps, cleanup=(), **more):
        self.write("s.json", {"tests": [{"id": "s/test", "marker": "unknown", "steps": steps,
                                         "cleanup": list(cleanup), **more}]})
        return "s.json"


class Credit(CoverageTest):
    def test_a_call_that_nobody_looked_at_is_only_called(self):
        self.recorded()
        found = self.operations("a.json")
        self.assertEqual({name: (o["calls"], o["tested"], o["snapshotted"], o["implemented"])
                          for name, o in found.items()},
                         {"CreateThing": (1, False, False, True), "DeleteThing": (1, False, False, True),
                          "DescribeThing": (1, True, True, True)})
        self.assertEqual(found["DescribeThing"]["tests"],
                         [{"id": f"{THING}::describes", "credit": "tested"}])
        self.assertEqual(found["DescribeThing"]["parameters"],
                         {"tested": ["Name"], "called": [], "never": ["Colour", "Password"]})
        self.assertEqual(found["CreateThing"]["parameters"]["called"], ["Name"])

    def test_scenarios_earn_what_suites_do(self):
        create = {"call": "thing.CreateThing", "input": {"Name": "a"}, "as": "made"}
        delete = {"call": "thing.DeleteThing", "input": {"Name": "b"}, "error": True}
        describe = {"call": "thing.DescribeThing", "input": {"Name": "${made.Name}"}, "match": "part",
                    "select": "$.Colour"}
        path = self.scenario([create, delete, describe], [{"call": "thing.DeleteThing",
                                                           "input": {"Name": "a"}}])
        self.run_parity(path, "--snapshot-update", code=0)
        self.results_of("a.json", path)
        calls = {(c["operation"], c.get("cleanup", False)): c for c in self.document["tests"][0]["calls"]}
        self.assertEqual(calls["DescribeThing", False]["matched_in_part"], ["part"])
        self.assertEqual(calls["DeleteThing", False]["expected"], ["error"])
        found = self.operations("a.json")
        self.assertEqual((found["DescribeThing"]["tested"], found["DescribeThing"]["in_part"]), (True, True))
        self.assertFalse(found["CreateThing"]["tested"])
        self.assertEqual(found["DeleteThing"]["calls"], 2)
        self.assertTrue(found["DeleteThing"]["tested"])
        self.assertEqual(found["DeleteThing"]["errors"],
                         {"answered": [{"code": "NoSuchThing", "status_code": 400, "count": 1,
                                        "modelled": True}],
                          "observed": ["NoThing"], "never": ["Busy"]})

    def test_only_a_recording_made_on_aws_validates(self):
        self.recorded()
        self.assertFalse(self.operations("a.json")["DescribeThing"]["validated"])
        path = self.folder / "snapshots/thing/test_thing.validation.json"
        entry = {"last_validated_date": "2024-05-06T07:08:09+00:00"}
        path.write_text(json.dumps({f"{THING}::describes": entry}))
        self.results_of("a.json", f"{THING}::describes")
        found = self.operations("a.json")["DescribeThing"]
        self.assertEqual((found["validated"], found["validated_on"]),
                         (True, "2024-05-06T07:08:09+00:00"))
        self.server.answer = {"Size": 8}
        self.results_of("a.json", f"{THING}::describes", code=1)
        found = self.operations("a.json")["DescribeThing"]
        self.assertEqual((found["tested"], found["validated"], found["differences"], found["hidden"]),
                         (True, False, 1, 0))

    def test_a_hidden_difference_is_shown_and_does_not_validate(self):
        self.recorded("skips_the_size")
        path = self.folder / "snapshots/thing/test_thing.validation.json"
        path.write_text(json.dumps({f"{THING}::skips_the_size": {
            "last_validated_date": "2024-05-06T07:08:09+00:00"}}))
        self.server.answer = {"Size": 8}
        self.results_of("a.json", f"{THING}::skips_the_size")
        found = self.operations("a.json")["DescribeThing"]
        self.assertEqual((found["validated"], found["differences"], found["hidden"]), (False, 0, 1))

    def test_a_run_that_compares_nothing_tests_nothing(self):
        self.results_of("a.json", f"{THING}::describes", "--snapshot-skip-all")
        found = self.operations("a.json")["DescribeThing"]
        self.assertEqual((found["calls"], found["tested"]), (1, False))

    def test_what_a_target_has_is_told_from_its_answers_alone(self):
        document = self.recorded("describes_two")
        calls = {call["operation"]: call for call in document["tests"][0]["calls"]}
        calls["CreateThing"].update(status_code=501, error_code="InternalFailure")
        calls["DeleteThing"].update(status_code=500, error_code="500")
        for call in document["tests"][0]["calls"]:
            call.update({k: calls[call["operation"]][k] for k in ("status_code", "error_code")})
        self.write("a.json", document)
        found = self.operations("a.json")
        self.assertEqual([found[f"{verb}Thing"]["implemented"] for verb in ("Create", "Delete", "Describe")],
                         [False, None, True])
        sums = self.report("a.json")["total"][0]
        self.assertEqual((sums["implemented"], sums["not_implemented"]), (1, 1))

    def test_recordings_that_changed_or_are_gone_are_told(self):
        self.recorded()
        self.coverage("a.json")
        self.assertEqual(self.err, "")
        path = self.snapshot()
        document = json.loads(path.read_text())
        document[f"{THING}::describes"]["recorded-date"] = "01-01-2020, 10:00:00"
        path.write_text(json.dumps(document))
        self.coverage("a.json")
        self.assertIn("1 of its tests were recorded again since", self.err)
        shutil.rmtree(self.folder / "snapshots")
        self.coverage("a.json")
        self.assertIn("of 1 of its tests there is no recording here", self.err)


class Formats(CoverageTest):
    def two_targets(self):
        document = self.recorded()
        document["target"].update(name='<i>"other", | one</i>', version="2")
        for call in document["tests"][0]["calls"]:
            call.update(status_code=501, error_code="<b>&Oops", matched=[])
        document["tests"][0]["id"] = "x/test_x.c::</code><script>alert(1)</script>\x1b[1m"
        self.write("b.json", document)
        return "a.json", "b.json"

    def test_the_table(self):
        self.recorded()
        self.assertEqual(self.coverage("a.json"), """\
fake: 1 test in 1 file

service  operations  called  tested  snapshotted  validated  implemented  missing  differences  hidden  percent
thing             3       3       1            1          0            3        0            0       0     33.3
total             3       3       1            1          0            3        0            0       0     33.3
""")
        self.assertEqual(self.coverage("a.json", "--service", "thing").partition("\n\nthing\n")[2], """\
operation      calls  tested  snapshotted  validated  implemented  differences  hidden  parameters  errors
CreateThing        1  -       -            -          yes                    0       0         0/3     0/0
DeleteThing        1  -       -            -          yes                    0       0         0/3     0/2
DescribeThing      1  yes     yes          -          yes                    0       0         1/3     0/0
""")

    def test_targets_stand_side_by_side(self):
        files = self.two_targets()
        report = self.report(*files)
        self.assertEqual([t["label"] for t in report["targets"]], ["fake", '<i>"other", | one</i> 2'])
        self.assertEqual([t["tested"] for t in report["total"]], [1, 0])
        self.assertEqual([t["not_implemented"] for t in report["total"]], [0, 3])
        lines = self.coverage(*files).splitlines()
        self.assertEqual([line.split()[:2] for line in lines if line.startswith("thing ")],
                         [["thing", "fake"], ["thing", '<i>"other",']])

    def test_files_of_one_target_count_together(self):
        self.recorded()
        self.results_of("b.json", f"{THING}::needs_a_size", "--snapshot-skip-all")
        report = self.report("a.json", "b.json")
        target, = report["targets"]
        self.assertEqual((target["files"], target["tests"]), (["a.json", "b.json"], 2))
        self.assertEqual(self.operations("a.json", "b.json")["DescribeThing"]["calls"], 2)

    def test_csv_is_read_back(self):
        text = self.coverage(*self.two_targets(), "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([(r["service"], r["target"], r["version"], r["tested"], r["percent"]) for r in rows],
                         [("thing", "fake", "", "1", "33.3"),
                          ("thing", '<i>"other", | one</i>', "2", "0", "0.0")])
        text = self.coverage("a.json", "--format", "csv", "--service", "thing")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([(r["operation"], r["tested"], r["parameters_tested"], r["parameters"]) for r in rows],
                         [("CreateThing", "false", "0", "3"), ("DeleteThing", "false", "0", "3"),
                          ("DescribeThing", "true", "1", "3")])

    def test_markdown_is_a_table_whatever_names_hold(self):
        lines = self.coverage(*self.two_targets(), "--format", "markdown", "--service", "thing").splitlines()
        rows = [line for line in lines if line.startswith("|")]
        self.assertIn(r"| thing | \<i\>" + r'"other", \| one\</i\> 2 | 3 |', "\n".join(rows))
        self.assertEqual({row.replace(r"\|", "").count("|") for row in rows if "| ---" not in row},
                         {13, 12})

    @unittest.skipUnless(os.environ.get("PARITY_PYTHON"), "PARITY_PYTHON names no Python")
    def test_json_is_what_the_schema_says(self):
        self.coverage(*self.two_targets(), "--format", "json", "-o", "out/c.json")
        self.assertEqual(schemas.violations("coverage.schema.json", self.folder / "out/c.json"), [])

    def test_the_page_needs_nothing_and_escapes_everything(self):
        self.assertEqual(self.coverage(*self.two_targets(), "--format", "html", "-o", "c.html"), "")
        text = (self.folder / "c.html").read_text()
        tags, links, words = [], [], []

        class Reader(html.parser.HTMLParser):
            def handle_starttag(self, tag, attrs):
                tags.append(tag)
                links.extend(v for k, v in attrs if k in ("href", "src"))

            def handle_data(self, data):
                words.append(data)

        Reader().feed(text)
        self.assertNotIn("script", tags)
        self.assertEqual(tags.count("i"), 4)  # bars: two targets of a service and of all
        self.assertEqual(set(links), {"data:,", "#service-thing", "#services"})
        self.assertIn('id="service-thing"', text)
        self.assertNotIn("\x1b", text)
        for shown in ("<b>&Oops", "not implemented", "tested", "called only", "NoThing",
                      "x/test_x.c::</code><script>alert(1)</script>\\x1b[1m"):
            self.assertIn(shown, words)

    def test_the_same_input_gives_the_same_bytes(self):
        files = self.two_targets()
        for form in "text", "json", "markdown", "csv", "html":
            self.assertEqual(self.coverage(*files, "--format", form), self.coverage(*files, "--format", form))

    def test_the_measure_is_what_percentages_count(self):
        self.recorded()
        self.assertEqual([round(self.report("a.json", "--measure", measure)["total"][0]["percent"], 1)
                          for measure in ("called", "tested", "validated")], [100, 33.3, 0])
        self.coverage("a.json", "--fail-under", "33.3")
        self.coverage("a.json", "--fail-under", "33.4", code=1)
        self.assertIn("fake: of 3 operations 33.33 percent are tested, less than the 33.4 of --fail-under",
                      self.err)
        self.coverage("a.json", "--fail-under", "100", "--measure", "called")


class BadInput(CoverageTest):
    def test_what_is_no_results_file(self):
        for content, said in (('{"tests": [', "bad.json:1:12"), ("[]", "bad.json: is no file that"),
                              ('{"target": {}, "tests": [{}]}', "bad.json: is no file that"),
                              ("", "bad.json:1:1"), ("\0\xff", "bad.json:1:1")):
            (self.folder / "bad.json").write_text(content, encoding="latin-1")
            self.coverage("bad.json", code=2)
            self.assertIn(said, self.err)
            self.assertEqual(self.out, "")
        self.coverage("absent.json", code=2)
        self.assertIn("absent.json", self.err)

    def test_results_of_an_older_version_are_no_zeros(self):
        document = self.recorded()
        for call in document["tests"][0]["calls"]:
            del call["parameters"]
        self.write("a.json", document)
        self.coverage("a.json", code=2)
        self.assertIn(f"a.json: does not say which answers were checked ({THING}::describes)", self.err)
        self.assertIn("run the tests again", self.err)

    def test_no_results_and_results_of_nothing(self):
        self.coverage(code=2)
        self.assertIn("name the results of one or more runs", self.err)
        document = self.recorded()
        document["tests"][0]["calls"] = []
        self.write("a.json", document)
        self.coverage("a.json", code=4)
        self.assertIn("no test of these results called a service", self.err)
        document["tests"] = []
        self.write("a.json", document)
        self.coverage("a.json", code=4)

    def test_a_service_that_there_is_not(self):
        self.recorded()
        self.coverage("a.json", "--service", "thin", code=2)
        self.assertIn("did you mean 'thing'", self.err)
        document = json.loads((self.folder / "a.json").read_text())
        document["tests"][0]["calls"][0]["service"] = "gone"
        document["tests"][0]["calls"][1]["operation"] = "Gone"
        self.write("a.json", document)
        self.coverage("a.json")
        self.assertIn("gone was called and does not count", self.err)
        self.assertIn("thing Gone was called and does not count", self.err)

    def test_a_service_that_nothing_called_has_nothing_to_show(self):
        self.recorded()
        report = self.report("a.json", "--service", "sts")
        self.assertEqual([s["service"] for s in report["services"]], ["sts"])
        self.assertEqual(report["total"][0]["called"], 0)

    def test_without_models(self):
        self.recorded()
        nowhere = "/nonexistent"
        self.program = shutil.copy(PARITY, self.folder / "parity")
        self.coverage("a.json", code=3, AWS_DATA_PATH=None, VIRTUAL_ENV=None, PATH=nowhere,
                      XDG_CACHE_HOME=nowhere)
        self.assertIn("no AWS service models found", self.err)

    def test_output_that_cannot_be_written(self):
        self.recorded()
        self.coverage("a.json", "-o", "a.json/c", code=2)
        self.assertIn("a.json", self.err)
        self.coverage("a.json", "-o", str(self.folder), code=2)
        with open("/dev/full", "w") as full:
            done = subprocess.run([PARITY, "coverage", "a.json"], cwd=self.folder, stdout=full, text=True,
                                  env=self.environment(), stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("standard output: cannot write", done.stderr)

    def test_arguments(self):
        self.recorded()
        for arguments, said in ((["--format", "jsn"], "--format knows no 'jsn'; did you mean 'json'?"),
                                (["--measure", "teste"], "did you mean 'tested'?"),
                                (["--fail-under", "101"], "a number from 0 to 100, not '101'"),
                                (["--fail-under", "x"], "not 'x'"), (["--fail-under", "nan"], "not 'nan'"),
                                (["--ground-truth", "absent"], "absent"), (["--colour"], "--colour")):
            self.coverage("a.json", *arguments, code=2)
            self.assertIn(said, self.err)

    def test_a_broken_file_of_recordings(self):
        self.recorded()
        self.snapshot().write_text("{")
        self.coverage("a.json", code=2)
        self.assertIn("test_thing.snapshot.json:1:2", self.err)

    def test_help_names_every_option(self):
        text = self.coverage("--help")
        for option in ("--fail-under", "--format", "--ground-truth", "--measure", "--output", "--service"):
            self.assertIn(option, text)


if __name__ == "__main__":
    unittest.main()
