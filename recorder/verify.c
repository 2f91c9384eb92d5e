/* SPDX-License-Identifier: Apache-2.0 */
#include "verify.h"

#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "compare.h"
#include "hidden.h"
#include "skip_paths.h"
#include "transformers/pipeline.h"

/* One verification at work. */
struct verifier {
    const struct parity_verify_options *options;
    const json_t *recorded;
    struct parity_skip_list skips;
    struct parity_verification *out;
    json_t *recorded_left, *observed_left; /* new: without what the skip paths select */
    json_t *removed_recorded, *removed_observed;
    struct parity_error *err;
};

void parity_verification_clear(struct parity_verification *verification)
{
    json_decref(verification->raw);
    json_decref(verification->transformed);
    json_decref(verification->differences);
    json_decref(verification->hidden);
    json_decref(verification->unused_skips);
    json_decref(verification->warnings);
    memset(verification, 0, sizeof *verification);
}

static json_t *ordered(const json_t *observed)
{
    json_t *out = json_object();
    json_t *mutable = (json_t *)(uintptr_t)observed; /* iterators take no const */
    const char *key;
    size_t length;
    json_t *value;

    json_object_keylen_foreach(mutable, key, length, value) {
        if (json_object_setn_new_nocheck(out, key, length, parity_match_order(value)) < 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static int flatten_skips(struct verifier *v)
{
    size_t count = 0;

    for (size_t i = 0; i < v->options->skip_count; i++)
        count += v->options->skips[i].path_count;
    v->skips.paths = parity_calloc(count + 1, sizeof *v->skips.paths);
    v->skips.reasons = parity_calloc(count + 1, sizeof *v->skips.reasons);
    if (!v->skips.paths || !v->skips.reasons)
        return -1;
    for (size_t i = 0; i < v->options->skip_count; i++) {
        for (size_t j = 0; j < v->options->skips[i].path_count; j++) {
            v->skips.paths[v->skips.count] = v->options->skips[i].paths[j];
            v->skips.reasons[v->skips.count++] = v->options->skips[i].reason;
        }
    }
    return 0;
}

static int remove_observed(json_t *document, void *data, struct parity_error *err)
{
    struct verifier *v = data;

    return parity_skip_remove_noting(document, v->skips.paths, v->skips.count, v->removed_observed,
                                     err);
}

static int fail_missing(struct verifier *v, const char *key)
{
    parity_fail(v->err, PARITY_E_NOT_FOUND, key,
                "nothing is recorded under this match key; record the test against AWS "
                "(TEST_TARGET=AWS_CLOUD, --snapshot-update)");
    return -1;
}

/* The reference cannot judge a match key that is not on both sides. */
static int check_keys(struct verifier *v, json_t *recorded, json_t *observed, json_t *called)
{
    const char *key;
    size_t length;
    json_t *value;

    if (!v->options->compat_localstack)
        return 0;
    json_object_keylen_foreach(called, key, length, value) {
        const json_t *ground = json_object_getn(recorded, key, length);

        if (!ground || json_is_null(ground))
            return fail_missing(v, key);
        if (!json_object_getn(observed, key, length)) {
            parity_fail(v->err, PARITY_E_INVALID, key,
                        "a skip path selects the whole match value; name what is to be left out");
            return -1;
        }
    }
    return 0;
}

static int compare(struct verifier *v, const json_t *recorded, const json_t *observed, json_t **out)
{
    const struct parity_compare_options options = {.compat_localstack =
                                                       v->options->compat_localstack};

    return parity_compare(recorded, observed, &options, out, v->err);
}

static int remove_skips(struct verifier *v, struct parity_pipeline *pipeline)
{
    const struct parity_transform_hook hook = {remove_observed, v};

    v->recorded_left = parity_json_copy(v->recorded);
    v->removed_recorded = json_object();
    v->removed_observed = json_object();
    if (!v->recorded_left || !v->removed_recorded || !v->removed_observed) {
        parity_fail_nomem(v->err);
        return -1;
    }
    if (parity_skip_remove_noting(v->recorded_left, v->skips.paths, v->skips.count,
                                  v->removed_recorded, v->err) < 0)
        return -1;
    return parity_pipeline_finish_last(pipeline, &hook, &v->observed_left, v->err);
}

/* What the skip paths keep from the reader. */
static int find_hidden(struct verifier *v)
{
    json_t *all = NULL;
    int rc;

    if (!v->out->transformed)
        return parity_hidden_find(&v->skips, NULL, v->out->differences, v->removed_recorded,
                                  v->removed_observed, &v->out->hidden, &v->out->unused_skips,
                                  v->err);
    if (compare(v, v->recorded, v->out->transformed, &all) < 0)
        return -1;
    rc = parity_hidden_find(&v->skips, all, v->out->differences, v->removed_recorded,
                            v->removed_observed, &v->out->hidden, &v->out->unused_skips, v->err);
    json_decref(all);
    return rc;
}

/* Nothing is left out: what was compared is all there is. */
static int judge_whole(struct verifier *v)
{
    v->out->hidden = json_array();
    v->out->unused_skips = json_array();
    if (!v->out->hidden || !v->out->unused_skips) {
        parity_fail_nomem(v->err);
        return -1;
    }
    return compare(v, v->recorded, v->out->transformed, &v->out->differences);
}

static bool removed_something(const json_t *removed, size_t path)
{
    const char *place;
    json_t *paths, *number;
    size_t i;

    json_object_foreach((json_t *)(uintptr_t)removed, place, paths) {
        json_array_foreach(paths, i, number) {
            if ((size_t)json_integer_value(number) == path)
                return true;
        }
    }
    return false;
}

static int warn(struct verifier *v, const char *path)
{
    char *text = parity_asprintf(
        "skip_verify: %s selects nothing, neither in the recording nor in what was observed", path);
    int rc = text ? json_array_append_new(v->out->warnings, json_string_nocheck(text)) : -1;

    parity_free(text);
    return rc;
}

/* Whether path `number`, of all, belongs to a skip that several tests share. */
static bool is_shared(const struct verifier *v, size_t number)
{
    const struct parity_skip *skip = v->options->skips;

    for (; number >= skip->path_count; skip++)
        number -= skip->path_count;
    return skip->shared;
}

static int warn_of_idle_skips(struct verifier *v)
{
    for (size_t i = 0; i < v->skips.count; i++) {
        if (!is_shared(v, i) && !removed_something(v->removed_recorded, i) &&
            !removed_something(v->removed_observed, i) && warn(v, v->skips.paths[i]) < 0) {
            parity_fail_nomem(v->err);
            return -1;
        }
    }
    return 0;
}

static int judge(struct verifier *v, struct parity_pipeline *pipeline, json_t *called)
{
    if (check_keys(v, (json_t *)(uintptr_t)v->recorded, called, called) < 0)
        return -1;
    if (v->skips.count == 0)
        return judge_whole(v);
    if (remove_skips(v, pipeline) < 0 ||
        check_keys(v, v->recorded_left, v->observed_left, called) < 0)
        return -1;
    if (warn_of_idle_skips(v) < 0 ||
        compare(v, v->recorded_left, v->observed_left, &v->out->differences) < 0)
        return -1;
    return find_hidden(v);
}

static int no_differences(struct verifier *v)
{
    v->out->differences = json_array();
    v->out->hidden = json_array();
    v->out->unused_skips = json_array();
    if (v->out->differences && v->out->hidden && v->out->unused_skips)
        return 0;
    parity_fail_nomem(v->err);
    return -1;
}

/* With skip paths a failure need not be one: they may take out what spoils the text. */
static int finish_whole(struct verifier *v, struct parity_pipeline *pipeline)
{
    struct parity_error whole = {0};
    bool only = !v->recorded || v->skips.count == 0;
    int rc = only ? parity_pipeline_finish_last(pipeline, NULL, &v->out->transformed, &whole)
                  : parity_pipeline_finish(pipeline, NULL, &v->out->transformed, &whole);

    if (rc == 0 || !only)
        return 0;
    if (v->err)
        *v->err = whole;
    return -1;
}

static int verify(struct verifier *v, const json_t *observed)
{
    struct parity_pipeline *pipeline = parity_pipeline_new(
        v->options->transformers, ordered(observed), v->options->raw ? &v->out->raw : NULL, v->err);
    int rc = pipeline ? finish_whole(v, pipeline) : -1;

    if (pipeline)
        v->out->warnings = json_incref(parity_pipeline_warnings(pipeline));
    if (rc == 0 &&
        (!v->recorded || (v->options->compat_localstack && json_object_size(observed) == 0)))
        rc = no_differences(v);
    else if (rc == 0)
        rc = judge(v, pipeline, (json_t *)(uintptr_t)observed);
    parity_pipeline_free(pipeline);
    return rc;
}

int parity_verify(const struct parity_verify_options *options, const json_t *recorded,
                  const json_t *observed, struct parity_verification *out, struct parity_error *err)
{
    struct verifier v = {.options = options, .recorded = recorded, .out = out, .err = err};
    int rc = flatten_skips(&v) == 0 ? verify(&v, observed) : -1;

    if (rc < 0)
        parity_fail_nomem(err); /* unless there is a better reason */
    json_decref(v.recorded_left);
    json_decref(v.observed_left);
    json_decref(v.removed_recorded);
    json_decref(v.removed_observed);
    parity_free(v.skips.paths);
    parity_free(v.skips.reasons);
    return rc;
}
