/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "base/memory.h"
#include "embedded_json.h"
#include "spec.h"

#include <string.h>

/* `json_string`: reads the JSON text under a key, and all JSON text inside of that. */
struct json_string_transformer {
    struct parity_transformer base;
    json_t *key; /* string */
};

enum { MAX_DEPTH = 4000 }; /* texts in texts could nest without end */

static int read_nested(json_t **value, int depth, struct parity_error *err);

static int read_nested_members(json_t *object, int depth, struct parity_error *err)
{
    for (void *m = json_object_iter(object); m; m = json_object_iter_next(object, m)) {
        json_t *value = json_incref(json_object_iter_value(m));

        if (read_nested(&value, depth + 1, err) < 0) {
            json_decref(value);
            return -1;
        }
        if (json_object_iter_set_new(object, m, value) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
    }
    return 0;
}

static int read_nested_items(json_t *array, int depth, struct parity_error *err)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        json_t *value = json_incref(json_array_get(array, i));

        if (read_nested(&value, depth + 1, err) < 0) {
            json_decref(value);
            return -1;
        }
        if (json_array_set_new(array, i, value) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
    }
    return 0;
}

/* Replace `*value` by what it holds, if it is JSON text; then the same for all below. */
static int read_nested(json_t **value, int depth, struct parity_error *err)
{
    if (depth > MAX_DEPTH) {
        parity_fail(err, PARITY_E_LIMIT, NULL, "JSON text nested more than %d levels deep",
                    MAX_DEPTH);
        return -1;
    }
    while (parity_embedded_json_looks_so(*value, true, true)) {
        json_t *read;

        if (parity_embedded_json_read(*value, &read, err) < 0)
            return -1;
        if (!read)
            return 0;
        json_decref(*value);
        *value = read;
    }
    if (json_is_array(*value))
        return read_nested_items(*value, depth, err);
    if (parity_json_kind(*value) == PARITY_JSON_OBJECT)
        return read_nested_members(*value, depth, err);
    return 0;
}

/* The text under the key itself; what is no JSON stays as it is. */
static int read_member(json_t *object, void *member, struct parity_error *err)
{
    json_t *value = json_incref(json_object_iter_value(member));

    if (read_nested(&value, 0, err) < 0) {
        json_decref(value);
        return -1;
    }
    if (json_object_iter_set_new(object, member, value) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static bool is_key(const struct json_string_transformer *self, void *member)
{
    size_t length = json_string_length(self->key);

    return json_object_iter_key_len(member) == length &&
           memcmp(json_object_iter_key(member), json_string_value(self->key), length) == 0;
}

static int visit(const struct json_string_transformer *self, json_t *value,
                 struct parity_error *err)
{
    json_t *item;
    size_t i;

    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            if (visit(self, item, err) < 0)
                return -1;
        return 0;
    }
    if (parity_json_kind(value) != PARITY_JSON_OBJECT)
        return 0;
    for (void *m = json_object_iter(value); m; m = json_object_iter_next(value, m)) {
        json_t *child = json_object_iter_value(m);
        bool text = is_key(self, m) && parity_embedded_json_looks_so(child, true, true);

        if ((text ? read_member(value, m, err) : visit(self, child, err)) < 0)
            return -1;
    }
    return 0;
}

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    (void)context;
    return visit((const struct json_string_transformer *)base, document, err);
}

static void release(struct parity_transformer *base)
{
    struct json_string_transformer *self = (struct json_string_transformer *)base;

    json_decref(self->key);
    parity_free(self);
}

static const struct parity_transformer_class json_string_class = {"json_string", apply, release};

struct parity_transformer *parity_json_string_make(const json_t *spec, struct parity_error *err)
{
    struct parity_spec_text key;
    struct json_string_transformer *self;

    if (parity_spec_text(spec, "key", true, &key, err) < 0)
        return NULL;
    self = parity_calloc(1, sizeof *self);
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &json_string_class;
    self->key = json_incref(json_object_get(spec, "key"));
    return &self->base;
}
