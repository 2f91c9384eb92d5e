/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/identity.h"

#include "base/memory.h"
#include "client/own_call.h"

int parity_identity_ask(struct parity_client *client, const struct parity_credentials *credentials,
                        char **out, struct parity_error *err)
{
    const struct parity_call_options options = {.credentials = credentials};
    struct parity_own_call own;
    json_t *input = json_object(), *response = NULL;
    const json_t *error;
    const char *account;
    int rc = -1;

    *out = NULL;
    if (parity_own_call("caller-identity", &own, err) < 0 ||
        parity_client_call(client, own.service, own.operation, input, &options, &response, NULL,
                           err) < 0)
        goto out;
    error = json_object_get(response, "Error");
    account = json_string_value(json_object_get(response, "Account"));
    if (error || !account) {
        const char *code = json_string_value(json_object_get(error, "Code"));
        const char *message = json_string_value(json_object_get(error, "Message"));

        parity_fail(err, PARITY_E_CREDENTIALS, NULL, "%s %s: the credentials were refused: %s: %s",
                    own.service, own.operation, code ? code : "no account", message ? message : "");
        goto out;
    }
    *out = parity_strdup(account);
    if (!*out)
        parity_fail_nomem(err);
    rc = *out ? 0 : -1;
out:
    json_decref(input);
    json_decref(response);
    return rc;
}
