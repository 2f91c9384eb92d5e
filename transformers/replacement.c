/* SPDX-License-Identifier: Apache-2.0 */
#include "replacement.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

void parity_replacements_clear(struct parity_replacements *list)
{
    for (size_t i = 0; i < list->count; i++) {
        parity_free(list->items[i].text);
        parity_free(list->items[i].by);
    }
    parity_free(list->items);
    memset(list, 0, sizeof *list);
}

static struct parity_replacement *append(struct parity_replacements *list)
{
    if (parity_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items) < 0)
        return NULL;
    memset(&list->items[list->count], 0, sizeof *list->items);
    return &list->items[list->count++];
}

int parity_replacements_add_text(struct parity_replacements *list, const char *text,
                                 size_t text_length, const char *by, size_t by_length)
{
    struct parity_replacement *item = append(list);

    if (!item)
        return -1;
    item->text = parity_strndup(text, text_length);
    item->text_length = text_length;
    item->by = parity_strndup(by, by_length);
    item->by_length = by_length;
    return item->text && item->by ? 0 : -1;
}

int parity_replacements_add_regex(struct parity_replacements *list,
                                  const struct parity_python_regex *regex,
                                  const struct parity_python_template *expansion)
{
    struct parity_replacement *item;
    size_t text_length, by_length;
    const char *text = parity_python_regex_literal(regex, &text_length);
    const char *by = parity_python_template_literal(expansion, &by_length);

    /* Most patterns are names and ids: they need no regular expression. */
    if (text && text_length > 0 && by)
        return parity_replacements_add_text(list, text, text_length, by, by_length);
    item = append(list);
    if (!item)
        return -1;
    item->regex = regex;
    item->expansion = expansion;
    return 0;
}

/* Offsets of the occurrences of one text. */
struct places {
    size_t *items;
    size_t count, capacity;
};

static int add_place(struct places *places, size_t at)
{
    if (parity_grow(&places->items, &places->capacity, places->count + 1, sizeof at) < 0)
        return -1;
    places->items[places->count++] = at;
    return 0;
}

static int find_places(const struct parity_buffer *text, const char *what, size_t what_length,
                       struct places *places)
{
    const char *at = text->data, *end = text->data + text->length;

    while ((at = memmem(at, (size_t)(end - at), what, what_length)) != NULL) {
        if (add_place(places, (size_t)(at - text->data)) < 0)
            return -1;
        at += what_length;
    }
    return 0;
}

static int find_gaps(const struct parity_buffer *text, struct places *places)
{
    size_t at = 0;

    for (;;) {
        unsigned c;
        size_t length = parity_utf8_decode(text->data + at, text->length - at, &c);

        if (add_place(places, at) < 0)
            return -1;
        if (at >= text->length)
            return 0;
        at += length ? length : 1;
    }
}

/* Only what stands behind the first place is moved, and once. */
static void shrink(struct parity_buffer *text, const struct places *places, size_t what_length,
                   const char *by, size_t by_length)
{
    char *to = text->data + places->items[0];

    for (size_t i = 0; i < places->count; i++) {
        size_t from = places->items[i] + what_length;
        size_t end = i + 1 < places->count ? places->items[i + 1] : text->length;

        if (by_length)
            memcpy(to, by, by_length);
        to += by_length;
        memmove(to, text->data + from, end - from);
        to += end - from;
    }
    text->length = (size_t)(to - text->data);
    text->data[text->length] = '\0';
}

static int expand(struct parity_buffer *text, const struct places *places, size_t what_length,
                  const char *by, size_t by_length)
{
    size_t growth = by_length - what_length;
    size_t end = text->length;
    char *to;

    if (growth > (size_t)-1 / 2 / places->count ||
        parity_buffer_reserve(text, places->count * growth) < 0)
        return -1;
    to = text->data + text->length + places->count * growth;
    text->length += places->count * growth;
    *to = '\0';
    for (size_t i = places->count; i-- > 0;) {
        size_t from = places->items[i] + what_length;

        to -= end - from;
        memmove(to, text->data + from, end - from);
        to -= by_length;
        memcpy(to, by, by_length);
        end = places->items[i];
    }
    return 0;
}

int parity_text_replace(struct parity_buffer *text, const char *what, size_t what_length,
                        const char *by, size_t by_length)
{
    struct places places = {0};
    int rc;

    parity_buffer_add(text, "", 0); /* so that an empty text has memory, too */
    if (text->failed)
        return -1;
    rc = what_length ? find_places(text, what, what_length, &places) : find_gaps(text, &places);
    if (rc == 0 && places.count > 0) {
        if (by_length <= what_length)
            shrink(text, &places, what_length, by, by_length);
        else
            rc = expand(text, &places, what_length, by, by_length);
    }
    parity_free(places.items);
    return rc;
}

static int apply_regex(const struct parity_replacement *item, struct parity_buffer *text,
                       struct parity_buffer *scratch, struct parity_error *err)
{
    struct parity_buffer swap;
    size_t matches;

    parity_buffer_reset(scratch);
    parity_buffer_add(text, "", 0);
    if (text->failed) {
        parity_fail_nomem(err);
        return -1;
    }
    if (parity_python_regex_substitute(item->regex, item->expansion, text->data, text->length,
                                       scratch, &matches, err) < 0)
        return -1;
    if (matches > 0) {
        swap = *text;
        *text = *scratch;
        *scratch = swap;
    }
    return 0;
}

int parity_replacements_apply(const struct parity_replacements *list, size_t count,
                              struct parity_buffer *text, struct parity_error *err)
{
    struct parity_buffer scratch = {0};
    int rc = 0;

    for (size_t i = 0; i < count && rc == 0; i++) {
        const struct parity_replacement *item = &list->items[i];

        if (item->regex) {
            rc = apply_regex(item, text, &scratch, err);
        } else if (parity_text_replace(text, item->text, item->text_length, item->by,
                                       item->by_length) < 0) {
            parity_fail_nomem(err);
            rc = -1;
        }
    }
    parity_buffer_clear(&scratch);
    return rc;
}

void parity_replacement_describe_failure(const struct parity_replacement *item,
                                         struct parity_error *err)
{
    const char *advice = "text that spans quotes, colons or braces, or is empty, cannot be "
                         "replaced safely: use a key_value or jsonpath transformer instead";

    if (item->regex)
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "the response is no JSON any more after the replacements for the regular "
                    "expression '%.200s'; %s",
                    parity_python_regex_pattern(item->regex), advice);
    else
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "the response is no JSON any more after '%.200s' was replaced by '%.100s'; %s",
                    item->text, item->by, advice);
}
