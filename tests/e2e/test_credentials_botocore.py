# SPDX-License-Identifier: Apache-2.0
"""
Credentials that come by the network, against botocore: both are led to a server of this test that
plays STS, single sign-on, container endpoint and instance metadata. The same keys must come out, by
the same requests, or both must refuse.

Needs a Python with botocore: PARITY_PYTHON, else the one that runs this; skipped (77) otherwise.
"""
import hashlib
import http.server
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

try:
    import botocore
    import botocore.session
except ImportError:
    if os.environ.get("PARITY_PYTHON") and "--again" not in sys.argv:
        os.execv(os.environ["PARITY_PYTHON"], [os.environ["PARITY_PYTHON"], __file__, "--again"])
    print(f"skipped: {sys.executable} has no botocore (set PARITY_PYTHON)")
    sys.exit(77)

CASES = 200
SHOW = os.path.join(os.environ["PARITY_BUILD_DIR"], "tests", "show_credentials")
DATA = os.path.join(os.path.dirname(botocore.__file__), "data")
NAMES = ("a", "b", "c", "d")
ROLE = "arn:aws:iam::{account}:role/{name}"
SECRETS = ("secret-of-", "token-of-", "sso-access-token", "sso-refresh-token", "identity-token",
           "client-secret", "container-token")
# Ours, not botocore's: requests carry it, and its content is made up at run time.
GENERATED_SESSION = ("parity-session-", "botocore-session-")


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def keys_of(name):
    name = name.replace(":", "-").replace("/", "-")
    return f"AKID-{name}", f"secret-of-{name}", f"token-of-{name}"


def sts_answer(form):
    operation, arn = form["Action"], form["RoleArn"]
    if "denied" in arn:
        return 403, (f'<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
                     f"<Type>Sender</Type><Code>AccessDenied</Code><Message>not {arn}</Message>"
                     f"</Error><RequestId>1</RequestId></ErrorResponse>")
    key, secret, token = keys_of(arn)
    user = arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")
    return 200, (f'<{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
                 f"<{operation}Result><AssumedRoleUser><AssumedRoleId>1</AssumedRoleId>"
                 f"<Arn>{user}/s</Arn></AssumedRoleUser><Credentials>"
                 f"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
                 f"<SessionToken>{token}</SessionToken><Expiration>{stamp(7200)}</Expiration>"
                 f"</Credentials></{operation}Result></{operation}Response>")


def document(name, **changes):
    key, secret, token = keys_of(name)
    keys = {"AccessKeyId": key, "SecretAccessKey": secret, "Token": token,
            "Expiration": stamp(7200)}
    keys.update(changes)
    return json.dumps({name: value for name, value in keys.items() if value is not None})


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, kind="application/json"):
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def note(self, body):
        form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        if form.get("RoleSessionName", "").startswith(GENERATED_SESSION):
            form["RoleSessionName"] = "generated"
        signer = self.headers.get("Authorization", "")
        if "Credential=" in signer:
            scope = signer.split("Credential=")[1].split(",")[0].split("/")
            signer = [scope[0]] + scope[2:]  # without the date
        self.server.seen.append((
            self.command, self.path, form if form else body, signer,
            *(self.headers.get(name) for name in (
                "x-amz-security-token", "x-amz-sso_bearer_token", "x-aws-ec2-metadata-token",
                "x-aws-ec2-metadata-token-ttl-seconds"))))
        return form

    def handle_any(self):
        length = int(self.headers.get("Content-Length", 0))
        text = self.rfile.read(length).decode()
        form = self.note(text)
        mode = self.server.mode
        if self.path == "/":
            return self.reply(*sts_answer(form), "text/xml")
        if self.path.startswith("/federation/credentials"):
            return self.reply(*self.sso())
        if self.path == "/token":
            return self.reply(*self.oidc(json.loads(text)))
        if self.path.startswith("/latest/"):
            return self.reply(*self.metadata(mode), "text/plain")
        if self.path.startswith("/container"):
            return self.reply(*self.container(mode))
        return self.reply(404, "")

    do_GET = do_POST = do_PUT = handle_any

    def sso(self):
        if self.headers["x-amz-sso_bearer_token"] not in ("sso-access-token", "sso-renewed-token"):
            return 401, '{"message": "Session token not found or invalid"}'
        key, secret, token = keys_of("sso")
        return 200, json.dumps({"roleCredentials": {
            "accessKeyId": key, "secretAccessKey": secret, "sessionToken": token,
            "expiration": int(time.time() + 7200) * 1000}})

    def oidc(self, given):
        if given["refreshToken"] != "sso-refresh-token":
            return 400, '{"error": "invalid_grant"}'
        return 200, '{"accessToken": "sso-renewed-token", "expiresIn": 3600}'

    def metadata(self, mode):
        if self.path == "/latest/api/token":
            return {"v1": (404, ""), "broken token": (400, "")}.get(mode, (200, "imds-token"))
        if self.path.endswith("/security-credentials/"):
            return {"no role": (404, ""), "empty role": (200, "")}.get(mode, (200, "the+role"))
        return {"no keys": (500, ""), "no json": (200, "{"),
                "error": (200, '{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"}'),
                "no secret": (200, document("imds", SecretAccessKey=None))
                }.get(mode, (200, document("imds")))

    def container(self, mode):
        return {"no keys": (404, ""), "no json": (200, "<"), "account": (
            200, document("container", AccountId="5")), "no secret": (
                200, document("container", SecretAccessKey=None))
                }.get(mode, (200, document("container")))


class World:
    """A folder with configuration, tokens and a server that knows what was asked."""

    def __init__(self, folder):
        self.folder = folder
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.seen, self.server.mode = [], None
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def environment(self, changes):
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(("AWS_", "TEST_TARGET", "PARITY_CONNECT_TO", "HOME"))
               and not name.lower().endswith("_proxy")}
        env.update(HOME=self.folder, AWS_CONFIG_FILE=self.path("config"), AWS_DATA_PATH=DATA,
                   AWS_SHARED_CREDENTIALS_FILE=self.path("credentials"), AWS_ENDPOINT_URL=self.url,
                   AWS_DEFAULT_REGION="eu-west-3", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.url,
                   XDG_CACHE_HOME=self.path("cache"), **changes)
        return env

    def ours(self, profile, env):
        self.server.seen.clear()
        done = subprocess.run([SHOW, *([profile] if profile else [])], env=env, timeout=60,
                              capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        if found["outcome"]:
            leaks = [text for text in SECRETS if text in done.stdout]
            assert not leaks, done.stdout
            return ("nothing" if found["outcome"] > 0 else "refused"), found
        return (found["id"], found["secret"], found["token"], found["account"]), found

    def theirs(self, profile, env):
        self.server.seen.clear()
        saved = dict(os.environ)
        os.environ.clear()
        os.environ.update(env)
        try:
            return self.ask_botocore(profile)
        except Exception as error:  # of any kind: what matters is that it refuses
            return "refused", error
        finally:
            os.environ.clear()
            os.environ.update(saved)

    def ask_botocore(self, profile):
        session = botocore.session.Session(profile=profile)
        found = session.get_credentials()
        if found is None:
            return "nothing", None
        keys = found.get_frozen_credentials()
        return (keys.access_key, keys.secret_key, keys.token, keys.account_id), None


WORLD = None


#: What the command of a profile prints.
PRINTED = {
    "plain": '{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "secret-of-process"}',
    "token": '{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "secret-of-process",'
             ' "SessionToken": "token-of-process", "Expiration": "2999-01-01T00:00:00Z"}',
    "account": '{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "secret-of-process",'
               ' "AccountId": "777", "SessionToken": ""}',
    "nulls": '{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "secret-of-process",'
             ' "SessionToken": null, "Expiration": null}',
    "expired": '{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "secret-of-process",'
               ' "Expiration": "2001-01-01T00:00:00Z"}',
    "other version": '{"Version": 2, "AccessKeyId": "AKID", "SecretAccessKey": "secret-of-process"}',
    "half": '{"Version": 1, "AccessKeyId": "AKID"}', "list": "[]", "nothing": "",
}


def write_commands(world):
    for name, text in PRINTED.items():
        world.write(f"printed/{name}", text)


def make_command(rng, world):
    name = rng.choice(sorted(PRINTED))
    if rng.random() < 0.1:
        return "false"
    return rng.choice(("cat '{}'", 'cat  "{}"', "cat {}")).format(
        world.path(f"printed/{name}") if rng.random() < 0.9 else "/none")


def make_profile(rng, world, name):
    """Most are sound (keys, a command that prints some, a token, or a role with one source); the
    others are put together by chance."""
    lines = [f"[profile {name}]"]
    kind = rng.choice(("keys", "command", "web", "role", "role", "role", "chance"))
    chance = kind == "chance"

    def add(key, values, probability):
        if rng.random() < probability:
            lines.append(f"{key} = {rng.choice(values)}")

    if kind == "keys" or (chance and rng.random() < 0.4):
        lines += [f"aws_access_key_id = AKID-{name}", f"aws_secret_access_key = secret-of-{name}"]
        add("aws_session_token", [f"token-of-{name}"], 0.3)
    if kind in ("role", "web") or (chance and rng.random() < 0.7):
        role = "denied" if rng.random() < 0.1 else name
        lines.append(f"role_arn = {ROLE.format(account=rng.choice(('1' * 12, '2' * 12)), name=role)}")
    by_name = kind == "role" and rng.random() < 0.4
    if chance or (kind != "web" and not by_name):
        later = [other for other in NAMES if other > name] if kind == "role" else []
        add("source_profile", later or NAMES + ("none",), 1 if kind == "role" else 0.4)
    if chance or by_name:
        add("credential_source", ("Environment", "EcsContainer", "Ec2InstanceMetadata",
                                  "environment")[:3 if by_name else 4], 1 if by_name else 0.25)
    add("external_id", ("ext & id", "ext & id", ""), 0.7)
    add("role_session_name", ("a-session", ""), 0.4)
    add("duration_seconds", ("1800", "half an hour", " 900"), 0.7)
    if chance or kind == "web":
        add("web_identity_token_file", (world.path("identity"), world.path("none")),
            0.4 if chance else 1)
    if chance or kind == "command":
        add("credential_process", [make_command(rng, world)], 0.2 if chance else 1)
        add("aws_account_id", ("999",), 0.2)
    if chance and rng.random() < 0.4:
        add("sso_account_id", ("123456789012",), 0.9)
        add("sso_role_name", ("dev",), 0.9)
        add("sso_session", ("one", "two", "none"), 0.7)
        add("sso_start_url", ("https://legacy.example",), 0.4)
        add("sso_region", ("us-west-2",), 0.4)
    return "\n".join(lines) + "\n"


def make_environment(rng, world):
    env = {}

    def add(name, values, chance):
        if rng.random() < chance:
            env[name] = rng.choice(values)

    if rng.random() < 0.3:
        env.update(AWS_ACCESS_KEY_ID="AKID-env", AWS_SECRET_ACCESS_KEY="secret-of-env")
        add("AWS_SESSION_TOKEN", ["token-of-env"], 0.5)
    add("AWS_WEB_IDENTITY_TOKEN_FILE", [world.path("identity"), ""], 0.3)
    add("AWS_ROLE_ARN", [ROLE.format(account="1" * 12, name="web")], 0.3)
    add("AWS_ROLE_SESSION_NAME", ["ci-job", ""], 0.2)
    add("AWS_CONTAINER_CREDENTIALS_FULL_URI", [world.url + "/container"], 0.3)
    add("AWS_PROFILE", NAMES, 0.4)
    add("AWS_EC2_METADATA_DISABLED", ["true", "false", "True"], 0.5)
    return env


class AgainstBotocore(unittest.TestCase):
    def setUp(self):
        WORLD.server.mode = None
        for name in ("config", "credentials"):
            WORLD.write(name, "")
        WORLD.write("identity", "identity-token\n")
        write_commands(WORLD)
        self.counts = {"keys": 0, "refused": 0, "nothing": 0}
        self.compared = []

    def both(self, env, profile=None, mode=None, prepare=lambda: None, requests=True):
        WORLD.server.mode = mode
        env = WORLD.environment(env)
        prepare()
        ours, found = WORLD.ours(profile, env)
        our_requests = list(WORLD.server.seen)
        prepare()
        theirs, reason = WORLD.theirs(profile, env)
        their_requests = list(WORLD.server.seen)
        if "SSO token provider" in str(reason) and ours not in ("refused", "nothing"):
            # Whenever botocore makes a client, it looks for a bearer token, too, and ends at an
            # sso_session that is broken, although nobody asked for its keys.
            return found
        self.assertEqual(ours, theirs, (found, reason))
        if requests and ours not in ("refused", "nothing"):
            self.assertEqual(our_requests, their_requests)
            self.compared += our_requests
        self.counts[ours if isinstance(ours, str) else "keys"] += 1
        return found

    def test_takes_on_roles_as_botocore_does(self):
        rng = random.Random(7)  # any seed will do
        of_commands = 0
        for number in range(CASES):
            config = "".join(make_profile(rng, WORLD, name) for name in NAMES)
            config += ("[sso-session one]\nsso_start_url = https://one.example\n"
                       "sso_region = us-west-2\n[sso-session two]\nsso_region = us-east-1\n")
            WORLD.write("config", config)
            env = make_environment(rng, WORLD)
            profile = rng.choice(NAMES + (None,))
            with self.subTest(number=number, config=config, env=env, profile=profile):
                found = self.both(env, profile, prepare=lambda: write_token("one"))
                of_commands += found.get("secret") == "secret-of-process"
        self.assertGreater(of_commands, 3)
        for outcome, least in (("keys", CASES // 5), ("refused", CASES // 5), ("nothing", 0)):
            self.assertGreater(self.counts[outcome], least, self.counts)
        forms = [request[2] for request in self.compared if request[1] == "/"]
        for name in ("ExternalId", "DurationSeconds", "WebIdentityToken", "RoleSessionName"):
            self.assertGreater(sum(name in form for form in forms), 5, name)

    def test_uses_single_sign_on_as_botocore_does(self):
        WORLD.write("config", "[profile s]\nsso_session = one\nsso_account_id = 123456789012\n"
                    "sso_role_name = dev\n[sso-session one]\nsso_start_url = https://one.example\n"
                    "sso_region = us-west-2\n[profile l]\nsso_start_url = https://l.example\n"
                    "sso_region = us-west-2\nsso_account_id = 123456789012\nsso_role_name = dev\n")
        registered = {"refreshToken": "sso-refresh-token", "clientId": "id",
                      "clientSecret": "client-secret", "registrationExpiresAt": stamp(9999)}
        cases = (
            ("s", "one", {}), ("l", "https://l.example", {}),
            ("s", "other", {}), ("l", "one", {}),
            ("s", "one", {"expiresAt": stamp(-5)}), ("l", "https://l.example",
                                                     {"expiresAt": stamp(-5)}),
            ("l", "https://l.example", {"expiresAt": stamp(3600).replace("Z", "UTC")}),
            ("s", "one", {"expiresAt": stamp(-5), **registered}),
            ("s", "one", {"expiresAt": stamp(-5), **registered, "clientSecret": None}),
            ("s", "one", {"expiresAt": stamp(-5), **registered, "refreshToken": "spent"}),
            ("s", "one", {"expiresAt": stamp(-5), **registered,
                          "registrationExpiresAt": stamp(-1)}),
            ("s", "one", {"accessToken": "spent"}), ("s", "one", {"accessToken": None}),
            ("s", "one", {"expiresAt": None}),
        )
        for profile, name, changes in cases:
            with self.subTest(profile=profile, name=name, changes=changes):
                self.both({}, profile, prepare=lambda: write_token(name, **changes))
        self.assertEqual(self.counts, {"keys": 4, "refused": 10, "nothing": 0})

    def test_asks_instance_metadata_as_botocore_does(self):
        for mode in (None, "v1", "broken token", "no role", "empty role", "no keys", "no json",
                     "error", "no secret"):
            with self.subTest(mode=mode):
                self.both({}, mode=mode)
        self.both({"AWS_EC2_METADATA_DISABLED": "true"})
        self.both({"AWS_EC2_METADATA_V1_DISABLED": "true"})
        WORLD.write("config", "[default]\nmetadata_service_num_attempts = 3\n")
        self.both({}, mode="no keys")
        self.assertEqual(self.counts, {"keys": 3, "refused": 0, "nothing": 9})

    def test_asks_the_container_endpoint_as_botocore_does(self):
        token_file = WORLD.write("container-token", "container-token-in-file")
        broken_file = WORLD.write("broken-token", "container-token\n")
        url = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": WORLD.url + "/container?x=1"}
        cases = (
            (url, None), (url, "account"), (url, "no secret"), (url, "no keys"), (url, "no json"),
            ({**url, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic container-token"}, None),
            ({**url, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": token_file,
              "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other"}, None),
            ({**url, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": broken_file}, None),
            ({**url, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/none"}, None),
            ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/container"}, None),
            ({"AWS_CONTAINER_CREDENTIALS_FULL_URI":
              WORLD.url.replace("127.0.0.1", "localhost") + "/container"}, None),
        )
        for env, mode in cases:
            with self.subTest(env=env, mode=mode):
                self.both(env, mode=mode)
        self.assertEqual(self.counts, {"keys": 5, "refused": 6, "nothing": 0})

    def test_a_second_account_is_a_profile_with_a_role(self):
        WORLD.write("config", "[profile second]\nsource_profile = default\n"
                    f"role_arn = {ROLE.format(account='2' * 12, name='tester')}\n")
        WORLD.write("credentials", "[default]\naws_access_key_id = AKID-first\n"
                    "aws_secret_access_key = secret-of-first\naws_account_id = 111111111111\n")
        self.assertEqual(self.both({})["account"], "1" * 12)
        self.assertEqual(self.both({}, profile="second")["account"], "2" * 12)

    def test_the_endpoint_of_sts_is_the_configured_one(self):
        WORLD.write("config", f"[profile p]\nrole_arn = {ROLE.format(account='1', name='x' * 9)}\n"
                    "source_profile = p\naws_access_key_id = AKID\nservices = s\n"
                    "aws_secret_access_key = secret-of-p\n[services s]\nsts =\n"
                    f"  endpoint_url = {WORLD.url}\n")
        env = WORLD.environment({})
        del env["AWS_ENDPOINT_URL"]
        ours, found = WORLD.ours("p", env)
        self.assertEqual(ours, WORLD.theirs("p", env)[0], found)

    def test_nothing_goes_to_aws_unless_it_is_the_target(self):
        held_back = "was held back: that takes TEST_TARGET=AWS_CLOUD"
        env = WORLD.environment({"AWS_ENDPOINT_URL_STS": "https://sts.eu-west-3.amazonaws.com",
                                 "AWS_WEB_IDENTITY_TOKEN_FILE": WORLD.path("identity"),
                                 "AWS_ROLE_ARN": ROLE.format(account="1" * 12, name="web")})
        _, found = WORLD.ours(None, env)
        self.assertIn(held_back, found["message"])
        self.assertEqual(found["code"], 5)  # PARITY_E_USAGE
        for url in ("http://169.254.170.2/x", "http://[fd00:ec2::23]/x",
                    "https://sts.amazonaws.com/x"):
            _, found = WORLD.ours(None, WORLD.environment(
                {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url}))
            self.assertIn(held_back, found["message"])
            self.assertEqual((found["outcome"], found["code"]), (-1, 5))
        env = WORLD.environment({})
        for url in ("http://169.254.169.254/", "http://0xA9FEA9FE", "http://2852039166/",
                    "http://[::ffff:169.254.169.254]"):
            env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = url
            outcome, found = WORLD.ours(None, env)
            self.assertEqual(outcome, "nothing")  # nobody asked for this source by name
            self.assertIn("instance metadata: not asked: a request to AWS", found["message"])
            self.assertIn(held_back, found["message"])


def write_token(name, **changes):
    token = {"accessToken": "sso-access-token", "expiresAt": stamp(3600), "region": "us-west-2",
             "startUrl": "https://one.example", **changes}
    token = {key: value for key, value in token.items() if value is not None}
    folder = WORLD.path(".aws/sso/cache")
    if os.path.isdir(folder):
        for old in os.listdir(folder):
            os.unlink(os.path.join(folder, old))
    WORLD.write(f".aws/sso/cache/{hashlib.sha1(name.encode()).hexdigest()}.json",
                json.dumps(token))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        WORLD = World(home)
        # botocore fixes the place of the SSO cache when it is loaded.
        for holder in (botocore.credentials.SSOProvider, botocore.tokens.SSOTokenProvider):
            holder._SSO_TOKEN_CACHE_DIR = os.path.join(home, ".aws", "sso", "cache")
        botocore.utils.ContainerMetadataFetcher.SLEEP_TIME = 0
        unittest.main(argv=sys.argv[:1])
