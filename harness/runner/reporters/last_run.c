/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_plain.h"
#include "base/memory.h"
#include "runner/last_run.h"
#include "runner/reporters/report_file.h"

/* Writes what runner/last_run.h reads. */
struct last_run {
    struct parity_reporter reporter;
    struct parity_report_file file;
    const char **known; /* sorted; borrowed from the registry; NULL: not known */
    size_t known_count;
};

/* --- while tests run ---------------------------------------------------------------------------
 */

/* What the test itself called, each once; new. */
static json_t *operations_of(const struct parity_result *result)
{
    json_t *operations = json_array();
    const json_t *call;
    size_t i;

    json_array_foreach(result->calls, i, call) {
        const char *service = json_string_value(json_object_get(call, "service"));
        const char *operation = json_string_value(json_object_get(call, "operation"));
        char name[160];

        if (!service || !operation || json_is_true(json_object_get(call, "cleanup")))
            continue;
        snprintf(name, sizeof name, "%s:%s", service, operation);
        if (!parity_json_holds_text(operations, name))
            json_array_append_new(operations, json_string(name));
    }
    return operations;
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct last_run *last_run = (struct last_run *)reporter;
    struct parity_buffer line = {0};
    json_t *entry = json_pack("{s:s, s:s, s:f, s:o}", "id", result->test_case->id, "outcome",
                              parity_outcome_name(result->outcome), "duration_seconds",
                              result->duration_s, "operations", operations_of(result));

    parity_json_write(&line, entry, PARITY_JSON_LINE);
    parity_buffer_add_char(&line, '\n');
    line.failed |= !entry;
    parity_report_file_add(&last_run->file, result, &line);
    json_decref(entry);
    parity_buffer_clear(&line);
}

/* --- the end -----------------------------------------------------------------------------------
 */

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether an entry of before stays: the test did not run now, and still exists. */
static bool stays(const struct last_run *last_run, const char *id)
{
    if (parity_parts_find(&last_run->file.parts, id))
        return false;
    return !last_run->known || bsearch(&id, last_run->known, last_run->known_count,
                                       sizeof *last_run->known, compare_ids);
}

/* The id in a line, mostly without parsing it; new. NULL: there is none, or no memory. */
static char *id_of(const struct parity_buffer *line)
{
    size_t length;
    const char *plain = parity_json_plain_text(line->data, line->length, "{\"id\": \"", &length);
    json_t *entry = NULL;
    const char *id = NULL;
    char *copy;

    if (plain)
        return parity_strndup(plain, length);
    if (parity_json_parse(line->data, line->length, NULL, &entry, NULL) == 0)
        id = json_string_value(json_object_get(entry, "id"));
    copy = id ? parity_strdup(id) : NULL;
    json_decref(entry);
    return copy;
}

/* One line at a time, so that memory does not depend on how many there are. A line that nobody can
 * read is of no use to anybody. */
static void copy_line(struct last_run *last_run, const struct parity_buffer *line)
{
    char *id = id_of(line);

    if (id && stays(last_run, id) && parity_json_check(line->data, line->length, NULL) == 0)
        parity_buffer_add(&last_run->file.text, line->data, line->length);
    parity_report_file_flush(&last_run->file);
    parity_free(id);
}

static void copy_old_lines(struct last_run *last_run)
{
    FILE *old = fopen(last_run->file.path, "re");
    struct parity_buffer line = {0};
    char piece[4096];

    while (old && fgets(piece, sizeof piece, old)) {
        parity_buffer_add_text(&line, piece);
        if (!line.failed && line.data[line.length - 1] == '\n') {
            copy_line(last_run, &line);
            parity_buffer_reset(&line);
        }
    }
    parity_buffer_clear(&line);
    if (old)
        fclose(old);
}

/* The runs of one test, of which one that went badly says more than the others; `part` is then the
 * first of the next test. */
static void write_runs_of_one(struct last_run *last_run, struct parity_part *part)
{
    struct parity_report_file *file = &last_run->file;
    struct parity_part chosen = *part;

    while (parity_report_file_next(file, part) && part->test == chosen.test)
        if (!parity_outcome_is_bad(chosen.head.outcome))
            chosen = *part;
    parity_report_file_write_part(file, &chosen);
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct last_run *last_run = (struct last_run *)reporter;
    struct parity_report_file *file = &last_run->file;
    struct parity_part part = {0};

    (void)summary;
    parity_report_file_begin(file);
    file->writer.unflushed =
        true; /* a run need not wait for the disk to keep what it can find again */
    copy_old_lines(last_run);
    parity_report_file_next(file, &part);
    while (part.test)
        write_runs_of_one(last_run, &part);
    return parity_report_file_end(file, err);
}

static void on_free(struct parity_reporter *reporter)
{
    struct last_run *last_run = (struct last_run *)reporter;

    parity_report_file_clear(&last_run->file);
    parity_free(last_run->known);
    parity_free(last_run);
}

static int list_known(struct last_run *last_run, const struct parity_registry *known)
{
    last_run->known = parity_calloc(known->count + 1, sizeof *last_run->known);
    if (!last_run->known)
        return -1;
    for (size_t i = 0; i < known->count; i++)
        last_run->known[last_run->known_count++] = known->cases[i].id;
    if (known->count > 1)
        qsort(last_run->known, known->count, sizeof *last_run->known, compare_ids);
    return 0;
}

struct parity_reporter *parity_last_run_reporter_new(const char *path,
                                                     const struct parity_registry *known,
                                                     struct parity_error *err)
{
    struct last_run *last_run = parity_calloc(1, sizeof *last_run);

    if (!last_run) {
        parity_fail_nomem(err);
        return NULL;
    }
    last_run->reporter =
        (struct parity_reporter){.test_done = on_test, .finish = on_finish, .free = on_free};
    if (known && list_known(last_run, known) < 0)
        parity_fail_nomem(err);
    else if (parity_report_file_open(&last_run->file, path, "the last run", err) == 0)
        return &last_run->reporter;
    on_free(&last_run->reporter);
    return NULL;
}
