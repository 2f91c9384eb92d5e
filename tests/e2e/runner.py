# SPDX-License-Identifier: Apache-2.0
"""What the tests of `parity run` share: a project in a folder of its own, and a target."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

import fake_target

HERE = pathlib.Path(__file__).resolve().parent
PARITY = os.environ["PARITY_BIN"]
BUILD = pathlib.Path(os.environ["PARITY_BUILD_DIR"])
THING = "thing/test_thing.c"


def processes(mark):
    """Pids of all processes that carry our mark in their environment, zombies left out."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            pass
    return found


class RunTest(unittest.TestCase):
    """A fresh project for each test; one fake target for all of a class."""

    @classmethod
    def setUpClass(cls):
        cls.server = fake_target.Server()
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def setUp(self):
        self.server.reset()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="parity-run-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.mark = f"PARITY_TEST_MARK={uuid.uuid4()}"
        self.configure()

    def configure(self, **changes):
        """Write parity.json; a value of None leaves a member out."""
        config = {"suites": str(HERE / "suites"), "emulator": "fake",
                  "emulators": {"fake": {"endpoint_url": self.server.url,
                                         "account_id": "000000000007"}}, **changes}
        self.config = self.folder / "parity.json"
        self.config.write_text(json.dumps({k: v for k, v in config.items() if v is not None}))

    def environment(self, **changes):
        # LeakSanitizer needs ptrace, which a worker that ends by exit() may not have.
        base = {k: v for k, v in os.environ.items()
                if not k.startswith(("AWS_", "TEST_", "SECONDARY_", "SNAPSHOT_", "PARITY_")) and
                k not in ("CI", "NO_COLOR")}
        name, _, value = self.mark.partition("=")
        base.update({"HOME": str(self.folder), "AWS_DATA_PATH": str(HERE / "models"),
                     "PARITY_MODULES_DIR": str(BUILD / "tests/e2e/suites"), name: value})
        base.update(changes)
        return {k: v for k, v in base.items() if v is not None}

    def command(self, *arguments):
        return [PARITY, "run", *arguments]

    def run_parity(self, *arguments, code=None, **environment):
        """Run to the end; `self.results` are by test name, `self.out` and `self.err` the texts."""
        results = self.folder / "results.json"
        results.unlink(missing_ok=True)
        done = subprocess.run(self.command("--results", str(results), *arguments),
                              cwd=self.folder, env=self.environment(**environment), text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        self.out, self.err, self.code = done.stdout, done.stderr, done.returncode
        self.document = json.loads(results.read_text()) if results.exists() else None
        self.results = {test["id"].partition("::")[2]: test
                        for test in (self.document or {"tests": []})["tests"]}
        if code is not None:
            self.assertEqual(self.code, code, self.out + self.err)
        return self.results

    def thing(self, name, *arguments, **options):
        """Run one test of the made-up service; its result."""
        return self.run_parity(f"{THING}::{name}", *arguments, **options).get(name)

    def record(self, name, code=0, **options):
        return self.thing(name, "--snapshot-update", code=code, **options)

    def snapshot(self):
        return self.folder / "snapshots/thing/test_thing.snapshot.json"

    def recorded(self, name):
        return json.loads(self.snapshot().read_text())[f"{THING}::{name}"]["recorded-content"]

    def assert_no_process(self):
        for _ in range(50):
            left = processes(self.mark)
            if not left:
                return
            time.sleep(0.1)
        self.fail(f"processes left: {left}")

    def wait_for(self, what, seconds=20):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.02)
