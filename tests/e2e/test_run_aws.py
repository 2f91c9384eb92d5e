# SPDX-License-Identifier: Apache-2.0
"""
`parity run` in AWS mode: real host names and TLS, led by connect-to to a moto on this machine that
checks signatures. What is recorded there is shaped as a recording from AWS.

Needs a Python with moto[server] and botocore: PARITY_PYTHON; skipped (77) where there is none.
"""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from certificates import Authority

PYTHON = os.environ.get("PARITY_PYTHON") or sys.executable
if subprocess.run([PYTHON, "-c", "import moto.server, botocore"], capture_output=True).returncode:
    print(f"skipped: {PYTHON} has no moto[server] (set PARITY_PYTHON)")
    sys.exit(77)
if not shutil.which("openssl"):
    print("skipped: no openssl command")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
PARITY = os.environ["PARITY_BIN"]
MODULES = pathlib.Path(os.environ["PARITY_BUILD_DIR"]) / "tests/e2e/aws_suites"
DATA = subprocess.run([PYTHON, "-c", "import botocore; print(botocore.__path__[0])"],
                      capture_output=True, text=True, check=True).stdout.strip() + "/data"
REGION = "eu-west-1"
ACCOUNT = "123456789012"
HOSTS = f"*.{REGION}.amazonaws.com", "iam.amazonaws.com", f"*.s3.{REGION}.amazonaws.com"
POLICY = {"Version": "2012-10-17",
          "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
GOOD = ("accounts/test_users.c::identity", "accounts/test_users.c::missing_user",
        "accounts/test_users.c::user", "machines", "messages", "objects")
RECORDED = {"accounts/test_users": {"identity", "missing_user", "user"},
            "machines/test_machines": {"job_queues", "missing_function", "missing_instance",
                                       "security_group"},
            "messages/test_queues": {"missing_queue", "queue_attributes", "skips_on_emulators",
                                     "topic"},
            "objects/test_objects": {"missing_object", "object"}}


class Moto:
    """A moto behind TLS that believes the first three calls, and after them checks signatures."""

    def __init__(self, folder, certificate, key):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder / f"moto-{self.port}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [PYTHON, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port),
                 "-c", str(certificate), "-k", str(key)], stdout=log, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "3"})
        end = time.monotonic() + 60
        while not self.answers():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(self.log.read_text())
            time.sleep(0.1)

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def requests(self):
        return len(re.findall(r'"[A-Z]+ \S+ HTTP/1\.1"', self.log.read_text()))

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def environment(**changes):
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("AWS_", "TEST_", "SECONDARY_", "SNAPSHOT_", "PARITY_")) and
           k not in ("CI", "NO_COLOR") and not k.lower().endswith("_proxy")}
    env.update({"AWS_DATA_PATH": DATA, "PARITY_MODULES_DIR": str(MODULES), **changes})
    return {k: v for k, v in env.items() if v is not None}


class OnAws(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="parity-aws-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared)
        cls.authority = Authority(cls.shared, "authority")
        cls.moto = Moto(cls.shared, *cls.authority.sign("aws", *HOSTS))
        cls.addClassCleanup(cls.moto.stop)
        cls.make_credentials()

    @classmethod
    def make_credentials(cls):
        """A user who may do everything, and a key; with the calls that need none."""
        cls.key, cls.secret = "AKIAIOSFODNN7EXAMPLE", "not yet known to anybody"
        for operation, given in (
                ("CreateUser", {}),
                ("PutUserPolicy", {"PolicyName": "all", "PolicyDocument": json.dumps(POLICY)}),
                ("CreateAccessKey", {})):
            done = cls.call("iam", operation, {"UserName": "judge", **given})
            if done.returncode:
                raise AssertionError(done.stdout + done.stderr)
        made = json.loads(done.stdout)["AccessKey"]
        cls.key, cls.secret = made["AccessKeyId"], made["SecretAccessKey"]

    @classmethod
    def aws(cls, **changes):
        return environment(**{"TEST_TARGET": "AWS_CLOUD", "AWS_REGION": REGION,
                              "HOME": str(cls.shared), "AWS_ACCESS_KEY_ID": cls.key,
                              "AWS_SECRET_ACCESS_KEY": cls.secret,
                              "AWS_CA_BUNDLE": str(cls.authority.path("crt")),
                              "PARITY_CONNECT_TO": f"::127.0.0.1:{cls.moto.port}", **changes})

    @classmethod
    def call(cls, service, operation, given, **changes):
        return subprocess.run([PARITY, "call", service, operation, json.dumps(given)], text=True,
                              capture_output=True, timeout=60, env=cls.aws(**changes))

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="parity-aws-run-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "parity.json").write_text(json.dumps({"suites": str(HERE / "aws_suites")}))

    def run_parity(self, *arguments, code=0, **changes):
        results = self.folder / "results.json"
        results.unlink(missing_ok=True)
        done = subprocess.run([PARITY, "run", "--results", str(results), *arguments],
                              cwd=self.folder, env=self.aws(**changes), text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        self.out, self.err = done.stdout, done.stderr
        self.assertEqual(done.returncode, code, self.out + self.err)
        self.document = json.loads(results.read_text()) if results.exists() else {"tests": []}
        return {test["id"].partition("::")[2]: test for test in self.document["tests"]}

    def files(self):
        return sorted(self.folder.glob("snapshots/**/*.json"))

    def read(self, suite, kind="snapshot"):
        return json.loads((self.folder / f"snapshots/{suite}.{kind}.json").read_text())

    def assert_nothing_secret(self, *texts):
        """Neither the account nor the credentials, in whatever form they are likely to take."""
        for text in texts:
            for secret in (ACCOUNT, self.key, self.secret, json.dumps(self.secret)[1:-1],
                           self.secret.replace("/", "%2F").replace("+", "%2B")):
                self.assertNotIn(secret, text)

    def test_what_is_recorded_says_that_it_is_from_aws_and_is_verified(self):
        results = self.run_parity(*GOOD, "--snapshot-update", "--snapshot-raw")
        self.assertEqual(self.document["summary"]["recorded"],
                         sum(len(names) for names in RECORDED.values()))
        for suite, names in RECORDED.items():
            snapshot, validation = self.read(suite), self.read(suite, "validation")
            ids = {f"{suite}.c::{name}" for name in names}
            self.assertEqual(set(snapshot), ids)
            self.assertEqual(set(validation), ids)
            for name, entry in validation.items():
                with self.subTest(name):
                    self.check_validation(entry)
                    self.assertTrue(snapshot[name]["recorded-content"])
        self.assertEqual({entry["account"] for suite in RECORDED
                          for entry in self.read(suite, "validation").values()},
                         {self.read("objects/test_objects", "validation")
                          ["objects/test_objects.c::object"]["account"]})
        self.assertRegex(results["user"]["output"],
                         r"^accounts/test_users.c:\d+: the account is \*{12}\n$")
        self.assertTrue(any("raw" in path.name for path in self.files()))
        self.assert_nothing_secret(self.out, self.err, json.dumps(self.document),
                                   *(path.read_text() for path in self.files()))

        results = self.run_parity(*GOOD)
        self.assertEqual(results.pop("on_emulators_only")["outcome"], "skipped")
        self.assertEqual({name: test["outcome"] for name, test in results.items()},
                         dict.fromkeys(results, "passed"))
        self.assertEqual(len(results), sum(len(names) for names in RECORDED.values()))
        self.assertTrue(all(test["recording"]["from_aws"] for test in results.values()))

    def check_validation(self, entry):
        self.assertEqual(list(entry), ["last_validated_date", "durations_in_seconds", "target",
                                       "region", "account", "models", "request_ids"])
        self.assertEqual((entry["target"], entry["region"]), ("aws", REGION))
        self.assertRegex(entry["last_validated_date"],
                         r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$")
        durations = entry["durations_in_seconds"]
        self.assertEqual(list(durations), ["setup", "call", "teardown", "total"])
        self.assertGreater(durations["total"], 0)
        self.assertRegex(entry["account"], "^[0-9a-f]{32,}$")
        self.assertRegex(entry["models"], r"^botocore \d+\.\d+")

    def test_request_ids_are_those_of_the_answers(self):
        self.run_parity("messages/test_queues.c::topic", "--snapshot-update", "--snapshot-raw")
        entry = self.read("messages/test_queues", "validation")["messages/test_queues.c::topic"]
        raw = self.read("messages/test_queues", "raw.snapshot")["messages/test_queues.c::topic"]
        for match in raw["recorded-content"].values():
            self.assertIn(match["ResponseMetadata"]["RequestId"], entry["request_ids"])
        self.assertGreaterEqual(len(entry["request_ids"]), 2)

    def test_each_service_is_called_under_its_own_name(self):
        done = self.call("s3", "ListObjectsV2", {"Bucket": "a-bucket-of-nobody"})
        self.assertEqual(json.loads(done.stdout)["Error"]["Code"], "NoSuchBucket", done.stderr)
        for service, host in ("sqs", f"sqs.{REGION}"), ("iam", "iam"), ("sts", f"sts.{REGION}"):
            operation = {"sqs": "ListQueues", "iam": "ListRoles", "sts": "GetCallerIdentity"}
            only = f"{host}.amazonaws.com:443:127.0.0.1:{self.moto.port}"
            done = self.call(service, operation[service], {}, PARITY_CONNECT_TO=only)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_option_leads_as_the_variable_does(self):
        self.run_parity("messages/test_queues.c::missing_queue", "--snapshot-update",
                        "--connect-to", f"sts.{REGION}.amazonaws.com:443:127.0.0.1:"
                        f"{self.moto.port}", "--connect-to",
                        f"sqs.{REGION}.amazonaws.com:443:127.0.0.1:{self.moto.port}",
                        PARITY_CONNECT_TO=None)

    def test_no_skip_verify_applies(self):
        name = "messages/test_queues.c::skips_on_emulators"
        self.run_parity(name, "--snapshot-update")
        path = self.folder / "snapshots/messages/test_queues.snapshot.json"
        path.write_text(path.read_text().replace('"VisibilityTimeout": "30"',
                                                 '"VisibilityTimeout": "31"'))
        failed = self.run_parity(name, code=1)["skips_on_emulators"]
        self.assertEqual([(d["path"], d["recorded"]) for d in failed["differences"]],
                         [(["Attributes", "VisibilityTimeout"], "31")])
        self.assertEqual(failed["hidden"], [])

    def test_credentials_of_a_role_are_fetched_and_recorded_nowhere(self):
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole",
             "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/judge"}}]}
        for operation, given in (
                ("CreateRole", {"AssumeRolePolicyDocument": json.dumps(trust)}),
                ("PutRolePolicy", {"PolicyName": "all", "PolicyDocument": json.dumps(POLICY)})):
            done = self.call("iam", operation, {"RoleName": "recorder", **given})
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        config = self.folder / "config"
        config.write_text(f"[profile role]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/recorder\n"
                          "source_profile = user\nrole_session_name = parity-session\n"
                          f"[profile user]\naws_access_key_id = {self.key}\n"
                          f"aws_secret_access_key = {self.secret}\n")
        role = {"AWS_PROFILE": "role", "AWS_CONFIG_FILE": str(config), "AWS_ACCESS_KEY_ID": None,
                "AWS_SECRET_ACCESS_KEY": None}
        names = "messages/test_queues.c::topic", "messages/test_queues.c::queue_attributes"
        self.run_parity(*names, "--snapshot-update", "--snapshot-raw", "-v", **role)
        self.assertEqual(self.document["summary"]["recorded"], 2)
        self.run_parity(*names, **role)
        learned = (self.folder / ".parity/cleanups.jsonl").read_text()
        self.assertIn('"operation":"DeleteQueue"', learned)
        self.assert_nothing_secret(self.out, json.dumps(self.document), learned,
                                   *(path.read_text() for path in self.files()))
        config.write_text(config.read_text().replace(self.secret, "wrong" + self.secret[5:]))
        self.run_parity(*names, code=3, **role)
        self.assertIn("AssumeRole", self.err)
        self.assertIn("SignatureDoesNotMatch", self.err)
        self.assertEqual(self.out, "")

    def cleanup(self, *arguments, code=0, **changes):
        done = subprocess.run([PARITY, "run", "--cleanup", *arguments], cwd=self.folder, text=True,
                              env=self.aws(**changes), capture_output=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.err = done.stderr
        return done.stdout

    def things(self):
        return [name for service, operation in (("sqs", "ListQueues"), ("sns", "ListTopics"))
                for name in re.findall(r"left-\w+", self.call(service, operation, {}).stdout)]

    def test_what_a_killed_run_left_is_deleted_by_a_journal_without_the_account(self):
        state = {"XDG_STATE_HOME": str(self.folder / "state")}
        process = subprocess.Popen([PARITY, "run", "leaving", "--snapshot-skip-all"],
                                   cwd=self.folder, env=self.aws(**state),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end, text = time.monotonic() + 30, ""
        while text.count('"cleanup"') < 2:
            self.assertLess(time.monotonic(), end, text)
            time.sleep(0.05)
            text = "".join(p.read_text() for p in self.folder.glob("state/parity/journal/*"))
        process.kill()
        process.wait(10)
        self.assertEqual(len(self.things()), 2)
        self.assert_nothing_secret(text)
        self.assertIn("/<account>/left-", text)
        self.assertNotIn("AKIA", text)
        self.assertNotIn("SecretAccessKey", text)

        before = self.moto.requests()
        self.cleanup(TEST_TARGET=None, **state)
        self.assertIn("TEST_TARGET=AWS_CLOUD parity run --cleanup", self.err)
        self.assertIn("on AWS", self.cleanup("--list", **state))
        self.assertEqual(self.moto.requests(), before)
        # The id of a key is a part of a credential.
        out = self.cleanup(code=1, **state)
        self.assertIn('LOOK YOURSELF: iam DeleteAccessKey {"UserName": "judge", "AccessKeyId": '
                      '"<hidden: an access key id>"}: its input held what a journal does not', out)
        self.assertIn("2 deleted, 0 not there, 1 left", out)
        self.assertIn("/************/left-", out)
        self.assert_nothing_secret(out, self.err)
        self.assertEqual(self.things(), [])

    def test_a_message_that_names_the_account_does_not_show_it(self):
        failed = self.run_parity("accounts/test_users.c::names_the_account", code=1)
        self.assertEqual(failed["names_the_account"]["message"], "the account is ************")
        self.assert_nothing_secret(self.out, self.err, json.dumps(self.document))

    def test_wrong_credentials_end_the_run_with_the_error_of_aws(self):
        for changes, code in (({"AWS_SECRET_ACCESS_KEY": "wrong" + self.secret[5:]},
                               "SignatureDoesNotMatch"),
                              ({"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"},
                               "InvalidClientTokenId"),
                              ({"AWS_SESSION_TOKEN": "a token that belongs to nothing"},
                               "InvalidClientTokenId")):
            with self.subTest(code):
                self.run_parity(*GOOD, "--snapshot-update", code=3, **changes)
                self.assertIn(f"the credentials were refused: {code}: The ", self.err)
                self.assertEqual(self.err.count("refused"), 1)
                self.assertEqual(self.files(), [])

    def test_wrong_credentials_of_a_call_are_an_answer(self):
        wrong = {"AWS_SECRET_ACCESS_KEY": "wrong" + self.secret[5:]}
        for service, operation, given, code in (
                ("sts", "GetCallerIdentity", {}, "SignatureDoesNotMatch"),
                ("s3", "ListBuckets", {}, "SignatureDoesNotMatch"),
                ("s3", "GetObject", {"Bucket": "judged", "Key": "k"}, "SignatureDoesNotMatch"),
                ("ec2", "DescribeVpcs", {}, "AuthFailure")):
            with self.subTest(service):
                done = self.call(service, operation, given, **wrong)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual(json.loads(done.stdout)["Error"]["Code"], code)
                self.assert_nothing_secret(done.stdout, done.stderr)

    def test_without_the_variable_no_request_leaves(self):
        before = self.moto.requests()
        self.run_parity(*GOOD, code=3, TEST_TARGET=None)
        self.assertIn("TEST_TARGET=AWS_CLOUD", self.err)
        self.run_parity(*GOOD, code=3, TEST_TARGET="aws_cloud")
        for url in f"https://sqs.{REGION}.amazonaws.com", "https://amazonaws.com:8443/":
            for options in ("--endpoint-url", url), ("--emulator", "cloud"):
                (self.folder / "parity.json").write_text(json.dumps(
                    {"suites": str(HERE / "aws_suites"),
                     "emulators": {"cloud": {"endpoint_url": url}}}))
                self.run_parity("messages", *options, code=2, TEST_TARGET=None)
                self.assertIn(f"{url}: this is AWS, not an emulator", self.err)
                self.assertIn("TEST_TARGET=AWS_CLOUD", self.err)
        done = self.call("sqs", "ListQueues", {}, TEST_TARGET=None)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("TEST_TARGET=AWS_CLOUD", done.stderr)
        self.assertEqual(self.moto.requests(), before)

    def test_a_server_that_cannot_show_who_it_is_gets_nothing(self):
        stranger = Authority(self.shared, "stranger")
        before = self.moto.requests()
        self.run_parity(*GOOD, "--snapshot-update", code=3,
                        AWS_CA_BUNDLE=str(stranger.path("crt")))
        self.assertIn(f"https://sts.{REGION}.amazonaws.com", self.err)
        self.assertIn("AWS_CA_BUNDLE", self.err)
        self.run_parity(*GOOD, "--snapshot-update", code=3, AWS_REGION="eu-central-1")
        self.assertIn("https://sts.eu-central-1.amazonaws.com", self.err)
        self.assertIn("no alternative certificate subject name matches", self.err)
        self.assertEqual(self.moto.requests(), before)
        self.assertEqual(self.files(), [])


if __name__ == "__main__":
    unittest.main()
