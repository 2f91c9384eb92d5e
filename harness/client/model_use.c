/* SPDX-License-Identifier: Apache-2.0 */
/* What one use of a shape says: the traits of the shape, and over them those of the reference. */
#include <string.h>

#include "client/model_builder.h"

static const struct {
    const char *name;
    enum parity_trait trait;
} flags[] = {
    {"flattened", PARITY_TRAIT_FLATTENED},
    {"streaming", PARITY_TRAIT_STREAMING},
    {"xmlAttribute", PARITY_TRAIT_XML_ATTRIBUTE},
    {"eventstream", PARITY_TRAIT_EVENT_STREAM},
    {"event", PARITY_TRAIT_EVENT},
    {"eventheader", PARITY_TRAIT_EVENT_HEADER},
    {"eventpayload", PARITY_TRAIT_EVENT_PAYLOAD},
    {"jsonvalue", PARITY_TRAIT_JSON_VALUE},
    {"hostLabel", PARITY_TRAIT_HOST_LABEL},
    {"idempotencyToken", PARITY_TRAIT_IDEMPOTENCY_TOKEN},
    {"document", PARITY_TRAIT_DOCUMENT},
    {"union", PARITY_TRAIT_UNION},
    {"exception", PARITY_TRAIT_EXCEPTION},
    {"sensitive", PARITY_TRAIT_SENSITIVE},
    {"requiresLength", PARITY_TRAIT_REQUIRES_LENGTH},
    {"sparse", PARITY_TRAIT_SPARSE},
    {"retryable", PARITY_TRAIT_RETRYABLE},
    {"fault", PARITY_TRAIT_FAULT},
    {"deprecated", PARITY_TRAIT_DEPRECATED},
    {"endpointdiscoveryid", PARITY_TRAIT_DISCOVERY_ID},
};

static const struct {
    const char *name;
    enum parity_text_trait trait;
} texts[] = {
    {"queryName", PARITY_TEXT_QUERY_NAME},
    {"payload", PARITY_TEXT_PAYLOAD},
    {"resultWrapper", PARITY_TEXT_RESULT_WRAPPER},
    {"timestampFormat", PARITY_TEXT_TIMESTAMP_FORMAT},
    {"xmlNamespace", PARITY_TEXT_XML_NAMESPACE}, /* as a plain text; see add_extra() */
};

static const json_t *trait(const struct parity_model_use *use, const char *name)
{
    const json_t *value = json_object_get(use->reference, name);

    return value ? value : json_object_get(use->shape, name);
}

bool parity_model_is_true(const json_t *value)
{
    if (json_is_string(value))
        return json_string_length(value) > 0;
    if (json_is_number(value))
        return json_number_value(value) != 0;
    return value && !json_is_false(value) && !json_is_null(value);
}

static uint32_t read_flags(const struct parity_model_use *use)
{
    uint32_t result = 0;

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (parity_model_is_true(trait(use, flags[i].name)))
            result |= flags[i].trait;
    if (parity_model_is_true(json_object_get(trait(use, "retryable"), "throttling")))
        result |= PARITY_TRAIT_THROTTLING;
    return result;
}

static enum parity_location read_location(const struct parity_model_use *use)
{
    static const struct {
        const char *name;
        enum parity_location location;
    } locations[] = {
        {"uri", PARITY_LOCATION_URI},
        {"querystring", PARITY_LOCATION_QUERYSTRING},
        {"header", PARITY_LOCATION_HEADER},
        {"headers", PARITY_LOCATION_HEADERS},
        {"statusCode", PARITY_LOCATION_STATUS_CODE},
    };
    const char *name = json_string_value(trait(use, "location"));

    if (!name)
        return PARITY_LOCATION_BODY;
    for (size_t i = 0; i < sizeof locations / sizeof *locations; i++)
        if (strcmp(locations[i].name, name) == 0)
            return locations[i].location;
    return PARITY_LOCATION_OTHER;
}

static int add_enum(struct parity_model_builder *b, const json_t *values,
                    struct parity_blob_extra *extra)
{
    size_t count = json_array_size(values);
    uint32_t first;

    if (count == 0)
        return 0;
    first = parity_model_add(b, &b->enum_values, count, sizeof(parity_blob_link));
    if (!first)
        return -1;
    extra->enum_values = (parity_blob_link)first;
    extra->enum_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(values, i));
        parity_blob_link link;

        if (parity_model_add_text(b, text ? text : "", &link) < 0)
            return -1;
        ((parity_blob_link *)b->enum_values.items)[first - 1 + i] = link;
    }
    return 0;
}

static int read_extra(struct parity_model_builder *b, const struct parity_model_use *use,
                      struct parity_blob_extra *extra)
{
    const json_t *namespace = trait(use, "xmlNamespace");
    const json_t *min = trait(use, "min"), *max = trait(use, "max");

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (parity_model_add_json_text(b, trait(use, texts[i].name),
                                       &extra->texts[texts[i].trait]) < 0)
            return -1;
    if (parity_model_add_json_text(b, json_object_get(namespace, "uri"),
                                   &extra->texts[PARITY_TEXT_XML_NAMESPACE]) < 0 ||
        parity_model_add_json_text(b, json_object_get(namespace, "prefix"),
                                   &extra->texts[PARITY_TEXT_XML_PREFIX]) < 0 ||
        parity_model_add_json_text(b, json_object_get(trait(use, "contextParam"), "name"),
                                   &extra->texts[PARITY_TEXT_CONTEXT_PARAM]) < 0 ||
        parity_model_add_json_text(b, json_object_get(trait(use, "error"), "code"),
                                   &extra->texts[PARITY_TEXT_ERROR_CODE]) < 0)
        return -1;
    extra->has_min = json_is_number(min);
    extra->has_max = json_is_number(max);
    extra->min = json_number_value(min);
    extra->max = json_number_value(max);
    return add_enum(b, trait(use, "enum"), extra);
}

/* Most uses have nothing of the rare kind, and most of the others have what their neighbour has. */
static int add_extra(struct parity_model_builder *b, const struct parity_model_use *use,
                     parity_blob_link *link)
{
    static const struct parity_blob_extra nothing;
    struct parity_blob_extra extra;
    uint32_t position;

    memset(&extra, 0, sizeof extra); /* compared as bytes */
    if (read_extra(b, use, &extra) < 0)
        return -1;
    if (memcmp(&extra, &nothing, sizeof extra) == 0)
        return 0;
    if (b->extras.count > 0 &&
        memcmp(&extra, (struct parity_blob_extra *)b->extras.items + b->extras.count - 1,
               sizeof extra) == 0) {
        *link = (parity_blob_link)b->extras.count;
        return 0;
    }
    position = parity_model_add(b, &b->extras, 1, sizeof extra);
    if (!position)
        return -1;
    ((struct parity_blob_extra *)b->extras.items)[position - 1] = extra;
    *link = (parity_blob_link)position;
    return 0;
}

int parity_model_read_use(struct parity_model_builder *b, const struct parity_model_use *use,
                          struct parity_shape *out)
{
    out->traits = read_flags(use);
    out->location = read_location(use);
    if (parity_model_add_json_text(b, trait(use, "locationName"), &out->location_name) < 0)
        return -1;
    return add_extra(b, use, &out->extra);
}
