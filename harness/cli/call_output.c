/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call_output.h"

#include "base/file.h"
#include "client/protocol/scalar.h"

const char *parity_call_output_member(struct parity_models *models, const char *service,
                                      const char *operation, struct parity_error *err)
{
    const struct parity_service *found = parity_models_service(models, service, err);
    const struct parity_operation *wanted =
        found ? parity_service_operation(found, operation, err) : NULL;
    const struct parity_shape *payload =
        wanted ? parity_shape_raw_payload(parity_operation_output(wanted)) : NULL;

    if (!wanted)
        return NULL;
    if (payload)
        return parity_shape_member_name(payload);
    parity_fail(err, PARITY_E_USAGE, NULL,
                "option '--output' is for answers that are a body; %s %s answers with members",
                service, operation);
    return NULL;
}

int parity_call_output_save(json_t *output, const char *member, const char *path,
                            struct parity_error *err)
{
    const json_t *value = json_object_get(output, member);
    struct parity_buffer body = {0};
    int rc = -1;

    if (!value)
        return 0;
    if (parity_input_bytes(value, &body) < 0)
        parity_fail(err, PARITY_E_RESPONSE, member, "is no body that a file could hold");
    else if (body.failed)
        parity_fail_nomem(err);
    else
        rc = parity_file_replace(path, body.data ? body.data : "", body.length, err);
    if (rc == 0 && json_object_set_new(output, member, json_pack("{s:s}", "$file", path)) < 0) {
        parity_fail_nomem(err);
        rc = -1;
    }
    parity_buffer_clear(&body);
    return rc;
}
