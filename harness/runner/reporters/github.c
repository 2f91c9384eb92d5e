/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/reporters/plain_text.h"
#include "runner/reporters/reporter.h"
#include "runner/reporters/result_text.h"

/*
 * What GitHub Actions understands: an annotation at the line of each test that did not pass, and a
 * summary of the job.
 *
 * @see GitHub Docs, "Workflow commands for GitHub Actions"
 */
struct github {
    struct parity_reporter reporter;
    FILE *out;
    char *suites, *root; /* owned; absolute, without links; `root` may be NULL */
    FILE *summary;       /* NULL: not wanted */
    char *target;        /* owned; in words */
    struct parity_buffer details;
    size_t left_out; /* tests that did not go into `details` any more */
};

/* GitHub takes 1 MiB of a job's step, and of a message some 4,000 characters are read. */
enum { MOST_DETAILS = 900 * 1024, MOST_MESSAGE = 4000 };

static void on_start(struct parity_reporter *reporter, const struct parity_run_info *info)
{
    struct github *github = (struct github *)reporter;

    parity_free(github->target);
    github->target = parity_asprintf("%s%s%s (%s%s%s)",
                                     info->aws        ? "AWS"
                                     : info->emulator ? info->emulator
                                                      : "an emulator",
                                     info->version ? " " : "", info->version ? info->version : "",
                                     info->endpoint_url ? info->endpoint_url : "",
                                     info->endpoint_url ? ", " : "", info->region);
}

/* --- annotations -------------------------------------------------------------------------------
 */

/* A value in a workflow command: `%`, line ends and, in properties, what separates them. */
static void add_escaped(struct parity_buffer *out, const char *text, size_t length,
                        const char *special)
{
    const char *end = text + length;

    while (text < end) {
        size_t plain = strcspn(text, special);

        if (plain > (size_t)(end - text))
            plain = (size_t)(end - text);
        parity_plain_text_add(out, text, plain);
        text += plain;
        if (text < end)
            parity_buffer_printf(out, "%%%02X", (unsigned char)*text++);
    }
}

static void add_property(struct parity_buffer *out, const char *text)
{
    add_escaped(out, text, strlen(text), "%\r\n:,");
}

/* The test's file as the repository knows it; new, NULL when out of memory. */
static char *file_of(const struct github *github, const struct parity_case *test)
{
    size_t root = github->root ? strlen(github->root) : 0;
    char *path = test->source ? parity_strdup(test->source)
                              : parity_path_join(github->suites, test->suite_path);
    char real[PATH_MAX], *file;

    if (!path)
        return NULL;
    if (!realpath(path, real))
        snprintf(real, sizeof real, "%s", path);
    parity_free(path);
    if (root > 0 && strncmp(real, github->root, root) == 0 && real[root] == '/')
        file = parity_strdup(real + root + 1);
    else
        file = parity_strdup(real);
    return file;
}

/* Where it ended, or else where it begins; 0: a results file does not say that. */
static int line_of(const struct parity_result *result)
{
    const char *colon = result->location ? strrchr(result->location, ':') : NULL;
    int line = colon ? (int)strtol(colon + 1, NULL, 10) : 0;

    return line > 0 ? line : result->test_case->definition->line;
}

static size_t length_of_message(const char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == '\n')
        length--;
    if (length <= MOST_MESSAGE)
        return length;
    for (length = MOST_MESSAGE; length > 0 && text[length] != '\n'; length--)
        ;
    return length ? length : MOST_MESSAGE;
}

static void name_of(struct parity_buffer *out, const struct parity_result *result)
{
    parity_buffer_add_text(out, result->test_case->id);
    parity_result_text_run(out, result);
}

static void annotate(struct github *github, const char *command, const struct parity_result *result,
                     const char *text)
{
    struct parity_buffer out = {0}, name = {0};
    char *file = file_of(github, result->test_case);
    int line = line_of(result);

    text += strspn(text, " \n");
    parity_buffer_printf(&out, "::%s file=", command);
    add_property(&out, file ? file : result->test_case->suite_path);
    if (line > 0)
        parity_buffer_printf(&out, ",line=%d", line);
    parity_buffer_add_text(&out, ",title=");
    add_property(&out, result->flaky ? "flaky" : parity_outcome_name(result->outcome));
    parity_buffer_add_char(&out, ' ');
    name_of(&name, result);
    add_property(&out, name.data ? name.data : "");
    parity_buffer_add_text(&out, "::");
    add_escaped(&out, text, length_of_message(text), "%\r\n");
    if (!out.failed)
        fprintf(github->out, "%s\n", out.data);
    fflush(github->out);
    parity_free(file);
    parity_buffer_clear(&name);
    parity_buffer_clear(&out);
}

/* --- the summary -------------------------------------------------------------------------------
 */

static void add_html(struct parity_buffer *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "&<>");

        parity_plain_text_add(out, text, length);
        text += length;
        if (*text)
            parity_buffer_printf(out, "&#%d;", *text++);
    }
}

/* In <pre>, where nothing in it is taken for Markdown. */
static void add_details(struct github *github, const struct parity_result *result, const char *text)
{
    struct parity_buffer *out = &github->details;
    const char *message = result->message ? result->message : "";
    char *line = parity_strndup(message, strcspn(message, "\n"));

    if (!github->summary || out->length + strlen(text) > MOST_DETAILS) {
        github->left_out += github->summary != NULL;
        parity_free(line);
        return;
    }
    parity_buffer_printf(out, "<details><summary>%s <code>",
                         result->flaky ? "flaky" : parity_outcome_name(result->outcome));
    add_html(out, result->test_case->id);
    parity_result_text_run(out, result);
    parity_buffer_add_text(out, "</code>");
    if (line && *line) {
        parity_buffer_add_text(out, ": ");
        add_html(out, line);
    }
    parity_buffer_add_text(out, "</summary>\n\n<pre>");
    add_html(out, text + strspn(text, "\n"));
    parity_buffer_add_text(out, "</pre>\n</details>\n");
    parity_free(line);
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct github *github = (struct github *)reporter;
    const struct parity_result_text_options options = {.bare = true};
    bool good = result->outcome == PARITY_PASSED || result->outcome == PARITY_SKIPPED;
    struct parity_buffer text = {0};

    parity_result_text(&text, result, &options);
    if (text.length > 0) {
        annotate(github, good ? "warning" : "error", result, text.data);
        add_details(github, result, text.data);
    }
    parity_buffer_clear(&text);
}

static void add_counts(struct parity_buffer *out, const struct parity_summary *summary)
{
    parity_buffer_add_text(out, "| outcome | tests |\n| --- | ---: |\n");
    for (int i = 0; i < PARITY_OUTCOME_COUNT; i++)
        if (summary->counts[i])
            parity_buffer_printf(out, "| %s | %zu |\n", parity_outcome_name((enum parity_outcome)i),
                                 summary->counts[i]);
    if (summary->flaky)
        parity_buffer_printf(out, "| flaky, of those that passed | %zu |\n", summary->flaky);
    if (summary->not_run)
        parity_buffer_printf(out, "| not run | %zu |\n", summary->not_run);
}

static void write_summary(struct github *github, const struct parity_summary *summary)
{
    struct parity_buffer out = {0};

    parity_buffer_printf(&out, "### parity: %zu of %zu passed in %.1f s\n\nAgainst ",
                         summary->counts[PARITY_PASSED], summary->selected, summary->duration_s);
    add_html(&out, github->target ? github->target : "");
    parity_buffer_add_text(&out, ".\n\n");
    add_counts(&out, summary);
    parity_buffer_add_char(&out, '\n');
    if (github->details.length > 0)
        parity_buffer_add(&out, github->details.data, github->details.length);
    if (github->left_out)
        parity_buffer_printf(&out, "\n%zu further tests are in the log only.\n", github->left_out);
    if (!out.failed)
        fwrite(out.data, 1, out.length, github->summary);
    parity_buffer_clear(&out);
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct github *github = (struct github *)reporter;

    if (!github->summary)
        return 0;
    write_summary(github, summary);
    if (fflush(github->summary) == 0 && !ferror(github->summary))
        return 0;
    parity_fail(err, PARITY_E_IO, "GITHUB_STEP_SUMMARY", "cannot write the summary: %s",
                strerror(errno));
    return -1;
}

static void on_free(struct parity_reporter *reporter)
{
    struct github *github = (struct github *)reporter;

    if (github->summary)
        fclose(github->summary);
    parity_free(github->suites);
    parity_free(github->root);
    parity_free(github->target);
    parity_buffer_clear(&github->details);
    parity_free(github);
}

static char *real_path(const char *path)
{
    char real[PATH_MAX];

    return parity_strdup(realpath(path, real) ? real : path);
}

static int set_up(struct github *github, const struct parity_github_options *options,
                  struct parity_error *err)
{
    github->out = options->out;
    github->suites = real_path(options->suites);
    github->root = options->root ? real_path(options->root) : NULL;
    if (!github->suites || (options->root && !github->root)) {
        parity_fail_nomem(err);
        return -1;
    }
    if (!options->summary)
        return 0;
    github->summary = fopen(options->summary, "ae");
    if (github->summary)
        return 0;
    parity_fail(err, PARITY_E_IO, options->summary, "cannot write the summary: %s",
                strerror(errno));
    parity_error_add_context(err, "GITHUB_STEP_SUMMARY");
    return -1;
}

struct parity_reporter *parity_github_reporter_new(const struct parity_github_options *options,
                                                   struct parity_error *err)
{
    struct github *github = parity_calloc(1, sizeof *github);

    if (!github) {
        parity_fail_nomem(err);
        return NULL;
    }
    github->reporter = (struct parity_reporter){
        .start = on_start, .test_done = on_test, .finish = on_finish, .free = on_free};
    if (set_up(github, options, err) == 0)
        return &github->reporter;
    on_free(&github->reporter);
    return NULL;
}
