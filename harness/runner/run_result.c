/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "runner/mask.h"
#include "runner/run_state.h"

void parity_run_notice(const struct parity_run_state *run, const char *text)
{
    for (struct parity_reporter *const *reporter = run->options->reporters; *reporter; reporter++)
        if ((*reporter)->notice)
            (*reporter)->notice(*reporter, text);
}

int parity_run_queue(struct parity_run_state *run, size_t job)
{
    if (parity_grow(&run->queue, &run->queue_capacity, run->queue_count + 1, sizeof *run->queue) <
        0)
        return -1;
    run->queue[run->queue_count++] = job;
    return 0;
}

/* --- recording ---------------------------------------------------------------------------------
 */

int parity_run_prepare_recording(struct parity_run_state *run, struct parity_error *err)
{
    const struct parity_recordings_options options = {.folder = run->options->worker->snapshots};

    if (!run->options->worker->update && !run->options->worker->raw)
        return 0;
    run->recordings = parity_recordings_new(&options, err);
    if (!run->recordings)
        return -1;
    /* Only AWS's account is anybody's; an emulator's is made up. */
    if (run->options->worker->update && run->options->worker->target.aws &&
        run->options->worker->account_id) {
        run->account_hash = parity_account_hash(run->options->worker->account_id);
        if (!run->account_hash) {
            parity_fail_nomem(err);
            return -1;
        }
    }
    return 0;
}

static void identify(struct parity_secrets_identity *out, const char *account_id,
                     const struct parity_credentials *credentials, bool aws)
{
    *out = (struct parity_secrets_identity){.account_id = aws ? account_id : NULL};
    if (!credentials)
        return;
    out->access_key_id = credentials->access_key_id;
    out->secret_access_key = credentials->secret_access_key;
    out->session_token = credentials->session_token;
}

/* Without a provenance only what stood before the transformers. */
static int store(struct parity_run_state *run, const struct parity_job *job, json_t *provenance,
                 struct parity_error *err)
{
    const struct parity_worker_options *worker = run->options->worker;
    struct parity_secrets_identity identities[2];
    const struct parity_secrets_options secrets = {
        .identities = identities, .identity_count = 2, .allow = run->options->allow};
    const struct parity_recording_update update = {
        .id = job->result.test_case->id,
        .content = job->transformed,
        .raw = job->raw,
        .provenance = provenance,
        .secrets = &secrets,
        .now = time(NULL),
        .call_s = job->result.duration_s,
        .teardown_s = job->result.cleanup_s,
        .replace_aws = run->options->replace_aws,
    };

    identify(&identities[0], worker->account_id, worker->primary_credentials, worker->target.aws);
    identify(&identities[1], worker->secondary_account_id, worker->secondary_credentials,
             worker->target.aws);
    return provenance ? parity_recordings_store(run->recordings, &update, err)
                      : parity_recordings_store_raw(run->recordings, &update, err);
}

/* A recording that cannot be stored makes an error of a test that went well. */
static void record(struct parity_run_state *run, struct parity_job *job)
{
    char models[80];
    const struct parity_provenance_options options = {
        .target = job->answered_by ? job->answered_by : run->options->provenance_target,
        .region = run->options->worker->target.region,
        .account = run->account_hash,
        .models = models,
        .request_ids = job->request_ids,
    };
    struct parity_error err = {0};
    char text[sizeof err.message + sizeof err.context + 64];
    json_t *provenance;

    snprintf(models, sizeof models, "botocore %s", run->models ? run->models : "unknown");
    provenance = parity_provenance(&options);
    if (!provenance)
        parity_fail_nomem(&err);
    if (provenance && store(run, job, provenance, &err) == 0) {
        job->result.recorded = true;
    } else {
        parity_error_format(&err, text, sizeof text);
        job->result.outcome = PARITY_ERROR;
        parity_result_say(&job->result, "not recorded: %s", text);
    }
    json_decref(provenance);
}

/* Beside a verification: what it compared, for whoever wonders about the verdict. */
static void write_raw(struct parity_run_state *run, struct parity_job *job)
{
    struct parity_error err = {0};
    char text[sizeof err.message + sizeof err.context + 64];

    if (store(run, job, NULL, &err) == 0)
        return;
    parity_error_format(&err, text, sizeof text);
    if (job->result.outcome == PARITY_PASSED)
        job->result.outcome = PARITY_ERROR;
    parity_result_say(&job->result, "--snapshot-raw: %s", text);
}

/* --- the end of a test -------------------------------------------------------------------------
 */

/* An emulator that has died is the reason for this and all further errors. */
static void look_at_emulator(struct parity_run_state *run, struct parity_result *result)
{
    const struct timespec moment = {.tv_nsec = 20000000};
    struct parity_error err = {0};

    if (run->stopping || !run->options->emulator)
        return;
    /* A connection breaks a moment before its process can be waited for. */
    for (int i = 0; parity_emulator_is_alive(run->options->emulator, &err); i++) {
        if (i == 5)
            return;
        nanosleep(&moment, NULL);
    }
    parity_error_format(&err, run->stop_text, sizeof run->stop_text);
    parity_result_say(result, "%s", run->stop_text);
    run->stopping = true;
    run->stop_reason = run->stop_text;
}

/* AWS quotes account and Authorization header in some of its refusals. An emulator's are made up.
 */
static void mask_result(const struct parity_mask *mask, struct parity_result *result)
{
    parity_mask_text(mask, result->message);
    parity_mask_text(mask, result->output);
    parity_mask_json(mask, result->differences);
    parity_mask_json(mask, result->hidden);
    parity_mask_json(mask, result->cleanup_failures);
}

static void mask_secrets(const struct parity_run_state *run, struct parity_result *result)
{
    const struct parity_worker_options *worker = run->options->worker;
    const struct parity_mask primary = {worker->account_id, worker->primary_credentials};
    const struct parity_mask secondary = {worker->secondary_account_id,
                                          worker->secondary_credentials};

    if (!worker->target.aws)
        return;
    mask_result(&primary, result);
    mask_result(&secondary, result);
}

static void count(struct parity_summary *summary, const struct parity_result *result)
{
    summary->counts[result->outcome]++;
    summary->environmental += result->outcome == PARITY_ERROR && result->environmental;
    summary->recorded += result->recorded;
    summary->hidden += json_array_size(result->hidden);
    summary->unused_skips += json_array_size(result->unused_skips);
    summary->cleanup_failures += json_array_size(result->cleanup_failures);
}

void parity_run_finish_job(struct parity_run_state *run, size_t number)
{
    struct parity_job *job = &run->jobs[number];
    struct parity_result *result = &job->result;

    if (result->outcome == PARITY_PASSED && job->transformed)
        record(run, job);
    else if (!run->options->worker->update && job->raw)
        write_raw(run, job);
    if (result->outcome == PARITY_ERROR && result->environmental)
        look_at_emulator(run, result);
    mask_secrets(run, result);
    count(run->summary, result);
    for (struct parity_reporter *const *reporter = run->options->reporters; *reporter; reporter++)
        if ((*reporter)->test_done)
            (*reporter)->test_done(*reporter, result);
    parity_result_clear(result);
    json_decref(job->cleanups);
    json_decref(job->transformed);
    json_decref(job->raw);
    json_decref(job->request_ids);
    parity_free(job->answered_by);
    memset(job, 0, sizeof *job);
    run->finished_jobs++;
}
