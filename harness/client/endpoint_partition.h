/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_ENDPOINT_PARTITION_H
#define PARITY_CLIENT_ENDPOINT_PARTITION_H

#include <jansson.h>

#include "client/endpoint_value.h"

/* Making of what endpoint_value.h looks up. Internal to endpoint*.c. */

/**
 * @param document  content of partitions.json; stolen, also on failure
 * @param err       PARITY_E_PARSE
 */
struct parity_partitions *parity_partitions_new(json_t *document, struct parity_error *err);
void parity_partitions_free(struct parity_partitions *partitions);

/** Name of the partition of a region. Borrowed. */
const char *parity_partitions_name(const struct parity_partitions *partitions, const char *region);

/** Whether a host name is or lies below a DNS suffix of a partition. */
bool parity_partitions_own_host(const struct parity_partitions *partitions, const char *host,
                                size_t length);

/** Whether a host name is `suffix` or lies below it; case and a final dot do not matter. */
bool parity_partitions_is_below(const char *host, size_t length, const char *suffix);

#endif
