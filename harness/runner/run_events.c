/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/memory.h"
#include "runner/clock.h"
#include "runner/mask.h"
#include "runner/run_state.h"

enum { CLEANUP_S = 60 };
static const double CLOSE_GRACE_S = 1;

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

void parity_run_drop_cleanup(struct parity_job *job)
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

void parity_run_keep_output(struct parity_slot *slot, struct parity_result *result)
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
    parity_run_keep_output(slot, &job->result);
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
        parity_run_drop_cleanup(job);
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
