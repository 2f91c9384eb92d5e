/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_reporters.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "runner/last_run.h"

/* Steals `reporter`; NULL is passed on. */
static int add(struct parity_run_reporters *reporters, struct parity_reporter *reporter)
{
    if (!reporter)
        return -1;
    reporters->items[reporters->count++] = reporter;
    return 0;
}

/* Where people read: standard output, unless it belongs to a machine. */
static FILE *stream_for_people(const struct parity_run_arguments *arguments)
{
    return arguments->tap && strcmp(arguments->tap, "-") == 0 ? stderr : stdout;
}

/* Whether the locale's character set is UTF-8. Without one it is, as on every machine today. */
static bool speaks_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL, *set;

    for (size_t i = 0; i < sizeof variables / sizeof *variables && !(locale && *locale); i++)
        locale = getenv(variables[i]);
    set = locale ? strchr(locale, '.') : NULL;
    return !set || strncasecmp(set, ".UTF-8", 6) == 0 || strncasecmp(set, ".UTF8", 5) == 0;
}

static int add_terminal(const struct parity_run_arguments *arguments, size_t slowest,
                        const struct parity_forecast_options *forecast,
                        struct parity_run_reporters *out, struct parity_error *err)
{
    FILE *stream = stream_for_people(arguments);
    bool on_terminal = parity_command_is_terminal(stream);
    struct winsize size = {0};
    struct parity_terminal_options options = {
        .out = stream,
        .colour = parity_command_has_colour(stream),
        .live = on_terminal && !arguments->quiet,
        .ascii = on_terminal && !speaks_utf8(),
        .strict_skips = arguments->strict_skips,
        .verbosity = arguments->verbose - arguments->quiet,
        .slowest = slowest,
    };

    if (on_terminal && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0)
        options.width = size.ws_col;
    if (options.live && forecast)
        options.forecast = parity_forecast_new(forecast);
    if (add(out, parity_terminal_reporter_new(&options)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* In a job of GitHub Actions, without being asked. */
static int add_github(const struct parity_run_arguments *arguments,
                      const struct parity_project *project, struct parity_run_reporters *out,
                      struct parity_error *err)
{
    const char *actions = getenv("GITHUB_ACTIONS");
    const char *summary = getenv("GITHUB_STEP_SUMMARY");
    const struct parity_github_options options = {
        .out = stream_for_people(arguments),
        .suites = project->suites,
        .root = getenv("GITHUB_WORKSPACE"),
        .summary = summary && *summary ? summary : NULL,
    };

    if (!actions || strcmp(actions, "true") != 0)
        return 0;
    return add(out, parity_github_reporter_new(&options, err));
}

/* `path` up to its last slash, to be released; NULL: no memory. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? parity_asprintf("%.*s/", (int)(slash - path), path) : parity_strdup(".");
}

static const char *name_in_folder(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether two reports would replace each other; their folders are there. What is no regular file,
 * such as /dev/null, may be written to twice. */
static bool is_one_file(const char *a, const char *b)
{
    char *folder_of_a, *folder_of_b;
    struct stat in_a, in_b;
    bool same;

    if (stat(a, &in_a) == 0 && stat(b, &in_b) == 0)
        return S_ISREG(in_a.st_mode) && is_same(&in_a, &in_b);
    folder_of_a = folder_of(a);
    folder_of_b = folder_of(b);
    same = folder_of_a && folder_of_b && strcmp(name_in_folder(a), name_in_folder(b)) == 0 &&
           stat(folder_of_a, &in_a) == 0 && stat(folder_of_b, &in_b) == 0 && is_same(&in_a, &in_b);
    parity_free(folder_of_a);
    parity_free(folder_of_b);
    return same;
}

static int add_files(const struct parity_run_arguments *arguments, struct parity_run_reporters *out,
                     struct parity_error *err)
{
    const struct {
        const char *option, *path;
        struct parity_reporter *(*make)(const char *path, struct parity_error *err);
    } files[] = {
        {"--results", arguments->results, parity_results_reporter_new},
        {"--junit", arguments->junit, parity_junit_reporter_new},
        {"--tap", arguments->tap, parity_tap_reporter_new},
        {"--html", arguments->html, parity_html_reporter_new},
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!files[i].path)
            continue;
        if (add(out, files[i].make(files[i].path, err)) < 0)
            return -1;
        for (size_t other = 0; other < i; other++)
            if (files[other].path && is_one_file(files[other].path, files[i].path)) {
                parity_fail(err, PARITY_E_USAGE, NULL, "%s and %s would replace each other in %s",
                            files[other].option, files[i].option, files[i].path);
                return -1;
            }
    }
    return 0;
}

/* The folder belongs to this machine; no project should have to say so. */
static void ignore_in_git(const char *folder)
{
    char *path = parity_path_join(folder, ".gitignore");

    if (path && access(path, F_OK) != 0)
        parity_file_replace(path, "*\n", 2, NULL);
    parity_free(path);
}

int parity_run_reporters_add_last_run(const struct parity_project *project,
                                      const struct parity_registry *known,
                                      struct parity_run_reporters *out, struct parity_error *err)
{
    char *path = parity_last_run_path(project->folder);
    char *folder = parity_path_join(project->folder, ".parity");
    struct parity_error failure = {0};

    if (path && folder) {
        out->last_run = parity_last_run_reporter_new(path, known, &failure);
        if (out->last_run) {
            add(out, out->last_run);
            ignore_in_git(folder);
        } else {
            parity_command_fail(&failure);
        }
    } else {
        parity_fail_nomem(err);
    }
    parity_free(folder);
    parity_free(path);
    return path && folder ? 0 : -1;
}

int parity_run_reporters_make(const struct parity_run_arguments *arguments, size_t slowest,
                              const struct parity_project *project,
                              const struct parity_forecast_options *forecast,
                              struct parity_run_reporters *out, struct parity_error *err)
{
    if (add_terminal(arguments, slowest, forecast, out, err) < 0 ||
        add_github(arguments, project, out, err) < 0 || add_files(arguments, out, err) < 0)
        return -1;
    if (arguments->suggest_skips)
        return add(out, parity_suggestions_reporter_new(stream_for_people(arguments), err));
    return 0;
}

static int exit_code(const struct parity_summary *summary, bool strict_skips)
{
    size_t bad = parity_summary_bad(summary);

    if (summary->interrupted)
        return PARITY_EXIT_SIGNAL + (summary->interrupted_by ? summary->interrupted_by : SIGINT);
    if (bad == 0)
        return strict_skips && summary->unused_skips > 0 ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
    /* Nothing but the machine was at fault: no verdict on the target. */
    return bad == summary->environmental ? PARITY_EXIT_ENVIRONMENT : PARITY_EXIT_DIFFERENCE;
}

int parity_run_reporters_finish(const struct parity_run_reporters *reporters,
                                const struct parity_summary *summary, bool strict_skips)
{
    int code = exit_code(summary, strict_skips);

    for (size_t i = 0; i < reporters->count; i++) {
        struct parity_reporter *reporter = reporters->items[i];
        struct parity_error err = {0};

        if (reporter->finish(reporter, summary, &err) < 0) {
            int failed = parity_command_fail(&err);

            code = reporter == reporters->last_run ? code : failed;
        }
    }
    if (strict_skips && summary->unused_skips > 0)
        fprintf(stderr,
                "parity: --strict-skips: remove the %zu skip_verify path%s that hid nothing\n",
                summary->unused_skips, summary->unused_skips == 1 ? "" : "s");
    return code;
}

void parity_run_reporters_clear(struct parity_run_reporters *reporters)
{
    for (size_t i = 0; i < reporters->count; i++)
        reporters->items[i]->free(reporters->items[i]);
    *reporters = (struct parity_run_reporters){0};
}
