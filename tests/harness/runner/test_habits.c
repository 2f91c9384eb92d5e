/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/habits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/habit_template.h"
#include "scratch.h"

/* Learning from the lines of a journal, and what is made of it. */

static const char path[] = ".parity/cleanups.jsonl";

/* Learns from lines of JSON. */
static struct parity_habits *note(const char *lines)
{
    struct parity_habits *habits = parity_habits_new();

    assert_non_null(habits);
    for (const char *at = lines; *at; at += strcspn(at, "\n") + 1) {
        struct parity_buffer text = {0};
        json_t *line;

        parity_buffer_add(&text, at, strcspn(at, "\n"));
        line = scratch_json(text.data);
        parity_habits_note(habits, line);
        json_decref(line);
        parity_buffer_clear(&text);
    }
    return habits;
}

/* Learns from lines of JSON and keeps it. */
static void learn(const char *lines)
{
    struct parity_habits *habits = note(lines);
    struct parity_error err = {0};

    if (parity_habits_save(habits, path, NULL, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    parity_habits_free(habits);
}

/* What the test "t" would do after this call: "<operation> <input>", or "nothing". */
static void assert_found(const char *operation, const char *input, const char *output,
                         const char *expected)
{
    json_t *call = json_pack("{s:s, s:s, s:o, s:s}", "service", "keys", "operation", operation,
                             "input", scratch_json(input), "region", "there");
    json_t *answer = output ? scratch_json(output) : NULL;
    json_t *found = parity_habits_find(path, "t", call, answer, NULL);
    struct parity_buffer text = {0};

    if (found) {
        assert_string_equal(json_string_value(json_object_get(found, "region")), "there");
        parity_buffer_printf(&text, "%s ", json_string_value(json_object_get(found, "operation")));
        parity_json_write(&text, json_object_get(found, "input"), PARITY_JSON_COMPACT);
    } else {
        parity_buffer_add_text(&text, "nothing");
    }
    assert_string_equal(text.data, expected);
    parity_buffer_clear(&text);
    json_decref(found);
    json_decref(answer);
    json_decref(call);
}

#define CALL(id_, operation_, input_)                                                              \
    "{\"event\": \"call\", \"id\": " id_ ", \"test\": \"t\", \"call\": {\"service\": \"keys\", "   \
    "\"operation\": \"" operation_ "\", \"names\": \"z1a2b\", \"input\": " input_ "}}\n"
#define ANSWER(id_, output_) "{\"event\": \"answer\", \"id\": " id_ ", \"output\": " output_ "}\n"
#define CLEANUP(covered_, operation_, input_)                                                      \
    "{\"event\": \"cleanup\", \"id\": 99, \"covers\": [" covered_ "], \"call\": {\"service\": "    \
    "\"keys\", \"operation\": \"" operation_ "\", \"input\": " input_ "}}\n"

static void what_no_name_tells_is_learned(void **state)
{
    (void)state;
    learn(CALL("1", "CreateKey", "{}") ANSWER("1", "{\"Key\": {\"KeyId\": \"k-1\"}}")
              CLEANUP("1", "ScheduleKeyDeletion",
                      "{\"KeyId\": \"k-1\", \"PendingWindowInDays\": 7, \"Force\": true}"));
    assert_found("CreateKey", "{}", "{\"Key\": {\"KeyId\": \"k-2\"}}",
                 "ScheduleKeyDeletion {\"KeyId\":\"k-2\",\"PendingWindowInDays\":7,"
                 "\"Force\":true}");
    assert_found("CreateKey", "{}", "{\"Key\": {}}", "nothing");
    assert_found("CreateKey", "{}", NULL, "nothing");
    assert_found("CreateAlias", "{}", "{\"Key\": {\"KeyId\": \"k-2\"}}", "nothing");
}

static void values_are_found_where_they_stood(void **state)
{
    (void)state;
    learn(CALL("1", "Run", "{\"Name\": \"n-1a2b\", \"Count\": 2}")
              ANSWER("1", "{\"Items\": [{\"Id\": \"a\", \"Version\": 3}, {\"Id\": \"b\"}]}")
                  CLEANUP("1", "End",
                          "{\"Ids\": [\"a\", \"b\"], \"Of\": {\"Name\": \"n-1a2b\"}, "
                          "\"Version\": 3}"));
    assert_found("Run", "{\"Name\": \"n-9\"}",
                 "{\"Items\": [{\"Id\": \"c\", \"Version\": 8}, {\"Id\": \"d\"}]}",
                 "End {\"Ids\":[\"c\",\"d\"],\"Of\":{\"Name\":\"n-9\"},\"Version\":8}");
    assert_found("Run", "{\"Name\": \"n-9\"}", "{\"Items\": [{\"Id\": \"c\", \"Version\": 8}]}",
                 "nothing");
}

static void a_name_that_does_not_change_must_be_the_same(void **state)
{
    (void)state;
    learn(CALL("1", "CreateKey", "{\"Name\": \"first\"}") ANSWER("1", "{}")
              CLEANUP("1", "DeleteKey", "{\"Name\": \"first\"}")
                  CALL("2", "CreateKey", "{\"Name\": \"second\"}") ANSWER("2", "{}")
                      CLEANUP("2", "DeleteKey", "{\"Name\": \"second\"}"));
    assert_found("CreateKey", "{\"Name\": \"first\"}", "{}", "DeleteKey {\"Name\":\"first\"}");
    assert_found("CreateKey", "{\"Name\": \"second\"}", "{}", "DeleteKey {\"Name\":\"second\"}");
    assert_found("CreateKey", "{\"Name\": \"third\"}", "{}", "nothing");
}

static void a_value_from_elsewhere_makes_no_habit(void **state)
{
    (void)state;
    learn(CALL("1", "CreateKey", "{}") ANSWER("1", "{\"KeyId\": \"k\"}")
              CLEANUP("1", "DeleteKey", "{\"KeyId\": \"k\", \"Store\": \"of-another-call\"}"));
    assert_found("CreateKey", "{}", "{\"KeyId\": \"k\"}", "nothing");
    assert_int_not_equal(access(path, F_OK), 0);
}

static void what_is_not_always_deleted_makes_no_habit(void **state)
{
    (void)state;
    learn(CALL("1", "CreateKey", "{}") ANSWER("1", "{\"KeyId\": \"k\"}")
              CLEANUP("1", "DeleteKey", "{\"KeyId\": \"k\"}"));
    assert_found("CreateKey", "{}", "{\"KeyId\": \"l\"}", "DeleteKey {\"KeyId\":\"l\"}");
    learn(CALL("1", "CreateKey", "{}") ANSWER("1", "{\"KeyId\": \"k\"}")
              CLEANUP("1", "DeleteKey", "{\"KeyId\": \"k\"}") CALL("2", "CreateKey", "{}")
                  ANSWER("2", "{\"KeyId\": \"kept\"}") "{\"event\": \"settled\", \"ids\": [2]}\n");
    assert_found("CreateKey", "{}", "{\"KeyId\": \"l\"}", "nothing");
}

static void what_the_run_has_undone_itself_says_nothing(void **state)
{
    (void)state;
    learn(CALL("1", "CreateKey", "{}") ANSWER("1", "{\"KeyId\": \"k\"}")
              CLEANUP("1", "DeleteKey", "{\"KeyId\": \"k\"}"));
    learn(CALL("1", "CreateKey", "{}") ANSWER(
        "1", "{\"KeyId\": \"k\"}") "{\"event\": \"cleanup\", \"id\": 9, \"covers\": [1], \"call\": "
                                   "{\"service\": "
                                   "\"keys\", \"operation\": \"EraseKey\", \"undoes\": 1, "
                                   "\"input\": {\"KeyId\": "
                                   "\"k\"}}}\n" CALL("2", "CreateKey",
                                                     "{}") "{\"event\": \"refusal\", \"id\": "
                                                           "2}\n" CALL("3", "CreateKey",
                                                                       "{}") "{\"event\": "
                                                                             "\"settled\", "
                                                                             "\"ids\": [3]}\n");
    assert_found("CreateKey", "{}", "{\"KeyId\": \"l\"}", "DeleteKey {\"KeyId\":\"l\"}");
}

static void hidden_accounts_are_put_back(void **state)
{
    const struct parity_habits_accounts accounts = {.account_id = "123412341234"};
    json_t *call, *output, *found;

    (void)state;
    learn(CALL("1", "CreateKey", "{\"Arn\": \"arn:<account>:k\"}") ANSWER("1", "{}")
              CLEANUP("1", "DeleteKey", "{\"Arn\": \"arn:<account>:k\"}"));
    call = scratch_json("{\"service\": \"keys\", \"operation\": \"CreateKey\", "
                        "\"input\": {\"Arn\": \"arn:123412341234:k\"}}");
    output = json_object();
    found = parity_habits_find(path, "t", call, output, &accounts);
    assert_non_null(found);
    json_decref(found);
    assert_null(parity_habits_find(path, "t", call, output, NULL));
    json_decref(output);
    json_decref(call);
}

/* --- what is forgotten -------------------------------------------------------------------------
 */

#define LINE(owner_, scope_)                                                                       \
    "{\"test\":\"" owner_ "\",\"scope\":\"" scope_                                                 \
    "\",\"service\":\"s\",\"operation\":\"O\",\"cleanups\":[]}\n"

/* After a run that has loaded two suites, one of them a scenario's, and learned nothing new of
 * these: the lines that are kept. */
static void assert_kept(const char *lines, bool all, const char *expected)
{
    char id[] = "a/test_a.c::here[x]", suite[] = "a/test_a.c", other[] = "any name";
    struct parity_case cases[] = {{.id = id, .suite_path = suite},
                                  {.id = other, .suite_path = other}};
    const struct parity_registry registry = {.cases = cases, .count = 2};
    const struct parity_habit_tests tests = {.registry = &registry, .suites = "suites", .all = all};
    struct parity_habits *habits = parity_habits_new();
    struct parity_error err = {0};
    json_t *call = scratch_json(CALL("1", "CreateKey", "{}"));
    json_t *answer = scratch_json(ANSWER("1", "{}"));
    json_t *end = scratch_json("{\"event\": \"settled\", \"ids\": [1]}");

    scratch_write(path, lines);
    parity_habits_note(habits, call);
    parity_habits_note(habits, answer);
    parity_habits_note(habits, end);
    assert_int_equal(parity_habits_save(habits, path, &tests, &err), 0);
    scratch_assert_file(path, expected);
    json_decref(call);
    json_decref(answer);
    json_decref(end);
    parity_habits_free(habits);
}

static void tests_that_their_suite_has_no_more_are_forgotten(void **state)
{
    static const char kept[] =
        LINE("a/test_a.c::here[x]", "test") LINE("a/test_a.c::fixture", "suite")
            LINE("a/test_a.c::fixture", "run") LINE("any name", "test")
                LINE("b/test_b.c::there", "test") LINE("b/test_b.c::fixture", "suite")
                    LINE("/nowhere/f.h::fixture", "run") LINE("another name", "test");

    (void)state;
    scratch_write("suites/b/test_b.c", "");
    assert_kept(LINE("a/test_a.c::gone", "test") LINE("a/test_a.c::here[y]", "test"), false, "");
    assert_kept(kept, false, kept);
    /* Where what is not plain has to be read. */
    assert_kept(LINE("a/test_a.c::\\u00e9", "test") LINE("b/test_b.c::\\u00e9", "test"), false,
                LINE("b/test_b.c::\\u00e9", "test"));
    assert_kept("{\"scope\":\"test\",\"test\":\"a/test_a.c::gone\"}\n", false, "");
    /* Of an older version, which did not say what it is. */
    assert_kept("{\"test\":\"a/test_a.c::x\"}\n", true, "{\"test\":\"a/test_a.c::x\"}\n");
    assert_kept("{\"scope\":\"test\"}\n", true, "{\"scope\":\"test\"}\n");
}

static void and_of_files_that_are_gone_if_nothing_was_left_out(void **state)
{
    static const char gone[] =
        LINE("c/test_c.c::there", "test") LINE("c/test_c.c::fixture", "suite")
            LINE("/nowhere/f.h::fixture", "run") LINE("another name", "test");
    static const char kept[] = LINE("any name", "test") LINE("b/test_b.c::there", "test")
        LINE("b/test_b.c::fixture", "suite") LINE("../f.h::fixture", "run");

    (void)state;
    assert_kept(gone, true, gone); /* nobody knows without the folder */
    scratch_write("suites/b/test_b.c", "");
    assert_kept(gone, false, gone);
    assert_kept(gone, true, "");
    assert_kept(kept, true, kept);
}

/* A run that learns what stands there reads no other line; one that learns more does. */
static void what_is_known_already_is_not_written_again(void **state)
{
    struct parity_habits *habits = note(CALL("1", "CreateKey", "{}") ANSWER(
        "1", "{\"KeyId\": \"k\"}") CLEANUP("1", "DeleteKey", "{\"KeyId\": \"k\"}"));
    const struct parity_registry registry = {.count = 0};
    const struct parity_habit_tests tests = {.registry = &registry, .suites = "suites"};
    struct parity_error err = {0};
    struct parity_buffer text = {0};

    (void)state;
    assert_int_equal(parity_habits_save(habits, path, NULL, &err), 0);
    assert_int_equal(parity_file_read(path, 0, &text, &err), 0);
    assert_non_null(strstr(text.data, "DeleteKey"));
    parity_buffer_add_text(&text, "not a line\n");
    scratch_write(path, text.data);
    assert_int_equal(parity_habits_save(habits, path, NULL, &err), 0);
    /* One that is to forget others reads them. */
    assert_int_equal(parity_habits_save(habits, path, &tests, &err), -1);
    parity_error_clear(&err);
    scratch_write(path, "not a line\n");
    assert_int_equal(parity_habits_save(habits, path, NULL, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    parity_buffer_clear(&text);
    parity_habits_free(habits);
}

static void a_broken_file_is_an_error_and_tells_nothing(void **state)
{
    struct parity_habits *habits = parity_habits_new();
    json_t *line = scratch_json(CALL("1", "CreateKey", "{}"));
    struct parity_error err = {0};

    (void)state;
    scratch_write(path, "{\"test\": \"t\"}\nnot a line\n");
    assert_found("CreateKey", "{}", "{\"KeyId\": \"l\"}", "nothing");
    parity_habits_note(habits, line);
    assert_int_equal(parity_habits_save(habits, path, NULL, &err), 0); /* nothing to be kept */
    json_decref(line);
    line = scratch_json(ANSWER("1", "{}"));
    parity_habits_note(habits, line);
    json_decref(line);
    line = scratch_json("{\"event\": \"settled\", \"ids\": [1]}");
    parity_habits_note(habits, line);
    assert_int_equal(parity_habits_save(habits, path, NULL, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_int_equal(err.line, 2);
    json_decref(line);
    parity_habits_free(habits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_no_name_tells_is_learned, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(values_are_found_where_they_stood, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(a_name_that_does_not_change_must_be_the_same, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(a_value_from_elsewhere_makes_no_habit, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(what_is_not_always_deleted_makes_no_habit, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(what_the_run_has_undone_itself_says_nothing, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(hidden_accounts_are_put_back, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(tests_that_their_suite_has_no_more_are_forgotten,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(and_of_files_that_are_gone_if_nothing_was_left_out,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(what_is_known_already_is_not_written_again, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(a_broken_file_is_an_error_and_tells_nothing, scratch_enter,
                                        scratch_leave),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("habits", tests, NULL, NULL);
}
