/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "runner/run_state.h"

/* Tests that were begun: where they come from, how they wait, and how often they are run. */

/* --- making and releasing ----------------------------------------------------------------------
 */

struct parity_job *parity_run_next_job(struct parity_run_state *run)
{
    struct parity_job *job = parity_calloc(1, sizeof *job);

    if (!job) {
        parity_fail_nomem(&run->failure);
        run->failed = true;
        return NULL;
    }
    job->number = run->next_job % run->options->worker->case_count;
    job->repetition = (unsigned)(run->next_job / run->options->worker->case_count);
    job->result.test_case = run->options->worker->cases[job->number];
    run->next_job++;
    return job;
}

static void clear(struct parity_job *job)
{
    parity_result_clear(&job->result);
    json_decref(job->cleanups);
    json_decref(job->said);
    json_decref(job->transformed);
    json_decref(job->raw);
    json_decref(job->request_ids);
    json_decref(job->suggestions);
    json_decref(job->first);
    parity_free(job->answered_by);
}

void parity_run_free_job(struct parity_job *job)
{
    if (!job)
        return;
    clear(job);
    parity_free(job);
}

/* --- waiting -----------------------------------------------------------------------------------
 */

int parity_run_queue(struct parity_run_state *run, struct parity_job *job)
{
    if (parity_grow(&run->queue, &run->queue_capacity, run->queue_count + 1, sizeof *run->queue) <
        0)
        return -1;
    run->queue[run->queue_count++] = job;
    return 0;
}

struct parity_job *parity_run_unqueue(struct parity_run_state *run)
{
    return run->queue_count > 0 ? run->queue[--run->queue_count] : NULL;
}

/* --- further attempts --------------------------------------------------------------------------
 */

static unsigned retries_of(const struct parity_run_state *run, const struct parity_case *test)
{
    int retries = test->definition->retries;

    if (run->options->retries)
        return *run->options->retries;
    if (retries <= 0 && test->suite)
        retries = test->suite->retries;
    return retries > 0 ? (unsigned)retries : 0;
}

unsigned parity_run_round(const struct parity_run_state *run, const struct parity_job *job)
{
    unsigned attempts = retries_of(run, run->options->worker->cases[job->number]) + 1;

    return 2 * (job->repetition * attempts + job->attempt) + job->again;
}

bool parity_run_retry(struct parity_run_state *run, struct parity_job *job)
{
    if (!parity_outcome_is_bad(job->result.outcome) || run->stopping ||
        job->attempt >= retries_of(run, job->result.test_case))
        return false;
    job->retrying = true;
    if (parity_run_queue(run, job) == 0)
        return true;
    job->retrying = false;
    return false;
}

static json_t *text_or_null(const char *text)
{
    json_t *value = text ? json_string_nocheck(text) : NULL;

    return value ? value : json_null();
}

static json_t *describe_attempt(const struct parity_result *result)
{
    return json_pack("{s:s, s:f, s:o, s:o, s:o, s:O?}", "outcome",
                     parity_outcome_name(result->outcome), "duration_seconds", result->duration_s,
                     "message", text_or_null(result->message), "location",
                     text_or_null(result->location), "output", text_or_null(result->output),
                     "differences", result->differences);
}

void parity_run_begin_attempt(struct parity_job *job)
{
    struct parity_job next = {.number = job->number,
                              .repetition = job->repetition,
                              .attempt = job->attempt + 1,
                              .result = {.test_case = job->result.test_case}};
    json_t *attempts = json_incref(job->result.attempts);

    if (!attempts)
        attempts = json_array();
    json_array_append_new(attempts, describe_attempt(&job->result));
    next.result.attempts = attempts;
    /* What was left behind stays left behind, however the next attempt ends. */
    next.result.cleanup_failures = json_incref(job->result.cleanup_failures);
    clear(job);
    *job = next;
}
