/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_JSON_H
#define PARITY_BASE_JSON_H

/*
 * JSON text to and from jansson's values, as Python's `json` module reads and writes it, because
 * snapshot files are its output byte for byte.
 *
 * Documents are jansson values. What jansson cannot hold is a "typed value", an object with one
 * member:
 *
 *   {"$datetime": "2022-07-13T13:48:01+00:00"}   a timestamp
 *   {"$bytes": "<base64>"}                       a byte string
 *   {"\xffnumber": "123456789012345678901"}      a number outside int64 and double: an integer of
 * any size, or "NaN", "Infinity", "-Infinity"
 *
 * The key of the third is no UTF-8, so no document that was read can contain it by chance; it is
 * made here and written as the bare number. Ask parity_json_kind() before looking at a type.
 * Strings and keys are UTF-8, plus unpaired surrogates as their three-byte form (WTF-8), plus NUL:
 * make and read them with jansson's `…n` and `_nocheck` functions.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum parity_json_kind {
    PARITY_JSON_NULL,
    PARITY_JSON_BOOLEAN,
    PARITY_JSON_INTEGER, /* also one of any size, see parity_json_number_text() */
    PARITY_JSON_REAL,    /* also NaN and the infinities */
    PARITY_JSON_STRING,
    PARITY_JSON_BYTES,
    PARITY_JSON_DATETIME,
    PARITY_JSON_ARRAY,
    PARITY_JSON_OBJECT
};

/** What `value` is, typed values included; no value at all (NULL) counts as null. */
enum parity_json_kind parity_json_kind(const json_t *value);

/** True for arrays and objects, false for typed values. */
bool parity_json_is_container(const json_t *value);

/** New typed values; NULL when out of memory. `iso8601` as in DESIGN.md, "Values with a type". */
json_t *parity_json_datetime(const char *iso8601);
json_t *parity_json_bytes(const void *data, size_t length);

/** A number given as JSON text ("1e5", "123456789012345678901"): int64, double or typed. New, or
 * NULL. */
json_t *parity_json_number(const char *text, size_t length);

/** Text of a datetime; NULL for any other kind. Borrowed. */
const char *parity_json_datetime_text(const json_t *value);

/** Append the bytes of a byte string. @return 0, or -1 (not a byte string, bad base64, no memory)
 */
int parity_json_bytes_get(const json_t *value, struct parity_buffer *out);

/** Append the text of a number of either kind as Python writes it (`1.0`, `1e-07`, `-0.0`). */
void parity_json_number_text(struct parity_buffer *out, const json_t *number);

/** Append what a text, number, truth value or time is inside a text. @return false: `value` is none
 */
bool parity_json_add_plain(struct parity_buffer *out, const json_t *value);

/** Same type and value, order of members left out of account; typed values compare by type. NULL
 * equals nothing. */
bool parity_json_equal(const json_t *a, const json_t *b);

/** Whether one of an array's strings is this text. */
bool parity_json_holds_text(const json_t *texts, const char *text);

/** A copy whose containers are its own; strings and numbers, which nobody changes in place, are
 * shared. New, or NULL when out of memory. */
json_t *parity_json_copy(const json_t *value);

/**
 * Let a value that was made in an arena (parity_memory_lead_json()), and all that is in it, count
 * no references any more: it lasts as long as the arena, and whoever takes or releases it does not
 * write to it. Nobody may change it. What stands elsewhere, or is NULL, is left as it is.
 */
void parity_json_freeze(json_t *value, const struct parity_arena *arena);

/**
 * Read one JSON document, as Python's json.loads does.
 *
 * A repeated member replaces the earlier one and keeps its place. NaN, Infinity and -Infinity are
 * accepted. Nesting deeper than 2,000 is PARITY_E_LIMIT.
 *
 * @param name  what to call the input in messages: a file name, "response body"; may be NULL
 * @param out   new; NULL on failure
 * @param err   PARITY_E_PARSE with line and column (in bytes, 1-based), PARITY_E_LIMIT,
 * PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_json_parse(const char *text, size_t length, const char *name, json_t **out,
                      struct parity_error *err);

/** The same, for less memory: equal strings of a large document are one, so none of them may be
 * changed in place. Files are read so, too. */
int parity_json_parse_sharing(const char *text, size_t length, const char *name, json_t **out,
                              struct parity_error *err);

/** Whether a text is a document that parity_json_parse() reads, for the memory of its deepest
 * place.
 * @return 0 or -1, with the same errors */
int parity_json_check(const char *text, size_t length, struct parity_error *err);

/**
 * The line of each value of a document, in the order in which the values begin. Zero-initialise,
 * parity_free(lines.items).
 */
struct parity_json_lines {
    int *items;
    size_t count, capacity;
};

/** parity_json_parse() for files that people write: notes lines, and refuses a member that stands
 * twice (PARITY_E_PARSE). */
int parity_json_parse_lines(const char *text, size_t length, const char *name, json_t **out,
                            struct parity_json_lines *lines, struct parity_error *err);

/** The same, but a member that is there twice is PARITY_E_PARSE: for files that people merge by
 * hand, where one of the two would be lost without a word. */
int parity_json_parse_unique(const char *text, size_t length, const char *name, json_t **out,
                             struct parity_error *err);

/** As parity_json_parse(), for a file ("-": standard input). Also PARITY_E_NOT_FOUND, PARITY_E_IO.
 */
int parity_json_read_file(const char *path, json_t **out, struct parity_error *err);

enum parity_json_style {
    PARITY_JSON_PRETTY,  /* json.dumps(value, indent=2): the form of every file and of the command
                            line */
    PARITY_JSON_LINE,    /* json.dumps(value): one line, separators ", " and ": " */
    PARITY_JSON_COMPACT, /* json.dumps(value, separators=(",", ":")): as clients send it */
    PARITY_JSON_UTF8 /* as COMPACT, with characters outside ASCII as they are (ensure_ascii=False)
                      */
};

/**
 * Append `value` as JSON. Members in their order, no final newline. Typed dates and bytes are
 * written as the objects they are.
 */
void parity_json_write(struct parity_buffer *out, const json_t *value,
                       enum parity_json_style style);

/**
 * The same piece by piece, so that the text of a large document is never there as a whole.
 *
 * @param take  gets each piece; not 0: stop
 * @return 0, what `take` returned, or -1 when out of memory
 */
int parity_json_write_pieces(const json_t *value, enum parity_json_style style,
                             int (*take)(void *data, const char *text, size_t length), void *data);

/** Append `text` as a JSON string with quotes and ASCII escapes, as in every style but UTF8. */
void parity_json_write_string(struct parity_buffer *out, const char *text, size_t length);

#endif
