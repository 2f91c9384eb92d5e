# SPDX-License-Identifier: Apache-2.0
"""Modules that cannot be loaded, or that end the process that loads them."""
import os
import unittest

from runner import RunTest
from suite_compiler import compile_suite

TEST = "#include <parity/suite.h>\n#include <stdlib.h>\n#include <unistd.h>\n"
CONSTRUCTOR = TEST + ("__attribute__((constructor)) static void boom(void) { %s; }\n"
                      "PARITY_TEST(never, .marker = UNKNOWN) { (void)t; }\n")


class Modules(RunTest):
    def load(self, source, *operands):
        """Build a suite beside a good one and run both."""
        self.configure(suites=None)
        modules = self.folder / "modules"
        for name, text in (("odd", source), ("zzz", TEST + "PARITY_TEST(good, .marker = UNKNOWN) {}\n")):
            (modules / name).mkdir(parents=True, exist_ok=True)
            path = self.folder / f"test_{name}.c"
            path.write_text(text)
            self.assertEqual(compile_suite(path, modules / name / f"test_{name}.so"), "")
        self.run_parity("--modules", str(modules), *operands, code=2)
        self.assertIsNone(self.document)
        self.assertNotIn("passed", self.out)

    def test_a_function_that_is_nowhere_is_named(self):
        self.load(TEST + "void nowhere(void);\nPARITY_TEST(a, .marker = UNKNOWN) { nowhere(); }\n")
        self.assertRegex(self.err, "odd/test_odd.so: cannot be loaded: undefined symbol: nowhere; "
                                   "build the suites again")

    def test_one_that_is_older_than_its_suite_is_told_of(self):
        self.configure(suites=None)
        source, module = self.folder / "suites/a/test_a.c", self.folder / "modules/a/test_a.so"
        for path in source, module:
            path.parent.mkdir(parents=True)
        source.write_text(TEST + "PARITY_TEST(good, .marker = UNKNOWN) {}\n")
        self.assertEqual(compile_suite(source, module), "")
        run = ("--modules", str(module.parent.parent), "a")
        self.run_parity(*run, code=0)
        self.assertEqual(self.err, "")
        later = module.stat().st_mtime + 1
        os.utime(source, (later, later))
        self.run_parity(*run, code=0)
        self.assertEqual(self.err, f"parity: {source}: has changed since it was built; what runs is the "
                                   "old suite (cmake --build)\n")

    def test_one_that_crashes_is_named(self):
        for crash in "abort()", "*(volatile int *)0 = 1":
            self.load(CONSTRUCTOR % crash)
            self.assertEqual(self.err,
                             "parity: the module of odd/test_odd.c crashed while it was loaded\n")

    def test_one_that_exits_is_no_success(self):
        self.load(CONSTRUCTOR % "exit(0)")
        self.assertEqual(self.err,
                         "parity: the module of odd/test_odd.c ended the process while it was loaded\n")

    def test_a_suite_that_is_not_needed_is_not_loaded(self):
        self.load(CONSTRUCTOR % "abort()", "odd")
        self.run_parity("--modules", str(self.folder / "modules"), "zzz", code=0)


if __name__ == "__main__":
    unittest.main()
