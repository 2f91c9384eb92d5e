/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_COVERAGE_COLUMNS_H
#define PARITY_CLI_COVERAGE_COLUMNS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"

/* What the tables of a coverage report show, whatever they are written as. */

/** What a line is about. All borrowed from the report. */
struct parity_coverage_row {
    const char *service;   /* "total": the sum of all */
    const char *operation; /* NULL: the line is about the service */
    const json_t *target;  /* as the report describes it */
    const json_t *numbers; /* sums of a service, or what is known of an operation */
};

struct parity_coverage_column {
    const char *title;
    void (*write)(struct parity_buffer *out, const struct parity_coverage_row *row,
                  const struct parity_coverage_column *column);
    const char *name;                          /* of what is written, in the report */
    const struct parity_coverage_lists *lists; /* it is how long one of these is */
    bool is_left;                              /* aligned so */
    bool tells_target;                         /* needed only where there are several */
};

/** The columns, ended by one without a title: for people, and for programs. */
extern const struct parity_coverage_column parity_coverage_of_services[];
extern const struct parity_coverage_column parity_coverage_of_operations[];
extern const struct parity_coverage_column parity_coverage_csv_of_services[];
extern const struct parity_coverage_column parity_coverage_csv_of_operations[];

enum { PARITY_COVERAGE_COLUMNS = 20 }; /* no table has more */

#endif
