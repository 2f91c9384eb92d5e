/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_JSONPATH_PARSE_RFC9535_H
#define PARITY_JSONPATH_PARSE_RFC9535_H

/* What the two files of the grammar of RFC 9535 need of each other. */

#include "transformers/jsonpath/path.h"

/** The next character; NUL at the end. */
static inline char parity_path_peek(const struct parity_path_parser *parser)
{
    return parser->text[parser->at];
}

void parity_path_skip_blanks(struct parity_path_parser *parser);

/** Step over `text` if it comes next. */
bool parity_path_accept(struct parity_path_parser *parser, const char *text);

/** Report that something else should be here. @return -1 */
int parity_path_fail_expected(struct parity_path_parser *parser, const char *expected);

/** A string literal; `out->data` is the caller's, also on failure. @return 0 or -1 */
int parity_path_parse_string(struct parity_path_parser *parser, struct parity_buffer *out);

/** Segments up to what is none. */
int parity_path_parse_segments(struct parity_path_parser *parser,
                               struct parity_path_sequence *path);

/** A filter's condition behind its question mark. */
int parity_path_parse_filter(struct parity_path_parser *parser,
                             struct parity_path_condition *condition);

#endif
