/* SPDX-License-Identifier: Apache-2.0 */
#include "replacement_batch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "text_set.h"

enum {
    MAX_BATCH = 1 << 20, /* replacements in one batch */
    LEAST_HITS = 1 << 16 /* occurrences that are always held, however short the text is */
};

struct parity_replacement_batch {
    const struct parity_replacement *items;
    size_t count;
    struct parity_text_set_member *texts; /* one for each item; the set points into them */
    struct parity_text_set *set;
};

/* ---- which replacements go together ---- */

/* Bytes that texts looked for have, and bytes at the edges of inserted texts. */
struct bytes {
    bool inside[256], edge[256];
};

static void note_bytes(struct bytes *bytes, const struct parity_replacement *item)
{
    for (size_t i = 0; i < item->text_length; i++)
        bytes->inside[(unsigned char)item->text[i]] = true;
    bytes->edge[(unsigned char)item->by[0]] = true;
    bytes->edge[(unsigned char)item->by[item->by_length - 1]] = true;
}

static bool fits(const struct bytes *bytes, const struct parity_replacement *item)
{
    if (item->regex || item->text_length == 0 || item->text_length > UINT32_MAX ||
        item->by_length == 0 || bytes->inside[(unsigned char)item->by[0]] ||
        bytes->inside[(unsigned char)item->by[item->by_length - 1]])
        return false;
    for (size_t i = 0; i < item->text_length; i++) {
        char c = item->text[i];

        if (bytes->edge[(unsigned char)c] || c == item->by[0] || c == item->by[item->by_length - 1])
            return false;
    }
    return true;
}

size_t parity_replacement_batch_reach(const struct parity_replacement *items, size_t count)
{
    struct bytes bytes = {0};
    size_t n = 0;

    while (n < count && n < MAX_BATCH && fits(&bytes, &items[n]))
        note_bytes(&bytes, &items[n++]);
    return n;
}

/* ---- making one ---- */

void parity_replacement_batch_free(struct parity_replacement_batch *batch)
{
    if (!batch)
        return;
    parity_text_set_free(batch->set);
    parity_free(batch->texts);
    parity_free(batch);
}

struct parity_replacement_batch *
parity_replacement_batch_new(const struct parity_replacement *items, size_t count)
{
    struct parity_replacement_batch *batch = parity_calloc(1, sizeof *batch);

    if (!batch)
        return NULL;
    batch->items = items;
    batch->count = count;
    batch->texts = parity_calloc(count + 1, sizeof *batch->texts);
    if (batch->texts) {
        for (size_t i = 0; i < count; i++)
            batch->texts[i] = (struct parity_text_set_member){items[i].text, items[i].text_length};
        batch->set = parity_text_set_new(batch->texts, count);
    }
    if (batch->set)
        return batch;
    parity_replacement_batch_free(batch);
    return NULL;
}

/* ---- choosing occurrences in one text ---- */

/* An occurrence of item number `item`. */
struct hit {
    size_t at;
    uint32_t item;
    bool chosen;
};

/* The occurrences in one text, by position; later only the chosen ones. */
struct hits {
    struct hit *items; /* owned */
    size_t count, capacity;
};

struct collector {
    struct hits *hits;
    uint32_t first; /* earlier items do not act on this text */
    size_t limit;
    bool crowded;
};

static int collect(void *data, uint32_t member, size_t at)
{
    struct collector *c = data;
    struct hits *hits = c->hits;

    if (member < c->first)
        return 0;
    if (hits->count == c->limit) {
        c->crowded = true;
        return -1;
    }
    if (parity_grow(&hits->items, &hits->capacity, hits->count + 1, sizeof *hits->items) < 0)
        return -1;
    hits->items[hits->count++] = (struct hit){at, member, false};
    return 0;
}

/* Which bytes of a text are replaced, one bit each. */
static bool is_free(const uint64_t *taken, size_t from, size_t to)
{
    for (; from < to && from % 64; from++)
        if (taken[from / 64] >> from % 64 & 1)
            return false;
    for (; from + 64 <= to; from += 64)
        if (taken[from / 64])
            return false;
    for (; from < to; from++)
        if (taken[from / 64] >> from % 64 & 1)
            return false;
    return true;
}

static void take(uint64_t *taken, size_t from, size_t to)
{
    for (; from < to && from % 64; from++)
        taken[from / 64] |= UINT64_C(1) << from % 64;
    for (; from + 64 <= to; from += 64)
        taken[from / 64] = UINT64_MAX;
    for (; from < to; from++)
        taken[from / 64] |= UINT64_C(1) << from % 64;
}

static int compare_turns(const void *left, const void *right)
{
    const struct hit *a = *(struct hit *const *)left, *b = *(struct hit *const *)right;

    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* In the order of the replacements, and each from left to right: what is still free is taken. */
static int choose(const struct parity_replacement_batch *batch, struct hits *hits, size_t length)
{
    struct hit **turns = parity_calloc(hits->count + 1, sizeof *turns);
    uint64_t *taken = parity_calloc(length / 64 + 1, sizeof *taken);
    size_t kept = 0;
    int rc = -1;

    if (turns && taken) {
        for (size_t i = 0; i < hits->count; i++)
            turns[i] = &hits->items[i];
        qsort(turns, hits->count, sizeof *turns, compare_turns);
        for (size_t i = 0; i < hits->count; i++) {
            size_t end = turns[i]->at + batch->items[turns[i]->item].text_length;

            turns[i]->chosen = is_free(taken, turns[i]->at, end);
            if (turns[i]->chosen)
                take(taken, turns[i]->at, end);
        }
        for (size_t i = 0; i < hits->count; i++)
            if (hits->items[i].chosen)
                hits->items[kept++] = hits->items[i];
        hits->count = kept;
        rc = 0;
    }
    parity_free(turns);
    parity_free(taken);
    return rc;
}

/* The occurrences in `text` that the items from `first` on replace. @return 0 or -1 (memory) */
static int find_hits(const struct parity_replacement_batch *batch, uint32_t first, const char *text,
                     size_t length, struct hits *hits, bool *crowded)
{
    struct collector c = {hits, first, length / 16 + LEAST_HITS, false};
    int rc = parity_text_set_search(batch->set, text, length, collect, &c);

    *crowded = c.crowded;
    if (rc < 0)
        return c.crowded ? 0 : -1;
    return hits->count > 0 ? choose(batch, hits, length) : 0;
}

/* ---- what becomes of the inserted texts ---- */

/* Of one item: whether it is inserted at all, and what the later ones make of its text. */
struct insertion {
    bool needed;
    struct hits hits;           /* in its text */
    struct parity_buffer final; /* empty where there are no hits: then it stays as it is */
};

static void clear_insertions(struct insertion *insertions, size_t count)
{
    for (size_t i = 0; insertions && i < count; i++) {
        parity_free(insertions[i].hits.items);
        parity_buffer_clear(&insertions[i].final);
    }
    parity_free(insertions);
}

/* Only later items act on an inserted text, so one walk forwards meets all that are needed. */
static int find_nested(const struct parity_replacement_batch *batch, struct insertion *insertions,
                       bool *crowded)
{
    for (size_t i = 0; i < batch->count && !*crowded; i++) {
        struct insertion *insertion = &insertions[i];

        if (!insertion->needed)
            continue;
        if (find_hits(batch, (uint32_t)i + 1, batch->items[i].by, batch->items[i].by_length,
                      &insertion->hits, crowded) < 0)
            return -1;
        for (size_t n = 0; n < insertion->hits.count; n++)
            insertions[insertion->hits.items[n].item].needed = true;
    }
    return 0;
}

static void add_final(const struct parity_replacement_batch *batch,
                      const struct insertion *insertions, uint32_t item, struct parity_buffer *out)
{
    const struct insertion *insertion = &insertions[item];

    if (insertion->hits.count > 0)
        parity_buffer_add(out, insertion->final.data, insertion->final.length);
    else
        parity_buffer_add(out, batch->items[item].by, batch->items[item].by_length);
}

/* Append `text` with the chosen occurrences replaced. */
static void write_replaced(const struct parity_replacement_batch *batch,
                           const struct insertion *insertions, const struct hits *hits,
                           const char *text, size_t length, struct parity_buffer *out)
{
    size_t at = 0;

    for (size_t i = 0; i < hits->count; i++) {
        const struct hit *hit = &hits->items[i];

        parity_buffer_add(out, text + at, hit->at - at);
        add_final(batch, insertions, hit->item, out);
        at = hit->at + batch->items[hit->item].text_length;
    }
    parity_buffer_add(out, text + at, length - at);
}

/* Backwards: the final form of an inserted text is made of those of later items. */
static int write_insertions(const struct parity_replacement_batch *batch,
                            struct insertion *insertions)
{
    for (size_t i = batch->count; i-- > 0;) {
        struct insertion *insertion = &insertions[i];

        if (insertion->hits.count > 0)
            write_replaced(batch, insertions, &insertion->hits, batch->items[i].by,
                           batch->items[i].by_length, &insertion->final);
        if (insertion->final.failed)
            return -1;
    }
    return 0;
}

static int replace(const struct parity_replacement_batch *batch, const struct hits *hits,
                   struct parity_buffer *text, bool *crowded)
{
    struct insertion *insertions = parity_calloc(batch->count, sizeof *insertions);
    struct parity_buffer out = {0};
    int rc = -1;

    if (!insertions)
        return -1;
    for (size_t i = 0; i < hits->count; i++)
        insertions[hits->items[i].item].needed = true;
    if (find_nested(batch, insertions, crowded) < 0)
        goto out;
    rc = 0;
    if (*crowded)
        goto out;
    if (write_insertions(batch, insertions) == 0)
        write_replaced(batch, insertions, hits, text->data, text->length, &out);
    else
        rc = -1;
    if (out.failed)
        rc = -1;
    if (rc == 0) {
        parity_buffer_clear(text);
        *text = out;
        out = (struct parity_buffer){0};
    }
out:
    parity_buffer_clear(&out);
    clear_insertions(insertions, batch->count);
    return rc;
}

int parity_replacement_batch_apply(const struct parity_replacement_batch *batch,
                                   struct parity_buffer *text, bool *crowded)
{
    struct hits hits = {0};
    int rc;

    *crowded = false;
    if (text->length == 0)
        return 0;
    rc = find_hits(batch, 0, text->data, text->length, &hits, crowded);
    if (rc == 0 && !*crowded && hits.count > 0)
        rc = replace(batch, &hits, text, crowded);
    parity_free(hits.items);
    return rc;
}
