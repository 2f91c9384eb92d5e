# SPDX-License-Identifier: Apache-2.0
"""`parity call --pages` and `--wait` against a server that answers what it is told to."""
import json
import sys
import unittest

import call_support
from call_support import Server, call, environment, response

ONCE = environment(AWS_MAX_ATTEMPTS="1")


def answer(document, status="200 OK"):
    return response(status, json.dumps(document), "Content-Type: application/x-amz-json-1.0",
                    "x-amzn-RequestId: r-1")


def sent(server):
    return [json.loads(body) for _, body in server.requests]


def table(status):
    return answer({"Table": {"TableStatus": status}})


NOT_FOUND = answer({"__type": "com.amazonaws.dynamodb#ResourceNotFoundException",
                    "message": "no such table"}, "400 Bad Request")


class Pages(unittest.TestCase):
    def test_all_pages_are_merged(self):
        with Server(answer({"QueueUrls": ["http://q/1"], "NextToken": "a"}),
                    answer({"QueueUrls": ["http://q/2"], "NextToken": "b"}),
                    answer({"QueueUrls": ["http://q/3"]})) as server:
            result = call(server.url, "--pages", "sqs", "ListQueues", '{"MaxResults": 1}', env=ONCE)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.json, {"QueueUrls": ["http://q/1", "http://q/2", "http://q/3"]})
        self.assertEqual(sent(server), [{"MaxResults": 1}, {"MaxResults": 1, "NextToken": "a"},
                                        {"MaxResults": 1, "NextToken": "b"}])

    def test_tokens_that_are_objects_and_counts_that_are_numbers(self):
        key = {"id": {"S": "1"}}
        with Server(answer({"Items": [key], "Count": 1, "ScannedCount": 3, "LastEvaluatedKey": key}),
                    answer({"Items": [], "Count": 0, "ScannedCount": 2})) as server:
            result = call(server.url, "--pages", "dynamodb", "Scan", '{"TableName": "t"}', env=ONCE)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.json, {"Items": [key], "Count": 1, "ScannedCount": 5,
                                       "ConsumedCapacity": None})
        self.assertEqual(sent(server)[1], {"TableName": "t", "ExclusiveStartKey": key})

    def test_an_error_on_a_later_page_is_the_result(self):
        with Server(answer({"QueueUrls": ["http://q/1"], "NextToken": "a"}),
                    answer({"__type": "x#InvalidToken", "message": "no"}, "400 Bad Request")) as server:
            result = call(server.url, "--pages", "sqs", "ListQueues", env=ONCE)
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual(result.json["Error"]["Code"], "InvalidToken")

    def test_a_target_that_repeats_its_token_is_stopped(self):
        with Server(answer({"QueueUrls": [], "NextToken": "a"})) as server:
            result = call(server.url, "--pages", "sqs", "ListQueues", env=ONCE)
        self.assertEqual(result.code, 3)
        self.assertEqual(len(server.requests), 2)
        self.assertEqual(result.out, "")
        self.assertIn('pages 1 and 2 end with the same token to go on with, ["a"]', result.err)

    def test_an_operation_without_pages_sends_nothing(self):
        with Server(answer({})) as server:
            result = call(server.url, "--pages", "sqs", "CreateQueue", '{"QueueName": "q"}')
        self.assertEqual(result.code, 2)
        self.assertEqual(server.requests, [])
        self.assertIn("sqs: CreateQueue is not paged", result.err)


class Waits(unittest.TestCase):
    def wait(self, server, *options, name="TableExists", operation="DescribeTable"):
        return call(server.url, "--wait", name, "--wait-delay", "0.01", *options, "dynamodb",
                    operation, '{"TableName": "t"}', env=ONCE)

    def test_until_the_state_is_reached(self):
        with Server(NOT_FOUND, table("CREATING"), table("ACTIVE")) as server:
            result = self.wait(server)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.json["Table"]["TableStatus"], "ACTIVE")
        self.assertEqual(len(server.requests), 3)
        self.assertEqual(result.err, "")

    def test_until_it_is_gone_by_a_name_as_python_has_it(self):
        with Server(table("DELETING"), NOT_FOUND) as server:
            result = self.wait(server, name="table_not_exists")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.json["Error"]["Code"], "ResourceNotFoundException")

    def test_until_attempts_are_used_up(self):
        with Server(table("CREATING")) as server:
            result = self.wait(server, "--wait-attempts", "3")
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual(result.json["Table"]["TableStatus"], "CREATING")
        self.assertEqual(len(server.requests), 3)
        self.assertEqual(result.err, "parity: DescribeTable: waiter TableExists gave up after 3 "
                                     "attempts, 0.01 s apart; last seen: "
                                     'Table.TableStatus = "CREATING"\n')

    def test_an_error_that_no_acceptor_knows_ends_it(self):
        with Server(answer({"__type": "x#AccessDeniedException", "message": "not you"},
                           "400 Bad Request")) as server:
            result = self.wait(server)
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual(len(server.requests), 1)
        self.assertIn("waiter TableExists failed after 1 attempt; last seen: error "
                      "AccessDeniedException (HTTP status 400): not you", result.err)

    def test_what_does_not_fit_is_refused_before_anything_is_sent(self):
        with Server(table("ACTIVE")) as server:
            unknown = self.wait(server, name="TableExist")
            other = self.wait(server, operation="DeleteTable")
            attempts = self.wait(server, "--wait-attempts", "none")
            both = self.wait(server, "--pages")
            alone = call(server.url, "--wait-delay", "1", "dynamodb", "ListTables")
        self.assertEqual([r.code for r in (unknown, other, attempts, both, alone)], [2] * 5)
        self.assertEqual(server.requests, [])
        self.assertIn("there is no waiter 'TableExist'; did you mean 'TableExists'?", unknown.err)
        self.assertIn("waiter TableExists calls DescribeTable, not DeleteTable", other.err)
        self.assertIn("'--wait-attempts' needs a number up to 1000000, not 'none'", attempts.err)
        self.assertIn("exclude each other", both.err)
        self.assertIn("go with '--wait'", alone.err)

    def test_a_broken_connection_is_no_verdict(self):
        with Server(b"") as server:
            result = self.wait(server)
        self.assertEqual(result.code, 3)
        self.assertEqual(result.out, "")
        self.assertIn("waiter TableExists, attempt 1", result.err)


if __name__ == "__main__":
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    unittest.main()
