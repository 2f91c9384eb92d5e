/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static void fail_io(struct parity_error *err, const char *path, const char *verb)
{
    parity_fail(err, errno == ENOENT ? PARITY_E_NOT_FOUND : PARITY_E_IO, path, "cannot %s: %s",
                verb, strerror(errno));
}

int parity_file_read(const char *path, size_t max_bytes, struct parity_buffer *out,
                     struct parity_error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    size_t start = out->length;
    int rc = -1;

    if (fd < 0) {
        fail_io(err, path, "read");
        return -1;
    }
    for (;;) {
        ssize_t n;

        if (parity_buffer_reserve(out, 65536) < 0) {
            parity_fail_nomem(err);
            goto out;
        }
        n = read(fd, out->data + out->length, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fail_io(err, path, "read");
            goto out;
        }
        if (n == 0)
            break;
        out->length += (size_t)n;
        if (max_bytes && out->length - start > max_bytes) {
            parity_fail(err, PARITY_E_LIMIT, path, "larger than %zu bytes", max_bytes);
            goto out;
        }
    }
    out->data[out->length] = '\0';
    rc = 0;
out:
    if (!is_stdin)
        close(fd);
    return rc;
}

static int write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, data, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        data += n;
        length -= (size_t)n;
    }
    return 0;
}

/* The rename itself must survive a power cut too. */
static void flush_folder(const char *path)
{
    char *folder = parity_strdup(path);
    char *slash = folder ? strrchr(folder, '/') : NULL;
    int fd;

    if (slash)
        slash[slash == folder] = '\0';
    fd = folder ? open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    parity_free(folder);
}

static int make_parents(const char *path, struct parity_error *err)
{
    char *folder = parity_strdup(path);
    char *slash = folder ? strrchr(folder, '/') : NULL;
    int rc = 0;

    if (!folder) {
        parity_fail_nomem(err);
        return -1;
    }
    if (slash && slash != folder) {
        *slash = '\0';
        rc = parity_file_make_folders(folder, err);
    }
    parity_free(folder);
    return rc;
}

static int write_beside(const char *beside, mode_t mode, const void *data, size_t length)
{
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    int failed;

    if (fd < 0)
        return -1;
    failed = write_all(fd, data, length) < 0 || fsync(fd) < 0;
    return close(fd) < 0 || failed ? -1 : 0;
}

int parity_file_replace(const char *path, const void *data, size_t length, struct parity_error *err)
{
    char real[PATH_MAX];
    const char *target = realpath(path, real) ? real : path;
    struct stat info;
    mode_t mode = stat(target, &info) == 0 ? info.st_mode & 0777 : 0644;
    char *beside;

    if (make_parents(target, err) < 0)
        return -1;
    beside = parity_asprintf("%s.%ld.tmp", target, (long)getpid());
    if (!beside) {
        parity_fail_nomem(err);
        return -1;
    }
    if (write_beside(beside, mode, data, length) < 0 || rename(beside, target) < 0) {
        int saved = errno;

        unlink(beside);
        parity_free(beside);
        parity_fail(err, PARITY_E_IO, path, "cannot write: %s", strerror(saved));
        return -1;
    }
    parity_free(beside);
    flush_folder(target);
    return 0;
}

int parity_file_make_folders(const char *path, struct parity_error *err)
{
    char *copy = parity_strdup(path);
    int rc = -1;

    if (!copy) {
        parity_fail_nomem(err);
        return -1;
    }
    for (char *at = copy + 1;; at++) {
        char old = *at;

        if (old != '/' && old != '\0')
            continue;
        *at = '\0';
        if (mkdir(copy, 0777) < 0 && errno != EEXIST) {
            parity_fail(err, PARITY_E_IO, copy, "cannot make the folder: %s", strerror(errno));
            goto out;
        }
        *at = old;
        if (old == '\0')
            break;
    }
    rc = 0;
out:
    parity_free(copy);
    return rc;
}

char *parity_path_join(const char *folder, const char *name)
{
    size_t length = strlen(folder);

    if (name[0] == '/' || length == 0)
        return parity_strdup(name);
    return parity_asprintf("%s%s%s", folder, folder[length - 1] == '/' ? "" : "/", name);
}
