/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_number.h"

/* Bit patterns and what Python's repr() says of them. */
static const struct {
    uint64_t bits;
    const char *text;
} reals[] = {
    {0x0000000000000000ULL, "0.0"},
    {0x8000000000000000ULL, "-0.0"},
    {0x3ff0000000000000ULL, "1.0"},
    {0xbff8000000000000ULL, "-1.5"},
    {0x3fb999999999999aULL, "0.1"},
    {0x3f1a36e2eb1c432dULL, "0.0001"},
    {0x3ee4f8b588e368f1ULL, "1e-05"},
    {0x3f202e4b6ce5dc68ULL, "0.00012345"},
    {0x3e7ad7f29abcaf48ULL, "1e-07"},
    {0x419d6f3454800000ULL, "123456789.125"},
    {0x430c6bf526340000ULL, "1000000000000000.0"},
    {0x4341c37937e07fffULL, "9999999999999998.0"},
    {0x4341c37937e08000ULL, "1e+16"},
    {0x437b69b4ba630f35ULL, "1.2345678901234568e+17"},
    {0x4480f0cf064dd592ULL, "1e+22"},
    {0x44b52d02c7e14af6ULL, "1e+23"},
    {0x0000000000000001ULL, "5e-324"},
    {0x0000000000000003ULL, "1.5e-323"},
    {0x000fffffffffffffULL, "2.225073858507201e-308"},
    {0x0010000000000000ULL, "2.2250738585072014e-308"},
    {0x7fefffffffffffffULL, "1.7976931348623157e+308"},
    {0x3e70000000000000ULL, "5.960464477539063e-08"}, /* 2**-24: a tie of the nearest texts */
    {0x3d30000000000000ULL, "5.684341886080802e-14"}, /* 2**-44: another */
    {0x43e0000000000000ULL, "9.223372036854776e+18"},
    {0x4340000000000000ULL, "9007199254740992.0"},
    {0x3fe5555555555555ULL, "0.6666666666666666"},
    {0x4059000000000000ULL, "100.0"},
    {0x447c7e83209e90b2ULL, "8.41e+21"},
    {0x7ff0000000000000ULL, "inf"},
    {0xfff0000000000000ULL, "-inf"},
    {0x7ff8000000000000ULL, "nan"},
};

static void reals_are_written_as_python_writes_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        char text[PARITY_REAL_TEXT_SIZE];
        double value;

        memcpy(&value, &reals[i].bits, sizeof value);
        assert_int_equal(parity_real_text(value, text), strlen(reals[i].text));
        assert_string_equal(text, reals[i].text);
    }
}

/* A generator with a fixed seed: the same numbers in every run. */
static uint64_t next_bits(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void what_is_written_reads_back_as_the_same_real(void **state)
{
    uint64_t seed = 88172645463325252ULL;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next_bits(&seed);
        char text[PARITY_REAL_TEXT_SIZE];
        double value, back;
        size_t length;

        memcpy(&value, &bits, sizeof value);
        if (value != value || value - value != 0)
            continue;
        length = parity_real_text(value, text);
        assert_int_equal(parity_real_read(text, length, &back), 0);
        assert_memory_equal(&back, &value, sizeof value);
    }
}

/* Durations, as they are written down: printf() rounds them as well, and finds no shorter ones. */
static void reals_of_few_places_are_written_with_these(void **state)
{
    uint64_t seed = 88172645463325252ULL;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        double value = (double)(next_bits(&seed) % 1000000000000000ULL >> i % 50) / 1e6;
        char text[PARITY_REAL_TEXT_SIZE], expected[64];
        double back;

        parity_real_text(value, text);
        assert_int_equal(parity_real_read(text, strlen(text), &back), 0);
        assert_true(back == value);
        snprintf(expected, sizeof expected, "%.6f", value);
        for (size_t end = strlen(expected); expected[end - 1] == '0' && expected[end - 2] != '.';)
            expected[--end] = '\0';
        if (value == 0 || value >= 0.0001)
            assert_string_equal(text, expected);
    }
}

static void integers_are_written_with_all_their_digits(void **state)
{
    static const struct {
        long long value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-1, "-1"},
                 {1000, "1000"},
                 {INT64_MAX, "9223372036854775807"},
                 {INT64_MIN, "-9223372036854775808"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[PARITY_INTEGER_TEXT_SIZE];

        assert_int_equal(parity_integer_text(cases[i].value, text), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
    }
}

static void locale_makes_no_difference(void **state)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    bool set = false;
    char text[PARITY_REAL_TEXT_SIZE];
    double value = 0;

    (void)state;
    for (size_t i = 0; !set && i < sizeof names / sizeof *names; i++)
        set = setlocale(LC_NUMERIC, names[i]) != NULL;
    if (!set)
        skip(); /* no locale with a decimal comma is installed */
    parity_real_text(1.5, text);
    parity_real_read("2.5", 3, &value);
    setlocale(LC_NUMERIC, "C");
    assert_string_equal(text, "1.5");
    assert_true(value == 2.5);
}

static void scan_takes_what_json_calls_a_number(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        bool is_real;
    } cases[] = {{"0", 1, false},      {"-0", 2, false},  {"12,", 2, false}, {"01", 1, false},
                 {"1.5]", 3, true},    {"1.", 1, false},  {"1e5", 3, true},  {"1E+05x", 5, true},
                 {"1e", 1, false},     {"1e+", 1, false}, {"-", 0, false},   {"", 0, false},
                 {".5", 0, false},     {"+1", 0, false},  {"x", 0, false},   {"-x", 0, false},
                 {"1.5e-3 ", 6, true}, {"1.5e-", 3, true}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool is_real = !cases[i].is_real;

        assert_int_equal(parity_number_scan(cases[i].text, strlen(cases[i].text), &is_real),
                         cases[i].length);
        assert_int_equal(is_real, cases[i].is_real);
    }
}

static void integers_fit_up_to_both_ends_of_64_bits(void **state)
{
    long long value = 0;

    (void)state;
    assert_true(parity_integer_read("9223372036854775807", 19, &value));
    assert_true(value == INT64_MAX);
    assert_true(parity_integer_read("-9223372036854775808", 20, &value));
    assert_true(value == INT64_MIN);
    assert_false(parity_integer_read("9223372036854775808", 19, &value));
    assert_false(parity_integer_read("-9223372036854775809", 20, &value));
    assert_false(parity_integer_read("99999999999999999999", 20, &value));
    assert_true(parity_integer_read("-0", 2, &value));
    assert_true(value == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reals_are_written_as_python_writes_them),
        cmocka_unit_test(what_is_written_reads_back_as_the_same_real),
        cmocka_unit_test(reals_of_few_places_are_written_with_these),
        cmocka_unit_test(integers_are_written_with_all_their_digits),
        cmocka_unit_test(locale_makes_no_difference),
        cmocka_unit_test(scan_takes_what_json_calls_a_number),
        cmocka_unit_test(integers_fit_up_to_both_ends_of_64_bits),
    };

    return cmocka_run_group_tests_name("json_number", tests, NULL, NULL);
}
