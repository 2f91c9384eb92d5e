# SPDX-License-Identifier: Apache-2.0
"""
AWS mode with real host names and TLS, led to a server on this machine by connect-to: what is
verified, and what the messages say when it is not good. Certificates are made with openssl.
"""
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest
import warnings

import call_support
from call_support import Server, environment, parity, response

HOST = "sqs.eu-west-1.amazonaws.com"
QUEUES = response("200 OK", '{"QueueUrls": []}')
folder = None


def path(name):
    return os.path.join(folder, name)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_authority(name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", f"/CN={name}", "-days", "30", "-keyout", path(f"{name}.key"),
            "-out", path(f"{name}.crt"), "-addext", "keyUsage=critical,keyCertSign,cRLSign")


def make_certificate(name, host, authority, days=30):
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            f"/CN={host}", "-keyout", path(f"{name}.key"), "-out", path(f"{name}.csr"))
    with open(path(f"{name}.ext"), "w", encoding="ascii") as extensions:
        extensions.write(f"subjectAltName=DNS:{host}\n")
    openssl("x509", "-req", "-in", path(f"{name}.csr"), "-CA", path(f"{authority}.crt"),
            "-CAkey", path(f"{authority}.key"), "-CAcreateserial", "-days", str(days),
            "-extfile", path(f"{name}.ext"), "-out", path(f"{name}.crt"))


def wrapper(name, **limits):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path(f"{name}.crt"), path(f"{name}.key"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for limit, value in limits.items():
            setattr(context, limit, value)
    return lambda connection: context.wrap_socket(connection, server_side=True)


def aws(**changes):
    return environment(TEST_TARGET="AWS_CLOUD", AWS_REGION="eu-west-1", AWS_MAX_ATTEMPTS="1",
                       AWS_CA_BUNDLE=path("authority.crt"), **changes)


def list_queues(server, env=None, host=HOST):
    return parity("call", "--connect-to", f"{host}:443:127.0.0.1:{server.port}", "sqs",
                  "ListQueues", env=env or aws())


class Tls(unittest.TestCase):
    def test_real_host_name_reaches_the_server_of_connect_to(self):
        with Server(QUEUES, wrap=wrapper("good")) as server:
            result = list_queues(server)
        self.assertEqual(result.code, 0, result.err)
        head, _ = server.requests[0]
        self.assertIn(f"Host: {HOST}\r\n", head)
        self.assertIn("/eu-west-1/sqs/aws4_request", head)

    def test_connect_to_comes_from_the_environment(self):
        with Server(QUEUES, wrap=wrapper("good")) as server:
            result = parity("call", "sqs", "ListQueues",
                            env=aws(PARITY_CONNECT_TO=f"::127.0.0.1:{server.port}"))
        self.assertEqual(result.code, 0, result.err)

    def expect(self, certificate, *parts, env=None, **limits):
        with Server(QUEUES, wrap=wrapper(certificate, **limits)) as server:
            result = list_queues(server, env)
            self.assertEqual(server.requests, [])
        self.assertEqual(result.code, 3, result.out + result.err)
        for part in (f"TLS connection to https://{HOST}", *parts):
            self.assertIn(part, result.err)

    def test_wrong_name(self):
        self.expect("other_name", "no trusted", "no alternative certificate subject name matches")

    def test_unknown_issuer(self):
        self.expect("stranger", "no trusted", "AWS_CA_BUNDLE", "issuer")

    def test_issuer_known_to_nobody_without_the_bundle(self):
        self.expect("good", "no trusted", "issuer", env=aws() | {"AWS_CA_BUNDLE": ""})

    def test_expired(self):
        self.expect("expired", "no trusted", "expired")

    def test_old_version(self):
        self.expect("good", maximum_version=ssl.TLSVersion.TLSv1_1)

    def test_missing_bundle(self):
        with Server(QUEUES, wrap=wrapper("good")) as server:
            result = list_queues(server, aws() | {"AWS_CA_BUNDLE": path("missing.crt")})
        self.assertEqual(result.code, 3)
        self.assertIn(path("missing.crt"), result.err)
        self.assertIn("AWS_CA_BUNDLE", result.err)

    def test_plain_http_where_tls_is_expected(self):
        with Server(QUEUES, eager=True) as server:
            result = list_queues(server)
        self.assertEqual(result.code, 3)
        self.assertIn(f"no TLS connection to https://{HOST}: ", result.err)

    def test_handshake_that_never_comes(self):
        with Server(QUEUES, stall=True) as server:
            result = parity("call", "--connect-to", f"{HOST}:443:127.0.0.1:{server.port}",
                            "--connect-timeout", "0.3", "sqs", "ListQueues", env=aws())
        self.assertEqual(result.code, 3)
        self.assertIn(f"no TLS connection to https://{HOST}: no handshake within 300 ms",
                      result.err)

    def test_virtual_hosts_have_their_own_names(self):
        host = "bucket-1.s3.eu-west-1.amazonaws.com"
        make_certificate("bucket", host, "authority")
        answer = response("200 OK", "hello")
        with Server(answer, wrap=wrapper("bucket")) as server:
            result = parity("call", "--connect-to", f"{host}:443:127.0.0.1:{server.port}", "s3",
                            "GetObject", '{"Bucket": "bucket-1", "Key": "a/../b"}', env=aws())
        self.assertEqual(result.code, 0, result.err)
        head, _ = server.requests[0]
        self.assertTrue(head.startswith("GET /a/../b HTTP/1.1\r\n"), head)
        self.assertIn(f"Host: {host}\r\n", head)


if __name__ == "__main__":
    if not shutil.which("openssl"):
        print("skipped: no openssl command")
        sys.exit(call_support.NO_MODELS)
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    with tempfile.TemporaryDirectory() as folder:
        make_authority("authority")
        make_authority("strange_authority")
        make_certificate("good", HOST, "authority")
        make_certificate("other_name", "sqs.example.com", "authority")
        make_certificate("stranger", HOST, "strange_authority")
        make_certificate("expired", HOST, "authority", days=-1)
        unittest.main()
