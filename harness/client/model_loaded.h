/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_MODEL_LOADED_H
#define PARITY_CLIENT_MODEL_LOADED_H

/* What a loaded model consists of in memory. Internal to model*.c. */

#include <jansson.h>

#include "client/model_blob.h"
#include "client/model_cache.h"
#include "client/model_files.h"

struct parity_customizations; /* customization.h */

struct parity_operation {
    const struct parity_service *service;
    const struct parity_blob_operation *record;
    json_t *traits; /* parsed on first use */
};

struct parity_service {
    char *name;   /* what it is called */
    char *folder; /* what its data is called: the same, or with a protocol appended */
    struct parity_cached_model model;
    json_t *traits;         /* top level members, small enough to be read at once */
    const json_t *metadata; /* borrowed from them: each call asks for parts of it */
    struct parity_operation *operations;
    const char *protocol; /* of those that the model lists, the preferred one */
    struct parity_customizations *customizations; /* NULL: none */
};

struct parity_models {
    struct parity_model_folders folders;
    char *model_file;
    char *version; /* found on first use */
    struct parity_service **services;
    size_t service_count, service_capacity;
    void *attachment;
    void (*release_attachment)(void *content);
};

/** Append a text that changes when the file does. @return 0 or -1 (PARITY_E_NOT_FOUND) */
int parity_model_describe_file(const char *path, struct parity_buffer *out,
                               struct parity_error *err);

/** Find `protocol`, once the traits are there. Borrowed from the service, or constant. */
const char *parity_service_choose_protocol(const struct parity_service *service);

#endif
