# SPDX-License-Identifier: Apache-2.0
"""
Responses as services send them: a value by shape to status, headers and body, for every protocol.
Now and then something is off - a null, an unknown member, a number as text - as it is in the wild.
"""
import base64
import binascii
import datetime
import json
import struct
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

LOCATIONS = ("header", "headers", "statusCode")


def timestamp_text(moment, style):
    if style == "rfc822":
        return format_datetime(moment.replace(microsecond=0), usegmt=True)
    if style == "unixTimestamp":
        seconds = moment.timestamp()
        return str(int(seconds)) if seconds == int(seconds) else repr(seconds)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if moment.microsecond:
        text += f".{moment.microsecond:06d}".rstrip("0")
    return text + "Z"


class Wire:
    """Writes responses of one protocol."""

    def __init__(self, rng, protocol, oddity=0.02):
        self.rng = rng
        self.protocol = protocol
        self.oddity = oddity

    def odd(self):
        return self.rng.random() < self.oddity

    def any_timestamp(self, moment):
        style = self.rng.choice(("iso8601", "rfc822", "unixTimestamp", "offset", "compact"))
        if style == "offset":
            zone = datetime.timezone(datetime.timedelta(minutes=self.rng.choice((90, -300, 0))))
            return moment.astimezone(zone).isoformat()
        if style == "compact":
            return moment.strftime("%Y%m%dT%H%M%SZ")
        return timestamp_text(moment, style)

    # --- JSON -------------------------------------------------------------------------------

    def to_json(self, shape, value):
        kind = shape.type_name
        if self.odd():
            return self.rng.choice((None, "odd", 1, 1.5, True, [], {}, "17", "true"))
        if kind == "structure":
            if shape.is_document_type:
                return value
            result = {}
            for name, item in value.items():
                member = shape.members[name]
                if member.serialization.get("location") in LOCATIONS:
                    continue
                result[member.serialization.get("name", name)] = self.to_json(member, item)
            if self.odd():
                result["unknownMember"] = {"a": [1]}
            return result
        if kind == "list":
            return [self.to_json(shape.member, item) for item in value]
        if kind == "map":
            return {key: self.to_json(shape.value, item) for key, item in value.items()}
        if kind == "timestamp":
            if self.rng.random() < 0.3:
                return self.any_timestamp(value)
            return self.rng.choice((value.timestamp(), int(value.timestamp())))
        if kind == "blob":
            return base64.b64encode(value).decode()
        if kind in ("float", "double") and self.rng.random() < 0.05:
            return self.rng.choice(("NaN", "Infinity", "-Infinity"))
        return value

    # --- XML --------------------------------------------------------------------------------

    def scalar_text(self, shape, value):
        kind = shape.type_name
        if self.odd():
            return self.rng.choice(("odd", "", "17", " 5 ", "1.5", "true"))
        if kind == "boolean":
            return "true" if value else "false"
        if kind == "timestamp":
            return self.any_timestamp(value)
        if kind == "blob":
            return base64.b64encode(value).decode()
        if kind in ("float", "double") and self.rng.random() < 0.05:
            return self.rng.choice(("NaN", "Infinity", "-Infinity", "1e5", "7."))
        return str(value)

    def element(self, name, shape, value):
        kind = shape.type_name
        if kind == "structure":
            attributes, content = "", ""
            for member_name, item in value.items():
                member = shape.members[member_name]
                if member.serialization.get("location") in LOCATIONS:
                    continue
                wire_name = member.serialization.get("name", member_name)
                if member.serialization.get("xmlAttribute"):
                    prefix = wire_name.split(":")[0]
                    attributes += f" xmlns:{prefix}=\"http://www.w3.org/2001/XMLSchema-instance\""
                    attributes += f" {wire_name}={quoteattr(str(item))}"
                    continue
                content += self.element(wire_name, member, item)
                if self.odd():
                    content += "<Unknown><a>1</a></Unknown>"
            return f"<{name}{attributes}>{content}</{name}>"
        if kind == "list":
            item_name = shape.member.serialization.get("name")
            if shape.serialization.get("flattened"):
                return "".join(self.element(item_name or name, shape.member, item)
                               for item in value)
            content = "".join(self.element(item_name or "member", shape.member, item)
                              for item in value)
            return f"<{name}>{content}</{name}>"
        if kind == "map":
            key_name = shape.key.serialization.get("name") or "key"
            value_name = shape.value.serialization.get("name") or "value"
            entries = [self.element(key_name, shape.key, key) +
                       self.element(value_name, shape.value, item) for key, item in value.items()]
            if shape.serialization.get("flattened"):
                return "".join(f"<{name}>{entry}</{name}>" for entry in entries)
            return f"<{name}>" + "".join(f"<entry>{e}</entry>" for e in entries) + f"</{name}>"
        text = self.scalar_text(shape, value)
        if "\r" in text or (not text and self.rng.random() < 0.5):
            return f"<{name}/>"
        return f"<{name}>{escape(text)}</{name}>"

    # --- CBOR -------------------------------------------------------------------------------

    @staticmethod
    def head(major, number):
        for limit, info, form in ((24, None, None), (2**8, 24, ">B"), (2**16, 25, ">H"),
                                  (2**32, 26, ">I"), (2**64, 27, ">Q")):
            if number < limit:
                if info is None:
                    return bytes([major << 5 | number])
                return bytes([major << 5 | info]) + struct.pack(form, number)
        raise OverflowError(number)

    def cbor(self, value):
        if value is None:
            return self.rng.choice((b"\xf6", b"\xf7"))
        if value is True or value is False:
            return b"\xf5" if value else b"\xf4"
        if isinstance(value, int):
            return self.head(0, value) if value >= 0 else self.head(1, -1 - value)
        if isinstance(value, float):
            form = self.rng.choice(((b"\xfb", ">d"), (b"\xfa", ">f")))
            return form[0] + struct.pack(form[1], value)
        if isinstance(value, bytes):
            return self.head(2, len(value)) + value
        if isinstance(value, str):
            data = value.encode()
            if self.rng.random() < 0.2:
                return b"\x7f" + self.head(3, len(data)) + data + b"\xff"
            return self.head(3, len(data)) + data
        if isinstance(value, datetime.datetime):
            seconds = value.timestamp()
            return b"\xc1" + self.cbor(int(seconds) if seconds == int(seconds) else
                                       struct.unpack(">d", struct.pack(">d", seconds))[0])
        if isinstance(value, list):
            content = b"".join(self.cbor(item) for item in value)
            if self.rng.random() < 0.3:
                return b"\x9f" + content + b"\xff"
            return self.head(4, len(value)) + content
        content = b"".join(self.cbor(k) + self.cbor(v) for k, v in value.items())
        if self.rng.random() < 0.3:
            return b"\xbf" + content + b"\xff"
        return self.head(5, len(value)) + content

    # --- event streams ----------------------------------------------------------------------

    @staticmethod
    def message(headers, payload):
        packed = b""
        for name, value in headers.items():
            packed += bytes([len(name)]) + name.encode()
            if value is True or value is False:
                packed += b"\x00" if value else b"\x01"
            elif isinstance(value, int):
                packed += b"\x05" + struct.pack(">q", value)
            elif isinstance(value, bytes):
                packed += b"\x06" + struct.pack(">H", len(value)) + value
            elif isinstance(value, datetime.datetime):
                packed += b"\x08" + struct.pack(">q", int(value.timestamp() * 1000))
            else:
                packed += b"\x07" + struct.pack(">H", len(value.encode())) + value.encode()
        total = 12 + len(packed) + len(payload) + 4
        prelude = struct.pack(">II", total, len(packed))
        prelude += struct.pack(">I", binascii.crc32(prelude))
        body = prelude + packed + payload
        return body + struct.pack(">I", binascii.crc32(body))

    def structured(self, name, shape, value):
        if "json" in self.protocol:
            return json.dumps(self.to_json(shape, value)).encode()
        if self.protocol == "smithy-rpc-v2-cbor":
            return self.cbor(value)
        return self.element(name, shape, value).encode()

    def event(self, name, shape, value):
        headers = {":message-type": "event", ":event-type": name}
        rest = dict(value)
        payload = None
        for member_name, member in shape.members.items():
            if member_name not in rest:
                continue
            if member.serialization.get("eventheader"):
                headers[member_name] = rest.pop(member_name)
            elif member.serialization.get("eventpayload"):
                item = rest.pop(member_name)
                if isinstance(item, bytes):
                    payload = item
                elif isinstance(item, str):
                    payload = item.encode()
                else:
                    payload = self.structured(member_name, member, item)
        if payload is None:
            payload = self.structured(name, shape, rest)
        return self.message(headers, payload)

    def events(self, shape, values):
        body = b""
        for _ in range(self.rng.randint(0, 4)):
            name = self.rng.choice(list(shape.members))
            member = shape.members[name]
            if not member.serialization.get("event"):
                continue
            body += self.event(name, member, values.make(member, 3))
        if self.rng.random() < 0.2:
            body += self.message({":message-type": "event", ":event-type": "Unknown"}, b"{}")
        return body

    # --- whole responses --------------------------------------------------------------------

    def headers_of(self, shape, value):
        headers = {}
        for name, item in value.items():
            member = shape.members[name]
            location = member.serialization.get("location")
            wire_name = member.serialization.get("name", name)
            if location == "headers":
                for key, text in item.items():
                    key = "".join(c for c in key if c.isalnum() and c.isascii())
                    headers[wire_name + key] = "".join(c for c in text if 32 <= ord(c) < 127)
            elif location == "header":
                headers[wire_name] = self.header_text(member, item)
        return headers

    def header_text(self, shape, value):
        if shape.type_name == "list":
            return ", ".join(self.header_text(shape.member, item) for item in value)
        if shape.serialization.get("jsonvalue"):
            return base64.b64encode(json.dumps(value).encode()).decode()
        if shape.type_name == "timestamp":
            return timestamp_text(value, "rfc822")
        text = self.scalar_text(shape, value)
        return "".join(c for c in text if 32 <= ord(c) < 127).strip()

    def request_id(self):
        name = self.rng.choice(("x-amzn-RequestId", "x-amz-request-id", None))
        headers = {name: "REQUEST-1"} if name else {}
        if name and self.rng.random() < 0.5:
            headers["x-amz-id-2"] = "HOST-1"
        return headers

    def success(self, operation, values):
        """A response to an operation whose output is made by `values`."""
        shape = operation.output_shape
        headers = {**self.request_id(), "Content-Type": "application/x-test"}
        status = operation.http.get("responseCode", 200)
        if self.rng.random() < 0.1:
            status = self.rng.choice((200, 201, 202, 204))
        body = self.body(operation, shape, values, headers)
        return {"status_code": status, "headers": headers, "body": body}

    def body(self, operation, shape, values, headers):
        if self.protocol in ("query", "ec2"):
            return self.query_body(operation, shape, values)
        if shape is None:
            return self.rng.choice((b"", b"{}")) if self.protocol != "rest-xml" else b""
        stream = shape.event_stream_name
        value = values.make(shape)
        if stream:
            value.pop(stream, None)
        if self.protocol in ("json", "smithy-rpc-v2-cbor"):
            body = self.structured(operation.name, shape, value)
            if stream:
                body = self.message({":message-type": "event", ":event-type": "initial-response"},
                                    body) + self.events(shape.members[stream], values)
            return body
        headers.update(self.headers_of(shape, value))
        payload = shape.serialization.get("payload")
        if stream and stream == payload:
            return self.events(shape.members[stream], values)
        if payload:
            member = shape.members[payload]
            item = value.get(payload)
            if member.type_name in ("blob", "string"):
                return item.encode() if isinstance(item, str) else item or b""
            if item is None:
                return b""
            return self.structured(member.serialization.get("name", payload), member, item)
        rest = {name: item for name, item in value.items()
                if shape.members[name].serialization.get("location") not in LOCATIONS}
        if not rest and self.rng.random() < 0.5:
            return b""
        return self.structured(shape.serialization.get("name", operation.name), shape, rest)

    def query_body(self, operation, shape, values):
        content = ""
        if shape is not None:
            wrapper = shape.serialization.get("resultWrapper", "Inner")
            content = self.element(wrapper, shape, values.make(shape))
            if "resultWrapper" not in shape.serialization:
                content = content[len("<Inner>"):-len("</Inner>")]
        if self.protocol == "ec2":
            content += "<requestId>REQUEST-1</requestId>"
        else:
            content += "<ResponseMetadata><RequestId>REQUEST-1</RequestId></ResponseMetadata>"
        name = f"{operation.name}Response"
        return (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                f"<{name} xmlns=\"http://example.com/doc/\">{content}</{name}>").encode()

    # --- errors -----------------------------------------------------------------------------

    def error(self, operation, values):
        """An error, most often one that the model knows."""
        shapes = operation.error_shapes
        shape = self.rng.choice(shapes) if shapes and self.rng.random() < 0.8 else None
        value = values.make(shape) if shape else {"message": values.text()}
        code = shape.error_code or shape.name if shape else self.rng.choice(
            ("UnknownThing", "AccessDenied", "Throttling"))
        headers = self.request_id()
        status = self.rng.choice((400, 400, 403, 404, 409, 500, 503))
        body = self.error_body(shape, value, code, headers)
        return {"status_code": status, "headers": headers, "body": body}

    def error_body(self, shape, value, code, headers):
        if shape is not None and "rest" in self.protocol:
            headers.update(self.headers_of(shape, value))
        if "json" in self.protocol:
            body = self.to_json(shape, value) if shape else dict(value)
            if not isinstance(body, dict):
                body = {}
            return json.dumps(self.named_json_error(body, code, headers)).encode()
        if self.protocol == "smithy-rpc-v2-cbor":
            return self.cbor({"__type": "ns#" + code, **value})
        return self.xml_error(shape, value, code)

    def named_json_error(self, body, code, headers):
        form = self.rng.choice(("plain", "namespace", "uri", "header"))
        if form == "header" and self.protocol == "rest-json":
            headers["x-amzn-ErrorType"] = code + ":http://internal.amazon.com/coral/"
            return body
        text = {"namespace": "com.example.api#" + code,
                "uri": code + ":http://example.com/"}.get(form, code)
        if self.protocol == "rest-json" and self.rng.random() < 0.5:
            return {"code": text, **body}
        return {"__type": text, **body}

    def xml_error(self, shape, value, code):
        inner = f"<Type>Sender</Type><Code>{escape(code)}</Code><Message>it &lt;failed&gt;</Message>"
        if shape is not None:
            element = self.element("X", shape, value)
            inner += element[element.index(">") + 1:-len("</X>")] if element.startswith("<X>") else ""
        if self.protocol == "ec2":
            return (f"<Response><Errors><Error>{inner}</Error></Errors>"
                    "<RequestID>REQUEST-1</RequestID></Response>").encode()
        if self.protocol == "rest-xml" and self.rng.random() < 0.4:
            return (f"<?xml version=\"1.0\"?><Error>{inner}<RequestId>R</RequestId>"
                    "<HostId>H</HostId><BucketName>b</BucketName></Error>").encode()
        return (f"<ErrorResponse xmlns=\"http://example.com/doc/\"><Error>{inner}</Error>"
                "<RequestId>REQUEST-1</RequestId></ErrorResponse>").encode()

    def broken(self, operation, values):
        """What proxies, crashes and other protocols send."""
        kind = self.rng.randint(0, 7)
        good = self.success(operation, values)
        if kind == 0:
            return {"status_code": 500, "headers": {}, "body": b""}
        if kind == 1:
            return {"status_code": 503, "headers": {"Content-Type": "text/html"},
                    "body": b"<html><body><b>Http/1.1 Service Unavailable</b></body></html>"}
        if kind == 2:
            return {"status_code": 502, "headers": {}, "body": b"Bad Gateway"}
        if kind == 3:
            return {"status_code": 404, "headers": self.request_id(), "body": b""}
        if kind == 4:
            return {**good, "body": good["body"][:len(good["body"]) // 2]}
        if kind == 5:
            return {**good, "body": b"<html><body>Hello</body></html>"}
        if kind == 6:
            return {"status_code": 400, "headers": {}, "body": b"<html><body>no</body></html>"}
        return {**good, "body": b"\xff\xfe\x00bad"}
