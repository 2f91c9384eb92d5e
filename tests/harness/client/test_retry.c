/* SPDX-License-Identifier: Apache-2.0 */
#include "client/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void only_what_may_pass_is_tried_again(void **state)
{
    static const struct {
        struct parity_retry_outcome outcome;
        enum parity_retry_class expected;
    } cases[] = {
        {{.status_code = 200}, PARITY_RETRY_NO},
        {{.status_code = 500}, PARITY_RETRY_TRANSIENT},
        {{.status_code = 501}, PARITY_RETRY_NO},
        {{.status_code = 502}, PARITY_RETRY_TRANSIENT},
        {{.status_code = 503}, PARITY_RETRY_TRANSIENT},
        {{.status_code = 504}, PARITY_RETRY_TRANSIENT},
        {{.status_code = 429}, PARITY_RETRY_NO},
        {{.trouble = PARITY_HTTP_TIMED_OUT}, PARITY_RETRY_TRANSIENT},
        {{.trouble = PARITY_HTTP_BROKEN}, PARITY_RETRY_TRANSIENT},
        {{.trouble = PARITY_HTTP_UNREACHABLE}, PARITY_RETRY_TRANSIENT},
        {{.trouble = PARITY_HTTP_DISTRUSTED}, PARITY_RETRY_NO},
        {{.trouble = PARITY_HTTP_IMPOSSIBLE}, PARITY_RETRY_NO},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(parity_retry_classify(NULL, &cases[i].outcome), cases[i].expected);
}

static void throttling_goes_by_its_code(void **state)
{
    const struct parity_retry_outcome slow = {.status_code = 400,
                                              .error_code = "ThrottlingException"};

    (void)state;
    assert_int_equal(parity_retry_classify(NULL, &slow), PARITY_RETRY_THROTTLING);
}

static void quota_runs_out_and_comes_back_with_success(void **state)
{
    const struct parity_retry_outcome error = {.status_code = 500};
    struct parity_retry_quota quota;
    int cost = 0;

    (void)state;
    parity_retry_quota_init(&quota);
    for (int i = 0; i < 100; i++)
        assert_true(parity_retry_acquire(&quota, &error, &cost));
    assert_false(parity_retry_acquire(&quota, &error, &cost));
    parity_retry_release(&quota, cost);
    assert_true(parity_retry_acquire(&quota, &error, &cost));
    for (int i = 0; i < 4; i++) {
        parity_retry_release(&quota, 0);
        assert_false(parity_retry_acquire(&quota, &error, &cost));
    }
    parity_retry_release(&quota, 0);
    assert_true(parity_retry_acquire(&quota, &error, &cost));
}

static void timeout_costs_twice_as_much(void **state)
{
    const struct parity_retry_outcome timeout = {.trouble = PARITY_HTTP_TIMED_OUT};
    struct parity_retry_quota quota;
    int cost = 0, count = 0;

    (void)state;
    parity_retry_quota_init(&quota);
    while (parity_retry_acquire(&quota, &timeout, &cost))
        count++;
    assert_int_equal(count, 50);
}

static void quota_never_grows_beyond_its_beginning(void **state)
{
    struct parity_retry_quota quota;

    (void)state;
    parity_retry_quota_init(&quota);
    parity_retry_release(&quota, 5);
    assert_int_equal(quota.available, 500);
}

static void delay_doubles_up_to_twenty_seconds(void **state)
{
    const struct parity_retry_outcome error = {.status_code = 500};

    (void)state;
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 500);
    assert_int_equal(parity_retry_delay_ms(2, 0.5, &error), 1000);
    assert_int_equal(parity_retry_delay_ms(4, 0.5, &error), 4000);
    assert_int_equal(parity_retry_delay_ms(6, 0.5, &error), 10000);
    assert_int_equal(parity_retry_delay_ms(60, 0.5, &error), 10000);
    assert_int_equal(parity_retry_delay_ms(1, 0, &error), 0);
}

static void service_may_ask_for_a_longer_delay_within_limits(void **state)
{
    struct parity_retry_outcome error = {.status_code = 503, .retry_after = "1200"};

    (void)state;
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 1200);
    error.retry_after = "100";
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 500);
    error.retry_after = "86400000";
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 5500);
    error.retry_after = "soon";
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 500);
    error.retry_after = "-5";
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 500);
}

static void retry_after_of_http_counts_up_to_twenty_seconds(void **state)
{
    struct parity_retry_outcome error = {.status_code = 503, .retry_after_s = "3"};

    (void)state;
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 3000);
    error.retry_after_s = "3600";
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 20000);
    error.retry_after_s = "0";
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 500);
    error.retry_after_s = "Fri, 31 Dec 1999 23:59:59 GMT";
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 500);
    error.retry_after_s = "3";
    error.retry_after = "700";
    assert_int_equal(parity_retry_delay_ms(1, 0.5, &error), 700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_may_pass_is_tried_again),
        cmocka_unit_test(throttling_goes_by_its_code),
        cmocka_unit_test(quota_runs_out_and_comes_back_with_success),
        cmocka_unit_test(timeout_costs_twice_as_much),
        cmocka_unit_test(quota_never_grows_beyond_its_beginning),
        cmocka_unit_test(delay_doubles_up_to_twenty_seconds),
        cmocka_unit_test(service_may_ask_for_a_longer_delay_within_limits),
        cmocka_unit_test(retry_after_of_http_counts_up_to_twenty_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
