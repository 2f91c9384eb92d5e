/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endpoint_cache.h"

#include <string.h>

#include "base/memory.h"
#include "client/endpoint_value.h"
#include "client/model_blob.h"
#include "client/model_cache.h"

enum { VERSION = 1 }; /* raise it with every change of the nodes or their meaning */

static const char magic[8] = {'p', 'a', 'r', 'i', 't', 'y', 'E', '1'};

/* A file: this, the words, the strings, the source with its NUL. */
struct header {
    char magic[8];
    uint32_t version, functions; /* the second: a sum of the functions' names, in their order */
    uint64_t checksum;           /* of everything behind this field */
    uint32_t word_count, string_bytes, source_bytes;
    uint32_t root, parameters, slots, slot_names, padding;
};

/* Calls name functions by their number. */
static uint32_t sum_functions(void)
{
    const struct parity_function *function;
    uint64_t sum = 0;

    for (unsigned i = 0; (function = parity_function_get(i)); i++)
        sum = parity_blob_sum(function->name, strlen(function->name), sum + function->arguments);
    return (uint32_t)sum;
}

static uint64_t sum_file(const struct header *header, size_t size)
{
    const char *start = (const char *)&header->word_count;

    return parity_blob_sum(start, size - (size_t)(start - (const char *)header), size);
}

/* --- soundness ---------------------------------------------------------------------------------
 */

struct checker {
    const struct parity_rule_set *rules;
    uint32_t words;        /* in the block */
    unsigned char *starts; /* a bit for each word at which a node begins */
    uint32_t at;           /* of the node that is looked at */
};

static bool is_start(const struct checker *c, uint32_t at)
{
    return at < c->words && c->starts[at / 8] >> (at % 8) & 1;
}

/* Finds the nodes. Returns false when they do not fill the block. */
static bool find_nodes(struct checker *c)
{
    uint32_t at = 0;

    while (at < c->words) {
        const uint32_t *node = parity_rule_node(c->rules, at);

        if (parity_rule_kind(node) > PARITY_NODE_PARAMETER ||
            parity_rule_count(node) >= c->words - at)
            return false;
        c->starts[at / 8] |= (unsigned char)(1u << at % 8);
        at += 1 + parity_rule_count(node);
    }
    return true;
}

/* A link leads to a node that was stored earlier, so there are no circles, and of a kind from
 * `first` to `last`. */
static bool link_ok(const struct checker *c, uint32_t link, enum parity_rule_node first,
                    enum parity_rule_node last)
{
    enum parity_rule_node kind;

    if (link >= c->at || !is_start(c, link))
        return false;
    kind = parity_rule_kind(parity_rule_node(c->rules, link));
    return kind >= first && kind <= last;
}

static bool links_ok(const struct checker *c, const uint32_t *words, uint32_t count,
                     enum parity_rule_node first, enum parity_rule_node last)
{
    for (uint32_t i = 0; i < count; i++)
        if (!link_ok(c, words[i], first, last))
            return false;
    return true;
}

static bool value_ok(const struct checker *c, uint32_t link)
{
    return link_ok(c, link, PARITY_NODE_NULL, PARITY_NODE_OBJECT);
}

static bool string_ok(const struct checker *c, uint32_t at)
{
    return at < c->rules->strings.length;
}

static bool attribute_ok(const struct checker *c, const uint32_t *words, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (!string_ok(c, words[i]))
            return false;
    return count >= 2 && words[0] < c->rules->slots;
}

static bool call_ok(const struct checker *c, const uint32_t *node)
{
    const struct parity_function *function = parity_function_get(parity_rule_function(node));
    uint32_t count = parity_rule_count(node);

    return function && (function->arguments == 0 || function->arguments == count) &&
           links_ok(c, node + 1, count, PARITY_NODE_NULL, PARITY_NODE_OBJECT);
}

static bool object_ok(const struct checker *c, const uint32_t *words, uint32_t count)
{
    for (uint32_t i = 0; i + 1 < count; i += 2)
        if (!string_ok(c, words[i]) || !value_ok(c, words[i + 1]))
            return false;
    return count % 2 == 0;
}

static bool parameter_ok(const struct checker *c, const uint32_t *words, uint32_t count)
{
    return count == 6 && string_ok(c, words[0]) && words[1] < c->rules->slots &&
           words[2] <= PARITY_PARAMETER_LIST && words[3] <= 1 &&
           (words[4] == 0 || value_ok(c, words[4])) && string_ok(c, words[5]);
}

/* The conditions at the beginning of a rule; `*used` is the number of words they take. */
static bool conditions_ok(const struct checker *c, const uint32_t *words, uint32_t count,
                          uint32_t *used)
{
    if (count == 0 || words[0] > (count - 1) / 2)
        return false;
    *used = 1 + 2 * words[0];
    for (uint32_t i = 1; i < *used; i += 2)
        if (!link_ok(c, words[i], PARITY_NODE_CALL, PARITY_NODE_CALL) ||
            words[i + 1] > c->rules->slots)
            return false;
    return true;
}

static bool rule_ok(const struct checker *c, const uint32_t *node)
{
    uint32_t count = parity_rule_count(node), used;
    const uint32_t *body;

    if (!conditions_ok(c, node + 1, count, &used))
        return false;
    body = node + 1 + used;
    count -= used;
    switch (parity_rule_kind(node)) {
    case PARITY_NODE_TREE:
        return links_ok(c, body, count, PARITY_NODE_TREE, PARITY_NODE_ERROR);
    case PARITY_NODE_ENDPOINT:
        return count == 3 && value_ok(c, body[0]) &&
               links_ok(c, body + 1, 2, PARITY_NODE_OBJECT, PARITY_NODE_OBJECT);
    default:
        return count == 1 && value_ok(c, body[0]);
    }
}

static bool node_ok(const struct checker *c, const uint32_t *node)
{
    const uint32_t *words = node + 1;
    uint32_t count = parity_rule_count(node);

    switch (parity_rule_kind(node)) {
    case PARITY_NODE_NULL:
    case PARITY_NODE_FALSE:
    case PARITY_NODE_TRUE:
        return count == 0;
    case PARITY_NODE_INTEGER:
        return count == 1;
    case PARITY_NODE_TEXT:
        return count == 1 && string_ok(c, words[0]);
    case PARITY_NODE_VARIABLE:
        return count == 1 && words[0] < c->rules->slots;
    case PARITY_NODE_ATTRIBUTE:
        return attribute_ok(c, words, count);
    case PARITY_NODE_TEMPLATE:
        return links_ok(c, words, count, PARITY_NODE_TEXT, PARITY_NODE_ATTRIBUTE);
    case PARITY_NODE_CALL:
        return call_ok(c, node);
    case PARITY_NODE_LIST:
        return c->at == c->rules->parameters
                   ? links_ok(c, words, count, PARITY_NODE_PARAMETER, PARITY_NODE_PARAMETER)
                   : links_ok(c, words, count, PARITY_NODE_NULL, PARITY_NODE_OBJECT);
    case PARITY_NODE_OBJECT:
        return object_ok(c, words, count);
    case PARITY_NODE_PARAMETER:
        return parameter_ok(c, words, count);
    default:
        return rule_ok(c, node);
    }
}

static bool nodes_ok(struct checker *c)
{
    for (c->at = 0; c->at < c->words;
         c->at += 1 + parity_rule_count(parity_rule_node(c->rules, c->at)))
        if (!node_ok(c, parity_rule_node(c->rules, c->at)))
            return false;
    return true;
}

static bool slot_names_ok(const struct checker *c)
{
    const uint32_t *list = parity_rule_node(c->rules, c->rules->slot_names);

    return parity_rule_count(list) == c->rules->slots &&
           links_ok(c, list + 1, c->rules->slots, PARITY_NODE_TEXT, PARITY_NODE_TEXT);
}

bool parity_rule_set_is_sound(const struct parity_rule_set *rules)
{
    struct checker c = {.rules = rules, .words = (uint32_t)(rules->words.length / 4)};
    bool sound = false;

    if (rules->strings.length == 0 || rules->strings.data[rules->strings.length - 1] != '\0')
        return false;
    c.starts = parity_calloc(c.words / 8 + 1, 1);
    if (c.starts && find_nodes(&c) && nodes_ok(&c)) {
        c.at = c.words;
        sound = link_ok(&c, rules->root, PARITY_NODE_TREE, PARITY_NODE_TREE) &&
                link_ok(&c, rules->parameters, PARITY_NODE_LIST, PARITY_NODE_LIST) &&
                link_ok(&c, rules->slot_names, PARITY_NODE_LIST, PARITY_NODE_LIST) &&
                slot_names_ok(&c);
    }
    parity_free(c.starts);
    return sound;
}

/* --- files -------------------------------------------------------------------------------------
 */

static bool file_ok(const struct header *header, size_t size, const char *source)
{
    uint64_t wanted;

    if (size < sizeof *header || memcmp(header->magic, magic, sizeof magic) != 0 ||
        header->version != VERSION || header->functions != sum_functions())
        return false;
    wanted = sizeof *header + 4 * (uint64_t)header->word_count + header->string_bytes +
             header->source_bytes;
    return wanted == size && header->checksum == sum_file(header, size) &&
           header->source_bytes == strlen(source) + 1 &&
           memcmp((const char *)header + size - header->source_bytes, source,
                  header->source_bytes) == 0;
}

/* The same name for a model and for rules would do: their sources differ in their first lines. */
bool parity_endpoint_cache_open(const char *service, const char *source,
                                struct parity_rule_set *out)
{
    size_t size = 0;
    const struct header *header = parity_model_cache_map(service, source, &size);
    const char *words = (const char *)(header + 1);
    bool found = false;

    *out = (struct parity_rule_set){.root = 0};
    if (!header)
        return false;
    if (file_ok(header, size, source)) {
        parity_buffer_add(&out->words, words, 4 * (size_t)header->word_count);
        parity_buffer_add(&out->strings, words + 4 * (size_t)header->word_count,
                          header->string_bytes);
        out->root = header->root;
        out->parameters = header->parameters;
        out->slots = header->slots;
        out->slot_names = header->slot_names;
        found = !out->words.failed && !out->strings.failed && parity_rule_set_is_sound(out);
    }
    parity_model_cache_unmap(header, size);
    if (!found)
        parity_rule_set_clear(out);
    return found;
}

void parity_endpoint_cache_store(const char *service, const char *source,
                                 const struct parity_rule_set *rules)
{
    struct header header = {.version = VERSION,
                            .functions = sum_functions(),
                            .word_count = (uint32_t)(rules->words.length / 4),
                            .string_bytes = (uint32_t)rules->strings.length,
                            .source_bytes = (uint32_t)strlen(source) + 1,
                            .root = rules->root,
                            .parameters = rules->parameters,
                            .slots = rules->slots,
                            .slot_names = rules->slot_names};
    struct parity_buffer file = {0};

    memcpy(header.magic, magic, sizeof magic);
    parity_buffer_add(&file, &header, sizeof header);
    parity_buffer_add(&file, rules->words.data, rules->words.length);
    parity_buffer_add(&file, rules->strings.data, rules->strings.length);
    parity_buffer_add(&file, source, header.source_bytes);
    if (!file.failed) {
        header.checksum = sum_file((const void *)file.data, file.length);
        memcpy(file.data, &header, sizeof header);
        parity_model_cache_store(service, source, file.data, file.length);
    }
    parity_buffer_clear(&file);
}
