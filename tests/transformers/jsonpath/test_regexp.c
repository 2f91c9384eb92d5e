/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "transformers/jsonpath/regexp.h"

static int test_text(enum parity_regexp_kind kind, const char *pattern, const char *text)
{
    struct parity_error err = {0};
    struct parity_regexp *regexp;
    int rc;

    if (parity_regexp_compile(pattern, strlen(pattern), kind, &regexp, &err) < 0)
        fail_msg("%s -> %s", pattern, err.message);
    rc = parity_regexp_test(regexp, text, strlen(text), &err);
    parity_regexp_free(regexp);
    return rc;
}

static void match_takes_the_whole_text_and_search_any_part(void **state)
{
    (void)state;
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "a|bc", "bc"), 1);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "a|bc", "abc"), 0);
    assert_int_equal(test_text(PARITY_REGEXP_SEARCH, "a|bc", "xbcx"), 1);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "", ""), 1);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "a", "a\n"), 0);
}

static void i_regexp_has_its_own_meaning(void **state)
{
    (void)state;
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, ".", "\n"), 0);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, ".", "\xE2\x80\xA8"), 1);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "a b#c", "a b#c"), 1);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "[-a\\-\\]c-e-]{2,3}", "-]d"), 1);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "[^a-c]+", "xyz"), 1);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "\\p{Lu}\\P{L}", "A1"), 1);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "\xC3\xA9{2}", "\xC3\xA9\xC3\xA9"), 1);
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "(a(b|c){1,})*", "abcab"), 1);
}

static void what_is_no_i_regexp_matches_nothing(void **state)
{
    static const char *const patterns[] = {
        "(",      ")",     "a**",   "*",      "a{,2}", "a{2",    "[",      "[]",       "[a",
        "[a--b]", "\\d",   "\\",    "a{1}?",  "(?i)a", "\\p{X}", "\\p{Lx", "[b-a]",    "(*F)",
        "a]",     "\\x41", "[\\d]", "a{3,2}", "[a[b]", "\xFF",   "(?:a)",  "a{999999}"};

    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct parity_regexp *regexp = NULL;

        assert_int_equal(parity_regexp_compile(patterns[i], strlen(patterns[i]),
                                               PARITY_REGEXP_SEARCH, &regexp, NULL),
                         0);
        assert_null(regexp);
        assert_int_equal(parity_regexp_test(regexp, "a", 1, NULL), 0);
    }
}

static void text_that_is_no_utf8_is_matched_all_the_same(void **state)
{
    (void)state;
    assert_int_equal(test_text(PARITY_REGEXP_MATCH, "a.b",
                               "a\xED\xA0\x80"
                               "b"),
                     1);
    assert_int_equal(test_text(PARITY_REGEXP_SEARCH, "b",
                               "\xFF"
                               "b"),
                     1);
}

static void broken_pattern_of_python_is_an_error(void **state)
{
    struct parity_error err = {0};
    struct parity_regexp *regexp;

    (void)state;
    assert_int_equal(parity_regexp_compile("a(", 2, PARITY_REGEXP_PYTHON, &regexp, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_string_equal(err.message, "the pattern is no regular expression: missing closing "
                                     "parenthesis (at offset 2)");
    assert_int_equal(test_text(PARITY_REGEXP_PYTHON, "\\d+$", "x12"), 1);
}

static int init(void **state)
{
    (void)state;
    parity_memory_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match_takes_the_whole_text_and_search_any_part),
        cmocka_unit_test(i_regexp_has_its_own_meaning),
        cmocka_unit_test(what_is_no_i_regexp_matches_nothing),
        cmocka_unit_test(text_that_is_no_utf8_is_matched_all_the_same),
        cmocka_unit_test(broken_pattern_of_python_is_an_error),
    };

    return cmocka_run_group_tests_name("regexp", tests, init, NULL);
}
