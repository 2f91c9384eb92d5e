/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_MASK_EXCHANGE_H
#define PARITY_RUNNER_MASK_EXCHANGE_H

#include <jansson.h>

#include "recorder/secrets.h"

/**
 * Hide what parity_secrets_check() would refuse in what went over the wire, before a report shows
 * it: in URLs, header values and bodies, whatever their format is, also where they were cut.
 *
 * @param calls  array, as in the results file, with `exchanges` (client/call_exchange.c); changed
 */
void parity_mask_exchanges(const struct parity_secrets_options *secrets, json_t *calls);

#endif
