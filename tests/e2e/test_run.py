# SPDX-License-Identifier: Apache-2.0
"""`parity run`: recording, verifying, reports, choice of tests and target, and input that is bad."""
import json
import pathlib
import re
import shutil
import sys
import unittest

from runner import BUILD, HERE, THING, RunTest


class Verifying(RunTest):
    def test_a_recording_is_made_and_verified(self):
        recorded = self.record("describes")
        self.assertTrue(recorded["recorded"])
        self.assertEqual(self.recorded("describes"), {"describe": {
            "Colour": "red", "Name": "<name:1>", "Size": 7,
            "ResponseMetadata": {"HTTPHeaders": {}, "HTTPStatusCode": 200}}})
        verified = self.thing("describes", code=0)
        self.assertEqual(verified["outcome"], "passed")
        self.assertEqual(verified["recording"]["key"], f"{THING}::describes")
        self.assertFalse(verified["recording"]["from_aws"])
        self.assertEqual(self.document["summary"]["passed"], 1)
        self.assertEqual(self.document["target"]["name"], "fake")
        self.assertEqual([(c["service"], c["operation"], c["status_code"], c["error_code"])
                          for c in verified["calls"]],
                         [("thing", "CreateThing", 200, None), ("thing", "DescribeThing", 200, None),
                          ("thing", "DeleteThing", 200, None)])
        self.assertEqual(self.server.things, {})

    def test_recording_twice_changes_nothing_but_the_date(self):
        self.record("describes_two")
        first = self.snapshot().read_text()
        self.record("describes_two")
        without_date = r'"recorded-date": "[^"]*"'
        self.assertEqual(re.sub(without_date, "", first),
                         re.sub(without_date, "", self.snapshot().read_text()))

    def test_what_localstack_adds_is_removed_before_the_transformers_of_the_test(self):
        self.record("matches_what_localstack_adds")
        self.assertEqual(self.recorded("matches_what_localstack_adds"), {
            "object": {"Id": "<id:1>", "Items": [{"Size": 1}], "Other": "x-localstack",
                       "Text": [{"x-localstack": 1}]},
            "x-localstack": 1})

    def test_the_provenance_says_what_was_recorded_from(self):
        self.record("describes")
        validation = json.loads(
            (self.folder / "snapshots/thing/test_thing.validation.json").read_text())
        text = json.dumps(validation)
        self.assertIn("fake", text)
        self.assertIn("us-east-1", text)
        self.assertNotIn("000000000007", text)

    def test_a_difference_fails_the_test_and_is_shown(self):
        self.record("describes")
        self.server.answer = {"Size": 8, "Colour": None, "Status": "new"}
        failed = self.thing("describes", code=1)
        self.assertEqual(failed["outcome"], "failed")
        self.assertEqual(sorted((d["key"], tuple(d["path"]), d["kind"]) for d in
                                failed["differences"]),
                         [("describe", ("Colour",), "removed"), ("describe", ("Size",), "changed"),
                          ("describe", ("Status",), "added")])
        size = next(d for d in failed["differences"] if d["path"] == ["Size"])
        self.assertEqual((size["recorded"], size["observed"]), (7, 8))
        for part in ("$.Size", "recorded  7", "observed  8", "thing DescribeThing", "1 failed"):
            self.assertIn(part, self.out)

    def test_skip_verify_hides_with_its_reason(self):
        self.record("skips_the_size")
        self.server.answer = {"Size": 8}
        passed = self.thing("skips_the_size", code=0)
        self.assertEqual(passed["outcome"], "passed")
        self.assertEqual([(h["path"], h["reason"]) for h in passed["hidden"]],
                         [(["Size"], "the fake has its own idea of size")])
        self.assertEqual(passed["unused_skips"], ["$..Nothing"])
        self.assertIn("skip_verify hid 1 difference", self.out)

    def test_skip_verify_of_another_emulator_does_not_apply(self):
        self.record("skips_the_size")
        self.server.answer = {"Size": 8}
        failed = self.thing("skips_the_size", "--endpoint-url", self.server.url,
                            TEST_AWS_ACCOUNT_ID="000000000007", code=1)
        self.assertEqual([d["path"] for d in failed["differences"]], [["Size"]])

    def test_skip_verify_without_paths_hides_everything(self):
        self.record("skips_everything")
        self.server.answer = {"Size": 8, "Colour": "blue"}
        passed = self.thing("skips_everything", code=0)
        self.assertEqual(len(passed["hidden"]), 2)
        self.assertEqual({h["reason"] for h in passed["hidden"]}, {"all is different"})

    def test_skip_all_compares_nothing(self):
        passed = self.thing("describes", "--snapshot-skip-all", code=0)
        self.assertEqual(passed["outcome"], "passed")
        self.assertIn("without comparison", self.out)

    def test_two_matches_with_one_key_are_an_error(self):
        error = self.record("matches_twice", code=1)
        self.assertEqual(error["outcome"], "error")
        self.assertIn('match key "same" was used before', error["message"])
        self.assertIn(f"{THING}:", error["message"])
        self.assertFalse(self.snapshot().exists())

    def test_two_matches_with_one_key_hide_no_other_difference(self):
        self.record("matches_twice", code=1)
        self.snapshot().parent.mkdir(parents=True, exist_ok=True)
        self.snapshot().write_text(json.dumps({f"{THING}::matches_twice": {
            "recorded-date": "01-01-2024, 00:00:00",
            "recorded-content": {"same": {}, "unmatched": {}, "other": {"Size": 1}}}}))
        error = self.thing("matches_twice", code=1)
        self.assertEqual(error["outcome"], "error")
        self.assertIn("was used before", error["message"])
        self.assertIn("differences from the recording", error["message"])
        self.assertTrue({"same", "unmatched", "other"} <= {d["key"] for d in error["differences"]})

    def test_keys_of_one_side_only_are_differences(self):
        self.record("matches_no_more_than_one", THING_BOTH="1")
        failed = self.thing("matches_no_more_than_one", code=1)
        self.assertEqual(sorted((d["key"], d["kind"], d["path"]) for d in failed["differences"]),
                         [("only observed", "added", []), ("only recorded", "removed", [])])

    def test_a_test_that_ends_early_shows_the_differences_so_far(self):
        self.record("fails_after_a_match", THING_BOTH="1")
        self.server.answer = {"Size": 8}
        failed = self.thing("fails_after_a_match", code=1)
        self.assertEqual(failed["outcome"], "failed")
        self.assertIn("should have been refused", failed["message"])
        self.assertRegex(failed["location"], rf"^{THING}:\d+$")
        self.assertEqual([d["path"] for d in failed["differences"]], [["Size"]])

    def test_a_failed_test_never_overwrites_its_recording(self):
        self.record("fails_after_a_match", THING_BOTH="1")
        before = self.snapshot().read_bytes()
        self.server.answer = {"Size": 8}
        failed = self.record("fails_after_a_match", code=1)
        self.assertFalse(failed["recorded"])
        self.assertEqual(self.snapshot().read_bytes(), before)

    def test_a_test_without_a_recording_is_an_error(self):
        error = self.thing("describes", code=1)
        self.assertEqual(error["outcome"], "error")
        self.assertIn("--snapshot-update", error["message"] + self.out)

    def test_a_raw_recording_stands_beside_the_other(self):
        self.thing("describes", "--snapshot-update", SNAPSHOT_RAW="1", code=0)
        raw = json.loads((self.folder / "snapshots/thing/test_thing.raw.snapshot.json").read_text())
        self.assertRegex(raw[f"{THING}::describes"]["recorded-content"]["describe"]["Name"],
                         "^plain-[0-9a-f]+$")

    def test_what_is_verified_is_written_raw_too_whatever_the_verdict(self):
        self.record("describes")
        before = self.snapshot().read_bytes()
        raw = self.folder / "snapshots/thing/test_thing.raw.snapshot.json"
        for changes, code in ({}, 0), ({"Size": 8}, 1):
            self.server.answer = changes
            result = self.thing("describes", "--snapshot-raw", code=code)
            self.assertFalse(result["recorded"])
            self.assertEqual(json.loads(raw.read_text())[f"{THING}::describes"]["recorded-content"]
                             ["describe"]["Size"], 8 if changes else 7)
            raw.unlink()
        self.thing("describes", SNAPSHOT_RAW="1", code=1)
        self.assertTrue(raw.exists())
        raw.unlink()
        self.thing("describes", "--snapshot-raw", "--snapshot-skip-all", code=0)
        self.assertFalse(raw.exists())
        self.assertEqual(self.snapshot().read_bytes(), before)

    def test_a_raw_file_that_cannot_be_written_is_an_error_of_its_test(self):
        self.record("describes")
        raw = self.folder / "snapshots/thing/test_thing.raw.snapshot.json"
        raw.write_text("<<<<<<<")
        error = self.thing("describes", "--snapshot-raw", code=1)
        self.assertEqual(error["outcome"], "error")
        self.assertIn("--snapshot-raw: ", error["message"])
        self.assertIn(f"{raw.name}:1:1", error["message"])
        self.assertEqual(raw.read_text(), "<<<<<<<")

    def test_the_variable_records_as_the_option_does(self):
        self.thing("describes", SNAPSHOT_UPDATE="1", code=0)
        self.assertIn("describe", self.recorded("describes"))

    def test_results_do_not_depend_on_the_number_of_workers(self):
        names = [f"{THING}::{n}" for n in ("describes", "describes_two", "skips_itself")]
        self.run_parity(*names, "--snapshot-update", "-j", "1", code=0)
        outcomes = []
        for jobs in "1", "4":
            self.run_parity(*names, "-j", jobs, code=0)
            outcomes.append([(t["id"], t["outcome"]) for t in self.document["tests"]])
        self.assertEqual(outcomes[0], outcomes[1])
        self.assertEqual([o for _, o in outcomes[0]], ["passed", "passed", "skipped"])


class OnAws(RunTest):
    """TEST_TARGET=AWS_CLOUD at a host name of AWS, the connection led to the fake."""

    def aws(self, **changes):
        port = self.server.url.rsplit(":", 1)[1]
        return {"TEST_TARGET": "AWS_CLOUD",
                "AWS_ENDPOINT_URL": "http://thing.eu-central-1.amazonaws.com",
                "PARITY_CONNECT_TO": f":80:127.0.0.1:{port}",
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_REGION": "eu-central-1", **changes}

    def test_a_recording_made_on_aws_says_so_and_hides_the_account(self):
        self.record("describes", **self.aws())
        text = (self.folder / "snapshots/thing/test_thing.validation.json").read_text()
        self.assertIn('"aws"', text)
        self.assertIn("last_validated_date", text)
        self.assertNotIn("123412341234", text + self.out + json.dumps(self.document))
        self.assertTrue(self.thing("describes", code=0)["recording"]["from_aws"])

    def test_a_recording_led_elsewhere_by_aws_endpoint_url_is_not_of_aws(self):
        self.record("describes", **self.aws(AWS_ENDPOINT_URL=self.server.url))
        text = (self.folder / "snapshots/thing/test_thing.validation.json").read_text()
        self.assertNotIn('"aws"', text)
        self.assertNotIn("last_validated_date", text)
        self.assertIn(f'"target": "{self.server.url}"', text)
        self.assertFalse(self.thing("describes", code=0)["recording"]["from_aws"])

    def test_no_skip_verify_applies_on_aws(self):
        self.record("skips_the_size", **self.aws())
        self.server.answer = {"Size": 8}
        failed = self.thing("skips_the_size", code=1, **self.aws())
        self.assertEqual([d["path"] for d in failed["differences"]], [["Size"]])

    def test_tests_for_emulators_are_skipped(self):
        self.assertEqual(self.thing("runs_on_emulators_only", code=0, **self.aws())["outcome"],
                         "skipped")
        self.assertEqual(self.thing("runs_on_emulators_only", code=0)["outcome"], "passed")

    def test_aws_and_an_emulator_contradict_each_other(self):
        for option in ("--endpoint-url", self.server.url), ("--emulator", "fake"):
            self.thing("describes", *option, code=2, **self.aws())
            self.assertIn("contradict", self.err)
        self.assertEqual(self.server.requests, [])

    def test_without_credentials_nothing_is_sent(self):
        self.thing("describes", code=3, **self.aws(AWS_ACCESS_KEY_ID=None,
                                                   AWS_SECRET_ACCESS_KEY=None,
                                                   AWS_EC2_METADATA_DISABLED="true"))
        self.assertIn("credentials", self.err)
        self.assertEqual(self.server.requests, [])

    def test_without_a_region_nothing_is_sent(self):
        self.thing("describes", code=3, **self.aws(AWS_REGION=None))
        self.assertIn("AWS_REGION", self.err)
        self.assertEqual(self.server.requests, [])


class Target(RunTest):
    def test_without_any_target_nothing_runs(self):
        self.configure(emulator=None)
        self.thing("describes", code=3)
        self.assertIn("--endpoint-url", self.err)
        self.assertIn("TEST_TARGET=AWS_CLOUD", self.err)

    def test_an_emulator_that_does_not_answer_ends_the_run(self):
        self.thing("describes", "--endpoint-url", "http://127.0.0.1:9", code=3)
        self.assertIn("http://127.0.0.1:9", self.err)

    def test_an_emulator_that_parity_json_does_not_know(self):
        self.thing("describes", "--emulator", "fak", code=2)
        self.assertIn('did you mean "fake"?', self.err)

    def test_the_endpoint_may_come_from_the_environment(self):
        self.configure(emulator=None)
        for name in "AWS_ENDPOINT_URL", "TEST_AWS_ENDPOINT_URL":
            self.thing("skips_itself", code=0, **{name: self.server.url,
                                                  "TEST_AWS_ACCOUNT_ID": "000000000007"})
            self.assertIsNone(self.document["target"]["name"])

    def test_the_identity_is_that_of_the_test_variables(self):
        self.thing("describes", "--snapshot-skip-all", code=0, TEST_AWS_ACCESS_KEY_ID="TESTKEY",
                   TEST_AWS_SECRET_ACCESS_KEY="s", TEST_AWS_REGION_NAME="ap-south-1",
                   AWS_ACCESS_KEY_ID="AKIDREAL", AWS_SECRET_ACCESS_KEY="r")
        _, _, headers = self.server.requests[0]
        self.assertIn("Credential=TESTKEY/", headers["Authorization"])
        self.assertIn("/ap-south-1/", headers["Authorization"])

    def test_the_emulator_is_started_and_stopped(self):
        self.start_own_emulator()
        self.thing("describes", "--snapshot-skip-all", code=0)
        self.assert_no_process()

    def start_own_emulator(self):
        self.configure(emulator="own", emulators={"own": {
            "command": [sys.executable, str(HERE / "fake_target.py"), "{port}"],
            "endpoint_url": "http://127.0.0.1:{port}", "account_id": "000000000007"}})

    def test_an_emulator_that_dies_ends_the_run(self):
        self.start_own_emulator()
        results = self.run_parity(f"{THING}::bad_die", f"{THING}::describes", "--snapshot-skip-all",
                                  "-j", "1")
        self.assertEqual(results["bad_die"]["outcome"], "error")
        self.assertEqual(results["describes"]["outcome"], "error")
        self.assertIn("not run:", results["describes"]["message"])
        self.assertEqual(self.code, 3, self.out)
        self.assert_no_process()


class BadAnswers(RunTest):
    def test_what_no_sdk_understands_is_a_verdict_with_a_reason(self):
        for kind in "html500", "html200", "truncated", "xml", "closed":
            with self.subTest(kind):
                result = self.thing(f"bad_{kind}", "--snapshot-skip-all")
                self.assertIn(result["outcome"], ("failed", "error"))
                self.assertIn(self.code, (1, 3))
                self.assertIn("thing DescribeThing", result["message"])

    def test_an_empty_answer_is_an_empty_result(self):
        self.thing("bad_empty", "--snapshot-update", code=0)
        self.assertEqual(list(self.recorded("bad_empty")["bad"]), ["ResponseMetadata"])

    def test_unknown_names_are_pointed_at(self):
        for test, part in (("unknown_service", "thing"), ("unknown_operation", "DescribeThing"),
                           ("unknown_parameter", "Colur")):
            with self.subTest(test):
                result = self.thing(test, "--snapshot-skip-all", code=1)
                self.assertEqual(result["outcome"], "error")
                self.assertIn(part, result["message"])


class CommandLine(RunTest):
    def test_an_unknown_option_is_named_with_the_nearest(self):
        self.run_parity("--snapshot-updat", code=2)
        self.assertIn("--snapshot-update", self.err)

    def test_numbers_must_be_numbers(self):
        for option in ("-j", "0"), ("-j", "many"), ("--timeout", "-1"), ("--timeout", "soon"):
            self.run_parity(*option, code=2)
            self.assertIn(option[1], self.err)

    def test_a_compat_that_does_not_exist_is_refused(self):
        self.run_parity("--compat", "moto", code=2)
        self.assertIn("localstack", self.err)

    def test_nothing_selected_has_its_own_exit_code(self):
        for operand in "thing/test_thng.c", f"{THING}::describe", "kms":
            self.run_parity(operand, code=4)
            self.assertIn(operand, self.err)
        self.run_parity(f"{THING}::describe", code=4)
        self.assertIn(f"did you mean '{THING}::describes'?", self.err)

    def test_a_good_operand_does_not_excuse_a_bad_one(self):
        self.run_parity(f"{THING}::describes", "kms", code=4)
        self.assertEqual(self.server.requests, [])

    def test_a_list_needs_no_target(self):
        self.configure(emulator=None)
        self.run_parity("--list", "good", code=0)
        self.assertEqual(self.out.splitlines(),
                         [f"good/test_good.c::good_{i:02}" for i in range(100)])

    def test_suites_are_selected_as_the_shell_completes_them(self):
        self.run_parity("--list", str(HERE / "suites/thing") + "/", code=0)
        self.assertIn(f"{THING}::describes", self.out)
        self.assertNotIn("good", self.out)

    def test_only_needed_modules_are_loaded(self):
        modules = self.folder / "modules"
        shutil.copytree(BUILD / "tests/e2e/suites", modules)
        (modules / "good/test_good.so").write_text("no module")
        self.run_parity("--modules", str(modules), "--list", "thing", code=0)
        self.run_parity("--modules", str(modules), "--list", code=2)
        self.assertIn("good/test_good.so", self.err)

    def test_a_module_whose_suite_is_gone_is_left_out(self):
        suites = self.folder / "suites"
        shutil.copytree(HERE / "suites", suites)
        (suites / "good/test_good.c").unlink()
        self.configure(suites="suites")
        self.run_parity("--list", code=0)
        self.assertNotIn("good_00", self.out)
        self.assertIn("test_good.c", self.err)

    def test_broken_modules_are_refused_with_the_reason(self):
        self.configure(suites=str(HERE / "broken_suites"))
        modules = str(BUILD / "tests/e2e/broken_suites")
        for suite, part in (("abi", "another version of parity's headers"),
                            ("unmarked", "has no marker"), ("twice", "exists already")):
            with self.subTest(suite):
                self.run_parity("--modules", modules, suite, code=2)
                self.assertIn(part, self.err)
        self.run_parity("--modules", modules, code=2)
        self.assertEqual(self.err.count("parity: "), 7)

    def test_a_missing_module_folder_says_what_to_do(self):
        self.run_parity("--modules", str(self.folder / "none"), code=3)
        self.assertIn("cmake --build", self.err)

    def test_results_that_cannot_be_written_are_found_out_before(self):
        (self.folder / "file").write_text("")
        for path in str(self.folder), str(self.folder / "file/results.json"):
            self.run_parity("--results", path, f"{THING}::describes", code=2)
            self.assertIn("--results", self.err)
            self.assertIn(str(self.folder), self.err)
        self.assertEqual(self.server.requests, [])

    def test_mistakes_in_parity_json_are_named(self):
        self.config.write_text('{"emulatr": 1}')
        self.run_parity(code=2)
        self.assertIn('did you mean "emulator"?', self.err)
        self.config.write_text('{"emulators": {\n oops}}')
        self.run_parity(code=2)
        self.assertIn("parity.json:2:2", self.err)

    def test_ci_does_not_record_by_mistake(self):
        self.thing("describes", "--snapshot-update", code=2, CI="true")
        self.assertIn("PARITY_RECORD_IN_CI", self.err)
        self.assertEqual(self.server.requests, [])
        self.thing("describes", "--snapshot-update", code=0, CI="true", PARITY_RECORD_IN_CI="1")
        self.thing("describes", code=0, CI="true")

    def test_quiet_and_verbose(self):
        self.record("describes")
        self.thing("describes", "-q", code=0)
        self.assertEqual(len(self.out.splitlines()), 1)
        self.thing("describes", "-v", code=0)
        self.assertIn("thing CreateThing", self.out)


class Files(RunTest):
    def test_a_broken_snapshot_file_is_named_and_kept(self):
        self.record("describes")
        for text, position in ((self.snapshot().read_text()[:-20], ""), ('{"a": oops}', ":1:7"),
                               ("<<<<<<< HEAD\n{}", ":1:1")):
            with self.subTest(text[:20]):
                self.snapshot().write_text(text)
                error = self.thing("describes", code=1)
                self.assertEqual(error["outcome"], "error")
                self.assertIn(f"test_thing.snapshot.json{position}", error["message"])
                error = self.record("describes", code=1)
                self.assertEqual(error["outcome"], "error")
                self.assertIn("not recorded", error["message"])
                self.assertEqual(self.snapshot().read_text(), text)

    def test_files_without_the_test_or_its_keys(self):
        self.record("describes")
        self.snapshot().write_text("")
        self.assertEqual(self.thing("describes", code=1)["outcome"], "error")
        self.snapshot().write_text("{}")
        self.assertEqual(self.thing("describes", code=1)["outcome"], "error")
        self.snapshot().write_text(json.dumps({f"{THING}::describes": {
            "recorded-date": "01-01-2024, 00:00:00", "recorded-content": {}}}))
        failed = self.thing("describes", code=1)
        self.assertIn(failed["outcome"], ("failed", "error"))

    def test_a_snapshots_folder_that_cannot_be_written_is_found_out_before(self):
        (self.folder / "file").write_text("")
        self.configure(snapshots="file/below")
        self.record("describes", code=2)
        self.assertIn("file", self.err)
        self.assertEqual(self.server.requests, [])

    def test_ground_truth_goes_before_what_was_recorded_here(self):
        self.record("describes")
        tree = self.folder / "truth/thing"
        tree.mkdir(parents=True)
        text = self.snapshot().read_text().replace('"Size": 7', '"Size": 9')
        (tree / "test_thing.snapshot.json").write_text(text)
        failed = self.thing("describes", "--ground-truth", str(tree.parent), code=1)
        self.assertEqual([d["path"] for d in failed["differences"]], [["Size"]])
        self.assertTrue(failed["recording"]["file"].startswith(str(tree.parent)))
        self.thing("describes", "--ground-truth", str(self.folder / "none"))
        self.assertIn(self.code, (2, 3))


if __name__ == "__main__":
    unittest.main()
