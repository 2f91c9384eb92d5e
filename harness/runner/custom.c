/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/custom.h"

#include <parity/custom.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

struct parity_custom_transformer {
    struct parity_transform_context *context;
    struct parity_error failure; /* the first one */
};

static bool has_failed(const struct parity_custom_transformer *custom)
{
    return custom->failure.code != PARITY_OK;
}

void parity_custom_reference(struct parity_custom_transformer *custom, const char *value,
                             const char *label)
{
    if (value && !has_failed(custom))
        (void)parity_transform_note_reference(custom->context, value, label, &custom->failure);
}

void parity_custom_replace(struct parity_custom_transformer *custom, const char *text,
                           const char *replacement)
{
    if (!has_failed(custom))
        (void)parity_transform_note_text(custom->context, text, replacement, &custom->failure);
}

void parity_custom_set(struct parity_custom_transformer *custom, json_t *object, const char *member,
                       const char *text)
{
    if (json_object_get(object, member) &&
        json_object_set_new_nocheck(object, member, json_string_nocheck(text)) < 0)
        parity_fail_nomem(&custom->failure);
}

void parity_custom_fail(struct parity_custom_transformer *custom, const char *reason, ...)
{
    char text[sizeof custom->failure.message];
    va_list arguments;

    va_start(arguments, reason);
    vsnprintf(text, sizeof text, reason, arguments);
    va_end(arguments);
    parity_fail(&custom->failure, PARITY_E_INVALID, NULL, "%s", text);
}

static int apply(json_t *document, struct parity_transform_context *context, void *data,
                 struct parity_error *err)
{
    const struct parity_transformation *transformation = data;
    struct parity_custom_transformer custom = {.context = context};

    transformation->function(&custom, document);
    if (!has_failed(&custom))
        return 0;
    if (err)
        *err = custom.failure;
    return -1;
}

int parity_custom_add(struct parity_transformers *list,
                      const struct parity_transformation *transformation, struct parity_error *err)
{
    const struct parity_custom_options options = {
        .name = transformation->text ? transformation->text : "function",
        .apply = apply,
        .data = (void *)(uintptr_t)transformation, /* only read */
    };
    struct parity_transformer *made;

    if (!transformation->function) {
        parity_fail(err, PARITY_E_INVALID, NULL, "a custom transformer needs a function");
        return -1;
    }
    made = parity_custom_new(&options, err);
    if (!made)
        return -1;
    if (parity_transformers_add(list, made, transformation->priority) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}
