/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PAGINATOR_H
#define PARITY_CLIENT_PAGINATOR_H

#include <jansson.h>

#include "base/error.h"
#include "client/caller.h"
#include "client/model.h"

/*
 * Operations that answer page by page, followed as paginators-1.json describes them.
 *
 * An error that the service answers with is the last page, and the merged result: ask
 * parity_response_is_error().
 */

/** How one operation is paged. Immutable. */
struct parity_paginator;

/**
 * @param file  content of a paginators-1.json; borrowed for the call
 * @param err   PARITY_E_NOT_FOUND (the operation is not paged; with the nearest one that is),
 *              PARITY_E_PARSE, PARITY_E_INVALID (the file, with operation and member)
 * @return new, or NULL
 */
struct parity_paginator *parity_paginator_new(const json_t *file, const char *operation,
                                              struct parity_error *err);
void parity_paginator_free(struct parity_paginator *paginator);

/** The same for an installed service. Also PARITY_E_NOT_FOUND (service) and PARITY_E_ENVIRONMENT.
 */
struct parity_paginator *parity_paginator_load(struct parity_models *models, const char *service,
                                               const char *operation, struct parity_error *err);

/** The input member that says how large a page is; NULL: none. Borrowed. */
const char *parity_paginator_limit_key(const struct parity_paginator *paginator);

struct parity_pages_options {
    unsigned long max_pages; /* stop with PARITY_E_LIMIT when there are more; 0: 100,000 */
};

/** One walk over all pages. */
struct parity_pages;

/**
 * @param paginator  borrowed until the walk is freed
 * @param input      of the first call; a token in it is where the walk begins. Copied
 * @param options    NULL: all zero; copied
 */
struct parity_pages *parity_pages_new(const struct parity_paginator *paginator,
                                      struct parity_caller caller, const json_t *input,
                                      const struct parity_pages_options *options,
                                      struct parity_error *err);
void parity_pages_free(struct parity_pages *pages);

/**
 * Fetch the next page.
 *
 * @param page  new: the whole response; NULL at the end
 * @param err   what the call failed with; PARITY_E_RESPONSE when the last page asked to be followed
 *              by itself; PARITY_E_LIMIT
 * @return 1: a page, 0: there are no more, -1: an error, which ends the walk
 */
int parity_pages_next(struct parity_pages *pages, json_t **page, struct parity_error *err);

/**
 * Fetch all pages and merge them.
 *
 * Lists are concatenated, strings joined, numbers added; of anything else the first page's counts.
 * Members that are no results (`non_aggregate_keys`) are those of the first page, null where it has
 * none. Everything else is left out, `ResponseMetadata` included.
 *
 * @param out  new
 * @param err  as parity_pages_next(); PARITY_E_RESPONSE also when two pages hold what can't be
 *             merged; PARITY_E_INVALID when paginators-1.json names no result
 * @return 0 or -1
 * @see botocore, PageIterator.build_full_result()
 */
int parity_paginate(const struct parity_paginator *paginator, struct parity_caller caller,
                    const json_t *input, const struct parity_pages_options *options, json_t **out,
                    struct parity_error *err);

#endif
