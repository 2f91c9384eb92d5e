/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/version_range.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* --- versions ----------------------------------------------------------------------------------
 */

enum kind { WORD, END, NUMBER }; /* in the order in which they come */

/* The next number or word of a version. */
struct part {
    enum kind kind;
    const char *text;
    size_t length;
};

static bool is_digit(char c)
{
    return isdigit((unsigned char)c) != 0;
}

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) != 0;
}

static struct part next_part(const char **at)
{
    struct part part = {.kind = END};

    while (**at && **at != '+' && !is_digit(**at) && !is_letter(**at))
        (*at)++;
    part.text = *at;
    if (is_digit(**at)) {
        part.kind = NUMBER;
        while (*part.text == '0' && is_digit(part.text[1]))
            part.text++;
        for (*at = part.text; is_digit(**at);)
            (*at)++;
    } else if (is_letter(**at)) {
        part.kind = WORD;
        while (is_letter(**at))
            (*at)++;
    }
    part.length = (size_t)(*at - part.text);
    return part;
}

static int compare_texts(const struct part *a, const struct part *b)
{
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = strncmp(a->text, b->text, shorter);

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

static int compare_numbers(const struct part *a, const struct part *b)
{
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return strncmp(a->text, b->text, a->length);
}

static bool is_zero(const struct part *part)
{
    return part->kind == NUMBER && part->length == 1 && part->text[0] == '0';
}

/* "v5.1" is 5.1. */
static const char *without_v(const char *version)
{
    return (version[0] == 'v' || version[0] == 'V') && is_digit(version[1]) ? version + 1 : version;
}

int parity_version_compare(const char *a, const char *b)
{
    struct part left, right;

    a = without_v(a);
    b = without_v(b);
    do {
        int order = 0;

        left = next_part(&a);
        right = next_part(&b);
        /* "5.0-rc1" beside "5": the number that is not there is 0. */
        while (right.kind != NUMBER && is_zero(&left))
            left = next_part(&a);
        while (left.kind != NUMBER && is_zero(&right))
            right = next_part(&b);
        if (left.kind != right.kind)
            return left.kind < right.kind ? -1 : 1;
        if (left.kind == NUMBER)
            order = compare_numbers(&left, &right);
        else if (left.kind == WORD)
            order = compare_texts(&left, &right);
        if (order)
            return order;
    } while (left.kind != END);
    return 0;
}

/* --- ranges ------------------------------------------------------------------------------------
 */

enum { MAX_VERSION = 64 };

/* One comparison of a range. */
struct comparison {
    const char *operator; /* one of the list below */
    char version[MAX_VERSION];
};

static const char *const operators[] = {"<=", ">=", "!=", "==", "<", ">", "="};

static const char *skip_separators(const char *at)
{
    return at + strspn(at, " \t,");
}

/* @return where the next one begins, or NULL if there is no comparison here */
static const char *read_comparison(const char *at, struct comparison *out)
{
    size_t length;

    out->operator= NULL;
    for (size_t i = 0; !out->operator&& i<sizeof operators / sizeof * operators; i++)
        if (strncmp(at, operators[i], strlen(operators[i])) == 0)
            out->operator= operators[i];
    if (!out->operator)
        return NULL;
    at += strlen(out->operator);
    at += strspn(at, " \t");
    length = strcspn(at, " \t,");
    if (length == 0 || length >= MAX_VERSION || !is_digit(without_v(at)[0]) ||
        strcspn(at, "<>=!") < length)
        return NULL;
    memcpy(out->version, at, length);
    out->version[length] = '\0';
    return skip_separators(at + length);
}

static bool holds(const struct comparison *comparison, const char *version)
{
    int order = parity_version_compare(version, comparison->version);

    switch (comparison->operator[0]) {
    case '<':
        return order < 0 || (comparison->operator[1] && order == 0);
    case '>':
        return order > 0 || (comparison->operator[1] && order == 0);
    case '!':
        return order != 0;
    default:
        return order == 0;
    }
}

bool parity_version_in_range(const char *version, const char *range)
{
    struct comparison comparison;

    for (const char *at = skip_separators(range); at && *at;) {
        at = read_comparison(at, &comparison);
        if (!at || !holds(&comparison, version))
            return false;
    }
    return true;
}

int parity_version_range_check(const char *range, struct parity_error *err)
{
    struct comparison comparison;
    const char *at = skip_separators(range);
    bool empty = !*at;

    while (at && *at)
        at = read_comparison(at, &comparison);
    if (at && !empty)
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL,
                "'%s' is no range of versions; expected comparisons such as \">=5.1 <6\"", range);
    return -1;
}
