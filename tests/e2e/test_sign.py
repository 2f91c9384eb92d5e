# SPDX-License-Identifier: Apache-2.0
"""`parity sign` from outside: what it prints, what it refuses and how it says so."""
import base64
import json
import os
import subprocess
import tempfile
import unittest

PARITY = os.environ["PARITY_BIN"]
SECRET = "keep/this+to=yourself"
TOKEN = "session-token-to-hide"

CONTEXT = {
    "credentials": {"access_key_id": "AKIDEXAMPLE", "secret_access_key": SECRET},
    "region": "eu-west-3",
    "service": "execute-api",
    "timestamp": "2024-02-29T23:59:59Z",
    "normalize": True,
    "sign_body": False,
    "expiration_in_seconds": 60,
}
REQUEST = b"GET /pets?kind=cat HTTP/1.1\nHost: api.example.com\n"


class Sign(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def context(self, **changes):
        members = {**CONTEXT, **changes}
        members = {name: value for name, value in members.items() if value is not None}
        return self.path("context.json", json.dumps(members).encode())

    def run_parity(self, *arguments, request=REQUEST):
        return subprocess.run([PARITY, "sign", *arguments], input=request, capture_output=True,
                              timeout=60, check=False)

    def sign(self, *arguments, request=REQUEST, **changes):
        done = self.run_parity("--context", self.context(**changes), *arguments, request=request)
        self.assertEqual(done.stderr, b"")
        self.assertEqual(done.returncode, 0)
        return json.loads(done.stdout)

    def assert_refused(self, message, *arguments, request=REQUEST, **changes):
        done = self.run_parity("--context", self.context(**changes), *arguments, request=request)
        text = done.stderr.decode()
        self.assertEqual(done.returncode, 2, text)
        self.assertEqual(done.stdout, b"")
        self.assertEqual(text.replace(self.folder.name, "DIR"), f"parity: {message}\n")
        self.assertNotIn(SECRET, text)
        self.assertNotIn(TOKEN, text)

    def test_prints_every_step(self):
        result = self.sign()
        self.assertEqual(list(result), ["canonical_request", "string_to_sign", "signature",
                                        "signed_request"])
        self.assertTrue(result["canonical_request"].startswith(
            "GET\n/pets\nkind=cat\nhost:api.example.com\nx-amz-date:20240229T235959Z\n\n"
            "host;x-amz-date\n"))
        self.assertTrue(result["string_to_sign"].startswith(
            "AWS4-HMAC-SHA256\n20240229T235959Z\n20240229/eu-west-3/execute-api/aws4_request\n"))
        self.assertRegex(result["signature"], "^[0-9a-f]{64}$")
        self.assertEqual(
            result["signed_request"],
            "GET /pets?kind=cat HTTP/1.1\nHost: api.example.com\nX-Amz-Date: 20240229T235959Z\n"
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240229/eu-west-3/execute-api/"
            "aws4_request, SignedHeaders=host;x-amz-date, Signature="
            f"{result['signature']}\n\n")

    def test_reads_a_file_as_it_reads_standard_input(self):
        self.assertEqual(self.sign(self.path("request", REQUEST), request=b""), self.sign("-"))

    def test_the_context_may_come_from_standard_input(self):
        done = self.run_parity("--context", "-", self.path("request", REQUEST),
                               request=json.dumps(CONTEXT).encode())
        self.assertEqual(json.loads(done.stdout), self.sign())

    def test_presigns(self):
        result = self.sign("--query")
        self.assertEqual(
            result["signed_request"],
            "GET /pets?kind=cat&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F"
            "20240229%2Feu-west-3%2Fexecute-api%2Faws4_request&X-Amz-Date=20240229T235959Z&"
            "X-Amz-SignedHeaders=host&X-Amz-Expires=60&X-Amz-Signature="
            f"{result['signature']} HTTP/1.1\nHost: api.example.com\n\n")

    def test_presigning_a_presigned_request_replaces_its_signature(self):
        once = self.sign("--query")
        twice = self.sign("--query", request=once["signed_request"].encode())
        self.assertEqual(once, twice)

    def test_signing_a_signed_request_again_replaces_its_signature(self):
        credentials = {**CONTEXT["credentials"], "token": TOKEN}
        once = self.sign(credentials=credentials)
        twice = self.sign(request=once["signed_request"].encode(), credentials=credentials)
        self.assertEqual(once, twice)

    def test_signs_asymmetrically(self):
        result = self.sign("--algorithm", "sigv4a", region="*")
        self.assertTrue(result["string_to_sign"].startswith("AWS4-ECDSA-P256-SHA256\n"))
        self.assertIn("\nX-Amz-Region-Set: *\n", result["signed_request"])
        self.assertRegex(result["signature"], "^30[0-9a-f]{130,142}$")

    def test_leaves_out_of_the_signature_what_proxies_change(self):
        result = self.sign(request=REQUEST + b"User-Agent: me\nExpect: 100-continue\n"
                           b"X-Amzn-Trace-Id: Root=1\nTransfer-Encoding: chunked\nX-Own: 1\n")
        self.assertIn("\nhost;x-amz-date;x-own\n", result["canonical_request"])
        self.assertIn("\nUser-Agent: me\n", result["signed_request"])

    def test_keeps_line_ends_and_body(self):
        request = b"POST / HTTP/1.1\r\nHost: a.example\r\n\r\n{\r\n}"
        signed = self.sign(request=request)["signed_request"]
        self.assertTrue(signed.startswith("POST / HTTP/1.1\r\nHost: a.example\r\nX-Amz-Date: 2"))
        self.assertTrue(signed.endswith("\r\n\r\n{\r\n}"))

    def test_writes_added_headers_in_the_style_of_the_request(self):
        signed = self.sign(request=b"GET / HTTP/1.1\nHost:a.example\n")["signed_request"]
        self.assertIn("\nHost:a.example\nX-Amz-Date:2024", signed)

    def test_prints_a_request_that_is_no_utf8_as_bytes(self):
        request = b"POST / HTTP/1.1\nHost: a.example\n\n\xff\x00"
        signed = base64.b64decode(self.sign(request=request)["signed_request"]["$bytes"])
        self.assertTrue(signed.endswith(b"\n\n\xff\x00"))

    def test_takes_the_payload_as_unsigned(self):
        result = self.sign(unsigned_payload=True)
        self.assertTrue(result["canonical_request"].endswith("\nUNSIGNED-PAYLOAD"))
        self.assertIn("\nx-amz-content-sha256: UNSIGNED-PAYLOAD\n", result["signed_request"])

    def test_points_at_the_broken_place_of_a_request(self):
        for request, message in (
                (b"", "standard input:1:1: the request is empty"),
                (b"\n", "standard input:1:1: expected a request line: METHOD TARGET HTTP/1.1"),
                (b"GET\n", "standard input:1:4: expected a space and the request target after the "
                           "method"),
                (b"GET /\n", "standard input:1:6: expected HTTP/1.1 at the end of the request "
                             "line"),
                (b"GET / HTTP/2\n", "standard input:1:7: expected HTTP/1.1 at the end of the "
                                    "request line"),
                (b"GET pets HTTP/1.1\n", "standard input:1:5: the request target must begin with "
                                         "'/', http:// or https://"),
                (b"GET /\0 HTTP/1.1\n", "standard input:1:6: control character 0x00 in the request "
                                        "line"),
                (b"GET /#top HTTP/1.1\n", "standard input:1:6: a fragment ('#') is never sent; "
                                          "encode the sign as %23"),
                (b"GET / HTTP/1.1\nHost\n", "standard input:2:5: expected ':' after the name of a "
                                            "header"),
                (b"GET / HTTP/1.1\nHost : a\n", "standard input:2:5: a character that no header "
                                                "name can have"),
                (b"GET / HTTP/1.1\n: a\n", "standard input:2:1: expected the name of a header"),
                (b"GET / HTTP/1.1\n a\n", "standard input:2:1: a continuation line, but no header "
                                          "before it"),
                (b"GET / HTTP/1.1\nHost: a\nB: c\n  d\re\n",
                 "standard input:4:4: control character 0x0d in a header"),
                (b"GET / HTTP/1.1\nA: b\n", "standard input: the request has no Host header, "
                                            "which must be signed"),
                (b"GET / HTTP/1.1\nHost: a/b\n", "standard input: the Host header is no host "
                                                 "name"),
        ):
            with self.subTest(request=request):
                self.assert_refused(message, request=request)

    def test_names_what_is_wrong_with_a_context(self):
        keys = CONTEXT["credentials"]
        for message, changes in (
                ("member 'credentials' is missing", {"credentials": None}),
                ("member 'credentials' must be an object", {"credentials": SECRET}),
                ("member 'access_key_id' is missing",
                 {"credentials": {"secret_access_key": SECRET}}),
                ("member 'secret_access_key' is empty",
                 {"credentials": {**keys, "secret_access_key": ""}}),
                ("member 'token' must be a text without NUL",
                 {"credentials": {**keys, "token": TOKEN + "\0"}}),
                ("member 'region' is missing", {"region": None}),
                ("member 'service' must be a text without NUL", {"service": 1}),
                ("member 'timestamp' must be a time such as 2015-08-30T12:36:00Z",
                 {"timestamp": "2023-02-29T00:00:00Z"}),
                ("member 'sign_body' must be true or false", {"sign_body": "yes"}),
                ("member 'expiration_in_seconds' must be a number of seconds above 0",
                 {"expiration_in_seconds": 0}),
                ("unknown member 'normalise'; did you mean 'normalize'?", {"normalise": False}),
        ):
            with self.subTest(message=message):
                self.assert_refused(f"DIR/context.json: {message}", **changes)

    def test_refuses_a_command_line_that_makes_no_sense(self):
        for message, arguments in (
                ("option '--algorithm' must be sigv4 or sigv4a", ("--algorithm", "sigv5")),
                ("more than one FILE; one request is signed at a time", ("a", "b")),
        ):
            with self.subTest(message=message):
                self.assert_refused(message, *arguments)
        done = self.run_parity()
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"option '--context' is missing", done.stderr)
        done = self.run_parity("--context", "-")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"cannot both come from standard input", done.stderr)


if __name__ == "__main__":
    unittest.main()
