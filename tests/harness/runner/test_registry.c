/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static const struct parity_test_definition b = {.name = "b", .file = "x.c", .line = 3};
static const struct parity_test_definition a = {.name = "a", .file = "x.c", .line = 9};

static void tests_are_brought_into_the_order_of_their_ids(void **state)
{
    struct parity_registry registry = {0};

    (void)state;
    assert_int_equal(parity_registry_add(&registry, "z.c", NULL, &b, NULL), 0);
    assert_int_equal(parity_registry_add(&registry, "s/y.c", NULL, &b, NULL), 0);
    assert_int_equal(parity_registry_add(&registry, "s/y.c", NULL, &a, NULL), 0);
    parity_registry_sort(&registry);
    assert_string_equal(registry.cases[0].id, "s/y.c::a");
    assert_string_equal(registry.cases[1].id, "s/y.c::b");
    assert_string_equal(registry.cases[2].id, "z.c::b");
    parity_registry_clear(&registry);
}

static void an_id_exists_once(void **state)
{
    struct parity_registry registry = {0};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_registry_add(&registry, "y.c", NULL, &b, NULL), 0);
    assert_int_equal(parity_registry_add(&registry, "y.c", NULL, &a, NULL), 0);
    assert_int_equal(parity_registry_add(&registry, "y.c", NULL, &b, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message, "test 'b' exists already, in line 3");
    assert_int_equal(registry.count, 2);
    parity_registry_clear(&registry);
}

static void a_missing_module_folder_says_what_to_do(void **state)
{
    struct parity_suite_paths paths;
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_modules_list("/nonexistent/modules", &paths, &err), -1);
    assert_int_equal(err.code, PARITY_E_ENVIRONMENT);
    assert_non_null(strstr(err.message, "--modules"));
    parity_suite_paths_clear(&paths);
}

static void running_out_of_memory_is_an_error(void **state)
{
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_registry registry = {0};
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        rc = parity_registry_add(&registry, "y.c", NULL, &b, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0) {
            assert_int_equal(err.code, PARITY_E_NOMEM);
            assert_int_equal(registry.count, 0);
        }
        parity_registry_clear(&registry);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_are_brought_into_the_order_of_their_ids),
        cmocka_unit_test(an_id_exists_once),
        cmocka_unit_test(a_missing_module_folder_says_what_to_do),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
