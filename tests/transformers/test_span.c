/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

#define SPAN                                                                                       \
    "{'type': 'span', 'key': 'events', 'by': 'type', 'from': 'Started', 'to': ['Done', 'Left'],"   \
    " 'set': {'id': 0}}"

static void what_stands_between_is_sorted_by_its_json(void **state)
{
    (void)state;
    assert_transforms("[" SPAN "]",
                      "{'events': [{'id': 1, 'type': 'Z'}, {'id': 2, 'type': 'Started'},"
                      " {'id': 3, 'type': 'C'}, {'id': 4, 'type': 'B'}, {'id': 5, 'type': 'Left'},"
                      " {'id': 6, 'type': 'A'}]}",
                      "{'events': [{'id': 1, 'type': 'Z'}, {'id': 2, 'type': 'Started'},"
                      " {'id': 0, 'type': 'B'}, {'id': 0, 'type': 'C'}, {'id': 5, 'type': 'Left'},"
                      " {'id': 6, 'type': 'A'}]}");
}

/* Recordings of the reference lack the first of two ends. */
static void a_second_end_takes_the_place_of_the_first(void **state)
{
    (void)state;
    assert_transforms("[" SPAN "]",
                      "{'events': [{'type': 'Started'}, {'type': 'B'}, {'type': 'A'},"
                      " {'type': 'Done'}, {'type': 'Left'}, {'type': 'Y'}, {'type': 'X'}]}",
                      "{'events': [{'type': 'Started'}, {'type': 'A', 'id': 0},"
                      " {'type': 'B', 'id': 0}, {'type': 'Left'}, {'type': 'Y'}, {'type': 'X'}]}");
}

static void a_span_begins_anew_inside_another(void **state)
{
    (void)state;
    assert_transforms(
        "[" SPAN "]",
        "{'events': [{'type': 'Started'}, {'type': 'B'}, {'type': 'Started'},"
        " {'type': 'D'}, {'type': 'C'}, {'type': 'Done'}]}",
        "{'events': [{'type': 'Started'}, {'type': 'B', 'id': 0}, {'type': 'Started'},"
        " {'type': 'C', 'id': 0}, {'type': 'D', 'id': 0}, {'type': 'Done'}]}");
}

static void a_span_without_an_end_stays_in_its_order(void **state)
{
    (void)state;
    assert_transforms("[" SPAN "]",
                      "{'events': [{'type': 'Started'}, {'type': 'B'}, {'type': 'A'}]}",
                      "{'events': [{'type': 'Started'}, {'type': 'B', 'id': 0},"
                      " {'type': 'A', 'id': 0}]}");
}

static void items_without_the_member_end_the_taking_in(void **state)
{
    (void)state;
    assert_transforms("[" SPAN "]", "{'events': [{'type': 'Started'}, 7, {'type': 'A'}]}",
                      "{'events': [{'type': 'Started'}, 7, {'type': 'A'}]}");
}

static void dates_are_sorted_as_their_text(void **state)
{
    (void)state;
    assert_transforms(
        "[" SPAN "]",
        "{'events': [{'type': 'Started'},"
        " {'at': {'$datetime': '2024-01-02T00:00:00+00:00'}, 'type': 'A'},"
        " {'at': '2024-01-01', 'type': 'A'}, {'type': 'Done'}]}",
        "{'events': [{'type': 'Started'}, {'at': '2024-01-01', 'type': 'A', 'id': 0},"
        " {'at': '2024-01-02 00:00:00+00:00', 'type': 'A', 'id': 0}, {'type': 'Done'}]}");
}

static void events_of_parallel_branches_are_those_of_the_reference(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'preset', 'name': 'sfn_none_recursive_parallel'}]",
                      "{'events': [{'id': 5, 'previousEventId': 4, 'type': 'ParallelStateStarted'},"
                      " {'id': 7, 'previousEventId': 5, 'type': 'PassStateExited'},"
                      " {'id': 6, 'previousEventId': 5, 'type': 'PassStateEntered'},"
                      " {'id': 18, 'previousEventId': 17, 'type': 'ParallelStateSucceeded'},"
                      " {'id': 19, 'previousEventId': 17, 'type': 'ParallelStateExited'}]}",
                      "{'events': [{'id': 5, 'previousEventId': 4, 'type': 'ParallelStateStarted'},"
                      " {'id': [0], 'previousEventId': 0, 'type': 'PassStateEntered'},"
                      " {'id': [0], 'previousEventId': 0, 'type': 'PassStateExited'},"
                      " {'id': 19, 'previousEventId': 17, 'type': 'ParallelStateExited'}]}");
}

static void span_says_what_is_wrong_with_it(void **state)
{
    (void)state;
    assert_refuses("[{'type': 'span', 'key': 'k', 'by': 'b'}]", "1", PARITY_E_INVALID,
                   "member 'from' is missing");
    assert_refuses("[{'type': 'span', 'key': 'k', 'by': 'b', 'from': 'f', 'to': 'x'}]", "1",
                   PARITY_E_INVALID, "member 'to' must be a list of texts");
    assert_refuses("[{'type': 'span', 'key': 'k', 'by': 'b', 'from': 'f', 'to': [1]}]", "1",
                   PARITY_E_INVALID, "member 'to' must be a list of texts");
    assert_refuses("[{'type': 'span', 'key': 'k', 'by': 'b', 'from': 'f', 'to': ['x'], 'set': 1}]",
                   "1", PARITY_E_INVALID, "member 'set' must be an object");
}

static void running_out_of_memory_is_reported(void **state)
{
    json_t *observed = json_of("{'m': {'events': [{'type': 'Started'}, {'type': 'B'},"
                               " {'type': 'A', 'l': [1]}, {'type': 'Done'}]}}");
    json_t *spec = json_of(SPAN), *out = NULL;
    struct parity_error err = {.code = PARITY_E_NOMEM};

    (void)state;
    for (unsigned long n = 1; err.code == PARITY_E_NOMEM; n++) {
        struct parity_transformers list = {0};

        memset(&err, 0, sizeof err);
        parity_memory_fail_at(n, 1);
        if (parity_transformers_add_spec(&list, spec, &err) == 0)
            (void)parity_transform(&list, observed, NULL, NULL, &out, &err);
        parity_memory_fail_at(0, 0);
        assert_true((out != NULL) == (err.code == PARITY_OK));
        parity_transformers_clear(&list);
        assert_true(n < 10000);
    }
    json_decref(out);
    json_decref(spec);
    json_decref(observed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_between_is_sorted_by_its_json),
        cmocka_unit_test(a_second_end_takes_the_place_of_the_first),
        cmocka_unit_test(a_span_begins_anew_inside_another),
        cmocka_unit_test(a_span_without_an_end_stays_in_its_order),
        cmocka_unit_test(items_without_the_member_end_the_taking_in),
        cmocka_unit_test(dates_are_sorted_as_their_text),
        cmocka_unit_test(events_of_parallel_branches_are_those_of_the_reference),
        cmocka_unit_test(span_says_what_is_wrong_with_it),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
