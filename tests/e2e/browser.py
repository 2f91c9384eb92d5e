# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, spoken to over two pipes by its DevTools protocol; needs no driver."""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

KEYS = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "Home": 36, "End": 35, "Tab": 9}


def find():
    """The program, or None."""
    return next((path for name in ("chromium", "chromium-browser", "google-chrome")
                 if (path := shutil.which(name))), None)


class Browser:
    """One page. Ended by close()."""

    def __init__(self, width=1280, height=800):
        self.profile = tempfile.mkdtemp(prefix="parity-browser-")
        our_reads, its_writes = os.pipe()
        its_reads, our_writes = os.pipe()
        command = [find(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                   "--no-first-run", "--disable-background-networking",
                   "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                   f"--user-data-dir={self.profile}", f"--window-size={width},{height}",
                   "--remote-debugging-pipe", "about:blank"]
        # Chromium reads from descriptor 3 and writes to 4.
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec 3<&{its_reads} 4>&{its_writes}; exec "$@"', "bash", *command],
            pass_fds=(its_reads, its_writes), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(its_reads)
        os.close(its_writes)
        self.reads, self.writes = our_reads, our_writes
        self.received, self.number, self.session, self.events = b"", 0, None, []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in "Page", "Runtime", "Network", "Log":
            self.send(f"{domain}.enable")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.reads)
        os.close(self.writes)
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self, deadline):
        while b"\0" not in self.received:
            ready, _, _ = select.select([self.reads], [], [], max(0, deadline - time.monotonic()))
            block = os.read(self.reads, 1 << 20) if ready else b""
            if not block:
                raise RuntimeError("the browser does not answer")
            self.received += block
        message, _, self.received = self.received.partition(b"\0")
        return json.loads(message)

    def send(self, method, **parameters):
        """Send a command; its result. Events that come meanwhile are kept in `events`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.writes, data):]
        deadline = time.monotonic() + 60
        while True:
            answer = self.receive(deadline)
            if answer.get("id") != self.number:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def open(self, path):
        self.events.clear()
        self.send("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        deadline = time.monotonic() + 60
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.receive(deadline))

    def evaluate(self, expression):
        """The value of a JavaScript expression."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def wait_for(self, expression):
        """Until it is true: some events come a moment later."""
        deadline = time.monotonic() + 20
        while not self.evaluate(expression):
            if time.monotonic() > deadline:
                raise RuntimeError(f"waited in vain for {expression}")
            time.sleep(0.02)

    def press(self, *keys):
        for key in keys:
            code = KEYS.get(key) or ord(key.upper())
            text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
            for kind in "keyDown", "keyUp":
                self.send("Input.dispatchKeyEvent", type=kind, key=key,
                          windowsVirtualKeyCode=code, **(text if kind == "keyDown" else {}))

    def click(self, selector):
        box = self.evaluate(f"(() => {{ const b = document.querySelector({json.dumps(selector)})"
                            ".getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()")
        for kind in "mousePressed", "mouseReleased":
            self.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left",
                      clickCount=1)

    def resize(self, width, height):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme):
        self.send("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path):
        shot = self.send("Page.captureScreenshot", format="png")
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))

    def complaints(self):
        """Errors of the page: exceptions, and what the console or the policy had to say."""
        return [json.dumps(event) for event in self.events
                if event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")]

    def requests(self):
        """Addresses that the page asked for."""
        return [event["params"]["request"]["url"] for event in self.events
                if event["method"] == "Network.requestWillBeSent"]
