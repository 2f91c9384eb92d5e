/* SPDX-License-Identifier: Apache-2.0 */
#include "compare.h"

#include <stdint.h>

#include "base/json.h"
#include "difference.h"
#include "placeholders.h"

static void compare_match_values(struct parity_difference_list *list, json_t *recorded,
                                 json_t *observed, bool as_reference)
{
    if (!recorded || !observed)
        parity_difference_note(list, NULL, NULL, recorded, observed);
    else if (as_reference)
        parity_compare_as_reference(list, recorded, observed, NULL);
    else
        parity_compare_strictly(list, recorded, observed, NULL);
}

/* In the order of the observed calls; then what was only recorded. */
static void compare_states(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                           bool as_reference)
{
    json_t *value;

    json_object_keylen_foreach(observed, list->key, list->key_length, value)
        compare_match_values(list, json_object_getn(recorded, list->key, list->key_length), value,
                             as_reference);
    if (as_reference)
        return; /* it does not look at them */
    json_object_keylen_foreach(recorded, list->key, list->key_length, value) {
        if (!json_object_getn(observed, list->key, list->key_length))
            compare_match_values(list, value, NULL, as_reference);
    }
}

/* Where the numbers of this run are others, what was recorded with these: else a reader finds
 * "<id:1>" beside "<id:1>" and wonders. */
static int show_expected(json_t *difference, const struct parity_renaming *renaming)
{
    json_t *recorded = json_object_get(difference, "recorded"), *expected;
    int rc = 0;

    if (!json_is_string(recorded) || !json_is_string(json_object_get(difference, "observed")))
        return 0;
    expected = parity_renaming_apply(renaming->to_observed, recorded);
    if (!expected)
        return -1;
    if (!json_equal(expected, recorded))
        rc = json_object_set_nocheck(difference, "expected", expected);
    json_decref(expected);
    return rc;
}

/* Differences were found under recorded numbers; the reader gets those that were observed. */
static int show_as_observed(json_t *difference, const struct parity_renaming *renaming)
{
    json_t *observed = json_object_get(difference, "observed");
    json_t *path = json_object_get(difference, "path");
    size_t last = json_array_size(path) - 1;
    json_t *step = json_array_get(path, last);

    if (!observed)
        return 0;
    if (!json_object_get(difference, "recorded") && step &&
        json_array_set_new(path, last, parity_renaming_apply(renaming->to_observed, step)) < 0)
        return -1;
    return json_object_set_new_nocheck(difference, "observed",
                                       parity_renaming_apply(renaming->to_observed, observed));
}

static int compare_renamed(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                           const struct parity_renaming *renaming)
{
    json_t *renamed = parity_renaming_apply(renaming->to_recorded, observed);
    json_t *difference;
    size_t i;

    if (!renamed)
        return -1;
    compare_states(list, recorded, renamed, false);
    json_decref(renamed);
    json_array_foreach(list->array, i, difference) {
        if (show_as_observed(difference, renaming) < 0 || show_expected(difference, renaming) < 0)
            return -1;
    }
    return 0;
}

static int compare(struct parity_difference_list *list, json_t *recorded, json_t *observed,
                   bool as_reference)
{
    struct parity_renaming renaming = {0};
    int rc = 0;

    if (as_reference) {
        compare_states(list, recorded, observed, true);
        return 0;
    }
    if (parity_json_equal(recorded, observed))
        return 0;
    if (parity_renaming_find(recorded, observed, &renaming) < 0)
        rc = -1;
    else if (renaming.needed)
        rc = compare_renamed(list, recorded, observed, &renaming);
    else
        compare_states(list, recorded, observed, false);
    parity_renaming_clear(&renaming);
    return rc;
}

int parity_compare(const json_t *recorded, const json_t *observed,
                   const struct parity_compare_options *options, json_t **out,
                   struct parity_error *err)
{
    struct parity_difference_list list = {.array = json_array()};
    bool as_reference = options && options->compat_localstack;

    *out = NULL;
    if (!json_is_object(recorded) || !json_is_object(observed)) {
        json_decref(list.array);
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "a state must be an object from match keys to values, not %s",
                    json_is_object(recorded) ? "what was observed" : "what was recorded");
        return -1;
    }
    /* Neither side is changed; jansson's iterators take no const. */
    if (!list.array || compare(&list, (json_t *)(uintptr_t)recorded, (json_t *)(uintptr_t)observed,
                               as_reference) < 0)
        list.failed = true;
    if (list.failed) {
        json_decref(list.array);
        parity_fail_nomem(err);
        return -1;
    }
    *out = list.array;
    return 0;
}
