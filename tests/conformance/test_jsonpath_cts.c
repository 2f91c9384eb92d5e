/* SPDX-License-Identifier: Apache-2.0 */
/* The compliance test suite of RFC 9535: jsonpath/cts.json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "conformance.h"
#include "transformers/jsonpath/jsonpath.h"

static json_t *values_of(const struct parity_jsonpath_nodes *nodes)
{
    json_t *values = json_array();

    for (size_t i = 0; i < nodes->count; i++)
        json_array_append(values, nodes->items[i].value);
    return values;
}

static json_t *paths_of(const struct parity_jsonpath_nodes *nodes)
{
    json_t *paths = json_array();

    for (size_t i = 0; i < nodes->count; i++) {
        struct parity_buffer path = {0};

        parity_jsonpath_normalized(&nodes->items[i], &path);
        json_array_append_new(paths, json_stringn_nocheck(path.data, path.length));
        parity_buffer_clear(&path);
    }
    return paths;
}

/* Equal to `one`, or to any of the list `several`. */
static bool is_any(const json_t *actual, const json_t *one, const json_t *several)
{
    size_t index;
    json_t *item;

    if (one)
        return parity_json_equal(actual, one);
    json_array_foreach(several, index, item) {
        if (parity_json_equal(actual, item))
            return true;
    }
    return false;
}

static void check_nodes(const struct parity_jsonpath_nodes *nodes, const json_t *test)
{
    json_t *values = values_of(nodes), *paths = paths_of(nodes);

    assert_true(is_any(values, json_object_get(test, "result"), json_object_get(test, "results")));
    assert_true(is_any(paths, json_object_get(test, "result_paths"),
                       json_object_get(test, "results_paths")));
    json_decref(values);
    json_decref(paths);
}

static void selector_does_what_rfc9535_says(void **state)
{
    const json_t *test = *state;
    const json_t *selector = json_object_get(test, "selector");
    struct parity_jsonpath_nodes nodes = {0};
    struct parity_error err = {0};
    struct parity_jsonpath *path =
        parity_jsonpath_compile(json_string_value(selector), PARITY_JSONPATH_RFC9535, &err);

    if (json_is_true(json_object_get(test, "invalid_selector"))) {
        assert_null(path);
        assert_int_equal(err.code, PARITY_E_PARSE);
        assert_true(err.column > 0);
        return;
    }
    if (!path)
        fail_msg("%s:%d: %s", err.context, err.column, err.message);
    if (parity_jsonpath_find(path, json_object_get(test, "document"), &nodes, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    check_nodes(&nodes, test);
    parity_jsonpath_nodes_clear(&nodes);
    parity_jsonpath_free(path);
}

int main(int argc, char **argv)
{
    char *name = conformance_path(argc, argv, "jsonpath/cts.json");
    struct parity_error err = {0};
    json_t *suite, *test;
    size_t index;
    int rc;

    parity_memory_init();
    if (parity_json_read_file(name, &suite, &err) < 0) {
        fprintf(stderr, "%s: %s\n", err.context, err.message);
        return EXIT_FAILURE;
    }
    json_array_foreach(json_object_get(suite, "tests"), index, test) {
        conformance_add(json_string_value(json_object_get(test, "name")),
                        selector_does_what_rfc9535_says, test);
    }
    rc = conformance_run("jsonpath/cts.json");
    json_decref(suite);
    free(name);
    return rc;
}
