/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_PARTS_H
#define PARITY_REPORTERS_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/spool.h"
#include "runner/result.h"

/*
 * What a report says about each test, put aside until the run is over and then read in the order of
 * the tests' ids, so that the report is the same for any number of workers.
 *
 * A test that runs several times has as many parts, each of which knows where the next one begins.
 * Thus memory depends on the tests that were registered, and not on how often they run.
 */

/** What was said about one test. */
struct parity_parts_chain {
    const struct parity_case *test; /* borrowed; NULL: nothing was said */
    off_t first, last;              /* where its parts begin */
};

/** Zero-initialise, open, clear. */
struct parity_parts {
    struct parity_spool spool;
    struct parity_parts_chain *chains; /* by the number of the test, until they are sorted */
    size_t chain_count, capacity;
    size_t count; /* of parts */
};

/** What stands before the text of a part. */
struct parity_part_head {
    enum parity_outcome outcome;
    double duration_s;
    size_t length; /* of the text */
    off_t next;    /* where the test's next part begins; 0: it has none */
};

/** One part, of which the text is still to be read. A zeroed one stands before the first. */
struct parity_part {
    const struct parity_case *test; /* borrowed; NULL: it is none */
    struct parity_part_head head;
    off_t text;   /* where it begins */
    size_t chain; /* the test's */
};

/** @return 0 or -1 (as parity_spool_open()) */
int parity_parts_open(struct parity_parts *parts, struct parity_error *err);
void parity_parts_clear(struct parity_parts *parts);

/** Put aside what is said about a test. @return 0 or -1 (PARITY_E_IO, PARITY_E_NOMEM) */
int parity_parts_add(struct parity_parts *parts, const struct parity_result *result,
                     const struct parity_buffer *text, struct parity_error *err);

/**
 * Nothing more is added: bring the tests into an order. The parts of one test stay in that in
 * which they were added.
 * @param compare  of two struct parity_parts_chain, as for qsort(); NULL: by the ids
 */
void parity_parts_sort(struct parity_parts *parts, int (*compare)(const void *, const void *));

/** The chain of a test, once they are sorted by ids; NULL: nothing was said about it. */
const struct parity_parts_chain *parity_parts_find(const struct parity_parts *parts,
                                                   const char *id);

/**
 * Go on to the next part. A copy of `part` goes its own way.
 *
 * @param part  zeroed after the last one, and when it fails
 * @return whether there is one; not after a failure (PARITY_E_IO)
 */
bool parity_parts_next(const struct parity_parts *parts, struct parity_part *part,
                       struct parity_error *err);

#endif
