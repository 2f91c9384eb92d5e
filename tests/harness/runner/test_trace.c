/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../scratch.h"
#include "base/memory.h"

/* Two responses, of the calls 0 and 1 to 2, as two pages. */
struct answers {
    struct parity_trace trace;
    json_t *first, *second;
};

static void answer(struct answers *answers)
{
    *answers = (struct answers){.first = scratch_json("{\"Url\": \"u\", \"On\": true}"),
                                .second = scratch_json("{\"List\": [{\"Id\": \"a\"}, \"u\"]}")};
    assert_int_equal(parity_trace_add(&answers->trace, answers->first, 0, 1), 0);
    assert_int_equal(parity_trace_add(&answers->trace, answers->second, 1, 2), 0);
}

static void clear(struct answers *answers)
{
    parity_trace_clear(&answers->trace);
    json_decref(answers->first);
    json_decref(answers->second);
}

/* What stands with three calls in a report. */
static void assert_calls(struct answers *answers, const char *expected)
{
    json_t *calls = scratch_json("[{}, {}, {}]"), *wanted = scratch_json(expected);
    json_t *notes = json_array(), *text = parity_trace_take(&answers->trace);

    if (text)
        json_array_append_new(notes, text);
    parity_trace_apply(calls, notes);
    if (!json_equal(calls, wanted)) {
        char *found = json_dumps(calls, JSON_COMPACT | JSON_ENCODE_ANY);

        fail_msg("found %s", found ? found : "nothing");
    }
    assert_null(parity_trace_take(&answers->trace));
    json_decref(calls);
    json_decref(notes);
    json_decref(wanted);
}

static void a_response_is_credited_to_its_call(void **state)
{
    struct answers answers;

    (void)state;
    answer(&answers);
    assert_int_equal(parity_trace_match(&answers.trace, "k", answers.first), 0);
    assert_calls(
        &answers,
        "[{\"parameters\": [], \"matched\": [\"k\"]}, {\"parameters\": []}, {\"parameters\": []}]");
    clear(&answers);
}

static void what_was_put_together_of_pages_is_credited_to_all_of_them(void **state)
{
    struct answers answers;

    (void)state;
    answer(&answers);
    assert_int_equal(parity_trace_match(&answers.trace, "k", answers.second), 0);
    assert_calls(&answers, "[{\"parameters\": []}, {\"parameters\": [], \"matched\": [\"k\"]}, "
                           "{\"parameters\": [], \"matched\": [\"k\"]}]");
    clear(&answers);
}

static void a_part_is_credited_as_a_part_whatever_equals_it(void **state)
{
    struct answers answers;

    (void)state;
    answer(&answers);
    /* "u" stands in the second response as well, as another value. */
    assert_int_equal(parity_trace_match(&answers.trace, "k", json_object_get(answers.first, "Url")),
                     0);
    assert_calls(&answers, "[{\"parameters\": [], \"matched_in_part\": [\"k\"]}, {\"parameters\": "
                           "[]}, {\"parameters\": []}]");
    clear(&answers);
}

static void what_was_made_of_parts_is_credited_to_all_that_they_came_from(void **state)
{
    struct answers answers;
    json_t *made;

    (void)state;
    answer(&answers);
    made = json_pack("{s:O, s:[O], s:s}", "a", json_object_get(answers.first, "Url"), "b",
                     json_array_get(json_object_get(answers.second, "List"), 0), "c", "own");
    assert_int_equal(parity_trace_match(&answers.trace, "k", made), 0);
    assert_calls(
        &answers,
        "[{\"parameters\": [], \"matched_in_part\": [\"k\"]}, {\"parameters\": [], "
        "\"matched_in_part\": [\"k\"]}, {\"parameters\": [], \"matched_in_part\": [\"k\"]}]");
    json_decref(made);
    clear(&answers);
}

static void what_the_test_made_itself_is_nobodys(void **state)
{
    struct answers answers;
    json_t *own = scratch_json("{\"Url\": \"u\", \"On\": true}");

    (void)state;
    answer(&answers);
    assert_int_equal(parity_trace_match(&answers.trace, "k", own), 0);
    assert_int_equal(parity_trace_match(&answers.trace, "t", json_object_get(answers.first, "On")),
                     0);
    assert_calls(&answers, "[{\"parameters\": []}, {\"parameters\": []}, {\"parameters\": []}]");
    json_decref(own);
    clear(&answers);
}

static void expectations_are_credited_beside_matches(void **state)
{
    struct answers answers;

    (void)state;
    answer(&answers);
    assert_int_equal(parity_trace_expect(&answers.trace, "error", answers.first), 0);
    assert_int_equal(
        parity_trace_expect(&answers.trace, "value", json_object_get(answers.second, "List")), 0);
    assert_calls(&answers,
                 "[{\"parameters\": [], \"expected\": [\"error\"]}, {\"parameters\": [], "
                 "\"expected\": [\"value\"]}, {\"parameters\": [], \"expected\": [\"value\"]}]");
    clear(&answers);
}

static void notes_stand_with_the_calls_once_each(void **state)
{
    struct answers answers;
    json_t *input = scratch_json("{\"A\": {\"B\": 1}, \"C\": 2}");

    (void)state;
    answer(&answers);
    parity_trace_sent(&answers.trace, 2, input);
    assert_int_equal(parity_trace_match(&answers.trace, "a b", answers.first), 0);
    assert_int_equal(parity_trace_match(&answers.trace, "two\nlines", answers.first), 0);
    assert_int_equal(parity_trace_match(&answers.trace, "a b", answers.first), 0);
    assert_int_equal(parity_trace_match(&answers.trace, "", answers.first), 0);
    assert_calls(&answers, "[{\"parameters\": [], \"matched\": [\"a b\", \"two\\nlines\", \"\"]},"
                           " {\"parameters\": []}, {\"parameters\": [\"A\", \"C\"]}]");
    json_decref(input);
    clear(&answers);
}

static void notes_that_are_none_are_left_out(void **state)
{
    static const char *const broken[] = {"",
                                         "m",
                                         "m0",
                                         "m0 ",
                                         "m0 1",
                                         "m0 1 ",
                                         "m0 9 k\n",
                                         "m7 1 k\n",
                                         "m-1 1 k\n",
                                         "x0 1 k\n",
                                         "m0 -1 k\n",
                                         "m 1 k\n",
                                         "m0 18446744073709551615 k\n"};

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        json_t *calls = scratch_json("[{}]"), *expected = scratch_json("[{\"parameters\": []}]");
        json_t *notes = json_pack("[s]", broken[i]);

        parity_trace_apply(calls, notes);
        if (!json_equal(calls, expected))
            fail_msg("'%s' is taken for a note", broken[i]);
        json_decref(calls);
        json_decref(expected);
        json_decref(notes);
    }
    parity_trace_apply(NULL, NULL);
}

static void lack_of_memory_is_told(void **state)
{
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct answers answers;

        answer(&answers);
        parity_memory_fail_at(n, 1);
        rc = parity_trace_match(&answers.trace, "k", json_object_get(answers.first, "Url"));
        parity_memory_fail_at(0, 0);
        clear(&answers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_response_is_credited_to_its_call),
        cmocka_unit_test(what_was_put_together_of_pages_is_credited_to_all_of_them),
        cmocka_unit_test(a_part_is_credited_as_a_part_whatever_equals_it),
        cmocka_unit_test(what_was_made_of_parts_is_credited_to_all_that_they_came_from),
        cmocka_unit_test(what_the_test_made_itself_is_nobodys),
        cmocka_unit_test(expectations_are_credited_beside_matches),
        cmocka_unit_test(notes_stand_with_the_calls_once_each),
        cmocka_unit_test(notes_that_are_none_are_left_out),
        cmocka_unit_test(lack_of_memory_is_told),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
