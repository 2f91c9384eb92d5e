/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/memory.h"
#include "members.h"
#include "python_regex.h"
#include "spec.h"

/* `resource_name`: the name in any string that is an ARN becomes a reference. */
struct resource_name_transformer {
    struct parity_transformer base;
    struct parity_python_regex *arn;
    char *label; /* owned */
    struct parity_member_rule rule;
};

static const char arn_pattern[] =
    "arn:(aws[a-zA-Z-]*)?:([a-zA-Z0-9-_.]+)?:([^:]+)?:(\\d{12})?:(.*)";
enum { RESOURCE_GROUP = 5 };
static const char default_label[] = "resource";

/* A piece of a string. */
struct part {
    const char *data;
    size_t length;
};

static struct part after_last(struct part part, char sign)
{
    const char *found = part.length ? memrchr(part.data, sign, part.length) : NULL;
    const char *end = part.data + part.length;

    return found ? (struct part){found + 1, (size_t)(end - found - 1)} : part;
}

static bool starts_with(struct part part, const char *text)
{
    return part.length >= strlen(text) && memcmp(part.data, text, strlen(text)) == 0;
}

static bool contains(struct part part, char sign)
{
    return part.length && memchr(part.data, sign, part.length);
}

/* `function:NAME:$LATEST` gives NAME, `function:NAME:3` gives NAME:3. */
static struct part function_name(struct part resource)
{
    const char *dollar;

    resource.data += strlen("function:");
    resource.length -= strlen("function:");
    dollar = resource.length ? memchr(resource.data, '$', resource.length) : NULL;
    if (!dollar)
        return resource;
    resource.length = (size_t)(dollar - resource.data);
    while (resource.length && resource.data[resource.length - 1] == ':')
        resource.length--;
    return resource;
}

/* `layer:NAME` or `layer:NAME:VERSION`; false for any other. */
static bool layer_name(struct part resource, struct part *out)
{
    const char *name = resource.data + strlen("layer:");
    const char *end = resource.data + resource.length;
    const char *colon;

    if (!starts_with(resource, "layer:"))
        return false;
    colon = name < end ? memchr(name, ':', (size_t)(end - name)) : NULL;
    if (colon && memchr(colon + 1, ':', (size_t)(end - colon - 1)))
        return false;
    *out = (struct part){name, (size_t)((colon ? colon : end) - name)};
    return true;
}

/* The name in the ARN `value`, whose last part is `resource`; false: it has none. */
static bool resource_name(struct part value, struct part resource, struct part *out)
{
    static const char change_set[] = ":changeSet/";
    struct part rest = value;
    const char *found;
    bool any = false;

    if (starts_with(resource, "<") && resource.data[resource.length - 1] == '>')
        return false; /* a placeholder already */
    while ((found = memmem(rest.data, rest.length, change_set, strlen(change_set)))) {
        any = true;
        rest.length -= (size_t)(found - rest.data) + strlen(change_set);
        rest.data = found + strlen(change_set);
    }
    if (any)
        *out = rest;
    else if (contains(resource, '/'))
        *out = after_last(resource, '/');
    else if (starts_with(resource, "function:"))
        *out = function_name(resource);
    else if (!layer_name(resource, out))
        *out = after_last(resource, ':');
    return true;
}

static int match(const struct parity_transformer *base, const struct parity_member *member,
                 json_t **out, struct parity_error *err)
{
    const struct resource_name_transformer *self = (const struct resource_name_transformer *)base;
    struct part value = {json_string_value(member->value), json_string_length(member->value)};
    struct parity_regex_span span;
    struct part name;
    int rc;

    if (!value.data || !starts_with(value, "arn:"))
        return 0;
    rc = parity_python_regex_match(self->arn, value.data, value.length, RESOURCE_GROUP, &span, err);
    if (rc <= 0)
        return rc;
    if (!resource_name(value, (struct part){value.data + span.start, span.end - span.start}, &name))
        return 0;
    *out = json_stringn_nocheck(name.data, name.length);
    if (*out)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    const struct resource_name_transformer *self = (const struct resource_name_transformer *)base;

    return parity_members_apply(base, &self->rule, document, context, err);
}

static void release(struct parity_transformer *base)
{
    struct resource_name_transformer *self = (struct resource_name_transformer *)base;

    parity_python_regex_free(self->arn);
    parity_free(self->label);
    parity_free(self);
}

static const struct parity_transformer_class resource_name_class = {"resource_name", apply,
                                                                    release};

struct parity_transformer *parity_resource_name_make(const json_t *spec, struct parity_error *err)
{
    struct parity_spec_text label;
    struct resource_name_transformer *self;

    if (parity_spec_text(spec, "replacement", false, &label, err) < 0)
        return NULL;
    if (!label.data)
        label = (struct parity_spec_text){default_label, strlen(default_label)};
    self = parity_calloc(1, sizeof *self);
    if (!self) {
        parity_fail_nomem(err);
        return NULL;
    }
    self->base.class = &resource_name_class;
    self->label = parity_strndup(label.data, label.length);
    self->arn = parity_python_regex_new(arn_pattern, strlen(arn_pattern), err);
    self->rule = (struct parity_member_rule){match, self->label, label.length, true};
    if (self->label && self->arn)
        return &self->base;
    parity_fail_nomem(err); /* unless the pattern failed with a reason */
    release(&self->base);
    return NULL;
}
