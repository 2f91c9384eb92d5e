/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/coverage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../scratch.h"
#include "base/memory.h"

/* A results file with this target and these tests; apostrophes stand for quotes. New. */
static json_t *results(const char *target, const char *tests)
{
    char text[4096];
    int length = snprintf(text, sizeof text, "{'target': {%s}, 'tests': [%s], 'summary': {}}",
                          target, tests);

    assert_true(length > 0 && (size_t)length < sizeof text);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    return scratch_json(text);
}

#define MOTO "'kind': 'emulator', 'name': 'moto', 'version': '5'"
#define COMPARED                                                                                   \
    "'recording': {'file': 'snapshots/x/test_x.snapshot.json', 'key': 'x/test_x.c::t',"            \
    " 'recorded_date': '01-01-2024, 10:00:00', 'from_aws': true}"

static void record(const char *key)
{
    char text[400];

    snprintf(text, sizeof text,
             "{\"x/test_x.c::t\": {\"recorded-date\": \"01-01-2024, 10:00:00\","
             " \"recorded-content\": {\"%s\": {\"a\": 1}}}}",
             key);
    scratch_write("snapshots/x/test_x.snapshot.json", text);
    scratch_write("snapshots/x/test_x.validation.json",
                  "{\"x/test_x.c::t\": {\"last_validated_date\": \"2024-01-01T10:00:00+00:00\"}}");
}

/* Counts what these files say. New. */
static json_t *count(json_t *const *documents, size_t count, struct parity_error *err)
{
    const struct parity_recordings_options options = {.folder = "snapshots"};
    struct parity_recordings *recordings = parity_recordings_new(&options, err);
    struct parity_coverage *coverage = parity_coverage_new();
    json_t *facts = NULL;
    int rc = recordings && coverage ? 0 : -1;

    if (rc < 0)
        parity_fail_nomem(err);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = parity_coverage_add(coverage, documents[i], i == 0 ? "a.json" : "b.json", err);
    if (rc == 0)
        parity_coverage_count(coverage, recordings, &facts, err);
    parity_coverage_free(coverage);
    parity_recordings_free(recordings);
    return facts;
}

static json_t *count_one(const char *target, const char *tests)
{
    struct parity_error err = {0};
    json_t *document = results(target, tests), *facts = count(&document, 1, &err);

    if (!facts)
        fail_msg("%s: %s", err.context, err.message);
    json_decref(document);
    return facts;
}

/* What is known of an operation of `x` on the first target. Borrowed. */
static const json_t *operation(const json_t *facts, const char *name)
{
    const json_t *services = json_object_get(json_array_get(facts, 0), "services");

    return json_object_get(json_object_get(services, "x"), name);
}

static void assert_facts(const json_t *facts, const char *name, const char *expected)
{
    json_t *wanted = scratch_json(expected), *value;
    const json_t *known = operation(facts, name);
    const char *member;

    json_object_foreach(wanted, member, value)
        if (!json_equal(json_object_get(known, member), value)) {
            char *text = json_dumps(known, JSON_COMPACT | JSON_ENCODE_ANY);

            fail_msg("%s has another %s: %s", name, member, text ? text : "nothing");
        }
    json_decref(wanted);
}

#define CALL(operation_, more_)                                                                    \
    "{'service': 'x', 'operation': '" operation_ "', 'status_code': 200, 'error_code': null,"      \
    " 'attempts': 1" more_ "}"

static void credit_goes_to_the_call_that_was_matched(void **state)
{
    json_t *facts;

    (void)state;
    record("k");
    facts = count_one(
        MOTO,
        "{'id': 'x/test_x.c::t', 'calls': [" CALL("Create", ", 'parameters': ['Name']") "," CALL(
            "Get", ", 'parameters': ['Name', 'Size'], 'matched': "
                   "['k']") "," CALL("Get", ", 'parameters': "
                                            "['Colour']") "," CALL("D"
                                                                   "e"
                                                                   "l"
                                                                   "e"
                                                                   "t"
                                                                   "e",
                                                                   ","
                                                                   " "
                                                                   "'"
                                                                   "p"
                                                                   "a"
                                                                   "r"
                                                                   "a"
                                                                   "m"
                                                                   "e"
                                                                   "t"
                                                                   "e"
                                                                   "r"
                                                                   "s"
                                                                   "'"
                                                                   ":"
                                                                   " "
                                                                   "["
                                                                   "]"
                                                                   ","
                                                                   " "
                                                                   "'"
                                                                   "c"
                                                                   "l"
                                                                   "e"
                                                                   "a"
                                                                   "n"
                                                                   "u"
                                                                   "p"
                                                                   "'"
                                                                   ":"
                                                                   " "
                                                                   "t"
                                                                   "r"
                                                                   "u"
                                                                   "e") "], 'differences': [], "
                                                                        "'hidden': [], " COMPARED
                                                                        "}");
    assert_facts(facts, "Create",
                 "{\"calls\": 1, \"whole\": false, \"part\": false, \"snapshotted\": false,"
                 " \"validated\": false, \"parameters\": {\"Name\": false},"
                 " \"tests\": {\"x/test_x.c::t\": \"called\"}}");
    assert_facts(facts, "Get",
                 "{\"calls\": 2, \"whole\": true, \"part\": false, \"snapshotted\": true,"
                 " \"validated\": true, \"validated_on\": \"2024-01-01T10:00:00+00:00\","
                 " \"parameters\": {\"Name\": true, \"Size\": true, \"Colour\": false},"
                 " \"tests\": {\"x/test_x.c::t\": \"validated\"}}");
    assert_facts(facts, "Delete", "{\"calls\": 1, \"whole\": false}");
    json_decref(facts);
}

/* One test that matched one call, with these differences and hidden ones. */
static json_t *count_matched(const char *differences, const char *hidden)
{
    char test[1200];

    record("k");
    snprintf(test, sizeof test,
             "{'id': 'x/test_x.c::t', 'calls': [" CALL(
                 "Get", ", 'parameters': [], 'matched': ['k']") "], 'differences': [%s], 'hidden': "
                                                                "[%s], " COMPARED "}",
             differences, hidden);
    return count_one(MOTO, test);
}

static void what_differs_is_tested_and_not_validated(void **state)
{
    json_t *facts = count_matched("{'key': 'k', 'path': ['a'], 'kind': 'changed', 'recorded': 1,"
                                  " 'observed': 2}",
                                  "");

    (void)state;
    assert_facts(facts, "Get",
                 "{\"whole\": true, \"snapshotted\": true, \"validated\": false,"
                 " \"differences\": 1, \"hidden\": 0}");
    json_decref(facts);
}

static void a_hidden_difference_is_one(void **state)
{
    json_t *facts = count_matched("", "{'key': 'k', 'path': ['a'], 'kind': 'changed',"
                                      " 'recorded': 1, 'observed': 2, 'skip': '$..a'}");

    (void)state;
    assert_facts(facts, "Get",
                 "{\"whole\": true, \"validated\": false, \"differences\": 0, \"hidden\": 1}");
    json_decref(facts);
}

static void differences_of_another_key_are_none_of_its_business(void **state)
{
    json_t *facts = count_matched("{'key': 'other', 'path': ['a'], 'kind': 'changed',"
                                  " 'recorded': 1, 'observed': 2}",
                                  "");

    (void)state;
    assert_facts(facts, "Get", "{\"validated\": true, \"differences\": 0}");
    json_decref(facts);
}

static void what_was_not_recorded_was_compared_with_nothing(void **state)
{
    json_t *facts;

    (void)state;
    record("another");
    facts = count_one(
        MOTO,
        "{'id': 'x/test_x.c::t', 'calls': [" CALL(
            "Get",
            ", 'parameters': ['A'], 'matched': ['k']") "], 'differences': [{'key': 'k', 'path': "
                                                       "[], 'kind': 'added',"
                                                       " 'observed': {}}], 'hidden': [], " COMPARED
                                                       "}");
    assert_facts(facts, "Get",
                 "{\"whole\": false, \"snapshotted\": false, \"validated\": false,"
                 " \"differences\": 1, \"parameters\": {\"A\": false},"
                 " \"tests\": {\"x/test_x.c::t\": \"called\"}}");
    json_decref(facts);
}

static void without_a_comparison_a_match_says_nothing(void **state)
{
    json_t *facts = count_one(
        MOTO,
        "{'id': 'x/test_x.c::t', 'recording': null, 'calls': [" CALL(
            "Get", ", 'parameters': [], 'matched': ['k']") "," CALL("Try",
                                                                    ", 'parameters': [], "
                                                                    "'expected': ['error']") "]}");

    (void)state;
    assert_facts(facts, "Get", "{\"whole\": false, \"part\": false, \"snapshotted\": false}");
    assert_facts(facts, "Try", "{\"whole\": false, \"part\": true, \"snapshotted\": false}");
    json_decref(facts);
}

static void only_what_is_recorded_on_aws_validates(void **state)
{
    static const char test[] =
        "{'id': 'x/test_x.c::t', 'recording': null, 'recorded': true,"
        " 'calls': [" CALL("Get", ", 'parameters': [], 'matched': ['k']") "]}";
    json_t *facts;

    (void)state;
    record("k");
    facts = count_one(MOTO, test);
    assert_facts(facts, "Get", "{\"whole\": true, \"snapshotted\": true, \"validated\": false}");
    json_decref(facts);
    facts = count_one("'kind': 'aws', 'name': 'aws', 'version': null", test);
    assert_facts(facts, "Get", "{\"whole\": true, \"snapshotted\": true, \"validated\": true}");
    json_decref(facts);
}

static void a_recording_that_has_changed_since_validates_nothing(void **state)
{
    json_t *facts, *document;

    (void)state;
    record("k");
    document = results(
        MOTO,
        "{'id': 'x/test_x.c::t', 'calls': [" CALL(
            "Get",
            ", 'parameters': [], 'matched': ['k']") "], 'differences': [], 'hidden': [], " COMPARED
                                                    "}");
    json_object_set_new(
        json_object_get(json_array_get(json_object_get(document, "tests"), 0), "recording"),
        "recorded_date", json_string("31-12-2023, 10:00:00"));
    facts = count(&document, 1, NULL);
    assert_facts(facts, "Get", "{\"whole\": true, \"snapshotted\": true, \"validated\": false}");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(facts, 0), "changed")), 1);
    json_decref(document);
    json_decref(facts);
}

static void without_the_recordings_the_results_are_believed(void **state)
{
    json_t *facts = count_one(
        MOTO,
        "{'id': 'x/test_x.c::t', 'calls': [" CALL(
            "Get",
            ", 'parameters': [], 'matched': ['k']") "], 'differences': [], 'hidden': [], "
                                                    "'recording': {'file': 'y', 'key': "
                                                    "'elsewhere/t',"
                                                    " 'recorded_date': null, 'from_aws': true}}");

    (void)state;
    assert_facts(facts, "Get",
                 "{\"snapshotted\": true, \"validated\": true,"
                 " \"validated_on\": null}");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(facts, 0), "missing")), 1);
    json_decref(facts);
}

static void pages_under_one_key_share_its_differences(void **state)
{
    json_t *facts;

    (void)state;
    record("k");
    facts = count_one(
        MOTO, "{'id': 'x/test_x.c::t', 'calls': [" CALL(
                  "List", ", 'parameters': [], 'matched': "
                          "['k']") "," CALL("List", ", 'parameters': ['Token'], 'matched': "
                                                    "['k']") "], 'differences': [{'key': 'k', "
                                                             "'path': ['a'], 'kind': 'changed',"
                                                             " 'recorded': 1, 'observed': 2}], "
                                                             "'hidden': [], " COMPARED "}");
    assert_facts(facts, "List", "{\"calls\": 2, \"differences\": 1}");
    json_decref(facts);
}

static void what_was_never_sent_is_no_call(void **state)
{
    json_t *facts = count_one(MOTO, "{'id': 'x/test_x.c::t', 'calls': [{'service': 'x',"
                                    " 'operation': 'Gett', 'status_code': null, 'attempts': 0,"
                                    " 'parameters': []}]}");

    (void)state;
    assert_null(operation(facts, "Gett"));
    json_decref(facts);
}

static void answers_are_kept_apart_by_status_and_code(void **state)
{
    json_t *facts;

    (void)state;
    record("k");
    facts = count_one(
        MOTO, "{'id': 'x/test_x.c::t', 'calls': [" CALL("Get", ", 'parameters': []") "," CALL(
                  "Get", ", 'parameters': []") ","
                                               "{'service': 'x', 'operation': 'Get', "
                                               "'status_code': 400, 'error_code': 'Gone',"
                                               " 'attempts': 1, 'parameters': [], 'matched': ['k']}"
                                               "], 'differences': [], 'hidden': [], " COMPARED "}");
    assert_facts(
        facts, "Get",
        "{\"answers\": {\"200  \": {\"status_code\": 200, \"error_code\": null, \"modelled_code\": "
        "null,"
        " \"count\": 2, \"validated\": false}, \"400 Gone \": {\"status_code\": 400,"
        " \"error_code\": \"Gone\", \"modelled_code\": null, \"count\": 1, \"validated\": true}}}");
    json_decref(facts);
}

static void files_of_one_target_are_one_and_the_last_result_of_a_test_counts(void **state)
{
    static const char one[] =
        "{'id': 'x/test_x.c::t', 'calls': [" CALL("Get", ", 'parameters': []") "]}";
    static const char other[] =
        "{'id': 'x/test_x.c::t', 'calls': [" CALL("Put", ", 'parameters': []") "]}";
    json_t *documents[] = {results(MOTO, one), results(MOTO, other)};
    json_t *facts = count(documents, 2, NULL);

    (void)state;
    assert_int_equal(json_array_size(facts), 1);
    assert_null(operation(facts, "Get"));
    assert_non_null(operation(facts, "Put"));
    json_decref(facts);
    json_decref(documents[1]);
    documents[1] = results("'kind': 'emulator', 'name': 'moto', 'version': '6'", other);
    facts = count(documents, 2, NULL);
    assert_int_equal(json_array_size(facts), 2);
    assert_non_null(operation(facts, "Get"));
    json_decref(facts);
    json_decref(documents[0]);
    json_decref(documents[1]);
}

static void other_files_are_refused(void **state)
{
    static const char *const bad[] = {
        "[]",
        "{}",
        "{\"target\": {}}",
        "{\"target\": {}, \"tests\": {}}",
        "{\"target\": {}, \"tests\": [1]}",
        "{\"target\": {}, \"tests\": [{\"id\": \"a\"}]}",
        "{\"target\": {}, \"tests\": [{\"id\": \"a\", \"calls\": [{\"service\": \"x\"}]}]}",
    };
    struct parity_error err;
    json_t *document;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        document = scratch_json(bad[i]);
        err = (struct parity_error){0};
        assert_null(count(&document, 1, &err));
        assert_int_equal(err.code, PARITY_E_PARSE);
        assert_string_equal(err.context, "a.json");
        json_decref(document);
    }
    document = results(MOTO, "{'id': 'old', 'calls': [" CALL("Get", "") "]}");
    err = (struct parity_error){0};
    assert_null(count(&document, 1, &err));
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message, "does not say which answers were checked (old): an older "
                                     "version of parity wrote it; run the tests again");
    json_decref(document);
}

static void a_broken_file_of_recordings_is_told(void **state)
{
    json_t *document = results(MOTO, "{'id': 'x/test_x.c::t', 'calls': [], " COMPARED "}");
    struct parity_error err = {0};

    (void)state;
    scratch_write("snapshots/x/test_x.snapshot.json", "{");
    assert_null(count(&document, 1, &err));
    assert_int_equal(err.code, PARITY_E_PARSE);
    json_decref(document);
}

static void lack_of_memory_is_told(void **state)
{
    json_t *document = results(
        MOTO, "{'id': 'x/test_x.c::t', 'calls': [" CALL(
                  "Get", ", 'parameters': ['A'], 'matched': ['k']") "], 'differences': [], "
                                                                    "'hidden': [], " COMPARED "}");
    json_t *facts = NULL;

    (void)state;
    record("k");
    for (unsigned long n = 1; !facts; n++) {
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        facts = count(&document, 1, &err);
        parity_memory_fail_at(0, 0);
        if (!facts)
            assert_int_equal(err.code, PARITY_E_NOMEM);
    }
    assert_facts(facts, "Get", "{\"validated\": true, \"parameters\": {\"A\": true}}");
    json_decref(facts);
    json_decref(document);
}

#define IN_FOLDER(test_) cmocka_unit_test_setup_teardown(test_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(credit_goes_to_the_call_that_was_matched),
        IN_FOLDER(what_differs_is_tested_and_not_validated),
        IN_FOLDER(a_hidden_difference_is_one),
        IN_FOLDER(differences_of_another_key_are_none_of_its_business),
        IN_FOLDER(what_was_not_recorded_was_compared_with_nothing),
        IN_FOLDER(without_a_comparison_a_match_says_nothing),
        IN_FOLDER(only_what_is_recorded_on_aws_validates),
        IN_FOLDER(a_recording_that_has_changed_since_validates_nothing),
        IN_FOLDER(without_the_recordings_the_results_are_believed),
        IN_FOLDER(pages_under_one_key_share_its_differences),
        IN_FOLDER(what_was_never_sent_is_no_call),
        IN_FOLDER(answers_are_kept_apart_by_status_and_code),
        IN_FOLDER(files_of_one_target_are_one_and_the_last_result_of_a_test_counts),
        IN_FOLDER(other_files_are_refused),
        IN_FOLDER(a_broken_file_of_recordings_is_told),
        IN_FOLDER(lack_of_memory_is_told),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
