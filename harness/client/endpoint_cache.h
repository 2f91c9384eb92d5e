/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_ENDPOINT_CACHE_H
#define PARITY_CLIENT_ENDPOINT_CACHE_H

/*
 * Compiled endpoint rules in the cache of models (model_cache.h): reading S3's rules, a document of
 * 900 KB, takes longer than the rest of a call. Internal to endpoint*.c.
 */

#include <stdbool.h>

#include "client/endpoint_rules.h"

/**
 * Look for valid rules made from exactly `source`. Every link in them is checked, so that the
 * evaluation needs to check none.
 *
 * @param source  of parity_models_data_source()
 * @param out     filled from zero if found; cleared by the caller
 * @return true if found
 */
bool parity_endpoint_cache_open(const char *service, const char *source,
                                struct parity_rule_set *out);

/** Keep compiled rules; silently does nothing where that is not possible. */
void parity_endpoint_cache_store(const char *service, const char *source,
                                 const struct parity_rule_set *rules);

/** Whether a rule set is of sound form: what the compiler makes is. */
bool parity_rule_set_is_sound(const struct parity_rule_set *rules);

#endif
