/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "recorder/sequence_matcher.h"

/* Letters stand for items; blocks are written "a,b+size". What is expected is what Python's
   difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks() says. */
static void assert_blocks(const char *a, const char *b, const char *expected)
{
    size_t x[64], y[64];
    struct parity_blocks blocks = {0};
    struct parity_buffer text = {0};

    for (size_t i = 0; i < strlen(a); i++)
        x[i] = (size_t)a[i];
    for (size_t i = 0; i < strlen(b); i++)
        y[i] = (size_t)b[i];
    assert_int_equal(parity_sequence_match(x, strlen(a), y, strlen(b), &blocks), 0);
    for (size_t i = 0; i < blocks.count; i++)
        parity_buffer_printf(&text, "%s%zu,%zu+%zu", i ? " " : "", blocks.items[i].a,
                             blocks.items[i].b, blocks.items[i].size);
    assert_string_equal(text.data, expected);
    parity_buffer_clear(&text);
    parity_blocks_clear(&blocks);
}

static void equal_sequences_are_one_block(void **state)
{
    (void)state;
    assert_blocks("abc", "abc", "0,0+3 3,3+0");
}

static void empty_sequences_have_only_the_end(void **state)
{
    (void)state;
    assert_blocks("", "", "0,0+0");
    assert_blocks("abc", "", "3,0+0");
    assert_blocks("", "xy", "0,2+0");
    assert_blocks("abc", "xyz", "3,3+0");
}

static void the_longest_run_comes_first(void **state)
{
    (void)state;
    assert_blocks("abxcd", "abcd", "0,0+2 3,2+2 5,4+0");
    assert_blocks("abcdxab", "abxabcd", "0,3+4 7,7+0");
    assert_blocks("qabxcd", "abycdf", "1,0+2 4,3+2 6,6+0");
}

static void of_several_longest_runs_the_earliest_is_taken(void **state)
{
    (void)state;
    assert_blocks("ab", "ba", "0,1+1 2,2+0");
    assert_blocks("aba", "aa", "0,0+1 2,1+1 3,2+0");
    assert_blocks("xaya", "a", "1,0+1 4,1+0");
}

static void touching_runs_are_one_block(void **state)
{
    (void)state;
    assert_blocks("aaaa", "aaa", "0,0+3 4,3+0");
    assert_blocks("abcabc", "abcabc", "0,0+6 6,6+0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_sequences_are_one_block),
        cmocka_unit_test(empty_sequences_have_only_the_end),
        cmocka_unit_test(the_longest_run_comes_first),
        cmocka_unit_test(of_several_longest_runs_the_earliest_is_taken),
        cmocka_unit_test(touching_runs_are_one_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
