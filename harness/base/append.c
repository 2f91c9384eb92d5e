/* SPDX-License-Identifier: Apache-2.0 */
#include "base/append.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Where the last whole line of `size` bytes ends. @return it, or -1 (with errno) */
static off_t find_end(int fd, off_t size)
{
    char piece[4096];

    while (size > 0) {
        size_t length = size < (off_t)sizeof piece ? (size_t)size : sizeof piece;
        ssize_t got = pread(fd, piece, length, size - (off_t)length);
        const char *newline;

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        newline = memrchr(piece, '\n', (size_t)got);
        size -= (off_t)length;
        if (newline)
            return size + (newline - piece) + 1;
    }
    return 0;
}

/* @return 0 or -1 (with errno) */
static int add(int fd, const char *line, size_t length, off_t size)
{
    off_t end = find_end(fd, size);
    int saved, cut;

    if (end < 0 || (end < size && ftruncate(fd, end) < 0))
        return -1;
    if (parity_file_write_all(fd, line, length) == 0 && fsync(fd) == 0)
        return 0;
    saved = errno;
    cut = ftruncate(fd, end); /* where it fails, the next line does it */
    (void)cut;
    errno = saved;
    return -1;
}

int parity_append_line(const char *path, const char *line, size_t length, struct parity_error *err)
{
    int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    struct stat info = {0};
    int rc = -1;

    if (fd >= 0 && fstat(fd, &info) == 0)
        rc = add(fd, line, length, info.st_size);
    if (rc < 0)
        parity_fail(err, errno == ENOENT ? PARITY_E_NOT_FOUND : PARITY_E_IO, path,
                    "cannot write: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    if (rc == 0 && info.st_size == 0)
        parity_file_flush_folder(path);
    return rc;
}
