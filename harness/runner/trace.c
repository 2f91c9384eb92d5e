/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trace.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_number.h"
#include "base/memory.h"

void parity_trace_clear(struct parity_trace *trace)
{
    parity_free(trace->responses);
    parity_buffer_clear(&trace->notes);
    memset(trace, 0, sizeof *trace);
}

int parity_trace_add(struct parity_trace *trace, json_t *value, size_t first_call,
                     size_t call_count)
{
    if (parity_grow(&trace->responses, &trace->capacity, trace->count + 1,
                    sizeof *trace->responses) < 0)
        return -1;
    trace->responses[trace->count++] = (struct parity_trace_response){
        .value = value, .first_call = first_call, .call_count = call_count};
    return 0;
}

/* --- notes: a line each, "<kind><place of the call> <length> <text>" ---------------------------
 */

static const struct kind {
    char letter;
    const char *member; /* of the call */
} kinds[] = {{'p', "parameters"}, {'m', "matched"}, {'i', "matched_in_part"}, {'e', "expected"}};

static void add_number(struct parity_buffer *out, size_t number)
{
    char digits[PARITY_INTEGER_TEXT_SIZE];

    parity_buffer_add(out, digits, parity_integer_text((long long)number, digits));
    parity_buffer_add_char(out, ' ');
}

static void note(struct parity_trace *trace, char kind, size_t call, const char *text)
{
    size_t length = strlen(text);

    parity_buffer_add_char(&trace->notes, kind);
    add_number(&trace->notes, call);
    add_number(&trace->notes, length);
    parity_buffer_add(&trace->notes, text, length);
    parity_buffer_add_char(&trace->notes, '\n');
}

static int note_all(struct parity_trace *trace, const struct parity_trace_response *response,
                    char kind, const char *text)
{
    for (size_t i = 0; i < response->call_count; i++)
        note(trace, kind, response->first_call + i, text);
    return trace->notes.failed ? -1 : 0;
}

void parity_trace_sent(struct parity_trace *trace, size_t call, const json_t *input)
{
    json_t *members = (json_t *)(uintptr_t)input; /* iterators take no const */

    for (void *m = json_object_iter(members); m; m = json_object_iter_next(members, m))
        note(trace, 'p', call, json_object_iter_key(m));
}

json_t *parity_trace_take(struct parity_trace *trace)
{
    json_t *text = NULL;

    if (!trace->notes.failed && trace->notes.length > 0)
        text = json_stringn_nocheck(trace->notes.data, trace->notes.length);
    parity_buffer_reset(&trace->notes);
    return text;
}

/* --- parts of responses ------------------------------------------------------------------------
 */

/* A place in memory where a part of a response stands. */
struct part {
    uintptr_t place;
    size_t response;
};

struct parts {
    struct part *items;
    size_t count, capacity;
};

/* Whether it is a value of its own, and not the one that stands for all of its kind. */
static bool is_distinct(const json_t *value)
{
    return !json_is_boolean(value) && !json_is_null(value);
}

static int collect(struct parts *parts, json_t *value, size_t response)
{
    json_t *child;
    const char *name;
    size_t i;

    if (!is_distinct(value))
        return 0;
    if (parity_grow(&parts->items, &parts->capacity, parts->count + 1, sizeof *parts->items) < 0)
        return -1;
    parts->items[parts->count++] = (struct part){(uintptr_t)value, response};
    json_array_foreach(value, i, child)
        if (collect(parts, child, response) < 0)
            return -1;
    json_object_foreach(value, name, child)
        if (collect(parts, child, response) < 0)
            return -1;
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const struct part *left = a, *right = b;

    return left->place < right->place ? -1 : left->place > right->place;
}

/* Mark the responses that `value`, or else what stands in it, is a part of. */
static void mark(const struct parts *parts, json_t *value, bool *marks)
{
    const struct part wanted = {.place = (uintptr_t)value};
    const struct part *found =
        bsearch(&wanted, parts->items, parts->count, sizeof wanted, by_place);
    json_t *child;
    const char *name;
    size_t i;

    if (found) {
        marks[found->response] = true;
        return;
    }
    json_array_foreach(value, i, child)
        mark(parts, child, marks);
    json_object_foreach(value, name, child)
        mark(parts, child, marks);
}

static int check_parts(struct parity_trace *trace, char kind, const char *text, json_t *value)
{
    struct parts parts = {0};
    bool *marks = parity_calloc(trace->count, sizeof *marks);
    int rc = marks ? 0 : -1;

    for (size_t i = 0; rc == 0 && i < trace->count; i++)
        rc = collect(&parts, trace->responses[i].value, i);
    if (rc == 0 && parts.count > 0) {
        qsort(parts.items, parts.count, sizeof *parts.items, by_place);
        mark(&parts, value, marks);
    }
    for (size_t i = 0; rc == 0 && i < trace->count; i++)
        if (marks[i])
            rc = note_all(trace, &trace->responses[i], kind, text);
    parity_free(parts.items);
    parity_free(marks);
    return rc;
}

/* --- checks ------------------------------------------------------------------------------------
 */

static int check(struct parity_trace *trace, char whole, char part, const char *text, json_t *value)
{
    /* Nearly always it is the last response, as it came. */
    for (size_t i = trace->count; i-- > 0;)
        if (trace->responses[i].value == value)
            return note_all(trace, &trace->responses[i], whole, text);
    return trace->count > 0 && is_distinct(value) ? check_parts(trace, part, text, value) : 0;
}

int parity_trace_match(struct parity_trace *trace, const char *key, json_t *value)
{
    return check(trace, 'm', 'i', key, value);
}

int parity_trace_expect(struct parity_trace *trace, const char *how, json_t *value)
{
    return check(trace, 'e', 'e', how, value);
}

/* --- in reports --------------------------------------------------------------------------------
 */

/* @return the array that a call has there, borrowed; NULL when out of memory */
static json_t *list_of(json_t *call, const char *name)
{
    json_t *list = json_object_get(call, name);

    if (!list && json_object_set_new(call, name, json_array()) == 0)
        list = json_object_get(call, name);
    return list;
}

static bool has_text(const json_t *list, const char *text, size_t length)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
        if (json_string_length(item) == length &&
            memcmp(json_string_value(item), text, length) == 0)
            return true;
    return false;
}

static void put(json_t *call, char kind, const char *text, size_t length)
{
    for (size_t i = 0; call && i < sizeof kinds / sizeof *kinds; i++) {
        json_t *list = kinds[i].letter == kind ? list_of(call, kinds[i].member) : NULL;

        if (list && !has_text(list, text, length))
            json_array_append_new(list, json_stringn_nocheck(text, length));
    }
}

/* @return what follows the note at `at`; NULL: it is none */
static const char *apply_note(json_t *calls, const char *at, const char *end)
{
    char kind = *at++, *after;
    unsigned long call = strtoul(at, &after, 10), length;

    if (after == at || *after != ' ')
        return NULL;
    at = after + 1;
    length = strtoul(at, &after, 10);
    if (after == at || *after != ' ' || length >= (size_t)(end - after - 1))
        return NULL;
    put(json_array_get(calls, call), kind, after + 1, length);
    return after + 1 + length + 1;
}

void parity_trace_apply(json_t *calls, const json_t *notes)
{
    json_t *call;
    const json_t *text;
    size_t i;

    json_array_foreach(calls, i, call)
        list_of(call, "parameters");
    json_array_foreach(notes, i, text) {
        const char *at = json_string_value(text), *end = at ? at + json_string_length(text) : NULL;

        while (at && at < end)
            at = apply_note(calls, at, end);
    }
}
