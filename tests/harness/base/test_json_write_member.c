/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write_member.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

static void the_text_is_that_of_an_object_which_was_made_first(void **state)
{
    struct parity_buffer text = {0}, expected = {0};
    json_t *list = json_pack("[s, {s:i}]", "a", "b", 1);
    json_t *object = json_pack("{s:s, s:s, s:I, s:f, s:n, s:o, s:n}", "first", "plain", "quo\"ted",
                               "\xc3\xa9 \"\\\n", "low", (json_int_t)LLONG_MIN, "seconds", 0.000012,
                               "none", "list", list, "nothing");

    (void)state;
    parity_json_write(&expected, object, PARITY_JSON_COMPACT);
    parity_buffer_add_char(&text, '{');
    parity_json_write_member_text(&text, "first", "plain");
    parity_json_write_member_text(&text, "quo\"ted", "\xc3\xa9 \"\\\n");
    parity_json_write_member_integer(&text, "low", LLONG_MIN);
    parity_json_write_member_real(&text, "seconds", 0.000012);
    parity_json_write_member_text(&text, "none", NULL);
    parity_json_write_member_value(&text, "list", list);
    parity_json_write_member_value(&text, "nothing", NULL);
    parity_buffer_add_char(&text, '}');
    assert_string_equal(text.data, expected.data);
    parity_buffer_clear(&text);
    parity_buffer_clear(&expected);
    json_decref(object);
}

static void an_object_in_an_object_begins_anew(void **state)
{
    struct parity_buffer text = {0};

    (void)state;
    parity_buffer_add_text(&text, "{\"outer\":{");
    parity_json_write_member_integer(&text, "a", 1);
    parity_json_write_member_integer(&text, "b", -2);
    parity_buffer_add_text(&text, "}}");
    assert_string_equal(text.data, "{\"outer\":{\"a\":1,\"b\":-2}}");
    parity_buffer_clear(&text);
}

static void out_of_memory_is_seen_at_the_end(void **state)
{
    (void)state;
    for (unsigned long n = 1;; n++) {
        struct parity_buffer text = {0};
        bool failed;

        parity_memory_fail_at(n, 0);
        parity_buffer_add_char(&text, '{');
        for (int i = 0; i < 100; i++)
            parity_json_write_member_text(&text, "name", "value");
        parity_memory_fail_at(0, 0);
        failed = text.failed;
        parity_buffer_clear(&text);
        if (!failed)
            break;
        assert_true(n < 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_that_of_an_object_which_was_made_first),
        cmocka_unit_test(an_object_in_an_object_begins_anew),
        cmocka_unit_test(out_of_memory_is_seen_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
