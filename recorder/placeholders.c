/* SPDX-License-Identifier: Apache-2.0 */
#include "placeholders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "placeholder_text.h"
#include "renaming_votes.h"

/* From what speaks for which pairs of numbers to one renaming: the election. */

static int compare_votes(const void *left, const void *right)
{
    const struct parity_vote *a = left, *b = right;

    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static json_t *look_up(const json_t *map, const char *label, size_t length, long number,
                       struct parity_buffer *key)
{
    parity_buffer_reset(key);
    parity_buffer_add(key, label, length);
    parity_buffer_printf(key, ":%ld", number);
    return key->failed ? NULL : json_object_getn(map, key->data, key->length);
}

/* Fix a pair, if both are free still. @return 1 (fixed), 0, or -1 */
static int fix(struct parity_renaming *out, const char *label, size_t length, long recorded,
               long observed)
{
    struct parity_buffer from = {0}, to = {0};
    int rc = 0;

    if (!look_up(out->to_recorded, label, length, observed, &from) &&
        !look_up(out->to_observed, label, length, recorded, &to))
        rc = 1;
    if (from.failed || to.failed ||
        (rc == 1 && (json_object_setn_new_nocheck(out->to_recorded, from.data, from.length,
                                                  json_integer(recorded)) < 0 ||
                     json_object_setn_new_nocheck(out->to_observed, to.data, to.length,
                                                  json_integer(observed)) < 0)))
        rc = -1;
    if (rc == 1 && recorded != observed)
        out->needed = true;
    parity_buffer_clear(&from);
    parity_buffer_clear(&to);
    return rc;
}

/* Every number of a side, in the order met: label → list of numbers. */
static int collect_text(json_t *seen, const char *text, size_t length)
{
    struct parity_placeholder p;
    size_t at = 0;
    int rc = 0;

    while (rc == 0 && parity_placeholder_find(text, length, at, &p)) {
        json_t *numbers = json_object_getn(seen, p.label, p.label_length);
        char digits[24];

        at = p.end;
        if (!numbers) {
            numbers = json_object();
            rc = json_object_setn_new_nocheck(seen, p.label, p.label_length, numbers);
        }
        snprintf(digits, sizeof digits, "%ld", p.number);
        if (rc == 0 && !json_object_get(numbers, digits))
            rc = json_object_set_new_nocheck(numbers, digits, json_integer(p.number));
    }
    return rc;
}

static int collect_numbers(json_t *seen, json_t *value)
{
    const char *key;
    size_t length, i;
    json_t *child;
    int rc = 0;

    if (json_is_string(value))
        return collect_text(seen, json_string_value(value), json_string_length(value));
    if (json_is_array(value)) {
        json_array_foreach(value, i, child)
            rc |= collect_numbers(seen, child);
    } else if (parity_json_kind(value) == PARITY_JSON_OBJECT) {
        json_object_keylen_foreach(value, key, length, child)
            rc |= collect_text(seen, key, length) | collect_numbers(seen, child);
    }
    return rc;
}

static long greatest_number(json_t *seen, long greatest)
{
    const char *label, *digits;
    json_t *numbers, *number;

    json_object_foreach(seen, label, numbers)
        json_object_foreach(numbers, digits, number) {
            if (json_integer_value(number) > greatest)
                greatest = (long)json_integer_value(number);
        }
    return greatest;
}

/* Is this number of a side without a partner? -1: out of memory. */
static int is_free(const json_t *map, const char *label, size_t length, long number)
{
    struct parity_buffer key = {0};
    bool taken = look_up(map, label, length, number, &key) != NULL;
    int rc = key.failed ? -1 : !taken;

    parity_buffer_clear(&key);
    return rc;
}

/* The next free number of a side from iterator `*at` on; 0: none is left, -1: out of memory. */
static long next_free(const json_t *map, const char *label, size_t length, json_t *numbers,
                      void **at)
{
    while (*at) {
        long number = (long)json_integer_value(json_object_iter_value(*at));
        int rc = is_free(map, label, length, number);

        *at = json_object_iter_next(numbers, *at);
        if (rc != 0)
            return rc < 0 ? -1 : number;
    }
    return 0;
}

/* Numbers that stand nowhere at the same place: the same ones belong together, then those that were
   met first. One that is left over gets a number that no side has, since it must not look like the
   partner of another. */
static int fix_rest_of_label(struct parity_renaming *out, const char *label, size_t length,
                             json_t *recorded, json_t *observed, long *fresh)
{
    const char *digits;
    json_t *number;
    void *at = recorded ? json_object_iter(recorded) : NULL;

    json_object_foreach(observed, digits, number) {
        long own = (long)json_integer_value(number);

        if (recorded && json_object_get(recorded, digits) && fix(out, label, length, own, own) < 0)
            return -1;
    }
    json_object_foreach(observed, digits, number) {
        long own = (long)json_integer_value(number), partner;
        int rc = is_free(out->to_recorded, label, length, own);

        if (rc == 0)
            continue;
        partner = rc < 0 ? -1 : next_free(out->to_observed, label, length, recorded, &at);
        if (partner < 0 || fix(out, label, length, partner ? partner : (*fresh)++, own) < 0)
            return -1;
    }
    return 0;
}

static int fix_rest(struct parity_renaming *out, json_t *recorded, json_t *observed)
{
    const char *label;
    size_t length;
    json_t *numbers;
    long fresh = greatest_number(recorded, greatest_number(observed, 0)) + 1;

    json_object_keylen_foreach(observed, label, length, numbers) {
        if (fix_rest_of_label(out, label, length, json_object_getn(recorded, label, length),
                              numbers, &fresh) < 0)
            return -1;
    }
    return 0;
}

static int elect(struct parity_votes *votes, json_t *recorded, json_t *observed,
                 struct parity_renaming *out)
{
    json_t *a = json_object(), *b = json_object();
    int rc = -1;

    if (votes->count > 1)
        qsort(votes->items, votes->count, sizeof *votes->items, compare_votes);
    for (size_t i = 0; i < votes->count; i++) {
        const struct parity_vote *v = &votes->items[i];

        if (fix(out, v->label, strlen(v->label), v->recorded, v->observed) < 0)
            goto out;
    }
    if (a && b && collect_numbers(a, recorded) == 0 && collect_numbers(b, observed) == 0)
        rc = fix_rest(out, a, b);
out:
    json_decref(a);
    json_decref(b);
    return rc;
}

void parity_renaming_clear(struct parity_renaming *renaming)
{
    json_decref(renaming->to_recorded);
    json_decref(renaming->to_observed);
    memset(renaming, 0, sizeof *renaming);
}

int parity_renaming_find(json_t *recorded, json_t *observed, struct parity_renaming *out)
{
    struct parity_votes votes = {0};
    int rc = -1;

    out->to_recorded = json_object();
    out->to_observed = json_object();
    if (out->to_recorded && out->to_observed && parity_votes_cast(recorded, observed, &votes) == 0)
        rc = elect(&votes, recorded, observed, out);
    parity_votes_clear(&votes);
    return rc;
}
