# SPDX-License-Identifier: Apache-2.0
"""
Credentials planted in responses are never written: neither to a snapshot or raw file, nor to the
results or the terminal.
"""
import base64
import json
import unittest
import urllib.parse

from runner import RunTest

KEY_ID = "AKIA" + "Q3ZN7XRKD2WLJ5TB"
SECRET = "kV9xQ2mB7/tR4wZ8pL1cN6yH3+jF5gD0sA" + "bEu2Xq"
TOKEN = "IQoJb3JpZ2luX2VjE" + "Qw7" * 3 + SECRET.replace("/", "x") * 3
OTHER_ID = "ASIA" + "M4PXW6YFH8RCT2VG"
OTHER_SECRET = "p7Tz3Kx9/Lw1Qv5Ry8+Nb2Mc6Jd4Hf0Ga" + "SeXiU3o"
PRIVATE = ("-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEowIBAAKCAQEA7" + "bW9kdWx1cw" * 8 +
           "\n-----END RSA PRIVATE " + "KEY-----")
IDENTITY = {"TEST_AWS_ACCESS_KEY_ID": KEY_ID, "TEST_AWS_SECRET_ACCESS_KEY": SECRET,
            "TEST_AWS_SESSION_TOKEN": TOKEN}

KINDS = {"own key id": KEY_ID, "own secret": SECRET, "own token": TOKEN, "other key id": OTHER_ID,
         "other secret": OTHER_SECRET, "private key": PRIVATE}


def b64(text):
    return base64.b64encode(text.encode()).decode()


# Where and how: the answer of the target, made from the secret.
PLACES = {
    "value": lambda s: {"Colour": s},
    "sentence": lambda s: {"Colour": f'use "{s}", please'},
    "list": lambda s: {"Notes": ["one", s]},
    "value of a map": lambda s: {"Tags": {"a": s}},
    "name in a map": lambda s: {"Tags": {s: "a"}},
    "JSON": lambda s: {"Status": json.dumps({"deep": [{"in": s}]})},
    "JSON in JSON": lambda s: {"Status": json.dumps({"body": json.dumps({"in": s})})},
    "base64": lambda s: {"Status": b64(f"the key is {s}")},
    "base64 of JSON": lambda s: {"Status": b64(json.dumps({"in": s}))},
    "bytes": lambda s: {"Data": b64(f"x {s}")},
    "query": lambda s: {"Status": "https://example.org/?k=" + urllib.parse.quote(s, safe="")},
}
CASES = [(f"{kind} as {place}", place_of(secret), secret)
         for kind, secret in KINDS.items() for place, place_of in PLACES.items()]
CASES += [("by its name", {"SecretAccessKey": "hunter2-hunter2-hunter2"}, "hunter2-hunter2-hunter2"),
          ("a token by its name", {"SessionToken": "open-sesame-open-sesame"}, "open-sesame-open-sesame"),
          ("by its name in JSON", {"Status": '{"SecretAccessKey": "hunter2-hunter2-hunter2"}'},
           "hunter2-hunter2-hunter2")]
HEADERS = ("x-amz-security-token", "x-amz-meta-note", "authorization")


def spellings(secret):
    """The ways to write it that must not be found: as it is, in JSON, percent-encoded."""
    return {secret, json.dumps(secret)[1:-1], urllib.parse.quote(secret, safe="")}


class Secrets(RunTest):
    def assert_nowhere(self, secret, answer=()):
        places = {"terminal": self.out + self.err}
        for path in self.folder.rglob("*"):
            if path.is_file():
                places[path.name] = path.read_text(errors="replace")
        planted = {v for v in answer and answer.values() if isinstance(v, str) and len(v) > 30}
        for name, text in places.items():
            for spelling in spellings(secret) | planted:
                self.assertNotIn(spelling, text, name)

    def test_there_are_enough_cases(self):
        self.assertGreaterEqual(len(CASES) + len(HEADERS) * len(KINDS), 50)

    def test_none_is_recorded(self):
        for name, answer, secret in CASES:
            with self.subTest(name):
                self.server.answer = answer
                result = self.thing("describes", "--snapshot-update", "--snapshot-raw", "-v",
                                    code=1, **IDENTITY)
                self.assertEqual((result["outcome"], result["recorded"]), ("error", False))
                self.assertIn("--allow", result["message"])
                self.assertFalse(self.snapshot().exists())
                self.assert_nowhere(secret, answer)

    def test_none_is_shown_as_a_difference_or_left_in_a_raw_file(self):
        self.record("describes", **IDENTITY)
        for name, answer, secret in CASES:
            with self.subTest(name):
                self.server.answer = answer
                result = self.thing("describes", "--snapshot-raw", "-v", code=1, **IDENTITY)
                self.assertEqual(result["outcome"], "failed")
                self.assert_nowhere(secret, answer)

    def test_headers_are_hidden_in_raw_files(self):
        for header in HEADERS:
            for kind, secret in KINDS.items():
                if "\n" in secret:
                    secret = secret.replace("\n", "\\n")
                with self.subTest(header=header, kind=kind):
                    self.server.headers = [(header, secret)]
                    self.assertTrue(self.record("describes", **IDENTITY)["recorded"])
                    self.thing("describes", "--snapshot-update", "--snapshot-raw", **IDENTITY)
                    raw = self.snapshot().with_name("test_thing.raw.snapshot.json").read_text()
                    self.assertIn(header, raw)
                    self.assert_nowhere(secret)

    def test_allow_lets_one_path_through_and_no_other(self):
        self.server.answer = {"Status": OTHER_ID, "Colour": "red"}
        self.thing("describes", "--snapshot-update", "--allow", "$.describe.Colour", code=1)
        allowed = self.thing("describes", "--snapshot-update", "--allow", "$.describe.Status",
                             code=0)
        self.assertTrue(allowed["recorded"])
        self.assertEqual(self.recorded("describes")["describe"]["Status"], OTHER_ID)
        self.server.answer["Colour"] = OTHER_ID
        refused = self.thing("describes", "--snapshot-update", "--allow", "$.describe.Status",
                             code=1)
        self.assertIn("$['describe']['Colour']", refused["message"])

    def test_a_name_is_allowed_by_the_path_that_the_message_gives(self):
        self.server.answer = {"Tags": {OTHER_ID: "a"}}
        path = "$['describe']['Tags'].*"
        refused = self.thing("describes", "--snapshot-update", code=1)
        self.assertIn(f'--allow "{path}"', refused["message"])
        self.assertTrue(self.thing("describes", "--snapshot-update", "--allow", path)["recorded"])


if __name__ == "__main__":
    unittest.main()
