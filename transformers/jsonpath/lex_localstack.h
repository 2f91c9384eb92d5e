/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_JSONPATH_LEX_LOCALSTACK_H
#define PARITY_JSONPATH_LEX_LOCALSTACK_H

/* The words of the localstack dialect; for its parser only. */

#include "transformers/jsonpath/path.h"

enum parity_path_token_kind {
    PARITY_TOKEN_END,
    PARITY_TOKEN_SIGN,       /* one character, in `sign`; `..` is 'D' */
    PARITY_TOKEN_NAME,       /* a word or a quoted text; the latter has an owned `text` */
    PARITY_TOKEN_INTEGER,    /* -?[0-9]+ */
    PARITY_TOKEN_REAL,       /* -?[0-9]+\.[0-9]+ */
    PARITY_TOKEN_BOOLEAN,    /* true, false, and the beginning of every word that begins so */
    PARITY_TOKEN_WHERE,      /* where, wherenot */
    PARITY_TOKEN_OPERATOR,   /* `this` */
    PARITY_TOKEN_COMPARISON, /* == and so on */
};

struct parity_path_token {
    enum parity_path_token_kind kind;
    size_t at, end; /* where it stands in the path, blanks before it left out */
    char sign;
    char *text; /* owned; of a quoted name and of an operator: without quotes and escapes */
    size_t length;
    enum parity_path_comparison comparison;
};

/**
 * Read the token at parser->at and step over it.
 *
 * @param out  the old token's text is released
 * @return 0 or -1 (PARITY_E_PARSE: a character that begins nothing, a text that does not end)
 */
int parity_path_lex(struct parity_path_parser *parser, struct parity_path_token *out);

#endif
