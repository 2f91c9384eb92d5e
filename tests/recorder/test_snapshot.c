/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/snapshot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "scratch.h"

#define ID "sqs/test_send.c::fifo"
#define AWS_KEY "tests/aws/services/sqs/test_sqs.py::TestSqs::test_fifo[a::b]"

static const char *const truth[] = {"truth", NULL};

/* Looks ID up; the error is kept in `err`. */
static int find(const char *const *ground_truth, const char *recorded_as,
                struct parity_recording *out, struct parity_error *err)
{
    struct parity_recordings *recordings = parity_recordings_new(
        &(struct parity_recordings_options){.folder = "snapshots", .ground_truth = ground_truth},
        err);
    int rc;

    assert_non_null(recordings);
    rc = parity_recordings_find(recordings, ID, recorded_as, out, err);
    parity_recordings_free(recordings);
    return rc;
}

static void assert_found(const char *const *ground_truth, const char *recorded_as, const char *file,
                         const char *key, int value)
{
    struct parity_recording recording = {0};
    struct parity_error err = {0};

    if (find(ground_truth, recorded_as, &recording, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    assert_string_equal(recording.file, file);
    assert_string_equal(recording.key, key);
    assert_int_equal(json_integer_value(json_object_get(recording.content, "k")), value);
    parity_recording_clear(&recording);
}

static void assert_not_found(const char *const *ground_truth, enum parity_errc code,
                             const char *context, const char *message)
{
    struct parity_recording recording = {0};
    struct parity_error err = {0};

    assert_int_equal(find(ground_truth, NULL, &recording, &err), -1);
    assert_int_equal(err.code, code);
    assert_string_equal(err.context, context);
    assert_string_equal(err.message, message);
    assert_null(recording.content);
}

static void write_entry(const char *path, const char *key, int value)
{
    char text[512];

    snprintf(text, sizeof text,
             "{\"%s\": {\"recorded-date\": \"01-02-2024, 03:04:05\", \"recorded-content\": "
             "{\"k\": %d}}}",
             key, value);
    scratch_write(path, text);
}

static void a_test_is_found_under_its_own_id(void **state)
{
    (void)state;
    write_entry("snapshots/sqs/test_send.snapshot.json", ID, 1);
    assert_found(NULL, NULL, "snapshots/sqs/test_send.snapshot.json", ID, 1);
}

static void the_ground_truth_comes_before_the_own_tree(void **state)
{
    (void)state;
    write_entry("snapshots/sqs/test_send.snapshot.json", ID, 1);
    write_entry("truth/sqs/test_send.snapshot.json", ID, 2);
    assert_found(truth, NULL, "truth/sqs/test_send.snapshot.json", ID, 2);
}

static void recorded_as_is_looked_for_in_the_folders_of_the_ground_truth(void **state)
{
    (void)state;
    write_entry("snapshots/sqs/test_send.snapshot.json", ID, 1);
    write_entry("truth/origin/tests/aws/services/sqs/test_sqs.snapshot.json", AWS_KEY, 3);
    assert_found(truth, AWS_KEY, "truth/origin/tests/aws/services/sqs/test_sqs.snapshot.json",
                 AWS_KEY, 3);
    assert_found(truth, "tests/aws/services/sqs/test_sqs.py::other",
                 "snapshots/sqs/test_send.snapshot.json", ID, 1);
}

static void the_own_tree_may_hold_a_recording_under_the_other_key(void **state)
{
    (void)state;
    write_entry("snapshots/tests/aws/services/sqs/test_sqs.snapshot.json", AWS_KEY, 4);
    assert_found(NULL, AWS_KEY, "snapshots/tests/aws/services/sqs/test_sqs.snapshot.json", AWS_KEY,
                 4);
}

static void a_missing_file_says_how_to_record(void **state)
{
    (void)state;
    assert_not_found(NULL, PARITY_E_NOT_FOUND, ID,
                     "nothing is recorded: snapshots/sqs/test_send.snapshot.json does not exist; "
                     "record it with 'TEST_TARGET=AWS_CLOUD parity run --snapshot-update " ID
                     "', or name a folder with --ground-truth");
}

static void an_empty_file_has_nothing_recorded(void **state)
{
    (void)state;
    scratch_write("snapshots/sqs/test_send.snapshot.json", "");
    assert_int_equal(mkdir("truth", 0777), 0);
    assert_not_found(truth, PARITY_E_NOT_FOUND, ID,
                     "nothing is recorded: snapshots/sqs/test_send.snapshot.json has no entry for "
                     "it, nor has the ground truth; record it with 'TEST_TARGET=AWS_CLOUD parity "
                     "run --snapshot-update " ID "'");
}

static void a_file_that_is_no_json_is_named_with_the_position(void **state)
{
    struct parity_recording recording = {0};
    struct parity_error err = {0};

    (void)state;
    scratch_write("snapshots/sqs/test_send.snapshot.json", "{\n  \"a\": {},\n<<<<<<< HEAD\n");
    assert_int_equal(find(NULL, NULL, &recording, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_string_equal(err.context, "snapshots/sqs/test_send.snapshot.json");
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 1);
}

/* Reading `text` as the file of ID fails there, and says so. */
static void assert_broken(const char *text, int line, int column, const char *part)
{
    struct parity_recording recording = {0};
    struct parity_error err = {0};

    scratch_write("snapshots/sqs/test_send.snapshot.json", text);
    assert_int_equal(find(NULL, NULL, &recording, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_string_equal(err.context, "snapshots/sqs/test_send.snapshot.json");
    assert_int_equal(err.line, line);
    assert_int_equal(err.column, column);
    if (!strstr(err.message, part))
        fail_msg("'%s' does not say '%s'", err.message, part);
}

static void a_merge_conflict_is_called_one(void **state)
{
    (void)state;
    assert_broken("{\n  \"a\": {},\n<<<<<<< HEAD\n", 3, 1, "merge conflict marker");
    assert_broken("{\n  \"a\": {}\n=======\n}", 3, 1, "merge conflict marker");
    assert_broken("{\n  \"a\":\n>>>>>>> branch\n}", 3, 1, "merge conflict marker");
}

static void a_test_or_match_key_that_is_there_twice_is_refused(void **state)
{
    (void)state;
    assert_broken("{\n  \"a\": {},\n  \"a\": {}\n}", 3, 3, "member 'a' is there twice");
    assert_broken("{\"a\": {\"recorded-content\": {\"k\": 1,\n\"k\": 2}}}", 2, 1,
                  "member 'k' is there twice");
}

static void wrong_nesting_is_refused_where_it_shows(void **state)
{
    (void)state;
    assert_broken("{\"a\": {\"recorded-content\": {\"k\": [1}}}}", 1, 36, "expected ',' or ']'");
    assert_broken("{\"a\": {}}}", 1, 10, "nothing after the end of the document");
    assert_broken("{\"a\": {\"recorded-content\": {}", 1, 30, "the text ends where");
}

static void a_byte_order_mark_is_called_one(void **state)
{
    (void)state;
    assert_broken("\xef\xbb\xbf{}", 1, 1, "begins with a byte order mark");
}

/* A name with an escape makes the whole file be parsed; the entries are the same. */
static void entries_are_found_beside_any_others(void **state)
{
    (void)state;
    scratch_write("snapshots/sqs/test_send.snapshot.json",
                  "{\"sqs/test_send.c::\\u00e9\": {\"recorded-content\": {\"k\": 1}},\n\"" ID
                  "\": {\"recorded-content\": {\"k\": 2}}}");
    assert_found(NULL, NULL, "snapshots/sqs/test_send.snapshot.json", ID, 2);
    scratch_write("snapshots/sqs/test_send.snapshot.json",
                  "{\"sqs/test_send.c::e\": {\"recorded-content\": {\"k\": 1}},\n\"" ID
                  "\": {\"recorded-content\": {\"k\": 3}}}");
    assert_found(NULL, NULL, "snapshots/sqs/test_send.snapshot.json", ID, 3);
}

static void line_ends_of_windows_are_read(void **state)
{
    (void)state;
    scratch_write("snapshots/sqs/test_send.snapshot.json",
                  "{\r\n  \"" ID "\": {\r\n    \"recorded-date\": \"01-02-2024, 03:04:05\",\r\n"
                  "    \"recorded-content\": {\r\n      \"k\": 7\r\n    }\r\n  }\r\n}\r\n");
    assert_found(NULL, NULL, "snapshots/sqs/test_send.snapshot.json", ID, 7);
}

static void a_file_of_another_shape_is_refused(void **state)
{
    (void)state;
    scratch_write("snapshots/sqs/test_send.snapshot.json", "[]");
    assert_not_found(NULL, PARITY_E_PARSE, "snapshots/sqs/test_send.snapshot.json",
                     "is no file of recordings: expected an object of tests");
    scratch_write("snapshots/sqs/test_send.snapshot.json", "{\"a\": 1}");
    assert_not_found(NULL, PARITY_E_PARSE, "snapshots/sqs/test_send.snapshot.json",
                     "is no file of recordings: the entry of 'a' is no object");
}

static void an_entry_without_content_is_refused(void **state)
{
    (void)state;
    scratch_write("snapshots/sqs/test_send.snapshot.json",
                  "{\"" ID "\": {\"recorded-date\": \"x\"}}");
    assert_not_found(NULL, PARITY_E_PARSE, "snapshots/sqs/test_send.snapshot.json",
                     "the entry of '" ID "' has no object \"recorded-content\"; remove the entry "
                     "and record the test again with 'parity run --snapshot-update'");
}

static void a_broken_ground_truth_is_not_passed_over(void **state)
{
    struct parity_recording recording = {0};
    struct parity_error err = {0};

    (void)state;
    write_entry("snapshots/sqs/test_send.snapshot.json", ID, 1);
    scratch_write("truth/sqs/test_send.snapshot.json", "{");
    assert_int_equal(find(truth, NULL, &recording, &err), -1);
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_string_equal(err.context, "truth/sqs/test_send.snapshot.json");
}

static void a_missing_ground_truth_folder_is_an_error(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_null(parity_recordings_new(
        &(struct parity_recordings_options){.folder = "snapshots", .ground_truth = truth}, &err));
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_string_equal(err.context, "truth");
}

static void a_key_cannot_lead_out_of_the_tree(void **state)
{
    const char *const keys[] = {"../x.py::t", "a/../../x.py::t", "/etc/x.py::t", "../x/t",
                                "::t",        "a/..::t"};
    struct parity_error err = {0};
    struct parity_recordings *recordings =
        parity_recordings_new(&(struct parity_recordings_options){.folder = "snapshots"}, &err);

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct parity_recording recording;

        parity_error_clear(&err);
        assert_int_equal(parity_recordings_find(recordings, keys[i], NULL, &recording, &err), -1);
        assert_int_equal(err.code, PARITY_E_INVALID);
        assert_string_equal(err.context, keys[i]);
    }
    parity_recordings_free(recordings);
}

static void a_validation_entry_of_the_reference_means_aws(void **state)
{
    struct parity_recording recording = {0};

    (void)state;
    write_entry("snapshots/sqs/test_send.snapshot.json", ID, 1);
    scratch_write("snapshots/sqs/test_send.validation.json",
                  "{\"" ID "\": {\"last_validated_date\": \"2025-09-26T16:41:28+00:00\"}}");
    assert_int_equal(find(NULL, NULL, &recording, NULL), 0);
    assert_true(recording.from_aws);
    assert_null(recording.provenance);
    assert_string_equal(recording.recorded_date, "01-02-2024, 03:04:05");
    assert_string_equal(recording.last_validated_date, "2025-09-26T16:41:28+00:00");
    parity_recording_clear(&recording);
}

static void provenance_of_an_emulator_never_means_aws(void **state)
{
    struct parity_recording recording = {0};

    (void)state;
    write_entry("snapshots/sqs/test_send.snapshot.json", ID, 1);
    scratch_write("snapshots/sqs/test_send.validation.json",
                  "{\"" ID "\": {\"last_validated_date\": \"x\", \"target\": \"moto 5.2.1\"}}");
    assert_int_equal(find(NULL, NULL, &recording, NULL), 0);
    assert_false(recording.from_aws);
    assert_string_equal(json_string_value(json_object_get(recording.provenance, "target")),
                        "moto 5.2.1");
    parity_recording_clear(&recording);
}

static void running_out_of_memory_is_reported(void **state)
{
    int rc = -1;

    (void)state;
    write_entry("snapshots/sqs/test_send.snapshot.json", ID, 1);
    scratch_write("snapshots/sqs/test_send.validation.json",
                  "{\"" ID "\": {\"last_validated_date\": \"x\", \"target\": \"moto 5.2.1\"}}");
    assert_int_equal(mkdir("truth", 0777), 0);
    assert_int_equal(mkdir("truth/origin", 0777), 0);
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_recording recording = {0};
        struct parity_error err = {0};
        struct parity_recordings *recordings;

        parity_memory_fail_at(n, 0);
        recordings = parity_recordings_new(
            &(struct parity_recordings_options){.folder = "snapshots", .ground_truth = truth},
            &err);
        if (recordings)
            rc = parity_recordings_find(recordings, ID, AWS_KEY, &recording, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0) {
            assert_int_equal(err.code, PARITY_E_NOMEM);
            assert_null(recording.content);
        } else {
            assert_string_equal(recording.last_validated_date, "x");
            assert_string_equal(recording.recorded_date, "01-02-2024, 03:04:05");
        }
        parity_recording_clear(&recording);
        parity_recordings_free(recordings);
    }
}

static void one_failed_allocation_does_not_spoil_later_look_ups(void **state)
{
    struct parity_recordings *recordings =
        parity_recordings_new(&(struct parity_recordings_options){.folder = "snapshots"}, NULL);
    int rc = -1;

    (void)state;
    write_entry("snapshots/sqs/test_send.snapshot.json", ID, 1);
    for (unsigned long n = 1; n < 40; n++) {
        struct parity_recording recording = {0};

        parity_memory_fail_at(n, 0);
        rc = parity_recordings_find(recordings, ID, NULL, &recording, NULL);
        parity_memory_fail_at(0, 0);
        if (rc < 0)
            assert_int_equal(parity_recordings_find(recordings, ID, NULL, &recording, NULL), 0);
        parity_recording_clear(&recording);
    }
    parity_recordings_free(recordings);
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_test_is_found_under_its_own_id),
        TEST(the_ground_truth_comes_before_the_own_tree),
        TEST(recorded_as_is_looked_for_in_the_folders_of_the_ground_truth),
        TEST(the_own_tree_may_hold_a_recording_under_the_other_key),
        TEST(a_missing_file_says_how_to_record),
        TEST(an_empty_file_has_nothing_recorded),
        TEST(a_file_that_is_no_json_is_named_with_the_position),
        TEST(a_file_of_another_shape_is_refused),
        TEST(a_merge_conflict_is_called_one),
        TEST(a_test_or_match_key_that_is_there_twice_is_refused),
        TEST(wrong_nesting_is_refused_where_it_shows),
        TEST(a_byte_order_mark_is_called_one),
        TEST(entries_are_found_beside_any_others),
        TEST(line_ends_of_windows_are_read),
        TEST(an_entry_without_content_is_refused),
        TEST(a_broken_ground_truth_is_not_passed_over),
        TEST(a_missing_ground_truth_folder_is_an_error),
        TEST(a_key_cannot_lead_out_of_the_tree),
        TEST(a_validation_entry_of_the_reference_means_aws),
        TEST(provenance_of_an_emulator_never_means_aws),
        TEST(running_out_of_memory_is_reported),
        TEST(one_failed_allocation_does_not_spoil_later_look_ups),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
