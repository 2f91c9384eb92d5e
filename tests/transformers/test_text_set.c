/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "transformers/text_set.h"

static int note(void *data, uint32_t member, size_t at)
{
    parity_buffer_printf(data, " %u@%zu", (unsigned)member, at);
    return 0;
}

/* Occurrences as "member@position". */
static void assert_found(const char *const *texts, const char *subject, const char *expected)
{
    struct parity_text_set_member members[8];
    struct parity_buffer found = {0};
    struct parity_text_set *set;
    size_t count = 0;

    for (; texts[count]; count++)
        members[count] = (struct parity_text_set_member){texts[count], strlen(texts[count])};
    set = parity_text_set_new(members, count);
    assert_non_null(set);
    assert_int_equal(parity_text_set_search(set, subject, strlen(subject), note, &found), 0);
    parity_buffer_add(&found, "", 0);
    assert_string_equal(found.data, expected);
    parity_buffer_clear(&found);
    parity_text_set_free(set);
}

static void all_occurrences_are_found_by_position(void **state)
{
    static const char *const texts[] = {"queue", "que", "ue", NULL};

    (void)state;
    assert_found(texts, "queue que", " 1@0 0@0 2@1 2@3 1@6 2@7");
}

static void occurrences_of_one_text_may_overlap(void **state)
{
    static const char *const texts[] = {"aa", NULL};

    (void)state;
    assert_found(texts, "aaaa", " 0@0 0@1 0@2");
}

static void texts_that_share_a_beginning_are_told_apart(void **state)
{
    static const char *const texts[] = {"arn:aws:sns:a", "arn:aws:sqs:a", "arn:aws:sqs:ab",
                                        "arn:aws", NULL};

    (void)state;
    assert_found(texts, "arn:aws:sqs:abc arn:aws:sns:b", " 3@0 1@0 2@0 3@16");
}

static void the_same_text_twice_is_found_twice(void **state)
{
    static const char *const texts[] = {"ab", "x", "ab", NULL};

    (void)state;
    assert_found(texts, "ab", " 0@0 2@0");
}

static void texts_at_the_very_end_are_found(void **state)
{
    static const char *const texts[] = {"longer than eight", "end", NULL};

    (void)state;
    assert_found(texts, "the end", " 1@4");
    assert_found(texts, "en", "");
    assert_found(texts, "", "");
    assert_found(texts, "longer than eigh", "");
}

static int stop(void *data, uint32_t member, size_t at)
{
    (void)member;
    (void)at;
    return ++*(int *)data == 2 ? -1 : 0;
}

static void a_search_can_be_ended(void **state)
{
    const struct parity_text_set_member members[] = {{"a", 1}};
    struct parity_text_set *set = parity_text_set_new(members, 1);
    int calls = 0;

    (void)state;
    assert_int_equal(parity_text_set_search(set, "aaaa", 4, stop, &calls), -1);
    assert_int_equal(calls, 2);
    parity_text_set_free(set);
}

static void an_empty_set_finds_nothing(void **state)
{
    static const char *const texts[] = {NULL};

    (void)state;
    assert_found(texts, "anything at all", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_occurrences_are_found_by_position),
        cmocka_unit_test(occurrences_of_one_text_may_overlap),
        cmocka_unit_test(texts_that_share_a_beginning_are_told_apart),
        cmocka_unit_test(the_same_text_twice_is_found_twice),
        cmocka_unit_test(texts_at_the_very_end_are_found),
        cmocka_unit_test(a_search_can_be_ended),
        cmocka_unit_test(an_empty_set_finds_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
