# SPDX-License-Identifier: Apache-2.0
"""What `parity call --dry-run --sign` does, with botocore: one signed request, printed and not sent.

usage: dry_run_botocore.py SERVICE OPERATION INPUT
"""
import json
import sys

import botocore.session


class Sent(Exception):
    """Ends the call before anything is sent."""


def stop(request, **_):
    raise Sent(request)


def main():
    service, operation, value = sys.argv[1:]
    client = botocore.session.Session().create_client(service, "us-east-1")
    client.meta.events.register_first("before-send", stop)
    try:
        client._make_api_call(operation, json.loads(value))
    except Sent as sent:
        request = sent.args[0]
        print(request.method, request.url, dict(request.headers), request.body)


if __name__ == "__main__":
    main()
