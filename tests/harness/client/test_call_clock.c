/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/call.h"

enum { NOW = 1440938160 }; /* Sun, 30 Aug 2015 12:36:00 GMT */

static time_t fixed_time(void *context)
{
    (void)context;
    return NOW;
}

/* What an answer makes of a client's clock: seconds that it is put ahead. */
static long correct(struct parity_client *client, const char *code, const char *date)
{
    struct parity_http_response response = {.status_code = 403};
    time_t before = client->clock_skew_s;
    bool corrected;

    if (date)
        parity_headers_add(&response.headers, "Date", date);
    corrected = parity_call_correct_clock(client, &response, code);
    assert_int_equal(corrected, client->clock_skew_s != before);
    assert_int_equal(parity_call_time(client), NOW + client->clock_skew_s);
    parity_http_response_clear(&response);
    return (long)client->clock_skew_s;
}

static void the_clock_follows_the_service(void **state)
{
    struct parity_client client = {.hooks.now = fixed_time};

    (void)state;
    assert_int_equal(correct(&client, "RequestExpired", "Sun, 30 Aug 2015 13:36:00 GMT"), 3600);
    assert_int_equal(correct(&client, "RequestInTheFuture", "Sun, 30 Aug 2015 12:35:30 GMT"), -30);
    assert_int_equal(correct(&client, "RequestExpired", "Sun, 30 Aug 2015 12:35:30 GMT"), -30);
}

static void doubtful_codes_count_from_four_minutes(void **state)
{
    struct parity_client client = {.hooks.now = fixed_time};

    (void)state;
    assert_int_equal(correct(&client, "AuthFailure", "Sun, 30 Aug 2015 12:39:59 GMT"), 0);
    assert_int_equal(correct(&client, "AuthFailure", "Sun, 30 Aug 2015 12:32:01 GMT"), 0);
    assert_int_equal(correct(&client, "AuthFailure", "Sun, 30 Aug 2015 12:40:00 GMT"), 240);
}

static void all_else_leaves_the_clock(void **state)
{
    struct parity_client client = {.hooks.now = fixed_time};

    (void)state;
    assert_int_equal(correct(&client, NULL, "Sun, 30 Aug 2015 13:36:00 GMT"), 0);
    assert_int_equal(correct(&client, "AccessDenied", "Sun, 30 Aug 2015 13:36:00 GMT"), 0);
    assert_int_equal(correct(&client, "RequestExpired", NULL), 0);
    assert_int_equal(correct(&client, "RequestExpired", "soon"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_follows_the_service),
        cmocka_unit_test(doubtful_codes_count_from_four_minutes),
        cmocka_unit_test(all_else_leaves_the_clock),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
