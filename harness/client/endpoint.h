/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_ENDPOINT_H
#define PARITY_CLIENT_ENDPOINT_H

#include <jansson.h>

#include "base/error.h"
#include "client/model.h"

/**
 * Evaluate a service's endpoint rule set.
 *
 * @param params  object of endpoint parameters (`Region`, `UseFIPS`, `Bucket`, …); defaults of the
 *                rule set are filled in
 * @param out     new: {"url", "headers", "properties"}, or {"error"} when a rule ends in an error
 * @param err     PARITY_E_INVALID (a required parameter missing, of the wrong type), PARITY_E_PARSE
 * (broken rule set)
 * @return 0 (also for {"error"}) or -1
 * @see botocore/endpoint_provider.py, EndpointProvider.resolve_endpoint
 */
int parity_endpoint_resolve(struct parity_models *models, const char *service, const json_t *params,
                            json_t **out, struct parity_error *err);

/** Partition of a region ("aws", "aws-cn"), by partitions.json. Borrowed from `models`; never NULL.
 */
const char *parity_endpoint_partition(struct parity_models *models, const char *region);

#endif
