/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/protocol/json_const.h"
#include "client/protocol/member_path.h"
#include "client/protocol/rest.h"
#include "client/protocol/scalar.h"
#include "client/uri.h"

struct writer {
    const struct parity_rest_codec *codec;
    const struct parity_shape *shape; /* of the input */
    const json_t *input;
    struct parity_wire_request *out;
    json_t *query; /* new: name to text, or to a list of texts */
    json_t *body;  /* new: what has no other place */
    struct parity_error *err;
};

static const char *wire_name(const struct parity_shape *member)
{
    const char *name = parity_shape_location_name(member);

    return name ? name : parity_shape_member_name(member);
}

/* --- texts -------------------------------------------------------------------------------------
 */

static int fail_value(const struct writer *w, const struct parity_member_path *path,
                      const char *where)
{
    parity_member_path_fail(w->err, PARITY_E_INVALID, path, "input", "cannot be sent in %s", where);
    return -1;
}

static int add_timestamp(const struct parity_shape *shape, const json_t *value,
                         enum parity_timestamp_format otherwise, struct parity_buffer *out)
{
    const char *name = parity_shape_text(shape, PARITY_TEXT_TIMESTAMP_FORMAT);
    struct parity_timestamp timestamp;

    if (parity_input_timestamp(value, &timestamp) < 0)
        return parity_input_text(value, out);
    parity_timestamp_write(&timestamp, parity_timestamp_format(name, otherwise), out);
    return 0;
}

/* A scalar as it stands in the path, the query and, with another default for timestamps, headers.
 */
static int add_scalar(const struct parity_shape *shape, const json_t *value,
                      enum parity_timestamp_format format, struct parity_buffer *out)
{
    if (parity_shape_type(shape) == PARITY_SHAPE_TIMESTAMP)
        return add_timestamp(shape, value, format, out);
    if (parity_json_kind(value) == PARITY_JSON_BOOLEAN) {
        parity_buffer_add_text(out, json_is_true(value) ? "true" : "false");
        return 0;
    }
    return parity_input_text(value, out);
}

/* --- path --------------------------------------------------------------------------------------
 */

/* The member of the input that fills a label; NULL: none is given. */
static const struct parity_shape *find_label(const struct writer *w, const char *label,
                                             size_t length, const json_t **value)
{
    size_t count = parity_shape_member_count(w->shape);

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(w->shape, i);
        const char *name = wire_name(member);

        if (parity_shape_location(member) == PARITY_LOCATION_URI && strlen(name) == length &&
            memcmp(name, label, length) == 0) {
            *value = json_object_get(w->input, parity_shape_member_name(member));
            return *value && !json_is_null(*value) ? member : NULL;
        }
    }
    return NULL;
}

/* "{Bucket}"; of "{Key+}" slashes are kept. */
static int write_label(const struct writer *w, const char *label, size_t length)
{
    bool greedy = length > 0 && label[length - 1] == '+';
    const json_t *value = NULL;
    const struct parity_shape *member = find_label(w, label, length - greedy, &value);
    struct parity_buffer text = {0};
    int rc = -1;

    if (!member) {
        parity_fail(w->err, PARITY_E_INVALID, NULL,
                    "input: the parameter for '{%.*s}' in the request's path is missing",
                    (int)length, label);
        return -1;
    }
    if (add_scalar(member, value, PARITY_TIMESTAMP_ISO8601, &text) < 0) {
        struct parity_member_path path = {NULL, parity_shape_member_name(member), 0};

        fail_value(w, &path, "a path");
    } else {
        parity_uri_encode(&w->out->path, text.data ? text.data : "", text.length,
                          greedy ? "/" : "");
        rc = text.failed ? -1 : 0;
        if (rc < 0)
            parity_fail_nomem(w->err);
    }
    parity_buffer_clear(&text);
    return rc;
}

/* What is query in a template ("/{Bucket}?acl") goes where the query is. */
static void split_query(struct parity_wire_request *out)
{
    char *question = out->path.failed ? NULL : strchr(out->path.data, '?');

    if (!question)
        return;
    parity_buffer_add_text(&out->query, question + 1);
    out->path.length = (size_t)(question - out->path.data);
    *question = '\0';
}

static int write_path(const struct writer *w, const char *template)
{
    for (const char *at = template; *at;) {
        size_t plain = strcspn(at, "{");
        const char *end = at[plain] ? strchr(at + plain, '}') : NULL;

        parity_buffer_add(&w->out->path, at, end ? plain : strlen(at));
        if (!end)
            break;
        if (write_label(w, at + plain + 1, (size_t)(end - at) - plain - 1) < 0)
            return -1;
        at = end + 1;
    }
    if (w->out->path.length == 0)
        parity_buffer_add_char(&w->out->path, '/');
    split_query(w->out);
    return 0;
}

/* --- query -------------------------------------------------------------------------------------
 */

static int query_text(const struct writer *w, const struct parity_shape *shape, const json_t *value,
                      const struct parity_member_path *path, json_t **out)
{
    struct parity_buffer text = {0};
    int rc = add_scalar(shape, value, PARITY_TIMESTAMP_ISO8601, &text);

    *out = rc < 0 || text.failed ? NULL
                                 : json_stringn_nocheck(text.data ? text.data : "", text.length);
    if (rc < 0)
        fail_value(w, path, "a query");
    else if (!*out)
        parity_fail_nomem(w->err);
    parity_buffer_clear(&text);
    return *out ? 0 : -1;
}

static int query_list(const struct writer *w, const struct parity_shape *shape, const json_t *value,
                      const struct parity_member_path *path, json_t **out)
{
    struct parity_member_path below = {path, NULL, 0};
    json_t *item, *text;

    *out = json_array();
    json_array_foreach(value, below.index, item) {
        if (query_text(w, shape, item, &below, &text) < 0 ||
            json_array_append_new(*out, text) < 0) {
            json_decref(*out);
            *out = NULL;
            break;
        }
    }
    if (!*out)
        parity_fail_nomem(w->err);
    return *out ? 0 : -1;
}

/* A map's entries are parameters of their own. A later parameter takes the place of an earlier one
 * of that name, as in Python's dict. */
static int add_query(const struct writer *w, const struct parity_shape *member, const json_t *value,
                     const struct parity_member_path *path)
{
    enum parity_json_kind kind = parity_json_kind(value);
    const struct parity_shape *item_shape = member;
    json_t *written;

    if (parity_shape_type(member) == PARITY_SHAPE_LIST && kind == PARITY_JSON_ARRAY)
        item_shape = parity_shape_list_member(member);
    if (kind == PARITY_JSON_OBJECT) {
        const char *name;
        json_t *item;

        json_object_foreach(parity_unconst(value), name, item) {
            struct parity_member_path below = {path, name, 0};

            if (json_is_array(item) ? query_list(w, member, item, &below, &written) < 0
                                    : query_text(w, member, item, &below, &written) < 0)
                return -1;
            if (parity_result_set(w->query, name, written, w->err) < 0)
                return -1;
        }
        return 0;
    }
    if (kind == PARITY_JSON_ARRAY ? query_list(w, item_shape, value, path, &written) < 0
                                  : query_text(w, member, value, path, &written) < 0)
        return -1;
    return parity_result_set(w->query, wire_name(member), written, w->err);
}

static void write_pair(struct parity_buffer *out, const char *name, const json_t *value)
{
    if (out->length)
        parity_buffer_add_char(out, '&');
    parity_uri_encode(out, name, strlen(name), "");
    parity_buffer_add_char(out, '=');
    parity_uri_encode(out, json_string_value(value), json_string_length(value), "");
}

static void write_query(const struct writer *w)
{
    const char *name;
    json_t *value, *item;
    size_t i;

    json_object_foreach(w->query, name, value) {
        if (json_is_string(value))
            write_pair(&w->out->query, name, value);
        json_array_foreach(value, i, item)
            write_pair(&w->out->query, name, item);
    }
}

/* --- headers -----------------------------------------------------------------------------------
 */

static int header_text(const struct writer *w, const struct parity_shape *shape,
                       const json_t *value, const struct parity_member_path *path,
                       struct parity_buffer *out);

/* In a list a text with a comma or quote in it is quoted. */
static void add_list_text(const char *text, struct parity_buffer *out)
{
    if (!strpbrk(text, "\",")) {
        parity_buffer_add_text(out, text);
        return;
    }
    parity_buffer_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            parity_buffer_add_char(out, '\\');
        parity_buffer_add_char(out, *text);
    }
    parity_buffer_add_char(out, '"');
}

static int header_list(const struct writer *w, const struct parity_shape *shape,
                       const json_t *value, const struct parity_member_path *path,
                       struct parity_buffer *out)
{
    const struct parity_shape *member = parity_shape_list_member(shape);
    struct parity_member_path below = {path, NULL, 0};
    bool first = true;
    json_t *item;

    json_array_foreach(value, below.index, item) {
        if (json_is_null(item))
            continue;
        if (!first)
            parity_buffer_add_char(out, ',');
        first = false;
        if (parity_shape_type(member) == PARITY_SHAPE_STRING && json_is_string(item))
            add_list_text(json_string_value(item), out);
        else if (header_text(w, member, item, &below, out) < 0)
            return -1;
    }
    return 0;
}

static void add_json_value(const json_t *value, struct parity_buffer *out)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_COMPACT);
    if (text.failed)
        out->failed = true;
    else
        parity_base64_encode(out, text.data, text.length);
    parity_buffer_clear(&text);
}

static int header_text(const struct writer *w, const struct parity_shape *shape,
                       const json_t *value, const struct parity_member_path *path,
                       struct parity_buffer *out)
{
    struct parity_timestamp timestamp;

    if (parity_shape_type(shape) == PARITY_SHAPE_LIST && json_is_array(value))
        return header_list(w, shape, value, path, out);
    if (parity_shape_has(shape, PARITY_TRAIT_JSON_VALUE) &&
        parity_shape_location(shape) == PARITY_LOCATION_HEADER) {
        add_json_value(value, out);
        return 0;
    }
    if (parity_shape_type(shape) == PARITY_SHAPE_TIMESTAMP &&
        parity_input_timestamp(value, &timestamp) == 0) {
        const char *name = parity_shape_text(shape, PARITY_TEXT_TIMESTAMP_FORMAT);

        timestamp.microsecond = 0; /* botocore cuts them off in headers */
        parity_timestamp_write(&timestamp, parity_timestamp_format(name, PARITY_TIMESTAMP_RFC822),
                               out);
        return 0;
    }
    if (add_scalar(shape, value, PARITY_TIMESTAMP_RFC822, out) < 0)
        return fail_value(w, path, "a header");
    return 0;
}

/* A line break would end the header and begin one of the input's making. */
static int add_header(const struct writer *w, const char *prefix, const char *name,
                      const struct parity_buffer *value, const struct parity_member_path *path)
{
    const char *text = value->data ? value->data : "";
    char *full;
    int rc;

    if (value->failed) {
        parity_fail_nomem(w->err);
        return -1;
    }
    if (strlen(text) != value->length || strpbrk(text, "\r\n") || strpbrk(name, "\r\n: ")) {
        parity_member_path_fail(w->err, PARITY_E_INVALID, path, "input",
                                "a header cannot hold line breaks or NUL");
        return -1;
    }
    full = parity_asprintf("%s%s", prefix, name);
    rc = full ? parity_headers_set(&w->out->headers, full, text) : -1;
    if (rc < 0)
        parity_fail_nomem(w->err);
    parity_free(full);
    return rc;
}

static int write_header(const struct writer *w, const struct parity_shape *member,
                        const json_t *value, const struct parity_member_path *path)
{
    struct parity_buffer text = {0};
    int rc;

    if (parity_shape_type(member) == PARITY_SHAPE_LIST && json_array_size(value) == 0 &&
        json_is_array(value))
        return 0;
    rc = header_text(w, member, value, path, &text);
    if (rc == 0)
        rc = add_header(w, "", wire_name(member), &text, path);
    parity_buffer_clear(&text);
    return rc;
}

/* A map whose keys continue the header's name: "x-amz-meta-" + key. */
static int write_header_map(const struct writer *w, const struct parity_shape *member,
                            const json_t *value, const struct parity_member_path *path)
{
    const char *prefix = parity_shape_location_name(member);
    const char *name;
    json_t *item;

    if (parity_json_kind(value) != PARITY_JSON_OBJECT)
        return fail_value(w, path, "headers");
    json_object_foreach(parity_unconst(value), name, item) {
        struct parity_member_path below = {path, name, 0};
        struct parity_buffer text = {0};
        int rc = parity_input_text(item, &text);

        if (rc < 0)
            fail_value(w, &below, "a header");
        else
            rc = add_header(w, prefix ? prefix : "", name, &text, &below);
        parity_buffer_clear(&text);
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* --- body --------------------------------------------------------------------------------------
 */

static int write_raw_payload(const struct writer *w, const struct parity_shape *payload)
{
    const char *name = parity_shape_member_name(payload);
    const json_t *value = json_object_get(w->input, name);
    struct parity_member_path path = {NULL, name, 0};

    if (!value || json_is_null(value))
        return 0;
    if (parity_input_bytes(value, &w->out->body) == 0 ||
        parity_input_text(value, &w->out->body) == 0)
        return 0;
    return fail_value(w, &path, "a body");
}

/* rest-json sends "{}" for members of the body that are all absent; rest-xml sends nothing. */
static bool has_body_members(const struct parity_shape *shape)
{
    size_t count = parity_shape_member_count(shape);

    for (size_t i = 0; i < count; i++)
        if (parity_shape_location(parity_shape_member_at(shape, i)) == PARITY_LOCATION_BODY)
            return true;
    return false;
}

static int write_events(const struct writer *w, const struct parity_shape *stream,
                        const json_t *events)
{
    if (parity_event_stream_write(stream, events, w->codec->events, &w->out->body, w->err) < 0)
        return -1;
    if (parity_headers_set(&w->out->headers, "Content-Type", PARITY_EVENT_STREAM_TYPE) == 0)
        return 0;
    parity_fail_nomem(w->err);
    return -1;
}

static int write_structured(const struct writer *w)
{
    const char *payload = parity_shape_text(w->shape, PARITY_TEXT_PAYLOAD);
    const struct parity_shape *member = payload ? parity_shape_member(w->shape, payload) : NULL;
    const json_t *value = member ? json_object_get(w->input, payload) : NULL;

    if (member && parity_shape_has(member, PARITY_TRAIT_EVENT_STREAM))
        return write_events(w, member, value);
    if (member && value && !json_is_null(value)) {
        if (w->codec->write_body(member, value, &w->out->body, w->err) < 0)
            return -1;
    } else if (!member && json_object_size(w->body) > 0) {
        if (w->codec->write_body(w->shape, w->body, &w->out->body, w->err) < 0)
            return -1;
    } else if (member || has_body_members(w->shape)) {
        parity_buffer_add_text(&w->out->body, w->codec->empty_body);
    }
    if (w->out->body.length && w->codec->content_type &&
        !parity_headers_get(&w->out->headers, "Content-Type") &&
        parity_headers_add(&w->out->headers, "Content-Type", w->codec->content_type) < 0) {
        parity_fail_nomem(w->err);
        return -1;
    }
    return 0;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static int write_member(const struct writer *w, const char *name, json_t *value)
{
    const struct parity_shape *member = parity_shape_member(w->shape, name);
    struct parity_member_path path = {NULL, name, 0};

    if (json_is_null(value))
        return 0;
    switch (member ? parity_shape_location(member) : PARITY_LOCATION_BODY) {
    case PARITY_LOCATION_URI:
        return 0; /* taken up by write_path() */
    case PARITY_LOCATION_QUERYSTRING:
        return add_query(w, member, value, &path);
    case PARITY_LOCATION_HEADER:
        return write_header(w, member, value, &path);
    case PARITY_LOCATION_HEADERS:
        return write_header_map(w, member, value, &path);
    default:
        return parity_result_set(w->body, name, json_incref(value), w->err);
    }
}

static int write_members(const struct writer *w)
{
    const struct parity_shape *raw = parity_shape_raw_payload(w->shape);
    const char *name;
    json_t *value;

    json_object_foreach(parity_unconst(w->input), name, value)
        if (write_member(w, name, value) < 0)
            return -1;
    write_query(w);
    return raw ? write_raw_payload(w, raw) : write_structured(w);
}

int parity_rest_serialize(const struct parity_rest_codec *codec,
                          const struct parity_operation *operation, const json_t *input,
                          struct parity_wire_request *out, struct parity_error *err)
{
    const char *template = parity_operation_http_uri(operation);
    struct writer w = {
        codec, parity_operation_input(operation), input, out, json_object(), json_object(), err};
    int rc = -1;

    out->method = parity_operation_http_method(operation);
    if (!w.query || !w.body) {
        parity_fail_nomem(err);
    } else if (!w.shape) {
        parity_buffer_add_text(&out->path, template);
        split_query(out);
        rc = 0;
    } else if (write_path(&w, template) == 0) {
        rc = write_members(&w);
    }
    if (rc == 0 && (out->path.failed || out->query.failed || out->body.failed)) {
        parity_fail_nomem(err);
        rc = -1;
    }
    json_decref(w.query);
    json_decref(w.body);
    return rc;
}
