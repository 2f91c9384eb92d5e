/* SPDX-License-Identifier: Apache-2.0 */
#include "client/caller.h"

static int call(void *data, const char *operation, const json_t *input, json_t **out,
                struct parity_error *err)
{
    struct parity_client_caller *caller = data;
    const struct parity_call_options none = {0};
    struct parity_call_record record = {0};
    int rc = parity_client_call(caller->client, caller->service, operation, input,
                                caller->options ? caller->options : &none, out, &record, err);

    caller->attempts += record.attempts;
    if (caller->seen)
        caller->seen(&record);
    parity_call_record_clear(&record);
    return rc;
}

struct parity_caller parity_client_caller(struct parity_client_caller *data)
{
    return (struct parity_caller){.call = call, .data = data};
}
