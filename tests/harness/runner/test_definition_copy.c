/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/definition_copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/condition.h"
#include "runner/registry.h"
#include "runner/variants.h"

/* The sanitizers see whoever reads beyond the end of a copy. */
static struct parity_test_definition *copy_of(const struct parity_test_definition *definition)
{
    struct parity_test_definition *copy = parity_definition_copy(definition);

    assert_non_null(copy);
    assert_memory_equal(&copy->name, &definition->name,
                        copy->size - offsetof(struct parity_test_definition, name));
    assert_int_equal(parity_annotations_check(copy, NULL, NULL), 0);
    assert_int_equal(parity_variants_check(copy, NULL), 0);
    return copy;
}

static void most_tests_need_no_list(void **state)
{
    const struct parity_test_definition plain = {
        .name = "plain", .tags = {"quick"}, .service = "x"};
    struct parity_test_definition *copy = copy_of(&plain);

    (void)state;
    assert_true(copy->size < sizeof plain / 20);
    assert_string_equal(copy->tags[0], "quick");
    assert_string_equal(copy->service, "x");
    assert_int_equal(PARITY_LIST_ROOM(copy, skip_if), 0);
    assert_int_equal(PARITY_LIST_ROOM(copy, skip_verify), 0);
    parity_free(copy);
}

static void a_copy_ends_with_the_last_entry_in_use(void **state)
{
    const struct parity_test_definition two = {
        .name = "two", .transformers = {{.type = "preset"}, {.type = "regex", .priority = 3}}};
    struct parity_test_definition *copy = copy_of(&two);

    (void)state;
    assert_int_equal(copy->size, offsetof(struct parity_test_definition, transformers) +
                                     2 * sizeof two.transformers[0]);
    assert_int_equal(PARITY_LIST_ROOM(copy, transformers), 2);
    assert_int_equal(PARITY_LIST_ROOM(copy, variants), 32);
    assert_int_equal(PARITY_LIST_ROOM(copy, skip_verify), 0);
    parity_free(copy);
}

/* An entry that ends a list early is told as a mistake, and one behind it too. */
static void entries_behind_an_empty_one_are_kept(void **state)
{
    struct parity_error err = {0};
    const struct parity_test_definition odd = {
        .name = "odd", .expected_failure = {[2] = {.when = {.environment = "X"}}}};
    struct parity_test_definition *copy = parity_definition_copy(&odd);

    (void)state;
    assert_int_equal(PARITY_LIST_ROOM(copy, expected_failure), 3);
    assert_int_equal(parity_annotations_check(copy, NULL, &err), -1);
    assert_string_equal(err.message, ".expected_failure has no .reason");
    parity_free(copy);
}

static void full_lists_are_kept_whole(void **state)
{
    struct parity_test_definition full = {.name = "full"};
    struct parity_test_definition *copy;

    (void)state;
    for (size_t i = 0; i < PARITY_LIST_ROOM(&full, skip_verify); i++)
        full.skip_verify[i].paths[31] = "$";
    copy = copy_of(&full);
    assert_int_equal(copy->size, sizeof full);
    assert_int_equal(PARITY_LIST_ROOM(copy, skip_verify), 8);
    parity_free(copy);
}

static void cases_are_made_of_a_copy(void **state)
{
    const struct parity_test_definition definition = {
        .name = "t",
        .marker = PARITY_UNKNOWN,
        .recordings = {{"one", "elsewhere"}},
        .variants = {{.name = "one"}, {.name = "two", .value = "{'a': 1}"}}};
    struct parity_test_definition *copy = copy_of(&definition);
    struct parity_registry registry = {0};

    (void)state;
    assert_int_equal(parity_registry_add(&registry, "s/y.c", NULL, copy, NULL), 0);
    assert_int_equal(registry.count, 2);
    assert_string_equal(registry.cases[0].id, "s/y.c::t[one]");
    assert_string_equal(registry.cases[0].recorded_as, "elsewhere");
    assert_string_equal(registry.cases[1].parameter->value, "{'a': 1}");
    parity_registry_clear(&registry);
    parity_free(copy);
}

static void what_is_written_by_hand_is_whole(void **state)
{
    const struct parity_test_definition plain = {.name = "plain"};

    (void)state;
    assert_int_equal(PARITY_LIST_ROOM(&plain, skip_verify), 8);
    assert_int_equal(PARITY_LIST_ROOM(&plain, recordings), 32);
}

static void without_memory_there_is_no_copy(void **state)
{
    const struct parity_test_definition plain = {.name = "plain"};

    (void)state;
    parity_memory_fail_at(1, 0);
    assert_null(parity_definition_copy(&plain));
    parity_memory_fail_at(0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_tests_need_no_list),
        cmocka_unit_test(a_copy_ends_with_the_last_entry_in_use),
        cmocka_unit_test(entries_behind_an_empty_one_are_kept),
        cmocka_unit_test(full_lists_are_kept_whole),
        cmocka_unit_test(cases_are_made_of_a_copy),
        cmocka_unit_test(what_is_written_by_hand_is_whole),
        cmocka_unit_test(without_memory_there_is_no_copy),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("definition_copy", tests, NULL, NULL);
}
