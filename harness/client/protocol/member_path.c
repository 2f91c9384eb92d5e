/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/member_path.h"

#include <stdarg.h>
#include <stdio.h>

void parity_member_path_write(struct parity_buffer *out, const struct parity_member_path *path,
                              const char *whole)
{
    if (!path) {
        parity_buffer_add_text(out, whole);
        return;
    }
    if (path->parent)
        parity_member_path_write(out, path->parent, whole);
    if (path->name)
        parity_buffer_printf(out, "%s%s", path->parent ? "." : "", path->name);
    else
        parity_buffer_printf(out, "[%zu]", path->index);
}

void parity_member_path_fail(struct parity_error *err, enum parity_errc code,
                             const struct parity_member_path *path, const char *whole,
                             const char *format, ...)
{
    struct parity_buffer where = {0};
    char message[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parity_member_path_write(&where, path, whole);
    parity_fail(err, where.failed ? PARITY_E_NOMEM : code, NULL, "%s: %s",
                where.failed ? whole : where.data, message);
    parity_buffer_clear(&where);
}
