/* SPDX-License-Identifier: Apache-2.0 */
/* Decoded CBOR by shape. */
#include <string.h>

#include "base/json.h"
#include "client/protocol/cbor_value.h"
#include "client/protocol/json_const.h"
#include "client/protocol/output_check.h"

struct reader {
    struct parity_findings *findings;
    struct parity_error *err;
};

static json_t *read_value(const struct reader *r, const struct parity_shape *shape,
                          const json_t *value, const struct parity_member_path *path);

/* --- structures and lists ----------------------------------------------------------------------
 */

static void check_unknown(const struct reader *r, const struct parity_shape *shape,
                          const json_t *value, const struct parity_member_path *path)
{
    const char *name;
    json_t *item;

    if (!r->findings || !parity_check_knows_members(shape))
        return;
    json_object_foreach(parity_unconst(value), name, item) {
        struct parity_member_path below = {path, name, 0};

        if (strcmp(name, "__type") != 0 && !parity_shape_member(shape, name))
            parity_findings_add(r->findings, PARITY_FINDING_UNKNOWN, &below,
                                "the model has no such member");
    }
}

static json_t *read_structure(const struct reader *r, const struct parity_shape *shape,
                              const json_t *value, const struct parity_member_path *path)
{
    size_t count = parity_shape_member_count(shape), known = 0;
    json_t *result;

    if (parity_json_kind(value) != PARITY_JSON_OBJECT) {
        parity_member_path_fail(r->err, PARITY_E_RESPONSE, path, "response",
                                "something else stands where the model has a structure");
        return NULL;
    }
    if (parity_shape_has(shape, PARITY_TRAIT_UNION) &&
        json_object_size(value) - (json_object_get(value, "__type") != NULL) != 1) {
        parity_member_path_fail(r->err, PARITY_E_RESPONSE, path, "response",
                                "the union %s must have exactly one member",
                                parity_shape_name(shape));
        return NULL;
    }
    result = json_object();
    for (size_t i = 0; result && i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_member_name(member);
        const json_t *item = json_object_get(value, name);
        struct parity_member_path below = {path, name, 0};
        json_t *parsed = item ? read_value(r, member, item, &below) : NULL;

        known += item != NULL;
        if (!item)
            parity_check_absent(r->findings, shape, member, &below);
        else if (!parsed || json_object_set_new_nocheck(result, name, parsed) < 0) {
            json_decref(result);
            result = NULL;
        }
    }
    if (!result)
        parity_fail_nomem(r->err);
    else if (known < json_object_size(value))
        check_unknown(r, shape, value, path);
    return result;
}

static json_t *read_item(const struct reader *r, const struct parity_shape *list,
                         const json_t *item, const struct parity_member_path *path)
{
    if (!json_is_null(item))
        return read_value(r, parity_shape_list_member(list), item, path);
    if (!parity_shape_has(list, PARITY_TRAIT_SPARSE))
        parity_findings_add(r->findings, PARITY_FINDING_TYPE, path,
                            "null stands in a list that is not sparse");
    return json_null();
}

static json_t *read_list(const struct reader *r, const struct parity_shape *shape,
                         const json_t *value, const struct parity_member_path *path)
{
    struct parity_member_path below = {path, NULL, 0};
    json_t *result, *item;

    if (!json_is_array(value)) {
        parity_member_path_fail(r->err, PARITY_E_RESPONSE, path, "response",
                                "something else stands where the model has a list");
        return NULL;
    }
    result = json_array();
    json_array_foreach(value, below.index, item) {
        json_t *parsed = read_item(r, shape, item, &below);

        if (!parsed || json_array_append_new(result, parsed) < 0) {
            json_decref(result);
            parity_fail_nomem(r->err);
            return NULL;
        }
    }
    return result;
}

/* --- what is handed over as it is --------------------------------------------------------------
 */

/* Nothing is read from a map, so what does not fit in it is a finding and no failure. */
static void check_map(const struct reader *r, const struct parity_shape *shape, const json_t *value,
                      const struct parity_member_path *path)
{
    const struct parity_shape *value_shape = parity_shape_map_value(shape);
    const char *name;
    json_t *item;

    json_object_foreach(parity_unconst(value), name, item) {
        struct parity_member_path below = {path, name, 0};
        struct parity_error failure = {0};
        const struct reader inner = {r->findings, &failure};

        json_decref(read_value(&inner, value_shape, item, &below));
        r->findings->explained = false;
    }
}

/* "an integer" and so on; NULL: `value` is one. */
static const char *wanted_instead(const struct parity_shape *shape, const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_MAP:
        return kind == PARITY_JSON_OBJECT ? NULL : "a map";
    case PARITY_SHAPE_BLOB:
        return kind == PARITY_JSON_BYTES ? NULL : "a byte string";
    case PARITY_SHAPE_BOOLEAN:
        return kind == PARITY_JSON_BOOLEAN ? NULL : "a boolean";
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        return kind == PARITY_JSON_INTEGER ? NULL : "an integer";
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        return kind == PARITY_JSON_REAL || kind == PARITY_JSON_INTEGER ? NULL : "a number";
    default:
        return kind == PARITY_JSON_STRING ? NULL : "a text";
    }
}

static void check(const struct reader *r, const struct parity_shape *shape, const json_t *value,
                  const struct parity_member_path *path)
{
    const char *wanted;

    if (parity_shape_type(shape) == PARITY_SHAPE_TIMESTAMP) {
        if (parity_json_kind(value) != PARITY_JSON_DATETIME)
            parity_findings_add(r->findings, PARITY_FINDING_TIMESTAMP, path,
                                "no number of seconds since 1970 with the tag 1");
        return;
    }
    wanted = wanted_instead(shape, value);
    if (wanted)
        parity_findings_add(r->findings, PARITY_FINDING_TYPE, path,
                            "something else stands where the model has %s", wanted);
    else if (parity_shape_type(shape) == PARITY_SHAPE_MAP)
        check_map(r, shape, value, path);
}

/* CBOR has types of its own, so scalars are what they are; maps are not looked into, as in
 * botocore. */
static json_t *read_value(const struct reader *r, const struct parity_shape *shape,
                          const json_t *value, const struct parity_member_path *path)
{
    json_t *result;

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        result = read_structure(r, shape, value, path);
        break;
    case PARITY_SHAPE_LIST:
        result = read_list(r, shape, value, path);
        break;
    default:
        if (r->findings)
            check(r, shape, value, path);
        return json_incref(parity_unconst(value));
    }
    if (!result)
        parity_findings_explain(r->findings, path, r->err);
    return result;
}

json_t *parity_cbor_read(const struct parity_shape *shape, const json_t *value,
                         struct parity_findings *findings, struct parity_error *err)
{
    struct parity_error local = {0};
    const struct reader reader = {findings, err ? err : &local};

    return read_value(&reader, shape, value, NULL);
}
