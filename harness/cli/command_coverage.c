/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/coverage_html.h"
#include "cli/coverage_report.h"
#include "cli/coverage_table.h"
#include "cli/models.h"
#include "cli/options.h"
#include "cli/settling.h"
#include "recorder/coverage.h"
#include "runner/project.h"

static const char *const formats[] = {"text", "json", "markdown", "csv", "html", NULL};

struct arguments {
    const char *format, *measure, *fail_under, *output;
    struct parity_option_list services, ground_truth;
    const char *const *files; /* NULL-terminated */
    double least;             /* of --fail-under; negative: not given */
};

/* --- arguments ---------------------------------------------------------------------------------
 */

/* One of a list of words; `*word` NULL: the first. */
static int choose(const char **word, const char *const *words, const char *option,
                  struct parity_error *err)
{
    const char *nearest = NULL;

    if (!*word)
        *word = words[0];
    for (const char *const *known = words; *known; known++) {
        if (strcmp(*known, *word) == 0)
            return 0;
        nearest = parity_suggest(*word, nearest, *known);
    }
    parity_fail(err, PARITY_E_USAGE, NULL, "%s knows no '%s'%s%s%s (see --help)", option, *word,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return -1;
}

static int read_percentage(struct arguments *out, struct parity_error *err)
{
    char *end;

    out->least = -1;
    if (!out->fail_under)
        return 0;
    out->least = strtod(out->fail_under, &end);
    if (end != out->fail_under && !*end && out->least >= 0 && out->least <= 100)
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL, "--fail-under takes a number from 0 to 100, not '%s'",
                out->fail_under);
    return -1;
}

static int read_arguments(int argc, char **argv, struct arguments *out, struct parity_error *err)
{
    const struct parity_option options[] = {
        {.name = "fail-under",
         .argument = "PERCENT",
         .value = &out->fail_under,
         .help = "exit with 1 if a target has less in all"},
        {.name = "format",
         .argument = "FORMAT",
         .value = &out->format,
         .help = "text (the default), json, markdown, csv or html"},
        {.name = "ground-truth",
         .argument = "DIR",
         .list = &out->ground_truth,
         .help = "further recordings, as of 'parity run' (repeatable)"},
        {.name = "measure",
         .argument = "WHAT",
         .value = &out->measure,
         .help = "operations that percentages count: tested (the default), called, snapshotted, "
                 "validated or implemented"},
        {.name = "output",
         .letter = 'o',
         .argument = "FILE",
         .value = &out->output,
         .help = "write here instead of to standard output"},
        {.name = "service",
         .argument = "NAME",
         .list = &out->services,
         .help = "this one alone, with each of its operations (repeatable)"},
        {.name = NULL},
    };
    const struct parity_command_usage usage = {
        .synopsis = "parity coverage [OPTIONS] RESULTS...",
        .summary = "Tell which operations of services are tested, validated and implemented, from "
                   "files of 'parity run --results'.",
        .options = options};
    int operands, rc = parity_options_read(&usage, argc, argv, &operands, err);

    if (rc)
        return rc;
    out->files = (const char *const *)(argv + 1);
    if (operands == 0) {
        parity_fail(err, PARITY_E_USAGE, NULL, "name the results of one or more runs (usage: %s)",
                    usage.synopsis);
        return -1;
    }
    if (choose(&out->format, formats, "--format", err) < 0 ||
        choose(&out->measure, parity_coverage_measures, "--measure", err) < 0)
        return -1;
    return read_percentage(out, err);
}

/* --- counting ----------------------------------------------------------------------------------
 */

static int add_files(struct parity_coverage *coverage, const char *const *files,
                     struct parity_error *err)
{
    int rc = 0;

    for (; rc == 0 && *files; files++) {
        json_t *document;

        rc = parity_json_read_file(*files, &document, err);
        if (rc == 0)
            rc = parity_coverage_add(coverage, document, *files, err);
        json_decref(document);
    }
    return rc;
}

/* Those of the command line, then those of parity.json. New; NULL when out of memory. */
static const char **list_ground_truth(const struct arguments *arguments,
                                      const struct parity_project *project)
{
    size_t given = arguments->ground_truth.count, further = 0;
    const char **list;

    while (project->ground_truth && project->ground_truth[further])
        further++;
    list = parity_calloc(given + further + 1, sizeof *list);
    for (size_t i = 0; list && i < given; i++)
        list[i] = arguments->ground_truth.items[i];
    for (size_t i = 0; list && i < further; i++)
        list[given + i] = project->ground_truth[i];
    return list;
}

static int count(const struct arguments *arguments, struct parity_coverage *coverage, json_t **out,
                 struct parity_error *err)
{
    struct parity_recordings_options options = {0};
    struct parity_recordings *recordings = NULL;
    struct parity_project project;
    const char **ground_truth = NULL;
    int rc = -1;

    *out = NULL;
    if (parity_project_open(NULL, &project, err) < 0 ||
        parity_command_settle(project.snapshots, err) < 0)
        goto out;
    ground_truth = list_ground_truth(arguments, &project);
    if (!ground_truth) {
        parity_fail_nomem(err);
        goto out;
    }
    options.folder = project.snapshots;
    options.ground_truth = ground_truth;
    recordings = parity_recordings_new(&options, err);
    if (recordings)
        rc = parity_coverage_count(coverage, recordings, out, err);
out:
    parity_recordings_free(recordings);
    parity_free(ground_truth);
    parity_project_clear(&project);
    return rc;
}

static int make_report(const struct arguments *arguments, json_t **out, struct parity_error *err)
{
    const struct parity_coverage_report_options options = {
        .services = (const char *const *)arguments->services.items,
        .service_count = arguments->services.count,
        .measure = arguments->measure};
    struct parity_coverage *coverage = parity_coverage_new();
    struct parity_models *models = NULL;
    json_t *facts = NULL;
    int rc = -1;

    *out = NULL;
    if (!coverage) {
        parity_fail_nomem(err);
        return -1;
    }
    if (add_files(coverage, arguments->files, err) == 0 &&
        count(arguments, coverage, &facts, err) == 0 && (models = parity_command_models(NULL, err)))
        rc = parity_coverage_report(facts, models, &options, out, err);
    parity_models_free(models);
    json_decref(facts);
    parity_coverage_free(coverage);
    return rc;
}

/* --- the end -----------------------------------------------------------------------------------
 */

static void write_report(const struct arguments *arguments, const json_t *report,
                         struct parity_buffer *out)
{
    bool by_operation = arguments->services.count > 0;

    if (strcmp(arguments->format, "html") == 0) {
        parity_coverage_html(out, report);
    } else if (strcmp(arguments->format, "json") == 0) {
        parity_json_write(out, report, PARITY_JSON_PRETTY);
        parity_buffer_add_char(out, '\n');
    } else {
        parity_coverage_table(out, report, by_operation,
                              strcmp(arguments->format, "csv") == 0 ? PARITY_COVERAGE_CSV
                              : strcmp(arguments->format, "markdown") == 0
                                  ? PARITY_COVERAGE_MARKDOWN
                                  : PARITY_COVERAGE_TEXT);
    }
}

static int put(const struct arguments *arguments, const struct parity_buffer *text,
               struct parity_error *err)
{
    if (text->failed) {
        parity_fail_nomem(err);
        return -1;
    }
    if (arguments->output && strcmp(arguments->output, "-") != 0)
        return parity_file_replace(arguments->output, text->data, text->length, err);
    if (fwrite(text->data, 1, text->length, stdout) == text->length && fflush(stdout) == 0)
        return 0;
    parity_fail(err, PARITY_E_IO, "standard output", "cannot write: %s", strerror(errno));
    return -1;
}

static void tell_notices(const json_t *report)
{
    const json_t *notice;
    size_t i;

    json_array_foreach(json_object_get(report, "notices"), i, notice)
        fprintf(stderr, "parity: %s\n", json_string_value(notice));
}

/* @return 0 or 1: a target has less than it should */
static int check_least(const struct arguments *arguments, const json_t *report)
{
    const json_t *sums;
    int code = PARITY_EXIT_OK;
    size_t i;

    json_array_foreach(json_object_get(report, "total"), i, sums) {
        const json_t *target = json_array_get(json_object_get(report, "targets"), i);
        double percent = json_number_value(json_object_get(sums, "percent"));

        if (percent >= arguments->least)
            continue;
        fprintf(stderr,
                "parity: %s: of %" JSON_INTEGER_FORMAT
                " operations %.2f percent are %s, less than the %g of --fail-under\n",
                json_string_value(json_object_get(target, "label")),
                json_integer_value(json_object_get(sums, "operations")), percent,
                arguments->measure, arguments->least);
        code = PARITY_EXIT_DIFFERENCE;
    }
    return code;
}

static int run(const struct arguments *arguments)
{
    struct parity_error err = {0};
    struct parity_buffer text = {0};
    json_t *report;
    int code;

    if (make_report(arguments, &report, &err) < 0)
        return parity_command_fail(&err);
    tell_notices(report);
    if (json_array_size(json_object_get(report, "services")) == 0) {
        fputs("parity: no test of these results called a service\n", stderr);
        code = PARITY_EXIT_NOTHING_SELECTED;
    } else {
        write_report(arguments, report, &text);
        code = put(arguments, &text, &err) < 0 ? parity_command_fail(&err)
                                               : check_least(arguments, report);
    }
    parity_buffer_clear(&text);
    json_decref(report);
    return code;
}

int parity_command_coverage(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct parity_error err = {0};
    int rc = read_arguments(argc, argv, &arguments, &err), code;

    if (rc)
        code = rc < 0 ? parity_command_fail(&err) : PARITY_EXIT_OK;
    else
        code = run(&arguments);
    parity_option_list_clear(&arguments.services);
    parity_option_list_clear(&arguments.ground_truth);
    return code;
}
