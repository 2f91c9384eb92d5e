# SPDX-License-Identifier: Apache-2.0
"""
Services that tell where they answer: AWS mode, led to a server on this machine by connect-to, which
hands out endpoints with names of AWS.
"""
import json
import pathlib
import shutil
import ssl
import sys
import tempfile
import unittest

import call_support
from call_support import Server, environment, parity
from certificates import Authority

DOMAIN = "timestream.eu-west-1.amazonaws.com"
HOME = f"query.{DOMAIN}"
CELLS = f"query-cell1.{DOMAIN}", f"query-cell2.{DOMAIN}"
DYNAMODB = "dynamodb.eu-west-1.amazonaws.com"
OTHER = "cell.example.com"
folder = authority = context = None


def response(status, body):
    """The server takes the next connection when the one before is closed."""
    return call_support.response(status, body, "Connection: close")


def told(*addresses, minutes=60):
    return response("200 OK", json.dumps({"Endpoints": [
        {"Address": address, "CachePeriodInMinutes": minutes} for address in addresses]}))


def refused(code):
    return response("400 Bad Request", json.dumps({"__type": code, "message": "no"}))


DONE = response("200 OK", "{}")
PAGES = [response("200 OK", json.dumps({"ScheduledQueries": [{"Name": name}], **more}))
         for name, more in (("a", {"NextToken": "t"}), ("b", {}))]


class Discovery(unittest.TestCase):
    def call(self, answers, *arguments, **settings):
        """Runs a call; `self.seen` has host, operation and headers of each request."""
        with Server(*answers, wrap=lambda connection: context.wrap_socket(
                connection, server_side=True)) as server:
            settings = {"AWS_MAX_ATTEMPTS": "1", **settings}
            result = parity("call", "--connect-to", f"::127.0.0.1:{server.port}", *arguments,
                            env=environment(TEST_TARGET="AWS_CLOUD", AWS_REGION="eu-west-1",
                                            AWS_CA_BUNDLE=str(authority.path("crt")), **settings))
        self.requests = [(dict(line.split(": ", 1) for line in head.split("\r\n")[1:]), body)
                         for head, body in server.requests]
        self.seen = [(headers["Host"], headers["X-Amz-Target"].partition(".")[2])
                     for headers, _ in self.requests]
        return result

    def query(self, answers, **settings):
        return self.call(answers, "timestream-query", "Query", '{"QueryString": "SELECT 1"}', **settings)

    def test_operation_that_requires_it_is_sent_to_the_first_endpoint_told(self):
        result = self.query([told(*CELLS), DONE])
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(self.seen, [(HOME, "DescribeEndpoints"), (CELLS[0], "Query")])
        self.assertEqual(self.requests[0][0]["x-amz-api-version"], "2018-11-01")
        self.assertEqual(self.requests[0][1], b"{}")
        self.assertIn("host;", self.requests[1][0]["Authorization"])

    def pages(self, answers, **settings):
        return self.call(answers, "--pages", "timestream-query", "ListScheduledQueries", "{}",
                         **settings)

    def test_answer_is_used_as_long_as_it_says(self):
        result = self.pages([told(CELLS[0]), *PAGES])
        self.assertEqual([query["Name"] for query in result.json["ScheduledQueries"]], ["a", "b"])
        self.assertEqual([host for host, _ in self.seen], [HOME, CELLS[0], CELLS[0]])

    def test_answer_that_holds_for_no_time_is_asked_for_again(self):
        self.pages([told(CELLS[0], minutes=0), PAGES[0], told(CELLS[1], minutes=0), PAGES[1]])
        self.assertEqual([host for host, _ in self.seen], [HOME, CELLS[0], HOME, CELLS[1]])

    def test_old_answer_does_while_nobody_answers(self):
        result = self.pages([told(CELLS[0], minutes=0), PAGES[0], b"", PAGES[1]])
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([host for host, _ in self.seen], [HOME, CELLS[0], HOME, CELLS[0]])

    def test_endpoint_that_turns_out_wrong_is_asked_for_again(self):
        for answer in (refused("InvalidEndpointException"), response("421 Misdirected Request", "{}")):
            result = self.query([told(CELLS[0]), answer, told(CELLS[1]), DONE], AWS_MAX_ATTEMPTS="2")
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual([host for host, _ in self.seen], [HOME, CELLS[0], HOME, CELLS[1]])
            self.assertEqual(result.json["ResponseMetadata"]["RetryAttempts"], 1)

    def test_wrong_endpoint_is_asked_for_no_more_often_than_there_are_attempts(self):
        result = self.query([told(CELLS[0]), refused("InvalidEndpointException")])
        self.assertEqual((result.code, len(self.seen)), (1, 2))

    def test_service_that_refuses_to_tell(self):
        result = self.query([refused("AccessDeniedException")])
        self.assertEqual(result.code, 3)
        self.assertIn("DescribeEndpoints", result.err)
        self.assertIn("the service does not tell its endpoint: AccessDeniedException: no", result.err)
        self.assertEqual(len(self.seen), 1)

    def test_required_endpoint_that_nobody_tells(self):
        result = self.query([b""])
        self.assertEqual(result.code, 3)
        self.assertIn("the endpoint has to be asked for, and nobody answers", result.err)

    def test_address_may_have_a_scheme(self):
        self.query([told(f"https://{CELLS[0]}/"), DONE])
        self.assertEqual([host for host, _ in self.seen], [HOME, CELLS[0]])

    def test_address_need_not_be_one_of_aws(self):
        self.query([told(OTHER), DONE])
        self.assertEqual([host for host, _ in self.seen], [HOME, OTHER])

    def test_what_is_required_may_not_be_forbidden(self):
        for name in ("AWS_ENABLE_ENDPOINT_DISCOVERY", "AWS_ENDPOINT_DISCOVERY_ENABLED"):
            result = self.query([DONE], **{name: "false"})
            self.assertEqual((result.code, self.seen), (2, []))
            self.assertIn("the endpoint has to be asked for (DescribeEndpoints)", result.err)

    def test_what_is_possible_is_done_when_it_is_asked_for(self):
        call = ("dynamodb", "ListTables", "{}")
        for settings, hosts in (({}, [DYNAMODB]),
                                ({"AWS_ENABLE_ENDPOINT_DISCOVERY": "auto"}, [DYNAMODB]),
                                ({"AWS_ENABLE_ENDPOINT_DISCOVERY": "False"}, [DYNAMODB]),
                                ({"AWS_ENABLE_ENDPOINT_DISCOVERY": "TRUE"}, [DYNAMODB, CELLS[0]])):
            self.call([told(CELLS[0]), DONE] if len(hosts) > 1 else [DONE], *call,
                      AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled", **settings)
            self.assertEqual([host for host, _ in self.seen], hosts)

    def test_without_an_answer_that_is_optional_the_usual_endpoint_does(self):
        result = self.call([b"", DONE], "dynamodb", "ListTables", "{}",
                           AWS_ENABLE_ENDPOINT_DISCOVERY="true",
                           AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([host for host, _ in self.seen], [DYNAMODB, DYNAMODB])

    def test_setting_of_the_profile(self):
        config = pathlib.Path(folder) / "config"
        config.write_text("[default]\nendpoint_discovery_enabled = true\n")
        self.call([told(CELLS[0]), DONE], "dynamodb", "ListTables", "{}",
                  AWS_CONFIG_FILE=str(config), AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")
        self.assertEqual([host for host, _ in self.seen], [DYNAMODB, CELLS[0]])

    def test_setting_that_is_no_word_of_it(self):
        result = self.query([DONE], AWS_ENABLE_ENDPOINT_DISCOVERY="perhaps")
        self.assertEqual((result.code, self.seen), (2, []))
        self.assertIn("'perhaps' is neither auto nor true nor false", result.err)

    def test_endpoint_that_is_given_is_used_as_it_is(self):
        result = self.call([DONE], "--endpoint-url", f"https://{CELLS[1]}", "timestream-query",
                           "Query", '{"QueryString": "SELECT 1"}')
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(self.seen, [(CELLS[1], "Query")])

    def test_what_is_only_shown_asks_nobody(self):
        result = self.call([DONE], "--dry-run", "timestream-query", "Query", '{"QueryString": "x"}')
        self.assertEqual((result.code, self.seen), (0, []))
        self.assertEqual(result.json["url"], f"https://{HOME}/")

    def test_identifiers_of_the_input_are_told_and_remembered(self):
        things = pathlib.Path(folder) / "data/cellular/2020-01-01"
        things.mkdir(parents=True, exist_ok=True)
        (things / "service-2.json").write_text(json.dumps(CELLULAR))
        (things / "endpoint-rule-set-1.json").write_text(json.dumps(RULES))
        config = pathlib.Path(folder) / "none"
        answers = [told(CELLS[0]), DONE]
        self.call(answers, "cellular", "GetThing", '{"Place": {"Id": "x", "Other": 1}}',
                  AWS_DATA_PATH=str(things.parent.parent), AWS_CONFIG_FILE=str(config))
        self.assertEqual(self.seen, [(HOME, "Tell"), (CELLS[0], "GetThing")])
        self.assertEqual(json.loads(self.requests[0][1]),
                         {"Operation": "GetThing", "Identifiers": {"Id": "x"}})


CELLULAR = {
    "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.0",
                 "endpointPrefix": "cellular", "serviceId": "Cellular", "targetPrefix": "C",
                 "signatureVersion": "v4", "uid": "cellular-2020-01-01"},
    "operations": {
        "Tell": {"name": "Tell", "http": {"method": "POST", "requestUri": "/"},
                 "input": {"shape": "Question"}, "endpointoperation": True},
        "GetThing": {"name": "GetThing", "http": {"method": "POST", "requestUri": "/"},
                     "input": {"shape": "Input"}, "endpointdiscovery": {"required": True}}},
    "shapes": {
        "Question": {"type": "structure", "members": {"Operation": {"shape": "Text"},
                                                      "Identifiers": {"shape": "Texts"}}},
        "Input": {"type": "structure", "members": {"Place": {"shape": "Place"}}},
        "Place": {"type": "structure", "members": {
            "Id": {"shape": "Text", "endpointdiscoveryid": True}, "Other": {"shape": "Number"}}},
        "Texts": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
        "Text": {"type": "string"}, "Number": {"type": "integer"}}}
CELLULAR["operations"]["Tell"]["output"] = {"shape": "Told"}
CELLULAR["shapes"].update({
    "Told": {"type": "structure", "members": {"Endpoints": {"shape": "Endpoints"}}},
    "Endpoints": {"type": "list", "member": {"shape": "Endpoint"}},
    "Endpoint": {"type": "structure", "members": {"Address": {"shape": "Text"},
                                                  "CachePeriodInMinutes": {"shape": "Number"}}}})
RULES = {"version": "1.0", "parameters": {}, "rules": [
    {"conditions": [], "type": "endpoint",
     "endpoint": {"url": f"https://{HOME}", "properties": {}, "headers": {}}}]}


def setUpModule():
    global folder, authority, context
    folder = tempfile.mkdtemp()
    authority = Authority(folder, "authority")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.sign("server", f"*.{DOMAIN}", DYNAMODB, OTHER))


def tearDownModule():
    shutil.rmtree(folder)


if __name__ == "__main__":
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    if not shutil.which("openssl"):
        print("skipped: no openssl command")
        sys.exit(77)
    unittest.main()
