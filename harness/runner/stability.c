/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/stability.h"

#include <stdint.h>

#include "recorder/compare.h"
#include "recorder/difference_text.h"
#include "recorder/suggestion.h"

enum { MAX_ROUNDS = 5 };

/* What differs between the two runs with `further` transformers; `second` gets how this run's
 * result would be stored. */
static int compare_runs(const struct parity_test *t, const struct parity_judge_options *options,
                        const json_t *further, json_t **second, json_t **differences,
                        struct parity_error *err)
{
    json_t *first = NULL;
    int rc = -1;

    *differences = *second = NULL;
    if (parity_judge_transform(t, json_object_get(options->first, "transformations"), further,
                               json_object_get(options->first, "observed"), &first, err) == 0 &&
        parity_judge_transform(t, t->transformations, further, t->observed, second, err) == 0)
        rc = parity_compare(first, *second, NULL, differences, err);
    json_decref(first);
    return rc;
}

static void say_unstable(struct parity_test *t, const json_t *differences,
                         const json_t *suggestions, bool settled)
{
    struct parity_buffer text = {0};
    const json_t *suggestion;
    size_t count = parity_difference_count(differences), i;

    json_array_foreach(suggestions, i, suggestion) {
        parity_buffer_add_text(&text, "\n  ");
        parity_suggestion_text(&text, suggestion);
    }
    if (json_array_size(suggestions) == 0)
        parity_test_conclude(t, PARITY_ERROR,
                             "not recorded: %zu value%s differed when the test ran again, which no "
                             "transformer that could be suggested settles",
                             count, count == 1 ? "" : "s");
    else
        parity_test_conclude(
            t, PARITY_ERROR, "not recorded: %zu value%s differed when the test ran again; %s%s",
            count, count == 1 ? "" : "s",
            settled ? "these transformers settle it (--apply-suggestions adds them):"
                    : "these transformers may help, but do not settle all of it:",
            text.data ? text.data : "");
    parity_buffer_clear(&text);
}

/* The transformers of the project beside those that are suggested; new. */
static json_t *with_suggestions(const struct parity_judge_options *options,
                                const json_t *suggestions)
{
    json_t *all = json_array();

    if (options->further && json_array_extend(all, (json_t *)(uintptr_t)options->further) < 0)
        goto fail;
    if (json_array_extend(all, (json_t *)(uintptr_t)suggestions) == 0)
        return all;
fail:
    json_decref(all);
    return NULL;
}

/* What still differs with the suggestions. That they do not fit the values (a list that cannot be
 * sorted) is one way not to settle it. @return 1: settled, 0: not, or -1 */
static int try_out(const struct parity_test *t, const struct parity_judge_options *options,
                   const json_t *suggestions, json_t **transformed, json_t **left,
                   struct parity_error *err)
{
    struct parity_error failure = {0};
    json_t *further = with_suggestions(options, suggestions);
    int rc = -1;

    *transformed = *left = NULL;
    if (further)
        rc = compare_runs(t, options, further, transformed, left, &failure);
    json_decref(further);
    if (rc == 0)
        return json_array_size(*left) == 0;
    if (further && failure.code == PARITY_E_INVALID)
        return 0;
    parity_fail(err, PARITY_E_NOMEM, NULL, "out of memory");
    return -1;
}

/* Leave out what is not needed: the text that only contains a value which has a transformer now.
 * The longest values come last. */
static int drop_needless(const struct parity_test *t, const struct parity_judge_options *options,
                         json_t *suggestions, json_t **transformed, struct parity_error *err)
{
    for (size_t i = json_array_size(suggestions); i-- > 0 && json_array_size(suggestions) > 1;) {
        json_t *fewer = json_copy(suggestions), *without = NULL, *left = NULL;
        int settled = -1;

        if (fewer && json_array_remove(fewer, i) == 0)
            settled = try_out(t, options, fewer, &without, &left, err);
        if (settled == 1) {
            json_array_remove(suggestions, i);
            json_decref(*transformed);
            *transformed = json_incref(without);
        }
        json_decref(without);
        json_decref(left);
        json_decref(fewer);
        if (settled < 0)
            return -1;
    }
    return 0;
}

/* A suggestion may bring other differences to light, so it takes some rounds. */
static int settle(const struct parity_test *t, const struct parity_judge_options *options,
                  const json_t *differences, json_t *suggestions, json_t **transformed,
                  bool *settled, struct parity_error *err)
{
    json_t *left = json_incref((json_t *)(uintptr_t)differences);
    int added = 1, rc = 0;

    *settled = false;
    *transformed = NULL;
    for (int round = 0; rc == 0 && added > 0 && left && round < MAX_ROUNDS; round++) {
        added = parity_suggest_transformers(left, suggestions, err);
        json_decref(left);
        json_decref(*transformed);
        left = *transformed = NULL;
        rc = added < 0 ? -1 : try_out(t, options, suggestions, transformed, &left, err);
    }
    json_decref(left);
    *settled = rc == 1;
    return rc == 1 ? drop_needless(t, options, suggestions, transformed, err) : rc;
}

void parity_judge_stability(struct parity_test *t, const struct parity_judge_options *options,
                            struct parity_judgement *out)
{
    struct parity_error err = {0};
    json_t *differences = NULL, *second = NULL, *transformed = NULL;
    json_t *suggestions = json_array();
    bool settled = false;

    if (!suggestions ||
        compare_runs(t, options, options->further, &second, &differences, &err) < 0) {
        parity_fail_nomem(&err); /* unless there is a better reason */
        parity_test_conclude_error(t, &err);
        goto out;
    }
    if (json_array_size(differences) == 0)
        goto out;
    if (settle(t, options, differences, suggestions, &transformed, &settled, &err) < 0) {
        parity_test_conclude_error(t, &err);
    } else if (settled && options->apply_suggestions) {
        json_decref(out->transformed);
        out->transformed = json_incref(transformed);
        out->suggestions = json_incref(suggestions);
        goto out;
    }
    out->differences = json_incref(differences);
    say_unstable(t, differences, suggestions, settled);
    json_decref(out->transformed);
    out->transformed = NULL;
out:
    json_decref(differences);
    json_decref(second);
    json_decref(transformed);
    json_decref(suggestions);
}
