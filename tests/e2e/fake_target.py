# SPDX-License-Identifier: Apache-2.0
"""
A target that speaks the made-up service of models/thing, and enough of STS to say who is calling.
Names that begin with "bad-" ask for a bad answer. Started with a port as a program, or in a thread.
"""
import http.server
import json
import os
import sys
import threading
import time
import urllib.parse

ACCOUNT = "123412341234"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body comes right after its headers

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, content_type="application/x-amz-json-1.0", length=None,
               headers=()):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("x-amzn-RequestId", "11111111-2222-3333-4444-555555555555")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, code, message):
        self.answer(status, json.dumps({"__type": code, "message": message}).encode())

    def do_GET(self):
        self.answer(200, b"{}")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        operation = (self.headers.get("X-Amz-Target") or "").partition(".")[2]
        with self.server.lock:
            self.server.requests.append((operation, body.decode(), dict(self.headers)))
        form = dict(urllib.parse.parse_qsl(body.decode())) if body.startswith(b"Action=") else {}
        if operation:
            self.thing(operation, json.loads(body))
        elif form.get("Action", "").endswith("Thing"):
            self.thing_in_xml(form["Action"], form)
        else:
            self.answer(200, (
                '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
                f"<GetCallerIdentityResult><Account>{ACCOUNT}</Account></GetCallerIdentityResult>"
                "</GetCallerIdentityResponse>").encode(), "text/xml")

    def thing_in_xml(self, operation, given):
        """The same over query, where nothing goes wrong."""
        name = given.get("Name", "")
        members = {"Name": name}
        if operation == "DescribeThing":
            members.update({"Colour": "red", "Size": 7}, **self.server.answer)
        inner = "".join(f"<{key}>{value}</{key}>" for key, value in members.items())
        self.answer(200, (f"<{operation}Response><{operation}Result>{inner}</{operation}Result>"
                          f"</{operation}Response>").encode(), "text/xml")

    def thing(self, operation, given):
        name = given.get("Name", "")
        if operation == "DescribeThing" and name.startswith("bad-"):
            self.misbehave(name[4:])
        elif operation == "CreateThing" and name.startswith("taken-"):
            self.refuse(400, "ThingInUse", "there is one")
        elif operation == "CreateThing":
            if name.startswith("late-") and not self.server.go_on.wait(30):
                return
            with self.server.lock:
                self.server.things[name] = True
            if name.startswith("lost-"):
                self.close_connection = True
                return
            self.answer(200, json.dumps({"Name": name}).encode())
        elif operation == "DeleteThing":
            if name.startswith("bad-delete") and not self.server.may_delete:
                self.refuse(400, "AccessDenied", "not you")
                return
            with self.server.lock:
                gone = self.server.things.pop(name, None) is None
            if gone:
                self.refuse(400, "NoSuchThing", "there is none")
            else:
                self.answer(200, b"{}")
        elif operation == "ListThings":
            with self.server.lock:
                names, at = list(self.server.things), int(given.get("NextToken", 0))
            page = {"Things": names[at:at + 1]}
            if at + 1 < len(names):
                page["NextToken"] = str(at + 1)
            self.answer(200, json.dumps(page).encode())
        else:
            answer = {"Name": name, "Colour": "red", "Size": 7, **self.server.answer}
            answer = {k: v() if callable(v) else v for k, v in answer.items()}
            self.answer(200, json.dumps({k: v for k, v in answer.items() if v is not None}).encode(),
                        headers=self.server.headers)

    def misbehave(self, how):
        if how == "html500":
            self.answer(500, b"<html>Internal Server Error</html>", "text/html")
        elif how == "empty500":
            self.answer(500, b"")
        elif how == "html200":
            self.answer(200, b"<html>welcome</html>", "text/html")
        elif how == "empty":
            self.answer(200, b"")
        elif how == "truncated":
            self.answer(200, b'{"Name": "x", "Col', length=1000)
            self.close_connection = True
        elif how == "xml":
            self.answer(200, b"<DescribeThingResponse><Name>x</Name></DescribeThingResponse>")
        elif how == "closed":
            self.close_connection = True
        elif how == "never":
            time.sleep(30)
            self.close_connection = True
        elif how == "die":
            os._exit(3)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.things, self.requests, self.answer, self.headers = {}, [], {}, []
        self.may_delete, self.go_on = False, threading.Event()
        self.connections = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request, client_address):
        pass  # the other side went away, as some tests do


if __name__ == "__main__":
    Server(int(sys.argv[1])).serve_forever()
