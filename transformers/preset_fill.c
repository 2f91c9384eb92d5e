/* SPDX-License-Identifier: Apache-2.0 */
#include "preset_fill.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/reference.h"

/* The values that go into transformers. */
struct filling {
    const json_t *bound, *values;
    bool absent; /* why the transformer at hand is not filled: it names a value that there is not */
    struct parity_error *err;
};

static int fill(struct filling *filling, const json_t *value, json_t **out);

/* The value of a name; borrowed. NULL: there is none. */
static json_t *look_up(struct filling *filling, const char *name, size_t length)
{
    json_t *value = json_object_getn(filling->bound, name, length);

    if (!value && json_object_getn(filling->values, name, length))
        filling->absent = true;
    else if (!value)
        parity_fail(filling->err, PARITY_E_INVALID, NULL,
                    "${%.*s} names none of the preset's parameters and values", (int)length, name);
    return value;
}

static int insert(struct filling *filling, const char *name, size_t length,
                  struct parity_buffer *out)
{
    const json_t *value = look_up(filling, name, length);

    if (!value)
        return -1;
    if (parity_json_add_plain(out, value))
        return 0;
    parity_fail(filling->err, PARITY_E_INVALID, NULL,
                "${%.*s} is no text, so it cannot stand inside one", (int)length, name);
    return -1;
}

static int fill_pieces(struct filling *filling, const json_t *text, struct parity_buffer *out)
{
    struct parity_reference_reader reader = {json_string_value(text),
                                             json_string_value(text) + json_string_length(text)};
    enum parity_reference_piece piece;
    const char *at;
    size_t length;

    while ((piece = parity_reference_next(&reader, &at, &length)) != PARITY_PIECE_END) {
        if (piece == PARITY_PIECE_TEXT) {
            parity_buffer_add(out, at, length);
        } else if (piece == PARITY_PIECE_OPEN) {
            parity_fail(filling->err, PARITY_E_INVALID, NULL, "'${' without a '}' in '%.100s'",
                        json_string_value(text));
            return -1;
        } else if (insert(filling, at, length, out) < 0) {
            return -1;
        }
    }
    return out->failed ? -1 : 0;
}

static int fill_text(struct filling *filling, const json_t *text, json_t **out)
{
    const char *data = json_string_value(text);
    size_t length = json_string_length(text);
    struct parity_buffer filled = {0};
    int rc;

    if (parity_reference_is_whole(data, length)) {
        json_t *value = look_up(filling, data + 2, length - 3);

        *out = value ? parity_json_copy(value) : NULL;
        return *out ? 0 : -1;
    }
    rc = fill_pieces(filling, text, &filled);
    if (rc == 0)
        *out = json_stringn_nocheck(filled.data ? filled.data : "", filled.length);
    parity_buffer_clear(&filled);
    return *out ? 0 : -1;
}

static int fill_members(struct filling *filling, json_t *object, json_t **out)
{
    const char *key;
    size_t length;
    json_t *member;

    *out = json_object();
    json_object_keylen_foreach(object, key, length, member) {
        json_t *filled = NULL;

        if (fill(filling, member, &filled) < 0) {
            json_decref(filled);
            return -1;
        }
        if (json_object_setn_new_nocheck(*out, key, length, filled) < 0)
            return -1;
    }
    return *out ? 0 : -1;
}

static int fill_items(struct filling *filling, const json_t *array, json_t **out)
{
    const json_t *item;
    size_t i;

    *out = json_array();
    json_array_foreach(array, i, item) {
        json_t *filled = NULL;

        if (fill(filling, item, &filled) < 0) {
            json_decref(filled);
            return -1;
        }
        if (json_array_append_new(*out, filled) < 0)
            return -1;
    }
    return *out ? 0 : -1;
}

/* `*out` is new, and may be set on failure, too. Without a reason in `err` and without `absent` the
 * failure is one of memory. */
static int fill(struct filling *filling, const json_t *value, json_t **out)
{
    *out = NULL;
    if (json_is_string(value))
        return fill_text(filling, value, out);
    if (json_is_object(value))
        return fill_members(filling, (json_t *)(uintptr_t)value, out);
    if (json_is_array(value))
        return fill_items(filling, value, out);
    *out = parity_json_copy(value);
    return *out ? 0 : -1;
}

json_t *parity_preset_fill(const json_t *transformers, const json_t *bound, const json_t *values,
                           struct parity_error *err)
{
    json_t *list = json_array();
    const json_t *spec;
    int rc = list ? 0 : -1;
    size_t i;

    json_array_foreach(transformers, i, spec) {
        struct filling filling = {.bound = bound, .values = values, .err = err};
        json_t *filled = NULL;

        if (rc == 0)
            rc = fill(&filling, spec, &filled);
        if (rc == 0)
            rc = json_array_append(list, filled);
        else if (filling.absent)
            rc = 0; /* left out */
        json_decref(filled);
    }
    if (rc == 0)
        return list;
    parity_fail_nomem(err); /* unless there is a better reason */
    json_decref(list);
    return NULL;
}
