/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "jsonpath/jsonpath.h"
#include "spec.h"

/* `jsonpath`: what a path selects becomes a reference, or the replacement itself. */
struct jsonpath_transformer {
    struct parity_transformer base;
    struct parity_jsonpath *path;
    json_t *replacement; /* string */
    bool reference;
    char *text; /* owned; the path as it was given */
};

static int warn_of_nothing(const struct jsonpath_transformer *self,
                           struct parity_transform_context *context, struct parity_error *err)
{
    if (self->base.from_preset ||
        parity_transform_warn(context, "transformer jsonpath: %.300s selects nothing",
                              self->text) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int note_references(const struct jsonpath_transformer *self, json_t *document,
                           struct parity_transform_context *context, struct parity_error *err)
{
    struct parity_jsonpath_nodes nodes = {0};
    int rc = parity_jsonpath_find(self->path, document, &nodes, err);

    if (rc == 0 && nodes.count == 0)
        rc = warn_of_nothing(self, context, err);
    for (size_t i = 0; i < nodes.count && rc == 0; i++)
        rc = parity_transform_reference(context, nodes.items[i].value,
                                        json_string_value(self->replacement),
                                        json_string_length(self->replacement), err);
    parity_jsonpath_nodes_clear(&nodes);
    return rc;
}

/* update() does not tell; what find() has against a document is not the question here. */
static bool selects_nothing(const struct jsonpath_transformer *self, json_t *document)
{
    struct parity_jsonpath_nodes nodes = {0};
    bool nothing = !self->base.from_preset &&
                   parity_jsonpath_find(self->path, document, &nodes, NULL) == 0 &&
                   nodes.count == 0;

    parity_jsonpath_nodes_clear(&nodes);
    return nothing;
}

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    const struct jsonpath_transformer *self = (const struct jsonpath_transformer *)base;
    json_t *root;
    int rc;

    if (self->reference)
        return note_references(self, document, context, err);
    if (selects_nothing(self, document) && warn_of_nothing(self, context, err) < 0)
        return -1;
    /* A path that selects the root puts another value in its place; the reference ignores that. */
    root = json_incref(document);
    rc = parity_jsonpath_update(self->path, &root, self->replacement, err);
    json_decref(root);
    return rc;
}

static void release(struct parity_transformer *base)
{
    struct jsonpath_transformer *self = (struct jsonpath_transformer *)base;

    parity_jsonpath_free(self->path);
    json_decref(self->replacement);
    parity_free(self->text);
    parity_free(self);
}

static const struct parity_transformer_class jsonpath_class = {"jsonpath", apply, release};

struct parity_transformer *parity_jsonpath_make(const json_t *spec, struct parity_error *err)
{
    struct parity_spec_text path, replacement;
    struct jsonpath_transformer *self;
    bool reference;

    if (parity_spec_text(spec, "path", true, &path, err) < 0 ||
        parity_spec_text(spec, "replacement", true, &replacement, err) < 0 ||
        parity_spec_bool(spec, "reference", true, &reference, err) < 0)
        return NULL;
    self = parity_calloc(1, sizeof *self);
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &jsonpath_class;
    self->reference = reference;
    self->replacement = json_incref(json_object_get(spec, "replacement"));
    self->text = parity_strndup(path.data, path.length);
    if (!self->text)
        parity_fail_nomem(err);
    else
        self->path = parity_jsonpath_compile(path.data, PARITY_JSONPATH_LOCALSTACK, err);
    if (self->path)
        return &self->base;
    release(&self->base);
    return NULL;
}
