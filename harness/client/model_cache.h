/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_MODEL_CACHE_H
#define PARITY_CLIENT_MODEL_CACHE_H

/*
 * Compiled models (model_blob.h) and endpoint rules (endpoint_cache.h) in
 * $XDG_CACHE_HOME/parity/models, else ~/.cache/parity/models. A file holds one model and the names,
 * sizes and dates of what it was made from; it is replaced by rename, so two processes never see
 * half of one. The cache is a convenience: nothing that goes wrong with it is an error. Internal to
 * model*.c and endpoint*.c.
 */

#include <stddef.h>

#include "base/buffer.h"
#include "client/model_blob.h"

/** A compiled model, mapped from the cache or held in memory. Zero-initialise, clear. */
struct parity_cached_model {
    const struct parity_blob *blob;
    size_t mapped; /* bytes of the mapping; 0: in `memory` */
    struct parity_buffer memory;
};

/**
 * Look for a valid model made from exactly `source`.
 * @param service  for the file's name
 * @return true if found
 */
bool parity_model_cache_open(const char *service, const char *source,
                             struct parity_cached_model *out);

/**
 * The bytes that parity_model_cache_store() kept for a first line of `source`; whether they are
 * what was stored, and from the same source, is for the caller to check.
 * @return mapped, 8-byte aligned; NULL: none
 */
const void *parity_model_cache_map(const char *service, const char *source, size_t *size);
void parity_model_cache_unmap(const void *data, size_t size);

/** Keep a compiled model, or what else is made from one file; silently does nothing where that is
 * not possible. */
void parity_model_cache_store(const char *service, const char *source, const void *data,
                              size_t length);

void parity_cached_model_clear(struct parity_cached_model *model);

#endif
