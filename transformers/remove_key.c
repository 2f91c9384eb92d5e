/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "spec.h"

/* `remove_key`: deletes the members with one name, at any depth below the match keys. */
struct remove_key_transformer {
    struct parity_transformer base;
    json_t *key; /* string */
};

static void remove_below(json_t *value, const char *key, size_t length)
{
    const char *name;
    json_t *child;
    size_t i;

    if (json_is_array(value)) {
        json_array_foreach(value, i, child)
            remove_below(child, key, length);
    } else if (parity_json_kind(value) == PARITY_JSON_OBJECT) {
        (void)json_object_deln(value, key, length); /* fails where there is none */
        json_object_foreach(value, name, child)
            remove_below(child, key, length);
    }
}

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    const struct remove_key_transformer *self = (const struct remove_key_transformer *)base;
    const char *name;
    json_t *value;

    (void)context;
    (void)err;
    json_object_foreach(document, name, value)
        remove_below(value, json_string_value(self->key), json_string_length(self->key));
    return 0;
}

static void release(struct parity_transformer *base)
{
    struct remove_key_transformer *self = (struct remove_key_transformer *)base;

    json_decref(self->key);
    parity_free(self);
}

static const struct parity_transformer_class remove_key_class = {"remove_key", apply, release};

struct parity_transformer *parity_remove_key_make(const json_t *spec, struct parity_error *err)
{
    struct parity_spec_text key;
    struct remove_key_transformer *self;

    if (parity_spec_text(spec, "key", true, &key, err) < 0)
        return NULL;
    self = parity_calloc(1, sizeof *self);
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &remove_key_class;
    self->key = json_incref(json_object_get(spec, "key"));
    return &self->base;
}
