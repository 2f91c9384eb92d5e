/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

#include "transformers/python_number.h"

static int compare(const char *a, const char *b)
{
    json_t *x = json_of(a), *y = json_of(b);
    int result = parity_python_number_compare(x, y);

    json_decref(x);
    json_decref(y);
    return result;
}

/* a < b, both ways round. */
static void assert_below(const char *a, const char *b)
{
    if (compare(a, b) >= 0 || compare(b, a) != 1)
        fail_msg("%s is not below %s", a, b);
}

static void assert_same(const char *a, const char *b)
{
    if (compare(a, b) != 0 || compare(b, a) != 0)
        fail_msg("%s is not %s", a, b);
}

static void numbers_of_all_types_compare_by_value(void **state)
{
    (void)state;
    assert_below("1", "2");
    assert_below("-2", "1.5");
    assert_below("1.5", "2");
    assert_same("1", "1.0");
    assert_same("0", "-0.0");
}

static void booleans_are_zero_and_one(void **state)
{
    (void)state;
    assert_same("true", "1");
    assert_same("false", "0.0");
    assert_below("false", "true");
}

static void large_integers_are_not_rounded(void **state)
{
    (void)state;
    assert_below("9007199254740992.0", "9007199254740993");
    assert_below("9223372036854775807", "9223372036854775808");
    assert_below("9223372036854775807", "9223372036854775807.0"); /* the real is 2^63 */
    assert_same("9223372036854775808", "9223372036854775808.0");
    assert_below("123456789012345678901234567890", "123456789012345678901234567891");
    assert_below("-123456789012345678901234567891", "-123456789012345678901234567890");
    assert_below("99999999999999999999", "100000000000000000000");
    assert_below("-100000000000000000000", "1");
}

static void infinities_are_beyond_everything(void **state)
{
    (void)state;
    assert_below("-Infinity", "-123456789012345678901234567890");
    assert_below("123456789012345678901234567890", "Infinity");
    assert_same("Infinity", "1e999");
}

static void nan_has_no_order(void **state)
{
    (void)state;
    assert_int_equal(compare("NaN", "NaN"), PARITY_UNORDERED);
    assert_int_equal(compare("NaN", "1"), PARITY_UNORDERED);
    assert_int_equal(compare("1.5", "NaN"), PARITY_UNORDERED);
}

static void texts_and_null_are_no_numbers(void **state)
{
    static const char *const texts[] = {"1", "1.5", "true", "NaN", "123456789012345678901"};
    static const char *const others[] = {"null", "'1'", "[]", "{}"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *value = json_of(texts[i]);

        assert_true(parity_python_is_number(value));
        json_decref(value);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        json_t *value = json_of(others[i]);

        assert_false(parity_python_is_number(value));
        json_decref(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_all_types_compare_by_value),
        cmocka_unit_test(booleans_are_zero_and_one),
        cmocka_unit_test(large_integers_are_not_rounded),
        cmocka_unit_test(infinities_are_beyond_everything),
        cmocka_unit_test(nan_has_no_order),
        cmocka_unit_test(texts_and_null_are_no_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
