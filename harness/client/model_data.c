/* SPDX-License-Identifier: Apache-2.0 */
/* Data files other than service models: rule sets, paginators, waiters, partitions, the version. */
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "client/model_loaded.h"

int parity_model_describe_file(const char *path, struct parity_buffer *out,
                               struct parity_error *err)
{
    struct stat info;

    if (stat(path, &info) < 0) {
        parity_fail(err, PARITY_E_NOT_FOUND, path, "cannot read the service model");
        return -1;
    }
    parity_buffer_printf(out, "%s\n%lld %lld.%09ld\n", path, (long long)info.st_size,
                         (long long)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    return 0;
}

/* "<folder of the model file>/<file>.json[.gz]", for data that lies beside a model given by
 * --model. New; NULL: none. */
static char *beside_model_file(const struct parity_models *models, const char *file)
{
    const char *slash = models->model_file ? strrchr(models->model_file, '/') : NULL;
    char *folder =
        slash ? parity_strndup(models->model_file, (size_t)(slash - models->model_file)) : NULL;
    struct parity_model_folders one = {.items = &folder, .count = 1};
    char *path = NULL;

    if (folder)
        (void)parity_model_locate(&one, file, &path, NULL);
    parity_free(folder);
    return path;
}

/* Path of <name>.json and of <name>.sdk-extras.json; both new, `extras` may be NULL. */
static int locate_data(const struct parity_models *models, const char *name, char **path,
                       char **extras, struct parity_error *err)
{
    char *extras_name = parity_asprintf("%s.sdk-extras", name);
    int rc = -1;

    *path = *extras = NULL;
    if (!extras_name)
        parity_fail_nomem(err);
    else if (parity_model_locate(&models->folders, name, path, err) == 0 &&
             parity_model_locate(&models->folders, extras_name, extras, err) == 0)
        rc = 0;
    parity_free(extras_name);
    return rc;
}

/* Reads <name>.json and merges <name>.sdk-extras.json over it. */
static json_t *read_data(const struct parity_models *models, const char *name,
                         struct parity_error *err)
{
    char *path, *extras_path;
    json_t *data = NULL, *extras = NULL;
    int rc = locate_data(models, name, &path, &extras_path, err);

    if (rc == 0 && !path) {
        parity_fail(err, PARITY_E_NOT_FOUND, NULL, "no data file %s.json among the service models",
                    name);
        rc = -1;
    }
    if (rc == 0)
        rc = parity_model_read(path, &data, err);
    if (rc == 0 && extras_path)
        rc = parity_model_read(extras_path, &extras, err) < 0
                 ? -1
                 : parity_model_merge(data, extras, err);
    parity_free(path);
    parity_free(extras_path);
    json_decref(extras);
    if (rc < 0) {
        json_decref(data);
        data = NULL;
    }
    return data;
}

json_t *parity_models_data(struct parity_models *models, const char *service, const char *file,
                           struct parity_error *err)
{
    char *beside = beside_model_file(models, file);
    char *version = NULL, *name = NULL;
    json_t *data = NULL;

    if (beside && service) {
        (void)parity_model_read(beside, &data, err);
    } else if (!service) {
        data = read_data(models, file, err);
    } else if (parity_model_newest(&models->folders, service, file, &version, err) == 0) {
        name = version ? parity_asprintf("%s/%s/%s", service, version, file) : NULL;
        if (name)
            data = read_data(models, name, err);
        else if (version)
            parity_fail_nomem(err);
        else
            parity_fail(err, PARITY_E_NOT_FOUND, NULL, "no %s.json for the service '%s'", file,
                        service);
    }
    parity_free(beside);
    parity_free(version);
    parity_free(name);
    return data;
}

/* "<service>/<newest version>/<file>"; new, NULL: no folder has it. */
static char *data_name(const struct parity_models *models, const char *service, const char *file)
{
    char *version = NULL, *name = NULL;

    if (parity_model_newest(&models->folders, service, file, &version, NULL) == 0 && version)
        name = parity_asprintf("%s/%s/%s", service, version, file);
    parity_free(version);
    return name;
}

char *parity_models_data_source(struct parity_models *models, const char *service, const char *file)
{
    char *name = models->model_file ? NULL : data_name(models, service, file);
    char *path = NULL, *extras = NULL, *source = NULL;
    struct parity_buffer text = {0};

    if (name && locate_data(models, name, &path, &extras, NULL) == 0 && path &&
        parity_model_describe_file(path, &text, NULL) == 0 &&
        (!extras || parity_model_describe_file(extras, &text, NULL) == 0) && !text.failed)
        source = parity_buffer_take(&text);
    parity_buffer_clear(&text);
    parity_free(name);
    parity_free(path);
    parity_free(extras);
    return source;
}

/* The text between quotes behind `__version__ =` in botocore's __init__.py. New; NULL: none. */
static char *read_version(const char *folder)
{
    char *path = parity_asprintf("%s/../__init__.py", folder);
    struct parity_buffer text = {0};
    char *version = NULL;
    const char *at;

    if (path && parity_file_read(path, 1 << 20, &text, NULL) == 0 && text.data &&
        (at = strstr(text.data, "__version__"))) {
        at += strcspn(at, "'\"\n");
        if (*at == '\'' || *at == '"')
            version = parity_strndup(at + 1, strcspn(at + 1, "'\"\n"));
    }
    parity_free(path);
    parity_buffer_clear(&text);
    return version;
}

const char *parity_models_version(struct parity_models *models)
{
    if (!models->version && models->folders.count > 0)
        models->version = read_version(models->folders.items[models->folders.count - 1]);
    return models->version ? models->version : "unknown";
}
