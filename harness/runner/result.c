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
    json_decref(result->calls);
    json_decref(result->cleanup_failures);
    json_decref(result->recording);
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
