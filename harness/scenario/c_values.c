/* SPDX-License-Identifier: Apache-2.0 */
/* Values and texts of a scenario as expressions of C: JSON templates, and what is put into them. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "scenario/c_body.h"
#include "scenario/c_text.h"
#include "scenario/resolve.h"

enum { LONGEST_INLINE = 500 }; /* longer texts get a variable */

/* The text of a buffer as words; the buffer is cleared. */
static json_t *take_words(struct parity_buffer *text)
{
    json_t *words = text->failed ? NULL : parity_c_words(text->data ? text->data : "");

    parity_buffer_clear(text);
    return words;
}

static json_t *call_in_test(const char *function)
{
    return parity_c_add(parity_c_call(function), parity_c_words("t"));
}

json_t *parity_c_literal(const char *text)
{
    struct parity_buffer escaped = {0};

    parity_c_escape(&escaped, text, strlen(text), false);
    return parity_c_add(parity_c_lines(), take_words(&escaped));
}

/* --- variables ---------------------------------------------------------------------------------
 */

const char *parity_c_variable(const struct parity_c_body *body, const char *key)
{
    return json_string_value(json_object_get(body->variables, key));
}

const char *parity_c_declare(struct parity_c_body *body, const char *key, const char *name,
                             const char *type, json_t *expression)
{
    struct parity_buffer wanted = {0};
    json_t *item = NULL, *list = strncmp(type, "static", 6) == 0 ? body->statics : body->items;
    const char *taken = NULL;

    parity_c_add_name(&wanted, name);
    if (!wanted.failed && expression)
        taken = parity_c_take_name(body->names, wanted.data);
    if (taken)
        item = json_pack("{s:s, s:s, s:O}", "type", type, "name", taken, "expression", expression);
    if (!item || json_array_append_new(list, item) < 0 ||
        (key && json_object_set_new_nocheck(body->variables, key, json_string(taken)) < 0)) {
        body->failed = true;
        taken = NULL;
    }
    parity_buffer_clear(&wanted);
    json_decref(expression);
    return taken;
}

const char *parity_c_declare_constant(struct parity_c_body *body, const char *key, const char *name,
                                      const char *type, json_t *expression)
{
    size_t last = json_array_size(body->items);
    const char *variable = parity_c_declare(body, key, name, type, expression);
    json_t *item = variable ? json_array_get(body->items, last) : NULL;

    if (!item || last == body->constants) {
        body->constants += item != NULL;
        return variable;
    }
    json_incref(item);
    if (json_array_remove(body->items, last) < 0 ||
        json_array_insert_new(body->items, body->constants, item) < 0)
        body->failed = true;
    body->constants++;
    return variable;
}

/* --- references --------------------------------------------------------------------------------
 */

static void count(struct parity_c_body *body, const char *name, size_t length)
{
    json_int_t before = json_integer_value(json_object_getn(body->uses, name, length));

    if (json_object_setn_new_nocheck(body->uses, name, length, json_integer(before + 1)) < 0)
        body->failed = true;
}

static void count_in_text(struct parity_c_body *body, const char *text, size_t length)
{
    const json_t *let = json_object_get(body->checking.scenario->test, "let");
    struct parity_reference_reader reader = {text, text + length};
    struct parity_reference reference;
    const char *head = reference.head;

    while (parity_reference_find(&reader, &reference)) {
        if (reference.kind != PARITY_REFERENCE_NAME)
            continue;
        if (!json_object_get(body->uses, head))
            parity_c_count_uses(body, json_object_get(let, head));
        count(body, head, strlen(head));
        if (reference.path)
            count(body, reference.text, reference.length);
    }
}

void parity_c_count_uses(struct parity_c_body *body, const json_t *value)
{
    json_t *item, *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */
    size_t i;

    if (json_is_string(value))
        count_in_text(body, json_string_value(value), json_string_length(value));
    json_array_foreach(value, i, item)
        parity_c_count_uses(body, item);
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        count_in_text(body, json_object_iter_key(m), json_object_iter_key_len(m));
        parity_c_count_uses(body, json_object_iter_value(m));
    }
}

/* A name for what stands at the end of a reference's path: its last member, with the reference's
 * own name in front when it says little alone. */
static void name_reference(const struct parity_reference *reference, struct parity_buffer *out)
{
    struct parity_buffer last = {0}, head = {0};
    const char *at = reference->path;
    char part[256], member[256] = "";

    while (parity_reference_part(reference, &at, part, sizeof part))
        if (part[0] < '0' || part[0] > '9')
            memcpy(member, part, sizeof part);
    parity_c_add_name(&head, reference->head);
    parity_c_add_name(&last, member[0] ? member : "item");
    if (!head.failed && !last.failed)
        parity_buffer_printf(out, "%s%s%s", strchr(last.data, '_') ? "" : head.data,
                             strchr(last.data, '_') ? "" : "_", last.data);
    out->failed |= head.failed || last.failed;
    parity_buffer_clear(&last);
    parity_buffer_clear(&head);
}

/* A look into an answer: text(t, queue, "$.QueueUrl"). */
static json_t *look(struct parity_c_body *body, const struct parity_reference *reference,
                    const char *path, bool as_text)
{
    const char *variable = parity_c_variable(body, reference->head);
    json_t *expression = call_in_test(as_text ? "text" : "get");

    expression = parity_c_add(expression, parity_c_words(variable));
    return parity_c_add(expression, parity_c_literal(path));
}

/* What is looked up more than once is kept in a variable. */
static const char *kept(struct parity_c_body *body, const struct parity_reference *reference,
                        const char *path, bool as_text)
{
    char key[600];
    struct parity_buffer name = {0};
    const char *variable;
    bool is_repeated =
        json_integer_value(json_object_getn(body->uses, reference->text, reference->length)) > 1;

    snprintf(key, sizeof key, "${%.*s}", (int)reference->length, reference->text);
    variable = parity_c_variable(body, key);
    if (variable || !is_repeated)
        return variable;
    name_reference(reference, &name);
    if (name.failed)
        body->failed = true;
    else
        variable = parity_c_declare(body, key, name.data, as_text ? "const char *" : "json_t *",
                                    look(body, reference, path, as_text));
    parity_buffer_clear(&name);
    return variable;
}

static json_t *target_expression(const struct parity_reference *reference)
{
    json_t *unique;

    if (reference->kind == PARITY_REFERENCE_UNIQUE) {
        unique = call_in_test("unique_name");
        return parity_c_add(unique, parity_c_literal(reference->head));
    }
    return call_in_test(strcmp(reference->head, "account") == 0 ? "account_id" : reference->head);
}

/* The value of a reference in the type it has by itself. */
static json_t *natural(struct parity_c_body *body, const char *text, size_t length, bool *is_text)
{
    struct parity_reference reference;
    struct parity_buffer path = {0};
    const char *variable = NULL;
    json_t *expression = NULL;

    parity_reference_read(text, length, &reference);
    *is_text = parity_c_look(&body->checking, &reference, &path);
    if (path.failed)
        body->failed = true;
    else if (reference.kind != PARITY_REFERENCE_NAME)
        expression = target_expression(&reference);
    else {
        variable = reference.path ? kept(body, &reference, path.data, *is_text)
                                  : parity_c_variable(body, reference.head);
        expression = variable || !reference.path ? parity_c_words(variable)
                                                 : look(body, &reference, path.data, *is_text);
    }
    parity_buffer_clear(&path);
    return expression;
}

/* text(t, json(t, "'%j'", value), "$"): whatever it is, as it is inside a text. */
static json_t *text_of_value(json_t *expression)
{
    json_t *json = parity_c_add(call_in_test("json"), parity_c_literal("'%j'"));
    json_t *text = parity_c_add(call_in_test("text"), parity_c_add(json, expression));

    return parity_c_add(text, parity_c_literal("$"));
}

static json_t *text_of_reference(struct parity_c_body *body, const char *text, size_t length)
{
    bool is_text;
    json_t *expression = natural(body, text, length, &is_text);

    return is_text ? expression : text_of_value(expression);
}

static json_t *value_of_reference(struct parity_c_body *body, const char *text, size_t length)
{
    bool is_text;
    json_t *expression = natural(body, text, length, &is_text);

    if (!is_text)
        return expression;
    if (parity_c_is_call(expression, "text")) {
        json_array_set_new(expression, 1, json_string("get"));
        return expression;
    }
    return parity_c_add(parity_c_add(call_in_test("json"), parity_c_literal("%s")), expression);
}

/* --- texts -------------------------------------------------------------------------------------
 */

/* A literal that is being made line by line, and the arguments for its conversions. */
struct text_making {
    struct parity_c_body *body;
    struct parity_buffer line;
    json_t *lines, *arguments;
    bool is_format;
};

/* Lines of the text are lines of the literal. */
static void add_plain(struct text_making *making, const char *text, size_t length)
{
    while (length > 0) {
        const char *newline = memchr(text, '\n', length);
        size_t piece = newline ? (size_t)(newline - text) + 1 : length;

        parity_c_escape(&making->line, text, piece, making->is_format);
        text += piece;
        length -= piece;
        if (newline)
            making->lines = parity_c_add(making->lines, take_words(&making->line));
    }
}

/* The literal for a text, and the arguments that it needs as a format; both new. */
static json_t *make_text(struct parity_c_body *body, const char *text, size_t length,
                         bool is_format, json_t *arguments)
{
    struct text_making making = {
        .body = body, .lines = parity_c_lines(), .arguments = arguments, .is_format = is_format};
    struct parity_reference_reader reader = {text, text + length};
    enum parity_reference_piece piece;

    while ((piece = parity_reference_next(&reader, &text, &length)) != PARITY_PIECE_END) {
        if (piece != PARITY_PIECE_REFERENCE) {
            add_plain(&making, text, length);
            continue;
        }
        parity_buffer_add_text(&making.line, "%s");
        if (!parity_c_add(json_incref(arguments), text_of_reference(body, text, length)))
            body->failed = true;
        else
            json_decref(arguments);
    }
    if (making.line.length || json_array_size(making.lines) == 1)
        making.lines = parity_c_add(making.lines, take_words(&making.line));
    return making.lines;
}

static bool has_references(const char *text, size_t length)
{
    struct parity_reference_reader reader = {text, text + length};
    struct parity_reference reference;

    return parity_reference_find(&reader, &reference);
}

/* Whether a text is better off in a variable: it has lines, or is long. */
static bool is_kept_text(const char *text, size_t length)
{
    const char *newline = memchr(text, '\n', length);

    return strlen(text) == length && parity_utf8_is_valid(text, length) &&
           ((newline && newline[1]) || length > LONGEST_INLINE);
}

/* A variable for a text with its references, if any, inserted. */
static json_t *kept_text(struct parity_c_body *body, const json_t *text, const char *hint)
{
    const char *value = json_string_value(text), *variable;
    size_t length = json_string_length(text);
    bool is_format = has_references(value, length);
    struct parity_buffer key = {0};
    json_t *format = call_in_test("format"), *lines;

    parity_buffer_printf(&key, "text:%s", value);
    variable = key.failed ? NULL : parity_c_variable(body, key.data);
    if (!variable && !key.failed) {
        lines = make_text(body, value, length, is_format, format);
        if (is_format) { /* the arguments stand in the call already */
            if (!lines || json_array_insert_new(format, 3, lines) < 0)
                body->failed = true;
            variable = parity_c_declare(body, strstr(value, "${unique:") ? NULL : key.data, hint,
                                        "const char *", json_incref(format));
        } else {
            variable = parity_c_declare(body, key.data, hint, "static const char", lines);
        }
    }
    parity_buffer_clear(&key);
    json_decref(format);
    return parity_c_words(variable);
}

json_t *parity_c_text(struct parity_c_body *body, const json_t *text, const char *hint)
{
    const char *value = json_string_value(text);
    size_t length = json_string_length(text);
    json_t *format, *lines;

    if (parity_reference_is_whole(value, length))
        return text_of_reference(body, value + 2, length - 3);
    if (is_kept_text(value, length))
        return kept_text(body, text, hint);
    if (!has_references(value, length))
        return make_text(body, value, length, false, NULL);
    format = call_in_test("format");
    lines = make_text(body, value, length, true, format);
    if (!lines || json_array_insert_new(format, 3, lines) < 0)
        body->failed = true;
    return format;
}

/* --- templates ---------------------------------------------------------------------------------
 */

/* A template that is being made, and the arguments for its conversions. */
struct making {
    struct parity_c_body *body;
    json_t *arguments; /* array of expressions */
    const char *hint;  /* what the value is called */
};

static void add_argument(struct making *making, json_t *expression)
{
    if (!expression || json_array_append_new(making->arguments, expression) < 0)
        making->body->failed = true;
}

/* The conversion for a reference; its argument is added. */
static const char *convert(struct making *making, const char *text, size_t length)
{
    bool is_text;

    add_argument(making, natural(making->body, text, length, &is_text));
    return is_text ? "%s" : "%j";
}

static void quote(struct making *making, const char *text, size_t length, struct parity_buffer *out)
{
    struct parity_reference_reader reader = {text, text + length};
    char delimiter = parity_c_quote_for(text, length);
    const char *escaped = delimiter == '"' ? "\\\"" : "'";
    enum parity_reference_piece piece;

    parity_buffer_add_text(out, escaped);
    while ((piece = parity_reference_next(&reader, &text, &length)) != PARITY_PIECE_END)
        if (piece == PARITY_PIECE_REFERENCE)
            parity_buffer_add_text(out, convert(making, text, length));
        else
            parity_c_escape_template(out, text, length, delimiter);
    parity_buffer_add_text(out, escaped);
}

/* Whether all references in a text are certainly texts. */
static bool has_only_texts(const struct parity_c_body *body, const char *text, size_t length)
{
    struct parity_reference_reader reader = {text, text + length};
    struct parity_reference reference;
    bool is_text = true;

    while (is_text && parity_reference_find(&reader, &reference)) {
        struct parity_buffer path = {0};

        is_text = parity_c_look(&body->checking, &reference, &path);
        parity_buffer_clear(&path);
    }
    return is_text;
}

/* The JSON that a text is, if parity writes it the same way; new. What references in it stand for
 * must be texts, since names and ARNs are the same in JSON. */
static json_t *parse_text(const struct parity_c_body *body, const char *text, size_t length)
{
    struct parity_buffer again = {0};
    json_t *value = NULL;
    bool is_same;

    if (length < 3 || (text[0] != '{' && text[0] != '[') ||
        parity_json_parse(text, length, NULL, &value, NULL) < 0)
        return NULL;
    parity_json_write(&again, value, PARITY_JSON_LINE);
    is_same = !again.failed && again.length == length && memcmp(again.data, text, length) == 0 &&
              has_only_texts(body, text, length);
    parity_buffer_clear(&again);
    if (!is_same)
        json_decref(value);
    return is_same ? value : NULL;
}

/* "%J" and a variable for the JSON in a text. */
static json_t *json_text_node(struct making *making, const char *text, const json_t *value)
{
    struct parity_c_body *body = making->body;
    struct parity_buffer key = {0};
    const char *variable, *kept_as;
    const struct parity_scenario_values let = {
        .let = json_object_get(body->checking.scenario->test, "let")};

    parity_buffer_printf(&key, "json:%s", text);
    if (key.failed) {
        body->failed = true;
        return NULL;
    }
    kept_as = strstr(text, "${unique:") ? NULL : key.data;
    variable = parity_c_variable(body, key.data);
    if (!variable)
        variable = (parity_scenario_is_resolvable(&let, value)
                        ? parity_c_declare_constant
                        : parity_c_declare)(body, kept_as, making->hint ? making->hint : "document",
                                            "json_t *", parity_c_value(body, value));
    parity_buffer_clear(&key);
    add_argument(making, parity_c_words(variable));
    return parity_c_words("%J");
}

static json_t *text_node(struct making *making, const json_t *value)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    struct parity_buffer out = {0};
    json_t *parsed, *node;

    if (parity_reference_is_whole(text, length))
        return parity_c_words(convert(making, text + 2, length - 3));
    parsed = parse_text(making->body, text, length);
    if (parsed) {
        node = json_text_node(making, text, parsed);
        json_decref(parsed);
        return node;
    }
    if (is_kept_text(text, length)) {
        add_argument(making, kept_text(making->body, value, making->hint ? making->hint : "text"));
        return parity_c_words("%s");
    }
    quote(making, text, length, &out);
    return take_words(&out);
}

static json_t *name_node(struct making *making, const char *name, size_t length)
{
    struct parity_buffer out = {0};

    if (parity_reference_is_whole(name, length))
        parity_buffer_add_text(&out, convert(making, name + 2, length - 3));
    else
        quote(making, name, length, &out);
    parity_buffer_add_text(&out, ": ");
    return take_words(&out);
}

static json_t *make_node(struct making *making, const json_t *value);

static json_t *object_node(struct making *making, const json_t *value)
{
    json_t *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */
    json_t *node = parity_c_container(false);
    const char *hint = making->hint;

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        const char *name = json_object_iter_key(m);

        node = parity_c_add(node, name_node(making, name, json_object_iter_key_len(m)));
        making->hint = name[0] == '$' ? hint : name;
        node = parity_c_add(node, make_node(making, json_object_iter_value(m)));
    }
    making->hint = hint;
    return node;
}

static json_t *array_node(struct making *making, const json_t *value)
{
    json_t *node = parity_c_container(true);

    for (size_t i = 0; i < json_array_size(value); i++) {
        node = parity_c_add(node, parity_c_words(""));
        node = parity_c_add(node, make_node(making, json_array_get(value, i)));
    }
    return node;
}

static json_t *make_node(struct making *making, const json_t *value)
{
    enum parity_json_kind kind = parity_json_kind(value);
    struct parity_buffer out = {0};

    if (kind == PARITY_JSON_STRING)
        return text_node(making, value);
    if (kind == PARITY_JSON_ARRAY)
        return array_node(making, value);
    if (json_is_object(value) && kind != PARITY_JSON_INTEGER && kind != PARITY_JSON_REAL)
        return object_node(making, value);
    parity_json_write(&out, value, PARITY_JSON_LINE);
    return take_words(&out);
}

json_t *parity_c_add_template(struct parity_c_body *body, json_t *expression, const json_t *value)
{
    struct making making = {.body = body, .arguments = json_array()};
    json_t *argument;
    size_t i;

    expression = parity_c_add(expression, parity_c_template(make_node(&making, value)));
    json_array_foreach(making.arguments, i, argument)
        expression = parity_c_add(expression, json_incref(argument));
    json_decref(making.arguments);
    return expression;
}

json_t *parity_c_value(struct parity_c_body *body, const json_t *value)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);

    if (text && parity_reference_is_whole(text, length))
        return value_of_reference(body, text + 2, length - 3);
    return parity_c_add_template(body, call_in_test("json"), value);
}

/* --- let ---------------------------------------------------------------------------------------
 */

/* What a value needs comes first. */
static void declare_needed(struct parity_c_body *body, const json_t *value);

static void declare_in_text(struct parity_c_body *body, const char *text, size_t length)
{
    struct parity_reference_reader reader = {text, text + length};
    struct parity_reference reference;

    while (parity_reference_find(&reader, &reference))
        if (reference.kind == PARITY_REFERENCE_NAME)
            parity_c_declare_let(body, reference.head);
}

static void declare_needed(struct parity_c_body *body, const json_t *value)
{
    json_t *item, *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */
    size_t i;

    if (json_is_string(value))
        declare_in_text(body, json_string_value(value), json_string_length(value));
    json_array_foreach(value, i, item)
        declare_needed(body, item);
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        declare_in_text(body, json_object_iter_key(m), json_object_iter_key_len(m));
        declare_needed(body, json_object_iter_value(m));
    }
}

void parity_c_declare_let(struct parity_c_body *body, const char *name)
{
    const json_t *let = json_object_get(body->checking.scenario->test, "let");
    const json_t *value = json_object_get(let, name);
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    struct parity_reference self = {.kind = PARITY_REFERENCE_NAME, .text = name};
    struct parity_buffer path = {0};
    bool is_text;

    if (!value || parity_c_variable(body, name))
        return;
    declare_needed(body, value);
    snprintf(self.head, sizeof self.head, "%s", name);
    is_text = parity_c_look(&body->checking, &self, &path);
    parity_buffer_clear(&path);
    if (!is_text)
        parity_c_declare(body, name, name, "json_t *", parity_c_value(body, value));
    else if (has_references(text, length))
        parity_c_declare(body, name, name, "const char *", parity_c_text(body, value, name));
    else
        parity_c_declare(body, name, name, "static const char",
                         make_text(body, text, length, false, NULL));
}
