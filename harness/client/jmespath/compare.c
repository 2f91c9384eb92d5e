/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "client/jmespath/node.h"

/* --- numbers ---------------------------------------------------------------------------------- */

/* Sums of integers are exact as long as each of them fits 64 bits, as in the reference. */
__extension__ typedef __int128 wide;

struct number {
    bool is_integer, fits; /* fits: `integer` is its value */
    long long integer;
    double real;      /* the value, the nearest one for an integer */
    char digits[24];  /* of an integer that fits */
    const char *text; /* of an integer; borrowed */
};

/* The text in a number that is a typed value: the only member there is. */
static const char *typed_text(const json_t *number)
{
    void *only = json_object_iter((json_t *)(uintptr_t)number);

    return json_string_value(json_object_iter_value(only));
}

static double special(const char *text)
{
    if (text[0] == 'N')
        return (double)NAN;
    return text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
}

static void read_number(const json_t *value, struct number *out)
{
    *out = (struct number){0};
    if (json_is_real(value)) {
        out->real = json_real_value(value);
    } else if (json_is_integer(value)) {
        out->is_integer = out->fits = true;
        out->integer = json_integer_value(value);
        out->real = (double)out->integer;
        snprintf(out->digits, sizeof out->digits, "%lld", out->integer);
        out->text = out->digits;
    } else if (parity_json_kind(value) == PARITY_JSON_INTEGER) {
        out->is_integer = true;
        out->text = typed_text(value);
        out->real = strtod(out->text, NULL);
    } else {
        out->real = special(typed_text(value));
    }
}

bool parity_jp_is_number(const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);

    return kind == PARITY_JSON_INTEGER || kind == PARITY_JSON_REAL;
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

/* Integers of any size by their digits. */
static int compare_digits(const char *a, const char *b)
{
    bool negative = a[0] == '-';
    size_t a_length = strlen(a), b_length = strlen(b);
    int order;

    if (negative != (b[0] == '-'))
        return negative ? -1 : 1;
    order = a_length != b_length ? (a_length > b_length ? 1 : -1) : sign(strcmp(a, b));
    return negative ? -order : order;
}

/* Exactly: not every 64-bit integer is a double. */
static int compare_with_real(long long integer, double real)
{
    double fraction;

    if (isnan(real))
        return 2;
    if (real >= 9223372036854775808.0)
        return -1;
    if (real < -9223372036854775808.0)
        return 1;
    if (integer != (long long)real)
        return integer < (long long)real ? -1 : 1;
    fraction = real - trunc(real);
    return fraction > 0 ? -1 : fraction < 0 ? 1 : 0;
}

int parity_jp_compare_numbers(const json_t *a, const json_t *b)
{
    struct number x, y;
    int order;

    read_number(a, &x);
    read_number(b, &y);
    if (x.fits && y.fits)
        return (x.integer > y.integer) - (x.integer < y.integer);
    if (x.is_integer && y.is_integer)
        return compare_digits(x.text, y.text);
    if (x.fits)
        return compare_with_real(x.integer, y.real);
    if (y.fits) {
        order = compare_with_real(y.integer, x.real);
        return order == 2 ? 2 : -order;
    }
    if (isnan(x.real) || isnan(y.real))
        return 2;
    return (x.real > y.real) - (x.real < y.real);
}

static json_t *make_real(double value)
{
    if (isnan(value))
        return parity_json_number("NaN", 3);
    if (isinf(value))
        return value > 0 ? parity_json_number("Infinity", 8) : parity_json_number("-Infinity", 9);
    return json_real(value);
}

static json_t *make_wide(wide value)
{
    char text[48];
    size_t at = sizeof text;
    bool negative = value < 0;

    do {
        int digit = (int)(value % 10);

        text[--at] = (char)('0' + (digit < 0 ? -digit : digit));
        value /= 10;
    } while (value != 0);
    if (negative)
        text[--at] = '-';
    return parity_json_number(text + at, sizeof text - at);
}

struct total {
    bool exact;
    wide integer;
    double real; /* unless `exact` */
};

static struct total add_up(const json_t *numbers)
{
    struct total total = {.exact = true};
    struct number number;

    for (size_t i = 0; i < json_array_size(numbers); i++) {
        read_number(json_array_get(numbers, i), &number);
        if (total.exact && number.fits) {
            total.integer += number.integer;
            continue;
        }
        if (total.exact)
            total.real = (double)total.integer;
        total.exact = false;
        total.real += number.real;
    }
    return total;
}

json_t *parity_jp_sum(const json_t *numbers)
{
    struct total total = add_up(numbers);

    return total.exact ? make_wide(total.integer) : make_real(total.real);
}

json_t *parity_jp_average(const json_t *numbers)
{
    struct total total = add_up(numbers);
    double count = (double)json_array_size(numbers);

    if (count == 0)
        return json_null();
    return make_real((total.exact ? (double)total.integer : total.real) / count);
}

json_t *parity_jp_absolute(const json_t *number)
{
    struct number x;

    read_number(number, &x);
    if (x.fits)
        return make_wide(x.integer < 0 ? -(wide)x.integer : (wide)x.integer);
    if (x.is_integer)
        return parity_json_number(x.text + (x.text[0] == '-'), strlen(x.text + (x.text[0] == '-')));
    return make_real(fabs(x.real));
}

json_t *parity_jp_round(const json_t *number, bool up, bool *wrong)
{
    struct number x;
    char text[320]; /* the largest double has 309 digits */
    int length;

    read_number(number, &x);
    *wrong = !x.is_integer && !isfinite(x.real);
    if (*wrong)
        return NULL;
    if (x.is_integer)
        return parity_json_number(x.text, strlen(x.text));
    length = snprintf(text, sizeof text, "%.0f", up ? ceil(x.real) : floor(x.real));
    return strcmp(text, "-0") == 0 ? json_integer(0) : parity_json_number(text, (size_t)length);
}

/* --- all values ------------------------------------------------------------------------------- */

int parity_jp_compare_strings(const json_t *a, const json_t *b)
{
    /* The bytes of UTF-8 have the order of the code points. */
    size_t a_length = json_string_length(a), b_length = json_string_length(b);
    size_t common = a_length < b_length ? a_length : b_length;
    int order = memcmp(json_string_value(a), json_string_value(b), common);

    return order ? sign(order) : (a_length > b_length) - (a_length < b_length);
}

bool parity_jmespath_is_true(const json_t *value)
{
    switch (parity_json_kind(value)) {
    case PARITY_JSON_NULL:
        return false;
    case PARITY_JSON_BOOLEAN:
        return json_is_true(value);
    case PARITY_JSON_STRING:
        return json_string_length(value) > 0;
    case PARITY_JSON_ARRAY:
        return json_array_size(value) > 0;
    case PARITY_JSON_OBJECT:
        return json_object_size(value) > 0;
    default:
        return true;
    }
}

static bool lists_equal(const json_t *a, const json_t *b)
{
    size_t size = json_array_size(a);

    if (size != json_array_size(b))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!parity_jmespath_equal(json_array_get(a, i), json_array_get(b, i)))
            return false;
    return true;
}

static bool objects_equal(const json_t *a, const json_t *b)
{
    json_t *object = (json_t *)(uintptr_t)a; /* iterating changes nothing */
    bool equal = json_object_size(a) == json_object_size(b);

    for (void *at = json_object_iter(object); equal && at; at = json_object_iter_next(object, at)) {
        const json_t *other =
            json_object_getn(b, json_object_iter_key(at), json_object_iter_key_len(at));

        equal = other && parity_jmespath_equal(json_object_iter_value(at), other);
    }
    return equal;
}

bool parity_jmespath_equal(const json_t *a, const json_t *b)
{
    enum parity_json_kind kind = parity_json_kind(a);

    if (parity_jp_is_number(a) && parity_jp_is_number(b))
        return parity_jp_compare_numbers(a, b) == 0;
    if (kind != parity_json_kind(b))
        return false;
    if (a == b)
        return true;
    if (kind == PARITY_JSON_ARRAY)
        return lists_equal(a, b);
    if (kind == PARITY_JSON_OBJECT)
        return objects_equal(a, b);
    return parity_json_equal(a, b);
}
