/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/emulator.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "base/memory.h"
#include "scratch.h"

/* An emulator of nothing: answers GET /health with its version, counts POST /reset, and behaves as
 * its second argument says. */
static const char server[] =
    "import http.server, os, sys, time\n"
    "mode = sys.argv[2]\n"
    "class Handler(http.server.BaseHTTPRequestHandler):\n"
    "    def answer(self, status, body):\n"
    "        self.send_response(status)\n"
    "        self.send_header('Content-Length', str(len(body)))\n"
    "        self.end_headers()\n"
    "        self.wfile.write(body)\n"
    "    def do_GET(self):\n"
    "        if mode == 'ill':\n"
    "            self.answer(500, b'')\n"
    "        elif self.path == '/health':\n"
    "            self.answer(200, b'{\"about\": {\"version\": \"1.2.3\"}}')\n"
    "        elif self.path == '/environment':\n"
    "            self.answer(200, os.environ.get('MINE', '').encode())\n"
    "        else:\n"
    "            self.answer(404, b'')\n"
    "    def do_POST(self):\n"
    "        if mode == 'no-reset':\n"
    "            self.answer(503, b'')\n"
    "            return\n"
    "        with open('resets', 'a') as file:\n"
    "            file.write('reset\\n')\n"
    "        self.answer(204, b'')\n"
    "if mode == 'broken':\n"
    "    print('Traceback: something is missing', flush=True)\n"
    "    sys.exit(1)\n"
    "if mode == 'slow':\n"
    "    time.sleep(0.5)\n"
    "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()\n";

/* The entry of an emulator in that mode; new. */
static json_t *entry_of(const char *mode)
{
    char text[2048];

    snprintf(text, sizeof text,
             "{\"command\": [\"python3\", \"server.py\", \"{port}\", \"%s\"], "
             "\"endpoint_url\": \"http://127.0.0.1:{port}/\", "
             "\"environment\": {\"MINE\": \"of {project}\"}, "
             "\"ready\": {\"path\": \"/health\", \"timeout_seconds\": 20}, "
             "\"reset\": {\"method\": \"POST\", \"path\": \"/reset\", \"status\": 204}, "
             "\"version\": {\"path\": \"/health\", \"pointer\": \"/about/version\"}, "
             "\"account_id\": \"123456789012\", \"region\": \"us-east-1\", "
             "\"credentials\": {\"access_key_id\": \"a\", \"secret_access_key\": \"b\"}}",
             mode);
    return scratch_json(text);
}

static struct parity_emulator *try_start(const char *mode, long timeout_ms,
                                         struct parity_error *err)
{
    json_t *entry = entry_of(mode);
    struct parity_emulator *emulator;

    scratch_write("server.py", server);
    emulator = parity_emulator_start(
        &(struct parity_emulator_options){
            .name = "mine", .entry = entry, .project = ".", .start_timeout_ms = timeout_ms},
        err);
    json_decref(entry);
    return emulator;
}

static struct parity_emulator *start(const char *mode)
{
    struct parity_error err = {0};
    struct parity_emulator *emulator = try_start(mode, 0, &err);

    if (!emulator)
        fail_msg("%s: %s", err.context, err.message);
    return emulator;
}

static void an_emulator_is_started_and_tells_about_itself(void **state)
{
    struct parity_emulator *emulator = start("slow");
    const struct parity_emulator_info *info = parity_emulator_info(emulator);
    char *log;

    (void)state;
    assert_string_equal(parity_emulator_target(emulator), "mine 1.2.3");
    assert_string_equal(info->name, "mine");
    assert_string_equal(info->version, "1.2.3");
    assert_string_equal(info->account_id, "123456789012");
    assert_string_equal(info->region, "us-east-1");
    assert_string_equal(info->access_key_id, "a");
    assert_string_equal(info->secret_access_key, "b");
    assert_null(info->session_token);
    assert_string_equal(info->log, "./.parity/emulator-mine.log");
    assert_int_equal(strncmp(info->endpoint_url, "http://127.0.0.1:", 17), 0);
    assert_int_equal(strspn(info->endpoint_url + 17, "0123456789"),
                     strlen(info->endpoint_url + 17));
    assert_true(parity_emulator_is_alive(emulator, NULL));
    parity_emulator_stop(emulator);
    log = scratch_read(".parity/emulator-mine.log");
    assert_non_null(strstr(log, "GET /health"));
    free(log);
}

static void nothing_runs_after_it_was_stopped(void **state)
{
    struct parity_emulator *emulator = start("well");
    pid_t pid = parity_emulator_info(emulator)->pid;

    (void)state;
    assert_int_equal(kill(pid, 0), 0);
    parity_emulator_stop(emulator);
    assert_int_equal(kill(pid, 0), -1);
}

static void two_at_a_time_have_two_ports(void **state)
{
    struct parity_emulator *first = start("well"), *second = start("well");

    (void)state;
    assert_string_not_equal(parity_emulator_endpoint(first), parity_emulator_endpoint(second));
    parity_emulator_stop(first);
    assert_true(parity_emulator_is_alive(second, NULL));
    parity_emulator_stop(second);
}

static void resetting_sends_the_request_that_the_entry_names(void **state)
{
    struct parity_emulator *emulator = start("well");

    (void)state;
    assert_int_equal(parity_emulator_reset(emulator, NULL), 0);
    assert_int_equal(parity_emulator_reset(emulator, NULL), 0);
    scratch_assert_file("resets", "reset\nreset\n");
    parity_emulator_stop(emulator);
}

static void a_reset_that_is_refused_is_an_error(void **state)
{
    struct parity_emulator *emulator = start("no-reset");
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_emulator_reset(emulator, &err), -1);
    assert_int_equal(err.code, PARITY_E_RESPONSE);
    assert_string_equal(err.message, "the request that resets mine was answered with status 503");
    parity_emulator_stop(emulator);
}

static void one_that_ends_early_is_told_with_its_log(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_null(try_start("broken", 0, &err));
    assert_int_equal(err.code, PARITY_E_ENVIRONMENT);
    assert_string_equal(err.context, "mine");
    assert_string_equal(err.message,
                        "the emulator ended before it was ready (exit code 1); its log "
                        "./.parity/emulator-mine.log ends: Traceback: something is missing");
}

static void one_that_never_gets_ready_is_told_and_stopped(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_null(try_start("ill", 1500, &err));
    assert_int_equal(err.code, PARITY_E_ENVIRONMENT);
    assert_non_null(
        strstr(err.message, "mine is not ready after 1.5 s: it answers with status 500"));
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void one_that_dies_in_use_is_told_from_a_bad_answer(void **state)
{
    struct parity_emulator *emulator = start("well");
    const struct timespec pause = {0, 10000000};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(kill(parity_emulator_info(emulator)->pid, SIGKILL), 0);
    for (int i = 0; i < 500 && parity_emulator_is_alive(emulator, NULL); i++)
        nanosleep(&pause, NULL);
    assert_false(parity_emulator_is_alive(emulator, &err));
    assert_int_equal(err.code, PARITY_E_ENVIRONMENT);
    assert_non_null(strstr(err.message, "the emulator ended while it was in use (signal 9"));
    parity_emulator_stop(emulator);
}

static void a_running_one_is_attached_to_and_left_running(void **state)
{
    struct parity_emulator *running = start("well");
    json_t *entry = entry_of("unused");
    struct parity_error err = {0};
    struct parity_emulator *attached = parity_emulator_start(
        &(struct parity_emulator_options){
            .name = "mine", .entry = entry, .endpoint_url = parity_emulator_endpoint(running)},
        &err);

    (void)state;
    if (!attached)
        fail_msg("%s: %s", err.context, err.message);
    assert_string_equal(parity_emulator_target(attached), "mine 1.2.3");
    assert_int_equal(parity_emulator_info(attached)->pid, 0);
    assert_null(parity_emulator_info(attached)->log);
    assert_true(parity_emulator_is_alive(attached, NULL));
    parity_emulator_stop(attached);
    assert_true(parity_emulator_is_alive(running, NULL));
    parity_emulator_stop(running);
    json_decref(entry);
}

static void an_url_alone_is_enough(void **state)
{
    struct parity_emulator *running = start("well");
    struct parity_emulator *attached = parity_emulator_start(
        &(struct parity_emulator_options){.name = "endpoint",
                                          .endpoint_url = parity_emulator_endpoint(running)},
        NULL);

    (void)state;
    assert_non_null(attached);
    assert_string_equal(parity_emulator_target(attached), "endpoint");
    assert_int_equal(parity_emulator_reset(attached, NULL), 0);
    parity_emulator_stop(attached);
    parity_emulator_stop(running);
}

static void nobody_at_the_url_is_an_error_at_once(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_null(parity_emulator_start(
        &(struct parity_emulator_options){
            .name = "endpoint", .endpoint_url = "http://127.0.0.1:1", .start_timeout_ms = 50},
        &err));
    assert_int_equal(err.code, PARITY_E_NETWORK);
    assert_string_equal(err.context, "http://127.0.0.1:1");
}

static void what_is_no_url_is_refused(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_null(parity_emulator_start(
        &(struct parity_emulator_options){.name = "endpoint", .endpoint_url = "localhost:4566"},
        &err));
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message, "is no endpoint URL; expected one like http://127.0.0.1:4566");
    assert_string_equal(err.context, "localhost:4566");
    parity_error_clear(&err);
    assert_null(parity_emulator_start(
        &(struct parity_emulator_options){.name = "endpoint", .endpoint_url = "http://"}, &err));
    assert_string_equal(err.context, "http://");
}

static void an_unknown_emulator_is_refused(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_null(parity_emulator_start(&(struct parity_emulator_options){.name = "other"}, &err));
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.context, "other");
}

static void a_version_comes_from_a_command_too(void **state)
{
    json_t *entry = entry_of("well");
    struct parity_emulator *emulator;

    (void)state;
    scratch_write("server.py", server);
    json_object_set_new(entry, "version",
                        scratch_json("{\"command\": [\"sh\", \"-c\", \"echo ' 4.5 '; echo x\"]}"));
    emulator = parity_emulator_start(
        &(struct parity_emulator_options){.name = "mine", .entry = entry, .project = "."}, NULL);
    assert_non_null(emulator);
    assert_string_equal(parity_emulator_target(emulator), "mine 4.5");
    parity_emulator_stop(emulator);
    json_decref(entry);
}

static void running_out_of_memory_leaves_nothing_running(void **state)
{
    struct parity_emulator *running = start("well");
    json_t *entry = entry_of("unused");
    struct parity_emulator *attached = NULL;

    (void)state;
    for (unsigned long n = 1; !attached; n++) {
        struct parity_error err = {0};

        parity_memory_fail_at(n, 0);
        attached = parity_emulator_start(
            &(struct parity_emulator_options){.name = "mine",
                                              .entry = entry,
                                              .endpoint_url = parity_emulator_endpoint(running),
                                              .start_timeout_ms = 1},
            &err);
        parity_memory_fail_at(0, 0);
        if (!attached)
            assert_int_not_equal(err.code, PARITY_OK);
    }
    parity_emulator_stop(attached);
    parity_emulator_stop(running);
    json_decref(entry);
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_emulator_is_started_and_tells_about_itself),
        TEST(nothing_runs_after_it_was_stopped),
        TEST(two_at_a_time_have_two_ports),
        TEST(resetting_sends_the_request_that_the_entry_names),
        TEST(a_reset_that_is_refused_is_an_error),
        TEST(one_that_ends_early_is_told_with_its_log),
        TEST(one_that_never_gets_ready_is_told_and_stopped),
        TEST(one_that_dies_in_use_is_told_from_a_bad_answer),
        TEST(a_running_one_is_attached_to_and_left_running),
        TEST(an_url_alone_is_enough),
        TEST(nobody_at_the_url_is_an_error_at_once),
        TEST(what_is_no_url_is_refused),
        TEST(an_unknown_emulator_is_refused),
        TEST(a_version_comes_from_a_command_too),
        TEST(running_out_of_memory_leaves_nothing_running),
    };

    parity_memory_init();
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("emulator", tests, NULL, NULL);
}
