# SPDX-License-Identifier: Apache-2.0
"""The service models that a project adds in its parity.json, as the commands see them."""
import json
import pathlib
import tempfile
import unittest

import call_support
from call_support import environment

THINGS = {"metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.0",
                       "targetPrefix": "Things", "endpointPrefix": "things", "serviceId": "Things",
                       "signatureVersion": "v4"},
          "operations": {"GetThing": {"name": "GetThing",
                                      "http": {"method": "POST", "requestUri": "/"},
                                      "input": {"shape": "In"}, "output": {"shape": "Out"}}},
          "shapes": {"In": {"type": "structure", "members": {"Name": {"shape": "Text"}}},
                     "Out": {"type": "structure", "members": {"Size": {"shape": "Text"}}},
                     "Text": {"type": "string"}}}
TEST = {"tests": [{"id": "thing", "marker": "unknown",
                   "steps": [{"call": "things.GetThing", "input": {"Name": "a"}, "match": "a"}]}]}


class ProjectModels(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="parity-models-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        below = self.folder / "models/things/2020-01-01"
        below.mkdir(parents=True)
        (below / "service-2.json").write_text(json.dumps(THINGS))
        self.configure({"models": ["models", "missing"]})

    def configure(self, config):
        (self.folder / "parity.json").write_text(json.dumps(config))

    def parity(self, *arguments, **options):
        (self.folder / "deep").mkdir(exist_ok=True)
        return call_support.parity(*arguments, cwd=self.folder / "deep", **options,
                                   env=environment(XDG_CACHE_HOME=str(self.folder)))

    def call(self):
        return self.parity("call", "--dry-run", "--endpoint-url", "http://127.0.0.1:1", "--region",
                           "eu-west-1", "things", "GetThing", '{"Name": "a"}')

    def test_call_finds_them_from_a_folder_below(self):
        done = self.call()
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(done.json["headers"]["X-Amz-Target"], "Things.GetThing")

    def test_parse_finds_them(self):
        done = self.parity("parse", "things", "GetThing",
                           stdin='{"status_code": 200, "headers": {}, "body": "{\\"Size\\": \\"1\\"}"}')
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(done.json["Size"], "1")

    def test_scenarios_are_checked_with_them(self):
        (self.folder / "thing.json").write_text(json.dumps(TEST))
        done = self.parity("scenario", "check", str(self.folder / "thing.json"))
        self.assertEqual(done.code, 0, done.err)

    def test_without_them_the_service_is_unknown(self):
        self.configure({})
        done = self.call()
        self.assertEqual(done.code, 2)
        self.assertIn("things", done.err)

    def test_a_broken_file_of_the_project_is_told(self):
        (self.folder / "parity.json").write_text('{"models": [}')
        done = self.call()
        self.assertEqual(done.code, 2)
        self.assertIn("parity.json", done.err)


if __name__ == "__main__":
    unittest.main()
