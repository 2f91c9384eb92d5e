/* SPDX-License-Identifier: Apache-2.0 */
#include "renaming_votes.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "list_alignment.h"
#include "placeholder_text.h"
#include "placeholders.h"

enum { STRONG = 1000, WEAK = 1 };

void parity_votes_clear(struct parity_votes *votes)
{
    for (size_t i = 0; i < votes->count; i++)
        parity_free(votes->items[i].label);
    parity_free(votes->items);
    json_decref(votes->places);
}

static int new_vote(struct parity_votes *votes, const struct parity_placeholder *a, long observed,
                    const struct parity_buffer *key)
{
    struct parity_vote *vote;

    if (parity_grow(&votes->items, &votes->capacity, votes->count + 1, sizeof *vote) < 0)
        return -1;
    vote = &votes->items[votes->count];
    *vote = (struct parity_vote){parity_strndup(a->label, a->label_length), a->number, observed, 0,
                                 votes->count};
    if (!vote->label)
        return -1;
    votes->count++;
    return json_object_setn_new_nocheck(votes->places, key->data, key->length,
                                        json_integer((json_int_t)vote->first));
}

static void cast(struct parity_votes *votes, const struct parity_placeholder *a, long observed,
                 long weight)
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

static bool same_label(const struct parity_placeholder *a, const struct parity_placeholder *b)
{
    return a->label_length == b->label_length && memcmp(a->label, b->label, a->label_length) == 0;
}

/* Do two texts have the same placeholders in the same order, but for the numbers? `exactly`: and
   nothing else that differs. */
static bool agree(const char *a, size_t a_length, const char *b, size_t b_length, bool *exactly)
{
    size_t i = 0, j = 0;
    struct parity_placeholder p, q;

    *exactly = true;
    for (;;) {
        bool in_a = parity_placeholder_find(a, a_length, i, &p),
             in_b = parity_placeholder_find(b, b_length, j, &q);
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

static void vote_on_texts(struct parity_votes *votes, const char *a, size_t a_length, const char *b,
                          size_t b_length)
{
    size_t i = 0, j = 0;
    struct parity_placeholder p, q;
    bool exactly;

    if (!agree(a, a_length, b, b_length, &exactly))
        return;
    while (parity_placeholder_find(a, a_length, i, &p) &&
           parity_placeholder_find(b, b_length, j, &q)) {
        cast(votes, &p, q.number, exactly ? STRONG : WEAK);
        i = p.end;
        j = q.end;
    }
}

static void vote(struct parity_votes *votes, json_t *recorded, json_t *observed);

/* The names with their numbers taken out → member, for names that exist on one side only. */
static json_t *renamed_members(json_t *object, json_t *other)
{
    json_t *out = json_object();
    const char *key;
    size_t length;
    json_t *value;

    json_object_keylen_foreach(object, key, length, value) {
        struct parity_buffer name = {0};

        if (!json_object_getn(other, key, length) &&
            parity_placeholder_rewrite(NULL, key, length, &name) && !name.failed &&
            !json_object_getn(out, name.data, name.length))
            (void)json_object_setn_new_nocheck(out, name.data, name.length,
                                               json_stringn_nocheck(key, length));
        parity_buffer_clear(&name);
    }
    return out;
}

static void vote_on_renamed_members(struct parity_votes *votes, json_t *recorded, json_t *observed)
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

static void vote_on_objects(struct parity_votes *votes, json_t *recorded, json_t *observed)
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

static void vote_by_position(struct parity_votes *votes, json_t *recorded, json_t *observed)
{
    for (size_t i = 0; i < json_array_size(recorded); i++)
        vote(votes, json_array_get(recorded, i), json_array_get(observed, i));
}

/* Items correspond as they do when all numbers are alike. */
static void vote_on_lists(struct parity_votes *votes, json_t *recorded, json_t *observed)
{
    json_t *a, *b;
    struct parity_item_pairs pairs = {0};

    if (parity_json_equal(recorded, observed)) {
        vote_by_position(votes, recorded, observed);
        return;
    }
    a = parity_renaming_apply(NULL, recorded);
    b = parity_renaming_apply(NULL, observed);
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

static void vote(struct parity_votes *votes, json_t *recorded, json_t *observed)
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

int parity_votes_cast(json_t *recorded, json_t *observed, struct parity_votes *out)
{
    out->places = json_object();
    if (!out->places)
        return -1;
    vote(out, recorded, observed);
    return out->failed ? -1 : 0;
}
