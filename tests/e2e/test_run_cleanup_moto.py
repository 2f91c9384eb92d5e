# SPDX-License-Identifier: Apache-2.0
"""
A run that creates queues and buckets, killed at random moments: `parity run --cleanup` leaves moto
empty, and no process remains.

PARITY_KILLS says how often (8), PARITY_SEED by which chance. Needs a Python with moto[server] and
botocore: PARITY_PYTHON.
"""
import json
import os
import random
import re
import socket
import subprocess
import time
import unittest
import urllib.request
import uuid

from moto_project import BUILD, PYTHON, MotoProject
from runner import PARITY, processes

KILLS = int(os.environ.get("PARITY_KILLS", "8"))
SEED = int(os.environ.get("PARITY_SEED", random.randrange(1 << 31)))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Killed(MotoProject):
    def setUp(self):
        super().setUp()
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.moto = subprocess.Popen(
            [PYTHON, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.moto.wait)
        self.addCleanup(self.moto.kill)
        self.mark = f"PARITY_TEST_MARK={uuid.uuid4()}"
        name, _, value = self.mark.partition("=")
        self.environment.update({"PARITY_MODULES_DIR": str(BUILD / "tests/e2e/leaving_suites"),
                                 name: value})
        self.environment.pop("XDG_STATE_HOME", None)
        (self.folder / "parity.json").unlink()
        self.journals = self.folder / ".local/state/parity/journal"
        end = time.monotonic() + 60
        while not self.answers():
            self.assertLess(time.monotonic(), end, "moto did not start")
            time.sleep(0.1)

    def answers(self):
        try:
            return urllib.request.urlopen(f"{self.url}/moto-api/", timeout=5).status == 200
        except OSError:
            return False

    def ask(self, service, body, **headers):
        scope = f"test/20200101/us-east-1/{service}/aws4_request"
        request = urllib.request.Request(self.url, body, {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
            **headers})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def there(self):
        """What the emulator holds, asked without parity."""
        queues = self.ask("sqs", b"{}", **{"X-Amz-Target": "AmazonSQS.ListQueues",
                                           "Content-Type": "application/x-amz-json-1.0"})
        return (json.loads(queues).get("QueueUrls", []) +
                re.findall("<Name>(.*?)</Name>", self.ask("s3", None)))

    def start(self):
        return subprocess.Popen(
            [PARITY, "run", "leaving", "-j", "3", "--snapshot-skip-all", "--endpoint-url", self.url],
            cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def cleanup(self, *arguments):
        done = subprocess.run([PARITY, "run", "--cleanup", *arguments], cwd=self.folder,
                              env=self.environment, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def assert_no_process(self):
        for _ in range(100):
            left = processes(self.mark)
            if not left:
                return
            time.sleep(0.05)
        self.fail(f"processes left: {left}")

    def test_nothing_is_left_whenever_the_runner_is_killed(self):
        chance = random.Random(SEED)
        for _ in range(2):  # the first compiles the models
            start = time.monotonic()
            process = self.start()
            out, _ = process.communicate(timeout=120)
            usual = time.monotonic() - start
            self.assertEqual(process.returncode, 0, out)
        self.assertEqual((self.there(), os.listdir(self.journals)), ([], []))
        found = late = things = 0
        for kill in range(KILLS):
            with self.subTest(kill=kill, seed=SEED):
                process = self.start()
                try:
                    process.wait(chance.uniform(0, usual))
                    late += 1
                except subprocess.TimeoutExpired:
                    process.kill()
                process.communicate(timeout=60)
                left = len(self.there())
                code, out = self.cleanup()
                self.assert_no_process()
                self.assertEqual(code, 0, out)
                self.assertEqual(self.there(), [], out)
                self.assertEqual(os.listdir(self.journals), [], out)
                found += left > 0
                things += left
        print(f"{KILLS} kills, seed {SEED}: {late} came too late, {found} left something, "
              f"{things} things in all")
        if KILLS >= 8:
            self.assertGreater(found, 0)


if __name__ == "__main__":
    unittest.main()
