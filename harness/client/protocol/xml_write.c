/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/xml_write.h"

#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "client/protocol/json_const.h"
#include "client/protocol/member_path.h"
#include "client/protocol/scalar.h"

struct writer {
    struct parity_buffer *out;
    struct parity_error *err;
};

static int write_element(const struct writer *w, const char *name, const struct parity_shape *shape,
                         const json_t *value, const struct parity_member_path *path);
static int write_plain(const struct writer *w, const char *name, const json_t *value,
                       const struct parity_member_path *path);

/* --- text and tags -----------------------------------------------------------------------------
 */

static void add_escaped(struct parity_buffer *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '&')
            parity_buffer_add_text(out, "&amp;");
        else if (text[i] == '<')
            parity_buffer_add_text(out, "&lt;");
        else if (text[i] == '>')
            parity_buffer_add_text(out, "&gt;");
        else
            parity_buffer_add_char(out, text[i]);
    }
}

static void add_attribute(struct parity_buffer *out, const char *name, const char *value,
                          size_t length)
{
    parity_buffer_printf(out, " %s=\"", name);
    for (size_t i = 0; i < length; i++) {
        if (value[i] == '"')
            parity_buffer_add_text(out, "&quot;");
        else if (value[i] == '\r' || value[i] == '\n' || value[i] == '\t')
            parity_buffer_printf(out, "&#%02d;", value[i]);
        else
            add_escaped(out, value + i, 1);
    }
    parity_buffer_add_char(out, '"');
}

static void add_namespace(struct parity_buffer *out, const struct parity_shape *shape)
{
    const char *uri = parity_shape_text(shape, PARITY_TEXT_XML_NAMESPACE);
    const char *prefix = parity_shape_text(shape, PARITY_TEXT_XML_PREFIX);

    if (!uri)
        return;
    if (prefix && *prefix) {
        parity_buffer_printf(out, " xmlns:%s=\"", prefix);
        add_escaped(out, uri, strlen(uri));
        parity_buffer_add_char(out, '"');
    } else {
        add_attribute(out, "xmlns", uri, strlen(uri));
    }
}

static void begin(const struct writer *w, const char *name, const struct parity_shape *shape)
{
    parity_buffer_add_char(w->out, '<');
    parity_buffer_add_text(w->out, name);
    if (shape)
        add_namespace(w->out, shape);
}

/* After begin() and attributes; returns where the content begins. */
static size_t open_content(const struct writer *w)
{
    parity_buffer_add_char(w->out, '>');
    return w->out->length;
}

static void end(const struct writer *w, const char *name, size_t content)
{
    if (w->out->failed)
        return;
    if (w->out->length > content) {
        parity_buffer_printf(w->out, "</%s>", name);
        return;
    }
    w->out->length--; /* the '>' */
    parity_buffer_add_text(w->out, " />");
}

/* --- without a model ---------------------------------------------------------------------------
 */

static int add_plain_text(const struct writer *w, const json_t *value,
                          const struct parity_member_path *path)
{
    struct parity_buffer text = {0};
    int rc = 0;

    if (parity_json_kind(value) == PARITY_JSON_BOOLEAN)
        parity_buffer_add_text(&text, json_is_true(value) ? "true" : "false");
    else
        rc = parity_input_text(value, &text);
    if (rc < 0)
        parity_member_path_fail(w->err, PARITY_E_INVALID, path, "input", "cannot be sent as XML");
    else
        add_escaped(w->out, text.data ? text.data : "", text.length);
    parity_buffer_clear(&text);
    return rc;
}

/* A value that the model says nothing (fitting) about. */
static int write_plain(const struct writer *w, const char *name, const json_t *value,
                       const struct parity_member_path *path)
{
    enum parity_json_kind kind = parity_json_kind(value);
    size_t content, i;
    const char *key;
    json_t *item;

    begin(w, name, NULL);
    content = open_content(w);
    if (kind == PARITY_JSON_OBJECT) {
        json_object_foreach(parity_unconst(value), key, item)
            if (write_plain(w, key, item, path) < 0)
                return -1;
    } else if (kind == PARITY_JSON_ARRAY) {
        json_array_foreach(value, i, item)
            if (write_plain(w, "member", item, path) < 0)
                return -1;
    } else if (kind != PARITY_JSON_NULL && add_plain_text(w, value, path) < 0) {
        return -1;
    }
    end(w, name, content);
    return 0;
}

/* --- by shape ----------------------------------------------------------------------------------
 */

/* botocore ends a structure at the first member that is null; so does this. */
static int add_attributes(const struct writer *w, const struct parity_shape *shape,
                          const json_t *value, const struct parity_member_path *path)
{
    const char *name;
    json_t *item;

    json_object_foreach(parity_unconst(value), name, item) {
        const struct parity_shape *member = parity_shape_member(shape, name);
        const char *wire_name = member ? parity_shape_location_name(member) : NULL;
        struct parity_member_path below = {path, name, 0};
        struct parity_buffer text = {0};
        int rc;

        if (json_is_null(item))
            break;
        if (!member || !parity_shape_has(member, PARITY_TRAIT_XML_ATTRIBUTE))
            continue;
        rc = parity_input_text(item, &text);
        if (rc < 0)
            parity_member_path_fail(w->err, PARITY_E_INVALID, &below, "input",
                                    "cannot be sent as an XML attribute");
        else
            add_attribute(w->out, wire_name ? wire_name : name, text.data ? text.data : "",
                          text.length);
        parity_buffer_clear(&text);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int write_structure(const struct writer *w, const char *name,
                           const struct parity_shape *shape, const json_t *value,
                           const struct parity_member_path *path)
{
    const char *key;
    json_t *item;
    size_t content;

    begin(w, name, shape);
    if (add_attributes(w, shape, value, path) < 0)
        return -1;
    content = open_content(w);
    json_object_foreach(parity_unconst(value), key, item) {
        const struct parity_shape *member = parity_shape_member(shape, key);
        const char *wire_name = member ? parity_shape_location_name(member) : NULL;
        struct parity_member_path below = {path, key, 0};

        if (json_is_null(item))
            break;
        if (member && parity_shape_has(member, PARITY_TRAIT_XML_ATTRIBUTE))
            continue;
        if (member ? write_element(w, wire_name ? wire_name : key, member, item, &below) < 0
                   : write_plain(w, key, item, &below) < 0)
            return -1;
    }
    end(w, name, content);
    return 0;
}

static int write_list(const struct writer *w, const char *name, const struct parity_shape *shape,
                      const json_t *value, const struct parity_member_path *path)
{
    const struct parity_shape *member = parity_shape_list_member(shape);
    const char *item_name = parity_shape_location_name(member);
    bool flattened = parity_shape_has(shape, PARITY_TRAIT_FLATTENED);
    struct parity_member_path below = {path, NULL, 0};
    size_t content = 0;
    json_t *item;

    if (flattened) {
        item_name = name;
    } else {
        begin(w, name, shape);
        content = open_content(w);
    }
    json_array_foreach(value, below.index, item)
        if (write_element(w, item_name ? item_name : "member", member, item, &below) < 0)
            return -1;
    if (!flattened)
        end(w, name, content);
    return 0;
}

static int write_entry(const struct writer *w, const char *name, const struct parity_shape *shape,
                       const char *key, const json_t *value, const struct parity_member_path *path)
{
    const struct parity_shape *key_shape = parity_shape_map_key(shape);
    const struct parity_shape *value_shape = parity_shape_map_value(shape);
    const char *key_name = parity_shape_location_name(key_shape);
    const char *value_name = parity_shape_location_name(value_shape);
    struct parity_member_path below = {path, key, 0};
    size_t entry, content;

    begin(w, name, NULL);
    entry = open_content(w);
    key_name = key_name ? key_name : "key";
    begin(w, key_name, key_shape);
    content = open_content(w);
    add_escaped(w->out, key, strlen(key));
    end(w, key_name, content);
    if (write_element(w, value_name ? value_name : "value", value_shape, value, &below) < 0)
        return -1;
    end(w, name, entry);
    return 0;
}

static int write_map(const struct writer *w, const char *name, const struct parity_shape *shape,
                     const json_t *value, const struct parity_member_path *path)
{
    bool flattened = parity_shape_has(shape, PARITY_TRAIT_FLATTENED);
    size_t content = 0;
    const char *key;
    json_t *item;

    if (!flattened) {
        begin(w, name, shape);
        content = open_content(w);
    }
    json_object_foreach(parity_unconst(value), key, item)
        if (write_entry(w, flattened ? name : "entry", shape, key, item, path) < 0)
            return -1;
    if (!flattened)
        end(w, name, content);
    return 0;
}

/* The text of a scalar by its shape. Returns 1 when the shape has nothing to say. */
static int add_shaped_text(const struct writer *w, const struct parity_shape *shape,
                           const json_t *value)
{
    const char *format = parity_shape_text(shape, PARITY_TEXT_TIMESTAMP_FORMAT);
    struct parity_buffer bytes = {0};
    struct parity_timestamp timestamp;

    if (parity_shape_type(shape) == PARITY_SHAPE_TIMESTAMP &&
        parity_input_timestamp(value, &timestamp) == 0) {
        parity_timestamp_write(&timestamp,
                               parity_timestamp_format(format, PARITY_TIMESTAMP_ISO8601), w->out);
        return 0;
    }
    if (parity_shape_type(shape) == PARITY_SHAPE_BLOB && parity_input_bytes(value, &bytes) == 0) {
        parity_base64_encode(w->out, bytes.data ? bytes.data : "", bytes.length);
        parity_buffer_clear(&bytes);
        return 0;
    }
    return 1;
}

static int write_scalar(const struct writer *w, const char *name, const struct parity_shape *shape,
                        const json_t *value, const struct parity_member_path *path)
{
    size_t content;
    int rc;

    begin(w, name, shape);
    content = open_content(w);
    rc = add_shaped_text(w, shape, value);
    if (rc > 0)
        rc = add_plain_text(w, value, path);
    end(w, name, content);
    return rc;
}

static int write_element(const struct writer *w, const char *name, const struct parity_shape *shape,
                         const json_t *value, const struct parity_member_path *path)
{
    enum parity_json_kind kind = parity_json_kind(value);

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        if (kind == PARITY_JSON_OBJECT)
            return write_structure(w, name, shape, value, path);
        break;
    case PARITY_SHAPE_LIST:
        if (kind == PARITY_JSON_ARRAY)
            return write_list(w, name, shape, value, path);
        break;
    case PARITY_SHAPE_MAP:
        if (kind == PARITY_JSON_OBJECT)
            return write_map(w, name, shape, value, path);
        break;
    default:
        if (kind != PARITY_JSON_OBJECT && kind != PARITY_JSON_ARRAY)
            return write_scalar(w, name, shape, value, path);
        break;
    }
    return write_plain(w, name, value, path);
}

int parity_xml_write(const struct parity_shape *shape, const json_t *value,
                     struct parity_buffer *out, struct parity_error *err)
{
    const struct writer w = {out, err};
    const char *name = parity_shape_location_name(shape);

    return write_element(&w, name ? name : parity_shape_name(shape), shape, value, NULL);
}
