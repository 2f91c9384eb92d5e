/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/protocol.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/hex.h"
#include "base/json.h"
#include "client/protocol/protocols.h"

static const struct parity_protocol *const protocols[] = {
    &parity_protocol_ec2,       &parity_protocol_json,     &parity_protocol_query,
    &parity_protocol_rest_json, &parity_protocol_rest_xml, &parity_protocol_rpc_v2_cbor,
};

enum { PROTOCOL_COUNT = sizeof protocols / sizeof *protocols };

const struct parity_protocol *parity_protocol_at(size_t index)
{
    return index < PROTOCOL_COUNT ? protocols[index] : NULL;
}

const struct parity_protocol *parity_protocol_find(const char *name, struct parity_error *err)
{
    struct parity_buffer known = {0};

    for (size_t i = 0; i < PROTOCOL_COUNT; i++)
        if (strcmp(protocols[i]->name, name) == 0)
            return protocols[i];
    for (size_t i = 0; i < PROTOCOL_COUNT; i++)
        parity_buffer_printf(&known, "%s%s", i ? ", " : "", protocols[i]->name);
    if (known.failed)
        parity_fail_nomem(err);
    else
        parity_fail(err, PARITY_E_NOT_FOUND, NULL, "unknown protocol '%s' (known are %s)", name,
                    known.data);
    parity_buffer_clear(&known);
    return NULL;
}

void parity_wire_request_clear(struct parity_wire_request *request)
{
    parity_buffer_clear(&request->path);
    parity_buffer_clear(&request->query);
    parity_headers_clear(&request->headers);
    parity_buffer_clear(&request->body);
    request->method = NULL;
}

int parity_query_mode_header(const struct parity_operation *operation,
                             struct parity_headers *headers)
{
    const struct parity_service *service = parity_operation_service(operation);

    if (!json_object_get(parity_service_trait(service, "metadata"), "awsQueryCompatible"))
        return 0;
    return parity_headers_add(headers, "x-amzn-query-mode", "true");
}

/* --- idempotency tokens ------------------------------------------------------------------------
 */

static int system_random(void *bytes, size_t length, void *context)
{
    ssize_t got;

    (void)context;
    do
        got = getrandom(bytes, length, 0);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)length ? 0 : -1;
}

static json_t *make_uuid(const unsigned char random[PARITY_UUID_BYTES])
{
    char text[PARITY_UUID_TEXT + 1];

    parity_uuid(random, text);
    return json_string(text);
}

int parity_protocol_fill_tokens(const struct parity_operation *operation, json_t *input,
                                int (*random)(void *bytes, size_t length, void *context),
                                void *context, struct parity_error *err)
{
    const struct parity_shape *shape = parity_operation_input(operation);
    size_t count = shape ? parity_shape_member_count(shape) : 0;

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_member_name(member);
        unsigned char bytes[16];

        if (!parity_shape_has(member, PARITY_TRAIT_IDEMPOTENCY_TOKEN) ||
            json_object_get(input, name))
            continue;
        if ((random ? random : system_random)(bytes, sizeof bytes, context) < 0) {
            parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "the system gives no random numbers");
            return -1;
        }
        if (json_object_set_new_nocheck(input, name, make_uuid(bytes)) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
    }
    return 0;
}

/* --- host prefix -------------------------------------------------------------------------------
 */

static bool is_host_name(const char *text)
{
    return *text && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789.-")] == '\0';
}

static int add_label(const json_t *input, const char *label, size_t length,
                     struct parity_buffer *out, struct parity_error *err)
{
    const char *text = json_string_value(json_object_getn(input, label, length));

    if (!text || !is_host_name(text)) {
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "input: %.*s: it becomes part of the host name, so it must be a text of "
                    "letters, digits, hyphens and points%s%.60s%s",
                    (int)length, label, text ? ", not '" : "", text ? text : "", text ? "'" : "");
        return -1;
    }
    parity_buffer_add_text(out, text);
    return 0;
}

int parity_protocol_host_prefix(const struct parity_operation *operation, const json_t *input,
                                struct parity_buffer *out, struct parity_error *err)
{
    const json_t *endpoint = parity_operation_trait(operation, "endpoint");
    const char *at = json_string_value(json_object_get(endpoint, "hostPrefix"));

    while (at && *at) {
        size_t plain = strcspn(at, "{");
        const char *end = at[plain] ? strchr(at + plain, '}') : NULL;

        parity_buffer_add(out, at, end ? plain : strlen(at));
        if (!end)
            break;
        if (add_label(input, at + plain + 1, (size_t)(end - at) - plain - 1, out, err) < 0)
            return -1;
        at = end + 1;
    }
    if (out->failed) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}
