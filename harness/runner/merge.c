/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/merge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/spool.h"
#include "runner/definition_copy.h"
#include "runner/guard.h"
#include "runner/result_read.h"

/* A test, as the files so far have it, which is put aside as JSON. */
struct entry {
    struct parity_case test_case; /* its texts and its definition are owned */
    json_int_t repetition;
    off_t at;
    size_t length;
};

/* A file, or what is left of it when a later one holds the same shard. */
struct file {
    const char *name;
    json_t *head; /* owned: of the document what the functions below ask for */
    long shard;   /* its number; 0: the run was not divided */
    bool superseded;
};

struct parity_merge {
    struct parity_spool spool; /* the tests */
    struct file *files;
    size_t file_count, file_capacity;
    struct entry **entries;
    size_t entry_count, entry_capacity;
    json_t *places; /* object: of each test its place among the entries */
};

struct parity_merge *parity_merge_new(void)
{
    struct parity_merge *merge = parity_calloc(1, sizeof *merge);

    if (!merge)
        return NULL;
    merge->places = json_object();
    if (merge->places)
        return merge;
    parity_merge_free(merge);
    return NULL;
}

static void free_entry(struct entry *entry)
{
    parity_free(entry->test_case.id);
    parity_free(entry->test_case.suite_path);
    parity_free((void *)(uintptr_t)entry->test_case.definition);
    parity_free(entry);
}

void parity_merge_free(struct parity_merge *merge)
{
    if (!merge)
        return;
    for (size_t i = 0; i < merge->entry_count; i++)
        free_entry(merge->entries[i]);
    parity_free(merge->entries);
    for (size_t i = 0; i < merge->file_count; i++)
        json_decref(merge->files[i].head);
    parity_free(merge->files);
    json_decref(merge->places);
    parity_spool_close(&merge->spool);
    parity_free(merge);
}

/* --- what must not differ ----------------------------------------------------------------------
 */

/* A text of a file's target; "" for null. */
static const char *target_text(const struct file *file, const char *name)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(file->head, "target"), name));

    return text ? text : "";
}

static const char *plan_of(const struct file *file)
{
    return json_string_value(json_object_get(json_object_get(file->head, "shard"), "plan"));
}

static json_int_t shards_of(const struct file *file)
{
    return json_integer_value(json_object_get(json_object_get(file->head, "shard"), "count"));
}

static int check_target(const struct file *first, const struct file *file, struct parity_error *err)
{
    static const char *const members[][2] = {
        {"kind", "target"},   {"name", "emulator"}, {"version", "version of the emulator"},
        {"region", "region"}, {"mode", "mode"},
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *before = target_text(first, members[i][0]);
        const char *now = target_text(file, members[i][0]);

        if (strcmp(before, now) == 0)
            continue;
        parity_fail(err, PARITY_E_INVALID, file->name,
                    "these are no results of one run: its %s is '%s', and that of %s '%s'",
                    members[i][1], now, first->name, before);
        return -1;
    }
    return 0;
}

static int check_shard(const struct file *other, const struct file *file, struct parity_error *err)
{
    if (shards_of(other) == 0 || shards_of(file) == 0)
        return 0;
    if (shards_of(other) != shards_of(file)) {
        parity_fail(err, PARITY_E_INVALID, file->name,
                    "is one of %" JSON_INTEGER_FORMAT
                    " shards, and %s one of %" JSON_INTEGER_FORMAT,
                    shards_of(file), other->name, shards_of(other));
        return -1;
    }
    if (strcmp(plan_of(other), plan_of(file)) != 0) {
        parity_fail(err, PARITY_E_INVALID, file->name,
                    "was divided in another way than %s, so that tests may be missing or there "
                    "twice: give all shards the same checkout, options and --shard-durations",
                    other->name);
        return -1;
    }
    return 0;
}

static bool is_results(const json_t *document)
{
    const json_t *shard = json_object_get(document, "shard"), *test;
    bool good = json_is_object(json_object_get(document, "target")) &&
                json_is_object(json_object_get(document, "summary")) &&
                json_is_array(json_object_get(document, "tests"));
    size_t i;

    if (good && json_is_object(shard))
        good = json_is_string(json_object_get(shard, "plan")) &&
               json_integer_value(json_object_get(shard, "index")) > 0 &&
               json_integer_value(json_object_get(shard, "index")) <=
                   json_integer_value(json_object_get(shard, "count"));
    json_array_foreach(json_object_get(document, "tests"), i, test)
        good = good && json_is_string(json_object_get(test, "id")) &&
               json_is_string(json_object_get(test, "outcome"));
    return good;
}

/* --- one test in several files -----------------------------------------------------------------
 */

/* An earlier result as an attempt: what the results file says of those. */
static json_t *make_attempt(const json_t *test)
{
    static const char *const members[] = {"outcome",  "duration_seconds", "message",
                                          "location", "output",           "differences"};
    json_t *attempt = json_object();

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_object_set(attempt, members[i], json_object_get(test, members[i]));
    return attempt;
}

static bool is_bad(const json_t *test)
{
    const char *outcome = json_string_value(json_object_get(test, "outcome"));

    return parity_outcome_is_bad(parity_outcome_named(outcome));
}

/* Both lists, one after the other; new. */
static json_t *join(const json_t *one, const json_t *other, const char *name)
{
    json_t *joined = json_array();

    json_array_extend(joined, json_object_get(one, name));
    json_array_extend(joined, json_object_get(other, name));
    return joined;
}

/* The later result, which knows of the earlier one; new, or NULL when out of memory. */
static json_t *succeed(const json_t *earlier, json_t *later)
{
    json_t *test = json_copy(later), *attempts = json_array();
    json_t *failures = join(earlier, later, "cleanup_failures");
    const char *outcome = json_string_value(json_object_get(later, "outcome"));
    bool flaky;

    json_array_extend(attempts, json_object_get(earlier, "attempts"));
    if (is_bad(earlier))
        json_array_append_new(attempts, make_attempt(earlier));
    json_array_extend(attempts, json_object_get(later, "attempts"));
    flaky = strcmp(outcome, "passed") == 0 && json_array_size(attempts) > 0;
    /* What was left behind then is not gone because the test ran again. */
    if (json_object_set_new(test, "flaky", json_boolean(flaky)) == 0 &&
        json_object_set(test, "attempts", attempts) == 0 &&
        json_object_set(test, "cleanup_failures", failures) == 0)
        goto out;
    json_decref(test);
    test = NULL;
out:
    json_decref(attempts);
    json_decref(failures);
    return test;
}

/* The file that a test comes from; one written by an older version does not say. New. */
static char *suite_of(const json_t *test, const char *id)
{
    const char *suite = json_string_value(json_object_get(test, "suite"));
    const char *end = strstr(id, "::"), *slash = strrchr(id, '/');
    size_t length = end ? (size_t)(end - id) : slash ? (size_t)(slash - id) : strlen(id);

    return suite ? parity_strdup(suite) : parity_strndup(id, length);
}

/* Put a test aside, in the place of what was known of it. */
static int put_aside(struct parity_merge *merge, struct entry *entry, const json_t *test,
                     struct parity_error *err)
{
    struct parity_buffer text = {0};
    off_t at = merge->spool.end;
    int rc = -1;

    parity_json_write(&text, test, PARITY_JSON_COMPACT);
    if (text.failed)
        parity_fail_nomem(err);
    else if (merge->spool.open || parity_spool_open(&merge->spool, err) == 0)
        rc = parity_spool_add(&merge->spool, text.data, text.length, err);
    entry->at = at;
    entry->length = text.length;
    parity_buffer_clear(&text);
    return rc;
}

/* New, NULL when it fails. */
static json_t *fetch(const struct parity_merge *merge, const struct entry *entry,
                     struct parity_error *err)
{
    char *text = parity_malloc(entry->length);
    json_t *test = NULL;

    if (!text)
        parity_fail_nomem(err);
    else if (parity_spool_read(&merge->spool, entry->at, text, entry->length, err) == 0)
        parity_json_parse(text, entry->length, entry->test_case.id, &test, err);
    parity_free(text);
    return test;
}

/* What reports ask of a test itself. */
static int identify(struct entry *entry, const json_t *test)
{
    const char *id = json_string_value(json_object_get(test, "id")), *end = strstr(id, "::");
    struct parity_case *test_case = &entry->test_case;

    entry->repetition = json_integer_value(json_object_get(test, "repetition"));
    test_case->id = parity_strdup(id);
    test_case->suite_path = suite_of(test, id);
    if (test_case->id)
        test_case->definition = parity_definition_copy(
            &(struct parity_test_definition){.name = test_case->id + (end ? end + 2 - id : 0)});
    return test_case->suite_path && test_case->definition ? 0 : -1;
}

static int add_entry(struct parity_merge *merge, const json_t *test, const char *key,
                     struct parity_error *err)
{
    struct entry *entry = parity_calloc(1, sizeof *entry);

    if (!entry || identify(entry, test) < 0 ||
        parity_grow(&merge->entries, &merge->entry_capacity, merge->entry_count + 1,
                    sizeof *merge->entries) < 0 ||
        json_object_set_new_nocheck(merge->places, key,
                                    json_integer((json_int_t)merge->entry_count)) < 0) {
        if (entry)
            free_entry(entry);
        parity_fail_nomem(err);
        return -1;
    }
    merge->entries[merge->entry_count++] = entry;
    return put_aside(merge, entry, test, err);
}

/* A test that is there already. */
static int join_entry(struct parity_merge *merge, struct entry *entry, json_t *test,
                      struct parity_error *err)
{
    json_t *earlier = fetch(merge, entry, err);
    json_t *joined = earlier ? succeed(earlier, test) : NULL;
    int rc = -1;

    if (earlier && !joined)
        parity_fail_nomem(err);
    if (joined)
        rc = put_aside(merge, entry, joined, err);
    json_decref(joined);
    json_decref(earlier);
    return rc;
}

static int add_test(struct parity_merge *merge, json_t *test, struct parity_error *err)
{
    const char *id = json_string_value(json_object_get(test, "id"));
    json_int_t repetition = json_integer_value(json_object_get(test, "repetition"));
    char *key = parity_asprintf("%s#%" JSON_INTEGER_FORMAT, id, repetition);
    const json_t *place = key ? json_object_get(merge->places, key) : NULL;
    int rc = -1;

    if (!key)
        parity_fail_nomem(err);
    else if (place)
        rc = join_entry(merge, merge->entries[json_integer_value(place)], test, err);
    else
        rc = add_entry(merge, test, key, err);
    parity_free(key);
    return rc;
}

static int check_file(struct parity_merge *merge, const struct file *file, struct parity_error *err)
{
    for (size_t i = 0; i < merge->file_count; i++) {
        struct file *other = &merge->files[i];

        if (check_target(other, file, err) < 0 || check_shard(other, file, err) < 0)
            return -1;
        other->superseded |= file->shard > 0 && other->shard == file->shard;
    }
    return 0;
}

/* New, NULL when out of memory. */
static json_t *head_of(const json_t *document)
{
    static const char *const members[] = {"target", "shard", "summary"};
    json_t *head = json_object();

    for (size_t i = 0; head && i < sizeof members / sizeof *members; i++) {
        json_t *member = json_object_get(document, members[i]);

        if (member && json_object_set(head, members[i], member) < 0) {
            json_decref(head);
            head = NULL;
        }
    }
    return head;
}

static int add_file(struct parity_merge *merge, json_t *document, const char *name,
                    struct parity_error *err)
{
    const json_t *shard = json_object_get(document, "shard");
    struct file file = {.name = name,
                        .head = head_of(document),
                        .shard = (long)json_integer_value(json_object_get(shard, "index"))};

    if (!file.head || parity_grow(&merge->files, &merge->file_capacity, merge->file_count + 1,
                                  sizeof *merge->files) < 0) {
        parity_fail_nomem(err);
    } else if (check_file(merge, &file, err) == 0) {
        merge->files[merge->file_count++] = file;
        return 0;
    }
    json_decref(file.head);
    return -1;
}

int parity_merge_add(struct parity_merge *merge, json_t *document, const char *name,
                     struct parity_error *err)
{
    json_t *test;
    size_t i;

    if (!is_results(document)) {
        parity_fail(err, PARITY_E_PARSE, name, "is no file that 'parity run --results' writes");
        return -1;
    }
    if (add_file(merge, document, name, err) < 0)
        return -1;
    json_array_foreach(json_object_get(document, "tests"), i, test)
        if (add_test(merge, test, err) < 0)
            return -1;
    return 0;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

size_t parity_merge_missing(const struct parity_merge *merge, struct parity_buffer *out)
{
    size_t missing = 0;
    json_int_t count = 0;

    for (size_t i = 0; i < merge->file_count; i++)
        count = shards_of(&merge->files[i]) > count ? shards_of(&merge->files[i]) : count;
    for (json_int_t shard = 1; shard <= count; shard++) {
        bool found = false;

        for (size_t i = 0; i < merge->file_count && !found; i++)
            found = merge->files[i].shard == shard;
        if (!found)
            parity_buffer_printf(out, "%s%" JSON_INTEGER_FORMAT, missing++ ? ", " : "", shard);
    }
    if (missing)
        parity_buffer_printf(out, " of %" JSON_INTEGER_FORMAT, count);
    return missing;
}

/* What the files have in common; servers of one emulator may have been at different addresses. */
static void describe(const struct parity_merge *merge, struct parity_run_info *info)
{
    const struct file *first = &merge->files[0];
    const char *endpoint = target_text(first, "endpoint_url");

    *info = (struct parity_run_info){
        .aws = strcmp(target_text(first, "kind"), "aws") == 0,
        .region = target_text(first, "region"),
        .mode = target_text(first, "mode"),
        .selected = merge->entry_count,
        .merged = merge->file_count,
    };
    for (size_t i = 1; i < merge->file_count; i++)
        if (strcmp(endpoint, target_text(&merge->files[i], "endpoint_url")) != 0)
            endpoint = "";
    if (*endpoint)
        info->endpoint_url = endpoint;
    if (!info->aws && *target_text(first, "name"))
        info->emulator = target_text(first, "name");
    if (*target_text(first, "version"))
        info->version = target_text(first, "version");
}

static void sum_up(const struct parity_merge *merge, struct parity_summary *summary)
{
    for (size_t i = 0; i < merge->file_count; i++) {
        const json_t *part = json_object_get(merge->files[i].head, "summary");

        summary->duration_s += json_number_value(json_object_get(part, "duration_seconds"));
        if (merge->files[i].superseded)
            continue;
        summary->not_run += (size_t)json_integer_value(json_object_get(part, "not_run"));
        summary->interrupted |= json_is_true(json_object_get(part, "interrupted"));
        if (!summary->interrupted_by)
            summary->interrupted_by =
                parity_signal_number(json_string_value(json_object_get(part, "interrupted_by")));
    }
    summary->selected = merge->entry_count + summary->not_run;
}

static int by_id(const void *a, const void *b)
{
    const struct entry *const *left = a, *const *right = b;
    int order = strcmp((*left)->test_case.id, (*right)->test_case.id);
    json_int_t one = (*left)->repetition, other = (*right)->repetition;

    return order ? order : (one > other) - (one < other);
}

static int report_test(const struct parity_merge *merge, const struct entry *entry,
                       struct parity_reporter *const *reporters, struct parity_summary *summary,
                       struct parity_error *err)
{
    struct parity_result result = {0};
    json_t *test = fetch(merge, entry, err);
    int rc = test ? parity_result_read(test, &entry->test_case, &result, err) : -1;

    if (rc == 0)
        parity_summary_count(summary, &result);
    for (size_t i = 0; rc == 0 && reporters[i]; i++)
        if (reporters[i]->test_done)
            reporters[i]->test_done(reporters[i], &result);
    parity_result_clear(&result);
    json_decref(test);
    return rc;
}

int parity_merge_report(struct parity_merge *merge, struct parity_reporter *const *reporters,
                        struct parity_summary *summary, struct parity_error *err)
{
    struct parity_run_info info;

    memset(summary, 0, sizeof *summary);
    if (merge->entry_count > 1)
        qsort(merge->entries, merge->entry_count, sizeof *merge->entries, by_id);
    json_object_clear(merge->places); /* they are others now */
    describe(merge, &info);
    for (size_t i = 0; reporters[i]; i++)
        if (reporters[i]->start)
            reporters[i]->start(reporters[i], &info);
    for (size_t i = 0; i < merge->entry_count; i++) {
        merge->entries[i]->test_case.number = i;
        if (report_test(merge, merge->entries[i], reporters, summary, err) < 0)
            return -1;
    }
    sum_up(merge, summary);
    return 0;
}
