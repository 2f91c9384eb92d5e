/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TRANSFORMER_SPEC_H
#define PARITY_TRANSFORMER_SPEC_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "context.h"

/* Reading transformers from data: the case format and the preset files. */

/** A text of a spec: borrowed from it, may hold NUL bytes. `data` is NULL where it is absent. */
struct parity_spec_text {
    const char *data;
    size_t length;
};

/** @return 0, or -1: the member is no string, or is required and missing (PARITY_E_INVALID) */
int parity_spec_text(const json_t *spec, const char *name, bool required,
                     struct parity_spec_text *out, struct parity_error *err);

/** @return 0, or -1: the member is there and no boolean (PARITY_E_INVALID) */
int parity_spec_bool(const json_t *spec, const char *name, bool fallback, bool *out,
                     struct parity_error *err);

/* One maker per type, called with an object whose member names were checked. New, or NULL. */
struct parity_transformer *parity_json_string_make(const json_t *spec, struct parity_error *err);
struct parity_transformer *parity_jsonpath_make(const json_t *spec, struct parity_error *err);
struct parity_transformer *parity_key_value_make(const json_t *spec, struct parity_error *err);
struct parity_transformer *parity_regex_make(const json_t *spec, struct parity_error *err);
struct parity_transformer *parity_remove_key_make(const json_t *spec, struct parity_error *err);
struct parity_transformer *parity_resource_name_make(const json_t *spec, struct parity_error *err);
struct parity_transformer *parity_response_metadata_make(const json_t *spec,
                                                         struct parity_error *err);
struct parity_transformer *parity_sorting_make(const json_t *spec, struct parity_error *err);
struct parity_transformer *parity_span_make(const json_t *spec, struct parity_error *err);
struct parity_transformer *parity_text_make(const json_t *spec, struct parity_error *err);
struct parity_transformer *parity_timestamp_make(const json_t *spec, struct parity_error *err);

/**
 * A preset: {"transformers": [spec, …]}, maybe with "parameters" and "values" (preset_arguments.h),
 * and with "overrides", the preset that it means by its own name.
 *
 * @param err  PARITY_E_NOT_FOUND with the nearest known name
 * @return new, but shared: not to be changed; or NULL
 */
json_t *parity_preset_read(const char *name, struct parity_error *err);

/** Release what this thread keeps of the presets that it has read. */
void parity_preset_forget(void);

#endif
