/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/form.h"

#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "client/protocol/json_const.h"
#include "client/protocol/member_path.h"
#include "client/protocol/scalar.h"
#include "client/uri.h"

struct writer {
    struct parity_buffer *body;
    struct parity_buffer prefix; /* of the parameter's name, as it stands in the walk */
    enum parity_form_dialect dialect;
    struct parity_error *err;
};

static int write_value(struct writer *w, const struct parity_shape *shape, const json_t *value,
                       const struct parity_member_path *path);

/* --- names -------------------------------------------------------------------------------------
 */

/* Lengthens the name by a part; returns the length to go back to. */
static size_t push(struct writer *w, const char *part)
{
    size_t length = w->prefix.length;

    if (length > 0)
        parity_buffer_add_char(&w->prefix, '.');
    parity_buffer_add_text(&w->prefix, part);
    return length;
}

static size_t push_number(struct writer *w, size_t number)
{
    size_t length = w->prefix.length;

    parity_buffer_printf(&w->prefix, ".%zu", number);
    return length;
}

static void pop(struct writer *w, size_t length)
{
    if (w->prefix.failed)
        return;
    w->prefix.length = length;
    w->prefix.data[length] = '\0';
}

/* The last part replaced: a flattened list is named after its items. */
static void rename_last(struct writer *w, const char *name)
{
    size_t length = w->prefix.length;

    while (length > 0 && w->prefix.data[length - 1] != '.')
        length--;
    pop(w, length ? length - 1 : 0);
    push(w, name);
}

/* EC2's names on the wire begin with a capital, unless the model spells them out. */
static size_t push_member(struct writer *w, const struct parity_shape *shape, const char *name)
{
    const char *query_name = parity_shape_text(shape, PARITY_TEXT_QUERY_NAME);
    const char *location_name = parity_shape_location_name(shape);
    size_t length;

    if (w->dialect == PARITY_FORM_EC2 && query_name)
        return push(w, query_name);
    length = push(w, location_name ? location_name : name);
    if (w->dialect == PARITY_FORM_EC2 && !w->prefix.failed) {
        char *first = w->prefix.data + length + (length > 0);

        if (*first >= 'a' && *first <= 'z')
            *first = (char)(*first - 'a' + 'A');
    }
    return length;
}

/* --- parameters --------------------------------------------------------------------------------
 */

static void write_parameter(struct writer *w, const char *value, size_t length)
{
    if (w->prefix.failed)
        return;
    if (w->body->length > 0)
        parity_buffer_add_char(w->body, '&');
    parity_uri_encode_form(w->body, w->prefix.data ? w->prefix.data : "", w->prefix.length);
    parity_buffer_add_char(w->body, '=');
    parity_uri_encode_form(w->body, value, length);
}

static void write_text_parameter(struct writer *w, const char *name, const char *value)
{
    size_t length = push(w, name);

    write_parameter(w, value, strlen(value));
    pop(w, length);
}

/* A value that the model says nothing (fitting) about: as its own form suggests. */
static int write_plain(struct writer *w, const json_t *value, const struct parity_member_path *path)
{
    struct parity_buffer text = {0};
    enum parity_json_kind kind = parity_json_kind(value);
    const char *name;
    json_t *item;
    size_t i, length;
    int rc = 0;

    if (kind == PARITY_JSON_OBJECT) {
        json_object_foreach(parity_unconst(value), name, item) {
            length = push(w, name);
            if (write_plain(w, item, path) < 0)
                return -1;
            pop(w, length);
        }
        return 0;
    }
    if (kind == PARITY_JSON_ARRAY) {
        size_t whole = w->prefix.length;

        if (json_array_size(value) == 0 && w->dialect == PARITY_FORM_QUERY)
            write_parameter(w, "", 0);
        else if (w->dialect == PARITY_FORM_QUERY)
            push(w, "member");
        json_array_foreach(value, i, item) {
            length = push_number(w, i + 1);
            if (write_plain(w, item, path) < 0)
                return -1;
            pop(w, length);
        }
        pop(w, whole);
        return 0;
    }
    if (kind == PARITY_JSON_BOOLEAN)
        parity_buffer_add_text(&text, json_is_true(value) ? "true" : "false");
    else
        rc = parity_input_text(value, &text);
    if (rc < 0)
        parity_member_path_fail(w->err, PARITY_E_INVALID, path, "input",
                                "cannot be sent in a form");
    else
        write_parameter(w, text.data ? text.data : "", text.length);
    parity_buffer_clear(&text);
    return rc;
}

/* --- by shape ----------------------------------------------------------------------------------
 */

static int write_structure(struct writer *w, const struct parity_shape *shape, const json_t *value,
                           const struct parity_member_path *path)
{
    const char *name;
    json_t *item;

    json_object_foreach(parity_unconst(value), name, item) {
        const struct parity_shape *member = parity_shape_member(shape, name);
        struct parity_member_path below = {path, name, 0};
        size_t length = member ? push_member(w, member, name) : push(w, name);
        int rc = member ? write_value(w, member, item, &below) : write_plain(w, item, &below);

        pop(w, length);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int write_list(struct writer *w, const struct parity_shape *shape, const json_t *value,
                      const struct parity_member_path *path)
{
    const struct parity_shape *member = parity_shape_list_member(shape);
    const char *name = parity_shape_location_name(member);
    struct parity_member_path below = {path, NULL, 0};
    json_t *item;

    if (w->dialect == PARITY_FORM_QUERY) {
        if (json_array_size(value) == 0) {
            write_parameter(w, "", 0);
            return 0;
        }
        if (!parity_shape_has(shape, PARITY_TRAIT_FLATTENED))
            push(w, name ? name : "member");
        else if (name)
            rename_last(w, name);
    }
    json_array_foreach(value, below.index, item) {
        size_t length = push_number(w, below.index + 1);

        if (write_value(w, member, item, &below) < 0)
            return -1;
        pop(w, length);
    }
    return 0;
}

static int write_map(struct writer *w, const struct parity_shape *shape, const json_t *value,
                     const struct parity_member_path *path)
{
    const struct parity_shape *key_shape = parity_shape_map_key(shape);
    const struct parity_shape *value_shape = parity_shape_map_value(shape);
    const char *name;
    json_t *item;
    size_t number = 0;

    if (!parity_shape_has(shape, PARITY_TRAIT_FLATTENED))
        push(w, "entry");
    json_object_foreach(parity_unconst(value), name, item) {
        struct parity_member_path below = {path, name, 0};
        size_t length = push_number(w, ++number);
        size_t entry = push_member(w, key_shape, "key");
        int rc;

        write_parameter(w, name, strlen(name));
        pop(w, entry);
        push_member(w, value_shape, "value");
        rc = write_value(w, value_shape, item, &below);
        pop(w, length);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int write_bytes(struct writer *w, const json_t *value, const struct parity_member_path *path)
{
    struct parity_buffer bytes = {0}, text = {0};
    int rc = parity_input_bytes(value, &bytes);

    if (rc < 0) {
        rc = write_plain(w, value, path);
    } else {
        parity_base64_encode(&text, bytes.data ? bytes.data : "", bytes.length);
        write_parameter(w, text.data ? text.data : "", text.length);
    }
    parity_buffer_clear(&bytes);
    parity_buffer_clear(&text);
    return rc;
}

static int write_timestamp(struct writer *w, const struct parity_shape *shape, const json_t *value,
                           const struct parity_member_path *path)
{
    const char *format = parity_shape_text(shape, PARITY_TEXT_TIMESTAMP_FORMAT);
    struct parity_timestamp timestamp;
    struct parity_buffer text = {0};

    if (parity_input_timestamp(value, &timestamp) < 0)
        return write_plain(w, value, path);
    parity_timestamp_write(&timestamp, parity_timestamp_format(format, PARITY_TIMESTAMP_ISO8601),
                           &text);
    write_parameter(w, text.data ? text.data : "", text.length);
    parity_buffer_clear(&text);
    return 0;
}

static int write_value(struct writer *w, const struct parity_shape *shape, const json_t *value,
                       const struct parity_member_path *path)
{
    size_t length = w->prefix.length;
    enum parity_json_kind kind = parity_json_kind(value);
    int rc;

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        rc = kind == PARITY_JSON_OBJECT ? write_structure(w, shape, value, path)
                                        : write_plain(w, value, path);
        break;
    case PARITY_SHAPE_LIST:
        rc = kind == PARITY_JSON_ARRAY ? write_list(w, shape, value, path)
                                       : write_plain(w, value, path);
        break;
    case PARITY_SHAPE_MAP:
        rc = kind == PARITY_JSON_OBJECT ? write_map(w, shape, value, path)
                                        : write_plain(w, value, path);
        break;
    case PARITY_SHAPE_BLOB:
        rc = write_bytes(w, value, path);
        break;
    case PARITY_SHAPE_TIMESTAMP:
        rc = write_timestamp(w, shape, value, path);
        break;
    default:
        rc = write_plain(w, value, path);
        break;
    }
    pop(w, length);
    return rc;
}

int parity_form_serialize(const struct parity_operation *operation, const json_t *input,
                          enum parity_form_dialect dialect, struct parity_wire_request *out,
                          struct parity_error *err)
{
    const struct parity_service *service = parity_operation_service(operation);
    const struct parity_shape *shape = parity_operation_input(operation);
    const char *version = parity_service_metadata(service, "apiVersion");
    struct writer w = {.body = &out->body, .dialect = dialect, .err = err};
    int rc;

    out->method = parity_operation_http_method(operation);
    parity_buffer_add_char(&out->path, '/');
    write_text_parameter(&w, "Action", parity_operation_name(operation));
    write_text_parameter(&w, "Version", version ? version : "");
    rc = shape ? write_structure(&w, shape, input, NULL) : write_plain(&w, input, NULL);
    if (rc == 0 && (w.prefix.failed || out->body.failed || out->path.failed ||
                    parity_headers_add(&out->headers, "Content-Type",
                                       "application/x-www-form-urlencoded; charset=utf-8") < 0)) {
        parity_fail_nomem(err);
        rc = -1;
    }
    parity_buffer_clear(&w.prefix);
    return rc;
}
