/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_COVERAGE_TABLE_H
#define PARITY_CLI_COVERAGE_TABLE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"

enum parity_coverage_table_style {
    PARITY_COVERAGE_TEXT,     /* columns for a terminal, and the notices below */
    PARITY_COVERAGE_MARKDOWN, /* tables of GitHub Flavored Markdown */
    PARITY_COVERAGE_CSV       /* RFC 4180, one table with a line for each target */
};

/**
 * Append the report as a table: a line for each service and target, and their sum, or, with
 * `by_operation`, for each operation and target.
 *
 * @param report  of parity_coverage_report()
 */
void parity_coverage_table(struct parity_buffer *out, const json_t *report, bool by_operation,
                           enum parity_coverage_table_style style);

#endif
