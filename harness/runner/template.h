/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_TEMPLATE_H
#define PARITY_RUNNER_TEMPLATE_H

#include <jansson.h>
#include <stdarg.h>

#include "base/error.h"

/**
 * Make a value from a JSON template and its arguments (parity/test.h, "JSON templates").
 *
 * @param arguments  read as far as the template's conversions go
 * @param out        new; NULL on failure
 * @param err        PARITY_E_USAGE with line and column in the template, and what stands there;
 *                   PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_template_read(const char *format, va_list *arguments, json_t **out,
                         struct parity_error *err);

#endif
