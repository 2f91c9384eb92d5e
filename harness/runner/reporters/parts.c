/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

int parity_parts_open(struct parity_parts *parts, struct parity_error *err)
{
    return parity_spool_open(&parts->spool, err);
}

void parity_parts_clear(struct parity_parts *parts)
{
    parity_spool_close(&parts->spool);
    parity_free(parts->chains);
    memset(parts, 0, sizeof *parts);
}

/* --- while tests run ---------------------------------------------------------------------------
 */

/* NULL when out of memory. */
static struct parity_parts_chain *chain_of(struct parity_parts *parts,
                                           const struct parity_case *test)
{
    size_t needed = test->number + 1, before = parts->chain_count;

    if (before < needed) {
        if (parity_grow(&parts->chains, &parts->capacity, needed, sizeof *parts->chains) < 0)
            return NULL;
        memset(parts->chains + before, 0, (needed - before) * sizeof *parts->chains);
        parts->chain_count = needed;
    }
    return &parts->chains[test->number];
}

/* The part before it, if there is one, learns where the new one is. */
static int link_part(struct parity_parts *parts, struct parity_parts_chain *chain, off_t at,
                     struct parity_error *err)
{
    off_t next = chain->last + (off_t)offsetof(struct parity_part_head, next);

    if (chain->test)
        return parity_spool_change(&parts->spool, next, &at, sizeof at, err);
    chain->first = at;
    return 0;
}

int parity_parts_add(struct parity_parts *parts, const struct parity_result *result,
                     const struct parity_buffer *text, struct parity_error *err)
{
    const struct parity_case *test = result->test_case;
    struct parity_part_head head;
    struct parity_parts_chain *chain = text->failed ? NULL : chain_of(parts, test);
    off_t at = parts->spool.end;

    if (!chain) {
        parity_fail_nomem(err);
        return -1;
    }
    memset(&head, 0, sizeof head); /* its holes are written, too */
    head.outcome = result->outcome;
    head.duration_s = result->duration_s;
    head.length = text->length;
    assert(!chain->test || chain->test == test); /* no two tests have one number */
    if (parity_spool_add(&parts->spool, &head, sizeof head, err) < 0 ||
        parity_spool_add(&parts->spool, text->data, text->length, err) < 0 ||
        link_part(parts, chain, at, err) < 0)
        return -1;
    chain->test = test;
    chain->last = at;
    parts->count++;
    return 0;
}

/* --- the end -----------------------------------------------------------------------------------
 */

/* Merged results name a test once for each repetition. */
static int by_id(const void *a, const void *b)
{
    const struct parity_parts_chain *left = a, *right = b;
    int order = strcmp(left->test->id, right->test->id);

    return order ? order : (left->first > right->first) - (left->first < right->first);
}

void parity_parts_sort(struct parity_parts *parts, int (*compare)(const void *, const void *))
{
    size_t used = 0;

    for (size_t i = 0; i < parts->chain_count; i++)
        if (parts->chains[i].test)
            parts->chains[used++] = parts->chains[i];
    parts->chain_count = used;
    if (used > 1)
        qsort(parts->chains, used, sizeof *parts->chains, compare ? compare : by_id);
}

static int compare_with_chain(const void *id, const void *chain)
{
    return strcmp(id, ((const struct parity_parts_chain *)chain)->test->id);
}

const struct parity_parts_chain *parity_parts_find(const struct parity_parts *parts, const char *id)
{
    if (parts->chain_count == 0)
        return NULL;
    return bsearch(id, parts->chains, parts->chain_count, sizeof *parts->chains,
                   compare_with_chain);
}

bool parity_parts_next(const struct parity_parts *parts, struct parity_part *part,
                       struct parity_error *err)
{
    off_t at = part->head.next;

    if (at == 0) {
        part->chain += part->test != NULL;
        if (part->chain < parts->chain_count) {
            part->test = parts->chains[part->chain].test;
            at = parts->chains[part->chain].first;
        } else {
            part->test = NULL;
        }
    }
    part->text = at + (off_t)sizeof part->head;
    if (part->test &&
        parity_spool_read(&parts->spool, at, &part->head, sizeof part->head, err) == 0)
        return true;
    *part = (struct parity_part){0};
    return false;
}
