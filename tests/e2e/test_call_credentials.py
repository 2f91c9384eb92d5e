# SPDX-License-Identifier: Apache-2.0
"""`parity call` with credentials that are called for: two accounts by two profiles, and no AWS."""
import json
import os
import re
import sys
import tempfile
import time
import unittest

from call_support import NO_MODELS, Server, call, environment, have_models, parity

ROLE = "arn:aws:iam::222222222222:role/tester"


def answer(body):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


def assumed(key, expiration="2999-01-01T00:00:00Z"):
    return answer("<AssumeRoleResponse><AssumeRoleResult><Credentials>"
                  f"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>hush</SecretAccessKey>"
                  f"<SessionToken>token</SessionToken><Expiration>{expiration}</Expiration>"
                  "</Credentials></AssumeRoleResult></AssumeRoleResponse>")


IDENTITY = answer("<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>"
                  "</GetCallerIdentityResult></GetCallerIdentityResponse>")


class Credentials(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        config = os.path.join(folder.name, "config")
        with open(config, "w", encoding="utf-8") as file:
            file.write("[profile first]\naws_access_key_id = AKIDFIRST\n"
                       "aws_secret_access_key = hush\n[profile second]\n"
                       f"source_profile = first\nrole_arn = {ROLE}\n")
        self.env = environment(AWS_CONFIG_FILE=config, AWS_ACCESS_KEY_ID=None,
                               AWS_SECRET_ACCESS_KEY=None)

    def ask(self, profile, *answers):
        with Server(*answers) as server:
            done = call(server.url, "--profile", profile, "sts", "GetCallerIdentity",
                        env=self.env)
        return done, server.requests

    def test_two_profiles_are_two_accounts(self):
        done, requests = self.ask("first", IDENTITY)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("Credential=AKIDFIRST/", requests[0][0])
        done, requests = self.ask("second", assumed("AKIDROLE"), IDENTITY)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(len(requests), 2)
        self.assertIn("Credential=AKIDFIRST/", requests[0][0])
        self.assertIn(b"Action=AssumeRole&", requests[0][1])
        self.assertIn("Credential=AKIDROLE/", requests[1][0])
        self.assertIn("x-amz-security-token: token", requests[1][0].lower())

    def test_keys_of_a_role_are_renewed_before_they_expire(self):
        page = json.dumps({"QueueUrls": [], "NextToken": "%s"})
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 5 * 60))
        later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60 * 60))
        with Server(assumed("AKIDONE", soon), answer(page % "a"), assumed("AKIDTWO", later),
                    answer(page % "b"), answer('{"QueueUrls": []}')) as server:
            done = call(server.url, "--profile", "second", "--pages", "sqs", "ListQueues",
                        env=self.env)
        self.assertEqual(done.code, 0, done.err)
        signers = [re.search("Credential=(\\w+)/", head).group(1) for head, _ in server.requests]
        self.assertEqual(signers, ["AKIDFIRST", "AKIDONE", "AKIDFIRST", "AKIDTWO", "AKIDTWO"])

    def test_a_role_that_is_refused_is_told_and_nothing_else_is_used(self):
        body = ("<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error>"
                "</ErrorResponse>")
        denied = (f"HTTP/1.1 403 Forbidden\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()
        done, requests = self.ask("second", denied)
        self.assertEqual(len(requests), 1)
        self.assertNotEqual(done.code, 0)
        self.assertIn(f"profile 'second': role {ROLE}: sts AssumeRole was answered with "
                      "AccessDenied: not you", done.err.replace("\n", " "))

    def test_an_answer_that_is_cut_off_does_not_show_its_keys(self):
        done, _ = self.ask("second", answer("<AssumeRoleResponse><AssumeRoleResult><Credentials>"
                                            "<SecretAccessKey>hush</SecretAccessKey>"))
        self.assertNotEqual(done.code, 0)
        self.assertIn("the answer to sts AssumeRole is no valid response", done.err)
        self.assertNotIn("hush", done.err + done.out)

    def test_a_request_that_is_only_shown_sends_none_for_credentials(self):
        done = parity("call", "--dry-run", "--sign", "--profile", "second", "--region",
                      "us-east-1", "sts", "GetCallerIdentity", env=self.env)
        self.assertNotEqual(done.code, 0)
        self.assertIn("a request goes to AWS only with TEST_TARGET=AWS_CLOUD", done.err)


if __name__ == "__main__":
    if not have_models():
        print("skipped: no service models (set AWS_DATA_PATH)")
        sys.exit(NO_MODELS)
    unittest.main()
