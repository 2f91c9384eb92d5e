/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call_output.h"

int parity_call_check_output(struct parity_models *models, const char *service,
                             const char *operation, struct parity_error *err)
{
    const struct parity_service *found = parity_models_service(models, service, err);
    const struct parity_operation *wanted =
        found ? parity_service_operation(found, operation, err) : NULL;
    const struct parity_shape *output = wanted ? parity_operation_output(wanted) : NULL;

    if (!wanted)
        return -1;
    if (output && parity_shape_raw_payload(output))
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL,
                "option '--output' is for answers that are a body; %s %s answers with members",
                service, operation);
    return -1;
}
