/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PIPELINE_H
#define PARITY_PIPELINE_H

#include <jansson.h>

#include "base/error.h"
#include "transformer.h"

/*
 * parity_transform() in two steps, for a caller that wants the result both with and without the
 * skip paths: the transformers run once, the text replacements as often as asked for.
 */

/** A document after its transformers, with the text replacements that they noted. */
struct parity_pipeline;

/**
 * Run the transformers, as parity_transform() does.
 *
 * @param list      borrowed until the pipeline is freed
 * @param observed  stolen, also on failure; NULL: out of memory. No container in it may belong to
 *                  anyone else; scalars may
 * @return new, or NULL
 */
struct parity_pipeline *parity_pipeline_new(const struct parity_transformers *list,
                                            json_t *observed, json_t **raw,
                                            struct parity_error *err);
void parity_pipeline_free(struct parity_pipeline *pipeline);

/** What is probably a mistake: an array of texts, borrowed. */
json_t *parity_pipeline_warnings(const struct parity_pipeline *pipeline);

/** Apply the text replacements; `hook` (may be NULL) sees a copy of the document before. @return 0
 * or -1 */
int parity_pipeline_finish(const struct parity_pipeline *pipeline,
                           const struct parity_transform_hook *hook, json_t **out,
                           struct parity_error *err);

/** The same for the last time: works on the document itself and releases it on the way, so a large
 * one is not held twice. Afterwards the pipeline can only be freed. */
int parity_pipeline_finish_last(struct parity_pipeline *pipeline,
                                const struct parity_transform_hook *hook, json_t **out,
                                struct parity_error *err);

#endif
