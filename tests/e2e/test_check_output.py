# SPDX-License-Identifier: Apache-2.0
"""Where responses leave the service model: `--check-output`, and what `parity run` reports of it."""
import json
import unittest

import call_support
from call_support import Server, call, environment, parity, response
from runner import RunTest

ONCE = environment(AWS_MAX_ATTEMPTS="1")
ODD = '{"Messages": [{"MessageId": 1}, {"MessageId": 2}], "Rest": {}}'
ODD_LINES = ("parity: output: content_type: ResponseMetadata.HTTPHeaders.content-type: "
             "'text/html' where the protocol has application/x-amz-json-1.0\n"
             "parity: output: type: Messages[0].MessageId: "
             "a number stands where the model has a string (2 times)\n"
             "parity: output: unknown: Rest: the model has no such member\n")
RECEIVE = ("sqs", "ReceiveMessage", '{"QueueUrl": "http://q/1"}')


def odd(status="200 OK", body=ODD):
    return response(status, body, "Content-Type: text/html")


@unittest.skipUnless(call_support.have_models(), "no service models")
class Commands(unittest.TestCase):
    def test_call_tells_on_standard_error_and_prints_the_same_document(self):
        with Server(odd(), odd()) as server:
            plain = call(server.url, *RECEIVE, env=ONCE)
            checked = call(server.url, "--check-output", *RECEIVE, env=ONCE)
        self.assertEqual(plain.err, "")
        self.assertEqual((plain.code, checked.code), (0, 0))
        self.assertEqual(plain.out, checked.out)
        self.assertEqual(checked.err, ODD_LINES)

    def test_a_response_that_fits_leaves_nothing_to_tell(self):
        good = response("200 OK", "{}", "Content-Type: application/x-amz-json-1.0")
        with Server(good) as server:
            result = call(server.url, "--check-output", *RECEIVE, env=ONCE)
        self.assertEqual((result.code, result.err), (0, ""))

    def test_what_cannot_be_read_is_told_before_the_error(self):
        with Server(odd(body='{"Messages": 7}')) as server:
            result = call(server.url, "--check-output", *RECEIVE, env=ONCE)
        self.assertEqual(result.code, 3)
        self.assertIn("parity: output: type: Messages: a number stands where the model has a list",
                      result.err)

    def test_of_several_attempts_the_last_counts(self):
        good = response("200 OK", "{}", "Content-Type: application/x-amz-json-1.0")
        with Server(odd("503 Service Unavailable", "{}"), good) as server:
            result = call(server.url, "--check-output", *RECEIVE, env=environment())
        self.assertEqual((result.code, result.err), (0, ""))

    def test_each_page_is_told_of(self):
        first = odd(body='{"QueueUrls": [1], "NextToken": "t"}')
        with Server(first, odd(body='{"QueueUrls": ["u"], "Rest": 1}')) as server:
            result = call(server.url, "--check-output", "--pages", "sqs", "ListQueues", env=ONCE)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("type: QueueUrls[0]: a number", result.err)
        self.assertIn("unknown: Rest", result.err)

    def test_it_contradicts_a_dry_run(self):
        result = parity("call", "--check-output", "--dry-run", *RECEIVE)
        self.assertEqual(result.code, 2)
        self.assertIn("'--check-output' and '--dry-run' exclude each other", result.err)

    def test_parse_tells_the_same(self):
        document = json.dumps({"status_code": 200, "headers": {"Content-Type": "text/html"},
                               "body": ODD})
        plain = parity("parse", *RECEIVE[:2], stdin=document)
        checked = parity("parse", "--check-output", *RECEIVE[:2], stdin=document)
        self.assertEqual((plain.code, plain.err), (0, ""))
        self.assertEqual((checked.code, checked.err), (0, ODD_LINES))
        self.assertEqual(plain.out, checked.out)

    def test_the_namespace_is_that_of_the_model_or_of_its_inputs(self):
        for service, operation, wrapper in (("sts", "GetCallerIdentity", "GetCallerIdentityResult"),
                                            ("ec2", "DescribeVpcs", "vpcSet"),
                                            ("s3", "ListBuckets", "Buckets"),
                                            ("route53", "GetHostedZoneCount", "HostedZoneCount")):
            document = json.dumps({"status_code": 200, "headers": {"Content-Type": "text/xml"},
                                   "body": f"<R xmlns='urn:other'><{wrapper}/></R>"})
            with self.subTest(service):
                result = parity("parse", "--check-output", service, operation, stdin=document)
                self.assertIn("output: namespace: response: <R> is of the namespace 'urn:other'",
                              result.err)


class Runs(RunTest):
    def test_findings_stand_with_their_call_and_change_no_verdict(self):
        self.record("describes")
        self.server.answer = {"Size": "7", "Surprise": None}
        failed = self.thing("describes", code=1)
        found = [call["model_findings"] for call in failed["calls"]]
        self.assertEqual(found, [[], [{
            "path": "Size", "kind": "type",
            "message": "a string stands where the model has an integer", "count": 1}], []])
        self.assertEqual(self.document["summary"]["model_findings"], 1)
        self.assertIn("1 model finding", self.out)
        self.assertIn("responses leave the service model in 1 place (-v)", self.out)
        self.assertNotIn("model: type: Size", self.out)
        self.thing("describes", "-v", code=1)
        self.assertIn("model: type: Size: a string stands where the model has an integer", self.out)

    def test_a_test_that_passes_shows_their_number(self):
        self.server.answer = {"Size": 7, "Colour": 5}
        self.record("describes")
        passed = self.thing("describes", code=0)
        self.assertEqual(passed["outcome"], "passed")
        self.assertRegex(self.out, r"describes \([0-9.]+ s\), 1 model finding\n")

    def test_what_fits_is_not_mentioned(self):
        self.record("describes")
        self.thing("describes", code=0)
        self.assertNotIn("model finding", self.out)
        self.assertEqual(self.document["summary"]["model_findings"], 0)


if __name__ == "__main__":
    unittest.main()
