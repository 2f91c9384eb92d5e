/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_number.h"

#include <float.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    MOST_DIGITS = 17, /* enough for every double */
    SURE_DIGITS = 15, /* a decimal of so many digits survives the way through a normal double */
    FIXED_BELOW = 16, /* from 1e+16 on, and */
    FIXED_ABOVE = -5  /* from 1e-05 down, Python writes an exponent */
};

/* A decimal: 0.<digits> times ten to the power of `point`. */
struct decimal {
    char digits[MOST_DIGITS + 2];
    int count;
    int point;
};

static double read_c_locale(const char *text)
{
    /* glibc and musl hand out a constant for "C": nothing is allocated, nothing to free */
    return strtod_l(text, NULL, newlocale(LC_ALL_MASK, "C", (locale_t)0));
}

/* The decimal of `count` digits that is nearest to `value`, which is positive and finite. */
static void round_to(struct decimal *decimal, double value, int count)
{
    char text[MOST_DIGITS + 16];
    const char *at = text;

    snprintf(text, sizeof text, "%.*e", count - 1, value);
    decimal->count = 0;
    for (; *at != 'e'; at++) /* what stands between the digits is the locale's business */
        if (*at >= '0' && *at <= '9')
            decimal->digits[decimal->count++] = *at;
    decimal->point = (int)strtol(at + 1, NULL, 10) + 1;
}

static bool reads_back(const struct decimal *decimal, double value)
{
    char text[MOST_DIGITS + 16];

    snprintf(text, sizeof text, "%.*se%d", decimal->count, decimal->digits,
             decimal->point - decimal->count);
    return read_c_locale(text) == value;
}

/* To the next larger decimal of as many digits. */
static void step_up(struct decimal *decimal)
{
    int at = decimal->count - 1;

    while (at >= 0 && decimal->digits[at] == '9')
        decimal->digits[at--] = '0';
    if (at >= 0) {
        decimal->digits[at]++;
    } else {
        decimal->digits[0] = '1';
        decimal->point++;
    }
}

/*
 * Above a power of two doubles lie twice as far apart as below it, so there the nearest decimal may
 * be too far below while the next one above still reads back.
 */
static bool fits(struct decimal *decimal, double value, int count)
{
    round_to(decimal, value, count);
    if (reads_back(decimal, value))
        return true;
    step_up(decimal);
    return reads_back(decimal, value);
}

/* A whole number of millionths, as most durations and prices are, needs no search: a decimal of so
 * few digits that reads back is the only one. */
static bool has_few_places(struct decimal *decimal, double value)
{
    static const double most = 1e9; /* so that there are no more than SURE_DIGITS */
    enum { PLACES = 6 };
    long long left = value < most ? (long long)(value * 1e6 + 0.5) : 0;
    char reversed[SURE_DIGITS + 1];
    int count = 0;

    if (left == 0 || (double)left / 1e6 != value)
        return false;
    for (; left > 0; left /= 10)
        reversed[count++] = (char)('0' + left % 10);
    for (int i = 0; i < count; i++)
        decimal->digits[i] = reversed[count - 1 - i];
    decimal->count = count;
    decimal->point = count - PLACES;
    return true;
}

static void shortest(struct decimal *decimal, double value)
{
    int count = value < DBL_MIN ? 1 : SURE_DIGITS;

    if (has_few_places(decimal, value))
        return;
    while (count < MOST_DIGITS && !fits(decimal, value, count))
        count++;
    if (count == MOST_DIGITS)
        round_to(decimal, value, count);
}

static void drop_zeros(struct decimal *decimal)
{
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
        decimal->count--;
}

static int write_exponent(const struct decimal *decimal, char *out, size_t size)
{
    int exponent = decimal->point - 1;
    bool fraction = decimal->count > 1;

    return snprintf(out, size, "%c%s%.*se%c%02d", decimal->digits[0], fraction ? "." : "",
                    decimal->count - 1, decimal->digits + 1, exponent < 0 ? '-' : '+',
                    abs(exponent));
}

/* The digits from position `from` on, before `to`; there are zeros where the decimal has none. */
static char *add_digits(char *at, const struct decimal *decimal, int from, int to)
{
    for (int i = from; i < to; i++)
        *at++ = (char)(i >= 0 && i < decimal->count ? decimal->digits[i] : '0');
    return at;
}

static int write_fixed(const struct decimal *decimal, char *out)
{
    int point = decimal->point, end = decimal->count > point ? decimal->count : point + 1;
    char *at = add_digits(out, decimal, point > 0 ? 0 : -1, point > 0 ? point : 0);

    *at++ = '.';
    at = add_digits(at, decimal, point, end);
    *at = '\0';
    return (int)(at - out);
}

size_t parity_real_text(double value, char out[PARITY_REAL_TEXT_SIZE])
{
    struct decimal decimal;
    int length = 0;

    if (isnan(value))
        return (size_t)snprintf(out, PARITY_REAL_TEXT_SIZE, "nan");
    if (signbit(value))
        out[length++] = '-';
    value = fabs(value);
    if (isinf(value))
        return (size_t)(length + snprintf(out + length, 4, "inf"));
    if (value == 0.0)
        return (size_t)(length + snprintf(out + length, 4, "0.0"));
    shortest(&decimal, value);
    drop_zeros(&decimal);
    if (decimal.point > FIXED_BELOW || decimal.point - 1 <= FIXED_ABOVE)
        length += write_exponent(&decimal, out + length, PARITY_REAL_TEXT_SIZE - (size_t)length);
    else
        length += write_fixed(&decimal, out + length);
    return (size_t)length;
}

size_t parity_integer_text(long long value, char out[PARITY_INTEGER_TEXT_SIZE])
{
    unsigned long long left = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
    char reversed[PARITY_INTEGER_TEXT_SIZE];
    size_t count = 0, length = 0;

    do
        reversed[count++] = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        out[length++] = '-';
    while (count > 0)
        out[length++] = reversed[--count];
    out[length] = '\0';
    return length;
}

static size_t scan_digits(const char *text, size_t at, size_t length)
{
    while (at < length && text[at] >= '0' && text[at] <= '9')
        at++;
    return at;
}

size_t parity_number_scan(const char *text, size_t length, bool *is_real)
{
    size_t at = length > 0 && text[0] == '-' ? 1 : 0;
    size_t end;

    *is_real = false;
    end = at < length && text[at] == '0' ? at + 1 : scan_digits(text, at, length);
    if (end == at)
        return 0;
    if (end + 1 < length && text[end] == '.' && scan_digits(text, end + 1, length) > end + 1) {
        end = scan_digits(text, end + 1, length);
        *is_real = true;
    }
    at = end + 1;
    if (at < length && (text[end] == 'e' || text[end] == 'E')) {
        if (text[at] == '+' || text[at] == '-')
            at++;
        if (scan_digits(text, at, length) > at) {
            end = scan_digits(text, at, length);
            *is_real = true;
        }
    }
    return end;
}

int parity_real_read(const char *text, size_t length, double *out)
{
    char copy[64];
    char *heap;

    if (length < sizeof copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
        *out = read_c_locale(copy);
        return 0;
    }
    heap = parity_strndup(text, length);
    if (!heap)
        return -1;
    *out = read_c_locale(heap);
    parity_free(heap);
    return 0;
}

bool parity_integer_read(const char *text, size_t length, long long *out)
{
    bool negative = length > 0 && text[0] == '-';
    long long value = 0; /* kept negative, where the range is larger by one */

    for (size_t i = negative ? 1 : 0; i < length; i++) {
        int digit = text[i] - '0';

        if (value < (LLONG_MIN + digit) / 10)
            return false;
        value = value * 10 - digit;
    }
    if (!negative && value == LLONG_MIN)
        return false;
    *out = negative ? value : -value;
    return true;
}
