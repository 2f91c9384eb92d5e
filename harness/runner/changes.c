/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/changes.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "emulator/process.h"
#include "recorder/tree.h"
#include "runner/selection.h"

enum { GIT_TIMEOUT_MS = 60000 };

/* --- what git says -----------------------------------------------------------------------------
 */

enum { MOST_WORDS = 10 };

/* What "git WORDS" prints; @return 0 or -1 (it failed). */
static int ask_git(const char *folder, const char *const *words, struct parity_buffer *out)
{
    char *arguments[MOST_WORDS] = {NULL}; /* of the type that execve() wants */
    const struct parity_process_options options = {
        .arguments = arguments, .environment = environ, .folder = folder};
    size_t count = 0;

    while (words[count] && count + 1 < MOST_WORDS)
        count++;
    memcpy(arguments, words, count * sizeof *words);
    parity_buffer_reset(out);
    return parity_process_capture(&options, GIT_TIMEOUT_MS, out, NULL);
}

/* The first line of what git prints; new, or NULL. */
static char *ask_line(const char *folder, const char *const *words)
{
    struct parity_buffer out = {0};
    char *line = NULL;

    if (ask_git(folder, words, &out) == 0 && out.length > 0)
        line = parity_strndup(out.data, strcspn(out.data, "\n"));
    parity_buffer_clear(&out);
    return line;
}

static char *find_commit(const char *folder, const char *rev, struct parity_error *err)
{
    char *wanted = parity_asprintf("%s^{commit}", rev);
    char *commit =
        wanted ? ask_line(folder, (const char *[]){"git", "rev-parse", "--verify", "--quiet",
                                                   "--end-of-options", wanted, NULL})
               : NULL;
    char *base = commit
                     ? ask_line(folder, (const char *[]){"git", "merge-base", commit, "HEAD", NULL})
                     : NULL;

    if (!wanted)
        parity_fail_nomem(err);
    else if (!commit)
        parity_fail(err, PARITY_E_USAGE, "--changed-since",
                    "git knows no commit '%s' here (a shallow clone has only the last ones)", rev);
    parity_free(wanted);
    /* Histories that never met are compared as they are. */
    if (!base)
        return commit;
    parity_free(commit);
    return base;
}

static int add_path(struct parity_changes *changes, const char *top, const char *name,
                    struct parity_error *err)
{
    char *path = parity_path_join(top, name);

    if (!path || parity_grow(&changes->paths, &changes->capacity, changes->count + 1,
                             sizeof *changes->paths) < 0) {
        parity_free(path);
        parity_fail_nomem(err);
        return -1;
    }
    changes->paths[changes->count++] = path;
    return 0;
}

/* Adds the names, each with a NUL behind it, that git prints. */
static int add_names(struct parity_changes *changes, const char *top, const char *const *words,
                     struct parity_error *err)
{
    struct parity_buffer out = {0};
    int rc = ask_git(top, words, &out);

    if (rc < 0)
        parity_fail(err, PARITY_E_ENVIRONMENT, "--changed-since", "git %s fails", words[1]);
    for (size_t at = 0; rc == 0 && at < out.length; at += strlen(out.data + at) + 1)
        rc = add_path(changes, top, out.data + at, err);
    parity_buffer_clear(&out);
    return rc;
}

int parity_changes_list(const char *folder, const char *rev, struct parity_changes *out,
                        struct parity_error *err)
{
    char *top = ask_line(folder, (const char *[]){"git", "rev-parse", "--show-toplevel", NULL});
    char *commit = NULL;
    int rc = -1;

    memset(out, 0, sizeof *out);
    if (!top)
        parity_fail(err, PARITY_E_ENVIRONMENT, folder,
                    "--changed-since needs git, and a checkout of it here");
    else
        commit = find_commit(folder, rev, err);
    if (commit &&
        add_names(out, top,
                  (const char *[]){"git", "diff", "--name-only", "--no-renames", "-z", commit, "--",
                                   NULL},
                  err) == 0 &&
        add_names(out, top,
                  (const char *[]){"git", "ls-files", "--others", "--exclude-standard", "-z", NULL},
                  err) == 0)
        rc = 0;
    parity_free(top);
    parity_free(commit);
    return rc;
}

void parity_changes_clear(struct parity_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        parity_free(changes->paths[i]);
    parity_free(changes->paths);
    memset(changes, 0, sizeof *changes);
}

/* --- which tests they concern ------------------------------------------------------------------
 */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), size = strlen(end);

    return length >= size && strcmp(text + length - size, end) == 0;
}

static bool is_documentation(const struct parity_changes_layout *layout, const char *path)
{
    const char *inside = parity_path_below(path, layout->folder);
    const char *slash = strrchr(path, '/');

    return ends_with(path, ".md") || ends_with(path, ".rst") ||
           (slash && strncmp(slash + 1, "LICENSE", 7) == 0) ||
           (inside && parity_path_below(inside, "docs"));
}

/* Whether `name`, below a folder of recordings, is a file that holds what is recorded under `key`.
 */
static bool holds_recording(const char *name, const char *key)
{
    const char *suffix = ends_with(name, PARITY_VALIDATION_SUFFIX) ? PARITY_VALIDATION_SUFFIX
                                                                   : PARITY_SNAPSHOT_SUFFIX;
    char *path = key ? parity_tree_path("", key, suffix, NULL) : NULL;
    bool holds = path && strcmp(path + 1, name) == 0;

    parity_free(path);
    return holds;
}

/* What comes after the folder of recordings that a path lies in; NULL: it is no recording. */
static const char *recording_name(const struct parity_changes_layout *layout, const char *path)
{
    const char *name = NULL;

    for (size_t i = 0; !name && layout->trees[i]; i++)
        name = parity_path_below(path, layout->trees[i]);
    return name && (ends_with(name, PARITY_SNAPSHOT_SUFFIX) ||
                    ends_with(name, PARITY_VALIDATION_SUFFIX))
               ? name
               : NULL;
}

/* "sqs/test_send.transformers.json" stands beside "sqs/test_send.c". */
static bool stands_beside(const char *name, const char *suite_path)
{
    static const char suffix[] = ".transformers.json";
    const char *dot = strrchr(suite_path, '.');
    size_t stem = dot ? (size_t)(dot - suite_path) : strlen(suite_path);

    return strncmp(name, suite_path, stem) == 0 && strcmp(name + stem, suffix) == 0;
}

static bool is_test_file(const char *name)
{
    return ends_with(name, ".c") || ends_with(name, ".json") || ends_with(name, ".yaml") ||
           ends_with(name, ".yml");
}

/* Whether a change below the suites, called `name` there, concerns a test. */
static bool concerns_suite(const char *path, const char *name, const struct parity_case *test)
{
    const char *slash = strrchr(name, '/');
    size_t folder = slash ? (size_t)(slash - name) + 1 : 0;

    if (is_test_file(name))
        return test->source
                   ? strcmp(test->source, path) == 0
                   : strcmp(test->suite_path, name) == 0 || stands_beside(name, test->suite_path);
    /* A header, or data that tests read. */
    return strncmp(test->suite_path, name, folder) == 0;
}

static bool concerns(const struct parity_changes_layout *layout, const char *path,
                     const struct parity_case *test)
{
    const char *recording = recording_name(layout, path);
    const char *name = parity_path_below(path, layout->suites);

    if (recording)
        return holds_recording(recording, test->id) ||
               holds_recording(recording, test->recorded_as);
    if (name)
        return concerns_suite(path, name, test);
    return test->source && strcmp(test->source, path) == 0;
}

/* Whether the place of a changed file says which tests it concerns. */
static bool is_of_tests(const struct parity_changes_layout *layout, const char *path,
                        const struct parity_case *const *cases, size_t count)
{
    if (recording_name(layout, path) || parity_path_below(path, layout->suites))
        return true;
    for (size_t i = 0; i < count; i++)
        if (cases[i]->source && strcmp(cases[i]->source, path) == 0)
            return true;
    return false;
}

int parity_changes_select(const struct parity_changes *changes,
                          const struct parity_changes_layout *layout,
                          const struct parity_case **cases, size_t *count, const char **all,
                          struct parity_error *err)
{
    bool *taken = parity_calloc(*count + 1, sizeof *taken);
    size_t kept = 0;

    *all = NULL;
    if (!taken) {
        parity_fail_nomem(err);
        return -1;
    }
    for (size_t i = 0; i < changes->count && !*all; i++) {
        const char *path = changes->paths[i];

        if (is_documentation(layout, path))
            continue;
        if (!is_of_tests(layout, path, cases, *count))
            *all = path;
        for (size_t j = 0; j < *count && !*all; j++)
            taken[j] = taken[j] || concerns(layout, path, cases[j]);
    }
    for (size_t i = 0; i < *count; i++)
        if (*all || taken[i])
            cases[kept++] = cases[i];
    *count = kept;
    parity_free(taken);
    return 0;
}
