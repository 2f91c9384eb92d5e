/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/run.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/memory.h"
#include "runner/clock.h"
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
    if (task)
        parity_message_send(slot->process.channel, task, NULL);
    json_decref(task);
}

static void send_test(struct parity_run_state *run, struct parity_slot *slot, size_t number)
{
    struct parity_job *job = &run->jobs[number];
    const struct parity_case *test = run->options->worker->cases[number];

    slot->job = number;
    job->result.test_case = test;
    for (struct parity_reporter *const *reporter = run->options->reporters; *reporter; reporter++)
        if ((*reporter)->test_started)
            (*reporter)->test_started(*reporter, test);
    send_task(slot, PARITY_SLOT_TEST,
              json_pack("{s:s, s:I, s:O*}", "do", "run", "test", (json_int_t)number, "first",
                        job->again ? job->first : NULL),
              timeout_of(run, test));
}

static void send_cleanups(struct parity_run_state *run, struct parity_slot *slot, size_t number)
{
    slot->job = number;
    send_task(slot, PARITY_SLOT_CLEAN,
              json_pack("{s:s, s:I, s:O}", "do", "clean", "test", (json_int_t)number, "calls",
                        run->jobs[number].cleanups),
              CLEANUP_S);
}

/* A worker needs a test to make calls for; any will do. */
static void send_scope(struct parity_slot *slot, struct parity_shared_scope *scope)
{
    slot->job = 0;
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

static void give_work(struct parity_run_state *run, struct parity_slot *slot)
{
    if (!run->identified) {
        send_task(slot, PARITY_SLOT_IDENTIFY, json_pack("{s:s}", "do", "identify"), IDENTIFY_S);
    } else if (run->queue_count > 0) {
        size_t number = run->queue[--run->queue_count];

        if (run->jobs[number].judged)
            send_cleanups(run, slot, number);
        else if (run->jobs[number].again && run->stopping)
            parity_run_finish_job(run, number);
        else
            send_test(run, slot, number);
    } else if (parity_run_scope_due(run)) {
        send_scope(slot, parity_run_scope_due(run));
    } else {
        send_test(run, slot, run->next_job++);
    }
}

static bool is_busy(const struct parity_slot *slot)
{
    return slot->state >= PARITY_SLOT_IDENTIFY;
}

/* Idle workers first, so that no more processes are started than there is work for. */
static void assign(struct parity_run_state *run)
{
    for (size_t i = 0; i < run->slot_count && has_work(run); i++)
        if (run->slots[i].state == PARITY_SLOT_IDLE)
            give_work(run, &run->slots[i]);
    for (size_t i = 0; i < run->slot_count && has_work(run) && !run->failed; i++) {
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
    while (run->queue_count > 0) {
        size_t number = run->queue[--run->queue_count];

        parity_run_abandon_cleanups(&run->jobs[number]);
        parity_run_finish_job(run, number);
    }
    parity_run_scopes_abandon(run);
}

static void interrupt(struct parity_run_state *run, int interruptions)
{
    if (!run->summary->interrupted)
        parity_run_notice(run, "interrupted: ending the tests and making their cleanups; interrupt "
                               "again to leave them");
    run->summary->interrupted = true;
    run->stopping = true;
    run->stop_reason = NULL;
    if (interruptions > 1)
        abandon(run);
    for (size_t i = 0; i < run->slot_count; i++) {
        struct parity_slot *slot = &run->slots[i];
        bool in_body = slot->state == PARITY_SLOT_TEST && !run->jobs[slot->job].judged;

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
        size_t number = run->next_job++;
        struct parity_result *result = &run->jobs[number].result;

        result->test_case = run->options->worker->cases[number];
        result->outcome = PARITY_ERROR;
        result->environmental = true;
        parity_result_say(result, "not run: %s", run->stop_reason);
        parity_run_finish_job(run, number);
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
    for (size_t i = 0; run->slots && i < run->slot_count; i++)
        parity_worker_process_end(&run->slots[i].process);
    parity_free(run->slots);
    for (size_t i = 0; run->jobs && i < run->job_count; i++) {
        parity_result_clear(&run->jobs[i].result);
        json_decref(run->jobs[i].cleanups);
        json_decref(run->jobs[i].transformed);
        json_decref(run->jobs[i].raw);
        json_decref(run->jobs[i].request_ids);
        json_decref(run->jobs[i].suggestions);
        json_decref(run->jobs[i].first);
        parity_free(run->jobs[i].answered_by);
    }
    parity_free(run->jobs);
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
    parity_recordings_free(run->recordings);
}

int parity_run(const struct parity_run_options *options, struct parity_summary *summary,
               struct parity_error *err)
{
    struct parity_run_state run = {.options = options,
                                   .summary = summary,
                                   .job_count = options->worker->case_count,
                                   .slot_count = options->workers ? options->workers : 1};
    double start = parity_clock_s();
    struct pollfd *polled = parity_calloc(2 * run.slot_count + 1, sizeof *polled);
    int signals = parity_run_signals_catch();

    memset(summary, 0, sizeof *summary);
    summary->selected = run.job_count;
    run.slots = parity_calloc(run.slot_count, sizeof *run.slots);
    run.jobs = parity_calloc(run.job_count + 1, sizeof *run.jobs);
    if (!run.slots || !run.jobs || !polled || signals < 0) {
        parity_fail_nomem(&run.failure);
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
    summary->duration_s = parity_clock_s() - start;
    if (run.failed && err && err->code == PARITY_OK)
        *err = run.failure;
    clear(&run);
    parity_free(polled);
    parity_run_signals_release();
    return run.failed ? -1 : 0;
}
