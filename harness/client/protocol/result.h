/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_RESULT_H
#define PARITY_CLIENT_PROTOCOL_RESULT_H

/*
 * What all protocols do with a response: telling errors from results, filling in what a modelled
 * error adds, and putting it together as an SDK hands it over.
 */

#include <jansson.h>

#include "base/error.h"
#include "client/findings.h"
#include "client/http.h"
#include "client/model.h"

/** A response on its way to a result. */
struct parity_parse {
    const struct parity_operation *operation;
    const struct parity_http_response *response;
    json_t *result;   /* members so far; owned by the caller of the hooks */
    json_t *metadata; /* ResponseMetadata so far, likewise */
    struct parity_error *err;
    struct parity_findings *findings; /* NULL: nobody asks */
};

/** How a protocol reads the parts; parity_protocol_parse() puts them together. Each returns 0 or -1
 * with `err` filled. */
struct parity_result_reader {
    /** Fill `result` with the members of a shape from a response that is no error; `shape` may be
     * NULL. */
    int (*output)(struct parity_parse *parse, const struct parity_shape *shape);

    /** Set result["Error"] = {"Code", "Message", …}. */
    int (*error)(struct parity_parse *parse);

    /** Fill `result` with the members of a modelled error. */
    int (*error_members)(struct parity_parse *parse, const struct parity_shape *shape);
};

/** A header's values, joined by ", " if there are several. New; NULL: absent, or no memory. */
char *parity_result_header(const struct parity_http_response *response, const char *name,
                           struct parity_error *err);

/** A header's value as a string, from Latin-1 unless it is UTF-8. New; NULL: no memory. */
json_t *parity_result_header_text(const char *text, size_t length);

/** Set a string of ResponseMetadata from a header, if the response has it. Returns 1 if so. */
int parity_result_copy_header(struct parity_parse *parse, const char *header, const char *member);

/** Set a member to a new reference, checking for NULL. @return 0 or -1 (PARITY_E_NOMEM) */
int parity_result_set(json_t *object, const char *name, json_t *value, struct parity_error *err);

/** Set result["Error"] to {"Code": the status, "Message": its usual text}. */
int parity_result_status_error(struct parity_parse *parse);

/**
 * PARITY_E_RESPONSE that shows what came: "…: 200 text/html: <html><body>…".
 * Adds to a message that is there already.
 */
void parity_result_fail(const struct parity_http_response *response, struct parity_error *err,
                        const char *reason);

/** "Not Found" for 404; "" for a status without a name. */
const char *parity_http_status_text(int status);

#endif
