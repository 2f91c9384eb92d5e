/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/xml_tree.h"

#include <expat.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "base/buffer.h"
#include "base/memory.h"

enum { MAX_DEPTH = 500, FIRST_CHUNK_BYTES = 960, CHUNK_BYTES = 16384, KEPT_BYTES = 1 << 20 };

#define NAMESPACE_SEPARATOR '}'

struct parity_xml_chunk {
    struct parity_xml_chunk *next;
    size_t used, size;
    max_align_t data[];
};

struct builder {
    struct parity_xml_tree *tree;
    XML_Parser parser;
    struct parity_xml_node **stack; /* room for MAX_DEPTH elements */
    size_t depth;
    struct parity_buffer text; /* of the innermost element, while it has no child */
    const char *refused;       /* why the parser was stopped */
    bool no_memory;
};

/* Most answers are small and fit into one chunk that the allocator has at hand; others grow. */
static size_t next_capacity(const struct parity_xml_chunk *last)
{
    if (!last)
        return FIRST_CHUNK_BYTES;
    return last->size < CHUNK_BYTES / 2 ? 2 * last->size : CHUNK_BYTES;
}

/* Nodes are many, small, and freed together. */
static void *take(struct parity_xml_tree *tree, size_t size)
{
    struct parity_xml_chunk *chunk = tree->chunks;
    void *memory;

    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!chunk || chunk->size - chunk->used < size) {
        size_t capacity = next_capacity(chunk);

        if (capacity < size)
            capacity = size;
        chunk = parity_malloc(sizeof *chunk + capacity);
        if (!chunk)
            return NULL;
        *chunk = (struct parity_xml_chunk){.next = tree->chunks, .size = capacity};
        tree->chunks = chunk;
    }
    memory = (char *)chunk->data + chunk->used;
    chunk->used += size;
    return memory;
}

static char *take_text(struct parity_xml_tree *tree, const char *text, size_t length)
{
    char *copy = take(tree, length + 1);

    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

static void stop(struct builder *b, const char *reason)
{
    if (reason)
        b->refused = reason;
    else
        b->no_memory = true;
    XML_StopParser(b->parser, XML_FALSE);
}

/* "http://…}Name" or "Name". `*separator` is where the namespace ends; NULL: there is none. */
static const char *local_name(struct builder *b, const char *name, const char **separator)
{
    *separator = strrchr(name, NAMESPACE_SEPARATOR);
    if (*separator)
        name = *separator + 1;
    return take_text(b->tree, name, strlen(name));
}

/* Most elements are in the namespace of their parent, and then share its text. */
static const char *take_namespace(struct builder *b, const struct parity_xml_node *parent,
                                  const char *uri, size_t length)
{
    const char *around = parent ? parent->namespace : NULL;

    if (around && strncmp(around, uri, length) == 0 && !around[length])
        return around;
    return take_text(b->tree, uri, length);
}

static int name_node(struct builder *b, struct parity_xml_node *node, const char *name)
{
    const char *separator;

    node->parent = b->depth ? b->stack[b->depth - 1] : NULL;
    node->name = local_name(b, name, &separator);
    if (separator)
        node->namespace = take_namespace(b, node->parent, name, (size_t)(separator - name));
    return !node->name || (separator && !node->namespace) ? -1 : 0;
}

static int add_attributes(struct builder *b, struct parity_xml_node *node, const char **attributes)
{
    const struct parity_xml_attribute **tail = &node->attributes;

    for (; attributes[0]; attributes += 2) {
        struct parity_xml_attribute *attribute = take(b->tree, sizeof *attribute);
        const char *separator;

        if (!attribute)
            return -1;
        attribute->next = NULL;
        attribute->name = local_name(b, attributes[0], &separator);
        attribute->has_namespace = separator != NULL;
        attribute->value = take_text(b->tree, attributes[1], strlen(attributes[1]));
        if (!attribute->name || !attribute->value)
            return -1;
        *tail = attribute;
        tail = &attribute->next;
    }
    return 0;
}

static int keep_text(struct builder *b)
{
    struct parity_xml_node *node = b->depth ? b->stack[b->depth - 1] : NULL;

    if (b->text.failed)
        return -1;
    if (node && !node->first_child && b->text.length > 0) {
        node->text = take_text(b->tree, b->text.data, b->text.length);
        node->text_length = b->text.length;
        if (!node->text)
            return -1;
    }
    parity_buffer_reset(&b->text);
    return 0;
}

static void append_child(struct parity_xml_node *parent, struct parity_xml_node *child)
{
    if (parent->last_child)
        parent->last_child->next = child;
    else
        parent->first_child = child;
    parent->last_child = child;
}

static void XMLCALL on_start(void *user, const char *name, const char **attributes)
{
    struct builder *b = user;
    struct parity_xml_node *node;

    if (b->depth == MAX_DEPTH) {
        stop(b, "elements are nested deeper than 500");
        return;
    }
    node = keep_text(b) < 0 ? NULL : take(b->tree, sizeof *node);
    if (!node) {
        stop(b, NULL);
        return;
    }
    memset(node, 0, sizeof *node);
    if (name_node(b, node, name) < 0 || add_attributes(b, node, attributes) < 0) {
        stop(b, NULL);
        return;
    }
    if (b->depth > 0)
        append_child(b->stack[b->depth - 1], node);
    else
        b->tree->root = node;
    b->stack[b->depth++] = node;
}

static void XMLCALL on_end(void *user, const char *name)
{
    struct builder *b = user;

    (void)name;
    if (keep_text(b) < 0)
        stop(b, NULL);
    b->depth--;
}

static void XMLCALL on_text(void *user, const char *text, int length)
{
    struct builder *b = user;

    if (b->depth > 0 && !b->stack[b->depth - 1]->first_child)
        parity_buffer_add(&b->text, text, (size_t)length);
}

/* No AWS service declares entities; a body that does means to blow up. */
static void XMLCALL on_entity(void *user, const char *name, int is_parameter, const char *value,
                              int length, const char *base, const char *system_id,
                              const char *public_id, const char *notation)
{
    (void)name, (void)is_parameter, (void)value, (void)length;
    (void)base, (void)system_id, (void)public_id, (void)notation;
    stop(user, "it declares entities");
}

static void fail(const struct builder *b, struct parity_error *err)
{
    if (b->no_memory || XML_GetErrorCode(b->parser) == XML_ERROR_NO_MEMORY) {
        parity_fail_nomem(err);
        return;
    }
    parity_fail_at(err, PARITY_E_RESPONSE, NULL, (int)XML_GetCurrentLineNumber(b->parser),
                   (int)XML_GetCurrentColumnNumber(b->parser) + 1, "no usable XML: %s",
                   b->refused ? b->refused : XML_ErrorString(XML_GetErrorCode(b->parser)));
}

/*
 * One parser for all documents of a thread: making one takes a dozen allocations and random numbers
 * from the system, which is more than a short answer takes to parse. Its hash salt, which keeps
 * documents from being made for collisions, is drawn once.
 */
static _Thread_local XML_Parser kept_parser;

static XML_Parser ready_parser(void)
{
    static const XML_Memory_Handling_Suite memory = {parity_malloc, parity_realloc, parity_free};
    static const char separator[] = {NAMESPACE_SEPARATOR, '\0'};
    static _Thread_local unsigned long salt;

    if (!salt && getrandom(&salt, sizeof salt, GRND_NONBLOCK) != (ssize_t)sizeof salt)
        salt = 0; /* expat looks for one itself */
    if (!kept_parser)
        kept_parser = XML_ParserCreate_MM(NULL, &memory, separator);
    else
        XML_ParserReset(kept_parser, NULL);
    if (!kept_parser || XML_SetEncoding(kept_parser, "UTF-8") != XML_STATUS_OK)
        return NULL;
    if (salt)
        XML_SetHashSalt(kept_parser, salt);
    return kept_parser;
}

/* A parser holds on to the memory that its largest document took. */
static void put_back_parser(size_t length)
{
    if (length <= KEPT_BYTES)
        return;
    XML_ParserFree(kept_parser);
    kept_parser = NULL;
}

int parity_xml_parse(const char *data, size_t length, struct parity_xml_tree *out,
                     struct parity_error *err)
{
    struct parity_xml_node *stack[MAX_DEPTH];
    struct builder b = {.tree = out, .stack = stack};
    int rc = -1;

    *out = (struct parity_xml_tree){0};
    if (length > INT_MAX) {
        parity_fail(err, PARITY_E_LIMIT, NULL, "the XML is larger than 2 GiB");
        return -1;
    }
    b.parser = ready_parser();
    if (!b.parser) {
        parity_fail_nomem(err);
        return -1;
    }
    XML_SetUserData(b.parser, &b);
    XML_SetElementHandler(b.parser, on_start, on_end);
    XML_SetCharacterDataHandler(b.parser, on_text);
    XML_SetEntityDeclHandler(b.parser, on_entity);
    if (XML_Parse(b.parser, data ? data : "", (int)length, XML_TRUE) == XML_STATUS_OK)
        rc = 0;
    else
        fail(&b, err);
    put_back_parser(length);
    parity_buffer_clear(&b.text);
    if (rc < 0)
        parity_xml_tree_clear(out);
    return rc;
}

void parity_xml_tree_clear(struct parity_xml_tree *tree)
{
    while (tree->chunks) {
        struct parity_xml_chunk *next = tree->chunks->next;

        parity_free(tree->chunks);
        tree->chunks = next;
    }
    tree->root = NULL;
}

const struct parity_xml_node *parity_xml_child(const struct parity_xml_node *node, const char *name)
{
    const struct parity_xml_node *child = node->first_child;

    while (child && strcmp(child->name, name) != 0)
        child = child->next;
    return child;
}

const struct parity_xml_node *parity_xml_next_same(const struct parity_xml_node *node)
{
    const struct parity_xml_node *next = node->next;

    while (next && strcmp(next->name, node->name) != 0)
        next = next->next;
    return next;
}
