# SPDX-License-Identifier: Apache-2.0
"""
`parity call` against a real emulator, over every protocol that it serves, without and with its
verification of signatures.

Needs a Python with moto's server: PARITY_PYTHON, else the one that runs this; skipped (77) without.
"""
import json
import os
import socket
import subprocess
import sys
import time
import unittest

import call_support
from call_support import call, environment

PYTHON = os.environ.get("PARITY_PYTHON", sys.executable)
HAS_MOTO = "import moto.server, flask, flask_cors"


class Moto:
    def __init__(self, **changes):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [PYTHON, "-c", "import sys; from moto.server import main; main(sys.argv[1:])",
             "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(**changes))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError("moto does not come up")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = Moto()

    @classmethod
    def tearDownClass(cls):
        cls.moto.stop()

    def ok(self, service, operation, given="{}", env=None):
        result = call(self.moto.url, service, operation, given, env=env)
        self.assertEqual(result.code, 0, result.err + result.out)
        self.assertEqual(result.json["ResponseMetadata"]["RetryAttempts"], 0)
        return result.json

    def error(self, service, operation, given="{}"):
        result = call(self.moto.url, service, operation, given)
        self.assertEqual(result.code, 1, result.err + result.out)
        return result.json["Error"]["Code"]

    def test_sqs_json(self):
        url = self.ok("sqs", "CreateQueue", '{"QueueName": "q"}')["QueueUrl"]
        sent = self.ok("sqs", "SendMessage", f'{{"QueueUrl": "{url}", "MessageBody": "h\u00e9 <&>"}}')
        got = self.ok("sqs", "ReceiveMessage", f'{{"QueueUrl": "{url}"}}')["Messages"][0]
        self.assertEqual(got["Body"], "h\u00e9 <&>")
        self.assertEqual(got["MessageId"], sent["MessageId"])
        self.assertEqual(self.error("sqs", "GetQueueUrl", '{"QueueName": "none"}'),
                         "AWS.SimpleQueueService.NonExistentQueue")

    def test_sns_query(self):
        arn = self.ok("sns", "CreateTopic", '{"Name": "t"}')["TopicArn"]
        self.assertEqual(arn, "arn:aws:sns:us-east-1:123456789012:t")
        self.ok("sns", "Publish", f'{{"TopicArn": "{arn}", "Message": "a+b c/~*"}}')
        self.assertEqual(self.error("sns", "GetTopicAttributes", f'{{"TopicArn": "{arn}x"}}'), "NotFound")

    def test_ec2(self):
        vpc = self.ok("ec2", "CreateVpc", '{"CidrBlock": "10.9.0.0/16"}')["Vpc"]["VpcId"]
        seen = self.ok("ec2", "DescribeVpcs", f'{{"VpcIds": ["{vpc}"]}}')["Vpcs"]
        self.assertEqual([item["CidrBlock"] for item in seen], ["10.9.0.0/16"])
        self.assertEqual(self.error("ec2", "DescribeVpcs", '{"VpcIds": ["vpc-00000000"]}'),
                         "InvalidVpcID.NotFound")

    def test_lambda_rest_json(self):
        self.assertEqual(self.ok("lambda", "ListFunctions")["Functions"], [])
        self.assertEqual(self.error("lambda", "GetFunction", '{"FunctionName": "none"}'),
                         "ResourceNotFoundException")

    def test_s3_rest_xml(self):
        self.ok("s3", "CreateBucket", '{"Bucket": "abc"}')
        for key in ("plain", "a b//c/../d+e%20\u00fc", "<&>"):
            self.ok("s3", "PutObject", f'{{"Bucket": "abc", "Key": "{key}", "Body": "{key}"}}')
            got = self.ok("s3", "GetObject", f'{{"Bucket": "abc", "Key": "{key}"}}')
            self.assertEqual(got["Body"], key)
        keys = [item["Key"] for item in self.ok("s3", "ListObjectsV2", '{"Bucket": "abc"}')["Contents"]]
        self.assertEqual(keys, ["<&>", "a b//c/../d+e%20\u00fc", "plain"])
        location = self.ok("s3", "GetBucketLocation", '{"Bucket": "abc"}')
        self.assertIsNone(location["LocationConstraint"])
        self.assertEqual(list(location), ["LocationConstraint", "ResponseMetadata"])
        self.ok("s3", "DeleteObjects", '{"Bucket": "abc", "Delete": {"Objects": [{"Key": "<&>"}]}}')
        self.assertEqual(self.error("s3", "GetObject", '{"Bucket": "abc", "Key": "<&>"}'), "NoSuchKey")
        self.assertEqual(self.error("s3", "HeadBucket", '{"Bucket": "none"}'), "404")

    def test_s3_bytes_from_a_file(self):
        self.ok("s3", "CreateBucket", '{"Bucket": "bytes"}')
        self.ok("s3", "PutObject", '{"Bucket": "bytes", "Key": "k", "Body": {"$bytes": "AP+AwA=="}}')
        got = self.ok("s3", "GetObject", '{"Bucket": "bytes", "Key": "k"}')
        self.assertEqual(got["Body"], {"$bytes": "AP+AwA=="})

    def test_pages_are_followed(self):
        self.ok("s3", "CreateBucket", '{"Bucket": "paged"}')
        keys = [f"k{number}" for number in range(7)]
        for key in keys:
            self.ok("s3", "PutObject", f'{{"Bucket": "paged", "Key": "{key}"}}')
        for operation, limit in (("ListObjectsV2", "MaxKeys"), ("ListObjects", "MaxKeys")):
            given = json.dumps({"Bucket": "paged", limit: 3})
            result = call(self.moto.url, "--pages", "s3", operation, given)
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual([item["Key"] for item in result.json["Contents"]], keys)
        result = call(self.moto.url, "--pages", "s3", "ListObjectsV2", '{"Bucket": "none"}')
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual(result.json["Error"]["Code"], "NoSuchBucket")

    def test_waiters_wait(self):
        def wait(name, operation, given):
            return call(self.moto.url, "--wait", name, "--wait-delay", "0.01", "--wait-attempts",
                        "2", "s3", operation, given)

        self.assertEqual(wait("BucketExists", "HeadBucket", '{"Bucket": "awaited"}').code, 1)
        self.assertEqual(wait("BucketNotExists", "HeadBucket", '{"Bucket": "awaited"}').code, 0)
        self.ok("s3", "CreateBucket", '{"Bucket": "awaited"}')
        self.assertEqual(wait("BucketExists", "HeadBucket", '{"Bucket": "awaited"}').code, 0)
        result = wait("ObjectExists", "HeadObject", '{"Bucket": "awaited", "Key": "k"}')
        self.assertEqual(result.code, 1)
        self.assertIn("waiter ObjectExists gave up after 2 attempts", result.err)
        self.assertIn("last seen: error 404 (HTTP status 404)", result.err)

    def test_dynamodb(self):
        self.ok("dynamodb", "CreateTable",
                '{"TableName": "t", "BillingMode": "PAY_PER_REQUEST",'
                ' "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],'
                ' "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}')
        self.ok("dynamodb", "PutItem",
                '{"TableName": "t", "Item": {"id": {"S": "1"}, "b": {"B": {"$bytes": "AAE="}}}}')
        item = self.ok("dynamodb", "GetItem", '{"TableName": "t", "Key": {"id": {"S": "1"}}}')["Item"]
        self.assertEqual(item, {"id": {"S": "1"}, "b": {"B": {"$bytes": "AAE="}}})

    def test_kms(self):
        key = self.ok("kms", "CreateKey")["KeyMetadata"]
        self.assertEqual(list(key["CreationDate"]), ["$datetime"])
        sealed = self.ok("kms", "Encrypt", f'{{"KeyId": "{key["KeyId"]}", "Plaintext": "hello"}}')
        opened = self.ok("kms", "Decrypt",
                         f'{{"CiphertextBlob": {{"$bytes": "{sealed["CiphertextBlob"]["$bytes"]}"}}}}')
        self.assertEqual(opened["Plaintext"], {"$bytes": "aGVsbG8="})

    def test_secretsmanager_fills_its_token(self):
        self.ok("secretsmanager", "CreateSecret", '{"Name": "s", "SecretString": "x"}')
        self.assertEqual(self.ok("secretsmanager", "GetSecretValue", '{"SecretId": "s"}')["SecretString"], "x")

    def test_iam_policies_are_json(self):
        self.ok("iam", "CreateUser", '{"UserName": "u"}')
        document = {"Version": "2012-10-17",
                    "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
        policy = json.dumps(document).replace('"', '\\"')
        self.ok("iam", "PutUserPolicy",
                f'{{"UserName": "u", "PolicyName": "p", "PolicyDocument": "{policy}"}}')
        got = self.ok("iam", "GetUserPolicy", '{"UserName": "u", "PolicyName": "p"}')
        self.assertEqual(got["PolicyDocument"], document)

    def test_sts(self):
        self.assertEqual(self.ok("sts", "GetCallerIdentity")["Account"], "123456789012")

    def test_cloudwatch_cbor(self):
        self.assertIn("Metrics", self.ok("cloudwatch", "ListMetrics"))

    def test_route53_ids_may_have_a_path(self):
        zone = self.ok("route53", "CreateHostedZone", '{"Name": "example.com", "CallerReference": "r"}')
        self.assertTrue(zone["HostedZone"]["Id"].startswith("/hostedzone/"))
        got = self.ok("route53", "GetHostedZone", f'{{"Id": "{zone["HostedZone"]["Id"]}"}}')
        self.assertEqual(got["HostedZone"]["Name"], "example.com.")


class Signatures(unittest.TestCase):
    """moto lets three actions pass, then verifies who signs."""

    @classmethod
    def setUpClass(cls):
        cls.moto = Moto(INITIAL_NO_AUTH_ACTION_COUNT="3")
        policy = ('{\\"Version\\": \\"2012-10-17\\", \\"Statement\\": [{\\"Effect\\": \\"Allow\\", '
                  '\\"Action\\": \\"*\\", \\"Resource\\": \\"*\\"}]}')
        call(cls.moto.url, "iam", "CreateUser", '{"UserName": "u"}')
        call(cls.moto.url, "iam", "PutUserPolicy",
             f'{{"UserName": "u", "PolicyName": "p", "PolicyDocument": "{policy}"}}')
        key = call(cls.moto.url, "iam", "CreateAccessKey", '{"UserName": "u"}').json["AccessKey"]
        cls.env = environment(AWS_ACCESS_KEY_ID=key["AccessKeyId"],
                              AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"])

    @classmethod
    def tearDownClass(cls):
        cls.moto.stop()

    def test_signatures_of_every_protocol_are_accepted(self):
        # Neither a path that moto decodes before it verifies nor a rest-json service: there it
        # refuses botocore's signatures as well.
        for service, operation, given in (
                ("sqs", "ListQueues", "{}"), ("sns", "ListTopics", "{}"), ("ec2", "DescribeVpcs", "{}"),
                ("iam", "ListUsers", "{}"),
                ("s3", "CreateBucket", '{"Bucket": "signed"}'),
                ("s3", "PutObject", '{"Bucket": "signed", "Key": "a//../b c", "Body": "x"}'),
                ("s3", "GetObject", '{"Bucket": "signed", "Key": "a//../b c"}'),
                ("dynamodb", "ListTables", "{}"), ("cloudwatch", "ListMetrics", "{}")):
            with self.subTest(service=service, operation=operation):
                result = call(self.moto.url, service, operation, given, env=self.env)
                self.assertEqual(result.code, 0, result.err + result.out)

    def test_wrong_secret_is_refused(self):
        env = self.env | {"AWS_SECRET_ACCESS_KEY": "wrong"}
        for service, operation, code in (("iam", "ListUsers", "SignatureDoesNotMatch"),
                                         ("s3", "ListBuckets", "SignatureDoesNotMatch")):
            with self.subTest(service=service):
                result = call(self.moto.url, service, operation, env=env)
                self.assertEqual(result.code, 1, result.err + result.out)
                self.assertEqual(result.json["Error"]["Code"], code)
                self.assertNotIn("wrong", result.out + result.err)


if __name__ == "__main__":
    if subprocess.run([PYTHON, "-c", HAS_MOTO], capture_output=True, check=False).returncode:
        print(f"skipped: {PYTHON} has no moto server (PARITY_PYTHON)")
        sys.exit(call_support.NO_MODELS)
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    unittest.main()
