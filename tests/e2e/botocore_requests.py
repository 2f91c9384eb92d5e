# SPDX-License-Identifier: Apache-2.0
"""
The other judge of test_call_requests.py: reads calls as a JSON array on standard input, lets
botocore prepare each request, prints them. Nothing is sent. Run with a Python that has botocore.
"""
import base64
import io
import json
import sys

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config


class Body(io.BytesIO):
    def stream(self, **_):
        yield self.read()


def restore(value):
    """Typed values of parity's JSON as Python's."""
    if isinstance(value, dict):
        if list(value) == ["$bytes"]:
            return base64.b64decode(value["$bytes"])
        return {key: restore(item) for key, item in value.items()}
    if isinstance(value, list):
        return [restore(item) for item in value]
    return value


def prepare(session, case):
    sent = []

    def keep(request, **_):
        body = request.body
        if body is not None and hasattr(body, "read"):
            body = body.read()
        if isinstance(body, str):
            body = body.encode()
        text = body or b""
        try:
            shown = text.decode()
        except UnicodeDecodeError:
            shown = {"$bytes": base64.b64encode(text).decode()}
        sent.append({"method": request.method, "url": request.url, "body": shown,
                     "headers": {name: value.decode() if isinstance(value, bytes) else str(value)
                                 for name, value in request.headers.items()}})
        if case.get("session") and request.url.endswith("?session"):
            return AWSResponse(request.url, 200, {}, Body(case["session"].encode()))
        return AWSResponse(request.url, 418, {}, Body(b""))

    client = session.create_client(
        case["service"], region_name=case["region"], endpoint_url=case.get("endpoint_url"),
        **({} if case.get("own_credentials") else
           {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret/EXAMPLE"}),
        config=Config(retries={"mode": "standard", "max_attempts": 0},
                      inject_host_prefix=case.get("inject_host_prefix", True)))
    client.meta.events.register("before-send", keep)
    try:
        client._make_api_call(case["operation"], restore(case["input"]))
    except Exception as error:  # the made-up answer is an error, or the input was refused
        if not sent:
            return {"refused": f"{type(error).__name__}: {error}"}
    return sent[-1]


all_sessions = botocore.session.get_session()
json.dump([prepare(all_sessions, case) for case in json.load(sys.stdin)], sys.stdout)
