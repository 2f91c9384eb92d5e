# SPDX-License-Identifier: Apache-2.0
"""What the tests of `parity call` share: running it, and servers that answer with fixed bytes."""
import json
import os
import socket
import subprocess
import threading

PARITY = os.environ.get("PARITY_BIN", "parity")
NO_MODELS = 77


def environment(**changes):
    """An environment without the user's AWS settings, with credentials."""
    env = {key: value for key, value in os.environ.items()
           if not key.startswith(("AWS_", "TEST_TARGET", "PARITY_CONNECT_TO"))
           and key.lower() not in ("http_proxy", "https_proxy", "all_proxy")}
    env.update(AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="secret/EXAMPLE",
               AWS_CONFIG_FILE="/nonexistent/config",
               AWS_SHARED_CREDENTIALS_FILE="/nonexistent/credentials")
    if "AWS_DATA_PATH" in os.environ:
        env["AWS_DATA_PATH"] = os.environ["AWS_DATA_PATH"]
    for key, value in changes.items():
        if value is None:
            env.pop(key, None)
        else:
            env[key] = value
    return env


class Result:
    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def json(self):
        return json.loads(self.out)


def parity(*arguments, env=None, stdin=None, cwd=None):
    done = subprocess.run([PARITY, *arguments], capture_output=True, text=True, timeout=60,
                          env=env or environment(), input=stdin, cwd=cwd)
    return Result(done)


def call(url, *arguments, **options):
    return parity("call", "--endpoint-url", url, *arguments, **options)


def have_models():
    return parity("endpoint", "sts", '{"Region": "us-east-1"}').code == 0


def read_request(connection):
    """One request as (head, body), or None at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, value = line.split(b":", 1)
        if name.lower() == b"content-length":
            length = int(value)
        if name.lower() == b"expect":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            return None
        body += more
    return head.decode("latin-1"), body


class Server:
    """Answers each request with the next of `answers` (the last one again and again), then closes."""

    def __init__(self, *answers, stall=False, wrap=None, eager=False):
        self.answers = list(answers)
        self.stall = stall
        self.wrap = wrap
        self.eager = eager  # answer without waiting for a request
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                try:
                    if self.wrap:
                        with self.wrap(connection) as wrapped:
                            self.serve(wrapped)
                            wrapped.unwrap()
                    else:
                        self.serve(connection)
                except OSError:
                    pass

    def serve(self, connection):
        if not self.eager:
            request = read_request(connection)
            if request is None:
                return
            self.requests.append(request)
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        connection.sendall(answer)
        if self.stall:
            self.stopped.wait(30)


def response(status, body, *headers):
    if isinstance(body, str):
        body = body.encode()
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
