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
    json_decref(result->warnings);
    json_decref(result->suggested_skips);
    json_decref(result->calls);
    json_decref(result->notes);
    json_decref(result->cleanup_failures);
    json_decref(result->attempts);
    json_decref(result->recording);
    json_decref(result->written);
    json_decref(result->attachments);
    json_decref(result->expected_failure);
    memset(result, 0, sizeof *result);
}

static size_t call_findings(const json_t *call)
{
    size_t i, count = (size_t)json_integer_value(json_object_get(call, "model_findings_left_out"));
    const json_t *finding;

    json_array_foreach(json_object_get(call, "model_findings"), i, finding)
        count += (size_t)json_integer_value(json_object_get(finding, "count"));
    return count;
}

size_t parity_result_model_findings(const struct parity_result *result)
{
    size_t i, count = 0;
    const json_t *call;

    json_array_foreach(result->calls, i, call)
        count += call_findings(call);
    return count;
}

/* Two lines, or the one that is there. */
static void set_message(struct parity_result *result, const char *first, const char *second)
{
    char *joined = parity_asprintf("%s%s%s", first ? first : "", first && second ? "\n" : "",
                                   second ? second : "");

    if (!joined)
        return;
    parity_free(result->message);
    result->message = joined;
}

void parity_result_say(struct parity_result *result, const char *format, ...)
{
    char line[2048];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    set_message(result, result->message, line);
}

void parity_result_say_first(struct parity_result *result, const char *format, ...)
{
    char line[2048];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    set_message(result, line, result->message);
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
    summary->warnings += json_array_size(result->warnings);
    summary->expected_failures += result->outcome == PARITY_SKIPPED && result->expected_failure;
    summary->cleanup_failures += json_array_size(result->cleanup_failures);
    summary->model_findings += parity_result_model_findings(result);
}
