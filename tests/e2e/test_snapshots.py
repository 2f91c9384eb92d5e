# SPDX-License-Identifier: Apache-2.0
"""`parity snapshots`: what stands in a folder of recordings, and keeping it in order."""
import datetime
import json
import subprocess
import unittest

from runner import PARITY, THING, RunTest

ENTRY = {"recorded-date": "15-01-2024, 12:00:00",
         "recorded-content": {"describe": {"Colour": "red", "Size": 1.0}}}
VALIDATED = {"last_validated_date": "2024-01-15T12:00:00+00:00",
             "durations_in_seconds": {"setup": 0.1, "call": 1.0, "teardown": 0.0, "total": 1.1}}


class SnapshotsTest(RunTest):
    def path(self, kind="snapshot", stem="thing/test_thing"):
        return self.folder / f"snapshots/{stem}.{kind}.json"

    def write(self, content, kind="snapshot", stem="thing/test_thing"):
        path = self.path(kind, stem)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, (str, bytes)):
            content = json.dumps(content, indent=2) + "\n"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def snapshots(self, *arguments, code=0, given=None, **environment):
        done = subprocess.run([PARITY, "snapshots", *arguments], cwd=self.folder, text=True,
                              env=self.environment(**environment), input=given or "",
                              capture_output=True, timeout=60)
        self.out, self.err = done.stdout, done.stderr
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def problems(self, *arguments, code=1):
        found = json.loads(self.snapshots("check", "--format", "json", *arguments, code=code))
        return [(f["test"] and f["test"].partition("::")[2], f["problem"]) for f in found]


class Listing(SnapshotsTest):
    def test_an_empty_folder_is_an_empty_list(self):
        self.assertEqual(json.loads(self.snapshots("list", "--format", "json")), [])
        self.assertEqual(self.snapshots("list"), "0 recordings\n")

    def test_each_recording_has_its_keys_age_and_provenance(self):
        self.write({f"{THING}::describes": ENTRY, f"{THING}::describes_two": ENTRY})
        self.write({f"{THING}::describes": {**VALIDATED, "target": "aws", "region": "eu-west-1",
                                            "models": "botocore 1"}}, "validation")
        first, second = json.loads(self.snapshots("list", "--format", "json"))
        days = (datetime.datetime.now(datetime.timezone.utc) - datetime.datetime(
            2024, 1, 15, 12, tzinfo=datetime.timezone.utc)).days
        self.assertEqual(first, {
            "id": f"{THING}::describes", "file": "thing/test_thing.snapshot.json",
            "keys": ["describe"], "recorded_date": "2024-01-15T12:00:00+00:00", "age_days": days,
            "last_validated_date": "2024-01-15T12:00:00+00:00", "from_aws": True, "target": "aws",
            "region": "eu-west-1", "models": "botocore 1"})
        self.assertEqual((second["from_aws"], second["target"]), (False, None))
        text = self.snapshots("list")
        for part in ("2024-01-15", f"{days} d", "aws", "1 key: describe", f"{THING}::describes_two",
                     "2 recordings"):
            self.assertIn(part, text)

    def test_a_broken_file_hides_no_other(self):
        self.write("{", stem="thing/test_broken")
        self.write({f"{THING}::describes": ENTRY})
        self.assertIn(f"{THING}::describes", self.snapshots("list", code=2))
        self.assertIn("test_broken.snapshot.json:1:", self.err)

    def test_an_unknown_subcommand_or_option_is_refused(self):
        self.snapshots("lst", code=2)
        self.assertIn("did you mean 'list'", self.err)
        self.snapshots("list", "--formt", "json", code=2)
        self.snapshots("list", "--format", "yaml", code=2)
        self.snapshots("list", "operand", code=2)
        self.snapshots(code=2)
        self.assertIn("review", self.snapshots("--help"))


class Formatting(SnapshotsTest):
    def test_a_canonical_file_is_left_alone(self):
        path = self.write({f"{THING}::describes": ENTRY})
        before = path.stat().st_mtime_ns
        self.assertEqual(self.snapshots("format", "--check"), "")
        self.assertEqual(self.snapshots("format"), "")
        self.assertEqual(path.stat().st_mtime_ns, before)

    def test_check_reports_and_format_rewrites(self):
        text = json.dumps({f"{THING}::describes": {**ENTRY, "x": "é\x7f", "n": 1e-7}},
                          ensure_ascii=False).replace("1e-07", "0.1E-6")
        path = self.write(text.encode())
        self.assertEqual(self.snapshots("format", "--check", code=1),
                         "thing/test_thing.snapshot.json\n")
        self.assertEqual(path.read_bytes(), text.encode())
        self.snapshots("format")
        self.assertEqual(path.read_text(), json.dumps(json.loads(text), indent=2).replace(
            "\x7f", "\\u007f") + "\n")
        self.snapshots("format", "--check")

    def test_windows_line_ends_are_formatted(self):
        text = json.dumps({f"{THING}::describes": ENTRY}, indent=2) + "\n"
        path = self.write(text.replace("\n", "\r\n"))
        self.assertEqual(self.problems(), [(None, "format")])
        self.snapshots("format")
        self.assertEqual(path.read_bytes(), text.encode())

    def test_nothing_is_lost_from_a_file_with_a_member_twice(self):
        text = '{\n  "a.c::t": {"recorded-content": {"k": 1}},\n  "a.c::t": {}\n}\n'
        path = self.write(text, stem="a")
        self.snapshots("format", code=2)
        self.assertIn("a.snapshot.json:3", self.err)
        self.assertIn(":3:3: member 'a.c::t' is there twice", self.err)
        self.assertEqual(path.read_text(), text)

    def test_a_broken_file_is_told_of_and_the_others_are_formatted(self):
        broken = self.write("<<<<<<< HEAD\n{}\n=======\n", stem="a")
        path = self.write(json.dumps({f"{THING}::describes": ENTRY}))
        self.snapshots("format", code=2)
        self.assertIn("a.snapshot.json:1:", self.err)
        self.assertEqual(broken.read_text(), "<<<<<<< HEAD\n{}\n=======\n")
        self.assertEqual(path.read_text(),
                         json.dumps({f"{THING}::describes": ENTRY}, indent=2) + "\n")


class Checking(SnapshotsTest):
    def test_good_files_pass(self):
        self.write({f"{THING}::describes": ENTRY})
        self.write({f"{THING}::describes": VALIDATED}, "validation")
        self.assertEqual(self.problems(code=0), [])

    def test_each_problem_is_named(self):
        entry = {"recorded-date": "yesterday", "recorded-content": {"k": 1}}
        secret = {**ENTRY, "recorded-content": {"k": {"Key": "AKIA" + "QWERTYUIOPASDFGH"}}}
        self.write({f"{THING}::describes": {**ENTRY, "recorded-content": {}},
                    f"{THING}::describes_two": entry, f"{THING}::no_such_test": ENTRY,
                    f"{THING}::skips_the_size": {"recorded-date": ENTRY["recorded-date"]},
                    f"{THING}::skips_everything": secret,
                    "other/test_other.c::t": ENTRY})
        self.write({f"{THING}::matches_twice": {"target": "fake"}}, "validation")
        self.assertEqual(self.problems(), [
            ("describes", "empty"), ("describes_two", "date"), ("no_such_test", "unknown-test"),
            ("skips_the_size", "broken"), ("skips_everything", "secret"), ("t", "misplaced"),
            ("matches_twice", "provenance")])
        self.assertNotIn("QWERTYUIOP", self.out)
        self.assertEqual(self.problems("--allow", "$.k.Key")[4], ("t", "misplaced"))

    def test_broken_files_are_reported_with_their_place(self):
        for text, part in ((b"\xef\xbb\xbf{}", "line 1"), (b'{"a.c::t": {}', "line 1"),
                           (b"<<<<<<< HEAD\n", "line 1"), (b"[]", "expected an object"),
                           (b'{"a.c::t": []}', "no object")):
            with self.subTest(text):
                self.write(text, stem="a")
                self.assertIn(part, self.snapshots("check", code=1))
                self.assertIn(" broken: ", self.out)

    def test_a_member_that_stands_twice_at_any_depth_is_reported(self):
        self.write('{\n  "thing/test_thing.c::describes": {\n    "recorded-content": {"k": [{"a": 1,'
                   '\n "\\u0061": 2}]}}}\n')
        self.assertIn("broken: line 4, column 2: member 'a' is there twice", self.snapshots("check", code=1))

    def test_what_is_as_it_should_be_is_said_so(self):
        self.write({f"{THING}::describes": ENTRY})
        self.assertEqual(self.snapshots("check"), "no problem\n")

    def test_where_no_test_is_known_recordings_need_none(self):
        self.configure(suites="no_suites")
        (self.folder / "modules").mkdir()
        self.write({f"{THING}::gone": ENTRY})
        self.assertEqual(self.problems("--modules", "modules", code=0), [])
        self.assertIn("not one recording has a test here", self.err)

    def test_many_entries_of_no_test_do_not_fill_the_screen(self):
        self.write({f"{THING}::describes": ENTRY})
        self.write({f"thing/test_gone.c::t{i}": ENTRY for i in range(50)}, stem="thing/test_gone")
        lines = self.snapshots("check", code=1).splitlines()
        self.assertEqual(len(lines), 3, lines)
        self.assertIn("t0: unknown-test: no suite has this test", lines[0])
        self.assertIn("the same for 49 more", lines[1])
        self.assertEqual(lines[2], "50 problems")

    def test_a_suite_that_is_not_built_has_no_unknown_tests(self):
        self.configure(suites="suites")
        (self.folder / "suites/thing").mkdir(parents=True)
        for name in ("test_thing.c", "test_new.c"):
            (self.folder / "suites/thing" / name).touch()
        self.write({"thing/test_new.c::t": ENTRY}, stem="thing/test_new")
        self.assertEqual(self.problems(code=0), [])
        self.assertIn("thing/test_new.c: is not built", self.err)


class Stale(SnapshotsTest):
    def test_what_was_validated_before_a_date_or_never_is_listed(self):
        def validated(date):
            return {**VALIDATED, "last_validated_date": f"{date}T12:00:00+00:00"}
        today = datetime.datetime.now(datetime.timezone.utc).date()
        self.write({f"{THING}::describes": ENTRY})
        self.write({f"{THING}::b": validated("2024-01-15"), f"{THING}::a": validated("2023-12-31"),
                    f"{THING}::c": validated(today - datetime.timedelta(days=10))}, "validation")

        def ids(limit, code=1):
            found = json.loads(self.snapshots("stale", "--older-than", limit, "--format", "json",
                                              code=code))
            return [(f["id"].partition("::")[2], (f["last_validated_date"] or "never")[:10])
                    for f in found]
        never, a, b = ("describes", "never"), ("a", "2023-12-31"), ("b", "2024-01-15")
        self.assertEqual(ids("2024-01-15"), [never, a])
        self.assertEqual(ids("16-01-2024"), [never, a, b])
        self.assertEqual(ids("11"), [never, a, b])
        self.assertEqual([i for i, _ in ids("9")], ["describes", "a", "b", "c"])
        self.assertIn(f"never       {THING}::describes\n2023-12-31  {THING}::a\n",
                      self.snapshots("stale", "--older-than", "30", code=1))
        self.path().unlink()
        self.assertEqual(ids("2023-01-01", code=0), [])

    def test_a_date_that_is_none_is_refused(self):
        for limit in ("tomorrow", "2024-13-01", "-3", "", "2024-1-1"):
            self.snapshots("stale", f"--older-than={limit}", code=2)
            self.assertIn("--older-than takes", self.err)
        self.snapshots("stale", code=2)
        self.assertIn("--older-than", self.err)


class Orphans(SnapshotsTest):
    def test_both_kinds_are_listed(self):
        self.write({f"{THING}::describes": ENTRY, f"{THING}::gone": ENTRY})
        self.write({f"{THING}::gone_too": VALIDATED}, "validation")
        found = json.loads(self.snapshots("orphans", "--format", "json", code=1))
        self.assertEqual([o["id"].partition("::")[2] for o in found["recordings"]],
                         ["gone", "gone_too"])
        self.assertIn(f"{THING}::describes_two", found["tests"])
        self.assertNotIn(f"{THING}::describes", found["tests"])
        text = self.snapshots("orphans", code=1)
        self.assertIn(f"recording without a test: {THING}::gone (thing/", text)
        self.assertIn(f"test without a recording: {THING}::describes_two\n", text)

    def test_scenarios_are_tests(self):
        self.configure(suites="suites")
        test = {"marker": "unknown", "steps": [{"value": 1, "match": "k"}]}
        for name, ids in (("suites/made/things.json", ["things/a"]), ("elsewhere.json", ["other"])):
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({"tests": [{"id": i, **test} for i in ids]}))
        self.run_parity("--snapshot-update", "suites", "elsewhere.json", code=0)
        orphan = "recording without a test: other (other.snapshot.json)\n"
        self.assertEqual(self.snapshots("orphans", code=1), orphan)
        self.assertEqual(self.snapshots("orphans", "elsewhere.json"), "")
        self.assertEqual(self.snapshots("check", "elsewhere.json"), "no problem\n")
        self.snapshots("orphans", "--delete", "elsewhere.json")
        self.assertEqual(len(list(self.folder.rglob("*.snapshot.json"))), 2)
        self.snapshots("orphans", "nowhere.json", code=2)
        self.assertIn("nowhere.json", self.err)

    def test_nothing_is_deleted_where_no_test_is_known(self):
        self.configure(suites="no_suites")
        path = self.write({f"{THING}::describes": ENTRY})
        (self.folder / "modules").mkdir()
        self.snapshots("orphans", "--modules", "modules", code=1)
        self.snapshots("orphans", "--delete", "--modules", "modules", code=2)
        self.assertIn("so all would be deleted", self.err)
        self.assertTrue(path.exists())

    def test_delete_leaves_every_other_byte(self):
        a, b, c = (f'"{THING}::{name}" :{{ "recorded-content":{{"k": [1.50, "}}\\"{{"]}} }}'
                   for name in ("describes", "gone", "describes_two"))
        path = self.write("{ " + a + " ,\r\n\t" + b + ",  " + c + " }\n\n")
        validation = self.write({f"{THING}::gone": VALIDATED}, "validation")
        raw = self.write({f"{THING}::gone": ENTRY, f"{THING}::describes": ENTRY}, "raw.snapshot")
        self.assertIn("deleted recording", self.snapshots("orphans", "--delete"))
        self.assertEqual(path.read_bytes(), ("{ " + a + ",  " + c + " }\n\n").encode())
        self.assertFalse(validation.exists())
        self.assertEqual(list(json.loads(raw.read_text())), [f"{THING}::describes"])
        self.snapshots("orphans")

    def test_a_canonical_file_stays_canonical_wherever_the_orphan_stood(self):
        kept = {f"{THING}::describes": ENTRY, f"{THING}::describes_two": ENTRY}
        gone = {f"{THING}::gone": ENTRY}
        one, two = ({k: v} for k, v in kept.items())
        for content in ({**gone, **kept}, {**one, **gone, **two}, {**kept, **gone}):
            path = self.write(content)
            self.snapshots("orphans", "--delete")
            self.assertEqual(path.read_text(), json.dumps(kept, indent=2) + "\n")

    def test_nothing_is_deleted_of_a_suite_that_is_not_built(self):
        path = self.write({f"{THING}::gone": ENTRY})
        before = path.read_bytes()
        (self.folder / "modules").mkdir()
        self.snapshots("orphans", "--delete", "--modules", "modules")
        self.assertIn("thing/test_thing.c: is not built", self.err)
        self.assertEqual(path.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
