/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trace.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void parity_trace_clear(struct parity_trace *trace)
{
    parity_free(trace->responses);
    json_decref(trace->checks);
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

/* `list` is the member of the calls that the check is to stand in. */
static int add_check(struct parity_trace *trace, const struct parity_trace_response *response,
                     const char *list, const char *text)
{
    int rc = 0;

    if (!trace->checks && !(trace->checks = json_array()))
        return -1;
    for (size_t i = 0; rc == 0 && i < response->call_count; i++)
        rc = json_array_append_new(
            trace->checks,
            json_pack("[I, s, s]", (json_int_t)(response->first_call + i), list, text));
    return rc;
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

static int check_parts(struct parity_trace *trace, const char *list, const char *text,
                       json_t *value)
{
    struct parts parts = {0};
    bool *marks = parity_calloc(trace->count, sizeof *marks);
    int rc = marks ? 0 : -1;

    for (size_t i = 0; rc == 0 && i < trace->count; i++)
        rc = collect(&parts, trace->responses[i].value, i);
    if (rc == 0) {
        qsort(parts.items, parts.count, sizeof *parts.items, by_place);
        mark(&parts, value, marks);
    }
    for (size_t i = 0; rc == 0 && i < trace->count; i++)
        if (marks[i])
            rc = add_check(trace, &trace->responses[i], list, text);
    parity_free(parts.items);
    parity_free(marks);
    return rc;
}

/* --- checks ------------------------------------------------------------------------------------
 */

static int check(struct parity_trace *trace, const char *whole, const char *part, const char *text,
                 json_t *value)
{
    /* Nearly always it is the last response, as it came. */
    for (size_t i = trace->count; i-- > 0;)
        if (trace->responses[i].value == value)
            return add_check(trace, &trace->responses[i], whole, text);
    return trace->count > 0 && is_distinct(value) ? check_parts(trace, part, text, value) : 0;
}

int parity_trace_match(struct parity_trace *trace, const char *key, json_t *value)
{
    return check(trace, "matched", "matched_in_part", key, value);
}

int parity_trace_expect(struct parity_trace *trace, const char *how, json_t *value)
{
    return check(trace, "expected", "expected", how, value);
}

/* @return the array that a call has there, borrowed; NULL when out of memory */
static json_t *list_of(json_t *call, const char *name)
{
    json_t *list = json_object_get(call, name);

    if (!list && json_object_set_new(call, name, json_array()) == 0)
        list = json_object_get(call, name);
    return list;
}

static bool has_text(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
            return true;
    return false;
}

void parity_trace_apply(json_t *calls, const json_t *checks)
{
    const json_t *check;
    size_t i;

    json_array_foreach(checks, i, check) {
        json_t *call = json_array_get(calls, (size_t)json_integer_value(json_array_get(check, 0)));
        const char *name = json_string_value(json_array_get(check, 1));
        json_t *text = json_array_get(check, 2);
        json_t *list = call && name && json_is_string(text) ? list_of(call, name) : NULL;

        if (list && !has_text(list, json_string_value(text)))
            json_array_append(list, text);
    }
}
