/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

static void pieces_stand_apart_and_aligned(void **state)
{
    enum { PIECES = 3000 }; /* more than fit into one block */
    static unsigned char *pieces[PIECES];
    struct parity_arena arena = {0};

    (void)state;
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = parity_arena_get(&arena, i % 70 + 1);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        memset(pieces[i], (int)(i % 251), i % 70 + 1);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t j = 0; j < i % 70 + 1; j++)
            assert_int_equal(pieces[i][j], i % 251);
    parity_arena_clear(&arena);
    assert_null(arena.blocks);
}

static void a_piece_may_be_larger_than_a_block(void **state)
{
    enum { LARGE = 3 << 20 };
    struct parity_arena arena = {0};
    unsigned char *large = parity_arena_get_zeroed(&arena, LARGE, 1);

    (void)state;
    assert_non_null(large);
    assert_int_equal(large[LARGE - 1], 0);
    assert_true(parity_arena_holds(&arena, large + LARGE - 1));
    parity_arena_clear(&arena);
}

static void what_is_too_large_is_refused(void **state)
{
    struct parity_arena arena = {0};

    (void)state;
    assert_null(parity_arena_get(&arena, SIZE_MAX));
    assert_null(parity_arena_get_zeroed(&arena, SIZE_MAX / 2, 3));
    parity_memory_fail_at(1, 0);
    assert_null(parity_arena_get(&arena, 1));
    assert_non_null(parity_arena_get(&arena, 1));
    parity_arena_clear(&arena);
}

static void an_arena_knows_what_it_holds(void **state)
{
    struct parity_arena arena = {0}, other = {0};
    char here = 0;

    (void)state;
    assert_false(parity_arena_holds(&arena, &here));
    assert_true(parity_arena_holds(&arena, parity_arena_get(&arena, 1)));
    assert_true(parity_arena_holds(&arena, parity_arena_get(&arena, 10000)));
    assert_false(parity_arena_holds(&arena, parity_arena_get(&other, 1)));
    assert_false(parity_arena_holds(&arena, &here));
    parity_arena_clear(&arena);
    parity_arena_clear(&other);
}

/* --- documents in an arena ---------------------------------------------------------------------
 */

static void documents_may_stand_in_an_arena(void **state)
{
    static const char text[] =
        "{\"a\": [1, 2.5, \"three\", null], \"b\": {\"c\": true, \"d\": 123456789012345678901}}";
    struct parity_arena arena = {0};
    json_t *document, *again;

    (void)state;
    parity_memory_lead_json(&arena);
    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &document, NULL), 0);
    parity_memory_lead_json(NULL);
    assert_true(parity_arena_holds(&arena, document));
    assert_true(parity_arena_holds(&arena, json_object_get(document, "a")));
    again = json_string("a");
    assert_false(parity_arena_holds(&arena, again));
    json_decref(again);
    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &again, NULL), 0);
    assert_true(parity_json_equal(document, again));
    json_decref(again);
    parity_arena_clear(&arena);
}

/* What was made before and is released meanwhile is no part of the arena, and the other way round.
 */
static void releasing_meanwhile_leaves_the_arena_alone(void **state)
{
    struct parity_arena arena = {0};
    json_t *before = json_string("before"), *within;

    (void)state;
    parity_memory_lead_json(&arena);
    within = json_array();
    for (int i = 0; i < 100; i++) /* outgrows its room more than once */
        json_array_append_new(within, json_integer(i));
    json_decref(before);
    json_decref(within);
    parity_memory_lead_json(NULL);
    parity_arena_clear(&arena);
}

static void memory_for_a_document_may_be_missing(void **state)
{
    static const char text[] = "{\"a\": [1, {\"b\": \"c\"}]}";
    unsigned long n = 1;
    int rc;

    (void)state;
    do {
        struct parity_arena arena = {0};
        struct parity_error err = {0};
        json_t *document;

        parity_memory_lead_json(&arena);
        parity_memory_fail_at(n++, 0);
        rc = parity_json_parse(text, strlen(text), NULL, &document, &err);
        parity_memory_fail_at(0, 0);
        parity_memory_lead_json(NULL);
        if (rc < 0)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        parity_arena_clear(&arena);
    } while (rc < 0);
    assert_true(n > 8);
}

static void assert_frozen(const json_t *value)
{
    json_t *mutable = (json_t *)(uintptr_t)value;

    assert_int_equal(value->refcount, SIZE_MAX);
    json_incref(mutable);
    assert_int_equal(value->refcount, SIZE_MAX);
    json_decref(mutable);
    assert_int_equal(value->refcount, SIZE_MAX);
}

static void frozen_values_count_no_references(void **state)
{
    static const char text[] = "{\"a\": [1, 2.5], \"b\": {\"c\": \"text\"}, \"d\": false}";
    struct parity_arena arena = {0};
    json_t *document, *holder = json_object(), *a;

    (void)state;
    parity_memory_lead_json(&arena);
    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &document, NULL), 0);
    parity_memory_lead_json(NULL);
    parity_json_freeze(document, &arena);
    parity_json_freeze(NULL, &arena);
    parity_json_freeze(holder, &arena);
    assert_int_equal(holder->refcount, 1);
    a = json_object_get(document, "a");
    assert_frozen(document);
    assert_frozen(a);
    assert_frozen(json_array_get(a, 0));
    assert_frozen(json_array_get(a, 1));
    assert_frozen(json_object_get(json_object_get(document, "b"), "c"));
    json_object_set(holder, "a", a);
    json_decref(holder);
    json_decref(document);
    assert_int_equal(json_array_size(json_object_get(document, "a")), 2);
    parity_arena_clear(&arena);
}

static int init(void **state)
{
    (void)state;
    parity_memory_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_stand_apart_and_aligned),
        cmocka_unit_test(a_piece_may_be_larger_than_a_block),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(an_arena_knows_what_it_holds),
        cmocka_unit_test(documents_may_stand_in_an_arena),
        cmocka_unit_test(releasing_meanwhile_leaves_the_arena_alone),
        cmocka_unit_test(memory_for_a_document_may_be_missing),
        cmocka_unit_test(frozen_values_count_no_references),
    };

    return cmocka_run_group_tests_name("arena", tests, init, NULL);
}
