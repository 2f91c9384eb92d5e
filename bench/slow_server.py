# SPDX-License-Identifier: Apache-2.0
"""
A target that answers each request the same after a pause, on connections that stay open.

    slow_server.py PORT SECONDS

Prints when the first request after a start, or after a GET of /first, came: the seconds of CLOCK_MONOTONIC.
"""
import asyncio
import sys
import time

BODY = b'{"QueueUrls": []}'
ANSWER = (b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
          b"x-amzn-RequestId: 5c0c3d0f-6b0b-4b45-9e1c-6a2f5a1f3c4d\r\n"
          b"Content-Length: %d\r\n\r\n" % len(BODY)) + BODY


class Target:
    def __init__(self, seconds):
        self.seconds = seconds
        self.first = 0.0

    def control(self):
        text, self.first = str(self.first).encode(), 0.0
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                arrived = time.monotonic()
                if head.startswith(b"GET /first "):
                    writer.write(self.control())
                    continue
                length = 0
                for line in head.split(b"\r\n"):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                if length:
                    await reader.readexactly(length)
                if head.startswith(b"POST"):
                    self.first = self.first or arrived
                    await asyncio.sleep(self.seconds - (time.monotonic() - arrived))
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def main(port, seconds):
    target = Target(seconds)
    server = await asyncio.start_server(target.serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
