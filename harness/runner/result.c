/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

void parity_result_clear(struct parity_result *result)
{
    parity_free(result->message);
    parity_free(result->location);
    parity_free(result->output);
    json_decref(result->differences);
    json_decref(result->hidden);
    json_decref(result->unused_skips);
    json_decref(result->calls);
    json_decref(result->cleanup_failures);
    json_decref(result->attempts);
    json_decref(result->recording);
    json_decref(result->written);
    memset(result, 0, sizeof *result);
}

void parity_result_say(struct parity_result *result, const char *format, ...)
{
    char line[2048];
    va_list arguments;
    char *joined;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    joined = parity_asprintf("%s%s%s", result->message ? result->message : "",
                             result->message ? "\n" : "", line);
    if (!joined)
        return;
    parity_free(result->message);
    result->message = joined;
}

size_t parity_summary_bad(const struct parity_summary *summary)
{
    size_t bad = 0;

    for (int i = 0; i < PARITY_OUTCOME_COUNT; i++)
        if (parity_outcome_is_bad((enum parity_outcome)i))
            bad += summary->counts[i];
    return bad;
}

void parity_summary_count(struct parity_summary *summary, const struct parity_result *result)
{
    summary->counts[result->outcome]++;
    summary->environmental += result->outcome == PARITY_ERROR && result->environmental;
    summary->flaky += result->flaky;
    summary->recorded += result->recorded;
    summary->pending += result->pending;
    summary->hidden += json_array_size(result->hidden);
    summary->unused_skips += json_array_size(result->unused_skips);
    summary->cleanup_failures += json_array_size(result->cleanup_failures);
}
