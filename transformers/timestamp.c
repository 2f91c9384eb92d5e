/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "python_regex.h"
#include "spec.h"

/* `timestamp`: dates become placeholders that say in which of four forms they were written. */

static const struct form {
    const char *pattern; /* at the beginning of the string; the rest of it is lost */
    const char *placeholder;
} forms[] = {
    {"\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}.\\d{3}Z", "<timestamp:2022-07-13T13:48:01.000Z>"},
    {"\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}.\\d{3}\\+\\d{4}",
     "<timestamp:2022-07-13T13:48:01.000+0000>"},
    {"\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}.\\d{6}\\+\\d{2}:\\d{2}",
     "<timestamp:2022-07-13T13:48:01.000000+00:00>"},
    {"\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z", "<timestamp:2022-07-13T13:48:01Z>"},
};

enum { FORM_COUNT = sizeof forms / sizeof *forms };

struct timestamp_transformer {
    struct parity_transformer base;
    struct parity_python_regex *forms[FORM_COUNT];
};

/* The placeholder for a string, NULL if it is no timestamp; -1 through the result. */
static int find_form(const struct timestamp_transformer *self, const json_t *string,
                     const char **out, struct parity_error *err)
{
    const char *text = json_string_value(string);
    size_t length = json_string_length(string);

    *out = NULL;
    /* A digit comes first: one of ASCII, or, as in Python, one of another script. */
    if (!isdigit((unsigned char)text[0]) && (unsigned char)text[0] < 0x80)
        return 0;
    for (size_t i = 0; i < FORM_COUNT; i++) {
        int rc = parity_python_regex_match(self->forms[i], text, length, 0, NULL, err);

        if (rc == 1)
            *out = forms[i].placeholder;
        if (rc != 0)
            return rc < 0 ? -1 : 0;
    }
    return 0;
}

static int visit(const struct timestamp_transformer *self, json_t *container,
                 struct parity_error *err);

/* What stands in `value`'s place; NULL: it stays. New, -1 through the result. */
static int visit_value(const struct timestamp_transformer *self, json_t *value, json_t **out,
                       struct parity_error *err)
{
    const char *placeholder = NULL;

    *out = NULL;
    if (parity_json_is_container(value))
        return visit(self, value, err);
    if (parity_json_kind(value) == PARITY_JSON_DATETIME)
        placeholder = "<datetime>";
    else if (json_is_string(value) && find_form(self, value, &placeholder, err) < 0)
        return -1;
    if (!placeholder)
        return 0;
    *out = json_string(placeholder);
    if (*out)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int visit_members(const struct timestamp_transformer *self, json_t *object,
                         struct parity_error *err)
{
    for (void *m = json_object_iter(object); m; m = json_object_iter_next(object, m)) {
        json_t *placeholder;

        if (visit_value(self, json_object_iter_value(m), &placeholder, err) < 0)
            return -1;
        if (placeholder && json_object_iter_set_new(object, m, placeholder) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
    }
    return 0;
}

static int visit(const struct timestamp_transformer *self, json_t *container,
                 struct parity_error *err)
{
    if (!json_is_array(container))
        return visit_members(self, container, err);
    for (size_t i = 0; i < json_array_size(container); i++) {
        json_t *placeholder;

        if (visit_value(self, json_array_get(container, i), &placeholder, err) < 0)
            return -1;
        if (placeholder && json_array_set_new(container, i, placeholder) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
    }
    return 0;
}

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    (void)context;
    return visit((const struct timestamp_transformer *)base, document, err);
}

static void release(struct parity_transformer *base)
{
    struct timestamp_transformer *self = (struct timestamp_transformer *)base;

    for (size_t i = 0; i < FORM_COUNT; i++)
        parity_python_regex_free(self->forms[i]);
    parity_free(self);
}

static const struct parity_transformer_class timestamp_class = {"timestamp", apply, release};

struct parity_transformer *parity_timestamp_make(const json_t *spec, struct parity_error *err)
{
    struct timestamp_transformer *self = parity_calloc(1, sizeof *self);

    (void)spec;
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &timestamp_class;
    for (size_t i = 0; i < FORM_COUNT; i++) {
        self->forms[i] = parity_python_regex_new(forms[i].pattern, strlen(forms[i].pattern), err);
        if (!self->forms[i]) {
            release(&self->base);
            return NULL;
        }
    }
    return &self->base;
}
