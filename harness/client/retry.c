/* SPDX-License-Identifier: Apache-2.0 */
#include "client/retry.h"

#include <stdlib.h>
#include <string.h>

enum {
    QUOTA = 500,
    RETRY_COST = 5,
    TIMEOUT_COST = 10,
    SUCCESS_GAIN = 1,
    MAX_BACKOFF_MS = 20 * 1000,
    MAX_ADDITION_MS = 5 * 1000
};

void parity_retry_quota_init(struct parity_retry_quota *quota)
{
    quota->available = QUOTA;
}

static bool is_one_of(const char *code, const char *const *codes)
{
    for (; code && *codes; codes++)
        if (strcmp(code, *codes) == 0)
            return true;
    return false;
}

static bool is_throttling_code(const char *code)
{
    static const char *const codes[] = {"Throttling",
                                        "ThrottlingException",
                                        "ThrottledException",
                                        "RequestThrottledException",
                                        "TooManyRequestsException",
                                        "ProvisionedThroughputExceededException",
                                        "TransactionInProgressException",
                                        "RequestLimitExceeded",
                                        "BandwidthLimitExceeded",
                                        "LimitExceededException",
                                        "RequestThrottled",
                                        "SlowDown",
                                        "PriorRequestNotComplete",
                                        "EC2ThrottledException",
                                        NULL};

    return is_one_of(code, codes);
}

static bool is_transient_code(const char *code)
{
    static const char *const codes[] = {"RequestTimeout", "RequestTimeoutException", NULL};

    return is_one_of(code, codes);
}

static bool is_transient_status(int status)
{
    return status == 500 || status == 502 || status == 503 || status == 504;
}

static bool is_transient_trouble(enum parity_http_trouble trouble)
{
    return trouble == PARITY_HTTP_TIMED_OUT || trouble == PARITY_HTTP_BROKEN ||
           trouble == PARITY_HTTP_UNREACHABLE;
}

enum parity_retry_class parity_retry_classify(const struct parity_service *service,
                                              const struct parity_retry_outcome *outcome)
{
    const struct parity_shape *shape;

    if (is_throttling_code(outcome->error_code))
        return PARITY_RETRY_THROTTLING;
    if (outcome->error_code && outcome->status_code >= 300) {
        shape = parity_service_error_shape(service, outcome->error_code);
        if (shape && parity_shape_has(shape, PARITY_TRAIT_THROTTLING))
            return PARITY_RETRY_THROTTLING;
        if (shape && parity_shape_has(shape, PARITY_TRAIT_RETRYABLE))
            return PARITY_RETRY_TRANSIENT;
    }
    if (outcome->clock_corrected || is_transient_code(outcome->error_code) ||
        is_transient_status(outcome->status_code) || is_transient_trouble(outcome->trouble))
        return PARITY_RETRY_TRANSIENT;
    return PARITY_RETRY_NO;
}

bool parity_retry_acquire(struct parity_retry_quota *quota,
                          const struct parity_retry_outcome *outcome, int *cost)
{
    int wanted = outcome->trouble == PARITY_HTTP_TIMED_OUT ? TIMEOUT_COST : RETRY_COST;

    if (quota->available < wanted)
        return false;
    quota->available -= wanted;
    *cost = wanted;
    return true;
}

void parity_retry_release(struct parity_retry_quota *quota, int cost)
{
    quota->available += cost ? cost : SUCCESS_GAIN;
    if (quota->available > QUOTA)
        quota->available = QUOTA;
}

/* -1: absent, negative or no number. */
static long read_retry_after(const char *text)
{
    char *end;
    long value;

    if (!text || !*text)
        return -1;
    value = strtol(text, &end, 10);
    return *end || value < 0 ? -1 : value;
}

static long at_most(long value, long limit)
{
    return value < limit ? value : limit;
}

long parity_retry_delay_ms(int attempt, double random, const struct parity_retry_outcome *outcome)
{
    long limit = attempt > 5 ? MAX_BACKOFF_MS : at_most(1000L << (attempt - 1), MAX_BACKOFF_MS);
    long delay = (long)(random * (double)limit);
    long asked = at_most(read_retry_after(outcome->retry_after), delay + MAX_ADDITION_MS);
    long asked_s = at_most(read_retry_after(outcome->retry_after_s), MAX_BACKOFF_MS / 1000);

    if (asked < 0)
        asked = asked_s * 1000;
    return asked > delay ? asked : delay;
}
