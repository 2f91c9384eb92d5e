/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/settle.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/memory.h"
#include "recorder/pending.h"
#include "scratch.h"

#define SUITE "sqs/test_send.c"
#define SNAPSHOT "snapshots/sqs/test_send.snapshot.json"
#define VALIDATION "snapshots/sqs/test_send.validation.json"
#define RAW "snapshots/sqs/test_send.raw.snapshot.json"
#define PENDING "snapshots/sqs/test_send.pending.snapshot.json"
#define LINES "snapshots/.unsettled/sqs/test_send.jsonl"

enum { NOON = 1705320000 }; /* 2024-01-15T12:00:00Z */

static struct parity_recordings *open_recordings(void)
{
    return parity_recordings_new(
        &(struct parity_recordings_options){.folder = "snapshots", .lock_timeout_ms = 100}, NULL);
}

/* With a raw file when `raw`. */
static int store(struct parity_recordings *recordings, const char *id, const char *target,
                 const char *content, bool raw, struct parity_error *err)
{
    json_t *document = scratch_json(content);
    json_t *provenance = parity_provenance(&(struct parity_provenance_options){.target = target});
    const struct parity_recording_update update = {.id = id,
                                                   .content = document,
                                                   .raw = raw ? document : NULL,
                                                   .provenance = provenance,
                                                   .now = NOON};
    int rc = parity_recordings_store(recordings, &update, err);

    json_decref(document);
    json_decref(provenance);
    return rc;
}

static void record(struct parity_recordings *recordings, const char *id, const char *target,
                   const char *content)
{
    struct parity_error err = {0};

    if (store(recordings, id, target, content, false, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
}

static void settle(struct parity_recordings *recordings, const char *id)
{
    struct parity_error err = {0};

    if (parity_recordings_settle(recordings, id, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
}

/* "<id>=<content> …" of a file of recordings, in the order of the file. */
static void assert_contents(const char *path, const char *expected)
{
    struct parity_buffer text = {0};
    json_t *content, *entry;
    const char *id;

    assert_int_equal(parity_json_read_file(path, &content, NULL), 0);
    json_object_foreach(content, id, entry) {
        parity_buffer_printf(&text, "%s%s=", text.length ? " " : "", strstr(id, "::") + 2);
        parity_json_write(&text, json_object_get(entry, "recorded-content"), PARITY_JSON_COMPACT);
    }
    assert_string_equal(text.data, expected);
    parity_buffer_clear(&text);
    json_decref(content);
}

static void what_is_recorded_is_found_before_it_stands_in_its_file(void **state)
{
    struct parity_recordings *recordings = open_recordings(), *others = open_recordings();
    struct parity_recording recording = {0};

    (void)state;
    record(recordings, SUITE "::a", "aws", "{\"n\": 1}");
    assert_int_equal(access(SNAPSHOT, F_OK), -1);
    /* A ground truth is such another one, which does not write into the tree. */
    assert_int_equal(parity_recordings_find(others, SUITE "::a", NULL, &recording, NULL), 0);
    assert_int_equal(json_integer_value(json_object_get(recording.content, "n")), 1);
    assert_true(recording.from_aws);
    parity_recording_clear(&recording);

    settle(recordings, SUITE "::b");
    assert_contents(SNAPSHOT, "a={\"n\":1}");
    assert_int_equal(access("snapshots/.unsettled", F_OK), -1);
    parity_recordings_free(recordings);
    parity_recordings_free(others);
}

static void recordings_of_aws_and_others_are_settled_together(void **state)
{
    struct parity_recordings *recordings = open_recordings();
    char *validation;

    (void)state;
    scratch_write(SNAPSHOT, "{\"" SUITE "::c\": {\"recorded-content\": {\"old\": 1.50}}, "
                            "\"" SUITE "::d\": {\"recorded-content\": {}}}");
    record(recordings, SUITE "::b", "aws", "{\"n\": 1}");
    record(recordings, SUITE "::c", "moto 5", "{\"n\": 2}");
    record(recordings, SUITE "::a", "aws", "{\"n\": 3}");
    record(recordings, SUITE "::a", "aws", "{\"n\": 4}");
    settle(recordings, SUITE "::a");
    assert_contents(SNAPSHOT, "c={\"n\":2} d={} b={\"n\":1} a={\"n\":4}");
    validation = scratch_read(VALIDATION);
    assert_true(strstr(validation, "::a") < strstr(validation, "::b"));
    assert_true(strstr(validation, "::b") < strstr(validation, "::c"));
    free(validation);
    parity_recordings_free(recordings);
}

/* Bytes that this process has read or written; -1: the system does not tell. */
static long long count_bytes(const char *what)
{
    FILE *file = fopen("/proc/self/io", "r");
    long long bytes = -1;
    char name[16];
    long long value;

    while (file && fscanf(file, "%15s %lld", name, &value) == 2)
        if (strcmp(name, what) == 0)
            bytes = value;
    if (file)
        fclose(file);
    return bytes;
}

/* Record and settle so many tests of one suite, some of them twice. @return bytes of `what` */
static long long cost_of(const char *what, const char *folder, int tests)
{
    struct parity_recordings *recordings;
    long long before;

    assert_int_equal(mkdir(folder, 0777), 0);
    assert_int_equal(chdir(folder), 0);
    recordings = open_recordings();
    before = count_bytes(what);
    for (int i = 0; i < tests; i++) {
        char id[64];

        snprintf(id, sizeof id, SUITE "::t%d", i);
        assert_int_equal(store(recordings, id, i % 2 ? "aws" : "moto 5", "{\"n\": 1}", true, NULL),
                         0);
    }
    settle(recordings, SUITE "::t0");
    parity_recordings_free(recordings);
    assert_int_equal(chdir(".."), 0);
    return count_bytes(what) - before;
}

static void recording_costs_what_is_recorded(void **state)
{
    static const char *const what[] = {"wchar:", "rchar:"};

    (void)state;
    if (count_bytes("wchar:") < 0)
        skip();
    for (size_t i = 0; i < 2; i++) {
        long long few = cost_of(what[i], i ? "few read" : "few", 50);
        long long many = cost_of(what[i], i ? "many read" : "many", 250);

        /* Five times as many; a file that is written, or read, each time makes 25 times of it. */
        assert_in_range(many, few, 7 * few);
    }
}

static void what_another_process_has_recorded_counts(void **state)
{
    struct parity_recordings *recordings = open_recordings(), *others = open_recordings();
    struct parity_error err = {0};

    (void)state;
    record(recordings, SUITE "::a", "moto 5", "{\"n\": 1}");
    record(others, SUITE "::a", "aws", "{\"n\": 2}");
    assert_int_equal(store(recordings, SUITE "::a", "moto 5", "{\"n\": 3}", false, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    settle(others, SUITE "::a");
    parity_error_clear(&err);
    assert_int_equal(store(recordings, SUITE "::a", "moto 5", "{\"n\": 3}", false, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    record(recordings, SUITE "::b", "moto 5", "{\"n\": 4}");
    settle(others, SUITE "::a");
    settle(recordings, SUITE "::a");
    assert_contents(SNAPSHOT, "a={\"n\":2} b={\"n\":4}");
    parity_recordings_free(recordings);
    parity_recordings_free(others);
}

static void killed_before_the_lines_are_removed_nothing_changes(void **state)
{
    struct parity_recordings *recordings = open_recordings();
    char *lines, *snapshot, *validation;

    (void)state;
    record(recordings, SUITE "::b", "aws", "{\"n\": 1}");
    record(recordings, SUITE "::a", "moto 5", "{\"n\": 2}");
    lines = scratch_read(LINES);
    settle(recordings, SUITE "::a");
    snapshot = scratch_read(SNAPSHOT);
    validation = scratch_read(VALIDATION);
    scratch_write(LINES, lines);
    settle(recordings, SUITE "::a");
    scratch_assert_file(SNAPSHOT, snapshot);
    scratch_assert_file(VALIDATION, validation);
    assert_int_equal(access(LINES, F_OK), -1);
    free(lines);
    free(snapshot);
    free(validation);
    parity_recordings_free(recordings);
}

static void a_broken_file_is_left_and_what_was_recorded_waits(void **state)
{
    struct parity_recordings *recordings = open_recordings();
    struct parity_error err = {0};

    (void)state;
    record(recordings, SUITE "::a", "aws", "{\"n\": 1}");
    scratch_write(SNAPSHOT, "{\n<<<<<<< HEAD\n}");
    assert_int_equal(parity_recordings_settle(recordings, SUITE "::a", &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_int_equal(err.line, 2);
    assert_string_equal(err.context, SNAPSHOT);
    assert_non_null(strstr(err.message, "; nothing is lost: what was recorded waits in " LINES
                                        ", until the file is repaired or removed, for the next "
                                        "'parity run' or 'parity snapshots'"));
    scratch_assert_file(SNAPSHOT, "{\n<<<<<<< HEAD\n}");
    assert_int_equal(access(VALIDATION, F_OK), -1);
    assert_int_equal(unlink(SNAPSHOT), 0);
    settle(recordings, SUITE "::a");
    assert_contents(SNAPSHOT, "a={\"n\":1}");
    parity_recordings_free(recordings);
}

static void limit_file_size(rlim_t bytes)
{
    const struct rlimit limit = {bytes, RLIM_INFINITY};

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_loses_nothing_that_was_recorded(void **state)
{
    struct parity_recordings *recordings = open_recordings();
    struct parity_error err = {0};
    char *lines;
    int stored, settled;

    (void)state;
    scratch_write(SNAPSHOT,
                  "{\"" SUITE "::z\": {\"recorded-content\": {\"long\": [1, 2, 3, 4, 5]}}}");
    record(recordings, SUITE "::a", "moto 5", "{\"n\": 1}");
    lines = scratch_read(LINES);
    limit_file_size(strlen(lines) + 10);
    stored = store(recordings, SUITE "::b", "moto 5", "{\"n\": 2}", false, NULL);
    settled = parity_recordings_settle(recordings, SUITE "::a", &err);
    limit_file_size(RLIM_INFINITY);
    assert_int_equal(stored, -1);
    assert_int_equal(settled, -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(
        err.message,
        "cannot write: File too large; nothing is lost: what was recorded waits in " LINES
        " for the next 'parity run' or 'parity snapshots'");
    scratch_assert_file(LINES, lines);
    record(recordings, SUITE "::b", "moto 5", "{\"n\": 3}");
    settle(recordings, SUITE "::a");
    assert_contents(SNAPSHOT, "z={\"long\":[1,2,3,4,5]} a={\"n\":1} b={\"n\":3}");
    free(lines);
    parity_recordings_free(recordings);
}

static void a_folder_that_cannot_be_written_loses_nothing(void **state)
{
    enum { NOBODY = 65534 };
    struct parity_recordings *recordings = open_recordings();
    struct parity_error err = {0};
    uid_t user = geteuid();
    json_t *settled;
    char *lines;
    int rc;

    (void)state;
    record(recordings, SUITE "::a", "aws", "{\"n\": 1}");
    lines = scratch_read(LINES);
    assert_int_equal(chmod("snapshots/sqs", 0555), 0);
    if (user == 0) { /* who may write everywhere */
        assert_int_equal(chmod(".", 0755), 0);
        assert_int_equal(seteuid(NOBODY), 0);
    }
    rc = parity_settle_folder("snapshots", &settled, &err);
    assert_int_equal(seteuid(user), 0);
    assert_int_equal(rc, -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, SNAPSHOT);
    assert_non_null(strstr(err.message, "cannot write: Permission denied; nothing is lost: "));
    assert_int_equal(json_object_size(settled), 0);
    scratch_assert_file(LINES, lines);
    assert_int_equal(chmod("snapshots/sqs", 0755), 0);
    settle(recordings, SUITE "::a");
    assert_contents(SNAPSHOT, "a={\"n\":1}");
    json_decref(settled);
    free(lines);
    parity_recordings_free(recordings);
}

static void all_suites_of_a_folder_are_settled_and_told(void **state)
{
    struct parity_recordings *recordings = open_recordings();
    struct parity_error err = {0};
    json_t *settled, *expected = scratch_json("{\"sqs/test_send\": 2, \"top\": 1}");

    (void)state;
    assert_int_equal(parity_settle_folder("snapshots", &settled, NULL), 0);
    assert_int_equal(json_object_size(settled), 0);
    assert_int_equal(access("snapshots", F_OK), -1);
    json_decref(settled);

    record(recordings, SUITE "::a", "aws", "{\"n\": 1}");
    record(recordings, SUITE "::b", "aws", "{\"n\": 1}");
    record(recordings, SUITE "::a", "aws", "{\"n\": 2}");
    record(recordings, "top.c::a", "moto 5", "{}");
    record(recordings, "broken.c::a", "moto 5", "{}");
    scratch_write("snapshots/broken.snapshot.json", "[]");
    assert_int_equal(parity_settle_folder("snapshots", &settled, &err), -1);
    assert_string_equal(err.context, "snapshots/broken.snapshot.json");
    assert_true(json_equal(settled, expected));
    assert_contents(SNAPSHOT, "a={\"n\":2} b={\"n\":1}");
    json_decref(settled);
    json_decref(expected);
    parity_recordings_free(recordings);
}

static void raw_answers_alone_change_no_recording(void **state)
{
    struct parity_recordings *recordings = open_recordings();
    json_t *raw = scratch_json("{\"n\": 1}");
    const struct parity_recording_update update = {.id = SUITE "::a", .raw = raw, .now = NOON};

    (void)state;
    scratch_write(SNAPSHOT, "no recordings");
    assert_int_equal(parity_recordings_store_raw(recordings, &update, NULL), 0);
    settle(recordings, SUITE "::a");
    assert_contents(RAW, "a={\"n\":1}");
    scratch_assert_file(SNAPSHOT, "no recordings");
    assert_int_equal(access(VALIDATION, F_OK), -1);
    json_decref(raw);
    parity_recordings_free(recordings);
}

/* What waits under `id`; new, NULL: nothing. */
static json_t *waiting(const char *id)
{
    json_t *list, *item, *entry = NULL;
    size_t i;

    assert_int_equal(parity_pending_list("snapshots", &list, NULL), 0);
    json_array_foreach(list, i, item)
        if (strcmp(json_string_value(json_object_get(item, "id")), id) == 0)
            entry = json_incref(json_object_get(item, "entry"));
    json_decref(list);
    return entry;
}

static void pending_results_wait_and_go(void **state)
{
    struct parity_recordings *recordings = open_recordings();
    json_t *content = scratch_json("{\"n\": 1}"), *a, *b;
    json_t *provenance = parity_provenance(&(struct parity_provenance_options){.target = "aws"});
    struct parity_recording_update update = {
        .id = SUITE "::a", .content = content, .provenance = provenance, .now = NOON};

    (void)state;
    assert_int_equal(parity_pending_store(recordings, &update, NULL), 0);
    update.id = SUITE "::b";
    assert_int_equal(parity_pending_store(recordings, &update, NULL), 0);
    settle(recordings, SUITE "::a");
    a = waiting(SUITE "::a");
    b = waiting(SUITE "::b");

    assert_int_equal(parity_pending_accept(recordings, SUITE "::a", a, NULL, NULL), 0);
    /* Another one than this waits. */
    assert_int_equal(parity_pending_remove(recordings, SUITE "::b", provenance, NULL), 0);
    settle(recordings, SUITE "::a");
    assert_contents(SNAPSHOT, "a={\"n\":1}");
    assert_contents(PENDING, "b={\"n\":1}");
    assert_int_equal(parity_pending_remove(recordings, SUITE "::b", b, NULL), 0);
    assert_int_equal(parity_pending_remove(recordings, SUITE "::b", b, NULL), 0);
    settle(recordings, SUITE "::a");
    assert_int_equal(access(PENDING, F_OK), -1);
    json_decref(a);
    json_decref(b);
    json_decref(content);
    json_decref(provenance);
    parity_recordings_free(recordings);
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_recorded_is_found_before_it_stands_in_its_file),
        TEST(recordings_of_aws_and_others_are_settled_together),
        TEST(recording_costs_what_is_recorded),
        TEST(what_another_process_has_recorded_counts),
        TEST(killed_before_the_lines_are_removed_nothing_changes),
        TEST(a_broken_file_is_left_and_what_was_recorded_waits),
        TEST(a_full_disk_loses_nothing_that_was_recorded),
        TEST(a_folder_that_cannot_be_written_loses_nothing),
        TEST(all_suites_of_a_folder_are_settled_and_told),
        TEST(raw_answers_alone_change_no_recording),
        TEST(pending_results_wait_and_go),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("settle", tests, NULL, NULL);
}
