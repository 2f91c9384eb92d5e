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
    const char *data_path;  /* folders joined by ':' that come first; NULL: the environment's
                               AWS_DATA_PATH */
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
 * A further data file of a service ("endpoint-rule-set-1", "paginators-1", "waiters-2"), or of the
 * data folder itself when `service` is NULL ("partitions"). New; NULL with PARITY_E_NOT_FOUND.
 */
json_t *parity_models_data(struct parity_models *models, const char *service, const char *file,
                           struct parity_error *err);

/** Version of the models, as botocore's ("1.43.67"); "unknown" when the folder does not tell.
 * Borrowed. */
const char *parity_models_version(struct parity_models *models);

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

/** @param err PARITY_E_NOT_FOUND with the nearest known name */
const struct parity_operation *parity_service_operation(const struct parity_service *service,
                                                        const char *name, struct parity_error *err);

/**
 * The shape of an error by its code on the wire, as botocore's ServiceModel.shape_for_error_code;
 * NULL if none is modelled.
 */
const struct parity_shape *parity_service_error_shape(const struct parity_service *service,
                                                      const char *code);

/* --- operation ---------------------------------------------------------------------------------
 */

const struct parity_service *parity_operation_service(const struct parity_operation *operation);
const char *parity_operation_name(const struct parity_operation *operation);
const char *parity_operation_http_method(const struct parity_operation *operation);
const char *parity_operation_http_uri(const struct parity_operation *operation);
int parity_operation_http_status(const struct parity_operation *operation);

/** Input and output shape, NULL if there is none. */
const struct parity_shape *parity_operation_input(const struct parity_operation *operation);
const struct parity_shape *parity_operation_output(const struct parity_operation *operation);

/**
 * Any other member of the operation's entry in the model ("authtype", "endpoint", "httpChecksum",
 * "staticContextParams", "operationContextParams", …). Borrowed; NULL if absent.
 */
const json_t *parity_operation_trait(const struct parity_operation *operation, const char *name);

/** The member of `clientContextParams` etc. on service level. Borrowed; NULL if absent. */
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

/*
 * The model's indexed form is the concern of model.c; the protocols see members and traits through
 * the functions that model.c's owner adds below (members with their merged traits, as botocore
 * merges a member's traits over its shape's).
 */

#endif
