/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/report_file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

/* What is worth a write. */
enum { ENOUGH = 64 * 1024 };

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
    return parity_parts_open(&file->parts, err);
}

void parity_report_file_clear(struct parity_report_file *file)
{
    parity_parts_clear(&file->parts);
    parity_file_writer_abandon(&file->writer);
    parity_buffer_clear(&file->text);
    parity_free(file->path);
    memset(file, 0, sizeof *file);
}

void parity_report_file_add(struct parity_report_file *file, const struct parity_result *result,
                            const struct parity_buffer *text)
{
    if (file->failure.code == PARITY_OK &&
        parity_parts_add(&file->parts, result, text, &file->failure) < 0)
        parity_error_add_context(&file->failure, "%s", file->path);
}

/* --- the end -----------------------------------------------------------------------------------
 */

void parity_report_file_begin(struct parity_report_file *file)
{
    if (file->failure.code != PARITY_OK)
        return;
    parity_parts_sort(&file->parts, NULL);
    parity_file_writer_open(file->path, &file->writer, &file->failure);
}

static void write_text(struct parity_report_file *file)
{
    if (file->text.failed)
        parity_fail_nomem(&file->failure);
    if (file->failure.code == PARITY_OK && file->text.length > 0)
        parity_file_writer_add(&file->writer, file->text.data, file->text.length, &file->failure);
    parity_buffer_reset(&file->text);
}

void parity_report_file_flush(struct parity_report_file *file)
{
    if (file->text.length >= ENOUGH)
        write_text(file);
}

bool parity_report_file_next(struct parity_report_file *file, struct parity_part *part)
{
    if (file->failure.code != PARITY_OK)
        return false;
    if (parity_parts_next(&file->parts, part, &file->failure))
        return true;
    parity_error_add_context(&file->failure, "%s", file->path);
    return false;
}

void parity_report_file_write_part(struct parity_report_file *file, const struct parity_part *part)
{
    char block[16384];

    for (size_t done = 0; done < part->head.length && file->failure.code == PARITY_OK;) {
        size_t left = part->head.length - done;
        size_t size = left < sizeof block ? left : sizeof block;

        if (parity_spool_read(&file->parts.spool, part->text + (off_t)done, block, size,
                              &file->failure) < 0)
            parity_error_add_context(&file->failure, "%s", file->path);
        else
            parity_buffer_add(&file->text, block, size);
        parity_report_file_flush(file);
        done += size;
    }
}

int parity_report_file_end(struct parity_report_file *file, struct parity_error *err)
{
    write_text(file);
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
