/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/suggestion.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "recorder/name_pattern.h"

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

/* Whether `text` begins as `form` says: 'd' is a digit, '?' anything. */
static bool begins_as(const char *text, const char *form)
{
    for (size_t i = 0; form[i]; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)text[i])
                           : !text[i] || (form[i] != '?' && text[i] != form[i]))
            return false;
    return true;
}

/* "2024-01-15T12:00:00…", "Mon, 15 Jan 2024 12:00:00 …", and 1705320000(.123) or 1705320000123. */
static bool is_date_text(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    bool epoch = text[0] == '1' && (digits == 10 || digits == 13);

    if (epoch && text[digits] == '.')
        digits += 1 + strspn(text + digits + 1, "0123456789");
    return begins_as(text, "dddd-dd-dd?dd:dd:dd") || begins_as(text, "???, dd ??? dddd dd:dd:dd") ||
           (epoch && text[digits] == '\0');
}

static bool is_date(const json_t *value)
{
    const char *text = json_string_value(value);

    return parity_json_kind(value) == PARITY_JSON_DATETIME || (text && is_date_text(text));
}

/* "ACTIVE", "Pending", "true": states rather than names, and part of many other texts. */
static bool is_word(const char *text, size_t length)
{
    enum { LONGEST = 20 };
    size_t upper = 0, lower = 0;

    for (size_t i = 0; i < length; i++) {
        upper += isupper((unsigned char)text[i]) != 0;
        lower += islower((unsigned char)text[i]) != 0;
    }
    return length < LONGEST && upper + lower == length &&
           (lower == 0 || upper == 0 || (upper == 1 && isupper((unsigned char)text[0])));
}

/* What stands in JSON as it is: anything else is never found as a reference. */
static bool is_plain(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < 0x20 || text[i] > 0x7E || text[i] == '\\')
            return false;
    return true;
}

/* Fit to be replaced wherever it occurs: what is short or a mere number occurs by chance. */
static bool is_identifier(const json_t *value)
{
    enum { SHORTEST = 4, SHORTEST_NUMBER = 8 };
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);

    return length >= SHORTEST && is_plain(text, length) && !is_word(text, length) &&
           (length >= SHORTEST_NUMBER || strspn(text, "0123456789.") < length);
}

/* A difference, with what suggestions are made of. */
struct view {
    const json_t *recorded, *observed; /* NULL: there is none on this side */
    const json_t *path;
    const char *match_key;
    const char *member; /* the last name in the path; NULL: the match value itself */
    const char *text;   /* the name under which JSON stands in a text that the path enters; NULL */
    bool in_list;       /* the path ends in a position */
};

/* The last name before step `end`. */
static const char *last_name(const json_t *path, size_t end)
{
    const char *name = NULL;

    while (end > 0 && !name)
        name = json_string_value(json_array_get(path, --end));
    return name;
}

static struct view look_at(const json_t *difference)
{
    const json_t *path = json_object_get(difference, "path");
    const json_t *text_at = json_array_get(json_object_get(difference, "text_at"), 0);
    struct view view = {
        .recorded = json_object_get(difference, "recorded"),
        .observed = json_object_get(difference, "observed"),
        .path = path,
        .match_key = json_string_value(json_object_get(difference, "key")),
        .member = last_name(path, json_array_size(path)),
    };

    view.in_list = json_is_integer(json_array_get(path, json_array_size(path) - 1));
    if (text_at)
        view.text = last_name(path, (size_t)json_integer_value(text_at));
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

/* The member of an item to sort by: one that tells items apart, if names can be trusted. */
static const char *sort_member(const json_t *item)
{
    static const char *const tellers[] = {"Name", "name", "Key", "key", "Id", "id", "Arn", "arn"};
    json_t *mutable = (json_t *)(uintptr_t)item; /* iterators take no const */
    const char *first = NULL, *name;
    json_t *value;

    json_object_foreach(mutable, name, value) {
        size_t length = strlen(name);

        if (!json_is_string(value))
            continue;
        for (size_t i = 0; i < sizeof tellers / sizeof *tellers; i++) {
            size_t tail = strlen(tellers[i]);

            if (length >= tail && strcmp(name + length - tail, tellers[i]) == 0)
                return name;
        }
        first = first ? first : name;
    }
    return first;
}

/* For an item that only one of the lists has at its place. New; NULL: none, or out of memory. */
static json_t *suggest_order(const struct view *view)
{
    const json_t *item = view->recorded ? view->recorded : view->observed;
    const char *by = sort_member(item);

    if (parity_json_is_container(item) && !by)
        return NULL;
    return json_pack("{s:s, s:s, s:s*}", "type", "sorting", "key", view->member, "by", by);
}

/* New; NULL: none, or out of memory. */
static json_t *suggest_value(const struct view *view)
{
    const char *name = view->member ? view->member : view->match_key;
    bool date = is_date(view->recorded) && is_date(view->observed);
    /* Equal dates are no reference to each other: they may differ the next time. */
    bool reference = !date && is_identifier(view->recorded) && is_identifier(view->observed);
    char *replacement = replacement_of(date ? "date" : name), *path = NULL;
    json_t *suggestion = NULL;

    if (replacement && view->member && !view->in_list) {
        suggestion = json_pack("{s:s, s:s, s:s, s:b}", "type", "key_value", "key", view->member,
                               "replacement", replacement, "reference", (int)reference);
    } else if (replacement && (path = path_of(view)) != NULL) {
        suggestion = json_pack("{s:s, s:s, s:s, s:b}", "type", "jsonpath", "path", path,
                               "replacement", replacement, "reference", (int)reference);
    }
    if (suggestion && !reference)
        /* What takes the place of a value is written as it is; numbered ones get brackets. */
        json_object_set_new(suggestion, "replacement", json_sprintf("<%s>", replacement));
    parity_free(path);
    parity_free(replacement);
    return suggestion;
}

/* --- names of members --------------------------------------------------------------------------
 */

/* Whether two differences stand in the same object. */
static bool are_siblings(const struct view *a, const struct view *b)
{
    size_t count = json_array_size(a->path);

    if (strcmp(a->match_key, b->match_key) != 0 || json_array_size(b->path) != count)
        return false;
    for (size_t i = 0; i + 1 < count; i++)
        if (!json_equal(json_array_get(a->path, i), json_array_get(b->path, i)))
            return false;
    return true;
}

/* For a member that has another name on the other side. New; NULL: none, or out of memory. */
static json_t *suggest_name(const struct view *view, const json_t *differences)
{
    const char *parent = last_name(view->path, json_array_size(view->path) - 1);
    char *label = replacement_of(parent ? parent : view->match_key), *pattern = NULL;
    const json_t *difference;
    json_t *suggestion = NULL;
    size_t i;

    json_array_foreach(differences, i, difference) {
        struct view other = look_at(difference);

        if (pattern || other.recorded || other.in_list || !other.member ||
            !are_siblings(view, &other))
            continue;
        pattern = parity_name_pattern(view->member, other.member);
    }
    if (pattern && label)
        suggestion =
            json_pack("{s:s, s:s, s:s, s:s, s:s+}", "type", "key_value", "key_pattern", pattern,
                      "value_type", "any", "take", "key", "replacement", label, "-key");
    parity_free(pattern);
    parity_free(label);
    return suggestion;
}

/* --- all of them -------------------------------------------------------------------------------
 */

/* New; NULL: none, or out of memory. */
static json_t *suggest(const struct view *view, const json_t *differences)
{
    bool one_side = !view->recorded || !view->observed;

    if (view->text) /* what is inside is looked at when it is read */
        return json_pack("{s:s, s:s}", "type", "json_string", "key", view->text);
    if (!view->member && !view->match_key)
        return NULL;
    if (!one_side)
        return suggest_value(view);
    if (!view->member || json_array_size(view->path) == 0)
        return NULL;
    if (view->in_list)
        return suggest_order(view);
    return view->recorded ? suggest_name(view, differences) : NULL;
}

/* Differences in the order in which suggestions are worth most: short values stand in longer ones,
 * which they may settle. */
struct ranked {
    const json_t *difference;
    size_t length, position;
};

static int by_length(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;

    if (left->length != right->length)
        return left->length < right->length ? -1 : 1;
    return left->position < right->position ? -1 : 1;
}

static struct ranked *rank(const json_t *differences)
{
    size_t count = json_array_size(differences);
    struct ranked *ranked = parity_calloc(count + 1, sizeof *ranked);

    for (size_t i = 0; ranked && i < count; i++) {
        const json_t *difference = json_array_get(differences, i);

        ranked[i] = (struct ranked){difference,
                                    json_string_length(json_object_get(difference, "observed")), i};
    }
    if (ranked && count > 1)
        qsort(ranked, count, sizeof *ranked, by_length);
    return ranked;
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
    struct ranked *ranked = rank(differences);
    int added = ranked ? 0 : -1;

    for (size_t i = 0; added >= 0 && i < json_array_size(differences); i++) {
        struct view view = look_at(ranked[i].difference);
        json_t *suggestion = suggest(&view, differences);

        if (suggestion && !is_known(suggestions, suggestion))
            added = json_array_append(suggestions, suggestion) < 0 ? -1 : added + 1;
        json_decref(suggestion);
    }
    parity_free(ranked);
    if (added < 0)
        parity_fail_nomem(err);
    return added;
}

static void add_text(struct parity_buffer *out, const char *before, const char *text)
{
    if (!text)
        return;
    parity_buffer_add_text(out, before);
    parity_json_write_string(out, text, strlen(text));
}

void parity_suggestion_text(struct parity_buffer *out, const json_t *suggestion)
{
    const char *type = json_string_value(json_object_get(suggestion, "type"));
    const char *key = json_string_value(json_object_get(suggestion, "key"));

    if (json_object_get(suggestion, "key_pattern")) { /* suites have no short form for it */
        parity_json_write(out, suggestion, PARITY_JSON_LINE);
        return;
    }
    parity_buffer_printf(out, "%s(", type ? type : "");
    add_text(out, "", key ? key : json_string_value(json_object_get(suggestion, "path")));
    add_text(out, ", ", json_string_value(json_object_get(suggestion, "replacement")));
    add_text(out, ", .by = ", json_string_value(json_object_get(suggestion, "by")));
    if (json_is_false(json_object_get(suggestion, "reference")))
        parity_buffer_add_text(out, ", .direct = true");
    parity_buffer_add_char(out, ')');
}
