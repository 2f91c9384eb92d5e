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
    json_decref(result->recording);
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
