/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/tags.h"

#include <string.h>
#include <strings.h>

enum { MOST_TAGS = sizeof((struct parity_test_definition){0}.tags) / sizeof(const char *) };

const char *parity_marker_name(enum parity_marker marker)
{
    static const char *const names[] = {
        [PARITY_UNMARKED] = "unmarked",
        [PARITY_AWS_VALIDATED] = "aws_validated",
        [PARITY_EMULATOR_ONLY] = "emulator_only",
        [PARITY_NEEDS_FIXING] = "needs_fixing",
        [PARITY_MANUAL_SETUP_REQUIRED] = "manual_setup_required",
        [PARITY_UNKNOWN] = "unknown",
    };

    return names[marker];
}

static size_t count_tags(const char *const *tags)
{
    size_t count = 0;

    while (count < MOST_TAGS && tags[count])
        count++;
    return count;
}

const char *parity_case_tag(const struct parity_case *test, size_t n)
{
    size_t own = count_tags(test->definition->tags);

    if (n < own)
        return test->definition->tags[n];
    n -= own;
    return test->suite && n < count_tags(test->suite->tags) ? test->suite->tags[n] : NULL;
}

bool parity_case_has_tag(const struct parity_case *test, const char *name)
{
    const char *tag;

    if (strcasecmp(parity_marker_name(test->definition->marker), name) == 0)
        return true;
    for (size_t n = 0; (tag = parity_case_tag(test, n)) != NULL; n++)
        if (strcmp(tag, name) == 0)
            return true;
    return false;
}

bool parity_case_has_keyword(const struct parity_case *test, const char *name)
{
    const char *tag;

    if (strcasestr(test->id, name) ||
        strcasestr(parity_marker_name(test->definition->marker), name))
        return true;
    for (size_t n = 0; (tag = parity_case_tag(test, n)) != NULL; n++)
        if (strcasestr(tag, name))
            return true;
    return false;
}
