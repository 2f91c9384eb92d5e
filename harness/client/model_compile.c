/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/model_blob.h"

/*
 * Two passes over the records: while the tables grow, a link holds the 1-based position of its
 * target in the target's table (strings: offset + 1). write_block() then lays the tables out and
 * turns positions into distances.
 */
struct table {
    void *items;
    size_t count, capacity;
};

struct builder {
    const char *name; /* of the model, for messages */
    struct parity_error *err;
    json_t *shapes;    /* borrowed */
    json_t *positions; /* new: shape name to position in `bodies` */
    struct table bodies, refs, extras, operations, errors, enum_values;
    struct parity_buffer strings;
    uint32_t *interned; /* open addressing: offset + 1 in `strings` */
    size_t interned_count, interned_capacity;
};

/* --- tables and strings ------------------------------------------------------------------------
 */

/* Appends `count` zeroed items. Returns the first's 1-based position; 0: out of memory. */
static uint32_t add(struct builder *b, struct table *table, size_t count, size_t size)
{
    size_t first = table->count;

    if (parity_grow(&table->items, &table->capacity, first + count, size) < 0) {
        parity_fail_nomem(b->err);
        return 0;
    }
    memset((char *)table->items + first * size, 0, count * size);
    table->count += count;
    return (uint32_t)first + 1;
}

static struct parity_shape *ref_at(struct builder *b, uint32_t position)
{
    return (struct parity_shape *)b->refs.items + (position - 1);
}

static uint32_t hash_text(const char *text)
{
    uint32_t hash = 2166136261u;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

static int grow_interned(struct builder *b)
{
    size_t capacity = b->interned_capacity ? 2 * b->interned_capacity : 1024;
    uint32_t *slots = parity_calloc(capacity, sizeof *slots);

    if (!slots)
        return -1;
    for (size_t i = 0; i < b->interned_capacity; i++) {
        uint32_t entry = b->interned[i];
        size_t slot;

        if (entry == 0)
            continue;
        slot = hash_text(b->strings.data + entry - 1) & (capacity - 1);
        while (slots[slot])
            slot = (slot + 1) & (capacity - 1);
        slots[slot] = entry;
    }
    parity_free(b->interned);
    b->interned = slots;
    b->interned_capacity = capacity;
    return 0;
}

/* Puts a text into the string table, once. Returns 0 and sets *link, or -1. */
static int add_text(struct builder *b, const char *text, parity_blob_link *link)
{
    size_t slot;

    if (2 * b->interned_count >= b->interned_capacity && grow_interned(b) < 0) {
        parity_fail_nomem(b->err);
        return -1;
    }
    slot = hash_text(text) & (b->interned_capacity - 1);
    for (; b->interned[slot]; slot = (slot + 1) & (b->interned_capacity - 1)) {
        if (strcmp(b->strings.data + b->interned[slot] - 1, text) == 0) {
            *link = (parity_blob_link)b->interned[slot];
            return 0;
        }
    }
    b->interned[slot] = (uint32_t)b->strings.length + 1;
    b->interned_count++;
    *link = (parity_blob_link)b->interned[slot];
    parity_buffer_add(&b->strings, text, strlen(text) + 1);
    if (b->strings.failed) {
        parity_fail_nomem(b->err);
        return -1;
    }
    return 0;
}

/* The same for a JSON value: sets nothing unless it is a string. */
static int add_json_text(struct builder *b, const json_t *value, parity_blob_link *link)
{
    return json_is_string(value) ? add_text(b, json_string_value(value), link) : 0;
}

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

static const struct {
    const char *name;
    enum parity_trait trait;
} flags[] = {
    {"flattened", PARITY_TRAIT_FLATTENED},
    {"streaming", PARITY_TRAIT_STREAMING},
    {"xmlAttribute", PARITY_TRAIT_XML_ATTRIBUTE},
    {"eventstream", PARITY_TRAIT_EVENT_STREAM},
    {"event", PARITY_TRAIT_EVENT},
    {"eventheader", PARITY_TRAIT_EVENT_HEADER},
    {"eventpayload", PARITY_TRAIT_EVENT_PAYLOAD},
    {"jsonvalue", PARITY_TRAIT_JSON_VALUE},
    {"hostLabel", PARITY_TRAIT_HOST_LABEL},
    {"idempotencyToken", PARITY_TRAIT_IDEMPOTENCY_TOKEN},
    {"document", PARITY_TRAIT_DOCUMENT},
    {"union", PARITY_TRAIT_UNION},
    {"exception", PARITY_TRAIT_EXCEPTION},
    {"sensitive", PARITY_TRAIT_SENSITIVE},
    {"requiresLength", PARITY_TRAIT_REQUIRES_LENGTH},
    {"sparse", PARITY_TRAIT_SPARSE},
    {"retryable", PARITY_TRAIT_RETRYABLE},
    {"fault", PARITY_TRAIT_FAULT},
    {"deprecated", PARITY_TRAIT_DEPRECATED},
    {"endpointdiscoveryid", PARITY_TRAIT_DISCOVERY_ID},
};

static const struct {
    const char *name;
    enum parity_text_trait trait;
} texts[] = {
    {"queryName", PARITY_TEXT_QUERY_NAME},
    {"payload", PARITY_TEXT_PAYLOAD},
    {"resultWrapper", PARITY_TEXT_RESULT_WRAPPER},
    {"timestampFormat", PARITY_TEXT_TIMESTAMP_FORMAT},
    {"xmlNamespace", PARITY_TEXT_XML_NAMESPACE}, /* as a plain text; see add_extra() */
};

/* A shape and the reference to it, which may be NULL: the reference's traits win. */
struct use {
    const json_t *shape, *reference;
};

static const json_t *trait(const struct use *use, const char *name)
{
    const json_t *value = json_object_get(use->reference, name);

    return value ? value : json_object_get(use->shape, name);
}

/* Python's idea of a true value. */
static bool is_true(const json_t *value)
{
    if (json_is_string(value))
        return json_string_length(value) > 0;
    if (json_is_number(value))
        return json_number_value(value) != 0;
    return value && !json_is_false(value) && !json_is_null(value);
}

static uint32_t read_flags(const struct use *use)
{
    uint32_t result = 0;

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (is_true(trait(use, flags[i].name)))
            result |= flags[i].trait;
    if (is_true(json_object_get(trait(use, "retryable"), "throttling")))
        result |= PARITY_TRAIT_THROTTLING;
    return result;
}

static enum parity_location read_location(const struct use *use)
{
    static const struct {
        const char *name;
        enum parity_location location;
    } locations[] = {
        {"uri", PARITY_LOCATION_URI},
        {"querystring", PARITY_LOCATION_QUERYSTRING},
        {"header", PARITY_LOCATION_HEADER},
        {"headers", PARITY_LOCATION_HEADERS},
        {"statusCode", PARITY_LOCATION_STATUS_CODE},
    };
    const char *name = json_string_value(trait(use, "location"));

    if (!name)
        return PARITY_LOCATION_BODY;
    for (size_t i = 0; i < sizeof locations / sizeof *locations; i++)
        if (strcmp(locations[i].name, name) == 0)
            return locations[i].location;
    return PARITY_LOCATION_OTHER;
}

static int add_enum(struct builder *b, const json_t *values, struct parity_blob_extra *extra)
{
    size_t count = json_array_size(values);
    uint32_t first;

    if (count == 0)
        return 0;
    first = add(b, &b->enum_values, count, sizeof(parity_blob_link));
    if (!first)
        return -1;
    extra->enum_values = (parity_blob_link)first;
    extra->enum_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(values, i));
        parity_blob_link link;

        if (add_text(b, text ? text : "", &link) < 0)
            return -1;
        ((parity_blob_link *)b->enum_values.items)[first - 1 + i] = link;
    }
    return 0;
}

static int read_extra(struct builder *b, const struct use *use, struct parity_blob_extra *extra)
{
    const json_t *namespace = trait(use, "xmlNamespace");
    const json_t *min = trait(use, "min"), *max = trait(use, "max");

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (add_json_text(b, trait(use, texts[i].name), &extra->texts[texts[i].trait]) < 0)
            return -1;
    if (add_json_text(b, json_object_get(namespace, "uri"),
                      &extra->texts[PARITY_TEXT_XML_NAMESPACE]) < 0 ||
        add_json_text(b, json_object_get(namespace, "prefix"),
                      &extra->texts[PARITY_TEXT_XML_PREFIX]) < 0 ||
        add_json_text(b, json_object_get(trait(use, "contextParam"), "name"),
                      &extra->texts[PARITY_TEXT_CONTEXT_PARAM]) < 0 ||
        add_json_text(b, json_object_get(trait(use, "error"), "code"),
                      &extra->texts[PARITY_TEXT_ERROR_CODE]) < 0)
        return -1;
    extra->has_min = json_is_number(min);
    extra->has_max = json_is_number(max);
    extra->min = json_number_value(min);
    extra->max = json_number_value(max);
    return add_enum(b, trait(use, "enum"), extra);
}

/* Most uses have nothing of the rare kind, and most of the others have what their neighbour has. */
static int add_extra(struct builder *b, const struct use *use, parity_blob_link *link)
{
    static const struct parity_blob_extra nothing;
    struct parity_blob_extra extra;
    uint32_t position;

    memset(&extra, 0, sizeof extra); /* compared as bytes */
    if (read_extra(b, use, &extra) < 0)
        return -1;
    if (memcmp(&extra, &nothing, sizeof extra) == 0)
        return 0;
    if (b->extras.count > 0 &&
        memcmp(&extra, (struct parity_blob_extra *)b->extras.items + b->extras.count - 1,
               sizeof extra) == 0) {
        *link = (parity_blob_link)b->extras.count;
        return 0;
    }
    position = add(b, &b->extras, 1, sizeof extra);
    if (!position)
        return -1;
    ((struct parity_blob_extra *)b->extras.items)[position - 1] = extra;
    *link = (parity_blob_link)position;
    return 0;
}

static int fill_ref(struct builder *b, uint32_t position, const char *shape_name,
                    const json_t *reference, const char *where)
{
    struct parity_shape ref = {0};
    struct use use = {json_object_get(b->shapes, shape_name), reference};
    const json_t *body = json_object_get(b->positions, shape_name);

    if (!body) {
        parity_fail(b->err, PARITY_E_PARSE, b->name,
                    "%s refers to the shape '%s', which is missing", where, shape_name);
        return -1;
    }
    ref.body = (parity_blob_link)json_integer_value(body);
    ref.traits = read_flags(&use);
    ref.location = read_location(&use);
    if (add_json_text(b, trait(&use, "locationName"), &ref.location_name) < 0 ||
        add_extra(b, &use, &ref.extra) < 0)
        return -1;
    *ref_at(b, position) = ref;
    return 0;
}

/* A reference as it stands in the model: {"shape": NAME, traits…}. */
static int fill_reference(struct builder *b, uint32_t position, const json_t *reference,
                          const char *where)
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

static int add_members(struct builder *b, const char *shape_name, const json_t *shape,
                       uint32_t first)
{
    json_t *members = json_object_get(shape, "members");
    const json_t *required = json_object_get(shape, "required");
    const char *name;
    json_t *reference;

    json_object_foreach(members, name, reference) {
        uint32_t position = first++;
        parity_blob_link text;

        if (fill_reference(b, position, reference, shape_name) < 0 || add_text(b, name, &text) < 0)
            return -1;
        ref_at(b, position)->member_name = text;
        if (lists(required, name))
            ref_at(b, position)->traits |= PARITY_TRAIT_REQUIRED;
    }
    return 0;
}

static int add_body(struct builder *b, uint32_t position, const char *name, const json_t *shape)
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
    first = add(b, &b->refs, count, sizeof(struct parity_shape));
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
static int add_shape(struct builder *b, const char *name, const json_t *shape)
{
    const char *type = json_string_value(json_object_get(shape, "type"));
    uint32_t position = add(b, &b->bodies, 1, sizeof(struct parity_blob_body));
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
            return add_text(b, name, &body->name);
        }
    }
    parity_fail(b->err, PARITY_E_PARSE, b->name, "the shape '%s' has %s%s%s", name,
                type ? "the unknown type '" : "no type", type ? type : "", type ? "'" : "");
    return -1;
}

/* The code on the wire is `error.code`, else the shape's name. */
static int add_error(struct builder *b, const char *name, const json_t *shape)
{
    const char *code = json_string_value(json_object_get(json_object_get(shape, "error"), "code"));
    struct parity_blob_error error = {0};
    uint32_t position;

    if (!is_true(json_object_get(shape, "exception")))
        return 0;
    error.shape = (parity_blob_link)add(b, &b->refs, 1, sizeof(struct parity_shape));
    if (error.shape == 0 || fill_ref(b, (uint32_t)error.shape, name, NULL, name) < 0 ||
        add_text(b, code && *code ? code : name, &error.code) < 0)
        return -1;
    position = add(b, &b->errors, 1, sizeof error);
    if (!position)
        return -1;
    ((struct parity_blob_error *)b->errors.items)[position - 1] = error;
    return 0;
}

static int add_shapes(struct builder *b)
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
static int add_traits(struct builder *b, json_t *object, const char *const *without,
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
    rc = add_text(b, text.data, link);
out:
    if (rc < 0)
        parity_fail_nomem(b->err);
    json_decref(traits);
    parity_buffer_clear(&text);
    return rc;
}

static int add_operation_shape(struct builder *b, const char *name, const json_t *reference,
                               parity_blob_link *link)
{
    uint32_t position;

    if (!reference)
        return 0;
    position = add(b, &b->refs, 1, sizeof(struct parity_shape));
    *link = (parity_blob_link)position;
    return position ? fill_reference(b, position, reference, name) : -1;
}

static const char *text_or(const json_t *value, const char *otherwise)
{
    return json_is_string(value) ? json_string_value(value) : otherwise;
}

static int add_operation(struct builder *b, const char *name, json_t *model)
{
    static const char *const known[] = {"name",   "http",          "input", "output",
                                        "errors", "documentation", NULL};
    const json_t *http = json_object_get(model, "http");
    struct parity_blob_operation operation = {0};
    uint32_t position;

    operation.status = (uint32_t)json_integer_value(json_object_get(http, "responseCode"));
    if (add_text(b, name, &operation.name) < 0 ||
        add_text(b, text_or(json_object_get(model, "name"), name), &operation.wire_name) < 0 ||
        add_text(b, text_or(json_object_get(http, "method"), "POST"), &operation.method) < 0 ||
        add_text(b, text_or(json_object_get(http, "requestUri"), "/"), &operation.uri) < 0 ||
        add_traits(b, model, known, &operation.traits) < 0 ||
        add_operation_shape(b, name, json_object_get(model, "input"), &operation.input) < 0 ||
        add_operation_shape(b, name, json_object_get(model, "output"), &operation.output) < 0)
        return -1;
    position = add(b, &b->operations, 1, sizeof operation);
    if (!position)
        return -1;
    ((struct parity_blob_operation *)b->operations.items)[position - 1] = operation;
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int add_operations(struct builder *b, json_t *operations)
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

/* --- layout ------------------------------------------------------------------------------------
 */

struct layout {
    char *start;
    uint32_t bodies, refs, extras, operations, errors, enum_values, strings, size;
};

static uint32_t place(uint64_t *size, size_t count, size_t item_size)
{
    uint32_t start = (uint32_t)*size;

    *size = (*size + count * item_size + 7) & ~(uint64_t)7;
    return start;
}

/* Turns a 1-based position into the distance to the item. */
static void resolve(const struct layout *layout, parity_blob_link *link, uint32_t table,
                    size_t item_size)
{
    int64_t target;

    if (*link == 0)
        return;
    target = (int64_t)table + (int64_t)(*link - 1) * (int64_t)item_size;
    *link = (parity_blob_link)(target - ((char *)link - layout->start));
}

static void resolve_text(const struct layout *layout, parity_blob_link *link)
{
    resolve(layout, link, layout->strings, 1);
}

static void resolve_ref(const struct layout *layout, parity_blob_link *link)
{
    resolve(layout, link, layout->refs, sizeof(struct parity_shape));
}

static void resolve_shapes(const struct layout *layout, const struct builder *b)
{
    struct parity_blob_body *bodies = (void *)(layout->start + layout->bodies);
    struct parity_shape *refs = (void *)(layout->start + layout->refs);

    for (size_t i = 0; i < b->bodies.count; i++) {
        resolve_text(layout, &bodies[i].name);
        resolve_ref(layout, &bodies[i].members);
    }
    for (size_t i = 0; i < b->refs.count; i++) {
        resolve(layout, &refs[i].body, layout->bodies, sizeof *bodies);
        resolve_text(layout, &refs[i].member_name);
        resolve_text(layout, &refs[i].location_name);
        resolve(layout, &refs[i].extra, layout->extras, sizeof(struct parity_blob_extra));
    }
}

static void resolve_others(const struct layout *layout, const struct builder *b)
{
    struct parity_blob_extra *extras = (void *)(layout->start + layout->extras);
    struct parity_blob_operation *operations = (void *)(layout->start + layout->operations);
    struct parity_blob_error *errors = (void *)(layout->start + layout->errors);
    parity_blob_link *enum_values = (void *)(layout->start + layout->enum_values);

    for (size_t i = 0; i < b->extras.count; i++) {
        for (size_t j = 0; j < PARITY_TEXT_COUNT; j++)
            resolve_text(layout, &extras[i].texts[j]);
        resolve(layout, &extras[i].enum_values, layout->enum_values, sizeof *enum_values);
    }
    for (size_t i = 0; i < b->enum_values.count; i++)
        resolve_text(layout, &enum_values[i]);
    for (size_t i = 0; i < b->operations.count; i++) {
        resolve_text(layout, &operations[i].name);
        resolve_text(layout, &operations[i].wire_name);
        resolve_text(layout, &operations[i].method);
        resolve_text(layout, &operations[i].uri);
        resolve_text(layout, &operations[i].traits);
        resolve_ref(layout, &operations[i].input);
        resolve_ref(layout, &operations[i].output);
    }
    for (size_t i = 0; i < b->errors.count; i++) {
        resolve_text(layout, &errors[i].code);
        resolve_ref(layout, &errors[i].shape);
    }
}

static void copy_table(const struct layout *layout, uint32_t start, const struct table *table,
                       size_t item_size)
{
    if (table->count)
        memcpy(layout->start + start, table->items, table->count * item_size);
}

static struct parity_blob_table describe(const struct layout *layout,
                                         const struct parity_blob_table *field, uint32_t start,
                                         size_t count)
{
    return (struct parity_blob_table){
        (parity_blob_link)(start - (uint32_t)((const char *)field - layout->start)),
        (uint32_t)count};
}

static void fill_block(const struct layout *layout, const struct builder *b,
                       parity_blob_link source, parity_blob_link traits)
{
    struct parity_blob *blob = (void *)layout->start;

    copy_table(layout, layout->bodies, &b->bodies, sizeof(struct parity_blob_body));
    copy_table(layout, layout->refs, &b->refs, sizeof(struct parity_shape));
    copy_table(layout, layout->extras, &b->extras, sizeof(struct parity_blob_extra));
    copy_table(layout, layout->operations, &b->operations, sizeof(struct parity_blob_operation));
    copy_table(layout, layout->errors, &b->errors, sizeof(struct parity_blob_error));
    copy_table(layout, layout->enum_values, &b->enum_values, sizeof(parity_blob_link));
    memcpy(layout->start + layout->strings, b->strings.data, b->strings.length);
    memcpy(blob->magic, PARITY_BLOB_MAGIC, sizeof blob->magic);
    blob->version = PARITY_BLOB_VERSION;
    blob->size = layout->size;
    blob->source = source;
    blob->traits = traits;
    resolve_text(layout, &blob->source);
    resolve_text(layout, &blob->traits);
    blob->bodies = describe(layout, &blob->bodies, layout->bodies, b->bodies.count);
    blob->refs = describe(layout, &blob->refs, layout->refs, b->refs.count);
    blob->extras = describe(layout, &blob->extras, layout->extras, b->extras.count);
    blob->operations = describe(layout, &blob->operations, layout->operations, b->operations.count);
    blob->errors = describe(layout, &blob->errors, layout->errors, b->errors.count);
    blob->enum_values =
        describe(layout, &blob->enum_values, layout->enum_values, b->enum_values.count);
    blob->strings = describe(layout, &blob->strings, layout->strings, b->strings.length);
    resolve_shapes(layout, b);
    resolve_others(layout, b);
    blob->checksum = parity_blob_checksum(blob, layout->size);
}

static int write_block(struct builder *b, parity_blob_link source, parity_blob_link traits,
                       struct parity_buffer *out)
{
    uint64_t size = (sizeof(struct parity_blob) + 7) & ~(uint64_t)7;
    struct layout layout = {0};

    layout.bodies = place(&size, b->bodies.count, sizeof(struct parity_blob_body));
    layout.refs = place(&size, b->refs.count, sizeof(struct parity_shape));
    layout.extras = place(&size, b->extras.count, sizeof(struct parity_blob_extra));
    layout.operations = place(&size, b->operations.count, sizeof(struct parity_blob_operation));
    layout.errors = place(&size, b->errors.count, sizeof(struct parity_blob_error));
    layout.enum_values = place(&size, b->enum_values.count, sizeof(parity_blob_link));
    layout.strings = place(&size, b->strings.length, 1);
    if (size > INT32_MAX) {
        parity_fail(b->err, PARITY_E_LIMIT, b->name, "the model is too large");
        return -1;
    }
    layout.size = (uint32_t)size;
    if (parity_buffer_reserve(out, layout.size) < 0) {
        parity_fail_nomem(b->err);
        return -1;
    }
    layout.start = out->data;
    memset(layout.start, 0, layout.size + (size_t)1);
    out->length = layout.size;
    fill_block(&layout, b, source, traits);
    return 0;
}

static void builder_clear(struct builder *b)
{
    json_decref(b->positions);
    parity_free(b->bodies.items);
    parity_free(b->refs.items);
    parity_free(b->extras.items);
    parity_free(b->operations.items);
    parity_free(b->errors.items);
    parity_free(b->enum_values.items);
    parity_free(b->interned);
    parity_buffer_clear(&b->strings);
}

int parity_blob_compile(json_t *model, const char *name, const char *source,
                        struct parity_buffer *out, struct parity_error *err)
{
    static const char *const large[] = {"operations", "shapes", "documentation", "examples", NULL};
    struct builder b = {.name = name, .err = err, .positions = json_object()};
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
    if (add_text(&b, source, &source_text) < 0 || add_traits(&b, model, large, &traits) < 0 ||
        add_shapes(&b) < 0 || add_operations(&b, json_object_get(model, "operations")) < 0)
        goto out;
    rc = write_block(&b, source_text, traits, out);
out:
    builder_clear(&b);
    return rc;
}
