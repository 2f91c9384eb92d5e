/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_REPORTERS_REPORT_FILE_H
#define PARITY_REPORTERS_REPORT_FILE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"
#include "runner/reporters/parts.h"
#include "runner/result.h"

/*
 * A report that becomes a file when the run is over.
 *
 * What is said about each test is put aside until then; in the end it comes out in the order of the
 * tests' ids, and takes the place of the old report as a whole.
 */
struct parity_report_file {
    char *path; /* owned */
    struct parity_parts parts;
    struct parity_file_writer writer;
    struct parity_buffer text;     /* what is written next */
    unsigned long memory_failures; /* of this process, when it was opened */
    struct parity_error failure;   /* the first; nothing is written after it */
};

/**
 * Find out that the report can be written, before hours of tests end in one that cannot.
 *
 * @param file    zeroed; cleared by the caller in either case
 * @param option  the option that asked for it, for messages: "--results"
 * @param err     PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_report_file_open(struct parity_report_file *file, const char *path, const char *option,
                            struct parity_error *err);
void parity_report_file_clear(struct parity_report_file *file);

/** Keep what the report says about a test. A failure shows when the report ends. */
void parity_report_file_add(struct parity_report_file *file, const struct parity_result *result,
                            const struct parity_buffer *text);

/** The end: sort the parts, and begin to write what the caller puts into `file->text`. */
void parity_report_file_begin(struct parity_report_file *file);

/** Go on to the next part, as parity_parts_next(). A failure shows when the report ends. */
bool parity_report_file_next(struct parity_report_file *file, struct parity_part *part);

/** Append the text of a part to `file->text`. */
void parity_report_file_write_part(struct parity_report_file *file, const struct parity_part *part);

/** Write `file->text`, and empty it, once it is worth a write. */
void parity_report_file_flush(struct parity_report_file *file);

/** Write `file->text`, and put the report in its place. @return 0 or -1 (the first failure) */
int parity_report_file_end(struct parity_report_file *file, struct parity_error *err);

#endif
