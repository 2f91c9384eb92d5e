/* SPDX-License-Identifier: Apache-2.0 */
#include "embedded_json.h"

#include "base/json.h"

bool parity_embedded_json_looks_so(const json_t *text, bool blanks, bool arrays)
{
    const char *at = json_string_value(text);
    const char *end = at ? at + json_string_length(text) : NULL;

    if (!at)
        return false;
    while (blanks && at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at < end && (*at == '{' || (arrays && *at == '['));
}

int parity_embedded_json_read(const json_t *text, json_t **out, struct parity_error *err)
{
    struct parity_error reason = {0};

    if (parity_json_parse(json_string_value(text), json_string_length(text), NULL, out, &reason) ==
            0 ||
        reason.code != PARITY_E_NOMEM)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int expand_items(json_t *array, struct parity_error *err)
{
    json_t *item;
    size_t i;

    json_array_foreach(array, i, item) {
        if (parity_json_kind(item) == PARITY_JSON_OBJECT &&
            parity_embedded_json_expand(item, err) < 0)
            return -1;
    }
    return 0;
}

static int expand_text(json_t *object, void *member, struct parity_error *err)
{
    json_t *read;

    if (!parity_embedded_json_looks_so(json_object_iter_value(member), false, false))
        return 0;
    if (parity_embedded_json_read(json_object_iter_value(member), &read, err) < 0)
        return -1;
    if (read && json_object_iter_set_new(object, member, read) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

int parity_embedded_json_expand(json_t *object, struct parity_error *err)
{
    for (void *m = json_object_iter(object); m; m = json_object_iter_next(object, m)) {
        json_t *value = json_object_iter_value(m);
        int rc = 0;

        switch (parity_json_kind(value)) {
        case PARITY_JSON_OBJECT:
            rc = parity_embedded_json_expand(value, err);
            break;
        case PARITY_JSON_ARRAY:
            rc = expand_items(value, err);
            break;
        case PARITY_JSON_STRING:
            rc = expand_text(object, m, err);
            break;
        default:
            break;
        }
        if (rc < 0)
            return -1;
    }
    return 0;
}
