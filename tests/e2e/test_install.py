# SPDX-License-Identifier: Apache-2.0
"""
An installed parity, as another project sees it: found by CMake and by pkg-config, its program runs
without the build tree, and a suite that was built against it can be run.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["PARITY_BUILD_DIR"])
PROJECT = pathlib.Path(__file__).resolve().parent / "project"


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          timeout=200, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="parity-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prefix = cls.folder / "usr"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)

    def test_the_program_runs_from_where_it_was_installed(self):
        self.assertIn("run", run(self.prefix / "bin/parity", "--help"))

    def test_pkg_config_gives_what_a_compiler_needs(self):
        folder = next(self.prefix.rglob("parity.pc")).parent
        flags = run("pkg-config", "--cflags", "--libs", "parity",
                    env={**os.environ, "PKG_CONFIG_PATH": str(folder)}).split()
        suite = PROJECT / "suites/thing/test_own.c"
        run("cc", "-std=c11", "-shared", "-fPIC", suite, *flags, "-o", self.folder / "own.so")

    def test_a_project_of_its_own_builds_and_lists_its_suite(self):
        project = self.folder / "own"
        shutil.copytree(PROJECT, project)
        (project / "parity.json").write_text(json.dumps({"modules": "build/suites"}))
        run("cmake", "-S", project, "-B", project / "build", "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", project / "build")
        self.assertEqual(run(self.prefix / "bin/parity", "run", "--list", cwd=project),
                         "thing/test_own.c::names_differ\n")


if __name__ == "__main__":
    unittest.main()
