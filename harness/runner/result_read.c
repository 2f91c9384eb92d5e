/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/result_read.h"

#include <string.h>

#include "base/memory.h"

/* A list or an object; NULL where there is null or nothing. New. */
static json_t *part_of(const json_t *test, const char *name)
{
    json_t *part = json_object_get(test, name);

    return json_is_array(part) || json_is_object(part) ? json_incref(part) : NULL;
}

/* @return 0 or -1 (out of memory) */
static int copy_text(const json_t *test, const char *name, char **out)
{
    const char *text = json_string_value(json_object_get(test, name));

    *out = text ? parity_strdup(text) : NULL;
    return text && !*out ? -1 : 0;
}

static bool is_true(const json_t *test, const char *name)
{
    return json_is_true(json_object_get(test, name));
}

int parity_result_read(json_t *test, const struct parity_case *test_case, struct parity_result *out,
                       struct parity_error *err)
{
    const char *outcome = json_string_value(json_object_get(test, "outcome"));

    *out = (struct parity_result){
        .test_case = test_case,
        .outcome = parity_outcome_named(outcome),
        .environmental = is_true(test, "environmental"),
        .duration_s = json_number_value(json_object_get(test, "duration_seconds")),
        .differences = part_of(test, "differences"),
        .hidden = part_of(test, "hidden"),
        .unused_skips = part_of(test, "unused_skips"),
        .warnings = part_of(test, "warnings"),
        .suggested_skips = part_of(test, "suggested_skips"),
        .calls = part_of(test, "calls"),
        .cleanup_failures = part_of(test, "cleanup_failures"),
        .attempts = part_of(test, "attempts"),
        .flaky = is_true(test, "flaky"),
        .repetition = (unsigned)json_integer_value(json_object_get(test, "repetition")),
        .recording = part_of(test, "recording"),
        .attachments = part_of(test, "attachments"),
        .expected_failure = part_of(test, "expected_failure"),
        .pending = is_true(test, "pending"),
        .recorded = is_true(test, "recorded"),
        .written = json_incref(test),
    };
    if (!outcome || strcmp(parity_outcome_name(out->outcome), outcome) != 0) {
        parity_fail(err, PARITY_E_INVALID, test_case->id,
                    "has the outcome '%s', which there is not", outcome ? outcome : "");
        return -1;
    }
    if (copy_text(test, "message", &out->message) < 0 ||
        copy_text(test, "location", &out->location) < 0 ||
        copy_text(test, "output", &out->output) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}
