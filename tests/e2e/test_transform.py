# SPDX-License-Identifier: Apache-2.0
"""`parity transform` and `parity diff`, from outside."""
import json
import os
import subprocess
import tempfile
import unittest

PARITY = os.environ["PARITY_BIN"]


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(content if isinstance(content, str) else json.dumps(content))
        return path

    def parity(self, *arguments, stdin=""):
        return subprocess.run([PARITY, *arguments], input=stdin, capture_output=True, text=True, timeout=60,
                              check=False, env={"PATH": os.environ.get("PATH", "")})


class Transform(Command):
    def transform(self, transformers, observed, *more):
        return self.parity("transform", "--transformers", self.file("t.json", transformers), *more, stdin=observed)

    def test_prints_what_would_be_stored(self):
        run = self.transform([{"type": "key_value", "key": "Id"}], '{"b": {"z": "x-é", "Id": "x"}, "a": 1.0}')
        self.assertEqual(run.stderr, "")
        self.assertEqual(run.returncode, 0)
        self.assertEqual(run.stdout, '{\n  "b": {\n    "Id": "<id:1>",\n    "z": "<id:1>-\\u00e9"\n  },\n  "a": 1.0\n}\n')

    def test_reads_a_file(self):
        run = self.transform([], "", self.file("o.json", {"m": [1]}))
        self.assertEqual(json.loads(run.stdout), {"m": [1]})

    def test_applies_nothing_that_is_not_named(self):
        observed = {"m": {"id": "01234567-89ab-cdef-0123-456789abcdef", "x": "2024-01-02T03:04:05Z"}}
        self.assertEqual(json.loads(self.transform([], json.dumps(observed)).stdout), observed)

    def test_warns_of_a_path_that_selects_nothing(self):
        run = self.transform([{"type": "jsonpath", "path": "$..Nmae", "replacement": "x"}], '{"m": {"Name": 1}}')
        self.assertEqual(run.returncode, 0)
        self.assertEqual(json.loads(run.stdout), {"m": {"Name": 1}})
        self.assertEqual(run.stderr, "parity: warning: transformer jsonpath: $..Nmae selects nothing\n")

    def test_sees_typed_values(self):
        observed = {"m": {"at": {"$datetime": "2022-07-13T13:48:01+00:00"}, "data": {"$bytes": "aGk="}}}
        run = self.transform([], json.dumps(observed))
        self.assertEqual(json.loads(run.stdout), {"m": {"at": "2022-07-13 13:48:01+00:00", "data": "b'hi'"}})
        run = self.transform([{"type": "timestamp"}], json.dumps(observed))
        self.assertEqual(json.loads(run.stdout)["m"]["at"], "<datetime>")

    def assert_refused(self, run, *parts):
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertEqual(run.stdout, "")
        self.assertTrue(run.stderr.startswith("parity: "), run.stderr)
        for part in parts:
            self.assertIn(part, run.stderr)

    def test_says_which_transformer_is_wrong(self):
        run = self.transform([{"type": "timestamp"}, {"type": "regex", "pattern": "(", "replacement": ""}], '{"m": 1}')
        self.assert_refused(run, "t.json: transformer 2", "missing ')'")

    def test_refuses_a_state_that_is_no_json_any_more(self):
        run = self.transform([{"type": "text", "text": "1", "replacement": "x"}], '{"m": 1}')
        self.assert_refused(run, "m: ", "no JSON any more after '1' was replaced by 'x'")

    def test_refuses_what_is_no_document(self):
        self.assert_refused(self.transform([], "[]"), "must be an object from match keys to values")
        self.assert_refused(self.transform([], '{"m": '), "standard input")
        self.assert_refused(self.transform({}, "{}"), "t.json", "must be an array")

    def test_refuses_a_missing_file_and_wrong_usage(self):
        self.assert_refused(self.parity("transform", "--transformers", "/no/such/file"), "/no/such/file")
        self.assert_refused(self.parity("transform"), "'--transformers' is missing")
        self.assert_refused(self.parity("transform", "--transfomers", "x"), "did you mean '--transformers'")


class Diff(Command):
    def diff(self, recorded, observed, *options):
        return self.parity("diff", self.file("r.json", recorded), self.file("o.json", observed), *options)

    def test_without_a_difference_prints_nothing(self):
        run = self.diff({"m": {"a": 1, "b": "<id:1>"}}, {"m": {"b": "<id:2>", "a": 1}})
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))

    def test_prints_differences_for_a_reader(self):
        run = self.diff({"send": {"a": 1}}, {"send": {"a": 2}})
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stdout, "send\n  ~ changed  $.a\n      recorded  1\n      observed  2\n\n1 difference\n")

    def test_prints_differences_as_json(self):
        run = self.diff({"m": {"l": [1, 2], "x": "a"}}, {"m": {"l": [1, 2, 3], "x": 5}}, "--format", "json")
        self.assertEqual(run.returncode, 1)
        self.assertEqual(json.loads(run.stdout), [
            {"key": "m", "path": ["l", 2], "kind": "added", "observed": 3},
            {"key": "m", "path": ["x"], "kind": "type", "recorded": "a", "observed": 5},
        ])
        run = self.diff({"m": 1}, {"m": 1}, "--format", "json")
        self.assertEqual((run.returncode, run.stdout), (0, "[]\n"))

    def test_skips_paths_on_both_sides(self):
        run = self.diff({"m": {"a": 1, "b": 1, "c": 1}}, {"m": {"a": 2, "c": 1, "d": 3}},
                        "--skip", "$..a", "--skip", "$..b", "--skip=$..d")
        self.assertEqual((run.returncode, run.stdout), (0, ""))

    def test_judges_as_the_reference_where_asked_to(self):
        recorded = {"m": {"__type": "a", "id": "<id:1>"}, "old": 1}
        observed = {"m": {"__type": "b", "id": "<id:2>"}}
        run = self.diff(recorded, observed, "--format=json")
        self.assertEqual([(d["key"], d["path"], d["kind"]) for d in json.loads(run.stdout)],
                         [("m", ["__type"], "changed"), ("old", [], "removed")])
        run = self.diff(recorded, observed, "--format=json", "--compat=localstack")
        self.assertEqual([(d["key"], d["path"], d["kind"]) for d in json.loads(run.stdout)],
                         [("m", ["id"], "changed")])

    def test_reads_one_side_from_standard_input(self):
        run = self.parity("diff", "-", self.file("o.json", {"m": 1}), stdin='{"m": 2}')
        self.assertEqual(run.returncode, 1)

    def test_uses_no_colours_unless_on_a_terminal(self):
        self.assertNotIn("\x1b", self.diff({"m": 1}, {"m": 2}).stdout)

    def on_a_terminal(self, environment):
        import pty
        master, slave = pty.openpty()
        subprocess.run([PARITY, "diff", self.file("r.json", {"m": 1}), self.file("o.json", {"m": 2})],
                       stdout=slave, timeout=60, check=False, env=environment)
        os.close(slave)
        shown = os.read(master, 10000).decode()
        os.close(master)
        return shown

    def test_uses_colours_on_a_terminal_unless_told_not_to(self):
        self.assertIn("\x1b[", self.on_a_terminal({}))
        self.assertNotIn("\x1b[", self.on_a_terminal({"NO_COLOR": "1"}))

    def test_refuses_wrong_usage_and_input(self):
        for arguments, part in [((), "give two files"), (("-", "-"), "only one of the two"),
                                (("a", "b", "--format", "xml"), "--format is"),
                                (("a", "b", "--compat", "moto"), "knows only 'localstack'"),
                                (("/no/such/file", "b"), "/no/such/file")]:
            run = self.parity("diff", *arguments)
            self.assertEqual(run.returncode, 2, arguments)
            self.assertEqual(run.stdout, "")
            self.assertIn(part, run.stderr)
        run = self.diff({"m": 1}, {"m": 1}, "--skip", "$..a[")
        self.assertEqual(run.returncode, 2)
        self.assertIn("$..a[", run.stderr)
        run = self.diff([], {})
        self.assertEqual(run.returncode, 2)
        self.assertIn("r.json", run.stderr)


if __name__ == "__main__":
    unittest.main()
