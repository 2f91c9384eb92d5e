# SPDX-License-Identifier: Apache-2.0
"""Reports of `parity run` that machines read: JUnit XML, TAP, GitHub's annotations, the results file."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

import schemas
from runner import HERE, PARITY, THING, RunTest

ROOT = pathlib.Path(os.environ["PARITY_SOURCE_DIR"])
REPORT = "report/test_report.c"
CHOSEN = "chosen/test_chosen.c"
# One of each outcome, and texts that no format may stumble over.
MIXED = [f"{THING}::describes", f"{THING}::bad_html500", f"{THING}::skips_itself",
         f"{THING}::crashes_with_cleanups", f"{THING}::fails_with_cleanups",
         f"{THING}::unknown_operation", "misbehaving/test_process.c::writes_no_text",
         "good/test_good.c::good_00", REPORT]
ODD = "a & b < c > \"d\" ]]> \\x1b[31m </script><!-- \u2028 50% \\ # 'x' é 😀"


class ReportTest(RunTest):
    def record_some(self):
        self.run_parity(f"{THING}::describes", f"{REPORT}::differs", "--snapshot-update", code=0)

    def run_mixed(self, *arguments, **environment):
        """A run with one of each outcome; `differs` differs in a text full of markup."""
        self.record_some()
        self.server.answer = {"Colour": "</script><b>]]>&amp;\u2028\x01", "Size": 2**60}
        return self.run_parity(*MIXED, *arguments, code=1, **environment)


class Attempts(ReportTest):
    """Tests that were run again: passed late, failed each time, ended otherwise each time."""
    TESTS = [f"{CHOSEN}::{name}" for name in ("passes_the_third_time", "crashes_the_first_time",
                                              "never_passes", "crashes_then_fails")]

    def run_again(self, *arguments):
        traces = self.folder / "traces"
        traces.mkdir()
        return self.run_parity(*self.TESTS, "--retries", "2", *arguments, code=1,
                               PARITY_TEST_TRACES=str(traces))


class JUnit(Attempts):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "reports/junit.xml"

    def read(self):
        return xml.etree.ElementTree.parse(self.path).getroot()

    def validate(self):
        if not shutil.which("xmllint"):
            self.skipTest("there is no xmllint; 'scripts/setup --tests' installs it")
        done = subprocess.run(["xmllint", "--noout", "--schema", HERE / "junit.xsd", self.path],
                              text=True, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_is_what_the_common_schema_says(self):
        self.run_mixed("--junit", str(self.path))
        self.validate()

    def test_a_run_of_nothing_but_good_tests_is_valid_too(self):
        self.run_parity("good", "--junit", str(self.path), code=0)
        self.validate()
        self.assertEqual(self.read().get("tests"), "100")

    def test_it_says_what_the_results_file_says(self):
        results = self.run_mixed("--junit", str(self.path))
        root = self.read()
        elements = {"passed": None, "failed": "failure", "skipped": "skipped"}
        cases = {case.get("name"): case for case in root.iter("testcase")}
        self.assertEqual(cases.keys(), results.keys())
        for name, result in results.items():
            expected = elements.get(result["outcome"], "error")
            found = [child.tag for child in cases[name] if child.tag in ("failure", "error", "skipped")]
            self.assertEqual(found, [expected] if expected else [], name)
        self.assertEqual([suite.get("name") for suite in root],
                         sorted({test["id"].partition("::")[0] for test in self.document["tests"]}))
        for key, element in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            self.assertEqual(int(root.get(key)), len(list(root.iter(element))))
            for suite in root:
                self.assertEqual(int(suite.get(key)), len(list(suite.iter(element))))
        self.assertEqual(cases["describes"].get("classname"), "thing.test_thing")
        properties = {p.get("name"): p.get("value") for p in root[0].iter("property")}
        self.assertEqual(properties["target"], "fake")
        self.assertEqual(properties["mode"], "verify")

    def test_any_text_comes_through(self):
        self.run_mixed("--junit", str(self.path))
        cases = {case.get("name"): case for case in self.read().iter("testcase")}
        self.assertEqual(cases["fails_with_odd_text"].find("failure").get("message"), ODD)
        self.assertEqual(cases["skips_with_odd_text"].find("skipped").get("message"), ODD)
        self.assertIn(f"\n{ODD}\n\n    indented\n", cases["passes_with_output"].findtext("system-out"))
        self.assertEqual(cases["writes_no_text"].findtext("system-out"), "\\xff\\x00\\x1b[31m")
        self.assertIn("$.Colour", cases["differs"].findtext("failure"))
        self.assertIn("backtrace:", cases["crashes_with_cleanups"].findtext("system-out"))
        self.assertIn("cleanup failed: thing DeleteThing",
                      cases["fails_with_cleanups"].findtext("failure"))

    def attempts(self, name):
        """(element, type, message) of each attempt before the last."""
        case = next(c for c in self.read().iter("testcase") if c.get("name") == name)
        return [(child.tag, child.get("type"), child.get("message")) for child in case
                if child.tag.startswith(("rerun", "flaky"))], case

    def test_attempts_stand_where_readers_of_mavens_reports_look_for_them(self):
        self.run_again("--junit", str(self.path))
        self.validate()
        found, case = self.attempts("passes_the_third_time")
        self.assertEqual(found, [("flakyFailure", "failed", "attempt 1"),
                                 ("flakyFailure", "failed", "attempt 2")])
        self.assertIsNone(case.find("failure"))
        self.assertRegex(case.find("flakyFailure").findtext("stackTrace"),
                         rf"^  attempt 1\n  in {CHOSEN}:\d+\n$")
        ((kind, ended, message),), case = self.attempts("crashes_the_first_time")
        self.assertEqual((kind, ended), ("flakyError", "crashed"))
        self.assertIn("SIGABRT", message)
        self.assertIn("backtrace:", case.find("flakyError").findtext("system-out"))
        found, case = self.attempts("never_passes")
        self.assertEqual([kind for kind, _, _ in found], ["rerunFailure"] * 2)
        self.assertEqual(case.find("failure").get("message"), "attempt 3")
        # One kind for a test; the type says how it was.
        found, _ = self.attempts("crashes_then_fails")
        self.assertEqual([part[:2] for part in found],
                         [("rerunError", "crashed"), ("rerunError", "failed")])
        self.assertEqual(self.read().get("failures"), "2")

    def test_differences_of_an_attempt_are_told(self):
        sizes = iter([8, 7, 7])
        self.record_some()
        self.server.answer = {"Size": lambda: next(sizes)}
        self.run_parity(f"{THING}::describes", "--retries", "1", "--junit", str(self.path), code=0)
        self.validate()
        (_, _, message), = self.attempts("describes")[0]
        self.assertEqual(message, "1 difference from the recording")
        text = self.attempts("describes")[1].find("flakyFailure").findtext("stackTrace")
        self.assertRegex(text, r"changed  \$\.Size\n +recorded +7\n +observed +8")

    def test_it_is_the_same_for_any_number_of_workers(self):
        texts = []
        for workers in "1", "4":
            self.run_parity("good", f"{THING}::skips_itself", "-j", workers, "--junit",
                            str(self.path), code=0)
            texts.append(re.sub(r'(time|timestamp)="[^"]*"', "", self.path.read_text()))
        self.assertEqual(*texts)

    def test_until_the_end_the_old_report_stays(self):
        self.path.parent.mkdir()
        self.path.write_text("old")
        self.run_parity(f"{THING}::describes", "--endpoint-url", "http://127.0.0.1:9", "--junit",
                        str(self.path), code=3)
        self.assertEqual(self.path.read_text(), "old")
        self.assertEqual([p.name for p in self.path.parent.iterdir()], ["junit.xml"])


@unittest.skipUnless(shutil.which("prove"), "there is no prove; it comes with perl")
class Tap(Attempts):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "report.tap"

    def prove(self, *arguments, code):
        done = subprocess.run(["prove", *arguments], cwd=self.folder, env=self.environment(),
                              text=True, capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def parse(self):
        """What perl's own parser makes of the file: points, YAML as data, and its complaints."""
        program = """use TAP::Parser; use JSON::PP; my (@points, @yaml);
            my $p = TAP::Parser->new({source => $ARGV[0]});
            while (my $r = $p->next) {
                if ($r->is_test) { push @points, [$r->is_ok ? 1 : 0, $r->description, $r->directive, $r->explanation] }
                elsif ($r->is_yaml) { push @yaml, $r->data }
                elsif ($r->is_unknown) { push @yaml, "unknown: " . $r->raw }
            }
            print JSON::PP->new->latin1->encode({points => \\@points, yaml => \\@yaml, errors => [$p->parse_errors]});"""
        done = subprocess.run(["perl", "-e", program, self.path], capture_output=True, check=True)
        return json.loads(done.stdout)

    def test_prove_accepts_a_good_run(self):
        self.run_parity("good", f"{THING}::skips_itself", "--tap", str(self.path), code=0)
        self.assertIn("Result: PASS", self.prove(str(self.path), code=0))

    def test_prove_accepts_a_run_with_one_of_each_outcome(self):
        results = self.run_mixed("--tap", str(self.path))
        bad = [r for r in results.values() if r["outcome"] not in ("passed", "skipped")]
        self.assertIn(f"Tests: {len(results)} Failed: {len(bad)})", self.prove(str(self.path), code=1))

    def test_its_own_parser_reads_all_of_it(self):
        results = self.run_mixed("--tap", str(self.path))
        parsed = self.parse()
        self.assertEqual(parsed["errors"], [])
        self.assertEqual([point[0] for point in parsed["points"]],
                         [int(t["outcome"] in ("passed", "skipped")) for t in self.document["tests"]])
        self.assertEqual([point[1] for point in parsed["points"]],
                         ["- " + t["id"] for t in self.document["tests"]])
        self.assertFalse([y for y in parsed["yaml"] if not isinstance(y, dict)])
        diagnosed = {y.get("message", "").partition(" ")[0]: y for y in parsed["yaml"]}
        self.assertEqual(len(parsed["yaml"]), len([
            r for r in results.values()
            if r["outcome"] not in ("passed", "skipped") or r["cleanup_failures"]]))
        odd = diagnosed["a"]
        self.assertEqual(odd["message"], ODD)
        self.assertEqual(odd["output"], "leading blanks\n...\n---\n")
        self.assertIn("third", odd["details"])

    def test_attempts_are_told(self):
        self.run_again("--tap", str(self.path))
        parsed = self.parse()
        self.assertEqual(parsed["errors"], [])
        told = dict(zip([point[1].rpartition("::")[2] for point in parsed["points"]],
                        parsed["yaml"]))
        late = told["passes_the_third_time"]
        self.assertEqual((late["outcome"], late["flaky"]), ("passed", "true"))
        self.assertEqual([(a["outcome"], a["message"]) for a in late["attempts"]],
                         [("failed", "attempt 1"), ("failed", "attempt 2")])
        self.assertRegex(late["attempts"][0]["at"], rf"^{CHOSEN}:\d+$")
        self.assertEqual(told["never_passes"]["flaky"], "false")
        self.assertEqual([a["outcome"] for a in told["crashes_then_fails"]["attempts"]],
                         ["crashed", "failed"])
        self.prove(str(self.path), code=1)

    def test_prove_runs_the_command_itself(self):
        self.run_parity(f"{THING}::describes", "--snapshot-update", code=0)
        self.assertIn("Result: PASS", self.prove("--exec", f"{PARITY} run --tap -",
                                                 f"{THING}::describes", "good", code=0))
        self.server.answer = {"Size": 8}
        out = self.prove("--exec", f"{PARITY} run --tap -", f"{THING}::describes", "good", code=1)
        self.assertIn("Failed 1/1 subtests", out)

    def test_standard_output_is_the_protocol_alone(self):
        self.run_parity(f"{THING}::skips_itself", "good/test_good.c::good_00", "--tap", "-", "-j", "1",
                        code=0)
        self.assertEqual(self.out, "TAP version 13\nok 1 - good/test_good.c::good_00\n"
                         f"ok 2 - {THING}::skips_itself # SKIP no need for it\n1..2\n")
        self.assertIn("1 passed, 1 skipped", self.err)

    def test_a_run_without_a_target_is_no_success(self):
        self.configure(emulator=None)
        self.prove("--exec", f"{PARITY} run --tap -", "good", code=1)


class GitHub(Attempts):
    def actions(self, **changes):
        return {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(ROOT),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"), **changes}

    def commands(self):
        """{id: (command, properties, message)} of what the log commands GitHub."""
        found = {}
        for line in self.out.split("\n"):
            match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
            if match:
                properties = dict(p.split("=", 1) for p in match[2].split(","))
                found[re.sub("^[^ ]* ", "", properties["title"].replace("%3A", ":"))] = (
                    match[1], properties, match[3])
        return found

    def test_each_bad_test_is_annotated_at_its_line(self):
        results = self.run_mixed(**self.actions())
        commands = self.commands()
        bad = [t["id"] for t in self.document["tests"]
               if t["outcome"] not in ("passed", "skipped") or t["cleanup_failures"]]
        self.assertEqual(sorted(commands), bad)
        suite = (HERE / "suites" / REPORT).read_text().splitlines()
        command, properties, message = commands[f"{REPORT}::fails_with_odd_text"]
        self.assertEqual(command, "error")
        self.assertEqual(properties["file"], "tests/e2e/suites/" + REPORT)
        self.assertIn("fail(t,", suite[int(properties["line"]) - 1])
        self.assertIn("50%25 \\ # 'x'", message)
        self.assertIn("%0A  second line: ::error::x%0A", message)
        self.assertNotIn("\x1b", self.out.replace("\x1b[", ""))
        # A test that did not end early is shown where it begins.
        _, properties, _ = commands[f"{REPORT}::differs"]
        self.assertIn("PARITY_TEST(differs", suite[int(properties["line"]) - 1])
        self.assertEqual(results["differs"]["location"], None)

    def test_a_failed_cleanup_of_a_good_test_is_a_warning(self):
        name = f"{REPORT}::passes_with_a_failed_cleanup"
        self.run_parity(name, **self.actions(), code=0)
        command, _, message = self.commands()[name]
        self.assertEqual(command, "warning")
        self.assertIn("thing DeleteThing: AccessDenied", message)

    def test_a_flaky_test_is_a_warning(self):
        (self.folder / "traces").mkdir()
        name = f"{CHOSEN}::passes_the_third_time"
        self.run_parity(name, "--retries", "2", code=0,
                        PARITY_TEST_TRACES=str(self.folder / "traces"), **self.actions())
        command, properties, message = self.commands()[name]
        self.assertEqual((command, properties["title"].partition(" ")[0]), ("warning", "flaky"))
        self.assertIn("attempt 1: failed: attempt 1%0A  attempt 2: failed", message)
        text = (self.folder / "summary.md").read_text()
        self.assertIn("| flaky, of those that passed | 1 |", text)
        self.assertIn(f"<summary>flaky <code>{name}</code>", text)

    def test_the_job_gets_a_summary(self):
        (self.folder / "summary.md").write_text("# of another step\n")
        self.run_mixed(**self.actions())
        text = (self.folder / "summary.md").read_text()
        self.assertTrue(text.startswith("# of another step\n### parity: "))
        self.assertIn(f"<code>{REPORT}::fails_with_odd_text</code>: a &#38; b &#60; c", text)
        self.assertIn("| passed | 3 |", text)
        self.assertNotIn("</script>", text)

    def test_nothing_of_it_elsewhere(self):
        for changes in {"GITHUB_ACTIONS": None}, {"GITHUB_ACTIONS": "false"}:
            self.run_mixed(**self.actions(**changes))
            self.assertEqual(self.commands(), {})
            self.assertFalse((self.folder / "summary.md").exists())

    def test_files_outside_of_the_repository_keep_their_path(self):
        self.run_mixed(**self.actions(GITHUB_WORKSPACE=str(self.folder)))
        _, properties, _ = self.commands()[f"{REPORT}::differs"]
        self.assertEqual(properties["file"], str(HERE / "suites" / REPORT))


class Repetitions(ReportTest):
    """With --repeat every report calls the runs of a test alike, and apart."""

    def test_each_has_a_name_of_its_own(self):
        junit, tap, summary = (self.folder / name for name in ("r.xml", "r.tap", "summary.md"))
        self.run_parity(f"{CHOSEN}::passes_the_third_time", "--repeat", "3", "-j", "1",
                        "--junit", str(junit), "--tap", str(tap), code=1, GITHUB_ACTIONS="true",
                        GITHUB_STEP_SUMMARY=str(summary), PARITY_TEST_TRACES=str(self.folder))
        names = [f"passes_the_third_time, run {number}" for number in (1, 2, 3)]
        cases = xml.etree.ElementTree.parse(junit).getroot().iter("testcase")
        self.assertEqual([case.get("name") for case in cases], names)
        self.assertEqual([line.partition(" - ")[2] for line in tap.read_text().splitlines()
                          if " - " in line], [f"{CHOSEN}::{name}" for name in names])
        for name in names[:2]:
            self.assertIn(f"title=failed {CHOSEN}::{name}".replace("::", "%3A%3A").replace(
                ",", "%2C"), self.out)
            self.assertIn(f"<code>{CHOSEN}::{name}</code>", summary.read_text())

    def test_a_test_that_runs_once_has_its_own_name(self):
        tap = self.folder / "r.tap"
        self.thing("describes", "--snapshot-skip-all", "--repeat", "1", "--tap", str(tap), code=0)
        self.assertIn(f"ok 1 - {THING}::describes\n", tap.read_text())


class Files(ReportTest):
    def test_reports_that_cannot_be_written_are_found_out_before(self):
        (self.folder / "file").write_text("")
        for option in "--results", "--junit", "--tap", "--html":
            for path in str(self.folder), str(self.folder / "file/below"):
                with self.subTest(option=option, path=path):
                    done = subprocess.run(self.command(option, path, f"{THING}::describes"),
                                          cwd=self.folder, env=self.environment(), text=True,
                                          capture_output=True, timeout=60, check=False)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(option, done.stderr)
                    self.assertIn(str(self.folder), done.stderr)
            for path in ("", "-") if option != "--tap" else ("",):
                self.run_parity("good", option, path, code=2)
                self.assertIn(f"{option}: needs the name of a file", self.err)
        self.assertFalse((self.folder / "-").exists())
        self.run_parity(f"{THING}::describes", GITHUB_ACTIONS="true",
                        GITHUB_STEP_SUMMARY=str(self.folder / "file/below"), code=2)
        self.assertIn("GITHUB_STEP_SUMMARY", self.err)
        self.assertEqual(self.server.requests, [])

    def test_what_is_said_goes_into_no_file_when_a_stream_is_closed(self):
        reports = {option: str(self.folder / option[2:]) for option in ("--junit", "--html", "--results")}
        command = self.command(*(part for pair in reports.items() for part in pair), "good", "-j1")
        for stream, code in ((1, 2), (2, 0)):
            done = subprocess.run(["/bin/sh", "-c", f'exec "$@" {stream}>&-', "sh", *command],
                                  cwd=self.folder, env=self.environment(), text=True,
                                  capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
            self.assertEqual(done.stderr,
                             "parity: standard output: cannot write the report\n" if code else "")
            xml.etree.ElementTree.parse(reports["--junit"])
            self.assertEqual(json.loads(pathlib.Path(reports["--results"]).read_text())["summary"]["passed"], 100)
            last = (self.folder / ".parity/last-run.jsonl").read_text().splitlines()
            self.assertEqual(len([json.loads(line) for line in last]), 100)

    def test_two_reports_are_two_files(self):
        (self.folder / "there.xml").write_text("old")
        for first, second in ("there.xml", "./there.xml"), ("new/a", str(self.folder / "new/a")):
            self.run_parity("good", "--junit", first, "--html", second, code=2)
            self.assertIn(f"--junit and --html would replace each other in {second}", self.err)
        self.assertEqual((self.folder / "there.xml").read_text(), "old")
        self.run_parity("good", "--junit", "/dev/null", "--html", "/dev/null", "--tap", "-", code=0)

    def test_a_report_that_fails_in_the_end_fails_the_run(self):
        for option in "--junit", "--tap", "--html", "--results":
            with self.subTest(option):
                done = subprocess.run(self.command(option, "/dev/full", "good"), cwd=self.folder,
                                      env=self.environment(), text=True, capture_output=True,
                                      timeout=60, check=False)
                self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                self.assertIn("/dev/full", done.stderr)

    def test_reports_do_not_get_in_each_others_way(self):
        names = "a.xml", "a.tap", "a.html"
        self.run_mixed(*(part for option, name in zip(("--junit", "--tap", "--html"), names)
                         for part in (option, name)))
        for name in names:
            self.assertTrue((self.folder / name).stat().st_size > 1000, name)
        self.assertFalse(list(self.folder.glob(".parity-*")))


class Wire(ReportTest):
    ACCOUNT, KEY_ID = "123412341234", "AKIAQ3EGZ7KLMN5PR2TX"
    SECRET = "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"

    def page(self, **environment):
        path = self.folder / "report.html"
        self.run_parity(f"{THING}::describes", "--snapshot-skip-all", "--html", str(path), code=0,
                        **environment)
        return path.read_text()

    def test_no_account_or_credential_of_aws_is_shown(self):
        self.server.answer = {"Colour": f"arn:aws:iam::{self.ACCOUNT}:root {self.KEY_ID}"}
        text = self.page(TEST_TARGET="AWS_CLOUD", AWS_REGION="eu-central-1",
                         AWS_ENDPOINT_URL="http://thing.eu-central-1.amazonaws.com",
                         PARITY_CONNECT_TO=f":80:127.0.0.1:{self.server.server_port}",
                         AWS_ACCESS_KEY_ID="AKIDEXAMPLEEXAMPLE00", AWS_SECRET_ACCESS_KEY=self.SECRET,
                         AWS_SESSION_TOKEN="token-" * 20)
        self.assertIn("DescribeThing", text)
        for secret in (self.ACCOUNT, self.KEY_ID, self.SECRET, "token-token", "AKIDEXAMPLEEXAMPLE00",
                       "AWS4-HMAC-SHA256"):
            self.assertNotIn(secret, text)
            self.assertNotIn(secret, json.dumps(self.document))

    def test_what_went_over_the_wire_is_in_the_page_alone(self):
        self.assertIn('"exchanges":[{"request":{"method":"POST"', self.page())
        self.assertNotIn("exchanges", json.dumps(self.document))

    def test_bodies_are_kept_up_to_a_limit(self):
        self.server.answer = {"Colour": "é" * 50000}
        text = self.page()
        data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])
        call = next(c for c in data["tests"][0]["calls"] if c["operation"] == "DescribeThing")
        exchange = call["exchanges"][0]["response"]
        self.assertGreater(exchange["body_bytes"], 100000)
        self.assertLessEqual(len(exchange["body"].encode()), 16 * 1024)
        self.assertTrue(exchange["body"].startswith('{"Name"'))


class Results(ReportTest):
    # A difference is closed where it stands, as there are two kinds.
    OPEN = """
schema["$defs"]["test"]["properties"]["differences"]["items"]["unevaluatedProperties"] = False
del schema["$defs"]["difference"]["unevaluatedProperties"]
"""

    @unittest.skipUnless(os.environ.get("PARITY_PYTHON"), "PARITY_PYTHON names no Python")
    def test_they_are_what_the_schema_says(self):
        self.run_mixed()
        self.validate()
        self.server.answer = {"Size": 8}
        self.run_parity(f"{THING}::skips_the_size", "--snapshot-update", code=0)
        self.server.answer = {}
        self.run_parity(f"{THING}::skips_the_size", code=0)
        self.assertEqual(len(self.results["skips_the_size"]["hidden"]), 1)
        self.validate()

    def validate(self):
        self.assertEqual(schemas.violations("results.schema.json", self.folder / "results.json", self.OPEN), [])

    def test_they_are_json_as_parity_writes_it_everywhere(self):
        self.run_mixed()
        text = (self.folder / "results.json").read_text()
        self.assertEqual(text, json.dumps(json.loads(text), indent=2) + "\n")


if __name__ == "__main__":
    unittest.main()
