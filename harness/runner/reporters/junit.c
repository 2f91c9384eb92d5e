/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "runner/reporters/report_file.h"
#include "runner/reporters/reporter.h"
#include "runner/reporters/result_text.h"
#include "runner/reporters/xml_text.h"

/*
 * The run as JUnit XML, in the form that Jenkins, GitLab and others read: a <testsuite> for each
 * suite's file, a <testcase> for each test.
 */
struct junit {
    struct parity_reporter reporter;
    struct parity_report_file file;
    struct parity_buffer properties; /* of every suite: what it ran against */
    char timestamp[32];
};

/* How many of a suite's, or of all tests, ended how. */
struct sums {
    size_t tests, failures, errors, skipped;
    double duration_s;
};

static void add_property(struct parity_buffer *out, const char *name, const char *value)
{
    if (!value)
        return;
    parity_buffer_add_text(out, "      <property");
    parity_xml_add_attribute(out, "name", name);
    parity_xml_add_attribute(out, "value", value);
    parity_buffer_add_text(out, "/>\n");
}

static void on_start(struct parity_reporter *reporter, const struct parity_run_info *info)
{
    struct junit *junit = (struct junit *)reporter;
    struct parity_buffer *out = &junit->properties;
    time_t now = info->started ? info->started : time(NULL);
    struct tm parts;

    /* In the form of xs:dateTime that every reader takes: UTC, and no letter for it. */
    strftime(junit->timestamp, sizeof junit->timestamp, "%Y-%m-%dT%H:%M:%S",
             gmtime_r(&now, &parts));
    parity_buffer_reset(out);
    parity_buffer_add_text(out, "    <properties>\n");
    add_property(out, "target", info->aws ? "aws" : info->emulator ? info->emulator : "emulator");
    add_property(out, "target.version", info->version);
    add_property(out, "target.endpoint_url", info->endpoint_url);
    add_property(out, "region", info->region);
    add_property(out, "mode", info->mode);
    add_property(out, "parity.version", PARITY_VERSION);
    parity_buffer_add_text(out, "    </properties>\n");
}

/* --- one test ----------------------------------------------------------------------------------
 */

/* "sqs/test_send.c" is the class "sqs.test_send". */
static void add_class(struct parity_buffer *out, const struct parity_case *test)
{
    size_t path = strlen(test->suite_path);
    char *class_name = parity_strdup(test->suite_path);

    if (!class_name) {
        out->failed = true;
        return;
    }
    if (path > 2 && strcmp(class_name + path - 2, ".c") == 0)
        class_name[path - 2] = '\0';
    for (char *c = class_name; *c; c++)
        if (*c == '/')
            *c = '.';
    parity_xml_add_attribute(out, "classname", class_name);
    parity_free(class_name);
}

static void add_name(struct parity_buffer *out, const struct parity_result *result)
{
    const struct parity_case *test = result->test_case;
    size_t path = strlen(test->suite_path);
    const char *own = test->id;
    struct parity_buffer name = {0};

    if (strncmp(test->id, test->suite_path, path) == 0 && strncmp(test->id + path, "::", 2) == 0)
        own += path + 2;
    parity_buffer_add_text(&name, own);
    parity_result_text_run(&name, result);
    parity_xml_add_attribute(out, "name", name.data ? name.data : own);
    out->failed |= name.failed;
    parity_buffer_clear(&name);
}

static const char *element_of(enum parity_outcome outcome)
{
    switch (outcome) {
    case PARITY_PASSED:
        return NULL;
    case PARITY_FAILED:
        return "failure";
    case PARITY_SKIPPED:
        return "skipped";
    default:
        return "error";
    }
}

/* The first line of the message, then, inside, all there is to know. */
static void add_verdict(struct parity_buffer *out, const struct parity_result *result,
                        const char *text)
{
    const char *element = element_of(result->outcome);
    const char *message = result->message ? result->message : "";
    char *line = parity_strndup(message, strcspn(message, "\n"));

    if (!line)
        out->failed = true;
    if (element && line) {
        parity_buffer_printf(out, "      <%s", element);
        parity_xml_add_attribute(out, "type", parity_outcome_name(result->outcome));
        parity_xml_add_attribute(out, "message", line);
        parity_buffer_add_char(out, '>');
        parity_xml_add_text(out, result->outcome == PARITY_SKIPPED ? message : text);
        parity_buffer_printf(out, "</%s>\n", element);
    }
    parity_free(line);
}

/* What readers of Maven's reports know of attempts: <flakyFailure> and so on of a test that passed
 * late, <rerunFailure> of one that did not. They take one kind of them for a test, so the first
 * attempt says which; each one's `type` says how it ended. */
static const char *attempt_element(const struct parity_result *result)
{
    const json_t *first = json_array_get(result->attempts, 0);
    const char *outcome = json_string_value(json_object_get(first, "outcome"));

    if (parity_outcome_named(outcome) == PARITY_FAILED)
        return result->flaky ? "flakyFailure" : "rerunFailure";
    return result->flaky ? "flakyError" : "rerunError";
}

static void add_inner_element(struct parity_buffer *out, const char *element, const char *text)
{
    if (!text || !*text)
        return;
    parity_buffer_printf(out, "\n        <%s>", element);
    parity_xml_add_text(out, text);
    parity_buffer_printf(out, "</%s>", element);
}

static void add_attempt(struct parity_buffer *out, const char *element, const json_t *attempt)
{
    const char *outcome = json_string_value(json_object_get(attempt, "outcome"));
    const char *message = json_string_value(json_object_get(attempt, "message"));
    size_t first_line = strcspn(message ? message : "", "\n");
    char *line = parity_strndup(message ? message : "", first_line);
    struct parity_buffer text = {0};

    if (!line) {
        out->failed = true;
        return;
    }
    parity_attempt_text(&text, attempt);
    parity_buffer_printf(out, "      <%s", element);
    parity_xml_add_attribute(out, "type", outcome ? outcome : "error");
    parity_xml_add_attribute(out, "message", line);
    parity_buffer_add_char(out, '>');
    add_inner_element(out, "stackTrace", text.data);
    add_inner_element(out, "system-out", json_string_value(json_object_get(attempt, "output")));
    parity_buffer_printf(out, "\n      </%s>\n", element);
    out->failed |= text.failed;
    parity_buffer_clear(&text);
    parity_free(line);
}

static void add_attempts(struct parity_buffer *out, const struct parity_result *result)
{
    const json_t *attempt;
    size_t i;

    json_array_foreach(result->attempts, i, attempt)
        add_attempt(out, attempt_element(result), attempt);
}

static void add_element(struct parity_buffer *out, const char *element, const char *text)
{
    if (!text || !*text)
        return;
    parity_buffer_printf(out, "      <%s>", element);
    parity_xml_add_text(out, text);
    parity_buffer_printf(out, "</%s>\n", element);
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct junit *junit = (struct junit *)reporter;
    const struct parity_result_text_options options = {.bare = true};
    bool good = result->outcome == PARITY_PASSED || result->outcome == PARITY_SKIPPED;
    struct parity_buffer out = {0}, text = {0};

    parity_result_text(&text, result, &options);
    parity_buffer_add_text(&out, "    <testcase");
    add_class(&out, result->test_case);
    add_name(&out, result);
    parity_buffer_printf(&out, " time=\"%.3f\">\n", result->duration_s);
    add_verdict(&out, result, text.data);
    add_attempts(&out, result);
    add_element(&out, "system-out", result->output);
    /* What of a good test needs attention all the same. */
    add_element(&out, "system-err", good ? text.data : NULL);
    parity_buffer_add_text(&out, "    </testcase>\n");
    out.failed |= text.failed;
    parity_report_file_add(&junit->file, result, &out);
    parity_buffer_clear(&text);
    parity_buffer_clear(&out);
}

/* --- the end -----------------------------------------------------------------------------------
 */

static int by_suite(const void *a, const void *b)
{
    const struct parity_parts_chain *left = a, *right = b;
    int order = strcmp(left->test->suite_path, right->test->suite_path);

    if (order == 0)
        order = strcmp(left->test->id, right->test->id);
    return order ? order : (left->first > right->first) - (left->first < right->first);
}

static void count(struct sums *sums, const struct parity_part *part)
{
    const char *element = element_of(part->head.outcome);

    sums->tests++;
    sums->failures += part->head.outcome == PARITY_FAILED;
    sums->skipped += part->head.outcome == PARITY_SKIPPED;
    sums->errors += element && strcmp(element, "error") == 0;
    sums->duration_s += part->head.duration_s;
}

static bool next_of_suite(struct parity_report_file *file, struct parity_part *part,
                          const char *suite_path)
{
    return parity_report_file_next(file, part) && strcmp(part->test->suite_path, suite_path) == 0;
}

/* All parts of the suite of `part`, which is then the first of the next one. */
static void write_suite(struct junit *junit, struct parity_part *part)
{
    struct parity_report_file *file = &junit->file;
    const char *name = part->test->suite_path;
    struct parity_part counted = *part;
    struct sums sums = {0};

    do
        count(&sums, &counted);
    while (next_of_suite(file, &counted, name));
    parity_buffer_add_text(&file->text, "  <testsuite");
    parity_xml_add_attribute(&file->text, "name", name);
    parity_buffer_printf(&file->text,
                         " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
                         "time=\"%.3f\" timestamp=\"%s\">\n",
                         sums.tests, sums.failures, sums.errors, sums.skipped, sums.duration_s,
                         junit->timestamp);
    parity_buffer_add(&file->text, junit->properties.data, junit->properties.length);
    do
        parity_report_file_write_part(file, part);
    while (next_of_suite(file, part, name));
    parity_buffer_add_text(&file->text, "  </testsuite>\n");
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct junit *junit = (struct junit *)reporter;
    struct parity_report_file *file = &junit->file;
    struct parity_part part = {0};
    struct sums sums = {0};

    parity_report_file_begin(file);
    parity_parts_sort(&file->parts, by_suite);
    while (parity_report_file_next(file, &part))
        count(&sums, &part);
    parity_buffer_printf(&file->text,
                         "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<testsuites name=\"parity\" tests=\"%zu\" failures=\"%zu\" "
                         "errors=\"%zu\" time=\"%.3f\">\n",
                         sums.tests, sums.failures, sums.errors, summary->duration_s);
    parity_report_file_next(file, &part);
    while (part.test)
        write_suite(junit, &part);
    parity_buffer_add_text(&file->text, "</testsuites>\n");
    file->text.failed |= junit->properties.failed;
    return parity_report_file_end(file, err);
}

static void on_free(struct parity_reporter *reporter)
{
    struct junit *junit = (struct junit *)reporter;

    parity_report_file_clear(&junit->file);
    parity_buffer_clear(&junit->properties);
    parity_free(junit);
}

struct parity_reporter *parity_junit_reporter_new(const char *path, struct parity_error *err)
{
    struct junit *junit = parity_calloc(1, sizeof *junit);

    if (!junit) {
        parity_fail_nomem(err);
        return NULL;
    }
    junit->reporter = (struct parity_reporter){
        .start = on_start, .test_done = on_test, .finish = on_finish, .free = on_free};
    if (parity_report_file_open(&junit->file, path, "--junit", err) == 0)
        return &junit->reporter;
    on_free(&junit->reporter);
    return NULL;
}
