/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/json_shape.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/utf8.h"
#include "client/protocol/json_const.h"
#include "client/protocol/scalar.h"
#include "client/protocol/union.h"

struct reader {
    enum parity_json_scalars scalars;
    struct parity_error *err;
};

static json_t *read_value(const struct reader *r, const struct parity_shape *shape,
                          const json_t *value, const struct parity_member_path *path);

/* --- reading: containers -----------------------------------------------------------------------
 */

/* An object of the body, whatever its members are called; a number too large for a JSON integer is
 * kept in one too. */
static bool is_object(const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);

    return json_is_object(value) && kind != PARITY_JSON_INTEGER && kind != PARITY_JSON_REAL;
}

static json_t *fail_type(const struct reader *r, const struct parity_member_path *path,
                         const char *wanted, const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number",  [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };
    const char *found =
        json_is_object(value) && !is_object(value) ? "a large number" : names[json_typeof(value)];

    parity_member_path_fail(r->err, PARITY_E_RESPONSE, path, "response",
                            "%s stands where the model has %s", found, wanted);
    return NULL;
}

/* Takes over `value`. */
static int set_member(const struct reader *r, json_t *object, const char *name, json_t *value)
{
    return value ? parity_result_set(object, name, value, r->err) : -1;
}

static json_t *shared(const json_t *value)
{
    return json_incref(parity_unconst(value));
}

/* The name of the only member that is not null and not the type marker. */
static const char *union_tag(const json_t *value)
{
    const char *tag = NULL, *name;
    json_t *item;

    json_object_foreach(parity_unconst(value), name, item) {
        if (json_is_null(item) || strcmp(name, "__type") == 0)
            continue;
        if (tag)
            return NULL;
        tag = name;
    }
    return tag;
}

static json_t *read_structure(const struct reader *r, const struct parity_shape *shape,
                              const json_t *value, const struct parity_member_path *path)
{
    size_t count = parity_shape_member_count(shape);
    json_t *result;

    if (json_is_null(value) || parity_shape_has(shape, PARITY_TRAIT_DOCUMENT))
        return shared(value);
    if (!is_object(value))
        return fail_type(r, path, "a structure", value);
    result = json_object();
    if (result && parity_shape_has(shape, PARITY_TRAIT_UNION)) {
        int known = parity_union_check(shape, union_tag(value), result, path, r->err);

        if (known <= 0)
            return known == 0 ? result : (json_decref(result), NULL);
    }
    for (size_t i = 0; result && i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_member_name(member);
        const char *wire_name = parity_shape_location_name(member);
        const json_t *item = json_object_get(value, wire_name ? wire_name : name);
        struct parity_member_path below = {path, name, 0};

        if (!item || json_is_null(item))
            continue;
        if (set_member(r, result, name, read_value(r, member, item, &below)) < 0) {
            json_decref(result);
            result = NULL;
        }
    }
    if (!result)
        parity_fail_nomem(r->err);
    return result;
}

static json_t *read_list(const struct reader *r, const struct parity_shape *shape,
                         const json_t *value, const struct parity_member_path *path)
{
    const struct parity_shape *member = parity_shape_list_member(shape);
    struct parity_member_path below = {path, NULL, 0};
    json_t *result, *item;

    if (!json_is_array(value))
        return fail_type(r, path, "a list", value);
    result = json_array();
    json_array_foreach(value, below.index, item) {
        json_t *parsed = json_is_null(item) ? json_null() : read_value(r, member, item, &below);

        if (!parsed || json_array_append_new(result, parsed) < 0) {
            json_decref(result);
            parity_fail_nomem(r->err);
            return NULL;
        }
    }
    return result;
}

static json_t *read_map(const struct reader *r, const struct parity_shape *shape,
                        const json_t *value, const struct parity_member_path *path)
{
    const struct parity_shape *value_shape = parity_shape_map_value(shape);
    const char *name;
    size_t length;
    json_t *result, *item;

    if (!is_object(value))
        return fail_type(r, path, "a map", value);
    result = json_object();
    json_object_keylen_foreach(parity_unconst(value), name, length, item) {
        struct parity_member_path below = {path, name, 0};
        json_t *parsed = read_value(r, value_shape, item, &below);

        if (!parsed || json_object_setn_new_nocheck(result, name, length, parsed) < 0) {
            json_decref(result);
            parity_fail_nomem(r->err);
            return NULL;
        }
    }
    return result;
}

/* --- reading: scalars --------------------------------------------------------------------------
 */

static json_t *convert_integer(const struct reader *r, const json_t *value,
                               const struct parity_member_path *path)
{
    switch (parity_json_kind(value)) {
    case PARITY_JSON_INTEGER:
        return shared(value);
    case PARITY_JSON_BOOLEAN:
        return json_integer(json_is_true(value));
    case PARITY_JSON_STRING:
        return parity_scalar_integer(json_string_value(value), json_string_length(value), path,
                                     r->err);
    case PARITY_JSON_REAL:
        if (json_is_real(value) && fabs(json_real_value(value)) < 9e18)
            return json_integer((json_int_t)json_real_value(value));
        return fail_type(r, path, "an integer", value);
    default:
        return fail_type(r, path, "an integer", value);
    }
}

static json_t *convert_real(const struct reader *r, const json_t *value,
                            const struct parity_member_path *path)
{
    struct parity_buffer text = {0};
    json_t *result;

    switch (parity_json_kind(value)) {
    case PARITY_JSON_REAL:
        return shared(value);
    case PARITY_JSON_BOOLEAN:
        return json_real(json_is_true(value));
    case PARITY_JSON_STRING:
        return parity_scalar_real(json_string_value(value), json_string_length(value), path,
                                  r->err);
    case PARITY_JSON_INTEGER:
        parity_json_number_text(&text, value);
        result = parity_scalar_real(text.data ? text.data : "", text.length, path, r->err);
        parity_buffer_clear(&text);
        return result;
    default:
        return fail_type(r, path, "a number", value);
    }
}

static json_t *read_timestamp(const struct reader *r, const json_t *value,
                              const struct parity_member_path *path)
{
    if (json_is_string(value))
        return parity_scalar_timestamp(json_string_value(value), json_string_length(value), path,
                                       r->err);
    if (json_is_number(value))
        return parity_scalar_timestamp_number(value, path, r->err);
    return fail_type(r, path, "a timestamp", value);
}

static json_t *read_converted(const struct reader *r, const struct parity_shape *shape,
                              const json_t *value, const struct parity_member_path *path)
{
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_BOOLEAN:
        return json_boolean(
            json_is_true(value) ||
            (json_is_string(value) && strcasecmp(json_string_value(value), "true") == 0));
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        return convert_integer(r, value, path);
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        return convert_real(r, value, path);
    default:
        return shared(value);
    }
}

static json_t *read_value(const struct reader *r, const struct parity_shape *shape,
                          const json_t *value, const struct parity_member_path *path)
{
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        return read_structure(r, shape, value, path);
    case PARITY_SHAPE_LIST:
        return read_list(r, shape, value, path);
    case PARITY_SHAPE_MAP:
        return read_map(r, shape, value, path);
    case PARITY_SHAPE_TIMESTAMP:
        return read_timestamp(r, value, path);
    case PARITY_SHAPE_BLOB:
        if (!json_is_string(value))
            return fail_type(r, path, "base64", value);
        return parity_scalar_blob(json_string_value(value), json_string_length(value), path,
                                  r->err);
    default:
        return r->scalars == PARITY_JSON_SCALARS_CONVERTED ? read_converted(r, shape, value, path)
                                                           : shared(value);
    }
}

json_t *parity_json_read(const struct parity_shape *shape, const json_t *value,
                         enum parity_json_scalars scalars, const struct parity_member_path *path,
                         struct parity_error *err)
{
    struct reader reader = {scalars, err};

    return read_value(&reader, shape, value, path);
}

json_t *parity_json_read_body(const char *data, size_t length, struct parity_error *err)
{
    json_t *body = NULL;

    if (length == 0) {
        body = json_object();
        if (!body)
            parity_fail_nomem(err);
    } else {
        (void)parity_json_parse(data, length, NULL, &body, err);
    }
    return body;
}

int parity_json_check_unread(const char *data, size_t length, struct parity_error *err)
{
    if (parity_utf8_is_valid(data ? data : "", length))
        return 0;
    parity_fail(err, PARITY_E_RESPONSE, NULL, "the body is no UTF-8");
    return -1;
}

/* --- reading: errors ---------------------------------------------------------------------------
 */

int parity_query_compatible_error(struct parity_parse *parse, json_t *error)
{
    const char *header = parity_headers_get(&parse->response->headers, "x-amzn-query-error");
    const char *semicolon = header ? strchr(header, ';') : NULL;

    if (!semicolon || semicolon == header || strchr(semicolon + 1, ';'))
        return 0;
    if (parity_result_set(error, "QueryErrorCode", shared(json_object_get(error, "Code")),
                          parse->err) < 0 ||
        parity_result_set(error, "Type", json_string_nocheck(semicolon + 1), parse->err) < 0)
        return -1;
    return parity_result_set(
        error, "Code", json_stringn_nocheck(header, (size_t)(semicolon - header)), parse->err);
}

/* A body that is no JSON is taken for the message. */
static json_t *read_error_body(const struct parity_parse *parse)
{
    const struct parity_buffer *body = &parse->response->body;
    json_t *value = parity_json_read_body(body->data, body->length, NULL);

    if (!value && parity_utf8_is_valid(body->data, body->length)) {
        value = json_object();
        if (!value ||
            parity_result_set(value, "message", json_stringn_nocheck(body->data, body->length),
                              parse->err) < 0) {
            json_decref(value);
            parity_fail_nomem(parse->err);
            return NULL;
        }
    }
    if (!value || !is_object(value)) {
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "the error is no JSON object");
        json_decref(value);
        return NULL;
    }
    return value;
}

/* "com.aws.dynamodb.vAPI#Name" and "Name:http://…" are both called Name. New; NULL: no memory. */
static json_t *short_code(const char *code)
{
    size_t length = strcspn(code, ":");
    size_t start = length;

    while (start > 0 && code[start - 1] != '#')
        start--;
    return json_stringn_nocheck(code + start, length - start);
}

static int set_code(struct parity_parse *parse, json_t *error, const json_t *type)
{
    json_t *code;

    if (!type)
        code = json_sprintf("%d", parse->response->status_code);
    else if (json_is_null(type))
        code = json_string("");
    else if (json_is_string(type))
        code = short_code(json_string_value(type));
    else {
        parity_fail(parse->err, PARITY_E_RESPONSE, NULL, "the error's code is no string");
        return -1;
    }
    if (parity_result_set(error, "Code", code, parse->err) < 0)
        return -1;
    return json_is_null(type) ? 0 : parity_query_compatible_error(parse, error);
}

int parity_json_read_error(struct parity_parse *parse)
{
    json_t *body = read_error_body(parse), *error, *message;
    int rc = -1;

    if (!body)
        return -1;
    error = json_object();
    message = json_object_get(body, "message");
    if (!message)
        message = json_object_get(body, "Message");
    message = message ? json_incref(message) : json_string("");
    if (parity_result_set(parse->result, "Error", error, parse->err) < 0) {
        json_decref(message);
        goto out;
    }
    if (parity_result_set(error, "Message", message, parse->err) < 0 ||
        set_code(parse, error, json_object_get(body, "__type")) < 0 ||
        parity_result_copy_header(parse, "x-amzn-requestid", "RequestId") < 0)
        goto out;
    rc = 0;
out:
    json_decref(body);
    return rc;
}

/* --- writing -----------------------------------------------------------------------------------
 */

/* The two below set *out and return true where the value fits, even if memory lacks (then NULL). */
static bool to_base64(const json_t *value, json_t **out)
{
    struct parity_buffer bytes = {0}, text = {0};
    bool fits = parity_input_bytes(value, &bytes) == 0 || bytes.failed;

    *out = NULL;
    if (fits) {
        parity_base64_encode(&text, bytes.data ? bytes.data : "", bytes.length);
        if (!text.failed && !bytes.failed)
            *out = json_stringn_nocheck(text.data ? text.data : "", text.length);
    }
    parity_buffer_clear(&bytes);
    parity_buffer_clear(&text);
    return fits;
}

static bool to_timestamp(const json_t *value, const char *format_name, json_t **out)
{
    enum parity_timestamp_format format =
        parity_timestamp_format(format_name, PARITY_TIMESTAMP_UNIX);
    struct parity_timestamp timestamp;
    struct parity_buffer text = {0};

    *out = NULL;
    if (parity_input_timestamp(value, &timestamp) < 0)
        return false;
    if (format == PARITY_TIMESTAMP_UNIX) {
        *out = json_integer(timestamp.seconds);
        return true;
    }
    parity_timestamp_write(&timestamp, format, &text);
    if (!text.failed)
        *out = json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return true;
}

static json_t *checked(json_t *value, struct parity_error *err)
{
    if (!value)
        parity_fail_nomem(err);
    return value;
}

static json_t *write_plain(const json_t *value, struct parity_error *err);

static json_t *write_plain_object(const json_t *value, struct parity_error *err)
{
    json_t *result = json_object(), *item;
    const char *name;
    size_t length;

    json_object_keylen_foreach(parity_unconst(value), name, length, item) {
        json_t *written = write_plain(item, err);

        if (!written || json_object_setn_new_nocheck(result, name, length, written) < 0) {
            json_decref(result);
            return checked(NULL, err);
        }
    }
    return checked(result, err);
}

static json_t *write_plain_array(const json_t *value, struct parity_error *err)
{
    json_t *result = json_array(), *item;
    size_t i;

    json_array_foreach(value, i, item) {
        json_t *written = write_plain(item, err);

        if (!written || json_array_append_new(result, written) < 0) {
            json_decref(result);
            return checked(NULL, err);
        }
    }
    return checked(result, err);
}

/* A value without (fitting) shape: typed values take the form that most models give them. */
static json_t *write_plain(const json_t *value, struct parity_error *err)
{
    json_t *result;

    switch (parity_json_kind(value)) {
    case PARITY_JSON_BYTES:
        if (to_base64(value, &result))
            return checked(result, err);
        break;
    case PARITY_JSON_DATETIME:
        if (to_timestamp(value, NULL, &result))
            return checked(result, err);
        break;
    case PARITY_JSON_OBJECT:
        return write_plain_object(value, err);
    case PARITY_JSON_ARRAY:
        return write_plain_array(value, err);
    default:
        return shared(value);
    }
    parity_fail(err, PARITY_E_INVALID, NULL,
                "a typed value cannot be sent: not a timestamp of the years 1 to 9999, or no "
                "base64");
    return NULL;
}

static json_t *write_structure(const struct parity_shape *shape, const json_t *value,
                               const struct parity_member_path *path, struct parity_error *err)
{
    json_t *result = json_object(), *item;
    const char *name;
    size_t length;

    json_object_keylen_foreach(parity_unconst(value), name, length, item) {
        const struct parity_shape *member = parity_shape_member(shape, name);
        const char *wire_name = member ? parity_shape_location_name(member) : NULL;
        struct parity_member_path below = {path, name, 0};
        json_t *written =
            member ? parity_json_write_shape(member, item, &below, err) : write_plain(item, err);

        if (!written ||
            json_object_setn_new_nocheck(result, wire_name ? wire_name : name,
                                         wire_name ? strlen(wire_name) : length, written) < 0) {
            json_decref(result);
            parity_fail_nomem(err);
            return NULL;
        }
    }
    return checked(result, err);
}

static json_t *write_map(const struct parity_shape *shape, const json_t *value,
                         const struct parity_member_path *path, struct parity_error *err)
{
    json_t *result = json_object(), *item;
    const char *name;
    size_t length;

    json_object_keylen_foreach(parity_unconst(value), name, length, item) {
        struct parity_member_path below = {path, name, 0};
        json_t *written = parity_json_write_shape(parity_shape_map_value(shape), item, &below, err);

        if (!written || json_object_setn_new_nocheck(result, name, length, written) < 0) {
            json_decref(result);
            parity_fail_nomem(err);
            return NULL;
        }
    }
    return checked(result, err);
}

static json_t *write_list(const struct parity_shape *shape, const json_t *value,
                          const struct parity_member_path *path, struct parity_error *err)
{
    struct parity_member_path below = {path, NULL, 0};
    json_t *result = json_array(), *item;

    json_array_foreach(value, below.index, item) {
        json_t *written =
            parity_json_write_shape(parity_shape_list_member(shape), item, &below, err);

        if (!written || json_array_append_new(result, written) < 0) {
            json_decref(result);
            parity_fail_nomem(err);
            return NULL;
        }
    }
    return checked(result, err);
}

/* JSON has no NaN: AWS spells it. */
static json_t *write_real(const json_t *value)
{
    struct parity_buffer text = {0};
    json_t *result;

    if (json_is_number(value) || parity_json_kind(value) != PARITY_JSON_REAL)
        return shared(value);
    parity_json_number_text(&text, value);
    result = text.failed ? NULL : json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return result;
}

static json_t *write_scalar(const struct parity_shape *shape, const json_t *value,
                            struct parity_error *err)
{
    const char *format = parity_shape_text(shape, PARITY_TEXT_TIMESTAMP_FORMAT);
    enum parity_json_kind kind = parity_json_kind(value);
    json_t *result;

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_BLOB:
        if (to_base64(value, &result))
            return checked(result, err);
        break;
    case PARITY_SHAPE_TIMESTAMP:
        if (to_timestamp(value, format, &result))
            return checked(result, err);
        break;
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        if (kind == PARITY_JSON_REAL || kind == PARITY_JSON_INTEGER)
            return checked(write_real(value), err);
        break;
    default:
        break;
    }
    return write_plain(value, err);
}

json_t *parity_json_write_shape(const struct parity_shape *shape, const json_t *value,
                                const struct parity_member_path *path, struct parity_error *err)
{
    enum parity_json_kind kind = parity_json_kind(value);

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        if (kind == PARITY_JSON_OBJECT && !parity_shape_has(shape, PARITY_TRAIT_DOCUMENT))
            return write_structure(shape, value, path, err);
        return write_plain(value, err);
    case PARITY_SHAPE_MAP:
        return kind == PARITY_JSON_OBJECT ? write_map(shape, value, path, err)
                                          : write_plain(value, err);
    case PARITY_SHAPE_LIST:
        return kind == PARITY_JSON_ARRAY ? write_list(shape, value, path, err)
                                         : write_plain(value, err);
    default:
        return write_scalar(shape, value, err);
    }
}
