/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { MAX_LENGTH = 96 }; /* longer names are compared by their beginning */

static int fold(char c)
{
    return tolower((unsigned char)c);
}

/* Levenshtein distance, one row at a time. */
static size_t distance(const char *a, const char *b)
{
    size_t row[MAX_LENGTH + 1];
    size_t b_length = strnlen(b, MAX_LENGTH);

    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 0; a[i] && i < MAX_LENGTH; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < b_length; j++) {
            size_t best = diagonal + (fold(a[i]) != fold(b[j]));

            diagonal = row[j + 1];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (diagonal + 1 < best)
                best = diagonal + 1;
            row[j + 1] = best;
        }
    }
    return row[b_length];
}

const char *parity_suggest(const char *name, const char *nearest, const char *candidate)
{
    size_t allowed = 1 + strlen(name) / 3;
    size_t found = distance(name, candidate);

    if (found > allowed || (nearest && distance(name, nearest) <= found))
        return nearest;
    return candidate;
}
