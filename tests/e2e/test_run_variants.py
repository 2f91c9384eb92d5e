# SPDX-License-Identifier: Apache-2.0
"""Tests that are several cases each: variants, protocols, and `parity run --protocol`."""
import json
import unittest

from runner import HERE, THING, RunTest

SUITE = "thing/test_variants.c"


class Variants(RunTest):
    def ids(self, *arguments, **options):
        self.run_parity("--list", *arguments, code=options.pop("code", 0), **options)
        return [line.partition("::")[2] for line in self.out.split()]

    def cases(self, name, *arguments, code=0, **options):
        return self.run_parity(f"{SUITE}::{name}", *arguments, code=code, **options)

    def protocols(self, result):
        return {call["protocol"] for call in result["calls"]}

    def test_each_case_has_an_id_of_its_own(self):
        self.assertEqual(self.ids(SUITE), [
            "in_colours[blue]", "in_colours[none]", "in_colours[red]", "of_another_service[query]",
            "of_both[one-json]", "of_both[one-query]", "of_both[two-json]", "of_both[two-query]",
            "over_all[json]", "over_all[query]", "over_some[query]", "over_some[rest-json]",
            "plain"])

    def test_a_name_selects_all_its_cases_and_brackets_one(self):
        self.assertEqual(len(self.ids(f"{SUITE}::of_both")), 4)
        self.assertEqual(self.ids(f"{SUITE}::of_both[two-json]"), ["of_both[two-json]"])
        self.ids(f"{SUITE}::of_both[three-json]", code=4)

    def test_the_body_reads_the_variant(self):
        self.cases("in_colours", "--snapshot-update", code=1)
        self.assertIn("the variant 'none' has no value", self.results["in_colours[none]"]["message"])
        recorded = json.loads((self.folder / "snapshots/thing/test_variants.snapshot.json")
                              .read_text())
        self.assertEqual(recorded[f"{SUITE}::in_colours[red]"]["recorded-content"],
                         {"name": "red", "value": {"Colour": "red", "Share": "100%"}})
        self.assertEqual(recorded[f"{SUITE}::in_colours[blue]"]["recorded-content"]["value"],
                         {"Colour": "blue"})
        self.cases("in_colours[red]")

    def test_a_test_without_variants_has_neither(self):
        self.cases("plain", "--snapshot-update")
        self.assertEqual(self.protocols(self.results["plain"]), {"json"})

    def test_calls_go_over_the_protocol_of_the_case(self):
        results = self.cases("over_all", "--snapshot-update")
        self.assertEqual({name: self.protocols(result) for name, result in results.items()},
                         {"over_all[json]": {"json"}, "over_all[query]": {"query"}})
        self.assertTrue(any(body.startswith("Action=DeleteThing")
                            for _, body, _ in self.server.requests), "cleanups too")
        self.cases("over_all")

    def test_calls_of_another_service_do_not(self):
        result = self.cases("of_another_service", "--snapshot-update")
        self.assertEqual(self.protocols(result["of_another_service[query]"]), {"json"})

    def test_a_protocol_without_a_model_is_skipped_with_a_reason(self):
        results = self.cases("over_some", "--snapshot-update")
        self.assertEqual(results["over_some[query]"]["outcome"], "passed")
        skipped = results["over_some[rest-json]"]
        self.assertEqual(skipped["outcome"], "skipped")
        self.assertIn("thing-rest-json/<API version>/service-2.json", skipped["message"])

    def test_an_older_model_counts(self):
        model = json.loads((HERE / "models/thing/2020-01-01/service-2.json").read_text())
        model["metadata"].update(protocol="rest-json", protocols=["rest-json"])
        path = self.folder / "older/thing-rest-json/2020-01-01/service-2.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(model))
        data = f"{HERE / 'models'}:{self.folder / 'older'}"
        self.assertEqual(self.ids(f"{SUITE}::over_all", AWS_DATA_PATH=data),
                         ["over_all[json]", "over_all[query]", "over_all[rest-json]"])

    def test_each_case_finds_its_recording_elsewhere(self):
        def entry(**content):
            return {"recorded-date": "01-01-2024, 00:00:00", "recorded-content": content}

        def thing(**members):
            return {"Colour": "red", "Name": "<name:1>", "Size": 7,
                    "ResponseMetadata": {"HTTPHeaders": {}, "HTTPStatusCode": 200}, **members}

        truth = self.folder / "truth/else.snapshot.json"
        truth.parent.mkdir()
        truth.write_text(json.dumps({
            "else.py::in_colours[red]": entry(name="red", value={"Colour": "red", "Share": "100%"}),
            "else.py::the_blue_one": entry(name="blue", value={"Colour": "blue"}),
            "else.py::over_all[query]": entry(protocol="query", describe=thing()),
            "else.py::two over query": entry(value=[2, "query"], describe=thing())}))
        results = self.run_parity("--ground-truth", str(truth.parent), *(
            f"{SUITE}::{name}" for name in ("in_colours[red]", "in_colours[blue]",
                                            "over_all[query]", "of_both[two-query]")), code=0)
        self.assertEqual({name: result["recording"]["key"] for name, result in results.items()},
                         {"in_colours[red]": "else.py::in_colours[red]",
                          "in_colours[blue]": "else.py::the_blue_one",
                          "over_all[query]": "else.py::over_all[query]",
                          "of_both[two-query]": "else.py::two over query"})

    def test_without_models_all_protocols_are_not_known(self):
        self.run_parity("--list", f"{SUITE}::over_all", AWS_DATA_PATH=None, VIRTUAL_ENV=None,
                        PARITY_MODELS=str(self.folder), code=3)
        self.assertIn("no AWS service models found", self.err)


class Protocol(RunTest):
    def test_it_holds_for_calls_that_choose_none(self):
        self.record("describes")
        verified = self.thing("describes", "--protocol", "query", code=0)
        self.assertEqual({call["protocol"] for call in verified["calls"]}, {"query"})

    def test_services_that_do_not_speak_it_are_called_as_usual(self):
        self.record("describes")
        verified = self.thing("describes", "--protocol", "rest-xml", code=0)
        self.assertEqual({call["protocol"] for call in verified["calls"]}, {"json"})

    def test_cases_of_other_protocols_are_left_out(self):
        self.run_parity("--list", "--protocol", "query", SUITE, code=0)
        self.assertEqual([line.partition("::")[2] for line in self.out.split()], [
            "in_colours[blue]", "in_colours[none]", "in_colours[red]", "of_another_service[query]",
            "of_both[one-query]", "of_both[two-query]", "over_all[query]", "over_some[query]",
            "plain"])

    def test_an_unknown_one_is_refused(self):
        self.run_parity("--protocol", "soap", THING, code=2)
        self.assertIn("--protocol: unknown protocol 'soap' (known are ec2, json", self.err)


if __name__ == "__main__":
    unittest.main()
