/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_selection.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/suggest.h"
#include "runner/changes.h"
#include "runner/durations.h"
#include "runner/expression.h"
#include "runner/last_run.h"
#include "runner/order.h"
#include "runner/tags.h"

/* What the steps work on. */
struct selecting {
    const struct parity_run_choice *choice;
    const struct parity_project *project;
    const char *const *trees; /* folders of recordings, absolute */
    struct parity_collection *collection;
    struct parity_run_selection *out;
};

typedef bool predicate(const void *data, const struct parity_case *test);

/* Says how many of `before` tests an option has left. */
static void note_step(const struct selecting *selecting, size_t before, const char *option,
                      const char *value)
{
    struct parity_buffer *steps = &selecting->out->steps;

    if (steps->length == 0)
        parity_buffer_printf(steps, "of %zu test%s ", before, before == 1 ? "" : "s");
    else
        parity_buffer_add_text(steps, ", ");
    parity_buffer_printf(steps, "%s%s%s%s leaves ", option, value ? " '" : "", value ? value : "",
                         value ? "'" : "");
    if (selecting->collection->count > 0)
        parity_buffer_printf(steps, "%zu", selecting->collection->count);
    else
        parity_buffer_add_text(steps, "none");
}

/* Drops the tests of which `takes` is false. */
static void keep(const struct selecting *selecting, const char *option, const char *value,
                 predicate *takes, const void *data)
{
    struct parity_collection *collection = selecting->collection;
    size_t before = collection->count, kept = 0;

    for (size_t i = 0; i < before; i++)
        if (takes(data, collection->cases[i]))
            collection->cases[kept++] = collection->cases[i];
    collection->count = kept;
    note_step(selecting, before, option, value);
}

/* --- expressions -------------------------------------------------------------------------------
 */

static bool has_keyword(const void *test, const char *name)
{
    return parity_case_has_keyword(test, name);
}

static bool has_tag(const void *test, const char *name)
{
    return parity_case_has_tag(test, name);
}

static bool matches_keywords(const void *expression, const struct parity_case *test)
{
    return parity_expression_holds(expression, has_keyword, test);
}

static bool matches_tags(const void *expression, const struct parity_case *test)
{
    return parity_expression_holds(expression, has_tag, test);
}

static const char *nearest_tag(const struct selecting *selecting, const char *name)
{
    const struct parity_registry *registry = &selecting->collection->registry;
    const char *nearest = NULL, *tag;

    for (size_t i = 0; i < registry->count; i++) {
        const struct parity_case *test = &registry->cases[i];

        if (parity_case_has_tag(test, name))
            return name;
        for (size_t n = 0; (tag = parity_case_tag(test, n)) != NULL; n++)
            nearest = parity_suggest(name, nearest, tag);
    }
    for (int marker = PARITY_AWS_VALIDATED; marker <= PARITY_UNKNOWN; marker++) {
        const char *known = parity_marker_name((enum parity_marker)marker);

        if (strcasecmp(known, name) == 0)
            return name;
        nearest = parity_suggest(name, nearest, known);
    }
    return nearest;
}

/* "not slwo" would run everything without a word. */
static void tell_unknown_tags(const struct selecting *selecting,
                              const struct parity_expression *expression)
{
    const char *name;

    for (size_t n = 0; (name = parity_expression_name(expression, n)) != NULL; n++) {
        const char *nearest = nearest_tag(selecting, name);

        if (nearest == name)
            continue;
        parity_buffer_printf(&selecting->out->notices, "-m: no test has the tag '%s'%s%s%s\n", name,
                             nearest ? "; did you mean '" : "", nearest ? nearest : "",
                             nearest ? "'?" : "");
    }
}

/* As for pytest, an expression of nothing is none. */
static int apply_expression(const struct selecting *selecting, const char *option, const char *text,
                            predicate *takes, struct parity_error *err)
{
    struct parity_expression *expression;

    if (!text || text[strspn(text, " \t\n")] == '\0')
        return 0;
    expression = parity_expression_parse(text, option, err);
    if (!expression)
        return -1;
    if (takes == matches_tags)
        tell_unknown_tags(selecting, expression);
    keep(selecting, option, text, takes, expression);
    parity_expression_free(expression);
    return 0;
}

/* --- changes -----------------------------------------------------------------------------------
 */

static int apply_changes(const struct selecting *selecting, struct parity_error *err)
{
    const struct parity_project *project = selecting->project;
    const char *rev = selecting->choice->changed_since;
    struct parity_collection *collection = selecting->collection;
    char *suites = parity_path_absolute(project->suites);
    const struct parity_changes_layout layout = {
        .folder = project->folder, .suites = suites, .trees = selecting->trees};
    struct parity_changes changes = {0};
    const char *all = NULL;
    size_t before = collection->count;
    int rc = -1;

    if (!suites)
        parity_fail_nomem(err);
    else if (parity_changes_list(project->folder, rev, &changes, err) == 0)
        rc = parity_changes_select(&changes, &layout, collection->cases, &collection->count, &all,
                                   err);
    if (rc == 0)
        note_step(selecting, before, "--changed-since", rev);
    if (all)
        parity_buffer_printf(&selecting->out->notices,
                             "--changed-since: all tests are run, because of %s\n", all);
    parity_changes_clear(&changes);
    parity_free(suites);
    return rc;
}

/* --- the last run ------------------------------------------------------------------------------
 */

static int read_last_run(const struct selecting *selecting, struct parity_error *err)
{
    const struct parity_run_choice *choice = selecting->choice;
    bool calls = choice->services.count + choice->operations.count > 0;
    char *path;
    int rc;

    if (!choice->last_failed && !choice->failed_first && !calls)
        return 0;
    path = parity_last_run_path(selecting->project->folder);
    if (!path) {
        parity_fail_nomem(err);
        return -1;
    }
    rc = calls ? parity_last_run_read(path, &selecting->out->last_run, err)
               : parity_last_run_read_failed(path, &selecting->out->last_run, err);
    parity_free(path);
    return rc;
}

static bool failed_last(const void *last_run, const struct parity_case *test)
{
    return parity_last_run_failed(last_run, test->id);
}

/* What the predicates below need. */
struct called {
    const json_t *last_run;
    const struct parity_option_list *names;
};

static bool called_service(const void *data, const struct parity_case *test)
{
    const struct called *called = data;

    for (size_t i = 0; i < called->names->count; i++)
        if (parity_last_run_called_service(called->last_run, test->id, called->names->items[i]))
            return true;
    return false;
}

static bool called_operation(const void *data, const struct parity_case *test)
{
    const struct called *called = data;

    for (size_t i = 0; i < called->names->count; i++)
        if (parity_last_run_called(called->last_run, test->id, called->names->items[i]))
            return true;
    return false;
}

/* What a test calls is known once it has run. */
static void tell_unknown_calls(const struct selecting *selecting)
{
    const struct parity_collection *collection = selecting->collection;
    size_t unknown = 0;

    for (size_t i = 0; i < collection->count; i++)
        unknown += !json_object_get(selecting->out->last_run, collection->cases[i]->id);
    if (unknown > 0)
        parity_buffer_printf(&selecting->out->notices,
                             "--service, --operation: what %zu of %zu tests call is not known, as "
                             "they have not been run here; they are left out\n",
                             unknown, collection->count);
}

static void apply_calls(const struct selecting *selecting)
{
    const struct parity_run_choice *choice = selecting->choice;
    const struct called services = {selecting->out->last_run, &choice->services};
    const struct called operations = {selecting->out->last_run, &choice->operations};

    if (services.names->count + operations.names->count > 0)
        tell_unknown_calls(selecting);
    if (services.names->count > 0)
        keep(selecting, "--service", choice->services.items[0], called_service, &services);
    if (operations.names->count > 0)
        keep(selecting, "--operation", choice->operations.items[0], called_operation, &operations);
}

/* As for pytest, everything is run when nothing is known to have failed. */
static void apply_last_failed(const struct selecting *selecting)
{
    const struct parity_collection *collection = selecting->collection;
    const json_t *last_run = selecting->out->last_run;
    bool any = false;

    if (!selecting->choice->last_failed)
        return;
    for (size_t i = 0; i < collection->count && !any; i++)
        any = failed_last(last_run, collection->cases[i]);
    if (any)
        keep(selecting, "--last-failed", NULL, failed_last, last_run);
    else
        parity_buffer_add_text(
            &selecting->out->notices,
            "--last-failed: none of these tests failed when it ran last; all are "
            "run\n");
}

/* --- shards ------------------------------------------------------------------------------------
 */

/* Bazel takes a test that does not make this file for one that knows nothing of shards. */
static int make_status_file(const char *path, struct parity_error *err)
{
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;

    if (!path)
        return 0;
    if (fd < 0) {
        parity_fail(err, PARITY_E_IO, "TEST_SHARD_STATUS_FILE", "cannot make %s: %s", path,
                    strerror(errno));
        return -1;
    }
    close(fd);
    return 0;
}

static int find_shard(const struct selecting *selecting, struct parity_error *err)
{
    struct parity_shard_environment said;

    if (selecting->choice->shard)
        return parity_shard_parse(selecting->choice->shard, "--shard", &selecting->out->shard, err);
    if (parity_shard_from_environment(getenv, &said, err) < 0 ||
        make_status_file(said.status_file, err) < 0)
        return -1;
    if (said.notice)
        parity_buffer_printf(&selecting->out->notices, "%s\n", said.notice);
    selecting->out->shard = said.shard;
    return 0;
}

static int find_seconds(const struct selecting *selecting, double *seconds,
                        struct parity_error *err)
{
    const struct parity_collection *collection = selecting->collection;
    json_t *known = NULL;

    if (!selecting->choice->shard_durations)
        return parity_recorded_durations(collection->cases, collection->count, selecting->trees,
                                         seconds, err);
    if (access(selecting->choice->shard_durations, R_OK) < 0) {
        parity_fail(err, PARITY_E_NOT_FOUND, selecting->choice->shard_durations,
                    "--shard-durations: cannot read: %s", strerror(errno));
        return -1;
    }
    if (parity_last_run_read(selecting->choice->shard_durations, &known, err) < 0)
        return -1;
    for (size_t i = 0; i < collection->count; i++)
        seconds[i] = parity_last_run_seconds(known, collection->cases[i]->id);
    json_decref(known);
    return 0;
}

static int apply_shard(const struct selecting *selecting, struct parity_error *err)
{
    struct parity_collection *collection = selecting->collection;
    struct parity_shard *shard = &selecting->out->shard;
    size_t all = collection->count;
    double *seconds;
    int rc = -1;

    if (find_shard(selecting, err) < 0)
        return -1;
    /* That nothing was selected is not the fault of the division. */
    if (shard->count == 0 || all == 0)
        return 0;
    seconds = parity_calloc(all, sizeof *seconds);
    if (!seconds)
        parity_fail_nomem(err);
    else if (find_seconds(selecting, seconds, err) == 0)
        rc = parity_shard_select(shard, collection->cases, seconds, &collection->count, err);
    if (rc == 0)
        parity_buffer_printf(&selecting->out->notices, "shard %zu/%zu: %zu of %zu tests\n",
                             shard->index, shard->count, collection->count, all);
    parity_free(seconds);
    return rc;
}

/* --- order -------------------------------------------------------------------------------------
 */

static int read_seed(const char *text, uint64_t *out, struct parity_error *err)
{
    unsigned short chance;
    char *end;

    if (*text == '\0') {
        if (getrandom(&chance, sizeof chance, 0) != sizeof chance)
            chance = (unsigned short)getpid();
        *out = chance; /* short enough to be typed again */
        return 0;
    }
    errno = 0;
    *out = strtoull(text, &end, 10);
    if (*end == '\0' && errno == 0 && text[0] >= '0' && text[0] <= '9')
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL, "--shuffle takes a number as its seed, not '%s'", text);
    return -1;
}

static bool is_not_serial(const void *data, const struct parity_case *test)
{
    (void)data;
    return !parity_case_is_serial(test);
}

static int apply_order(const struct selecting *selecting, struct parity_error *err)
{
    struct parity_collection *collection = selecting->collection;
    const char *shuffle = selecting->choice->shuffle;
    uint64_t seed = 0;

    if (shuffle) {
        if (read_seed(shuffle, &seed, err) < 0)
            return -1;
        parity_order_shuffle(collection->cases, collection->count, seed);
        parity_buffer_printf(&selecting->out->notices, "--shuffle=%" PRIu64 "\n", seed);
    }
    if ((selecting->choice->failed_first &&
         parity_order_first(collection->cases, collection->count, failed_last,
                            selecting->out->last_run) < 0) ||
        /* Each of the others makes all workers wait, so they come one after the other at the end.
         */
        parity_order_first(collection->cases, collection->count, is_not_serial, NULL) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

static void free_trees(char **trees)
{
    for (size_t i = 0; trees && trees[i]; i++)
        parity_free(trees[i]);
    parity_free(trees);
}

/* The folders of recordings in the order in which they are looked through; new. */
static char **list_trees(const char *const *ground_truth, const char *snapshots)
{
    size_t count = 0;
    char **trees;

    while (ground_truth[count])
        count++;
    trees = parity_calloc(count + 2, sizeof *trees);
    for (size_t i = 0; trees && i <= count; i++) {
        trees[i] = parity_path_absolute(i < count ? ground_truth[i] : snapshots);
        if (!trees[i]) {
            free_trees(trees);
            return NULL;
        }
    }
    return trees;
}

static int apply_all(const struct selecting *selecting, struct parity_error *err)
{
    const struct parity_run_choice *choice = selecting->choice;

    if (apply_expression(selecting, "-k", choice->keywords, matches_keywords, err) < 0 ||
        apply_expression(selecting, "-m", choice->markers, matches_tags, err) < 0 ||
        (choice->changed_since && apply_changes(selecting, err) < 0) ||
        read_last_run(selecting, err) < 0)
        return -1;
    apply_calls(selecting);
    apply_last_failed(selecting);
    if (apply_shard(selecting, err) < 0 || apply_order(selecting, err) < 0)
        return -1;
    if (selecting->out->steps.failed || selecting->out->notices.failed) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

int parity_run_select(const struct parity_run_arguments *arguments,
                      const struct parity_project *project, const char *const *ground_truth,
                      struct parity_collection *collection, struct parity_run_selection *out,
                      struct parity_error *err)
{
    char **trees = list_trees(ground_truth, project->snapshots);
    const struct selecting selecting = {.choice = &arguments->choice,
                                        .project = project,
                                        .trees = (const char *const *)trees,
                                        .collection = collection,
                                        .out = out};
    int rc = -1;

    if (trees)
        rc = apply_all(&selecting, err);
    else
        parity_fail_nomem(err);
    free_trees(trees);
    return rc;
}

void parity_run_selection_clear(struct parity_run_selection *selection)
{
    parity_buffer_clear(&selection->steps);
    parity_buffer_clear(&selection->notices);
    json_decref(selection->last_run);
    *selection = (struct parity_run_selection){0};
}
