/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

#define ARN "arn:aws:sqs:us-east-1:111122223333:"

/* The value becomes `expected`. */
static void assert_named(const char *value, const char *expected)
{
    char *observed = parity_asprintf("{'A': '%s'}", value);
    char *wanted = parity_asprintf("{'A': '%s'}", expected);

    assert_transforms("[{'type': 'resource_name'}]", observed, wanted);
    parity_free(observed);
    parity_free(wanted);
}

static void resource_name_is_what_follows_the_last_colon_or_slash(void **state)
{
    (void)state;
    assert_named(ARN "queue", ARN "<resource:1>");
    assert_named(ARN "stack:name", ARN "stack:<resource:1>");
    assert_named(ARN "stack/name/id", ARN "stack/name/<resource:1>");
}

static void resource_name_of_a_function_has_its_version_but_not_latest(void **state)
{
    (void)state;
    assert_named(ARN "function:fn", ARN "function:<resource:1>");
    assert_named(ARN "function:fn:3", ARN "function:<resource:1>");
    assert_named(ARN "function:fn:$LATEST", ARN "function:<resource:1>:$LATEST");
}

static void resource_name_of_a_layer_has_no_version(void **state)
{
    (void)state;
    assert_named(ARN "layer:name", ARN "layer:<resource:1>");
    assert_named(ARN "layer:name:3", ARN "layer:<resource:1>:3");
    assert_named(ARN "layer:name:3:4", ARN "layer:name:3:<resource:1>");
}

static void resource_name_of_a_change_set_is_all_that_follows(void **state)
{
    (void)state;
    assert_named(ARN "x:changeSet/name/id", ARN "x:changeSet/<resource:1>");
}

static void resource_name_leaves_placeholders_and_other_text(void **state)
{
    (void)state;
    assert_named(ARN "<resource:7>", ARN "<resource:7>");
    assert_named("an " ARN "queue", "an " ARN "queue");
    assert_named("arn:aws:sqs", "arn:aws:sqs");
}

static void resource_name_may_have_another_label(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'resource_name', 'replacement': 'Arn'}]", "{'A': '" ARN "queue'}",
                      "{'A': '" ARN "<Arn:1>'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resource_name_is_what_follows_the_last_colon_or_slash),
        cmocka_unit_test(resource_name_of_a_function_has_its_version_but_not_latest),
        cmocka_unit_test(resource_name_of_a_layer_has_no_version),
        cmocka_unit_test(resource_name_of_a_change_set_is_all_that_follows),
        cmocka_unit_test(resource_name_leaves_placeholders_and_other_text),
        cmocka_unit_test(resource_name_may_have_another_label),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
