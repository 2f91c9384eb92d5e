/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_H
#define PARITY_CLIENT_PROTOCOL_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/findings.h"
#include "client/http.h"
#include "client/model.h"

/** What a protocol makes of an input, before an endpoint is known. Zero-initialise, clear. */
struct parity_wire_request {
    const char *method;         /* borrowed from the model */
    struct parity_buffer path;  /* percent-encoded, begins with '/' */
    struct parity_buffer query; /* percent-encoded, without '?'; empty for none */
    struct parity_headers headers;
    struct parity_buffer body;
};

void parity_wire_request_clear(struct parity_wire_request *request);

/** One wire protocol: one file, one entry of the table in protocol.c. */
struct parity_protocol {
    const char *name; /* as in a model's `protocols`: "query", "json", "rest-xml", … */

    /**
     * Input to request. The input was validated, or the caller wants it sent as it is; what cannot
     * be represented at all is PARITY_E_INVALID with the parameter's path.
     */
    int (*serialize)(const struct parity_operation *operation, const json_t *input,
                     struct parity_wire_request *out, struct parity_error *err);

    /** How it reads a response. */
    const struct parity_result_reader *reader;
};

/**
 * Response to what an SDK hands over: the output members, or `Error` and the error's members, and
 * then `ResponseMetadata`.
 *
 * @param findings  may be NULL; added to, also when the body cannot be read
 * @param out       new
 * @param err       PARITY_E_RESPONSE: the body is not of this protocol; PARITY_E_NOMEM
 * @see botocore/parsers.py, ResponseParser.parse; botocore/endpoint.py, _add_modeled_error_fields
 */
int parity_protocol_parse(const struct parity_protocol *protocol,
                          const struct parity_operation *operation,
                          const struct parity_http_response *response,
                          struct parity_findings *findings, json_t **out, struct parity_error *err);

/**
 * Fill the members of the input that are idempotency tokens and absent, each with a random UUID
 * (version 4), as SDKs do before they validate.
 *
 * @param input   changed in place
 * @param random  fills `length` bytes, returns 0 or -1; NULL: the system's. `context` is handed on
 * @see botocore/handlers.py, generate_idempotent_uuid
 */
int parity_protocol_fill_tokens(const struct parity_operation *operation, json_t *input,
                                int (*random)(void *bytes, size_t length, void *context),
                                void *context, struct parity_error *err);

/**
 * The operation's host prefix (`endpoint.hostPrefix`) with its labels filled from the input, as it
 * goes before the host name ("123456789012."); nothing is appended when it has none.
 *
 * @param err  PARITY_E_INVALID: a label's member is missing, empty, or no host name
 * @see botocore/serialize.py, Serializer._expand_host_prefix
 */
int parity_protocol_host_prefix(const struct parity_operation *operation, const json_t *input,
                                struct parity_buffer *out, struct parity_error *err);

/** All protocols, in the order of their names; NULL beyond the last. */
const struct parity_protocol *parity_protocol_at(size_t index);

/** Borrowed; NULL with PARITY_E_NOT_FOUND and the list of known names. */
const struct parity_protocol *parity_protocol_find(const char *name, struct parity_error *err);

#endif
