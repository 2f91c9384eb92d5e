/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/run.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/memory.h"
#include "runner/clock.h"
#include "runner/order.h"
#include "runner/run_state.h"

enum { TICK_MS = 100, IDENTIFY_S = 60, CLEANUP_S = 60, TIMEOUT_S = 120 };

/* --- giving out work ---------------------------------------------------------------------------
 */

static double timeout_of(const struct parity_run_state *run, const struct parity_case *test)
{
    if (test->definition->timeout_s > 0)
        return test->definition->timeout_s;
    if (test->suite && test->suite->timeout_s > 0)
        return test->suite->timeout_s;
    return run->options->timeout_s > 0 ? run->options->timeout_s : TIMEOUT_S;
}

static int start_process(struct parity_run_state *run, struct parity_slot *slot)
{
    const struct parity_worker_process **others = parity_calloc(run->slot_count, sizeof *others);
    int rc;

    if (!others) {
        parity_fail_nomem(&run->failure);
        run->failed = true;
        return -1;
    }
    for (size_t i = 0; i < run->slot_count; i++)
        others[i] = &run->slots[i].process;
    rc = parity_worker_process_start(&slot->process, run->options->worker, others, run->slot_count,
                                     &run->failure);
    parity_free(others);
    if (rc < 0)
        run->failed = true;
    else
        slot->state = PARITY_SLOT_IDLE;
    return rc;
}

/* Steals `task`. A worker that cannot be told has died; the loop will notice. */
static void send_task(struct parity_slot *slot, enum parity_slot_state state, json_t *task,
                      double allowance_s)
{
    slot->state = state;
    slot->begun = false;
    slot->allowance_s = allowance_s;
    slot->since = parity_clock_s();
    slot->deadline = slot->since + allowance_s;
    slot->process.mail_place = 0;
    slot->process.mail_waits = false;
    parity_mailbox_empty(slot->process.mailbox);
    if (task)
        parity_message_send(slot->process.channel, task, NULL);
    json_decref(task);
}

static void send_test(struct parity_run_state *run, struct parity_slot *slot,
                      struct parity_job *job)
{
    const struct parity_case *test = job->result.test_case;

    slot->job = job;
    for (struct parity_reporter *const *reporter = run->options->reporters; *reporter; reporter++)
        if ((*reporter)->test_started)
            (*reporter)->test_started(*reporter, test);
    send_task(slot, PARITY_SLOT_TEST,
              json_pack("{s:s, s:I, s:I, s:O*}", "do", "run", "test", (json_int_t)job->number,
                        "round", (json_int_t)parity_run_round(run, job), "first",
                        job->again ? job->first : NULL),
              timeout_of(run, test));
}

static void send_cleanups(struct parity_run_state *run, struct parity_slot *slot,
                          struct parity_job *job)
{
    slot->job = job;
    send_task(slot, PARITY_SLOT_CLEAN,
              json_pack("{s:s, s:I, s:I, s:b, s:O*}", "do", "clean", "test",
                        (json_int_t)job->number, "round", (json_int_t)parity_run_round(run, job),
                        "adopt", 1, "calls", job->cleanups),
              CLEANUP_S);
}

/* A worker needs a test to make calls for; any will do. */
static void send_scope(struct parity_slot *slot, struct parity_shared_scope *scope)
{
    slot->job = NULL;
    scope->cleaning = true;
    send_task(slot, PARITY_SLOT_CLEAN,
              json_pack("{s:s, s:i, s:O}", "do", "clean", "test", 0, "calls", scope->cleanups),
              CLEANUP_S);
    slot->scope = scope;
}

static bool has_work(const struct parity_run_state *run)
{
    return !run->identified || run->queue_count > 0 || parity_run_scope_due(run) ||
           (!run->stopping && run->next_job < run->job_count);
}

/* What waited in the queue: cleanups, a restart, or a further run of a test. */
static void continue_job(struct parity_run_state *run, struct parity_slot *slot,
                         struct parity_job *job)
{
    if ((job->retrying || job->again) && !json_array_size(job->cleanups) && run->stopping) {
        parity_run_finish_job(run, job);
        return;
    }
    if (job->retrying)
        parity_run_begin_attempt(job);
    if (job->judged)
        send_cleanups(run, slot, job);
    else
        send_test(run, slot, job);
}

static void give_work(struct parity_run_state *run, struct parity_slot *slot)
{
    struct parity_job *job;

    if (!run->identified) {
        send_task(slot, PARITY_SLOT_IDENTIFY, json_pack("{s:s}", "do", "identify"), IDENTIFY_S);
    } else if ((job = parity_run_unqueue(run)) != NULL) {
        continue_job(run, slot, job);
    } else if (parity_run_scope_due(run)) {
        send_scope(slot, parity_run_scope_due(run));
    } else if ((job = parity_run_next_job(run)) != NULL) {
        send_test(run, slot, job);
    }
}

static bool is_busy(const struct parity_slot *slot)
{
    return slot->state >= PARITY_SLOT_IDENTIFY;
}

/* The test that is given out next; NULL: none is. */
static const struct parity_case *next_case(const struct parity_run_state *run)
{
    const struct parity_worker_options *worker = run->options->worker;

    if (!run->identified || worker->case_count == 0)
        return NULL;
    if (run->queue_count > 0)
        return run->queue[run->queue_count - 1]->result.test_case;
    return worker->cases[run->next_job % worker->case_count];
}

/* Whether there is work that may begin now: a serial test runs while no other does. */
static bool may_begin(const struct parity_run_state *run)
{
    const struct parity_case *next;
    bool busy = false;

    if (!has_work(run))
        return false;
    for (size_t i = 0; i < run->slot_count; i++) {
        const struct parity_slot *slot = &run->slots[i];

        busy |= is_busy(slot);
        if (is_busy(slot) && slot->job && parity_case_is_serial(slot->job->result.test_case))
            return false;
    }
    next = next_case(run);
    return !busy || !next || !parity_case_is_serial(next);
}

/* Idle workers first, so that no more processes are started than there is work for. */
static void assign(struct parity_run_state *run)
{
    for (size_t i = 0; i < run->slot_count && may_begin(run); i++)
        if (run->slots[i].state == PARITY_SLOT_IDLE)
            give_work(run, &run->slots[i]);
    for (size_t i = 0; i < run->slot_count && may_begin(run) && !run->failed; i++) {
        /* One worker asks who we are; the others wait for the answer. */
        if (!run->identified && i > 0)
            break;
        if (run->slots[i].state == PARITY_SLOT_EMPTY && start_process(run, &run->slots[i]) == 0)
            give_work(run, &run->slots[i]);
    }
}

/* --- waiting -----------------------------------------------------------------------------------
 */

static void wait_for_something(struct parity_run_state *run, struct pollfd *polled, int signals)
{
    nfds_t count = 0;
    int timeout_ms = TICK_MS;
    double now = parity_clock_s();

    polled[count++] = (struct pollfd){.fd = signals, .events = POLLIN};
    for (size_t i = 0; i < run->slot_count; i++) {
        const struct parity_slot *slot = &run->slots[i];

        if (slot->state == PARITY_SLOT_EMPTY)
            continue;
        if (!slot->process.inbox.ended)
            polled[count++] = (struct pollfd){.fd = slot->process.channel, .events = POLLIN};
        polled[count++] = (struct pollfd){.fd = slot->process.output, .events = POLLIN};
        if (slot->deadline > 0 && (slot->deadline - now) * 1000 < timeout_ms)
            timeout_ms = slot->deadline > now ? (int)((slot->deadline - now) * 1000) + 1 : 0;
    }
    poll(polled, count, timeout_ms);
}

static void attend(struct parity_run_state *run, struct parity_slot *slot)
{
    int status;

    if (slot->state == PARITY_SLOT_EMPTY)
        return;
    parity_run_take_events(run, slot);
    if (slot->state != PARITY_SLOT_EMPTY &&
        parity_worker_process_has_ended(&slot->process, &status)) {
        parity_run_take_events(run, slot);
        if (slot->state != PARITY_SLOT_EMPTY)
            parity_run_handle_death(run, slot, status);
    }
    parity_run_check_deadline(run, slot, parity_clock_s());
}

/* --- ending ------------------------------------------------------------------------------------
 */

/* The second time: not even cleanups are made. */
static void abandon(struct parity_run_state *run)
{
    run->abandoning = true;
    for (struct parity_job *job; (job = parity_run_unqueue(run)) != NULL;) {
        parity_run_abandon_cleanups(job);
        parity_run_finish_job(run, job);
    }
    parity_run_scopes_abandon(run);
}

static void interrupt(struct parity_run_state *run, int interruptions)
{
    if (!run->summary->interrupted)
        parity_run_notice(run, "interrupted: ending the tests and making their cleanups; interrupt "
                               "again to leave them");
    run->summary->interrupted = true;
    run->summary->interrupted_by = parity_run_signals_first();
    run->stopping = true;
    run->stop_reason = NULL;
    if (interruptions > 1)
        abandon(run);
    for (size_t i = 0; i < run->slot_count; i++) {
        struct parity_slot *slot = &run->slots[i];
        bool in_body;

        parity_run_take_mail(run, slot);
        in_body = slot->state == PARITY_SLOT_TEST && !slot->job->judged;
        if (is_busy(slot) && (run->abandoning || slot->state == PARITY_SLOT_IDENTIFY))
            parity_run_kill(slot, PARITY_KILL_INTERRUPTED);
        else if (in_body)
            parity_run_ask_to_stop(slot);
    }
}

/* Tests that will not be begun any more, for a reason that each should show. */
static void conclude_rest(struct parity_run_state *run)
{
    while (run->stop_reason && run->next_job < run->job_count) {
        struct parity_job *job = parity_run_next_job(run);

        if (!job)
            return;
        job->result.outcome = PARITY_ERROR;
        job->result.environmental = true;
        parity_result_say(&job->result, "not run: %s", run->stop_reason);
        parity_run_finish_job(run, job);
    }
}

static bool is_over(struct parity_run_state *run)
{
    if (run->failed)
        return true;
    for (size_t i = 0; i < run->slot_count; i++)
        if (is_busy(&run->slots[i]))
            return false;
    if (run->summary->interrupted && !run->identified)
        return true;
    return !has_work(run);
}

static void loop(struct parity_run_state *run, struct pollfd *polled, int signals)
{
    int handled = 0;

    for (;;) {
        int interruptions = parity_run_signals_interruptions();

        if (interruptions > handled) {
            handled = interruptions;
            interrupt(run, interruptions);
        }
        conclude_rest(run);
        if (is_over(run))
            return;
        assign(run);
        if (run->failed)
            return;
        wait_for_something(run, polled, signals);
        for (size_t i = 0; i < run->slot_count; i++)
            attend(run, &run->slots[i]);
        for (struct parity_reporter *const *reporter = run->options->reporters; *reporter;
             reporter++)
            if ((*reporter)->tick)
                (*reporter)->tick(*reporter);
    }
}

static void clear(struct parity_run_state *run)
{
    for (size_t i = 0; run->slots && i < run->slot_count; i++) {
        parity_worker_process_end(&run->slots[i].process);
        parity_run_free_job(run->slots[i].job);
    }
    parity_free(run->slots);
    while (run->queue_count > 0)
        parity_run_free_job(parity_run_unqueue(run));
    parity_free(run->queue);
    parity_run_fixtures_clear(run);
    json_decref(run->suite_skips);
    if (run->options->worker->account_id == run->account_id)
        run->options->worker->account_id = NULL;
    if (run->options->worker->secondary_account_id == run->secondary_account_id)
        run->options->worker->secondary_account_id = NULL;
    parity_free(run->account_id);
    parity_free(run->secondary_account_id);
    parity_free(run->models);
    parity_free(run->account_hash);
    json_decref(run->unsettled);
    parity_recordings_free(run->recordings);
}

int parity_run(const struct parity_run_options *options, struct parity_summary *summary,
               struct parity_error *err)
{
    struct parity_run_state run = {.options = options,
                                   .summary = summary,
                                   .job_count = options->worker->case_count *
                                                (options->repeat ? options->repeat : 1),
                                   .slot_count = options->workers ? options->workers : 1};
    double start = parity_clock_s();
    struct pollfd *polled = parity_calloc(2 * run.slot_count + 1, sizeof *polled);
    int signals = parity_run_signals_catch(&run.failure);

    memset(summary, 0, sizeof *summary);
    summary->selected = run.job_count;
    run.identified = run.job_count == 0; /* a shard without tests asks nobody anything */
    run.slots = parity_calloc(run.slot_count, sizeof *run.slots);
    if (!run.slots || !polled || signals < 0) {
        parity_fail_nomem(&run.failure); /* unless there is a better reason */
        run.failed = true;
    }
    for (size_t i = 0; run.slots && i < run.slot_count; i++)
        run.slots[i].process.channel = run.slots[i].process.output = -1;
    /* What a test leaves behind becomes our child, so that it can be found and ended. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (size_t i = 0; options->reporters[i]; i++)
        if (!run.failed && options->reporters[i]->start)
            options->reporters[i]->start(options->reporters[i], options->info);
    if (!run.failed)
        loop(&run, polled, signals);
    parity_run_skips_report(&run);
    summary->not_run = run.job_count - run.finished_jobs;
    summary->duration_s = parity_clock_round_s(parity_clock_s() - start);
    if (run.failed && err && err->code == PARITY_OK)
        *err = run.failure;
    clear(&run);
    parity_free(polled);
    parity_run_signals_release();
    return run.failed ? -1 : 0;
}
