/* SPDX-License-Identifier: Apache-2.0 */
#include "client/model_cache.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

static uint64_t hash_text(const char *text, size_t length)
{
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash;
}

/* The file for a model. Only the path (the source's first line) is part of the name: a newer model
 * takes the place of the older one instead of standing beside it. New; NULL: no cache. */
static char *cache_path(const char *service, const char *source)
{
    const char *root = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    unsigned long long hash = hash_text(source, strcspn(source, "\n"));
    int shown = (int)strcspn(service, "/.");

    if (root && root[0] == '/')
        return parity_asprintf("%s/parity/models/%.*s-%016llx", root, shown, service, hash);
    if (home && home[0] == '/')
        return parity_asprintf("%s/.cache/parity/models/%.*s-%016llx", home, shown, service, hash);
    return NULL;
}

static const void *map_file(const char *path, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    void *data = MAP_FAILED;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
        info.st_size <= INT32_MAX) {
        *size = (size_t)info.st_size;
        data = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    }
    close(fd);
    return data == MAP_FAILED ? NULL : data;
}

const void *parity_model_cache_map(const char *service, const char *source, size_t *size)
{
    char *path = cache_path(service, source);
    const void *data = path ? map_file(path, size) : NULL;

    parity_free(path);
    return data;
}

void parity_model_cache_unmap(const void *data, size_t size)
{
    munmap((void *)(uintptr_t)data, size);
}

bool parity_model_cache_open(const char *service, const char *source,
                             struct parity_cached_model *out)
{
    size_t size = 0;
    const struct parity_blob *blob = parity_model_cache_map(service, source, &size);

    if (!blob)
        return false;
    if (!parity_blob_is_valid(blob, size) || strcmp(parity_blob_at(&blob->source), source) != 0) {
        parity_model_cache_unmap(blob, size);
        return false;
    }
    out->blob = blob;
    out->mapped = size;
    return true;
}

void parity_model_cache_store(const char *service, const char *source, const void *data,
                              size_t length)
{
    char *path = cache_path(service, source);

    if (path)
        (void)parity_file_replace(path, data, length, NULL);
    parity_free(path);
}

void parity_cached_model_clear(struct parity_cached_model *model)
{
    if (model->mapped)
        parity_model_cache_unmap(model->blob, model->mapped);
    parity_buffer_clear(&model->memory);
    memset(model, 0, sizeof *model);
}
