/* SPDX-License-Identifier: Apache-2.0 */
#include "client/paginator.h"

#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "client/paginator_parts.h"

enum { MAX_PAGES = 100 * 1000 };

/* --- reading the description ------------------------------------------------------------------ */

static void expressions_clear(struct parity_expressions *expressions)
{
    for (size_t i = 0; i < expressions->count; i++)
        parity_jmespath_free(expressions->items[i]);
    parity_free(expressions->items);
}

/* Results are put where they were found, which takes plain names joined by dots. */
static bool is_dotted(const char *text)
{
    bool empty = true;

    for (; *text; text++) {
        bool is_dot = *text == '.';

        if ((is_dot && empty) || strchr("[]*|&!<>=(){}`'\"@,: ", *text))
            return false;
        empty = is_dot;
    }
    return !empty;
}

/* A member that is an expression or a list of them; NULL: none. */
static int compile(const json_t *given, bool dotted, struct parity_expressions *out,
                   struct parity_error *err)
{
    size_t count = json_is_array(given) ? json_array_size(given) : given ? 1 : 0;

    out->items = parity_calloc(count ? count : 1, sizeof(struct parity_jmespath *));
    if (!out->items) {
        parity_fail_nomem(err);
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_is_array(given) ? json_array_get(given, i) : given;

        if (!json_is_string(item) || (dotted && !is_dotted(json_string_value(item)))) {
            parity_fail(err, PARITY_E_INVALID, NULL, "%s is expected",
                        dotted ? "a name, or names joined by dots," : "a JMESPath expression");
            return -1;
        }
        out->items[i] = parity_jmespath_compile(json_string_value(item), err);
        if (!out->items[i])
            return -1;
        out->count++;
    }
    return 0;
}

static int compile_member(const json_t *entry, const char *name, bool dotted,
                          struct parity_expressions *out, struct parity_error *err)
{
    if (compile(json_object_get(entry, name), dotted, out, err) == 0)
        return 0;
    parity_error_add_context(err, "%s", name);
    return -1;
}

static int read_input_tokens(const json_t *entry, struct parity_paginator *out,
                             struct parity_error *err)
{
    const json_t *given = json_object_get(entry, "input_token");

    if (json_is_array(given))
        out->input_tokens = json_copy((json_t *)(uintptr_t)given);
    else
        out->input_tokens = given ? json_pack("[O]", given) : json_array();
    if (!out->input_tokens) {
        parity_fail_nomem(err);
        return -1;
    }
    for (size_t i = 0; i < json_array_size(out->input_tokens); i++)
        if (!json_is_string(json_array_get(out->input_tokens, i))) {
            parity_fail(err, PARITY_E_INVALID, "input_token", "the name of a member is expected");
            return -1;
        }
    if (json_array_size(out->input_tokens) == out->output_tokens.count && out->output_tokens.count)
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL,
                "input_token and output_token must name the same number of tokens, at least one");
    return -1;
}

static int read_limit_key(const json_t *entry, struct parity_paginator *out,
                          struct parity_error *err)
{
    const char *name = json_string_value(json_object_get(entry, "limit_key"));

    if (!name || (out->limit_key = parity_strdup(name)))
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int read_entry(const json_t *entry, struct parity_paginator *out, struct parity_error *err)
{
    if (!json_is_object(entry)) {
        parity_fail(err, PARITY_E_INVALID, NULL, "an object is expected");
        return -1;
    }
    if (compile_member(entry, "output_token", false, &out->output_tokens, err) < 0 ||
        compile_member(entry, "more_results", false, &out->more_results, err) < 0 ||
        compile_member(entry, "result_key", true, &out->result_keys, err) < 0 ||
        compile_member(entry, "non_aggregate_keys", true, &out->non_aggregate_keys, err) < 0)
        return -1;
    return read_input_tokens(entry, out, err) < 0 ? -1 : read_limit_key(entry, out, err);
}

static const json_t *find_entry(const json_t *file, const char *operation, struct parity_error *err)
{
    json_t *all = json_object_get(file, "pagination");
    const json_t *entry = json_object_get(all, operation);
    const char *nearest = NULL;

    if (!json_is_object(all)) {
        parity_fail(err, PARITY_E_INVALID, "paginators-1.json", "no object 'pagination' in it");
        return NULL;
    }
    if (entry)
        return entry;
    for (void *at = json_object_iter(all); at; at = json_object_iter_next(all, at))
        nearest = parity_suggest(operation, nearest, json_object_iter_key(at));
    parity_fail(err, PARITY_E_NOT_FOUND, NULL, "%s is not paged%s%s%s", operation,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
}

struct parity_paginator *parity_paginator_new(const json_t *file, const char *operation,
                                              struct parity_error *err)
{
    const json_t *entry = find_entry(file, operation, err);
    struct parity_paginator *paginator = entry ? parity_calloc(1, sizeof *paginator) : NULL;

    if (!entry)
        return NULL;
    if (!paginator || !(paginator->operation = parity_strdup(operation)))
        parity_fail_nomem(err);
    else if (read_entry(entry, paginator, err) == 0)
        return paginator;
    else
        parity_error_add_context(err, "paginators-1.json: %s", operation);
    parity_paginator_free(paginator);
    return NULL;
}

struct parity_paginator *parity_paginator_load(struct parity_models *models, const char *service,
                                               const char *operation, struct parity_error *err)
{
    json_t *file = parity_models_data(models, service, "paginators-1", err);
    struct parity_paginator *paginator = file ? parity_paginator_new(file, operation, err) : NULL;

    json_decref(file);
    if (!paginator)
        parity_error_add_context(err, "%s", service);
    return paginator;
}

void parity_paginator_free(struct parity_paginator *paginator)
{
    if (!paginator)
        return;
    expressions_clear(&paginator->output_tokens);
    expressions_clear(&paginator->more_results);
    expressions_clear(&paginator->result_keys);
    expressions_clear(&paginator->non_aggregate_keys);
    json_decref(paginator->input_tokens);
    parity_free(paginator->limit_key);
    parity_free(paginator->operation);
    parity_free(paginator);
}

const char *parity_paginator_limit_key(const struct parity_paginator *paginator)
{
    return paginator->limit_key;
}

/* --- walking ---------------------------------------------------------------------------------- */

struct parity_pages {
    const struct parity_paginator *paginator;
    struct parity_caller caller;
    json_t *input;
    json_t *tokens; /* of the page before; NULL: it was the first */
    unsigned long fetched, max_pages;
    bool ended, repeated;
};

struct parity_pages *parity_pages_new(const struct parity_paginator *paginator,
                                      struct parity_caller caller, const json_t *input,
                                      const struct parity_pages_options *options,
                                      struct parity_error *err)
{
    struct parity_pages *pages = parity_calloc(1, sizeof *pages);

    if (pages) {
        pages->paginator = paginator;
        pages->caller = caller;
        pages->max_pages = options && options->max_pages ? options->max_pages : MAX_PAGES;
        pages->input = parity_json_copy(input);
    }
    if (pages && pages->input)
        return pages;
    parity_fail_nomem(err);
    parity_pages_free(pages);
    return NULL;
}

void parity_pages_free(struct parity_pages *pages)
{
    if (!pages)
        return;
    json_decref(pages->input);
    json_decref(pages->tokens);
    parity_free(pages);
}

/* Whether Python takes the value for true, which is how botocore tells a token from none. */
static bool is_set(const json_t *value)
{
    switch (parity_json_kind(value)) {
    case PARITY_JSON_INTEGER:
        return !json_is_integer(value) || json_integer_value(value) != 0;
    case PARITY_JSON_REAL:
        return !json_is_real(value) || json_real_value(value) < 0 || json_real_value(value) > 0;
    case PARITY_JSON_BYTES:
        return json_string_length(
                   json_object_iter_value(json_object_iter((json_t *)(uintptr_t)value))) > 0;
    default:
        return parity_jmespath_is_true(value);
    }
}

/* Whether `more_results`, if there is one, says that the page is not the last: 1, 0 or -1. */
static int has_more(const struct parity_paginator *paginator, const json_t *page,
                    struct parity_error *err)
{
    json_t *value;
    bool more;

    if (paginator->more_results.count == 0)
        return 1;
    if (parity_jmespath_evaluate(paginator->more_results.items[0], page, &value, err) < 0)
        return -1;
    more = is_set(value);
    json_decref(value);
    return more;
}

/* The tokens in a page, null where there is none; `*any` tells whether all are null. */
static json_t *read_tokens(const struct parity_paginator *paginator, const json_t *page, bool *any,
                           struct parity_error *err)
{
    json_t *tokens = json_array();

    *any = false;
    for (size_t i = 0; tokens && i < paginator->output_tokens.count; i++) {
        json_t *token, *copy;

        if (parity_jmespath_evaluate(paginator->output_tokens.items[i], page, &token, err) < 0) {
            json_decref(tokens);
            return NULL;
        }
        copy = is_set(token) ? parity_json_copy(token) : json_null();
        *any = *any || !json_is_null(copy);
        json_decref(token);
        if (json_array_append_new(tokens, copy) < 0) {
            json_decref(tokens);
            tokens = NULL;
        }
    }
    if (!tokens)
        parity_fail_nomem(err);
    return tokens;
}

/* Put the tokens into the next call's input. */
static int set_tokens(struct parity_pages *pages, const json_t *tokens, struct parity_error *err)
{
    for (size_t i = 0; i < json_array_size(tokens); i++) {
        const char *name = json_string_value(json_array_get(pages->paginator->input_tokens, i));
        json_t *token = json_array_get(tokens, i);

        if (json_is_null(token)) {
            json_object_del(pages->input, name);
        } else if (json_object_set_nocheck(pages->input, name, token) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
    }
    return 0;
}

/* Look in `page` for what comes after it. */
static int advance(struct parity_pages *pages, const json_t *page, struct parity_error *err)
{
    int more = has_more(pages->paginator, page, err);
    json_t *tokens;
    bool any;

    pages->ended = more <= 0;
    if (more <= 0)
        return more;
    tokens = read_tokens(pages->paginator, page, &any, err);
    if (!tokens)
        return -1;
    pages->ended = !any;
    /* Reported by the next call: this page is a good one. */
    pages->repeated = any && pages->tokens && parity_jmespath_equal(pages->tokens, tokens);
    json_decref(pages->tokens);
    pages->tokens = tokens;
    return any ? set_tokens(pages, tokens, err) : 0;
}

static void fail_repeated(const struct parity_pages *pages, struct parity_error *err)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, pages->tokens, PARITY_JSON_LINE);
    parity_fail(err, PARITY_E_RESPONSE, pages->paginator->operation,
                "pages %lu and %lu end with the same token to go on with, %.200s",
                pages->fetched - 1, pages->fetched, text.failed ? "" : text.data);
    parity_buffer_clear(&text);
}

static int fetch(struct parity_pages *pages, json_t **page, struct parity_error *err)
{
    const char *operation = pages->paginator->operation;

    if (pages->repeated) {
        fail_repeated(pages, err);
        return -1;
    }
    if (pages->fetched >= pages->max_pages) {
        parity_fail(err, PARITY_E_LIMIT, operation, "there are more than %lu pages",
                    pages->max_pages);
        return -1;
    }
    if (pages->caller.call(pages->caller.data, operation, pages->input, page, err) < 0)
        return -1;
    pages->fetched++;
    if (parity_response_is_error(*page)) {
        pages->ended = true;
        return 0;
    }
    return advance(pages, *page, err);
}

int parity_pages_next(struct parity_pages *pages, json_t **page, struct parity_error *err)
{
    *page = NULL;
    if (pages->ended)
        return 0;
    if (fetch(pages, page, err) == 0)
        return 1;
    pages->ended = true;
    json_decref(*page);
    *page = NULL;
    if (pages->fetched > 0)
        parity_error_add_context(err, "after page %lu", pages->fetched);
    return -1;
}
