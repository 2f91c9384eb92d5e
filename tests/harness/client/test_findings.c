/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/findings.h"

static const char *member(const struct parity_findings *findings, size_t index, const char *name)
{
    return json_string_value(json_object_get(json_array_get(findings->list, index), name));
}

static json_int_t count_of(const struct parity_findings *findings, size_t index)
{
    return json_integer_value(json_object_get(json_array_get(findings->list, index), "count"));
}

static void a_finding_has_path_kind_and_message(void **state)
{
    struct parity_findings findings = {0};
    const struct parity_member_path list = {NULL, "Messages", 0}, item = {&list, NULL, 3},
                                    body = {&item, "Body", 0};

    (void)state;
    assert_int_equal(parity_findings_count(&findings), 0);
    parity_findings_add(&findings, PARITY_FINDING_TYPE, &body, "%s stands there", "a number");
    assert_string_equal(member(&findings, 0, "path"), "Messages[3].Body");
    assert_string_equal(member(&findings, 0, "kind"), "type");
    assert_string_equal(member(&findings, 0, "message"), "a number stands there");
    parity_findings_clear(&findings);
}

static void nothing_happens_when_nobody_asks(void **state)
{
    (void)state;
    parity_findings_add(NULL, PARITY_FINDING_TYPE, NULL, "x");
    parity_findings_explain(NULL, NULL, &(struct parity_error){.code = PARITY_E_RESPONSE});
}

static void the_whole_is_called_response_and_a_base_goes_in_front(void **state)
{
    struct parity_findings findings = {0};
    const struct parity_member_path events = {NULL, "Events", 0}, event = {&events, NULL, 1},
                                    name = {NULL, "Name", 0}, index = {NULL, NULL, 2};

    (void)state;
    parity_findings_add(&findings, PARITY_FINDING_NAMESPACE, NULL, "a");
    findings.base = &event;
    parity_findings_add(&findings, PARITY_FINDING_TYPE, NULL, "b");
    parity_findings_add(&findings, PARITY_FINDING_TYPE, &name, "c");
    parity_findings_add(&findings, PARITY_FINDING_TYPE, &index, "d");
    assert_string_equal(member(&findings, 0, "path"), "response");
    assert_string_equal(member(&findings, 1, "path"), "Events[1]");
    assert_string_equal(member(&findings, 2, "path"), "Events[1].Name");
    assert_string_equal(member(&findings, 3, "path"), "Events[1][2]");
    parity_findings_clear(&findings);
}

static void what_repeats_in_a_list_is_counted_at_its_first_place(void **state)
{
    struct parity_findings findings = {0};
    const struct parity_member_path list = {NULL, "Items", 0};

    (void)state;
    for (size_t i = 0; i < 12; i++) {
        const struct parity_member_path item = {&list, NULL, i}, size = {&item, "Size", 0},
                                        name = {&item, "Name", 0};

        parity_findings_add(&findings, PARITY_FINDING_TYPE, &size, "item %zu", i);
        if (i == 11)
            parity_findings_add(&findings, PARITY_FINDING_TYPE, &name, "the last");
        if (i == 11)
            parity_findings_add(&findings, PARITY_FINDING_MISSING, &name, "the last");
    }
    assert_int_equal(json_array_size(findings.list), 3);
    assert_string_equal(member(&findings, 0, "path"), "Items[0].Size");
    assert_string_equal(member(&findings, 0, "message"), "item 0");
    assert_int_equal(count_of(&findings, 0), 12);
    assert_string_equal(member(&findings, 1, "path"), "Items[11].Name");
    assert_int_equal(parity_findings_count(&findings), 14);
    parity_findings_clear(&findings);
}

static void beyond_a_hundred_places_they_are_only_counted(void **state)
{
    struct parity_findings findings = {0};
    char name[16];

    (void)state;
    for (int i = 0; i < 130; i++) {
        const struct parity_member_path path = {NULL, name, 0};

        snprintf(name, sizeof name, "m%d", i);
        parity_findings_add(&findings, PARITY_FINDING_UNKNOWN, &path, "x");
    }
    assert_int_equal(json_array_size(findings.list), PARITY_FINDINGS_KEPT);
    assert_int_equal(findings.left_out, 30);
    assert_int_equal(parity_findings_count(&findings), 130);
    parity_findings_clear(&findings);
}

static void a_failure_is_explained_once_where_it_is_known_best(void **state)
{
    struct parity_findings findings = {0};
    const struct parity_member_path outer = {NULL, "A", 0}, inner = {&outer, "B", 0};
    struct parity_error err = {.code = PARITY_E_RESPONSE, .message = "A.B: '7' is no timestamp"};
    struct parity_error memory = {.code = PARITY_E_NOMEM};

    (void)state;
    parity_findings_explain(&findings, &inner, &memory);
    assert_null(findings.list);
    parity_findings_explain(&findings, &inner, &err);
    parity_findings_explain(&findings, &outer, &err);
    parity_findings_explain(&findings, NULL, &err);
    assert_int_equal(json_array_size(findings.list), 1);
    assert_string_equal(member(&findings, 0, "path"), "A.B");
    assert_string_equal(member(&findings, 0, "message"), "'7' is no timestamp");
    parity_findings_clear(&findings);
}

static void bytes_that_are_no_text_are_shown_as_latin_1(void **state)
{
    struct parity_findings findings = {0};

    (void)state;
    parity_findings_add(&findings, PARITY_FINDING_CONTENT_TYPE, NULL, "'%s'", "text/\xe4");
    assert_string_equal(member(&findings, 0, "message"), "'text/\xc3\xa4'");
    parity_findings_clear(&findings);
}

static void a_lack_of_memory_is_noted_at_every_point(void **state)
{
    const struct parity_member_path path = {NULL, "A", 0};

    (void)state;
    for (unsigned long n = 1; n < 100; n++) {
        struct parity_findings findings = {0};

        parity_memory_fail_at(n, 1);
        parity_findings_add(&findings, PARITY_FINDING_TYPE, &path, "x");
        parity_memory_fail_at(0, 0);
        assert_true(findings.failed || parity_findings_count(&findings) == 1);
        if (!findings.failed)
            n = 100;
        parity_findings_clear(&findings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_has_path_kind_and_message),
        cmocka_unit_test(nothing_happens_when_nobody_asks),
        cmocka_unit_test(the_whole_is_called_response_and_a_base_goes_in_front),
        cmocka_unit_test(what_repeats_in_a_list_is_counted_at_its_first_place),
        cmocka_unit_test(beyond_a_hundred_places_they_are_only_counted),
        cmocka_unit_test(a_failure_is_explained_once_where_it_is_known_best),
        cmocka_unit_test(bytes_that_are_no_text_are_shown_as_latin_1),
        cmocka_unit_test(a_lack_of_memory_is_noted_at_every_point),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
