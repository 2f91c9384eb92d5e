/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <fcntl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/memory.h"
#include "recorder/settle.h"
#include "recorder/snapshot.h"
#include "scratch.h"

#define ID "sqs/test_send.c::fifo"
#define SNAPSHOT "snapshots/sqs/test_send.snapshot.json"
#define VALIDATION "snapshots/sqs/test_send.validation.json"
#define RAW "snapshots/sqs/test_send.raw.snapshot.json"

enum { NOON = 1705320000 }; /* 2024-01-15T12:00:00Z */

static const char others[] = "{\n"
                             "  \"sqs/test_send.c::zebra\": {\n"
                             "    \"recorded-date\": \"01-02-2023, 03:04:05\",\n"
                             "    \"recorded-content\": {\n"
                             "      \"a\": 1.0,\n"
                             "      \"b\": 1e-07,\n"
                             "      \"c\": 123456789012345678901234567890,\n"
                             "      \"d\": \"\\u0000\\ud800\\u007f\",\n"
                             "      \"e\": {}\n"
                             "    }\n"
                             "  },\n"
                             "  \"sqs/test_send.c::fifo\": {\n"
                             "    \"recorded-date\": \"01-02-2023, 03:04:05\",\n"
                             "    \"recorded-content\": {\n"
                             "      \"old\": true\n"
                             "    }\n"
                             "  },\n"
                             "  \"sqs/test_send.c::ape\": {\n"
                             "    \"recorded-date\": \"01-02-2023, 03:04:05\",\n"
                             "    \"recorded-content\": {}\n"
                             "  }\n"
                             "}\n";

struct fixture {
    json_t *content, *provenance, *raw;
    struct parity_recordings *recordings;
    struct parity_recording_update update;
};

static json_t *provenance_of(const char *target)
{
    json_t *ids = json_pack("[s,s]", "id-1", "id-2");
    json_t *provenance =
        parity_provenance(&(struct parity_provenance_options){.target = target,
                                                              .region = "us-east-1",
                                                              .account = "0123456789abcdef",
                                                              .models = "botocore 1.43.67",
                                                              .request_ids = ids});

    json_decref(ids);
    return provenance;
}

static void prepare(struct fixture *fixture, const char *target, const char *content)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->recordings = parity_recordings_new(
        &(struct parity_recordings_options){.folder = "snapshots", .lock_timeout_ms = 100}, NULL);
    fixture->content = scratch_json(content);
    fixture->provenance = provenance_of(target);
    fixture->update = (struct parity_recording_update){.id = ID,
                                                       .content = fixture->content,
                                                       .provenance = fixture->provenance,
                                                       .now = NOON,
                                                       .setup_s = 0.194,
                                                       .call_s = 61.126,
                                                       .teardown_s = 0.07};
}

static void release(struct fixture *fixture)
{
    json_decref(fixture->content);
    json_decref(fixture->provenance);
    json_decref(fixture->raw);
    parity_recordings_free(fixture->recordings);
}

static void store_unsettled(struct fixture *fixture)
{
    struct parity_error err = {0};

    if (parity_recordings_store(fixture->recordings, &fixture->update, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
}

static void settle(struct fixture *fixture)
{
    struct parity_error err = {0};

    if (parity_recordings_settle(fixture->recordings, fixture->update.id, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
}

static void settle_all(void)
{
    struct parity_error err = {0};
    json_t *settled;

    if (parity_settle_folder("snapshots", &settled, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    json_decref(settled);
}

static void store(struct fixture *fixture)
{
    store_unsettled(fixture);
    settle(fixture);
}

static void record(const char *target, const char *content)
{
    struct fixture fixture;

    prepare(&fixture, target, content);
    store(&fixture);
    release(&fixture);
}

static void assert_refused(struct fixture *fixture, enum parity_errc code, const char *context,
                           const char *message)
{
    struct parity_error err = {0};

    assert_int_equal(parity_recordings_store(fixture->recordings, &fixture->update, &err), -1);
    assert_int_equal(err.code, code);
    assert_string_equal(err.context, context);
    assert_string_equal(err.message, message);
}

static size_t count_entries(const char *folder)
{
    DIR *entries = opendir(folder);
    size_t count = 0;

    assert_non_null(entries);
    while (readdir(entries))
        count++;
    closedir(entries);
    return count - 2; /* "." and ".." */
}

static void a_recording_from_aws_looks_like_the_reference_s(void **state)
{
    (void)state;
    record("aws", "{\"send\": {\"MessageId\": \"<id:1>\"}}");
    scratch_assert_file(SNAPSHOT, "{\n"
                                  "  \"sqs/test_send.c::fifo\": {\n"
                                  "    \"recorded-date\": \"15-01-2024, 12:00:00\",\n"
                                  "    \"recorded-content\": {\n"
                                  "      \"send\": {\n"
                                  "        \"MessageId\": \"<id:1>\"\n"
                                  "      }\n"
                                  "    }\n"
                                  "  }\n"
                                  "}\n");
    scratch_assert_file(VALIDATION, "{\n"
                                    "  \"sqs/test_send.c::fifo\": {\n"
                                    "    \"last_validated_date\": \"2024-01-15T12:00:00+00:00\",\n"
                                    "    \"durations_in_seconds\": {\n"
                                    "      \"setup\": 0.19,\n"
                                    "      \"call\": 61.13,\n"
                                    "      \"teardown\": 0.07,\n"
                                    "      \"total\": 61.39\n"
                                    "    },\n"
                                    "    \"target\": \"aws\",\n"
                                    "    \"region\": \"us-east-1\",\n"
                                    "    \"account\": \"0123456789abcdef\",\n"
                                    "    \"models\": \"botocore 1.43.67\",\n"
                                    "    \"request_ids\": [\n"
                                    "      \"id-1\",\n"
                                    "      \"id-2\"\n"
                                    "    ]\n"
                                    "  }\n"
                                    "}\n");
    assert_int_equal(count_entries("snapshots/sqs"), 2);
}

static void a_recording_from_an_emulator_makes_no_claim(void **state)
{
    (void)state;
    record("moto 5.2.1", "{}");
    scratch_assert_file(VALIDATION, "{\n"
                                    "  \"sqs/test_send.c::fifo\": {\n"
                                    "    \"target\": \"moto 5.2.1\",\n"
                                    "    \"region\": \"us-east-1\",\n"
                                    "    \"account\": \"0123456789abcdef\",\n"
                                    "    \"models\": \"botocore 1.43.67\"\n"
                                    "  }\n"
                                    "}\n");
}

static void only_the_own_entry_changes(void **state)
{
    static const char old[] = "    \"recorded-date\": \"01-02-2023, 03:04:05\",\n"
                              "    \"recorded-content\": {\n"
                              "      \"old\": true\n"
                              "    }\n";
    static const char new[] = "    \"recorded-date\": \"15-01-2024, 12:00:00\",\n"
                              "    \"recorded-content\": {\n"
                              "      \"new\": [\n"
                              "        1\n"
                              "      ]\n"
                              "    }\n";
    char expected[2048];
    const char *at = strstr(others, old);

    (void)state;
    assert_non_null(at);
    snprintf(expected, sizeof expected, "%.*s%s%s", (int)(at - others), others, new,
             at + strlen(old));
    scratch_write(SNAPSHOT, others);
    record("moto 5.2.1", "{\"new\": [1]}");
    scratch_assert_file(SNAPSHOT, expected);
}

static void a_new_test_is_added_at_the_end(void **state)
{
    char *text;

    (void)state;
    scratch_write(SNAPSHOT,
                  "{\n  \"sqs/test_send.c::zebra\": {\n    \"recorded-date\": \"x\",\n    "
                  "\"recorded-content\": {}\n  }\n}\n");
    record("moto 5.2.1", "{}");
    text = scratch_read(SNAPSHOT);
    assert_true(strstr(text, "zebra") < strstr(text, "fifo"));
    free(text);
}

static void validation_entries_are_sorted_by_id(void **state)
{
    char *text;

    (void)state;
    scratch_write(VALIDATION, "{\"sqs/test_send.c::zebra\": {\"last_validated_date\": \"x\"}, "
                              "\"sqs/test_send.c::ape\": {\"last_validated_date\": \"y\"}}");
    record("aws", "{}");
    text = scratch_read(VALIDATION);
    assert_true(strstr(text, "ape") < strstr(text, "fifo"));
    assert_true(strstr(text, "fifo") < strstr(text, "zebra"));
    free(text);
}

static void recording_an_emulator_twice_changes_only_the_date(void **state)
{
    struct fixture fixture;
    char *snapshot, *validation, *date;

    (void)state;
    prepare(&fixture, "moto 5.2.1", "{\"send\": 1}");
    store(&fixture);
    snapshot = scratch_read(SNAPSHOT);
    validation = scratch_read(VALIDATION);
    fixture.update.now = NOON + 1;
    fixture.update.call_s = 3;
    store(&fixture);
    date = strstr(snapshot, "12:00:00");
    assert_non_null(date);
    memcpy(date, "12:00:01", 8);
    scratch_assert_file(SNAPSHOT, snapshot);
    scratch_assert_file(VALIDATION, validation);
    free(snapshot);
    free(validation);
    release(&fixture);
}

static void what_was_stored_is_found_by_the_same_recordings(void **state)
{
    struct parity_recording recording;
    struct fixture fixture;

    (void)state;
    prepare(&fixture, "aws", "{\"send\": 1}");
    assert_int_equal(parity_recordings_find(fixture.recordings, ID, NULL, &recording, NULL), -1);
    store(&fixture);
    assert_int_equal(parity_recordings_find(fixture.recordings, ID, NULL, &recording, NULL), 0);
    assert_true(recording.from_aws);
    assert_true(parity_json_equal(recording.content, fixture.content));
    parity_recording_clear(&recording);
    release(&fixture);
}

static void assert_recorded(struct parity_recordings *recordings, const char *id,
                            const char *content)
{
    struct parity_recording recording;
    struct parity_error err = {0};
    json_t *expected = scratch_json(content);

    if (parity_recordings_find(recordings, id, NULL, &recording, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    assert_true(parity_json_equal(recording.content, expected));
    parity_recording_clear(&recording);
    json_decref(expected);
}

/* Those that were found before it, too, for which the file did not have to be parsed. */
static void what_was_stored_stands_among_the_others(void **state)
{
    struct fixture fixture;

    (void)state;
    scratch_write(SNAPSHOT, others);
    prepare(&fixture, "moto 5.2.1", "{\"send\": 1}");
    assert_recorded(fixture.recordings, "sqs/test_send.c::ape", "{}");
    assert_recorded(fixture.recordings, ID, "{\"old\": true}");
    store_unsettled(&fixture);
    assert_recorded(fixture.recordings, "sqs/test_send.c::ape", "{}");
    assert_recorded(fixture.recordings, ID, "{\"send\": 1}");
    settle(&fixture);
    assert_recorded(fixture.recordings, "sqs/test_send.c::ape", "{}");
    assert_recorded(fixture.recordings, ID, "{\"send\": 1}");
    release(&fixture);
}

static void a_raw_file_has_typed_values_as_the_reference_writes_them(void **state)
{
    struct fixture fixture;

    (void)state;
    prepare(&fixture, "moto 5.2.1", "{}");
    fixture.raw = scratch_json("{\"a\": [{\"$datetime\": \"2022-07-13T13:48:01.123456+02:00\"}, "
                               "{\"$datetime\": \"2022-07-13T13:48:01+00:00\"}, "
                               "{\"$datetime\": \"2022-07-13T13:48:01.5+00:00\"}], "
                               "\"b\": {\"$bytes\": \"aGVsbG8=\"}, \"c\": {\"$bytes\": \"/w==\"}}");
    fixture.update.raw = fixture.raw;
    store(&fixture);
    release(&fixture);
    scratch_assert_file(RAW, "{\n"
                             "  \"sqs/test_send.c::fifo\": {\n"
                             "    \"recorded-date\": \"15-01-2024, 12:00:00\",\n"
                             "    \"recorded-content\": {\n"
                             "      \"a\": [\n"
                             "        \"2022-07-13T13:48:01.123Z\",\n"
                             "        \"2022-07-13T13:48:01.000Z\",\n"
                             "        \"2022-07-13T13:48:01.500Z\"\n"
                             "      ],\n"
                             "      \"b\": \"hello\",\n"
                             "      \"c\": {\n"
                             "        \"$bytes\": \"/w==\"\n"
                             "      }\n"
                             "    }\n"
                             "  }\n"
                             "}\n");
}

static void a_raw_file_holds_no_credentials(void **state)
{
    const struct parity_secrets_identity own = {.account_id = "210987654321"};
    const struct parity_secrets_options secrets = {.identities = &own, .identity_count = 1};
    struct fixture fixture;
    char *text;

    (void)state;
    prepare(&fixture, "aws", "{}");
    fixture.raw = scratch_json("{\"a\": \"arn:aws:iam::210987654321:root\", "
                               "\"b\": \"AKIAIOSFODNN7EXAMPLE\", \"c\": \"kept\"}");
    fixture.update.raw = fixture.raw;
    fixture.update.secrets = &secrets;
    store(&fixture);
    release(&fixture);
    text = scratch_read(RAW);
    assert_null(strstr(text, "210987654321"));
    assert_null(strstr(text, "AKIA"));
    assert_non_null(strstr(text, "\"a\": \"<hidden: the caller's account id>\""));
    assert_non_null(strstr(text, "\"b\": \"<hidden: an access key id>\""));
    assert_non_null(strstr(text, "\"c\": \"kept\""));
    free(text);
}

static void a_credential_in_the_content_is_refused_and_nothing_written(void **state)
{
    struct fixture fixture;

    (void)state;
    prepare(&fixture, "moto 5.2.1", "{\"create\": {\"AccessKeyId\": \"AKIAIOSFODNN7EXAMPLE\"}}");
    assert_refused(&fixture, PARITY_E_INVALID, ID ": $['create']['AccessKeyId']",
                   "it holds what looks like an access key id; replace it by "
                   "a transformer (key_value for 'AccessKeyId', or regex), or let it through with "
                   "--allow \"$['create']['AccessKeyId']\"");
    release(&fixture);
    assert_int_equal(access("snapshots", F_OK), -1);
}

static void a_broken_file_is_not_overwritten(void **state)
{
    struct fixture fixture;
    struct parity_error err = {0};

    (void)state;
    prepare(&fixture, "moto 5.2.1", "{}");
    scratch_write(SNAPSHOT, "{\n<<<<<<< HEAD\n}");
    assert_int_equal(parity_recordings_store(fixture.recordings, &fixture.update, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_int_equal(err.line, 2);
    scratch_assert_file(SNAPSHOT, "{\n<<<<<<< HEAD\n}");
    assert_int_equal(count_entries("snapshots/sqs"), 1);

    assert_int_equal(unlink(SNAPSHOT), 0);
    scratch_write(VALIDATION, "[]");
    parity_error_clear(&err);
    assert_int_equal(parity_recordings_store(fixture.recordings, &fixture.update, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_string_equal(err.context, VALIDATION);
    assert_string_equal(err.message,
                        "is no file of recordings: expected an object of tests; nothing was "
                        "recorded: repair the file or remove it, then record again");
    scratch_assert_file(VALIDATION, "[]");
    assert_int_equal(count_entries("snapshots/sqs"), 1);
    release(&fixture);
}

static void an_emulator_does_not_replace_a_recording_of_aws(void **state)
{
    struct fixture fixture;
    char *before;

    (void)state;
    record("aws", "{\"send\": 1}");
    before = scratch_read(SNAPSHOT);
    prepare(&fixture, "moto 5.2.1", "{\"send\": 2}");
    assert_refused(&fixture, PARITY_E_INVALID, ID,
                   SNAPSHOT " holds a recording of this test made on AWS, which an emulator's "
                            "answers do not replace unless --replace-aws says so");
    scratch_assert_file(SNAPSHOT, before);
    fixture.update.replace_aws = true;
    store(&fixture);
    free(before);
    before = scratch_read(VALIDATION);
    assert_null(strstr(before, "last_validated_date"));
    free(before);
    release(&fixture);
}

static void a_folder_that_cannot_be_written_is_named(void **state)
{
    enum { NOBODY = 65534 };
    struct parity_error err = {0};
    struct fixture fixture;
    uid_t user = geteuid();
    int rc;

    (void)state;
    assert_int_equal(mkdir("snapshots", 0555), 0);
    prepare(&fixture, "moto 5.2.1", "{}");
    if (user == 0) { /* who may write everywhere */
        assert_int_equal(chmod(".", 0755), 0);
        assert_int_equal(seteuid(NOBODY), 0);
    }
    rc = parity_recordings_store(fixture.recordings, &fixture.update, &err);
    assert_int_equal(seteuid(user), 0);
    assert_int_equal(rc, -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, "snapshots/sqs");
    assert_string_equal(err.message, "cannot make the folder: Permission denied");
    assert_int_equal(count_entries("snapshots"), 0);
    release(&fixture);
}

static void a_file_in_place_of_the_folder_is_named(void **state)
{
    struct fixture fixture;

    (void)state;
    scratch_write("snapshots", "mine");
    prepare(&fixture, "moto 5.2.1", "{}");
    assert_refused(&fixture, PARITY_E_IO, "snapshots",
                   "cannot make the folder: a file of that name is in the way");
    release(&fixture);
    scratch_assert_file("snapshots", "mine");
}

static void a_second_parity_is_waited_for_and_then_named(void **state)
{
    struct fixture fixture;
    int other;

    (void)state;
    assert_int_equal(mkdir("snapshots", 0777), 0);
    other = open("snapshots", O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(other, LOCK_EX), 0);
    prepare(&fixture, "moto 5.2.1", "{}");
    assert_refused(&fixture, PARITY_E_IO, "snapshots",
                   "another parity is recording into this folder (waited 0.1 s for it); record "
                   "again when it has ended");
    close(other);
    store(&fixture);
    release(&fixture);
}

static void two_paritys_at_once_lose_nothing(void **state)
{
    enum { WRITERS = 4, TESTS = 10 };
    json_t *content;

    (void)state;
    for (int writer = 0; writer < WRITERS; writer++) {
        if (fork() != 0)
            continue;
        struct fixture fixture;

        prepare(&fixture, "moto 5.2.1", "{}");
        parity_recordings_free(fixture.recordings);
        fixture.recordings =
            parity_recordings_new(&(struct parity_recordings_options){.folder = "snapshots"}, NULL);
        for (int i = 0; i < TESTS; i++) {
            char id[64];

            snprintf(id, sizeof id, "sqs/test_send.c::t%d_%d", writer, i);
            fixture.update.id = id;
            if (parity_recordings_store(fixture.recordings, &fixture.update, NULL) < 0 ||
                (i % 3 == writer % 3 && parity_recordings_settle(fixture.recordings, id, NULL) < 0))
                _exit(1);
        }
        _exit(0);
    }
    for (int writer = 0; writer < WRITERS; writer++) {
        int status;

        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    settle_all();
    assert_int_equal(parity_json_read_file(SNAPSHOT, &content, NULL), 0);
    assert_int_equal(json_object_size(content), WRITERS * TESTS);
    json_decref(content);
}

/* Stores one version after the other, and says which was the last; some are put into the files. */
static void write_for_ever(volatile long *stored)
{
    struct fixture fixture;

    for (long version = *stored + 1;; version++) {
        char text[128];

        snprintf(text, sizeof text, "{\"version\": [%ld, %ld, %ld]}", version, version, version);
        prepare(&fixture, "moto 5.2.1", text);
        if (parity_recordings_store(fixture.recordings, &fixture.update, NULL) < 0)
            _exit(1);
        *stored = version;
        if (version % 3 == 0 && parity_recordings_settle(fixture.recordings, ID, NULL) < 0)
            _exit(1);
        release(&fixture);
    }
}

/* The version that stands in the file, 0: the old recording. */
static long check_files(void)
{
    const json_t *version;
    json_t *content;
    long first;

    assert_int_equal(parity_json_read_file(SNAPSHOT, &content, NULL), 0);
    assert_int_equal(json_object_size(content), 3);
    version = json_object_get(json_object_get(json_object_get(content, ID), "recorded-content"),
                              "version");
    first = (long)json_integer_value(json_array_get(version, 0));
    assert_int_equal(json_integer_value(json_array_get(version, 2)), first);
    json_decref(content);
    if (access(VALIDATION, F_OK) == 0) {
        assert_int_equal(parity_json_read_file(VALIDATION, &content, NULL), 0);
        json_decref(content);
    }
    return first;
}

static long number_from_environment(const char *name, long otherwise)
{
    const char *text = getenv(name);

    return text ? strtol(text, NULL, 10) : otherwise;
}

/* PARITY_KILLS and PARITY_SEED in the environment: how often, and when (scripts/soak). */
static void killing_at_any_moment_leaves_whole_files_and_loses_nothing(void **state)
{
    long kills = number_from_environment("PARITY_KILLS", 250);
    unsigned seed = (unsigned)number_from_environment("PARITY_SEED", 12345);
    long *stored =
        mmap(NULL, sizeof *stored, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_true(stored != MAP_FAILED);
    scratch_write(SNAPSHOT, others);
    for (long i = 0; i < kills; i++) {
        struct timespec pause = {0, 0};
        long version;
        pid_t child = fork();

        if (child == 0)
            write_for_ever(stored);
        seed = seed * 1103515245 + 12345;
        pause.tv_nsec = 2000000 + seed % 8000000;
        nanosleep(&pause, NULL);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        check_files();
        settle_all();
        version = check_files();
        /* One that was just being reported may be there, too. */
        assert_in_range(version, *stored, *stored + 1);
        *stored = version;
    }
    assert_true(*stored > kills / 2);
    munmap(stored, sizeof *stored);
    record("moto 5.2.1", "{\"version\": [1, 1, 1]}");
    /* The lock went with its holder, and the next writer has cleaned up. */
    assert_int_equal(count_entries("snapshots/sqs"), 2);
    assert_int_equal(count_entries("snapshots"), 1);
}

/* The next attempt goes well. */
static void settle_without_memory(void)
{
    int rc = -1;

    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};
        json_t *settled, *content;

        parity_memory_fail_at(n, 0);
        rc = parity_settle_folder("snapshots", &settled, &err);
        parity_memory_fail_at(0, 0);
        json_decref(settled);
        assert_true(rc == 0 || err.code == PARITY_E_NOMEM);
        assert_int_equal(parity_json_read_file(SNAPSHOT, &content, NULL), 0);
        assert_int_equal(json_object_size(content), 3);
        json_decref(content);
    }
}

static void running_out_of_memory_leaves_the_files(void **state)
{
    char *validation;
    int rc = -1;

    (void)state;
    record("moto 5.2.1", "{}");
    validation = scratch_read(VALIDATION);
    scratch_write(SNAPSHOT, others);
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_error err = {0};
        struct fixture fixture;

        prepare(&fixture, "moto 5.2.2", "{\"new\": 1}");
        fixture.raw = scratch_json("{\"d\": {\"$datetime\": \"2022-07-13T13:48:01.5+00:00\"}, "
                                   "\"l\": [{\"$bytes\": \"aGVsbG8=\"}]}");
        fixture.update.raw = fixture.raw;
        parity_memory_fail_at(n, 0);
        rc = parity_recordings_store(fixture.recordings, &fixture.update, &err);
        parity_memory_fail_at(0, 0);
        release(&fixture);
        if (rc == 0)
            break;
        assert_int_equal(err.code, PARITY_E_NOMEM);
        scratch_assert_file(SNAPSHOT, others);
        scratch_assert_file(VALIDATION, validation);
    }
    settle_without_memory();
    assert_int_equal(count_entries("snapshots/sqs"), 3);
    assert_int_equal(count_entries("snapshots"), 1);
    free(validation);
}

static void a_recording_says_where_it_is_from(void **state)
{
    struct fixture fixture;

    (void)state;
    prepare(&fixture, "moto", "{}");
    fixture.update.provenance = NULL;
    assert_refused(&fixture, PARITY_E_USAGE, ID, "a recording needs to say where it is from");
    release(&fixture);
}

static void an_account_has_one_hash_that_does_not_show_it(void **state)
{
    char *first = parity_account_hash("123456789012");
    char *again = parity_account_hash("123456789012");
    char *other = parity_account_hash("123456789013");

    (void)state;
    assert_int_equal(strlen(first), 32);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    parity_free(first);
    parity_free(again);
    parity_free(other);
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_recording_from_aws_looks_like_the_reference_s),
        TEST(a_recording_from_an_emulator_makes_no_claim),
        TEST(only_the_own_entry_changes),
        TEST(a_new_test_is_added_at_the_end),
        TEST(validation_entries_are_sorted_by_id),
        TEST(recording_an_emulator_twice_changes_only_the_date),
        TEST(what_was_stored_is_found_by_the_same_recordings),
        TEST(what_was_stored_stands_among_the_others),
        TEST(a_raw_file_has_typed_values_as_the_reference_writes_them),
        TEST(a_raw_file_holds_no_credentials),
        TEST(a_credential_in_the_content_is_refused_and_nothing_written),
        TEST(a_broken_file_is_not_overwritten),
        TEST(an_emulator_does_not_replace_a_recording_of_aws),
        TEST(a_folder_that_cannot_be_written_is_named),
        TEST(a_file_in_place_of_the_folder_is_named),
        TEST(a_second_parity_is_waited_for_and_then_named),
        TEST(two_paritys_at_once_lose_nothing),
        TEST(killing_at_any_moment_leaves_whole_files_and_loses_nothing),
        TEST(running_out_of_memory_leaves_the_files),
        TEST(a_recording_says_where_it_is_from),
        TEST(an_account_has_one_hash_that_does_not_show_it),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
