/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endpoint_builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

enum { MAX_WORDS = 0xFFFF }; /* of one node: its header has 16 bits for them */

int parity_rule_fail_nomem(struct parity_rule_builder *c)
{
    parity_fail_nomem(c->err);
    return -1;
}

int parity_rule_fail(struct parity_rule_builder *c, const char *format, ...)
{
    char message[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parity_fail(c->err, PARITY_E_PARSE, c->name, "endpoint rule set: %s", message);
    return -1;
}

int parity_rule_add_word(struct parity_rule_builder *c, struct parity_rule_words *words,
                         uint32_t word)
{
    if (words->count > MAX_WORDS)
        return parity_rule_fail(c, "more than %d parts in one place", MAX_WORDS);
    if (parity_grow(&words->items, &words->capacity, words->count + 1, sizeof word) < 0)
        return parity_rule_fail_nomem(c);
    words->items[words->count++] = word;
    return 0;
}

static uint32_t hash(const void *data, size_t length)
{
    const unsigned char *bytes = data;
    uint32_t value = 2166136261u;

    for (size_t i = 0; i < length; i++)
        value = (value ^ bytes[i]) * 16777619u;
    return value;
}

/* The bytes stored at a position of either block. */
static const void *stored(const struct parity_rule_builder *c,
                          const struct parity_rule_table *table, uint32_t at, size_t *length)
{
    if (table == &c->strings) {
        const char *text = parity_rule_string(c->out, at);

        *length = strlen(text) + 1;
        return text;
    }
    const uint32_t *node = parity_rule_node(c->out, at);

    *length = (1 + parity_rule_count(node)) * sizeof *node;
    return node;
}

/* The free or matching place for these bytes. */
static uint32_t *probe(const struct parity_rule_builder *c, const struct parity_rule_table *table,
                       const void *data, size_t length)
{
    uint32_t at = hash(data, length) & (table->size - 1);

    for (;; at = (at + 1) & (table->size - 1)) {
        size_t other_length;
        const void *other;

        if (table->slots[at] == 0)
            return &table->slots[at];
        other = stored(c, table, table->slots[at] - 1, &other_length);
        if (other_length == length && memcmp(other, data, length) == 0)
            return &table->slots[at];
    }
}

static int grow_table(struct parity_rule_builder *c, struct parity_rule_table *table)
{
    struct parity_rule_table larger = {.size = table->size ? 2 * table->size : 1024,
                                       .used = table->used};

    if (2 * table->used < table->size)
        return 0;
    larger.slots = parity_calloc(larger.size, sizeof *larger.slots);
    if (!larger.slots)
        return parity_rule_fail_nomem(c);
    for (uint32_t i = 0; i < table->size; i++)
        if (table->slots[i]) {
            size_t length;
            const void *data = stored(c, table, table->slots[i] - 1, &length);
            uint32_t at = hash(data, length) & (larger.size - 1);

            while (larger.slots[at])
                at = (at + 1) & (larger.size - 1);
            larger.slots[at] = table->slots[i];
        }
    parity_free(table->slots);
    *table = larger;
    return 0;
}

/* Store bytes unless they are there already; `*at` is their position in units of `unit` bytes. */
static int store(struct parity_rule_builder *c, struct parity_rule_table *table,
                 struct parity_buffer *block, const void *data, size_t length, size_t unit,
                 uint32_t *at)
{
    uint32_t *slot;

    if (grow_table(c, table) < 0)
        return -1;
    slot = probe(c, table, data, length);
    if (*slot == 0) {
        if (block->length > UINT32_MAX / 2)
            return parity_rule_fail(c, "too large");
        *slot = (uint32_t)(block->length / unit) + 1;
        table->used++;
        parity_buffer_add(block, data, length);
        if (block->failed)
            return parity_rule_fail_nomem(c);
    }
    *at = *slot - 1;
    return 0;
}

int parity_rule_add_string(struct parity_rule_builder *c, const char *text, uint32_t *at)
{
    return store(c, &c->strings, &c->out->strings, text, strlen(text) + 1, 1, at);
}

int parity_rule_add_node(struct parity_rule_builder *c, enum parity_rule_node kind,
                         unsigned function, struct parity_rule_words *words, uint32_t *at)
{
    uint32_t *node = parity_malloc((words->count + 1) * sizeof *node);
    int rc = -1;

    if (!node) {
        parity_rule_fail_nomem(c);
    } else if (words->count > MAX_WORDS) {
        parity_rule_fail(c, "more than %d parts in one place", MAX_WORDS);
    } else {
        node[0] = (uint32_t)kind | (uint32_t)function << 8 | (uint32_t)words->count << 16;
        if (words->count)
            memcpy(node + 1, words->items, words->count * sizeof *node);
        rc = store(c, &c->nodes, &c->out->words, node, (words->count + 1) * sizeof *node,
                   sizeof *node, at);
    }
    parity_free(node);
    parity_free(words->items);
    memset(words, 0, sizeof *words);
    return rc;
}

int parity_rule_add_leaf(struct parity_rule_builder *c, enum parity_rule_node kind, uint32_t word,
                         uint32_t *at)
{
    struct parity_rule_words words = {0};

    if (parity_rule_add_word(c, &words, word) < 0)
        return -1;
    return parity_rule_add_node(c, kind, 0, &words, at);
}

int parity_rule_add_bare(struct parity_rule_builder *c, enum parity_rule_node kind, uint32_t *at)
{
    return parity_rule_add_node(c, kind, 0, &(struct parity_rule_words){0}, at);
}

int parity_rule_add_text(struct parity_rule_builder *c, const char *text, uint32_t *at)
{
    uint32_t string;

    if (parity_rule_add_string(c, text, &string) < 0)
        return -1;
    return parity_rule_add_leaf(c, PARITY_NODE_TEXT, string, at);
}

int parity_rule_add_text_part(struct parity_rule_builder *c, const char *text, size_t length,
                              uint32_t *at)
{
    char *copy = parity_strndup(text, length);
    int rc = copy ? parity_rule_add_text(c, copy, at) : parity_rule_fail_nomem(c);

    parity_free(copy);
    return rc;
}

int parity_rule_find_variable(struct parity_rule_builder *c, const char *name, size_t length,
                              uint32_t *slot)
{
    uint32_t node;

    for (*slot = 0; *slot < c->variable_count; (*slot)++) {
        const char *known =
            parity_rule_string(c->out, parity_rule_node(c->out, c->variables[*slot])[1]);

        if (strncmp(known, name, length) == 0 && known[length] == '\0')
            return 0;
    }
    if (parity_rule_add_text_part(c, name, length, &node) < 0)
        return -1;
    if (parity_grow(&c->variables, &c->variable_capacity, c->variable_count + 1, sizeof node) < 0)
        return parity_rule_fail_nomem(c);
    c->variables[c->variable_count++] = node;
    return 0;
}
