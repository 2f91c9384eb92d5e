/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

#include "scenario_fixture.h"

static void a_test_becomes_a_definition(void **state)
{
    struct fixture fixture = {0};
    const struct parity_scenario *scenario;

    (void)state;
    scratch_write("s.json", "{\"$schema\": \"x\",\n\"tests\": [\n"
                            "{\"id\": \"a/b\", \"marker\": \"aws_needs_fixing\",\n"
                            " \"recorded_as\": \"k\", \"defaults\": \"old\",\n"
                            " \"skip_verify\": [{\"paths\": [\"$.a\"], \"emulators\": [\"e\"]}],\n"
                            " \"steps\": [{\"sleep\": 1},\n{\"sleep\": 2}]}]}");
    fixture_load(&fixture, "s.json");
    assert_string_equal(fixture_problems(&fixture), "");
    assert_int_equal(fixture.scenarios.count, 1);
    scenario = fixture.scenarios.items[0];
    assert_string_equal(scenario->definition.name, "a/b");
    assert_string_equal(scenario->definition.file, "s.json");
    assert_int_equal(scenario->definition.line, 3);
    assert_int_equal(scenario->definition.marker, PARITY_NEEDS_FIXING);
    assert_int_equal(scenario->definition.defaults, PARITY_DEFAULTS_OLD);
    assert_string_equal(scenario->definition.recorded_as, "k");
    assert_string_equal(scenario->definition.skip_verify[0].paths[0], "$.a");
    assert_string_equal(scenario->definition.skip_verify[0].when.emulators[0], "e");
    assert_null(scenario->definition.skip_verify[1].reason);
    assert_int_equal(scenario->steps.items[0].line, 6);
    assert_int_equal(scenario->steps.items[1].line, 7);
    assert_true(parity_scenarios_have(&fixture.scenarios, "s.json"));
    assert_false(parity_scenarios_have(&fixture.scenarios, "t.json"));
    fixture_clear(&fixture);
}

static void markers_may_say_aws(void **state)
{
    static const struct {
        const char *name;
        enum parity_marker marker;
    } cases[] = {
        {"aws_validated", PARITY_AWS_VALIDATED},
        {"emulator_only", PARITY_EMULATOR_ONLY},
        {"needs_fixing", PARITY_NEEDS_FIXING},
        {"aws_unknown", PARITY_UNKNOWN},
        {"unknown", PARITY_UNKNOWN},
        {"aws_manual_setup_required", PARITY_MANUAL_SETUP_REQUIRED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture = {0};
        char text[200];

        snprintf(text, sizeof text,
                 "{\"tests\": [{\"id\": \"a\", \"marker\": \"%s\", \"steps\": []}]}",
                 cases[i].name);
        scratch_write("s.json", text);
        fixture_load(&fixture, "s.json");
        assert_int_equal(fixture.scenarios.items[0]->definition.marker, cases[i].marker);
        fixture_clear(&fixture);
    }
}

/* An entry holds 32 paths and 4 emulators. */
static void an_entry_with_many_emulators_becomes_several(void **state)
{
    struct fixture fixture = {0};
    const struct parity_skip_verify *skips;

    (void)state;
    fixture_load_test(&fixture,
                      "\"steps\": [], \"skip_verify\": [{\"paths\": [\"$.a\"], \"reason\": "
                      "\"r\", \"emulators\": [\"1\", \"2\", \"3\", \"4\", \"5\"]}]");
    assert_string_equal(fixture_problems(&fixture), "");
    skips = fixture.scenarios.items[0]->definition.skip_verify;
    assert_string_equal(skips[0].when.emulators[3], "4");
    assert_string_equal(skips[1].when.emulators[0], "5");
    assert_string_equal(skips[1].paths[0], "$.a");
    assert_string_equal(skips[1].reason, "r");
    assert_null(skips[2].reason);
    fixture_clear(&fixture);
}

static void more_entries_than_a_test_can_have_are_refused(void **state)
{
    struct fixture fixture = {0};

    (void)state;
    fixture_load_test(&fixture,
                      "\"steps\": [], \"skip_verify\": [{}, {}, {}, {}, {}, {}, {}, {}, {}]");
    assert_string_equal(fixture_problems(&fixture),
                        "s.json:2: a/b: skip_verify: more entries than the 8 that a test can have; "
                        "join those with the same condition");
    fixture_clear(&fixture);
}

static void an_id_is_taken_once(void **state)
{
    static const char text[] = "{\"tests\": [\n\n{\"id\": \"a/b\", \"marker\": \"unknown\", "
                               "\"steps\": []}]}";
    struct fixture fixture = {0};

    (void)state;
    scratch_write("s.json", text);
    scratch_write("t.json", text);
    fixture_load(&fixture, "s.json");
    fixture_load(&fixture, "t.json");
    assert_string_equal(fixture_problems(&fixture),
                        "t.json:3: a/b: id: this id is taken, by s.json:3");
    fixture_clear(&fixture);
}

static void a_good_test_beside_a_bad_one_is_loaded(void **state)
{
    struct fixture fixture = {0};

    (void)state;
    scratch_write("s.json", "{\"tests\": [{\"id\": \"a\", \"marker\": \"unknown\"},\n"
                            "{\"id\": \"b\", \"marker\": \"unknown\", \"steps\": []}]}");
    fixture_load(&fixture, "s.json");
    assert_int_equal(fixture.report.problems, 1);
    assert_int_equal(fixture.scenarios.count, 1);
    assert_string_equal(fixture.scenarios.items[0]->id, "b");
    fixture_clear(&fixture);
}

static void files_that_are_no_scenarios_have_a_message(void **state)
{
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"{\"tests\": [\n  {\"id\" 7}]}", "s.json:2:9: expected ':'"},
        {"{\"tests\": [], \"tests\": []}", "s.json:1:15: member 'tests' is there twice"},
        {"[]", "s.json:1: a file of scenarios must be an object"},
        {"{\"test\": []}",
         "s.json:1: test: a file of scenarios has no field 'test'; did you mean 'tests'?\n"
         "s.json:1: a file of scenarios needs 'tests'"},
        {"", "s.json:1:1: "},
        {"{\"tests\": [\"\xff\"]}", "s.json:1:13: "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture = {0};

        scratch_write("s.json", cases[i].text);
        fixture_load(&fixture, "s.json");
        if (strncmp(fixture_problems(&fixture), cases[i].problem, strlen(cases[i].problem)) != 0)
            fail_msg("%s: %s", cases[i].text, fixture_problems(&fixture));
        fixture_clear(&fixture);
    }
}

static void a_file_in_a_folder_may_be_something_else(void **state)
{
    static const char *const texts[] = {"{\"other\": 1}", "no json at all", "{\"tests\": 7}"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct fixture fixture = {.report = {.tell = fixture_tell}};

        fixture.report.data = &fixture.problems;
        scratch_write("s.json", texts[i]);
        assert_int_equal(parity_scenarios_load(&fixture.scenarios, "s.json", "s.json", true,
                                               &fixture.report, NULL),
                         0);
        assert_string_equal(fixture_problems(&fixture), "");
        assert_int_equal(fixture.scenarios.count, 0);
        fixture_clear(&fixture);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    scratch_write(
        "s.json",
        "{\"tests\": [{\"id\": \"a\", \"marker\": \"unknown\", \"let\": {\"x\": \"${y}\", "
        "\"y\": \"1\"}, \"steps\": [{\"value\": \"${x}\", \"match\": \"m\"}]}]}");
    for (unsigned long n = 1;; n++) {
        struct parity_scenarios scenarios = {0};
        struct parity_scenario_report report = {0};
        struct parity_error err = {0};
        int rc;

        parity_memory_fail_at(n, 0);
        rc = parity_scenarios_load(&scenarios, "s.json", "s.json", false, &report, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        if (rc == 0 && report.problems == 0 && scenarios.count == 1 && n > 60) {
            parity_scenarios_clear(&scenarios);
            return;
        }
        parity_scenarios_clear(&scenarios);
        assert_true(n < 10000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_test_becomes_a_definition, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(markers_may_say_aws, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(an_entry_with_many_emulators_becomes_several, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(more_entries_than_a_test_can_have_are_refused,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(an_id_is_taken_once, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(a_good_test_beside_a_bad_one_is_loaded, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(files_that_are_no_scenarios_have_a_message, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(a_file_in_a_folder_may_be_something_else, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, scratch_enter, scratch_leave),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
