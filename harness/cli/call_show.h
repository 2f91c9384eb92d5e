/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_CALL_SHOW_H
#define PARITY_CLI_CALL_SHOW_H

#include "base/error.h"
#include "client/http.h"

/**
 * Print a request as `call --dry-run` does: method, URL, headers and body, and the events of which
 * the body consists, if it does.
 *
 * @return the exit code, or -1
 */
int parity_call_show(const struct parity_http_request *request, struct parity_error *err);

#endif
