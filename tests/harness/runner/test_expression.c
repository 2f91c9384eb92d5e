/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/expression.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/memory.h"

/* Whether `name` is one of the words of a text such as "a b". */
static bool is_in(const void *data, const char *name)
{
    const char *words = data;
    size_t length = strlen(name);

    for (const char *at = words; (at = strstr(at, name)) != NULL; at++)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

static bool holds(const char *text, const char *words)
{
    struct parity_error err = {0};
    struct parity_expression *expression = parity_expression_parse(text, "-k", &err);
    bool result;

    assert_non_null(expression);
    result = parity_expression_holds(expression, is_in, words);
    parity_expression_free(expression);
    return result;
}

static void a_name_holds_by_itself(void **state)
{
    (void)state;
    assert_true(holds("a", "a b"));
    assert_false(holds("a", "b"));
    assert_true(holds(" a\t", "a"));
}

static void and_or_and_not_bind_as_in_python(void **state)
{
    (void)state;
    assert_true(holds("a and b", "a b"));
    assert_false(holds("a and b", "a"));
    assert_true(holds("a or b", "b"));
    assert_true(holds("not a", "b"));
    assert_true(holds("not not a", "a"));
    assert_true(holds("a or b and c", "a"));
    assert_false(holds("(a or b) and c", "a"));
    assert_false(holds("not a or b", "a"));
    assert_false(holds("not (a or b)", "b"));
    assert_true(holds("not a and b", "b"));
}

static void names_may_hold_what_ids_do(void **state)
{
    (void)state;
    assert_true(holds("sqs/test_send.c::fifo[fast-1]", "sqs/test_send.c::fifo[fast-1]"));
    assert_true(holds("x\xc3\xa4+\\ and order", "x\xc3\xa4+\\ order"));
    assert_true(holds("nota or android", "android"));
}

static void names_are_listed_in_their_order(void **state)
{
    struct parity_expression *expression =
        parity_expression_parse("b and not (a or b)", "-m", NULL);

    (void)state;
    assert_string_equal(parity_expression_name(expression, 0), "b");
    assert_string_equal(parity_expression_name(expression, 1), "a");
    assert_string_equal(parity_expression_name(expression, 2), "b");
    assert_null(parity_expression_name(expression, 3));
    parity_expression_free(expression);
}

static void assert_refused(const char *text, const char *message)
{
    struct parity_error err = {0};

    assert_null(parity_expression_parse(text, "-k", &err));
    assert_int_equal(err.code, PARITY_E_USAGE);
    assert_string_equal(err.context, "-k");
    assert_string_equal(err.message, message);
}

static void a_mistake_is_pointed_at(void **state)
{
    (void)state;
    assert_refused("", "column 1 of '': expected a name, 'not' or '(', not the end");
    assert_refused("a and", "column 6 of 'a and': expected a name, 'not' or '(', not the end");
    assert_refused("a b", "column 3 of 'a b': expected 'and', 'or' or the end, not 'b'");
    assert_refused("(a", "column 3 of '(a': expected ')', not the end");
    assert_refused("a)", "column 2 of 'a)': expected 'and', 'or' or the end, not ')'");
    assert_refused("or a", "column 1 of 'or a': expected a name, 'not' or '(', not 'or'");
    assert_refused("a and or", "column 7 of 'a and or': expected a name, 'not' or '(', not 'or'");
    assert_refused("\xC3\xA9 b",
                   "column 3 of '\xC3\xA9 b': expected 'and', 'or' or the end, not 'b'");
    assert_refused("a & b", "column 3 of 'a & b': expected 'and', 'or' or the end, not '&'");
}

static void deep_nesting_is_refused(void **state)
{
    struct parity_buffer text = {0};
    struct parity_error err = {0};

    (void)state;
    for (int i = 0; i < 100000; i++)
        parity_buffer_add_char(&text, '(');
    assert_null(parity_expression_parse(text.data, "-k", &err));
    assert_int_equal(err.code, PARITY_E_USAGE);
    parity_buffer_clear(&text);
}

static void a_long_expression_is_no_deep_one(void **state)
{
    struct parity_buffer text = {0};

    (void)state;
    for (int i = 0; i < 2000; i++)
        parity_buffer_add_text(&text, "b or not (a) and ");
    parity_buffer_add_text(&text, "c");
    assert_true(holds(text.data, "b"));
    parity_buffer_clear(&text);
}

static void running_out_of_memory_is_an_error(void **state)
{
    struct parity_expression *expression = NULL;

    (void)state;
    for (unsigned long n = 1; !expression; n++) {
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        expression = parity_expression_parse("a and not (b or c)", "-k", &err);
        parity_memory_fail_at(0, 0);
        if (!expression)
            assert_int_equal(err.code, PARITY_E_NOMEM);
    }
    parity_expression_free(expression);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_holds_by_itself),
        cmocka_unit_test(and_or_and_not_bind_as_in_python),
        cmocka_unit_test(names_may_hold_what_ids_do),
        cmocka_unit_test(names_are_listed_in_their_order),
        cmocka_unit_test(a_mistake_is_pointed_at),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(a_long_expression_is_no_deep_one),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
