/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 6, 0))) static void fail(struct parity_error *err,
                                                       enum parity_errc code, const char *context,
                                                       int line, int column, const char *format,
                                                       va_list arguments)
{
    if (!err || err->code != PARITY_OK)
        return;
    err->code = code;
    err->line = line;
    err->column = column;
    snprintf(err->context, sizeof err->context, "%s", context ? context : "");
    vsnprintf(err->message, sizeof err->message, format, arguments);
}

void parity_fail(struct parity_error *err, enum parity_errc code, const char *context,
                 const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fail(err, code, context, 0, 0, format, arguments);
    va_end(arguments);
}

void parity_fail_at(struct parity_error *err, enum parity_errc code, const char *context, int line,
                    int column, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fail(err, code, context, line, column, format, arguments);
    va_end(arguments);
}

int parity_fail_nomem(struct parity_error *err)
{
    parity_fail(err, PARITY_E_NOMEM, NULL, "out of memory");
    return -1;
}

void parity_error_add_context(struct parity_error *err, const char *format, ...)
{
    char prefix[sizeof err->context];
    char old[sizeof err->context];
    va_list arguments;

    if (!err || err->code == PARITY_OK)
        return;
    va_start(arguments, format);
    vsnprintf(prefix, sizeof prefix, format, arguments);
    va_end(arguments);
    memcpy(old, err->context, sizeof old);
    if (!old[0]) {
        memcpy(err->context, prefix, sizeof prefix);
        return;
    }
    /* A context that does not fit loses its innermost end: the outer parts say where to look. */
    size_t used = strlen(prefix);
    snprintf(err->context, sizeof err->context, "%s", prefix);
    if (used + 2 < sizeof err->context)
        snprintf(err->context + used, sizeof err->context - used, ": %.*s",
                 (int)(sizeof err->context - used - 3), old);
}

void parity_error_clear(struct parity_error *err)
{
    if (err)
        memset(err, 0, sizeof *err);
}

void parity_error_format(const struct parity_error *err, char *out, unsigned long size)
{
    char position[32] = "", column[32] = "";

    if (err->line > 0 && err->column > 0)
        snprintf(position, sizeof position, "%d:%d", err->line, err->column);
    else if (err->line > 0)
        snprintf(position, sizeof position, "%d", err->line);
    else if (err->column > 0)
        snprintf(column, sizeof column, " (column %d)", err->column);
    snprintf(out, size, "%s%s%s%s%s%s", err->context, err->context[0] && position[0] ? ":" : "",
             position, err->context[0] || position[0] ? ": " : "", err->message, column);
}

int parity_error_exit_code(const struct parity_error *err)
{
    switch (err->code) {
    case PARITY_E_NETWORK:
    case PARITY_E_CREDENTIALS:
    case PARITY_E_ENVIRONMENT:
    case PARITY_E_NOMEM:
        return 3;
    default:
        return 2;
    }
}
