/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "runner/clock.h"
#include "runner/mask.h"
#include "runner/run_state.h"

enum { CLEANUP_S = 60, MAX_RESTARTS = 1 };
static const double KILL_GRACE_S = 0.5, CLOSE_GRACE_S = 1, STOP_GRACE_S = 2;

static char *copy_text(const json_t *event, const char *name)
{
    const char *text = json_string_value(json_object_get(event, name));

    return text ? parity_strdup(text) : NULL;
}

static json_t *take_value(const json_t *event, const char *name)
{
    return json_incref(json_object_get(event, name));
}

/* --- events of a test --------------------------------------------------------------------------
 */

static void on_call(struct parity_job *job, const json_t *event)
{
    if (!job->result.calls)
        job->result.calls = json_array();
    json_array_append(job->result.calls, json_object_get(event, "call"));
}

static void on_begin(struct parity_slot *slot, struct parity_job *job, const json_t *event)
{
    slot->begun = true;
    json_decref(job->result.expected_failure);
    job->result.expected_failure = take_value(event, "expected_failure");
}

static void on_attachment(struct parity_job *job, const json_t *event)
{
    if (!job->result.attachments)
        job->result.attachments = json_array();
    json_array_append(job->result.attachments, json_object_get(event, "attachment"));
}

/* The verdict, if there is one, says it, too. */
static void on_said(struct parity_job *job, const json_t *event)
{
    if (!job->said)
        job->said = json_array();
    json_array_append(job->said, json_object_get(event, "line"));
}

static void on_cleanup(struct parity_run_state *run, struct parity_job *job, const json_t *event)
{
    if (json_object_get(event, "fixture")) {
        parity_run_fixture_cleanup(run, event);
        return;
    }
    if (!job->cleanups)
        job->cleanups = json_array();
    json_array_insert(job->cleanups, (size_t)json_integer_value(json_object_get(event, "place")),
                      json_object_get(event, "call"));
}

static void on_cleaned(struct parity_job *job)
{
    size_t count = json_array_size(job->cleanups);

    if (count > 0)
        json_array_remove(job->cleanups, count - 1);
}

/* What reports say of calls beside what was told of each. */
static void keep_notes(struct parity_result *result, const json_t *event)
{
    json_t *notes = json_object_get(event, "notes");

    if (!notes)
        return;
    if (!result->notes)
        result->notes = json_array();
    json_array_append(result->notes, notes);
}

static void on_judged(struct parity_run_state *run, struct parity_slot *slot,
                      struct parity_job *job, const json_t *event)
{
    struct parity_result *result = &job->result;

    job->judged = true;
    parity_run_fixtures_bury(run, slot, NULL);
    result->outcome = parity_outcome_named(json_string_value(json_object_get(event, "outcome")));
    result->environmental = json_is_true(json_object_get(event, "environmental"));
    result->duration_s = json_number_value(json_object_get(event, "duration_seconds"));
    result->message = copy_text(event, "message");
    result->location = copy_text(event, "location");
    result->differences = take_value(event, "differences");
    result->hidden = take_value(event, "hidden");
    result->unused_skips = take_value(event, "unused_skips");
    result->warnings = take_value(event, "warnings");
    result->suggested_skips = take_value(event, "suggested_skips");
    parity_run_skips_note(run, result->test_case, json_object_get(event, "suite_skips"));
    result->recording = take_value(event, "recording");
    keep_notes(result, event);
    job->transformed = take_value(event, "transformed");
    job->raw = take_value(event, "raw");
    job->request_ids = take_value(event, "request_ids");
    job->suggestions = take_value(event, "suggestions");
    if (!job->again)
        job->first = take_value(event, "first");
    job->answered_by = copy_text(event, "answered_by");
    slot->kill_reason = PARITY_KILL_NONE; /* it has come to its end, as it was asked to */
    slot->allowance_s = CLEANUP_S;
    slot->deadline = parity_clock_s() + CLEANUP_S;
}

static void add_cleanup_failure(struct parity_job *job, const char *what, const char *message)
{
    if (!job->result.cleanup_failures)
        job->result.cleanup_failures = json_array();
    json_array_append_new(job->result.cleanup_failures,
                          json_pack("{s:s, s:s}", "call", what, "message", message));
}

/* --- the end of a task -------------------------------------------------------------------------
 */

void parity_run_make_idle(struct parity_slot *slot)
{
    slot->state = PARITY_SLOT_IDLE;
    slot->job = NULL;
    slot->deadline = 0;
    slot->begun = false;
    slot->kill_reason = PARITY_KILL_NONE;
    slot->kill_asked = false;
    slot->waits_for = NULL;
    slot->scope = NULL;
}

void parity_run_make_empty(struct parity_slot *slot)
{
    parity_worker_process_end(&slot->process);
    parity_run_make_idle(slot);
    slot->state = PARITY_SLOT_EMPTY;
}

static void keep_output(struct parity_slot *slot, struct parity_result *result)
{
    char *output, *joined;

    parity_worker_process_drain(&slot->process);
    output = parity_capture_take(&slot->process.captured);
    if (!output)
        return;
    joined = result->output ? parity_asprintf("%s%s", result->output, output) : output;
    if (!joined || joined == output) {
        result->output = joined;
        return;
    }
    parity_free(output);
    parity_free(result->output);
    result->output = joined;
}

static void on_identified(struct parity_run_state *run, struct parity_slot *slot,
                          const json_t *event)
{
    const char *error = json_string_value(json_object_get(event, "error"));
    struct parity_worker_options *worker = run->options->worker;

    if (error) {
        const struct parity_mask mask = {.credentials = worker->primary_credentials};

        parity_fail(&run->failure,
                    (enum parity_errc)json_integer_value(json_object_get(event, "code")), NULL,
                    "%s", error);
        if (worker->target.aws)
            parity_mask_text(&mask, run->failure.message);
        run->failed = true;
        return;
    }
    run->account_id = copy_text(event, "account_id");
    run->secondary_account_id = copy_text(event, "secondary_account_id");
    run->models = copy_text(event, "models");
    if (run->account_id)
        worker->account_id = run->account_id;
    if (run->secondary_account_id)
        worker->secondary_account_id = run->secondary_account_id;
    if (parity_run_prepare_recording(run, &run->failure) < 0)
        run->failed = true;
    if (worker->journal)
        parity_journal_say_account(worker->journal, worker->account_id);
    run->identified = true;
    parity_run_make_idle(slot);
}

static void on_done(struct parity_run_state *run, struct parity_slot *slot, const json_t *event)
{
    struct parity_job *job = slot->job;
    const char *error = json_string_value(json_object_get(event, "error"));
    json_t *failures = json_object_get(event, "cleanup_failures");

    job->result.cleanup_s += json_number_value(json_object_get(event, "cleanup_seconds"));
    keep_notes(&job->result, event);
    if (json_array_size(failures) > 0) {
        if (!job->result.cleanup_failures)
            job->result.cleanup_failures = json_array();
        json_array_extend(job->result.cleanup_failures, failures);
    }
    if (error) {
        job->result.outcome = PARITY_ERROR;
        job->result.environmental = true;
        parity_result_say(&job->result, "%s", error);
    }
    keep_output(slot, &job->result);
    if (json_object_get(event, "retire"))
        parity_run_make_empty(slot);
    else
        parity_run_make_idle(slot);
    parity_run_finish_job(run, job);
}

static void on_event(struct parity_run_state *run, struct parity_slot *slot, const json_t *event)
{
    const char *name = json_string_value(json_object_get(event, "event"));
    struct parity_job *job = slot->job;

    if (slot->state == PARITY_SLOT_IDENTIFY) {
        on_identified(run, slot, event);
        return;
    }
    /* A worker speaks only while it has a task; anything else was sent by a test. */
    if (!name || slot->state < PARITY_SLOT_TEST)
        parity_run_kill(slot, PARITY_KILL_CHANNEL);
    else if (slot->scope)
        parity_run_scope_event(run, slot, event);
    else if (strcmp(name, "begin") == 0)
        on_begin(slot, job, event);
    else if (strcmp(name, "call") == 0)
        on_call(job, event);
    else if (strcmp(name, "cleanup") == 0)
        on_cleanup(run, job, event);
    else if (strcmp(name, "cleaned") == 0)
        on_cleaned(job);
    else if (strcmp(name, "attachment") == 0)
        on_attachment(job, event);
    else if (strcmp(name, "said") == 0)
        on_said(job, event);
    else if (strcmp(name, "fixture") == 0)
        parity_run_fixture_asked(run, slot, event);
    else if (strcmp(name, "fixture_done") == 0)
        parity_run_fixture_done(run, slot, event);
    else if (strcmp(name, "judged") == 0)
        on_judged(run, slot, job, event);
    else if (strcmp(name, "done") == 0)
        on_done(run, slot, event);
}

void parity_run_take_mail(struct parity_run_state *run, struct parity_slot *slot)
{
    struct parity_worker_process *process = &slot->process;
    json_t *event;

    while (slot->state >= PARITY_SLOT_TEST && process->mailbox && !process->mail_waits) {
        process->mail_waits = parity_mailbox_take_mark(process->mailbox, &process->mail_place);
        event = process->mail_waits ? NULL
                                    : parity_mailbox_take(process->mailbox, &process->mail_place);
        if (!event)
            return;
        on_event(run, slot, event);
        json_decref(event);
    }
}

void parity_run_take_events(struct parity_run_state *run, struct parity_slot *slot)
{
    parity_worker_process_drain(&slot->process);
    parity_run_take_mail(run, slot);
    if (slot->process.inbox.ended || slot->process.channel < 0)
        return;
    if (parity_inbox_fill(&slot->process.inbox, slot->process.channel, NULL) < 0) {
        parity_run_kill(slot, PARITY_KILL_CHANNEL);
        return;
    }
    while (slot->state != PARITY_SLOT_EMPTY && slot->kill_reason != PARITY_KILL_CHANNEL) {
        json_t *event;
        int rc = parity_inbox_take(&slot->process.inbox, &event, NULL);

        if (rc < 0)
            parity_run_kill(slot, PARITY_KILL_CHANNEL);
        if (rc < 0 || !event)
            break;
        parity_run_take_mail(run, slot);
        slot->process.mail_waits = false;
        on_event(run, slot, event);
        json_decref(event);
    }
    /* A process that ends closes its line a moment before it can be waited for. */
    if (slot->process.inbox.ended && slot->kill_reason == PARITY_KILL_NONE)
        slot->deadline = parity_clock_s() + CLOSE_GRACE_S;
}

/* --- death -------------------------------------------------------------------------------------
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
    on_cleaned(job);
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
    keep_output(slot, &job->result);
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
