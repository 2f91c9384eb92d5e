/* SPDX-License-Identifier: Apache-2.0 */
#include "client/response.h"

#include "client/call.h"
#include "client/customization.h"

/* Customizations add members behind what the protocol put last. */
static int move_metadata_to_end(json_t *output, struct parity_error *err)
{
    json_t *metadata = json_incref(json_object_get(output, "ResponseMetadata"));
    int rc = json_object_del(output, "ResponseMetadata");

    if (rc == 0)
        rc = json_object_set_nocheck(output, "ResponseMetadata", metadata);
    if (rc < 0)
        parity_fail_nomem(err);
    json_decref(metadata);
    return rc;
}

int parity_response_parse(const struct parity_operation *operation,
                          const struct parity_protocol *protocol,
                          struct parity_http_response *response, struct parity_findings *findings,
                          json_t **out, struct parity_error *err)
{
    const struct parity_call call = {.service = parity_operation_service(operation),
                                     .operation = operation,
                                     .protocol = protocol,
                                     .encoding_type_is_default = true};

    parity_customize_response(&call, response);
    if (parity_protocol_parse(protocol, operation, response, findings, out, err) < 0)
        return -1;
    if (parity_customize_output(&call, response, *out, err) < 0 ||
        move_metadata_to_end(*out, err) < 0) {
        json_decref(*out);
        *out = NULL;
        return -1;
    }
    return 0;
}
