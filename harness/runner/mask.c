/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/mask.h"

#include <stdbool.h>
#include <string.h>

#include "base/base64.h"
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

/* Text by text, each up to its NUL byte. */
static bool hide_in_bytes(const struct parity_mask *mask, struct parity_buffer *bytes)
{
    bool hidden = false;

    for (size_t at = 0; at < bytes->length; at += strlen(bytes->data + at) + 1)
        hidden |= hide_all(mask, bytes->data + at);
    return hidden;
}

/* What cannot be looked at is not shown. */
static void mask_bytes(const struct parity_mask *mask, json_t *attachment)
{
    json_t *value = json_object_get(attachment, "$bytes");
    struct parity_buffer bytes = {0}, text = {0};

    if (!value)
        return;
    if (parity_base64_decode(&bytes, json_string_value(value), json_string_length(value)) < 0) {
        json_object_del(attachment, "$bytes");
    } else if (bytes.length > 0 && hide_in_bytes(mask, &bytes)) {
        parity_base64_encode(&text, bytes.data, bytes.length);
        if (text.failed)
            json_object_del(attachment, "$bytes");
        else
            json_object_set_new(attachment, "$bytes", json_stringn(text.data, text.length));
    }
    parity_buffer_clear(&bytes);
    parity_buffer_clear(&text);
}

void parity_mask_attachments(const struct parity_mask *mask, json_t *attachments)
{
    json_t *attachment;
    size_t i;

    json_array_foreach(attachments, i, attachment) {
        json_t *text = json_object_get(attachment, "text"),
               *name = json_object_get(attachment, "name");

        if (text)
            mask_string(mask, text);
        if (name)
            mask_string(mask, name);
        mask_bytes(mask, attachment);
    }
}
