/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_COVERAGE_HTML_H
#define PARITY_CLI_COVERAGE_HTML_H

#include <jansson.h>

#include "base/buffer.h"

/**
 * Append the report as one page that needs neither network nor script: services and targets side by
 * side, and below each service with its operations, their parameters, errors and tests.
 *
 * @param report  of parity_coverage_report()
 */
void parity_coverage_html(struct parity_buffer *out, const json_t *report);

#endif
