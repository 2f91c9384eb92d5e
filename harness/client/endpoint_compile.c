/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "client/endpoint_builder.h"
#include "client/endpoint_rules.h"
#include "client/endpoint_value.h"

/* --- templates -------------------------------------------------------------------------------- */

/* "Region" or "url#authority". */
static int compile_reference(struct parity_rule_builder *c, const char *text, size_t length,
                             uint32_t *at)
{
    const char *end = text + length, *hash_sign = memchr(text, '#', length);
    size_t name_length = hash_sign ? (size_t)(hash_sign - text) : length;
    struct parity_rule_words words = {0};
    uint32_t slot;

    if (parity_rule_find_variable(c, text, name_length, &slot) < 0)
        return -1;
    if (!hash_sign)
        return parity_rule_add_leaf(c, PARITY_NODE_VARIABLE, slot, at);
    if (parity_rule_add_word(c, &words, slot) < 0)
        goto fail;
    while (hash_sign) {
        const char *name = hash_sign + 1;
        uint32_t node;

        hash_sign = memchr(name, '#', (size_t)(end - name));
        name_length = (size_t)((hash_sign ? hash_sign : end) - name);
        if (parity_rule_add_text_part(c, name, name_length, &node) < 0 ||
            parity_rule_add_word(c, &words, parity_rule_node(c->out, node)[1]) < 0)
            goto fail;
    }
    return parity_rule_add_node(c, PARITY_NODE_ATTRIBUTE, 0, &words, at);
fail:
    parity_free(words.items);
    return -1;
}

/* Whether a string is a template at all: "{" letters or '#' "}" somewhere. */
static bool is_template(const char *text)
{
    for (const char *open = strchr(text, '{'); open; open = strchr(open + 1, '{')) {
        const char *c = open + 1;

        while (isalpha((unsigned char)*c) || *c == '#')
            c++;
        if (c > open + 1 && *c == '}')
            return true;
    }
    return false;
}

static int flush_literal(struct parity_rule_builder *c, struct parity_buffer *literal,
                         struct parity_rule_words *parts)
{
    uint32_t node;

    if (literal->failed)
        return parity_rule_fail_nomem(c);
    if (literal->length == 0)
        return 0;
    if (parity_rule_add_text(c, literal->data, &node) < 0)
        return -1;
    parity_buffer_reset(literal);
    return parity_rule_add_word(c, parts, node);
}

/* Literals and references of a template, by the rules of Python's str.format: doubled braces stand
 * for themselves. */
static int compile_parts(struct parity_rule_builder *c, const char *text,
                         struct parity_buffer *literal, struct parity_rule_words *parts)
{
    while (*text) {
        if ((text[0] == '{' || text[0] == '}') && text[1] == text[0]) {
            parity_buffer_add_char(literal, text[0]);
            text += 2;
        } else if (*text == '{') {
            const char *close = strchr(text, '}');
            uint32_t node;

            if (!close)
                return parity_rule_fail(c, "template without closing brace: %.100s", text);
            if (flush_literal(c, literal, parts) < 0 ||
                compile_reference(c, text + 1, (size_t)(close - text - 1), &node) < 0 ||
                parity_rule_add_word(c, parts, node) < 0)
                return -1;
            text = close + 1;
        } else {
            parity_buffer_add_char(literal, *text++);
        }
    }
    return flush_literal(c, literal, parts);
}

static int compile_string(struct parity_rule_builder *c, const char *text, uint32_t *at)
{
    struct parity_buffer literal = {0};
    struct parity_rule_words parts = {0};
    int rc;

    if (!is_template(text))
        return parity_rule_add_text(c, text, at);
    rc = compile_parts(c, text, &literal, &parts);
    parity_buffer_clear(&literal);
    if (rc == 0)
        return parity_rule_add_node(c, PARITY_NODE_TEMPLATE, 0, &parts, at);
    parity_free(parts.items);
    return -1;
}

/* --- expressions ------------------------------------------------------------------------------ */

static int compile_value(struct parity_rule_builder *c, const json_t *value, uint32_t *at);

static int compile_list(struct parity_rule_builder *c, const json_t *list,
                        enum parity_rule_node kind, unsigned function, uint32_t *at)
{
    struct parity_rule_words words = {0};

    for (size_t i = 0; i < json_array_size(list); i++) {
        uint32_t item;

        if (compile_value(c, json_array_get(list, i), &item) < 0 ||
            parity_rule_add_word(c, &words, item) < 0) {
            parity_free(words.items);
            return -1;
        }
    }
    return parity_rule_add_node(c, kind, function, &words, at);
}

static int compile_object(struct parity_rule_builder *c, const json_t *object, uint32_t *at)
{
    struct parity_rule_words words = {0};
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        uint32_t name, item;

        if (parity_rule_add_string(c, key, &name) < 0 ||
            parity_rule_add_word(c, &words, name) < 0 || compile_value(c, value, &item) < 0 ||
            parity_rule_add_word(c, &words, item) < 0) {
            parity_free(words.items);
            return -1;
        }
    }
    return parity_rule_add_node(c, PARITY_NODE_OBJECT, 0, &words, at);
}

static int compile_call(struct parity_rule_builder *c, const json_t *call, uint32_t *at)
{
    const char *name = json_string_value(json_object_get(call, "fn"));
    const json_t *arguments = json_object_get(call, "argv");
    int function = name ? parity_function_find(name) : -1;
    unsigned wanted;

    if (function < 0)
        return parity_rule_fail(c, "unknown function '%.60s'", name ? name : "?");
    wanted = parity_function_get((unsigned)function)->arguments;
    if (!json_is_array(arguments) || (wanted && json_array_size(arguments) != wanted))
        return parity_rule_fail(c, "%s is called with %zu arguments, not %u", name,
                                json_array_size(arguments), wanted);
    return compile_list(c, arguments, PARITY_NODE_CALL, (unsigned)function, at);
}

static int compile_integer(struct parity_rule_builder *c, const json_t *value, uint32_t *at)
{
    json_int_t number = json_integer_value(value);

    if (number < INT32_MIN || number > INT32_MAX)
        return parity_rule_fail(c, "number out of range");
    return parity_rule_add_leaf(c, PARITY_NODE_INTEGER, (uint32_t)(int32_t)number, at);
}

static int compile_value(struct parity_rule_builder *c, const json_t *value, uint32_t *at)
{
    const char *reference;

    switch (json_typeof(value)) {
    case JSON_NULL:
        return parity_rule_add_bare(c, PARITY_NODE_NULL, at);
    case JSON_TRUE:
        return parity_rule_add_bare(c, PARITY_NODE_TRUE, at);
    case JSON_FALSE:
        return parity_rule_add_bare(c, PARITY_NODE_FALSE, at);
    case JSON_INTEGER:
        return compile_integer(c, value, at);
    case JSON_STRING:
        return compile_string(c, json_string_value(value), at);
    case JSON_ARRAY:
        return compile_list(c, value, PARITY_NODE_LIST, 0, at);
    case JSON_OBJECT:
        if (json_object_get(value, "fn"))
            return compile_call(c, value, at);
        reference = json_string_value(json_object_get(value, "ref"));
        if (!reference)
            return compile_object(c, value, at);
        return compile_reference(c, reference, strlen(reference), at);
    case JSON_REAL:
        break;
    }
    return parity_rule_fail(c, "a value of a kind that rules do not have");
}

/* --- rules ------------------------------------------------------------------------------------ */

static int compile_conditions(struct parity_rule_builder *c, const json_t *conditions,
                              struct parity_rule_words *words)
{
    if (conditions && !json_is_array(conditions))
        return parity_rule_fail(c, "conditions that are no list");
    if (parity_rule_add_word(c, words, (uint32_t)json_array_size(conditions)) < 0)
        return -1;
    for (size_t i = 0; i < json_array_size(conditions); i++) {
        const json_t *condition = json_array_get(conditions, i);
        const char *assign = json_string_value(json_object_get(condition, "assign"));
        uint32_t node, slot = 0;

        if (compile_call(c, condition, &node) < 0 || parity_rule_add_word(c, words, node) < 0)
            return -1;
        if (assign && parity_rule_find_variable(c, assign, strlen(assign), &slot) < 0)
            return -1;
        if (parity_rule_add_word(c, words, assign ? slot + 1 : 0) < 0)
            return -1;
    }
    return 0;
}

static int compile_rule(struct parity_rule_builder *c, const json_t *rule, uint32_t *at);

static int compile_rules(struct parity_rule_builder *c, const json_t *rules,
                         struct parity_rule_words *words)
{
    if (!json_is_array(rules))
        return parity_rule_fail(c, "a tree without rules");
    for (size_t i = 0; i < json_array_size(rules); i++) {
        uint32_t rule;

        if (compile_rule(c, json_array_get(rules, i), &rule) < 0 ||
            parity_rule_add_word(c, words, rule) < 0)
            return -1;
    }
    return 0;
}

static int compile_endpoint(struct parity_rule_builder *c, const json_t *endpoint,
                            struct parity_rule_words *words)
{
    const json_t *url = json_object_get(endpoint, "url");
    const char *const members[] = {"headers", "properties"};
    uint32_t node;

    if (!url)
        return parity_rule_fail(c, "an endpoint without URL");
    if (compile_value(c, url, &node) < 0 || parity_rule_add_word(c, words, node) < 0)
        return -1;
    for (int i = 0; i < 2; i++)
        if (compile_object(c, json_object_get(endpoint, members[i]), &node) < 0 ||
            parity_rule_add_word(c, words, node) < 0)
            return -1;
    return 0;
}

static int compile_body(struct parity_rule_builder *c, const json_t *rule, const char *type,
                        struct parity_rule_words *words, enum parity_rule_node *kind)
{
    const json_t *message = json_object_get(rule, "error");
    uint32_t node;

    if (strcmp(type, "tree") == 0) {
        *kind = PARITY_NODE_TREE;
        return compile_rules(c, json_object_get(rule, "rules"), words);
    }
    if (strcmp(type, "endpoint") == 0) {
        *kind = PARITY_NODE_ENDPOINT;
        return compile_endpoint(c, json_object_get(rule, "endpoint"), words);
    }
    if (strcmp(type, "error") != 0 || !message)
        return parity_rule_fail(c, "unknown kind of rule '%.60s'", type);
    *kind = PARITY_NODE_ERROR;
    if (compile_value(c, message, &node) < 0)
        return -1;
    return parity_rule_add_word(c, words, node);
}

static int compile_rule(struct parity_rule_builder *c, const json_t *rule, uint32_t *at)
{
    const char *type = json_string_value(json_object_get(rule, "type"));
    enum parity_rule_node kind = PARITY_NODE_TREE;
    struct parity_rule_words words = {0};

    if (compile_conditions(c, json_object_get(rule, "conditions"), &words) < 0 ||
        compile_body(c, rule, type ? type : "", &words, &kind) < 0) {
        parity_free(words.items);
        return -1;
    }
    return parity_rule_add_node(c, kind, 0, &words, at);
}

/* --- parameters ------------------------------------------------------------------------------- */

static int parameter_type(struct parity_rule_builder *c, const char *name, const char *type,
                          uint32_t *out)
{
    static const char *const types[] = {[PARITY_PARAMETER_STRING] = "string",
                                        [PARITY_PARAMETER_BOOLEAN] = "boolean",
                                        [PARITY_PARAMETER_LIST] = "stringarray"};

    for (*out = 0; *out < sizeof types / sizeof *types; (*out)++)
        if (type && strcasecmp(type, types[*out]) == 0)
            return 0;
    return parity_rule_fail(c, "parameter '%.60s' has the unknown type '%.60s'", name,
                            type ? type : "");
}

static int compile_parameter(struct parity_rule_builder *c, const char *name, const json_t *spec,
                             uint32_t *at)
{
    const json_t *preset = json_object_get(spec, "default");
    const char *builtin = json_string_value(json_object_get(spec, "builtIn"));
    uint32_t string, slot, type, preset_node = 0, builtin_string = 0;
    struct parity_rule_words words = {0};

    if (parity_rule_find_variable(c, name, strlen(name), &slot) < 0 ||
        parity_rule_add_string(c, name, &string) < 0 ||
        parameter_type(c, name, json_string_value(json_object_get(spec, "type")), &type) < 0)
        return -1;
    if (preset && !json_is_null(preset) && compile_value(c, preset, &preset_node) < 0)
        return -1;
    if (builtin && parity_rule_add_string(c, builtin, &builtin_string) < 0)
        return -1;
    if (parity_rule_add_word(c, &words, string) < 0 || parity_rule_add_word(c, &words, slot) < 0 ||
        parity_rule_add_word(c, &words, type) < 0 ||
        parity_rule_add_word(c, &words, json_is_true(json_object_get(spec, "required"))) < 0 ||
        parity_rule_add_word(c, &words, preset_node) < 0 ||
        parity_rule_add_word(c, &words, builtin_string) < 0) {
        parity_free(words.items);
        return -1;
    }
    return parity_rule_add_node(c, PARITY_NODE_PARAMETER, 0, &words, at);
}

static int compile_parameters(struct parity_rule_builder *c, const json_t *parameters)
{
    struct parity_rule_words words = {0};
    const char *name;
    json_t *spec;

    json_object_foreach((json_t *)(uintptr_t)parameters, name, spec) {
        uint32_t node;

        if (compile_parameter(c, name, spec, &node) < 0 ||
            parity_rule_add_word(c, &words, node) < 0) {
            parity_free(words.items);
            return -1;
        }
    }
    return parity_rule_add_node(c, PARITY_NODE_LIST, 0, &words, &c->out->parameters);
}

/* --- the whole -------------------------------------------------------------------------------- */

static int compile_root(struct parity_rule_builder *c, const json_t *document)
{
    struct parity_rule_words words = {0};
    uint32_t nothing;

    /* Position 0 of both blocks means "none" where a link is optional. */
    if (parity_rule_add_string(c, "", &nothing) < 0 ||
        parity_rule_add_bare(c, PARITY_NODE_NULL, &nothing) < 0 ||
        compile_parameters(c, json_object_get(document, "parameters")) < 0)
        return -1;
    if (parity_rule_add_word(c, &words, 0) < 0 ||
        compile_rules(c, json_object_get(document, "rules"), &words) < 0) {
        parity_free(words.items);
        return -1;
    }
    return parity_rule_add_node(c, PARITY_NODE_TREE, 0, &words, &c->out->root);
}

static int add_slot_names(struct parity_rule_builder *c)
{
    struct parity_rule_words words = {0};

    for (size_t i = 0; i < c->variable_count; i++)
        if (parity_rule_add_word(c, &words, c->variables[i]) < 0) {
            parity_free(words.items);
            return -1;
        }
    c->out->slots = (uint32_t)c->variable_count;
    return parity_rule_add_node(c, PARITY_NODE_LIST, 0, &words, &c->out->slot_names);
}

int parity_rule_set_compile(const json_t *document, const char *name, struct parity_rule_set *out,
                            struct parity_error *err)
{
    struct parity_rule_builder c = {.out = out, .name = name, .err = err};
    const char *version = json_string_value(json_object_get(document, "version"));
    int rc;

    memset(out, 0, sizeof *out);
    if (!version || strncmp(version, "1.", 2) != 0)
        return parity_rule_fail(&c, "version '%.20s' is unknown; 1.0 is known",
                                version ? version : "");
    if (!json_is_object(json_object_get(document, "parameters")))
        return parity_rule_fail(&c, "no parameters");
    rc = compile_root(&c, document);
    if (rc == 0)
        rc = add_slot_names(&c);
    parity_free(c.nodes.slots);
    parity_free(c.strings.slots);
    parity_free(c.variables);
    return rc;
}

void parity_rule_set_clear(struct parity_rule_set *rules)
{
    parity_buffer_clear(&rules->words);
    parity_buffer_clear(&rules->strings);
    memset(rules, 0, sizeof *rules);
}
