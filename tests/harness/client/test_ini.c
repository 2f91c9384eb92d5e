/* SPDX-License-Identifier: Apache-2.0 */
/* The format's quirks are compared with Python's in tests/e2e/test_config_botocore.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/ini.h"

static const char sample[] = "# comment\n"
                             "[DEFAULT]\n"
                             "shared = yes\n"
                             "[one] # what follows the bracket does not count\n"
                             "Name = value # but this does\n"
                             "colon: a=b\n"
                             "long = first\n"
                             "   second\n"
                             "\n"
                             "   third\n"
                             "nested =\n"
                             "  a = 1\n"
                             "  ; comment\n"
                             "  b=2=3\n"
                             "  a = 4\n"
                             "[two]\r\n"
                             "shared = no\r\n";

static void reads_sections_options_and_blocks(void **state)
{
    const struct parity_ini_section *one, *two;
    struct parity_ini ini = {0};
    char *nested;

    (void)state;
    assert_int_equal(parity_ini_parse(sample, strlen(sample), NULL, &ini, NULL), 0);
    one = parity_ini_section(&ini, "one");
    two = parity_ini_section(&ini, "two");
    assert_string_equal(parity_ini_value(one, "name"), "value # but this does");
    assert_string_equal(parity_ini_value(one, "colon"), "a=b");
    assert_string_equal(parity_ini_value(one, "long"), "first\nsecond\n\nthird");
    assert_string_equal(parity_ini_value(one, "shared"), "yes");
    assert_string_equal(parity_ini_value(two, "shared"), "no");
    assert_null(parity_ini_value(two, "name"));
    assert_null(parity_ini_value(NULL, "name"));
    assert_null(parity_ini_section(&ini, "One"));
    assert_int_equal(parity_ini_nested(parity_ini_value(one, "nested"), "a", &nested), 0);
    assert_string_equal(nested, "4");
    parity_free(nested);
    assert_int_equal(parity_ini_nested(parity_ini_value(one, "nested"), "b", &nested), 0);
    assert_string_equal(nested, "2=3");
    parity_free(nested);
    assert_int_equal(parity_ini_nested(parity_ini_value(one, "nested"), "c", &nested), 0);
    assert_null(nested);
    parity_ini_clear(&ini);
}

static void assert_refused(const char *text, size_t length, int line, int column,
                           const char *message)
{
    struct parity_ini ini = {0};
    struct parity_error err = {0};

    assert_int_equal(parity_ini_parse(text, length, "FILE", &ini, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_string_equal(err.context, "FILE");
    assert_string_equal(err.message, message);
    assert_int_equal(err.line, line);
    assert_int_equal(err.column, column);
    parity_ini_clear(&ini);
}

static void points_at_what_it_cannot_read(void **state)
{
    static const struct {
        const char *text;
        int line, column;
        const char *message;
    } cases[] = {
        {"a = b\n", 1, 1, "expected a section such as [default] before anything else"},
        {"[a]\nb = c\n d = e\nfoo\n", 4, 1, "expected 'name = value'"},
        {"[a]\n  = c\n", 2, 3, "expected a name before '='"},
        {"[a]\n[b]\n[a]\n", 3, 1, "section [a] stands here for the second time"},
        {"[a]\nb = 1\nB = 2\n", 3, 1, "'b' stands in this section for the second time"},
        {"[a]\nkey s3cr3t/x=\nkey s3cr3t/x=\n", 3, 1,
         "'this option' stands in this section for the second time"},
        {"[a]\nb =\n  c\n", 2, 1, "a line nested below 'b' is not 'name = value'"},
        {"[a]\r\nb\xff = 1\r\n", 2, 1, "this line is not UTF-8"},
        {"\xef\xbb\xbf[a]\n", 1, 1, "the file begins with a byte order mark; save it without one"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i].text, strlen(cases[i].text), cases[i].line, cases[i].column,
                       cases[i].message);
    assert_refused("[a]\nb = \0\n", 10, 2, 1, "a NUL byte in this line");
}

static void survives_a_lack_of_memory_at_any_point(void **state)
{
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_ini ini = {0};
        struct parity_error err = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_ini_parse(sample, strlen(sample), NULL, &ini, &err);
        parity_memory_fail_at(0, 0);
        assert_true(rc == 0 || err.code == PARITY_E_NOMEM);
        parity_ini_clear(&ini);
        assert_true(n < 200);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_sections_options_and_blocks),
        cmocka_unit_test(points_at_what_it_cannot_read),
        cmocka_unit_test(survives_a_lack_of_memory_at_any_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
