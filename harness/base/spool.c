/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

static const char *folder(void)
{
    const char *chosen = getenv("TMPDIR");

    return chosen && *chosen ? chosen : "/tmp";
}

int parity_spool_open(struct parity_spool *spool, struct parity_error *err)
{
    char *path = parity_asprintf("%s/parity-XXXXXX", folder());

    *spool = (struct parity_spool){0};
    if (!path) {
        parity_fail_nomem(err);
        return -1;
    }
    spool->fd = mkostemp(path, O_CLOEXEC);
    if (spool->fd < 0) {
        parity_fail(err, PARITY_E_IO, path, "cannot make a temporary file: %s", strerror(errno));
    } else {
        unlink(path);
        spool->open = true;
    }
    parity_free(path);
    return spool->open ? 0 : -1;
}

void parity_spool_close(struct parity_spool *spool)
{
    if (spool->open)
        close(spool->fd);
    *spool = (struct parity_spool){0};
}

/* At a place of our own: processes that were forked have the descriptor too, and its position. */
static int write_at(const struct parity_spool *spool, off_t at, const void *data, size_t length,
                    struct parity_error *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = pwrite(spool->fd, (const char *)data + done, length - done, at + (off_t)done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            parity_fail(err, PARITY_E_IO, folder(), "cannot write a temporary file: %s",
                        strerror(errno));
            return -1;
        }
        done += (size_t)n;
    }
    return 0;
}

int parity_spool_add(struct parity_spool *spool, const void *data, size_t length,
                     struct parity_error *err)
{
    if (write_at(spool, spool->end, data, length, err) < 0)
        return -1;
    spool->end += (off_t)length;
    return 0;
}

int parity_spool_change(struct parity_spool *spool, off_t at, const void *data, size_t length,
                        struct parity_error *err)
{
    return write_at(spool, at, data, length, err);
}

int parity_spool_read(const struct parity_spool *spool, off_t at, void *out, size_t length,
                      struct parity_error *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = pread(spool->fd, (char *)out + done, length - done, at + (off_t)done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            parity_fail(err, PARITY_E_IO, folder(), "cannot read a temporary file: %s",
                        n < 0 ? strerror(errno) : "it has become shorter");
            return -1;
        }
        done += (size_t)n;
    }
    return 0;
}

int parity_spool_print(const struct parity_spool *spool, off_t at, size_t length, FILE *out,
                       struct parity_error *err)
{
    char block[16384];

    while (length > 0) {
        size_t size = length < sizeof block ? length : sizeof block;

        if (parity_spool_read(spool, at, block, size, err) < 0)
            return -1;
        fwrite(block, 1, size, out);
        at += (off_t)size;
        length -= size;
    }
    return 0;
}
