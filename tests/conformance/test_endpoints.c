/* SPDX-License-Identifier: Apache-2.0 */
/* Every case of conformance/endpoints: endpoint parameters, and the endpoint or error they lead to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/endpoint.h"
#include "conformance.h"

enum { SKIPPED = 77 };

static struct parity_models *models;

struct endpoint_case {
    const char *service; /* shared by the cases of a file */
    const json_t *json;
};

/* What the cases need, until all have run. */
static json_t *documents;
static char **services;
static struct endpoint_case *cases;
static size_t service_count, case_count;

static const json_t *member_or(const json_t *object, const char *name, const json_t *otherwise)
{
    const json_t *value = json_object_get(object, name);

    return value ? value : otherwise;
}

static char *text_of(const json_t *value)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_LINE);
    return parity_buffer_take(&text);
}

static void assert_same(const json_t *expected, const json_t *actual)
{
    if (!parity_json_equal(expected, actual)) {
        char *a = text_of(expected), *b = text_of(actual);

        print_error("expected %s\n     got %s\n", a, b);
        parity_free(a);
        parity_free(b);
        fail();
    }
}

static void run_case(void **state)
{
    const struct endpoint_case *given = *state;
    json_t *empty = json_object(), *result = NULL;
    const json_t *expect = json_object_get(given->json, "expect");
    const json_t *endpoint = json_object_get(expect, "endpoint");
    struct parity_error err = {0};

    if (parity_endpoint_resolve(models, given->service, member_or(given->json, "params", empty),
                                &result, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    if (endpoint) {
        assert_same(json_object_get(endpoint, "url"), json_object_get(result, "url"));
        assert_same(member_or(endpoint, "headers", empty), json_object_get(result, "headers"));
        assert_same(member_or(endpoint, "properties", empty),
                    json_object_get(result, "properties"));
    } else {
        assert_same(json_object_get(expect, "error"), json_object_get(result, "error"));
    }
    json_decref(result);
    json_decref(empty);
}

static void *grow(void *items, size_t count, size_t size)
{
    items = realloc(items, count * size);
    if (!items)
        abort();
    return items;
}

static void read_file(const char *folder, const char *file)
{
    char path[4096];
    struct parity_error err = {0};
    json_t *document, *item;
    size_t index;

    snprintf(path, sizeof path, "%s/%s", folder, file);
    if (parity_json_read_file(path, &document, &err) < 0) {
        fprintf(stderr, "%s: %s\n", path, err.message);
        exit(EXIT_FAILURE);
    }
    json_array_append_new(documents, document);
    services = grow(services, service_count + 1, sizeof *services);
    services[service_count++] = strndup(file, strlen(file) - strlen(".json"));
    json_array_foreach(json_object_get(document, "testCases"), index, item) {
        cases = grow(cases, case_count + 1, sizeof *cases);
        cases[case_count++] = (struct endpoint_case){services[service_count - 1], item};
    }
}

static void add_cases(void)
{
    const char *service = "";
    size_t position = 0;

    for (size_t i = 0; i < case_count; i++) {
        const char *about = json_string_value(json_object_get(cases[i].json, "documentation"));
        char name[256];

        position = strcmp(service, cases[i].service) == 0 ? position + 1 : 0;
        service = cases[i].service;
        snprintf(name, sizeof name, "%s[%zu] %s", service, position, about ? about : "");
        conformance_add(name, run_case, &cases[i]);
    }
}

static void release(char **files, char *folder)
{
    for (char **file = files; *file; file++)
        free(*file);
    free(files);
    free(folder);
    for (size_t i = 0; i < service_count; i++)
        free(services[i]);
    free(services);
    free(cases);
    json_decref(documents);
    parity_models_free(models);
}

int main(int argc, char **argv)
{
    char *folder = conformance_path(argc, argv, "endpoints");
    char **files = conformance_list(folder);
    struct parity_error err = {0};
    int status = SKIPPED;

    parity_memory_init();
    documents = json_array();
    models = parity_models_new(NULL, &err);
    if (models && parity_models_service(models, "sts", &err)) {
        for (char **file = files; *file; file++)
            read_file(folder, *file);
        add_cases();
        status = conformance_run("endpoints");
    } else {
        printf("skipped: %s\n", err.message);
    }
    release(files, folder);
    return status;
}
