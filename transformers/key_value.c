/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "embedded_json.h"
#include "members.h"
#include "python_regex.h"
#include "spec.h"

/*
 * `key_value`: the value of a member becomes a reference, or is replaced.
 *
 * Which member, and which part of it, is told by conditions that presets combine: what the
 * reference has as one function for each service is data here (docs/transformers.md).
 */
struct key_value_transformer {
    struct parity_transformer base;
    json_t *key;                             /* string: this name; NULL: see key_pattern */
    struct parity_python_regex *key_pattern; /* found anywhere in the name; NULL: any name */
    enum value_type { GIVEN, TEXT, LIST, TIMESTAMP, ANY } value_type;
    struct parity_python_regex *value_pattern; /* at the beginning of a string; NULL: none */
    struct parity_python_regex *unless;        /* a string that begins so is not meant */
    long group;                                /* of value_pattern; -1: the whole value */
    bool json;                                 /* what is taken must be a JSON document */
    bool take_key;                             /* the name is taken instead of the value */
    struct parity_buffer replacement;
    struct parity_member_rule rule;
};

static int key_is_meant(const struct key_value_transformer *self,
                        const struct parity_member *member, struct parity_error *err)
{
    if (self->key)
        return member->key_length == json_string_length(self->key) &&
               memcmp(member->key, json_string_value(self->key), member->key_length) == 0;
    if (self->key_pattern)
        return parity_python_regex_search(self->key_pattern, member->key, member->key_length, 0,
                                          NULL, err);
    return 1;
}

static bool type_is_meant(const struct key_value_transformer *self, const json_t *value)
{
    switch (self->value_type) {
    case TEXT:
        return json_is_string(value);
    case LIST:
        return json_is_array(value);
    case TIMESTAMP:
        return parity_json_kind(value) == PARITY_JSON_DATETIME;
    case ANY:
        return true;
    default:
        return !json_is_null(value) && !(json_is_string(value) && json_string_length(value) == 0);
    }
}

/* Whether `value` begins as `pattern` says; -1 on failure. */
static int begins(const struct parity_python_regex *pattern, const json_t *value, long group,
                  struct parity_regex_span *span, struct parity_error *err)
{
    if (!json_is_string(value))
        return 0;
    return parity_python_regex_match(pattern, json_string_value(value), json_string_length(value),
                                     group > 0 ? (unsigned)group : 0, span, err);
}

static int value_is_meant(const struct key_value_transformer *self, const json_t *value,
                          struct parity_regex_span *span, struct parity_error *err)
{
    int rc;

    if (!type_is_meant(self, value))
        return 0;
    if (self->unless && (rc = begins(self->unless, value, 0, NULL, err)) != 0)
        return rc < 0 ? -1 : 0;
    if (!self->value_pattern)
        return 1;
    rc = begins(self->value_pattern, value, self->group, span, err);
    return rc == 1 ? span->start != PARITY_REGEX_UNSET : rc;
}

/* The part of a member that was asked for; new. */
static json_t *taken(const struct key_value_transformer *self, const struct parity_member *member,
                     const struct parity_regex_span *span)
{
    if (self->take_key)
        return json_stringn_nocheck(member->key, member->key_length);
    if (self->value_pattern && self->group >= 0)
        return json_stringn_nocheck(json_string_value(member->value) + span->start,
                                    span->end - span->start);
    return json_incref(member->value);
}

static int holds_json(const json_t *text, struct parity_error *err)
{
    json_t *read = NULL;
    int rc = json_is_string(text) ? parity_embedded_json_read(text, &read, err) : 0;

    json_decref(read);
    return rc < 0 ? -1 : read != NULL;
}

static int match(const struct parity_transformer *base, const struct parity_member *member,
                 json_t **out, struct parity_error *err)
{
    const struct key_value_transformer *self = (const struct key_value_transformer *)base;
    struct parity_regex_span span = {0, 0};
    int rc = key_is_meant(self, member, err);

    if (rc == 1)
        rc = value_is_meant(self, member->value, &span, err);
    if (rc != 1)
        return rc;
    *out = taken(self, member, &span);
    if (!*out) {
        parity_fail_nomem(err);
        return -1;
    }
    if (self->json && (rc = holds_json(*out, err)) != 1) {
        json_decref(*out);
        *out = NULL;
        return rc;
    }
    return 0;
}

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    const struct key_value_transformer *self = (const struct key_value_transformer *)base;

    return parity_members_apply(base, &self->rule, document, context, err);
}

static void release(struct parity_transformer *base)
{
    struct key_value_transformer *self = (struct key_value_transformer *)base;

    json_decref(self->key);
    parity_python_regex_free(self->key_pattern);
    parity_python_regex_free(self->value_pattern);
    parity_python_regex_free(self->unless);
    parity_buffer_clear(&self->replacement);
    parity_free(self);
}

static const struct parity_transformer_class key_value_class = {"key_value", apply, release};

/* `TopicArn` → `topic-arn`: the label of a reference that names none. */
static void derive_replacement(struct parity_buffer *out, const char *key, size_t length)
{
    size_t start = 0;

    for (size_t i = 0; i < length; i++) {
        if (isupper((unsigned char)key[i]))
            parity_buffer_add_char(out, '-');
        parity_buffer_add_char(out, (char)tolower((unsigned char)key[i]));
    }
    parity_buffer_add(out, "", 0);
    if (out->failed)
        return;
    while (start < out->length && out->data[start] == '-')
        start++;
    while (out->length > start && out->data[out->length - 1] == '-')
        out->length--;
    memmove(out->data, out->data + start, out->length - start);
    out->length -= start;
    out->data[out->length] = '\0';
}

static int read_replacement(struct key_value_transformer *self, const json_t *spec,
                            struct parity_error *err)
{
    struct parity_spec_text text;

    if (parity_spec_text(spec, "replacement", !self->key, &text, err) < 0 ||
        parity_spec_bool(spec, "reference", true, &self->rule.reference, err) < 0)
        return -1;
    /* An empty label is taken for none, as in the reference. */
    if (text.length > 0 || !self->key)
        parity_buffer_add(&self->replacement, text.data, text.length);
    else
        derive_replacement(&self->replacement, json_string_value(self->key),
                           json_string_length(self->key));
    if (self->replacement.failed) {
        parity_fail_nomem(err);
        return -1;
    }
    self->rule.match = match;
    self->rule.replacement = self->replacement.data;
    self->rule.replacement_length = self->replacement.length;
    return 0;
}

static int read_pattern(const json_t *spec, const char *name, struct parity_python_regex **out,
                        struct parity_error *err)
{
    struct parity_spec_text text;

    if (parity_spec_text(spec, name, false, &text, err) < 0)
        return -1;
    if (!text.data)
        return 0;
    *out = parity_python_regex_new(text.data, text.length, err);
    return *out ? 0 : -1;
}

static int read_group(struct key_value_transformer *self, const json_t *spec,
                      struct parity_error *err)
{
    const json_t *group = json_object_get(spec, "group");

    self->group = group ? (long)json_integer_value(group) : -1;
    if (!group)
        return 0;
    if (json_is_integer(group) && self->value_pattern && self->group >= 0 &&
        self->group <= (long)parity_python_regex_groups(self->value_pattern))
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL,
                "member 'group' must be the number of a group in 'value_pattern'");
    return -1;
}

static int read_value_type(struct key_value_transformer *self, const json_t *spec,
                           struct parity_error *err)
{
    static const char *const names[] = {"given", "text", "list", "timestamp", "any"};
    struct parity_spec_text text;

    if (parity_spec_text(spec, "value_type", false, &text, err) < 0)
        return -1;
    self->value_type = self->value_pattern ? TEXT : GIVEN;
    if (!text.data)
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], text.data) == 0) {
            self->value_type = (enum value_type)i;
            return 0;
        }
    }
    parity_fail(err, PARITY_E_INVALID, NULL,
                "member 'value_type' must be given, text, list, timestamp or any, not '%.60s'",
                text.data);
    return -1;
}

static int read_take(struct key_value_transformer *self, const json_t *spec,
                     struct parity_error *err)
{
    struct parity_spec_text text;

    if (parity_spec_text(spec, "take", false, &text, err) < 0)
        return -1;
    self->take_key = text.data && strcmp(text.data, "key") == 0;
    if (!text.data || self->take_key || strcmp(text.data, "value") == 0)
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL, "member 'take' must be key or value, not '%.60s'",
                text.data);
    return -1;
}

static int read_key(struct key_value_transformer *self, const json_t *spec,
                    struct parity_error *err)
{
    struct parity_spec_text key;

    if (parity_spec_text(spec, "key", false, &key, err) < 0 ||
        read_pattern(spec, "key_pattern", &self->key_pattern, err) < 0)
        return -1;
    self->key = json_incref(json_object_get(spec, "key"));
    if (self->key && self->key_pattern) {
        parity_fail(err, PARITY_E_INVALID, NULL, "give 'key' or 'key_pattern', not both");
        return -1;
    }
    if (self->key || self->key_pattern || json_object_get(spec, "value_type"))
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL, "member 'key' is missing");
    return -1;
}

struct parity_transformer *parity_key_value_make(const json_t *spec, struct parity_error *err)
{
    struct key_value_transformer *self = parity_calloc(1, sizeof *self);

    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &key_value_class;
    if (read_key(self, spec, err) == 0 &&
        read_pattern(spec, "value_pattern", &self->value_pattern, err) == 0 &&
        read_pattern(spec, "unless_value_pattern", &self->unless, err) == 0 &&
        read_group(self, spec, err) == 0 && read_value_type(self, spec, err) == 0 &&
        read_take(self, spec, err) == 0 &&
        parity_spec_bool(spec, "json", false, &self->json, err) == 0 &&
        read_replacement(self, spec, err) == 0)
        return &self->base;
    release(&self->base);
    return NULL;
}
