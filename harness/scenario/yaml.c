/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/yaml.h"

#include <string.h>

#include "base/json_number.h"
#include "base/memory.h"
#include "base/utf8.h"

#ifdef PARITY_HAS_YAML

#include <libfyaml.h>

enum { MAX_DEPTH = 200 };

struct reading {
    const char *name;
    struct parity_json_lines *lines;
    struct parity_error *err;
    json_t *root;             /* owned; everything read so far hangs from it */
    json_t *stack[MAX_DEPTH]; /* the containers that are open, borrowed from root */
    size_t depth;
    char *key; /* owned: of the member that is being read; NULL: a name comes next */
    size_t key_length;
    int key_line;
    int line, column; /* of the event that is being taken */
};

/* A value that is empty has no mark of its own: it stands at its tag or anchor, else where the
 * event before it does, which is its name. */
static void note_position(struct reading *reading, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);

    if (!mark && event->type == FYET_SCALAR)
        mark = fy_token_start_mark(event->scalar.tag ? event->scalar.tag : event->scalar.anchor);
    if (mark) {
        reading->line = mark->line + 1;
        reading->column = mark->column + 1;
    }
}

static int fail_at(struct reading *reading, const char *message)
{
    parity_fail_at(reading->err, PARITY_E_PARSE, reading->name, reading->line, reading->column,
                   "%s", message);
    return -1;
}

static int fail_memory(struct reading *reading)
{
    parity_fail_nomem(reading->err);
    return -1;
}

static json_t *parent_of(const struct reading *reading)
{
    return reading->depth ? reading->stack[reading->depth - 1] : NULL;
}

/* Hang a value where it belongs, and note its line: of a member that of its name. Steals it. */
static int attach(struct reading *reading, json_t *value)
{
    struct parity_json_lines *lines = reading->lines;
    json_t *parent = parent_of(reading);
    int rc = 0;

    if (!value ||
        parity_grow(&lines->items, &lines->capacity, lines->count + 1, sizeof *lines->items) < 0) {
        json_decref(value);
        return fail_memory(reading);
    }
    lines->items[lines->count++] = reading->key ? reading->key_line : reading->line;
    if (!parent)
        reading->root = value;
    else if (json_is_array(parent))
        rc = json_array_append_new(parent, value);
    else
        rc = json_object_setn_new_nocheck(parent, reading->key, reading->key_length, value);
    parity_free(reading->key);
    reading->key = NULL;
    return rc < 0 ? fail_memory(reading) : 0;
}

static json_t *plain_value(const char *text, size_t length)
{
    bool is_real;

    if (length == 0 || (length == 4 && memcmp(text, "null", 4) == 0))
        return json_null();
    if (length == 4 && memcmp(text, "true", 4) == 0)
        return json_true();
    if (length == 5 && memcmp(text, "false", 5) == 0)
        return json_false();
    if (parity_number_scan(text, length, &is_real) == length)
        return parity_json_number(text, length);
    return json_stringn(text, length);
}

static int take_name(struct reading *reading, const char *text, size_t length, bool is_plain)
{
    if (is_plain && length == 2 && memcmp(text, "<<", 2) == 0)
        return fail_at(reading, "merge keys are not read; name values in 'let'");
    if (json_object_getn(parent_of(reading), text, length))
        return fail_at(reading, "this member stands here for the second time");
    reading->key = parity_strndup(text, length);
    reading->key_length = length;
    reading->key_line = reading->line;
    return reading->key ? 0 : fail_memory(reading);
}

static int take_scalar(struct reading *reading, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : "";
    bool is_plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;
    json_t *value;

    if (event->scalar.anchor || event->scalar.tag)
        return fail_at(reading, "anchors and tags are not read; name values in 'let'");
    if (!text)
        return fail_memory(reading);
    if (json_is_object(parent_of(reading)) && !reading->key)
        return take_name(reading, text, length, is_plain);
    value = is_plain ? plain_value(text, length) : json_stringn(text, length);
    return attach(reading, value);
}

static int open_container(struct reading *reading, struct fy_event *event, bool is_array)
{
    json_t *container;

    if (json_is_object(parent_of(reading)) && !reading->key)
        return fail_at(reading, "the name of a member must be a text");
    if ((is_array ? event->sequence_start.anchor : event->mapping_start.anchor) ||
        (is_array ? event->sequence_start.tag : event->mapping_start.tag))
        return fail_at(reading, "anchors and tags are not read; name values in 'let'");
    if (reading->depth == MAX_DEPTH)
        return fail_at(reading, "nested more than 200 levels deep");
    container = is_array ? json_array() : json_object();
    if (attach(reading, container) < 0)
        return -1;
    reading->stack[reading->depth++] = container;
    return 0;
}

static int take_event(struct reading *reading, struct fy_event *event)
{
    note_position(reading, event);
    switch (event->type) {
    case FYET_SCALAR:
        return take_scalar(reading, event);
    case FYET_MAPPING_START:
        return open_container(reading, event, false);
    case FYET_SEQUENCE_START:
        return open_container(reading, event, true);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        reading->depth--;
        return 0;
    case FYET_ALIAS:
        return fail_at(reading, "aliases are not read; name values in 'let'");
    case FYET_DOCUMENT_START:
        return reading->root ? fail_at(reading, "more than one document in the file") : 0;
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_END:
        break;
    }
    return 0;
}

/* What the parser has to say. */
static int fail_parser(struct reading *reading, struct fy_diag *diag)
{
    void *state = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &state);

    parity_fail_at(reading->err, PARITY_E_PARSE, reading->name, error ? error->line : 0,
                   error ? error->column : 0, "%s", error && error->msg ? error->msg : "no YAML");
    return -1;
}

static int read_events(struct reading *reading, struct fy_parser *parser, struct fy_diag *diag)
{
    struct fy_event *event;
    int rc = 0;

    while (rc == 0 && (event = fy_parser_parse(parser))) {
        rc = take_event(reading, event);
        fy_parser_event_free(parser, event);
    }
    if (rc == 0 && fy_parser_get_stream_error(parser))
        rc = fail_parser(reading, diag);
    if (rc == 0 && !reading->root) {
        parity_fail(reading->err, PARITY_E_PARSE, reading->name, "is empty where YAML is expected");
        rc = -1;
    }
    return rc;
}

/* libfyaml ends a document without a word where a character is none of YAML's. */
static int check_characters(const char *text, size_t length, const char *name,
                            struct parity_error *err)
{
    size_t line_start = 0;
    int line = 1;

    for (size_t at = 0; at < length;) {
        unsigned c = 0;
        size_t size = parity_utf8_decode(text + at, length - at, &c);

        if (size == 0 || parity_utf8_is_surrogate(c) ||
            (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) {
            parity_fail_at(err, PARITY_E_PARSE, name, line, (int)(at - line_start) + 1,
                           size == 0 ? "the byte 0x%02x is not UTF-8"
                                     : "the character 0x%02x cannot stand in YAML; write it as an "
                                       "escape in double quotes",
                           size == 0 ? (unsigned)(unsigned char)text[at] : c);
            return -1;
        }
        at += size;
        if (c == '\n') {
            line++;
            line_start = at;
        }
    }
    return 0;
}

int parity_yaml_parse(const char *text, size_t length, const char *name, json_t **out,
                      struct parity_json_lines *lines, struct parity_error *err)
{
    const struct fy_diag_cfg quiet = {.level = FYET_ERROR, .module_mask = ~0U};
    struct reading reading = {.name = name, .lines = lines, .err = err};
    struct fy_diag *diag = fy_diag_create(&quiet);
    const struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG |
                                                 FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
                                        .diag = diag};
    struct fy_parser *parser = NULL;
    int rc = -1;

    *out = NULL;
    if (check_characters(text, length, name, err) < 0)
        goto out;
    if (diag) {
        fy_diag_set_collect_errors(diag, true);
        parser = fy_parser_create(&config);
    }
    if (!parser || fy_parser_set_string(parser, length ? text : "", length) != 0)
        parity_fail_nomem(err);
    else
        rc = read_events(&reading, parser, diag);
out:
    if (parser)
        fy_parser_destroy(parser);
    if (diag)
        fy_diag_destroy(diag);
    parity_free(reading.key);
    if (rc < 0)
        json_decref(reading.root);
    else
        *out = reading.root;
    return rc;
}

#else

int parity_yaml_parse(const char *text, size_t length, const char *name, json_t **out,
                      struct parity_json_lines *lines, struct parity_error *err)
{
    (void)text;
    (void)length;
    (void)lines;
    *out = NULL;
    parity_fail(err, PARITY_E_ENVIRONMENT, name,
                "this parity was built without YAML; install libfyaml's development package and "
                "build it again, or write JSON");
    return -1;
}

#endif
