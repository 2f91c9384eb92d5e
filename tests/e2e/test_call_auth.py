# SPDX-License-Identifier: Apache-2.0
"""
How calls prove who makes them, other than by keys and SigV4: bearer tokens, sessions of S3 Express, the
order of schemes that a user prefers. What botocore sends is the measure.

Needs a Python with botocore: PARITY_PYTHON, else the one that runs this; skipped (77) without.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

import call_support
from call_support import Server, call, environment, parity, response

PYTHON = os.environ.get("PARITY_PYTHON", sys.executable)
HERE = os.path.dirname(os.path.abspath(__file__))
BUCKET = "abc--usw2-az1--x-s3"
OBJECT = json.dumps({"Bucket": BUCKET, "Key": "k"})
EMPTY = response("200 OK", "<ListBucketResult/>")
KEYLESS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


def session(seconds=300, key="ASIASESSION"):
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
    return ('<CreateSessionResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Credentials>'
            "<SessionToken>session-token</SessionToken><SecretAccessKey>session/secret</SecretAccessKey>"
            f"<AccessKeyId>{key}</AccessKeyId><Expiration>{until}</Expiration></Credentials>"
            "</CreateSessionResult>")


def botocore(env, **case):
    done = subprocess.run([PYTHON, os.path.join(HERE, "botocore_requests.py")], input=json.dumps([case]),
                          capture_output=True, text=True, check=True, timeout=60, env=env)
    request = json.loads(done.stdout)[0]
    return {name.lower(): value for name, value in request["headers"].items()}


def headers_of(head):
    return {name.lower(): value for name, value in
            (line.split(": ", 1) for line in head.split("\r\n")[1:])}


def scope(headers):
    """All but date and signature, and but the ids of attempts, which botocore here has none of."""
    headers = {"authorization": headers["authorization"].replace("amz-sdk-invocation-id;amz-sdk-request;", "")}
    return re.sub(r"/\d{8}/", "/DATE/", re.sub(r", Signature.*", "", headers["authorization"]))


class BearerTokens(unittest.TestCase):
    CASE = {"service": "bedrock", "operation": "ListFoundationModels", "input": {}, "region": "us-east-1"}

    def ours(self, env, case=None):
        case = case or self.CASE
        result = parity("call", "--dry-run", "--sign", "--region", case["region"], case["service"],
                        case["operation"], json.dumps(case["input"]), env=env)
        self.assertEqual(result.code, 0, result.err)
        return {name.lower(): value for name, value in result.json["headers"].items()}

    def test_token_of_the_environment_comes_before_keys(self):
        for case in (self.CASE, {"service": "bedrock-runtime", "operation": "CountTokens", "region": "us-east-1",
                                 "input": {"modelId": "m", "input": {"converse": {"messages": []}}}}):
            for extra in ({}, KEYLESS):
                env = environment(AWS_BEARER_TOKEN_BEDROCK="t0ken", **extra)
                theirs = botocore(env, own_credentials=True, **case)
                self.assertEqual(self.ours(env, case)["authorization"], "Bearer t0ken")
                self.assertEqual(theirs["authorization"], "Bearer t0ken")

    def test_token_of_another_service_does_not_count(self):
        env = environment(AWS_BEARER_TOKEN_S3="t0ken")
        self.assertIn("AWS4-HMAC-SHA256", self.ours(env)["authorization"])
        self.assertIn("AWS4-HMAC-SHA256", botocore(env, **self.CASE)["authorization"])

    def test_unsigned_means_without_a_token(self):
        result = parity("call", "--dry-run", "--sign", "--no-sign-request", "--region", "us-east-1", "bedrock",
                        "ListFoundationModels", env=environment(AWS_BEARER_TOKEN_BEDROCK="t0ken"))
        self.assertNotIn("Authorization", result.json["headers"])

    def login(self, folder, **token):
        """A profile with an sso_session, and what `aws sso login` would leave."""
        os.makedirs(f"{folder}/.aws/sso/cache")
        with open(f"{folder}/.aws/config", "w", encoding="ascii") as config:
            config.write("[default]\nsso_session = corp\n[sso-session corp]\nsso_region = us-east-1\n"
                         "sso_start_url = https://corp.awsapps.com/start\n")
        name = hashlib.sha1(b"corp").hexdigest()
        if token:
            with open(f"{folder}/.aws/sso/cache/{name}.json", "w", encoding="ascii") as cache:
                json.dump({"startUrl": "https://corp.awsapps.com/start", **token}, cache)
        return environment(HOME=folder, AWS_CONFIG_FILE=f"{folder}/.aws/config", **KEYLESS)

    CATALYST = {"service": "codecatalyst", "operation": "ListSpaces", "input": {}, "region": "us-west-2"}

    def test_token_of_single_sign_on(self):
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200))
        with tempfile.TemporaryDirectory() as folder:
            env = self.login(folder, accessToken="sso-token", expiresAt=until)
            self.assertEqual(self.ours(env, self.CATALYST)["authorization"], "Bearer sso-token")
            self.assertEqual(botocore(env, own_credentials=True, **self.CATALYST)["authorization"],
                             "Bearer sso-token")

    def test_missing_login_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder:
            result = parity("call", "--dry-run", "--sign", "--region", "us-west-2", "codecatalyst",
                            "ListSpaces", env=self.login(folder))
        self.assertEqual(result.code, 3)
        self.assertIn("run 'aws sso login --profile default'", result.err)

    def test_no_token_anywhere(self):
        result = parity("call", "--dry-run", "--sign", "--region", "us-west-2", "codecatalyst", "ListSpaces")
        self.assertEqual(result.code, 3)
        self.assertIn("set AWS_BEARER_TOKEN_CODECATALYST, or use a profile with an sso_session", result.err)

    def test_token_that_would_begin_another_header_is_refused_and_not_shown(self):
        result = parity("call", "--dry-run", "--sign", "--region", "us-east-1", "bedrock",
                        "ListFoundationModels", env=environment(AWS_BEARER_TOKEN_BEDROCK="t0ken\nX: y"))
        self.assertEqual(result.code, 3)
        self.assertIn("holds a line break", result.err)
        self.assertNotIn("t0ken", result.err)


class Preferences(unittest.TestCase):
    def authorization(self, service, operation, given, **variables):
        result = parity("call", "--dry-run", "--sign", "--region", "us-east-1", service, operation, given,
                        env=environment(**variables))
        self.assertEqual(result.code, 0, result.err)
        return result.json["headers"]

    ROLE = "sts", "AssumeRole", '{"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "ss"}'

    def test_scheme_that_is_preferred_and_offered_is_used(self):
        for preference, algorithm in (("", "AWS4-HMAC-SHA256"), ("sigv4a,sigv4", "AWS4-ECDSA-P256-SHA256"),
                                      ("sigv4, sigv4a", "AWS4-HMAC-SHA256"),
                                      ("nonsense,sigv4a", "AWS4-ECDSA-P256-SHA256"),
                                      ("httpBearerAuth", "AWS4-HMAC-SHA256")):
            with self.subTest(preference=preference):
                headers = self.authorization(*self.ROLE, AWS_AUTH_SCHEME_PREFERENCE=preference)
                self.assertTrue(headers["Authorization"].startswith(f"{algorithm} "), headers)

    def test_region_set_of_sigv4a_is_a_setting(self):
        for variables, expected in (({}, "*"), ({"AWS_SIGV4A_SIGNING_REGION_SET": "us-*,eu-west-1"},
                                                "us-*,eu-west-1")):
            headers = self.authorization(*self.ROLE, AWS_AUTH_SCHEME_PREFERENCE="sigv4a", **variables)
            self.assertEqual(headers["X-Amz-Region-Set"], expected)

    def test_preference_is_that_of_botocore(self):
        case = {"service": "bedrock", "operation": "ListFoundationModels", "input": {}, "region": "us-east-1"}
        env = environment(AWS_AUTH_SCHEME_PREFERENCE="httpBearerAuth", AWS_BEARER_TOKEN_BEDROCK="t0ken")
        self.assertEqual(botocore(env, own_credentials=True, **case)["authorization"], "Bearer t0ken")
        headers = self.authorization("bedrock", "ListFoundationModels", "{}",
                                     AWS_AUTH_SCHEME_PREFERENCE="httpBearerAuth",
                                     AWS_BEARER_TOKEN_BEDROCK="t0ken")
        self.assertEqual(headers["Authorization"], "Bearer t0ken")


class DirectoryBuckets(unittest.TestCase):
    def get_object(self, *answers, **variables):
        with Server(*answers) as server:
            result = call(server.url, "--region", "us-west-2", "s3", "GetObject", OBJECT,
                          env=environment(AWS_MAX_ATTEMPTS="1", **variables))
        return result, server

    def test_session_is_opened_and_signs_the_call_as_in_botocore(self):
        result, server = self.get_object(response("200 OK", session()), response("200 OK", "hello"))
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.json["Body"], "hello")
        (first, _), (second, _) = server.requests
        self.assertTrue(first.startswith(f"GET /{BUCKET}?session HTTP/1.1"), first)
        self.assertIn("Credential=AKIDEXAMPLE/", first)
        self.assertIn("/us-west-2/s3express/aws4_request", first)
        self.assertNotIn("session/secret", first + second)
        mine = headers_of(second)
        theirs = botocore(environment(), service="s3", operation="GetObject", region="us-west-2",
                          input=json.loads(OBJECT), session=session(), endpoint_url=server.url)
        self.assertEqual(mine["x-amz-s3session-token"], "session-token")
        self.assertEqual(theirs["x-amz-s3session-token"], "session-token")
        self.assertNotIn("x-amz-security-token", mine)
        self.assertEqual(scope(mine), scope(theirs))

    def pages(self, *answers):
        with Server(*answers) as server:
            result = call(server.url, "--region", "us-west-2", "--pages", "s3", "ListObjectsV2",
                          json.dumps({"Bucket": BUCKET}), env=environment(AWS_MAX_ATTEMPTS="1"))
        self.assertEqual(result.code, 0, result.err)
        return [head.split(" ")[1].partition("?")[2].partition("=")[0] for head, _ in server.requests]

    PAGE = response("200 OK", "<ListBucketResult><IsTruncated>true</IsTruncated>"
                              "<NextContinuationToken>t</NextContinuationToken></ListBucketResult>")

    def test_session_is_used_until_it_is_about_to_expire(self):
        self.assertEqual(self.pages(response("200 OK", session()), self.PAGE, EMPTY),
                         ["session", "list-type", "list-type"])
        self.assertEqual(self.pages(response("200 OK", session(seconds=30)), self.PAGE,
                                    response("200 OK", session()), EMPTY),
                         ["session", "list-type", "session", "list-type"])

    def test_refusal_of_a_session_is_told(self):
        denied = response("403 Forbidden", "<Error><Code>AccessDenied</Code><Message>not you</Message></Error>")
        result, server = self.get_object(denied)
        self.assertEqual(len(server.requests), 1)
        self.assertEqual(result.code, 3)
        self.assertIn(f"{BUCKET}: the directory bucket opens no session: AccessDenied: not you", result.err)

    def test_answer_without_keys_is_told(self):
        result, _ = self.get_object(response("200 OK", "<CreateSessionResult/>"))
        self.assertEqual(result.code, 3)
        self.assertIn("its answer has no usable keys", result.err)

    def test_sessions_can_be_done_without(self):
        result, server = self.get_object(response("200 OK", "hello"),
                                         AWS_S3_DISABLE_EXPRESS_SESSION_AUTH="true")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(len(server.requests), 1)


if __name__ == "__main__":
    if subprocess.run([PYTHON, "-c", "import botocore"], capture_output=True, check=False).returncode:
        print(f"skipped: {PYTHON} has no botocore (PARITY_PYTHON)")
        sys.exit(call_support.NO_MODELS)
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    unittest.main()
