/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_MEMBER_PATH_H
#define PARITY_CLIENT_PROTOCOL_MEMBER_PATH_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/**
 * Where in an input or output a walk is, as a chain on the stack: it costs nothing until a message
 * needs it.
 */
struct parity_member_path {
    const struct parity_member_path *parent; /* NULL: the whole input or output */
    const char *name;                        /* a member or map key; NULL: a position */
    size_t index;
};

/** Append "Messages[3].Body"; for the whole, `whole` ("input"). */
void parity_member_path_write(struct parity_buffer *out, const struct parity_member_path *path,
                              const char *whole);

/** parity_fail() with the path in front of the message. */
__attribute__((format(printf, 5, 6))) void
parity_member_path_fail(struct parity_error *err, enum parity_errc code,
                        const struct parity_member_path *path, const char *whole,
                        const char *format, ...);

#endif
