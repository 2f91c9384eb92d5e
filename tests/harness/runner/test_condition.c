/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/condition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct parity_target_info aws = {.aws = true, .region = "eu-west-1"};
static const struct parity_target_info old = {.emulator = "fake", .version = "1.9"};
static const struct parity_target_info new = {.emulator = "fake", .version = "2.1"};
static const struct parity_target_info unknown = {.emulator = "fake"};
static const struct parity_target_info unnamed = {0};

static bool is_aws(const struct parity_target_info *target)
{
    return target->aws;
}

static const struct parity_case plain = {0};
static const struct parity_variant fifo = {.name = "fifo"};
static const struct parity_case variant = {
    .variant = (char *)(uintptr_t) "fifo-query", .parameter = &fifo, .protocol = "query"};

#define HOLDS_FOR(case_, target_, ...)                                                             \
    parity_condition_holds(&(const struct parity_condition){__VA_ARGS__}, &case_, &target_)
#define HOLDS(target_, ...) HOLDS_FOR(plain, target_, __VA_ARGS__)

static void all_that_is_given_must_hold(void **state)
{
    (void)state;
    assert_true(HOLDS(aws, .versions = NULL));
    assert_true(HOLDS(old, .emulators = {"other", "fake"}));
    assert_false(HOLDS(old, .emulators = {"other"}));
    assert_false(HOLDS(unnamed, .emulators = {"fake"}));
    assert_false(HOLDS(aws, .emulators = {"fake"}));
    assert_true(HOLDS(old, .versions = "<2"));
    assert_false(HOLDS(new, .versions = "<2"));
    assert_false(HOLDS(unknown, .versions = "<2"));
    assert_false(HOLDS(aws, .versions = "<2"));
    assert_true(HOLDS(aws, .check = is_aws));
    assert_false(HOLDS(old, .emulators = {"fake"}, .versions = "<2", .check = is_aws));
}

static void a_case_is_known_by_its_variant_its_protocol_or_both(void **state)
{
    (void)state;
    assert_true(HOLDS_FOR(variant, old, .variants = {"query"}));
    assert_true(HOLDS_FOR(variant, old, .variants = {"json", "fifo"}));
    assert_true(HOLDS_FOR(variant, old, .variants = {"fifo-query"}));
    assert_false(HOLDS_FOR(variant, old, .variants = {"json", "standard"}));
    assert_false(HOLDS_FOR(plain, old, .variants = {"query"}));
    assert_false(HOLDS_FOR(variant, old, .emulators = {"other"}, .variants = {"query"}));
}

static void the_environment_is_set_or_has_a_value(void **state)
{
    (void)state;
    unsetenv("CONDITION");
    assert_false(HOLDS(old, .environment = "CONDITION"));
    assert_true(HOLDS(old, .environment = "!CONDITION"));
    assert_false(HOLDS(old, .environment = "CONDITION="));
    setenv("CONDITION", "", 1);
    assert_false(HOLDS(old, .environment = "CONDITION"));
    assert_true(HOLDS(old, .environment = "!CONDITION"));
    assert_true(HOLDS(old, .environment = "CONDITION="));
    setenv("CONDITION", "a=b", 1);
    assert_true(HOLDS(old, .environment = "CONDITION"));
    assert_false(HOLDS(old, .environment = "!CONDITION"));
    assert_true(HOLDS(old, .environment = "CONDITION=a=b"));
    assert_false(HOLDS(old, .environment = "CONDITION=a"));
}

static void the_first_skip_that_holds_counts_and_the_tests_before_the_suites(void **state)
{
    const struct parity_suite_definition suite = {.skip_if = {{.reason = "suite"}}};
    const struct parity_test_definition test = {
        .skip_if = {{.reason = "old", .when = {.versions = "<2"}},
                    {.reason = "aws", .when = {.check = is_aws}}}};
    const struct parity_case alone = {.definition = &test};
    const struct parity_case in_suite = {.definition = &test, .suite = &suite};

    (void)state;
    assert_string_equal(parity_skip_if_find(&in_suite, &old)->reason, "old");
    assert_string_equal(parity_skip_if_find(&in_suite, &aws)->reason, "aws");
    assert_string_equal(parity_skip_if_find(&in_suite, &new)->reason, "suite");
    assert_null(parity_skip_if_find(&alone, &new));
}

static void failures_are_expected_of_emulators_only(void **state)
{
    const struct parity_test_definition test = {
        .expected_failure = {{.reason = "old", .when = {.versions = "<2"}}, {.reason = "all"}}};
    const struct parity_case one = {.definition = &test};

    (void)state;
    assert_string_equal(parity_expected_failure_find(&one, &old)->reason, "old");
    assert_string_equal(parity_expected_failure_find(&one, &unnamed)->reason, "all");
    assert_null(parity_expected_failure_find(&one, &aws));
}

static void what_has_a_condition_needs_a_reason(void **state)
{
    const struct parity_test_definition unexplained = {
        .expected_failure = {{.when = {.emulators = {"fake"}}}}};
    const struct parity_test_definition no_range = {
        .expected_failure = {{.reason = "", .when = {.versions = "2"}}}};
    const struct parity_suite_definition suite = {
        .skip_if = {{.reason = "a"}, {.when = {.check = is_aws}}}};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_annotations_check(&unexplained, NULL, &err), -1);
    assert_string_equal(err.message, ".expected_failure has no .reason");
    assert_int_equal(parity_annotations_check(&no_range, NULL, NULL), -1);
    assert_int_equal(parity_annotations_check(NULL, &suite, NULL), -1);
    assert_int_equal(
        parity_annotations_check(&(const struct parity_test_definition){0}, NULL, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_given_must_hold),
        cmocka_unit_test(a_case_is_known_by_its_variant_its_protocol_or_both),
        cmocka_unit_test(the_environment_is_set_or_has_a_value),
        cmocka_unit_test(the_first_skip_that_holds_counts_and_the_tests_before_the_suites),
        cmocka_unit_test(failures_are_expected_of_emulators_only),
        cmocka_unit_test(what_has_a_condition_needs_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
