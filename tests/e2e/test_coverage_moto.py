# SPDX-License-Identifier: Apache-2.0
"""`parity coverage` of suites and a scenario that ran against moto, recorded and verified."""
import json
import os
import shutil
import subprocess
import unittest

from moto_project import SOURCE, MotoProject

# Tested, snapshotted, implemented, parameters tested, errors observed: of two tests in C and a scenario.
EXPECTED = """\
CreateQueue        True  True   True  QueueName                         -
DeleteQueue        False False  True  -                                 QueueDoesNotExist
GetQueueAttributes True  True   True  QueueUrl                          QueueDoesNotExist
GetQueueUrl        True  True   True  QueueName                         QueueDoesNotExist
ListQueueTags      True  True   True  QueueUrl                          -
ReceiveMessage     True  True   True  QueueUrl                          -
SendMessage        True  True   True  QueueUrl,MessageBody              -
TagQueue           False False  True  -                                 -
UntagQueue         False False  True  -                                 -
"""
TESTS = ["sqs/test_queues.c::tag_and_untag[json]", "sqs/test_queues.c::queue_that_does_not_exist_any_more"]


class CoverageOfMoto(MotoProject):
    def coverage(self, *arguments):
        done = subprocess.run([os.environ["PARITY_BIN"], "coverage", "results.json", *arguments], text=True,
                              cwd=self.folder, env=self.environment, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_suites_and_scenarios_count_alike(self):
        scenario = shutil.copy(SOURCE / "docs/examples/queue.json", self.folder)
        self.run_parity(*TESTS, scenario, "--snapshot-update")
        self.run_parity(*TESTS, scenario)
        sqs, = json.loads(self.coverage("--format", "json", "--service", "sqs"))["services"]
        called = {o["operation"]: o["targets"][0] for o in sqs["operations"] if o["targets"][0]["calls"]}
        lines = [[name, str(o["tested"]), str(o["snapshotted"]), str(o["implemented"]),
                  ",".join(o["parameters"]["tested"]) or "-", ",".join(o["errors"]["observed"]) or "-"]
                 for name, o in called.items()]
        self.assertEqual(lines, [line.split() for line in EXPECTED.splitlines()])
        self.assertEqual({o["validated"] for o in called.values()}, {False})
        self.assertEqual({test["id"] for o in called.values() for test in o["tests"] if test["credit"] == "tested"},
                         {*TESTS, "examples/send_and_receive"})
        sums, = sqs["targets"]
        self.assertEqual((sums["called"], sums["tested"], sums["implemented"], sums["not_implemented"]),
                         (9, 6, 9, 0))
        self.assertRegex(self.coverage(), r"(?m)^sqs +\d+ +9 +6 +6 +0 +9 +0 +0 +0 +\d+\.\d$")


if __name__ == "__main__":
    unittest.main()
