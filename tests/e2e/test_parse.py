# SPDX-License-Identifier: Apache-2.0
"""`parity parse` from outside: what it prints, what it refuses and how it says so."""
import base64
import json
import os
import subprocess
import tempfile
import unittest

PARITY = os.environ["PARITY_BIN"]


def model(protocol, **metadata):
    return {
        "metadata": {"protocol": protocol, "apiVersion": "1", "endpointPrefix": "x", **metadata},
        "operations": {
            "Get": {"name": "Get", "http": {"method": "GET", "requestUri": "/"},
                    "output": {"shape": "Out", "resultWrapper": "GetResult"}},
            "Stream": {"name": "Stream", "output": {"shape": "StreamOut"}},
        },
        "shapes": {
            "Out": {"type": "structure", "members": {
                "Name": {"shape": "Text"}, "When": {"shape": "Time"}, "Data": {"shape": "Blob"},
                "Items": {"shape": "Texts"}, "Count": {"shape": "Number"}}},
            "StreamOut": {"type": "structure", "payload": "Body",
                          "members": {"Body": {"shape": "Blob"}}},
            "Text": {"type": "string"}, "Time": {"type": "timestamp"}, "Blob": {"type": "blob"},
            "Number": {"type": "integer"}, "Texts": {"type": "list", "member": {"shape": "Text"}},
            "Gone": {"type": "structure", "exception": True,
                     "members": {"Name": {"shape": "Text"}}},
        },
    }


class Parse(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    def run_parity(self, *arguments, document=None):
        return subprocess.run([PARITY, "parse", *arguments], input=document or b"",
                              capture_output=True, timeout=60, check=False)

    def parse(self, protocol, status, body, headers=None, operation="Get", exit_status=0):
        document = json.dumps({"status_code": status, "headers": headers or {}, "body": body})
        done = self.run_parity("--model", self.path("model.json", model(protocol)), "x", operation,
                               document=document.encode())
        self.assertEqual(done.stderr, b"")
        self.assertEqual(done.returncode, exit_status)
        return json.loads(done.stdout)

    def assert_refused(self, protocol, status, body, message, headers=None, operation="Get"):
        document = json.dumps({"status_code": status, "headers": headers or {}, "body": body})
        done = self.run_parity("--model", self.path("model.json", model(protocol)), "x", operation,
                               document=document.encode())
        self.assertEqual(done.stdout, b"")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.decode(), f"parity: {message}\n")

    # --- results --------------------------------------------------------------------------------

    def test_members_come_first_and_metadata_last(self):
        result = self.parse("json", 200, json.dumps({"Data": "AP8=", "When": 1.5, "Name": "n"}),
                            {"x-amzn-RequestId": "r", "X-Other": "o"})
        self.assertEqual(list(result), ["Name", "When", "Data", "ResponseMetadata"])
        self.assertEqual(result, {
            "Name": "n", "When": {"$datetime": "1970-01-01T00:00:01.500000+00:00"},
            "Data": {"$bytes": "AP8="},
            "ResponseMetadata": {"RequestId": "r", "HTTPStatusCode": 200,
                                 "HTTPHeaders": {"x-amzn-requestid": "r", "x-other": "o"}}})

    def test_query_loses_its_wrappers(self):
        body = ("<GetResponse xmlns='urn:x'><GetResult><Items/><Name>a &amp; b</Name></GetResult>"
                "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetResponse>")
        result = self.parse("query", 200, body)
        self.assertEqual(result["Items"], [])
        self.assertEqual(result["Name"], "a & b")
        self.assertEqual(result["ResponseMetadata"]["RequestId"], "r")

    def test_a_stream_is_text_if_it_can_be(self):
        self.assertEqual(self.parse("rest-json", 200, "caf\u00e9", operation="Stream")["Body"],
                         "caf\u00e9")
        raw = {"$bytes": base64.b64encode(b"\xff\x00").decode()}
        self.assertEqual(self.parse("rest-json", 200, raw, operation="Stream")["Body"], raw)

    def test_an_error_exits_with_1(self):
        result = self.parse("json", 400, json.dumps({"__type": "a#Gone", "message": "m",
                                                     "Name": "n"}), exit_status=1)
        self.assertEqual(result["Error"], {"Message": "m", "Code": "Gone"})
        self.assertEqual(result["Name"], "n")

    def test_an_output_member_named_error_is_no_error(self):
        path = self.path("with_error.json", {
            "metadata": {"protocol": "json", "jsonVersion": "1.0", "targetPrefix": "X", "apiVersion": "1"},
            "operations": {"Get": {"name": "Get", "http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Out"}}},
            "shapes": {"Out": {"type": "structure", "members": {"Error": {"shape": "S"}}}, "S": {"type": "string"}}})
        document = json.dumps({"status_code": 200, "headers": {}, "body": '{"Error": "it failed"}'})
        done = self.run_parity("--model", path, "x", "Get", document=document.encode())
        self.assertEqual(done.stderr, b"")
        self.assertEqual(json.loads(done.stdout)["Error"], "it failed")
        self.assertEqual(done.returncode, 0)

    def test_a_protocol_can_be_chosen(self):
        path = self.path("model.json", model("json", protocols=["json", "query"]))
        document = b'{"status_code": 200, "body": "<R><GetResult><Name>n</Name></GetResult></R>"}'
        done = self.run_parity("--protocol", "query", "--model", path, "x", "Get",
                               document=document)
        self.assertEqual(json.loads(done.stdout)["Name"], "n")

    def test_headers_of_one_name_are_joined(self):
        result = self.parse("json", 200, "{}", {"X-A": ["1", "2"]})
        self.assertEqual(result["ResponseMetadata"]["HTTPHeaders"], {"x-a": "1, 2"})

    # --- what servers send when something is wrong ----------------------------------------------

    def test_error_pages_become_errors_with_the_status(self):
        for protocol in ("json", "query", "ec2", "rest-json", "rest-xml", "smithy-rpc-v2-cbor"):
            for body in ("", "<html><body>Service Unavailable</body></html>", " \n "):
                result = self.parse(protocol, 503, body, exit_status=1)
                self.assertEqual(result["Error"], {"Code": "503", "Message": "Service Unavailable"})

    def test_answers_to_head_become_errors_with_the_status(self):
        result = self.parse("rest-xml", 404, "", {"x-amz-request-id": "r"}, exit_status=1)
        self.assertEqual(result["Error"], {"Code": "404", "Message": "Not Found"})
        self.assertEqual(result["ResponseMetadata"]["RequestId"], "r")

    def test_html_where_a_result_should_be_is_refused(self):
        self.assert_refused(
            "json", 200, "<html>\n<body>Hi", "the response cannot be read: expected a value, found "
            "'<' (line 1, column 1); the response was 200 text/html: <html> <body>Hi",
            {"Content-Type": "text/html"})

    def test_a_truncated_body_is_refused(self):
        self.assert_refused(
            "query", 200, "<GetResponse><GetResult><Na", "the response cannot be read: no usable "
            "XML: unclosed token (line 1, column 25); the response was 200 without a content type: "
            "<GetResponse><GetResult><Na")

    def test_a_body_of_another_protocol_is_refused(self):
        self.assert_refused(
            "rest-xml", 200, '{"Name": "n"}', "the response cannot be read: no usable XML: not "
            "well-formed (invalid token) (line 1, column 1); the response was 200 without a content "
            "type: {\"Name\": \"n\"}")
        self.assert_refused(
            "query", 400, "<Error><Code>NoSuchKey</Code></Error>", "the response cannot be read: "
            "the error has no element <Error>; the response was 400 without a content type: "
            "<Error><Code>NoSuchKey</Code></Error>")

    def test_a_missing_wrapper_is_named(self):
        self.assert_refused(
            "query", 200, "<R/>", "the response cannot be read: <R> has no element <GetResult>; the "
            "response was 200 without a content type: <R/>")

    def test_a_value_of_the_wrong_type_is_named_with_its_path(self):
        self.assert_refused(
            "json", 200, '{"Items": {"a": 1}}', "the response cannot be read: Items: an object "
            "stands where the model has a list; the response was 200 without a content type: "
            "{\"Items\": {\"a\": 1}}")
        self.assert_refused(
            "rest-xml", 200, "<O><Count>many</Count></O>", "the response cannot be read: Count: "
            "'many' is no integer; the response was 200 without a content type: "
            "<O><Count>many</Count></O>")

    def test_nothing_that_is_sent_crashes_it(self):
        bodies = [b"\x00", b"\xff\xfe", b"[" * 100000, b"{\"a\":" * 5000, b"<a>" * 100000,
                  b"\x9f" * 100000, b"\xbf\xff\xff", b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
                  b"\x7b\x7f\xff\xff\xff\xff\xff\xff\xff", b"{\"Name\": 1e400}", b"null", b"[]", b"5",
                  b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a" + b" b='c'" * 2, b"\xc1\xf6"]
        for protocol in ("json", "query", "ec2", "rest-json", "rest-xml", "smithy-rpc-v2-cbor"):
            path = self.path("model.json", model(protocol))
            for body in bodies:
                for status in (200, 400, 500):
                    document = {"status_code": status,
                                "body": {"$bytes": base64.b64encode(body).decode()}}
                    done = self.run_parity("--model", path, "x", "Get",
                                           document=json.dumps(document).encode())
                    self.assertIn(done.returncode, (0, 1, 2), (protocol, body[:20], done.stderr))
                    self.assertEqual(bool(done.stdout), done.returncode != 2)

    # --- wrong usage ----------------------------------------------------------------------------

    def assert_usage(self, arguments, message, status=2, document=b"{}"):
        done = self.run_parity(*arguments, document=document)
        self.assertEqual(done.returncode, status)
        self.assertEqual(done.stdout, b"")
        self.assertIn(message, done.stderr.decode().replace(self.folder, "DIR"))

    def test_wrong_arguments_are_refused(self):
        path = self.path("model.json", model("json"))
        self.assert_usage(["x"], "SERVICE, OPERATION and at most one FILE are needed")
        self.assert_usage(["a", "b", "c", "d"], "SERVICE, OPERATION and at most one FILE are needed")
        self.assert_usage(["--modle", path, "x", "Get"], "did you mean '--model'?")
        self.assert_usage(["--model", path, "x", "Gte"], "no operation 'Gte'; did you mean 'Get'?",
                          document=b'{"status_code": 200}')
        self.assert_usage(["--model", path, "x", "Get", "/nowhere.json"], "/nowhere.json: cannot read")
        self.assert_usage(["--model", "/nowhere.json", "x", "Get"], "/nowhere.json",
                          document=b'{"status_code": 200}')
        self.assert_usage(["--model", path, "--protocol", "soap", "x", "Get"],
                          "unknown protocol 'soap' (known are ec2,", document=b'{"status_code": 200}')

    def test_wrong_documents_are_refused(self):
        path = self.path("model.json", model("json"))
        for document, message in (
                (b"", "empty"), (b"{", ""), (b"[]", "standard input: this is no object"),
                (b"{}", "'status_code' is no status"), (b'{"status_code": "200"}', "is no status"),
                (b'{"status_code": 20}', "is no status"),
                (b'{"status_code": 200, "headers": []}', "'headers' is no object"),
                (b'{"status_code": 200, "headers": {"a": 1}}', "a header is no string"),
                (b'{"status_code": 200, "headers": {"a": [["b"]]}}', "a header is no string"),
                (b'{"status_code": 200, "body": {}}', "'body' is neither text nor bytes"),
                (b'{"status_code": 200, "body": {"$bytes": "?"}}', "'body' is neither text nor")):
            self.assert_usage(["--model", path, "x", "Get"], message, document=document)

    def test_help_is_printed(self):
        done = self.run_parity("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"--protocol NAME", done.stdout)


if __name__ == "__main__":
    unittest.main()
