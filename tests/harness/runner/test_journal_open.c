/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/journal_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct parity_open_ids open_ids;

static int empty(void **state)
{
    (void)state;
    memset(&open_ids, 0, sizeof open_ids);
    return 0;
}

static void what_was_struck_off_is_open_no_more(void **state)
{
    json_t *both = json_pack("[i, i]", 7, 8);

    (void)state;
    assert_true(parity_open_ids_are_none(&open_ids, 0));
    parity_open_ids_add(&open_ids, 7);
    parity_open_ids_add(&open_ids, 8);
    parity_open_ids_add(&open_ids, 9);
    parity_open_ids_strike(&open_ids, both);
    parity_open_ids_strike(&open_ids, both); /* twice is no harm */
    assert_false(parity_open_ids_are_none(&open_ids, 9));
    parity_open_ids_strike_one(&open_ids, 9);
    assert_true(parity_open_ids_are_none(&open_ids, 9));
    json_decref(both);
}

static void an_id_without_a_place_leaves_it_to_the_file(void **state)
{
    (void)state;
    parity_open_ids_add(&open_ids, PARITY_OPEN_IDS - 1);
    parity_open_ids_strike_one(&open_ids, PARITY_OPEN_IDS - 1);
    assert_true(parity_open_ids_are_none(&open_ids, PARITY_OPEN_IDS - 1));
    parity_open_ids_add(&open_ids, PARITY_OPEN_IDS);
    parity_open_ids_strike_one(&open_ids, PARITY_OPEN_IDS);
    assert_false(parity_open_ids_are_none(&open_ids, 5));
}

static void no_id_means_nothing(void **state)
{
    json_t *none = json_pack("[i, s]", -3, "x");

    (void)state;
    parity_open_ids_strike(&open_ids, none);
    parity_open_ids_strike(&open_ids, NULL);
    assert_true(parity_open_ids_are_none(&open_ids, 100));
    json_decref(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_was_struck_off_is_open_no_more, empty),
        cmocka_unit_test_setup(an_id_without_a_place_leaves_it_to_the_file, empty),
        cmocka_unit_test_setup(no_id_means_nothing, empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
