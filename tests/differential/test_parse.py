# SPDX-License-Identifier: Apache-2.0
"""
`parity parse` against botocore's parsers, on responses made up from the service models with a fixed
seed. Needs a Python with botocore: PARITY_PYTHON, else the one in `venv` beside the build, else this
one; skipped (77) where none has it.

    test_parse.py [SEED [SERVICE...]]    other seeds and services than ctest runs
"""
import base64
import json
import math
import os
import random
import subprocess
import sys
import time
import types

os.environ["TZ"] = "UTC"  # botocore hands over timestamps of epochs in local time
time.tzset()

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)


def interpreters():
    yield os.environ.get("PARITY_PYTHON")
    yield os.path.join(os.environ.get("PARITY_BUILD_DIR", HERE), "venv", "bin", "python3")


try:
    import botocore.loaders
    import botocore.model
    import botocore.parsers
    import botocore.session
    from botocore.eventstream import EventStream
    from botocore.exceptions import EventStreamError
except ImportError:
    for python in interpreters():
        if python and os.path.exists(python) and not os.environ.get("PARITY_REEXECUTED"):
            os.execve(python, [python, os.path.abspath(__file__), *sys.argv[1:]],
                      {**os.environ, "PARITY_REEXECUTED": "1"})
    print("skipped: no Python with botocore (PARITY_PYTHON)")
    sys.exit(77)

from breadth import check_breadth  # noqa: E402
from values import Values  # noqa: E402
from wire import Wire  # noqa: E402

PARITY = os.environ["PARITY_BIN"]
DATA = os.path.join(os.path.dirname(botocore.__file__), "data")
SERVICES_PER_PROTOCOL = 16
OPERATIONS_PER_SERVICE = 7
CASES = (("success", 3), ("error", 2), ("broken", 1))


# --- botocore's side ------------------------------------------------------------------------------

class Raw:
    """A body that is read as a stream."""

    def __init__(self, body):
        self.body = body

    def stream(self):
        yield self.body


class Headers(dict):
    """Looked up without regard to case, as botocore's are."""

    def __getitem__(self, name):
        return super().__getitem__(self.key(name))

    def __contains__(self, name):
        return self.key(name) is not None

    def get(self, name, default=None):
        return self[name] if name in self else default

    def key(self, name):
        return next((key for key in self.keys() if key.lower() == name.lower()), None)


def events(stream):
    result = []
    try:
        for event in stream:
            result.append(event)
    except EventStreamError as error:
        result.append({"Error": {"Code": error.response["Error"]["Code"],
                                 "Message": error.response["Error"]["Message"]}})
    return result


def plain(value, stream_member=None):
    """As `parity parse` writes it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, EventStream):
        return plain(events(value))
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode()}
    if hasattr(value, "isoformat"):
        return {"$datetime": value.isoformat()}
    if value is not None and not isinstance(value, (str, int, float)):
        raise TypeError(f"not comparable: {value!r}")
    return value


def is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


EMITTER = botocore.session.Session().get_component("event_emitter")


def expected(service, operation, protocol, response):
    """What botocore's client makes of a response; an exception where it raises one."""
    event = f"{service.service_id.hyphenize()}.{operation.name}"
    parser = botocore.parsers.create_parser(protocol)
    status, body = response["status_code"], response["body"]
    shape = operation.output_shape
    raw = {"status_code": status, "headers": Headers(response["headers"]), "body": body,
           "context": {"operation_name": operation.name}}
    if status < 300 and operation.has_event_stream_output:
        raw["body"] = Raw(body)
    stream = operation.has_streaming_output and status < 300
    if stream:
        raw["body"] = "STREAM"
    added = {}
    EMITTER.emit(f"before-parse.{event}", operation_model=operation, response_dict=raw,
                 customized_response_dict=added)
    parsed = parser.parse(raw, shape)
    parsed.update(added)
    if status >= 300:
        code = parsed.get("Error", {}).get("Code")
        error_shape = service.shape_for_error_code(code) if code is not None else None
        if error_shape is not None:
            parsed.update(parser.parse(raw, error_shape))
    if raw["status_code"] < 300:
        http = types.SimpleNamespace(raw=True, content=body, status_code=status)
        EMITTER.emit(f"after-call.{event}", http_response=http, parsed=parsed, model=operation,
                     context={"encoding_type_auto_set": True})
    if stream:
        # a stream is read to its end: text when it is UTF-8
        member = shape.serialization["payload"]
        parsed[member] = body.decode() if is_utf8(body) else body
    return plain(parsed)


# --- our side -------------------------------------------------------------------------------------

def ours(name, operation, protocol, response):
    body = response["body"]
    document = {**response, "body": {"$bytes": base64.b64encode(body).decode()}}
    done = subprocess.run([PARITY, "parse", "--protocol", protocol, name, operation],
                          input=json.dumps(document), capture_output=True, text=True, timeout=60,
                          check=False)
    if done.returncode in (0, 1) and done.stdout:
        result = json.loads(done.stdout)
        assert (done.returncode == 1) == ("Error" in result), done
        return result
    if done.returncode != 2 or not done.stderr.startswith("parity: "):
        raise AssertionError(f"exit status {done.returncode}: {done.stderr}")
    return done.stderr.strip()


# --- comparing ------------------------------------------------------------------------------------

def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, float) and math.isnan(a):
        return math.isnan(b)
    return a == b


# Where parity is stricter on purpose: botocore makes a result of these, in which the fault is lost.
STRICTER = (
    ("the body is null", "botocore hands over None instead of a result"),
    ("no element <Error>", "an answer of another protocol is not taken for an error without a code"),
    ("repeated where the model has a single value", "botocore hands over the parser's own objects"),
    ("ends in the middle of a message", "a stream of events that is cut off is not taken for whole"),
    ("true stands where the model has a timestamp", "botocore takes true for the number 1"),
    ("stands where the model has a structure", "botocore looks into no structure without members"),
    ("stands where the model has a list", "botocore takes a text for the list of its letters"),
)


def is_json(body):
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def reason_for(theirs, mine, protocol, response):
    """Why a difference is meant to be, or None."""
    if isinstance(theirs, KeyError) and isinstance(mine, dict) and mine.get("EncodingType") == "url":
        return "botocore cannot decode the keys of a listing in which one is missing"
    if isinstance(theirs, AttributeError) and response["body"] == b"null":
        return "null where nothing is read from the body is no fault"
    if isinstance(theirs, Exception) or not isinstance(mine, str):
        return None
    if "json" in protocol and response["status_code"] < 300 and not is_json(response["body"]):
        return "a body that is no JSON, or cut off, is not taken for an empty result"
    if response["status_code"] == 200 and theirs.get("Error", {}).get("Code") == "500":
        return "botocore counts a 200 of S3 that is no XML as 500, so as to try again"
    for text, reason in STRICTER:
        if text in mine:
            return reason
    return None


def check(name, service, operation, protocol, response):
    try:
        theirs = expected(service, operation, protocol, response)
    except Exception as error:  # whatever the parser raises, an SDK's user sees
        theirs = error
    mine = ours(name, operation.name, protocol, response)
    if isinstance(theirs, Exception) and isinstance(mine, str):
        return "both refuse"
    if not isinstance(theirs, Exception) and not isinstance(mine, str) and same(theirs, mine):
        return "same"
    reason = reason_for(theirs, mine, protocol, response)
    if reason:
        return reason
    print(f"--- {name} {operation.name} ({protocol})")
    print("response:", response)
    print("botocore:", repr(theirs) if isinstance(theirs, Exception) else json.dumps(theirs))
    print("parity:  ", mine if isinstance(mine, str) else json.dumps(mine))
    return None


# --- cases ----------------------------------------------------------------------------------------

def load(loader, name):
    return botocore.model.ServiceModel(loader.load_service_model(name, "service-2"), name)


def choose_services(rng, loader):
    """Services of every protocol, and the large old ones of each."""
    by_protocol = {}
    for name in loader.list_available_services("service-2"):
        version = loader.determine_latest_version(name, "service-2")
        metadata = loader.load_data(f"{name}/{version}/service-2")["metadata"]
        for protocol in metadata.get("protocols", [metadata["protocol"]]):
            if protocol in botocore.parsers.PROTOCOL_PARSERS:
                by_protocol.setdefault(protocol, []).append(name)
    fixed = {"json": ["dynamodb", "sqs", "kinesis"], "query": ["sns", "iam", "sqs"],
             "rest-json": ["lambda", "bedrock-runtime", "polly"], "rest-xml": ["s3", "route53"]}
    for protocol in sorted(by_protocol):
        names = [name for name in fixed.get(protocol, []) if name in by_protocol[protocol]]
        others = [name for name in by_protocol[protocol] if name not in names]
        rng.shuffle(others)
        for name in (names + others)[:SERVICES_PER_PROTOCOL]:
            yield name, protocol


def choose_operations(rng, service, protocol):
    names = list(service.operation_names)
    rng.shuffle(names)
    streams = [name for name in names if service.operation_model(name).has_event_stream_output]
    chosen = streams[:2] + [name for name in names if name not in streams]
    limit = OPERATIONS_PER_SERVICE * (6 if protocol == "ec2" else 1)
    return [service.operation_model(name) for name in chosen[:limit]]


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20240229
    rng = random.Random(seed)
    loader = botocore.loaders.Loader(extra_search_paths=[DATA], include_default_search_paths=False)
    pairs = list(choose_services(rng, loader))
    if len(sys.argv) > 2:
        pairs = [(name, load(loader, name).resolved_protocol) for name in sys.argv[2:]]
    os.environ.update(AWS_DATA_PATH=DATA, PARITY_MODELS=DATA)
    counts, failed, operations = {}, 0, 0
    for name, protocol in pairs:
        service = load(loader, name)
        for operation in choose_operations(rng, service, protocol):
            operations += 1
            for kind, number in CASES:
                for _ in range(number):
                    wire = Wire(rng, protocol, rng.choice((0, 0, 0.03)))
                    response = getattr(wire, kind)(operation, Values(rng))
                    outcome = check(name, service, operation, protocol, response)
                    counts[outcome] = counts.get(outcome, 0) + 1
                    failed += outcome is None
    print(f"seed {seed}: {operations} operations of {len({name for name, _ in pairs})} services")
    for outcome, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{count:6} {outcome or 'DIFFERENT'}")
    if failed:
        return 1
    return 0 if len(sys.argv) > 2 else check_breadth(operations, pairs)


if __name__ == "__main__":
    sys.exit(main())
