/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_MODEL_H
#define PARITY_CLIENT_MODEL_H

/*
 * botocore's service models (service-2.json[.gz]) in a form that costs little to open: strings and
 * tables, no tree. Everything returned is borrowed from the model.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/** Where data files are looked for: AWS_DATA_PATH, then botocore, as DESIGN.md ("Service models")
 * says. */
struct parity_models;

struct parity_models_options {
    const char *data_path; /* folders joined by ':' that come first; NULL: the environment's
                              AWS_DATA_PATH */
    const char *const
        *further;           /* folders that come after those and ~/.aws/models,
                               NULL-terminated; one that does not exist is left out. NULL: none */
    const char *model_file; /* use this service-2.json for every service (`--model`); NULL: none */
};

struct parity_models *parity_models_new(const struct parity_models_options *options,
                                        struct parity_error *err);
void parity_models_free(struct parity_models *models);

struct parity_service;   /* one loaded service model */
struct parity_operation; /* one operation of it */
struct parity_shape;     /* one shape of it */

/**
 * The newest API version of a service, loaded on first use and kept.
 *
 * @param name  botocore's folder name ("sqs", "stepfunctions", "events")
 * @param err   PARITY_E_NOT_FOUND (with the nearest known name), PARITY_E_ENVIRONMENT (no models at
 * all: where was looked, how to get them), PARITY_E_PARSE
 * @return borrowed from `models`, or NULL
 */
const struct parity_service *parity_models_service(struct parity_models *models, const char *name,
                                                   struct parity_error *err);

/**
 * The same, with a model that lists `protocol`: the newest one, else that of `<name>-<protocol>`,
 * where models stand that still have what newer ones dropped ("sqs-query"). The service keeps its
 * name, and with it its endpoints and settings.
 *
 * @param err  also PARITY_E_INVALID: neither lists it
 */
const struct parity_service *parity_models_service_speaking(struct parity_models *models,
                                                            const char *name, const char *protocol,
                                                            struct parity_error *err);

/**
 * A further data file of a service ("endpoint-rule-set-1", "paginators-1", "waiters-2"), or of the
 * data folder itself when `service` is NULL ("partitions"). New; NULL with PARITY_E_NOT_FOUND.
 */
json_t *parity_models_data(struct parity_models *models, const char *service, const char *file,
                           struct parity_error *err);

/**
 * A text that names the files that parity_models_data() would read, with their sizes and dates:
 * what is derived from them holds as long as it is the same. New, released with parity_free(); NULL
 * when there are none, or none worth keeping anything of (`--model`).
 */
char *parity_models_data_source(struct parity_models *models, const char *service,
                                const char *file);

/**
 * Whether there are service models at all: what a program that calls many services asks once, at
 * its start.
 *
 * @param err  PARITY_E_ENVIRONMENT: where they were looked for and where they come from
 * @return 0 or -1
 */
int parity_models_check(const struct parity_models *models, struct parity_error *err);

/** Version of the models, as botocore's ("1.43.67"); "unknown" when the folder does not tell.
 * Borrowed. */
const char *parity_models_version(struct parity_models *models);

/**
 * A place for what another module derives from the models and keeps as long as they live: NULL at
 * first, then whatever was stored there, released with `release` by parity_models_free(). There is
 * one such place; it is the endpoint rules'.
 */
void **parity_models_attachment(struct parity_models *models, void (*release)(void *content));

/* --- service -----------------------------------------------------------------------------------
 */

const char *parity_service_name(const struct parity_service *service);

/** A member of `metadata` that is a string ("endpointPrefix", "signingName", "protocol",
 * "serviceId"). */
const char *parity_service_metadata(const struct parity_service *service, const char *key);

/** What the service signs as: `signingName`, else `endpointPrefix`. */
const char *parity_service_signing_name(const struct parity_service *service);

/** The protocol botocore would choose of `metadata.protocols`, of those that parity speaks. */
const char *parity_service_protocol(const struct parity_service *service);

/** Whether `metadata.protocols` (or `protocol`) lists this one. */
bool parity_service_has_protocol(const struct parity_service *service, const char *protocol);

/** The operations, sorted by name. */
size_t parity_service_operation_count(const struct parity_service *service);
const struct parity_operation *parity_service_operation_at(const struct parity_service *service,
                                                           size_t index);

/** @param err PARITY_E_NOT_FOUND with the nearest known name */
const struct parity_operation *parity_service_operation(const struct parity_service *service,
                                                        const char *name, struct parity_error *err);

/**
 * The shape of an error by its code on the wire, as botocore's ServiceModel.shape_for_error_code;
 * NULL if none is modelled.
 */
const struct parity_shape *parity_service_error_shape(const struct parity_service *service,
                                                      const char *code);

/** The shapes of all errors of the service, in the order of the model. */
size_t parity_service_error_count(const struct parity_service *service);
const struct parity_shape *parity_service_error_at(const struct parity_service *service,
                                                   size_t index);

/* --- operation ---------------------------------------------------------------------------------
 */

const struct parity_service *parity_operation_service(const struct parity_operation *operation);
const char *parity_operation_name(const struct parity_operation *operation);

/** The name on the wire, where the model's `name` differs from the operation's key. */
const char *parity_operation_wire_name(const struct parity_operation *operation);

const char *parity_operation_http_method(const struct parity_operation *operation);
const char *parity_operation_http_uri(const struct parity_operation *operation);

/** `http.responseCode`; 0: none. */
int parity_operation_http_status(const struct parity_operation *operation);

/** Input and output shape, NULL if there is none. */
const struct parity_shape *parity_operation_input(const struct parity_operation *operation);
const struct parity_shape *parity_operation_output(const struct parity_operation *operation);

/**
 * Any other member of the operation's entry in the model ("authtype", "endpoint", "httpChecksum",
 * "staticContextParams", "operationContextParams", …). Borrowed; NULL if absent.
 */
const json_t *parity_operation_trait(const struct parity_operation *operation, const char *name);

/**
 * A member of the model's top level other than operations, shapes and documentation ("metadata",
 * "clientContextParams"). Borrowed; NULL if absent.
 */
const json_t *parity_service_trait(const struct parity_service *service, const char *name);

/* --- shape -------------------------------------------------------------------------------------
 */

enum parity_shape_type {
    PARITY_SHAPE_STRUCTURE,
    PARITY_SHAPE_LIST,
    PARITY_SHAPE_MAP,
    PARITY_SHAPE_STRING,
    PARITY_SHAPE_CHARACTER,
    PARITY_SHAPE_BLOB,
    PARITY_SHAPE_BOOLEAN,
    PARITY_SHAPE_INTEGER,
    PARITY_SHAPE_LONG,
    PARITY_SHAPE_FLOAT,
    PARITY_SHAPE_DOUBLE,
    PARITY_SHAPE_TIMESTAMP
};

/**
 * A `struct parity_shape` is a shape as one place uses it: what the reference there adds (a
 * member's `locationName`, a list item's `flattened`, …) is merged over what the shape itself says,
 * as botocore's ShapeResolver does. Two members of one shape are two of these.
 */
enum parity_shape_type parity_shape_type(const struct parity_shape *shape);

/** The shape's own name in the model ("QueueNameList"). */
const char *parity_shape_name(const struct parity_shape *shape);

/** Whether two uses are of the same shape. */
bool parity_shape_same(const struct parity_shape *a, const struct parity_shape *b);

/** The members of a structure in the order of the model; 0 for other types. */
size_t parity_shape_member_count(const struct parity_shape *shape);
const struct parity_shape *parity_shape_member_at(const struct parity_shape *shape, size_t index);

/** A member by the name it has in inputs and outputs; NULL if there is none. */
const struct parity_shape *parity_shape_member(const struct parity_shape *shape, const char *name);

/** What a structure calls this member; NULL for a shape that is no structure's member. */
const char *parity_shape_member_name(const struct parity_shape *member);

/** The items of a list, the keys and the values of a map. */
const struct parity_shape *parity_shape_list_member(const struct parity_shape *list);
const struct parity_shape *parity_shape_map_key(const struct parity_shape *map);
const struct parity_shape *parity_shape_map_value(const struct parity_shape *map);

/** Traits that are there or not. */
enum parity_trait {
    PARITY_TRAIT_REQUIRED = 1u << 0, /* a member that its structure requires */
    PARITY_TRAIT_FLATTENED = 1u << 1,
    PARITY_TRAIT_STREAMING = 1u << 2,
    PARITY_TRAIT_XML_ATTRIBUTE = 1u << 3,
    PARITY_TRAIT_EVENT_STREAM = 1u << 4,
    PARITY_TRAIT_EVENT = 1u << 5,
    PARITY_TRAIT_EVENT_HEADER = 1u << 6,
    PARITY_TRAIT_EVENT_PAYLOAD = 1u << 7,
    PARITY_TRAIT_JSON_VALUE = 1u << 8,
    PARITY_TRAIT_HOST_LABEL = 1u << 9,
    PARITY_TRAIT_IDEMPOTENCY_TOKEN = 1u << 10,
    PARITY_TRAIT_DOCUMENT = 1u << 11,
    PARITY_TRAIT_UNION = 1u << 12,
    PARITY_TRAIT_EXCEPTION = 1u << 13,
    PARITY_TRAIT_SENSITIVE = 1u << 14,
    PARITY_TRAIT_REQUIRES_LENGTH = 1u << 15,
    PARITY_TRAIT_SPARSE = 1u << 16,
    PARITY_TRAIT_RETRYABLE = 1u << 17,
    PARITY_TRAIT_THROTTLING = 1u << 18, /* retryable.throttling */
    PARITY_TRAIT_FAULT = 1u << 19,
    PARITY_TRAIT_DEPRECATED = 1u << 20,
    PARITY_TRAIT_DISCOVERY_ID = 1u << 21 /* endpointdiscoveryid */
};

bool parity_shape_has(const struct parity_shape *shape, enum parity_trait trait);

/** Where in an HTTP message a member stands. */
enum parity_location {
    PARITY_LOCATION_BODY, /* no `location` */
    PARITY_LOCATION_URI,
    PARITY_LOCATION_QUERYSTRING,
    PARITY_LOCATION_HEADER,
    PARITY_LOCATION_HEADERS,
    PARITY_LOCATION_STATUS_CODE,
    PARITY_LOCATION_OTHER /* one that this version does not know */
};

enum parity_location parity_shape_location(const struct parity_shape *shape);

/** `locationName`; NULL if there is none. */
const char *parity_shape_location_name(const struct parity_shape *shape);

/** Traits with a text; NULL where the shape does not have them. */
enum parity_text_trait {
    PARITY_TEXT_QUERY_NAME,
    PARITY_TEXT_PAYLOAD, /* name of the member that is the body */
    PARITY_TEXT_RESULT_WRAPPER,
    PARITY_TEXT_TIMESTAMP_FORMAT,
    PARITY_TEXT_XML_NAMESPACE, /* its URI */
    PARITY_TEXT_XML_PREFIX,
    PARITY_TEXT_CONTEXT_PARAM, /* contextParam.name: the endpoint parameter that the member sets */
    PARITY_TEXT_ERROR_CODE,    /* error.code */
    PARITY_TEXT_COUNT
};

const char *parity_shape_text(const struct parity_shape *shape, enum parity_text_trait trait);

/** @param min  set when the shape has one (of a value, or of a length) */
bool parity_shape_min(const struct parity_shape *shape, double *min);
bool parity_shape_max(const struct parity_shape *shape, double *max);

/** The values of an enum; 0 when it is none. */
size_t parity_shape_enum_count(const struct parity_shape *shape);
const char *parity_shape_enum_at(const struct parity_shape *shape, size_t index);

/** Whether a member of the structure (or of `operation`'s input, …) is an event stream: that
 * member, else NULL. */
const struct parity_shape *parity_shape_event_stream(const struct parity_shape *shape);

/** The member that is the raw body (a payload of type blob or string); NULL if there is none. */
const struct parity_shape *parity_shape_raw_payload(const struct parity_shape *shape);

#endif
