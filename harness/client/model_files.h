/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_MODEL_FILES_H
#define PARITY_CLIENT_MODEL_FILES_H

/*
 * Where botocore's data files are, and reading them. Internal to model*.c.
 *
 * Folders are searched in this order; each holds <service>/<api version>/<file>.json[.gz]:
 *
 *  1. the folders of parity_models_options.data_path, else those of AWS_DATA_PATH
 *  2. ~/.aws/models
 *  3. the folders of parity_models_options.further
 *  4. the first of these that exists, as botocore has one built-in folder:
 *     a. PARITY_MODELS
 *     b. an active virtual environment ($VIRTUAL_ENV)
 *     c. the Python whose `python3` is first in PATH
 *     d. ~/.local, /usr/local and /usr (site-packages, dist-packages)
 *     e. the AWS CLI: ~/.local, /usr/local/aws-cli, /opt
 *     f. the copy that scripts/setup installs into `venv` beside the `parity` binary
 *
 * As in botocore a service's API version is the newest that any of them has.
 */

#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"

struct parity_model_folders {
    char **items; /* owned, and each item */
    size_t count, capacity;
};

/** Find the folders. @return 0 (none found is no failure) or -1 (PARITY_E_NOMEM) */
int parity_model_folders_find(const char *data_path, const char *const *further,
                              struct parity_model_folders *out, struct parity_error *err);
void parity_model_folders_clear(struct parity_model_folders *folders);

/**
 * The newest API version of a service that has `file`.
 * @param out  new; NULL when no folder has it (which is no failure)
 */
int parity_model_newest(const struct parity_model_folders *folders, const char *service,
                        const char *file, char **out, struct parity_error *err);

/**
 * The path of a data file: the first folder that has <name>.json or <name>.json.gz.
 * @param name  "sqs/2012-11-05/service-2", "partitions"
 * @param out   new; NULL when no folder has it (which is no failure)
 */
int parity_model_locate(const struct parity_model_folders *folders, const char *name, char **out,
                        struct parity_error *err);

/** Read a .json or (told by its first bytes) gzipped JSON file. @param out new */
int parity_model_read(const char *path, json_t **out, struct parity_error *err);

/**
 * Merge an extras file's `merge` over a model, as botocore's deep_merge: objects are merged, all
 * else is replaced.
 */
int parity_model_merge(json_t *model, const json_t *extras, struct parity_error *err);

/** Call `visit` with the name of each service folder that has a model; the order is unspecified. */
void parity_model_services(const struct parity_model_folders *folders,
                           void (*visit)(const char *name, void *context), void *context);

#endif
