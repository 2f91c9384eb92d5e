/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/journal_content.h"
#include "runner/journal_read.h"
#include "runner/leftovers.h"
#include "scratch.h"

static struct parity_journal *open_journal(bool aws)
{
    const struct parity_journal_options options = {.folder = "journal",
                                                   .run_id = "1a2b3c4d",
                                                   .aws = aws,
                                                   .endpoint_url = "http://127.0.0.1:1",
                                                   .region = "there"};
    struct parity_error err = {0};
    struct parity_journal *journal = parity_journal_open(&options, &err);

    if (!journal)
        fail_msg("%s: %s", err.context, err.message);
    return journal;
}

static json_t *call_of(const char *operation, const char *input)
{
    return json_pack("{s:s, s:s, s:o}", "service", "thing", "operation", operation, "input",
                     scratch_json(input));
}

static json_int_t say_call(struct parity_journal *journal, const char *input)
{
    json_t *call = call_of("CreateThing", input);
    struct parity_error err = {0};
    json_int_t id = parity_journal_call(journal, "x/test_x.c::it", call, NULL, &err);

    assert_true(id > 0);
    json_decref(call);
    return id;
}

static json_int_t say_cleanup(struct parity_journal *journal, json_int_t covered)
{
    json_t *call = call_of("DeleteThing", "{\"Name\": \"a\"}");
    json_t *covers = covered ? json_pack("[I]", covered) : json_array();
    json_int_t id = parity_journal_cleanup(journal, "x/test_x.c::it", call, covers);

    json_decref(call);
    json_decref(covers);
    return id;
}

static struct parity_journal_record read_journal(void)
{
    struct parity_journal_record record;
    struct parity_error err = {0};

    if (parity_journal_read("journal/1a2b3c4d.jsonl", &record, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    return record;
}

static void what_is_not_struck_off_is_left(void **state)
{
    struct parity_journal *journal = open_journal(false);
    json_int_t refused, covered, answered, cleanup;
    json_t *output = scratch_json("{\"Url\": \"u\", \"ResponseMetadata\": {\"a\": 1}}");
    struct parity_journal_record record;

    (void)state;
    refused = say_call(journal, "{\"Name\": \"r\"}");
    parity_journal_answer(journal, refused, NULL, NULL);
    covered = say_call(journal, "{\"Name\": \"a\"}");
    cleanup = say_cleanup(journal, covered);
    answered = say_call(journal, "{\"Name\": \"b\"}");
    parity_journal_answer(journal, answered, output, NULL);
    say_call(journal, "{\"Name\": \"c\"}");
    record = read_journal();
    assert_string_equal(record.run_id, "1a2b3c4d");
    assert_string_equal(record.endpoint_url, "http://127.0.0.1:1");
    assert_string_equal(record.region, "there");
    assert_false(record.aws);
    assert_int_equal(record.count, 3);
    assert_true(record.entries[0].is_cleanup && record.entries[0].id == cleanup);
    assert_true(record.entries[1].answered && record.entries[1].id == answered);
    assert_int_equal(json_object_size(record.entries[1].output), 1);
    assert_false(record.entries[2].answered);
    assert_true(record.entries[2].at_s > 1.7e9);
    assert_string_equal(record.entries[2].test, "x/test_x.c::it");
    parity_journal_record_clear(&record);

    parity_journal_settle_one(journal, cleanup);
    parity_journal_settle_one(journal, answered);
    record = read_journal();
    assert_int_equal(record.count, 1);
    parity_journal_record_clear(&record);
    json_decref(output);
    parity_journal_close(journal, true);
    assert_int_not_equal(access("journal/1a2b3c4d.jsonl", F_OK), 0);
}

static void lines_of_several_processes_do_not_mix(void **state)
{
    enum { PROCESSES = 4, CALLS = 200 };
    struct parity_journal *journal = open_journal(false);
    struct parity_journal_record record;

    (void)state;
    for (int i = 0; i < PROCESSES; i++)
        if (fork() == 0) {
            for (int k = 0; k < CALLS; k++)
                say_call(journal, "{\"Name\": \"some name, so that the line has a length\"}");
            _exit(0);
        }
    for (int i = 0; i < PROCESSES; i++)
        wait(NULL);
    record = read_journal();
    assert_int_equal(record.count, PROCESSES * CALLS);
    parity_journal_record_clear(&record);
    parity_journal_close(journal, true);
}

static void on_aws_no_line_holds_the_account_or_a_credential(void **state)
{
    const struct parity_credentials credentials = {
        .access_key_id = (char[]){"AKIAQQQQQQQQQQQQQQQQ"},
        .secret_access_key = (char[]){"abcdefghijklmnopqrstuvwxyz0123456789ABCD"}};
    const struct parity_journal_secrets secrets = {.account_id = "111122223333",
                                                   .second_account_id = "444455556666",
                                                   .credentials = &credentials};
    struct parity_journal *journal = open_journal(true);
    struct parity_journal_record record;
    json_t *input;
    char *text;

    (void)state;
    parity_journal_hide(journal, &secrets);
    parity_journal_say_account(journal, "111122223333");
    say_call(journal, "{\"Url\": \"https://h/111122223333/q\", \"Two\": [\"a:444455556666:b\"],"
                      " \"Longer\": \"1111222233334\","
                      " \"Key\": \"x AKIAQQQQQQQQQQQQQQQQ\","
                      " \"Secret\": \"abcdefghijklmnopqrstuvwxyz0123456789ABCD\"}");
    text = scratch_read("journal/1a2b3c4d.jsonl");
    assert_null(strstr(text, "111122223333/"));
    assert_null(strstr(text, "444455556666"));
    assert_null(strstr(text, "AKIA"));
    assert_null(strstr(text, "abcdefghijklm"));
    assert_non_null(strstr(text, "https://h/<account>/q"));
    assert_non_null(strstr(text, "a:<second-account>:b"));
    assert_non_null(strstr(text, "1111222233334"));
    free(text);
    record = read_journal();
    assert_true(record.aws);
    assert_null(record.endpoint_url);
    assert_non_null(record.account_hash);
    input = json_object_get(record.entries[0].call, "input");
    assert_int_equal(parity_journal_reveal(input, "111122223333", "444455556666"), 0);
    assert_string_equal(json_string_value(json_object_get(input, "Url")),
                        "https://h/111122223333/q");
    parity_journal_record_clear(&record);
    parity_journal_close(journal, true);
}

static void long_and_deep_values_are_left_out(void **state)
{
    json_t *value =
        scratch_json("{\"Name\": \"n\", \"Body\": {\"$bytes\": \"AAAA\"}, \"Real\": 1.5,"
                     " \"Deep\": [[[[[[[[\"x\"]]]]]]]], \"On\": true, \"No\": 7}");
    json_t *part;
    char *text = parity_calloc(1, 5000);

    (void)state;
    memset(text, 'x', 4999);
    json_object_set_new(value, "Long", json_string(text));
    part = parity_journal_extract(value, NULL);
    assert_int_equal(json_object_size(part), 4);
    assert_non_null(json_object_get(part, "Name"));
    assert_non_null(json_object_get(part, "On"));
    assert_non_null(json_object_get(part, "No"));
    parity_free(text);
    json_decref(part);
    json_decref(value);
}

static void whatever_stands_in_the_file_is_read(void **state)
{
    struct parity_journal_record record;

    (void)state;
    scratch_write("journal/1a2b3c4d.jsonl",
                  "\n[]\nnull\n{}\n{\"event\": 7}\n{\"event\": \"run\"}\n"
                  "{\"event\": \"call\", \"id\": 0, \"call\": {}}\n"
                  "{\"event\": \"call\", \"id\": -5, \"call\": {}}\n"
                  "{\"event\": \"call\", \"id\": 4000000000, \"call\": {}}\n"
                  "{\"event\": \"call\", \"id\": 3, \"call\": 7}\n"
                  "{\"event\": \"answer\", \"id\": 99}\n{\"event\": \"refusal\", \"id\": 99}\n"
                  "{\"event\": \"settled\", \"ids\": [\"x\", -1, 99]}\n"
                  "{\"event\": \"settled\", \"ids\": 5}\n"
                  "{\"event\": \"call\", \"id\": 2, \"at\": \"once\", \"call\": {}}\n"
                  "{\"event\": \"settled\", \"ids\": [2");
    record = read_journal();
    assert_null(record.run_id);
    assert_int_equal(record.count, 2);
    assert_true(record.entries[0].id == 2 && record.entries[0].at_s == 0);
    assert_true(record.entries[1].id == 4000000000);
    parity_journal_record_clear(&record);
    scratch_write("journal/1a2b3c4d.jsonl", "");
    record = read_journal();
    assert_int_equal(record.count, 0);
    parity_journal_record_clear(&record);
}

/* Longer than what is read at once, in the order of several processes. */
static void of_a_long_journal_what_is_left_stays(void **state)
{
    struct parity_buffer text = {0};
    struct parity_journal_record record;

    (void)state;
    parity_buffer_add_text(&text, "{\"event\": \"run\", \"run\": \"1a2b3c4d\"}\n");
    for (int i = 1; i <= 3000; i++) {
        parity_buffer_printf(&text,
                             "{\"event\": \"call\", \"id\": %d, \"test\": \"x\", \"call\": {}}\n"
                             "{\"event\": \"answer\", \"id\": %d, \"output\": {\"n\": %d}}\n",
                             i ^ 1, i ^ 1, i);
        if (i % 1000 != 0)
            parity_buffer_printf(&text, "{\"event\": \"settled\", \"ids\": [%d]}\n", i ^ 1);
    }
    assert_true(text.length > 3 * 65536);
    scratch_write("journal/1a2b3c4d.jsonl", text.data);
    parity_buffer_clear(&text);
    record = read_journal();
    assert_string_equal(record.run_id, "1a2b3c4d");
    assert_int_equal(record.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(record.entries[i].id, (i + 1) * 1000 + 1);
        assert_int_equal(json_integer_value(json_object_get(record.entries[i].output, "n")),
                         (i + 1) * 1000);
    }
    parity_journal_record_clear(&record);
}

static void a_descriptor_that_is_another_file_s_is_not_written_to(void **state)
{
    struct parity_journal *journal = open_journal(false);
    json_t *call = call_of("CreateThing", "{}");
    struct parity_error err = {0};
    FILE *other = fopen("other", "w");

    (void)state;
    assert_non_null(other);
    for (int fd = 700; fd < 720; fd++)
        dup2(fileno(other), fd);
    assert_int_equal(parity_journal_call(journal, "x", call, NULL, &err), 0);
    assert_int_equal(err.code, PARITY_E_IO);
    fclose(other);
    scratch_assert_file("other", "");
    for (int fd = 700; fd < 720; fd++)
        close(fd);
    json_decref(call);
    parity_journal_close(journal, true);
}

static void journals_of_runs_that_left_nothing_are_removed(void **state)
{
    struct parity_leftovers leftovers;
    struct parity_error err = {0};
    struct parity_journal *journal;

    (void)state;
    assert_int_equal(parity_leftovers_find("nowhere", &leftovers, &err), 0);
    assert_int_equal(leftovers.count, 0);
    parity_leftovers_clear(&leftovers);
    journal = open_journal(false);
    say_call(journal, "{\"Name\": \"a\"}");
    parity_journal_close(journal, false);
    scratch_write("journal/empty.jsonl", "");
    scratch_write("journal/notes.txt", "mine");
    assert_int_equal(parity_leftovers_find("journal", &leftovers, &err), 0);
    assert_int_equal(leftovers.count, 1);
    assert_int_not_equal(access("journal/empty.jsonl", F_OK), 0);
    parity_leftovers_clear(&leftovers);
    assert_int_equal(access("journal/1a2b3c4d.jsonl", F_OK), 0);
    assert_int_equal(access("journal/notes.txt", F_OK), 0);
}

static void without_memory_nothing_is_sent_and_nothing_lost(void **state)
{
    bool done = false;

    (void)state;
    for (unsigned long n = 1; !done; n++) {
        struct parity_journal *journal = open_journal(true);
        json_t *call = call_of("CreateThing", "{\"Name\": \"a\", \"List\": [1, {\"b\": \"c\"}]}");
        struct parity_error err = {0};
        struct parity_journal_record record;

        parity_memory_fail_at(n, 1);
        done = parity_journal_call(journal, "x", call, NULL, &err) != 0;
        parity_memory_fail_at(0, 0);
        record = read_journal();
        assert_int_equal(record.count, done);
        assert_int_equal(err.code, done ? PARITY_OK : PARITY_E_NOMEM);
        parity_journal_record_clear(&record);
        json_decref(call);
        parity_journal_close(journal, true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_not_struck_off_is_left, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(lines_of_several_processes_do_not_mix, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(on_aws_no_line_holds_the_account_or_a_credential,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test(long_and_deep_values_are_left_out),
        cmocka_unit_test_setup_teardown(whatever_stands_in_the_file_is_read, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(of_a_long_journal_what_is_left_stays, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(a_descriptor_that_is_another_file_s_is_not_written_to,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(journals_of_runs_that_left_nothing_are_removed,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(without_memory_nothing_is_sent_and_nothing_lost,
                                        scratch_enter, scratch_leave),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
