# SPDX-License-Identifier: Apache-2.0
"""
Configuration files and credentials as libparity finds them, against botocore, on files made up
with a fixed seed. The library is called directly, since no command prints credentials.

Needs a Python with botocore: PARITY_PYTHON, else the one that runs this; skipped (77) where there
is none or where the library cannot be loaded into Python (sanitizers).
"""
import ctypes
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest

try:
    import botocore.session
    from botocore import credentials as botocore_credentials
    from botocore import exceptions
except ImportError:
    if os.environ.get("PARITY_PYTHON") and "--again" not in sys.argv:
        os.execv(os.environ["PARITY_PYTHON"], [os.environ["PARITY_PYTHON"], __file__, "--again"])
    print(f"skipped: {sys.executable} has no botocore (set PARITY_PYTHON)")
    sys.exit(77)

CASES = 800
STATIC = ("env", "shared-credentials-file", "config-file")
PROFILES = ("default", "a", "b c", "d", "DEFAULT", "profile a", "x", None, None, None, None)
OPTIONS = ("region", "aws_access_key_id", "aws_secret_access_key", "aws_session_token",
           "aws_security_token", "aws_account_id", "s3", "services", "output", "odd key")
NESTED = ("addressing_style", "endpoint_url", "a.b", "sqs")
E_PARSE, E_INVALID, E_CREDENTIALS = 3, 4, 9


class Error(ctypes.Structure):
    _fields_ = [("code", ctypes.c_int), ("message", ctypes.c_char * 1024),
                ("context", ctypes.c_char * 256), ("line", ctypes.c_int),
                ("column", ctypes.c_int)]


class Credentials(ctypes.Structure):
    _fields_ = [("id", ctypes.c_char_p), ("secret", ctypes.c_char_p), ("token", ctypes.c_char_p),
                ("account", ctypes.c_char_p), ("expires_at", ctypes.c_long)]


class Options(ctypes.Structure):
    _fields_ = [("profile", ctypes.c_char_p), ("functions", ctypes.c_void_p * 6)]


class Refused(Exception):
    def __init__(self, error):
        super().__init__(f"{error.context.decode()}:{error.line}: {error.message.decode()}")
        self.code = error.code


class Library:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)

    def setting(self, profile, name):
        out, error = ctypes.c_char_p(), Error()
        if self.library.parity_config_profile_setting(
                profile.encode() if profile else None, name.encode(), ctypes.byref(out),
                ctypes.byref(error)) < 0:
            raise Refused(error)
        return out.value.decode() if out.value is not None else None

    def credentials(self, profile):
        out, error = Credentials(), Error()
        options = Options(profile=profile.encode() if profile else None)
        if self.library.parity_credentials_find(ctypes.byref(options), ctypes.byref(out),
                                                ctypes.byref(error)) != 0:
            raise Refused(error)
        return tuple(text.decode() if text is not None else None
                     for text in (out.id, out.secret, out.token, out.account))


LIBRARY_PATH = os.path.join(os.environ["PARITY_BUILD_DIR"], "libparity.so")

# In a process of its own: a sanitizer's runtime that comes too late ends the process.
LOADING = subprocess.run([sys.executable, "-c", "import ctypes, sys; ctypes.CDLL(sys.argv[1])",
                          LIBRARY_PATH], capture_output=True, text=True, check=False)
if LOADING.returncode and re.search("asan|sanitizer", LOADING.stderr, re.IGNORECASE):
    print(f"skipped: {LIBRARY_PATH} is sanitized and cannot be loaded into Python")
    sys.exit(77)
if LOADING.returncode:
    sys.exit(LOADING.stderr)
LIBRARY = Library(LIBRARY_PATH)


def fresh(rng, names, used):
    """One of the names, and only now and then one that was taken before."""
    left = [name for name in names if name.lower() not in used]
    name = rng.choice(left if left and rng.random() < 0.99 else names)
    used.add(name.lower())
    return name


def make_section(rng, used):
    name = fresh(rng, ("default", "default", "profile a", 'profile "b c"', "profile 'd'", "a",
                       "DEFAULT ", "profile x y", "profilez x", " profile a ", "services one",
                       'services "one"', "profile default", "profile 'open", r"profile b\ c",
                       "profile\ta", "x", "d", "b c"), used)
    name = "DEFAULT" if name == "DEFAULT " else name
    return f"[{name}]" + rng.choice(("", "", "", " # comment", " ]", " junk"))


def make_value(rng):
    return rng.choice(("one", "v a l", "a=b", "x # no comment", "'quoted'", "\u00e9", "a:b",
                       "trailing  ", "\u00a0nbsp\u00a0", "[v]"))


def make_nested(rng):
    return ["  " + rng.choice(NESTED) + rng.choice((" = ", "=")) + make_value(rng)
            for _ in range(rng.randint(0, 3))]


def make_option(rng, used):
    name = fresh(rng, OPTIONS, used)
    written = name.upper() if rng.random() < 0.2 else name
    if name in ("s3", "services", "output") and rng.random() < 0.6:
        return [written + rng.choice((" =", "=", ": "))] + make_nested(rng)
    if name == "services" and rng.random() < 0.8:
        return ["services = one"]
    return [written + rng.choice(("=", " = ", ": ", ":", "\t=\t")) + make_value(rng)]


def make_other(rng):
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(("# comment = 1", "; [section]", "  # indented"))
    if kind < 0.7:
        return rng.choice(("", "   ", "\t"))
    if kind < 0.97:
        return rng.choice(("  continued", "\t more = 2", "\u00a0 odd = 1"))
    return rng.choice(("no delimiter", "= nameless", "[", "[]", "[open = 1", "\ufeff"))


def make_block(rng, sections):
    used = set()
    lines = [make_section(rng, sections)]
    for _ in range(rng.randint(0, 7)):
        lines += make_option(rng, used)
        if rng.random() < 0.25:
            lines.append(make_other(rng))
    indent = rng.choice(("", "", "", "  "))
    return lines[:1] + [indent + line for line in lines[1:]]


def make_file(rng):
    sections = set()
    lines = ["junk"] if rng.random() < 0.01 else []
    for _ in range(rng.randint(0, 5)):
        lines += make_block(rng, sections)
    end = rng.choice(("\n", "\n", "\n", "\r\n", "\r"))
    data = (end.join(lines) + rng.choice(("", end))).encode()
    return data + b"\xff" if rng.random() < 0.01 else data


def make_environment(rng):
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
             "AWS_SECURITY_TOKEN", "AWS_ACCOUNT_ID")
    return {name: rng.choice(("", "from env")) for name in names if rng.random() < 0.15}


def their_setting(session, name):
    config = session.get_scoped_config()
    block, _, inner = name.partition(".")
    if block == "services" and inner:
        service, _, setting = inner.rpartition(".")
        if "services" not in config:
            return None
        if not isinstance(config["services"], str):
            raise TypeError("nested 'services'")
        sections = session.full_config.get("services", {}).get(config["services"])
        if not sections:
            raise exceptions.InvalidConfigError(error_msg="no such section")
        value = sections.get(service)
        return value.get(setting) if isinstance(value, dict) else None
    value = config.get(block)
    if inner:
        return value.get(inner) if isinstance(value, dict) else None
    return value


def their_credentials(session):
    resolver = botocore_credentials.create_credential_resolver(session)
    resolver.providers = [p for p in resolver.providers if p.METHOD in STATIC]
    found = resolver.load_credentials()
    if found is None:
        raise exceptions.NoCredentialsError()
    if any("\n" in text for text in (found.access_key, found.secret_key, found.token or "")):
        # Ours to refuse: no header can hold it. botocore would fail only when it signs.
        raise exceptions.NoCredentialsError()
    return found.access_key, found.secret_key, found.token, found.account_id


class AgainstBotocore(unittest.TestCase):
    CODES = {
        exceptions.ConfigParseError: E_PARSE,
        exceptions.InvalidConfigError: E_INVALID,
        exceptions.ProfileNotFound: E_CREDENTIALS,
        exceptions.PartialCredentialsError: E_CREDENTIALS,
        exceptions.NoCredentialsError: E_CREDENTIALS,
    }

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.files = [os.path.join(folder.name, name) for name in ("config", "credentials")]
        for name in list(os.environ):
            if name.startswith("AWS_"):
                del os.environ[name]
        os.environ["AWS_CONFIG_FILE"], os.environ["AWS_SHARED_CREDENTIALS_FILE"] = self.files
        self.compared = {"values": 0, "nothing": 0, "refusals": 0}

    def outcome(self, function, *arguments):
        try:
            return function(*arguments)
        except tuple(self.CODES) as error:
            return ("refused", self.CODES[type(error)])
        except Refused as error:
            return ("refused", error.code)

    def compare(self, ours, theirs, what):
        if isinstance(theirs, dict):  # a nested block, of which we hand out the members
            return
        self.assertEqual(ours, theirs, what)
        refused = isinstance(theirs, tuple) and theirs[0] == "refused"
        self.compared["refusals" if refused else "values" if theirs else "nothing"] += 1

    def compare_all(self, profile):
        session = botocore.session.Session(profile=profile)
        broken = self.outcome(lambda: session.full_config)
        if isinstance(broken, tuple):  # asked again, the session would forget the error
            self.compare(self.outcome(LIBRARY.setting, profile, "region"), broken, profile)
            self.compare(self.outcome(LIBRARY.credentials, profile), broken, profile)
            return
        for name in OPTIONS + ("s3.addressing_style", "s3.a.b", "output.endpoint_url",
                               "services.s3.endpoint_url", "services.output.addressing_style"):
            if name.startswith("services."):
                try:
                    their_setting(session, name)
                except TypeError:
                    continue
                except Exception:  # compared below
                    pass
            self.compare(self.outcome(LIBRARY.setting, profile, name),
                         self.outcome(their_setting, session, name), (profile, name))
        self.compare(self.outcome(LIBRARY.credentials, profile),
                     self.outcome(their_credentials, session), (profile, "credentials"))

    def test_reads_made_up_files_as_botocore_does(self):
        rng = random.Random(51)  # any seed will do
        for number in range(CASES):
            contents = [make_file(rng) for _ in self.files]
            environment = make_environment(rng)
            for path, content in zip(self.files, contents):
                with open(path, "wb") as file:
                    file.write(content)
            os.environ.update(environment)
            with self.subTest(number=number, contents=contents, environment=environment):
                self.compare_all(rng.choice(PROFILES))
            for name in environment:
                del os.environ[name]
        self.assertGreater(self.compared["values"], CASES // 2)
        self.assertGreater(self.compared["refusals"], CASES)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
