/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns in Python's grammar. The expectations are what Python 3.11's `re` gives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "transformers/python_regex.h"

/* re.sub(pattern, replacement, subject) */
static void assert_sub(const char *pattern, const char *replacement, const char *subject,
                       const char *expected)
{
    struct parity_error err = {0};
    struct parity_python_regex *regex = parity_python_regex_new(pattern, strlen(pattern), &err);
    struct parity_python_template *template;
    struct parity_buffer out = {0};
    size_t matches = 0;

    if (!regex)
        fail_msg("%s", err.message);
    template = parity_python_template_new(regex, replacement, strlen(replacement), &err);
    if (!template)
        fail_msg("%s", err.message);
    assert_int_equal(parity_python_regex_substitute(regex, template, subject, strlen(subject), &out,
                                                    &matches, &err),
                     0);
    assert_string_equal(matches ? out.data : subject, expected);
    parity_buffer_clear(&out);
    parity_python_template_free(template);
    parity_python_regex_free(regex);
}

static void assert_refused(const char *pattern, int column, const char *message)
{
    struct parity_error err = {0};

    assert_null(parity_python_regex_new(pattern, strlen(pattern), &err));
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_int_equal(err.column, column);
    if (!strstr(err.message, message))
        fail_msg("'%s' does not say '%s'", err.message, message);
}

static void assert_template_refused(const char *replacement, int column)
{
    struct parity_error err = {0};
    struct parity_python_regex *regex = parity_python_regex_new("(?P<n>a)", 8, &err);

    assert_non_null(regex);
    assert_null(parity_python_template_new(regex, replacement, strlen(replacement), &err));
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_int_equal(err.column, column);
    parity_python_regex_free(regex);
}

static void capital_z_is_the_very_end(void **state)
{
    (void)state;
    assert_sub("a\\Z", "x", "a\n", "a\n");
    assert_sub("a$", "x", "a\n", "x\n");
}

static void counts_may_lack_their_lower_end(void **state)
{
    (void)state;
    assert_sub("a{,2}b", "x", "aaab b", "ax x");
    assert_sub("a{,}b", "x", "aaab", "x");
}

static void braces_without_counts_are_text(void **state)
{
    (void)state;
    assert_sub("a{", "x", "a{", "x");
    assert_sub("a{x}", "y", "a{x}", "y");
    assert_sub("a{}", "y", "a{}", "y");
}

static void posix_classes_are_classes_of_their_letters(void **state)
{
    (void)state;
    assert_sub("[[:alpha:]]+", "x", "a]]b c]", "xb c]"); /* a letter of "[:alph", then brackets */
}

static void hyphen_after_a_range_is_text(void **state)
{
    (void)state;
    assert_sub("[a-c0-9-_.]+", "x", "b-7_.z", "xz");
}

static void escapes_that_only_pcre_knows_are_errors(void **state)
{
    (void)state;
    assert_refused("\\Qa\\E", 1, "unknown escape '\\Q'");
    assert_refused("a\\h", 2, "unknown escape '\\h'");
    assert_refused("ab\\R", 3, "unknown escape '\\R'");
    assert_refused("\\K", 1, "unknown escape '\\K'");
    assert_refused("\\z", 1, "unknown escape '\\z'");
    assert_refused("[\\B]", 2, "unknown escape '\\B'");
}

static void vertical_tab_is_one_character(void **state)
{
    (void)state;
    assert_sub("\\v", "x", "\n\v\f", "\nx\f");
}

static void broken_patterns_are_reported_with_their_column(void **state)
{
    (void)state;
    assert_refused("a)", 2, "unbalanced ')'");
    assert_refused("(a", 1, "missing ')'");
    assert_refused("[a", 1, "unterminated character class");
    assert_refused("*a", 1, "nothing to repeat");
    assert_refused("^*", 2, "nothing to repeat");
    assert_refused("a**", 3, "a quantifier after a quantifier");
    assert_refused("a{3,2}", 2, "least count is above its greatest");
    assert_refused("[z-a]", 2, "bad character range");
    assert_refused("[\\w-z]", 2, "bad character range");
    assert_refused("a(?i)b", 2, "must stand at its beginning");
    assert_refused("(?L)a", 1, "byte patterns");
    assert_refused("(?|a|b)", 1, "unknown kind of group");
    assert_refused("(?P<1a>b)", 1, "bad group name");
    assert_refused("(?P<a>b)(?P<a>c)", 9, "a second group named 'a'");
    assert_refused("\\1", 1, "does not exist");
    assert_refused("(a\\1)", 3, "from inside it");
    assert_refused("(?(1)a|b)", 0, "reference to non-existent subpattern");
}

static void long_group_names_are_fine(void **state)
{
    (void)state;
    assert_sub("(?P<a_name_that_has_more_than_thirty_two_characters>a)(?P=a_name_that_has_more_than"
               "_thirty_two_characters)",
               "[\\g<a_name_that_has_more_than_thirty_two_characters>]", "aab", "[a]b");
}

static void flags_work_for_all_and_for_a_part(void **state)
{
    (void)state;
    assert_sub("(?i)ab", "x", "AB aB", "x x");
    assert_sub("(?i:a)b", "x", "Ab AB", "x AB");
    assert_sub("(?x) a b # comment", "y", "ab a b", "y a b");
    assert_sub("(?x: a )\\ ?b", "y", "a b", "y");
}

static void conditions_lookarounds_and_atomic_groups_work(void **state)
{
    (void)state;
    assert_sub("(a)?(?(1)b|c)", "x", "ab c b", "x x b");
    assert_sub("(?<=k: )v(?=;)", "x", "k: v; v;", "k: x; v;");
    assert_sub("(?>a+)b", "x", "aab", "x");
    assert_sub("a++b", "x", "aab", "x");
}

static void empty_matches_stand_beside_others_but_not_twice(void **state)
{
    (void)state;
    assert_sub("x*", "-", "abxd", "-a-b--d-");
    assert_sub("", "-", "ab", "-a-b-");
    assert_sub("a|", "-", "a", "--");
}

static void characters_outside_ascii_are_one_character(void **state)
{
    (void)state;
    assert_sub("^.$", "x", "\xc3\xa9", "x");
    assert_sub("[\xc3\xa9]", "e", "caf\xc3\xa9", "cafe");
    assert_sub("\\u00e9", "e", "caf\xc3\xa9", "cafe");
}

static void template_escapes_are_pythons(void **state)
{
    (void)state;
    assert_sub("b", "\\t\\n\\\\", "abc", "a\t\n\\c");
    assert_sub("b", "\\.\\\"", "abc", "a\\.\\\"c");
    assert_sub("b", "\\101\\0", "abc", "aA");
    assert_sub("(a)|b", "[\\1]", "ab", "[a][]");
    assert_sub("(a)", "\\g<1>0", "a", "a0");
}

static void templates_that_are_wrong_are_reported_with_their_column(void **state)
{
    (void)state;
    assert_template_refused("\\2", 1);
    assert_template_refused("x\\q", 2);
    assert_template_refused("x\\", 2);
    assert_template_refused("\\g<m>", 1);
    assert_template_refused("\\g<n", 1);
    assert_template_refused("\\gn>", 1);
    assert_template_refused("\\g<>", 1);
    assert_template_refused("\\477", 1);
}

static void plain_names_are_known_as_text(void **state)
{
    struct parity_python_regex *regex;
    size_t length;

    (void)state;
    regex = parity_python_regex_new("fn\\-\\u0031/x", 12, NULL);
    assert_non_null(regex);
    assert_string_equal(parity_python_regex_literal(regex, &length), "fn-1/x");
    assert_int_equal(length, 6);
    parity_python_regex_free(regex);
    regex = parity_python_regex_new("a.b", 3, NULL);
    assert_null(parity_python_regex_literal(regex, &length));
    parity_python_regex_free(regex);
    regex = parity_python_regex_new("(?i)ab", 6, NULL);
    assert_null(parity_python_regex_literal(regex, &length));
    parity_python_regex_free(regex);
}

static void match_begins_at_the_start_and_gives_a_group(void **state)
{
    struct parity_python_regex *regex = parity_python_regex_new("a(b)?(c)?", 9, NULL);
    struct parity_regex_span span;

    (void)state;
    assert_int_equal(parity_python_regex_match(regex, "xab", 3, 0, &span, NULL), 0);
    assert_int_equal(parity_python_regex_match(regex, "abd", 3, 1, &span, NULL), 1);
    assert_int_equal(span.start, 1);
    assert_int_equal(span.end, 2);
    assert_int_equal(parity_python_regex_match(regex, "abd", 3, 2, &span, NULL), 1);
    assert_true(span.start == PARITY_REGEX_UNSET);
    assert_int_equal(parity_python_regex_search(regex, "xab", 3, 0, &span, NULL), 1);
    assert_int_equal(span.start, 1);
    parity_python_regex_free(regex);
}

/* Groups of the pattern before must not show, whatever short texts are matched in. */
static void groups_are_those_of_the_pattern_at_hand(void **state)
{
    struct parity_python_regex *many = parity_python_regex_new("(a)(b)(c)", 9, NULL);
    struct parity_python_regex *one = parity_python_regex_new("(a)", 3, NULL);
    struct parity_regex_span span;

    (void)state;
    assert_int_equal(parity_python_regex_match(many, "abc", 3, 3, &span, NULL), 1);
    assert_int_equal(span.start, 2);
    assert_int_equal(parity_python_regex_match(one, "abc", 3, 3, &span, NULL), 1);
    assert_true(span.start == PARITY_REGEX_UNSET);
    parity_python_regex_free(many);
    parity_python_regex_free(one);
}

static void texts_of_any_length_and_patterns_of_many_groups_match(void **state)
{
    static const char groups[] = "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)(m)(n)(o)(p)(q)";
    struct parity_python_regex *many = parity_python_regex_new(groups, strlen(groups), NULL);
    struct parity_python_regex *end = parity_python_regex_new("(z)", 3, NULL);
    struct parity_regex_span span;
    static char text[9000];

    (void)state;
    assert_int_equal(parity_python_regex_match(many, "abcdefghijklmnopq", 17, 17, &span, NULL), 1);
    assert_int_equal(span.start, 16);
    memset(text, 'y', sizeof text);
    for (size_t length = 4000; length < sizeof text; length += 97) {
        text[length - 1] = 'z';
        assert_int_equal(parity_python_regex_search(end, text, length, 1, &span, NULL), 1);
        assert_int_equal(span.start, length - 1);
        text[length - 1] = 'y';
    }
    parity_python_regex_free(many);
    parity_python_regex_free(end);
}

static void without_memory_nothing_is_matched(void **state)
{
    struct parity_python_regex *regex = parity_python_regex_new("b+", 2, NULL);
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};

        parity_python_regex_forget();
        parity_memory_fail_at(n, 1);
        rc = parity_python_regex_search(regex, "abb", 3, 0, NULL, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        assert_true(n < 100);
    }
    assert_int_equal(rc, 1);
    parity_python_regex_free(regex);
}

static void nesting_has_a_limit(void **state)
{
    char pattern[1001];
    struct parity_error err = {0};

    (void)state;
    memset(pattern, '(', 500);
    memset(pattern + 500, ')', 500);
    assert_null(parity_python_regex_new(pattern, 1000, &err));
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_int_equal(err.column, 201);
}

static struct parity_python_regex *made(const char *pattern)
{
    struct parity_python_regex *regex = parity_python_regex_new(pattern, strlen(pattern), NULL);

    assert_non_null(regex);
    return regex;
}

static void patterns_that_come_again_are_compiled_once(void **state)
{
    struct parity_python_regex *first = made("again-\\d"), *second = made("again-\\d"), *third;

    (void)state;
    assert_ptr_equal(first, second);
    parity_python_regex_free(first);
    assert_int_equal(parity_python_regex_match(second, "again-1", 7, 0, NULL, NULL), 1);
    parity_python_regex_forget();
    assert_int_equal(parity_python_regex_match(second, "again-1", 7, 0, NULL, NULL), 1);
    third = made("again-\\d");
    assert_ptr_not_equal(second, third);
    parity_python_regex_free(second);
    parity_python_regex_free(third);
}

static void one_that_others_have_displaced_still_works(void **state)
{
    struct parity_python_regex *first = made("displaced-\\d");
    char pattern[32];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(pattern, sizeof pattern, "other-%d-\\d", i);
        parity_python_regex_free(made(pattern));
    }
    assert_int_equal(parity_python_regex_match(first, "displaced-1", 11, 0, NULL, NULL), 1);
    parity_python_regex_free(first);
}

static void what_is_refused_is_not_kept(void **state)
{
    struct parity_error err = {0};

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_null(parity_python_regex_new("(", 1, &err));
        assert_int_equal(err.code, PARITY_E_PARSE);
    }
}

static void without_memory_no_pattern_is_made(void **state)
{
    struct parity_python_regex *regex = NULL;

    (void)state;
    for (unsigned long n = 1; !regex; n++) {
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        regex = parity_python_regex_new("memory-\\d+", 10, &err);
        parity_memory_fail_at(0, 0);
        if (!regex)
            assert_int_equal(err.code, PARITY_E_NOMEM);
    }
    parity_python_regex_free(regex);
}

static int forget(void **state)
{
    (void)state;
    parity_python_regex_forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capital_z_is_the_very_end),
        cmocka_unit_test(groups_are_those_of_the_pattern_at_hand),
        cmocka_unit_test(texts_of_any_length_and_patterns_of_many_groups_match),
        cmocka_unit_test(without_memory_nothing_is_matched),
        cmocka_unit_test(counts_may_lack_their_lower_end),
        cmocka_unit_test(braces_without_counts_are_text),
        cmocka_unit_test(posix_classes_are_classes_of_their_letters),
        cmocka_unit_test(hyphen_after_a_range_is_text),
        cmocka_unit_test(escapes_that_only_pcre_knows_are_errors),
        cmocka_unit_test(vertical_tab_is_one_character),
        cmocka_unit_test(broken_patterns_are_reported_with_their_column),
        cmocka_unit_test(long_group_names_are_fine),
        cmocka_unit_test(flags_work_for_all_and_for_a_part),
        cmocka_unit_test(conditions_lookarounds_and_atomic_groups_work),
        cmocka_unit_test(empty_matches_stand_beside_others_but_not_twice),
        cmocka_unit_test(characters_outside_ascii_are_one_character),
        cmocka_unit_test(template_escapes_are_pythons),
        cmocka_unit_test(templates_that_are_wrong_are_reported_with_their_column),
        cmocka_unit_test(plain_names_are_known_as_text),
        cmocka_unit_test(match_begins_at_the_start_and_gives_a_group),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(patterns_that_come_again_are_compiled_once),
        cmocka_unit_test(one_that_others_have_displaced_still_works),
        cmocka_unit_test(what_is_refused_is_not_kept),
        cmocka_unit_test(without_memory_no_pattern_is_made),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
