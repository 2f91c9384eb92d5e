/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_PAGE_H
#define PARITY_REPORTERS_PAGE_H

#include <stddef.h>

#include "base/embedded.h"

/** The files that pages in HTML are made of. */
extern const struct parity_embedded_file parity_page_files[];
extern const size_t parity_page_file_count;

#endif
