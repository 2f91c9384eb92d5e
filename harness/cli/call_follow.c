/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/call_follow.h"

#include <string.h>

#include "cli/commands.h"
#include "client/paginator.h"
#include "client/waiter.h"

/* Once something was sent, it is the target that failed, whatever the error. */
static int fail_call(const struct parity_client_caller *caller, const struct parity_error *err)
{
    if (caller->attempts == 0)
        return -1;
    parity_command_fail(err);
    return PARITY_EXIT_ENVIRONMENT;
}

int parity_call_follow_pages(struct parity_client_caller *caller, const char *operation,
                             const json_t *input, struct parity_error *err)
{
    struct parity_paginator *paginator = parity_paginator_load(parity_client_models(caller->client),
                                                               caller->service, operation, err);
    json_t *merged = NULL;
    int code = -1;

    if (!paginator)
        return -1;
    if (parity_paginate(paginator, parity_client_caller(caller), input, NULL, &merged, err) < 0)
        code = fail_call(caller, err);
    else if (parity_command_print(merged, err) == 0)
        code = parity_response_is_error(merged) ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
    json_decref(merged);
    parity_paginator_free(paginator);
    return code;
}

static struct parity_waiter *load_waiter(const struct parity_client_caller *caller,
                                         const char *operation, const char *name,
                                         struct parity_error *err)
{
    struct parity_waiter *waiter =
        parity_waiter_load(parity_client_models(caller->client), caller->service, name, err);

    if (!waiter || strcmp(parity_waiter_operation(waiter), operation) == 0)
        return waiter;
    parity_fail(err, PARITY_E_USAGE, caller->service, "waiter %s calls %s, not %s",
                parity_waiter_name(waiter), parity_waiter_operation(waiter), operation);
    parity_waiter_free(waiter);
    return NULL;
}

int parity_call_follow_wait(struct parity_client_caller *caller, const char *operation,
                            const struct parity_call_wait *wait, const json_t *input,
                            struct parity_error *err)
{
    const struct parity_wait_options options = {.delay_s = wait->delay_s,
                                                .max_attempts = wait->max_attempts};
    struct parity_waiter *waiter = load_waiter(caller, operation, wait->name, err);
    struct parity_error printing = {0};
    json_t *last = NULL;
    int rc, code = -1;

    if (!waiter)
        return -1;
    rc = parity_wait(waiter, parity_client_caller(caller), input, &options, &last, err);
    if (rc < 0)
        code = fail_call(caller, err);
    else if (parity_command_print(last, &printing) < 0)
        code = parity_command_fail(&printing);
    else
        code = rc == 0 ? PARITY_EXIT_OK : PARITY_EXIT_DIFFERENCE;
    if (rc > 0)
        parity_command_fail(err);
    json_decref(last);
    parity_waiter_free(waiter);
    return code;
}
