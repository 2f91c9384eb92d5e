/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "client/paginator_parts.h"

/*
 * Values of the first page are not copied: its lists grow. Some descriptions keep the object that
 * holds a result (`ResourceCollection`, beside the result `ResourceCollection.Tags`), which must
 * then show the whole list, not the first page's.
 */

/* --- putting values where they were found ----------------------------------------------------- */

/* The object below `object` under a name, made if there is none. */
static json_t *descend(json_t *object, const char *name, size_t length, struct parity_error *err)
{
    json_t *found = json_object_getn(object, name, length);

    if (!found && json_object_setn_new_nocheck(object, name, length, json_object()) == 0)
        return json_object_getn(object, name, length);
    if (!found)
        parity_fail_nomem(err);
    else if (parity_json_kind(found) != PARITY_JSON_OBJECT)
        parity_fail(err, PARITY_E_RESPONSE, NULL, "'%.*s' is no object", (int)length, name);
    else
        return found;
    return NULL;
}

/* Put `value` (stolen) at names joined by dots. */
static int put(json_t *object, const char *path, json_t *value, struct parity_error *err)
{
    const char *dot;

    while (object && (dot = strchr(path, '.'))) {
        object = descend(object, path, (size_t)(dot - path), err);
        path = dot + 1;
    }
    if (!object || !value) {
        json_decref(value);
        parity_fail_nomem(err); /* unless the reason is known */
        return -1;
    }
    if (json_object_set_new_nocheck(object, path, value) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* --- adding up -------------------------------------------------------------------------------- */

static bool is_number(const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);

    return kind == PARITY_JSON_INTEGER || kind == PARITY_JSON_REAL;
}

/* What an expression makes of two values. New, or NULL. */
static json_t *combined(const char *expression, json_t *a, json_t *b, struct parity_error *err)
{
    json_t *both = json_pack("[OO]", a, b), *out = NULL;

    if (both)
        (void)parity_jmespath_search(expression, both, &out, err);
    else
        parity_fail_nomem(err);
    json_decref(both);
    return out;
}

/* Add a page's value to what there is already. */
static int add(json_t *merged, const char *path, json_t *existing, json_t *value,
               struct parity_error *err)
{
    const char *expression = is_number(value) && is_number(existing)             ? "sum(@)"
                             : json_is_string(value) && json_is_string(existing) ? "join('', @)"
                                                                                 : NULL;
    json_t *sum;

    if (expression) {
        sum = combined(expression, existing, value, err);
        return sum ? put(merged, path, sum, err) : -1;
    }
    if (json_is_array(value) && json_is_array(existing)) {
        if (json_array_extend(existing, value) == 0)
            return 0;
        parity_fail_nomem(err);
        return -1;
    }
    if (!json_is_array(value) && !json_is_string(value) && !is_number(value))
        return 0; /* objects and the rest: the first page's stays */
    parity_fail(err, PARITY_E_RESPONSE, path, "two pages have values of different types here");
    return -1;
}

static int merge_result(const struct parity_jmespath *key, const json_t *page, json_t *merged,
                        struct parity_error *err)
{
    const char *path = parity_jmespath_text(key);
    json_t *value = NULL, *existing = NULL;
    int rc = -1;

    if (parity_jmespath_evaluate(key, page, &value, err) < 0 ||
        parity_jmespath_evaluate(key, merged, &existing, err) < 0)
        goto out;
    if (json_is_null(value))
        rc = 0;
    else if (json_is_null(existing))
        rc = put(merged, path, json_incref(value), err);
    else
        rc = add(merged, path, existing, value, err);
out:
    json_decref(value);
    json_decref(existing);
    return rc;
}

/* --- the rest of the first page --------------------------------------------------------------- */

static int keep_first(const struct parity_paginator *paginator, const json_t *page, json_t *kept,
                      struct parity_error *err)
{
    for (size_t i = 0; i < paginator->non_aggregate_keys.count; i++) {
        const struct parity_jmespath *key = paginator->non_aggregate_keys.items[i];
        json_t *value;

        if (parity_jmespath_evaluate(key, page, &value, err) < 0 ||
            put(kept, parity_jmespath_text(key), value, err) < 0)
            return -1;
    }
    return 0;
}

/* Members of `from` into `into`, objects member by member. As deep as keys have dots. */
static int merge_objects(json_t *into, json_t *from, struct parity_error *err)
{
    for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at)) {
        const char *name = json_object_iter_key(at);
        size_t length = json_object_iter_key_len(at);
        json_t *value = json_object_iter_value(at);
        json_t *existing = json_object_getn(into, name, length);

        if (existing && parity_json_kind(value) == PARITY_JSON_OBJECT &&
            parity_json_kind(existing) == PARITY_JSON_OBJECT) {
            if (merge_objects(existing, value, err) < 0)
                return -1;
        } else if (json_object_setn_nocheck(into, name, length, value) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
    }
    return 0;
}

/* --- all pages -------------------------------------------------------------------------------- */

/* Results of a page into `merged`; of the first one also the rest into `kept`. */
static int take_page(const struct parity_paginator *paginator, const json_t *page, bool is_first,
                     json_t *merged, json_t *kept, struct parity_error *err)
{
    if (is_first && keep_first(paginator, page, kept, err) < 0)
        return -1;
    for (size_t i = 0; i < paginator->result_keys.count; i++)
        if (merge_result(paginator->result_keys.items[i], page, merged, err) < 0)
            return -1;
    return 0;
}

/* 0: `merged` and `kept` are whole, 1: `*failure` is the service's error (new), -1. */
static int take_pages(struct parity_pages *pages, const struct parity_paginator *paginator,
                      json_t *merged, json_t *kept, json_t **failure, struct parity_error *err)
{
    json_t *page;
    bool is_first = true;
    int rc;

    while ((rc = parity_pages_next(pages, &page, err)) > 0) {
        if (parity_response_is_error(page)) {
            *failure = page;
            return 1;
        }
        rc = take_page(paginator, page, is_first, merged, kept, err);
        json_decref(page);
        if (rc < 0) {
            parity_error_add_context(err, "%s", paginator->operation);
            return -1;
        }
        is_first = false;
    }
    return rc;
}

int parity_paginate(const struct parity_paginator *paginator, struct parity_caller caller,
                    const json_t *input, const struct parity_pages_options *options, json_t **out,
                    struct parity_error *err)
{
    struct parity_pages *pages = NULL;
    json_t *merged = json_object(), *kept = json_object(), *failure = NULL;
    int rc = -1;

    *out = NULL;
    if (paginator->result_keys.count == 0)
        parity_fail(err, PARITY_E_INVALID, paginator->operation,
                    "paginators-1.json names no result_key, so pages can't be merged");
    else if (!merged || !kept)
        parity_fail_nomem(err);
    else
        pages = parity_pages_new(paginator, caller, input, options, err);
    if (pages)
        rc = take_pages(pages, paginator, merged, kept, &failure, err);
    if (rc == 0)
        rc = merge_objects(merged, kept, err);
    if (rc == 0 && !(*out = parity_json_copy(merged))) { /* nothing in it is there twice then */
        parity_fail_nomem(err);
        rc = -1;
    }
    if (rc == 1)
        *out = failure;
    parity_pages_free(pages);
    json_decref(kept);
    json_decref(merged);
    return rc < 0 ? -1 : 0;
}
