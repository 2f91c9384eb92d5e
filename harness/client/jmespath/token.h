/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_JMESPATH_TOKEN_H
#define PARITY_CLIENT_JMESPATH_TOKEN_H

/* The words of a JMESPath expression. Internal to jmespath/. */

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

enum parity_jp_token_kind {
    PARITY_JP_END,
    PARITY_JP_NAME,    /* value: the name */
    PARITY_JP_QUOTED,  /* "name"; value: the name */
    PARITY_JP_LITERAL, /* `JSON` or 'text'; value */
    PARITY_JP_NUMBER,  /* number */
    PARITY_JP_STAR,
    PARITY_JP_DOT,
    PARITY_JP_COMMA,
    PARITY_JP_COLON,
    PARITY_JP_AT,
    PARITY_JP_BRACKET_OPEN,
    PARITY_JP_BRACKET_CLOSE,
    PARITY_JP_PARENTHESIS_OPEN,
    PARITY_JP_PARENTHESIS_CLOSE,
    PARITY_JP_BRACE_OPEN,
    PARITY_JP_BRACE_CLOSE,
    PARITY_JP_FLATTEN, /* [] */
    PARITY_JP_FILTER,  /* [? */
    PARITY_JP_PIPE,
    PARITY_JP_OR,
    PARITY_JP_AND,
    PARITY_JP_REFERENCE, /* & */
    PARITY_JP_NOT,
    PARITY_JP_EQUAL,
    PARITY_JP_UNEQUAL,
    PARITY_JP_LESS,
    PARITY_JP_LESS_EQUAL,
    PARITY_JP_GREATER,
    PARITY_JP_GREATER_EQUAL,
    PARITY_JP_TOKEN_KINDS
};

struct parity_jp_token {
    enum parity_jp_token_kind kind;
    size_t offset, length; /* in the expression */
    json_t *value;         /* owned; NULL: none */
    long long number;      /* cut to the range of the type */
};

struct parity_jp_tokens {
    struct parity_jp_token *items; /* the last one is an END */
    size_t count, capacity;
};

/**
 * Split an expression.
 * @param out  filled from zero; cleared by the caller, also on failure
 * @return 0 or -1 (PARITY_E_PARSE with position, PARITY_E_NOMEM)
 */
int parity_jp_tokenize(const char *text, struct parity_jp_tokens *out, struct parity_error *err);
void parity_jp_tokens_clear(struct parity_jp_tokens *tokens);

/** Report a fault at `offset` of the expression `text`. */
__attribute__((format(printf, 5, 6))) void parity_jp_fail(struct parity_error *err,
                                                          enum parity_errc code, const char *text,
                                                          size_t offset, const char *format, ...);

#endif
