/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/memory.h"
#include "transformers/replacement_batch.h"
#include "transformers/replacement_plan.h"

/* The plan against its definition: one replacement after the other. */

/* The first rounds of the same sequence are enough where each takes twenty times as long. */
#ifdef __SANITIZE_ADDRESS__
enum { ROUNDS = 3000, LONG_ROUNDS = 4 };
#else
enum { ROUNDS = 30000, LONG_ROUNDS = 40 };
#endif

static void add(struct parity_replacements *list, const char *text, const char *by)
{
    assert_int_equal(parity_replacements_add_text(list, text, strlen(text), by, strlen(by)), 0);
}

static struct parity_buffer buffer_of(const char *text, size_t length)
{
    struct parity_buffer buffer = {0};

    parity_buffer_add(&buffer, text, length);
    assert_false(buffer.failed);
    return buffer;
}

/* What the definition makes of `text`, apart from everything that is tested here. */
static struct parity_buffer one_by_one(const struct parity_replacements *list, const char *text,
                                       size_t length)
{
    struct parity_buffer now = buffer_of(text, length);

    for (size_t i = 0; i < list->count; i++) {
        const struct parity_replacement *item = &list->items[i];
        struct parity_buffer next = {0};
        size_t at = 0;

        while (at < now.length) {
            if (now.length - at >= item->text_length &&
                memcmp(now.data + at, item->text, item->text_length) == 0) {
                parity_buffer_add(&next, item->by, item->by_length);
                at += item->text_length;
            } else {
                parity_buffer_add_char(&next, now.data[at++]);
            }
        }
        parity_buffer_add(&next, "", 0);
        parity_buffer_clear(&now);
        now = next;
    }
    return now;
}

static void assert_same(const struct parity_buffer *got, const struct parity_buffer *wanted)
{
    assert_int_equal(got->length, wanted->length);
    assert_memory_equal(got->data, wanted->data, wanted->length);
}

static void check_plan(const struct parity_replacements *list, const char *text, size_t length)
{
    struct parity_buffer wanted = one_by_one(list, text, length), got = buffer_of(text, length);
    struct parity_replacement_plan *plan = parity_replacement_plan_new(list, list->count);

    assert_non_null(plan);
    assert_int_equal(parity_replacement_plan_apply(plan, &got, NULL), 0);
    assert_same(&got, &wanted);
    parity_replacement_plan_free(plan);
    parity_buffer_clear(&got);
    parity_buffer_clear(&wanted);
}

/* However few and short: all that reach into one batch go through it. @return how many did */
static size_t check_batch(const struct parity_replacements *list, const char *text, size_t length)
{
    struct parity_replacements part = *list;
    struct parity_replacement_batch *batch;
    struct parity_buffer wanted, got = buffer_of(text, length);
    bool crowded;

    part.count = parity_replacement_batch_reach(list->items, list->count);
    wanted = one_by_one(&part, text, length);
    batch = parity_replacement_batch_new(part.items, part.count);
    assert_non_null(batch);
    if (part.count > 0) {
        assert_int_equal(parity_replacement_batch_apply(batch, &got, &crowded), 0);
        assert_false(crowded);
        assert_same(&got, &wanted);
    }
    parity_replacement_batch_free(batch);
    parity_buffer_clear(&got);
    parity_buffer_clear(&wanted);
    return part.count;
}

static void check_both(const struct parity_replacements *list, const char *text)
{
    check_batch(list, text, strlen(text));
    check_plan(list, text, strlen(text));
}

/* ---- single questions ---- */

static void the_earlier_replacement_wins_where_two_overlap(void **state)
{
    struct parity_replacements list = {0};

    (void)state;
    add(&list, "bc", "<x:1>");
    add(&list, "abcd", "<x:2>");
    add(&list, "ab", "<x:3>");
    add(&list, "cd", "<x:4>");
    assert_int_equal(parity_replacement_batch_reach(list.items, list.count), 4);
    check_both(&list, "abcd ab cd abab cdcd bcbc abccd");
    parity_replacements_clear(&list);
}

static void later_replacements_act_inside_placeholders(void **state)
{
    struct parity_replacements list = {0};

    (void)state;
    add(&list, "queue-1", "<name:1>");
    add(&list, "name", "<key:1>");
    add(&list, "ey", "<letters:1>");
    add(&list, "1", "<number:1>");
    assert_int_equal(parity_replacement_batch_reach(list.items, list.count), 4);
    check_both(&list, "queue-1 name queue-1queue-1 key 1 11");
    parity_replacements_clear(&list);
}

static void a_text_with_the_edge_of_a_placeholder_starts_anew(void **state)
{
    struct parity_replacements list = {0};

    (void)state;
    add(&list, "abc", "<name:1>");
    add(&list, "<name:1>", "<name:2>");
    add(&list, "d<", "<name:3>");
    assert_int_equal(parity_replacement_batch_reach(list.items, list.count), 1);
    check_both(&list, "abc dabc <name:1>");
    parity_replacements_clear(&list);
}

static void a_deletion_is_no_part_of_a_batch(void **state)
{
    struct parity_replacements list = {0};

    (void)state;
    add(&list, "x", "");
    add(&list, "ab", "<name:1>");
    assert_int_equal(parity_replacement_batch_reach(list.items, list.count), 0);
    check_both(&list, "axb");
    parity_replacements_clear(&list);
}

static void texts_that_stand_there_twice_act_once(void **state)
{
    struct parity_replacements list = {0};

    (void)state;
    add(&list, "name", "<name:1>");
    add(&list, "name", "<other:1>");
    add(&list, "name", "<third:1>");
    check_both(&list, "name names rename");
    parity_replacements_clear(&list);
}

static void crowded_occurrences_are_done_in_halves(void **state)
{
    enum { LENGTH = 30000, TEXTS = 8 };
    struct parity_replacements list = {0};
    char *text = parity_malloc(LENGTH + 1);
    char what[TEXTS + 1] = "", by[32];

    (void)state;
    assert_non_null(text);
    memset(text, 'a', LENGTH);
    text[LENGTH] = '\0';
    for (int i = 0; i < TEXTS; i++) {
        memset(what, 'a', TEXTS);
        what[TEXTS - i] = '\0';
        snprintf(by, sizeof by, "<a:%d>", i);
        add(&list, what, by);
    }
    check_plan(&list, text, LENGTH);
    parity_free(text);
    parity_replacements_clear(&list);
}

/* ---- anything at all ---- */

static uint64_t random_state;

static uint64_t random_below(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % limit;
}

static void random_text(struct parity_buffer *out, const char *alphabet, size_t least, size_t most)
{
    size_t length = least + random_below(most - least + 1);

    parity_buffer_reset(out);
    parity_buffer_add(out, "", 0);
    for (size_t i = 0; i < length; i++)
        parity_buffer_add_char(out, alphabet[random_below(strlen(alphabet))]);
}

/* `kind` 0: placeholders; 1: inserted texts of any kind; 2: now and then a text with an edge. */
static void random_list(struct parity_replacements *list, int kind)
{
    struct parity_buffer text = {0}, label = {0};
    size_t count = 1 + random_below(12);

    for (size_t i = 0; i < count; i++) {
        char by[64];

        random_text(&text, kind == 2 && random_below(6) == 0 ? "ab<1:" : "ab1:", 1,
                    1 + random_below(6));
        random_text(&label, "ab1", 1, 3);
        snprintf(by, sizeof by, "<%s:%zu>", label.data, 1 + random_below(3));
        if (kind == 1 && random_below(3) == 0)
            random_text(&label, "ab<>", 0, 3);
        if (kind == 1)
            add(list, text.data, label.data);
        else
            add(list, text.data, by);
    }
    parity_buffer_clear(&text);
    parity_buffer_clear(&label);
}

static void a_plan_gives_what_one_after_the_other_gives(void **state)
{
    struct parity_buffer text = {0};
    size_t together = 0;

    (void)state;
    random_state = UINT64_C(88172645463325252);
    for (int round = 0; round < ROUNDS; round++) {
        struct parity_replacements list = {0};

        random_list(&list, round % 3);
        random_text(&text, "ab1:<>", 0, 60);
        together += check_batch(&list, text.data, text.length);
        check_plan(&list, text.data, text.length);
        parity_replacements_clear(&list);
    }
    assert_true(together > ROUNDS * 5 / 3); /* else the rounds show nothing */
    parity_buffer_clear(&text);
}

static void long_texts_give_the_same(void **state)
{
    struct parity_buffer text = {0};

    (void)state;
    random_state = UINT64_C(6364136223846793005);
    for (int round = 0; round < LONG_ROUNDS; round++) {
        struct parity_replacements list = {0};

        for (int n = 0; n < 3; n++)
            random_list(&list, round % 3);
        random_text(&text, "ab1:", 20000, 40000);
        check_plan(&list, text.data, text.length);
        parity_replacements_clear(&list);
    }
    parity_buffer_clear(&text);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One after the other, this would read 100 GB. */
static void ten_thousand_references_in_ten_megabytes_take_seconds_at_most(void **state)
{
    enum { REFERENCES = 10000, TIMES = 10 };
    struct parity_replacements list = {0};
    struct parity_replacement_plan *plan;
    struct parity_buffer text = {0}, wanted = {0};
    double start = seconds();
    char value[128], by[32];

    (void)state;
    for (int i = 0; i < REFERENCES; i++) {
        snprintf(value, sizeof value, "arn:aws:sns:us-east-1:111111111111:topic-%08x",
                 (unsigned)i * 2654435761U);
        snprintf(by, sizeof by, "<topic:%d>", i + 1);
        add(&list, value, by);
    }
    for (int i = 0; i < REFERENCES * TIMES; i++) {
        parity_buffer_printf(&text, "{\"TopicArn\": \"%s\", \"Name\": \"arn:aws:s3:::bucket\"}, ",
                             list.items[i % REFERENCES].text);
        parity_buffer_printf(&wanted, "{\"TopicArn\": \"%s\", \"Name\": \"arn:aws:s3:::bucket\"}, ",
                             list.items[i % REFERENCES].by);
    }
    plan = parity_replacement_plan_new(&list, list.count);
    assert_non_null(plan);
    assert_int_equal(parity_replacement_plan_apply(plan, &text, NULL), 0);
    assert_same(&text, &wanted);
    assert_true(seconds() - start < 5);
    parity_replacement_plan_free(plan);
    parity_buffer_clear(&text);
    parity_buffer_clear(&wanted);
    parity_replacements_clear(&list);
}

static void running_out_of_memory_leaves_an_error(void **state)
{
    struct parity_replacements list = {0};
    struct parity_buffer sample = {0};
    bool done = false;

    (void)state;
    add(&list, "queue", "<a:1>");
    add(&list, "name", "<queue:2>");
    add(&list, "ue", "<b:1>");
    add(&list, "a", "<c:1>");
    for (int i = 0; i < 5000; i++)
        parity_buffer_add_text(&sample, "queue name ue a ");
    for (unsigned long n = 1; !done; n++) {
        struct parity_buffer text = buffer_of(sample.data, sample.length);
        struct parity_error err = {0};
        struct parity_replacement_plan *plan;

        parity_memory_fail_at(n, 0);
        plan = parity_replacement_plan_new(&list, list.count);
        done = plan && parity_replacement_plan_apply(plan, &text, &err) == 0;
        if (plan && !done)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        parity_memory_fail_at(0, 0);
        parity_replacement_plan_free(plan);
        parity_buffer_clear(&text);
        assert_true(n < 1000);
    }
    parity_buffer_clear(&sample);
    parity_replacements_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earlier_replacement_wins_where_two_overlap),
        cmocka_unit_test(later_replacements_act_inside_placeholders),
        cmocka_unit_test(a_text_with_the_edge_of_a_placeholder_starts_anew),
        cmocka_unit_test(a_deletion_is_no_part_of_a_batch),
        cmocka_unit_test(texts_that_stand_there_twice_act_once),
        cmocka_unit_test(crowded_occurrences_are_done_in_halves),
        cmocka_unit_test(a_plan_gives_what_one_after_the_other_gives),
        cmocka_unit_test(long_texts_give_the_same),
        cmocka_unit_test(ten_thousand_references_in_ten_megabytes_take_seconds_at_most),
        cmocka_unit_test(running_out_of_memory_leaves_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
