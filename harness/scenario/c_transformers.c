/* SPDX-License-Identifier: Apache-2.0 */
/* Transformers as suites write them. */
#include <stdint.h>
#include <string.h>

#include "scenario/c_body.h"

/* The short forms of parity/suite.h, with the members that stand in their parentheses. */
static const struct form {
    const char *type, *macro;
    const char *members[3]; /* NULL ends them */
    bool takes_more;        /* further members of the structure, at its end */
} forms[] = {
    {"preset", "preset", {"name"}, true},
    {"regex", "regex", {"pattern", "replacement"}, true},
    {"text", "literal", {"text", "replacement"}, true},
    {"key_value", "key_value", {"key", "replacement"}, true},
    {"jsonpath", "jsonpath", {"path", "replacement"}, true},
    {"json_string", "json_string", {"key"}, true},
    {"sorting", "sorting", {"key"}, true},
    {"remove_key", "remove_key", {"key"}, true},
    {"resource_name", "resource_name", {NULL}, false},
    {"timestamp", "timestamps", {NULL}, false},
    {"response_metadata", "response_metadata", {NULL}, false},
};

enum { FORMS = sizeof forms / sizeof *forms };

static bool is_listed(const struct form *form, const char *name)
{
    for (size_t i = 0; form->members[i]; i++)
        if (strcmp(form->members[i], name) == 0)
            return true;
    return false;
}

/* Whether a member of the structure says the same as one of the specification. */
static bool can_follow(const char *name, const json_t *value)
{
    return (strcmp(name, "by") == 0 && json_is_string(value)) ||
           (strcmp(name, "reference") == 0 && json_is_boolean(value)) ||
           (strcmp(name, "priority") == 0 && json_is_integer(value));
}

/* The form that says all that a specification says; NULL: there is none. */
static const struct form *form_of(const json_t *spec)
{
    json_t *mutable = (json_t *)(uintptr_t)spec; /* iterators take no const */
    const char *type = json_string_value(json_object_get(spec, "type"));
    const struct form *form = NULL;

    for (size_t i = 0; i < FORMS && type && !form; i++)
        if (strcmp(forms[i].type, type) == 0)
            form = &forms[i];
    for (size_t i = 0; form && form->members[i]; i++)
        if (!json_is_string(json_object_get(spec, form->members[i])))
            return NULL;
    for (void *m = json_object_iter(mutable); form && m; m = json_object_iter_next(mutable, m)) {
        const char *name = json_object_iter_key(m);

        if (strcmp(name, "type") != 0 && !is_listed(form, name) &&
            !(form->takes_more && can_follow(name, json_object_iter_value(m))))
            return NULL;
    }
    return form;
}

bool parity_c_transformer_is_static(const json_t *spec)
{
    return form_of(spec) && !parity_reference_occurs(spec);
}

/* @param body  NULL: there are no references */
static json_t *expression_of(struct parity_c_body *body, const struct form *form,
                             const json_t *spec)
{
    const json_t *by = json_object_get(spec, "by"), *priority = json_object_get(spec, "priority");
    json_t *expression = parity_c_call(form->macro);

    for (size_t i = 0; form->members[i]; i++) {
        const json_t *text = json_object_get(spec, form->members[i]);

        expression = parity_c_add(expression, body ? parity_c_text(body, text, form->members[i])
                                                   : parity_c_literal(json_string_value(text)));
    }
    if (by)
        expression = parity_c_add(
            expression, parity_c_joined(".by = ", body ? parity_c_text(body, by, "by")
                                                       : parity_c_literal(json_string_value(by))));
    if (json_is_false(json_object_get(spec, "reference")))
        expression = parity_c_add(expression, parity_c_words(".direct = true"));
    if (json_integer_value(priority) != 0)
        expression =
            parity_c_add(expression, parity_c_format(".priority = %lld",
                                                     (long long)json_integer_value(priority)));
    return expression;
}

json_t *parity_c_transformer(const json_t *spec)
{
    return expression_of(NULL, form_of(spec), spec);
}

/* Whether transform_preset() says all that a specification says. */
static bool takes_arguments(const json_t *spec)
{
    const char *type = json_string_value(json_object_get(spec, "type"));
    const json_t *name = json_object_get(spec, "name");

    return type && strcmp(type, "preset") == 0 && json_is_string(name) &&
           !parity_reference_occurs(name) && json_is_object(json_object_get(spec, "arguments")) &&
           json_object_size(spec) == 3;
}

static json_t *preset_call(struct parity_c_body *body, const json_t *spec)
{
    json_t *call = parity_c_add(parity_c_call("transform_preset"), parity_c_words("t"));
    const char *name = json_string_value(json_object_get(spec, "name"));

    call = parity_c_add(call, parity_c_literal(name));
    return parity_c_add_template(body, call, json_object_get(spec, "arguments"));
}

static json_t *transform_call(struct parity_c_body *body, const json_t *spec)
{
    const struct form *form = form_of(spec);
    json_t *call = parity_c_call(form ? "transform" : "transform_json");

    call = parity_c_add(call, parity_c_words("t"));
    return form ? parity_c_add(call, expression_of(body, form, spec))
                : parity_c_add_template(body, call, spec);
}

void parity_c_add_transform(struct parity_c_body *body, const json_t *spec)
{
    parity_c_add_declarative(body, takes_arguments(spec) ? preset_call(body, spec)
                                                         : transform_call(body, spec));
}
