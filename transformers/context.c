/* SPDX-License-Identifier: Apache-2.0 */
#include "context.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

int parity_transform_context_init(struct parity_transform_context *context)
{
    memset(context, 0, sizeof *context);
    context->references = json_object();
    context->counters = json_object();
    context->warnings = json_array();
    return context->references && context->counters && context->warnings ? 0 : -1;
}

void parity_transform_context_clear(struct parity_transform_context *context)
{
    parity_replacements_clear(&context->replacements);
    json_decref(context->references);
    json_decref(context->counters);
    json_decref(context->warnings);
    memset(context, 0, sizeof *context);
}

static int fail_no_string(const json_t *value, const char *label, size_t label_length,
                          struct parity_error *err)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_LINE);
    parity_fail(err, PARITY_E_INVALID, NULL,
                "the reference value %.200s for '%.*s' is not a string; only strings can be "
                "references, so give this transformer \"reference\": false",
                text.data ? text.data : "", (int)label_length, label);
    parity_buffer_clear(&text);
    return -1;
}

/* In the text that the replacements work on, a quote stands escaped. Nothing else is escaped here,
   as in the reference: a value with a backslash is noted and counted, and never found. */
static void escape_quotes(struct parity_buffer *out, const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (value[i] == '"')
            parity_buffer_add_char(out, '\\');
        parity_buffer_add_char(out, value[i]);
    }
    parity_buffer_add(out, "", 0);
}

/* The next number of `label`, from 1; 0: out of memory. */
static json_int_t next_number(struct parity_transform_context *context, const char *label,
                              size_t label_length)
{
    const json_t *last = json_object_getn(context->counters, label, label_length);
    json_int_t next = json_integer_value(last) + 1;

    return json_object_setn_new_nocheck(context->counters, label, label_length,
                                        json_integer(next)) < 0
               ? 0
               : next;
}

static int note(struct parity_transform_context *context, const struct parity_buffer *text,
                const char *label, size_t label_length)
{
    struct parity_buffer placeholder = {0};
    json_int_t number;
    int rc = -1;

    if (json_object_setn_new_nocheck(context->references, text->data, text->length, json_true()) <
        0)
        return -1;
    number = next_number(context, label, label_length);
    if (number == 0)
        return -1;
    parity_buffer_add_char(&placeholder, '<');
    parity_buffer_add(&placeholder, label, label_length);
    parity_buffer_printf(&placeholder, ":%" JSON_INTEGER_FORMAT ">", number);
    if (!placeholder.failed)
        rc = parity_replacements_add_text(&context->replacements, text->data, text->length,
                                          placeholder.data, placeholder.length);
    parity_buffer_clear(&placeholder);
    return rc;
}

int parity_transform_reference(struct parity_transform_context *context, const json_t *value,
                               const char *label, size_t label_length, struct parity_error *err)
{
    struct parity_buffer text = {0};
    int rc = 0;

    if (!json_is_string(value))
        return fail_no_string(value, label, label_length, err);
    escape_quotes(&text, json_string_value(value), json_string_length(value));
    if (text.failed || (!json_object_getn(context->references, text.data, text.length) &&
                        note(context, &text, label, label_length) < 0)) {
        parity_fail_nomem(err);
        rc = -1;
    }
    parity_buffer_clear(&text);
    return rc;
}

int parity_transform_warn(struct parity_transform_context *context, const char *format, ...)
{
    char text[512];
    va_list arguments;
    json_t *warning, *known;
    size_t i;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    warning = json_string_nocheck(text);
    json_array_foreach(context->warnings, i, known) {
        if (warning && json_equal(known, warning)) {
            json_decref(warning);
            return 0;
        }
    }
    return json_array_append_new(context->warnings, warning);
}
