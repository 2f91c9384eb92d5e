/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/kept_transformers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"

static struct parity_kept_transformers kept;
static struct parity_transformers list;

static int clear(void **state)
{
    (void)state;
    parity_transformers_clear(&list);
    parity_kept_transformers_clear(&kept);
    return 0;
}

static void add(const json_t *spec)
{
    struct parity_error err = {0};

    assert_int_equal(parity_kept_transformers_add(&kept, &list, spec, &err), 0);
}

static void a_preset_is_made_once(void **state)
{
    json_t *spec = json_pack("{s:s, s:s}", "type", "preset", "name", "sqs_api");
    size_t count;

    (void)state;
    assert_false(parity_kept_transformers_have(&kept, spec));
    add(spec);
    assert_true(parity_kept_transformers_have(&kept, spec));
    count = list.count;
    assert_true(count > 0);
    add(spec);
    assert_int_equal(list.count, 2 * count);
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(list.items[i].transformer, list.items[count + i].transformer);
    json_decref(spec);
}

static void what_was_made_outlives_the_list_that_it_was_made_for(void **state)
{
    json_t *spec = json_pack("{s:s, s:s}", "type", "preset", "name", "sqs_api"), *out;
    json_t *observed = json_pack("{s:{s:s}}", "m", "MessageId", "abc");
    struct parity_error err = {0};

    (void)state;
    add(spec);
    parity_transformers_clear(&list);
    add(spec);
    assert_int_equal(parity_transform(&list, observed, NULL, NULL, &out, &err), 0);
    assert_int_equal(json_object_size(out), 1);
    json_decref(out);
    json_decref(observed);
    json_decref(spec);
}

static void another_name_or_priority_is_another(void **state)
{
    json_t *spec = json_pack("{s:s, s:s}", "type", "preset", "name", "sqs_api");

    (void)state;
    add(spec);
    json_object_set_new(spec, "priority", json_integer(7));
    assert_false(parity_kept_transformers_have(&kept, spec));
    add(spec);
    assert_int_equal(list.items[list.count - 1].priority, 7);
    assert_int_equal(list.items[0].priority, 0);
    json_object_del(spec, "priority");
    json_object_set_new(spec, "name", json_string("kms_api"));
    assert_false(parity_kept_transformers_have(&kept, spec));
    json_decref(spec);
}

static void what_belongs_to_one_test_is_not_kept(void **state)
{
    json_t *text = json_pack("{s:s, s:s, s:s}", "type", "text", "text", "a", "replacement", "b");

    (void)state;
    add(text);
    assert_int_equal(list.count, 1);
    assert_int_equal(kept.count, 0);
    assert_false(parity_kept_transformers_have(&kept, text));
    json_decref(text);
}

static void what_cannot_be_made_is_an_error_each_time(void **state)
{
    json_t *spec = json_pack("{s:s, s:s}", "type", "preset", "name", "sqs_apu");

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct parity_error err = {0};

        assert_int_equal(parity_kept_transformers_add(&kept, &list, spec, &err), -1);
        assert_int_equal(err.code, PARITY_E_NOT_FOUND);
        assert_false(parity_kept_transformers_have(&kept, spec));
    }
    json_decref(spec);
}

static void without_a_place_to_keep_them_they_are_made_for_the_list(void **state)
{
    json_t *spec = json_pack("{s:s, s:s}", "type", "preset", "name", "sqs_api");
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_kept_transformers_add(NULL, &list, spec, &err), 0);
    assert_true(list.count > 0);
    assert_false(list.items[0].borrowed);
    assert_false(parity_kept_transformers_have(NULL, spec));
    json_decref(spec);
}

static void without_memory_nothing_is_kept(void **state)
{
    json_t *spec = json_pack("{s:s, s:s}", "type", "preset", "name", "sqs_api");
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};

        clear(NULL);
        parity_memory_fail_at(n, 1);
        rc = parity_kept_transformers_add(&kept, &list, spec, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0)
            assert_int_equal(err.code, PARITY_E_NOMEM);
    }
    json_decref(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_preset_is_made_once, clear),
        cmocka_unit_test_teardown(what_was_made_outlives_the_list_that_it_was_made_for, clear),
        cmocka_unit_test_teardown(another_name_or_priority_is_another, clear),
        cmocka_unit_test_teardown(what_belongs_to_one_test_is_not_kept, clear),
        cmocka_unit_test_teardown(what_cannot_be_made_is_an_error_each_time, clear),
        cmocka_unit_test_teardown(without_a_place_to_keep_them_they_are_made_for_the_list, clear),
        cmocka_unit_test_teardown(without_memory_nothing_is_kept, clear),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
