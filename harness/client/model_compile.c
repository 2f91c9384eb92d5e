/* SPDX-License-Identifier: Apache-2.0 */
/* From a service model as JSON to its records. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/model_builder.h"

/* --- shapes ------------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    enum parity_shape_type type;
} types[] = {
    {"structure", PARITY_SHAPE_STRUCTURE},
    {"list", PARITY_SHAPE_LIST},
    {"map", PARITY_SHAPE_MAP},
    {"string", PARITY_SHAPE_STRING},
    {"character", PARITY_SHAPE_CHARACTER},
    {"blob", PARITY_SHAPE_BLOB},
    {"boolean", PARITY_SHAPE_BOOLEAN},
    {"integer", PARITY_SHAPE_INTEGER},
    {"long", PARITY_SHAPE_LONG},
    {"float", PARITY_SHAPE_FLOAT},
    {"double", PARITY_SHAPE_DOUBLE},
    {"timestamp", PARITY_SHAPE_TIMESTAMP},
};

static int fill_ref(struct parity_model_builder *b, uint32_t position, const char *shape_name,
                    const json_t *reference, const char *where)
{
    struct parity_shape ref = {0};
    struct parity_model_use use = {json_object_get(b->shapes, shape_name), reference};
    const json_t *body = json_object_get(b->positions, shape_name);

    if (!body) {
        parity_fail(b->err, PARITY_E_PARSE, b->name,
                    "%s refers to the shape '%s', which is missing", where, shape_name);
        return -1;
    }
    ref.body = (parity_blob_link)json_integer_value(body);
    if (parity_model_read_use(b, &use, &ref) < 0)
        return -1;
    *parity_model_ref_at(b, position) = ref;
    return 0;
}

/* A reference as it stands in the model: {"shape": NAME, traits…}. */
static int fill_reference(struct parity_model_builder *b, uint32_t position,
                          const json_t *reference, const char *where)
{
    const char *name = json_string_value(json_object_get(reference, "shape"));

    if (!name) {
        parity_fail(b->err, PARITY_E_PARSE, b->name, "%s has no reference to a shape", where);
        return -1;
    }
    return fill_ref(b, position, name, reference, where);
}

static bool lists(const json_t *names, const char *name)
{
    size_t i;
    json_t *item;

    json_array_foreach(names, i, item)
        if (json_is_string(item) && strcmp(json_string_value(item), name) == 0)
            return true;
    return false;
}

static int add_members(struct parity_model_builder *b, const char *shape_name, const json_t *shape,
                       uint32_t first)
{
    json_t *members = json_object_get(shape, "members");
    const json_t *required = json_object_get(shape, "required");
    const char *name;
    json_t *reference;

    json_object_foreach(members, name, reference) {
        uint32_t position = first++;
        parity_blob_link text;

        if (fill_reference(b, position, reference, shape_name) < 0 ||
            parity_model_add_text(b, name, &text) < 0)
            return -1;
        parity_model_ref_at(b, position)->member_name = text;
        if (lists(required, name))
            parity_model_ref_at(b, position)->traits |= PARITY_TRAIT_REQUIRED;
    }
    return 0;
}

static int add_body(struct parity_model_builder *b, uint32_t position, const char *name,
                    const json_t *shape)
{
    struct parity_blob_body *body = (struct parity_blob_body *)b->bodies.items + (position - 1);
    size_t count = 0;
    uint32_t first;

    if (body->type == PARITY_SHAPE_STRUCTURE)
        count = json_object_size(json_object_get(shape, "members"));
    else if (body->type == PARITY_SHAPE_LIST)
        count = 1;
    else if (body->type == PARITY_SHAPE_MAP)
        count = 2;
    if (count == 0)
        return 0;
    first = parity_model_add(b, &b->refs, count, sizeof(struct parity_shape));
    if (!first)
        return -1;
    body->members = (parity_blob_link)first;
    body->member_count = (uint32_t)count;
    if (body->type == PARITY_SHAPE_STRUCTURE)
        return add_members(b, name, shape, first);
    if (body->type == PARITY_SHAPE_LIST)
        return fill_reference(b, first, json_object_get(shape, "member"), name);
    if (fill_reference(b, first, json_object_get(shape, "key"), name) < 0)
        return -1;
    return fill_reference(b, first + 1, json_object_get(shape, "value"), name);
}

/* Gives every shape its place, so that references can be resolved in any order. */
static int add_shape(struct parity_model_builder *b, const char *name, const json_t *shape)
{
    const char *type = json_string_value(json_object_get(shape, "type"));
    uint32_t position = parity_model_add(b, &b->bodies, 1, sizeof(struct parity_blob_body));
    struct parity_blob_body *body;

    if (!position)
        return -1;
    body = (struct parity_blob_body *)b->bodies.items + (position - 1);
    if (json_object_set_new_nocheck(b->positions, name, json_integer(position)) < 0) {
        parity_fail_nomem(b->err);
        return -1;
    }
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, type) == 0) {
            body->type = types[i].type;
            return parity_model_add_text(b, name, &body->name);
        }
    }
    parity_fail(b->err, PARITY_E_PARSE, b->name, "the shape '%s' has %s%s%s", name,
                type ? "the unknown type '" : "no type", type ? type : "", type ? "'" : "");
    return -1;
}

/* The code on the wire is `error.code`, else the shape's name. */
static int add_error(struct parity_model_builder *b, const char *name, const json_t *shape)
{
    const char *code = json_string_value(json_object_get(json_object_get(shape, "error"), "code"));
    struct parity_blob_error error = {0};
    uint32_t position;

    if (!parity_model_is_true(json_object_get(shape, "exception")))
        return 0;
    error.shape = (parity_blob_link)parity_model_add(b, &b->refs, 1, sizeof(struct parity_shape));
    if (error.shape == 0 || fill_ref(b, (uint32_t)error.shape, name, NULL, name) < 0 ||
        parity_model_add_text(b, code && *code ? code : name, &error.code) < 0)
        return -1;
    position = parity_model_add(b, &b->errors, 1, sizeof error);
    if (!position)
        return -1;
    ((struct parity_blob_error *)b->errors.items)[position - 1] = error;
    return 0;
}

static int add_shapes(struct parity_model_builder *b)
{
    uint32_t position = 1;
    const char *name;
    json_t *shape;

    json_object_foreach(b->shapes, name, shape)
        if (add_shape(b, name, shape) < 0)
            return -1;
    json_object_foreach(b->shapes, name, shape)
        if (add_body(b, position++, name, shape) < 0)
            return -1;
    json_object_foreach(b->shapes, name, shape)
        if (add_error(b, name, shape) < 0)
            return -1;
    return 0;
}

/* --- operations --------------------------------------------------------------------------------
 */

/* The members of `object` that are not in `without`, as JSON text. */
static int add_traits(struct parity_model_builder *b, json_t *object, const char *const *without,
                      parity_blob_link *link)
{
    json_t *traits = json_object();
    struct parity_buffer text = {0};
    const char *name;
    json_t *value;
    int rc = -1;

    json_object_foreach(object, name, value) {
        const char *const *skip = without;

        while (*skip && strcmp(*skip, name) != 0)
            skip++;
        if (!*skip && json_object_set_nocheck(traits, name, value) < 0)
            goto out;
    }
    if (!traits)
        goto out;
    parity_json_write(&text, traits, PARITY_JSON_COMPACT);
    if (text.failed)
        goto out;
    rc = parity_model_add_text(b, text.data, link);
out:
    if (rc < 0)
        parity_fail_nomem(b->err);
    json_decref(traits);
    parity_buffer_clear(&text);
    return rc;
}

static int add_operation_shape(struct parity_model_builder *b, const char *name,
                               const json_t *reference, parity_blob_link *link)
{
    uint32_t position;

    if (!reference)
        return 0;
    position = parity_model_add(b, &b->refs, 1, sizeof(struct parity_shape));
    *link = (parity_blob_link)position;
    return position ? fill_reference(b, position, reference, name) : -1;
}

static const char *text_or(const json_t *value, const char *otherwise)
{
    return json_is_string(value) ? json_string_value(value) : otherwise;
}

static int add_operation(struct parity_model_builder *b, const char *name, json_t *model)
{
    static const char *const known[] = {"name",   "http",          "input", "output",
                                        "errors", "documentation", NULL};
    const json_t *http = json_object_get(model, "http");
    struct parity_blob_operation operation = {0};
    uint32_t position;

    operation.status = (uint32_t)json_integer_value(json_object_get(http, "responseCode"));
    if (parity_model_add_text(b, name, &operation.name) < 0 ||
        parity_model_add_text(b, text_or(json_object_get(model, "name"), name),
                              &operation.wire_name) < 0 ||
        parity_model_add_text(b, text_or(json_object_get(http, "method"), "POST"),
                              &operation.method) < 0 ||
        parity_model_add_text(b, text_or(json_object_get(http, "requestUri"), "/"),
                              &operation.uri) < 0 ||
        add_traits(b, model, known, &operation.traits) < 0 ||
        add_operation_shape(b, name, json_object_get(model, "input"), &operation.input) < 0 ||
        add_operation_shape(b, name, json_object_get(model, "output"), &operation.output) < 0)
        return -1;
    position = parity_model_add(b, &b->operations, 1, sizeof operation);
    if (!position)
        return -1;
    ((struct parity_blob_operation *)b->operations.items)[position - 1] = operation;
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int add_operations(struct parity_model_builder *b, json_t *operations)
{
    size_t count = json_object_size(operations), i = 0;
    const char **names = parity_calloc(count + 1, sizeof *names);
    const char *name;
    json_t *value;
    int rc = -1;

    if (!names) {
        parity_fail_nomem(b->err);
        return -1;
    }
    json_object_foreach(operations, name, value)
        names[i++] = name;
    qsort(names, count, sizeof *names, compare_names);
    for (i = 0; i < count; i++)
        if (add_operation(b, names[i], json_object_get(operations, names[i])) < 0)
            goto out;
    rc = 0;
out:
    parity_free(names);
    return rc;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

int parity_blob_compile(json_t *model, const char *name, const char *source,
                        struct parity_buffer *out, struct parity_error *err)
{
    static const char *const large[] = {"operations", "shapes", "documentation", "examples", NULL};
    struct parity_model_builder b = {.name = name, .err = err, .positions = json_object()};
    parity_blob_link source_text = 0, traits = 0;
    int rc = -1;

    b.shapes = json_object_get(model, "shapes");
    if (!b.positions) {
        parity_fail_nomem(err);
        goto out;
    }
    if (!json_is_object(json_object_get(model, "metadata"))) {
        parity_fail(err, PARITY_E_PARSE, name,
                    "this is no service model: it has no object 'metadata'");
        goto out;
    }
    if (parity_model_add_text(&b, source, &source_text) < 0 ||
        add_traits(&b, model, large, &traits) < 0 || add_shapes(&b) < 0 ||
        add_operations(&b, json_object_get(model, "operations")) < 0)
        goto out;
    rc = parity_model_lay_out(&b, source_text, traits, out);
out:
    parity_model_builder_clear(&b);
    return rc;
}
