/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parity/suite.h>

/* What bodies can do beside calls and matches, for test_run_bodies.py. */

PARITY_TEST(expects_in_vain, .marker = UNKNOWN)
{
    json_t *thing = call(t, "thing", "DescribeThing", "{'Name': 'a'}");

    match(t, "describe", thing);
    expect(t, number(t, thing, "$.Size") > 100, "a size above %d", 100);
    expect_number(t, number(t, thing, "$.Size"), 8);
    expect_text(t, text(t, thing, "$.Colour"), "blue");
    expect_text(t, NULL, "blue");
    expect_equal(t, get(t, thing, "$.Name"), "{'%s': [%d]}", "b", 1);
    if (!expect(t, true, "never said"))
        fail(t, "true is false");
    note(t, "went on");
}

PARITY_TEST(expects_in_vain_and_crashes, .marker = UNKNOWN)
{
    int status;

    expect(t, false, "a size above %d", 100);
    expect_text(t, "red", "blue");
    if (fork() == 0) {
        expect(t, false, "nothing of a process that was forked");
        _exit(7);
    }
    if (wait(&status) > 0 && WEXITSTATUS(status) == 7)
        abort();
}

PARITY_TEST(fails_before_its_process_ends, .marker = UNKNOWN)
{
    expect(t, false, "what comes before the reason");
    if (getenv("THING_EXITS"))
        exit(3);
    for (;;)
        sleep(1);
}

PARITY_TEST(expects_and_finds, .marker = UNKNOWN)
{
    json_t *thing = call(t, "thing", "DescribeThing", "{'Name': 'a'}");

    expect(t, has(t, thing, "$.Size"), "a size");
    expect_number(t, number(t, thing, "$.Size"), 7);
    expect_text(t, text(t, thing, "$.Colour"), "red");
    expect_equal(t, json(t, "{'a': 1, 'b': 2}"), "{'b': 2, 'a': %d}", 1);
}

static bool is_third(struct parity_test *t, void *data)
{
    int *asked = data;

    call(t, "thing", "DescribeThing", "{'Name': 'a'}");
    return ++*asked == 3;
}

static bool is_never(struct parity_test *t, void *data)
{
    (void)t;
    (void)data;
    return false;
}

PARITY_TEST(polls, .marker = UNKNOWN)
{
    int asked = 0;

    poll_until(t, is_third, &asked, .what = "the third time", .interval_s = 0.01);
    expect_number(t, asked, 3);
}

PARITY_TEST(polls_in_vain, .marker = UNKNOWN)
{
    poll_until(t, is_never, NULL, .what = "the end of time", .timeout_s = 0.2, .interval_s = 0.05);
}

static void write_file(struct parity_test *t, const char *name, const char *data, size_t length)
{
    FILE *file = fopen(name, "wb");

    if (!file || fwrite(data, 1, length, file) != length || fclose(file) != 0)
        fail(t, "cannot write %s", name);
}

PARITY_TEST(attaches, .marker = UNKNOWN)
{
    const char *folder = format(t, "%s/attached", getenv("HOME"));
    size_t size = PARITY_MAX_ATTACHMENT_BYTES + 100;
    char *large = malloc(size);

    attach_text(t, "note", "a text \xe2\x82\xac");
    attach_json(t, "value", json(t, "{'a': [1, %s]}", "b"));
    write_file(t, format(t, "%s.html", folder), "<p>hello</p>\n", 13);
    attach_file(t, NULL, format(t, "%s.html", folder));
    write_file(t, format(t, "%s.png", folder), "\x89PNG\0\1", 6);
    attach_file(t, "picture.png", format(t, "%s.png", folder));
    write_file(t, folder, "", 0);
    attach_file(t, "empty", folder);
    memset(large, 'x', size);
    memcpy(large + PARITY_MAX_ATTACHMENT_BYTES - 1, "\xe2\x82\xac", 3);
    write_file(t, folder, large, size);
    attach_file(t, "large", folder);
    large[0] = '\0';
    write_file(t, folder, large, size);
    attach_file(t, "large bytes", folder);
    free(large);
}

PARITY_TEST(calls_from_elsewhere, .marker = UNKNOWN)
{
    const struct parity_test_options *there = options(.region = secondary_region(t));
    const struct parity_test_options *other = options(.account = SECONDARY);
    const char *name = unique_name(t, "x");

    attach_text(t, "who", format(t, "%s %s %s", account_id(t), secondary_account_id(t), region(t)));
    call(t, "thing", "DescribeThing", "{'Name': 'here'}");
    call_with(t, there, "thing", "DescribeThing", "{'Name': 'there'}");
    call_with(t, other, "thing", "CreateThing", "{'Name': %s}", name);
    on_cleanup_with(t, other, "thing", "DeleteThing", "{'Name': %s}", name);
}

PARITY_TEST(attaches_and_crashes, .marker = UNKNOWN)
{
    attach_text(t, "last words", "I was here");
    abort();
}

PARITY_TEST(attaches_too_much, .marker = UNKNOWN)
{
    for (int i = 0; i <= PARITY_MAX_ATTACHMENTS; i++)
        attach_text(t, format(t, "number %d", i), "x");
}

PARITY_TEST(attaches_what_is_not_there, .marker = UNKNOWN)
{
    attach_file(t, NULL, "no/such/file.txt");
}

PARITY_TEST(attaches_a_device, .marker = UNKNOWN)
{
    attach_file(t, NULL, "/dev/zero");
}

PARITY_TEST(attaches_a_folder, .marker = UNKNOWN)
{
    attach_file(t, NULL, "/tmp");
}

PARITY_TEST(has_many_faults, .marker = UNKNOWN)
{
    json_t *input = json(t, "{'Name': 'n'}");

    for (int i = 0; i < 100; i++)
        json_object_set_new(input, format(t, "Unknown%d", i), json_integer(i));
    call(t, "thing", "DescribeThing", "%j", input);
}

/* On AWS. */
PARITY_TEST(attaches_secrets, .marker = UNKNOWN)
{
    char bytes[100] = "\0\1";
    int length = snprintf(bytes + 2, sizeof bytes - 2, "key %s", getenv("AWS_SECRET_ACCESS_KEY"));
    const char *file = format(t, "%s/bytes", getenv("HOME"));

    attach_text(t, "text", format(t, "account %s, key %s", account_id(t), bytes + 6));
    write_file(t, file, bytes, (size_t)length + 2);
    attach_file(t, "bytes", file);
}
