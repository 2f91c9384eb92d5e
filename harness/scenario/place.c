/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/place.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* Depth of a test in the chain: the document, its "tests", the test. */
enum { TEST_DEPTH = 2 };

struct parity_place parity_place_of(const struct parity_place *parent, const char *name,
                                    const json_t *value)
{
    return (struct parity_place){.parent = parent, .value = value, .name = name};
}

struct parity_place parity_place_member(const struct parity_place *parent, const char *name)
{
    return parity_place_of(parent, name, json_object_get(parent->value, name));
}

struct parity_place parity_place_at(const struct parity_place *parent, void *member)
{
    return (struct parity_place){.parent = parent,
                                 .value = json_object_iter_value(member),
                                 .name = json_object_iter_key(member)};
}

struct parity_place parity_place_item(const struct parity_place *parent, size_t index)
{
    return (struct parity_place){
        .parent = parent, .value = json_array_get(parent->value, index), .index = index};
}

size_t parity_place_depth(const struct parity_place *place)
{
    size_t depth = 0;

    while ((place = place->parent))
        depth++;
    return depth;
}

static bool is_word(const char *name)
{
    return name[0] && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-$") == strlen(name);
}

void parity_place_write(const struct parity_place *place, struct parity_buffer *out)
{
    size_t depth = parity_place_depth(place);

    if (depth == 0 || depth == TEST_DEPTH)
        return;
    parity_place_write(place->parent, out);
    if (!place->name)
        parity_buffer_printf(out, "[%zu]", place->index);
    else if (!is_word(place->name))
        parity_buffer_printf(out, "['%s']", place->name);
    else
        parity_buffer_printf(out, "%s%s", out->length ? "." : "", place->name);
}

size_t parity_place_count(const json_t *value)
{
    json_t *item;
    size_t count = 1, i;

    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            count += parity_place_count(item);
    } else if (json_is_object(value) && parity_json_kind(value) != PARITY_JSON_INTEGER &&
               parity_json_kind(value) != PARITY_JSON_REAL) { /* numbers of any size are objects */
        json_t *mutable = (json_t *)(uintptr_t)value;         /* iterators take no const */

        for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
            count += parity_place_count(json_object_iter_value(m));
    }
    return count;
}

/* How many values begin before this one, in the order of the document. */
static size_t position_of(const struct parity_place *place)
{
    const struct parity_place *parent = place->parent;
    size_t position;

    if (!parent)
        return 0;
    position = position_of(parent);
    if (!place->value)
        return position;
    position++;
    if (json_is_array(parent->value)) {
        for (size_t i = 0; i < place->index; i++)
            position += parity_place_count(json_array_get(parent->value, i));
    } else if (json_is_object(parent->value)) {
        json_t *mutable = (json_t *)(uintptr_t)parent->value;

        for (void *m = json_object_iter(mutable);
             m && strcmp(json_object_iter_key(m), place->name) != 0;
             m = json_object_iter_next(mutable, m))
            position += parity_place_count(json_object_iter_value(m));
    }
    return position;
}

int parity_place_line(const struct parity_place *place, const struct parity_scenario_source *source)
{
    size_t position = position_of(place);

    return position < source->lines.count ? source->lines.items[position] : 0;
}

/* The test that holds the place, else NULL. */
static const struct parity_place *test_of(const struct parity_place *place)
{
    size_t depth = parity_place_depth(place);

    for (; depth > TEST_DEPTH; depth--)
        place = place->parent;
    return depth == TEST_DEPTH ? place : NULL;
}

/* "a/b: steps[0].call: ", as much of it as there is. */
static void write_place(const struct parity_place *place, struct parity_buffer *out)
{
    const struct parity_place *test = test_of(place);
    const char *id = test ? json_string_value(json_object_get(test->value, "id")) : NULL;
    struct parity_buffer path = {0};

    if (id)
        parity_buffer_printf(out, "%s: ", id);
    else if (test)
        parity_buffer_printf(out, "tests[%zu]: ", test->index);
    parity_place_write(place, &path);
    if (path.length)
        parity_buffer_printf(out, "%s: ", path.data);
    parity_buffer_clear(&path);
}

void parity_scenario_complain(struct parity_scenario_report *report,
                              const struct parity_scenario_source *source,
                              const struct parity_place *place, const char *format, ...)
{
    struct parity_error problem = {0};
    struct parity_buffer where = {0};
    char message[800];
    va_list arguments;

    report->problems++;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    write_place(place, &where);
    parity_fail_at(&problem, PARITY_E_INVALID, source->name, parity_place_line(place, source), 0,
                   "%s%s", where.length && !where.failed ? where.data : "", message);
    parity_buffer_clear(&where);
    if (report->tell)
        report->tell(report->data, &problem);
}
