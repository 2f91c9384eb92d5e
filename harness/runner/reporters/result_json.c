/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/result_json.h"

#include <inttypes.h>
#include <stdio.h>

#include "runner/guard.h"
#include "runner/trace.h"

static json_t *text_or_null(const char *text)
{
    json_t *value = text ? json_string(text) : NULL;

    return value ? value : json_null();
}

json_t *parity_target_json(const struct parity_run_info *info)
{
    json_t *target = json_object();

    json_object_set_new(target, "kind", json_string(info->aws ? "aws" : "emulator"));
    json_object_set_new(target, "name", text_or_null(info->aws ? "aws" : info->emulator));
    json_object_set_new(target, "version", text_or_null(info->version));
    json_object_set_new(target, "endpoint_url", text_or_null(info->endpoint_url));
    json_object_set_new(target, "region", text_or_null(info->region));
    json_object_set_new(target, "mode", json_string(info->mode));
    return target;
}

static void set_array(json_t *object, const char *name, json_t *value)
{
    if (value)
        json_object_set(object, name, value);
    else
        json_object_set_new(object, name, json_array());
}

/* What went over the wire is for the page alone. */
static json_t *calls_of(const struct parity_result *result)
{
    json_t *calls = json_array(), *call;
    size_t i;

    json_array_foreach(result->calls, i, call) {
        json_t *copy = json_copy(call);

        json_object_del(copy, "exchanges");
        json_array_append_new(calls, copy);
    }
    parity_trace_apply(calls, result->notes);
    return calls;
}

json_t *parity_shard_json(const struct parity_shard *shard)
{
    char plan[17];

    if (shard->count == 0)
        return json_null();
    snprintf(plan, sizeof plan, "%016" PRIx64, shard->plan);
    return json_pack("{s:I, s:I, s:s}", "index", (json_int_t)shard->index, "count",
                     (json_int_t)shard->count, "plan", plan);
}

json_t *parity_result_json(const struct parity_result *result)
{
    json_t *test;

    if (result->written)
        return json_incref(result->written);
    test = json_object();
    json_object_set_new(test, "id", json_string(result->test_case->id));
    json_object_set_new(test, "suite", json_string(result->test_case->suite_path));
    if (result->repetition)
        json_object_set_new(test, "repetition", json_integer(result->repetition));
    json_object_set_new(test, "outcome", json_string(parity_outcome_name(result->outcome)));
    json_object_set_new(test, "environmental", json_boolean(result->environmental));
    json_object_set_new(test, "flaky", json_boolean(result->flaky));
    set_array(test, "attempts", result->attempts);
    json_object_set_new(test, "duration_seconds", json_real(result->duration_s));
    set_array(test, "differences", result->differences);
    set_array(test, "hidden", result->hidden);
    set_array(test, "unused_skips", result->unused_skips);
    set_array(test, "warnings", result->warnings);
    if (result->suggested_skips)
        json_object_set(test, "suggested_skips", result->suggested_skips);
    json_object_set_new(test, "message", text_or_null(result->message));
    json_object_set_new(test, "location", text_or_null(result->location));
    json_object_set_new(test, "calls", calls_of(result));
    set_array(test, "cleanup_failures", result->cleanup_failures);
    json_object_set_new(test, "output", text_or_null(result->output));
    if (result->recording)
        json_object_set(test, "recording", result->recording);
    else
        json_object_set_new(test, "recording", json_null());
    set_array(test, "attachments", result->attachments);
    if (result->expected_failure)
        json_object_set(test, "expected_failure", result->expected_failure);
    else
        json_object_set_new(test, "expected_failure", json_null());
    json_object_set_new(test, "recorded", json_boolean(result->recorded));
    json_object_set_new(test, "pending", json_boolean(result->pending));
    return test;
}

json_t *parity_summary_json(const struct parity_summary *summary)
{
    json_t *object = json_object();

    json_object_set_new(object, "selected", json_integer((json_int_t)summary->selected));
    for (int i = 0; i < PARITY_OUTCOME_COUNT; i++)
        json_object_set_new(object, parity_outcome_name((enum parity_outcome)i),
                            json_integer((json_int_t)summary->counts[i]));
    json_object_set_new(object, "flaky", json_integer((json_int_t)summary->flaky));
    json_object_set_new(object, "not_run", json_integer((json_int_t)summary->not_run));
    json_object_set_new(object, "recorded", json_integer((json_int_t)summary->recorded));
    json_object_set_new(object, "pending", json_integer((json_int_t)summary->pending));
    json_object_set_new(object, "hidden", json_integer((json_int_t)summary->hidden));
    json_object_set_new(object, "unused_skips", json_integer((json_int_t)summary->unused_skips));
    json_object_set_new(object, "warnings", json_integer((json_int_t)summary->warnings));
    json_object_set_new(object, "expected_failures",
                        json_integer((json_int_t)summary->expected_failures));
    json_object_set_new(object, "cleanup_failures",
                        json_integer((json_int_t)summary->cleanup_failures));
    json_object_set_new(object, "model_findings",
                        json_integer((json_int_t)summary->model_findings));
    json_object_set_new(object, "interrupted", json_boolean(summary->interrupted));
    json_object_set_new(object, "interrupted_by",
                        summary->interrupted_by
                            ? json_string(parity_signal_name(summary->interrupted_by))
                            : json_null());
    json_object_set_new(object, "duration_seconds", json_real(summary->duration_s));
    return object;
}
