/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "runner/run_state.h"

/*
 * Skip paths of suites. One that hides nothing of a test may be there for another, so the run tells
 * them only when all tests of the suite were judged: {suite: {"judged": 7, "paths": {path: whether
 * it hid anything}}}.
 */

/* The entry of a suite; borrowed, NULL when out of memory. */
static json_t *entry_of(struct parity_run_state *run, const char *suite_path)
{
    json_t *entry;

    if (!run->suite_skips)
        run->suite_skips = json_object();
    entry = json_object_get(run->suite_skips, suite_path);
    if (entry)
        return entry;
    json_object_set_new(run->suite_skips, suite_path,
                        json_pack("{s:i, s:{}}", "judged", 0, "paths"));
    return json_object_get(run->suite_skips, suite_path);
}

void parity_run_skips_note(struct parity_run_state *run, const struct parity_case *test,
                           const json_t *suite_skips)
{
    json_t *paths, *hid;
    const char *path;

    if (json_object_size(suite_skips) == 0)
        return;
    paths = json_object_get(entry_of(run, test->suite_path), "paths");
    json_object_foreach((json_t *)(uintptr_t)suite_skips, path, hid)
        if (!json_is_true(json_object_get(paths, path)))
            json_object_set(paths, path, hid);
}

/* Whether the test has shown what it needs of its suite's skip paths. */
static bool is_judged(const struct parity_result *result)
{
    bool failed = result->outcome == PARITY_FAILED || result->expected_failure;

    if (failed)
        return !result->location; /* it did not end early */
    return result->outcome == PARITY_PASSED || result->outcome == PARITY_SKIPPED;
}

void parity_run_skips_note_end(struct parity_run_state *run, const struct parity_result *result)
{
    const struct parity_suite_definition *suite = result->test_case->suite;
    json_t *judged;

    if (!suite || (!suite->skip_verify[0].paths[0] && !suite->skip_verify[0].reason) ||
        !is_judged(result))
        return;
    judged = json_object_get(entry_of(run, result->test_case->suite_path), "judged");
    json_integer_set(judged, json_integer_value(judged) + 1);
}

static void report(struct parity_run_state *run, const char *suite_path, const char *path)
{
    char *text = parity_asprintf("skip_verify path of %s that hid nothing in any of its tests: %s",
                                 suite_path, path);

    run->summary->unused_skips++;
    parity_run_notice(run, text ? text : "a skip path of a suite hid nothing");
    parity_free(text);
}

/* `tests`: how many the suite has. */
static void report_suite(struct parity_run_state *run, const char *suite_path, size_t tests)
{
    json_t *entry = json_object_get(run->suite_skips, suite_path), *hid;
    const char *path;

    if ((size_t)json_integer_value(json_object_get(entry, "judged")) < tests)
        return;
    json_object_foreach(json_object_get(entry, "paths"), path, hid)
        if (!json_is_true(hid))
            report(run, suite_path, path);
}

void parity_run_skips_report(struct parity_run_state *run)
{
    const struct parity_registry *registry = run->options->registry;
    size_t end;

    /* The tests of a suite stand together. */
    for (size_t i = 0; run->suite_skips && registry && i < registry->count; i = end) {
        const char *suite_path = registry->cases[i].suite_path;

        for (end = i; end < registry->count; end++)
            if (strcmp(registry->cases[end].suite_path, suite_path) != 0)
                break;
        report_suite(run, suite_path, end - i);
    }
}
