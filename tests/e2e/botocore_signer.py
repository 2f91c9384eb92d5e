# SPDX-License-Identifier: Apache-2.0
"""
The other judge of test_sign_botocore.py: reads requests as a JSON array on standard input, signs
each with botocore, prints the steps. Run with a Python that has botocore.
"""
import datetime
import json
import sys
from types import SimpleNamespace

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SIGNERS = {
    "header": auth.SigV4Auth,
    "query": auth.SigV4QueryAuth,
    "s3-header": auth.S3SigV4Auth,
    "s3-query": auth.S3SigV4QueryAuth,
}


def sign(case):
    time = datetime.datetime.fromisoformat(case["timestamp"].replace("Z", "+00:00"))
    auth.get_current_datetime = lambda: time
    credentials = Credentials(case["access_key"], case["secret_key"], case["token"])
    arguments = {"expires": case["expires"]} if case["kind"].endswith("query") else {}
    signer = SIGNERS[case["kind"]](credentials, case["service"], case["region"], **arguments)
    request = AWSRequest(method=case["method"], url=f"https://{case['host']}{case['target']}",
                         data=None if case["kind"].endswith("query") else case["body"].encode())
    for name, value in case["headers"]:
        request.headers[name] = value
    request.context["payload_signing_enabled"] = not case["unsigned_payload"]
    if case["kind"] == "s3-header":
        request.context["client_config"] = SimpleNamespace(
            s3={"payload_signing_enabled": not case["unsigned_payload"]})
    steps = {}

    def canonical_request(prepared, inner=signer.canonical_request):
        steps["canonical_request"] = inner(prepared)
        return steps["canonical_request"]

    def string_to_sign(prepared, canonical, inner=signer.string_to_sign):
        steps["string_to_sign"] = inner(prepared, canonical)
        return steps["string_to_sign"]

    def signature(text, prepared, inner=signer.signature):
        steps["signature"] = inner(text, prepared)
        return steps["signature"]

    signer.canonical_request = canonical_request
    signer.string_to_sign = string_to_sign
    signer.signature = signature
    signer.add_auth(request)
    steps["authorization"] = request.headers.get("Authorization")
    return steps


json.dump([sign(case) for case in json.load(sys.stdin)], sys.stdout)
