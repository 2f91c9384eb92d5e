/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/json_shape.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/utf8.h"
#include "client/protocol/json_const.h"
#include "client/protocol/output_check.h"
#include "client/protocol/scalar.h"
#include "client/protocol/union.h"

struct reader {
    enum parity_json_scalars scalars;
    struct parity_findings *findings;
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

static const char *describe(const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number",  [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };

    return json_is_object(value) && !is_object(value) ? "a number" : names[json_typeof(value)];
}

static json_t *fail_type(const struct reader *r, const struct parity_member_path *path,
                         const char *wanted, const json_t *value)
{
    parity_member_path_fail(r->err, PARITY_E_RESPONSE, path, "response",
                            "%s stands where the model has %s", describe(value), wanted);
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

static bool has_wire_name(const struct parity_shape *shape, const char *wanted)
{
    size_t count = parity_shape_member_count(shape);

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_location_name(member);

        if (strcmp(name ? name : parity_shape_member_name(member), wanted) == 0)
            return true;
    }
    return false;
}

/* "__type" names the structure; some services send it with every one. */
static void check_unknown(const struct reader *r, const struct parity_shape *shape,
                          const json_t *value, const struct parity_member_path *path)
{
    const char *name;
    json_t *item;

    if (!r->findings || !parity_check_knows_members(shape))
        return;
    json_object_foreach(parity_unconst(value), name, item) {
        struct parity_member_path below = {path, name, 0};

        if (strcmp(name, "__type") != 0 && !has_wire_name(shape, name))
            parity_findings_add(r->findings, PARITY_FINDING_UNKNOWN, &below,
                                "the model has no such member");
    }
}

static json_t *read_structure(const struct reader *r, const struct parity_shape *shape,
                              const json_t *value, const struct parity_member_path *path)
{
    size_t count = parity_shape_member_count(shape), known_members = 0;
    json_t *result;

    if (json_is_null(value) || parity_shape_has(shape, PARITY_TRAIT_DOCUMENT))
        return shared(value);
    if (!is_object(value))
        return fail_type(r, path, "a structure", value);
    result = json_object();
    if (result && parity_shape_has(shape, PARITY_TRAIT_UNION)) {
        int known = parity_union_check(shape, union_tag(value), result, path, r->err);

        if (known == 0)
            check_unknown(r, shape, value, path);
        if (known <= 0)
            return known == 0 ? result : (json_decref(result), NULL);
    }
    for (size_t i = 0; result && i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_member_name(member);
        const char *wire_name = parity_shape_location_name(member);
        const json_t *item = json_object_get(value, wire_name ? wire_name : name);
        struct parity_member_path below = {path, name, 0};

        known_members += item != NULL;
        if (!item || json_is_null(item)) {
            parity_check_absent(r->findings, shape, member, &below);
            continue;
        }
        if (set_member(r, result, name, read_value(r, member, item, &below)) < 0) {
            json_decref(result);
            result = NULL;
        }
    }
    if (!result)
        parity_fail_nomem(r->err);
    else if (known_members < json_object_size(value))
        check_unknown(r, shape, value, path);
    return result;
}

/* Only lists that the model calls sparse have holes. */
static void check_null(const struct reader *r, const struct parity_shape *container,
                       const struct parity_member_path *path)
{
    if (!parity_shape_has(container, PARITY_TRAIT_SPARSE))
        parity_findings_add(r->findings, PARITY_FINDING_TYPE, path,
                            "null stands in a %s that is not sparse",
                            parity_shape_type(container) == PARITY_SHAPE_LIST ? "list" : "map");
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

        if (json_is_null(item))
            check_null(r, shape, &below);
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
        json_t *parsed;

        if (json_is_null(item))
            check_null(r, shape, &below);
        parsed = read_value(r, value_shape, item, &below);
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

/* Seconds since 1970 are a number here, all other formats a string. */
static void check_timestamp(const struct reader *r, const struct parity_shape *shape,
                            const json_t *value, const struct parity_member_path *path)
{
    const char *name = parity_shape_text(shape, PARITY_TEXT_TIMESTAMP_FORMAT);
    bool in_seconds = parity_timestamp_format(name, PARITY_TIMESTAMP_UNIX) == PARITY_TIMESTAMP_UNIX;

    if (json_is_string(value) && !in_seconds)
        parity_check_timestamp_text(r->findings, shape, PARITY_TIMESTAMP_UNIX,
                                    json_string_value(value), json_string_length(value), path);
    else if (json_is_string(value))
        parity_findings_add(r->findings, PARITY_FINDING_TIMESTAMP, path,
                            "the string '%.60s' where the format is a number of seconds since 1970",
                            json_string_value(value));
    else if (json_is_number(value) && !in_seconds)
        parity_findings_add(r->findings, PARITY_FINDING_TIMESTAMP, path,
                            "a number where the format is %s", name);
}

static json_t *read_timestamp(const struct reader *r, const struct parity_shape *shape,
                              const json_t *value, const struct parity_member_path *path)
{
    if (r->findings)
        check_timestamp(r, shape, value, path);
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

/* Whether a scalar has the JSON type of its shape. Reals are spelled where JSON has no number. */
static bool has_type(enum parity_shape_type type, const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);

    switch (type) {
    case PARITY_SHAPE_BOOLEAN:
        return kind == PARITY_JSON_BOOLEAN;
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        return kind == PARITY_JSON_INTEGER;
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        return kind == PARITY_JSON_INTEGER || json_is_real(value) ||
               (kind == PARITY_JSON_STRING && (strcmp(json_string_value(value), "NaN") == 0 ||
                                               strcmp(json_string_value(value), "Infinity") == 0 ||
                                               strcmp(json_string_value(value), "-Infinity") == 0));
    default:
        return kind == PARITY_JSON_STRING;
    }
}

static const char *type_name(enum parity_shape_type type)
{
    switch (type) {
    case PARITY_SHAPE_BOOLEAN:
        return "a boolean";
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        return "an integer";
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        return "a number";
    default:
        return "a string";
    }
}

static json_t *read_scalar(const struct reader *r, const struct parity_shape *shape,
                           const json_t *value, const struct parity_member_path *path)
{
    enum parity_shape_type type = parity_shape_type(shape);

    if (r->findings && !json_is_null(value) && !has_type(type, value))
        parity_findings_add(r->findings, PARITY_FINDING_TYPE, path,
                            "%s stands where the model has %s", describe(value), type_name(type));
    return r->scalars == PARITY_JSON_SCALARS_CONVERTED ? read_converted(r, shape, value, path)
                                                       : shared(value);
}

static json_t *read_by_type(const struct reader *r, const struct parity_shape *shape,
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
        return read_timestamp(r, shape, value, path);
    case PARITY_SHAPE_BLOB:
        if (!json_is_string(value))
            return fail_type(r, path, "base64", value);
        return parity_scalar_blob(json_string_value(value), json_string_length(value), path,
                                  r->err);
    default:
        return read_scalar(r, shape, value, path);
    }
}

static json_t *read_value(const struct reader *r, const struct parity_shape *shape,
                          const json_t *value, const struct parity_member_path *path)
{
    json_t *result = read_by_type(r, shape, value, path);

    if (!result)
        parity_findings_explain(r->findings, path, r->err);
    return result;
}

json_t *parity_json_read(const struct parity_shape *shape, const json_t *value,
                         enum parity_json_scalars scalars, struct parity_findings *findings,
                         struct parity_error *err)
{
    struct reader reader = {scalars, findings, err};

    return read_value(&reader, shape, value, NULL);
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

int parity_json_check_unread(const struct parity_shape *shape, const char *data, size_t length,
                             struct parity_findings *findings, struct parity_error *err)
{
    struct reader reader = {PARITY_JSON_SCALARS_AS_SENT, findings, NULL};
    json_t *body;

    if (!parity_utf8_is_valid(data ? data : "", length)) {
        parity_fail(err, PARITY_E_RESPONSE, NULL, "the body is no UTF-8");
        return -1;
    }
    if (!findings || length == 0)
        return 0;
    body = parity_json_read_body(data, length, NULL);
    if (body && is_object(body))
        check_unknown(&reader, shape, body, NULL);
    else
        parity_findings_add(findings, PARITY_FINDING_TYPE, NULL, "the body is no JSON object");
    json_decref(body);
    return 0;
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
