/* SPDX-License-Identifier: Apache-2.0 */
#include "python_number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"

/* A number in the one form that fits it. */
struct number {
    enum { INTEGER, REAL, BIG } form;
    long long integer;
    double real;
    struct parity_buffer big; /* digits with an optional minus */
};

static void read_number(const json_t *value, struct number *out)
{
    struct parity_buffer text = {0};

    memset(out, 0, sizeof *out);
    if (json_is_real(value)) {
        out->form = REAL;
        out->real = json_real_value(value);
    } else if (json_is_integer(value) || json_is_boolean(value)) {
        out->integer = json_is_true(value) ? 1 : json_integer_value(value);
    } else {
        parity_json_number_text(&text, value);
        out->form = parity_json_kind(value) == PARITY_JSON_REAL ? REAL : BIG;
        if (text.failed || out->form == REAL)
            out->real = text.failed || text.data[0] == 'N' ? NAN
                        : text.data[0] == '-'              ? -INFINITY
                                                           : INFINITY;
        out->big = text;
    }
}

static int order(int less, int greater)
{
    return greater - less;
}

static int compare_integer_real(long long integer, double real)
{
    long long whole;

    if (isnan(real))
        return PARITY_UNORDERED;
    if (real >= 9223372036854775808.0)
        return -1;
    if (real < -9223372036854775808.0)
        return 1;
    whole = (long long)real;
    if (integer != whole)
        return order(integer<whole, integer> whole);
    return order((double)whole<real, (double)whole> real);
}

static int compare_digits(const char *a, const char *b)
{
    bool negative = a[0] == '-';
    size_t a_length = strlen(a), b_length = strlen(b);
    int result;

    if (negative != (b[0] == '-'))
        return negative ? -1 : 1;
    if (a_length != b_length)
        result = order(a_length<b_length, a_length> b_length);
    else
        result = strcmp(a, b);
    result = order(result<0, result> 0);
    return negative ? -result : result;
}

static int compare_big(const char *big, const struct number *other)
{
    char text[330]; /* the largest double has 309 digits */

    if (other->form == BIG)
        return compare_digits(big, other->big.data);
    if (other->form == INTEGER)
        return big[0] == '-' ? -1 : 1;
    if (isnan(other->real))
        return PARITY_UNORDERED;
    if (isinf(other->real))
        return other->real > 0 ? -1 : 1;
    if (fabs(other->real) < 9223372036854775808.0)
        return big[0] == '-' ? -1 : 1;
    snprintf(text, sizeof text, "%.0f", other->real);
    return compare_digits(big, text);
}

static int mirrored(int result)
{
    return result == PARITY_UNORDERED ? result : -result;
}

static int compare(const struct number *a, const struct number *b)
{
    if (a->form == BIG)
        return a->big.failed ? PARITY_UNORDERED : compare_big(a->big.data, b);
    if (b->form == BIG)
        return b->big.failed ? PARITY_UNORDERED : mirrored(compare_big(b->big.data, a));
    if (a->form == INTEGER && b->form == INTEGER)
        return order(a->integer<b->integer, a->integer> b->integer);
    if (a->form == INTEGER)
        return compare_integer_real(a->integer, b->real);
    if (b->form == INTEGER)
        return mirrored(compare_integer_real(b->integer, a->real));
    if (isnan(a->real) || isnan(b->real))
        return PARITY_UNORDERED;
    return order(a->real<b->real, a->real> b->real);
}

int parity_python_number_compare(const json_t *a, const json_t *b)
{
    struct number left, right;
    int result;

    read_number(a, &left);
    read_number(b, &right);
    result = compare(&left, &right);
    parity_buffer_clear(&left.big);
    parity_buffer_clear(&right.big);
    return result;
}

int parity_python_is_number(const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);

    return kind == PARITY_JSON_INTEGER || kind == PARITY_JSON_REAL || kind == PARITY_JSON_BOOLEAN;
}
