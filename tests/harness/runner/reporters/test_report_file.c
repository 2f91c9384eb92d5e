/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "scratch.h"

#include "base/memory.h"
#include "runner/reporters/report_file.h"
#include "runner/reporters/reporter.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_enter, scratch_leave)

static struct parity_test_definition definition = {
    .name = "t", .line = 7, .marker = PARITY_UNKNOWN, .tags = {"quick"}};
static char id_a[] = "a/test_a.c::t", id_b[] = "b/test_b.c::t", path_a[] = "a/test_a.c",
            path_b[] = "b/test_b.c", message[] = "1 difference", location[] = "b/test_b.c:9",
            output[] = "written\n";
static struct parity_case cases[] = {
    {.id = id_a, .suite_path = path_a, .definition = &definition},
    {.id = id_b, .suite_path = path_b, .definition = &definition, .number = 1},
};

static struct parity_result failed_result(void)
{
    return (struct parity_result){
        .test_case = &cases[1],
        .outcome = PARITY_FAILED,
        .duration_s = 0.25,
        .message = message,
        .location = location,
        .output = output,
        .differences = json_pack("[{s:s, s:[s], s:s, s:i, s:i}]", "key", "k", "path", "Size",
                                 "kind", "changed", "recorded", 1, "observed", 2),
        .calls =
            json_pack("[{s:s, s:s, s:i, s:n, s:f, s:i}]", "service", "sqs", "operation", "X",
                      "status_code", 200, "error_code", "duration_seconds", 0.1, "attempts", 1),
    };
}

/* A whole run of two tests, the later one first. */
static int report(struct parity_reporter *reporter, struct parity_result *failed,
                  struct parity_error *err)
{
    const struct parity_run_info info = {
        .emulator = "moto", .region = "us-east-1", .mode = "verify", .selected = 2, .started = 1};
    const struct parity_summary summary = {.counts = {[PARITY_PASSED] = 1, [PARITY_FAILED] = 1},
                                           .selected = 2};
    const struct parity_result passed = {.test_case = &cases[0], .outcome = PARITY_PASSED};

    reporter->start(reporter, &info);
    reporter->test_done(reporter, failed);
    reporter->test_done(reporter, &passed);
    return reporter->finish(reporter, &summary, err);
}

typedef struct parity_reporter *make_reporter(const char *path, struct parity_error *err);

static make_reporter *const makers[] = {parity_results_reporter_new, parity_junit_reporter_new,
                                        parity_tap_reporter_new, parity_html_reporter_new};

static void tests_stand_in_the_order_of_their_ids(void **state)
{
    struct parity_result failed = failed_result();

    (void)state;
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        struct parity_error err = {0};
        struct parity_reporter *reporter = makers[i]("report", &err);
        char *text, *first, *second;

        assert_non_null(reporter);
        assert_int_equal(report(reporter, &failed, &err), 0);
        reporter->free(reporter);
        text = scratch_read("report");
        first = strstr(text, "test_a");
        second = strstr(text, "test_b");
        assert_non_null(first);
        assert_non_null(second);
        assert_true(first < second);
        free(text);
    }
    json_decref(failed.differences);
    json_decref(failed.calls);
}

static void nothing_is_left_of_a_report_that_is_not_finished(void **state)
{
    struct parity_error err = {0};
    struct parity_reporter *reporter;
    char *text;

    (void)state;
    scratch_write("folder/report", "old");
    reporter = parity_junit_reporter_new("folder/report", &err);
    assert_non_null(reporter);
    reporter->free(reporter);
    text = scratch_read("folder/report");
    assert_string_equal(text, "old");
    free(text);
    assert_int_equal(unlink("folder/report"), 0);
    assert_int_equal(rmdir("folder"), 0);
}

static void a_pipe_is_not_opened_before_there_is_something_to_say(void **state)
{
    struct parity_error err = {0};
    struct parity_reporter *reporter;

    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    reporter = parity_junit_reporter_new("pipe", &err); /* nobody reads: opening would wait */
    assert_non_null(reporter);
    reporter->free(reporter);
}

static void a_test_that_ran_twice_stands_there_twice_in_order(void **state)
{
    struct parity_report_file file = {0};
    struct parity_part part = {0};
    struct parity_error err = {0};
    const struct parity_result results[] = {
        {.test_case = &cases[1]}, {.test_case = &cases[0]}, {.test_case = &cases[1]}};
    static const char *const texts[] = {"b1 ", "a ", "b2 "};
    char *text;

    (void)state;
    assert_int_equal(parity_report_file_open(&file, "report", "--option", &err), 0);
    for (size_t i = 0; i < 3; i++) {
        struct parity_buffer said = {0};

        parity_buffer_add_text(&said, texts[i]);
        parity_report_file_add(&file, &results[i], &said);
        parity_buffer_clear(&said);
    }
    parity_report_file_begin(&file);
    while (parity_report_file_next(&file, &part))
        parity_report_file_write_part(&file, &part);
    parity_buffer_add_text(&file.text, "end");
    assert_int_equal(parity_report_file_end(&file, &err), 0);
    parity_report_file_clear(&file);
    text = scratch_read("report");
    assert_string_equal(text, "a b1 b2 end");
    free(text);
}

static void a_full_disk_leaves_the_old_report(void **state)
{
    struct parity_result failed = failed_result();
    struct rlimit old, small;
    struct parity_error err = {0};
    struct parity_reporter *reporter;
    int rc;

    (void)state;
    unsetenv("TMPDIR");
    scratch_write("report", "old");
    reporter = parity_results_reporter_new("report", &err);
    assert_non_null(reporter);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 256;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    rc = report(reporter, &failed, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    reporter->free(reporter);
    assert_int_equal(rc, -1);
    assert_int_equal(err.code, PARITY_E_IO);
    assert_string_equal(err.context, "report: /tmp");
    assert_string_equal(err.message, "cannot write a temporary file: File too large");
    scratch_assert_file("report", "old");
    json_decref(failed.differences);
    json_decref(failed.calls);
}

/* With the n-th allocation failing: an error, and the old report, or all of the new one. */
static bool report_failing_at(make_reporter *make, unsigned long n, const char *whole)
{
    struct parity_result failed = failed_result();
    struct parity_error err = {0};
    struct parity_reporter *reporter;
    char *text;
    bool done = false;

    parity_memory_fail_at(n, 0);
    reporter = make("report", &err);
    done = reporter && report(reporter, &failed, &err) == 0;
    parity_memory_fail_at(0, 0);
    if (reporter)
        reporter->free(reporter);
    text = scratch_read("report");
    assert_string_equal(text, done ? whole : "old");
    assert_int_equal(err.code, done ? PARITY_OK : PARITY_E_NOMEM);
    free(text);
    json_decref(failed.differences);
    json_decref(failed.calls);
    return done;
}

static void running_out_of_memory_leaves_the_old_report(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        struct parity_result failed = failed_result();
        struct parity_error err = {0};
        struct parity_reporter *reporter = makers[i]("whole", &err);
        unsigned long n = 1;
        char *whole;

        assert_int_equal(report(reporter, &failed, &err), 0);
        reporter->free(reporter);
        whole = scratch_read("whole");
        scratch_write("report", "old");
        while (!report_failing_at(makers[i], n, whole))
            n++;
        assert_true(n > 10);
        free(whole);
        json_decref(failed.differences);
        json_decref(failed.calls);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tests_stand_in_the_order_of_their_ids),
        TEST(nothing_is_left_of_a_report_that_is_not_finished),
        TEST(a_pipe_is_not_opened_before_there_is_something_to_say),
        TEST(a_test_that_ran_twice_stands_there_twice_in_order),
        TEST(a_full_disk_leaves_the_old_report),
        TEST(running_out_of_memory_leaves_the_old_report),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("report_file", tests, NULL, NULL);
}
