/* SPDX-License-Identifier: Apache-2.0 */
#include "text_set.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/*
 * A prefix tree whose edges are stretches of the members, so that it has at most two nodes for each
 * of them, however long they are. In front of it stands a bitmap of how members begin, which turns
 * nearly every position of an ordinary text away at once.
 */

enum {
    NONE = 0, /* the root is nobody's child */
    FILTER_BITS = 18,
    MAX_START = 8 /* bytes of a beginning that the bitmap knows */
};

struct node {
    uint32_t depth;       /* bytes from the root to the end of the edge that leads here */
    uint32_t sample;      /* a member that goes through here: its bytes are those of the edge */
    uint32_t child, next; /* first child, next sibling; NONE */
    uint32_t member;      /* 1 + the first member that ends here; 0: none does */
    unsigned char first;  /* first byte of the edge */
};

struct parity_text_set {
    const struct parity_text_set_member *members;
    struct node *nodes; /* the root is number 0 */
    size_t node_count;
    uint32_t *same;         /* for each member: 1 + the next one that is the same text, or 0 */
    uint32_t by_first[256]; /* the children of the root */
    size_t start;           /* bytes of a beginning that the filter takes */
    uint64_t start_mask;    /* those bytes of eight */
    uint64_t filter[1 << (FILTER_BITS - 6)];
};

void parity_text_set_free(struct parity_text_set *set)
{
    if (!set)
        return;
    parity_free(set->nodes);
    parity_free(set->same);
    parity_free(set);
}

/* ---- building ---- */

struct order {
    const struct parity_text_set_member *member;
    uint32_t index;
};

static int compare_members(const void *left, const void *right)
{
    const struct order *a = left, *b = right;
    size_t x = a->member->length, y = b->member->length;
    int difference = memcmp(a->member->text, b->member->text, x < y ? x : y);

    if (difference == 0 && x != y)
        difference = x < y ? -1 : 1;
    if (difference == 0)
        difference = a->index < b->index ? -1 : 1;
    return difference;
}

static uint32_t shared_length(const struct parity_text_set_member *a,
                              const struct parity_text_set_member *b)
{
    size_t shorter = a->length < b->length ? a->length : b->length, n = 0;

    while (n < shorter && a->text[n] == b->text[n])
        n++;
    return (uint32_t)n;
}

/* The way from the root to the member added last. */
struct way {
    uint32_t *nodes;
    size_t count;
};

static uint32_t add_node(struct parity_text_set *set, uint32_t depth, uint32_t sample)
{
    uint32_t index = (uint32_t)set->node_count++;

    set->nodes[index] = (struct node){.depth = depth, .sample = sample};
    return index;
}

static void hang(struct parity_text_set *set, uint32_t parent, uint32_t child)
{
    struct node *node = &set->nodes[child];

    node->first = (unsigned char)set->members[node->sample].text[set->nodes[parent].depth];
    node->next = set->nodes[parent].child;
    set->nodes[parent].child = child;
}

/* Members come sorted, so what is shared with the one before is a part of its way: leave the way
   there, in the middle of an edge if need be. */
static void leave_way(struct parity_text_set *set, struct way *way, uint32_t shared)
{
    uint32_t last = NONE;

    while (set->nodes[way->nodes[way->count - 1]].depth > shared)
        last = way->nodes[--way->count];
    if (last != NONE && set->nodes[way->nodes[way->count - 1]].depth < shared) {
        uint32_t parent = way->nodes[way->count - 1];
        uint32_t middle = add_node(set, shared, set->nodes[last].sample);

        /* `last` is the newest child, which is the first one. */
        set->nodes[parent].child = set->nodes[last].next;
        hang(set, parent, middle);
        hang(set, middle, last);
        set->nodes[last].next = NONE;
        way->nodes[way->count++] = middle;
    }
}

static void add_member(struct parity_text_set *set, struct way *way, uint32_t index)
{
    uint32_t length = (uint32_t)set->members[index].length;
    uint32_t end = way->nodes[way->count - 1];

    if (set->nodes[end].depth < length) {
        uint32_t leaf = add_node(set, length, index);

        hang(set, end, leaf);
        way->nodes[way->count++] = leaf;
        end = leaf;
    }
    set->nodes[end].member = index + 1;
}

static int build_tree(struct parity_text_set *set, const struct order *order, size_t count)
{
    struct way way = {parity_calloc(2 * count + 2, sizeof *way.nodes), 1};

    if (!way.nodes)
        return -1;
    set->node_count = 1; /* the root; way.nodes[0] is it */
    for (size_t i = 0; i < count; i++) {
        const struct parity_text_set_member *member = order[i].member;
        uint32_t shared = i ? shared_length(order[i - 1].member, member) : 0;

        if (i && shared == member->length && shared == order[i - 1].member->length) {
            set->same[order[i - 1].index] = order[i].index + 1;
            continue;
        }
        leave_way(set, &way, shared);
        add_member(set, &way, order[i].index);
    }
    for (uint32_t child = set->nodes[0].child; child != NONE; child = set->nodes[child].next)
        set->by_first[set->nodes[child].first] = child;
    parity_free(way.nodes);
    return 0;
}

static uint64_t beginning(const char *text, size_t length)
{
    uint64_t bytes = 0;

    memcpy(&bytes, text, length < MAX_START ? length : MAX_START);
    return bytes;
}

static size_t filter_slot(uint64_t bytes)
{
    return (size_t)(bytes * UINT64_C(0x9e3779b97f4a7c15) >> (64 - FILTER_BITS));
}

static void build_filter(struct parity_text_set *set, size_t count)
{
    static const unsigned char full[MAX_START] = {255, 255, 255, 255, 255, 255, 255, 255};

    set->start = MAX_START;
    for (size_t i = 0; i < count; i++)
        if (set->members[i].length < set->start)
            set->start = set->members[i].length;
    set->start_mask = beginning((const char *)full, set->start);
    for (size_t i = 0; i < count; i++) {
        size_t slot = filter_slot(beginning(set->members[i].text, set->start));

        set->filter[slot / 64] |= UINT64_C(1) << slot % 64;
    }
}

struct parity_text_set *parity_text_set_new(const struct parity_text_set_member *members,
                                            size_t count)
{
    struct parity_text_set *set = parity_calloc(1, sizeof *set);
    struct order *order = parity_calloc(count + 1, sizeof *order);
    int rc = -1;

    if (set && order) {
        set->members = members;
        set->nodes = parity_calloc(2 * count + 1, sizeof *set->nodes);
        set->same = parity_calloc(count + 1, sizeof *set->same);
        for (uint32_t i = 0; i < count; i++)
            order[i] = (struct order){&members[i], i};
        qsort(order, count, sizeof *order, compare_members);
        if (set->nodes && set->same)
            rc = build_tree(set, order, count);
        build_filter(set, count);
    }
    parity_free(order);
    if (rc == 0)
        return set;
    parity_text_set_free(set);
    return NULL;
}

/* ---- searching ---- */

static int report(const struct parity_text_set *set, const struct node *node, size_t at,
                  parity_text_set_found found, void *data)
{
    for (uint32_t member = node->member; member; member = set->same[member - 1])
        if (found(data, member - 1, at) < 0)
            return -1;
    return 0;
}

static uint32_t child_for(const struct parity_text_set *set, const struct node *node,
                          unsigned char byte)
{
    uint32_t child = node->child;

    while (child != NONE && set->nodes[child].first != byte)
        child = set->nodes[child].next;
    return child;
}

/* Follow the tree from one position on. */
static int search_at(const struct parity_text_set *set, const char *text, size_t length, size_t at,
                     parity_text_set_found found, void *data)
{
    const char *here = text + at;
    size_t left = length - at, depth = 0;
    uint32_t next = set->by_first[(unsigned char)*here];

    while (next != NONE) {
        const struct node *node = &set->nodes[next];
        const char *edge = set->members[node->sample].text;

        if (node->depth > left || memcmp(here + depth, edge + depth, node->depth - depth) != 0)
            return 0;
        depth = node->depth;
        if (report(set, node, at, found, data) < 0)
            return -1;
        next = depth < left ? child_for(set, node, (unsigned char)here[depth]) : NONE;
    }
    return 0;
}

static bool may_begin(const struct parity_text_set *set, uint64_t bytes)
{
    size_t slot = filter_slot(bytes & set->start_mask);

    return set->filter[slot / 64] >> slot % 64 & 1;
}

int parity_text_set_search(const struct parity_text_set *set, const char *text, size_t length,
                           parity_text_set_found found, void *data)
{
    for (size_t at = 0; at + set->start <= length; at++) {
        uint64_t bytes;

        if (length - at >= MAX_START)
            memcpy(&bytes, text + at, MAX_START);
        else
            bytes = beginning(text + at, length - at);
        if (may_begin(set, bytes) && search_at(set, text, length, at, found, data) < 0)
            return -1;
    }
    return 0;
}
