/* SPDX-License-Identifier: Apache-2.0 */
#include "members.h"

#include "base/json.h"
#include "replacement.h"

/* In a string, what was matched gives way to the replacement; any other value does so whole. */
static json_t *replaced(const struct parity_member_rule *rule, const json_t *value,
                        const json_t *match)
{
    struct parity_buffer text = {0};
    json_t *out = NULL;

    if (!json_is_string(value) || !json_is_string(match))
        return json_stringn_nocheck(rule->replacement, rule->replacement_length);
    parity_buffer_add(&text, json_string_value(value), json_string_length(value));
    if (parity_text_replace(&text, json_string_value(match), json_string_length(match),
                            rule->replacement, rule->replacement_length) == 0)
        out = json_stringn_nocheck(text.data, text.length);
    parity_buffer_clear(&text);
    return out;
}

static int act(const struct parity_member_rule *rule, json_t *object, void *member,
               const json_t *match, struct parity_transform_context *context,
               struct parity_error *err)
{
    if (rule->reference) {
        int rc = parity_transform_reference(context, match, rule->replacement,
                                            rule->replacement_length, err);

        if (rc < 0)
            parity_error_add_context(err, "member '%s'", json_object_iter_key(member));
        return rc;
    }
    if (json_object_iter_set_new(object, member,
                                 replaced(rule, json_object_iter_value(member), match)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int descend(const struct parity_transformer *self, const struct parity_member_rule *rule,
                   json_t *value, struct parity_transform_context *context,
                   struct parity_error *err)
{
    json_t *item;
    size_t i;

    if (parity_json_kind(value) == PARITY_JSON_OBJECT)
        return parity_members_apply(self, rule, value, context, err);
    json_array_foreach(value, i, item) {
        if (parity_json_kind(item) == PARITY_JSON_OBJECT &&
            parity_members_apply(self, rule, item, context, err) < 0)
            return -1;
    }
    return 0;
}

int parity_members_apply(const struct parity_transformer *self,
                         const struct parity_member_rule *rule, json_t *object,
                         struct parity_transform_context *context, struct parity_error *err)
{
    for (void *m = json_object_iter(object); m; m = json_object_iter_next(object, m)) {
        struct parity_member member = {json_object_iter_key(m), json_object_iter_key_len(m),
                                       json_object_iter_value(m)};
        json_t *match = NULL;
        int rc = rule->match(self, &member, &match, err);

        if (rc == 0 && match)
            rc = act(rule, object, m, match, context, err);
        else if (rc == 0)
            rc = descend(self, rule, member.value, context, err);
        json_decref(match);
        if (rc < 0)
            return -1;
    }
    return 0;
}
