/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/json_number.h"
#include "base/json_plain.h"
#include "base/json_shared.h"
#include "base/memory.h"
#include "base/utf8.h"

/* jansson releases containers by recursion, so depth costs stack whoever reads. */
enum { MAX_DEPTH = 2000 };

/* From this many bytes on memory matters more than the time that looking for equal strings takes.
 */
enum { LARGE = 1 << 20 };

enum next { NEXT_ERROR = -1, NEXT_VALUE, NEXT_END };

struct text {
    const char *data;
    size_t length;
};

struct reader {
    const char *start, *at, *end;
    const char *name;
    struct parity_error *err;
    json_t *root;   /* owned; everything read so far hangs from it */
    json_t **stack; /* the containers that are open, borrowed from root; owned, if `discard` */
    size_t depth, capacity;
    struct text member;                        /* name of the member that is being read */
    struct parity_buffer member_text, content; /* decoded text of names and of values */
    struct parity_shared_strings shared;       /* of a large document */
    struct parity_json_lines *lines;           /* NULL: not wanted */
    const char *counted;                       /* the place up to which lines are counted */
    int line;
    bool unique;  /* no member may be there twice */
    bool sharing; /* equal strings may be one */
    bool discard; /* only whether it reads is wanted: nothing is kept */
};

static void fail_reading(struct reader *reader, enum parity_errc code, const char *message)
{
    const char *line_start = reader->start;
    int line = 1;
    const char *found;

    while ((found = memchr(line_start, '\n', (size_t)(reader->at - line_start)))) {
        line_start = found + 1;
        line++;
    }
    parity_fail_at(reader->err, code, reader->name, line, (int)(reader->at - line_start) + 1, "%s",
                   message);
}

static enum next fail_parse(struct reader *reader, const char *message)
{
    fail_reading(reader, PARITY_E_PARSE, message);
    return NEXT_ERROR;
}

static bool is_conflict_marker(const struct reader *reader)
{
    static const char *const markers[] = {"<<<<<<< ", "=======", ">>>>>>> ", "||||||| "};

    if (reader->at > reader->start && reader->at[-1] != '\n')
        return false;
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++) {
        size_t length = strlen(markers[i]);

        if ((size_t)(reader->end - reader->at) >= length &&
            memcmp(reader->at, markers[i], length) == 0)
            return true;
    }
    return false;
}

/* "expected …, found …", or what the text at hand really is. */
static enum next fail_expected(struct reader *reader, const char *expected)
{
    char message[160];
    unsigned char byte;

    if (reader->at == reader->end) {
        snprintf(message, sizeof message, "the text ends where %s should be", expected);
        return fail_parse(reader, message);
    }
    if (is_conflict_marker(reader))
        return fail_parse(reader, "merge conflict marker: resolve the conflict first");
    byte = (unsigned char)*reader->at;
    if (byte > 0x20 && byte < 0x7F)
        snprintf(message, sizeof message, "expected %s, found '%c'", expected, byte);
    else
        snprintf(message, sizeof message, "expected %s, found byte 0x%02x", expected, byte);
    return fail_parse(reader, message);
}

static enum next fail_nomem(struct reader *reader)
{
    parity_fail_nomem(reader->err);
    return NEXT_ERROR;
}

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' ||
                                        *reader->at == '\r' || *reader->at == '\t'))
        reader->at++;
}

/* The four digits of a \u escape at `at`; -1 if they are none. */
static int read_unit(const struct reader *reader, const char *at)
{
    return parity_hex_number(at, reader->end, 4);
}

/* A \u escape, the reader standing on its 'u'; a pair of surrogates becomes one character. */
static int read_unicode_escape(struct reader *reader, unsigned *code)
{
    int unit = read_unit(reader, reader->at + 1), low;

    if (unit < 0) {
        fail_parse(reader, "\\u must be followed by four hexadecimal digits");
        return -1;
    }
    *code = (unsigned)unit;
    reader->at += 5;
    if (unit < 0xD800 || unit > 0xDBFF || reader->end - reader->at < 6 || reader->at[0] != '\\' ||
        reader->at[1] != 'u')
        return 0;
    low = read_unit(reader, reader->at + 2);
    if (low >= 0xDC00 && low <= 0xDFFF) {
        *code = 0x10000U + ((*code & 0x3FF) << 10) + ((unsigned)low & 0x3FF);
        reader->at += 6;
    }
    return 0;
}

/* An escape, the reader standing behind its backslash. */
static int read_escape(struct reader *reader, struct parity_buffer *buffer)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *found;
    char utf8[4];
    unsigned code;

    if (reader->at < reader->end && *reader->at == 'u') {
        if (read_unicode_escape(reader, &code) < 0)
            return -1;
        parity_buffer_add(buffer, utf8, parity_utf8_encode(code, utf8));
        return 0;
    }
    found = reader->at < reader->end && *reader->at ? strchr(letters, *reader->at) : NULL;
    if (!found) {
        fail_expected(reader, "the letter of an escape (\" \\ / b f n r t u)");
        return -1;
    }
    parity_buffer_add_char(buffer, meanings[found - letters]);
    reader->at++;
    return 0;
}

/* Step over a character that stands for itself though it is not plain: DEL, or not ASCII. */
static int skip_character(struct reader *reader)
{
    unsigned code;
    size_t size = parity_utf8_decode(reader->at, (size_t)(reader->end - reader->at), &code);

    if (size == 0 || parity_utf8_is_surrogate(code)) {
        fail_parse(reader, "the text is not UTF-8");
        return -1;
    }
    reader->at += size;
    return 0;
}

/* Step over what stands for itself. */
static int skip_plain(struct reader *reader)
{
    for (;;) {
        reader->at += parity_json_plain_length(reader->at, (size_t)(reader->end - reader->at));
        if (reader->at == reader->end || *reader->at == '"' || *reader->at == '\\')
            return 0;
        if ((unsigned char)*reader->at < 0x20) {
            fail_parse(reader,
                       "a control character in a string must be escaped (\\n, \\t, \\u00…)");
            return -1;
        }
        if (skip_character(reader) < 0)
            return -1;
    }
}

/* The rest of a string behind its opening quote; the result lives until `buffer` is used again. */
static int read_string(struct reader *reader, struct parity_buffer *buffer, struct text *out)
{
    bool copied = false;

    parity_buffer_reset(buffer);
    for (;;) {
        const char *run = reader->at;
        size_t length;

        if (skip_plain(reader) < 0)
            return -1;
        if (reader->at == reader->end) {
            fail_expected(reader, "the closing quote of a string");
            return -1;
        }
        length = (size_t)(reader->at - run);
        if (*reader->at++ == '"') {
            if (copied)
                parity_buffer_add(buffer, run, length);
            *out =
                copied ? (struct text){buffer->data, buffer->length} : (struct text){run, length};
            break;
        }
        copied = true;
        parity_buffer_add(buffer, run, length);
        if (read_escape(reader, buffer) < 0)
            return -1;
    }
    if (buffer->failed) {
        fail_nomem(reader);
        return -1;
    }
    return 0;
}

/* Note the line at which the reader stands. */
static int note_line(struct reader *reader)
{
    struct parity_json_lines *lines = reader->lines;
    const char *found;

    while ((found = memchr(reader->counted, '\n', (size_t)(reader->at - reader->counted)))) {
        reader->counted = found + 1;
        reader->line++;
    }
    reader->counted = reader->at;
    if (parity_grow(&lines->items, &lines->capacity, lines->count + 1, sizeof *lines->items) < 0)
        return -1;
    lines->items[lines->count++] = reader->line;
    return 0;
}

/* Hang a value where it belongs. Steals it. */
static int attach(struct reader *reader, json_t *value)
{
    json_t *parent = reader->depth ? reader->stack[reader->depth - 1] : NULL;
    int rc = 0;

    if (!value || (reader->lines && note_line(reader) < 0)) {
        json_decref(value);
        rc = -1;
    } else if (reader->discard)
        json_decref(value);
    else if (!parent)
        reader->root = value;
    else if (json_is_array(parent))
        rc = json_array_append_new(parent, value);
    else
        rc =
            json_object_setn_new_nocheck(parent, reader->member.data, reader->member.length, value);
    if (rc < 0)
        fail_nomem(reader);
    return rc;
}

static enum next fail_repeated(struct reader *reader, const char *name_start)
{
    char message[160];

    reader->at = name_start;
    snprintf(message, sizeof message,
             "member '%.*s' is there twice: remove one, or merge the two by hand",
             (int)(reader->member.length < 80 ? reader->member.length : 80), reader->member.data);
    return fail_parse(reader, message);
}

static enum next read_member_name(struct reader *reader)
{
    const char *start;

    skip_blanks(reader);
    start = reader->at;
    if (reader->at == reader->end || *reader->at != '"')
        return fail_expected(reader, "the name of a member in double quotes");
    reader->at++;
    if (read_string(reader, &reader->member_text, &reader->member) < 0)
        return NEXT_ERROR;
    if (reader->unique && json_object_getn(reader->stack[reader->depth - 1], reader->member.data,
                                           reader->member.length))
        return fail_repeated(reader, start);
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != ':')
        return fail_expected(reader, "':'");
    reader->at++;
    return NEXT_VALUE;
}

static enum next after_value(struct reader *reader)
{
    while (reader->depth > 0) {
        bool is_array = json_is_array(reader->stack[reader->depth - 1]);

        skip_blanks(reader);
        if (reader->at < reader->end && *reader->at == ',') {
            reader->at++;
            return is_array ? NEXT_VALUE : read_member_name(reader);
        }
        if (reader->at == reader->end || *reader->at != (is_array ? ']' : '}'))
            return fail_expected(reader, is_array ? "',' or ']'" : "',' or '}'");
        reader->at++;
        reader->depth--;
        if (reader->discard)
            json_decref(reader->stack[reader->depth]);
    }
    skip_blanks(reader);
    return reader->at < reader->end ? fail_expected(reader, "nothing after the end of the document")
                                    : NEXT_END;
}

static enum next open_container(struct reader *reader, bool is_array)
{
    json_t *container;

    if (reader->depth == MAX_DEPTH) {
        fail_reading(reader, PARITY_E_LIMIT, "nested more than 2000 levels deep");
        return NEXT_ERROR;
    }
    if (parity_grow(&reader->stack, &reader->capacity, reader->depth + 1, sizeof *reader->stack) <
        0)
        return fail_nomem(reader);
    container = is_array ? json_array() : json_object();
    if (attach(reader, reader->discard ? json_incref(container) : container) < 0)
        return NEXT_ERROR;
    reader->stack[reader->depth++] = container;
    reader->at++;
    skip_blanks(reader);
    if (reader->at < reader->end && *reader->at == (is_array ? ']' : '}'))
        return after_value(reader);
    return is_array ? NEXT_VALUE : read_member_name(reader);
}

/* The length of a word of Python's JSON at the reader's place, and its value; 0 if there is none.
 */
static size_t read_word(const struct reader *reader, json_t **out)
{
    static const char *const words[] = {"null", "true", "false", "NaN", "Infinity", "-Infinity"};
    size_t left = (size_t)(reader->end - reader->at);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);

        if (left < length || memcmp(reader->at, words[i], length) != 0)
            continue;
        *out = i == 0   ? json_null()
               : i == 1 ? json_true()
               : i == 2 ? json_false()
                        : parity_json_number(words[i], length);
        return length;
    }
    return 0;
}

static enum next read_scalar(struct reader *reader)
{
    size_t left = (size_t)(reader->end - reader->at), length;
    json_t *value = NULL;
    bool is_real;

    length = parity_number_scan(reader->at, left, &is_real);
    if (length)
        value = parity_json_number(reader->at, length);
    else
        length = read_word(reader, &value);
    if (length == 0)
        return fail_expected(reader, "a value");
    if (length < left && strchr("0123456789.eE+-", reader->at[length]) && reader->at[length]) {
        json_decref(value);
        return fail_parse(reader, "no number of JSON: 01, 1., 1e and the like are none");
    }
    if (attach(reader, value) < 0)
        return NEXT_ERROR;
    reader->at += length;
    return after_value(reader);
}

static enum next read_value(struct reader *reader)
{
    struct text text;

    skip_blanks(reader);
    if (reader->at == reader->end)
        return fail_expected(reader, "a value");
    if (*reader->at == '{' || *reader->at == '[')
        return open_container(reader, *reader->at == '[');
    if (*reader->at != '"')
        return read_scalar(reader);
    reader->at++;
    if (read_string(reader, &reader->content, &text) < 0)
        return NEXT_ERROR;
    if (!reader->discard &&
        attach(reader, parity_shared_string(&reader->shared, text.data, text.length)) < 0)
        return NEXT_ERROR;
    return after_value(reader);
}

static bool begins_with(const struct reader *reader, const char *bytes, size_t length)
{
    return (size_t)(reader->end - reader->start) >= length &&
           memcmp(reader->start, bytes, length) == 0;
}

static enum next check_start(struct reader *reader)
{
    if (begins_with(reader, "\xEF\xBB\xBF", 3))
        return fail_parse(reader, "begins with a byte order mark: save it as UTF-8 without one");
    if (begins_with(reader, "\xFF\xFE", 2) || begins_with(reader, "\xFE\xFF", 2))
        return fail_parse(reader, "is UTF-16: save it as UTF-8");
    skip_blanks(reader);
    return reader->at == reader->end ? fail_parse(reader, "is empty where JSON is expected")
                                     : NEXT_VALUE;
}

static int parse(struct reader reader, const char *text, size_t length, json_t **out)
{
    enum next next;

    *out = NULL;
    reader.start = reader.at = length ? text : ""; /* an empty buffer has no data */
    reader.end = reader.start + length;
    reader.counted = reader.start;
    reader.line = 1;
    if (reader.sharing && length >= LARGE)
        parity_shared_strings_begin(&reader.shared);
    next = check_start(&reader);
    while (next == NEXT_VALUE)
        next = read_value(&reader);
    if (next == NEXT_END)
        *out = reader.root;
    else
        json_decref(reader.root);
    while (reader.discard && reader.depth > 0)
        json_decref(reader.stack[--reader.depth]);
    parity_free(reader.stack);
    parity_buffer_clear(&reader.member_text);
    parity_buffer_clear(&reader.content);
    parity_shared_strings_clear(&reader.shared);
    return next == NEXT_END ? 0 : -1;
}

int parity_json_parse(const char *text, size_t length, const char *name, json_t **out,
                      struct parity_error *err)
{
    return parse((struct reader){.name = name, .err = err}, text, length, out);
}

int parity_json_parse_sharing(const char *text, size_t length, const char *name, json_t **out,
                              struct parity_error *err)
{
    return parse((struct reader){.name = name, .err = err, .sharing = true}, text, length, out);
}

int parity_json_check(const char *text, size_t length, struct parity_error *err)
{
    json_t *nothing;

    return parse((struct reader){.err = err, .discard = true}, text, length, &nothing);
}

int parity_json_parse_lines(const char *text, size_t length, const char *name, json_t **out,
                            struct parity_json_lines *lines, struct parity_error *err)
{
    return parse((struct reader){.name = name, .err = err, .lines = lines, .unique = true}, text,
                 length, out);
}

int parity_json_parse_unique(const char *text, size_t length, const char *name, json_t **out,
                             struct parity_error *err)
{
    return parse((struct reader){.name = name, .err = err, .unique = true}, text, length, out);
}

int parity_json_read_file(const char *path, json_t **out, struct parity_error *err)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    struct parity_buffer text = {0};
    int rc = -1;

    *out = NULL;
    if (parity_file_read(path, 0, &text, err) == 0)
        rc = parity_json_parse_sharing(text.data, text.length, name, out, err);
    parity_buffer_clear(&text);
    return rc;
}
