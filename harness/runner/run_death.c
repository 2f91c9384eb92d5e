/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "runner/clock.h"
#include "runner/run_state.h"

/* How workers end that do not end by themselves, and what becomes of what they were at. */

enum { MAX_RESTARTS = 1 };
static const double KILL_GRACE_S = 0.5, STOP_GRACE_S = 2;

/* --- ending it ---------------------------------------------------------------------------------
 */

void parity_run_kill(struct parity_slot *slot, enum parity_kill_reason reason)
{
    slot->kill_reason = reason;
    slot->deadline = 0;
    parity_worker_process_signal(&slot->process, SIGKILL);
}

void parity_run_ask_to_stop(struct parity_slot *slot)
{
    slot->kill_reason = PARITY_KILL_INTERRUPTED;
    slot->deadline = parity_clock_s() + STOP_GRACE_S;
    parity_run_fixture_stop_waiting(slot);
    if (slot->process.pid > 0)
        kill(slot->process.pid, SIGTERM);
}

/* A test that is late is first asked for a backtrace. */
static void kill_late(struct parity_slot *slot, double now)
{
    if (slot->kill_reason == PARITY_KILL_INTERRUPTED) {
        parity_run_kill(slot, PARITY_KILL_INTERRUPTED);
        return;
    }
    if (slot->kill_asked || slot->state != PARITY_SLOT_TEST) {
        parity_run_kill(slot, PARITY_KILL_TIMEOUT);
        return;
    }
    slot->kill_reason = PARITY_KILL_TIMEOUT;
    slot->kill_asked = true;
    slot->deadline = now + KILL_GRACE_S;
    parity_worker_process_signal(&slot->process, SIGABRT);
}

void parity_run_check_deadline(struct parity_run_state *run, struct parity_slot *slot, double now)
{
    (void)run;
    if (slot->state == PARITY_SLOT_EMPTY || slot->deadline <= 0 || now < slot->deadline)
        return;
    if (slot->process.inbox.ended)
        parity_run_kill(slot, PARITY_KILL_CHANNEL);
    else
        kill_late(slot, now);
}

/* --- the verdict on its test -------------------------------------------------------------------
 */

static void say_timeout(const struct parity_slot *slot, struct parity_result *result,
                        double allowance_s)
{
    const char *calling = parity_worker_process_calling(&slot->process);

    result->outcome = PARITY_TIMEOUT;
    if (calling)
        parity_result_say(result, "did not end within %g s; it was waiting for %s, for %.1f s",
                          allowance_s, calling,
                          parity_clock_s() - slot->process.last_words->calling_since);
    else
        parity_result_say(result, "did not end within %g s", allowance_s);
}

static void say_signal(const struct parity_slot *slot, struct parity_result *result, int number)
{
    const struct parity_last_words *words = slot->process.last_words;

    if (words->signal == number && words->stack_overflow)
        parity_result_say(result, "%s: stack overflow", parity_signal_name(number));
    else if (words->signal == number && !words->was_sent && (number == SIGSEGV || number == SIGBUS))
        parity_result_say(result, "%s at address 0x%lx", parity_signal_name(number),
                          words->address);
    else if (number == SIGKILL)
        parity_result_say(result, "SIGKILL from outside (is the machine out of memory?)");
    else
        parity_result_say(result, "%s", parity_signal_name(number));
}

/* The line of its last call, as near as it gets without debug information. */
static void say_where(const struct parity_slot *slot, struct parity_result *result)
{
    int line = slot->process.last_words->line;

    if (line > 0 && !result->location)
        result->location = parity_asprintf("%s:%d", result->test_case->suite_path, line);
}

/* The verdict on a test whose process died before it could give one. */
static void judge_death(const struct parity_run_state *run, const struct parity_slot *slot,
                        struct parity_result *result, int status)
{
    double in_fixture_s = parity_run_fixture_allowance(run, slot);
    enum parity_kill_reason reason = slot->kill_reason;

    result->duration_s = parity_clock_round_s(parity_clock_s() - slot->since);
    result->outcome = PARITY_CRASHED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == PARITY_WORKER_LOST)
        reason = PARITY_KILL_CHANNEL;
    switch (reason) {
    case PARITY_KILL_TIMEOUT:
        say_timeout(slot, result, in_fixture_s > 0 ? in_fixture_s : slot->allowance_s);
        return;
    case PARITY_KILL_INTERRUPTED:
        result->outcome = PARITY_ERROR;
        parity_result_say(result, "interrupted");
        return;
    case PARITY_KILL_CHANNEL:
        parity_result_say(result, "the test closed or wrote to descriptors that were not its own");
        return;
    case PARITY_KILL_NONE:
        break;
    }
    if (WIFSIGNALED(status))
        say_signal(slot, result, WTERMSIG(status));
    else
        parity_result_say(result, "the test ended its process with exit status %d",
                          WEXITSTATUS(status));
}

static void add_cleanup_failure(struct parity_job *job, const char *what, const char *message)
{
    if (!job->result.cleanup_failures)
        job->result.cleanup_failures = json_array();
    json_array_append_new(job->result.cleanup_failures,
                          json_pack("{s:s, s:s}", "call", what, "message", message));
}

/* "sqs DeleteQueue"; one that only sleeps has no operation. */
static void describe_cleanup(const json_t *cleanup, char *out, size_t size)
{
    const char *service = json_string_value(json_object_get(cleanup, "service"));
    const char *operation = json_string_value(json_object_get(cleanup, "operation"));

    snprintf(out, size, "%s%s%s", service ? service : "sleep", operation ? " " : "",
             operation ? operation : "");
}

/* What a set-up dies of says nothing of what the test is about. */
static void blame_set_up(const struct parity_slot *slot, struct parity_result *result)
{
    const char *what = parity_worker_process_setting_up(&slot->process);
    char *message;

    if (!what || slot->kill_reason == PARITY_KILL_INTERRUPTED)
        return;
    message = parity_asprintf("%s: %s", what, result->message ? result->message : "");
    if (!message)
        return;
    parity_free(result->message);
    result->message = message;
    result->outcome = PARITY_ERROR;
}

/* What the test had found until then stands behind what it died of. */
static void add_said(struct parity_job *job)
{
    struct parity_buffer text = {0};
    const json_t *line;
    size_t i;

    if (!job->said || !job->result.message)
        return;
    parity_buffer_add_text(&text, job->result.message);
    json_array_foreach(job->said, i, line) {
        parity_buffer_add_char(&text, '\n');
        parity_buffer_add(&text, json_string_value(line), json_string_length(line));
    }
    if (!text.failed) {
        parity_free(job->result.message);
        job->result.message = parity_buffer_take(&text);
    }
    parity_buffer_clear(&text);
}

/* The process died in the cleanups. The one it was at is given up, the others are still made. */
static void give_up_cleanup(const struct parity_slot *slot, struct parity_job *job)
{
    size_t count = json_array_size(job->cleanups);
    char what[160];

    if (count == 0)
        return;
    describe_cleanup(json_array_get(job->cleanups, count - 1), what, sizeof what);
    add_cleanup_failure(job, what,
                        slot->kill_reason == PARITY_KILL_TIMEOUT ? "did not end in time"
                                                                 : "its process died");
    parity_run_drop_cleanup(job);
}

void parity_run_abandon_cleanups(struct parity_job *job)
{
    const json_t *call;
    size_t i;

    json_array_foreach(job->cleanups, i, call) {
        char what[160];

        describe_cleanup(call, what, sizeof what);
        add_cleanup_failure(job, what, "not made: interrupted");
    }
    json_array_clear(job->cleanups);
}

/* Also without a cleanup: the process may have died before it came to register one. */
static bool must_clean(const struct parity_run_state *run, const struct parity_job *job,
                       bool in_body)
{
    return json_array_size(job->cleanups) > 0 ||
           (in_body && !run->abandoning && run->options->worker->journal);
}

static void handle_task_death(struct parity_run_state *run, struct parity_slot *slot, int status)
{
    struct parity_job *job = slot->job;
    bool in_test = slot->state == PARITY_SLOT_TEST, in_body = in_test && !job->judged;

    parity_worker_process_keep_backtrace(&slot->process);
    parity_run_keep_output(slot, &job->result);
    /* What the test before left behind must not count against this one. */
    if (in_test && !slot->begun && slot->kill_reason == PARITY_KILL_NONE &&
        job->restarts++ < MAX_RESTARTS && parity_run_queue(run, job) == 0)
        return;
    if (in_body) {
        judge_death(run, slot, &job->result, status);
        say_where(slot, &job->result);
        blame_set_up(slot, &job->result);
        add_said(job);
    } else {
        give_up_cleanup(slot, job);
    }
    parity_run_fixtures_bury(run, slot, &job->result);
    job->judged = true;
    if (run->abandoning)
        parity_run_abandon_cleanups(job);
    if (must_clean(run, job, in_body) && parity_run_queue(run, job) == 0)
        return;
    parity_run_finish_job(run, job);
}

void parity_run_handle_death(struct parity_run_state *run, struct parity_slot *slot, int status)
{
    slot->process.mail_waits = false; /* what it was sending has come, or never will */
    parity_run_take_mail(run, slot);
    if (slot->state == PARITY_SLOT_IDENTIFY) {
        parity_fail(&run->failure, PARITY_E_ENVIRONMENT, NULL,
                    slot->kill_reason == PARITY_KILL_TIMEOUT
                        ? "the target did not answer in time"
                        : "a worker ended while it was set up");
        run->failed = true;
    } else if (slot->scope) {
        parity_run_scope_death(run, slot);
    } else if (slot->state >= PARITY_SLOT_TEST) {
        handle_task_death(run, slot, status);
    }
    parity_run_make_empty(slot);
}
