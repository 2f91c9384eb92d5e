/* SPDX-License-Identifier: Apache-2.0 */
#include "transformers/jsonpath/evaluate.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/json_number.h"

static int order_of_longs(long long a, long long b)
{
    return a < b ? -1 : a > b;
}

/* Integers of any size, by their text. */
static int order_of_digits(const char *a, const char *b)
{
    bool negative = *a == '-';
    size_t length = strlen(a), other = strlen(b);
    int order;

    if (negative != (*b == '-'))
        return negative ? -1 : 1;
    order = length != other ? (length < other ? -1 : 1) : strcmp(a, b);
    order = order < 0 ? -1 : order > 0;
    return negative ? -order : order;
}

static double to_double(const char *text)
{
    double value = 0.0;

    if (strcmp(text, "NaN") == 0)
        return __builtin_nan("");
    if (strstr(text, "Infinity"))
        return *text == '-' ? -__builtin_inf() : __builtin_inf();
    parity_real_read(text, strlen(text), &value);
    return value;
}

static int order_of_texts(const json_t *a, const char *a_text, const json_t *b, const char *b_text)
{
    double left, right;

    if (parity_json_kind(a) == PARITY_JSON_INTEGER && parity_json_kind(b) == PARITY_JSON_INTEGER)
        return order_of_digits(a_text, b_text);
    left = json_is_number(a) ? json_number_value(a) : to_double(a_text);
    right = json_is_number(b) ? json_number_value(b) : to_double(b_text);
    return left < right ? -1 : left > right ? 1 : left == right ? 0 : 2;
}

int parity_path_compare_numbers(const json_t *a, const json_t *b)
{
    struct parity_buffer left = {0}, right = {0};
    int order = 2;

    if (json_is_integer(a) && json_is_integer(b))
        return order_of_longs(json_integer_value(a), json_integer_value(b));
    parity_json_number_text(&left, a);
    parity_json_number_text(&right, b);
    if (!left.failed && !right.failed)
        order = order_of_texts(a, left.data, b, right.data);
    parity_buffer_clear(&left);
    parity_buffer_clear(&right);
    return order;
}

int parity_path_compare_strings(const json_t *a, const json_t *b)
{
    size_t length = json_string_length(a), other = json_string_length(b);
    int order = memcmp(json_string_value(a), json_string_value(b), length < other ? length : other);

    if (order == 0)
        return length < other ? -1 : length > other;
    return order < 0 ? -1 : 1;
}
