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
    json_decref(result->suggested_skips);
    json_decref(result->calls);
    json_decref(result->cleanup_failures);
    json_decref(result->recording);
    json_decref(result->attachments);
    json_decref(result->expected_failure);
    memset(result, 0, sizeof *result);
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
