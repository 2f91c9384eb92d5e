/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "recorder/coverage.h"

/* What AWS's protocols answer to a request for what a service does not have. */
static bool is_unknown_operation(const char *code)
{
    static const char *const codes[] = {
        "InvalidAction",             /* query: "Common Errors" of each API reference */
        "NotImplemented",            /* S3, "Error responses" */
        "UnknownOperationException", /* JSON and CBOR: Smithy, "AWS JSON 1.0 protocol" */
    };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

/* An error that names no code, as a web server's page about a path that it does not know: clients
 * then take the status for the code. */
static bool is_no_aws_error(const struct parity_coverage_answer *answer)
{
    char status[16];

    snprintf(status, sizeof status, "%d", answer->status_code);
    return strcmp(answer->error_code, status) == 0;
}

enum parity_implemented parity_coverage_implemented(const struct parity_coverage_answer *answer)
{
    if (answer->status_code == 0)
        return PARITY_IMPLEMENTED_UNKNOWN;
    if (answer->validated || !answer->error_code || answer->modelled)
        return PARITY_IMPLEMENTED_YES;
    if (answer->status_code == 501 || is_unknown_operation(answer->error_code))
        return PARITY_IMPLEMENTED_NO;
    if ((answer->status_code == 404 || answer->status_code == 405) && !answer->without_body &&
        is_no_aws_error(answer))
        return PARITY_IMPLEMENTED_NO;
    return PARITY_IMPLEMENTED_UNKNOWN;
}
