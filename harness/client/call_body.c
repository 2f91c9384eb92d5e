/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies that stand in files: {"$file": "path"} in place of the bytes of a body. */
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "client/call.h"

static const struct parity_shape *blob_payload(const struct parity_call *call)
{
    const struct parity_shape *input = parity_operation_input(call->operation);
    const struct parity_shape *payload = input ? parity_shape_raw_payload(input) : NULL;

    return payload && parity_shape_type(payload) == PARITY_SHAPE_BLOB ? payload : NULL;
}

/* What is only shown is shown whole, and a pipe cannot be read again. */
static int open_file(struct parity_call *call, const char *path, struct parity_error *err)
{
    if (!call->shown_only && parity_body_file_open(path, &call->body_file, err) < 0)
        return -1;
    if (call->body_file)
        return 0;
    call->has_file = true;
    return parity_file_read(path, 0, &call->file, err);
}

int parity_call_open_file(struct parity_call *call, struct parity_error *err)
{
    const struct parity_shape *payload = blob_payload(call);
    const char *name = payload ? parity_shape_member_name(payload) : NULL;
    const json_t *value = name ? json_object_get(call->input, name) : NULL;
    const char *path = json_string_value(json_object_get(value, "$file"));

    if (!path || json_object_size(value) != 1)
        return 0;
    if (open_file(call, path, err) < 0)
        return -1;
    /* What is validated and serialised is an empty body, in whose place the file goes. */
    if (json_object_set_new(call->input, name, parity_json_bytes("", 0)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

void parity_call_take_file(struct parity_call *call)
{
    if (!call->has_file && !call->body_file)
        return;
    parity_buffer_clear(&call->request.body);
    call->request.body = call->file;
    call->request.file = call->body_file;
    memset(&call->file, 0, sizeof call->file);
    call->body_file = NULL;
}

int parity_call_each_piece(const struct parity_call *call,
                           int (*take)(const void *data, size_t length, void *context,
                                       struct parity_error *err),
                           void *context, struct parity_error *err)
{
    const struct parity_http_request *request = &call->request;

    if (request->file)
        return parity_body_file_each(request->file, take, context, err);
    return request->body.length ? take(request->body.data, request->body.length, context, err) : 0;
}
