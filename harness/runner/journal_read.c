/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/journal_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/iso8601.h"

struct reading {
    struct parity_journal_record *record;
    size_t capacity;                        /* of the record's entries, which are ordered by id */
    void (*note)(void *data, json_t *line); /* NULL: nobody listens */
    void *data;
    bool failed; /* out of memory */
};

static const char *text_of(const json_t *line, const char *name)
{
    return json_string_value(json_object_get(line, name));
}

static void clear_entry(struct parity_journal_entry *entry)
{
    json_decref(entry->line);
    json_decref(entry->answer);
    memset(entry, 0, sizeof *entry);
}

/* Where the entry with this id stands, or would. */
static size_t position_of(const struct parity_journal_record *record, json_int_t id)
{
    size_t low = 0, high = record->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (record->entries[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct parity_journal_entry *find(const struct reading *reading, json_int_t id)
{
    size_t at = position_of(reading->record, id);

    return at < reading->record->count && reading->record->entries[at].id == id
               ? &reading->record->entries[at]
               : NULL;
}

/* An empty one; NULL when out of memory. */
static struct parity_journal_entry *make_entry(struct reading *reading, json_int_t id)
{
    struct parity_journal_record *record = reading->record;
    struct parity_journal_entry *entry = find(reading, id);
    size_t at = position_of(record, id);

    if (entry) {
        clear_entry(entry);
        return entry;
    }
    if (parity_grow(&record->entries, &reading->capacity, record->count + 1,
                    sizeof *record->entries) < 0) {
        reading->failed = true;
        return NULL;
    }
    entry = &record->entries[at];
    memmove(entry + 1, entry, (record->count++ - at) * sizeof *entry);
    memset(entry, 0, sizeof *entry);
    return entry;
}

/* What is over is forgotten at once: a journal may be long, what is left is little. */
static void strike_off_one(struct reading *reading, json_int_t id)
{
    struct parity_journal_record *record = reading->record;
    struct parity_journal_entry *entry = find(reading, id);

    if (!entry)
        return;
    clear_entry(entry);
    record->count--;
    memmove(entry, entry + 1, (record->count - (size_t)(entry - record->entries)) * sizeof *entry);
}

static void strike_off(struct reading *reading, const json_t *ids)
{
    for (size_t i = 0; i < json_array_size(ids); i++)
        strike_off_one(reading, json_integer_value(json_array_get(ids, i)));
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

static void take_entry(struct reading *reading, json_t *line, bool is_cleanup)
{
    json_t *call = json_object_get(line, "call");
    const char *test = text_of(line, "test"), *at = text_of(line, "at");
    json_int_t id = json_integer_value(json_object_get(line, "id"));
    struct parity_journal_entry *entry =
        json_is_object(call) && id > 0 ? make_entry(reading, id) : NULL;

    if (!entry)
        return;
    *entry = (struct parity_journal_entry){.id = id,
                                           .is_cleanup = is_cleanup,
                                           .test = test ? test : "",
                                           .at = at ? at : "",
                                           .at_s = moment(at),
                                           .call = call,
                                           .line = json_incref(line)};
    strike_off(reading, json_object_get(line, "covers"));
}

static void take_answer(struct reading *reading, json_t *line)
{
    struct parity_journal_entry *entry =
        find(reading, json_integer_value(json_object_get(line, "id")));

    if (!entry)
        return;
    json_decref(entry->answer);
    entry->answer = json_incref(line);
    entry->answered = true;
    entry->output = json_object_get(line, "output");
}

static void keep_line(struct reading *reading, json_t *line)
{
    if (json_array_append(reading->record->lines, line) < 0)
        reading->failed = true;
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
    if (strcmp(event, "run") == 0) {
        keep_line(reading, line);
        take_run(reading->record, line);
    } else if (strcmp(event, "account") == 0) {
        keep_line(reading, line);
        reading->record->account_hash = text_of(line, "hash");
    } else if (strcmp(event, "call") == 0 || strcmp(event, "cleanup") == 0) {
        take_entry(reading, line, strcmp(event, "cleanup") == 0);
    } else if (strcmp(event, "answer") == 0) {
        take_answer(reading, line);
    } else if (strcmp(event, "refusal") == 0) {
        strike_off_one(reading, json_integer_value(json_object_get(line, "id")));
    } else if (strcmp(event, "settled") == 0) {
        strike_off(reading, json_object_get(line, "ids"));
    }
}

/* @return length of the whole lines; what stands behind them is one that is not finished */
static size_t take_lines(struct reading *reading, const char *text, size_t length)
{
    const char *begin = text, *end = text + length, *newline;

    for (; text < end && (newline = memchr(text, '\n', (size_t)(end - text))); text = newline + 1) {
        json_t *line;

        if (newline == text ||
            parity_json_parse(text, (size_t)(newline - text), NULL, &line, NULL) < 0)
            continue;
        take_line(reading, line);
        json_decref(line);
    }
    return (size_t)(text - begin);
}

/* Piece by piece: a journal is as long as its run was. */
static int read_pieces(struct reading *reading, int fd)
{
    enum { PIECE = 65536 };
    struct parity_buffer text = {0};
    ssize_t got = 1;

    while (got > 0 && parity_buffer_reserve(&text, PIECE) == 0) {
        size_t taken;

        got = read(fd, text.data + text.length, PIECE);
        if (got < 0 && errno == EINTR) {
            got = 1;
            continue;
        }
        text.length += got > 0 ? (size_t)got : 0;
        taken = take_lines(reading, text.data, text.length);
        text.length -= taken;
        memmove(text.data, text.data + taken, text.length);
    }
    reading->failed |= text.failed;
    parity_buffer_clear(&text);
    return got < 0 ? -1 : 0;
}

int parity_journal_read_lines(const char *path, void (*note)(void *data, json_t *line), void *data,
                              struct parity_journal_record *out, struct parity_error *err)
{
    struct reading reading = {.record = out, .note = note, .data = data};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int rc = -1;

    memset(out, 0, sizeof *out);
    out->lines = json_array();
    if (fd < 0 || read_pieces(&reading, fd) < 0)
        parity_fail(err, fd < 0 && errno == ENOENT ? PARITY_E_NOT_FOUND : PARITY_E_IO, path,
                    "cannot read: %s", strerror(errno));
    else if (reading.failed || !out->lines)
        parity_fail_nomem(err);
    else
        rc = 0;
    if (fd >= 0)
        close(fd);
    return rc;
}

int parity_journal_read(const char *path, struct parity_journal_record *out,
                        struct parity_error *err)
{
    return parity_journal_read_lines(path, NULL, NULL, out, err);
}

void parity_journal_record_clear(struct parity_journal_record *record)
{
    for (size_t i = 0; i < record->count; i++)
        clear_entry(&record->entries[i]);
    parity_free(record->entries);
    json_decref(record->lines);
    memset(record, 0, sizeof *record);
}
