# SPDX-License-Identifier: Apache-2.0
"""Bodies from and to files, and ways through a proxy."""
import base64
import json
import pathlib
import shutil
import socket
import ssl
import sys
import tempfile
import unittest

import call_support
from call_support import Server, call, environment, parity, response
from certificates import Authority

ONCE = environment(AWS_MAX_ATTEMPTS="1")
BYTES = bytes(range(256)) * 5000


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "body.bin"

    def put(self, *options, body):
        given = json.dumps({"Bucket": "abc", "Key": "k", "Body": body})
        with Server(response("200 OK", "")) as server:
            result = call(server.url, *options, "s3", "PutObject", "-", stdin=given, env=ONCE)
        return result, server.requests

    def test_body_comes_from_a_file(self):
        self.path.write_bytes(BYTES)
        result, requests = self.put(body={"$file": str(self.path)})
        self.assertEqual(result.code, 0, result.err)
        head, body = requests[0]
        self.assertEqual(body, BYTES)
        self.assertIn(f"Content-Length: {len(BYTES)}\r\n", head + "\r\n")
        self.assertIn("x-amz-checksum-crc32:", head)

    def test_request_is_the_one_of_the_same_bytes(self):
        self.path.write_bytes(b"\x00\xffabc")
        shown = [parity("call", "--dry-run", "--region", "us-west-2", "s3", "PutObject",
                        json.dumps({"Bucket": "abc", "Key": "k", "Body": body})).json
                 for body in ({"$file": str(self.path)}, {"$bytes": base64.b64encode(b"\x00\xffabc").decode()})]
        self.assertEqual(*shown)

    def test_file_that_is_not_there_is_told_before_anything_is_sent(self):
        result, requests = self.put(body={"$file": str(self.path)})
        self.assertEqual((result.code, requests), (2, []))
        self.assertIn(str(self.path), result.err)

    def test_file_elsewhere_than_in_the_body_is_no_file(self):
        result = call("http://127.0.0.1:9", "sqs", "ListQueues", '{"QueueNamePrefix": {"$file": "/x"}}')
        self.assertEqual(result.code, 2)
        self.assertIn("QueueNamePrefix: must be a string", result.err)

    def get(self, answer):
        with Server(answer) as server:
            return call(server.url, "--output", str(self.path), "s3", "GetObject",
                        '{"Bucket": "abc", "Key": "k"}', env=ONCE)

    def test_body_goes_to_a_file(self):
        for body in (BYTES, b"plain text", b""):
            result = self.get(response("200 OK", body, "ETag: e"))
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual(self.path.read_bytes(), body)
            self.assertEqual(result.json["Body"], {"$file": str(self.path)})
            self.assertEqual(result.json["ETag"], "e")

    def test_error_leaves_the_file_alone(self):
        self.path.write_bytes(b"old")
        result = self.get(response("404 Not Found", "<Error><Code>NoSuchKey</Code></Error>"))
        self.assertEqual(result.code, 1)
        self.assertEqual(result.json["Error"]["Code"], "NoSuchKey")
        self.assertEqual(self.path.read_bytes(), b"old")

    def test_truncated_body_leaves_the_file_alone(self):
        self.path.write_bytes(b"old")
        result = self.get(response("200 OK", BYTES)[:-5])
        self.assertEqual(result.code, 3)
        self.assertEqual(self.path.read_bytes(), b"old")

    def test_output_is_for_bodies(self):
        result = call("http://127.0.0.1:9", "--output", str(self.path), "sqs", "ListQueues")
        self.assertEqual(result.code, 2)
        self.assertIn("option '--output' is for answers that are a body", result.err)
        result = call("http://127.0.0.1:9", "--output", "x", "--pages", "sqs", "ListQueues")
        self.assertEqual(result.code, 2)


class Sizes(unittest.TestCase):
    def test_answer_of_gigabytes_is_refused_before_it_is_read(self):
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3000000000\r\n\r\n" + b"x" * 1000
        with Server(answer, stall=True) as server:
            result = call(server.url, "sqs", "ListQueues", env=ONCE)
        self.assertEqual(result.code, 3)
        self.assertIn("is larger than 1073741824 bytes", result.err)


class Proxies(unittest.TestCase):
    QUEUES = response("200 OK", '{"QueueUrls": []}')

    def test_plain_requests_go_to_the_proxy_of_the_environment(self):
        with Server(self.QUEUES) as proxy:
            result = call("http://emulator.test:4566", "sqs", "ListQueues",
                          env=environment(http_proxy=proxy.url))
        self.assertEqual(result.code, 0, result.err)
        head, _ = proxy.requests[0]
        self.assertTrue(head.startswith("POST http://emulator.test:4566/ HTTP/1.1\r\n"), head)
        self.assertIn("Host: emulator.test:4566\r\n", head)

    def test_variable_in_capitals_counts_where_no_other_does(self):
        def call_with(**variables):
            return call("http://emulator.test:4566", "sqs", "ListQueues",
                        env=environment(AWS_MAX_ATTEMPTS="1", **variables))

        with Server(self.QUEUES) as proxy, Server(self.QUEUES) as other:
            self.assertEqual(call_with(HTTP_PROXY=proxy.url).code, 0)
            self.assertEqual(call_with(HTTP_PROXY=proxy.url, all_proxy=other.url).code, 0)
            self.assertEqual((len(proxy.requests), len(other.requests)), (2, 0))
            self.assertEqual(call_with(HTTP_PROXY=proxy.url, http_proxy=other.url).code, 0)
            self.assertEqual((len(proxy.requests), len(other.requests)), (2, 1))
            # A CGI script's is a header of whoever asks it.
            self.assertEqual(call_with(HTTP_PROXY=proxy.url, REQUEST_METHOD="GET").code, 3)
            self.assertEqual(len(proxy.requests), 2)

    def test_exceptions_go_directly(self):
        with Server(self.QUEUES) as server, Server(b"") as proxy:
            for variable in ("http_proxy", "HTTP_PROXY"):
                for name in ("no_proxy", "NO_PROXY"):
                    env = environment(**{variable: proxy.url, name: "127.0.0.1"})
                    result = call(server.url, "sqs", "ListQueues", env=env)
                    self.assertEqual(result.code, 0, result.err)
            self.assertEqual(proxy.requests, [])

    def test_proxy_that_is_not_there_is_told(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        result = call("http://emulator.test:4566", "sqs", "ListQueues",
                      env=environment(http_proxy=url, AWS_MAX_ATTEMPTS="1"))
        self.assertEqual(result.code, 3)
        self.assertIn("cannot connect to", result.err)

    @unittest.skipUnless(shutil.which("openssl"), "no openssl command")
    def test_tls_is_tunnelled_and_verified_to_its_end(self):
        host = "sqs.eu-west-1.amazonaws.com"
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(folder, "authority")
            with Server(self.QUEUES, wrap=tunnel(*authority.sign("sqs", host))) as proxy:
                result = parity("call", "sqs", "ListQueues",
                                env=environment(TEST_TARGET="AWS_CLOUD", AWS_REGION="eu-west-1",
                                                AWS_CA_BUNDLE=str(authority.path("crt")),
                                                https_proxy=proxy.url, AWS_MAX_ATTEMPTS="1"))
        self.assertEqual(result.code, 0, result.err)
        self.assertTrue(proxy.requests[0][0].startswith("POST / HTTP/1.1\r\n"), proxy.requests)


def tunnel(certificate, key):
    """Takes CONNECT, and is then the other end itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def wrap(connection):
        head, _ = call_support.read_request(connection)
        assert head.startswith("CONNECT sqs.eu-west-1.amazonaws.com:443 "), head
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return context.wrap_socket(connection, server_side=True)

    return wrap


if __name__ == "__main__":
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    unittest.main()
