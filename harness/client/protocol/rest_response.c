/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/protocol/output_check.h"
#include "client/protocol/rest.h"
#include "client/protocol/scalar.h"

int parity_rest_read_metadata(struct parity_parse *parse)
{
    int found = parity_result_copy_header(parse, "x-amzn-requestid", "RequestId");

    if (found != 0)
        return found < 0 ? -1 : 0;
    found = parity_result_copy_header(parse, "x-amz-request-id", "RequestId");
    if (found <= 0)
        return found;
    found = parity_result_copy_header(parse, "x-amz-id-2", "HostId");
    if (found != 0)
        return found < 0 ? -1 : 0;
    return parity_result_set(parse->metadata, "HostId", json_string(""), parse->err);
}

/* --- headers -----------------------------------------------------------------------------------
 */

static json_t *header_value(const struct parity_rest_codec *codec, const struct parity_shape *shape,
                            const char *text, size_t length, const struct parity_member_path *path,
                            struct parity_error *err);

/* JSON in base64. */
static json_t *json_value(const char *text, size_t length, const struct parity_member_path *path,
                          struct parity_error *err)
{
    struct parity_buffer decoded = {0};
    json_t *value = NULL;

    if (parity_base64_decode(&decoded, text, length) < 0 ||
        parity_json_parse(decoded.data ? decoded.data : "", decoded.length, NULL, &value, NULL) < 0)
        parity_member_path_fail(err, PARITY_E_RESPONSE, path, "response",
                                "the header holds no JSON in base64");
    parity_buffer_clear(&decoded);
    return value;
}

/* Where an item of a list ends. The dates of HTTP have a comma of their own ("Mon, 16 Dec …"),
 * over which botocore stumbles. */
static size_t item_length(const struct parity_shape *member, const char *text)
{
    size_t length = strcspn(text, ",");

    if (parity_shape_type(member) == PARITY_SHAPE_TIMESTAMP && length <= 9 && length > 0 &&
        text[length] && strchr(" \t", text[length + 1]) && text[0] >= 'A')
        length += 1 + strcspn(text + length + 1, ",");
    return length;
}

static json_t *list_value(const struct parity_rest_codec *codec, const struct parity_shape *shape,
                          const char *text, const struct parity_member_path *path,
                          struct parity_error *err)
{
    const struct parity_shape *member = parity_shape_list_member(shape);
    struct parity_member_path below = {path, NULL, 0};
    json_t *list = json_array();

    for (;; below.index++) {
        size_t length, end;
        json_t *item;

        while (*text == ' ' || *text == '\t')
            text++;
        end = length = item_length(member, text);
        while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
            length--;
        item = header_value(codec, member, text, length, &below, err);
        if (!item || json_array_append_new(list, item) < 0) {
            json_decref(list);
            parity_fail_nomem(err);
            return NULL;
        }
        text += end;
        if (!*text)
            return list;
        text++;
    }
}

static json_t *header_value(const struct parity_rest_codec *codec, const struct parity_shape *shape,
                            const char *text, size_t length, const struct parity_member_path *path,
                            struct parity_error *err)
{
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_LIST:
        return list_value(codec, shape, text, path, err);
    case PARITY_SHAPE_BOOLEAN:
        return json_boolean(length == 4 &&
                            (codec->exact_booleans ? memcmp(text, "true", 4) == 0
                                                   : strncasecmp(text, "true", 4) == 0));
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        return parity_scalar_integer(text, length, path, err);
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        return parity_scalar_real(text, length, path, err);
    case PARITY_SHAPE_TIMESTAMP:
        return parity_scalar_timestamp(text, length, path, err);
    case PARITY_SHAPE_BLOB:
        return parity_scalar_blob(text, length, path, err);
    default:
        if (parity_shape_has(shape, PARITY_TRAIT_JSON_VALUE) &&
            parity_shape_location(shape) == PARITY_LOCATION_HEADER)
            return json_value(text, length, path, err);
        return parity_result_header_text(text, length);
    }
}

static void check_header(const struct parity_parse *parse, const struct parity_shape *member,
                         const char *text, const struct parity_member_path *path)
{
    enum parity_shape_type type = parity_shape_type(member);

    if (type == PARITY_SHAPE_TIMESTAMP)
        parity_check_timestamp_text(parse->findings, member, PARITY_TIMESTAMP_RFC822, text,
                                    strlen(text), path);
    else if (type == PARITY_SHAPE_BOOLEAN && strcmp(text, "true") != 0 &&
             strcmp(text, "false") != 0)
        parity_findings_add(parse->findings, PARITY_FINDING_TYPE, path,
                            "'%.60s' where the model has a boolean", text);
}

static int read_header(const struct parity_rest_codec *codec, struct parity_parse *parse,
                       const struct parity_shape *member)
{
    const char *name = parity_shape_member_name(member);
    const char *wire_name = parity_shape_location_name(member);
    struct parity_error local = {0};
    char *text = parity_result_header(parse->response, wire_name ? wire_name : name, &local);
    struct parity_member_path path = {NULL, name, 0};
    json_t *value;
    int rc;

    if (!text) {
        if (local.code == PARITY_OK) {
            if (parity_shape_has(member, PARITY_TRAIT_REQUIRED))
                parity_findings_add(parse->findings, PARITY_FINDING_MISSING, &path,
                                    "the model requires it");
            return 0;
        }
        parity_fail_nomem(parse->err);
        return -1;
    }
    check_header(parse, member, text, &path);
    value = header_value(codec, member, text, strlen(text), &path, parse->err);
    if (!value)
        parity_findings_explain(parse->findings, &path, parse->err);
    rc = parity_result_set(parse->result, name, value, parse->err);
    parity_free(text);
    return rc;
}

/* All headers that begin with a prefix, under the rest of their names. */
static int read_header_map(struct parity_parse *parse, const struct parity_shape *member)
{
    const struct parity_headers *headers = &parse->response->headers;
    const char *prefix = parity_shape_location_name(member);
    size_t skipped = prefix ? strlen(prefix) : 0;
    json_t *map = json_object();

    if (parity_result_set(parse->result, parity_shape_member_name(member), map, parse->err) < 0)
        return -1;
    for (size_t i = 0; i < headers->count; i++) {
        const char *name = headers->items[i].name;
        char *text;
        int rc;

        if (skipped && strncasecmp(name, prefix, skipped) != 0)
            continue;
        text = parity_result_header(parse->response, name, parse->err);
        if (!text)
            return -1;
        rc = parity_result_set(map, name + skipped, parity_result_header_text(text, strlen(text)),
                               parse->err);
        parity_free(text);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int read_bound_members(const struct parity_rest_codec *codec, struct parity_parse *parse,
                              const struct parity_shape *shape)
{
    size_t count = parity_shape_member_count(shape);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);

        switch (parity_shape_location(member)) {
        case PARITY_LOCATION_STATUS_CODE:
            rc = parity_result_set(parse->result, parity_shape_member_name(member),
                                   json_integer(parse->response->status_code), parse->err);
            break;
        case PARITY_LOCATION_HEADER:
            rc = read_header(codec, parse, member);
            break;
        case PARITY_LOCATION_HEADERS:
            rc = read_header_map(parse, member);
            break;
        default:
            break;
        }
    }
    return rc;
}

/* --- body --------------------------------------------------------------------------------------
 */

/* A stream is read to its end: text when it is UTF-8, else bytes. A text must be UTF-8. */
static int read_raw_payload(struct parity_parse *parse, const struct parity_shape *payload)
{
    const struct parity_buffer *body = &parse->response->body;
    const char *data = body->data ? body->data : "";
    struct parity_member_path path = {NULL, parity_shape_member_name(payload), 0};
    json_t *value;

    if (parity_shape_type(payload) == PARITY_SHAPE_STRING)
        value = parity_scalar_string(data, body->length, &path, parse->err);
    else
        value = parity_scalar_body(data, body->length);
    return parity_result_set(parse->result, path.name, value, parse->err);
}

/* Places that only requests have ("uri") mean the body here. */
static bool reads_body(const struct parity_shape *shape)
{
    size_t count = parity_shape_member_count(shape);

    for (size_t i = 0; i < count; i++) {
        enum parity_location location = parity_shape_location(parity_shape_member_at(shape, i));

        if (location != PARITY_LOCATION_HEADER && location != PARITY_LOCATION_HEADERS &&
            location != PARITY_LOCATION_STATUS_CODE)
            return true;
    }
    return false;
}

static int read_structured(const struct parity_rest_codec *codec, struct parity_parse *parse,
                           const struct parity_shape *shape, const struct parity_shape *payload)
{
    const struct parity_member_path base = {NULL,
                                            payload ? parity_shape_member_name(payload) : NULL, 0};
    json_t *value;
    int rc = -1;

    if (!parity_shape_has(shape, PARITY_TRAIT_EXCEPTION))
        codec->check_content_type(parse); /* of an error it was looked at with the code */
    if (!payload && !reads_body(shape))
        return codec->check_unread(parse, shape);
    if (payload && parse->response->body.length == 0)
        parity_check_absent(parse->findings, shape, payload, &base);
    if (payload && parse->findings)
        parse->findings->base = &base;
    value = codec->read_body(parse, payload ? payload : shape);
    if (parse->findings)
        parse->findings->base = NULL;
    if (!value)
        return -1;
    if (payload)
        return parity_result_set(parse->result, parity_shape_member_name(payload), value,
                                 parse->err);
    if (!json_is_object(value))
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "the body is null");
    else if (json_object_update(parse->result, value) < 0)
        parity_fail_nomem(parse->err);
    else
        rc = 0;
    json_decref(value);
    return rc;
}

int parity_rest_read(const struct parity_rest_codec *codec, struct parity_parse *parse,
                     const struct parity_shape *shape)
{
    const char *name = shape ? parity_shape_text(shape, PARITY_TEXT_PAYLOAD) : NULL;
    const struct parity_shape *payload = name ? parity_shape_member(shape, name) : NULL;

    if (!shape)
        return 0;
    if (read_bound_members(codec, parse, shape) < 0)
        return -1;
    if (payload && parity_shape_has(payload, PARITY_TRAIT_EVENT_STREAM)) {
        parity_check_content_type(parse, "application/vnd.amazon.eventstream", NULL);
        return parity_event_stream_read(parse, shape, payload, codec->events, NULL);
    }
    if (parity_shape_raw_payload(shape))
        return read_raw_payload(parse, payload);
    return read_structured(codec, parse, shape, payload);
}
