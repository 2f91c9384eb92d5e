/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* Tests that are several cases each, for tests/e2e/test_run_variants.py. */

PARITY_SUITE(.transformers = {key_value("Name", "name")});

static json_t *describe(struct parity_test *t)
{
    const char *name = unique_name(t, "v");

    call(t, "thing", "CreateThing", "{'Name': %s}", name);
    on_cleanup(t, "thing", "DeleteThing", "{'Name': %s}", name);
    return call(t, "thing", "DescribeThing", "{'Name': %s}", name);
}

PARITY_TEST(plain, .marker = UNKNOWN)
{
    match(t, "cases",
          json(t, "[%s, %s]", variant(t) ? "variant" : "none", protocol(t) ? "protocol" : "none"));
    match(t, "describe", describe(t));
}

PARITY_TEST(over_all, .marker = UNKNOWN, .protocols = ALL, .recorded_as = "else.py::over_all")
{
    match(t, "protocol", json(t, "%s", protocol(t)));
    match(t, "describe", describe(t));
}

PARITY_TEST(over_some, .marker = UNKNOWN, .protocols = {"query", "rest-json"})
{
    match(t, "describe", describe(t));
}

PARITY_TEST(of_another_service, .marker = UNKNOWN, .protocols = {"query"}, .service = "sts")
{
    match(t, "describe", describe(t));
}

PARITY_TEST(in_colours, .marker = UNKNOWN, .recorded_as = "else.py::in_colours",
            .variants = {{"red", "{'Colour': 'red', 'Share': '100%%'}"},
                         {"blue", "{'Colour': 'blue'}", "else.py::the_blue_one"},
                         {"none"}})
{
    match(t, "name", json(t, "%s", variant(t)));
    match(t, "value", variant_value(t));
}

PARITY_TEST(of_both, .marker = UNKNOWN, .protocols = {"json", "query"},
            .variants = {{"one", "1"}, {"two", "2"}},
            .recordings = {{"two-query", "else.py::two over query"}})
{
    match(t, "value", json(t, "[%j, %s]", variant_value(t), protocol(t)));
    match(t, "describe", describe(t));
}
