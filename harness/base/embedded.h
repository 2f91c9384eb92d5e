/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_EMBEDDED_H
#define PARITY_BASE_EMBEDDED_H

#include <stddef.h>

/** A file of the sources that is compiled in: parity_embed() in cmake/embedded.cmake. */
struct parity_embedded_file {
    const char *name; /* without its folders */
    const unsigned char *text;
    size_t length;
};

#endif
