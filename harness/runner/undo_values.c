/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/undo_values.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* jansson iterates without const. */
static json_t *mutable(const json_t *value)
{
    return (json_t *)(uintptr_t)value;
}

static bool is_scalar(const json_t *value)
{
    return (json_is_string(value) && json_string_length(value) > 0) || json_is_integer(value);
}

/* --- names -------------------------------------------------------------------------------------
 */

static void add_key(struct parity_undo_keys *keys, const char *name)
{
    if (keys->count < sizeof keys->names / sizeof *keys->names)
        keys->names[keys->count++] = name;
}

void parity_undo_keys_make(const char *member, const char *noun, struct parity_undo_keys *out)
{
    size_t length = strlen(noun);
    const char *rest = NULL;

    memset(out, 0, sizeof *out);
    add_key(out, member);
    if (length > 0 && strncasecmp(member, noun, length) == 0)
        rest = member + length;
    if (rest && rest[0])
        add_key(out, rest);
    out->exact = out->count;
    /* An id may be given as an ARN or a name in most services; a name or URL is only itself. */
    if (rest && (!rest[0] || strcasecmp(rest, "Id") == 0 || strcasecmp(rest, "Identifier") == 0)) {
        add_key(out, "Id");
        add_key(out, "Arn");
        add_key(out, "Name");
    }
}

/* --- values ------------------------------------------------------------------------------------
 */

static const json_t *member(const json_t *object, const char *wanted)
{
    const char *name;
    json_t *value;

    json_object_foreach(mutable(object), name, value)
        if (strcasecmp(name, wanted) == 0)
            return value;
    return NULL;
}

static const json_t *value_of(const json_t *object, const struct parity_undo_keys *keys,
                              size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *value = member(object, keys->names[i]);

        if (is_scalar(value))
            return value;
    }
    return NULL;
}

/* At just this depth below `document`. */
static const json_t *value_at_depth(const json_t *document, const struct parity_undo_keys *keys,
                                    size_t count, int depth)
{
    const json_t *found = NULL;
    const char *name;
    json_t *value;

    if (depth == 0)
        return json_is_object(document) ? value_of(document, keys, count) : NULL;
    for (size_t i = 0; !found && i < json_array_size(document); i++)
        found = value_at_depth(json_array_get(document, i), keys, count, depth - 1);
    json_object_foreach(mutable(document), name, value) {
        if (found)
            break;
        found = value_at_depth(value, keys, count, depth - 1);
    }
    return found;
}

const json_t *parity_undo_value(const json_t *document, const struct parity_undo_keys *keys,
                                size_t count)
{
    enum { DEEPEST = 4 };
    const json_t *found = NULL;

    for (int depth = 0; !found && depth <= DEEPEST; depth++)
        found = value_at_depth(document, keys, count, depth);
    return found;
}

int parity_undo_values(const json_t *document, const char *wanted, json_t *out)
{
    const char *name;
    json_t *value;
    size_t i;

    json_array_foreach(mutable(document), i, value)
        if (parity_undo_values(value, wanted, out) < 0)
            return -1;
    json_object_foreach(mutable(document), name, value) {
        if (strcasecmp(name, wanted) == 0 && json_is_string(value)) {
            if (json_array_append(out, value) < 0)
                return -1;
        } else if (parity_undo_values(value, wanted, out) < 0) {
            return -1;
        }
    }
    return 0;
}

/* --- things by their names ---------------------------------------------------------------------
 */

/* Whether a member is what a thing is called by: "QueueName" or "Name" of a "Queue". */
static bool is_called_by(const char *member_name, const char *noun)
{
    size_t length = strlen(noun);
    const char *rest =
        strncasecmp(member_name, noun, length) == 0 ? member_name + length : member_name;

    return !rest[0] || strcasecmp(rest, "Name") == 0 || strcasecmp(rest, "Id") == 0 ||
           strcasecmp(rest, "Identifier") == 0;
}

static bool is_part_of_a_name(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

/* Whether a text names the thing: it is the name, or an ARN or URL with it in. */
static bool names(const json_t *text, const char *thing)
{
    const char *all = json_string_value(text);
    size_t length = strlen(thing);

    for (const char *found = all ? strstr(all, thing) : NULL; found;
         found = strstr(found + 1, thing))
        if ((found == all || !is_part_of_a_name(found[-1])) && !is_part_of_a_name(found[length]))
            return true;
    return false;
}

static bool is_named_in(const json_t *object, const char *thing)
{
    const char *name;
    json_t *value;

    json_object_foreach(mutable(object), name, value)
        if (names(value, thing))
            return true;
    return false;
}

const json_t *parity_undo_value_beside(const json_t *document, const struct parity_undo_keys *keys,
                                       const char *thing)
{
    const json_t *found = NULL;
    const char *name;
    json_t *value;
    size_t i;

    if (json_is_object(document) && is_named_in(document, thing))
        found = value_of(document, keys, keys->count);
    json_array_foreach(mutable(document), i, value) {
        if (found)
            return found;
        found = names(value, thing) ? value : parity_undo_value_beside(value, keys, thing);
    }
    json_object_foreach(mutable(document), name, value) {
        if (found)
            return found;
        found = parity_undo_value_beside(value, keys, thing);
    }
    return found;
}

/* Whether a text is the thing's ARN or URL. */
static bool leads_to(const json_t *text, const char *thing)
{
    size_t length = json_string_length(text), tail = strlen(thing);
    const char *all = json_string_value(text);

    return all && length > tail && strcmp(all + length - tail, thing) == 0 &&
           strchr("/:", all[length - tail - 1]);
}

static bool is_called(const json_t *object, const char *noun, const char *thing)
{
    const char *name, *text;
    json_t *value;

    json_object_foreach(mutable(object), name, value) {
        text = json_string_value(value);
        if (text && (strcmp(text, thing) == 0 ? is_called_by(name, noun) : leads_to(value, thing)))
            return true;
    }
    return false;
}

const json_t *parity_undo_value_called(const json_t *document, const struct parity_undo_keys *keys,
                                       const char *noun, const char *thing, size_t *count)
{
    const json_t *found = NULL, *further;
    const char *name;
    json_t *value;
    size_t i;

    if (json_is_object(document) && is_called(document, noun, thing)) {
        found = value_of(document, keys, keys->count);
        *count += 1;
    }
    json_array_foreach(mutable(document), i, value) {
        bool is_text = json_is_string(value) &&
                       (leads_to(value, thing) || strcmp(json_string_value(value), thing) == 0);

        *count += is_text;
        further = is_text ? value : parity_undo_value_called(value, keys, noun, thing, count);
        found = found ? found : further;
    }
    json_object_foreach(mutable(document), name, value) {
        further = json_is_string(value) ? NULL
                                        : parity_undo_value_called(value, keys, noun, thing, count);
        found = found ? found : further;
    }
    return found;
}

const char *parity_undo_thing(const json_t *input, const char *noun, const char *mark)
{
    const char *name, *only = NULL;
    size_t count = 0;
    json_t *value;

    json_object_foreach(mutable(input), name, value) {
        const char *text = json_string_value(value);

        if (!text || !strstr(text, mark))
            continue;
        if (is_called_by(name, noun))
            return text;
        only = text;
        count++;
    }
    return count == 1 ? only : NULL;
}

bool parity_undo_is_marked(const json_t *document, const char *mark)
{
    const char *name;
    json_t *value;
    size_t i;

    if (json_is_string(document))
        return strstr(json_string_value(document), mark) != NULL;
    json_array_foreach(mutable(document), i, value)
        if (parity_undo_is_marked(value, mark))
            return true;
    json_object_foreach(mutable(document), name, value)
        if (parity_undo_is_marked(value, mark))
            return true;
    return false;
}

static bool is_text(const json_t *value, const char *wanted)
{
    return strcmp(json_string_value(value), wanted) == 0;
}

/* Whether any text at any depth matches. */
static bool any(const json_t *document, bool (*matches)(const json_t *text, const char *wanted),
                const char *wanted)
{
    const char *name;
    json_t *value;
    size_t i;

    if (json_is_string(document))
        return matches(document, wanted);
    json_array_foreach(mutable(document), i, value)
        if (any(value, matches, wanted))
            return true;
    json_object_foreach(mutable(document), name, value)
        if (any(value, matches, wanted))
            return true;
    return false;
}

bool parity_undo_share_text(const json_t *a, const json_t *b)
{
    enum { TELLING = 10 }; /* characters: "default" and "us-east-1" connect nothing */
    const char *name;
    json_t *value;
    size_t i;

    if (json_is_string(a))
        return json_string_length(a) >= TELLING && any(b, is_text, json_string_value(a));
    json_array_foreach(mutable(a), i, value)
        if (parity_undo_share_text(value, b))
            return true;
    json_object_foreach(mutable(a), name, value)
        if (parity_undo_share_text(value, b))
            return true;
    return false;
}

/* Whether `document` speaks of the thing whose name holds `mark` in `text`. */
static bool speaks_of_marked(const json_t *document, const char *text, const char *mark)
{
    char word[256];

    for (const char *found = strstr(text, mark); found; found = strstr(found + 1, mark)) {
        const char *begin = found, *end = found + strlen(mark);

        while (begin > text && is_part_of_a_name(begin[-1]))
            begin--;
        while (is_part_of_a_name(*end))
            end++;
        if ((size_t)(end - begin) >= sizeof word)
            continue;
        memcpy(word, begin, (size_t)(end - begin));
        word[end - begin] = '\0';
        if (any(document, names, word))
            return true;
    }
    return false;
}

bool parity_undo_share_thing(const json_t *a, const json_t *b, const char *mark)
{
    const char *name;
    json_t *value;
    size_t i;

    if (json_is_string(a))
        return speaks_of_marked(b, json_string_value(a), mark);
    json_array_foreach(mutable(a), i, value)
        if (parity_undo_share_thing(value, b, mark))
            return true;
    json_object_foreach(mutable(a), name, value)
        if (parity_undo_share_thing(value, b, mark))
            return true;
    return false;
}

/* Whether all that `thing` names is named in `input`, under the same members. */
static bool holds_all(const json_t *input, const json_t *thing)
{
    const char *name;
    json_t *value;

    json_object_foreach(mutable(thing), name, value)
        if (!is_scalar(value) || !json_equal(json_object_get(input, name), value))
            return false;
    return json_object_size(thing) > 0;
}

bool parity_undo_is_part(const json_t *input, const json_t *things)
{
    for (size_t i = 0; i < json_array_size(things); i++)
        if (holds_all(input, json_array_get(things, i)))
            return true;
    return false;
}
