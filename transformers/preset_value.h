/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PRESET_VALUE_H
#define PARITY_PRESET_VALUE_H

#include <jansson.h>

#include "base/error.h"
#include "python_regex.h"
#include "spec.h"

struct parity_jsonpath;

/* How a preset makes a text of an argument. */
struct parity_preset_value {
    struct parity_spec_text of;          /* the argument, or a value that was derived before */
    struct parity_jsonpath *path;        /* owned; NULL: all of it */
    struct parity_spec_text path_text;   /* for messages */
    struct parity_spec_text split;       /* NULL: the text is taken whole */
    json_int_t part;                     /* of the split text, from 0; negative: from its end */
    struct parity_python_regex *pattern; /* owned; the text must begin so; NULL: any text */
    bool optional;                       /* there need not be one */
    bool escape;                         /* as a pattern that matches just this text */
};

/**
 * Read {"of", "path", "split", "part", "pattern", "optional", "escape"}.
 *
 * @param spec  borrowed until parity_preset_value_clear()
 * @param out   filled from zero; to be cleared also on failure
 * @param err   PARITY_E_INVALID, PARITY_E_PARSE (path or pattern), PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_preset_value_read(const json_t *spec, struct parity_preset_value *out,
                             struct parity_error *err);
void parity_preset_value_clear(struct parity_preset_value *value);

/**
 * Make the text.
 *
 * @param source  what `of` names; borrowed
 * @param out     new: a string; NULL on failure
 * @param err     PARITY_E_INVALID: there is no such text in `source`; PARITY_E_LIMIT (the pattern),
 *                PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_preset_value_derive(const struct parity_preset_value *value, json_t *source,
                               json_t **out, struct parity_error *err);

#endif
