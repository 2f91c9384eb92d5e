/* SPDX-License-Identifier: Apache-2.0 */
/* docs/scenario.schema.json has the fields that the reader has, with their types, and no other. */
#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static json_t *schema;

static int open_schema(void **state)
{
    struct parity_error err = {0};

    (void)state;
    return parity_json_read_file(PARITY_SOURCE_DIR "/docs/scenario.schema.json", &schema, &err);
}

static int close_schema(void **state)
{
    (void)state;
    json_decref(schema);
    return 0;
}

static const json_t *definition(const char *name)
{
    return json_object_get(json_object_get(schema, "$defs"), name);
}

static bool lists(const json_t *array, const char *text)
{
    const json_t *item;
    size_t i;

    json_array_foreach(array, i, item)
        if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
            return true;
    return false;
}

/* The schema's word for what messages call a type; NULL: it says more than a type. */
static const char *schema_type(const char *type)
{
    static const char *const names[][2] = {{"a text", "string"},
                                           {"true or false", "boolean"},
                                           {"a number", "number"},
                                           {"a list", "array"},
                                           {"an object", "object"}};

    for (size_t i = 0; type && i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], type) == 0)
            return names[i][1];
    return NULL;
}

static void assert_same_type(const struct parity_scenario_field *field, const json_t *property)
{
    const char *type = json_string_value(json_object_get(property, "type"));

    if (type && strcmp(type, "integer") == 0)
        type = "number";
    if (!json_object_get(property, "enum") && !json_object_get(property, "$ref") &&
        schema_type(field->type) && (!type || strcmp(type, schema_type(field->type)) != 0))
        fail_msg("%s: %s in the schema, %s in the reader", field->name, type ? type : "no type",
                 schema_type(field->type));
}

static void assert_same_fields(const char *what, const json_t *object,
                               const struct parity_scenario_field *fields)
{
    const json_t *properties = json_object_get(object, "properties");
    size_t count = 0;

    assert_true(json_is_false(json_object_get(object, "additionalProperties")));
    for (; fields->name; fields++, count++) {
        const json_t *property = json_object_get(properties, fields->name);

        if (!property)
            fail_msg("%s: the schema has no '%s'", what, fields->name);
        assert_same_type(fields, property);
        if (lists(json_object_get(object, "required"), fields->name) != fields->required)
            fail_msg("%s: '%s' is required in one of the two", what, fields->name);
    }
    if (count != json_object_size(properties))
        fail_msg("%s: the schema has %zu fields, the reader %zu", what,
                 json_object_size(properties), count);
}

static void files_tests_and_their_parts_have_the_same_fields(void **state)
{
    const json_t *test = definition("test");
    const json_t *properties = json_object_get(test, "properties");

    (void)state;
    assert_same_fields("file", schema, parity_scenario_file_fields);
    assert_same_fields("test", test, parity_scenario_test_fields);
    assert_same_fields("skip_verify",
                       json_object_get(json_object_get(properties, "skip_verify"), "items"),
                       parity_scenario_skip_fields);
    assert_same_fields("skip_if", json_object_get(json_object_get(properties, "skip_if"), "items"),
                       parity_scenario_skip_if_fields);
    assert_same_fields("expected_failure",
                       json_object_get(json_object_get(properties, "expected_failure"), "items"),
                       parity_scenario_failure_fields);
}

/* The schema of a step that does one thing: the one that requires it. */
static const json_t *step_schema(const char *name, const char *purpose)
{
    const json_t *choice, *found = NULL;
    size_t i;

    json_array_foreach(json_object_get(definition(name), "oneOf"), i, choice)
        if (lists(json_object_get(choice, "required"), purpose))
            found = choice;
    return found;
}

static void steps_have_the_same_fields_whatever_they_do(void **state)
{
    static const char *const purposes[] = {"call", "wait", "value", "sleep"};
    struct parity_scenario_field fields[PARITY_SCENARIO_STEP_FIELDS];

    (void)state;
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
        for (int is_cleanup = 0; is_cleanup <= 1; is_cleanup++) {
            const json_t *object = step_schema(is_cleanup ? "cleanup" : "step", purposes[i]);

            parity_scenario_step_fields(purposes[i], is_cleanup, fields);
            if (is_cleanup && strcmp(purposes[i], "value") == 0)
                assert_null(object);
            else
                assert_same_fields(purposes[i], object, fields);
        }
}

static void an_until_has_the_same_fields(void **state)
{
    const json_t *properties = json_object_get(step_schema("step", "call"), "properties");

    (void)state;
    assert_same_fields("until", json_object_get(properties, "until"), parity_scenario_until_fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_tests_and_their_parts_have_the_same_fields),
        cmocka_unit_test(steps_have_the_same_fields_whatever_they_do),
        cmocka_unit_test(an_until_has_the_same_fields),
    };

    return cmocka_run_group_tests(tests, open_schema, close_schema);
}
