/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_COVERAGE_REPORT_H
#define PARITY_CLI_COVERAGE_REPORT_H

#include <jansson.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/model.h"

struct parity_coverage_report_options {
    const char *const *services; /* those to report; none: those that a test called */
    size_t service_count;
    const char *measure; /* what the percentages count, see parity_coverage_measures */
};

/** What percentages may count, NULL-terminated; the first one is the default. */
extern const char *const parity_coverage_measures[];

/**
 * Hold what runs found out against the service models: the document of docs/coverage.schema.json.
 *
 * @param facts   of parity_coverage_count()
 * @param out     new
 * @param err     PARITY_E_NOT_FOUND: a service of the options is in no model, with the nearest
 *                name; PARITY_E_ENVIRONMENT: there are no models; PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_coverage_report(const json_t *facts, struct parity_models *models,
                           const struct parity_coverage_report_options *options, json_t **out,
                           struct parity_error *err);

/**
 * What one target did about one operation: a member of "targets" of an operation in the report.
 *
 * @param facts   of parity_coverage_count(); NULL: nothing called it
 * @param errors  array: names of the error shapes that the model lists for the operation
 * @return new; NULL when out of memory
 */
json_t *parity_coverage_operation(const json_t *facts, const struct parity_operation *operation,
                                  const json_t *errors);

/** The names of the error shapes that the model lists for each operation: {operation: [names]}.
 * New; NULL with `err`. */
json_t *parity_coverage_errors(struct parity_models *models, const char *service,
                               struct parity_error *err);

/** Add up what targets did about operations: of a service, and of services. */
json_t *parity_coverage_sums_new(void);
void parity_coverage_sums_add_operation(json_t *sums, const json_t *operation);
void parity_coverage_sums_add(json_t *sums, const json_t *more);

/** Append what people call a target: "moto 5.1.0", "aws", an address. */
void parity_coverage_add_label(struct parity_buffer *out, const json_t *target);

#endif
