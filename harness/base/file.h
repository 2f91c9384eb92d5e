/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_FILE_H
#define PARITY_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/**
 * Append the content of a file to `out`; "-" is standard input.
 *
 * @param max_bytes  refuse larger files with PARITY_E_LIMIT; 0: no limit
 * @param err        PARITY_E_NOT_FOUND (no such file), PARITY_E_IO, PARITY_E_LIMIT, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_file_read(const char *path, size_t max_bytes, struct parity_buffer *out,
                     struct parity_error *err);

/**
 * Replace a file as a whole: write beside it, flush to disk, rename.
 *
 * At every moment `path` is the old file or the new one. Missing parent folders are made. An
 * existing file keeps its permissions (and its owner, where that is allowed); a symbolic link is
 * followed; a device or pipe is written to as it is.
 *
 * @return 0 or -1 (PARITY_E_IO; the old file is untouched)
 */
int parity_file_replace(const char *path, const void *data, size_t length,
                        struct parity_error *err);

/**
 * The same in two steps, for files that must change together: all that can fail for want of space
 * or permission happens in the first.
 */
struct parity_file_change {
    char *target, *beside; /* owned; the file that is replaced, and the new content beside it */
};

/** Write the new content beside `path`. @return 0 or -1; then there is nothing to abandon */
int parity_file_prepare(const char *path, const void *data, size_t length,
                        struct parity_file_change *change, struct parity_error *err);

/** Put the new content in place and release `change`. @return 0 or -1 (then it is abandoned) */
int parity_file_commit(struct parity_file_change *change, struct parity_error *err);

/** Remove what was prepared. Does nothing when zeroed or committed. */
void parity_file_abandon(struct parity_file_change *change);

/**
 * The same for what does not fit into memory: written piece by piece beside the file, or straight
 * to a device or pipe. Zero-initialise, open, write, close; abandon when it is not to be.
 */
struct parity_file_writer {
    struct parity_file_change change; /* no `target`: not opened */
    int fd;
    bool through;   /* what is written goes where it belongs at once */
    bool unflushed; /* to be set after opening: it is no loss when a power cut leaves it empty */
};

/** @return 0 or -1 (PARITY_E_IO); then there is nothing to abandon */
int parity_file_writer_open(const char *path, struct parity_file_writer *writer,
                            struct parity_error *err);

/** @return 0 or -1 (PARITY_E_IO) */
int parity_file_writer_add(struct parity_file_writer *writer, const void *data, size_t length,
                           struct parity_error *err);

/** Put the new content in place. @return 0 or -1 (then it is abandoned) */
int parity_file_writer_close(struct parity_file_writer *writer, struct parity_error *err);

/** Remove what was written. Does nothing when zeroed or closed. */
void parity_file_writer_abandon(struct parity_file_writer *writer);

/** Remove a file, so that it is gone after a power cut too; one that is not there is fine. @return
 * 0 or -1 (PARITY_E_IO) */
int parity_file_remove(const char *path, struct parity_error *err);

/**
 * Remove what killed processes left beside the files of a folder.
 *
 * Only for callers that keep other writers out, since it cannot tell a leftover from work in
 * progress.
 */
void parity_file_sweep(const char *folder);

/** Write all of it to a descriptor. @return 0 or -1 (with errno) */
int parity_file_write_all(int fd, const void *data, size_t length);

/** Let what was made, renamed or removed in the folder of `path` survive a power cut, as far as
 * that can be had. */
void parity_file_flush_folder(const char *path);

/** Make a folder and its parents; one that exists is fine. @return 0 or -1 (PARITY_E_IO) */
int parity_file_make_folders(const char *path, struct parity_error *err);

/** The same for the folder that `path` is to stand in. */
int parity_file_make_parents(const char *path, struct parity_error *err);

/** "<folder>/<name>", or `name` itself when it is absolute or `folder` empty. New; NULL: no memory.
 */
char *parity_path_join(const char *folder, const char *name);

#endif
