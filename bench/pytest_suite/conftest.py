# SPDX-License-Identifier: Apache-2.0
"""What a user of localstack-snapshot has in his conftest: the plugin, a client, the transformers."""
import os

import boto3
import pytest
from localstack_snapshot.snapshots.transformer import KeyValueBasedTransformer, ResponseMetaDataTransformer

pytest_plugins = ["localstack_snapshot.pytest.snapshot"]


@pytest.fixture(scope="session")
def sqs():
    return boto3.client("sqs", endpoint_url=os.environ["BENCH_ENDPOINT"], region_name="us-east-1",
                        aws_access_key_id="test", aws_secret_access_key="test")


@pytest.fixture(autouse=True)
def transformers(snapshot):
    """Those of parity's presets `basic_new` and `sqs_api` that have something to do here."""
    snapshot.add_transformer(ResponseMetaDataTransformer())
    for key in "MessageId", "ReceiptHandle", "MD5OfBody":
        snapshot.add_transformer(KeyValueBasedTransformer(
            lambda k, v, key=key: v if k == key and isinstance(v, str) else None, key))
