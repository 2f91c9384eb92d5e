/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_ENDPOINT_H
#define PARITY_CLIENT_ENDPOINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "client/model.h"

/**
 * Evaluate a service's endpoint rule set.
 *
 * @param params  object of endpoint parameters (`Region`, `UseFIPS`, `Bucket`, …); defaults of the
 *                rule set are filled in
 * @param out     new: {"url", "headers", "properties"}, or {"error"} when a rule ends in an error
 * @param err     PARITY_E_INVALID (a parameter missing, unknown, of the wrong type), PARITY_E_PARSE
 *                (broken rule set), PARITY_E_NOT_FOUND (service without rules)
 * @return 0 (also for {"error"}) or -1
 * @see botocore/endpoint_provider.py, EndpointProvider.resolve_endpoint
 */
int parity_endpoint_resolve(struct parity_models *models, const char *service, const json_t *params,
                            json_t **out, struct parity_error *err);

/** One parameter of a service's rule set; strings are borrowed from `models`. */
struct parity_endpoint_parameter {
    const char *name;    /* "Region" */
    const char *builtin; /* "AWS::Region"; NULL: set by the operation's model alone */
};

/**
 * The parameters of a service's rule set, in its order.
 *
 * @param index  0-based
 * @return true if there is one of that position; false at the end and when there are no rules
 */
bool parity_endpoint_parameter(struct parity_models *models, const char *service, size_t index,
                               struct parity_endpoint_parameter *out);

/** Partition of a region ("aws", "aws-cn"), by partitions.json; "aws" without it. Borrowed from
 * `models`; never NULL. */
const char *parity_endpoint_partition(struct parity_models *models, const char *region);

/** Whether a host name lies in a domain of AWS, by the DNS suffixes of partitions.json. */
bool parity_endpoint_is_aws(struct parity_models *models, const char *host, size_t length);

#endif
