/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of answers that go to a file while they arrive. */
#include <string.h>

#include "base/memory.h"
#include "client/call.h"

static int begin_checksum(struct parity_call *call, const struct parity_http_response *head,
                          struct parity_error *err)
{
    const char *sent, *algorithm = parity_call_checksum_to_check(call, head, &sent);

    return algorithm ? parity_checksum_begin(&call->saving.checksum, algorithm, err) : 0;
}

static int take(const void *data, size_t length, const struct parity_http_response *head,
                void *context, struct parity_error *err)
{
    struct parity_call *call = context;
    struct parity_saving *saving = &call->saving;

    if (saving->bytes == 0 && begin_checksum(call, head, err) < 0)
        return -1;
    saving->bytes += length;
    if (saving->checksum.algorithm)
        parity_checksum_add(&saving->checksum, data, length);
    return parity_file_writer_add(&saving->writer, data, length, err);
}

/* The member that is the body; NULL: there is none. */
static const char *find_member(const struct parity_call *call, struct parity_error *err)
{
    const struct parity_shape *output = parity_operation_output(call->operation);
    const struct parity_shape *payload = output ? parity_shape_raw_payload(output) : NULL;

    if (payload)
        return parity_shape_member_name(payload);
    parity_fail(err, PARITY_E_INVALID, NULL,
                "the answer is no body that a file could hold: it has members");
    return NULL;
}

int parity_call_begin_saving(struct parity_call *call, struct parity_error *err)
{
    struct parity_saving *saving = &call->saving;

    if (!call->options->save_to)
        return 0;
    parity_call_abandon_saving(call); /* of an earlier attempt */
    saving->member = find_member(call, err);
    if (!saving->member ||
        parity_file_writer_open(call->options->save_to, &saving->writer, err) < 0)
        return -1;
    saving->writer.unflushed = true; /* it can be fetched again */
    saving->sink = (struct parity_http_sink){
        .take = take, .context = call, .max_bytes = call->options->max_saved_bytes};
    return 0;
}

void parity_call_abandon_saving(struct parity_call *call)
{
    parity_file_writer_abandon(&call->saving.writer);
    parity_checksum_clear(&call->saving.checksum);
    memset(&call->saving, 0, sizeof call->saving);
}

bool parity_call_has_passed_on(const struct parity_call *call)
{
    return call->saving.bytes > 0 && call->saving.writer.through;
}

static int check(struct parity_call *call, const struct parity_http_response *response,
                 struct parity_error *err)
{
    const char *sent, *algorithm = parity_call_checksum_to_check(call, response, &sent);
    struct parity_buffer actual = {0};
    int rc = 0;

    if (call->saving.checksum.algorithm) {
        rc = parity_checksum_end(&call->saving.checksum, &actual, err);
        if (rc == 0)
            rc = parity_call_compare_checksum(algorithm, actual.data, sent, err);
    }
    parity_buffer_clear(&actual);
    return rc;
}

int parity_call_keep_saved(struct parity_call *call, const struct parity_http_response *response,
                           json_t *output, struct parity_error *err)
{
    struct parity_saving *saving = &call->saving;
    const char *path = call->options->save_to;
    bool has_body = saving->bytes > 0;

    if (!saving->member || parity_response_is_error(output))
        return 0;
    /* An empty body is a member of some outputs, and of others none. */
    if (!has_body && !json_object_get(output, saving->member))
        return 0;
    if (check(call, response, err) < 0 || parity_file_writer_close(&saving->writer, err) < 0)
        return -1;
    if (json_object_set_new(output, saving->member, json_pack("{s:s}", "$file", path)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}
