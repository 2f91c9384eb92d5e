/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "spec.h"

/*
 * `span`: in every list under a key, sorts what stands between an item that begins a span and one
 * that ends it, and sets members of each, for what happened at the same time in some order.
 *
 * As the reference has it for the events of parallel branches (REFERENCE.md, 3), also where that is
 * odd: a second end, right behind the first one, takes the place of what stands since the
 * beginning, the first end included, and the item behind it is passed over. Recordings show it.
 */
struct span_transformer {
    struct parity_transformer base;
    json_t *key, *by, *from; /* strings */
    json_t *to;              /* array of strings */
    json_t *set;             /* object; may be NULL */
};

/* The span at hand, in one list. */
struct span {
    size_t start; /* the place behind the item that began it */
    bool open;
    json_t *items; /* its items so far */
};

struct sorted_item {
    json_t *value; /* borrowed */
    char *text;    /* owned */
    size_t place;
};

static int compare_items(const void *left, const void *right)
{
    const struct sorted_item *a = left, *b = right;
    int order = strcmp(a->text, b->text);

    return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* Python's JSON of an item: a timestamp is its text there. */
static json_t *plain_copy(const json_t *value)
{
    const char *key;
    json_t *copy, *member;
    size_t length, i;
    int rc = 0;

    if (parity_json_kind(value) == PARITY_JSON_DATETIME)
        return json_string(parity_json_datetime_text(value));
    copy = parity_json_copy(value);
    if (!parity_json_is_container(copy))
        return copy;
    json_object_keylen_foreach(copy, key, length, member)
        rc |= json_object_setn_new_nocheck(copy, key, length, plain_copy(member));
    json_array_foreach(copy, i, member)
        rc |= json_array_set_new(copy, i, plain_copy(member));
    if (rc == 0)
        return copy;
    json_decref(copy);
    return NULL;
}

static char *text_of(const json_t *item)
{
    struct parity_buffer text = {0};
    json_t *plain = plain_copy(item);

    if (plain)
        parity_json_write(&text, plain, PARITY_JSON_LINE);
    json_decref(plain);
    return plain ? parity_buffer_take(&text) : NULL;
}

static void free_sorted(struct sorted_item *sorted, size_t count)
{
    for (size_t i = 0; sorted && i < count; i++)
        parity_free(sorted[i].text);
    parity_free(sorted);
}

/* The items in the order of their texts; NULL when out of memory. */
static struct sorted_item *sort_items(const json_t *items)
{
    size_t count = json_array_size(items);
    struct sorted_item *sorted = parity_calloc(count + 1, sizeof *sorted);

    for (size_t i = 0; sorted && i < count; i++) {
        json_t *item = json_array_get(items, i);

        sorted[i] = (struct sorted_item){item, text_of(item), i};
        if (!sorted[i].text) {
            free_sorted(sorted, count);
            return NULL;
        }
    }
    if (sorted && count > 1)
        qsort(sorted, count, sizeof *sorted, compare_items);
    return sorted;
}

/* Put the items of the span, sorted, in the place of what stands from its start up to `end`. */
static int close_span(struct span *span, json_t *list, size_t end)
{
    size_t count = json_array_size(span->items);
    struct sorted_item *sorted = sort_items(span->items);
    int rc = sorted ? 0 : -1;

    span->open = false;
    while (rc == 0 && end > span->start)
        rc = json_array_remove(list, --end);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = json_array_insert(list, span->start + i, sorted[i].value);
    free_sorted(sorted, count);
    return rc;
}

static int take_in(const struct span_transformer *self, struct span *span, json_t *item)
{
    const char *name;
    json_t *value;

    json_object_foreach(self->set, name, value)
        if (json_object_set_new_nocheck(item, name, parity_json_copy(value)) < 0)
            return -1;
    return json_array_append(span->items, item);
}

static bool ends(const struct span_transformer *self, const json_t *type)
{
    const json_t *end;
    size_t i;

    json_array_foreach(self->to, i, end)
        if (json_equal(end, type))
            return true;
    return false;
}

static int visit_item(const struct span_transformer *self, struct span *span, json_t *list,
                      size_t place)
{
    json_t *item = json_array_get(list, place);
    const json_t *type = json_object_get(item, json_string_value(self->by));

    if (!type || json_is_null(type)) {
        span->open = false;
        return 0;
    }
    if (ends(self, type))
        return close_span(span, list, place);
    if (json_equal(type, self->from)) {
        *span = (struct span){place + 1, true, span->items};
        return json_array_clear(span->items);
    }
    return span->open ? take_in(self, span, item) : 0;
}

static int sort_spans(const struct span_transformer *self, json_t *list)
{
    struct span span = {.items = json_array()};
    int rc = span.items ? 0 : -1;

    for (size_t i = 0; rc == 0 && i < json_array_size(list); i++)
        rc = visit_item(self, &span, list, i);
    json_decref(span.items);
    return rc;
}

static int visit(const struct span_transformer *self, json_t *value)
{
    json_t *item;
    size_t i;

    json_array_foreach(value, i, item)
        if (visit(self, item) < 0)
            return -1;
    if (parity_json_kind(value) != PARITY_JSON_OBJECT)
        return 0;
    for (void *m = json_object_iter(value); m; m = json_object_iter_next(value, m)) {
        json_t *child = json_object_iter_value(m);
        bool meant = strcmp(json_object_iter_key(m), json_string_value(self->key)) == 0;

        if ((meant && json_is_array(child) && sort_spans(self, child) < 0) ||
            visit(self, child) < 0)
            return -1;
    }
    return 0;
}

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    (void)context;
    if (visit((const struct span_transformer *)base, document) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static void release(struct parity_transformer *base)
{
    struct span_transformer *self = (struct span_transformer *)base;

    json_decref(self->key);
    json_decref(self->by);
    json_decref(self->from);
    json_decref(self->to);
    json_decref(self->set);
    parity_free(self);
}

static const struct parity_transformer_class span_class = {"span", apply, release};

static int check(const json_t *spec, struct parity_error *err)
{
    static const char *const texts[] = {"key", "by", "from"};
    const json_t *to = json_object_get(spec, "to"), *set = json_object_get(spec, "set"), *end;
    struct parity_spec_text text;
    bool good = json_array_size(to) > 0;
    size_t i;

    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        if (parity_spec_text(spec, texts[i], true, &text, err) < 0)
            return -1;
    json_array_foreach(to, i, end)
        good = good && json_is_string(end);
    if (!good)
        parity_fail(err, PARITY_E_INVALID, NULL, "member 'to' must be a list of texts");
    else if (set && !json_is_object(set))
        parity_fail(err, PARITY_E_INVALID, NULL, "member 'set' must be an object");
    else
        return 0;
    return -1;
}

struct parity_transformer *parity_span_make(const json_t *spec, struct parity_error *err)
{
    struct span_transformer *self;

    if (check(spec, err) < 0)
        return NULL;
    self = parity_calloc(1, sizeof *self);
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &span_class;
    self->key = json_incref(json_object_get(spec, "key"));
    self->by = json_incref(json_object_get(spec, "by"));
    self->from = json_incref(json_object_get(spec, "from"));
    self->to = json_incref(json_object_get(spec, "to"));
    self->set = json_incref(json_object_get(spec, "set"));
    return &self->base;
}
