/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

/* Transform {'m': observed} with one custom transformer. */
static int run(const struct parity_custom_options *options, const char *observed, json_t **out,
               struct parity_error *err)
{
    struct parity_transformers list = {0};
    json_t *document = json_of(observed);
    struct parity_transformer *made = parity_custom_new(options, err);
    int rc = made ? parity_transformers_add(&list, made, 0) : -1;

    *out = NULL;
    if (rc == 0)
        rc = parity_transform(&list, document, NULL, NULL, out, err);
    parity_transformers_clear(&list);
    json_decref(document);
    return rc;
}

static int count_and_note(json_t *document, struct parity_transform_context *context, void *data,
                          struct parity_error *err)
{
    json_t *match = json_object_get(document, "m");

    json_object_set_new(match, "count", json_integer(*(int *)data));
    return parity_transform_note_reference(context, json_string_value(json_object_get(match, "id")),
                                           "id", err) < 0
               ? -1
               : parity_transform_note_text(context, "blue", "<colour>", err);
}

static void a_function_changes_the_document_and_notes_replacements(void **state)
{
    int count = 3;
    const struct parity_custom_options options = {"mine", count_and_note, &count};
    struct parity_error err = {0};
    json_t *out;
    char *text;

    (void)state;
    if (run(&options, "{'m': {'id': 'x-1', 'text': 'x-1 is blue'}}", &out, &err) < 0)
        fail_msg("%s: %s", err.context, err.message);
    text = line_of(out);
    assert_string_equal(text, "{'m': {'id': '<id:1>', 'text': '<id:1> is <colour>', 'count': 3}}");
    parity_free(text);
    json_decref(out);
}

static int fail_with_reason(json_t *document, struct parity_transform_context *context, void *data,
                            struct parity_error *err)
{
    (void)document;
    (void)data;
    return parity_transform_note_text(context, "", "x", err);
}

static int fail_silently(json_t *document, struct parity_transform_context *context, void *data,
                         struct parity_error *err)
{
    (void)document;
    (void)context;
    (void)data;
    (void)err;
    return -1;
}

static void a_function_that_fails_is_named(void **state)
{
    const struct parity_custom_options with = {"mine", fail_with_reason, NULL};
    const struct parity_custom_options without = {"mine", fail_silently, NULL};
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    assert_int_equal(run(&with, "{'m': 1}", &out, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.context, "transformer custom: mine");
    assert_string_equal(err.message, "an empty text cannot be replaced");
    memset(&err, 0, sizeof err);
    assert_int_equal(run(&without, "{'m': 1}", &out, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message, "it failed without saying why");
}

static void a_transformer_without_a_function_is_refused(void **state)
{
    const struct parity_custom_options options = {.name = "mine"};
    struct parity_error err = {0};

    (void)state;
    assert_null(parity_custom_new(&options, &err));
    assert_int_equal(err.code, PARITY_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_changes_the_document_and_notes_replacements),
        cmocka_unit_test(a_function_that_fails_is_named),
        cmocka_unit_test(a_transformer_without_a_function_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
