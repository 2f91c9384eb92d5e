/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/memory.h"
#include "context.h"
#include "transformer.h"

/* A transformer that is a C function of the caller's. */
struct custom_transformer {
    struct parity_transformer base;
    struct parity_custom_options options;
};

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    const struct parity_custom_options *options =
        &((const struct custom_transformer *)base)->options;

    if (options->apply(document, context, options->data, err) == 0)
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL, "it failed without saying why");
    parity_error_add_context(err, "%s", options->name);
    return -1;
}

static void release(struct parity_transformer *base)
{
    parity_free(base);
}

static const struct parity_transformer_class custom_class = {"custom", apply, release};

struct parity_transformer *parity_custom_new(const struct parity_custom_options *options,
                                             struct parity_error *err)
{
    struct custom_transformer *self;

    if (!options->apply || !options->name) {
        parity_fail(err, PARITY_E_USAGE, NULL, "a custom transformer needs a name and a function");
        return NULL;
    }
    self = parity_calloc(1, sizeof *self);
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &custom_class;
    self->options = *options;
    return &self->base;
}

int parity_transform_note_reference(struct parity_transform_context *context, const char *value,
                                    const char *label, struct parity_error *err)
{
    json_t *text = json_string_nocheck(value);
    int rc = -1;

    if (text)
        rc = parity_transform_reference(context, text, label, strlen(label), err);
    else
        parity_fail_nomem(err);
    json_decref(text);
    return rc;
}

int parity_transform_note_text(struct parity_transform_context *context, const char *text,
                               const char *replacement, struct parity_error *err)
{
    if (!*text) {
        parity_fail(err, PARITY_E_INVALID, NULL, "an empty text cannot be replaced");
        return -1;
    }
    if (parity_replacements_add_text(&context->replacements, text, strlen(text), replacement,
                                     strlen(replacement)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}
