/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

/* Name of a file that is about to become another: random digits between the two. */
#define BESIDE_PREFIX ".parity-"
#define BESIDE_SUFFIX ".tmp"

enum { PIECE_BYTES = 64 * 1024 };

static void fail_io(struct parity_error *err, const char *path, const char *verb)
{
    parity_fail(err, errno == ENOENT ? PARITY_E_NOT_FOUND : PARITY_E_IO, path, "cannot %s: %s",
                verb, strerror(errno));
}

/* How much to make room for at first: a file, and the byte more that is read where it has grown.
 * What has no size, such as a pipe or a file of /proc, comes in pieces. */
static size_t first_room(int fd, size_t max_bytes)
{
    struct stat info;
    size_t size;

    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode) || info.st_size <= 0)
        return PIECE_BYTES;
    size = (size_t)info.st_size;
    return (max_bytes && size > max_bytes ? max_bytes : size) + 1;
}

int parity_file_read(const char *path, size_t max_bytes, struct parity_buffer *out,
                     struct parity_error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    size_t start = out->length, room;
    int rc = -1;

    if (fd < 0) {
        fail_io(err, path, "read");
        return -1;
    }
    for (room = first_room(fd, max_bytes);;) {
        ssize_t n;

        if (parity_buffer_reserve(out, room) < 0) {
            parity_fail_nomem(err);
            goto out;
        }
        n = read(fd, out->data + out->length, room);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fail_io(err, path, "read");
            goto out;
        }
        if (n == 0)
            break;
        out->length += (size_t)n;
        room = (size_t)n < room ? room - (size_t)n : PIECE_BYTES;
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

int parity_file_write_all(int fd, const void *data, size_t length)
{
    const char *at = data;

    while (length > 0) {
        ssize_t n = write(fd, at, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        at += n;
        length -= (size_t)n;
    }
    return 0;
}

static void fail_write(struct parity_error *err, const char *path)
{
    if (errno == ENOMEM) {
        parity_fail_nomem(err);
        return;
    }
    parity_fail(err, PARITY_E_IO, path, "cannot write: %s", strerror(errno));
}

void parity_file_flush_folder(const char *path)
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

int parity_file_make_parents(const char *path, struct parity_error *err)
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

/* A new name in the folder of `target`; the kernel applies the umask to new files. */
static int open_beside(const char *target, mode_t mode, char **beside)
{
    const char *slash = strrchr(target, '/');
    int folder_length = slash ? (int)(slash - target) + 1 : 0;

    for (int attempt = 0; attempt < 100; attempt++) {
        uint64_t random;
        int fd;

        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
            return -1;
        *beside = parity_asprintf("%.*s" BESIDE_PREFIX "%016llx" BESIDE_SUFFIX, folder_length,
                                  target, (unsigned long long)random);
        if (!*beside) {
            errno = ENOMEM;
            return -1;
        }
        fd = open(*beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (fd >= 0)
            return fd;
        parity_free(*beside);
        *beside = NULL;
        if (errno != EEXIST)
            return -1;
    }
    return -1;
}

/* The new file takes over what the old one was allowed. Another's file may not be given back to its
 * owner; that is no reason to refuse. */
static int keep_permissions(int fd, const struct stat *old)
{
    if (fchown(fd, old->st_uid, old->st_gid) < 0 && errno != EPERM && errno != EINVAL)
        return -1;
    return fchmod(fd, old->st_mode & 07777);
}

/* Follows links. Sets *exists when there is a regular file to replace. */
static char *find_target(const char *path, struct stat *old, bool *exists, struct parity_error *err)
{
    char real[PATH_MAX];
    struct stat link;
    char *target;

    *exists = realpath(path, real) != NULL && stat(real, old) == 0;
    if (!*exists && lstat(path, &link) == 0 && S_ISLNK(link.st_mode)) {
        parity_fail(err, PARITY_E_IO, path, "is a symbolic link that leads nowhere");
        return NULL;
    }
    if (*exists && S_ISDIR(old->st_mode)) {
        parity_fail(err, PARITY_E_IO, path, "is a folder, not a file");
        return NULL;
    }
    target = parity_strdup(*exists ? real : path);
    if (!target)
        parity_fail_nomem(err);
    return target;
}

/* Opens a file beside `change->target`, which `old` (NULL: nothing) is now. @return it, or -1 */
static int open_replacement(struct parity_file_change *change, const struct stat *old)
{
    int fd = open_beside(change->target, old ? 0600 : 0666, &change->beside);
    int saved;

    if (fd < 0 || !old || keep_permissions(fd, old) == 0)
        return fd;
    saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

/* All is on the disk before it takes the name. */
static int close_flushed(int fd)
{
    int saved = fsync(fd) < 0 ? errno : 0;

    if (close(fd) < 0 && !saved)
        saved = errno;
    errno = saved;
    return saved ? -1 : 0;
}

static int begin_change(const char *path, struct parity_file_writer *writer,
                        struct parity_error *err)
{
    struct stat old;
    bool exists;

    writer->change.target = find_target(path, &old, &exists, err);
    if (!writer->change.target)
        return -1;
    if (parity_file_make_parents(writer->change.target, err) < 0) {
        parity_file_abandon(&writer->change);
        return -1;
    }
    writer->fd = open_replacement(&writer->change, exists ? &old : NULL);
    if (writer->fd < 0) {
        fail_write(err, path);
        parity_file_abandon(&writer->change);
        return -1;
    }
    return 0;
}

int parity_file_prepare(const char *path, const void *data, size_t length,
                        struct parity_file_change *change, struct parity_error *err)
{
    struct parity_file_writer writer = {0};
    int rc = begin_change(path, &writer, err);

    if (rc == 0 && parity_file_write_all(writer.fd, data, length) < 0) {
        fail_write(err, path);
        close(writer.fd);
        rc = -1;
    } else if (rc == 0 && close_flushed(writer.fd) < 0) {
        fail_write(err, path);
        rc = -1;
    }
    if (rc < 0)
        parity_file_abandon(&writer.change);
    *change = writer.change;
    return rc;
}

static int put_in_place(struct parity_file_change *change, bool flush, struct parity_error *err)
{
    if (rename(change->beside, change->target) < 0) {
        fail_write(err, change->target);
        parity_file_abandon(change);
        return -1;
    }
    parity_free(change->beside);
    change->beside = NULL;
    /* The rename itself must survive a power cut too. */
    if (flush)
        parity_file_flush_folder(change->target);
    parity_file_abandon(change);
    return 0;
}

int parity_file_commit(struct parity_file_change *change, struct parity_error *err)
{
    return put_in_place(change, true, err);
}

void parity_file_abandon(struct parity_file_change *change)
{
    if (change->beside)
        unlink(change->beside);
    parity_free(change->beside);
    parity_free(change->target);
    memset(change, 0, sizeof *change);
}

/* A terminal, a pipe or /dev/null has no old content to keep, and must not become a file. */
static int write_through(const char *path, const void *data, size_t length,
                         struct parity_error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    int rc;

    if (fd < 0) {
        fail_write(err, path);
        return -1;
    }
    rc = parity_file_write_all(fd, data, length);
    if (rc < 0)
        fail_write(err, path);
    close(fd);
    return rc;
}

int parity_file_replace(const char *path, const void *data, size_t length, struct parity_error *err)
{
    struct parity_file_change change;
    struct stat info;

    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
        return write_through(path, data, length, err);
    if (parity_file_prepare(path, data, length, &change, err) < 0)
        return -1;
    return parity_file_commit(&change, err);
}

int parity_file_writer_open(const char *path, struct parity_file_writer *writer,
                            struct parity_error *err)
{
    struct stat info;

    memset(writer, 0, sizeof *writer);
    writer->through = stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
    if (!writer->through)
        return begin_change(path, writer, err);
    writer->change.target = parity_strdup(path);
    if (!writer->change.target) {
        parity_fail_nomem(err);
        return -1;
    }
    writer->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (writer->fd >= 0)
        return 0;
    fail_write(err, path);
    parity_file_abandon(&writer->change);
    return -1;
}

int parity_file_writer_add(struct parity_file_writer *writer, const void *data, size_t length,
                           struct parity_error *err)
{
    if (parity_file_write_all(writer->fd, data, length) == 0)
        return 0;
    fail_write(err, writer->change.target);
    return -1;
}

int parity_file_writer_close(struct parity_file_writer *writer, struct parity_error *err)
{
    bool flush = !writer->through && !writer->unflushed;
    int rc = flush ? close_flushed(writer->fd) : close(writer->fd);

    if (rc < 0) {
        fail_write(err, writer->change.target);
        parity_file_abandon(&writer->change);
    } else if (writer->through) {
        parity_file_abandon(&writer->change);
    } else {
        rc = put_in_place(&writer->change, flush, err);
    }
    return rc;
}

void parity_file_writer_abandon(struct parity_file_writer *writer)
{
    if (writer->change.target)
        close(writer->fd);
    parity_file_abandon(&writer->change);
}

int parity_file_remove(const char *path, struct parity_error *err)
{
    if (unlink(path) == 0) {
        parity_file_flush_folder(path);
        return 0;
    }
    if (errno == ENOENT)
        return 0;
    parity_fail(err, PARITY_E_IO, path, "cannot remove: %s", strerror(errno));
    return -1;
}

static bool is_leftover(const char *name)
{
    size_t length = strlen(name);

    return length == strlen(BESIDE_PREFIX) + 16 + strlen(BESIDE_SUFFIX) &&
           strncmp(name, BESIDE_PREFIX, strlen(BESIDE_PREFIX)) == 0 &&
           strcmp(name + length - strlen(BESIDE_SUFFIX), BESIDE_SUFFIX) == 0;
}

void parity_file_sweep(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;

    if (!entries)
        return;
    while ((entry = readdir(entries)) != NULL)
        if (is_leftover(entry->d_name))
            unlinkat(dirfd(entries), entry->d_name, 0);
    closedir(entries);
}

static int make_folder(const char *path, struct parity_error *err)
{
    struct stat info;

    if (mkdir(path, 0777) == 0)
        return 0;
    if (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return 0;
    parity_fail(err, PARITY_E_IO, path, "cannot make the folder: %s",
                errno == EEXIST ? "a file of that name is in the way" : strerror(errno));
    return -1;
}

int parity_file_make_folders(const char *path, struct parity_error *err)
{
    char *copy = parity_strdup(path);
    int rc = 0;

    if (!copy) {
        parity_fail_nomem(err);
        return -1;
    }
    for (char *slash = copy[0] ? strchr(copy + 1, '/') : NULL; slash && rc == 0;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        rc = make_folder(copy, err);
        *slash = '/';
    }
    if (rc == 0 && copy[0] && copy[strlen(copy) - 1] != '/')
        rc = make_folder(copy, err);
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
