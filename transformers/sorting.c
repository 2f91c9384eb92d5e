/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "datetime.h"
#include "python_number.h"
#include "spec.h"

/* `sorting`: sorts every list under a key, by the items or by one member of them. */
struct sorting_transformer {
    struct parity_transformer base;
    json_t *key, *by; /* strings; `by` may be NULL */
};

struct item {
    json_t *value; /* owned */
    json_t *by;    /* what it is sorted by, borrowed */
};

enum { SAME = 0, NOT_COMPARABLE = 3 };

static int compare(const json_t *a, const json_t *b);

static int compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t common = a_length < b_length ? a_length : b_length;
    int result = common ? memcmp(a, b, common) : 0;

    if (result == 0)
        result = (a_length > b_length) - (a_length < b_length);
    return (result > 0) - (result < 0);
}

static int compare_lists(const json_t *a, const json_t *b)
{
    size_t a_size = json_array_size(a), b_size = json_array_size(b);

    for (size_t i = 0; i < a_size && i < b_size; i++) {
        const json_t *left = json_array_get(a, i), *right = json_array_get(b, i);
        int result = parity_json_equal(left, right) ? SAME : compare(left, right);

        if (result != SAME)
            return result;
    }
    return (a_size > b_size) - (a_size < b_size);
}

static int compare_byte_strings(const json_t *a, const json_t *b)
{
    struct parity_buffer left = {0}, right = {0};
    int result = NOT_COMPARABLE;

    if (parity_json_bytes_get(a, &left) == 0 && parity_json_bytes_get(b, &right) == 0)
        result = compare_bytes(left.data, left.length, right.data, right.length);
    parity_buffer_clear(&left);
    parity_buffer_clear(&right);
    return result;
}

static int compare_datetimes(const json_t *a, const json_t *b)
{
    int64_t left, right;

    if (parity_datetime_microseconds(parity_json_datetime_text(a), &left) < 0 ||
        parity_datetime_microseconds(parity_json_datetime_text(b), &right) < 0)
        return NOT_COMPARABLE;
    return (left > right) - (left < right);
}

/* Python's `<` on two values of one type: text by code point, numbers by value, lists item by
   item; other types, and different ones, cannot be compared. */
static int compare(const json_t *a, const json_t *b)
{
    enum parity_json_kind kind = parity_json_kind(a);

    if (parity_python_is_number(a) && parity_python_is_number(b)) {
        int result = parity_python_number_compare(a, b);

        return result == PARITY_UNORDERED ? SAME : result;
    }
    if (kind != parity_json_kind(b))
        return NOT_COMPARABLE;
    switch (kind) {
    case PARITY_JSON_STRING:
        return compare_bytes(json_string_value(a), json_string_length(a), json_string_value(b),
                             json_string_length(b));
    case PARITY_JSON_ARRAY:
        return compare_lists(a, b);
    case PARITY_JSON_BYTES:
        return compare_byte_strings(a, b);
    case PARITY_JSON_DATETIME:
        return compare_datetimes(a, b);
    default:
        return NOT_COMPARABLE;
    }
}

/* Stable; -1 when two items cannot be compared. */
static int merge_sort(struct item *items, struct item *scratch, size_t count)
{
    size_t half = count / 2, left = 0, right = half, used = 0;

    if (count < 2)
        return 0;
    if (merge_sort(items, scratch, half) < 0 ||
        merge_sort(items + half, scratch + half, count - half) < 0)
        return -1;
    while (left < half && right < count) {
        int result = compare(items[left].by, items[right].by);

        if (result == NOT_COMPARABLE)
            return -1;
        scratch[used++] = result > 0 ? items[right++] : items[left++];
    }
    while (left < half)
        scratch[used++] = items[left++];
    while (right < count)
        scratch[used++] = items[right++];
    memcpy(items, scratch, count * sizeof *items);
    return 0;
}

static int fail(const struct sorting_transformer *self, const char *reason,
                struct parity_error *err)
{
    parity_fail(err, PARITY_E_INVALID, NULL, "the value of '%s' cannot be sorted: %s",
                json_string_value(self->key), reason);
    return -1;
}

static int read_items(const struct sorting_transformer *self, const json_t *list,
                      struct item *items, struct parity_error *err)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *value = json_array_get(list, i);

        items[i] = (struct item){value, value};
        if (!self->by)
            continue;
        items[i].by =
            parity_json_kind(value) == PARITY_JSON_OBJECT
                ? json_object_getn(value, json_string_value(self->by), json_string_length(self->by))
                : NULL;
        if (!items[i].by)
            return fail(self, "an item has no member of the name to sort by", err);
    }
    return 0;
}

static int sort_list(const struct sorting_transformer *self, json_t *list, struct parity_error *err)
{
    size_t count = json_array_size(list);
    struct item *items = parity_calloc(2 * count + 1, sizeof *items);
    int rc = -1;

    if (!items) {
        parity_fail_nomem(err);
        return -1;
    }
    if (read_items(self, list, items, err) < 0)
        goto out;
    if (merge_sort(items, items + count, count) < 0) {
        fail(self, "its items are of types that have no order among each other", err);
        goto out;
    }
    for (size_t i = 0; i < count; i++)
        json_incref(items[i].value);
    for (size_t i = 0; i < count; i++)
        json_array_set_new(list, i, items[i].value); /* the place exists: cannot fail */
    rc = 0;
out:
    parity_free(items);
    return rc;
}

static bool is_key(const struct sorting_transformer *self, void *member)
{
    size_t length = json_string_length(self->key);

    return json_object_iter_key_len(member) == length &&
           memcmp(json_object_iter_key(member), json_string_value(self->key), length) == 0;
}

/* What is inside a list is sorted before the list is. */
static int visit(const struct sorting_transformer *self, json_t *value, struct parity_error *err)
{
    json_t *item;
    size_t i;

    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            if (visit(self, item, err) < 0)
                return -1;
        return 0;
    }
    if (parity_json_kind(value) != PARITY_JSON_OBJECT)
        return 0;
    for (void *m = json_object_iter(value); m; m = json_object_iter_next(value, m)) {
        json_t *child = json_object_iter_value(m);
        bool sorted = is_key(self, m);

        if (sorted && !json_is_array(child))
            return fail(self, "it is no list", err);
        if (visit(self, child, err) < 0 || (sorted && sort_list(self, child, err) < 0))
            return -1;
    }
    return 0;
}

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    (void)context;
    return visit((const struct sorting_transformer *)base, document, err);
}

static void release(struct parity_transformer *base)
{
    struct sorting_transformer *self = (struct sorting_transformer *)base;

    json_decref(self->key);
    json_decref(self->by);
    parity_free(self);
}

static const struct parity_transformer_class sorting_class = {"sorting", apply, release};

struct parity_transformer *parity_sorting_make(const json_t *spec, struct parity_error *err)
{
    struct parity_spec_text key, by;
    struct sorting_transformer *self;

    if (parity_spec_text(spec, "key", true, &key, err) < 0 ||
        parity_spec_text(spec, "by", false, &by, err) < 0)
        return NULL;
    self = parity_calloc(1, sizeof *self);
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &sorting_class;
    self->key = json_incref(json_object_get(spec, "key"));
    self->by = json_incref(json_object_get(spec, "by"));
    return &self->base;
}
