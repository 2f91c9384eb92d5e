/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "recorder/settle.h"
#include "recorder/tree.h"
#include "runner/run_state.h"

/*
 * When recordings are put into their files: once for each of them, when the last test that is
 * recorded into it has ended. {path of the files, without suffix: tests that have not ended}. What
 * is left, since the run ends early or the disk is full, the command does at its end.
 */

static char *path_of(const struct parity_case *test)
{
    return parity_tree_path("", test->id, "", NULL);
}

/* The number of tests left; borrowed, NULL when out of memory. */
static json_t *obtain(json_t *unsettled, const char *path)
{
    json_t *left = json_object_get(unsettled, path);

    if (left)
        return left;
    json_object_set_new_nocheck(unsettled, path, json_integer(0));
    return json_object_get(unsettled, path);
}

int parity_run_settle_begin(struct parity_run_state *run, struct parity_error *err)
{
    const struct parity_worker_options *worker = run->options->worker;
    size_t repeat = run->options->repeat ? run->options->repeat : 1;

    run->unsettled = json_object();
    for (size_t i = 0; i < worker->case_count; i++) {
        char *path = path_of(worker->cases[i]);
        json_t *left = path ? obtain(run->unsettled, path) : NULL;

        parity_free(path);
        if (!left)
            return parity_fail_nomem(err);
        json_integer_set(left, json_integer_value(left) + (json_int_t)repeat);
    }
    return 0;
}

void parity_run_settle_note_end(struct parity_run_state *run, const struct parity_case *test)
{
    char *path = run->unsettled ? path_of(test) : NULL;
    json_t *left = path ? json_object_get(run->unsettled, path) : NULL;

    parity_free(path);
    if (!left)
        return;
    json_integer_set(left, json_integer_value(left) - 1);
    if (json_integer_value(left) == 0)
        (void)parity_recordings_settle(run->recordings, test->id, NULL);
}
