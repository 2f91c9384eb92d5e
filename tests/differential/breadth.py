# SPDX-License-Identifier: Apache-2.0
"""How much a differential test must have looked at for its silence to mean something."""

OPERATIONS = 400
SERVICES = 60
PROTOCOLS = {"ec2", "json", "query", "rest-json", "rest-xml", "smithy-rpc-v2-cbor"}


def check_breadth(operations, pairs):
    """The exit status; `pairs` are of service and protocol."""
    services = {service for service, _ in pairs}
    missing = PROTOCOLS - {protocol for _, protocol in pairs}
    if operations >= OPERATIONS and len(services) >= SERVICES and not missing:
        return 0
    print(f"too little: {operations} operations (at least {OPERATIONS}), {len(services)} services "
          f"(at least {SERVICES}), no service of {sorted(missing) or 'none'}")
    return 1
