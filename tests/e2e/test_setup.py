# SPDX-License-Identifier: Apache-2.0
"""
scripts/setup on a machine where nothing is missing, and where packages are: with stand-ins for
dpkg-query, apt-get and sudo in front of the real ones. Nothing is installed.
"""
import os
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.environ["PARITY_SOURCE_DIR"]
SETUP = os.path.join(ROOT, "scripts", "setup")

if not os.path.exists(os.path.join(ROOT, "build", "venv", "complete")):
    print("skipped: scripts/setup has not been run in this checkout")
    sys.exit(77)

DPKG_QUERY = """#!/bin/sh
for package; do :; done
case "$*" in *Depends*) echo "$CLANG"; exit ;; esac
case " $MISSING " in *" $package "*) exit 1 ;; esac
echo installed
"""
APT_GET = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >>"$CALLS"
case "$FAIL $*" in update*update*) exit 100 ;; esac
exit 0
"""
SUDO = """#!/bin/sh
exec "$@"
"""


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.calls = os.path.join(folder.name, "calls")
        for name, text in (("dpkg-query", DPKG_QUERY), ("apt-get", APT_GET), ("sudo", SUDO)):
            path = os.path.join(folder.name, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(path, 0o755)
        self.environment = dict(os.environ, CALLS=self.calls, MISSING="", FAIL="", CLANG="clang-14 (>= 14~)",
                                PATH=folder.name + os.pathsep + os.environ["PATH"])

    def run_setup(self, *arguments, **environment):
        return subprocess.run([SETUP, *arguments], env=dict(self.environment, **environment), text=True,
                              capture_output=True, timeout=60)

    def apt_calls(self):
        try:
            with open(self.calls, encoding="utf-8") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def test_nothing_to_do_is_quick_and_quiet(self):
        start = time.monotonic()
        done = self.run_setup()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertLess(time.monotonic() - start, 5)
        self.assertEqual(self.apt_calls(), [])

    def test_only_what_is_missing_is_installed(self):
        done = self.run_setup(MISSING="libjansson-dev ninja-build")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.apt_calls(), [
            "noninteractive -qq update",
            "noninteractive -qq install -y --no-install-recommends ninja-build libjansson-dev"])

    def test_what_only_tests_need_is_installed_for_them_alone(self):
        self.assertEqual(self.run_setup(MISSING="libxml2-utils").returncode, 0)
        self.assertEqual(self.apt_calls(), [])
        done = self.run_setup("--tests", MISSING="libxml2-utils")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.apt_calls()[1:], [
            "noninteractive -qq install -y --no-install-recommends libxml2-utils"])

    def test_clang_comes_with_the_runtime_of_its_version(self):
        done = self.run_setup("--tests", MISSING="clang libclang-rt-21-dev", CLANG="clang-21 (>= 21~)")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([call for call in self.apt_calls() if "install" in call], [
            "noninteractive -qq install -y --no-install-recommends clang",
            "noninteractive -qq install -y --no-install-recommends libclang-rt-21-dev"])

    def test_no_network_is_told(self):
        done = self.run_setup(MISSING="gcc", FAIL="update")
        self.assertEqual(done.returncode, 3)
        self.assertIn("'apt-get update' failed; is there a network?", done.stderr)


if __name__ == "__main__":
    unittest.main()
