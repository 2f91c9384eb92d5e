# SPDX-License-Identifier: Apache-2.0
"""As much of an HTTP/2 server (RFC 9113) as takes one request over TLS and answers with fixed bytes."""
import socket
import ssl
import struct
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS = 0, 1, 4
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


class Http2Server:
    def __init__(self, certificate, key, body):
        self.body, self.received, self.protocol = body, b"", None
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.context.set_alpn_protocols(["h2", "http/1.1"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def run(self):
        try:
            raw, _ = self.listener.accept()
            with raw, self.context.wrap_socket(raw, server_side=True) as connection:
                self.protocol = connection.selected_alpn_protocol()
                if self.protocol == "h2":
                    self.serve(connection)
        except OSError:
            pass

    def serve(self, connection):
        stream = connection.makefile("rb")
        if stream.read(len(PREFACE)) != PREFACE:
            return
        connection.sendall(frame(SETTINGS, 0, 0))
        while True:
            head = stream.read(9)
            if len(head) < 9:
                return
            kind, flags = head[3], head[4]
            payload = stream.read(int.from_bytes(head[:3], "big"))
            if kind == SETTINGS and not flags & ACK:
                connection.sendall(frame(SETTINGS, ACK, 0))
            if kind == DATA:
                self.received += payload
            if kind in (DATA, HEADERS) and flags & END_STREAM:
                number = int.from_bytes(head[5:9], "big")
                connection.sendall(frame(HEADERS, END_HEADERS, number, b"\x88")  # ":status: 200"
                                   + frame(DATA, END_STREAM, number, self.body))
