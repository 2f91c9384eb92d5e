/* SPDX-License-Identifier: Apache-2.0 */
#include "spec.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/suggest.h"
#include "preset_arguments.h"
#include "transformer.h"

enum { MAX_PRESET_DEPTH = 8 }; /* presets that name presets */

int parity_spec_text(const json_t *spec, const char *name, bool required,
                     struct parity_spec_text *out, struct parity_error *err)
{
    const json_t *member = json_object_get(spec, name);

    *out = (struct parity_spec_text){json_string_value(member), json_string_length(member)};
    if (out->data || (!member && !required))
        return 0;
    if (member)
        parity_fail(err, PARITY_E_INVALID, NULL, "member '%s' must be a string", name);
    else
        parity_fail(err, PARITY_E_INVALID, NULL, "member '%s' is missing", name);
    return -1;
}

int parity_spec_bool(const json_t *spec, const char *name, bool fallback, bool *out,
                     struct parity_error *err)
{
    const json_t *member = json_object_get(spec, name);

    *out = member ? json_is_true(member) : fallback;
    if (!member || json_is_boolean(member))
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL, "member '%s' must be true or false", name);
    return -1;
}

static const struct kind {
    const char *type;
    const char *members[12]; /* besides `type` and `priority` */
    struct parity_transformer *(*make)(const json_t *spec, struct parity_error *err);
} kinds[] = {
    {"json_string", {"key"}, parity_json_string_make},
    {"jsonpath", {"path", "replacement", "reference"}, parity_jsonpath_make},
    {"key_value",
     {"key", "key_pattern", "value_type", "value_pattern", "unless_value_pattern", "group", "json",
      "take", "replacement", "reference"},
     parity_key_value_make},
    {"preset", {"name", "arguments"}, NULL},
    {"regex", {"pattern", "replacement"}, parity_regex_make},
    {"remove_key", {"key"}, parity_remove_key_make},
    {"resource_name", {"replacement"}, parity_resource_name_make},
    {"response_metadata", {NULL}, parity_response_metadata_make},
    {"sorting", {"key", "by"}, parity_sorting_make},
    {"span", {"key", "by", "from", "to", "set"}, parity_span_make},
    {"text", {"text", "replacement"}, parity_text_make},
    {"timestamp", {NULL}, parity_timestamp_make},
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

static const struct kind *find_kind(const char *type, struct parity_error *err)
{
    const char *nearest = NULL;

    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strcmp(kinds[i].type, type) == 0)
            return &kinds[i];
    for (size_t i = 0; i < KIND_COUNT; i++)
        nearest = parity_suggest(type, nearest, kinds[i].type);
    parity_fail(err, PARITY_E_INVALID, NULL, "unknown transformer type '%.60s'%s%s%s", type,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
}

static bool is_member(const struct kind *kind, const char *name)
{
    if (strcmp(name, "type") == 0 || strcmp(name, "priority") == 0)
        return true;
    for (const char *const *member = kind->members; *member; member++)
        if (strcmp(*member, name) == 0)
            return true;
    return false;
}

static void fail_member(const struct kind *kind, const char *name, struct parity_error *err)
{
    const char *nearest = parity_suggest(name, NULL, "priority");
    struct parity_buffer all = {0};

    for (const char *const *member = kind->members; *member; member++) {
        nearest = parity_suggest(name, nearest, *member);
        parity_buffer_printf(&all, "%s, ", *member);
    }
    parity_buffer_add_text(&all, "priority");
    if (all.failed)
        parity_fail_nomem(err);
    else
        parity_fail(err, PARITY_E_INVALID, NULL, "'%s' has no member '%.60s'%s%s%s; it takes: %s",
                    kind->type, name, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                    nearest ? "'?" : "", all.data);
    parity_buffer_clear(&all);
}

static int check_members(const struct kind *kind, const json_t *spec, struct parity_error *err)
{
    json_t *mutable = (json_t *)(uintptr_t)spec; /* iterators take no const */

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
        if (!is_member(kind, json_object_iter_key(m))) {
            fail_member(kind, json_object_iter_key(m), err);
            return -1;
        }
    return 0;
}

static int read_priority(const json_t *spec, int *out, struct parity_error *err)
{
    const json_t *member = json_object_get(spec, "priority");
    json_int_t value = json_integer_value(member);

    if (member && (!json_is_integer(member) || value < INT_MIN || value > INT_MAX)) {
        parity_fail(err, PARITY_E_INVALID, NULL, "member 'priority' must be an integer");
        return -1;
    }
    *out = (int)value;
    return 0;
}

/* Where a spec stands. */
struct place {
    struct parity_transformers *list;
    const char *name;     /* of the preset that it is in; NULL: it is in none */
    const json_t *preset; /* that one */
    int priority;         /* of the preset, for all its transformers */
    int depth;            /* how many presets it is in */
    bool trial;           /* nothing but mistakes is wanted: what a preset needs is not known yet */
};

static int add_at(const struct place *place, const json_t *spec, struct parity_error *err);

/* A preset that names itself means the one it overrides. */
static json_t *read_preset(const struct place *place, const char *name, struct parity_error *err)
{
    json_t *overridden = NULL;

    if (place->name && strcmp(name, place->name) == 0)
        overridden = json_object_get(place->preset, "overrides");
    if (overridden)
        return json_incref(overridden);
    if (place->depth < MAX_PRESET_DEPTH)
        return parity_preset_read(name, err);
    parity_fail(err, PARITY_E_INVALID, NULL, "preset '%s' names itself", name);
    return NULL;
}

static int add_preset(const struct place *place, const json_t *spec, int priority,
                      struct parity_error *err)
{
    struct place inside = {.list = place->list,
                           .priority = priority,
                           .depth = place->depth + 1,
                           .trial = place->trial};
    const json_t *item;
    struct parity_spec_text name;
    json_t *preset, *specs;
    size_t i;
    int rc;

    if (parity_spec_text(spec, "name", true, &name, err) < 0 ||
        !(preset = read_preset(place, name.data, err)))
        return -1;
    inside.name = name.data;
    inside.preset = preset;
    specs = parity_preset_bind(preset, json_object_get(spec, "arguments"), place->trial, err);
    rc = specs ? 0 : -1;
    json_array_foreach(specs, i, item)
        if (rc == 0)
            rc = add_at(&inside, item, err);
    if (rc < 0)
        parity_error_add_context(err, "preset %s", name.data);
    json_decref(specs);
    json_decref(preset);
    return rc;
}

static int add_at(const struct place *place, const json_t *spec, struct parity_error *err)
{
    struct parity_spec_text type;
    const struct kind *kind;
    struct parity_transformer *made;
    int priority;

    if (!json_is_object(spec)) {
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "a transformer must be an object like {\"type\": \"text\", …}");
        return -1;
    }
    if (parity_spec_text(spec, "type", true, &type, err) < 0)
        return -1;
    kind = find_kind(type.data, err);
    if (!kind || check_members(kind, spec, err) < 0 || read_priority(spec, &priority, err) < 0)
        return -1;
    if (place->name)
        priority = place->priority;
    if (!kind->make)
        return add_preset(place, spec, priority, err);
    made = kind->make(spec, err);
    if (!made)
        return -1;
    made->from_preset = place->depth > 0;
    if (parity_transformers_add(place->list, made, priority) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

int parity_transformers_add_spec(struct parity_transformers *list, const json_t *spec,
                                 struct parity_error *err)
{
    return add_at(&(const struct place){.list = list}, spec, err);
}

int parity_transformers_check_names(const json_t *spec, struct parity_error *err)
{
    struct parity_spec_text type;
    const struct kind *kind;

    if (parity_spec_text(spec, "type", true, &type, err) < 0)
        return -1;
    kind = find_kind(type.data, err);
    return kind ? check_members(kind, spec, err) : -1;
}

int parity_transformers_try_spec(const json_t *spec, struct parity_error *err)
{
    struct parity_transformers list = {0};
    int rc = add_at(&(const struct place){.list = &list, .trial = true}, spec, err);

    parity_transformers_clear(&list);
    return rc;
}
