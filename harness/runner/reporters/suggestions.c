/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "runner/reporters/parts.h"
#include "runner/reporters/reporter.h"
#include "runner/reporters/suggestion_text.h"

/*
 * What would have to be written into suites for a run to pass (`--suggest-skips`). The paths come
 * from the comparison, which has tried them; here they are put aside, and written down at the end,
 * test by test.
 */

struct suggestions {
    struct parity_reporter reporter;
    FILE *out;
    char *emulator;            /* owned; NULL: it has no name */
    struct parity_parts said;  /* of each case: {"paths", "reason"} */
    struct parity_need *needs; /* of the cases of one test */
    size_t count, capacity;
    struct parity_error failure;
};

static void on_start(struct parity_reporter *reporter, const struct parity_run_info *info)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;

    suggestions->emulator = info->emulator ? parity_strdup(info->emulator) : NULL;
}

/* --- while tests run ---------------------------------------------------------------------------
 */

/* Nothing can be suggested for what could not be judged, nor for a test that should go on failing.
 */
static bool is_suggestible(const struct parity_result *result)
{
    return (result->outcome == PARITY_FAILED || result->outcome == PARITY_TIMEOUT) &&
           !result->expected_failure;
}

static void on_test(struct parity_reporter *reporter, const struct parity_result *result)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;
    json_t *paths = json_object_get(result->suggested_skips, "paths"), *said;
    bool skips = json_array_size(paths) > 0 &&
                 json_integer_value(json_object_get(result->suggested_skips, "left")) == 0;
    struct parity_buffer text = {0};

    if (!is_suggestible(result) || suggestions->failure.code != PARITY_OK)
        return;
    said = json_pack("{s:o, s:O*}", "reason",
                     parity_need_reason(result->message ? result->message : "..."), "paths",
                     skips ? paths : NULL);
    if (said)
        parity_json_write(&text, said, PARITY_JSON_COMPACT);
    text.failed |= !said;
    parity_parts_add(&suggestions->said, result, &text, &suggestions->failure);
    parity_buffer_clear(&text);
    json_decref(said);
}

/* --- the end -----------------------------------------------------------------------------------
 */

static int read_need(const struct suggestions *suggestions, const struct parity_part *part,
                     struct parity_need *out, struct parity_error *err)
{
    char *text = parity_malloc(part->head.length + 1);
    json_t *said = NULL;
    int rc = -1;

    *out = (struct parity_need){.test = part->test};
    if (!text)
        parity_fail_nomem(err);
    else if (parity_spool_read(&suggestions->said.spool, part->text, text, part->head.length,
                               err) == 0)
        rc = parity_json_parse(text, part->head.length, NULL, &said, err);
    out->paths = json_incref(json_object_get(said, "paths"));
    out->reason = json_incref(json_object_get(said, "reason"));
    json_decref(said);
    parity_free(text);
    return rc;
}

/* Cases that need paths come first. With --repeat a case may have said the same several times.
 * Takes over `need`, unless it fails. */
static int keep_need(struct suggestions *suggestions, struct parity_need *need,
                     struct parity_error *err)
{
    size_t at = suggestions->count;

    for (size_t i = 0; i < suggestions->count; i++)
        if (suggestions->needs[i].test == need->test &&
            parity_need_is_same(&suggestions->needs[i], need)) {
            parity_need_clear(need);
            return 0;
        }
    if (parity_grow(&suggestions->needs, &suggestions->capacity, suggestions->count + 1,
                    sizeof *suggestions->needs) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    while (at > 0 && need->paths && !suggestions->needs[at - 1].paths)
        at--;
    memmove(suggestions->needs + at + 1, suggestions->needs + at,
            (suggestions->count - at) * sizeof *need);
    suggestions->needs[at] = *need;
    suggestions->count++;
    return 0;
}

static void forget_needs(struct suggestions *suggestions)
{
    while (suggestions->count > 0)
        parity_need_clear(&suggestions->needs[--suggestions->count]);
}

static int print_needs(struct suggestions *suggestions, struct parity_error *err)
{
    const struct parity_need *needs = suggestions->needs;
    struct parity_buffer text = {0};
    size_t with_paths = 0;
    int rc = 0;

    while (with_paths < suggestions->count && needs[with_paths].paths)
        with_paths++;
    if (with_paths > 0)
        parity_needs_write(&text, suggestions->emulator, needs, with_paths);
    if (with_paths < suggestions->count)
        parity_needs_write(&text, suggestions->emulator, needs + with_paths,
                           suggestions->count - with_paths);
    forget_needs(suggestions);
    if (text.failed) {
        parity_fail_nomem(err);
        rc = -1;
    } else if (text.length > 0) {
        fputs(text.data, suggestions->out);
    }
    parity_buffer_clear(&text);
    return rc;
}

/* Workers end in any order; the cases of one test, whose ids differ in what stands in brackets,
 * come together. */
static int print_all(struct suggestions *suggestions, struct parity_error *err)
{
    const struct parity_test_definition *definition = NULL;
    struct parity_part part = {0};

    parity_parts_sort(&suggestions->said, NULL);
    if (suggestions->said.chain_count > 0)
        fprintf(suggestions->out,
                "\nwith these annotations %zu test%s would not fail; say why in each reason:\n",
                suggestions->said.chain_count, suggestions->said.chain_count == 1 ? "" : "s");
    while (parity_parts_next(&suggestions->said, &part, err)) {
        struct parity_need need;

        if (part.test->definition != definition && print_needs(suggestions, err) < 0)
            return -1;
        definition = part.test->definition;
        if (read_need(suggestions, &part, &need, err) < 0 ||
            keep_need(suggestions, &need, err) < 0) {
            parity_need_clear(&need);
            return -1;
        }
    }
    return err->code == PARITY_OK ? print_needs(suggestions, err) : -1;
}

static int on_finish(struct parity_reporter *reporter, const struct parity_summary *summary,
                     struct parity_error *err)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;

    (void)summary;
    if (suggestions->failure.code == PARITY_OK)
        print_all(suggestions, &suggestions->failure);
    if (fflush(suggestions->out) != 0 || ferror(suggestions->out))
        parity_fail(&suggestions->failure, PARITY_E_IO, "standard output",
                    "cannot write the suggestions");
    if (suggestions->failure.code == PARITY_OK)
        return 0;
    if (err && err->code == PARITY_OK)
        *err = suggestions->failure;
    return -1;
}

static void on_free(struct parity_reporter *reporter)
{
    struct suggestions *suggestions = (struct suggestions *)reporter;

    forget_needs(suggestions);
    parity_free(suggestions->needs);
    parity_parts_clear(&suggestions->said);
    parity_free(suggestions->emulator);
    parity_free(suggestions);
}

struct parity_reporter *parity_suggestions_reporter_new(FILE *out, struct parity_error *err)
{
    struct suggestions *suggestions = parity_calloc(1, sizeof *suggestions);

    if (!suggestions) {
        parity_fail_nomem(err);
        return NULL;
    }
    suggestions->out = out;
    suggestions->reporter = (struct parity_reporter){
        .start = on_start, .test_done = on_test, .finish = on_finish, .free = on_free};
    if (parity_parts_open(&suggestions->said, err) == 0)
        return &suggestions->reporter;
    on_free(&suggestions->reporter);
    return NULL;
}
