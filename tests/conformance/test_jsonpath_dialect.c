/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The paths of LocalStack's tests and the corners of their grammar, with the answers of
 * jsonpath-ng: jsonpath/dialect.json and jsonpath/dialect-extra.json. Usage: FOLDER FILE.
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
#include "conformance.h"
#include "transformers/jsonpath/jsonpath.h"

/* Paths that jsonpath-ng looks up and parity refuses; docs/jsonpath.md says so too. */
static const struct refused {
    const char *path, *reason;
    const char *says; /* part of the message */
} refused[] = {
    {"$.k1.a&$.k1.none", "jsonpath-ng takes it and then fails in every document",
     "'&' only joins comparisons"},
    {"$.k1.a.b.`len`", "makes a value that is nowhere in the document",
     "is not supported: of the named operators"},
    {"$.k1.`keys`", "makes values that are nowhere in the document",
     "is not supported: of the named operators"},
    {"$.k1.a.b[/c]", "sorts: that is what sorting transformers are for",
     "use a sorting transformer"},
    {"$.k1.a.b[\\c]", "sorts: that is what sorting transformers are for",
     "use a sorting transformer"},
    {"$.k1.Tags[/Key].Key", "sorts: that is what sorting transformers are for",
     "use a sorting transformer"},
    {"$.k2.Id.`sub(/i-/, id-)`", "makes a value that is nowhere in the document",
     "is not supported: of the named operators"},
    {"$.k2.Id.`split(-, 1, -1)`", "makes a value that is nowhere in the document",
     "is not supported: of the named operators"},
    {"$.k1.a.b[0].c + $.k1.a.b[1].c", "calculates", "do not calculate"},
    {"$.k1.a.b[*].c * 2", "calculates", "do not calculate"},
    {"$.k1.a+b", "calculates, though a name with a plus sign was meant", "do not calculate"},
};

static const struct refused *find_refused(const char *path)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strcmp(refused[i].path, path) == 0)
            return &refused[i];
    return NULL;
}

static const char *expected_error(const json_t *test)
{
    const char *path = json_string_value(json_object_get(test, "path"));

    return find_refused(path) ? "parse" : json_string_value(json_object_get(test, "error"));
}

/* The steps of a node as the case file writes them; new. */
static json_t *steps_of(const struct parity_jsonpath_node *node)
{
    json_t *steps = json_array();

    for (size_t i = 0; i < node->step_count; i++) {
        const struct parity_jsonpath_step *step = &node->steps[i];

        json_array_append_new(steps, step->key ? json_stringn_nocheck(step->key, step->key_length)
                                               : json_integer(step->index));
    }
    return steps;
}

static json_t *result_of(const struct parity_jsonpath_nodes *nodes)
{
    json_t *result = json_array();

    for (size_t i = 0; i < nodes->count; i++) {
        json_t *match = json_object();

        json_object_set_new(match, "path", steps_of(&nodes->items[i]));
        json_object_set(match, "value", nodes->items[i].value);
        json_array_append_new(result, match);
    }
    return result;
}

static void assert_same(const json_t *expected, const json_t *actual)
{
    struct parity_buffer a = {0}, b = {0};

    parity_json_write(&a, expected, PARITY_JSON_LINE);
    parity_json_write(&b, actual, PARITY_JSON_LINE);
    assert_string_equal(a.data, b.data);
    parity_buffer_clear(&a);
    parity_buffer_clear(&b);
}

static void look_up(const struct parity_jsonpath *path, const json_t *test, const char *error)
{
    struct parity_jsonpath_nodes nodes = {0};
    struct parity_error err = {0};
    int rc = parity_jsonpath_find(path, json_object_get(test, "document"), &nodes, &err);
    json_t *result;

    if (error) {
        assert_string_equal(error, "find");
        assert_int_equal(rc, -1);
        assert_int_equal(err.code, PARITY_E_INVALID);
        return;
    }
    if (rc < 0)
        fail_msg("%s: %s", err.context, err.message);
    result = result_of(&nodes);
    assert_same(json_object_get(test, "result"), result);
    json_decref(result);
    parity_jsonpath_nodes_clear(&nodes);
}

static void path_selects_what_jsonpath_ng_finds(void **state)
{
    const json_t *test = *state;
    const char *error = expected_error(test);
    struct parity_error err = {0};
    struct parity_jsonpath *path = parity_jsonpath_compile(
        json_string_value(json_object_get(test, "path")), PARITY_JSONPATH_LOCALSTACK, &err);

    if (error && strcmp(error, "parse") == 0) {
        assert_null(path);
        assert_int_equal(err.code, PARITY_E_PARSE);
        assert_true(err.column > 0);
        if (find_refused(json_string_value(json_object_get(test, "path"))))
            assert_non_null(strstr(
                err.message, find_refused(json_string_value(json_object_get(test, "path")))->says));
        return;
    }
    if (!path)
        fail_msg("%s:%d: %s", err.context, err.column, err.message);
    look_up(path, test, error);
    parity_jsonpath_free(path);
}

int main(int argc, char **argv)
{
    const char *file = argc > 2 ? argv[2] : "jsonpath/dialect.json";
    char *name = conformance_path(argc, argv, file);
    struct parity_error err = {0};
    json_t *tests, *test;
    size_t index;
    int rc;

    parity_memory_init();
    if (parity_json_read_file(name, &tests, &err) < 0) {
        fprintf(stderr, "%s: %s\n", err.context, err.message);
        return EXIT_FAILURE;
    }
    json_array_foreach(tests, index, test) {
        char title[256];

        snprintf(title, sizeof title, "%zu %s", index,
                 json_string_value(json_object_get(test, "path")));
        conformance_add(title, path_selects_what_jsonpath_ng_finds, test);
    }
    rc = conformance_run(file);
    json_decref(tests);
    free(name);
    return rc;
}
