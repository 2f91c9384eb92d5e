/* SPDX-License-Identifier: Apache-2.0 */
#include "client/own_call.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

static int copy(char *out, size_t size, const json_t *text)
{
    int length = json_is_string(text) ? snprintf(out, size, "%s", json_string_value(text)) : -1;

    return length > 0 && (size_t)length < size ? 0 : -1;
}

/* Credentials are found once in a while: the file is read when it is asked. */
int parity_own_call(const char *purpose, struct parity_own_call *out, struct parity_error *err)
{
    const struct parity_embedded_file *file = &parity_own_calls_files[0];
    const json_t *call;
    json_t *calls;
    int rc = 0;

    if (parity_json_parse((const char *)file->text, file->length, file->name, &calls, err) < 0)
        return -1;
    call = json_object_get(calls, purpose);
    if (copy(out->service, sizeof out->service, json_object_get(call, "service")) < 0 ||
        copy(out->operation, sizeof out->operation, json_object_get(call, "operation")) < 0) {
        parity_fail(err, PARITY_E_PARSE, file->name, "there is no call for '%s'", purpose);
        rc = -1;
    }
    json_decref(calls);
    return rc;
}
