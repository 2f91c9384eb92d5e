/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/parity.h>

/*
 * One of everything that the headers offer, written from them alone and compiled against the
 * installed ones, as another project would (test_headers.py).
 */

static void count_things(struct parity_custom_transformer *custom, json_t *document)
{
    json_t *all = json_object_get(document, "all");

    if (json_array_size(json_object_get(all, "Things")) > 1)
        parity_custom_set(custom, all, "Name", "<several>");
}

static bool is_here(const struct parity_target_info *info)
{
    return !info->aws && info->region != NULL;
}

PARITY_SUITE(.transformers = {custom(count_things), regex("[0-9]+ bytes", "<n> bytes")},
             .skip_if = {{.reason = "for the target of its test", .when = {.versions = ">99"}}},
             .timeout_s = 60, .tags = {"headers"});

static json_t *new_thing(struct parity_test *t, const char *prefix)
{
    const char *name = unique_name(t, prefix);
    json_t *thing = call(t, "thing", "CreateThing", "{'Name': %s}", name);

    on_cleanup(t, "thing", "DeleteThing", "{'Name': %s}", name);
    return thing;
}

/* --- fixtures ----------------------------------------------------------------------------------
 */

PARITY_FIXTURE(of_the_run, .scope = RUN_SCOPE)
{
    return new_thing(t, "run");
}

PARITY_FIXTURE(of_the_suite, .scope = SUITE_SCOPE, .timeout_s = 10)
{
    fixture(t, of_the_run);
    return new_thing(t, "suite");
}

PARITY_FIXTURE(of_a_test, .scope = TEST_SCOPE)
{
    return json(t, "{'own': %j, 'of': %j}", get(t, new_thing(t, "test"), "$.Name"),
                get(t, fixture(t, of_the_suite), "$.Name"));
}

PARITY_TEST(fixtures_of_three_scopes, .marker = UNKNOWN)
{
    json_t *own = fixture(t, of_a_test);

    expect_text(t, text(t, own, "$.of"), text(t, fixture(t, of_the_suite), "$.Name"));
    expect(t, own == fixture(t, of_a_test), "the same value each time");
    expect(t, has(t, fixture(t, of_the_run), "$.Name"), "a thing of the run");
}

/* --- parameters --------------------------------------------------------------------------------
 */

PARITY_TEST(parameters, .marker = AWS_VALIDATED,
            .variants = {{"red", "{'Colour': 'red', 'Size': 7}"}, {"green", "{'Colour': 'green'}"}},
            .expected_failure = {{.reason = "all things are red",
                                  .when = {.variants = {"green"}, .check = is_here}}})
{
    json_t *wanted = variant_value(t);
    json_t *found = call(t, "thing", "DescribeThing", "{'Name': %s}", unique_name(t, variant(t)));

    expect_text(t, text(t, found, "$.Colour"), text(t, wanted, "$.Colour"));
    if (has(t, wanted, "$.Size"))
        expect_equal(t, get(t, found, "$.Size"), "%d", (int)number(t, wanted, "$.Size"));
}

/* --- elsewhere ---------------------------------------------------------------------------------
 */

PARITY_TEST(a_second_account_and_region, .marker = UNKNOWN)
{
    call_with(t, options(.account = SECONDARY), "thing", "DescribeThing", "{'Name': 'of-second'}");
    call_with(t, options(.region = "eu-central-1", .max_attempts = 1), "thing", "DescribeThing",
              "{'Name': 'elsewhere'}");
    expect(t, secondary_account_id(t) != NULL, "a second account");
    note(t, "%s %s %s, %s, on %s", region(t), account_id(t), partition(t), secondary_region(t),
         target(t)->emulator);
}

/* --- waiting and pages -------------------------------------------------------------------------
 */

static bool is_listed(struct parity_test *t, void *data)
{
    json_t *all = call_pages(t, "thing", "ListThings", "{}");

    return has(t, all, format(t, "$.Things[?@ == '%s']", (const char *)data));
}

PARITY_TEST(waiting, .marker = UNKNOWN)
{
    const char *name = text(t, new_thing(t, "awaited"), "$.Name");

    wait_for(t, "thing", "ThingReady", "{'Name': %s}", name);
    wait_for_with(t, waiting(.delay_s = -1, .max_attempts = 3), "thing", "thing_ready",
                  "{'Name': %s}", name);
    call_until(t, until("$.Colour", "red", .interval_s = 0.1), "thing", "DescribeThing",
               "{'Name': %s}", name);
    poll_until(t, is_listed, (void *)(size_t)name, .what = "the thing in the list");
}

PARITY_TEST(pages, .marker = AWS_VALIDATED, .serial = true)
{
    json_t *all;

    new_thing(t, "a");
    new_thing(t, "b");
    all = call_pages(t, "thing", "ListThings", "{}");
    expect(t, has(t, all, "$.Things[1]"), "both things, from two pages");
    expect(t, !has(t, all, "$.NextToken"), "no trace of pages");
}

/* --- the rest ----------------------------------------------------------------------------------
 */

PARITY_TEST(expectations_that_are_not_met, .marker = UNKNOWN)
{
    json_t *found = call(t, "thing", "DescribeThing", "{'Name': %s}", unique_name(t, "thing"));

    expect_number(t, number(t, found, "$.Size"), 8);
    expect(t, false, "%d of them", 3);
    note(t, "and it goes on");
}

PARITY_TEST(is_skipped_from_inside, .marker = UNKNOWN)
{
    new_thing(t, "skipped");
    skip(t, "it has seen enough in %s", region(t));
}

PARITY_TEST(attachments, .marker = UNKNOWN)
{
    attach_text(t, "words.txt", "a text");
    attach_json(t, "value.json", json(t, "{'a': [%d, %f]}", 1, 0.5));
    attach_file(t, NULL, "attached.bin");
}

PARITY_TEST(an_error, .marker = UNKNOWN)
{
    json_t *refused = call_error(t, "thing", "DeleteThing", "{'Name': 'there is none'}");

    expect_text(t, text(t, refused, "$.Error.Code"), "NoSuchThing");
    transform(t, literal(region(t), "<region>"));
    call_any(t, "thing", "DeleteThing", "{'Name': 'neither'}");
}
