/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/coverage_report.h"

/* How many operations, parameters and errors of a service a target has to show for. */

static void add(json_t *sums, const char *name, json_int_t more)
{
    json_t *sum = json_object_get(sums, name);

    json_integer_set(sum, json_integer_value(sum) + more);
}

static json_int_t number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static json_int_t is_true(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static json_int_t size(const json_t *object, const char *part, const char *name)
{
    return (json_int_t)json_array_size(json_object_get(json_object_get(object, part), name));
}

static const char *const names[] = {
    "operations",        "called",          "tested",          "snapshotted", "validated",
    "implemented",       "not_implemented", "differing",       "differences", "hidden",
    "parameters_tested", "parameters",      "errors_observed", "errors",
};

json_t *parity_coverage_sums_new(void)
{
    json_t *sums = json_object();

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        json_object_set_new(sums, names[i], json_integer(0));
    return sums;
}

void parity_coverage_sums_add_operation(json_t *sums, const json_t *operation)
{
    const json_t *implemented = json_object_get(operation, "implemented");
    json_int_t tested = size(operation, "parameters", "tested");
    json_int_t observed = size(operation, "errors", "observed");

    add(sums, "operations", 1);
    add(sums, "called", number(operation, "calls") > 0);
    add(sums, "tested", is_true(operation, "tested"));
    add(sums, "snapshotted", is_true(operation, "snapshotted"));
    add(sums, "validated", is_true(operation, "validated"));
    add(sums, "implemented", json_is_true(implemented));
    add(sums, "not_implemented", json_is_false(implemented));
    add(sums, "differing", number(operation, "differences") + number(operation, "hidden") > 0);
    add(sums, "differences", number(operation, "differences"));
    add(sums, "hidden", number(operation, "hidden"));
    add(sums, "parameters_tested", tested);
    add(sums, "parameters",
        tested + size(operation, "parameters", "called") + size(operation, "parameters", "never"));
    add(sums, "errors_observed", observed);
    add(sums, "errors", observed + size(operation, "errors", "never"));
}

void parity_coverage_sums_add(json_t *sums, const json_t *more)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add(sums, names[i], number(more, names[i]));
}
