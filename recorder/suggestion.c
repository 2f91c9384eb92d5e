/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/suggestion.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

/* "MessageId" as "message-id", "QueueARNs" as "queue-arns": how replacements are called. New. */
static char *replacement_of(const char *name)
{
    struct parity_buffer text = {0};

    for (size_t i = 0; name[i]; i++) {
        bool upper = isupper((unsigned char)name[i]) != 0;
        bool after_lower = i > 0 && islower((unsigned char)name[i - 1]);
        bool before_lower = i > 0 && isupper((unsigned char)name[i - 1]) &&
                            islower((unsigned char)name[i + 1]) && name[i + 2];

        if (!isalnum((unsigned char)name[i])) {
            if (text.length > 0 && text.data[text.length - 1] != '-')
                parity_buffer_add_char(&text, '-');
            continue;
        }
        if (upper && (after_lower || before_lower))
            parity_buffer_add_char(&text, '-');
        parity_buffer_add_char(&text, (char)tolower((unsigned char)name[i]));
    }
    while (text.length > 0 && text.data[text.length - 1] == '-')
        text.data[--text.length] = '\0';
    if (text.length == 0)
        parity_buffer_add_text(&text, "value");
    return parity_buffer_take(&text);
}

/* "2024-01-15T12:00:00…" and "2024-01-15 12:00:00…". */
static bool is_date(const json_t *value)
{
    static const char form[] = "dddd-dd-dd?dd:dd:dd";
    const char *text = json_string_value(value);

    if (parity_json_kind(value) == PARITY_JSON_DATETIME)
        return true;
    for (size_t i = 0; text && form[i]; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)text[i])
                           : form[i] != '?' && text[i] != form[i])
            return false;
    return text != NULL;
}

/* A difference, with what suggestions are made of. */
struct view {
    const json_t *recorded, *observed;
    const char *match_key;
    const char *member; /* the last name in the path; NULL: the match value itself */
    bool in_list;       /* the path ends in a position */
    bool moved;         /* an item that only one of the lists has */
};

static struct view look_at(const json_t *difference)
{
    const json_t *path = json_object_get(difference, "path");
    struct view view = {
        .recorded = json_object_get(difference, "recorded"),
        .observed = json_object_get(difference, "observed"),
        .match_key = json_string_value(json_object_get(difference, "key")),
    };
    size_t count = json_array_size(path);

    view.in_list = count > 0 && json_is_integer(json_array_get(path, count - 1));
    while (count > 0 && !view.member)
        view.member = json_string_value(json_array_get(path, --count));
    view.moved = view.in_list && (!view.recorded || !view.observed);
    return view;
}

static bool is_name(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            return false;
    return text[0] && !isdigit((unsigned char)text[0]);
}

/* The items of a list, wherever it stands; a match value from the root. New. */
static char *path_of(const struct view *view)
{
    const char *name = view->member ? view->member : view->match_key;
    const char *items = view->in_list ? "[*]" : "";
    struct parity_buffer quoted = {0};

    if (is_name(name))
        parity_buffer_printf(&quoted, "%s%s%s", view->member ? "$.." : "$.", name, items);
    else if (!strpbrk(name, "'\\"))
        parity_buffer_printf(&quoted, "%s['%s']%s", view->member ? "$.." : "$", name, items);
    return parity_buffer_take(&quoted);
}

/* New; NULL: none, or out of memory. */
static json_t *suggest(const struct view *view)
{
    const char *name = view->member ? view->member : view->match_key;
    bool text = json_is_string(view->recorded) && json_is_string(view->observed);
    bool date = is_date(view->recorded) && is_date(view->observed);
    json_t *suggestion = NULL;
    char *replacement, *path = NULL;

    if (view->moved && view->member)
        return json_pack("{s:s, s:s}", "type", "sorting", "key", view->member);
    if (!view->recorded || !view->observed || !name)
        return NULL;
    replacement = replacement_of(date ? "date" : name);
    if (replacement && view->member && !view->in_list) {
        /* Equal dates are no reference to each other: they may differ the next time. */
        suggestion = json_pack("{s:s, s:s, s:s, s:b}", "type", "key_value", "key", view->member,
                               "replacement", replacement, "reference", (int)(text && !date));
    } else if (replacement) {
        path = path_of(view);
        if (path)
            suggestion = json_pack("{s:s, s:s, s:s, s:b}", "type", "jsonpath", "path", path,
                                   "replacement", replacement, "reference", (int)(text && !date));
    }
    if (suggestion && !(text && !date))
        /* What takes the place of a value is written as it is; numbered ones get brackets. */
        json_object_set_new(suggestion, "replacement", json_sprintf("<%s>", replacement));
    parity_free(path);
    parity_free(replacement);
    return suggestion;
}

static bool is_known(const json_t *suggestions, const json_t *suggestion)
{
    const json_t *known;
    size_t i;

    json_array_foreach(suggestions, i, known)
        if (json_equal(known, suggestion))
            return true;
    return false;
}

int parity_suggest_transformers(const json_t *differences, json_t *suggestions,
                                struct parity_error *err)
{
    const json_t *difference;
    int added = 0;
    size_t i;

    json_array_foreach(differences, i, difference) {
        struct view view = look_at(difference);
        json_t *suggestion = suggest(&view);

        if (suggestion && !is_known(suggestions, suggestion)) {
            if (json_array_append(suggestions, suggestion) < 0) {
                json_decref(suggestion);
                parity_fail_nomem(err);
                return -1;
            }
            added++;
        }
        json_decref(suggestion);
    }
    return added;
}

void parity_suggestion_text(struct parity_buffer *out, const json_t *suggestion)
{
    const char *type = json_string_value(json_object_get(suggestion, "type"));
    const char *replacement = json_string_value(json_object_get(suggestion, "replacement"));
    const char *key = json_string_value(json_object_get(suggestion, "key"));
    const char *path = json_string_value(json_object_get(suggestion, "path"));
    const char *what = key ? key : path ? path : "";

    parity_buffer_printf(out, "%s(", type ? type : "");
    parity_json_write_string(out, what, strlen(what));
    if (replacement) {
        parity_buffer_add_text(out, ", ");
        parity_json_write_string(out, replacement, strlen(replacement));
        if (json_is_false(json_object_get(suggestion, "reference")))
            parity_buffer_add_text(out, ", .direct = true");
    }
    parity_buffer_add_char(out, ')');
}
