/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "python_regex.h"
#include "spec.h"

/* `regex`: notes a replacement of everything a pattern matches; the document stays as it is. */
struct regex_transformer {
    struct parity_transformer base;
    struct parity_python_regex *pattern;
    struct parity_python_template *replacement;
};

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    const struct regex_transformer *self = (const struct regex_transformer *)base;

    (void)document;
    if (parity_replacements_add_regex(&context->replacements, self->pattern, self->replacement) ==
        0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static void release(struct parity_transformer *base)
{
    struct regex_transformer *self = (struct regex_transformer *)base;

    parity_python_template_free(self->replacement);
    parity_python_regex_free(self->pattern);
    parity_free(self);
}

static const struct parity_transformer_class regex_class = {"regex", apply, release};

struct parity_transformer *parity_regex_make(const json_t *spec, struct parity_error *err)
{
    struct parity_spec_text pattern, replacement;
    struct regex_transformer *self;

    if (parity_spec_text(spec, "pattern", true, &pattern, err) < 0 ||
        parity_spec_text(spec, "replacement", true, &replacement, err) < 0)
        return NULL;
    self = parity_calloc(1, sizeof *self);
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &regex_class;
    self->pattern = parity_python_regex_new(pattern.data, pattern.length, err);
    if (self->pattern)
        self->replacement =
            parity_python_template_new(self->pattern, replacement.data, replacement.length, err);
    if (self->replacement)
        return &self->base;
    release(&self->base);
    return NULL;
}
