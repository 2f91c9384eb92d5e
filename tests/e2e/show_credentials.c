/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the credentials that a client finds, for test_credentials_botocore.py: made-up ones, from
 * servers of the test. No command of parity prints any.
 *
 *     show_credentials [PROFILE]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/call_credentials.h"

static int add(json_t *object, const char *name, const char *text)
{
    return json_object_set_new_nocheck(object, name,
                                       text ? json_string_nocheck(text) : json_null());
}

static int print(int outcome, const struct parity_credentials *found,
                 const struct parity_error *err)
{
    json_t *object = json_object();
    struct parity_buffer text = {0};
    int rc = -1;

    if (object && json_object_set_new(object, "outcome", json_integer(outcome)) == 0 &&
        json_object_set_new(object, "code", json_integer(err->code)) == 0 &&
        add(object, "context", err->context) == 0 && add(object, "message", err->message) == 0 &&
        (!found ||
         (add(object, "id", found->access_key_id) == 0 &&
          add(object, "secret", found->secret_access_key) == 0 &&
          add(object, "token", found->session_token) == 0 &&
          add(object, "account", found->account_id) == 0 &&
          json_object_set_new(object, "expires_at", json_integer(found->expires_at)) == 0))) {
        parity_json_write(&text, object, PARITY_JSON_LINE);
        rc = text.failed || puts(text.data) < 0 ? -1 : 0;
    }
    parity_buffer_clear(&text);
    json_decref(object);
    return rc;
}

int main(int argc, char **argv)
{
    const char *test_target = getenv("TEST_TARGET");
    struct parity_target target = {.aws = test_target && strcmp(test_target, "AWS_CLOUD") == 0,
                                   .profile = argc > 1 ? argv[1] : NULL};
    struct parity_credential_source *source = NULL;
    const struct parity_credentials *found = NULL;
    struct parity_models *models;
    struct parity_client *client = NULL;
    struct parity_error err = {0};
    int outcome = -1, rc;

    parity_memory_init();
    models = parity_models_new(NULL, &err);
    if (models)
        client = parity_client_new(models, &target, &err);
    if (client)
        outcome = parity_call_own_credentials(client, &source, &found, &err);
    rc = print(outcome, found, &err);
    parity_credential_source_free(source);
    parity_client_free(client);
    parity_models_free(models);
    return rc < 0;
}
