/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_FINDINGS_H
#define PARITY_CLIENT_FINDINGS_H

/*
 * Where a response leaves the service model although it can be read: what an SDK passes over in
 * silence, or in one language and not in the next. A report, never a verdict.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "client/protocol/member_path.h"

enum parity_finding_kind {
    PARITY_FINDING_MISSING,      /* a member that the model requires is not there */
    PARITY_FINDING_UNKNOWN,      /* a member, element or event that the model does not have */
    PARITY_FINDING_TYPE,         /* JSON, XML or CBOR of another type than the model's */
    PARITY_FINDING_TIMESTAMP,    /* a timestamp that is not in the format of its place */
    PARITY_FINDING_CONTENT_TYPE, /* not the content type of the protocol */
    PARITY_FINDING_NAMESPACE     /* not the XML namespace of the model */
};

/**
 * What was found so far. Zero-initialise, clear. Functions that read responses take a pointer to
 * it, NULL where nobody asks: then nothing is looked at.
 */
struct parity_findings {
    /* Array of {"path": "Messages[0].Body", "kind": "type", "message": "…", "count": 1}, in the
     * order of discovery; NULL: none. What repeats in every item of a list stands there once, with
     * the path of the first and their number. */
    json_t *list;
    size_t left_out; /* places beyond the first PARITY_FINDINGS_KEPT */
    bool failed;     /* out of memory */

    /* While reading: */
    const struct parity_member_path *base; /* what paths begin with; NULL: nothing */
    bool explained;                        /* the failure that ends the reading stands here */
};

enum { PARITY_FINDINGS_KEPT = 100 };

void parity_findings_clear(struct parity_findings *findings);

/** Number of findings, each repetition counted. */
size_t parity_findings_count(const struct parity_findings *findings);

/** "missing", "unknown", "type", "timestamp", "content_type", "namespace". */
const char *parity_finding_kind_name(enum parity_finding_kind kind);

/**
 * Add a finding. Out of memory it is dropped and `failed` set.
 *
 * @param findings  NULL does nothing
 * @param path      NULL: the response as a whole
 */
__attribute__((format(printf, 4, 5))) void
parity_findings_add(struct parity_findings *findings, enum parity_finding_kind kind,
                    const struct parity_member_path *path, const char *format, ...);

/**
 * Add what ends the reading of a response as a finding of its own, of kind `type`, unless it is a
 * lack of memory. Called from the inside out: the first one knows the place.
 *
 * @param err  as the reader left it; its message may begin with the path
 */
void parity_findings_explain(struct parity_findings *findings,
                             const struct parity_member_path *path, const struct parity_error *err);

#endif
