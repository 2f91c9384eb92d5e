/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/judge_skips.h"

#include <string.h>

#include "base/json.h"
#include "runner/condition.h"
#include "runner/definition_copy.h"

enum { PATHS = sizeof((struct parity_skip_verify *)0)->paths / sizeof(const char *) };

/* --- what applies ------------------------------------------------------------------------------
 */

/* Returns false when a conditional entry switched the comparison off, which ends the collection. */
static bool collect(struct parity_skips *skips, const struct parity_skip_verify *entries,
                    size_t max, const struct parity_case *test,
                    const struct parity_target_info *target)
{
    for (size_t i = 0; i < max; i++) {
        const struct parity_skip_verify *entry = &entries[i];
        size_t paths = 0;

        while (paths < PATHS && entry->paths[paths])
            paths++;
        if (paths == 0 && !parity_condition_is_given(&entry->when) && !entry->reason)
            return true; /* the end of the list */
        if (!parity_condition_holds(&entry->when, test, target))
            continue;
        if (paths > 0) {
            skips->items[skips->count++] = (struct parity_skip){
                .paths = entry->paths, .path_count = paths, .reason = entry->reason};
            continue;
        }
        skips->off = true;
        skips->off_reason = entry->reason;
        if (parity_condition_is_given(&entry->when)) {
            skips->count = 0;
            return false;
        }
    }
    return true;
}

void parity_skips_collect(const struct parity_test *t, struct parity_skips *out)
{
    const struct parity_case *test_case = t->test_case;
    const struct parity_target_info *target = &t->environment->target;
    bool goes_on, off;

    memset(out, 0, sizeof *out);
    if (target->aws)
        return;
    goes_on = collect(out, test_case->definition->skip_verify,
                      PARITY_LIST_ROOM(test_case->definition, skip_verify), test_case, target);
    out->own = out->count;
    off = out->off;
    if (goes_on && test_case->suite)
        collect(out, test_case->suite->skip_verify, PARITY_SUITE_SKIPS, test_case, target);
    if (out->own > out->count)
        out->own = out->count;
    for (size_t i = out->own; i < out->count; i++)
        out->items[i].shared = true;
    if (out->count > 0)
        out->off = false;
    out->off_by_suite = out->off && !off;
}

/* --- what hid nothing --------------------------------------------------------------------------
 */

static bool is_one_of(const struct parity_skip *items, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < items[i].path_count; j++)
            if (strcmp(items[i].paths[j], path) == 0)
                return true;
    return false;
}

static void note_suite(const struct parity_skips *skips, const json_t *unused, json_t *of_suite)
{
    for (size_t i = skips->own; i < skips->count; i++)
        for (size_t j = 0; j < skips->items[i].path_count; j++)
            json_object_set_new(
                of_suite, skips->items[i].paths[j],
                json_boolean(!parity_json_holds_text(unused, skips->items[i].paths[j])));
}

void parity_skips_split(const struct parity_skips *skips, json_t *unused, bool hid,
                        json_t **of_suite)
{
    *of_suite = json_object();
    note_suite(skips, unused, *of_suite);
    for (size_t i = json_array_size(unused); i-- > 0;)
        if (!is_one_of(skips->items, skips->own, json_string_value(json_array_get(unused, i))))
            json_array_remove(unused, i);
    if (skips->off_by_suite)
        json_object_set_new(*of_suite, "$", json_boolean(hid));
    else if (skips->off && !hid)
        json_array_append_new(unused, json_string("$"));
}
