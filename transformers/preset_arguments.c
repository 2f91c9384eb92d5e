/* SPDX-License-Identifier: Apache-2.0 */
#include "preset_arguments.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/reference.h"
#include "base/suggest.h"
#include "preset_fill.h"
#include "preset_value.h"
#include "spec.h"

/* A preset while the values are found that its transformers name. */
struct binding {
    json_t *parameters, *values; /* borrowed; may be NULL */
    json_t *bound;               /* {name: value} */
    bool trial;
    struct parity_error *err;
};

/* --- parameters --------------------------------------------------------------------------------
 */

enum { ANY_KIND = -1 };

/* What an argument may be, and what stands for one that is not known yet. */
static const struct type {
    const char *name, *article, *sample;
    int kind; /* of parity_json_kind(); ANY_KIND: each */
} types[] = {
    {"text", "a text", "\"x\"", PARITY_JSON_STRING},
    {"integer", "a whole number", "0", PARITY_JSON_INTEGER},
    {"object", "an object", "{}", PARITY_JSON_OBJECT},
    {"list", "a list", "[]", PARITY_JSON_ARRAY},
    {"any", "anything", "\"x\"", ANY_KIND},
};

static bool has_type(const json_t *value, const struct type *type)
{
    return type->kind == ANY_KIND || (int)parity_json_kind(value) == type->kind;
}

static json_t *sample_of(const struct type *type)
{
    json_t *sample = NULL;

    (void)parity_json_parse(type->sample, strlen(type->sample), NULL, &sample, NULL);
    return sample;
}

/* The type that a parameter is declared with; NULL: the declaration is broken. */
static const struct type *read_parameter(const char *name, const json_t *parameter,
                                         struct parity_error *err)
{
    const char *type = json_string_value(json_object_get(parameter, "type")), *member;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)parameter, member, value) {
        if (strcmp(member, "type") != 0 && strcmp(member, "default") != 0 &&
            strcmp(member, "about") != 0)
            type = NULL;
    }
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, type) == 0)
            return &types[i];
    parity_fail(
        err, PARITY_E_INVALID, NULL,
        "the parameter '%s' must look like {\"type\": \"text\"}, with one of text, integer, "
        "object, list and any, and may have 'default' and 'about'",
        name);
    return NULL;
}

/* The names of the parameters, for messages. */
static void list_parameters(const struct binding *binding, char *out, size_t size)
{
    const char *name;
    json_t *parameter;
    size_t used = 0;

    snprintf(out, size, "none");
    json_object_foreach(binding->parameters, name, parameter) {
        if (used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%.40s", used ? ", " : "", name);
    }
}

static int check_names(const struct binding *binding, const json_t *arguments)
{
    const char *name, *known, *nearest = NULL;
    json_t *argument, *parameter;
    char all[160];

    json_object_foreach((json_t *)(uintptr_t)arguments, name, argument) {
        if (json_object_get(binding->parameters, name))
            continue;
        json_object_foreach(binding->parameters, known, parameter)
            nearest = parity_suggest(name, nearest, known);
        list_parameters(binding, all, sizeof all);
        parity_fail(binding->err, PARITY_E_INVALID, NULL,
                    "there is no argument '%.60s'%s%s%s (the preset takes: %s)", name,
                    nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "",
                    all);
        return -1;
    }
    return 0;
}

static int check_type(const struct binding *binding, const char *name, const json_t *argument,
                      const struct type *type)
{
    bool open = binding->trial && parity_reference_occurs(argument);

    if (!argument || open || has_type(argument, type))
        return 0;
    parity_fail(binding->err, PARITY_E_INVALID, NULL, "the argument '%s' must be %s", name,
                type->article);
    return -1;
}

static int bind_parameter(const struct binding *binding, const char *name, const json_t *parameter,
                          json_t *argument)
{
    const struct type *type = read_parameter(name, parameter, binding->err);
    json_t *usual = json_object_get(parameter, "default");
    char all[160];

    if (!type || check_type(binding, name, usual, type) < 0 ||
        check_type(binding, name, argument, type) < 0)
        return -1;
    if (!argument && !usual) {
        list_parameters(binding, all, sizeof all);
        parity_fail(binding->err, PARITY_E_INVALID, NULL,
                    "the argument '%s' is missing; the preset takes values of the run (%s): "
                    "\"arguments\" in data, transform_preset() in a test",
                    name, all);
        return -1;
    }
    return json_object_set_new_nocheck(binding->bound, name,
                                       binding->trial ? sample_of(type)
                                                      : json_incref(argument ? argument : usual));
}

static int bind_parameters(const struct binding *binding, const json_t *arguments)
{
    const char *name;
    json_t *parameter;

    if (arguments && !json_is_object(arguments)) {
        parity_fail(binding->err, PARITY_E_INVALID, NULL,
                    "the arguments must be an object from names to values");
        return -1;
    }
    if (check_names(binding, arguments) < 0)
        return -1;
    json_object_foreach(binding->parameters, name, parameter)
        if (bind_parameter(binding, name, parameter, json_object_get(arguments, name)) < 0)
            return -1;
    return 0;
}

/* --- values ------------------------------------------------------------------------------------
 */

/* A value that need not be there stays away; so does one that is made of it. */
static int derive(const struct binding *binding, const char *name,
                  const struct parity_preset_value *value)
{
    struct parity_error reason = {0};
    json_t *source = json_object_getn(binding->bound, value->of.data, value->of.length);
    json_t *text = NULL;

    if (!source &&
        (binding->trial || !json_object_getn(binding->values, value->of.data, value->of.length))) {
        parity_fail(binding->err, PARITY_E_INVALID, NULL,
                    "'of' must name a parameter or an earlier value, not '%.60s'", value->of.data);
        return -1;
    }
    if (!source)
        return 0;
    if (binding->trial) {
        text = json_string("x");
    } else if (parity_preset_value_derive(value, source, &text, &reason) < 0) {
        if (value->optional && reason.code == PARITY_E_INVALID)
            return 0;
        parity_fail(binding->err, reason.code, NULL, "%s", reason.message);
        return -1;
    }
    return json_object_set_new_nocheck(binding->bound, name, text);
}

static int bind_value(const struct binding *binding, const char *name, const json_t *spec)
{
    struct parity_preset_value value;
    int rc = parity_preset_value_read(spec, &value, binding->err);

    if (rc == 0 && json_object_get(binding->parameters, name)) {
        parity_fail(binding->err, PARITY_E_INVALID, NULL, "a parameter has the same name");
        rc = -1;
    }
    if (rc == 0)
        rc = derive(binding, name, &value);
    parity_preset_value_clear(&value);
    return rc;
}

static int bind_values(const struct binding *binding)
{
    const char *name;
    json_t *spec;

    json_object_foreach(binding->values, name, spec) {
        if (bind_value(binding, name, spec) < 0) {
            parity_error_add_context(binding->err, "value '%s'", name);
            return -1;
        }
    }
    return 0;
}

/* --- both --------------------------------------------------------------------------------------
 */

json_t *parity_preset_bind(const json_t *preset, const json_t *arguments, bool trial,
                           struct parity_error *err)
{
    json_t *transformers = json_object_get(preset, "transformers"), *filled = NULL;
    struct binding binding = {.parameters = json_object_get(preset, "parameters"),
                              .values = json_object_get(preset, "values"),
                              .trial = trial,
                              .err = err};

    if (!binding.parameters && !arguments)
        return json_incref(transformers);
    binding.bound = json_object();
    if (!binding.bound || bind_parameters(&binding, arguments) < 0 || bind_values(&binding) < 0)
        filled = NULL;
    else if (!binding.parameters)
        filled = json_incref(transformers); /* a `${` means what stands there */
    else
        filled = parity_preset_fill(transformers, binding.bound, binding.values, err);
    if (!filled)
        parity_fail_nomem(err); /* unless there is a better reason */
    json_decref(binding.bound);
    return filled;
}
