/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_COVERAGE_HTML_OPERATION_H
#define PARITY_CLI_COVERAGE_HTML_OPERATION_H

#include <jansson.h>

#include "base/buffer.h"

/** Append the line of the page about one operation: a cell for each target, and what is folded
 * away below its name. Both from the report. */
void parity_coverage_html_operation(struct parity_buffer *out, const json_t *targets,
                                    const json_t *operation);

#endif
