/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

/* Where parts wait: gone when the last descriptor of it is closed, whatever ends the process. */
static int open_waiting(struct parity_error *err)
{
    const char *folder = getenv("TMPDIR");
    char *path = parity_asprintf("%s/parity-report-XXXXXX", folder && *folder ? folder : "/tmp");
    int fd = path ? mkostemp(path, O_CLOEXEC) : -1;

    if (!path)
        parity_fail_nomem(err);
    else if (fd < 0)
        parity_fail(err, PARITY_E_IO, path, "cannot make a temporary file: %s", strerror(errno));
    else
        unlink(path);
    parity_free(path);
    return fd;
}

static int check_writable(const char *path, struct parity_error *err)
{
    struct parity_file_writer writer;
    struct stat info;

    /* Whoever reads from a pipe would take a first visit for the whole. */
    if (stat(path, &info) == 0 && S_ISFIFO(info.st_mode) && access(path, W_OK) == 0)
        return 0;
    if (parity_file_writer_open(path, &writer, err) < 0)
        return -1;
    parity_file_writer_abandon(&writer);
    return 0;
}

int parity_report_file_open(struct parity_report_file *file, const char *path, const char *option,
                            struct parity_error *err)
{
    file->waiting = -1;
    file->memory_failures = parity_memory_failures();
    file->path = parity_strdup(path);
    if (!file->path) {
        parity_fail_nomem(err);
        return -1;
    }
    if (!path[0] || strcmp(path, "-") == 0) {
        parity_fail(err, PARITY_E_USAGE, option, "needs the name of a file, not '%s'%s", path,
                    path[0] ? "; --tap alone writes to standard output" : "");
        return -1;
    }
    if (check_writable(path, err) < 0) {
        parity_error_add_context(err, "%s", option);
        return -1;
    }
    file->waiting = open_waiting(err);
    return file->waiting < 0 ? -1 : 0;
}

void parity_report_file_clear(struct parity_report_file *file)
{
    if (file->path && file->waiting >= 0)
        close(file->waiting);
    parity_file_writer_abandon(&file->writer);
    parity_buffer_clear(&file->text);
    parity_free(file->parts);
    parity_free(file->path);
    memset(file, 0, sizeof *file);
}

/* --- while tests run ---------------------------------------------------------------------------
 */

/* At a place of our own: the descriptor is also that of the workers, with its position. */
static int keep(struct parity_report_file *file, const void *data, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = pwrite(file->waiting, (const char *)data + done, length - done,
                           file->end + (off_t)done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            parity_fail(&file->failure, PARITY_E_IO, file->path, "cannot keep a part of it: %s",
                        strerror(errno));
            return -1;
        }
        done += (size_t)n;
    }
    file->end += (off_t)length;
    return 0;
}

void parity_report_file_add(struct parity_report_file *file, const struct parity_result *result,
                            const struct parity_buffer *text)
{
    const struct parity_report_head head = {
        .outcome = result->outcome, .duration_s = result->duration_s, .length = text->length};
    const struct parity_report_part part = {.test = result->test_case, .offset = file->end};

    if (file->failure.code != PARITY_OK)
        return;
    if (text->failed ||
        parity_grow(&file->parts, &file->capacity, file->count + 1, sizeof *file->parts) < 0) {
        parity_fail_nomem(&file->failure);
        return;
    }
    if (keep(file, &head, sizeof head) == 0 && keep(file, text->data, text->length) == 0)
        file->parts[file->count++] = part;
}

/* --- the end -----------------------------------------------------------------------------------
 */

/* A test that ran several times stands there as often, in the order of its runs. */
static int by_id(const void *a, const void *b)
{
    const struct parity_report_part *left = a, *right = b;
    int order = strcmp(left->test->id, right->test->id);

    if (order != 0)
        return order;
    return left->offset < right->offset ? -1 : left->offset > right->offset;
}

void parity_report_file_begin(struct parity_report_file *file)
{
    if (file->failure.code != PARITY_OK)
        return;
    if (file->count > 1)
        qsort(file->parts, file->count, sizeof *file->parts, by_id);
    parity_file_writer_open(file->path, &file->writer, &file->failure);
}

void parity_report_file_flush(struct parity_report_file *file)
{
    if (file->text.failed)
        parity_fail_nomem(&file->failure);
    if (file->failure.code == PARITY_OK && file->text.length > 0)
        parity_file_writer_add(&file->writer, file->text.data, file->text.length, &file->failure);
    parity_buffer_reset(&file->text);
}

/* @return how much was read; 0: nothing, which is the report's failure */
static size_t fetch(struct parity_report_file *file, void *out, size_t wanted, off_t at)
{
    ssize_t n;

    do
        n = pread(file->waiting, out, wanted, at);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        return (size_t)n;
    parity_fail(&file->failure, PARITY_E_IO, file->path, "a part of it was lost");
    return 0;
}

struct parity_report_head parity_report_file_head(struct parity_report_file *file, size_t part)
{
    struct parity_report_head head;

    if (fetch(file, &head, sizeof head, file->parts[part].offset) == sizeof head)
        return head;
    return (struct parity_report_head){0};
}

void parity_report_file_write_part(struct parity_report_file *file, size_t part)
{
    size_t left = parity_report_file_head(file, part).length;
    off_t at = file->parts[part].offset + (off_t)sizeof(struct parity_report_head);
    char block[16384];

    parity_report_file_flush(file);
    while (left > 0 && file->failure.code == PARITY_OK) {
        size_t got = fetch(file, block, left < sizeof block ? left : sizeof block, at);

        if (got > 0)
            parity_file_writer_add(&file->writer, block, got, &file->failure);
        at += (off_t)got;
        left -= got;
    }
}

int parity_report_file_end(struct parity_report_file *file, struct parity_error *err)
{
    parity_report_file_flush(file);
    /* What JSON lacks that found no memory shows nowhere else. */
    if (parity_memory_failures() != file->memory_failures)
        parity_fail_nomem(&file->failure);
    if (file->failure.code == PARITY_OK) {
        parity_file_writer_close(&file->writer, &file->failure);
    } else {
        parity_file_writer_abandon(&file->writer);
    }
    if (file->failure.code == PARITY_OK)
        return 0;
    if (err && err->code == PARITY_OK)
        *err = file->failure;
    return -1;
}
