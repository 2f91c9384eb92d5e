/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_PAGE_H
#define PARITY_REPORTERS_PAGE_H

#include <stddef.h>

/** A file that the HTML report is made of, compiled in by cmake/embed.cmake. */
struct parity_page_file {
    const char *name;
    const unsigned char *text;
    size_t length;
};

extern const struct parity_page_file parity_page_files[];
extern const size_t parity_page_file_count;

#endif
