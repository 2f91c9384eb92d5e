/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/mask.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

/* Whether there was something to hide. */
static bool hide(char *text, const char *secret)
{
    size_t length = secret ? strlen(secret) : 0;
    bool hidden = false;

    for (char *found = text; length > 0 && (found = strstr(found, secret));) {
        found = (char *)memset(found, '*', length) + length;
        hidden = true;
    }
    return hidden;
}

static bool hide_all(const struct parity_mask *mask, char *text)
{
    const struct parity_credentials *credentials = mask->credentials;
    bool hidden = hide(text, mask->account_id);

    if (!credentials)
        return hidden;
    hidden |= hide(text, credentials->session_token);
    hidden |= hide(text, credentials->secret_access_key);
    return hide(text, credentials->access_key_id) || hidden;
}

void parity_mask_text(const struct parity_mask *mask, char *text)
{
    if (text)
        hide_all(mask, text);
}

/* What holds a NUL byte is looked at up to it; a text that cannot be copied is not shown at all. */
static void mask_string(const struct parity_mask *mask, json_t *value)
{
    char *copy = parity_strdup(json_string_value(value));

    if (!copy)
        json_string_set(value, "");
    else if (hide_all(mask, copy))
        json_string_set_nocheck(value, copy);
    parity_free(copy);
}

void parity_mask_json(const struct parity_mask *mask, json_t *value)
{
    const char *name;
    json_t *member;
    size_t i;

    if (json_is_string(value))
        mask_string(mask, value);
    json_array_foreach(value, i, member)
        parity_mask_json(mask, member);
    json_object_foreach(value, name, member)
        parity_mask_json(mask, member);
}
