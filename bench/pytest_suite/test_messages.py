# SPDX-License-Identifier: Apache-2.0
"""A hundred tests of five calls and three matches each: the same as bench/suites/sqs/test_messages.c."""
import uuid

import pytest


@pytest.mark.parametrize("number", range(100))
def test_message(sqs, snapshot, number):
    url = sqs.create_queue(QueueName=f"bench-{uuid.uuid4().hex[:12]}")["QueueUrl"]
    try:
        snapshot.match("send", sqs.send_message(QueueUrl=url, MessageBody="hello"))
        snapshot.match("receive", sqs.receive_message(QueueUrl=url))
        snapshot.match("attributes", sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["VisibilityTimeout"]))
    finally:
        sqs.delete_queue(QueueUrl=url)
