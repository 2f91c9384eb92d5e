# SPDX-License-Identifier: Apache-2.0
"""
Bad input to `parity run` and `parity call`: each ends in a message that says what, where and what
to do, and in the right exit code; nothing already recorded is lost.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from runner import BUILD, HERE, PARITY, THING, RunTest

RECORDED = "describes", "describes_two"


class BadInput(RunTest):
    """Each test starts with a tree of recordings, which must be the same when it ends."""

    def setUp(self):
        super().setUp()
        for name in RECORDED:
            self.record(name)
        self.before = self.files()
        self.addCleanup(lambda: self.assertEqual(self.files(), self.before))
        self.server.reset()

    def files(self):
        return {path.relative_to(self.folder): path.read_bytes()
                for path in (self.folder / "snapshots").rglob("*") if path.is_file()}

    def replace(self, text):
        """Put a broken snapshot file in the place of the good one, from now on to be kept."""
        self.snapshot().write_text(text)
        self.before = self.files()

    def call(self, operation, given, *options, service="thing", code, url=None, **changes):
        url = ("--endpoint-url", url or self.server.url)
        changes = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", **changes}
        done = subprocess.run([PARITY, "call", *url, *options, service, operation, given],
                              cwd=self.folder, env=self.environment(**changes), text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    @staticmethod
    def is_open(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def assert_says(self, text, *parts):
        for part in parts:
            self.assertIn(part, text)

    def own_emulator(self):
        self.configure(emulator="own", emulators={"own": {
            "command": [sys.executable, str(HERE / "fake_target.py"), "{port}"],
            "endpoint_url": "http://127.0.0.1:{port}", "account_id": "000000000007"}})


class Emulators(BadInput):
    def test_not_running(self):
        with socket.socket() as unused:  # bound and never listened on: nobody else takes it
            unused.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{unused.getsockname()[1]}"
            self.thing("describes", "--endpoint-url", url, "--snapshot-update", code=3)
            self.assert_says(self.err, url, "not ready after")
            self.assertEqual(self.err.count(url), 1 + self.err.count(f"connect to {url}"))
            self.assertEqual(self.results, {})
            done = self.call("DescribeThing", '{"Name": "a"}', code=3, url=url)
            self.assert_says(done.stderr, "thing DescribeThing", url, "is the emulator running?")

    def test_cannot_be_started(self):
        self.configure(emulator="own", emulators={"own": {
            "command": [str(self.folder / "no-such-program"), "{port}"],
            "endpoint_url": "http://127.0.0.1:{port}"}})
        self.thing("describes", "--snapshot-update", code=3)
        self.assert_says(self.err, "no-such-program")

    def test_ends_before_it_is_ready(self):
        self.configure(emulator="own", emulators={"own": {
            "command": [sys.executable, "-c", "print('no licence'); raise SystemExit(9)"],
            "endpoint_url": "http://127.0.0.1:{port}"}})
        self.thing("describes", "--snapshot-update", code=3)
        self.assert_says(self.err, "own", "before it was ready", "no licence")

    def test_dies_in_the_middle_of_a_recording(self):
        self.own_emulator()
        names = [f"{THING}::{name}" for name in ("bad_die", *RECORDED)]
        results = self.run_parity(*names, "--snapshot-update", "-j", "1", code=3)
        self.assertEqual({name: result["outcome"] for name, result in results.items()},
                         dict.fromkeys(("bad_die", *RECORDED), "error"))
        self.assert_says(results["bad_die"]["message"], "thing DescribeThing", "own",
                         "while it was in use")
        for name in RECORDED:
            self.assert_says(results[name]["message"], "not run: own", "while it was in use")
        self.assertFalse(any(result["recorded"] for result in results.values()))

    def test_dies_where_it_was_not_started_here(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        emulator = subprocess.Popen([sys.executable, str(HERE / "fake_target.py"), str(port)])
        self.addCleanup(emulator.wait)
        self.addCleanup(emulator.kill)
        self.wait_for(lambda: self.is_open(port))
        names = [f"{THING}::{name}" for name in ("bad_die", *RECORDED)]
        results = self.run_parity(*names, "--snapshot-update", "-j", "1", "--endpoint-url", url,
                                  code=3, TEST_AWS_ACCOUNT_ID="000000000007")
        self.assert_says(results["bad_die"]["message"], "thing DescribeThing", url, "closed")
        for name in RECORDED:
            self.assert_says(results[name]["message"], "thing CreateThing", url,
                             "is the emulator running?")
        self.assertFalse(any(result["recorded"] for result in results.values()))


class Answers(BadInput):
    """What comes back for bad-<kind>: exit code of run and of call, and what both say."""

    CASES = {
        "html500": (1, ("500",)),
        "empty500": (1, ("500",)),
        "html200": (1, ("the response cannot be read", "200 text/html", "<html>welcome")),
        "truncated": (1, ("truncated response", "after 18 of 1000 bytes")),
        "xml": (1, ("the response cannot be read", "<DescribeThingResponse>")),
        "closed": (3, ("closed the connection without an answer",)),
    }
    CALL_CODES = {"html500": 1, "empty500": 1}

    def test_no_verdict_is_made_of_what_no_sdk_understands(self):
        for kind, (code, parts) in self.CASES.items():
            for mode in ("--snapshot-update",), ("--snapshot-skip-all",), ():
                with self.subTest(kind, mode=mode):
                    result = self.thing(f"bad_{kind}", *mode, code=code)
                    self.assertEqual(result["outcome"], "failed" if code == 1 else "error")
                    self.assert_says(result["message"], "thing DescribeThing", *parts)
                    self.assertRegex(result["location"], rf"^{THING}:\d+$")
                    self.assertFalse(result["recorded"])

    def test_a_call_says_the_same(self):
        for kind, (_, parts) in self.CASES.items():
            with self.subTest(kind):
                done = self.call("DescribeThing", json.dumps({"Name": f"bad-{kind}"}),
                                 code=self.CALL_CODES.get(kind, 3), AWS_MAX_ATTEMPTS="1")
                self.assert_says(done.stdout + done.stderr, *parts)

    def test_an_empty_answer_is_an_answer_without_members(self):
        done = self.call("DescribeThing", '{"Name": "bad-empty"}', code=0)
        self.assertEqual(list(json.loads(done.stdout)), ["ResponseMetadata"])
        result = self.thing("bad_empty", code=1)
        self.assertEqual(result["outcome"], "error")
        self.assert_says(result["message"], "nothing is recorded", "--snapshot-update")

    def test_an_empty_answer_differs_from_what_was_recorded(self):
        self.server.answer = {"Name": None, "Colour": None, "Size": None}
        failed = self.thing("describes", code=1)
        self.assertEqual([(d["path"], d["kind"]) for d in failed["differences"]],
                         [(["Colour"], "removed"), (["Name"], "removed"), (["Size"], "removed")])


class Snapshots(BadInput):
    def wrong(self, *parts, outcome="error", **options):
        result = self.thing("describes", code=1, **options)
        self.assertEqual(result["outcome"], outcome)
        self.assert_says(result["message"], *parts)
        self.assert_says(self.out, *parts)
        return result

    def test_missing(self):
        self.snapshot().unlink()
        self.before = self.files()
        self.wrong("nothing is recorded", f"{self.snapshot()} does not exist",
                   f"parity run --snapshot-update {THING}::describes", "--ground-truth")

    def test_no_folder(self):
        shutil.rmtree(self.folder / "snapshots")
        self.before = {}
        self.wrong("nothing is recorded", f"{self.snapshot()} does not exist")
        self.assertFalse((self.folder / "snapshots").exists())

    def test_empty(self):
        for text in "", "{}":
            self.replace(text)
            self.wrong("nothing is recorded", f"{self.snapshot()} has no entry for it",
                       f"parity run --snapshot-update {THING}::describes")

    def test_lacking_the_test(self):
        content = json.loads(self.snapshot().read_text())
        del content[f"{THING}::describes"]
        self.replace(json.dumps(content))
        self.wrong("nothing is recorded", f"{self.snapshot()} has no entry for it")
        self.assertEqual(self.thing("describes_two", code=0)["outcome"], "passed")

    def test_not_json(self):
        whole = self.snapshot().read_text()
        for text, position in ((whole[:-20], ":"), ('{"a": oops}', ":1:7:"),
                               ("<<<<<<< HEAD\n{}", ":1:1:")):
            self.replace(text)
            self.wrong(f"{self.snapshot()}{position}")
            self.wrong(f"not recorded: {self.snapshot()}{position}", "nothing was recorded",
                       "repair the file or remove it", SNAPSHOT_UPDATE="1")

    def test_json_of_another_form(self):
        for text, part in (("[]", "expected an object of tests"),
                           (json.dumps({f"{THING}::describes": 5}), "is no object"),
                           (json.dumps({f"{THING}::describes": {"recorded-content": []}}),
                            'has no object "recorded-content"')):
            self.replace(text)
            self.wrong(str(self.snapshot()), part)

    def test_lacking_a_key(self):
        content = json.loads(self.snapshot().read_text())
        del content[f"{THING}::describes_two"]["recorded-content"]["second"]
        self.replace(json.dumps(content))
        failed = self.thing("describes_two", code=1)
        self.assertEqual([(d["key"], d["kind"], d["path"]) for d in failed["differences"]],
                         [("second", "added", [])])
        self.assert_says(self.out, "second", "1 difference from the recording")

    def test_a_key_that_is_never_matched(self):
        content = json.loads(self.snapshot().read_text())
        content[f"{THING}::describes"]["recorded-content"]["third"] = {"Size": 1}
        self.replace(json.dumps(content))
        failed = self.thing("describes", code=1)
        self.assertEqual([(d["key"], d["kind"], d["path"], d["recorded"])
                          for d in failed["differences"]], [("third", "removed", [], {"Size": 1})])
        self.assert_says(self.out, "third")

    def test_two_matches_with_one_key(self):
        for mode in (), ("--snapshot-update",):
            error = self.thing("matches_twice", *mode, code=1)
            self.assertEqual(error["outcome"], "error")
            self.assert_says(error["message"], 'match key "same" was used before', f"{THING}:")
            self.assertFalse(error["recorded"])

    def test_a_folder_that_cannot_be_written(self):
        (self.folder / "file").write_text("")
        for folder in "file", "file/below":
            self.configure(snapshots=folder)
            for option in "--snapshot-update", "--snapshot-raw":
                self.server.reset()
                self.thing("describes", option, code=2)
                self.assert_says(self.err, str(self.folder / "file"))
                self.assertEqual(self.server.requests, [])

    @unittest.skipIf(os.getuid() == 0, "root may write everywhere")
    def test_a_folder_that_may_not_be_written(self):
        folder = self.folder / "snapshots"
        folder.chmod(0o500)
        self.addCleanup(folder.chmod, 0o700)
        self.thing("describes", "--snapshot-update", code=2)
        self.assert_says(self.err, str(folder), "cannot record here", "Permission denied")

    def test_a_folder_that_is_in_the_way_costs_one_recording_only(self):
        self.configure(snapshots="other")
        (self.folder / "other").mkdir()
        (self.folder / "other/thing").write_text("in the way")
        error = self.record("describes", code=1)
        self.assertEqual(error["outcome"], "error")
        self.assert_says(error["message"], "not recorded: ", str(self.folder / "other/thing"))
        self.assertEqual((self.folder / "other/thing").read_text(), "in the way")


class Names(BadInput):
    def test_unknown_ones_are_pointed_at_with_the_nearest(self):
        for test, service, operation, given, parts in (
                ("unknown_service", "thng", "DescribeThing", "{}",
                 ("unknown service 'thng'", "did you mean 'thing'?")),
                ("unknown_operation", "thing", "DescribeThings", "{}",
                 ("no operation 'DescribeThings'", "did you mean 'DescribeThing'?")),
                ("unknown_parameter", "thing", "DescribeThing", '{"Name": "a", "Colur": "red"}',
                 ("unknown parameter 'Colur'", "did you mean 'Colour'?"))):
            for mode in (), ("--snapshot-update",):
                with self.subTest(test, mode=mode):
                    result = self.thing(test, *mode, code=1)
                    self.assertEqual(result["outcome"], "error")
                    self.assert_says(result["message"], f"{service} {operation}", *parts)
                    self.assertRegex(result["location"], rf"^{THING}:\d+$")
            done = self.call(operation, given, service=service, code=2)
            self.assert_says(done.stderr, *parts)
        self.assertEqual(self.server.requests, [])

    def test_an_unknown_option(self):
        self.run_parity("--snapshot-updat", code=2)
        self.assert_says(self.err, "'--snapshot-updat'", "did you mean '--snapshot-update'?",
                         "parity run")
        done = self.call("DescribeThing", "{}", "--regin", "x", code=2)
        self.assert_says(done.stderr, "'--regin'", "did you mean '--region'?", "parity call")
        self.run_parity("--frobnicate", code=2)
        self.assert_says(self.err, "'--frobnicate'", "parity run")
        self.run_parity("-xZ", code=2)
        self.assert_says(self.err, "'-xZ'", "parity run")
        self.run_parity("--fail-fast=yes", code=2)
        self.assert_says(self.err, "option '--fail-fast' takes no argument")

    def test_letters_of_options_may_stand_together(self):
        self.run_parity("good", "-xqj1", code=0)
        self.assertRegex(self.out, r"^100 passed in [0-9.]+ s\n$")
        self.run_parity("good", "-xk", "good_00 or good_01", code=0)
        self.assertEqual(list(self.results), ["good_00", "good_01"])
        self.run_parity("-xk", code=2)
        self.assert_says(self.err, "option '--keyword' needs an argument (EXPR)")
        self.run_parity("-xh", code=0)
        self.assertIn("Usage: parity run", self.out)


class Models(BadInput):
    """The binary in a place where it finds no models beside it."""

    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="parity-alone-"))
        self.addCleanup(shutil.rmtree, self.place)
        self.binary = self.place / "parity"
        shutil.copy2(PARITY, self.binary)

    def alone(self, *arguments):
        env = self.environment(AWS_DATA_PATH=None, PATH=str(self.place), VIRTUAL_ENV=None,
                               LD_LIBRARY_PATH=str(BUILD))
        return subprocess.run([self.binary, *arguments], cwd=self.folder, env=env, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

    def test_none_are_found(self):
        call = self.alone("call", "--endpoint-url", self.server.url, "sts", "GetCallerIdentity")
        if call.returncode == 1 or "no AWS service models" not in call.stderr:
            self.skipTest("this machine has service models in /usr")
        run = self.alone("run", "--snapshot-update", f"{THING}::describes",
                         f"{THING}::describes_two")
        for done in call, run:
            self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
            self.assertEqual(done.stderr.count("no AWS service models found"), 1)
            self.assert_says(done.stderr, "AWS_DATA_PATH", "scripts/setup", "PARITY_MODELS")
        self.assertEqual(run.stdout, "")
        self.assertEqual(self.server.requests, [])


class OnAws(BadInput):
    def test_without_credentials_nothing_runs(self):
        aws = {"TEST_TARGET": "AWS_CLOUD", "AWS_ENDPOINT_URL": self.server.url,
               "AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true"}
        self.run_parity(*(f"{THING}::{name}" for name in RECORDED), "--snapshot-update", code=3,
                        **aws)
        self.assert_says(self.err, "no AWS credentials found; looked at", "AWS_ACCESS_KEY_ID")
        self.assertEqual(self.err.count("credentials found"), 1)
        self.assertEqual(self.out, "")
        done = self.call("DescribeThing", '{"Name": "a"}', code=3, AWS_ACCESS_KEY_ID=None,
                         AWS_SECRET_ACCESS_KEY=None, **aws)
        self.assert_says(done.stderr, "no AWS credentials found; looked at", "AWS_ACCESS_KEY_ID")
        self.assertEqual(self.server.requests, [])

    def test_half_of_a_key_is_named(self):
        self.run_parity(f"{THING}::describes", code=3, TEST_TARGET="AWS_CLOUD",
                        AWS_ENDPOINT_URL=self.server.url, AWS_REGION="eu-west-1",
                        AWS_ACCESS_KEY_ID="AKIDEXAMPLE")
        self.assert_says(self.err, "AWS_SECRET_ACCESS_KEY")
        self.assertEqual(self.server.requests, [])


if __name__ == "__main__":
    unittest.main()
