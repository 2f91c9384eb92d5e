/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "base/suggest.h"
#include "client/model.h"
#include "client/model_loaded.h"

/* --- service -----------------------------------------------------------------------------------
 */

const char *parity_service_name(const struct parity_service *service)
{
    return service->name;
}

const json_t *parity_service_trait(const struct parity_service *service, const char *name)
{
    return json_object_get(service->traits, name);
}

const char *parity_service_metadata(const struct parity_service *service, const char *key)
{
    return json_string_value(json_object_get(service->metadata, key));
}

const char *parity_service_signing_name(const struct parity_service *service)
{
    const char *name = parity_service_metadata(service, "signingName");

    if (!name)
        name = parity_service_metadata(service, "endpointPrefix");
    return name ? name : service->name;
}

bool parity_service_has_protocol(const struct parity_service *service, const char *protocol)
{
    const json_t *protocols = json_object_get(service->metadata, "protocols");
    const char *single = parity_service_metadata(service, "protocol");
    size_t i;
    json_t *item;

    json_array_foreach(protocols, i, item)
        if (json_is_string(item) && strcmp(json_string_value(item), protocol) == 0)
            return true;
    return json_array_size(protocols) == 0 && single && strcmp(single, protocol) == 0;
}

const char *parity_service_protocol(const struct parity_service *service)
{
    return service->protocol;
}

const char *parity_service_choose_protocol(const struct parity_service *service)
{
    /* botocore/utils.py, PRIORITY_ORDERED_SUPPORTED_PROTOCOLS */
    static const char *const by_priority[] = {
        "json", "rest-json", "rest-xml", "smithy-rpc-v2-cbor", "query", "ec2"};
    const char *single = parity_service_metadata(service, "protocol");

    for (size_t i = 0; i < sizeof by_priority / sizeof *by_priority; i++)
        if (parity_service_has_protocol(service, by_priority[i]))
            return by_priority[i];
    return single ? single : "";
}

size_t parity_service_operation_count(const struct parity_service *service)
{
    return service->model.blob->operations.count;
}

const struct parity_operation *parity_service_operation_at(const struct parity_service *service,
                                                           size_t index)
{
    return &service->operations[index];
}

const struct parity_operation *parity_service_operation(const struct parity_service *service,
                                                        const char *name, struct parity_error *err)
{
    size_t low = 0, high = service->model.blob->operations.count;
    const char *nearest = NULL;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(parity_operation_name(&service->operations[middle]), name);

        if (order == 0)
            return &service->operations[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = 0; i < service->model.blob->operations.count; i++)
        nearest = parity_suggest(name, nearest, parity_operation_name(&service->operations[i]));
    parity_fail(err, PARITY_E_NOT_FOUND, NULL, "the service '%s' has no operation '%s'%s%s%s",
                service->name, name, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                nearest ? "'?" : "");
    return NULL;
}

const struct parity_shape *parity_service_error_shape(const struct parity_service *service,
                                                      const char *code)
{
    const struct parity_blob *blob = service->model.blob;
    const struct parity_blob_error *errors = parity_blob_at(&blob->errors.start);

    /* Of two shapes with one code the later one counts, as in botocore. */
    for (uint32_t i = blob->errors.count; i > 0; i--)
        if (strcmp(parity_blob_at(&errors[i - 1].code), code) == 0)
            return parity_blob_at(&errors[i - 1].shape);
    return NULL;
}

size_t parity_service_error_count(const struct parity_service *service)
{
    return service->model.blob->errors.count;
}

const struct parity_shape *parity_service_error_at(const struct parity_service *service,
                                                   size_t index)
{
    const struct parity_blob *blob = service->model.blob;
    const struct parity_blob_error *errors = parity_blob_at(&blob->errors.start);

    return index < blob->errors.count ? parity_blob_at(&errors[index].shape) : NULL;
}

/* --- operation ---------------------------------------------------------------------------------
 */

const struct parity_service *parity_operation_service(const struct parity_operation *operation)
{
    return operation->service;
}

const char *parity_operation_name(const struct parity_operation *operation)
{
    return parity_blob_at(&operation->record->name);
}

const char *parity_operation_wire_name(const struct parity_operation *operation)
{
    return parity_blob_at(&operation->record->wire_name);
}

const char *parity_operation_http_method(const struct parity_operation *operation)
{
    return parity_blob_at(&operation->record->method);
}

const char *parity_operation_http_uri(const struct parity_operation *operation)
{
    return parity_blob_at(&operation->record->uri);
}

int parity_operation_http_status(const struct parity_operation *operation)
{
    return (int)operation->record->status;
}

const struct parity_shape *parity_operation_input(const struct parity_operation *operation)
{
    return parity_blob_at(&operation->record->input);
}

const struct parity_shape *parity_operation_output(const struct parity_operation *operation)
{
    return parity_blob_at(&operation->record->output);
}

const json_t *parity_operation_trait(const struct parity_operation *operation, const char *name)
{
    /* Reading them is caching what the model says, not changing the operation. */
    struct parity_operation *mine =
        &operation->service->operations[operation - operation->service->operations];
    const char *text = parity_blob_at(&operation->record->traits);

    if (!mine->traits)
        (void)parity_json_parse(text, strlen(text), NULL, &mine->traits, NULL);
    /* Most operations have none. */
    return json_object_size(mine->traits) > 0 ? json_object_get(mine->traits, name) : NULL;
}

/* --- shape -------------------------------------------------------------------------------------
 */

static const struct parity_blob_body *body_of(const struct parity_shape *shape)
{
    return parity_blob_at(&shape->body);
}

enum parity_shape_type parity_shape_type(const struct parity_shape *shape)
{
    return (enum parity_shape_type)body_of(shape)->type;
}

const char *parity_shape_name(const struct parity_shape *shape)
{
    return parity_blob_at(&body_of(shape)->name);
}

bool parity_shape_same(const struct parity_shape *a, const struct parity_shape *b)
{
    return body_of(a) == body_of(b);
}

size_t parity_shape_member_count(const struct parity_shape *shape)
{
    const struct parity_blob_body *body = body_of(shape);

    return body->type == PARITY_SHAPE_STRUCTURE ? body->member_count : 0;
}

const struct parity_shape *parity_shape_member_at(const struct parity_shape *shape, size_t index)
{
    return (const struct parity_shape *)parity_blob_at(&body_of(shape)->members) + index;
}

const struct parity_shape *parity_shape_member(const struct parity_shape *shape, const char *name)
{
    size_t count = parity_shape_member_count(shape);

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);

        if (strcmp(parity_shape_member_name(member), name) == 0)
            return member;
    }
    return NULL;
}

const char *parity_shape_member_name(const struct parity_shape *member)
{
    return parity_blob_at(&member->member_name);
}

const struct parity_shape *parity_shape_list_member(const struct parity_shape *list)
{
    return parity_shape_member_at(list, 0);
}

const struct parity_shape *parity_shape_map_key(const struct parity_shape *map)
{
    return parity_shape_member_at(map, 0);
}

const struct parity_shape *parity_shape_map_value(const struct parity_shape *map)
{
    return parity_shape_member_at(map, 1);
}

bool parity_shape_has(const struct parity_shape *shape, enum parity_trait trait)
{
    return (shape->traits & trait) != 0;
}

enum parity_location parity_shape_location(const struct parity_shape *shape)
{
    return (enum parity_location)shape->location;
}

const char *parity_shape_location_name(const struct parity_shape *shape)
{
    return parity_blob_at(&shape->location_name);
}

const char *parity_shape_text(const struct parity_shape *shape, enum parity_text_trait trait)
{
    const struct parity_blob_extra *extra = parity_blob_at(&shape->extra);

    return extra ? parity_blob_at(&extra->texts[trait]) : NULL;
}

bool parity_shape_min(const struct parity_shape *shape, double *min)
{
    const struct parity_blob_extra *extra = parity_blob_at(&shape->extra);

    *min = extra ? extra->min : 0;
    return extra && extra->has_min;
}

bool parity_shape_max(const struct parity_shape *shape, double *max)
{
    const struct parity_blob_extra *extra = parity_blob_at(&shape->extra);

    *max = extra ? extra->max : 0;
    return extra && extra->has_max;
}

size_t parity_shape_enum_count(const struct parity_shape *shape)
{
    const struct parity_blob_extra *extra = parity_blob_at(&shape->extra);

    return extra ? extra->enum_count : 0;
}

const char *parity_shape_enum_at(const struct parity_shape *shape, size_t index)
{
    const struct parity_blob_extra *extra = parity_blob_at(&shape->extra);
    const parity_blob_link *values = parity_blob_at(&extra->enum_values);

    return parity_blob_at(&values[index]);
}

const struct parity_shape *parity_shape_event_stream(const struct parity_shape *shape)
{
    size_t count = shape ? parity_shape_member_count(shape) : 0;

    for (size_t i = 0; i < count; i++)
        if (parity_shape_has(parity_shape_member_at(shape, i), PARITY_TRAIT_EVENT_STREAM))
            return parity_shape_member_at(shape, i);
    return NULL;
}

const struct parity_shape *parity_shape_raw_payload(const struct parity_shape *shape)
{
    const char *name = shape ? parity_shape_text(shape, PARITY_TEXT_PAYLOAD) : NULL;
    const struct parity_shape *member = name ? parity_shape_member(shape, name) : NULL;

    if (!member || (parity_shape_type(member) != PARITY_SHAPE_BLOB &&
                    parity_shape_type(member) != PARITY_SHAPE_STRING))
        return NULL;
    return member;
}
