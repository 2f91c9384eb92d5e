/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/judge.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "recorder/difference_text.h"
#include "recorder/skip_suggestion.h"
#include "recorder/verify.h"
#include "runner/definition_copy.h"
#include "runner/judge_skips.h"
#include "runner/judge_transformers.h"
#include "runner/stability.h"
#include "transformers/transformer.h"

void parity_judgement_clear(struct parity_judgement *judgement)
{
    json_decref(judgement->differences);
    json_decref(judgement->hidden);
    json_decref(judgement->unused_skips);
    json_decref(judgement->warnings);
    json_decref(judgement->recording);
    json_decref(judgement->transformed);
    json_decref(judgement->raw);
    json_decref(judgement->suggestions);
    json_decref(judgement->suite_skips);
    json_decref(judgement->suggested_skips);
    memset(judgement, 0, sizeof *judgement);
}

/* --- before the body ---------------------------------------------------------------------------
 */

static int check_skips(const struct parity_skip_verify *entries, size_t max,
                       struct parity_error *err)
{
    enum { PATHS = sizeof entries->paths / sizeof *entries->paths };
    json_t *nothing = json_object();
    int rc = nothing ? 0 : -1;

    if (rc < 0)
        parity_fail_nomem(err);
    for (size_t i = 0; rc == 0 && i < max; i++) {
        size_t count = 0;

        while (count < PATHS && entries[i].paths[count])
            count++;
        if (count > 0)
            rc = parity_skip_remove(nothing, entries[i].paths, count, err);
    }
    json_decref(nothing);
    return rc;
}

int parity_judge_check(const struct parity_test *t, const json_t *further, struct parity_error *err)
{
    const struct parity_case *test_case = t->test_case;
    struct parity_transformers transformers = {0};
    int rc = parity_judge_transformers(t, NULL, further, &transformers, err);

    parity_transformers_clear(&transformers);
    if (rc == 0)
        rc = check_skips(test_case->definition->skip_verify,
                         PARITY_LIST_ROOM(test_case->definition, skip_verify), err);
    if (rc == 0 && test_case->suite)
        rc = check_skips(test_case->suite->skip_verify, PARITY_SUITE_SKIPS, err);
    return rc;
}

/* --- judging -----------------------------------------------------------------------------------
 */

/* All differences become hidden ones. */
static void hide_all(struct parity_judgement *judgement, const char *reason)
{
    json_t *difference;
    size_t i;

    json_array_foreach(judgement->differences, i, difference) {
        json_object_set_new(difference, "reason", reason ? json_string(reason) : json_null());
        json_object_set_new(difference, "skip", json_null());
        json_array_append(judgement->hidden, difference);
    }
    json_array_clear(judgement->differences);
}

/* A test that ended early did not get to every key. */
static void drop_unreached(json_t *differences)
{
    for (size_t i = json_array_size(differences); i-- > 0;) {
        const json_t *difference = json_array_get(differences, i);
        const char *kind = json_string_value(json_object_get(difference, "kind"));

        if (json_array_size(json_object_get(difference, "path")) == 0 && kind &&
            strcmp(kind, "removed") == 0)
            json_array_remove(differences, i);
    }
}

int parity_judge_transform(const struct parity_test *t, const json_t *at_run_time,
                           const json_t *further, const json_t *observed, json_t **out,
                           struct parity_error *err)
{
    struct parity_transformers transformers = {0};
    struct parity_verify_options verify = {.transformers = &transformers};
    struct parity_verification result = {0};
    int rc = -1;

    *out = NULL;
    if (parity_judge_transformers(t, at_run_time, further, &transformers, err) == 0 &&
        parity_verify(&verify, NULL, observed, &result, err) == 0) {
        *out = json_incref(result.transformed);
        rc = 0;
    }
    parity_verification_clear(&result);
    parity_transformers_clear(&transformers);
    return rc;
}

/* What a test that ended early did not reach is no mistake of its paths. */
static void keep_warnings(const struct parity_test *t, const struct parity_verification *result,
                          struct parity_judgement *out)
{
    if (!t->ended_early && json_array_size(result->warnings) > 0)
        out->warnings = json_incref(result->warnings);
}

static int transform_only(const struct parity_test *t, const struct parity_judge_options *options,
                          struct parity_judgement *out, struct parity_error *err)
{
    struct parity_transformers transformers = {0};
    struct parity_verify_options verify = {.transformers = &transformers,
                                           .raw = options->raw && options->update};
    struct parity_verification result = {0};
    int rc = -1;

    if (parity_judge_transformers(t, t->transformations, options->further, &transformers, err) ==
            0 &&
        parity_verify(&verify, NULL, t->observed, &result, err) == 0) {
        out->transformed = json_incref(result.transformed);
        keep_warnings(t, &result, out);
        out->raw = json_incref(result.raw);
        rc = 0;
    }
    parity_verification_clear(&result);
    parity_transformers_clear(&transformers);
    return rc;
}

/* Paths that would hide what differs, tried out beside those that apply already. */
static int suggest_skips(const struct parity_verify_options *verify, struct parity_skips *skips,
                         const struct parity_test *t, const json_t *recorded,
                         struct parity_judgement *out, struct parity_error *err)
{
    json_t *paths = parity_suggest_skips(out->differences);
    size_t count = json_array_size(paths);
    const char **texts = parity_calloc(count + 1, sizeof *texts);
    struct parity_verify_options with = *verify;
    struct parity_verification result = {0};
    int rc = -1;

    if (!paths || !texts) {
        parity_fail_nomem(err);
        goto out;
    }
    for (size_t i = 0; i < count; i++)
        texts[i] = json_string_value(json_array_get(paths, i));
    skips->items[skips->count] = (struct parity_skip){.paths = texts, .path_count = count};
    with.skip_count = skips->count + 1;
    if (parity_verify(&with, recorded, t->observed, &result, err) < 0)
        goto out;
    out->suggested_skips = json_pack("{s:O, s:I}", "paths", paths, "left",
                                     (json_int_t)json_array_size(result.differences));
    rc = 0;
out:
    parity_verification_clear(&result);
    parity_free(texts);
    json_decref(paths);
    return rc;
}

static int compare(struct parity_test *t, const struct parity_judge_options *options,
                   const json_t *recorded, struct parity_judgement *out, struct parity_error *err)
{
    struct parity_transformers transformers = {0};
    struct parity_verification result = {0};
    struct parity_skips skips;
    struct parity_verify_options verify = {.transformers = &transformers,
                                           .skips = skips.items,
                                           .compat_localstack = options->compat_localstack,
                                           .raw = options->raw};
    int rc = -1;

    parity_skips_collect(t, &skips);
    verify.skip_count = skips.count;
    if (parity_judge_transformers(t, t->transformations, options->further, &transformers, err) <
            0 ||
        parity_verify(&verify, recorded, t->observed, &result, err) < 0)
        goto out;
    out->differences = json_incref(result.differences);
    out->hidden = json_incref(result.hidden);
    keep_warnings(t, &result, out);
    out->raw = json_incref(result.raw);
    if (t->ended_early)
        drop_unreached(out->differences);
    if (skips.off)
        hide_all(out, skips.off_reason);
    /* What a test that ended early did not get to may be what a path is for. */
    if (!t->ended_early) {
        out->unused_skips = json_incref(result.unused_skips);
        parity_skips_split(&skips, out->unused_skips, json_array_size(out->hidden) > 0,
                           &out->suite_skips);
    }
    rc = 0;
    if (options->suggest_skips && !t->ended_early && json_array_size(out->differences) > 0)
        rc = suggest_skips(&verify, &skips, t, recorded, out, err);
out:
    parity_verification_clear(&result);
    parity_transformers_clear(&transformers);
    return rc;
}

static json_t *describe(const struct parity_recording *recording)
{
    return json_pack("{s:s?, s:s?, s:s?, s:b}", "file", recording->file, "key", recording->key,
                     "recorded_date", recording->recorded_date, "from_aws",
                     (int)recording->from_aws);
}

static void verify(struct parity_test *t, const struct parity_judge_options *options,
                   struct parity_judgement *out)
{
    struct parity_recording recording = {0};
    struct parity_error err = {0};
    int rc = parity_recordings_find(options->recordings, t->test_case->id,
                                    t->test_case->recorded_as, &recording, &err);

    if (rc < 0 && err.code == PARITY_E_NOT_FOUND && json_object_size(t->observed) == 0) {
        /* Nothing matched, nothing recorded: the test judges itself by its calls. */
    } else if (rc < 0) {
        parity_test_conclude_error(t, &err);
    } else if (json_object_size(recording.content) == 0 && !options->compat_localstack) {
        parity_test_conclude(t, PARITY_ERROR,
                             "%s: the recording of '%s' is empty; record the test again, or remove "
                             "the entry",
                             recording.file, recording.key);
    } else if (compare(t, options, recording.content, out, &err) < 0) {
        parity_test_conclude_error(t, &err);
    } else {
        size_t count = parity_difference_count(out->differences);

        out->recording = describe(&recording);
        if (count > 0)
            parity_test_conclude(t, PARITY_FAILED, "%zu difference%s from the recording", count,
                                 count == 1 ? "" : "s");
    }
    parity_recording_clear(&recording);
}

void parity_judge(struct parity_test *t, const struct parity_judge_options *options,
                  struct parity_judgement *out)
{
    struct parity_error err = {0};

    memset(out, 0, sizeof *out);
    if (t->outcome == PARITY_SKIPPED)
        return;
    if (options->update || options->skip_all) {
        /* What a broken or half-run test saw is no ground truth. */
        if (t->outcome == PARITY_PASSED && json_object_size(t->observed) > 0 &&
            transform_only(t, options, out, &err) < 0)
            parity_test_conclude_error(t, &err);
        if (out->transformed && options->first)
            parity_judge_stability(t, options, out);
        if (!options->update) {
            json_decref(out->transformed);
            out->transformed = NULL;
        }
        return;
    }
    /* The reference compares nothing after a body that failed. */
    if (t->ended_early && (options->compat_localstack || json_object_size(t->observed) == 0))
        return;
    verify(t, options, out);
}
