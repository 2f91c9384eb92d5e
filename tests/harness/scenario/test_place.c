/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static const char text[] = "{\"tests\": [\n"
                           "  {\"id\": \"a\",\n"
                           "   \"steps\": [\n"
                           "     {\"call\": \"x\", \"input\": {\n"
                           "       \"Name\": [1,\n"
                           "                  2], \"odd name\": null}}]}]}";

struct chain {
    struct parity_scenario_source source;
    struct parity_place document, tests, test, steps, step, input;
};

static void open_chain(struct chain *chain)
{
    memset(chain, 0, sizeof *chain);
    assert_int_equal(parity_json_parse_lines(text, sizeof text - 1, "s.json",
                                             &chain->source.document, &chain->source.lines, NULL),
                     0);
    chain->source.name = parity_strdup("s.json");
    chain->document.value = chain->source.document;
    chain->tests = parity_place_member(&chain->document, "tests");
    chain->test = parity_place_item(&chain->tests, 0);
    chain->steps = parity_place_member(&chain->test, "steps");
    chain->step = parity_place_item(&chain->steps, 0);
    chain->input = parity_place_member(&chain->step, "input");
}

static void assert_place(const struct chain *chain, const struct parity_place *place,
                         const char *path, int line)
{
    struct parity_buffer out = {0};

    parity_place_write(place, &out);
    assert_string_equal(out.data ? out.data : "", path);
    assert_int_equal(parity_place_line(place, &chain->source), line);
    parity_buffer_clear(&out);
}

static void places_have_a_path_and_a_line(void **state)
{
    struct chain chain;
    struct parity_place name, item, odd, missing;

    (void)state;
    open_chain(&chain);
    name = parity_place_member(&chain.input, "Name");
    item = parity_place_item(&name, 1);
    odd = parity_place_member(&chain.input, "odd name");
    missing = parity_place_member(&chain.step, "absent");
    assert_place(&chain, &chain.document, "", 1);
    assert_place(&chain, &chain.tests, "tests", 1);
    assert_place(&chain, &chain.test, "", 2);
    assert_place(&chain, &chain.step, "steps[0]", 4);
    assert_place(&chain, &chain.input, "steps[0].input", 4);
    assert_place(&chain, &item, "steps[0].input.Name[1]", 6);
    assert_place(&chain, &odd, "steps[0].input['odd name']", 6);
    assert_place(&chain, &missing, "steps[0].absent", 4); /* of what is around it */
    parity_scenario_source_clear(&chain.source);
}

static void values_are_counted_with_what_is_in_them(void **state)
{
    struct chain chain;

    (void)state;
    open_chain(&chain);
    assert_int_equal(parity_place_count(chain.input.value), 5);
    assert_int_equal(parity_place_count(chain.document.value), 12);
    parity_scenario_source_clear(&chain.source);
}

/* A number beyond 64 bits is an object inside, see base/json.h. */
static void a_large_number_counts_as_one_value(void **state)
{
    static const char large[] = "{\"a\": 123456789012345678901,\n\"b\": 1}";
    struct parity_scenario_source source = {0};
    struct parity_place document, b;

    (void)state;
    assert_int_equal(parity_json_parse_lines(large, sizeof large - 1, "s.json", &source.document,
                                             &source.lines, NULL),
                     0);
    document = (struct parity_place){.value = source.document};
    b = parity_place_member(&document, "b");
    assert_int_equal(parity_place_count(source.document), 3);
    assert_int_equal(parity_place_line(&b, &source), 2);
    parity_scenario_source_clear(&source);
}

static void keep(void *data, const struct parity_error *problem)
{
    *(struct parity_error *)data = *problem;
}

static void a_complaint_says_which_test_and_where(void **state)
{
    struct chain chain;
    struct parity_error problem;
    struct parity_scenario_report report = {.tell = keep, .data = &problem};

    (void)state;
    open_chain(&chain);
    parity_scenario_complain(&report, &chain.source, &chain.input, "is %s", "odd");
    assert_string_equal(problem.message, "a: steps[0].input: is odd");
    assert_string_equal(problem.context, "s.json");
    assert_int_equal(problem.line, 4);
    parity_scenario_complain(&report, &chain.source, &chain.test, "is odd");
    assert_string_equal(problem.message, "a: is odd");
    parity_scenario_complain(&report, &chain.source, &chain.document, "is odd");
    assert_string_equal(problem.message, "is odd");
    json_object_del(json_array_get(json_object_get(chain.source.document, "tests"), 0), "id");
    parity_scenario_complain(&report, &chain.source, &chain.test, "is odd");
    assert_string_equal(problem.message, "tests[0]: is odd");
    assert_int_equal(report.problems, 4);
    parity_scenario_source_clear(&chain.source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_have_a_path_and_a_line),
        cmocka_unit_test(values_are_counted_with_what_is_in_them),
        cmocka_unit_test(a_large_number_counts_as_one_value),
        cmocka_unit_test(a_complaint_says_which_test_and_where),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
