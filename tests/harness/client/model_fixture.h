/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TESTS_MODEL_FIXTURE_H
#define PARITY_TESTS_MODEL_FIXTURE_H

/*
 * A service model for a test, from the JSON text of its parts (with ' for "). Include after
 * cmocka.h. The operation is called "Op".
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "client/model.h"

struct model_fixture {
    struct parity_models *models;
    const struct parity_operation *operation;
};

/* JSON with single quotes; new. */
static inline json_t *fixture_json(const char *text)
{
    struct parity_error err = {0};
    char *copy = strdup(text);
    json_t *value = NULL;

    for (char *c = copy; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (parity_json_parse(copy, strlen(copy), "fixture", &value, &err) < 0)
        fail_msg("%s (column %d): %s", err.message, err.column, copy);
    free(copy);
    return value;
}

/* `metadata`, `operation` and `shapes` are the members of these objects, without their braces. */
static inline struct model_fixture fixture_new(const char *metadata, const char *operation,
                                               const char *shapes)
{
    char path[] = "/tmp/parity-fixture-XXXXXX";
    struct parity_models_options options = {.model_file = path, .data_path = ""};
    struct parity_error err = {0};
    struct model_fixture fixture = {NULL, NULL};
    struct parity_buffer text = {0}, model = {0};
    const struct parity_service *service;
    int fd = mkstemp(path);
    json_t *json;

    parity_buffer_printf(&text,
                         "{'metadata': {%s}, 'operations': {'Op': {'name': 'Op', %s}}, "
                         "'shapes': {%s}}",
                         metadata, operation, shapes);
    json = fixture_json(text.data);
    parity_json_write(&model, json, PARITY_JSON_COMPACT);
    assert_int_equal(write(fd, model.data, model.length), model.length);
    close(fd);
    fixture.models = parity_models_new(&options, &err);
    service = parity_models_service(fixture.models, "fixture", &err);
    unlink(path);
    if (!service)
        fail_msg("%s", err.message);
    fixture.operation = parity_service_operation(service, "Op", &err);
    parity_buffer_clear(&text);
    parity_buffer_clear(&model);
    json_decref(json);
    return fixture;
}

static inline void fixture_clear(struct model_fixture *fixture)
{
    parity_models_free(fixture->models);
    fixture->models = NULL;
}

#endif
