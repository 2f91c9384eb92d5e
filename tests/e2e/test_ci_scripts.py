# SPDX-License-Identifier: Apache-2.0
"""
The scripts in the job files of docs/ci, run as GitHub Actions, GitLab and Kubernetes would run them:
with their shells, variables and exit codes, in a checkout in which setting up has nothing to do.
"""
import json
import os
import re
import subprocess
import unittest

from ci_folder import read
from runner import BUILD, PARITY, THING, RunTest


class Scripts(RunTest):
    def setUp(self):
        super().setUp()
        for name, text in (("scripts/setup", ""), ("scripts/build", ""), ("bin/apt-get", ""),
                           ("build/release/parity", f'exec {PARITY} "$@"')):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"#!/bin/sh\n{text}\n")
            path.chmod(0o755)
        self.suites("good")

    def suites(self, *names):
        """The suites of the project are these folders of the tests'."""
        modules = self.folder / "modules"
        modules.mkdir(exist_ok=True)
        for name in names:
            (modules / name).symlink_to(BUILD / "tests/e2e/suites" / name)

    def script(self, command, code, **variables):
        """Run it, and see that it parses as a whole; what it printed. `code` None: 0 or 1."""
        if command[0] in ("bash", "sh"):
            subprocess.run([command[0], "-n", "-c", command[-1]], check=True)
        environment = self.environment(PARITY_MODULES_DIR=str(self.folder / "modules"), CI="true",
                                       PATH=f"{self.folder}/bin:{os.environ['PATH']}", **variables)
        done = subprocess.run(command, cwd=self.folder, env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        self.assertIn(done.returncode, (0, 1) if code is None else (code,), done.stdout + done.stderr)
        return done.stdout + done.stderr

    def merged(self, folder=""):
        return json.loads((self.folder / folder / "parity-results.json").read_text())

    def assert_merged(self, folder=""):
        document = self.merged(folder)
        self.assertEqual([t["outcome"] for t in document["tests"]], ["passed"] * 100)
        for name in "parity.xml", "parity.html":
            self.assertGreater((self.folder / folder / name).stat().st_size, 1000)

    def on_aws(self):
        """What leads a run on AWS to the target of this test; the files themselves have no key."""
        return {"AWS_ENDPOINT_URL": "http://thing.us-east-1.amazonaws.com",
                "PARITY_CONNECT_TO": f":80:127.0.0.1:{self.server.server_port}",
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLEEXAMPLE00", "AWS_SECRET_ACCESS_KEY": "x" * 40}

    def assert_recorded(self):
        patch = (self.folder / "recordings.patch").read_text()
        self.assertIn("+++ b/snapshots/thing/test_thing.snapshot.json", patch)
        self.assertIn(f'+  "{THING}::describes"', patch)
        self.assertRegex(patch, r'\n\+ +"target": "aws"')

    def commit(self):
        for command in ("git init -q .", "git add parity.json",
                        "git -c user.name=a -c user.email=a@b commit -qm one"):
            subprocess.run(command.split(), cwd=self.folder, check=True)


class GitHubActions(Scripts):
    """A step is "bash -e", or "bash --noprofile --norc -eo pipefail" where it says `shell: bash`."""

    def setUp(self):
        super().setUp()
        (self.workflow,) = read("github-actions.yml")
        self.jobs = self.workflow["jobs"]

    def job(self, name, code=0, values=None, **variables):
        """The steps of a job up to the first that fails, or those that say they run all the same."""
        output, failed = "", False
        for step in self.jobs[name]["steps"]:
            if "run" not in step or (failed and step.get("if") not in ("always()", "${{ !cancelled() }}")):
                continue
            script = re.sub(r"\$\{\{ (.*?) \}\}", lambda m: values[m[1]], step["run"])
            given = {k: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: values[m[1]], str(v))
                     for k, v in step.get("env", {}).items()}
            is_parity = "release/parity" in script
            output += self.script(["bash", "-e", "-c", script], code if is_parity else 0,
                                  GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(self.folder),
                                  GITHUB_STEP_SUMMARY=str(self.folder / "summary.md"),
                                  **self.jobs[name].get("env", {}), **given, **variables)
            failed = failed or (is_parity and code != 0)
        return output

    def verify(self, *codes):
        for shard, code in zip(self.jobs["verify"]["strategy"]["matrix"]["shard"], codes or [0] * 4):
            self.job("verify", code, {"matrix.shard": str(shard)})

    def test_four_shards_are_joined(self):
        self.verify()
        self.assertIn("100 passed", self.job("report"))
        self.assert_merged()
        self.assertIn("parity", (self.folder / "summary.md").read_text())

    def test_a_shard_that_is_missing_is_found_out(self):
        self.verify()
        (self.folder / "results-3.json").unlink()
        self.job("report", 3)

    def test_a_test_that_fails_fails_its_shard_and_the_report(self):
        self.suites("report")
        self.verify(*[None] * 4)
        out = self.job("report", 1)
        self.assertIn("1 failed", out)
        self.assertRegex(out, r"::error .*title=failed report/test_report.c%3A%3Afails_with_odd_text::")
        self.assertRegex(out, r"\n::warning ")
        self.assertNotIn("line=0", out)  # results files do not say where tests begin

    def test_recording_leaves_a_patch(self):
        self.suites("thing")
        self.commit()
        out = self.job("record", values={"inputs.tests": f"{THING}::describes"}, AWS_REGION="us-east-1",
                       **self.on_aws())
        self.assertIn("\n0 left\n", out)
        self.assert_recorded()

    def test_what_a_run_on_aws_left_is_deleted_before_the_machine_goes(self):
        self.suites("report")
        self.commit()
        name = "report/test_report.c::passes_with_a_failed_cleanup"
        out = self.job("record", None, {"inputs.tests": name}, AWS_REGION="us-east-1", **self.on_aws())
        self.assertIn("NOT DELETED: thing DeleteThing", out)
        self.assertIn("AccessDenied: not you", out)


class GitLab(Scripts):
    """All lines of before_script and script are one script, in bash where there is one."""

    def setUp(self):
        super().setUp()
        (self.pipeline,) = read("gitlab-ci.yml")

    def job(self, name, code=0, **variables):
        job = self.pipeline[name]
        given = {"GITLAB_CI": "true", "CI_PROJECT_DIR": str(self.folder), "CI_NODE_TOTAL": "1",
                 **job.get("variables", {}), **variables}
        lines = [*self.pipeline["default"]["before_script"], *job["script"]]
        output = self.script(["bash", "-c", "set -eo pipefail\n" + "\n".join(lines)], code, **given)
        if "after_script" in job:
            output += self.script(["bash", "-c", "set -eo pipefail\n" + "\n".join(job["after_script"])],
                                  0, **given)
        return output

    def test_four_shards_are_joined(self):
        count = self.pipeline["verify"]["parallel"]
        for index in range(1, count + 1):
            out = self.job("verify", CI_NODE_INDEX=str(index), CI_NODE_TOTAL=str(count))
            self.assertIn(f"shard {index}/{count}: ", out)
        self.assertIn("100 passed", self.job("report"))
        self.assert_merged()

    def test_a_shard_that_is_missing_is_found_out(self):
        for index in "1", "2", "4":
            self.job("verify", CI_NODE_INDEX=index, CI_NODE_TOTAL="4")
        self.job("report", 3)

    def test_recording_leaves_a_patch_and_a_token_that_nobody_else_reads(self):
        self.suites("thing")
        self.commit()
        token = self.folder / "token"
        self.pipeline["record"]["variables"]["AWS_WEB_IDENTITY_TOKEN_FILE"] = str(token)
        self.job("record", AWS_TOKEN="a.b.c", TESTS=f"{THING}::describes", **self.on_aws())
        self.assertEqual((token.read_text(), token.stat().st_mode & 0o777), ("a.b.c", 0o600))
        self.assert_recorded()


class Kubernetes(Scripts):
    """A container's command is no script: Kubernetes itself puts in $(NAME)."""

    def setUp(self):
        super().setUp()
        self.jobs = read("kubernetes-job.yml")[:2]
        (self.folder / "volume").mkdir()

    def container(self, number, code=0, **variables):
        container = self.jobs[number]["spec"]["template"]["spec"]["containers"][0]
        given = {**{v["name"]: v["value"] for v in container.get("env", [])}, **variables}
        given.pop("PARITY_PYTHON", None)
        command = [re.sub(r"\$\((\w+)\)", lambda m: given[m[1]], word).replace(
            "/results/", f"{self.folder}/volume/") for word in
            [*container["command"], *container.get("args", [])]]
        return self.script(command, code, **given)

    def test_all_indexes_are_joined(self):
        for index in range(self.jobs[0]["spec"]["completions"]):
            self.container(0, JOB_COMPLETION_INDEX=str(index))
        self.assertIn("100 passed", self.container(1))
        self.assert_merged("volume")

    def test_an_index_that_is_missing_is_found_out(self):
        self.container(0, JOB_COMPLETION_INDEX="0")
        self.container(1, 3)


if __name__ == "__main__":
    unittest.main()
