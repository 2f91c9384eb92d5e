/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/process.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "base/memory.h"
#include "scratch.h"

extern char **environ;

enum { PATIENCE_MS = 10000 };

static void nap(long ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

static struct parity_process_options shell(char *script)
{
    static char *arguments[4];

    arguments[0] = (char *)(uintptr_t) "sh";
    arguments[1] = (char *)(uintptr_t) "-c";
    arguments[2] = script;
    return (struct parity_process_options){.arguments = arguments,
                                           .environment = environ,
                                           .folder = ".",
                                           .log_path = "logs/log",
                                           .stop_timeout_ms = 300};
}

static struct parity_process start(const char *script)
{
    char *copy = strdup(script);
    struct parity_process_options options = shell(copy);
    struct parity_process process;
    struct parity_error err = {0};

    if (parity_process_start(&process, &options, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    free(copy);
    return process;
}

static void wait_for_file(const char *path)
{
    for (long i = 0; access(path, F_OK) < 0; i++) {
        if (i * 10 > PATIENCE_MS)
            fail_msg("no %s", path);
        nap(10);
    }
}

static void wait_for_end(struct parity_process *process)
{
    for (long i = 0; parity_process_is_alive(process); i++) {
        if (i * 10 > PATIENCE_MS)
            fail_msg("does not end");
        nap(10);
    }
}

/* Process ids that the script wrote, one to the line. */
static pid_t read_pid(const char *path)
{
    char *text;
    pid_t pid;

    wait_for_file(path);
    text = scratch_read(path);
    pid = (pid_t)strtol(text, NULL, 10);
    free(text);
    assert_true(pid > 1);
    return pid;
}

/* Gone, or dead and not yet collected by whoever adopted it. */
static bool is_gone(pid_t pid)
{
    char path[64], state = 'Z';
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = fopen(path, "r");
    if (!file)
        return true;
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    fclose(file);
    return state == 'Z' || state == 'X';
}

static void assert_gone_soon(pid_t pid)
{
    for (long i = 0; !is_gone(pid); i++) {
        if (i * 10 > PATIENCE_MS)
            fail_msg("process %d is still there", (int)pid);
        nap(10);
    }
}

static void output_goes_to_the_log(void **state)
{
    struct parity_process process = start("echo to stdout; echo to stderr >&2; exec sleep 60");

    (void)state;
    assert_true(parity_process_is_alive(&process));
    for (int i = 0; i < 100; i++) {
        char *text = scratch_read("logs/log");
        bool done = strcmp(text, "to stdout\nto stderr\n") == 0;

        free(text);
        if (done)
            break;
        nap(10);
    }
    scratch_assert_file("logs/log", "to stdout\nto stderr\n");
    parity_process_stop(&process);
}

static void the_end_of_a_program_is_told_with_its_last_words(void **state)
{
    struct parity_process process =
        start("for i in 1 2 3 4 5; do echo line $i; done; printf 'a\\tb\\n\\n'; exit 3");
    struct parity_buffer text = {0};

    (void)state;
    wait_for_end(&process);
    parity_process_describe(&process, &text);
    assert_string_equal(text.data, "exit code 3");
    parity_buffer_reset(&text);
    parity_process_log_end(&process, 15, &text);
    assert_string_equal(text.data, "line 5 / a b");
    parity_buffer_clear(&text);
    parity_process_stop(&process);
}

static void a_killed_program_is_told_with_its_signal(void **state)
{
    struct parity_process process = start("exec sleep 60");
    struct parity_buffer text = {0};

    (void)state;
    assert_int_equal(kill(process.pid, SIGKILL), 0);
    wait_for_end(&process);
    parity_process_describe(&process, &text);
    assert_string_equal(text.data, "signal 9 (Killed)");
    parity_buffer_clear(&text);
    parity_process_stop(&process);
}

static void a_missing_program_is_an_error(void **state)
{
    char *const arguments[] = {(char *)(uintptr_t) "no-such-program", NULL};
    const struct parity_process_options options = {
        .arguments = arguments, .environment = environ, .folder = ".", .log_path = "log"};
    struct parity_process process;
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_process_start(&process, &options, &err), -1);
    assert_int_equal(err.code, PARITY_E_ENVIRONMENT);
    assert_string_equal(err.context, "no-such-program");
    assert_string_equal(err.message, "cannot start the program: No such file or directory");
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void stopping_gives_time_to_end_in_good_order(void **state)
{
    struct parity_process process =
        start("trap 'echo bye > bye; exit 0' TERM; echo $$ > pid; while :; do sleep 0.05; done");

    (void)state;
    wait_for_file("pid");
    parity_process_stop(&process);
    scratch_assert_file("bye", "bye\n");
}

static void stopping_kills_what_ignores_it_and_what_left_the_group(void **state)
{
    struct parity_process process =
        start("trap '' TERM; setsid sh -c 'echo $$ > stray.tmp; mv stray.tmp stray; exec sleep 60' "
              "& sh -c 'echo $$ > inner.tmp; mv inner.tmp inner; exec sleep 60' & wait; sleep 60");
    pid_t pid = process.pid;
    pid_t stray = read_pid("stray"), inner = read_pid("inner");

    (void)state;
    parity_process_stop(&process);
    assert_true(is_gone(pid));
    assert_true(is_gone(inner));
    assert_true(is_gone(stray));
}

static void nothing_is_left_when_the_parent_is_killed(void **state)
{
    pid_t parent = fork();
    pid_t program, stray;

    (void)state;
    if (parent == 0) {
        start("setsid sh -c 'echo $$ > stray.tmp; mv stray.tmp stray; exec sleep 60' & "
              "echo $$ > program.tmp; mv program.tmp program; trap '' TERM; sleep 60; sleep 60");
        for (;;)
            pause();
    }
    program = read_pid("program");
    stray = read_pid("stray");
    assert_int_equal(kill(parent, SIGKILL), 0);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    assert_gone_soon(program);
    assert_gone_soon(stray);
}

static void descriptors_of_the_parent_stay_with_the_parent(void **state)
{
    int ends[2];
    struct parity_process process;
    char byte;

    (void)state;
    assert_int_equal(pipe(ends), 0); /* on purpose without O_CLOEXEC */
    process = start("exec sleep 60");
    close(ends[1]);
    /* The end of the pipe shows at once: nobody else holds it open. */
    assert_int_equal(read(ends[0], &byte, 1), 0);
    close(ends[0]);
    parity_process_stop(&process);
}

static void what_a_program_prints_is_taken(void **state)
{
    char script[] = "echo 1.2.3; echo noise >&2";
    struct parity_process_options options = shell(script);
    struct parity_buffer out = {0};

    (void)state;
    assert_int_equal(parity_process_capture(&options, PATIENCE_MS, &out, NULL), 0);
    assert_string_equal(out.data, "1.2.3\n");
    parity_buffer_clear(&out);
}

static void a_program_that_fails_or_hangs_is_an_error(void **state)
{
    char failing[] = "echo 1.2.3; exit 1", hanging[] = "echo 1.2.3; exec sleep 60";
    struct parity_process_options options = shell(failing);
    struct parity_buffer out = {0};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_process_capture(&options, PATIENCE_MS, &out, &err), -1);
    assert_string_equal(err.message, "the program fails (its time limit is 10000 ms)");
    parity_error_clear(&err);
    options = shell(hanging);
    assert_int_equal(parity_process_capture(&options, 50, &out, &err), -1);
    assert_int_equal(err.code, PARITY_E_ENVIRONMENT);
    assert_string_equal(err.message, "the program does not end within 50 ms");
    parity_buffer_clear(&out);
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(output_goes_to_the_log),
        TEST(the_end_of_a_program_is_told_with_its_last_words),
        TEST(a_killed_program_is_told_with_its_signal),
        TEST(a_missing_program_is_an_error),
        TEST(stopping_gives_time_to_end_in_good_order),
        TEST(stopping_kills_what_ignores_it_and_what_left_the_group),
        TEST(nothing_is_left_when_the_parent_is_killed),
        TEST(descriptors_of_the_parent_stay_with_the_parent),
        TEST(what_a_program_prints_is_taken),
        TEST(a_program_that_fails_or_hangs_is_an_error),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
