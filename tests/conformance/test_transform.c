/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All cases of conformance/transform: what is stored to the byte, the verdict, and the differences.
 * List positions of differences are one possible alignment: where they are not the same, the same
 * differences with positions left out are as good (CASES.md).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "conformance.h"
#include "recorder/verify.h"
#include "transformers/transformer.h"

static const json_t *member(const json_t *object, const char *name)
{
    return json_object_get(object, name);
}

static bool is_given(const json_t *value)
{
    return value && !json_is_null(value);
}

static const char *describe(const struct parity_error *err)
{
    static char text[2048];

    parity_error_format(err, text, sizeof text);
    return text;
}

static char *pretty(const json_t *value)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_PRETTY);
    return parity_buffer_take(&text);
}

static json_t *ordered(const json_t *observed)
{
    json_t *out = json_object();
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)observed, key, value)
        assert_int_equal(json_object_set_new_nocheck(out, key, parity_match_order(value)), 0);
    return out;
}

static int read_transformers(const json_t *specs, struct parity_transformers *list,
                             struct parity_error *err)
{
    const json_t *spec;
    size_t i;

    json_array_foreach(specs, i, spec) {
        if (parity_transformers_add_spec(list, spec, err) < 0)
            return -1;
    }
    return 0;
}

/* What the reference lost is an error here: nothing of a state that was not empty. */
static bool is_lost(const json_t *expected, const json_t *observed)
{
    return json_object_size(expected) == 0 && json_object_size(observed) > 0;
}

static void check_transformed(const json_t *test, int built,
                              const struct parity_transformers *transformers,
                              struct parity_error *err)
{
    const json_t *expected = member(test, "expected_transformed");
    const json_t *observed = member(test, "observed");
    json_t *in_order = ordered(observed), *actual = NULL;
    int rc = built < 0 ? -1 : parity_transform(transformers, in_order, NULL, NULL, &actual, err);

    if (!is_given(expected) || is_lost(expected, observed)) {
        if (rc == 0)
            print_error("transformed to:\n%s\n", pretty(actual));
        assert_int_equal(rc, -1);
        assert_int_not_equal(err->code, PARITY_OK);
        assert_string_not_equal(err->message, "");
    } else {
        char *want = pretty(expected), *got = rc == 0 ? pretty(actual) : NULL;

        if (rc < 0)
            print_error("%s\n", describe(err));
        assert_int_equal(rc, 0);
        assert_string_equal(got, want);
        parity_free(want);
        parity_free(got);
    }
    json_decref(actual);
    json_decref(in_order);
}

/* A difference as text: match key, path, kind. */
static char *difference_text(const json_t *difference, bool positions)
{
    struct parity_buffer text = {0};
    const json_t *step;
    size_t i;

    parity_json_write(&text, member(difference, "key"), PARITY_JSON_LINE);
    json_array_foreach(member(difference, "path"), i, step) {
        parity_buffer_add_char(&text, '/');
        if (json_is_integer(step) && !positions)
            parity_buffer_add_char(&text, '#');
        else
            parity_json_write(&text, step, PARITY_JSON_LINE);
    }
    parity_buffer_printf(&text, " %s", json_string_value(member(difference, "kind")));
    return parity_buffer_take(&text);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *all_texts(const json_t *differences, bool positions)
{
    size_t count = json_array_size(differences);
    char **texts = calloc(count + 1, sizeof *texts);
    struct parity_buffer out = {0};

    for (size_t i = 0; i < count; i++)
        texts[i] = difference_text(json_array_get(differences, i), positions);
    qsort(texts, count, sizeof *texts, compare_texts);
    for (size_t i = 0; i < count; i++) {
        parity_buffer_printf(&out, "%s\n", texts[i]);
        parity_free(texts[i]);
    }
    free(texts);
    return parity_buffer_take(&out);
}

static void check_differences(const json_t *expected, const json_t *actual)
{
    char *want = all_texts(expected, true), *got = all_texts(actual, true);

    if (strcmp(want, got) != 0) {
        parity_free(want);
        parity_free(got);
        want = all_texts(expected, false);
        got = all_texts(actual, false);
    }
    assert_string_equal(got, want);
    parity_free(want);
    parity_free(got);
}

static const char **texts_of(const json_t *array)
{
    const char **texts = calloc(json_array_size(array) + 1, sizeof *texts);

    for (size_t i = 0; i < json_array_size(array); i++)
        texts[i] = json_string_value(json_array_get(array, i));
    return texts;
}

static void check_verdict(const json_t *test, int built,
                          const struct parity_transformers *transformers, struct parity_error *err)
{
    const char *expected = json_string_value(member(test, "expected_verdict"));
    const json_t *paths = member(test, "skip_verify");
    const char **texts = texts_of(paths);
    const struct parity_skip skip = {
        .paths = texts, .path_count = json_array_size(paths), .reason = "the case says so"};
    const struct parity_verify_options options = {transformers, &skip, 1, true, false};
    struct parity_verification out = {0};
    const char *verdict;
    int rc = built < 0 ? -1
                       : parity_verify(&options, member(test, "recorded"), member(test, "observed"),
                                       &out, err);

    verdict = rc < 0 ? "error" : json_array_size(out.differences) > 0 ? "failed" : "passed";
    if (strcmp(verdict, expected) != 0)
        print_error("%s\n", describe(err));
    assert_string_equal(verdict, expected);
    if (rc == 0 && is_given(member(test, "expected_diff")))
        check_differences(member(test, "expected_diff"), out.differences);
    parity_verification_clear(&out);
    free(texts);
}

/* The reference records nothing where it lost the result, and then cannot judge; here, too, the
   verdict is an error. */
static void run_case(void **state)
{
    const json_t *test = *state;
    struct parity_transformers transformers = {0};
    struct parity_error err = {0};
    int built = read_transformers(member(test, "transformers"), &transformers, &err);
    struct parity_error again = err;

    check_transformed(test, built, &transformers, &err);
    if (is_given(member(test, "expected_verdict")))
        check_verdict(test, built, &transformers, &again);
    parity_transformers_clear(&transformers);
}

static void add_file(const char *folder, const char *name, json_t *files)
{
    char *path = parity_path_join(folder, name);
    struct parity_error err = {0};
    json_t *cases, *test;
    size_t i;

    if (parity_json_read_file(path, &cases, &err) < 0) {
        fprintf(stderr, "%s\n", describe(&err));
        exit(EXIT_FAILURE);
    }
    json_array_foreach(cases, i, test) {
        if (!json_is_true(member(test, "python_only")))
            conformance_add(json_string_value(member(test, "id")), run_case, test);
    }
    json_array_append_new(files, cases);
    parity_free(path);
}

int main(int argc, char **argv)
{
    char *folder, **names;
    json_t *files;
    int rc;

    parity_memory_init();
    folder = conformance_path(argc, argv, "transform");
    names = conformance_list(folder);
    files = json_array();
    for (size_t i = 0; names[i]; i++) {
        add_file(folder, names[i], files);
        free(names[i]);
    }
    free(names);
    rc = conformance_run("transform");
    json_decref(files);
    free(folder);
    return rc;
}
