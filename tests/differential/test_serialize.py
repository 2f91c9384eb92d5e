# SPDX-License-Identifier: Apache-2.0
"""
`parity call --dry-run` against the requests that botocore prepares, on inputs made up from the
service models with a fixed seed: method, URL, headers and body, byte for byte. Some inputs break the
model's rules; then both must refuse. Needs a Python with botocore, as test_parse.py does.

    test_serialize.py [SEED [SERVICE...]]    other seeds and services than ctest runs
"""
import base64
import datetime
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)


def interpreters():
    yield os.environ.get("PARITY_PYTHON")
    yield os.path.join(os.environ.get("PARITY_BUILD_DIR", HERE), "venv", "bin", "python3")


try:
    import botocore.loaders
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import ParamValidationError
except ImportError:
    for python in interpreters():
        if python and os.path.exists(python) and not os.environ.get("PARITY_REEXECUTED"):
            os.execve(python, [python, os.path.abspath(__file__), *sys.argv[1:]],
                      {**os.environ, "PARITY_REEXECUTED": "1"})
    print("skipped: no Python with botocore (PARITY_PYTHON)")
    sys.exit(77)

from breadth import check_breadth  # noqa: E402
from values import Values  # noqa: E402

PARITY = os.environ["PARITY_BIN"]
DATA = os.path.join(os.path.dirname(botocore.__file__), "data")
ENDPOINT = "http://127.0.0.1:4566"
SERVICES_PER_PROTOCOL = 17
OPERATIONS_PER_SERVICE = 7
INPUTS = 3
#: Headers that name the client, the time or chance, or that the transport adds.
OWN = {"user-agent", "amz-sdk-invocation-id", "amz-sdk-request", "authorization", "x-amz-date",
       "content-length", "x-amz-content-sha256", "expect", "x-amz-user-agent"}


class Sent(Exception):
    """Carries the request out of botocore."""


class Loader(botocore.loaders.Loader):
    """Models as if they listed one protocol alone, since botocore lets nobody choose."""

    def __init__(self, protocol):
        super().__init__(extra_search_paths=[DATA], include_default_search_paths=False)
        self.protocol = protocol

    def load_service_model(self, *arguments, **options):
        model = super().load_service_model(*arguments, **options)
        if "metadata" not in model:
            return model  # rules, waiters
        return {**model, "metadata": {**model["metadata"], "protocol": self.protocol,
                                      "protocols": [self.protocol]}}


class Inputs(Values):
    """Values that a request can carry wherever the model puts them."""

    def structure(self, shape, depth):
        result = super().structure(shape, depth)
        if shape.is_document_type:
            return result
        result.pop("SourceRegion", None)  # of it botocore makes a presigned URL
        for name in list(result):
            member = shape.members[name]
            location = member.serialization.get("location")
            if location in ("uri", "header", "headers") or member.serialization.get("hostLabel"):
                result[name] = self.bound(member, result[name])
            if member.serialization.get("eventstream"):
                del result[name]
        return result

    def bound(self, member, value):
        """A value for a place that takes no line breaks, and no nothing."""
        if member.serialization.get("hostLabel"):
            return "label-1"
        if isinstance(value, str):
            if member.serialization.get("jsonvalue"):
                return {"a": [value]}
            clean = "".join(c for c in value if 32 <= ord(c) < 127).strip()
            if member.serialization.get("location") == "uri":
                clean = clean.replace("\\", "") or "x"
            return clean or "x"
        if isinstance(value, list):
            return [self.bound(member.member, item) for item in value]
        if isinstance(value, dict):
            return {"".join(c for c in key if c.isalnum() and c.isascii()) or "k":
                    self.bound(member.value, item) for key, item in value.items()}
        return value

    def make(self, shape, depth=0):
        value = super().make(shape, depth)
        least = shape.metadata.get("min")
        if isinstance(value, str) and least and len(value) < least and shape.type_name == "string":
            value = (value or "m") * least
        if shape.type_name in ("integer", "long", "float", "double") and least is not None:
            value = max(value, least)
        if shape.type_name == "timestamp":
            return value.replace(year=2000 + value.year % 37)
        return value


def spoil(rng, value):
    """A change that most models forbid."""
    if not value:
        return {"Surplus": 1}
    name = rng.choice(list(value))
    changed = dict(value)
    kind = rng.randint(0, 3)
    if kind == 0:
        del changed[name]
    elif kind == 1:
        changed[name] = rng.choice((None, 17, "text", [], {}, True, 1.5, [1], {"a": 1}))
    elif kind == 2:
        changed["Surplus"] = 1
    elif isinstance(changed[name], dict):
        changed[name] = spoil(rng, changed[name])
    else:
        changed[name] = [changed[name]]
    return changed


def typed(value):
    """As parity's JSON has it."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return {"$datetime": value.isoformat()}
    return value


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def shown(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"$bytes": base64.b64encode(data).decode()}


def theirs(client, operation, value):
    """botocore's request, or why it refuses the input."""
    def keep(request, **_):
        body = request.body
        if hasattr(body, "read"):
            body = body.read()
        if isinstance(body, str):
            body = body.encode()
        raise Sent({"method": request.method, "url": request.url, "body": shown(body or b""),
                    "headers": {name.lower(): text(item) for name, item in request.headers.items()
                                if name.lower() not in OWN}})

    client.meta.events.register_first("before-send", keep, unique_id="keep")
    try:
        client._make_api_call(operation, value)
    except Sent as sent:
        return sent.args[0]
    except Exception as error:  # whatever it raises, an SDK's user sees
        return error
    finally:
        client.meta.events.unregister("before-send", unique_id="keep")
    raise AssertionError("nothing was sent")


def ours(service, protocol, operation, value):
    done = subprocess.run([PARITY, "call", "--dry-run", "--endpoint-url", ENDPOINT, "--region",
                           "us-west-2", "--protocol", protocol, service, operation, "-"],
                          input=json.dumps(typed(value)), capture_output=True, text=True, timeout=60,
                          check=False)
    if done.returncode == 0:
        request = json.loads(done.stdout)
        request["headers"] = {name.lower(): item for name, item in request["headers"].items()
                              if name.lower() not in OWN}
        return request
    if done.returncode != 2 or not done.stderr.startswith("parity: "):
        raise AssertionError(f"exit status {done.returncode}: {done.stderr}")
    return done.stderr.strip()


def reason_for(expected, found):
    """Why a difference is meant to be, or None."""
    if isinstance(expected, Exception):
        if not isinstance(expected, ParamValidationError) and isinstance(found, dict):
            return "botocore fails while it serializes what its validation let pass"
        return None
    if isinstance(found, str):
        if "not a boolean" in found:
            return "to Python True is a number; to the model it is not"
        if "the operation takes no parameters" in found:
            return "botocore drops parameters of an operation that has none"
        return None
    if expected["url"] == found["url"] + "?" and {**expected, "url": found["url"]} == found:
        return "an empty list in the query leaves a lone question mark in botocore's URL"
    return None


def check(service, operation, expected, found, value, spoilt):
    if isinstance(expected, Exception) and isinstance(found, str):
        return "both refuse" + (" what was spoilt" if spoilt else "")
    if expected == found:
        return "same"
    reason = reason_for(expected, found)
    if reason:
        return reason
    print(f"--- {service} {operation}")
    print("input:   ", json.dumps(typed(value)))
    print("botocore:", repr(expected)[:600] if isinstance(expected, Exception) else
          json.dumps(expected))
    print("parity:  ", found if isinstance(found, str) else json.dumps(found))
    return None


def create_client(service, protocol):
    session = botocore.session.Session()
    session.register_component("data_loader", Loader(protocol))
    return session.create_client(service, "us-west-2", endpoint_url=ENDPOINT,
                                 # as parity: an address has no names below it
                                 config=Config(retries={"max_attempts": 0},
                                               inject_host_prefix=False))


def choose_services(rng, session):
    """Services of every protocol that one lists, whether botocore would choose it or not."""
    by_protocol = {}
    for name in session.get_available_services():
        model = session.get_service_model(name)
        if model.signature_version == "v2":  # two old services whose signature is in the body
            continue
        for protocol in model.metadata.get("protocols", [model.metadata["protocol"]]):
            by_protocol.setdefault(protocol, []).append(name)
    fixed = {"json": ["dynamodb", "sqs", "kinesis"], "query": ["sns", "iam"],
             "rest-json": ["lambda", "apigateway"], "rest-xml": ["s3", "route53"]}
    for protocol in sorted(by_protocol):
        names = [name for name in fixed.get(protocol, []) if name in by_protocol[protocol]]
        others = [name for name in by_protocol[protocol] if name not in names]
        rng.shuffle(others)
        for name in (names + others)[:SERVICES_PER_PROTOCOL]:
            yield name, protocol


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20240229
    rng = random.Random(seed)
    os.environ.update(AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="secret",
                      AWS_DATA_PATH=DATA, PARITY_MODELS=DATA, AWS_CONFIG_FILE=os.devnull,
                      AWS_SHARED_CREDENTIALS_FILE=os.devnull)
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        os.environ.pop(name, None)
    session = botocore.session.Session()
    pairs = list(choose_services(rng, session))
    if len(sys.argv) > 2:
        pairs = [(name, session.get_service_model(name).resolved_protocol)
                 for name in sys.argv[2:]]
    counts, operations = {}, 0
    for service, protocol in pairs:
        client = create_client(service, protocol)
        names = list(client.meta.service_model.operation_names)
        rng.shuffle(names)
        for name in names[:OPERATIONS_PER_SERVICE * (6 if service == "ec2" else 1)]:
            operation = client.meta.service_model.operation_model(name)
            if operation.has_event_stream_input:
                continue
            operations += 1
            for i in range(INPUTS):
                shape = operation.input_shape
                value = Inputs(rng).make(shape) if shape else {}
                if i == INPUTS - 1:
                    value = spoil(rng, value)
                for token in operation.idempotent_members:
                    value[token] = "0123456789abcdef0123456789abcdef"
                expected = theirs(client, name, json_copy(value))
                outcome = check(service, name, expected, ours(service, protocol, name, value),
                                value, i == INPUTS - 1)
                counts[outcome] = counts.get(outcome, 0) + 1
    print(f"seed {seed}: {operations} operations of {len({name for name, _ in pairs})} services")
    for outcome, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{count:6} {outcome or 'DIFFERENT'}")
    if counts.get(None):
        return 1
    return 0 if len(sys.argv) > 2 else check_breadth(operations, pairs)


def json_copy(value):
    """botocore changes what it is given."""
    if isinstance(value, dict):
        return {key: json_copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [json_copy(item) for item in value]
    return value


if __name__ == "__main__":
    sys.exit(main())
