# SPDX-License-Identifier: Apache-2.0
"""`parity jsonpath` from outside: what it prints, its exit codes, its messages."""
import json
import os
import subprocess
import tempfile
import unittest

PARITY = os.environ["PARITY_BIN"]
DOCUMENT = {"queue": {"Attributes": {"Queue-Arn": "arn", "List": [1, {"a": 2}]}, "Tags": "xy"}}


def run(*arguments, stdin=None, env=None):
    if stdin is not None and not isinstance(stdin, bytes):
        stdin = json.dumps(stdin).encode()
    return subprocess.run([PARITY, "jsonpath", *arguments], input=stdin, capture_output=True,
                          timeout=60, env=env, check=False)


class JsonPath(unittest.TestCase):
    def assert_prints(self, result, expected):
        self.assertEqual(result.stderr.decode(), "")
        self.assertEqual(result.stdout.decode(), json.dumps(expected, indent=2) + "\n")
        self.assertEqual(result.returncode, 0)

    def assert_fails(self, result, code, *lines):
        self.assertEqual(result.stderr.decode().splitlines(), list(lines))
        self.assertEqual(result.stdout.decode(), "")
        self.assertEqual(result.returncode, code)

    def test_nodes_are_printed_with_normalized_paths(self):
        self.assert_prints(run("$..Queue-Arn", stdin=DOCUMENT),
                           [{"path": "$['queue']['Attributes']['Queue-Arn']", "value": "arn"}])
        self.assert_prints(run("$..List[*]", stdin=DOCUMENT), [
            {"path": "$['queue']['Attributes']['List'][0]", "value": 1},
            {"path": "$['queue']['Attributes']['List'][1]", "value": {"a": 2}}])

    def test_no_match_is_an_empty_list_and_no_failure(self):
        self.assert_prints(run("$..Nope", stdin=DOCUMENT), [])

    def test_file_is_read_where_one_is_named(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(DOCUMENT, file)
            file.flush()
            self.assert_prints(run("queue.Tags", file.name),
                               [{"path": "$['queue']['Tags']", "value": "xy"}])
        self.assert_prints(run("queue.Tags", "-", stdin=DOCUMENT),
                           [{"path": "$['queue']['Tags']", "value": "xy"}])

    def test_strict_dialect_refuses_what_the_default_takes(self):
        self.assert_prints(run("--dialect", "rfc9535", "$.queue['Tags']", stdin=DOCUMENT),
                           [{"path": "$['queue']['Tags']", "value": "xy"}])
        self.assert_fails(run("--dialect=rfc9535", "$..Queue-Arn", stdin=DOCUMENT), 2,
                          "parity: $..Queue-Arn: expected '.', '..', '[' or the end (column 9)",
                          "  $..Queue-Arn",
                          "          ^")

    def test_broken_path_points_at_the_character(self):
        self.assert_fails(run("$.a[", stdin=DOCUMENT), 2,
                          "parity: $.a[: the path ends where a name, a position, '*', a slice "
                          "or '?' should be (column 5)",
                          "  $.a[",
                          "      ^")

    def test_caret_counts_characters_and_not_bytes(self):
        self.assert_fails(run("$.'\u00e9\u00e9'.%", stdin=DOCUMENT), 2,
                          "parity: $.'\u00e9\u00e9'.%: unexpected character '%': a name with "
                          "it needs quotes (column 8)",
                          "  $.'\u00e9\u00e9'.%",
                          "         ^")

    def test_path_that_does_not_fit_the_document_fails(self):
        self.assert_fails(run("queue[0]", stdin=DOCUMENT), 2,
                          "parity: queue[0]: position [0] is looked up in an object, at $['queue']")

    def test_input_that_is_no_json_fails_with_its_place(self):
        self.assert_fails(run("$", stdin=b"{\n  'a': 1}"), 2,
                          "parity: standard input:2:3: expected the name of a member in double "
                          "quotes, found '''")
        self.assert_fails(run("$", stdin=b""), 2,
                          "parity: standard input:1:1: is empty where JSON is expected")

    def test_values_come_out_as_they_are(self):
        text = b'[1.0, 1e5, 123456789012345678901, NaN, "\\ud83d", "\\u00e9", {"$bytes": "AA=="}]'
        result = run("$[*]", stdin=text)
        values = result.stdout.decode()
        for expected in ('"value": 1.0\n', '"value": 100000.0\n',
                         '"value": 123456789012345678901\n', '"value": NaN\n',
                         '"value": "\\ud83d"\n', '"value": "\\u00e9"\n',
                         '"value": {\n      "$bytes": "AA=="\n    }\n'):
            self.assertIn(expected, values)

    def test_missing_file_is_named(self):
        result = run("$", "/nonexistent/file.json")
        self.assertEqual(result.returncode, 2)
        self.assertIn("/nonexistent/file.json", result.stderr.decode())

    def test_wrong_usage_is_explained(self):
        self.assert_fails(run(), 2, "parity: no PATH given: parity jsonpath PATH [FILE]")
        self.assert_fails(run("a", "b", "c"), 2,
                          "parity: more than PATH and one FILE: put the path in quotes")
        self.assert_fails(run("--dialect", "xpath", "$"), 2,
                          "parity: option '--dialect' must be localstack or rfc9535")
        self.assertEqual(run("--nope", "$").returncode, 2)

    def test_help_names_the_option(self):
        result = run("--help")
        self.assertEqual(result.returncode, 0)
        self.assertIn("--dialect NAME", result.stdout.decode())


if __name__ == "__main__":
    unittest.main()
