/* SPDX-License-Identifier: Apache-2.0 */
/* Messages and positions are tested through `parity sign` (tests/e2e/test_sign.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/http_text.h"

static const char folded[] = "POST /a b?c HTTP/1.1\r\n"
                             "Host: example.com:81\r\n"
                             "A: one\r\n"
                             " \ttwo\r\n"
                             "B: \r\n"
                             "\r\n"
                             "body\r\n\0\xff";

static void reads_every_part(void **state)
{
    struct parity_http_text text = {0};
    const struct parity_http_request *request = &text.request;

    (void)state;
    assert_int_equal(parity_http_text_parse(folded, sizeof folded - 1, NULL, &text, NULL), 0);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->url, "https://example.com:81/a b?c");
    assert_int_equal(request->headers.count, 3);
    assert_string_equal(parity_headers_get(&request->headers, "a"), "one\r\n \ttwo");
    assert_string_equal(parity_headers_get(&request->headers, "b"), "");
    assert_int_equal(request->body.length, 8);
    assert_memory_equal(request->body.data, "body\r\n\0\xff", 8);
    parity_http_text_clear(&text);
}

static void writes_what_it_read(void **state)
{
    struct parity_http_text text = {0};
    struct parity_buffer out = {0};

    (void)state;
    assert_int_equal(parity_http_text_parse(folded, sizeof folded - 1, NULL, &text, NULL), 0);
    parity_http_text_write(&out, &text);
    assert_int_equal(out.length, sizeof folded - 1);
    assert_memory_equal(out.data, folded, out.length);
    parity_buffer_clear(&out);
    parity_http_text_clear(&text);
}

static void a_whole_url_as_target_needs_no_host_header(void **state)
{
    static const char input[] = "GET http://a.example/x HTTP/1.0\nB: c\n\n";
    struct parity_http_text text = {0};
    struct parity_buffer out = {0};

    (void)state;
    assert_int_equal(parity_http_text_parse(input, sizeof input - 1, NULL, &text, NULL), 0);
    assert_string_equal(text.request.url, "http://a.example/x");
    parity_http_text_write(&out, &text);
    assert_string_equal(out.data, input);
    parity_buffer_clear(&out);
    parity_http_text_clear(&text);
}

static void survives_a_lack_of_memory_at_any_point(void **state)
{
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_http_text text = {0};
        struct parity_error err = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_http_text_parse(folded, sizeof folded - 1, NULL, &text, &err);
        parity_memory_fail_at(0, 0);
        assert_true(rc == 0 || err.code == PARITY_E_NOMEM);
        parity_http_text_clear(&text);
        assert_true(n < 100);
    }
}

/* xorshift: the same bytes on every machine. */
static unsigned next_random(unsigned *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static size_t mutate(char *bytes, size_t length, unsigned *seed)
{
    static const char interesting[] = "\r\n :\t\0\x7f\xff#?/A";

    for (unsigned i = next_random(seed) % 4; i < 4; i++)
        bytes[next_random(seed) % length] =
            interesting[next_random(seed) % (sizeof interesting - 1)];
    return next_random(seed) % 8 ? length : next_random(seed) % length;
}

/* Whatever the bytes are: a request that is written and read again as the same, or an error. */
static void any_bytes_are_a_request_or_an_error(void **state)
{
    unsigned seed = 1, accepted = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct parity_http_text text = {0}, again = {0};
        struct parity_buffer out = {0}, second = {0};
        struct parity_error err = {0};
        char bytes[sizeof folded];
        size_t length;

        memcpy(bytes, folded, sizeof bytes);
        length = mutate(bytes, sizeof folded - 1, &seed);
        if (parity_http_text_parse(bytes, length, "mutant", &text, &err) == 0) {
            accepted++;
            parity_http_text_write(&out, &text);
            assert_int_equal(parity_http_text_parse(out.data, out.length, NULL, &again, NULL), 0);
            parity_http_text_write(&second, &again);
            assert_string_equal(text.request.url, again.request.url);
            assert_int_equal(out.length, second.length);
            assert_memory_equal(out.data, second.data, out.length);
        } else {
            assert_true(err.code == PARITY_E_PARSE || err.code == PARITY_E_INVALID);
            assert_true(err.message[0]);
        }
        parity_http_text_clear(&text);
        parity_http_text_clear(&again);
        parity_buffer_clear(&out);
        parity_buffer_clear(&second);
    }
    assert_in_range(accepted, 1000, 19000); /* both ways were taken */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_part),
        cmocka_unit_test(writes_what_it_read),
        cmocka_unit_test(a_whole_url_as_target_needs_no_host_header),
        cmocka_unit_test(survives_a_lack_of_memory_at_any_point),
        cmocka_unit_test(any_bytes_are_a_request_or_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
