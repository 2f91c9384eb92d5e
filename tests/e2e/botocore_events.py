# SPDX-License-Identifier: Apache-2.0
"""
The other judge of test_call_events.py: reads a signed request as `parity call --dry-run --sign` prints
it, lets botocore take its body apart and sign what a service would check. Run with a Python that has
botocore.
"""
import base64
import hashlib
import json
import re
import struct
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer


def messages(data):
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return list(buffer)


def plain(value):
    return {"$bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


request = json.load(sys.stdin)
_, region, service, signature = re.search(
    r"Credential=AKIDEXAMPLE/(\d+)/([^/]+)/([^/]+)/aws4_request,.*Signature=(\w+)",
    request["headers"]["Authorization"]).groups()
auth = SigV4Auth(Credentials("AKIDEXAMPLE", "secret/EXAMPLE"), service, region)
judged = []
for message in messages(base64.b64decode(request["body"]["$bytes"])):
    date = message.headers[":date"]
    timestamp = request["headers"]["X-Amz-Date"]
    signed = AWSRequest()
    signed.context["timestamp"] = timestamp
    encoded = b"\x05:date\x08" + struct.pack(">q", date)
    text = "\n".join(("AWS4-HMAC-SHA256-PAYLOAD", timestamp, auth.credential_scope(signed), signature,
                      hashlib.sha256(encoded).hexdigest(), hashlib.sha256(message.payload).hexdigest()))
    signature = auth.signature(text, signed)
    entry = {"right": signature == message.headers[":chunk-signature"].hex()}
    for inner in messages(message.payload):
        entry["headers"] = {name: plain(value) for name, value in inner.headers.items()}
        entry["payload"] = inner.payload.decode("latin-1")
    judged.append(entry)
json.dump(judged, sys.stdout)
