/* SPDX-License-Identifier: Apache-2.0 */
#include "client/body_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/memory.h"

enum { PIECE_BYTES = 128 * 1024 };

static int fail_io(const char *path, struct parity_error *err)
{
    parity_fail(err, errno == ENOENT ? PARITY_E_NOT_FOUND : PARITY_E_IO, path, "cannot read: %s",
                strerror(errno));
    return -1;
}

/* Fills `file` with what `path` is. Returns 1 if that can be read again and again, else 0, or -1.
 */
static int open_regular(const char *path, struct parity_body_file *file, struct parity_error *err)
{
    struct stat info;

    if (stat(path, &info) < 0)
        return fail_io(path, err);
    if (!S_ISREG(info.st_mode))
        return 0;
    file->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (file->fd < 0 || fstat(file->fd, &info) < 0)
        return fail_io(path, err);
    file->length = (uint64_t)info.st_size;
    file->path = parity_strdup(path);
    if (file->path)
        return 1;
    parity_fail_nomem(err);
    return -1;
}

int parity_body_file_open(const char *path, struct parity_body_file **out, struct parity_error *err)
{
    struct parity_body_file *file;
    int rc;

    *out = NULL;
    if (strcmp(path, "-") == 0)
        return 0;
    file = parity_calloc(1, sizeof *file);
    if (!file) {
        parity_fail_nomem(err);
        return -1;
    }
    file->fd = -1;
    rc = open_regular(path, file, err);
    if (rc == 1)
        *out = file;
    else
        parity_body_file_free(file);
    return rc < 0 ? -1 : 0;
}

void parity_body_file_free(struct parity_body_file *file)
{
    if (!file)
        return;
    if (file->fd >= 0)
        close(file->fd);
    parity_buffer_clear(&file->trailer);
    parity_free(file->path);
    parity_free(file);
}

/* Exactly `length` bytes that stand at `at`. */
static int read_at(const struct parity_body_file *file, uint64_t at, char *out, size_t length,
                   struct parity_error *err)
{
    while (length > 0) {
        ssize_t n = pread(file->fd, out, length, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_io(file->path, err);
        if (n == 0) {
            parity_fail(err, PARITY_E_IO, file->path,
                        "became shorter while it was read: it had %llu bytes, and now ends after "
                        "%llu",
                        (unsigned long long)file->length, (unsigned long long)at);
            return -1;
        }
        out += n;
        at += (uint64_t)n;
        length -= (size_t)n;
    }
    return 0;
}

static size_t lesser(uint64_t a, size_t b)
{
    return a < b ? (size_t)a : b;
}

/* --- the content ------------------------------------------------------------------------------ */

int parity_body_file_each(const struct parity_body_file *file,
                          int (*take)(const void *data, size_t length, void *context,
                                      struct parity_error *err),
                          void *context, struct parity_error *err)
{
    char *piece = parity_malloc(PIECE_BYTES);
    size_t length;
    int rc = 0;

    if (!piece) {
        parity_fail_nomem(err);
        return -1;
    }
    for (uint64_t at = 0; rc == 0 && at < file->length; at += length) {
        length = lesser(file->length - at, PIECE_BYTES);
        rc = read_at(file, at, piece, length, err);
        if (rc == 0)
            rc = take(piece, length, context, err);
    }
    parity_free(piece);
    return rc;
}

static int add_to_hash(const void *data, size_t length, void *context, struct parity_error *err)
{
    (void)err;
    parity_sha256_add(context, data, length);
    return 0;
}

int parity_body_file_sha256(const struct parity_body_file *file, char out[PARITY_SHA256_HEX + 1],
                            struct parity_error *err)
{
    struct parity_sha256 sha256 = {0};
    unsigned char hash[PARITY_SHA256_BYTES];
    int rc = parity_sha256_init(&sha256, err);

    if (rc == 0) {
        parity_sha256_begin(&sha256);
        rc = parity_body_file_each(file, add_to_hash, &sha256, err);
    }
    if (rc == 0 && parity_sha256_end(&sha256, hash) < 0) {
        parity_fail(err, PARITY_E_ENVIRONMENT, "OpenSSL", "cannot compute a SHA-256 hash");
        rc = -1;
    }
    if (rc == 0)
        parity_hex(hash, sizeof hash, out);
    parity_sha256_clear(&sha256);
    return rc;
}

int parity_body_file_beginning(const struct parity_body_file *file, size_t most,
                               struct parity_buffer *out, struct parity_error *err)
{
    size_t length = lesser(file->length, most);

    if (parity_buffer_reserve(out, length + 1) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    if (read_at(file, 0, out->data + out->length, length, err) < 0)
        return -1;
    out->length += length;
    out->data[out->length] = '\0';
    return 0;
}

/* --- what is sent ----------------------------------------------------------------------------- */

static void set_text(struct parity_body_reader *reader, const char *text, size_t length)
{
    reader->text = text;
    reader->text_left = length;
}

/* What comes when the text and the chunk before it are through: the head of the next chunk, the end
 * of this one, or the trailer. */
static void go_on(struct parity_body_reader *reader)
{
    const struct parity_body_file *file = reader->file;
    uint64_t left = file->length - reader->at;

    if (file->trailer.length == 0) {
        reader->chunk_left = left;
        reader->ended = true;
    } else if (reader->in_chunk) {
        set_text(reader, "\r\n", 2);
        reader->in_chunk = false;
    } else if (left > 0) {
        reader->chunk_left = lesser(left, PARITY_AWS_CHUNK_BYTES);
        reader->in_chunk = true;
        set_text(reader, reader->head,
                 (size_t)snprintf(reader->head, sizeof reader->head, "%llx\r\n",
                                  (unsigned long long)reader->chunk_left));
    } else {
        set_text(reader, file->trailer.data, file->trailer.length);
        reader->ended = true;
    }
}

int parity_body_reader_read(struct parity_body_reader *reader, char *out, size_t size,
                            size_t *length, struct parity_error *err)
{
    *length = 0;
    while (*length < size) {
        size_t room = size - *length;

        if (reader->text_left > 0) {
            room = lesser(reader->text_left, room);
            memcpy(out + *length, reader->text, room);
            set_text(reader, reader->text + room, reader->text_left - room);
        } else if (reader->chunk_left > 0) {
            room = lesser(reader->chunk_left, room);
            if (read_at(reader->file, reader->at, out + *length, room, err) < 0)
                return -1;
            reader->at += room;
            reader->chunk_left -= room;
        } else if (!reader->ended) {
            go_on(reader);
            continue;
        } else {
            break;
        }
        *length += room;
    }
    return 0;
}
