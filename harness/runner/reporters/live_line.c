/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/live_line.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum { SHORTEST_NAME = 12 };

size_t parity_live_line_fit(const char *text, size_t width)
{
    size_t length = strlen(text), at = 0;
    unsigned code_point;

    for (; at < length && width > 0; width--) {
        size_t size = parity_utf8_decode(text + at, length - at, &code_point);

        at += size ? size : 1;
    }
    return at;
}

/* A part of the line, if it still fits. @return whether it did */
static bool add_part(struct parity_buffer *out, size_t start, const char *part, size_t width)
{
    size_t used = parity_utf8_count(out->data + start, out->length - start);

    if (used + 2 + parity_utf8_count(part, strlen(part)) > width)
        return false;
    parity_buffer_printf(out, "  %s", part);
    return true;
}

static void add_counts(struct parity_buffer *out, size_t start,
                       const struct parity_progress *progress, bool good, size_t width)
{
    char part[48];

    for (int i = 0; i < PARITY_OUTCOME_COUNT; i++) {
        if (!progress->counts[i] || (i == PARITY_PASSED || i == PARITY_SKIPPED) != good)
            continue;
        snprintf(part, sizeof part, "%zu %s", progress->counts[i],
                 parity_outcome_name((enum parity_outcome)i));
        add_part(out, start, part, width);
    }
}

static void spell_seconds(char *out, size_t size, double seconds)
{
    long whole = (long)(seconds + 0.5);

    if (whole < 60)
        snprintf(out, size, "%ld s", whole);
    else if (whole < 3600)
        snprintf(out, size, "%ld min %ld s", whole / 60, whole % 60);
    else
        snprintf(out, size, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
}

static void add_times(struct parity_buffer *out, size_t start,
                      const struct parity_progress *progress, size_t width)
{
    char part[64], time[48];

    spell_seconds(part, sizeof part, progress->elapsed_s);
    /* One slow test among quick ones is no reason to say that the end is now. */
    if (!add_part(out, start, part, width) || progress->left_s < 1)
        return;
    spell_seconds(time, sizeof time, progress->left_s);
    snprintf(part, sizeof part, "%s left", time);
    add_part(out, start, part, width);
}

void parity_live_line(struct parity_buffer *out, const struct parity_progress *progress,
                      size_t width)
{
    size_t start = out->length, used;
    char part[64];

    snprintf(part, sizeof part, "%zu/%zu", progress->done, progress->selected);
    parity_buffer_add(out, part, parity_live_line_fit(part, width));
    add_counts(out, start, progress, false, width);
    add_counts(out, start, progress, true, width);
    add_times(out, start, progress, width);
    if (out->failed)
        return;
    used = parity_utf8_count(out->data + start, out->length - start);
    if (used + 2 + SHORTEST_NAME > width || !progress->running[0])
        return;
    parity_buffer_add_text(out, "  ");
    parity_buffer_add(out, progress->running,
                      parity_live_line_fit(progress->running, width - used - 2));
}
