/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_RETRY_H
#define PARITY_CLIENT_RETRY_H

#include <stdbool.h>

#include "client/http.h"
#include "client/model.h"

/** What is left for retries, over all calls of a client: each retry takes of it, success gives
 * back. */
struct parity_retry_quota {
    int available;
};

void parity_retry_quota_init(struct parity_retry_quota *quota);

/** How an attempt ended. */
struct parity_retry_outcome {
    int status_code;        /* 0: no response */
    const char *error_code; /* of the parsed response; NULL: none */
    enum parity_http_trouble trouble;
    bool clock_corrected;      /* the time was wrong that the request was signed with */
    const char *retry_after;   /* header x-amz-retry-after, in ms; NULL: absent */
    const char *retry_after_s; /* header Retry-After (RFC 9110), in seconds; NULL: absent */
};

enum parity_retry_class { PARITY_RETRY_NO, PARITY_RETRY_TRANSIENT, PARITY_RETRY_THROTTLING };

/** Whether it is worth trying again. @see botocore/retries/standard.py, StandardRetryConditions */
enum parity_retry_class parity_retry_classify(const struct parity_service *service,
                                              const struct parity_retry_outcome *outcome);

/**
 * Take from the quota what a retry of this kind costs.
 * @param cost  of this retry, for parity_retry_release()
 * @return false: there is not enough left, do not retry
 */
bool parity_retry_acquire(struct parity_retry_quota *quota,
                          const struct parity_retry_outcome *outcome, int *cost);

/** Give back after a success; `cost` of the call's last retry, 0 without one. */
void parity_retry_release(struct parity_retry_quota *quota, int cost);

/**
 * Delay before the next attempt, in ms: full jitter under 1, 2, 4, … at most 20 seconds, and what
 * the service asks for, as far as that is at most 5 seconds more. What a proxy or a load balancer
 * asks for in Retry-After, which botocore does not read, counts up to 20 seconds.
 *
 * @param attempt  the one that failed, from 1
 * @param random   in [0, 1)
 */
long parity_retry_delay_ms(int attempt, double random, const struct parity_retry_outcome *outcome);

#endif
