/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/journal_content.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "recorder/secrets.h"

static const char account_mark[] = "<account>", second_account_mark[] = "<second-account>";

/* --- the part that names things ----------------------------------------------------------------
 */

enum { MAX_TEXT = 2048, MAX_ITEMS = 20, MAX_DEPTH = 6 };

static json_t *extract(const json_t *value, const struct parity_shape *shape, int depth);

static json_t *extract_object(const json_t *value, const struct parity_shape *shape, int depth)
{
    bool structure = shape && parity_shape_type(shape) == PARITY_SHAPE_STRUCTURE;
    bool map = shape && parity_shape_type(shape) == PARITY_SHAPE_MAP;
    json_t *object = json_object(), *member;
    const char *name;

    json_object_foreach((json_t *)(uintptr_t)value, name, member) {
        const struct parity_shape *of = structure ? parity_shape_member(shape, name)
                                        : map     ? parity_shape_map_value(shape)
                                                  : NULL;
        json_t *part;

        if (json_object_size(object) >= MAX_ITEMS * 2)
            break;
        part = extract(member, of, depth + 1);
        if (part)
            json_object_set_new_nocheck(object, name, part);
    }
    return object;
}

static json_t *extract_list(const json_t *value, const struct parity_shape *shape, int depth)
{
    const struct parity_shape *of = shape && parity_shape_type(shape) == PARITY_SHAPE_LIST
                                        ? parity_shape_list_member(shape)
                                        : NULL;
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(value) && i < MAX_ITEMS; i++) {
        json_t *part = extract(json_array_get(value, i), of, depth + 1);

        if (part)
            json_array_append_new(list, part);
    }
    return list;
}

/* New; NULL: left out. */
static json_t *extract(const json_t *value, const struct parity_shape *shape, int depth)
{
    enum parity_json_kind kind = parity_json_kind(value);

    if (depth > MAX_DEPTH || (shape && parity_shape_has(shape, PARITY_TRAIT_SENSITIVE)))
        return NULL;
    switch (kind) {
    case PARITY_JSON_OBJECT:
        return extract_object(value, shape, depth);
    case PARITY_JSON_ARRAY:
        return extract_list(value, shape, depth);
    case PARITY_JSON_STRING:
        return json_string_length(value) <= MAX_TEXT ? json_incref((json_t *)(uintptr_t)value)
                                                     : NULL;
    case PARITY_JSON_BOOLEAN:
    case PARITY_JSON_INTEGER:
        return json_incref((json_t *)(uintptr_t)value);
    default:
        return NULL;
    }
}

json_t *parity_journal_extract(const json_t *value, const struct parity_shape *shape)
{
    json_t *part = extract(value, shape, 0);

    return part ? part : json_object();
}

/* --- accounts ----------------------------------------------------------------------------------
 */

/* The next place where `wanted` stands in `text`; a number only where it is a whole one. */
static const char *find_whole(const char *text, const char *from, const char *wanted)
{
    size_t length = strlen(wanted);
    bool number = isdigit((unsigned char)wanted[0]);

    for (const char *found = from; (found = strstr(found, wanted)); found++) {
        bool before = found > text && isdigit((unsigned char)found[-1]);

        if (!number || (!before && !isdigit((unsigned char)found[length])))
            return found;
    }
    return NULL;
}

/* `text` with `old` replaced. New json string; NULL: nothing to replace (or no memory, `failed`).
 */
static json_t *replaced(const char *text, const char *old, const char *by, bool *failed)
{
    struct parity_buffer out = {0};
    const char *from = text, *found;
    json_t *result;

    if (!old || !old[0] || !find_whole(text, text, old))
        return NULL;
    while ((found = find_whole(text, from, old))) {
        parity_buffer_add(&out, from, (size_t)(found - from));
        parity_buffer_add_text(&out, by);
        from = found + strlen(old);
    }
    parity_buffer_add_text(&out, from);
    result = out.failed ? NULL : json_stringn_nocheck(out.data, out.length);
    *failed |= !result;
    parity_buffer_clear(&out);
    return result;
}

/* In all strings of a value, at any depth; the value's containers are changed. A string itself is
 * shared and is not: the changed one is handed back, else NULL. */
static json_t *replace_all(json_t *value, const char *old, const char *by, bool *failed)
{
    const char *name;
    json_t *member, *changed;
    size_t i;

    if (json_is_string(value))
        return replaced(json_string_value(value), old, by, failed);
    json_array_foreach(value, i, member) {
        changed = replace_all(member, old, by, failed);
        if (changed)
            json_array_set_new(value, i, changed);
    }
    json_object_foreach(value, name, member) {
        changed = replace_all(member, old, by, failed);
        if (changed)
            json_object_set_new_nocheck(value, name, changed);
    }
    return NULL;
}

json_t *parity_journal_conceal(const json_t *record, const struct parity_journal_secrets *secrets)
{
    const struct parity_credentials *credentials[2] = {secrets->credentials,
                                                       secrets->second_credentials};
    struct parity_secrets_identity identities[2] = {{0}, {0}};
    const struct parity_secrets_options options = {.identities = identities, .identity_count = 2};
    json_t *copy = parity_json_copy(record), *state, *masked = NULL, *result;
    bool failed = !copy;

    for (size_t i = 0; i < 2; i++)
        if (credentials[i]) {
            identities[i].access_key_id = credentials[i]->access_key_id;
            identities[i].secret_access_key = credentials[i]->secret_access_key;
            identities[i].session_token = credentials[i]->session_token;
        }
    replace_all(copy, secrets->account_id, account_mark, &failed);
    replace_all(copy, secrets->second_account_id, second_account_mark, &failed);
    state = json_pack("{s:o}", "record", copy);
    if (failed || !state || parity_secrets_mask(&options, state, &masked, NULL) < 0) {
        json_decref(state);
        return NULL;
    }
    result = json_incref(json_object_get(masked, "record"));
    json_decref(masked);
    json_decref(state);
    return result;
}

bool parity_journal_is_concealed(const json_t *value)
{
    static const char hidden[] = "<hidden: "; /* parity_secrets_mask() */
    const char *name, *text = json_string_value(value);
    json_t *member;
    size_t i;

    if (text)
        return strstr(text, hidden) || strstr(text, account_mark) ||
               strstr(text, second_account_mark);
    json_array_foreach((json_t *)(uintptr_t)value, i, member)
        if (parity_journal_is_concealed(member))
            return true;
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
        if (parity_journal_is_concealed(member))
            return true;
    return false;
}

int parity_journal_reveal(json_t *value, const char *account_id, const char *second_account_id)
{
    bool failed = false;

    replace_all(value, account_id ? account_mark : NULL, account_id ? account_id : "", &failed);
    replace_all(value, second_account_id ? second_account_mark : NULL,
                second_account_id ? second_account_id : "", &failed);
    return failed ? -1 : 0;
}
