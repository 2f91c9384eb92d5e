# SPDX-License-Identifier: Apache-2.0
"""
`parity sign` against botocore's own signers, on requests made up with a fixed seed.

Needs a Python with botocore: PARITY_PYTHON, else python3; skipped (77) where there is none.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest
from urllib.parse import quote

PARITY = os.environ["PARITY_BIN"]
PYTHON = os.environ.get("PARITY_PYTHON", "python3")
HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ("header", "query", "s3-header", "s3-query")
CASES = 120

LETTERS = "abcXYZ019-._~"
RESERVED = "!$&'()*+,;=:@"
OTHER = " %\"<>[]{}|\\^`\u00e9\u65e5\U0001f600"
HEADERS = ("Content-Type", "X-Amz-Target", "x-amz-meta-Colour", "Cache-Control", "X-Own",
           "User-Agent", "Expect", "X-Amzn-Trace-Id", "Transfer-Encoding", "Connection", "TE",
           "Content-MD5", "Range", "x-amz-Acl", "Date", "Authorization", "X-Amz-Date")


def text(rng, alphabet, most):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, most)))


def make_path(rng):
    segments = []
    for _ in range(rng.randint(0, 6)):
        segments.append(rng.choice((
            "", ".", "..", text(rng, LETTERS, 8), text(rng, LETTERS + RESERVED, 8),
            quote(text(rng, LETTERS + RESERVED + OTHER + "/", 8), safe="-_.~"))))
    return "/" + "/".join(segments)


def make_query(rng):
    names = {text(rng, LETTERS + OTHER + RESERVED, 5) for _ in range(rng.randint(0, 5))}
    pairs = []
    for name in sorted(names):
        value = rng.choice(("", text(rng, LETTERS + OTHER + RESERVED + "/", 9)))
        pairs.append(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}")
    rng.shuffle(pairs)
    return "&".join(pairs)


def make_headers(rng, kind):
    headers = []
    for _ in range(rng.randint(0, 6)):
        name = rng.choice(HEADERS)
        if kind.endswith("query") and name in ("Authorization", "X-Amz-Date", "Date"):
            continue  # botocore presigns them as they are; nobody means that
        if name in ("Date", "Content-Type") and any(name == other for other, _ in headers):
            continue  # botocore replaces one of several
        value = text(rng, LETTERS + RESERVED + "  \t/\"", 20).strip()
        headers.append((name, value))
    if kind == "query" and rng.random() < 0.2:
        headers = [pair for pair in headers if pair[0] != "Content-Type"]
        headers.append(("content-type", "application/x-www-form-urlencoded; charset=utf-8"))
    return headers


def make_case(rng, kind):
    query = make_query(rng)
    path = make_path(rng)
    return {
        "kind": kind,
        "method": rng.choice(("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH")),
        "host": rng.choice(("s3.amazonaws.com", "localhost:4566", "127.0.0.1:5000", "[::1]:8080",
                            "a-b.c.example")),
        "target": path + ("?" + query if query else ""),
        "headers": make_headers(rng, kind),
        "body": "" if kind.endswith("query") or rng.random() < 0.3 else text(rng, LETTERS + OTHER,
                                                                              200),
        "access_key": "AKIA" + text(rng, "ABC123", 16),
        "secret_key": text(rng, LETTERS + "/+=", 90),
        "token": text(rng, LETTERS + "/+=", 60) if rng.random() < 0.4 else None,
        "region": rng.choice(("us-east-1", "eu-central-1", "aws-global")),
        "service": rng.choice(("sqs", "execute-api", "s3")),
        "timestamp": f"20{rng.randint(10, 99)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
                     f"T{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}Z",
        "expires": rng.randint(1, 604800),
        "unsigned_payload": kind == "s3-query" or (kind.endswith("header") and rng.random() < 0.2),
    }


def make_context(case):
    is_s3 = case["kind"].startswith("s3")
    credentials = {"access_key_id": case["access_key"], "secret_access_key": case["secret_key"]}
    if case["token"]:
        credentials["token"] = case["token"]
    return {
        "credentials": credentials,
        "region": case["region"],
        "service": case["service"],
        "timestamp": case["timestamp"],
        "expiration_in_seconds": case["expires"],
        "normalize": not is_s3,
        "double_encode": not is_s3,
        "sign_body": case["kind"] == "s3-header",
        "unsigned_payload": case["unsigned_payload"],
    }


def raw_request(case):
    lines = [f"{case['method']} {case['target']} HTTP/1.1", f"Host: {case['host']}"]
    lines += [f"{name}: {value}" for name, value in case["headers"]]
    return ("\r\n".join(lines) + "\r\n\r\n" + case["body"]).encode()


def ours(case):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as context:
        json.dump(make_context(case), context)
        context.flush()
        query = ["--query"] if case["kind"].endswith("query") else []
        done = subprocess.run([PARITY, "sign", "--context", context.name, *query],
                              input=raw_request(case), capture_output=True, timeout=60,
                              check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode())
    return json.loads(done.stdout)


def authorization(signed_request):
    for line in signed_request.split("\r\n"):
        if line.startswith("Authorization: "):
            return line.removeprefix("Authorization: ")
    return None


class AgainstBotocore(unittest.TestCase):
    maxDiff = None

    def test_signs_made_up_requests_as_botocore_does(self):
        rng = random.Random(20150830)
        cases = [make_case(rng, KINDS[i % len(KINDS)]) for i in range(CASES)]
        done = subprocess.run([PYTHON, os.path.join(HERE, "botocore_signer.py")],
                              input=json.dumps(cases), capture_output=True, text=True, timeout=120,
                              check=True)
        for number, (case, expected) in enumerate(zip(cases, json.loads(done.stdout),
                                                      strict=True)):
            with self.subTest(number=number, case=case):
                actual = ours(case)
                for step in ("canonical_request", "string_to_sign", "signature"):
                    self.assertEqual(actual[step], expected[step])
                if case["kind"].endswith("header"):
                    self.assertEqual(authorization(actual["signed_request"]),
                                     expected["authorization"])


if __name__ == "__main__":
    if subprocess.run([PYTHON, "-c", "import botocore"], capture_output=True,
                      check=False).returncode:
        print(f"skipped: {PYTHON} has no botocore (set PARITY_PYTHON)")
        sys.exit(77)
    unittest.main()
