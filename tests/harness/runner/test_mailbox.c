/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/mailbox.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"

static bool put(struct parity_mailbox *mailbox, const char *event, const char *text)
{
    json_t *value = json_pack("{s:s, s:s}", "event", event, "text", text);
    bool fits = parity_mailbox_put(mailbox, value);

    json_decref(value);
    return fits;
}

static void assert_takes(struct parity_mailbox *mailbox, size_t *place, const char *name)
{
    json_t *event = parity_mailbox_take(mailbox, place);

    assert_non_null(event);
    assert_string_equal(json_string_value(json_object_get(event, "event")), name);
    json_decref(event);
}

static void assert_empty(struct parity_mailbox *mailbox, size_t *place)
{
    assert_null(parity_mailbox_take(mailbox, place));
}

static void events_come_out_in_their_order_also_after_a_death(void **state)
{
    struct parity_mailbox *mailbox = parity_mailbox_new(NULL);
    size_t place = 0;
    pid_t pid;

    (void)state;
    assert_non_null(mailbox);
    assert_empty(mailbox, &place);
    pid = fork();
    if (pid == 0) {
        put(mailbox, "one", "");
        put(mailbox, "two", "\n");
        raise(SIGKILL);
    }
    waitpid(pid, NULL, 0);
    assert_takes(mailbox, &place, "one");
    assert_takes(mailbox, &place, "two");
    assert_empty(mailbox, &place);
    put(mailbox, "three", "");
    assert_takes(mailbox, &place, "three");
    parity_mailbox_empty(mailbox);
    place = 0;
    assert_empty(mailbox, &place);
    parity_mailbox_free(mailbox);
}

static void a_mark_stands_where_a_message_was_sent(void **state)
{
    struct parity_mailbox *mailbox = parity_mailbox_new(NULL);
    size_t place = 0;

    (void)state;
    put(mailbox, "before", "");
    parity_mailbox_mark(mailbox);
    put(mailbox, "after", "");
    assert_false(parity_mailbox_take_mark(mailbox, &place));
    assert_takes(mailbox, &place, "before");
    assert_true(parity_mailbox_take_mark(mailbox, &place));
    assert_false(parity_mailbox_take_mark(mailbox, &place));
    assert_takes(mailbox, &place, "after");
    assert_false(parity_mailbox_take_mark(mailbox, &place));
    assert_empty(mailbox, &place);
    parity_mailbox_free(mailbox);
}

static void what_does_not_fit_closes_it_until_it_is_emptied(void **state)
{
    struct parity_mailbox *mailbox = parity_mailbox_new(NULL);
    char *large = malloc(70001);
    size_t place = 0;

    (void)state;
    memset(large, 'x', 70000);
    large[70000] = '\0';
    assert_true(put(mailbox, "small", ""));
    assert_false(put(mailbox, "large", large));
    assert_false(put(mailbox, "small", ""));
    assert_takes(mailbox, &place, "small");
    assert_empty(mailbox, &place);
    parity_mailbox_empty(mailbox);
    assert_true(put(mailbox, "small", ""));
    free(large);
    parity_mailbox_free(mailbox);
}

static void what_is_put_in_as_text_is_taken_as_any_event(void **state)
{
    static char event[] = "{\"event\":\"call\",\"text\":\"\"}";
    struct parity_mailbox *mailbox = parity_mailbox_new(NULL);
    struct parity_buffer text = {.data = event, .length = sizeof event - 1};
    size_t place = 0;

    (void)state;
    put(mailbox, "before", "");
    assert_true(parity_mailbox_put_text(mailbox, &text));
    put(mailbox, "after", "");
    assert_takes(mailbox, &place, "before");
    assert_takes(mailbox, &place, "call");
    assert_takes(mailbox, &place, "after");
    text.failed = true;
    assert_false(parity_mailbox_put_text(mailbox, &text));
    assert_false(put(mailbox, "later", ""));
    assert_empty(mailbox, &place);
    parity_mailbox_free(mailbox);
}

static void many_fit(void **state)
{
    struct parity_mailbox *mailbox = parity_mailbox_new(NULL);
    size_t place = 0;
    int count = 0;

    (void)state;
    while (put(mailbox, "call", "sqs SendMessage 200"))
        count++;
    assert_in_range(count, 500, 5000);
    for (int i = 0; i < count; i++)
        assert_takes(mailbox, &place, "call");
    assert_empty(mailbox, &place);
    parity_mailbox_free(mailbox);
}

static void what_a_test_has_overwritten_harms_nobody(void **state)
{
    (void)state;
    for (int round = 0; round < 256; round++) {
        struct parity_mailbox *mailbox = parity_mailbox_new(NULL);
        size_t place = 0;
        json_t *event;

        put(mailbox, "one", "");
        put(mailbox, "two", "");
        memset((char *)mailbox + round % 80, round, 1 + (size_t)round * 7 % 60);
        while ((event = parity_mailbox_take(mailbox, &place)) != NULL)
            json_decref(event);
        parity_mailbox_free(mailbox);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_out_in_their_order_also_after_a_death),
        cmocka_unit_test(a_mark_stands_where_a_message_was_sent),
        cmocka_unit_test(what_does_not_fit_closes_it_until_it_is_emptied),
        cmocka_unit_test(what_is_put_in_as_text_is_taken_as_any_event),
        cmocka_unit_test(many_fit),
        cmocka_unit_test(what_a_test_has_overwritten_harms_nobody),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
