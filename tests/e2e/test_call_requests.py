# SPDX-License-Identifier: Apache-2.0
"""
The requests that `parity call --dry-run` prints, against those that botocore prepares for the same
input: method, URL, headers, body, and the signature's scope.

Needs a Python with botocore: PARITY_PYTHON, else the one that runs this; skipped (77) without.
"""
import base64
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from urllib.parse import parse_qsl, urlsplit

import call_support
from call_support import environment, parity

PYTHON = os.environ.get("PARITY_PYTHON", sys.executable)
EMULATOR = "http://127.0.0.1:4566"
#: Headers that name the client, the time or chance.
OWN = {"user-agent", "amz-sdk-invocation-id", "amz-sdk-request", "authorization", "x-amz-date"}

KEY = {"$bytes": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}
TABLE = "arn:aws:dynamodb:us-west-2:123456789012:table/t"
ACCESS_POINT = "arn:aws:s3:us-west-2:123456789012:accesspoint:ap"
OUTPOST = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/ap"

CASES = [
    # Each protocol.
    ("sqs", "SendMessage", {"QueueUrl": "http://q/1/a", "MessageBody": "h\u00e9 \u2028 \"<&>\""}),
    ("sns", "Publish", {"TopicArn": "arn:aws:sns:us-west-2:1:t", "Message": "a+b c/~*", "Subject": "s"}),
    ("ec2", "DescribeInstances", {"Filters": [{"Name": "x", "Values": ["a", "b"]}], "MaxResults": 5}),
    ("lambda", "Invoke", {"FunctionName": "arn:aws:lambda:us-west-2:1:function:f", "Payload": "{}",
                          "InvocationType": "Event"}),
    ("lambda", "ListFunctions", {"Marker": "a b/c", "MaxItems": 3}),
    ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{\n}"}),
    ("iam", "ListUsers", {}),
    ("dynamodb", "GetItem", {"TableName": "t", "Key": {"id": {"S": "1"}}}),
    ("dynamodb", "GetItem", {"TableName": TABLE, "Key": {"id": {"B": {"$bytes": "AP8="}}}}),
    ("dynamodb", "BatchGetItem", {"RequestItems": {TABLE: {"Keys": [{"id": {"N": "1"}}]}}}),
    ("dynamodb", "TransactGetItems",
     {"TransactItems": [{"Get": {"TableName": TABLE, "Key": {"id": {"N": "1"}}}}]}),
    ("kms", "Encrypt", {"KeyId": "k", "Plaintext": {"$bytes": "AAEC"}}),
    ("secretsmanager", "GetSecretValue", {"SecretId": "s"}),
    ("sts", "GetCallerIdentity", {}),
    ("sts", "AssumeRoleWithWebIdentity",
     {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "ss", "WebIdentityToken": "t" * 9}),
    ("cognito-identity", "GetId", {"IdentityPoolId": "us-west-2:1"}),
    ("cloudwatch", "ListMetrics", {"Namespace": "AWS/S3"}),
    ("route53", "GetHostedZone", {"Id": "/hostedzone/Z1"}),
    ("route53", "ListHostedZones", {}),
    ("cloudfront", "ListDistributions", {}),
    ("apigateway", "GetRestApis", {"limit": 2}),
    ("apigateway", "TagResource", {"resourceArn": "arn:aws:apigateway:us-west-2::/restapis/x",
                                   "tags": {"a": "b"}}),
    ("events", "PutEvents", {"Entries": [{"Source": "s", "DetailType": "d", "Detail": "{}"}]}),
    ("stepfunctions", "StartSyncExecution", {"stateMachineArn": "arn:aws:states:us-west-2:1:stateMachine:m"}),
    ("logs", "DescribeLogGroups", {"logGroupNamePrefix": "/aws"}),
    ("kinesis", "PutRecord", {"StreamName": "s", "Data": {"$bytes": "AAE="}, "PartitionKey": "p"}),
    ("kinesis", "DescribeStream",
     {"StreamARN": "arn:aws:kinesis:us-west-2:123456789012:stream/s"}),
    ("glacier", "ListVaults", {}),
    ("servicediscovery", "DiscoverInstances", {"NamespaceName": "n", "ServiceName": "s"}),
    ("ec2", "RunInstances", {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1, "UserData": "#!/bin/sh\n",
                             "ClientToken": "t"}),
    ("autoscaling", "CreateLaunchConfiguration", {"LaunchConfigurationName": "l", "UserData": "x"}),
    ("lex-runtime", "PostText", {"botName": "b", "botAlias": "a", "userId": "us", "inputText": "hi"}),
    ("ebs", "PutSnapshotBlock", {"SnapshotId": "snap-1", "BlockIndex": 0, "BlockData": "abc",
                                 "DataLength": 524288, "Checksum": "c", "ChecksumAlgorithm": "SHA256"}),
    # Copies across regions, with a URL signed for the other one.
    ("ec2", "CopySnapshot", {"SourceSnapshotId": "snap 1+/~", "SourceRegion": "eu-west-1"}),
    ("ec2", "CopySnapshot", {"SourceSnapshotId": "s", "SourceRegion": "eu-west-1", "PresignedUrl": "http://x/"}),
    ("rds", "CopyDBSnapshot", {"SourceDBSnapshotIdentifier": "arn:aws:rds:eu-west-1:1:snapshot:a b",
                               "TargetDBSnapshotIdentifier": "t", "SourceRegion": "eu-west-1"}),
    ("rds", "CopyDBSnapshot", {"SourceDBSnapshotIdentifier": "s", "TargetDBSnapshotIdentifier": "t"}),
    ("rds", "CreateDBCluster", {"DBClusterIdentifier": "c", "Engine": "aurora", "SourceRegion": "eu-west-1",
                                "PreSignedUrl": "http://x/"}),
    ("rds", "CreateDBInstanceReadReplica", {"DBInstanceIdentifier": "i", "SourceRegion": "eu-west-1"}),
    ("neptune", "CopyDBClusterSnapshot", {"SourceDBClusterSnapshotIdentifier": "s", "SourceRegion": "eu-west-1",
                                          "TargetDBClusterSnapshotIdentifier": "t"}),
    ("docdb", "CreateDBCluster", {"DBClusterIdentifier": "c", "Engine": "docdb", "SourceRegion": "eu-west-1"}),
    # Compressed, and too small for that.
    ("cloudwatch", "PutMetricData", {"Namespace": "n", "MetricData": [
        {"MetricName": f"metric-{i}", "Value": i} for i in range(400)]}),
    ("cloudwatch", "PutMetricData", {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 1}]}),
    # S3: addressing.
    ("s3", "ListBuckets", {}),
    ("s3", "CreateBucket", {"Bucket": "abc",
                            "CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}}),
    ("s3", "GetObject", {"Bucket": "abc", "Key": "a//b/../c d+e%20\u00fc"}),
    ("s3", "GetObject", {"Bucket": "with.dots", "Key": "k"}),
    ("s3", "GetObject", {"Bucket": "under_score", "Key": "k", "Range": "bytes=0-1"}),
    ("s3", "GetObject", {"Bucket": ACCESS_POINT, "Key": "k"}),
    ("s3", "GetObject", {"Bucket": OUTPOST, "Key": "k"}),
    ("s3", "HeadObject", {"Bucket": "abc", "Key": "k", "VersionId": "v 1"}),
    ("s3", "GetBucketLocation", {"Bucket": "abc"}),
    ("s3", "ListObjectsV2", {"Bucket": "abc", "Prefix": "a/"}),
    ("s3", "ListObjects", {"Bucket": "abc", "EncodingType": "url"}),
    ("s3", "ListObjectVersions", {"Bucket": "abc"}),
    # S3: bodies and checksums.
    ("s3", "PutObject", {"Bucket": "abc", "Key": "k", "Body": "hello"}),
    ("s3", "PutObject", {"Bucket": "abc", "Key": "k"}),
    ("s3", "PutObject", {"Bucket": "abc", "Key": "k", "Body": {"$bytes": "AP8="},
                         "ChecksumAlgorithm": "SHA256", "ContentEncoding": "gzip"}),
    ("s3", "PutObject", {"Bucket": "abc", "Key": "k", "Body": "x", "ChecksumSHA1": "a" * 27 + "=",
                         "Metadata": {"a": "b", "Z": "y"}, "ContentType": "text/plain"}),
    ("s3", "PutObject", {"Bucket": "abc", "Key": "k", "Body": "x", "SSECustomerKey": KEY,
                         "SSECustomerAlgorithm": "AES256"}),
    ("s3", "CopyObject", {"Bucket": "abc", "Key": "k", "CopySource": "src/a b/\u00fc?versionId=1"}),
    ("s3", "CopyObject", {"Bucket": "abc", "Key": "k", "CopySource": "src/a?b",
                          "CopySourceSSECustomerKey": KEY, "CopySourceSSECustomerAlgorithm": "AES256"}),
    ("s3", "DeleteObjects", {"Bucket": "abc", "Delete": {"Objects": [{"Key": "a\rb\nc<"}]}}),
    ("s3", "PutBucketTagging", {"Bucket": "abc", "Tagging": {"TagSet": [{"Key": "a", "Value": "b"}]}}),
    ("s3", "PutBucketPolicy", {"Bucket": "abc", "Policy": "{}"}),
    ("s3", "DeleteObject", {"Bucket": "abc", "Key": "k"}),
    ("s3", "CreateMultipartUpload", {"Bucket": "abc", "Key": "k"}),
    ("s3", "UploadPart", {"Bucket": "abc", "Key": "k", "UploadId": "u/1", "PartNumber": 1, "Body": "part"}),
    ("s3", "UploadPartCopy", {"Bucket": "abc", "Key": "k", "UploadId": "u", "PartNumber": 1,
                              "CopySource": "src/\u00e9"}),
    ("s3", "CompleteMultipartUpload", {"Bucket": "abc", "Key": "k", "UploadId": "u", "MultipartUpload":
                                       {"Parts": [{"ETag": "\"e\"", "PartNumber": 1}]}}),
    ("s3", "WriteGetObjectResponse", {"RequestRoute": "route", "RequestToken": "t", "Body": "b"}),
    ("s3control", "GetPublicAccessBlock", {"AccountId": "123456789012"}),
    ("s3control", "PutPublicAccessBlock", {"AccountId": "123456789012", "PublicAccessBlockConfiguration":
                                           {"BlockPublicAcls": True}}),
    ("s3control", "ListTagsForResource",
     {"AccountId": "123456789012", "ResourceArn": "arn:aws:s3:us-west-2:123456789012:storage-lens/x"}),
]

#: Operations with a host prefix or an ARN as bucket make no sense at an address.
AWS_ONLY = {ACCESS_POINT, OUTPOST}


def make_cases():
    for service, operation, given in CASES:
        for region in ("us-east-1", "us-west-2"):
            yield {"service": service, "operation": operation, "input": given, "region": region}
        if given.get("Bucket") not in AWS_ONLY:
            yield {"service": service, "operation": operation, "input": given,
                   "region": "us-west-2", "endpoint_url": EMULATOR, "inject_host_prefix": False}


def ours(case):
    options = ["--endpoint-url", case["endpoint_url"]] if "endpoint_url" in case else []
    result = parity("call", "--dry-run", "--sign", "--region", case["region"], *options,
                    case["service"], case["operation"], "-", stdin=json.dumps(case["input"]),
                    env=environment())
    return result.json if result.code == 0 else {"refused": result.err}


def scope(headers):
    """Region and service of the signature; None for an unsigned request."""
    authorization = {name.lower(): value for name, value in headers.items()}.get("authorization")
    if not authorization:
        return None
    return re.search(r"Credential=[^/]*/\d*/([^,]*)", authorization).group(1)


def plain_body(request):
    """The body unpacked, a URL within it without what depends on the time."""
    body = request["body"]
    if isinstance(body, dict) and body["$bytes"].startswith("H4sI"):  # what gzip begins with
        return base64.b64encode(gzip.decompress(base64.b64decode(body["$bytes"]))).decode()
    if not isinstance(body, str) or "signedurl=" not in body.lower():
        return body
    fields = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
    for name in ("PresignedUrl", "PreSignedUrl"):
        url = urlsplit(fields.get(name, ""))
        if url.query:
            fields[name] = (url[:3], sorted(pair for pair in url.query.split("&") if not pair.startswith(
                ("X-Amz-Date=", "X-Amz-Signature="))))
    return fields


def comparable(request):
    if "refused" in request:
        return "refused"
    headers = {name.lower(): value for name, value in request["headers"].items()}
    if isinstance(request["body"], dict) and request["body"]["$bytes"].startswith("H4sI"):
        # Compressors differ in how far they go.
        headers.pop("content-length", None)
    return {"method": request["method"], "url": request["url"], "body": plain_body(request),
            "scope": scope(request["headers"]),
            "headers": {name: value for name, value in headers.items() if name not in OWN}}


class Requests(unittest.TestCase):
    maxDiff = None

    def test_requests_are_those_of_botocore(self):
        cases = list(make_cases())
        done = subprocess.run(
            [PYTHON, os.path.join(os.path.dirname(os.path.abspath(__file__)), "botocore_requests.py")],
            input=json.dumps(cases), capture_output=True, text=True, check=False, timeout=240,
            env=environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        for case, theirs in zip(cases, json.loads(done.stdout), strict=True):
            with self.subTest(**case):
                mine, theirs_too = comparable(ours(case)), comparable(theirs)
                if case["input"].get("Bucket") == OUTPOST:
                    # The rules want SigV4a first; botocore without its C runtime takes the next.
                    self.assertEqual(mine.pop("scope"), "s3-outposts/aws4_request")
                    self.assertEqual(mine["headers"].pop("x-amz-region-set"), "*")
                    theirs_too.pop("scope")
                self.assertEqual(mine, theirs_too, theirs.get("refused", ""))


class Shape(unittest.TestCase):
    CALL = ("--region", "us-east-1", "sqs", "ListQueues")

    def test_dry_run_is_unsigned_and_needs_no_credentials(self):
        env = environment(AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
        result = parity("call", "--dry-run", *self.CALL, env=env)
        self.assertEqual(result.code, 0, result.err)
        self.assertNotIn("Authorization", result.json["headers"])
        self.assertEqual(list(result.json), ["method", "url", "headers", "body"])

    def test_signing_needs_credentials(self):
        env = environment(AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
        result = parity("call", "--dry-run", "--sign", *self.CALL, env=env)
        self.assertEqual(result.code, 3)
        self.assertIn("no AWS credentials found", result.err)

    def test_body_that_is_no_text_is_a_byte_string(self):
        result = parity("call", "--dry-run", "--region", "us-east-1", "lambda", "Invoke",
                        '{"FunctionName": "f", "Payload": {"$bytes": "AP8="}}')
        self.assertEqual(result.json["body"], {"$bytes": "AP8="})

    def test_endpoint_of_a_service_comes_before_the_one_of_all(self):
        env = environment(AWS_ENDPOINT_URL="http://all:1", AWS_ENDPOINT_URL_EC2_INSTANCE_CONNECT="http://one:2")
        for service, operation, url in (
                ("sqs", "ListQueues", "http://all:1/"),
                ("ec2-instance-connect", "SendSerialConsoleSSHPublicKey", "http://one:2/")):
            result = parity("call", "--dry-run", "--no-validate", "--region", "us-east-1", service,
                            operation, env=env)
            self.assertEqual(result.json["url"], url, result.err)

    def test_configured_endpoints_can_be_ignored(self):
        env = environment(AWS_ENDPOINT_URL="http://all:1", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true")
        result = parity("call", "--dry-run", *self.CALL, env=env)
        self.assertEqual(result.json["url"], "https://sqs.us-east-1.amazonaws.com/")

    def test_variants_of_endpoints(self):
        for variable, url in (("AWS_USE_FIPS_ENDPOINT", "https://sqs-fips.us-east-1.amazonaws.com/"),
                              ("AWS_USE_DUALSTACK_ENDPOINT", "https://sqs.us-east-1.api.aws/")):
            result = parity("call", "--dry-run", *self.CALL, env=environment(**{variable: "true"}))
            self.assertEqual(result.json["url"], url, result.err)

    def compressed(self, size, **variables):
        metrics = {"Namespace": "n" * size, "MetricData": [{"MetricName": "m"}]}
        result = parity("call", "--dry-run", "--region", "us-east-1", "cloudwatch", "PutMetricData", "-",
                        stdin=json.dumps(metrics), env=environment(**variables))
        self.assertEqual(result.code, 0, result.err)
        return "Content-Encoding" in result.json["headers"]

    def test_size_from_which_requests_are_compressed_is_a_setting(self):
        self.assertFalse(self.compressed(10000))
        self.assertTrue(self.compressed(10240))
        self.assertTrue(self.compressed(200, AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES="200"))
        self.assertFalse(self.compressed(20000, AWS_DISABLE_REQUEST_COMPRESSION="true"))

    def test_settings_of_the_config_file_do_the_same(self):
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as config:
            config.write("[default]\nrequest_min_compression_size_bytes = 200\n[profile off]\n"
                         "disable_request_compression = true\n")
            config.flush()
            self.assertTrue(self.compressed(300, AWS_CONFIG_FILE=config.name))
            self.assertFalse(self.compressed(20000, AWS_CONFIG_FILE=config.name, AWS_PROFILE="off"))

    def test_size_that_botocore_refuses_is_refused(self):
        for size in ("0", "1048577", "many"):
            result = parity("call", "--dry-run", "--region", "us-east-1", "cloudwatch", "PutMetricData",
                            '{"Namespace": "n"}', env=environment(AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES=size))
            self.assertEqual(result.code, 2)
            self.assertIn(f"AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES: '{size}' is no number from 1 to 1048576",
                          result.err)

    CHECKSUMS = {"CRC32": "y/Q5Jg==", "CRC32C": "4waSgw==", "CRC64NVME": "rosUhgp5mIg=",
                 **{name: base64.b64encode(hashlib.new(name, b"123456789").digest()).decode()
                    for name in ("SHA1", "SHA256")}}

    def test_checksum_of_each_algorithm_is_a_header_or_over_tls_a_trailer(self):
        for algorithm, value in self.CHECKSUMS.items():
            given = json.dumps({"Bucket": "abc", "Key": "k", "Body": "123456789",
                                "ChecksumAlgorithm": algorithm})
            name = f"x-amz-checksum-{algorithm.lower()}"
            for endpoint in (("--endpoint-url", EMULATOR), ()):
                with self.subTest(algorithm=algorithm, endpoint=endpoint):
                    result = parity("call", "--dry-run", *endpoint, "--region", "us-east-1", "s3",
                                    "PutObject", given)
                    self.assertEqual(result.code, 0, result.err)
                    headers = result.json["headers"]
                    self.assertEqual(headers["x-amz-sdk-checksum-algorithm"], algorithm)
                    if endpoint:
                        self.assertEqual(headers[name], value)
                        self.assertEqual(result.json["body"], "123456789")
                    else:
                        self.assertEqual(headers["X-Amz-Trailer"], name)
                        self.assertEqual(result.json["body"],
                                         f"9\r\n123456789\r\n0\r\n{name}:{value}\r\n\r\n")

    def test_directory_buckets_are_shown_without_a_session_only(self):
        arguments = ("--dry-run", "--sign", "--region", "us-west-2", "s3", "GetObject",
                     '{"Bucket": "abc--usw2-az1--x-s3", "Key": "k"}')
        result = parity("call", *arguments)
        self.assertEqual(result.code, 3)
        self.assertIn("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH=true", result.err)
        result = parity("call", *arguments,
                        env=environment(AWS_S3_DISABLE_EXPRESS_SESSION_AUTH="true"))
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(scope(result.json["headers"]), "us-west-2/s3express/aws4_request")

    def test_input_is_validated_unless_told_not_to(self):
        arguments = ("--region", "us-east-1", "sqs", "SendMessage", '{"QueueUrl": 1}')
        result = parity("call", "--dry-run", *arguments)
        self.assertEqual(result.code, 2)
        self.assertIn("MessageBody", result.err)
        self.assertIn("QueueUrl", result.err)
        result = parity("call", "--dry-run", "--no-validate", *arguments)
        self.assertEqual(result.code, 0, result.err)

    def test_protocol_can_be_chosen(self):
        result = parity("call", "--dry-run", "--region", "us-east-1", "--protocol", "query", "cloudwatch",
                        "ListMetrics")
        self.assertEqual(result.json["body"], "Action=ListMetrics&Version=2010-08-01", result.err)

    def test_host_prefix_goes_before_names_but_not_addresses(self):
        for url, expected in (("http://127.0.0.1:1", "http://127.0.0.1:1/"),
                              ("http://localhost:1", "http://localhost:1/"),
                              ("http://[::1]:1", "http://[::1]:1/"),
                              ("http://aws.test:1", "http://data-aws.test:1/")):
            result = parity("call", "--dry-run", "--endpoint-url", url, "servicediscovery",
                            "DiscoverInstances", '{"NamespaceName": "n", "ServiceName": "s"}')
            self.assertEqual(result.json["url"], expected, result.err)


if __name__ == "__main__":
    if subprocess.run([PYTHON, "-c", "import botocore"], capture_output=True, check=False).returncode:
        print(f"skipped: {PYTHON} has no botocore (PARITY_PYTHON)")
        sys.exit(call_support.NO_MODELS)
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    unittest.main()
