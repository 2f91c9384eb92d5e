/* SPDX-License-Identifier: Apache-2.0 */
#include "placeholders.h"

#include "base/json.h"
#include "placeholder_text.h"

/* Carrying out a renaming. */

static json_t *rename_string(const json_t *map, json_t *value)
{
    struct parity_buffer text = {0};
    json_t *out = NULL;

    if (!parity_placeholder_rewrite(map, json_string_value(value), json_string_length(value),
                                    &text))
        return json_incref(value);
    if (!text.failed)
        out = json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return out;
}

static int rename_member(const json_t *map, json_t *out, const char *key, size_t length,
                         json_t *value)
{
    struct parity_buffer name = {0};
    int rc;

    /* Without a map all numbers become one; names that are then the same stay apart. */
    if (parity_placeholder_rewrite(map, key, length, &name) && !name.failed &&
        !json_object_getn(out, name.data, name.length)) {
        key = name.data;
        length = name.length;
    }
    rc = name.failed
             ? -1
             : json_object_setn_new_nocheck(out, key, length, parity_renaming_apply(map, value));
    parity_buffer_clear(&name);
    return rc;
}

json_t *parity_renaming_apply(const json_t *map, json_t *value)
{
    json_t *out;
    const char *key;
    size_t length, i;
    json_t *child;
    int rc = 0;

    if (json_is_string(value))
        return rename_string(map, value);
    if (!parity_json_is_container(value))
        return json_incref(value);
    out = json_is_array(value) ? json_array() : json_object();
    if (!out)
        return NULL;
    if (json_is_array(value)) {
        json_array_foreach(value, i, child)
            rc |= json_array_append_new(out, parity_renaming_apply(map, child));
    } else {
        json_object_keylen_foreach(value, key, length, child)
            rc |= rename_member(map, out, key, length, child);
    }
    if (rc == 0)
        return out;
    json_decref(out);
    return NULL;
}
