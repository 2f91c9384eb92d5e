/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "recorder/compare.h"
#include "recorder/pending.h"
#include "runner/mask.h"
#include "runner/mask_exchange.h"
#include "runner/run_state.h"
#include "runner/suite_transformers.h"

void parity_run_notice(const struct parity_run_state *run, const char *text)
{
    for (struct parity_reporter *const *reporter = run->options->reporters; *reporter; reporter++)
        if ((*reporter)->notice)
            (*reporter)->notice(*reporter, text);
}

/* --- recording ---------------------------------------------------------------------------------
 */

int parity_run_prepare_recording(struct parity_run_state *run, struct parity_error *err)
{
    const struct parity_worker_options *worker = run->options->worker;
    const struct parity_recordings_options options = {
        .folder = worker->snapshots, .ground_truth = worker->review ? worker->ground_truth : NULL};

    if (!worker->update && !worker->review && !worker->raw)
        return 0;
    run->recordings = parity_recordings_new(&options, err);
    if (!run->recordings || parity_run_settle_begin(run, err) < 0)
        return -1;
    /* Only AWS's account is anybody's; an emulator's is made up. */
    if ((worker->update || worker->review) && worker->target.aws && worker->account_id) {
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

static void identify_all(const struct parity_run_state *run,
                         struct parity_secrets_identity identities[2])
{
    const struct parity_worker_options *worker = run->options->worker;

    identify(&identities[0], worker->account_id, worker->primary_credentials, worker->target.aws);
    identify(&identities[1], worker->secondary_account_id, worker->secondary_credentials,
             worker->target.aws);
}

/* Whether a result differs from what is recorded. @return 1, 0, or -1 */
static int is_new(struct parity_run_state *run, const struct parity_job *job,
                  struct parity_error *err)
{
    const struct parity_case *test = job->result.test_case;
    struct parity_recording recording = {0};
    struct parity_error failure = {0};
    json_t *differences = NULL;
    int rc = 1;

    if (parity_recordings_find(run->recordings, test->id, test->recorded_as, &recording, &failure) <
        0) {
        if (failure.code == PARITY_E_NOT_FOUND)
            return 1;
        *err = failure;
        return -1;
    }
    rc = parity_compare(recording.content, job->transformed, NULL, &differences, err);
    if (rc == 0)
        rc = json_array_size(differences) > 0;
    json_decref(differences);
    parity_recording_clear(&recording);
    return rc;
}

/* The result waits beside the recording, or, when it says the same, what waited there is out of
 * date. */
static int leave_for_review(struct parity_run_state *run, struct parity_job *job,
                            const struct parity_recording_update *update, struct parity_error *err)
{
    int differs = is_new(run, job, err);

    if (differs < 0)
        return -1;
    if (!differs)
        return parity_pending_remove(run->recordings, update->id, NULL, err);
    if (parity_pending_store(run->recordings, update, err) < 0)
        return -1;
    job->result.pending = true;
    return 0;
}

/* Without a provenance only what stood before the transformers. */
static int store(struct parity_run_state *run, struct parity_job *job, json_t *provenance,
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

    identify_all(run, identities);
    if (provenance && worker->review)
        return leave_for_review(run, job, &update, err);
    return provenance ? parity_recordings_store(run->recordings, &update, err)
                      : parity_recordings_store_raw(run->recordings, &update, err);
}

/* A recording that was made with suggestions needs them to be verified. */
static int keep_suggestions(struct parity_run_state *run, struct parity_job *job,
                            struct parity_error *err)
{
    if (!job->suggestions)
        return 0;
    if (parity_suite_transformers_add(run->options->worker->suites, job->result.test_case->id,
                                      job->suggestions, err) < 0)
        return -1;
    parity_result_say(&job->result, "%zu suggested transformers added beside the suite",
                      json_array_size(job->suggestions));
    return 0;
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
    if (provenance && store(run, job, provenance, &err) == 0 &&
        keep_suggestions(run, job, &err) == 0) {
        job->result.recorded = !run->options->worker->review;
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
    parity_mask_json(mask, result->warnings);
    parity_mask_json(mask, result->calls);
    parity_mask_json(mask, result->notes);
    parity_mask_json(mask, result->cleanup_failures);
    parity_mask_attachments(mask, result->attachments);
}

/* One side of a difference. Its name counts as well: what stands under "SecretAccessKey" is one. */
static void hide_in_side(const struct parity_secrets_options *secrets, json_t *difference,
                         const char *side)
{
    const json_t *path = json_object_get(difference, "path");
    json_t *value = json_object_get(difference, side), *named, *masked = NULL;
    const char *name = NULL, *member;

    if (!value)
        return;
    for (size_t i = json_array_size(path); i-- > 0 && !name;)
        name = json_string_value(json_array_get(path, i));
    named = json_pack("{s:O}", name ? name : "value", value);
    if (parity_secrets_mask(secrets, named, &masked, NULL) < 0) {
        /* What could not be looked at is not shown. */
        json_object_set_new(difference, side, json_null());
    } else {
        json_object_foreach(masked, member, value)
            json_object_set(difference, side, value);
    }
    json_decref(named);
    json_decref(masked);
}

/* What would not be recorded is not shown either, whoever's it is: results are kept, and copied
 * into bug reports. */
static void hide_credentials(const struct parity_secrets_options *secrets, json_t *differences)
{
    json_t *difference, *masked;
    size_t i;

    json_array_foreach(differences, i, difference) {
        json_t *path = json_object_get(difference, "path");

        hide_in_side(secrets, difference, "recorded");
        hide_in_side(secrets, difference, "observed");
        hide_in_side(secrets, difference, "expected");
        if (path && parity_secrets_mask(secrets, path, &masked, NULL) == 0)
            json_object_set_new(difference, "path", masked);
    }
}

static void mask_secrets(const struct parity_run_state *run, struct parity_result *result)
{
    struct parity_secrets_identity identities[2];
    const struct parity_secrets_options secrets = {.identities = identities, .identity_count = 2};

    const struct parity_worker_options *worker = run->options->worker;
    const struct parity_mask primary = {worker->account_id, worker->primary_credentials};
    const struct parity_mask secondary = {worker->secondary_account_id,
                                          worker->secondary_credentials};

    identify_all(run, identities);
    hide_credentials(&secrets, result->differences);
    hide_credentials(&secrets, result->hidden);
    parity_mask_exchanges(&secrets, result->calls);
    if (!worker->target.aws)
        return;
    mask_result(&primary, result);
    mask_result(&secondary, result);
}

void parity_run_mask_text(const struct parity_run_state *run, char *text)
{
    const struct parity_worker_options *worker = run->options->worker;
    const struct parity_mask primary = {worker->account_id, worker->primary_credentials};
    const struct parity_mask secondary = {worker->secondary_account_id,
                                          worker->secondary_credentials};

    if (!worker->target.aws)
        return;
    parity_mask_text(&primary, text);
    parity_mask_text(&secondary, text);
}

/* A test that is known to fail and does is no news; one that passes all the same is, unless nothing
 * was compared. What could not be judged, and what was skipped, is what it is. */
static void look_at_expectation(const struct parity_run_state *run, struct parity_result *result)
{
    const struct parity_worker_options *worker = run->options->worker;
    const char *reason = json_string_value(json_object_get(result->expected_failure, "reason"));
    bool strict = json_is_true(json_object_get(result->expected_failure, "strict"));
    bool compares = !worker->update && !worker->review && !worker->skip_all;

    if (!reason)
        return;
    if (result->outcome == PARITY_SKIPPED) {
        json_decref(result->expected_failure);
        result->expected_failure = NULL;
        return;
    }
    json_object_set_new(result->expected_failure, "outcome",
                        json_string(parity_outcome_name(result->outcome)));
    if (result->outcome == PARITY_FAILED || result->outcome == PARITY_TIMEOUT) {
        parity_result_say_first(result, "%s, as expected: %s", parity_outcome_name(result->outcome),
                                reason);
        result->outcome = PARITY_SKIPPED;
    } else if (result->outcome == PARITY_PASSED && strict && compares) {
        result->outcome = PARITY_FAILED;
        parity_result_say(result,
                          "passed, but is expected to fail: %s; remove its .expected_failure, or "
                          "narrow the condition",
                          reason);
    }
}

/* With `check_stable` a test that went well runs a second time. @return whether it will */
static bool run_again(struct parity_run_state *run, struct parity_job *job)
{
    const struct parity_case *test = job->result.test_case;
    json_t *attempts;

    if (!job->first || job->again || job->result.outcome != PARITY_PASSED)
        return false;
    job->again = true;
    json_decref(job->transformed);
    json_decref(job->raw);
    json_decref(job->request_ids);
    job->transformed = job->raw = job->request_ids = NULL;
    parity_free(job->answered_by);
    job->answered_by = NULL;
    json_decref(job->said);
    job->said = NULL;
    if (run->stopping || json_array_size(job->result.cleanup_failures) > 0 ||
        parity_run_queue(run, job) < 0) {
        job->result.outcome = PARITY_ERROR;
        parity_result_say(&job->result, "not recorded: the test could not run a second time");
        return false;
    }
    attempts = json_incref(job->result.attempts);
    parity_result_clear(&job->result);
    /* Unless the second run says otherwise. */
    job->result =
        (struct parity_result){.test_case = test, .outcome = PARITY_ERROR, .attempts = attempts};
    job->judged = false;
    job->restarts = 0;
    return true;
}

static void report(struct parity_run_state *run, const struct parity_result *result)
{
    for (struct parity_reporter *const *reporter = run->options->reporters; *reporter; reporter++)
        if ((*reporter)->test_done)
            (*reporter)->test_done(*reporter, result);
}

/* No further test is begun when so many have not passed. */
static void stop_at_limit(struct parity_run_state *run)
{
    size_t limit = run->options->max_failures, bad = parity_summary_bad(run->summary);
    char text[64];

    if (limit == 0 || bad < limit || run->stopping)
        return;
    run->stopping = true;
    snprintf(text, sizeof text, "stopping after %zu failure%s", bad, bad == 1 ? "" : "s");
    parity_run_notice(run, text);
}

/* What makes a result of what the worker has said; once for each attempt. */
static void conclude(struct parity_run_state *run, struct parity_job *job)
{
    struct parity_result *result = &job->result;

    look_at_expectation(run, result);
    if (result->outcome == PARITY_PASSED && job->transformed)
        record(run, job);
    else if (!run->options->worker->update && !run->options->worker->review && job->raw)
        write_raw(run, job);
    if (result->outcome == PARITY_ERROR && result->environmental)
        look_at_emulator(run, result);
    mask_secrets(run, result);
}

void parity_run_finish_job(struct parity_run_state *run, struct parity_job *job)
{
    struct parity_result *result = &job->result;
    const struct parity_case *test = result->test_case;

    /* One that waits for its next attempt has a result already, which stays if there is none. */
    if (!job->retrying) {
        if (run_again(run, job))
            return;
        conclude(run, job);
        if (parity_run_retry(run, job))
            return;
    }
    result->flaky = result->outcome == PARITY_PASSED && json_array_size(result->attempts) > 0;
    result->repetition = run->options->repeat > 1 ? job->repetition + 1 : 0;
    parity_run_skips_note_end(run, result);
    parity_summary_count(run->summary, result);
    report(run, result);
    parity_run_free_job(job);
    run->finished_jobs++;
    parity_run_scopes_note_end(run, test);
    parity_run_settle_note_end(run, test);
    stop_at_limit(run);
}
