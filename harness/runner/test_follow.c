/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "client/paginator.h"
#include "client/waiter.h"
#include "runner/clock.h"
#include "runner/test.h"

/* Calls that are made more than once: until a condition holds, as a waiter says, page by page. */

/* --- until a condition holds -------------------------------------------------------------------
 */

static bool is_there(struct parity_test *t, const struct parity_test_until *wanted,
                     json_t *response)
{
    json_t *node;

    if (!parity_test_has(t, response, wanted->path))
        return false;
    node = parity_test_get(t, response, wanted->path);
    if (wanted->equals_value)
        return parity_json_equal(node, wanted->equals_value);
    if (wanted->equals)
        return json_is_string(node) && strcmp(json_string_value(node), wanted->equals) == 0;
    return true;
}

__attribute__((noreturn)) static void end_wait(struct parity_test *t,
                                               const struct parity_test_until *wanted,
                                               double timeout_s, json_t *response)
{
    struct parity_buffer found = {0}, expected = {0};

    if (wanted->equals_value)
        parity_json_write(&expected, wanted->equals_value, PARITY_JSON_LINE);
    else if (wanted->equals)
        parity_json_write_string(&expected, wanted->equals, strlen(wanted->equals));
    if (parity_test_has(t, response, wanted->path))
        parity_json_write(&found, parity_test_get(t, response, wanted->path), PARITY_JSON_LINE);
    else
        parity_buffer_add_text(&found, "nothing");
    parity_test_conclude(t, PARITY_FAILED, "after %g s there was still %.200s at %s%s%.200s",
                         timeout_s, found.failed ? "something else" : found.data, wanted->path,
                         expected.length ? ", not " : "", expected.length ? expected.data : "");
    parity_buffer_clear(&found);
    parity_buffer_clear(&expected);
    parity_test_end(t);
}

json_t *parity_test_call_until(struct parity_test *t, const struct parity_test_until *wanted,
                               const char *service, const char *operation, const char *input, ...)
{
    double timeout_s = wanted->timeout_s > 0 ? wanted->timeout_s : 60;
    double interval_s = wanted->interval_s > 0 ? wanted->interval_s : 1;
    double deadline = parity_clock_s() + timeout_s;
    va_list arguments;
    json_t *value, *response;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, operation, input, &arguments);
    va_end(arguments);
    for (;;) {
        response = parity_test_call_value(t, &wanted->options, service, operation, value);
        if (is_there(t, wanted, response))
            return response;
        if (!parity_test_wait_within(t, interval_s, deadline))
            end_wait(t, wanted, timeout_s, response);
    }
}

/* --- what waiters and pages are made with ------------------------------------------------------
 */

struct follower {
    struct parity_test *t;
    const struct parity_test_options *wishes;
    const char *service;
};

static bool is_asked_to_stop(const struct parity_test *t)
{
    return t->environment->is_asked_to_stop && t->environment->is_asked_to_stop();
}

/* Unlike a call of the body this one must return: what follows the waiter or the pages frees them,
 * and ends the test. */
static int follow(void *data, const char *operation, const json_t *input, json_t **out,
                  struct parity_error *err)
{
    const struct follower *follower = data;

    if (is_asked_to_stop(follower->t)) {
        *out = NULL;
        parity_fail(err, PARITY_E_LIMIT, NULL, "interrupted");
        return -1;
    }
    return parity_test_exchange(follower->t, follower->wishes, follower->service, operation, input,
                                out, err);
}

static int rest(void *data, double seconds)
{
    const struct follower *follower = data;
    struct timespec left = {.tv_sec = (time_t)seconds};

    left.tv_nsec = (long)((seconds - (double)left.tv_sec) * 1e9);
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        if (is_asked_to_stop(follower->t))
            return -1;
    return 0;
}

/* --- waiters -----------------------------------------------------------------------------------
 */

/* Hands the last response over; NULL where the state was not reached, with the reason in `err`. */
static json_t *wait_with(struct follower *follower, const struct parity_test_wait *wait,
                         const struct parity_waiter *waiter, const json_t *input, int *rc,
                         struct parity_error *err)
{
    const struct parity_wait_options options = {.delay_s = wait->delay_s,
                                                .max_attempts = wait->max_attempts,
                                                .sleep = rest,
                                                .data = follower};
    struct parity_caller caller = {.call = follow, .data = follower};
    json_t *last = NULL;

    *rc = parity_wait(waiter, caller, input, &options, &last, err);
    if (last) {
        parity_test_own(follower->t, last);
        parity_test_trace(follower->t, last, follower->t->call_count - 1);
    }
    return *rc == 0 ? last : NULL;
}

json_t *parity_test_wait_for(struct parity_test *t, const struct parity_test_wait *wait,
                             const char *service, const char *name, const char *input, ...)
{
    static const struct parity_test_wait as_the_waiter_says;
    struct follower follower = {.t = t, .service = service};
    struct parity_waiter *waiter;
    struct parity_error err = {0};
    va_list arguments;
    json_t *value, *last;
    int rc;

    if (!wait)
        wait = &as_the_waiter_says;
    follower.wishes = &wait->options;
    va_start(arguments, input);
    value = parity_test_read_input(t, service, name, input, &arguments);
    va_end(arguments);
    waiter = parity_waiter_load(t->environment->models, service, name, &err);
    if (!waiter)
        parity_test_end_call(t, service, name, &err);
    last = wait_with(&follower, wait, waiter, value, &rc, &err);
    parity_waiter_free(waiter);
    parity_test_heed_stop(t);
    if (rc > 0) {
        parity_test_conclude(t, PARITY_FAILED, "%s %s: %s", service, name, err.message);
        parity_test_end(t);
    }
    if (rc < 0)
        parity_test_end_call(t, service, name, &err);
    return last;
}

/* --- pages -------------------------------------------------------------------------------------
 */

json_t *parity_test_call_pages(struct parity_test *t, const struct parity_test_options *wishes,
                               const char *service, const char *operation, const char *input, ...)
{
    struct follower follower = {.t = t, .wishes = wishes, .service = service};
    struct parity_caller caller = {.call = follow, .data = &follower};
    struct parity_paginator *paginator;
    struct parity_error err = {0};
    size_t first_call = t->call_count;
    va_list arguments;
    json_t *value, *merged = NULL;
    int rc;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, operation, input, &arguments);
    va_end(arguments);
    paginator = parity_paginator_load(t->environment->models, service, operation, &err);
    if (!paginator)
        parity_test_end_call(t, service, operation, &err);
    rc = parity_paginate(paginator, caller, value, NULL, &merged, &err);
    parity_paginator_free(paginator);
    if (merged) {
        parity_test_own(t, merged);
        parity_test_trace(t, merged, first_call);
    }
    parity_test_heed_stop(t);
    if (rc < 0)
        parity_test_end_call(t, service, operation, &err);
    parity_test_check_expectation(t, wishes ? wishes->expect : PARITY_EXPECT_SUCCESS, service,
                                  operation, merged);
    return merged;
}

/* --- protocols ---------------------------------------------------------------------------------
 */

void parity_test_needs_protocol(struct parity_test *t, const char *service, const char *protocol)
{
    struct parity_error err = {0};

    if (parity_models_service_speaking(t->environment->models, service, protocol, &err))
        return;
    if (err.code == PARITY_E_INVALID)
        parity_test_skip(t, "%s: %s", service, err.message);
    parity_test_conclude_error(t, &err);
    parity_test_end(t);
}
