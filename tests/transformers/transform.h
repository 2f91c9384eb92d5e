/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TESTS_TRANSFORM_H
#define PARITY_TESTS_TRANSFORM_H

/*
 * Whole transformations in one line, for the tests of this folder. JSON is written with single
 * quotes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "transformers/transformer.h"

static inline json_t *json_of(const char *text)
{
    char *copy = parity_strdup(text);
    struct parity_error err = {0};
    json_t *value = NULL;

    assert_non_null(copy);
    for (char *c = copy; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (parity_json_parse(copy, strlen(copy), "test", &value, &err) < 0)
        fail_msg("%s: %s", text, err.message);
    parity_free(copy);
    return value;
}

static inline char *line_of(const json_t *value)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_LINE);
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] == '"')
            text.data[i] = '\'';
    return parity_buffer_take(&text);
}

static inline int transform_into(const char *specs, const char *observed, json_t **out,
                                 struct parity_error *err)
{
    struct parity_transformers list = {0};
    json_t *spec_array = json_of(specs), *document = json_of(observed), *spec;
    size_t i;
    int rc = 0;

    *out = NULL;
    json_array_foreach(spec_array, i, spec) {
        rc = parity_transformers_add_spec(&list, spec, err);
        if (rc < 0)
            break;
    }
    if (rc == 0)
        rc = parity_transform(&list, document, NULL, NULL, out, err);
    parity_transformers_clear(&list);
    json_decref(spec_array);
    json_decref(document);
    return rc;
}

/* The document {"m": observed} becomes {"m": expected}. */
static inline void assert_transforms(const char *specs, const char *observed, const char *expected)
{
    struct parity_error err = {0};
    char *document = parity_asprintf("{'m': %s}", observed);
    char *wanted = parity_asprintf("{'m': %s}", expected);
    json_t *out;
    char *text;

    if (transform_into(specs, document, &out, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    text = line_of(out);
    assert_string_equal(text, wanted);
    parity_free(text);
    parity_free(document);
    parity_free(wanted);
    json_decref(out);
}

/* Making or applying the transformers fails with this code, and a message that holds `part`. */
static inline void assert_refuses(const char *specs, const char *observed, enum parity_errc code,
                                  const char *part)
{
    struct parity_error err = {0};
    char *document = parity_asprintf("{'m': %s}", observed);
    json_t *out;

    assert_int_equal(transform_into(specs, document, &out, &err), -1);
    assert_null(out);
    assert_int_equal(err.code, code);
    if (!strstr(err.message, part))
        fail_msg("'%s' does not say '%s'", err.message, part);
    parity_free(document);
}

#endif
