/* SPDX-License-Identifier: Apache-2.0 */
/* Calls whose answer is a body that goes to a file. */
#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "client/body_file.h"
#include "client/client.h"
#include "runner/test.h"

/* What stands for a body that can be compared: it is the same wherever the file is. New. */
static json_t *describe(const char *path, struct parity_error *err)
{
    struct parity_body_file *file;
    char hash[PARITY_SHA256_HEX + 1];
    json_t *value = NULL;

    if (parity_body_file_open(path, &file, err) < 0)
        return NULL;
    if (!file)
        parity_fail(err, PARITY_E_INVALID, path, "is no regular file, where a body can be kept");
    else if (parity_body_file_sha256(file, hash, err) == 0 &&
             !(value = json_pack("{s:I, s:s}", "bytes", (json_int_t)file->length, "sha256", hash)))
        parity_fail_nomem(err);
    parity_body_file_free(file);
    return value;
}

/* The member that the client has put the path into; NULL: the body was none, or an error. */
static const char *saved_member(json_t *response, const char *path)
{
    const char *name;
    json_t *value;

    json_object_foreach(response, name, value) {
        const char *saved = json_string_value(json_object_get(value, "$file"));

        if (saved && strcmp(saved, path) == 0)
            return name;
    }
    return NULL;
}

static int exchange(struct parity_test *t, const struct parity_test_options *wishes,
                    const char *path, const char *service, const char *operation,
                    const json_t *input, json_t **out, struct parity_error *err)
{
    const char *member;
    json_t *body;

    if (parity_test_exchange_to_file(t, wishes, path, service, operation, input, out, err) < 0)
        return -1;
    member = parity_response_is_error(*out) ? NULL : saved_member(*out, path);
    if (!member)
        return 0;
    body = describe(path, err);
    if (body && json_object_set_new(*out, member, body) == 0)
        return 0;
    parity_fail_nomem(err);
    json_decref(*out);
    *out = NULL;
    return -1;
}

json_t *parity_test_call_to_file(struct parity_test *t, const struct parity_test_options *wishes,
                                 const char *path, const char *service, const char *operation,
                                 const char *input, ...)
{
    struct parity_error err = {0};
    va_list arguments;
    json_t *value, *response;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, operation, input, &arguments);
    va_end(arguments);
    parity_test_heed_stop(t);
    if (exchange(t, wishes, path, service, operation, value, &response, &err) < 0)
        parity_test_end_call(t, service, operation, &err);
    parity_test_own(t, response);
    parity_test_check_expectation(t, wishes ? wishes->expect : PARITY_EXPECT_SUCCESS, service,
                                  operation, response);
    return response;
}
