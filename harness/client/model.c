/* SPDX-License-Identifier: Apache-2.0 */
#include "client/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "client/customization.h"
#include "client/model_blob.h"
#include "client/model_cache.h"
#include "client/model_files.h"
#include "client/model_loaded.h"

/* --- models ------------------------------------------------------------------------------------
 */

struct parity_models *parity_models_new(const struct parity_models_options *options,
                                        struct parity_error *err)
{
    struct parity_models *models = parity_calloc(1, sizeof *models);

    if (!models) {
        parity_fail_nomem(err);
        return NULL;
    }
    if (options && options->model_file) {
        models->model_file = parity_strdup(options->model_file);
        if (!models->model_file) {
            parity_fail_nomem(err);
            goto fail;
        }
    }
    if (parity_model_folders_find(options ? options->data_path : NULL,
                                  options ? options->further : NULL, &models->folders, err) < 0)
        goto fail;
    return models;
fail:
    parity_models_free(models);
    return NULL;
}

static void service_free(struct parity_service *service)
{
    if (!service)
        return;
    for (uint32_t i = 0; service->operations && i < service->model.blob->operations.count; i++)
        json_decref(service->operations[i].traits);
    parity_free(service->operations);
    json_decref(service->traits);
    parity_customizations_free(service->customizations);
    parity_cached_model_clear(&service->model);
    parity_free(service->name);
    parity_free(service->folder);
    parity_free(service);
}

void parity_models_free(struct parity_models *models)
{
    if (!models)
        return;
    if (models->attachment)
        models->release_attachment(models->attachment);
    for (size_t i = 0; i < models->service_count; i++)
        service_free(models->services[i]);
    parity_free(models->services);
    parity_model_folders_clear(&models->folders);
    parity_free(models->model_file);
    parity_free(models->version);
    parity_free(models);
}

void **parity_models_attachment(struct parity_models *models, void (*release)(void *content))
{
    models->release_attachment = release;
    return &models->attachment;
}

/* --- loading -----------------------------------------------------------------------------------
 */

struct guess {
    const char *wanted;
    char nearest[128];
};

static void consider(const char *name, void *context)
{
    struct guess *guess = context;
    const char *better =
        parity_suggest(guess->wanted, guess->nearest[0] ? guess->nearest : NULL, name);

    if (better == name)
        snprintf(guess->nearest, sizeof guess->nearest, "%s", name);
}

static void count_service(const char *name, void *context)
{
    (void)name;
    ++*(size_t *)context;
}

/* Botocore's folder, where the list of partitions stands among the services. */
static bool has_botocore(const struct parity_models *models)
{
    char *path;
    bool found = parity_model_locate(&models->folders, "partitions", &path, NULL) == 0 && path;

    parity_free(path);
    return found;
}

int parity_models_check(const struct parity_models *models, struct parity_error *err)
{
    size_t count = models->model_file || has_botocore(models) ? 1 : 0;

    /* Hundreds of names are read only where it is not plain that there are some. */
    if (count == 0)
        parity_model_services(&models->folders, count_service, &count);
    if (count > 0)
        return 0;
    parity_fail(err, PARITY_E_ENVIRONMENT, NULL,
                "no AWS service models found. They come with botocore and with the AWS CLI; "
                "looked at PARITY_MODELS, AWS_DATA_PATH, ~/.aws/models, the Python in PATH and "
                "VIRTUAL_ENV, /usr/local, /usr and 'venv' beside the parity binary. Run "
                "scripts/setup or 'pip install botocore', or set PARITY_MODELS to a botocore/data "
                "folder");
    return -1;
}

static void fail_unknown_service(const struct parity_models *models, const char *name,
                                 struct parity_error *err)
{
    struct guess guess = {.wanted = name};

    if (parity_models_check(models, err) < 0)
        return;
    parity_model_services(&models->folders, consider, &guess);
    parity_fail(err, PARITY_E_NOT_FOUND, NULL, "unknown service '%s'%s%s%s (models: %s)", name,
                guess.nearest[0] ? "; did you mean '" : "", guess.nearest,
                guess.nearest[0] ? "'?" : "", models->folders.items[models->folders.count - 1]);
}

/* Path of the newest model and of its extras; both new, `extras` may be NULL. */
static int locate_service(const struct parity_models *models, const char *name, char **path,
                          char **extras, struct parity_error *err)
{
    char *version = NULL, *relative = NULL, *relative_extras = NULL;
    int rc = -1;

    if (parity_model_newest(&models->folders, name, "service-2", &version, err) < 0)
        return -1;
    if (!version) {
        fail_unknown_service(models, name, err);
        return -1;
    }
    relative = parity_asprintf("%s/%s/service-2", name, version);
    relative_extras = parity_asprintf("%s/%s/service-2.sdk-extras", name, version);
    if (!relative || !relative_extras) {
        parity_fail_nomem(err);
        goto out;
    }
    if (parity_model_locate(&models->folders, relative, path, err) < 0 ||
        parity_model_locate(&models->folders, relative_extras, extras, err) < 0)
        goto out;
    if (!*path) { /* gone since the folder was read */
        fail_unknown_service(models, name, err);
        goto out;
    }
    rc = 0;
out:
    parity_free(version);
    parity_free(relative);
    parity_free(relative_extras);
    return rc;
}

static int compile(const char *path, const char *extras_path, const char *source,
                   struct parity_buffer *out, struct parity_error *err)
{
    json_t *model = NULL, *extras = NULL;
    int rc = -1;

    if (parity_model_read(path, &model, err) < 0)
        goto out;
    if (extras_path && (parity_model_read(extras_path, &extras, err) < 0 ||
                        parity_model_merge(model, extras, err) < 0))
        goto out;
    rc = parity_blob_compile(model, path, source, out, err);
out:
    json_decref(model);
    json_decref(extras);
    return rc;
}

/* The compiled model from the cache, else from the files. A file that the user names is not kept:
 * it may be one of many, made for a moment. */
static int open_model(struct parity_service *service, const char *path, const char *extras,
                      bool cached, struct parity_error *err)
{
    struct parity_buffer source = {0};
    struct parity_cached_model *model = &service->model;
    int rc = -1;

    if (parity_model_describe_file(path, &source, err) < 0 ||
        (extras && parity_model_describe_file(extras, &source, err) < 0))
        goto out;
    if (source.failed) {
        parity_fail_nomem(err);
        goto out;
    }
    if (!cached || !parity_model_cache_open(service->folder, source.data, model)) {
        if (compile(path, extras, source.data, &model->memory, err) < 0)
            goto out;
        model->blob = (const void *)model->memory.data;
        if (cached)
            parity_model_cache_store(service->folder, source.data, model->memory.data,
                                     model->memory.length);
    }
    rc = 0;
out:
    parity_buffer_clear(&source);
    return rc;
}

static int finish_service(struct parity_service *service, struct parity_error *err)
{
    const struct parity_blob *blob = service->model.blob;
    const char *traits = parity_blob_at(&blob->traits);
    const struct parity_blob_operation *records = parity_blob_at(&blob->operations.start);

    if (parity_json_parse(traits, strlen(traits), service->name, &service->traits, err) < 0)
        return -1;
    service->metadata = json_object_get(service->traits, "metadata");
    service->protocol = parity_service_choose_protocol(service);
    service->operations = parity_calloc(blob->operations.count + 1u, sizeof *service->operations);
    if (!service->operations) {
        parity_fail_nomem(err);
        return -1;
    }
    for (uint32_t i = 0; i < blob->operations.count; i++) {
        service->operations[i].service = service;
        service->operations[i].record = records + i;
    }
    return parity_customizations_read(service, &service->customizations, err);
}

static struct parity_service *load_service(const struct parity_models *models, const char *name,
                                           const char *folder, struct parity_error *err)
{
    struct parity_service *service = parity_calloc(1, sizeof *service);
    char *path = NULL, *extras = NULL;

    if (!service || !(service->name = parity_strdup(name)) ||
        !(service->folder = parity_strdup(folder))) {
        parity_fail_nomem(err);
        goto fail;
    }
    if (!models->model_file && locate_service(models, folder, &path, &extras, err) < 0)
        goto fail;
    if (open_model(service, models->model_file ? models->model_file : path, extras,
                   !models->model_file, err) < 0 ||
        finish_service(service, err) < 0)
        goto fail;
    parity_free(path);
    parity_free(extras);
    return service;
fail:
    parity_free(path);
    parity_free(extras);
    service_free(service);
    return NULL;
}

/* The service `name` as the models in `folder` describe it, loaded on first use. */
static const struct parity_service *find_service(struct parity_models *models, const char *name,
                                                 const char *folder, struct parity_error *err)
{
    struct parity_service *service;

    for (size_t i = 0; i < models->service_count; i++) {
        service = models->services[i];
        if (strcmp(service->name, name) == 0 && strcmp(service->folder, folder) == 0)
            return service;
    }
    if (parity_grow(&models->services, &models->service_capacity, models->service_count + 1,
                    sizeof(struct parity_service *)) < 0) {
        parity_fail_nomem(err);
        return NULL;
    }
    service = load_service(models, name, folder, err);
    if (service)
        models->services[models->service_count++] = service;
    return service;
}

const struct parity_service *parity_models_service(struct parity_models *models, const char *name,
                                                   struct parity_error *err)
{
    return find_service(models, name, name, err);
}

/* Asked often, and mostly in vain: without a search for similar names. */
static bool has_model(const struct parity_models *models, const char *folder)
{
    char *version = NULL;
    bool found = !models->model_file &&
                 parity_model_newest(&models->folders, folder, "service-2", &version, NULL) == 0 &&
                 version;

    parity_free(version);
    return found;
}

const struct parity_service *parity_models_service_speaking(struct parity_models *models,
                                                            const char *name, const char *protocol,
                                                            struct parity_error *err)
{
    const struct parity_service *service = find_service(models, name, name, err);
    struct parity_error reason = {0};
    char *folder;

    if (!service || parity_service_has_protocol(service, protocol))
        return service;
    folder = parity_asprintf("%s-%s", name, protocol);
    if (!folder) {
        parity_fail_nomem(err);
        return NULL;
    }
    service = has_model(models, folder) ? find_service(models, name, folder, &reason) : NULL;
    if (!service && reason.code && reason.code != PARITY_E_NOT_FOUND) {
        if (err && !err->code)
            *err = reason;
    } else if (!service || !parity_service_has_protocol(service, protocol)) {
        parity_fail(
            err, PARITY_E_INVALID, name,
            "does not speak the protocol '%.40s', or not any more; put an older model that "
            "has it into a folder of AWS_DATA_PATH, as '%.80s/<API version>/service-2.json'",
            protocol, folder);
        service = NULL;
    }
    parity_free(folder);
    return service;
}
