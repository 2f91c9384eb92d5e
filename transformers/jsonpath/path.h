/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_JSONPATH_PATH_H
#define PARITY_JSONPATH_PATH_H

/* What a path consists of; shared by the files of this folder only. */

#include "transformers/jsonpath/jsonpath.h"

#include "transformers/jsonpath/regexp.h"

/** Steps that follow one another: each is applied to all that the one before it found. */
struct parity_path_sequence {
    struct parity_path_step *items;
    size_t count, capacity;
};

enum parity_path_step_kind {
    PARITY_STEP_ROOT,     /* $ */
    PARITY_STEP_THIS,     /* @ */
    PARITY_STEP_PARENT,   /* `parent` */
    PARITY_STEP_NAME,     /* .name, ['name'] */
    PARITY_STEP_WILDCARD, /* .*; in RFC 9535 also [*] */
    PARITY_STEP_INDEX,    /* [1] */
    PARITY_STEP_SLICE,    /* [1:2]; in the localstack dialect also [*] */
    PARITY_STEP_FILTER,   /* [?…] */
    PARITY_STEP_GROUP,    /* what stands between commas, in turn */
    PARITY_STEP_UNION,    /* a|b, of the localstack dialect */
    PARITY_STEP_WHERE,    /* a where b, of the localstack dialect: parts[0] that have a parts[1] */
    PARITY_STEP_DESCEND   /* ..: parts[0] at every depth */
};

struct parity_path_slice {
    bool has_start, has_end;
    long long start, end, step;
};

struct parity_path_step {
    enum parity_path_step_kind kind;
    char *name; /* owned */
    size_t name_length;
    long long index;
    struct parity_path_slice slice;
    struct parity_path_condition *condition; /* owned */
    struct parity_path_sequence *parts;      /* owned, `part_count` of them */
    size_t part_count;
    bool negated; /* wherenot */
};

enum parity_path_comparison {
    PARITY_COMPARE_EQ,
    PARITY_COMPARE_NE,
    PARITY_COMPARE_LT,
    PARITY_COMPARE_LE,
    PARITY_COMPARE_GT,
    PARITY_COMPARE_GE,
    PARITY_COMPARE_MATCHES /* =~, of the localstack dialect */
};

enum parity_path_operand_kind {
    PARITY_OPERAND_LITERAL,
    PARITY_OPERAND_QUERY,
    PARITY_OPERAND_LENGTH,
    PARITY_OPERAND_COUNT,
    PARITY_OPERAND_VALUE,
    PARITY_OPERAND_MATCH,
    PARITY_OPERAND_SEARCH
};

/** A value, query or function call in a filter. */
struct parity_path_operand {
    enum parity_path_operand_kind kind;
    json_t *literal;                       /* owned */
    struct parity_path_sequence query;     /* begins with ROOT or THIS */
    struct parity_path_operand *arguments; /* owned */
    size_t argument_count;
    struct parity_regexp *regexp; /* owned; of a pattern that is a literal, else NULL */
};

enum parity_path_condition_kind {
    PARITY_CONDITION_AND,
    PARITY_CONDITION_OR,
    PARITY_CONDITION_NOT,
    PARITY_CONDITION_TEST,    /* left finds something, or left is a call that says yes */
    PARITY_CONDITION_COMPARE, /* RFC 9535: left and right are values */
    PARITY_CONDITION_ANY      /* localstack: something that left finds compares so with right */
};

struct parity_path_condition {
    enum parity_path_condition_kind kind;
    struct parity_path_condition *items; /* owned: of AND, OR, NOT */
    size_t count, capacity;
    enum parity_path_comparison comparison;
    struct parity_path_operand left, right;
};

struct parity_jsonpath {
    enum parity_jsonpath_dialect dialect;
    char *text;
    struct parity_path_sequence steps;
};

/** Nested brackets and parentheses that a path may have; evaluation recurses as deep as that. */
enum { PARITY_PATH_MAX_NESTING = 64 };

/** Where a parser stands. */
struct parity_path_parser {
    const char *text;
    size_t at, length;
    size_t nesting;
    struct parity_error *err;
};

/** Report PARITY_E_PARSE at an offset. @return -1 */
__attribute__((format(printf, 3, 4))) int parity_path_fail(struct parity_path_parser *parser,
                                                           size_t at, const char *format, ...);
int parity_path_fail_nomem(struct parity_path_parser *parser);

/** Count one more level of nesting; the caller decrements `nesting`. @return 0, -1: PARITY_E_LIMIT
 */
int parity_path_enter(struct parity_path_parser *parser);

/** Append a step, zeroed but for its kind. NULL (and PARITY_E_NOMEM) when out of memory. */
struct parity_path_step *parity_path_add(struct parity_path_parser *parser,
                                         struct parity_path_sequence *to,
                                         enum parity_path_step_kind kind);

/** Append a step with one more, empty part, or add one to the step that `to` is. */
struct parity_path_sequence *parity_path_add_part(struct parity_path_parser *parser,
                                                  struct parity_path_step *to);

/** Append a condition, zeroed but for its kind, to an AND, OR or NOT. */
struct parity_path_condition *parity_path_add_condition(struct parity_path_parser *parser,
                                                        struct parity_path_condition *to,
                                                        enum parity_path_condition_kind kind);

void parity_path_sequence_clear(struct parity_path_sequence *sequence);
void parity_path_operand_clear(struct parity_path_operand *operand);
void parity_path_condition_clear(struct parity_path_condition *condition);

/** The grammars; what they have read so far is in `out` also when they fail. */
int parity_path_parse_localstack(struct parity_path_parser *parser,
                                 struct parity_path_sequence *out);
int parity_path_parse_rfc9535(struct parity_path_parser *parser, struct parity_path_sequence *out);

#endif
