/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/message.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

static int ends[2];

static int open_ends(void **state)
{
    (void)state;
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
}

static int close_ends(void **state)
{
    (void)state;
    close(ends[0]);
    if (ends[1] >= 0)
        close(ends[1]);
    return 0;
}

static void a_message_arrives_as_it_was_sent(void **state)
{
    struct parity_inbox inbox = {0};
    const char *text = "{\"a\": [1.0, 123456789012345678901234567890, \"\\ud800\\u0000\", "
                       "{\"$bytes\": \"AA==\"}]}";
    json_t *sent, *received;

    (void)state;
    assert_int_equal(parity_json_parse(text, strlen(text), NULL, &sent, NULL), 0);
    assert_int_equal(parity_message_send(ends[1], sent, NULL), 0);
    assert_int_equal(parity_message_receive(&inbox, ends[0], &received, NULL), 0);
    assert_true(parity_json_equal(sent, received));
    json_decref(sent);
    json_decref(received);
    parity_buffer_clear(&inbox.bytes);
}

static void a_text_arrives_as_the_message_that_it_is(void **state)
{
    static char content[] = "{\"a\":[1,\"b\"]}";
    const struct parity_buffer text = {.data = content, .length = sizeof content - 1};
    const struct parity_buffer failed = {.failed = true};
    struct parity_inbox inbox = {0};
    struct parity_error err = {0};
    json_t *received, *expected = json_pack("{s:[i, s]}", "a", 1, "b");

    (void)state;
    assert_int_equal(parity_message_send_text(ends[1], &text, NULL), 0);
    assert_int_equal(parity_message_receive(&inbox, ends[0], &received, NULL), 0);
    assert_true(parity_json_equal(received, expected));
    assert_int_equal(parity_message_send_text(ends[1], &failed, &err), -1);
    assert_int_equal(err.code, PARITY_E_NOMEM);
    json_decref(received);
    json_decref(expected);
    parity_buffer_clear(&inbox.bytes);
}

static void the_end_of_the_stream_is_no_message(void **state)
{
    struct parity_inbox inbox = {0};
    json_t *received;

    (void)state;
    close(ends[1]);
    ends[1] = -1;
    assert_int_equal(parity_message_receive(&inbox, ends[0], &received, NULL), 0);
    assert_null(received);
    parity_buffer_clear(&inbox.bytes);
}

static void messages_that_arrive_together_are_taken_one_by_one(void **state)
{
    struct parity_inbox inbox = {0};
    json_t *message = json_object(), *received;

    (void)state;
    for (int i = 0; i < 3; i++) {
        json_object_set_new(message, "n", json_integer(i));
        assert_int_equal(parity_message_send(ends[1], message, NULL), 0);
    }
    assert_int_equal(parity_inbox_fill(&inbox, ends[0], NULL), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(parity_inbox_take(&inbox, &received, NULL), 0);
        assert_int_equal(json_integer_value(json_object_get(received, "n")), i);
        json_decref(received);
    }
    assert_int_equal(parity_inbox_take(&inbox, &received, NULL), 0);
    assert_null(received);
    assert_false(inbox.ended);
    json_decref(message);
    parity_buffer_clear(&inbox.bytes);
}

static void a_message_may_arrive_byte_by_byte(void **state)
{
    const char bytes[] = "\0\0\0\x07{\"a\":1}";
    struct parity_inbox inbox = {0};
    json_t *received = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        assert_null(received);
        assert_int_equal(write(ends[1], bytes + i, 1), 1);
        assert_int_equal(parity_inbox_fill(&inbox, ends[0], NULL), 0);
        assert_int_equal(parity_inbox_take(&inbox, &received, NULL), 0);
    }
    assert_int_equal(json_integer_value(json_object_get(received, "a")), 1);
    json_decref(received);
    parity_buffer_clear(&inbox.bytes);
}

static void noise_is_refused(const char *bytes, size_t length)
{
    struct parity_inbox inbox = {0};
    struct parity_error err = {0};
    json_t *received;

    assert_int_equal(write(ends[1], bytes, length), (ssize_t)length);
    assert_int_equal(parity_inbox_fill(&inbox, ends[0], NULL), 0);
    assert_int_equal(parity_inbox_take(&inbox, &received, &err), -1);
    assert_null(received);
    assert_int_equal(err.code, PARITY_E_PARSE);
    parity_buffer_clear(&inbox.bytes);
}

static void what_is_no_message_is_refused(void **state)
{
    (void)state;
    noise_is_refused("hello, world", 12);
    noise_is_refused("\0\0\0\x03[1]", 7);
    noise_is_refused("\0\0\0\x03{\"a", 7);
}

static void a_large_message_is_sent_while_the_other_side_reads(void **state)
{
    struct parity_inbox inbox = {0};
    json_t *message = json_object(), *received;
    char *text = parity_malloc(8000000);
    pid_t child;
    int status;

    (void)state;
    memset(text, 'x', 8000000);
    json_object_set_new(message, "text", json_stringn(text, 8000000));
    child = fork();
    if (child == 0)
        _exit(parity_message_send(ends[1], message, NULL) == 0 ? 0 : 1);
    assert_int_equal(parity_message_receive(&inbox, ends[0], &received, NULL), 0);
    assert_true(json_equal(message, received));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    json_decref(message);
    json_decref(received);
    parity_free(text);
    parity_buffer_clear(&inbox.bytes);
}

static void sending_to_nobody_is_an_error_and_no_signal(void **state)
{
    json_t *message = json_object();
    struct parity_error err = {0};
    int ordinary = open("/dev/null", O_RDWR);

    (void)state;
    assert_true(parity_message_can_send(ends[0]));
    assert_false(parity_message_can_send(ordinary));
    close(ordinary);
    assert_false(parity_message_can_send(ordinary));
    close(ends[1]);
    ends[1] = -1;
    assert_int_equal(parity_message_send(ends[0], message, &err), -1);
    assert_int_equal(err.code, PARITY_E_IO);
    json_decref(message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_arrives_as_it_was_sent, open_ends, close_ends),
        cmocka_unit_test_setup_teardown(a_text_arrives_as_the_message_that_it_is, open_ends,
                                        close_ends),
        cmocka_unit_test_setup_teardown(the_end_of_the_stream_is_no_message, open_ends, close_ends),
        cmocka_unit_test_setup_teardown(messages_that_arrive_together_are_taken_one_by_one,
                                        open_ends, close_ends),
        cmocka_unit_test_setup_teardown(a_message_may_arrive_byte_by_byte, open_ends, close_ends),
        cmocka_unit_test_setup_teardown(what_is_no_message_is_refused, open_ends, close_ends),
        cmocka_unit_test_setup_teardown(a_large_message_is_sent_while_the_other_side_reads,
                                        open_ends, close_ends),
        cmocka_unit_test_setup_teardown(sending_to_nobody_is_an_error_and_no_signal, open_ends,
                                        close_ends),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
