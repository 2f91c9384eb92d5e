/* SPDX-License-Identifier: Apache-2.0 */
#include "spec.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/suggest.h"
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
    const char
        *members; /* names, each followed by a blank; `type` and `priority` are always known */
    struct parity_transformer *(*make)(const json_t *spec, struct parity_error *err);
} kinds[] = {
    {"json_string", "key ", parity_json_string_make},
    {"jsonpath", "path replacement reference ", parity_jsonpath_make},
    {"key_value",
     "key key_pattern value_type value_pattern unless_value_pattern group json take replacement "
     "reference ",
     parity_key_value_make},
    {"preset", "name ", NULL},
    {"regex", "pattern replacement ", parity_regex_make},
    {"remove_key", "key ", parity_remove_key_make},
    {"resource_name", "replacement ", parity_resource_name_make},
    {"response_metadata", "", parity_response_metadata_make},
    {"sorting", "key by ", parity_sorting_make},
    {"text", "text replacement ", parity_text_make},
    {"timestamp", "", parity_timestamp_make},
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

static bool is_listed(const char *names, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = names; *at; at = strchr(at, ' ') + 1)
        if (strncmp(at, name, length) == 0 && at[length] == ' ')
            return true;
    return false;
}

static int check_members(const struct kind *kind, const json_t *spec, struct parity_error *err)
{
    json_t *mutable = (json_t *)(uintptr_t)spec; /* iterators take no const */

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        const char *name = json_object_iter_key(m);

        if (is_listed("type priority ", name) || is_listed(kind->members, name))
            continue;
        parity_fail(err, PARITY_E_INVALID, NULL, "'%s' has no member '%.60s'; it takes: %s",
                    kind->type, name, kind->members);
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

static int add_at(struct parity_transformers *list, const json_t *spec, const int *priority,
                  int depth, struct parity_error *err);

static int add_preset(struct parity_transformers *list, const json_t *spec, int priority, int depth,
                      struct parity_error *err)
{
    struct parity_spec_text name;
    json_t *specs, *item;
    size_t i;
    int rc = 0;

    if (parity_spec_text(spec, "name", true, &name, err) < 0)
        return -1;
    if (depth >= MAX_PRESET_DEPTH) {
        parity_fail(err, PARITY_E_INVALID, NULL, "preset '%s' names itself", name.data);
        return -1;
    }
    specs = parity_preset_read(name.data, err);
    if (!specs)
        return -1;
    json_array_foreach(specs, i, item) {
        rc = add_at(list, item, &priority, depth + 1, err);
        if (rc < 0) {
            parity_error_add_context(err, "preset %s", name.data);
            break;
        }
    }
    json_decref(specs);
    return rc;
}

/* `priority` overrides that of the spec: a preset's transformers all take the preset's. */
static int add_at(struct parity_transformers *list, const json_t *spec, const int *priority,
                  int depth, struct parity_error *err)
{
    struct parity_spec_text type;
    const struct kind *kind;
    struct parity_transformer *made;
    int own;

    if (!json_is_object(spec)) {
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "a transformer must be an object like {\"type\": \"text\", …}");
        return -1;
    }
    if (parity_spec_text(spec, "type", true, &type, err) < 0)
        return -1;
    kind = find_kind(type.data, err);
    if (!kind || check_members(kind, spec, err) < 0 || read_priority(spec, &own, err) < 0)
        return -1;
    if (!kind->make)
        return add_preset(list, spec, priority ? *priority : own, depth, err);
    made = kind->make(spec, err);
    if (!made)
        return -1;
    made->from_preset = depth > 0;
    if (parity_transformers_add(list, made, priority ? *priority : own) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

int parity_transformers_add_spec(struct parity_transformers *list, const json_t *spec,
                                 struct parity_error *err)
{
    return add_at(list, spec, NULL, 0, err);
}
