/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_BODY_FILE_H
#define PARITY_CLIENT_BODY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/sha256.h"

/** The length of the chunks of a body that is sent as aws-chunked, as botocore's. */
enum { PARITY_AWS_CHUNK_BYTES = 1024 * 1024 };

/**
 * A regular file that is the body of a request. It is read in pieces whenever it is needed, for a
 * checksum, a hash and each attempt to send it, and never stands in memory as a whole.
 */
struct parity_body_file {
    char *path; /* owned; for messages */
    int fd;
    uint64_t length;              /* when it was opened: so much is sent, whatever happens to it */
    struct parity_buffer trailer; /* what ends a body in aws-chunked; empty: sent as it stands */
};

/**
 * @param out  new; NULL when `path` is no regular file (a pipe, a terminal), which can be read only
 *             once
 * @param err  PARITY_E_NOT_FOUND, PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_body_file_open(const char *path, struct parity_body_file **out,
                          struct parity_error *err);
void parity_body_file_free(struct parity_body_file *file);

/**
 * Hand over the content in pieces, without chunks and trailer.
 *
 * @param take  returns 0, or -1 to end it with the reason in `err`
 * @return 0 or -1 (PARITY_E_IO: it cannot be read, or has become shorter)
 */
int parity_body_file_each(const struct parity_body_file *file,
                          int (*take)(const void *data, size_t length, void *context,
                                      struct parity_error *err),
                          void *context, struct parity_error *err);

/** SHA-256 of the content, in hexadecimal. @return 0 or -1 */
int parity_body_file_sha256(const struct parity_body_file *file, char out[PARITY_SHA256_HEX + 1],
                            struct parity_error *err);

/** Append the first bytes of the content, `most` at most. @return 0 or -1 */
int parity_body_file_beginning(const struct parity_body_file *file, size_t most,
                               struct parity_buffer *out, struct parity_error *err);

/** Where sending has come to. Plain data; starts when `file` is set and the rest zero. */
struct parity_body_reader {
    const struct parity_body_file *file;
    uint64_t at;         /* in the file */
    uint64_t chunk_left; /* bytes of the chunk that are still to come */
    const char *text;    /* what comes before any more of the file: borrowed … */
    size_t text_left;
    char head[24]; /* … from here or the trailer */
    bool in_chunk, ended;
};

/**
 * The next bytes as they are sent: with chunks and trailer, if there is a trailer.
 *
 * @param length  set to how many there are, at most `size`; 0 at the end
 * @return 0 or -1, as parity_body_file_each()
 */
int parity_body_reader_read(struct parity_body_reader *reader, char *out, size_t size,
                            size_t *length, struct parity_error *err);

#endif
