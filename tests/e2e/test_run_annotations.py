# SPDX-License-Identifier: Apache-2.0
"""Annotations: conditions, skip_verify, skip_if, expected_failure, and what keeps them honest."""
import json
import unittest

from runner import BUILD, HERE, RunTest

SUITE = "authoring/test_annotations.c"


class Annotations(RunTest):
    def use(self, version=None, region="eu-west-1", name="fake"):
        self.configure(emulator=name, region=region, emulators={name: {
            "endpoint_url": self.server.url, "account_id": "000000000007",
            **({"version": version} if version else {})}})

    def one(self, name, *options, code=None, **environment):
        return self.run_parity(f"{SUITE}::{name}", *options, code=code, **environment)[name]

    def record(self, name):
        self.server.answer = {}
        self.one(name, "--snapshot-update", code=0)

    def differ(self, **answer):
        self.server.answer = answer or {"Size": 8}


class SkipVerify(Annotations):
    def check(self, name, hides, *options, **environment):
        result = self.one(name, *options, code=0 if hides else 1, **environment)
        self.assertEqual(len(result["hidden"]), 1 if hides else 0)
        return result

    def test_by_version(self):
        self.use()
        self.record("skips_by_emulator_and_version")
        self.differ()
        for version, hides in (("2.0", True), ("2.9.1", True), ("3.0.0-rc1", True), ("3", False),
                               ("1.99", False), (None, False), ("v2.1", True)):
            with self.subTest(version):
                self.use(version)
                self.check("skips_by_emulator_and_version", hides)

    def test_by_environment(self):
        self.record("skips_by_environment")
        self.differ()
        self.check("skips_by_environment", True, SIZE_DIFFERS="yes")
        self.check("skips_by_environment", False, SIZE_DIFFERS="no")
        self.check("skips_by_environment", False)

    def test_by_function(self):
        self.record("skips_by_function")
        self.differ()
        self.check("skips_by_function", False)
        self.use(region="eu-west-2")
        self.check("skips_by_function", True)

    def test_several_combine_as_in_the_reference(self):
        for name, answer, hidden, differences, reasons in (
                # One without paths and without a condition yields to one with paths …
                ("combines_everything_with_paths", {"Size": 8, "Colour": "blue"}, 1, 1, {"size"}),
                # … one with a condition that holds drops what was collected, and ends it …
                ("combines_a_condition_that_ends_it", {"Size": 8, "Colour": "blue"}, 2, 0,
                 {"all of it"}),
                # … and one whose condition does not hold is not there.
                ("combines_one_that_does_not_hold", {"Size": 8, "Colour": "blue"}, 1, 1,
                 {"size"})):
            with self.subTest(name):
                self.record(name)
                self.differ(**answer)
                result = self.one(name, code=1 if differences else 0)
                self.assertEqual(len(result["hidden"]), hidden, result)
                self.assertEqual(len(result["differences"]), differences)
                self.assertEqual({h["reason"] for h in result["hidden"]}, reasons)


class SkipIf(Annotations):
    def test_where_its_condition_holds(self):
        result = self.one("is_not_wanted", code=0)
        self.assertEqual((result["outcome"], result["message"]), ("skipped", "not on this one"))
        self.assertEqual(self.one("is_not_wanted", WANTED="1", code=1)["outcome"], "crashed")
        self.assertEqual(self.one("is_never_wanted", code=0)["message"], "not for now")

    def test_of_a_suite(self):
        results = self.run_parity(SUITE, code=0, WITHOUT_SUITE="1")
        self.assertEqual({r["outcome"] for r in results.values()}, {"skipped"})
        self.assertEqual(results["differs"]["message"], "the whole suite is not wanted")
        self.assertEqual(results["is_not_wanted"]["message"], "not on this one")
        self.assertEqual([r for r in self.server.requests if r[0]], [])


class ExpectedFailure(Annotations):
    def test_that_happens_is_skipped_and_shown(self):
        self.record("differs")
        self.differ(Colour="blue")
        result = self.one("differs", "-v", code=0)
        self.assertEqual(result["outcome"], "skipped")
        self.assertEqual(result["message"].splitlines(),
                         ["failed, as expected: colours are not kept",
                          "1 difference from the recording"])
        self.assertEqual(len(result["differences"]), 1)
        self.assertEqual(result["expected_failure"],
                         {"reason": "colours are not kept", "strict": True, "outcome": "failed"})
        self.assertEqual(self.document["summary"]["expected_failures"], 1)
        self.assertIn("1 skipped", self.out)
        self.assertIn("1 failed as expected", self.out)

    def test_that_does_not_happen_is_a_failure(self):
        self.record("differs")
        result = self.one("differs", code=1)
        self.assertEqual(result["outcome"], "failed")
        self.assertIn("passed, but is expected to fail: colours are not kept", result["message"])
        self.assertEqual(result["expected_failure"]["outcome"], "passed")
        self.assertEqual(self.document["summary"]["expected_failures"], 0)

    def test_that_may_pass(self):
        self.record("may_differ")
        result = self.one("may_differ", code=0)
        self.assertEqual(result["outcome"], "passed")
        self.differ(Colour="blue")
        self.assertEqual(self.one("may_differ", code=0)["outcome"], "skipped")

    def test_only_where_its_condition_holds(self):
        self.record("differs_elsewhere")
        self.assertEqual(self.one("differs_elsewhere", code=0)["expected_failure"], None)
        self.differ(Colour="blue")
        self.assertEqual(self.one("differs_elsewhere", code=1)["outcome"], "failed")

    def test_a_timeout_is_one_and_nothing_else(self):
        self.assertEqual(self.one("is_too_slow", code=0)["outcome"], "skipped")
        self.assertEqual(self.one("crashes", code=1)["outcome"], "crashed")
        self.assertEqual(self.one("cannot_be_judged", code=1)["outcome"], "error")
        result = self.one("skips_itself", code=0)
        self.assertEqual((result["message"], result["expected_failure"]), ("not today", None))

    def test_where_nothing_is_compared_passing_is_no_surprise(self):
        self.record("differs")
        self.one("differs", "--snapshot-skip-all", code=0)


class Broken(Annotations):
    def test_annotations_that_are_none(self):
        self.configure(suites=str(HERE / "broken_suites"))
        modules = str(BUILD / "tests/e2e/broken_suites")
        for suite, parts in (
                ("marker", ("test 'odd'", "an unknown marker", "AWS_VALIDATED")),
                ("range", ("test 'ranges'", "'5.x' is no range of versions")),
                ("reason", ("test 'unexplained'", ".skip_if has no .reason")),
                ("suite_range", ("PARITY_SUITE", "test_suite_range.c", "is no range"))):
            with self.subTest(suite):
                self.run_parity("--modules", modules, suite, code=2)
                for part in parts:
                    self.assertIn(part, self.err)
        for suite, part in (("text", "cannot be loaded"), ("lost", "cannot be loaded")):
            folder = self.folder / "modules" / suite
            folder.mkdir(parents=True)
            (folder / f"test_{suite}.so").write_bytes(b"no module" if suite == "text" else b"")
            self.configure(suites=None)
            self.run_parity("--modules", str(self.folder / "modules"), suite, code=2)
            self.assertIn(part, self.err)
            self.assertIn(f"test_{suite}.so", self.err)


if __name__ == "__main__":
    unittest.main()
