# SPDX-License-Identifier: Apache-2.0
"""What a target can answer wrongly, and what `parity call` says about it."""
import base64
import calendar
import email.utils
import gzip
import hashlib
import json
import re
import socket
import sys
import time
import unittest

import call_support
from call_support import Server, call, environment, parity, response

ONCE = environment(AWS_MAX_ATTEMPTS="1")
QUEUES = response("200 OK", '{"QueueUrls": ["http://q/1"]}',
                  "Content-Type: application/x-amz-json-1.0", "x-amzn-RequestId: r-1")


def list_queues(server, env=ONCE, *options):
    return call(server.url, *options, "sqs", "ListQueues", env=env)


class Good(unittest.TestCase):
    def test_output_comes_with_response_metadata_at_its_end(self):
        with Server(QUEUES) as server:
            result = list_queues(server)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(list(result.json), ["QueueUrls", "ResponseMetadata"])
        self.assertEqual(result.json["ResponseMetadata"]["RequestId"], "r-1")
        self.assertEqual(result.json["ResponseMetadata"]["HTTPStatusCode"], 200)
        self.assertEqual(result.json["ResponseMetadata"]["RetryAttempts"], 0)

    def test_error_of_the_service_is_printed_and_exits_1(self):
        body = '{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no such queue"}'
        with Server(response("400 Bad Request", body)) as server:
            result = call(server.url, "sqs", "GetQueueUrl", '{"QueueName": "x"}', env=ONCE)
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual(result.json["Error"]["Code"], "QueueDoesNotExist")
        self.assertEqual(result.json["Error"]["Message"], "no such queue")
        self.assertEqual(result.err, "")

    def test_request_carries_a_signature_and_what_sdks_send(self):
        with Server(QUEUES) as server:
            list_queues(server)
            head, body = server.requests[0]
        self.assertTrue(head.startswith("POST / HTTP/1.1\r\n"), head)
        self.assertIn(f"Host: 127.0.0.1:{server.port}", head)
        self.assertIn("X-Amz-Target: AmazonSQS.ListQueues", head)
        self.assertIn("Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/", head)
        self.assertIn("/us-east-1/sqs/aws4_request", head)
        self.assertIn("amz-sdk-request: attempt=1", head)
        self.assertIn("Accept-Encoding: identity", head)
        self.assertNotIn("secret/EXAMPLE", head)
        self.assertEqual(body, b"{}")

    def test_unsigned_request_has_no_trace_of_credentials(self):
        with Server(QUEUES) as server:
            result = call(server.url, "--no-sign-request", "sqs", "ListQueues",
                          env=environment(AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None))
            head, _ = server.requests[0]
        self.assertEqual(result.code, 0, result.err)
        self.assertNotIn("Authorization", head)
        self.assertNotIn("X-Amz-Date", head)


class Malformed(unittest.TestCase):
    def expect(self, answer, code, message, *options, stall=False):
        with Server(answer, stall=stall) as server:
            result = list_queues(server, ONCE, *options)
        self.assertEqual(result.code, code, result.err + result.out)
        self.assertEqual(result.out, "")
        self.assertEqual(result.err, "parity: sqs ListQueues: "
                         + message.replace("URL", server.url) + "\n")

    def expect_part(self, answer, code, *parts):
        with Server(answer) as server:
            result = list_queues(server)
        self.assertEqual(result.code, code, result.err + result.out)
        for part in parts:
            self.assertIn(part, result.err)

    def test_closed_without_an_answer(self):
        self.expect(b"", 3, "URL closed the connection without an answer")

    def test_dies_within_the_headers(self):
        self.expect(b"HTTP/1.1 200 OK\r\nContent-Ty", 3,
                    "truncated response from URL: the connection ended within the headers")

    def test_dies_within_the_body(self):
        self.expect(QUEUES[:-5], 3,
                    "truncated response from URL: the connection ended after 24 of 29 bytes of body")

    def test_dies_between_chunks(self):
        self.expect(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", 3,
                    "truncated response from URL: the connection ended after 2 bytes of body, "
                    "before the last chunk")

    def test_bad_chunk_size(self):
        self.expect_part(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n", 3,
                         "malformed response from", "chunk")

    def test_no_http_at_all(self):
        self.expect(b"<html><body>It works!</body></html>", 3,
                    "malformed response from URL: does not begin with an HTTP/1 status line")

    def test_bad_content_length(self):
        self.expect_part(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}", 3,
                         "malformed response from")

    def test_headers_without_end(self):
        headers = b"".join(b"X-%d: %s\r\n" % (i, b"v" * 100) for i in range(4000))
        self.expect(b"HTTP/1.1 200 OK\r\n" + headers, 3,
                    "the response of URL has more than 256 KiB of headers")

    def test_html_with_status_500(self):
        answer = response("500 Internal Server Error", "<html><h1>Oops</h1></html>",
                          "Content-Type: text/html")
        for service, operation in (("sqs", "ListQueues"), ("sns", "ListTopics"),
                                   ("s3", "ListBuckets"), ("lambda", "ListFunctions")):
            with self.subTest(service=service), Server(answer) as server:
                result = call(server.url, service, operation, env=ONCE)
                self.assertEqual(result.code, 1, result.err)
                self.assertEqual(result.json["Error"]["Code"], "500")
                self.assertEqual(result.json["ResponseMetadata"]["HTTPStatusCode"], 500)

    def test_html_with_status_200(self):
        self.expect_part(response("200 OK", "<!doctype html>\n<title>Login</title>"), 3,
                         "the response cannot be read",
                         "the response was 200 without a content type: "
                         "<!doctype html> <title>Login</title>")

    def test_xml_for_a_json_service(self):
        self.expect_part(response("200 OK", "<ListQueuesResponse/>", "Content-Type: text/xml"), 3,
                         "the response cannot be read")

    def test_json_for_a_query_service(self):
        with Server(response("200 OK", '{"Topics": []}')) as server:
            result = call(server.url, "sns", "ListTopics", env=ONCE)
        self.assertEqual(result.code, 3, result.err)
        self.assertIn("the response cannot be read", result.err)

    def test_truncated_json(self):
        self.expect_part(response("200 OK", '{"QueueUrls": ["http'), 3,
                         "the response cannot be read")

    def test_invalid_utf8(self):
        self.expect_part(response("200 OK", b'{"QueueUrls": ["\xff\xfe"]}'), 3,
                         "the response cannot be read")

    def test_empty_body_for_a_query_service(self):
        with Server(response("200 OK", "")) as server:
            result = call(server.url, "sns", "ListTopics", env=ONCE)
        self.assertEqual(result.code, 3, result.err + result.out)
        self.assertIn("the response cannot be read", result.err)

    def test_body_is_compressed_without_being_asked(self):
        self.expect(response("200 OK", gzip.compress(b'{"QueueUrls": []}'),
                             "Content-Encoding: gzip"), 3,
                    "the body of the response (HTTP 200) is encoded as 'gzip', which the request "
                    "did not ask for")

    def test_body_that_pretends_to_be_gzip(self):
        self.expect(response("200 OK", b"no gzip at all", "Content-Encoding: gzip"), 3,
                    "the body of the response (HTTP 200) is encoded as 'gzip', which the request "
                    "did not ask for")

    def test_bytes_of_an_object_stay_as_they_are_stored(self):
        stored = gzip.compress(b"hello", mtime=0)
        with Server(response("200 OK", stored, "Content-Encoding: gzip")) as server:
            result = call(server.url, "s3", "GetObject", '{"Bucket": "abc", "Key": "k"}', env=ONCE)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("$bytes", result.json["Body"])
        self.assertEqual(result.json["ContentEncoding"], "gzip")

    def test_redirect_is_not_followed(self):
        with Server(QUEUES) as other:
            with Server(response("307 Temporary Redirect", "", f"Location: {other.url}/")) as server:
                result = list_queues(server)
        self.assertEqual(other.requests, [])
        self.assertNotEqual(result.code, 0)
        self.assertIn("307", result.out + result.err)

    def test_silent_peer(self):
        start = time.monotonic()
        for answer, where in ((b"", " after the request"),
                              (b"HTTP/1.1 200 OK\r\n", ", in the middle of the headers"),
                              (QUEUES[:-5], ", in the middle of the body")):
            with self.subTest(where=where):
                self.expect(answer, 3, f"URL fell silent: nothing in 200 ms{where}",
                            "--read-timeout", "0.2", stall=True)
        self.assertLess(time.monotonic() - start, 10)

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        start = time.monotonic()
        result = call(url, "sqs", "ListQueues")
        self.assertEqual(result.code, 3)
        self.assertEqual(result.err, f"parity: sqs ListQueues: cannot connect to {url} (connection "
                                     "refused); is the emulator running?\n")
        self.assertLess(time.monotonic() - start, 1, "a refused connection is not tried again")

    def test_nobody_accepts(self):
        with socket.socket() as listener, socket.socket() as waiting:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            waiting.connect(listener.getsockname())  # all that the listener keeps waiting
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            result = call(url, "--connect-timeout", "0.2", "sqs", "ListQueues", env=ONCE)
        self.assertEqual(result.code, 3)
        self.assertEqual(result.err, f"parity: sqs ListQueues: cannot connect to {url} (no "
                                     "connection after 200 ms)\n")

    def test_wrong_checksum_of_an_object(self):
        with Server(response("200 OK", "hello", "x-amz-checksum-crc32: AAAAAA==")) as server:
            result = call(server.url, "s3", "GetObject", '{"Bucket": "abc", "Key": "k"}', env=ONCE)
        self.assertEqual(result.code, 3)
        self.assertIn("has the crc32 checksum NhCmhg==, not AAAAAA== as its header says",
                      result.err)

    def test_right_checksum_of_an_object(self):
        with Server(response("200 OK", "hello", "x-amz-checksum-crc32: NhCmhg==")) as server:
            result = call(server.url, "s3", "GetObject", '{"Bucket": "abc", "Key": "k"}', env=ONCE)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("x-amz-checksum-mode: ENABLED", server.requests[0][0])

    def get_object(self, *headers):
        with Server(response("200 OK", "123456789", *headers)) as server:
            return call(server.url, "s3", "GetObject", '{"Bucket": "abc", "Key": "k"}', env=ONCE)

    def test_checksum_of_each_algorithm_is_compared(self):
        checksums = {"crc32": "y/Q5Jg==", "crc32c": "4waSgw==", "crc64nvme": "rosUhgp5mIg="}
        for name in ("sha1", "sha256", "sha512"):
            checksums[name] = base64.b64encode(hashlib.new(name, b"123456789").digest()).decode()
        for name, value in checksums.items():
            with self.subTest(algorithm=name):
                result = self.get_object(f"x-amz-checksum-{name}: {value}")
                self.assertEqual(result.code, 0, result.err)
                result = self.get_object(f"x-amz-checksum-{name}: AAAA{value[4:]}")
                self.assertEqual(result.code, 3)
                self.assertIn(f"has the {name} checksum {value}, not AAAA", result.err)

    def test_checksum_of_parts_is_not_that_of_the_whole(self):
        result = self.get_object("x-amz-checksum-crc32: AAAAAA==-2")
        self.assertEqual(result.code, 0, result.err)


class Documents(unittest.TestCase):
    """Bodies that are broken in the way of their format, for a service of each."""

    XML = "sns", "ListTopics"
    JSON = "sqs", "ListQueues"
    REST = "lambda", "ListFunctions"
    CBOR = "--protocol", "smithy-rpc-v2-cbor", "cloudwatch", "ListMetrics"
    TOPICS = "<ListTopicsResponse><ListTopicsResult><Topics>{}</Topics></ListTopicsResult></ListTopicsResponse>"

    def expect(self, operation, body, *parts):
        start = time.monotonic()
        with Server(response("200 OK", body)) as server:
            result = call(server.url, *operation, env=ONCE)
        self.assertEqual(result.code, 3, result.out[:500])
        self.assertEqual(result.out, "")
        self.assertEqual(result.err.count("\n"), 1, result.err)
        for part in ("the response cannot be read", *parts):
            self.assertIn(part, result.err)
        self.assertLess(time.monotonic() - start, 10)

    def test_broken_xml(self):
        for body in ("<ListTopicsResponse><ListTopicsResult>", self.TOPICS.format("</member>"),
                     self.TOPICS.format("<member a=1/>"), self.TOPICS.format("&nope;"),
                     self.TOPICS.format("\x01"), b"<ListTopicsResponse>\xff\xfe</ListTopicsResponse>", "  "):
            with self.subTest(body=body):
                self.expect(self.XML, body)

    def test_entity_bomb(self):
        entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
        self.expect(self.XML, f'<!DOCTYPE r [<!ENTITY e0 "boom">{entities}]>{self.TOPICS.format("&e11;")}')

    def test_entity_that_is_a_file(self):
        self.expect(self.XML, '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
                    + self.TOPICS.format("<member><TopicArn>&f;</TopicArn></member>"))

    def test_deep_nesting(self):
        self.expect(self.JSON, '{"QueueUrls":' + "[" * 1000000, "nested")
        self.expect(self.XML, self.TOPICS.format("<member>" * 1000000), "nested")
        self.expect(self.CBOR, b"\xa1gMetrics" + b"\x81" * 1000000, "nested")

    def test_broken_json(self):
        for body in ('{"QueueUrls": [}', "{'QueueUrls': []}", '{"QueueUrls": []} and more', '["x"]',
                     '{"QueueUrls": ["\\ud800x\\u12"]}', "\x00"):
            with self.subTest(body=body):
                self.expect(self.JSON, body)

    def test_broken_cbor(self):
        for body in (b"\xa1", b"\xff", b"\xa1gMetrics\x9f", b"\xbb" + b"\xff" * 8, b"\xa1gMetrics\x5f\x61a",
                     b"\xa1gMetrics\x1c", b"\x7b" + b"\xff" * 8, b"\xa1\x01\x02", b""):
            with self.subTest(body=body):
                self.expect(self.CBOR, body)

    def test_wrong_types(self):
        self.expect(self.JSON, '{"QueueUrls": 7}', "QueueUrls")
        self.expect(self.REST, '{"Functions": [7]}', "Functions[0]")
        self.expect(self.CBOR, b"\xa1gMetrics\x07", "Metrics")

    def test_numbers_out_of_range(self):
        dates = '{"Functions": [{"FunctionName": "f", "SigningProfileVersionArn": "a"}], "NextMarker": "m"}'
        with Server(response("200 OK", dates)) as server:
            self.assertEqual(call(server.url, *self.REST, env=ONCE).code, 0)
        described = '{"Table": {"TableSizeBytes": 123456789012345678901234567890, "ItemCount": 1e400}}'
        with Server(response("200 OK", described)) as server:
            result = call(server.url, "dynamodb", "DescribeTable", '{"TableName": "t"}', env=ONCE)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn('"TableSizeBytes": 123456789012345678901234567890', result.out)
        self.expect(("cloudformation", "DescribeStacks"),
                    "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><CreationTime>"
                    "99999999999999999</CreationTime></member></Stacks></DescribeStacksResult>"
                    "</DescribeStacksResponse>", "CreationTime")

    def test_events_that_are_cut_off(self):
        body = b"\x00\x00\x00\x20\x00\x00\x00\x00"
        with Server(response("200 OK", body)) as server:
            result = call(server.url, "s3", "SelectObjectContent", json.dumps({
                "Bucket": "abc", "Key": "k", "Expression": "e", "ExpressionType": "SQL",
                "InputSerialization": {}, "OutputSerialization": {}}), env=ONCE)
        self.assertEqual(result.code, 3, result.out)
        self.assertIn("no usable event stream: it ends in the middle of a message", result.err)

    def test_lengths_that_contradict_each_other(self):
        twice = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 17\r\n\r\n{}"
        negative = b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}"
        for answer in (twice, negative):
            with self.subTest(answer=answer), Server(answer) as server:
                result = list_queues(server)
                self.assertEqual(result.code, 3, result.out)
                self.assertIn("response from", result.err)

    def test_bytes_behind_the_body_belong_to_nothing(self):
        with Server(response("200 OK", '{"QueueUrls": []}') + b"HTTP/1.1 500 Oops\r\n\r\n") as server:
            result = list_queues(server)
        self.assertEqual(result.code, 0, result.err)

    def test_chunk_of_absurd_size(self):
        for size in (b"ffffffffffffffffff", b"-1", b"7fffffffffffffff"):
            answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + b"\r\n{}\r\n"
            with self.subTest(size=size), Server(answer) as server:
                result = list_queues(server)
                self.assertEqual(result.code, 3, result.out)
                self.assertIn("response from", result.err)

    def test_flood_of_interim_answers_ends(self):
        with Server(b"HTTP/1.1 100 Continue\r\n\r\n" * 20000) as server:
            result = list_queues(server)
        self.assertEqual(result.code, 3)
        self.assertIn("has more than 256 KiB of headers", result.err)


class Retries(unittest.TestCase):
    THROTTLED = response("400 Bad Request", '{"__type": "ThrottlingException", "message": "slow"}')

    def test_transient_and_throttling_errors_are_tried_again(self):
        for answer in (response("503 Service Unavailable", "<html/>"), b"", QUEUES[:-3],
                       self.THROTTLED, response("500 Internal Server Error", "{}")):
            with self.subTest(answer=answer), Server(answer, QUEUES) as server:
                result = list_queues(server, environment(AWS_MAX_ATTEMPTS="2"))
                self.assertEqual(result.code, 0, result.err)
                self.assertEqual(result.json["ResponseMetadata"]["RetryAttempts"], 1)
                self.assertEqual(len(server.requests), 2)
                self.assertIn("amz-sdk-request: attempt=2; max=2", server.requests[1][0])

    def test_next_attempts_tell_when_they_are_given_up_by_the_service_s_clock(self):
        """Known once an answer has a Date; kept while later ones have none. As botocore does."""
        slow = response("503 Slow", "{}")
        dated = response("503 Slow", "{}", "Date: Wed, 21 Oct 2015 07:28:00 GMT")
        with Server(slow, dated, slow, QUEUES) as server:
            call(server.url, "--read-timeout", "90", "sqs", "ListQueues",
                 env=environment(AWS_MAX_ATTEMPTS="4"))
        told = [line.partition(": ")[2] for head, _ in server.requests
                for line in head.split("\r\n") if line.startswith("amz-sdk-request:")]
        self.assertEqual(told, ["attempt=1", "attempt=2; max=4",
                                "ttl=20151021T072930Z; attempt=3; max=4",
                                "ttl=20151021T072930Z; attempt=4; max=4"])

    def test_error_of_the_caller_is_not_tried_again(self):
        body = '{"__type": "InvalidParameterValue", "message": "no"}'
        with Server(response("400 Bad Request", body)) as server:
            result = list_queues(server, environment())
            self.assertEqual(len(server.requests), 1)
        self.assertEqual(result.code, 1)

    def test_attempts_share_an_invocation_id_and_each_has_its_own_signature(self):
        with Server(self.THROTTLED, QUEUES) as server:
            list_queues(server, environment(AWS_MAX_ATTEMPTS="2"))
            heads = [dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
                     for head, _ in server.requests]
        self.assertEqual(heads[0]["amz-sdk-invocation-id"], heads[1]["amz-sdk-invocation-id"])
        self.assertNotEqual(heads[0]["Authorization"], heads[1]["Authorization"])

    def test_attempts_share_the_token_that_makes_them_one_call(self):
        with Server(self.THROTTLED, response("200 OK", "{}")) as server:
            call(server.url, "secretsmanager", "CreateSecret", '{"Name": "n"}',
                 env=environment(AWS_MAX_ATTEMPTS="2"))
        first, second = (json.loads(body)["ClientRequestToken"] for _, body in server.requests)
        self.assertRegex(first, "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertEqual(first, second)

    def test_last_error_stays_the_result(self):
        with Server(self.THROTTLED) as server:
            result = list_queues(server, environment(AWS_MAX_ATTEMPTS="2"))
            self.assertEqual(len(server.requests), 2)
        self.assertEqual(result.code, 1)
        self.assertEqual(result.json["Error"]["Code"], "ThrottlingException")
        self.assertEqual(result.json["ResponseMetadata"]["RetryAttempts"], 1)


class Clock(unittest.TestCase):
    """The answers' Date is an hour ahead of this machine."""

    def refusal(self, code, ahead=3600):
        date = email.utils.formatdate(time.time() + ahead, usegmt=True)
        return response("403 Forbidden", json.dumps({"__type": code, "message": "check your clock"}),
                        f"Date: {date}")

    def signing_time(self, request):
        date = re.search(r"X-Amz-Date: (\w+)", request[0]).group(1)
        return calendar.timegm(time.strptime(date, "%Y%m%dT%H%M%SZ"))

    def test_request_is_signed_again_with_the_time_of_the_service(self):
        for code in ("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture",
                     "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure"):
            with self.subTest(code=code), Server(self.refusal(code), QUEUES) as server:
                result = list_queues(server, environment(AWS_MAX_ATTEMPTS="2"))
                self.assertEqual(result.code, 0, result.err + result.out)
                first, second = map(self.signing_time, server.requests)
                self.assertAlmostEqual(second - first, 3600, delta=10)

    def test_wrong_signature_at_the_right_time_is_not_tried_again(self):
        with Server(self.refusal("SignatureDoesNotMatch", ahead=60)) as server:
            result = list_queues(server, environment())
            self.assertEqual(len(server.requests), 1)
        self.assertEqual(result.code, 1)

    def test_other_errors_say_nothing_about_the_clock(self):
        with Server(self.refusal("AccessDenied")) as server:
            list_queues(server, environment())
            self.assertEqual(len(server.requests), 1)

    def test_without_a_date_there_is_nothing_to_correct(self):
        with Server(response("403 Forbidden", '{"__type": "RequestExpired"}')) as server:
            result = list_queues(server, environment())
            self.assertEqual(len(server.requests), 1)
        self.assertEqual(result.json["Error"]["Code"], "RequestExpired")


class Usage(unittest.TestCase):
    def expect(self, code, part, *arguments, env=None):
        result = parity("call", *arguments, env=env)
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(result.out, "")
        self.assertIn(part, result.err)

    def test_no_target_never_means_aws(self):
        self.expect(2, "no target: give an endpoint", "--region", "us-east-1", "sqs", "ListQueues")

    def test_aws_as_endpoint_is_held_back(self):
        for url in ("https://sqs.us-east-1.amazonaws.com", "https://SQS.us-east-1.AmazonAWS.com.",
                    "http://user@s3.dualstack.eu-west-1.amazonaws.com:80", "https://sqs.us-east-1.api.aws",
                    "https://sqs.cn-north-1.amazonaws.com.cn"):
            with self.subTest(url=url):
                self.expect(2, "was held back", "--endpoint-url", url, "--connect-to",
                            "::127.0.0.1:9", "sqs", "ListQueues")

    def test_bucket_cannot_lead_elsewhere(self):
        config = environment(AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS="false")
        self.expect(2, "", "--endpoint-url", "http://127.0.0.1:9", "s3", "GetObject",
                    '{"Bucket": "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap", '
                    '"Key": "k"}', env=config)

    def test_other_value_of_test_target_is_not_aws(self):
        self.expect(2, "no target", "--region", "us-east-1", "sqs", "ListQueues",
                    env=environment(TEST_TARGET="aws_cloud"))

    def test_unknown_names_are_answered_with_near_ones(self):
        url = "--endpoint-url=http://127.0.0.1:9"
        self.expect(2, "did you mean 'sqs'?", url, "sqz", "ListQueues")
        self.expect(2, "did you mean 'ListQueues'?", url, "sqs", "ListQueue")
        self.expect(2, "did you mean '--region'?", url, "--regoin", "x", "sqs", "ListQueues")

    def test_operands(self):
        self.expect(2, "SERVICE, OPERATION and at most INPUT are needed", "sqs")
        self.expect(2, "SERVICE, OPERATION and at most INPUT are needed", "a", "b", "{}", "c")

    def test_all_faults_of_an_input_are_told_each_with_its_path(self):
        given = json.dumps({"QueueUrl": 1, "Entries": [{"Id": n} for n in range(100)]})
        for options in ([], ["--dry-run"]):
            result = call("http://127.0.0.1:9", *options, "sqs", "SendMessageBatch", given)
            self.assertEqual(result.code, 2)
            self.assertEqual(len(result.err.splitlines()), 1)
            self.assertIn("QueueUrl: must be a string, not a number (1)", result.err)
            for n in range(100):
                self.assertIn(f"Entries[{n}].Id: must be a string, not a number ({n})", result.err)
                self.assertIn(f"Entries[{n}]: the required parameter 'MessageBody' is missing", result.err)

    def test_input_that_is_no_object(self):
        url = "--endpoint-url=http://127.0.0.1:9"
        self.expect(2, "INPUT", url, "sqs", "ListQueues", "[1]")
        self.expect(2, "INPUT", url, "sqs", "ListQueues", "{")
        self.expect(2, "/nonexistent/file", url, "sqs", "ListQueues", "@/nonexistent/file")

    def test_no_credentials(self):
        self.expect(3, "no AWS credentials found", "--endpoint-url", "http://127.0.0.1:9", "sqs",
                    "ListQueues", env=environment(AWS_ACCESS_KEY_ID=None))

    def test_no_models(self):
        env = environment(PATH="/nonexistent", HOME="/nonexistent", VIRTUAL_ENV=None,
                          PARITY_MODELS="/nonexistent", XDG_CACHE_HOME="/nonexistent")
        result = parity("call", "--endpoint-url", "http://127.0.0.1:9", "sqs", "ListQueues", env=env)
        if "unknown service" not in result.err and result.code == 3 and "models" in result.err:
            self.assertIn("botocore", result.err)
        else:
            self.skipTest("service models are installed where no setting can hide them")

    def test_protocol_that_the_service_does_not_speak(self):
        self.expect(2, "does not speak the protocol 'rest-xml'", "--endpoint-url",
                    "http://127.0.0.1:9", "--protocol", "rest-xml", "sqs", "ListQueues")

    def test_broken_connect_to(self):
        self.expect(2, "is no connect-to entry", "--endpoint-url", "http://127.0.0.1:9",
                    "--connect-to", "a:b", "sqs", "ListQueues")

    def test_no_region_for_aws(self):
        self.expect(2, "no region", "sqs", "ListQueues", env=environment(TEST_TARGET="AWS_CLOUD"))

    def test_region_that_would_lead_elsewhere(self):
        for region in ("us-east-1@127.0.0.1:9/#", "us east", "", "x." * 9):
            with self.subTest(region=region):
                aws = environment(TEST_TARGET="AWS_CLOUD", AWS_REGION=region)
                arguments = ["--dry-run", "sqs", "ListQueues"]
                if region:
                    self.expect(2, "cannot be a region", *arguments, env=aws)
                self.expect(2, "cannot be a region", "--region", region, *arguments)

    def test_url_that_cannot_be_called(self):
        for url, reason in (("http://127.0.0.1:99999", "port '99999' is no number up to 65535"),
                            ("http://127.0.0.1:9x", "port '9x' is no number up to 65535"),
                            ("http://a b", "a blank or another control character in its host")):
            self.expect(2, reason, "--endpoint-url", url, "sqs", "ListQueues")

    def test_number_of_attempts_that_is_none(self):
        for text in ("0", "many", "101"):
            self.expect(2, f"AWS_MAX_ATTEMPTS: '{text}' is no number from 1 to 100",
                        "--endpoint-url", "http://127.0.0.1:9", "sqs", "ListQueues",
                        env=environment(AWS_MAX_ATTEMPTS=text))

    def test_timeout_that_is_no_number(self):
        self.expect(2, "option '--read-timeout' needs seconds", "--endpoint-url",
                    "http://127.0.0.1:9", "--read-timeout", "soon", "sqs", "ListQueues")

    def test_sign_without_dry_run(self):
        self.expect(2, "option '--sign' goes with '--dry-run'", "--sign", "sqs", "ListQueues")


if __name__ == "__main__":
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    unittest.main()
