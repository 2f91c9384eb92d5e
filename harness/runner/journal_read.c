/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/journal_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/iso8601.h"

/* Ids are given out one by one, so a list with a place for each is no larger than the file. */
enum { MAX_ID = 100 * 1000 * 1000 };

struct reading {
    struct parity_journal_record *record;
    struct parity_journal_entry *by_id; /* call NULL: none, or struck off */
    size_t capacity, count;
    void (*note)(void *data, const json_t *line); /* NULL: nobody listens */
    void *data;
    bool failed; /* out of memory */
};

static const char *text_of(const json_t *line, const char *name)
{
    return json_string_value(json_object_get(line, name));
}

static struct parity_journal_entry *place_of(struct reading *reading, json_int_t id)
{
    size_t wanted = (size_t)id + 1, before = reading->capacity;

    if (id <= 0 || id > MAX_ID)
        return NULL;
    if (parity_grow(&reading->by_id, &reading->capacity, wanted, sizeof *reading->by_id) < 0) {
        reading->failed = true;
        return NULL;
    }
    if (reading->capacity > before)
        memset(reading->by_id + before, 0, (reading->capacity - before) * sizeof *reading->by_id);
    if (wanted > reading->count)
        reading->count = wanted;
    return &reading->by_id[id];
}

static void strike_off(struct reading *reading, const json_t *ids)
{
    for (size_t i = 0; i < json_array_size(ids); i++) {
        json_int_t id = json_integer_value(json_array_get(ids, i));

        if (id > 0 && (size_t)id < reading->count)
            memset(&reading->by_id[id], 0, sizeof *reading->by_id);
    }
}

/* Seconds since 1970, with the fraction. */
static double moment(const char *at)
{
    const char *fraction = at ? strchr(at, '.') : NULL;
    time_t seconds;

    if (!at || parity_iso8601_parse(at, &seconds) < 0)
        return 0;
    return (double)seconds + (fraction ? strtod(fraction, NULL) : 0);
}

static void take_entry(struct reading *reading, const json_t *line, bool is_cleanup)
{
    json_t *call = json_object_get(line, "call");
    const char *test = text_of(line, "test"), *at = text_of(line, "at");
    json_int_t id = json_integer_value(json_object_get(line, "id"));
    struct parity_journal_entry *entry = json_is_object(call) ? place_of(reading, id) : NULL;

    if (!entry)
        return;
    *entry = (struct parity_journal_entry){.id = id,
                                           .is_cleanup = is_cleanup,
                                           .test = test ? test : "",
                                           .at = at ? at : "",
                                           .at_s = moment(at),
                                           .call = call};
    strike_off(reading, json_object_get(line, "covers"));
}

static void take_answer(struct reading *reading, const json_t *line)
{
    json_int_t id = json_integer_value(json_object_get(line, "id"));

    if (id <= 0 || (size_t)id >= reading->count || !reading->by_id[id].call)
        return;
    reading->by_id[id].answered = true;
    reading->by_id[id].output = json_object_get(line, "output");
}

static void take_refusal(struct reading *reading, const json_t *line)
{
    json_int_t id = json_integer_value(json_object_get(line, "id"));

    if (id > 0 && (size_t)id < reading->count)
        memset(&reading->by_id[id], 0, sizeof *reading->by_id);
}

static void take_run(struct parity_journal_record *record, const json_t *line)
{
    const char *target = text_of(line, "target");

    record->run_id = text_of(line, "run");
    record->aws = target && strcmp(target, "aws") == 0;
    record->endpoint_url = text_of(line, "endpoint_url");
    record->emulator = text_of(line, "emulator");
    record->region = text_of(line, "region");
    record->project = text_of(line, "project");
    record->at = text_of(line, "at");
}

/* Keeps the line if something is borrowed from it. */
static void take_line(struct reading *reading, json_t *line)
{
    const char *event = text_of(line, "event");

    if (!event)
        return;
    if (reading->note)
        reading->note(reading->data, line);
    if (json_array_append(reading->record->lines, line) < 0)
        reading->failed = true;
    else if (strcmp(event, "run") == 0)
        take_run(reading->record, line);
    else if (strcmp(event, "account") == 0)
        reading->record->account_hash = text_of(line, "hash");
    else if (strcmp(event, "call") == 0 || strcmp(event, "cleanup") == 0)
        take_entry(reading, line, strcmp(event, "cleanup") == 0);
    else if (strcmp(event, "answer") == 0)
        take_answer(reading, line);
    else if (strcmp(event, "refusal") == 0)
        take_refusal(reading, line);
    else if (strcmp(event, "settled") == 0)
        strike_off(reading, json_object_get(line, "ids"));
}

static void take_lines(struct reading *reading, const char *text, size_t length)
{
    const char *end = text + length, *newline;

    /* What stands behind the last newline is a line that was not finished. */
    for (; text < end && (newline = memchr(text, '\n', (size_t)(end - text))); text = newline + 1) {
        json_t *line;

        if (newline == text ||
            parity_json_parse(text, (size_t)(newline - text), NULL, &line, NULL) < 0)
            continue;
        take_line(reading, line);
        json_decref(line);
    }
}

/* Moves what is left together. */
static void keep_open_ones(struct reading *reading)
{
    size_t kept = 0;

    for (size_t i = 0; i < reading->count; i++)
        if (reading->by_id[i].call)
            reading->by_id[kept++] = reading->by_id[i];
    reading->record->entries = reading->by_id;
    reading->record->count = kept;
}

int parity_journal_read_lines(const char *path, void (*note)(void *data, const json_t *line),
                              void *data, struct parity_journal_record *out,
                              struct parity_error *err)
{
    struct reading reading = {.record = out, .note = note, .data = data};
    struct parity_buffer text = {0};
    int rc = -1;

    memset(out, 0, sizeof *out);
    out->lines = json_array();
    if (parity_file_read(path, 0, &text, err) == 0) {
        take_lines(&reading, text.data, text.length);
        rc = reading.failed || !out->lines ? -1 : 0;
        if (rc < 0)
            parity_fail_nomem(err);
    }
    keep_open_ones(&reading);
    parity_buffer_clear(&text);
    return rc;
}

int parity_journal_read(const char *path, struct parity_journal_record *out,
                        struct parity_error *err)
{
    return parity_journal_read_lines(path, NULL, NULL, out, err);
}

void parity_journal_record_clear(struct parity_journal_record *record)
{
    parity_free(record->entries);
    json_decref(record->lines);
    memset(record, 0, sizeof *record);
}
