/* SPDX-License-Identifier: Apache-2.0 */
#include "placeholders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "list_alignment.h"

/* One placeholder in a text. */
struct placeholder {
    size_t start, end; /* `<` and after `>` */
    const char *label; /* in the text */
    size_t label_length;
    long number;
};

enum { MAX_DIGITS = 9 }; /* longer ones are no placeholders */

static bool read_number(const char *text, size_t length, size_t *at, long *out)
{
    size_t start = *at;

    *out = 0;
    for (; *at < length && text[*at] >= '0' && text[*at] <= '9'; ++*at)
        if (*at - start < MAX_DIGITS)
            *out = *out * 10 + (text[*at] - '0');
    return *at > start && *at - start <= MAX_DIGITS && text[start] != '0';
}

/* The next `<label:number>` at or after `from`. */
static bool find(const char *text, size_t length, size_t from, struct placeholder *out)
{
    while (from < length) {
        const char *open = memchr(text + from, '<', length - from);
        size_t at;

        if (!open)
            return false;
        out->start = (size_t)(open - text);
        at = out->start + 1;
        while (at < length && !strchr("<>:", text[at]))
            at++;
        out->label = open + 1;
        out->label_length = at - out->start - 1;
        from = out->start + 1;
        if (out->label_length == 0 || at >= length || text[at++] != ':' ||
            !read_number(text, length, &at, &out->number) || at >= length || text[at] != '>')
            continue;
        out->end = at + 1;
        return true;
    }
    return false;
}

/* ---- rewriting ---- */

/* The number that `map` has for a placeholder; its own where it has none; without a map 0. */
static long mapped(const json_t *map, const struct placeholder *p)
{
    struct parity_buffer key = {0};
    const json_t *number = NULL;

    if (!map)
        return 0;
    parity_buffer_add(&key, p->label, p->label_length);
    parity_buffer_printf(&key, ":%ld", p->number);
    if (!key.failed)
        number = json_object_getn(map, key.data, key.length);
    parity_buffer_clear(&key);
    return number ? (long)json_integer_value(number) : p->number;
}

static bool rewrite(const json_t *map, const char *text, size_t length, struct parity_buffer *out)
{
    struct placeholder p;
    size_t at = 0;

    while (find(text, length, at, &p)) {
        parity_buffer_add(out, text + at, p.start - at);
        parity_buffer_printf(out, "<%.*s:%ld>", (int)p.label_length, p.label, mapped(map, &p));
        at = p.end;
    }
    if (at > 0)
        parity_buffer_add(out, text + at, length - at);
    return at > 0;
}

static json_t *rename_string(const json_t *map, json_t *value)
{
    struct parity_buffer text = {0};
    json_t *out = NULL;

    if (!rewrite(map, json_string_value(value), json_string_length(value), &text))
        return json_incref(value);
    if (!text.failed)
        out = json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return out;
}

static int rename_member(const json_t *map, json_t *out, const char *key, size_t length,
                         json_t *value)
{
    struct parity_buffer name = {0};
    int rc;

    /* Without a map all numbers become one; names that are then the same stay apart. */
    if (rewrite(map, key, length, &name) && !name.failed &&
        !json_object_getn(out, name.data, name.length)) {
        key = name.data;
        length = name.length;
    }
    rc = name.failed
             ? -1
             : json_object_setn_new_nocheck(out, key, length, parity_renaming_apply(map, value));
    parity_buffer_clear(&name);
    return rc;
}

json_t *parity_renaming_apply(const json_t *map, json_t *value)
{
    json_t *out;
    const char *key;
    size_t length, i;
    json_t *child;
    int rc = 0;

    if (json_is_string(value))
        return rename_string(map, value);
    if (!parity_json_is_container(value))
        return json_incref(value);
    out = json_is_array(value) ? json_array() : json_object();
    if (!out)
        return NULL;
    if (json_is_array(value)) {
        json_array_foreach(value, i, child)
            rc |= json_array_append_new(out, parity_renaming_apply(map, child));
    } else {
        json_object_keylen_foreach(value, key, length, child)
            rc |= rename_member(map, out, key, length, child);
    }
    if (rc == 0)
        return out;
    json_decref(out);
    return NULL;
}

/* ---- votes ---- */

enum { STRONG = 1000, WEAK = 1 };

struct vote {
    char *label; /* owned */
    long recorded, observed;
    long weight;
    size_t first;
};

struct votes {
    struct vote *items;
    size_t count, capacity;
    json_t *places; /* "label:recorded:observed" → position */
    bool failed;
};

static void clear_votes(struct votes *votes)
{
    for (size_t i = 0; i < votes->count; i++)
        parity_free(votes->items[i].label);
    parity_free(votes->items);
    json_decref(votes->places);
}

static int new_vote(struct votes *votes, const struct placeholder *a, long observed,
                    const struct parity_buffer *key)
{
    struct vote *vote;

    if (parity_grow(&votes->items, &votes->capacity, votes->count + 1, sizeof *vote) < 0)
        return -1;
    vote = &votes->items[votes->count];
    *vote = (struct vote){parity_strndup(a->label, a->label_length), a->number, observed, 0,
                          votes->count};
    if (!vote->label)
        return -1;
    votes->count++;
    return json_object_setn_new_nocheck(votes->places, key->data, key->length,
                                        json_integer((json_int_t)vote->first));
}

static void cast(struct votes *votes, const struct placeholder *a, long observed, long weight)
{
    struct parity_buffer key = {0};
    const json_t *place = NULL;

    parity_buffer_add(&key, a->label, a->label_length);
    parity_buffer_printf(&key, ":%ld:%ld", a->number, observed);
    if (!key.failed)
        place = json_object_getn(votes->places, key.data, key.length);
    if (place)
        votes->items[json_integer_value(place)].weight += weight;
    else if (key.failed || new_vote(votes, a, observed, &key) < 0)
        votes->failed = true;
    else
        votes->items[votes->count - 1].weight += weight;
    parity_buffer_clear(&key);
}

static bool same_label(const struct placeholder *a, const struct placeholder *b)
{
    return a->label_length == b->label_length && memcmp(a->label, b->label, a->label_length) == 0;
}

/* Do two texts have the same placeholders in the same order, but for the numbers? `exactly`: and
   nothing else that differs. */
static bool agree(const char *a, size_t a_length, const char *b, size_t b_length, bool *exactly)
{
    size_t i = 0, j = 0;
    struct placeholder p, q;

    *exactly = true;
    for (;;) {
        bool in_a = find(a, a_length, i, &p), in_b = find(b, b_length, j, &q);
        size_t a_end = in_a ? p.start : a_length, b_end = in_b ? q.start : b_length;

        if (a_end - i != b_end - j || memcmp(a + i, b + j, a_end - i) != 0)
            *exactly = false;
        if (in_a != in_b || (in_a && !same_label(&p, &q)))
            return false;
        if (!in_a)
            return true;
        i = p.end;
        j = q.end;
    }
}

static void vote_on_texts(struct votes *votes, const char *a, size_t a_length, const char *b,
                          size_t b_length)
{
    size_t i = 0, j = 0;
    struct placeholder p, q;
    bool exactly;

    if (!agree(a, a_length, b, b_length, &exactly))
        return;
    while (find(a, a_length, i, &p) && find(b, b_length, j, &q)) {
        cast(votes, &p, q.number, exactly ? STRONG : WEAK);
        i = p.end;
        j = q.end;
    }
}

static void vote(struct votes *votes, json_t *recorded, json_t *observed);

/* The names with their numbers taken out → member, for names that exist on one side only. */
static json_t *renamed_members(json_t *object, json_t *other)
{
    json_t *out = json_object();
    const char *key;
    size_t length;
    json_t *value;

    json_object_keylen_foreach(object, key, length, value) {
        struct parity_buffer name = {0};

        if (!json_object_getn(other, key, length) && rewrite(NULL, key, length, &name) &&
            !name.failed && !json_object_getn(out, name.data, name.length))
            (void)json_object_setn_new_nocheck(out, name.data, name.length,
                                               json_stringn_nocheck(key, length));
        parity_buffer_clear(&name);
    }
    return out;
}

static void vote_on_renamed_members(struct votes *votes, json_t *recorded, json_t *observed)
{
    json_t *a = renamed_members(recorded, observed), *b = renamed_members(observed, recorded);
    const char *name;
    size_t length;
    json_t *key;

    if (!a || !b)
        votes->failed = true;
    json_object_keylen_foreach(a, name, length, key) {
        const json_t *other = json_object_getn(b, name, length);

        if (!other)
            continue;
        vote_on_texts(votes, json_string_value(key), json_string_length(key),
                      json_string_value(other), json_string_length(other));
        vote(votes, json_object_getn(recorded, json_string_value(key), json_string_length(key)),
             json_object_getn(observed, json_string_value(other), json_string_length(other)));
    }
    json_decref(a);
    json_decref(b);
}

static void vote_on_objects(struct votes *votes, json_t *recorded, json_t *observed)
{
    const char *key;
    size_t length;
    json_t *value;

    json_object_keylen_foreach(recorded, key, length, value) {
        json_t *other = json_object_getn(observed, key, length);

        if (other)
            vote(votes, value, other);
    }
    vote_on_renamed_members(votes, recorded, observed);
}

/* Items correspond as they do when all numbers are alike. */
static void vote_on_lists(struct votes *votes, json_t *recorded, json_t *observed)
{
    json_t *a = parity_renaming_apply(NULL, recorded), *b = parity_renaming_apply(NULL, observed);
    struct parity_item_pairs pairs = {0};

    if (!a || !b || parity_list_align(a, b, &pairs) < 0)
        votes->failed = true;
    for (size_t n = 0; n < pairs.count; n++)
        if (pairs.items[n].recorded != PARITY_NO_ITEM && pairs.items[n].observed != PARITY_NO_ITEM)
            vote(votes, json_array_get(recorded, pairs.items[n].recorded),
                 json_array_get(observed, pairs.items[n].observed));
    parity_item_pairs_clear(&pairs);
    json_decref(a);
    json_decref(b);
}

static void vote(struct votes *votes, json_t *recorded, json_t *observed)
{
    enum parity_json_kind kind = parity_json_kind(recorded);

    if (votes->failed || kind != parity_json_kind(observed))
        return;
    if (kind == PARITY_JSON_OBJECT)
        vote_on_objects(votes, recorded, observed);
    else if (kind == PARITY_JSON_ARRAY)
        vote_on_lists(votes, recorded, observed);
    else if (kind == PARITY_JSON_STRING)
        vote_on_texts(votes, json_string_value(recorded), json_string_length(recorded),
                      json_string_value(observed), json_string_length(observed));
}

/* ---- election ---- */

static int compare_votes(const void *left, const void *right)
{
    const struct vote *a = left, *b = right;

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
    struct placeholder p;
    size_t at = 0;
    int rc = 0;

    while (rc == 0 && find(text, length, at, &p)) {
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

static int elect(struct votes *votes, json_t *recorded, json_t *observed,
                 struct parity_renaming *out)
{
    json_t *a = json_object(), *b = json_object();
    int rc = -1;

    if (votes->count > 1)
        qsort(votes->items, votes->count, sizeof *votes->items, compare_votes);
    for (size_t i = 0; i < votes->count; i++) {
        const struct vote *v = &votes->items[i];

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
    struct votes votes = {.places = json_object()};
    int rc = -1;

    out->to_recorded = json_object();
    out->to_observed = json_object();
    if (votes.places && out->to_recorded && out->to_observed) {
        vote(&votes, recorded, observed);
        if (!votes.failed)
            rc = elect(&votes, recorded, observed, out);
    }
    clear_votes(&votes);
    return rc;
}
