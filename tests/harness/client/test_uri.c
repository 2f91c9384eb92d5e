/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/uri.h"

static void assert_span(const char *start, size_t length, const char *expected)
{
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(start, expected, length);
}

static void encodes_all_but_unreserved_and_kept_characters(void **state)
{
    struct parity_buffer out = {0};
    const char text[] = "aZ09-._~/ +%\xe1\x88\xb4\0!";

    (void)state;
    parity_uri_encode(&out, text, sizeof text - 1, "/");
    assert_string_equal(out.data, "aZ09-._~/%20%2B%25%E1%88%B4%00%21");
    parity_buffer_clear(&out);
}

static void encodes_blanks_of_forms_as_plus(void **state)
{
    struct parity_buffer out = {0};

    (void)state;
    parity_uri_encode_form(&out, "a b+/~", 6);
    assert_string_equal(out.data, "a+b%2B%2F~");
    parity_buffer_clear(&out);
}

static void decodes_valid_escapes_only(void **state)
{
    struct parity_buffer out = {0};
    const char *text = "a%2fb%2Fc+d%zz%4%";

    (void)state;
    parity_uri_decode(&out, text, strlen(text));
    assert_string_equal(out.data, "a/b/c+d%zz%4%");
    parity_buffer_clear(&out);
}

static void splits_a_url(void **state)
{
    struct parity_uri uri;

    (void)state;
    assert_int_equal(parity_uri_split("http://u@h:1/a/b?c=d?e#f?g", &uri, NULL), 0);
    assert_span(uri.scheme, uri.scheme_length, "http");
    assert_span(uri.authority, uri.authority_length, "u@h:1");
    assert_span(uri.path, uri.path_length, "/a/b");
    assert_true(uri.has_query);
    assert_span(uri.query, uri.query_length, "c=d?e");
}

static void a_url_may_have_neither_path_nor_query(void **state)
{
    struct parity_uri uri;

    (void)state;
    assert_int_equal(parity_uri_split("https://host#?x", &uri, NULL), 0);
    assert_span(uri.authority, uri.authority_length, "host");
    assert_int_equal(uri.path_length, 0);
    assert_false(uri.has_query);
    assert_int_equal(parity_uri_split("https://host?", &uri, NULL), 0);
    assert_true(uri.has_query);
    assert_int_equal(uri.query_length, 0);
}

static void refuses_a_url_without_scheme_or_host(void **state)
{
    struct parity_error err = {0};
    struct parity_uri uri;

    (void)state;
    assert_int_equal(parity_uri_split("host/path", &uri, &err), -1);
    assert_string_equal(err.message,
                        "the URL has no scheme; it must begin with http:// or https://");
    parity_error_clear(&err);
    assert_int_equal(parity_uri_split("http:///path", &uri, &err), -1);
    assert_string_equal(err.message, "the URL names no host");
    assert_int_equal(err.code, PARITY_E_INVALID);
}

static void refuses_a_host_or_port_that_cannot_be_called(void **state)
{
    static const struct {
        const char *url, *message;
    } cases[] = {
        {"http://h:65536", "the URL's port '65536' is no number up to 65535"},
        {"http://h:99999999999999999999/", "the URL's port '99999999999999999999' is no number up "
                                           "to 65535"},
        {"http://u:p@h:80x/", "the URL's port '80x' is no number up to 65535"},
        {"http://[::1]:-1/", "the URL's port '-1' is no number up to 65535"},
        {"http://a b/", "the URL has a blank or another control character in its host"},
        {"http://a\nb/", "the URL has a blank or another control character in its host"},
    };
    struct parity_uri uri;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_error err = {0};

        assert_int_equal(parity_uri_split(cases[i].url, &uri, &err), -1);
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(err.code, PARITY_E_INVALID);
    }
    assert_int_equal(parity_uri_split("http://u:secret@[::1]:65535/", &uri, NULL), 0);
}

static void the_host_header_leaves_out_user_and_implied_port(void **state)
{
    static const struct {
        const char *url, *host;
    } cases[] = {
        {"https://A.Example:443/", "a.example"},      {"http://a.example:80", "a.example"},
        {"https://a.example:80", "a.example:80"},     {"http://a.example:443", "a.example:443"},
        {"http://user:pass@a.example/", "a.example"}, {"http://[::1]:4566/", "[::1]:4566"},
        {"https://[FE80::1]", "[fe80::1]"},           {"http://localhost:/", "localhost"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_buffer out = {0};
        struct parity_uri uri;

        assert_int_equal(parity_uri_split(cases[i].url, &uri, NULL), 0);
        parity_uri_add_host(&out, &uri);
        assert_string_equal(out.data, cases[i].host);
        parity_buffer_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_all_but_unreserved_and_kept_characters),
        cmocka_unit_test(encodes_blanks_of_forms_as_plus),
        cmocka_unit_test(decodes_valid_escapes_only),
        cmocka_unit_test(splits_a_url),
        cmocka_unit_test(a_url_may_have_neither_path_nor_query),
        cmocka_unit_test(refuses_a_url_without_scheme_or_host),
        cmocka_unit_test(refuses_a_host_or_port_that_cannot_be_called),
        cmocka_unit_test(the_host_header_leaves_out_user_and_implied_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
