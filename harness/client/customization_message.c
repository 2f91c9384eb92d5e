/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "client/customization.h"
#include "client/tree_hash.h"
#include "client/uri.h"

/* --- requests --------------------------------------------------------------------------------- */

static int set_header(struct parity_call *call, const char *name, const char *value,
                      struct parity_error *err)
{
    return parity_headers_set(&call->request.headers, name, value) < 0 ? parity_fail_nomem(err) : 0;
}

static int set_api_version(struct parity_call *call, const char *header, struct parity_error *err)
{
    const char *version = parity_service_metadata(call->service, "apiVersion");

    return version ? set_header(call, header, version, err) : 0;
}

static int add_to_tree(const void *data, size_t length, void *context, struct parity_error *err)
{
    return parity_tree_hash_add(context, data, length, err);
}

static int hash_tree(const struct parity_call *call, char out[PARITY_SHA256_HEX + 1],
                     struct parity_error *err)
{
    struct parity_tree_hash tree;
    int rc = parity_tree_hash_begin(&tree, err);

    if (rc == 0)
        rc = parity_call_each_piece(call, add_to_tree, &tree, err);
    if (rc == 0)
        rc = parity_tree_hash_end(&tree, out, err);
    parity_tree_hash_clear(&tree);
    return rc;
}

/* botocore/handlers.py, add_glacier_checksums */
static int set_hashes(struct parity_call *call, struct parity_error *err)
{
    const struct parity_http_request *request = &call->request;
    const struct parity_headers *headers = &request->headers;
    char plain[PARITY_SHA256_HEX + 1], tree[PARITY_SHA256_HEX + 1];

    if (hash_tree(call, tree, err) < 0 ||
        (request->file ? parity_body_file_sha256(request->file, plain, err)
                       : parity_sha256_text(request->body.data ? request->body.data : "",
                                            request->body.length, plain, err)) < 0)
        return -1;
    if (!parity_headers_get(headers, "x-amz-content-sha256") &&
        set_header(call, "x-amz-content-sha256", plain, err) < 0)
        return -1;
    return parity_headers_get(headers, "x-amz-sha256-tree-hash")
               ? 0
               : set_header(call, "x-amz-sha256-tree-hash", tree, err);
}

/* Line breaks in a text of the input would be normalised by whoever reads the document. */
static int escape_line_breaks(struct parity_call *call, struct parity_error *err)
{
    struct parity_buffer escaped = {0}, *body = &call->request.body;

    for (size_t i = 0; i < body->length; i++)
        if (body->data[i] == '\r')
            parity_buffer_add_text(&escaped, "&#xD;");
        else if (body->data[i] == '\n')
            parity_buffer_add_text(&escaped, "&#xA;");
        else
            parity_buffer_add_char(&escaped, body->data[i]);
    if (escaped.failed) {
        parity_buffer_clear(&escaped);
        return parity_fail_nomem(err);
    }
    parity_buffer_clear(body);
    *body = escaped;
    return 0;
}

/* Operations that tell endpoints are sent the version, by any service whose model has some.
 * botocore/handlers.py, inject_api_version_header_if_needed */
static int set_discovery_version(struct parity_call *call, struct parity_error *err)
{
    if (!json_is_true(parity_operation_trait(call->operation, "endpointoperation")))
        return 0;
    return set_api_version(call, "x-amz-api-version", err);
}

static int apply_to_request(struct parity_call *call, const struct parity_customization *entry,
                            struct parity_error *err)
{
    switch (entry->what) {
    case PARITY_CUSTOM_ACCEPT:
        if (parity_headers_get(&call->request.headers, "Accept")) /* a member may set it */
            return 0;
        return set_header(call, "Accept", parity_customization_text(entry, "type"), err);
    case PARITY_CUSTOM_API_VERSION:
        return set_api_version(call, parity_customization_text(entry, "header"), err);
    case PARITY_CUSTOM_EXPECT_CONTINUE:
        if (!json_object_get(call->input, parity_customization_text(entry, "member")))
            return 0;
        return set_header(call, "Expect", "100-continue", err);
    case PARITY_CUSTOM_ESCAPE_LINE_BREAKS:
        return escape_line_breaks(call, err);
    case PARITY_CUSTOM_TREE_HASH:
        return set_hashes(call, err);
    case PARITY_CUSTOM_PRESIGNED_URL:
    case PARITY_CUSTOM_PRESIGNED_URL_AND_REGIONS:
        return parity_customize_presigned_url(call, entry, err);
    default:
        return 0;
    }
}

int parity_customize_request(struct parity_call *call, struct parity_error *err)
{
    const struct parity_customization *entry = NULL;
    int rc = set_discovery_version(call, err);

    while (rc == 0 && (entry = parity_customization_next(call->operation, entry)))
        rc = apply_to_request(call, entry, err);
    return rc;
}

/* --- responses -------------------------------------------------------------------------------- */

/* The name of the outermost element is Error. Declaration, comments and blanks may come first. */
static bool root_is_error(const struct parity_buffer *body)
{
    const char *at = body->data, *end = at + body->length;

    while (at && at < end) {
        if (*at != '<') {
            at++;
        } else if (end - at > 1 && (at[1] == '?' || at[1] == '!')) {
            at = memchr(at, '>', (size_t)(end - at));
        } else {
            return end - at > 6 && memcmp(at, "<Error", 6) == 0 && strchr(" \t\r\n>/", at[6]);
        }
    }
    return false;
}

/* Operations whose body is the caller's own bytes cannot be looked into. */
static bool has_own_body(const struct parity_operation *operation)
{
    const struct parity_shape *output = parity_operation_output(operation);

    return !output || parity_shape_raw_payload(output) || parity_shape_event_stream(output);
}

void parity_customize_response(const struct parity_call *call,
                               struct parity_http_response *response)
{
    if (response->status_code == 200 && response->body.length && !has_own_body(call->operation) &&
        parity_customization_of_operation(call->operation, PARITY_CUSTOM_ERROR_IN_200) &&
        root_is_error(&response->body))
        response->status_code = 500;
}

/* --- outputs ---------------------------------------------------------------------------------- */

static int set_text(json_t *object, const char *member, const struct parity_buffer *text,
                    struct parity_error *err)
{
    json_t *value =
        text->failed ? NULL : json_stringn_nocheck(text->data ? text->data : "", text->length);

    return !value || json_object_set_new(object, member, value) < 0 ? parity_fail_nomem(err) : 0;
}

static int decode_url(json_t *object, const char *member, struct parity_error *err)
{
    const json_t *value = json_object_get(object, member);
    struct parity_buffer text = {0};
    int rc = 0;

    if (json_is_string(value)) {
        parity_uri_decode(&text, json_string_value(value), json_string_length(value));
        rc = set_text(object, member, &text, err);
    }
    parity_buffer_clear(&text);
    return rc;
}

/* In each item of a list. */
static int decode_items(json_t *list, const char *member, struct parity_error *err)
{
    size_t index;
    json_t *item;

    json_array_foreach(list, index, item)
        if (decode_url(item, member, err) < 0)
            return -1;
    return 0;
}

/* Keys were asked for in URL encoding, since XML cannot hold every character of a key. */
static int decode_keys(const struct parity_call *call, const struct parity_customization *entry,
                       json_t *output, struct parity_error *err)
{
    const char *type =
        json_string_value(json_object_get(output, parity_customization_text(entry, "member")));
    const char *list;
    size_t index;
    json_t *name;

    if (!call->encoding_type_is_default || !type || strcmp(type, "url") != 0)
        return 0;
    json_array_foreach(json_object_get(entry->settings, "members"), index, name)
        if (decode_url(output, json_string_value(name), err) < 0)
            return -1;
    json_object_foreach(json_object_get(entry->settings, "lists"), list, name)
        if (decode_items(json_object_get(output, list), json_string_value(name), err) < 0)
            return -1;
    return 0;
}

/* Replace a text by the JSON that it is; one that is none stays. */
static int parse_member(json_t *object, const char *member, bool encoded, struct parity_error *err)
{
    const json_t *value = json_object_get(object, member);
    struct parity_buffer text = {0};
    json_t *parsed = NULL;
    int rc = 0;

    if (!json_is_string(value))
        return 0;
    if (encoded)
        parity_uri_decode(&text, json_string_value(value), json_string_length(value));
    else
        parity_buffer_add(&text, json_string_value(value), json_string_length(value));
    if (text.failed)
        rc = parity_fail_nomem(err);
    else if (parity_json_parse(text.data ? text.data : "", text.length, NULL, &parsed, NULL) == 0)
        rc = json_object_set_new(object, member, parsed) < 0 ? parity_fail_nomem(err) : 0;
    parity_buffer_clear(&text);
    return rc;
}

/* Texts of the shape of that name are URL-encoded JSON, wherever they stand. */
static int parse_texts(json_t *value, const struct parity_shape *shape, const char *of_shape,
                       struct parity_error *err)
{
    size_t index;
    json_t *item;

    if (parity_shape_type(shape) == PARITY_SHAPE_LIST) {
        json_array_foreach(value, index, item)
            if (parse_texts(item, parity_shape_list_member(shape), of_shape, err) < 0)
                return -1;
        return 0;
    }
    for (size_t i = 0; i < parity_shape_member_count(shape) && json_is_object(value); i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_member_name(member);
        json_t *inner = json_object_get(value, name);

        if (!inner)
            continue;
        if (strcmp(parity_shape_name(member), of_shape) == 0 && json_is_string(inner)) {
            if (parse_member(value, name, true, err) < 0)
                return -1;
        } else if (parse_texts(inner, member, of_shape, err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Bytes as UTF-8, what is none of it as U+FFFD. */
static int decode_base64(json_t *output, const char *member, struct parity_error *err)
{
    const json_t *value = json_object_get(output, member);
    struct parity_buffer bytes = {0}, text = {0};
    int rc = 0;

    if (json_is_string(value) &&
        parity_base64_decode(&bytes, json_string_value(value), json_string_length(value)) == 0) {
        for (size_t at = 0; at < bytes.length;) {
            unsigned character;
            size_t length = parity_utf8_decode(bytes.data + at, bytes.length - at, &character);

            if (length == 0 || parity_utf8_is_surrogate(character)) {
                parity_buffer_add_text(&text, "\xEF\xBF\xBD");
                at++;
            } else {
                parity_buffer_add(&text, bytes.data + at, length);
                at += length;
            }
        }
        rc = set_text(output, member, &text, err);
    }
    parity_buffer_clear(&bytes);
    parity_buffer_clear(&text);
    return rc;
}

/* The document is one element whose text is the value; it has no name in the model. An empty one is
 * null. */
static int read_document(const struct parity_http_response *response, const char *member,
                         json_t *output, struct parity_error *err)
{
    const char *body = response->body.data ? response->body.data : "";
    const char *close = strstr(body, "</"), *open = close;
    json_t *value;

    while (open && open > body && open[-1] != '>')
        open--;
    value = close && open > body && close > open
                ? json_stringn_nocheck(open, (size_t)(close - open))
                : json_null();
    return !value || json_object_set_new(output, member, value) < 0 ? parity_fail_nomem(err) : 0;
}

/* As it came, beside the member that the header is parsed into. */
static int keep_header(const struct parity_call *call, const struct parity_customization *entry,
                       const struct parity_http_response *response, json_t *output,
                       struct parity_error *err)
{
    const char *header = parity_customization_text(entry, "header");
    const char *value = parity_headers_get(&response->headers, header);
    const struct parity_shape *shape = parity_operation_output(call->operation);
    const struct parity_shape *member = shape ? parity_shape_member(shape, header) : NULL;
    const char *name = member ? parity_shape_location_name(member) : NULL;

    if (!value || !name || strcmp(name, header) != 0)
        return 0;
    return json_object_set_new(output, parity_customization_text(entry, "member"),
                               json_string_nocheck(value)) < 0
               ? parity_fail_nomem(err)
               : 0;
}

static int apply_to_output(const struct parity_call *call, const struct parity_customization *entry,
                           const struct parity_http_response *response, json_t *output,
                           struct parity_error *err)
{
    const struct parity_shape *shape = parity_operation_output(call->operation);
    const char *member = parity_customization_text(entry, "member");

    switch (entry->what) {
    case PARITY_CUSTOM_ENCODE_KEYS:
        return decode_keys(call, entry, output, err);
    case PARITY_CUSTOM_DOCUMENT_OUTPUT:
        return read_document(response, member, output, err);
    case PARITY_CUSTOM_JSON_SHAPE:
        return shape ? parse_texts(output, shape, parity_customization_text(entry, "shape"), err)
                     : 0;
    case PARITY_CUSTOM_JSON_OUTPUT:
        return parse_member(output, member, false, err);
    case PARITY_CUSTOM_BASE64_OUTPUT:
        return decode_base64(output, member, err);
    case PARITY_CUSTOM_HEADER_OUTPUT:
        return keep_header(call, entry, response, output, err);
    default:
        return 0;
    }
}

int parity_customize_output(const struct parity_call *call,
                            const struct parity_http_response *response, json_t *output,
                            struct parity_error *err)
{
    const struct parity_customization *entry = NULL;

    if (response->status_code >= 300)
        return 0;
    while ((entry = parity_customization_next(call->operation, entry)))
        if (apply_to_output(call, entry, response, output, err) < 0)
            return -1;
    return 0;
}
