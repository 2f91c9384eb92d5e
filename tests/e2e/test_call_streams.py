# SPDX-License-Identifier: Apache-2.0
"""
Bodies of 256 MiB from and to files: they are read and written in pieces, so that little of them is
in memory at any time, and what stands in a file is either whole and right or what stood there.
"""
import base64
import hashlib
import http.server
import json
import os
import pathlib
import resource
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import zlib

import call_support
from call_support import environment, parity
from certificates import Authority

MIB = 1 << 20
SANITIZED = b"__asan_init" in pathlib.Path(call_support.PARITY).read_bytes()
LARGE = (24 if SANITIZED else 256) * MIB  # memory tells nothing there, and it is slow
MOST_MEMORY = 32 * MIB
OBJECT = {"Bucket": "abc", "Key": "k"}
folder = None


def write_large(path, size=LARGE):
    """A file without two equal pieces."""
    block = os.urandom(MIB)
    with open(path, "wb") as file:
        for index in range(size // MIB):
            file.write(index.to_bytes(8, "big") + block[8:])


def digest_and_crc(chunks):
    digest, crc, length = hashlib.sha256(), 0, 0
    for chunk in chunks:
        digest.update(chunk)
        crc = zlib.crc32(chunk, crc)
        length += len(chunk)
    return digest.hexdigest(), base64.b64encode(crc.to_bytes(4, "big")).decode(), length


def pieces(path, length=None):
    left = os.path.getsize(path) if length is None else length
    with open(path, "rb") as file:
        while left > 0 and (piece := file.read(min(MIB, left))):
            left -= len(piece)
            yield piece


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def read_exactly(self, length):
        while length > 0:
            piece = self.rfile.read(min(length, MIB))
            if not piece:
                raise ConnectionError
            length -= len(piece)
            yield piece

    def read_chunked(self):
        while length := int(self.rfile.readline(), 16):
            yield from self.read_exactly(length)
            self.rfile.readline()
        self.rfile.readline()

    def do_PUT(self):
        chunked = self.headers.get("Transfer-Encoding") == "chunked"
        body = self.read_chunked() if chunked else self.read_exactly(int(self.headers["Content-Length"]))
        if chunked:
            body = AwsChunked(body)
        seen = digest_and_crc(body)
        self.server.seen.append((dict(self.headers), *seen, getattr(body, "trailer", None)))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        if self.path == "/":  # is it ready?
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.server.seen.append(dict(self.headers))
        answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(answer.get("status", 200))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, str(value))
        self.end_headers()
        try:
            for piece in answer["body"]():
                self.wfile.write(piece)
        except OSError:
            pass
        if answer.get("close"):
            self.close_connection = True


class AwsChunked:
    """The content of a body in aws-chunked; then `trailer` is what follows the last chunk."""

    def __init__(self, source):
        self.source, self.left, self.trailer = source, b"", None

    def fill(self, length):
        while len(self.left) < length:
            self.left += next(self.source)

    def line(self):
        while b"\r\n" not in self.left:
            self.left += next(self.source)
        line, self.left = self.left.split(b"\r\n", 1)
        return line

    def __iter__(self):
        while length := int(self.line(), 16):
            assert length <= MIB, length
            self.fill(length + 2)
            yield self.left[:length]
            assert self.left[length:length + 2] == b"\r\n"
            self.left = self.left[length + 2:]
        self.trailer = self.left + b"".join(self.source)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answers=(), statuses=(), certificate=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.statuses, self.seen = list(answers), list(statuses), []
        self.url = f"http://127.0.0.1:{self.server_port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.url = f"https://localhost:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        pass  # the other side went away, as some tests do


class Result:
    pass


def call(server, *arguments, limit=None, **settings):
    """Runs `parity call`; the result has the most memory that it took, in bytes."""
    def prepare():
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([call_support.PARITY, "call", "--endpoint-url", server.url,
                                    *arguments], stdout=out, stderr=err, preexec_fn=prepare,
                                   restore_signals=False,
                                   env=environment(AWS_MAX_ATTEMPTS="1", **settings)
                                   if "AWS_MAX_ATTEMPTS" not in settings
                                   else environment(**settings))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        result = Result()
        result.code, result.memory = process.returncode, usage.ru_maxrss * 1024
        result.out, result.err = out.read().decode(), err.read().decode()
    return result


class Streams(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.path = self.place / "body.bin"

    def assert_little_memory(self, result):
        """A sanitizer keeps released memory for a while; there nothing can be told."""
        if not SANITIZED:
            self.assertLess(result.memory, MOST_MEMORY)

    def put(self, server, path, **settings):
        result = call(server, "s3", "PutObject", json.dumps({**OBJECT, "Body": {"$file": str(path)}}),
                      **settings)
        return result

    def get(self, server, *options, path=None, **settings):
        return call(server, "--output", str(path or self.path), *options, "s3", "GetObject",
                    json.dumps(OBJECT), **settings)

    def assert_untouched(self):
        self.assertEqual(self.path.read_bytes(), b"old")
        self.assertEqual(os.listdir(self.place), ["body.bin"])


class Sending(Streams):
    def test_file_is_sent_in_pieces(self):
        with Server() as server:
            result = self.put(server, large())
        self.assertEqual(result.code, 0, result.err)
        headers, digest, crc, length, _ = server.seen[0]
        self.assertEqual((digest, crc, length), large_sums())
        self.assertEqual(headers["Content-Length"], str(LARGE))
        self.assertEqual(headers["x-amz-content-sha256"], digest)
        self.assertEqual(headers["x-amz-checksum-crc32"], crc)
        self.assert_little_memory(result)

    @unittest.skipUnless(shutil.which("openssl"), "no openssl command")
    def test_file_is_sent_in_chunks_with_a_trailer_over_tls(self):
        authority = Authority(self.place, "authority")
        settings = {"AWS_CA_BUNDLE": str(authority.path("crt"))}
        with Server(certificate=authority.sign("server", "localhost")) as server:
            result = self.put(server, large(), **settings)
        self.assertEqual(result.code, 0, result.err)
        headers, digest, crc, length, trailer = server.seen[0]
        self.assertEqual((digest, crc, length), large_sums())
        self.assertEqual(trailer, f"x-amz-checksum-crc32:{crc}\r\n\r\n".encode())
        self.assertEqual(headers["X-Amz-Decoded-Content-Length"], str(LARGE))
        self.assertEqual(headers["Content-Encoding"], "aws-chunked")
        self.assertNotIn("Content-Length", headers)
        self.assert_little_memory(result)

    def test_next_attempt_begins_with_the_first_byte(self):
        self.path.write_bytes(os.urandom(3 * MIB))
        with Server(statuses=[500]) as server:
            result = self.put(server, self.path, AWS_MAX_ATTEMPTS="2")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([seen[1] for seen in server.seen],
                         2 * [hashlib.sha256(self.path.read_bytes()).hexdigest()])

    def test_requests_are_those_of_the_same_bytes(self):
        """From a file, from a pipe, which is read at once, and from the input."""
        content = b"\x00\xff" + bytes(range(256)) * 8192
        self.path.write_bytes(content)
        pipe = self.place / "pipe"
        os.mkfifo(pipe)
        for service, operation, rest, member in (
                ("s3", "PutObject", OBJECT, "Body"),
                ("lambda", "Invoke", {"FunctionName": "f"}, "Payload"),
                ("glacier", "UploadArchive", {"vaultName": "v", "accountId": "-"}, "body")):
            method = {"lambda": "POST", "glacier": "POST"}.get(service, "PUT")
            with Server() as server:
                setattr(Handler, "do_" + method, Handler.do_PUT)
                threading.Thread(target=pipe.write_bytes, args=(content,), daemon=True).start()
                for body in ({"$file": str(self.path)}, {"$file": str(pipe)},
                             {"$bytes": base64.b64encode(content).decode()}):
                    given = self.place / "input.json"
                    given.write_text(json.dumps({**rest, member: body}))
                    result = call(server, service, operation, f"@{given}")
                    self.assertIn(result.code, (0, 3), result.err)  # no body for lambda is no JSON
            seen = [({name: value for name, value in headers.items()
                      if name not in ("Authorization", "X-Amz-Date", "amz-sdk-invocation-id")}, *sums)
                    for headers, *sums in server.seen]
            self.assertEqual(len(seen), 3)
            self.assertEqual(seen[0], seen[1])
            self.assertEqual(seen[0], seen[2])

    def test_folder_is_no_body(self):
        with Server() as server:
            result = self.put(server, self.place)
        self.assertEqual((result.code, server.seen), (2, []))
        self.assertIn(f"{self.place}: cannot read: Is a directory", result.err)


class Receiving(Streams):
    def answer(self, body, close=False, **headers):
        return {"body": body, "close": close,
                "headers": {name.replace("_", "-"): value for name, value in headers.items()}}

    def whole(self, content, **headers):
        return self.answer(lambda: [content], Content_Length=len(content), **headers)

    def test_body_goes_to_the_file_in_pieces(self):
        digest, crc, _ = large_sums()
        answer = self.answer(lambda: pieces(large()), Content_Length=LARGE,
                             x_amz_checksum_crc32=crc)
        with Server([answer]) as server:
            result = self.get(server)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(digest_and_crc(pieces(self.path)), (digest, crc, LARGE))
        shown = json.loads(result.out)
        self.assertEqual(shown["Body"], {"$file": str(self.path)})
        self.assertEqual(shown["ContentLength"], LARGE)
        self.assertEqual(os.listdir(self.place), ["body.bin"])
        self.assert_little_memory(result)

    def test_truncated_body_leaves_the_file_alone(self):
        self.path.write_bytes(b"old")
        answer = self.answer(lambda: pieces(large(), 5 * MIB), close=True, Content_Length=LARGE)
        with Server([answer]) as server:
            result = self.get(server)
        self.assertEqual(result.code, 3)
        self.assertIn(f"the connection ended after {5 * MIB} of {LARGE} bytes of body", result.err)
        self.assert_untouched()

    def test_truncated_body_is_fetched_again_from_the_first_byte(self):
        short = self.answer(lambda: [b"lost" * 1000], close=True, Content_Length=MIB)
        with Server([short, self.whole(b"found")]) as server:
            result = self.get(server, AWS_MAX_ATTEMPTS="2")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(self.path.read_bytes(), b"found")
        self.assertEqual(json.loads(result.out)["ResponseMetadata"]["RetryAttempts"], 1)

    def test_wrong_checksum_leaves_the_file_alone(self):
        self.path.write_bytes(b"old")
        for name, value in (("x-amz-checksum-crc32", "AAAAAA=="),
                            ("x-amz-checksum-sha256", base64.b64encode(bytes(32)).decode()),
                            ("x-amz-checksum-crc64nvme", base64.b64encode(bytes(8)).decode())):
            with Server([self.whole(b"new" * MIB, **{name.replace("-", "_"): value})]) as server:
                result = self.get(server)
            self.assertEqual(result.code, 3)
            self.assertIn(f"not {value} as its header says", result.err)
            self.assert_untouched()

    def test_right_checksum_of_any_kind_is_taken(self):
        content = os.urandom(300000)
        for algorithm in ("sha1", "sha256", "sha512"):
            value = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
            with Server([self.whole(content, **{f"x_amz_checksum_{algorithm}": value})]) as server:
                self.assertEqual(self.get(server).code, 0)
            self.assertEqual(self.path.read_bytes(), content)

    def test_error_leaves_the_file_alone(self):
        self.path.write_bytes(b"old")
        body = b"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>"
        with Server([{**self.whole(body), "status": 404}]) as server:
            result = self.get(server)
        self.assertEqual(result.code, 1)
        self.assertEqual(json.loads(result.out)["Error"]["Code"], "NoSuchKey")
        self.assert_untouched()

    def test_place_that_cannot_be_written_is_told_before_anything_is_sent(self):
        self.path.write_bytes(b"old")
        with Server([self.whole(b"new")]) as server:
            for path in (self.path / "below", self.place):
                result = self.get(server, path=path)
                self.assertEqual(result.code, 2)
                self.assertIn(str(path.parent if path != self.place else path), result.err)
            self.assertEqual(server.seen, [])
        self.assert_untouched()

    def test_disk_that_fills_up_ends_it_with_the_reason_and_without_a_trace(self):
        self.path.write_bytes(b"old")
        answer = self.answer(lambda: pieces(large(), 20 * MIB), Content_Length=20 * MIB)
        with Server([answer]) as server:
            handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            self.addCleanup(signal.signal, signal.SIGXFSZ, handler)
            result = self.get(server, limit=4 * MIB, AWS_MAX_ATTEMPTS="3")
        self.assertEqual(result.code, 3)
        self.assertIn(f"{self.path}: cannot write: File too large", result.err)
        self.assertEqual(len(server.seen), 1)
        self.assert_untouched()

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_full_device_is_told(self):
        with Server([self.whole(b"new")]) as server:
            result = self.get(server, path="/dev/full")
        self.assertEqual(result.code, 3)
        self.assertIn("/dev/full: cannot write: No space left on device", result.err)

    def test_what_went_into_a_pipe_is_not_sent_after_once_more(self):
        os.mkfifo(self.path)
        taken = []
        reader = threading.Thread(target=lambda: taken.append(self.path.read_bytes()))
        reader.start()
        short = self.answer(lambda: [b"half"], close=True, Content_Length=8)
        with Server([short, self.whole(b"whole")]) as server:
            result = self.get(server, AWS_MAX_ATTEMPTS="3")
        reader.join(10)
        self.assertEqual((result.code, taken, len(server.seen)), (3, [b"half"], 1))

    def test_larger_body_than_wanted_is_refused(self):
        self.path.write_bytes(b"old")
        announced = self.whole(b"x" * 5000)
        chunked = self.answer(lambda: [b"1388\r\n" + b"x" * 5000 + b"\r\n0\r\n\r\n"],
                              Transfer_Encoding="chunked")
        for answer in (announced, chunked):
            with Server([answer]) as server:
                result = self.get(server, "--max-filesize", "4999")
            self.assertEqual(result.code, 3)
            self.assertIn("is larger than 4999 bytes", result.err)
            self.assert_untouched()
        for answer in (announced, chunked):
            with Server([answer]) as server:
                self.assertEqual(self.get(server, "--max-filesize", "5000").code, 0)
            self.assertEqual(self.path.read_bytes(), b"x" * 5000)

    def test_limit_may_lie_beyond_that_for_memory(self):
        answer = self.answer(lambda: [b"x"], close=True, Content_Length=3 << 30)
        with Server([answer]) as server:
            refused, begun = self.get(server), self.get(server, "--max-filesize", str(4 << 30))
        self.assertIn("is larger than 1073741824 bytes", refused.err)
        self.assertIn(f"the connection ended after 1 of {3 << 30} bytes", begun.err)

    def test_limit_is_a_number_and_goes_with_output(self):
        for options in (["--max-filesize", "0"], ["--max-filesize", "1k"], ["--max-filesize", "-1"]):
            result = parity("call", "--output", "x", *options, "s3", "GetObject", json.dumps(OBJECT))
            self.assertEqual(result.code, 2)
            self.assertIn("'--max-filesize' needs a number of bytes", result.err)
        result = parity("call", "--max-filesize", "1", "s3", "GetObject", json.dumps(OBJECT))
        self.assertEqual(result.code, 2)
        self.assertIn("'--max-filesize' goes with '--output'", result.err)


def large():
    return os.path.join(folder, "large")


sums = []


def large_sums():
    if not sums:
        sums.append(digest_and_crc(pieces(large())))
    return sums[0]


def setUpModule():
    global folder
    folder = tempfile.mkdtemp()
    write_large(large())


def tearDownModule():
    shutil.rmtree(folder)


if __name__ == "__main__":
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    unittest.main()
