/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_JSON_SHAPE_H
#define PARITY_CLIENT_PROTOCOL_JSON_SHAPE_H

/* JSON bodies by shape, for json and rest-json. */

#include <jansson.h>

#include "base/error.h"
#include "client/model.h"
#include "client/protocol/member_path.h"
#include "client/protocol/result.h"

/** How scalars of a body are read. */
enum parity_json_scalars {
    PARITY_JSON_SCALARS_AS_SENT,  /* json: whatever the body has */
    PARITY_JSON_SCALARS_CONVERTED /* rest-json: by the model's type, also from texts */
};

/**
 * The value of a shape in a body.
 *
 * @param findings  what leaves the model and is read all the same; may be NULL
 * @return new, or NULL: PARITY_E_RESPONSE with the path of what does not fit the shape
 * @see botocore/parsers.py, BaseJSONParser, RestJSONParser
 */
json_t *parity_json_read(const struct parity_shape *shape, const json_t *value,
                         enum parity_json_scalars scalars, struct parity_findings *findings,
                         struct parity_error *err);

/**
 * A body as JSON: {} when it is empty.
 * @return new, or NULL: PARITY_E_RESPONSE when it is no JSON
 */
json_t *parity_json_read_body(const char *data, size_t length, struct parity_error *err);

/**
 * Check a body from which nothing is read: botocore takes any text for it, JSON or not.
 *
 * @param shape     without members in the body
 * @param findings  what stands there all the same; may be NULL
 * @return 0 or -1 (PARITY_E_RESPONSE: no UTF-8)
 */
int parity_json_check_unread(const struct parity_shape *shape, const char *data, size_t length,
                             struct parity_findings *findings, struct parity_error *err);

/** Set result["Error"] from a JSON body and headers, as botocore's BaseJSONParser does. */
int parity_json_read_error(struct parity_parse *parse);

/** The code of "x-amzn-query-error" put over the one of the body. */
int parity_query_compatible_error(struct parity_parse *parse, json_t *error);

/**
 * Input to the JSON that is sent: names on the wire, typed values as the model has them.
 * What does not fit the model is sent as it is.
 * @return new, or NULL: PARITY_E_INVALID, no memory
 */
json_t *parity_json_write_shape(const struct parity_shape *shape, const json_t *value,
                                const struct parity_member_path *path, struct parity_error *err);

#endif
