# SPDX-License-Identifier: Apache-2.0
"""
Operations whose input is a stream of events: what is sent, and that each event is signed as AWS checks
it. botocore cannot call them, but it can take messages apart and sign texts: it is the judge.

Needs a Python with botocore: PARITY_PYTHON, else the one that runs this; skipped (77) without.
"""
import base64
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

import call_support
from call_support import Server, call, environment, parity, response
from certificates import Authority
from http2_server import Http2Server

PYTHON = os.environ.get("PARITY_PYTHON", sys.executable)
HERE = os.path.dirname(os.path.abspath(__file__))
EVENTS = [{"TextEvent": {"Text": "hi", "TextType": "text"}}, {"CloseStreamEvent": {}}]
SPEECH = json.dumps({"Engine": "generative", "OutputFormat": "mp3", "VoiceId": "Joanna",
                     "ActionStream": EVENTS})
CALL = ("polly", "StartSpeechSynthesisStream", SPEECH)


def text_header(name, value):
    return bytes((len(name),)) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()


def message(payload, **headers):
    block = b"".join(text_header(":" + name.replace("_", "-"), value) for name, value in headers.items())
    head = struct.pack(">II", 16 + len(block) + len(payload), len(block))
    head += struct.pack(">I", zlib.crc32(head)) + block + payload
    return head + struct.pack(">I", zlib.crc32(head))


ANSWER = message(b"\x00\x01", message_type="event", event_type="AudioEvent",
                 content_type="application/octet-stream")
SOUND = {"AudioEvent": {"AudioChunk": {"$bytes": "AAE="}}}


def judge(request):
    done = subprocess.run([PYTHON, os.path.join(HERE, "botocore_events.py")], input=json.dumps(request),
                          capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


SPOKEN = {"metadata": {"apiVersion": "2020-01-01", "protocol": "rest-json", "endpointPrefix": "spoken",
                       "serviceId": "Spoken", "signatureVersion": "v4", "uid": "spoken-2020-01-01"},
          "operations": {"Speak": {"name": "Speak", "http": {"method": "POST", "requestUri": "/"},
                                   "input": {"shape": "Input"}}},
          "shapes": {"Input": {"type": "structure", "payload": "Words", "members": {"Words": {"shape": "Words"}}},
                     "Words": {"type": "structure", "eventstream": True,
                               "members": {"Word": {"shape": "Word"}}},
                     "Word": {"type": "structure", "event": True, "members": {"Text": {"shape": "Text"}}},
                     "Text": {"type": "string"}}}
SIGV4A = {"version": "1.0", "parameters": {}, "rules": [{"conditions": [], "type": "endpoint", "endpoint": {
    "url": "https://spoken.example", "headers": {}, "properties": {"authSchemes": [
        {"name": "sigv4a", "signingName": "spoken", "signingRegionSet": ["*"]}]}}}]}


class Shown(unittest.TestCase):
    def test_signature_for_several_regions_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            place = os.path.join(folder, "spoken/2020-01-01")
            os.makedirs(place)
            for name, content in (("service-2", SPOKEN), ("endpoint-rule-set-1", SIGV4A)):
                with open(os.path.join(place, name + ".json"), "w", encoding="utf-8") as file:
                    json.dump(content, file)
            result = parity("call", "--dry-run", "--sign", "--region", "us-east-1", "spoken", "Speak",
                            '{"Words": [{"Word": {"Text": "hi"}}]}', env=environment(AWS_DATA_PATH=folder))
        self.assertEqual(result.code, 2)
        self.assertIn("events can be signed with SigV4 only", result.err)

    def test_each_event_has_the_signature_that_botocore_makes_for_it(self):
        for service, operation, given, expected in (
                (*CALL, [("TextEvent", '{"Text": "hi", "TextType": "text"}'), ("CloseStreamEvent", "{}")]),
                ("bedrock-runtime", "InvokeModelWithBidirectionalStream", json.dumps(
                    {"modelId": "m", "body": [{"chunk": {"bytes": {"$bytes": "AP8="}}}]}),
                 [("chunk", '{"bytes": "AP8="}')]),
                ("lexv2-runtime", "StartConversation", json.dumps(
                    {"botId": "B" * 10, "botAliasId": "T", "localeId": "en_US", "sessionId": "ss",
                     "requestEventStream": [
                         {"TextInputEvent": {"text": "hi", "eventId": "e-1", "clientTimestampMillis": 5}}]}),
                 [("TextInputEvent", '{"text": "hi", "eventId": "e-1", "clientTimestampMillis": 5}')])):
            with self.subTest(service=service):
                result = parity("call", "--dry-run", "--sign", "--region", "us-east-1", service, operation,
                                given)
                self.assertEqual(result.code, 0, result.err)
                self.assertEqual(result.json["headers"]["Content-Type"],
                                 "application/vnd.amazon.eventstream")
                self.assertEqual(result.json["headers"]["X-Amz-Content-Sha256"],
                                 "STREAMING-AWS4-HMAC-SHA256-EVENTS")
                judged = judge(result.json)
                self.assertTrue(all(entry["right"] for entry in judged), judged)
                self.assertNotIn("headers", judged.pop(), "an empty message ends the stream")
                self.assertEqual([(entry["headers"][":event-type"], entry["payload"]) for entry in judged],
                                 expected)

    def test_events_are_shown_one_by_one(self):
        result = parity("call", "--dry-run", "--region", "us-east-1", *CALL)
        self.assertEqual(result.json["events"], [
            {"headers": {":message-type": "event", ":event-type": name, ":content-type": "application/json"},
             "payload": payload} for name, payload in (
                 ("TextEvent", '{"Text": "hi", "TextType": "text"}'), ("CloseStreamEvent", "{}"))])

    def test_signed_events_are_shown_within_their_signatures(self):
        result = parity("call", "--dry-run", "--sign", "--region", "us-east-1", *CALL)
        outer = result.json["events"]
        self.assertEqual([list(event["headers"]) for event in outer], [[":date", ":chunk-signature"]] * 3)
        self.assertEqual(outer[0]["payload"]["headers"][":event-type"], "TextEvent")
        self.assertEqual(outer[2]["payload"], "")

    def test_every_fault_of_the_events_is_named(self):
        given = json.loads(SPEECH) | {"ActionStream": [{"TextEvents": {}}, {"TextEvent": {"Text": 1}}]}
        result = parity("call", "--dry-run", "--region", "us-east-1", *CALL[:2], json.dumps(given))
        self.assertEqual(result.code, 2)
        self.assertIn("ActionStream[0]: unknown parameter 'TextEvents'; did you mean 'TextEvent'?", result.err)
        self.assertIn("ActionStream[1].TextEvent.Text: must be a string", result.err)


class Sent(unittest.TestCase):
    def test_an_emulator_gets_events_and_answers_with_events(self):
        with Server(response("200 OK", ANSWER, "Content-Type: application/vnd.amazon.eventstream")) as server:
            result = call(server.url, *CALL)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.json["EventStream"], [SOUND])
        head, body = server.requests[0]
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        self.assertTrue(head.startswith("POST /v1/synthesisStream HTTP/1.1\r\n"), head)
        judged = judge({"headers": headers, "body": {"$bytes": base64.b64encode(body).decode()}})
        self.assertEqual([entry["right"] for entry in judged], [True] * 3)

    def test_a_retry_signs_the_events_again(self):
        with Server(response("503 Service Unavailable", ""), response("200 OK", ANSWER)) as server:
            result = call(server.url, *CALL, env=environment(AWS_MAX_ATTEMPTS="2"))
        self.assertEqual(result.code, 0, result.err)
        for head, body in server.requests:
            headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
            judged = judge({"headers": headers, "body": {"$bytes": base64.b64encode(body).decode()}})
            self.assertEqual([entry["right"] for entry in judged], [True] * 3)

    def test_unsigned_events_go_out_as_they_are(self):
        with Server(response("200 OK", ANSWER)) as server:
            result = call(server.url, "--no-sign-request", *CALL)
        self.assertEqual(result.code, 0, result.err)
        head, body = server.requests[0]
        self.assertNotIn("X-Amz-Content-Sha256", head)
        shown = parity("call", "--dry-run", "--no-sign-request", "--region", "us-east-1", *CALL).json
        self.assertEqual(base64.b64encode(body).decode(), shown["body"]["$bytes"])

    @unittest.skipUnless(shutil.which("openssl"), "no openssl command")
    def test_aws_gets_events_over_http_2(self):
        host = "polly.eu-west-1.amazonaws.com"
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(folder, "authority")
            with Http2Server(*authority.sign("polly", host), ANSWER) as server:
                result = parity("call", "--connect-to", f"{host}:443:127.0.0.1:{server.port}", *CALL,
                                env=environment(TEST_TARGET="AWS_CLOUD", AWS_REGION="eu-west-1",
                                                AWS_MAX_ATTEMPTS="1",
                                                AWS_CA_BUNDLE=str(authority.path("crt"))))
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(server.protocol, "h2")
        self.assertEqual(result.json["EventStream"], [SOUND])
        self.assertIn(b'{"Text": "hi", "TextType": "text"}', server.received)


if __name__ == "__main__":
    if subprocess.run([PYTHON, "-c", "import botocore"], capture_output=True, check=False).returncode:
        print(f"skipped: {PYTHON} has no botocore (PARITY_PYTHON)")
        sys.exit(call_support.NO_MODELS)
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    unittest.main()
