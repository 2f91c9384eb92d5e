/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "spec.h"

/* `text`: notes a replacement of a text as it stands in the JSON, not escaped in any way. */
struct text_transformer {
    struct parity_transformer base;
    json_t *text, *replacement; /* strings */
};

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    const struct text_transformer *self = (const struct text_transformer *)base;

    (void)document;
    if (parity_replacements_add_text(
            &context->replacements, json_string_value(self->text), json_string_length(self->text),
            json_string_value(self->replacement), json_string_length(self->replacement)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static void release(struct parity_transformer *base)
{
    struct text_transformer *self = (struct text_transformer *)base;

    json_decref(self->text);
    json_decref(self->replacement);
    parity_free(self);
}

static const struct parity_transformer_class text_class = {"text", apply, release};

struct parity_transformer *parity_text_make(const json_t *spec, struct parity_error *err)
{
    struct parity_spec_text text, replacement;
    struct text_transformer *self;

    if (parity_spec_text(spec, "text", true, &text, err) < 0 ||
        parity_spec_text(spec, "replacement", true, &replacement, err) < 0)
        return NULL;
    self = parity_calloc(1, sizeof *self);
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &text_class;
    self->text = json_incref(json_object_get(spec, "text"));
    self->replacement = json_incref(json_object_get(spec, "replacement"));
    return &self->base;
}
