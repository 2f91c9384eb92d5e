/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recorder/inventory.h"
#include "recorder/tree.h"

enum { DAY_S = 86400, MAX_DAYS = 100000 };

static int read_date(const char *text, time_t *out)
{
    char full[64];

    snprintf(full, sizeof full, "%.10sT00:00:00+00:00", text);
    if (strlen(text) == 10)
        *out = parity_inventory_date(full);
    if (strlen(text) == 10 && *out < 0) {
        snprintf(full, sizeof full, "%.10s, 00:00:00", text);
        *out = parity_inventory_date(full);
    }
    return strlen(text) == 10 && *out >= 0 ? 0 : -1;
}

int parity_inventory_limit(const char *text, time_t now, time_t *out, struct parity_error *err)
{
    char *end;
    long days = strtol(text, &end, 10);

    if (isdigit((unsigned char)text[0]) && *end == '\0' && days <= MAX_DAYS) {
        *out = now - (time_t)days * DAY_S;
        return 0;
    }
    if (read_date(text, out) == 0)
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL,
                "--older-than takes a number of days, YYYY-MM-DD or DD-MM-YYYY, not '%s'", text);
    return -1;
}

struct row {
    const char *id;
    const char *date; /* NULL: never */
    time_t when;      /* -1: never */
};

/* The oldest first; what never was is older than anything. */
static int compare_rows(const void *a, const void *b)
{
    const struct row *left = a, *right = b;

    if (left->when != right->when)
        return left->when < right->when ? -1 : 1;
    return strcmp(left->id, right->id);
}

struct rows {
    struct row *items;
    size_t count, capacity;
};

static int add_row(struct rows *rows, const char *id, const json_t *validation, time_t limit)
{
    struct row row = {.id = id, .when = -1};

    if (parity_validation_is_aws(validation))
        row.date = json_string_value(json_object_get(validation, "last_validated_date"));
    row.when = parity_inventory_date(row.date);
    if (row.when >= limit)
        return 0;
    if (parity_grow(&rows->items, &rows->capacity, rows->count + 1, sizeof *rows->items) < 0)
        return -1;
    rows->items[rows->count++] = row;
    return 0;
}

static int add_suite(struct rows *rows, const struct parity_inventory_suite *suite, time_t limit)
{
    const char *id;
    json_t *entry;

    json_object_foreach(suite->snapshot.content, id, entry) {
        if (add_row(rows, id, json_object_get(suite->validation.content, id), limit) < 0)
            return -1;
    }
    /* Tests that match nothing are validated, too. */
    json_object_foreach(suite->validation.content, id, entry) {
        if (!json_object_get(suite->snapshot.content, id) && add_row(rows, id, entry, limit) < 0)
            return -1;
    }
    return 0;
}

int parity_inventory_stale(const struct parity_inventory *inventory, time_t limit, json_t **out,
                           struct parity_error *err)
{
    struct rows rows = {0};
    int rc = 0;

    *out = json_array();
    for (size_t i = 0; rc == 0 && i < inventory->count; i++)
        rc = add_suite(&rows, &inventory->suites[i], limit);
    if (rows.count > 0)
        qsort(rows.items, rows.count, sizeof *rows.items, compare_rows);
    for (size_t i = 0; rc == 0 && i < rows.count; i++)
        rc = json_array_append_new(*out, json_pack("{s:s, s:s?}", "id", rows.items[i].id,
                                                   "last_validated_date", rows.items[i].date));
    parity_free(rows.items);
    if (rc == 0 && *out)
        return 0;
    json_decref(*out);
    *out = NULL;
    parity_fail_nomem(err);
    return -1;
}
