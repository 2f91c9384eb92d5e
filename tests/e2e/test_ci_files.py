# SPDX-License-Identifier: Apache-2.0
"""The job files of docs/ci: that they are YAML, and that every command in them is one."""
import os
import re
import shlex
import subprocess
import unittest

from ci_folder import FOLDER, read

PARITY = os.environ["PARITY_BIN"]


def texts(value):
    """All texts in a document, a list of words as one command."""
    if isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        if value and isinstance(value[0], str) and value[0].endswith("/parity"):
            yield shlex.join(value)
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def commands(name):
    """Of each `parity COMMAND …` its words, without what the CI puts in."""
    found = set()
    for document in read(name):
        for text in texts(document):
            for line in text.splitlines():
                line = re.sub(r"\$\{\{.*?\}\}|\$\([A-Z_]+\)", "1", line)
                match = re.search(r"(?:^|\s)(?:\S*/)?parity ((?:run|merge)\b.*)", line)
                if match:
                    found.add(tuple(shlex.split(match[1])))
    return found


def options(command):
    text = subprocess.run([PARITY, command, "--help"], capture_output=True, text=True,
                          check=True).stdout
    return set(re.findall(r"^ +(?:(-\w), )?(--[\w-]+)", text, re.M)) | {(None, None)}


class JobFiles(unittest.TestCase):
    FILES = {"github-actions.yml": {"run": 3, "merge": 1}, "gitlab-ci.yml": {"run": 3, "merge": 1},
             "kubernetes-job.yml": {"run": 1, "merge": 1}}

    def test_no_file_is_left_out(self):
        self.assertEqual({path.name for path in FOLDER.glob("*.y*ml")}, set(self.FILES))

    def test_every_option_exists(self):
        for name, expected in self.FILES.items():
            found = commands(name)
            counts = {}
            for words in found:
                counts[words[0]] = counts.get(words[0], 0) + 1
                known = {option for pair in options(words[0]) for option in pair if option}
                for word in words[1:]:
                    if word.startswith("-"):
                        with self.subTest(name, word=word):
                            self.assertIn(word.partition("=")[0], known)
            self.assertEqual(counts, expected, name)

    def test_shards_are_as_many_as_they_are_told_to_be(self):
        (workflow,) = read("github-actions.yml")
        shards = workflow["jobs"]["verify"]["strategy"]["matrix"]["shard"]
        self.assertEqual(shards, list(range(1, len(shards) + 1)))
        self.assertIn(f"--shard ${{{{ matrix.shard }}}}/{len(shards)} ",
                      (FOLDER / "github-actions.yml").read_text())
        job = read("kubernetes-job.yml")[0]["spec"]
        environment = {v["name"]: v["value"] for v in job["template"]["spec"]["containers"][0]["env"]}
        self.assertEqual(environment["PARITY_SHARD_TOTAL"], str(job["completions"]))
        self.assertEqual(job["completionMode"], "Indexed")

    def test_recording_on_aws_needs_no_key(self):
        (workflow,) = read("github-actions.yml")
        self.assertEqual(workflow["jobs"]["record"]["permissions"]["id-token"], "write")
        (pipeline,) = read("gitlab-ci.yml")
        self.assertIn("AWS_TOKEN", pipeline["record"]["id_tokens"])
        for name in self.FILES:
            self.assertNotRegex((FOLDER / name).read_text(), "(?i)secret_access_key|access_key_id")

    def test_ci_records_only_where_it_is_meant_to(self):
        for name in "github-actions.yml", "gitlab-ci.yml":
            text = (FOLDER / name).read_text()
            self.assertEqual(text.count("--snapshot-update"), text.count("PARITY_RECORD_IN_CI"))
            self.assertEqual(text.count("--snapshot-update"), text.count("TEST_TARGET: AWS_CLOUD"))


if __name__ == "__main__":
    unittest.main()
