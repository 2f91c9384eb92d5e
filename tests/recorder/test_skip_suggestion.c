/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/skip_suggestion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "recorder/compare.h"
#include "recorder/verify.h"

static json_t *parse(const char *text)
{
    json_t *value;

    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &value, NULL), 0);
    return value;
}

/* The paths that are suggested for what differs, as one line; each hides what it is for. */
static void assert_suggests(const char *recorded_text, const char *observed_text,
                            const char *expected)
{
    json_t *recorded = parse(recorded_text), *observed = parse(observed_text);
    json_t *differences, *paths, *left;
    struct parity_buffer line = {0};
    const char *texts[16] = {0};

    assert_int_equal(parity_compare(recorded, observed, NULL, &differences, NULL), 0);
    paths = parity_suggest_skips(differences);
    assert_non_null(paths);
    parity_json_write(&line, paths, PARITY_JSON_LINE);
    assert_string_equal(line.data, expected);
    for (size_t i = 0; i < json_array_size(paths); i++)
        texts[i] = json_string_value(json_array_get(paths, i));
    assert_int_equal(parity_skip_remove(recorded, texts, json_array_size(paths), NULL), 0);
    assert_int_equal(parity_skip_remove(observed, texts, json_array_size(paths), NULL), 0);
    assert_int_equal(parity_compare(recorded, observed, NULL, &left, NULL), 0);
    assert_int_equal(json_array_size(left), 0);
    parity_buffer_clear(&line);
    json_decref(recorded);
    json_decref(observed);
    json_decref(differences);
    json_decref(left);
    json_decref(paths);
}

static void members_are_named_one_by_one(void **state)
{
    (void)state;
    assert_suggests("{\"send\": {\"A\": 1, \"B-1\": {\"c_2\": 2}, \"D\": 3}}",
                    "{\"send\": {\"A\": 2, \"B-1\": {\"c_2\": 3}, \"E\": 3}}",
                    "[\"$.send.A\", \"$.send.B-1.c_2\", \"$.send.D\", \"$.send.E\"]");
}

static void items_of_a_list_are_left_out_together(void **state)
{
    (void)state;
    assert_suggests("{\"a\": {\"L\": [{\"x\": 1, \"y\": 1}, {\"x\": 2, \"y\": 2}]}}",
                    "{\"a\": {\"L\": [{\"x\": 3, \"y\": 1}, {\"x\": 4, \"y\": 2}]}}",
                    "[\"$.a.L[*].x\"]");
    assert_suggests("{\"a\": {\"L\": [1, 2, 3]}}", "{\"a\": {\"L\": [1, 3]}}", "[\"$.a.L\"]");
}

static void what_cannot_be_gone_through_is_left_out_whole(void **state)
{
    (void)state;
    assert_suggests("{\"a\": {\"x.y\": {\"z\": 1}}}", "{\"a\": {\"x.y\": {\"z\": 2}}}",
                    "[\"$.a['x.y']\"]");
    assert_suggests("{\"a\": {\"P\": \"{\\\"b\\\": 1}\"}}", "{\"a\": {\"P\": \"{\\\"b\\\": 2}\"}}",
                    "[\"$.a.P\"]");
    assert_suggests("{\"a\": {\"\xC3\xBC x\": 1}}", "{\"a\": {\"\xC3\xBC x\": 2}}",
                    "[\"$.a['\\u00fc x']\"]");
    assert_suggests("{\"a\": {\"L\": [{\"it's\": 1}]}}", "{\"a\": {\"L\": [{\"it's\": 2}]}}",
                    "[\"$.a.L\"]");
}

static void match_keys_that_are_on_one_side_only(void **state)
{
    (void)state;
    assert_suggests("{\"a\": 1, \"b b\": 1}", "{\"a\": 1, \"c\": 2}", "[\"$.c\", \"$['b b']\"]");
}

static void without_memory_there_is_nothing(void **state)
{
    json_t *differences = parse("[{\"key\": \"a\", \"path\": [\"b\"], \"kind\": \"changed\"}]");
    json_t *paths = NULL;

    (void)state;
    for (unsigned long n = 1; !paths && n < 100; n++) {
        parity_memory_fail_at(n, 1);
        paths = parity_suggest_skips(differences);
        parity_memory_fail_at(0, 0);
    }
    assert_int_equal(json_array_size(paths), 1);
    json_decref(paths);
    json_decref(differences);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_named_one_by_one),
        cmocka_unit_test(items_of_a_list_are_left_out_together),
        cmocka_unit_test(what_cannot_be_gone_through_is_left_out_whole),
        cmocka_unit_test(match_keys_that_are_on_one_side_only),
        cmocka_unit_test(without_memory_there_is_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
