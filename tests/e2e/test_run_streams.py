# SPDX-License-Identifier: Apache-2.0
"""Bodies of 64 MiB in suites: from a file, and into one, of which the response tells the hash."""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

import call_support
import test_call_streams
from runner import RunTest
from test_call_streams import MIB, Server, digest_and_crc, pieces

SUITE = "streams/test_streams.c"
LARGE = 64 * MIB


class Streams(RunTest):
    def setUp(self):
        super().setUp()
        self.bodies = pathlib.Path(tempfile.mkdtemp(prefix="parity-bodies-"))
        self.addCleanup(shutil.rmtree, self.bodies)
        self.large, self.saved = self.bodies / "large", self.bodies / "saved/body"

    def one(self, name, *answers, code):
        with Server(answers) as server:
            self.configure(emulators={"fake": {"endpoint_url": server.url,
                                               "account_id": "000000000007"}})
            result = self.run_parity(f"{SUITE}::{name}", "--snapshot-update", code=code,
                                     LARGE_BODIES=str(self.bodies), AWS_DATA_PATH=None)[name]
            self.seen = server.seen
        return result

    def recorded(self, name):
        text = (self.folder / "snapshots/streams/test_streams.snapshot.json").read_text()
        return json.loads(text)[f"{SUITE}::{name}"]["recorded-content"]

    def test_file_is_sent(self):
        test_call_streams.write_large(self.large, LARGE)
        self.one("sends_a_file", code=0)
        _, *sums, _ = self.seen[0]
        self.assertEqual(tuple(sums), digest_and_crc(pieces(self.large)))
        self.assertEqual(sums[2], LARGE)

    def test_body_is_saved_and_its_hash_recorded(self):
        test_call_streams.write_large(self.large, LARGE)
        self.one("saves_a_file", {"body": lambda: pieces(self.large),
                                  "headers": {"Content-Length": LARGE}}, code=0)
        digest = digest_and_crc(pieces(self.saved))[0]
        self.assertEqual(digest, digest_and_crc(pieces(self.large))[0])
        self.assertEqual(self.recorded("saves_a_file")["get"]["Body"],
                         {"bytes": LARGE, "sha256": digest})

    def test_error_is_handed_over_and_saved_nowhere(self):
        body = b"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>"
        self.one("saves_no_error", {"status": 404, "body": lambda: [body],
                                    "headers": {"Content-Length": len(body)}}, code=0)
        self.assertEqual(self.recorded("saves_no_error")["get"]["Error"]["Code"], "NoSuchKey")
        self.assertFalse(self.saved.exists())
        self.assertEqual(os.listdir(self.saved.parent), [])

    def test_answer_with_members_is_no_body(self):
        result = self.one("saves_what_is_no_body", code=1)
        self.assertEqual(result["outcome"], "error")
        self.assertIn("the answer is no body that a file could hold: it has members",
                      result["message"])
        self.assertEqual(self.seen, [])


if __name__ == "__main__":
    if not call_support.have_models():
        print("skipped: no service models")
        sys.exit(call_support.NO_MODELS)
    unittest.main()
