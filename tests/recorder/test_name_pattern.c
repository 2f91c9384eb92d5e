/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/name_pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"

static void assert_pattern(const char *a, const char *b, const char *expected)
{
    char *pattern = parity_name_pattern(a, b);

    if (expected)
        assert_string_equal(pattern, expected);
    else
        assert_null(pattern);
    parity_free(pattern);
}

static void what_names_share_stands_as_it_is(void **state)
{
    (void)state;
    assert_pattern("job-17", "job-42", "^job-[0-9A-Za-z_-]{2}$");
    assert_pattern("a.b/17.json", "a.b/4.json", "^a\\.b\\/[0-9A-Za-z_-]+\\.json$");
}

/* Half of the digits may be equal by chance. */
static void only_separators_end_what_is_shared(void **state)
{
    (void)state;
    assert_pattern("job-1234-x1", "job-1256-y1", "^job-[0-9A-Za-z_-]{7}$");
    assert_pattern("0123456789", "0123456799", "^[0-9A-Za-z_-]{10}$");
}

static void names_with_too_little_in_common_have_no_pattern(void **state)
{
    (void)state;
    assert_pattern("red", "blue", NULL);
    assert_pattern("job-", "job-1", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_names_share_stands_as_it_is),
        cmocka_unit_test(only_separators_end_what_is_shared),
        cmocka_unit_test(names_with_too_little_in_common_have_no_pattern),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("name_pattern", tests, NULL, NULL);
}
