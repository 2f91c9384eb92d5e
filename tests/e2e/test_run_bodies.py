# SPDX-License-Identifier: Apache-2.0
"""What bodies do beside calls and matches: expectations, waiting, attachments."""
import base64
import re
import unittest

from runner import RunTest

SUITE = "authoring/test_bodies.c"
LIMIT = 1024 * 1024


class Bodies(RunTest):
    def one(self, name, *options, code=None, **environment):
        return self.run_parity(f"{SUITE}::{name}", *options, code=code, **environment)[name]


class Elsewhere(Bodies):
    def test_another_account_and_another_region_sign_for_themselves(self):
        result = self.one("calls_from_elsewhere", "--snapshot-skip-all", code=0,
                          TEST_AWS_ACCESS_KEY_ID="AKIDFIRST", TEST_AWS_SECRET_ACCESS_KEY="a",
                          SECONDARY_TEST_AWS_ACCESS_KEY_ID="AKIDSECOND",
                          SECONDARY_TEST_AWS_SECRET_ACCESS_KEY="b",
                          SECONDARY_TEST_AWS_ACCOUNT_ID="000000000008",
                          SECONDARY_TEST_AWS_REGION_NAME="eu-west-3", AWS_REGION="eu-north-1")
        self.assertEqual(result["attachments"][0]["text"], "000000000007 000000000008 eu-north-1")
        scopes = [(operation, *re.search(r"Credential=(\w+)/\d+/([\w-]+)/thing", headers["Authorization"])
                   .groups()) for operation, _, headers in self.server.requests if operation]
        self.assertEqual(scopes, [
            ("DescribeThing", "AKIDFIRST", "eu-north-1"), ("DescribeThing", "AKIDFIRST", "eu-west-3"),
            ("CreateThing", "AKIDSECOND", "eu-west-3"), ("DeleteThing", "AKIDSECOND", "eu-west-3")])
        self.assertEqual(self.server.things, {})

    def test_an_emulator_has_a_second_account_aws_needs_one(self):
        result = self.one("calls_from_elsewhere", "--snapshot-skip-all", code=0)
        self.assertIn(" 000000000002 ", result["attachments"][0]["text"])
        result = self.one("calls_from_elsewhere", "--snapshot-skip-all", code=3, TEST_TARGET="AWS_CLOUD",
                          AWS_REGION="us-east-1", AWS_ACCESS_KEY_ID="AKIDEXAMPLEEXAMPLE00",
                          AWS_SECRET_ACCESS_KEY="x" * 40,
                          AWS_ENDPOINT_URL="http://thing.us-east-1.amazonaws.com",
                          PARITY_CONNECT_TO=f":80:127.0.0.1:{self.server.server_port}")
        self.assertEqual(result["outcome"], "error")
        self.assertIn("set SECONDARY_TEST_AWS_PROFILE, or SECONDARY_TEST_AWS_ACCESS_KEY_ID and "
                      "SECONDARY_TEST_AWS_SECRET_ACCESS_KEY", result["message"])


class Expectations(Bodies):
    def test_all_that_are_unmet_are_reported_when_the_test_has_ended(self):
        result = self.one("expects_in_vain", "--snapshot-skip-all", code=1)
        self.assertEqual(result["outcome"], "failed")
        lines = result["message"].splitlines()
        self.assertEqual([line.partition(": ")[2] for line in lines], [
            "expected a size above 100", "expected 8, found 7", 'expected "blue", found "red"',
            'expected "blue", found no text', 'expected {"b": [1]}, found "a"'])
        for line in lines:
            self.assertRegex(line, rf"^{SUITE}:\d+: ")
        self.assertEqual(len({line.partition(": ")[0] for line in lines}), 5)
        self.assertIn("went on", result["output"])

    def test_with_one_unmet_nothing_is_recorded_and_differences_are_shown_beside(self):
        result = self.one("expects_in_vain", "--snapshot-update", code=1)
        self.assertFalse(result["recorded"])
        self.assertFalse((self.folder / "snapshots/authoring").exists())

    def test_what_was_noted_survives_a_crash(self):
        result = self.one("expects_in_vain_and_crashes", "--snapshot-skip-all", code=1)
        self.assertEqual(result["outcome"], "crashed")
        lines = result["message"].splitlines()
        self.assertEqual(lines[0], "SIGABRT")
        self.assertEqual([re.sub(r":\d+: ", ": ", line) for line in lines[1:]],
                         [f"{SUITE}: expected a size above 100", f'{SUITE}: expected "blue", found "red"'])

    def test_and_any_other_end(self):
        result = self.one("fails_before_its_process_ends", "--retries", "1", code=1, THING_EXITS="1")
        for message in (result["message"], result["attempts"][0]["message"]):
            self.assertRegex(message, rf"^the test ended its process with exit status 3\n{SUITE}:\d+: "
                                      "expected what comes before the reason$")
        result = self.one("fails_before_its_process_ends", "--timeout", "0.3", code=1)
        self.assertRegex(result["message"], rf"^did not end within 0.3 s\n{SUITE}:\d+: expected what")

    def test_met(self):
        self.one("expects_and_finds", code=0)


class Inputs(Bodies):
    def test_all_faults_are_noted(self):
        result = self.one("has_many_faults", code=1)
        self.assertEqual(result["outcome"], "error")
        self.assertRegex(result["message"], r"; and \d+ more$")
        for number in range(100):
            self.assertRegex(result["output"], f"'Unknown{number}'")


class Polling(Bodies):
    def test_until_a_function_says_so(self):
        result = self.one("polls", code=0)
        self.assertEqual(len(result["calls"]), 3)

    def test_in_vain(self):
        result = self.one("polls_in_vain", code=1)
        self.assertEqual(result["message"], "waited 0.2 s in vain for the end of time")
        self.assertRegex(result["location"], rf"^{SUITE}:\d+$")
        self.assertLess(result["duration_seconds"], 2)


class Attachments(Bodies):
    def test_texts_values_and_files(self):
        result = self.one("attaches", code=0)
        found = {a["name"]: a for a in result["attachments"]}
        self.assertEqual(list(found), ["note", "value", "attached.html", "picture.png", "empty",
                                       "large", "large bytes"])
        self.assertEqual(found["note"], {"name": "note", "content_type": "text/plain", "size": 10,
                                         "text": "a text \u20ac"})
        self.assertEqual(found["value"]["content_type"], "application/json")
        self.assertEqual(found["value"]["text"], '{\n  "a": [\n    1,\n    "b"\n  ]\n}\n')
        self.assertEqual((found["attached.html"]["content_type"], found["attached.html"]["text"]),
                         ("text/html", "<p>hello</p>\n"))
        self.assertEqual(found["picture.png"]["content_type"], "image/png")
        self.assertEqual(base64.b64decode(found["picture.png"]["$bytes"]), b"\x89PNG\0\1")
        self.assertEqual((found["empty"]["text"], found["empty"]["size"]), ("", 0))
        large = found["large"]
        self.assertEqual(large["size"], LIMIT + 100)
        self.assertEqual(large["text"],
                         "x" * (LIMIT - 1) + "\n[101 bytes left out]\n")
        self.assertEqual(found["large bytes"], {"name": "large bytes", "size": LIMIT + 100,
                                                "content_type": "application/octet-stream"})

    def test_survive_a_crash(self):
        result = self.one("attaches_and_crashes", code=1)
        self.assertEqual(result["outcome"], "crashed")
        self.assertEqual([a["text"] for a in result["attachments"]], ["I was here"])

    def test_what_cannot_be_attached_is_an_error(self):
        result = self.one("attaches_too_much", code=1)
        self.assertEqual((result["outcome"], len(result["attachments"])), ("error", 32))
        self.assertIn("'number 32' is one attachment too many", result["message"])
        result = self.one("attaches_what_is_not_there", code=1)
        self.assertEqual(result["outcome"], "error")
        self.assertIn("cannot attach no/such/file.txt: No such file", result["message"])
        result = self.one("attaches_a_folder", code=1)
        self.assertIn("cannot attach /tmp: Is a directory", result["message"])
        result = self.one("attaches_a_device", code=1)
        self.assertIn("cannot attach /dev/zero: it is no regular file", result["message"])

    def test_show_no_secrets_of_aws(self):
        secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        result = self.one("attaches_secrets", code=0, TEST_TARGET="AWS_CLOUD",
                          AWS_ENDPOINT_URL=self.server.url, AWS_REGION="eu-west-1",
                          AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY=secret)
        text, data = (a.get("text") or base64.b64decode(a["$bytes"]) for a in result["attachments"])
        self.assertEqual(text, f"account {'*' * 12}, key {'*' * len(secret)}")
        self.assertEqual(data, b"\0\1key " + b"*" * len(secret))
        self.assertNotIn(secret, (self.folder / "results.json").read_text())


if __name__ == "__main__":
    unittest.main()
