/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/kept_transformers.h"

#include <string.h>

#include "base/json.h"
#include "base/memory.h"

void parity_kept_transformers_clear(struct parity_kept_transformers *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        parity_free(kept->items[i].spec);
        parity_transformers_clear(&kept->items[i].list);
    }
    parity_free(kept->items);
    memset(kept, 0, sizeof *kept);
}

static bool is_kept_kind(const json_t *spec)
{
    const char *type = json_string_value(json_object_get(spec, "type"));

    return type && strcmp(type, "preset") == 0 && !json_object_get(spec, "arguments");
}

static const struct parity_kept_preset *find(const struct parity_kept_transformers *kept,
                                             const struct parity_buffer *text)
{
    for (size_t i = 0; i < kept->count; i++)
        if (kept->items[i].length == text->length &&
            memcmp(kept->items[i].spec, text->data, text->length) == 0)
            return &kept->items[i];
    return NULL;
}

/* Takes the text over when all is well. NULL with `err`. */
static const struct parity_kept_preset *make(struct parity_kept_transformers *kept,
                                             struct parity_buffer *text, const json_t *spec,
                                             struct parity_error *err)
{
    struct parity_kept_preset *item;

    if (parity_grow(&kept->items, &kept->capacity, kept->count + 1, sizeof *kept->items) < 0) {
        parity_fail_nomem(err);
        return NULL;
    }
    item = &kept->items[kept->count];
    *item = (struct parity_kept_preset){.length = text->length};
    if (parity_transformers_add_spec(&item->list, spec, err) < 0) {
        parity_transformers_clear(&item->list);
        return NULL;
    }
    item->spec = parity_buffer_take(text);
    kept->count++;
    return item;
}

int parity_kept_transformers_add(struct parity_kept_transformers *kept,
                                 struct parity_transformers *list, const json_t *spec,
                                 struct parity_error *err)
{
    const struct parity_kept_preset *item = NULL;
    struct parity_buffer text = {0};
    int rc = -1;

    if (!kept || !is_kept_kind(spec))
        return parity_transformers_add_spec(list, spec, err);
    parity_json_write(&text, spec, PARITY_JSON_LINE);
    if (text.failed) {
        parity_fail_nomem(err);
        goto out;
    }
    item = find(kept, &text);
    if (!item && !(item = make(kept, &text, spec, err)))
        goto out;
    rc = parity_transformers_borrow(list, &item->list);
    if (rc < 0)
        parity_fail_nomem(err);
out:
    parity_buffer_clear(&text);
    return rc;
}

bool parity_kept_transformers_have(const struct parity_kept_transformers *kept, const json_t *spec)
{
    struct parity_buffer text = {0};
    bool found = false;

    if (!kept || kept->count == 0 || !is_kept_kind(spec))
        return false;
    parity_json_write(&text, spec, PARITY_JSON_LINE);
    if (!text.failed)
        found = find(kept, &text) != NULL;
    parity_buffer_clear(&text);
    return found;
}
