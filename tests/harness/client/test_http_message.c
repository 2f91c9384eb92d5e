/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/http.h"

static void headers_are_found_without_regard_to_case(void **state)
{
    struct parity_headers headers = {0};

    (void)state;
    assert_int_equal(parity_headers_add(&headers, "Content-Type", "text/xml"), 0);
    assert_string_equal(parity_headers_get(&headers, "content-TYPE"), "text/xml");
    assert_string_equal(headers.items[0].name, "Content-Type");
    assert_null(parity_headers_get(&headers, "Content"));
    parity_headers_clear(&headers);
    assert_int_equal(headers.count, 0);
}

static void adding_keeps_fields_of_the_same_name_in_order(void **state)
{
    struct parity_headers headers = {0};

    (void)state;
    assert_int_equal(parity_headers_add(&headers, "A", "1"), 0);
    assert_int_equal(parity_headers_add(&headers, "B", "2"), 0);
    assert_int_equal(parity_headers_add(&headers, "a", "3"), 0);
    assert_int_equal(headers.count, 3);
    assert_string_equal(parity_headers_get(&headers, "a"), "1");
    assert_string_equal(headers.items[2].value, "3");
    parity_headers_clear(&headers);
}

static void setting_replaces_the_first_field_in_place_and_drops_the_others(void **state)
{
    struct parity_headers headers = {0};

    (void)state;
    assert_int_equal(parity_headers_add(&headers, "A", "1"), 0);
    assert_int_equal(parity_headers_add(&headers, "B", "2"), 0);
    assert_int_equal(parity_headers_add(&headers, "a", "3"), 0);
    assert_int_equal(parity_headers_set(&headers, "a", "4"), 0);
    assert_int_equal(headers.count, 2);
    assert_string_equal(headers.items[0].name, "a");
    assert_string_equal(headers.items[0].value, "4");
    assert_string_equal(headers.items[1].name, "B");
    parity_headers_clear(&headers);
}

static void setting_an_absent_field_appends_it(void **state)
{
    struct parity_headers headers = {0};

    (void)state;
    assert_int_equal(parity_headers_set(&headers, "A", "1"), 0);
    assert_int_equal(parity_headers_set(&headers, "B", "2"), 0);
    assert_int_equal(headers.count, 2);
    assert_string_equal(headers.items[1].value, "2");
    parity_headers_clear(&headers);
}

static void a_field_can_be_set_to_its_own_value(void **state)
{
    struct parity_headers headers = {0};

    (void)state;
    assert_int_equal(parity_headers_add(&headers, "A", "same"), 0);
    assert_int_equal(parity_headers_set(&headers, headers.items[0].name, headers.items[0].value),
                     0);
    assert_string_equal(parity_headers_get(&headers, "A"), "same");
    parity_headers_clear(&headers);
}

static void removing_drops_every_field_of_that_name_and_nothing_else(void **state)
{
    struct parity_headers headers = {0};

    (void)state;
    assert_int_equal(parity_headers_add(&headers, "A", "1"), 0);
    assert_int_equal(parity_headers_add(&headers, "B", "2"), 0);
    assert_int_equal(parity_headers_add(&headers, "a", "3"), 0);
    parity_headers_remove(&headers, "a");
    parity_headers_remove(&headers, "absent");
    assert_int_equal(headers.count, 1);
    assert_string_equal(headers.items[0].name, "B");
    parity_headers_clear(&headers);
}

static void out_of_memory_leaves_the_headers_as_they_were(void **state)
{
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_headers headers = {0};

        assert_int_equal(parity_headers_add(&headers, "A", "1"), 0);
        parity_memory_fail_at(n, 0);
        rc = parity_headers_set(&headers, "A", "2");
        parity_memory_fail_at(0, 0);
        assert_int_equal(headers.count, 1);
        assert_string_equal(headers.items[0].value, rc < 0 ? "1" : "2");
        parity_headers_clear(&headers);
        assert_true(n < 10);
    }
    rc = -1;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_headers headers = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_headers_add(&headers, "A", "2");
        parity_memory_fail_at(0, 0);
        assert_int_equal(headers.count, rc < 0 ? 0 : 1);
        parity_headers_clear(&headers);
        assert_true(n < 10);
    }
}

static void a_cleared_message_is_empty_and_can_be_cleared_again(void **state)
{
    struct parity_http_request request = {.method = parity_strdup("GET"),
                                          .url = parity_strdup("http://localhost/")};
    struct parity_http_response response = {.status_code = 200};

    (void)state;
    assert_int_equal(parity_headers_add(&request.headers, "A", "1"), 0);
    assert_int_equal(parity_headers_add(&response.headers, "A", "1"), 0);
    parity_buffer_add_text(&request.body, "body");
    parity_buffer_add_text(&response.body, "body");
    parity_http_request_clear(&request);
    parity_http_request_clear(&request);
    parity_http_response_clear(&response);
    parity_http_response_clear(&response);
    assert_null(request.url);
    assert_int_equal(request.body.length, 0);
    assert_int_equal(response.status_code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_found_without_regard_to_case),
        cmocka_unit_test(adding_keeps_fields_of_the_same_name_in_order),
        cmocka_unit_test(setting_replaces_the_first_field_in_place_and_drops_the_others),
        cmocka_unit_test(setting_an_absent_field_appends_it),
        cmocka_unit_test(a_field_can_be_set_to_its_own_value),
        cmocka_unit_test(removing_drops_every_field_of_that_name_and_nothing_else),
        cmocka_unit_test(out_of_memory_leaves_the_headers_as_they_were),
        cmocka_unit_test(a_cleared_message_is_empty_and_can_be_cleared_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
