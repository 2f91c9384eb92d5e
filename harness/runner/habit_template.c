/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/habit_template.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"

enum { DEEPEST = 6 };

/* jansson iterates without const. */
static json_t *mutable(const json_t *value)
{
    return (json_t *)(uintptr_t)value;
}

/* --- finding -----------------------------------------------------------------------------------
 */

/* Whether a text or number stands in a document; appends the steps to it to `path`.
 * @param name  only as a member of this name @param at  the name of what `document` is a value of
 */
static bool find(const json_t *document, const json_t *wanted, const char *name, const char *at,
                 json_t *path)
{
    const char *member;
    json_t *value;
    size_t i;

    if (json_is_string(document) || json_is_integer(document))
        return (!name || (at && strcasecmp(name, at) == 0)) && parity_json_equal(document, wanted);
    if (json_array_size(path) >= DEEPEST)
        return false;
    json_array_foreach(mutable(document), i, value) {
        json_array_append_new(path, json_integer((json_int_t)i));
        if (find(value, wanted, name, at, path))
            return true;
        json_array_remove(path, json_array_size(path) - 1);
    }
    json_object_foreach(mutable(document), member, value) {
        json_array_append_new(path, json_string_nocheck(member));
        if (find(value, wanted, name, member, path))
            return true;
        json_array_remove(path, json_array_size(path) - 1);
    }
    return false;
}

/* By its own name first, and what the caller chose before what the service chose. A number is known
 * by its name alone. New; NULL: it is nowhere. */
static json_t *find_place(const json_t *wanted, const char *name,
                          const struct parity_habit_source *source)
{
    const struct {
        const char *of, *name;
        const json_t *document;
    } places[] = {
        {"input", name, source->input},
        {"output", name, source->output},
        {"input", NULL, source->input},
        {"output", NULL, source->output},
    };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *text = json_string_value(wanted);
        bool changes = text && source->mark && strstr(text, source->mark);
        json_t *path = places[i].name || text ? json_array() : NULL;

        if (path && find(places[i].document, wanted, places[i].name, NULL, path))
            return places[i].of[0] == 'o' || changes
                       ? json_pack("{s:s, s:o}", "$of", places[i].of, "path", path)
                       : json_pack("{s:s, s:o, s:O}", "$of", places[i].of, "path", path, "is",
                                   wanted);
        json_decref(path);
    }
    return NULL;
}

/* --- the form ----------------------------------------------------------------------------------
 */

static json_t *template_of(const json_t *value, const char *name,
                           const struct parity_habit_source *source)
{
    const char *member;
    json_t *form = NULL, *item, *part;
    size_t i;

    if (json_is_string(value) || json_is_integer(value))
        form = find_place(value, name, source);
    if (form || json_is_string(value))
        return form;
    if (!json_is_array(value) && !json_is_object(value))
        return json_incref(mutable(value));
    form = json_is_array(value) ? json_array() : json_object();
    json_array_foreach(mutable(value), i, item) {
        part = form ? template_of(item, name, source) : NULL;
        if (!part || json_array_append_new(form, part) < 0)
            goto fail;
    }
    json_object_foreach(mutable(value), member, item) {
        part = form ? template_of(item, member, source) : NULL;
        if (!part || json_object_set_new_nocheck(form, member, part) < 0)
            goto fail;
    }
    return form;
fail:
    json_decref(form);
    return NULL;
}

json_t *parity_habit_template(const json_t *value, const struct parity_habit_source *source)
{
    return json_object_size(value) > 0 ? template_of(value, NULL, source) : NULL;
}

/* --- filling it --------------------------------------------------------------------------------
 */

static const json_t *step_into(const json_t *value, const json_t *step)
{
    if (json_is_integer(step))
        return json_array_get(value, (size_t)json_integer_value(step));
    return json_is_string(step) ? json_object_get(value, json_string_value(step)) : NULL;
}

/* New; NULL: it is not there, or not what it was. */
static json_t *look_up(const json_t *form, const struct parity_habit_source *source)
{
    const char *of = json_string_value(json_object_get(form, "$of"));
    const json_t *value = of && strcmp(of, "input") == 0 ? source->input : source->output;
    const json_t *path = json_object_get(form, "path"), *is = json_object_get(form, "is"), *step;
    size_t i;

    json_array_foreach(path, i, step)
        value = step_into(value, step);
    if (!(json_is_integer(value) || json_string_length(value) > 0) ||
        (is && !parity_json_equal(is, value)))
        return NULL;
    return json_incref(mutable(value));
}

json_t *parity_habit_fill(const json_t *form, const struct parity_habit_source *source)
{
    const char *member;
    json_t *value, *item, *part;
    size_t i;

    if (json_object_get(form, "$of"))
        return look_up(form, source);
    if (!json_is_array(form) && !json_is_object(form))
        return json_incref(mutable(form));
    value = json_is_array(form) ? json_array() : json_object();
    json_array_foreach(mutable(form), i, item) {
        part = value ? parity_habit_fill(item, source) : NULL;
        if (!part || json_array_append_new(value, part) < 0)
            goto fail;
    }
    json_object_foreach(mutable(form), member, item) {
        part = value ? parity_habit_fill(item, source) : NULL;
        if (!part || json_object_set_new_nocheck(value, member, part) < 0)
            goto fail;
    }
    return value;
fail:
    json_decref(value);
    return NULL;
}
