# SPDX-License-Identifier: Apache-2.0
"""
Files against the schemas of docs/, which are open for readers. What a schema does not name, this
version does not write, so they are closed here. Needs PARITY_PYTHON, with jsonschema.
"""
import os
import pathlib
import subprocess

DOCS = pathlib.Path(os.environ["PARITY_SOURCE_DIR"]) / "docs"
BEGIN = """import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
def close(node):
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        close(child)
    if isinstance(node, dict) and isinstance(node.get("properties"), dict):
        node["unevaluatedProperties"] = False
close(schema)
"""
END = """
for error in jsonschema.Draft202012Validator(schema).iter_errors(json.load(open(sys.argv[2]))):
    print(list(error.absolute_path), error.message)
"""


def violations(schema, path, change=""):
    """A line for each; `change` is code that makes the closed schema another one."""
    done = subprocess.run([os.environ["PARITY_PYTHON"], "-c", BEGIN + change + END, DOCS / schema, path],
                          text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
