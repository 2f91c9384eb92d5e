/* SPDX-License-Identifier: Apache-2.0 */
#include "skip_suggestion.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

static bool is_plain_name(const char *name, size_t length)
{
    if (length == 0 || !(isalpha((unsigned char)name[0]) || name[0] == '_'))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_' && name[i] != '-')
            return false;
    return true;
}

/* Whether a name can be written between quotes. */
static bool is_quotable(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (name[i] == '\'' || name[i] == '\\' || iscntrl((unsigned char)name[i]))
            return false;
    return length > 0 && parity_utf8_is_valid(name, length);
}

/* Append a member's name. @return whether the path may go on behind it */
static bool add_name(struct parity_buffer *path, const json_t *name)
{
    const char *text = json_string_value(name);
    size_t length = json_string_length(name);

    if (is_plain_name(text, length)) {
        parity_buffer_printf(path, ".%s", text);
        return true;
    }
    /* The reference goes astray behind a name in quotes (REFERENCE.md, 2.6). */
    if (is_quotable(text, length))
        parity_buffer_printf(path, "['%s']", text);
    return false;
}

/* How many steps of a difference's path can be named. */
static size_t nameable_steps(const json_t *difference)
{
    const json_t *path = json_object_get(difference, "path");
    const json_t *text_at = json_array_get(json_object_get(difference, "text_at"), 0);
    size_t count = text_at ? (size_t)json_integer_value(text_at) : json_array_size(path);

    while (count > 0 && json_is_integer(json_array_get(path, count - 1)))
        count--;
    return count;
}

static void write_path(struct parity_buffer *out, const json_t *difference)
{
    const json_t *path = json_object_get(difference, "path");
    size_t count = nameable_steps(difference);

    parity_buffer_reset(out);
    parity_buffer_add_char(out, '$');
    if (!add_name(out, json_object_get(difference, "key")))
        return;
    for (size_t i = 0; i < count; i++) {
        const json_t *step = json_array_get(path, i);

        if (json_is_integer(step))
            parity_buffer_add_text(out, "[*]");
        else if (!add_name(out, step))
            return;
    }
}

/* Behind a list whose item has no name that can be written, there is nothing to be left out. */
static void drop_open_end(struct parity_buffer *path)
{
    while (path->length >= 3 && memcmp(path->data + path->length - 3, "[*]", 3) == 0)
        path->data[path->length -= 3] = '\0';
}

json_t *parity_suggest_skips(const json_t *differences)
{
    json_t *paths = json_array(), *seen = json_object();
    struct parity_buffer path = {0};
    const json_t *difference;
    size_t i;
    int rc = paths && seen ? 0 : -1;

    json_array_foreach(differences, i, difference) {
        write_path(&path, difference);
        drop_open_end(&path);
        if (rc < 0 || path.failed)
            break;
        if (path.length > 1 && !json_object_getn(seen, path.data, path.length)) {
            rc = json_object_setn_new_nocheck(seen, path.data, path.length, json_true());
            if (rc == 0)
                rc = json_array_append_new(paths, json_stringn_nocheck(path.data, path.length));
        }
    }
    if (rc < 0 || path.failed) {
        json_decref(paths);
        paths = NULL;
    }
    json_decref(seen);
    parity_buffer_clear(&path);
    return paths;
}
