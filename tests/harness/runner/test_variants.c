/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/variants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

static const struct parity_test_definition of_both = {
    .name = "both",
    .file = "x.c",
    .line = 7,
    .recorded_as = "k",
    .variants = {{.name = "a", .value = "1"}, {.name = "b", .recorded_as = "kb"}},
    .protocols = {"json", "query"},
    .recordings = {{"b-json", "kbj"}},
};

static void cases_are_the_pairs_of_variants_and_protocols(void **state)
{
    static const char *const expected[][3] = {{"s/x.c::both[a-json]", "k[a-json]", "json"},
                                              {"s/x.c::both[a-query]", "k[a-query]", "query"},
                                              {"s/x.c::both[b-json]", "kbj", "json"},
                                              {"s/x.c::both[b-query]", "k[b-query]", "query"}};
    struct parity_registry registry = {0};

    (void)state;
    assert_int_equal(parity_registry_add(&registry, "s/x.c", NULL, &of_both, NULL), 0);
    assert_int_equal(registry.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(registry.cases[i].id, expected[i][0]);
        assert_string_equal(registry.cases[i].recorded_as, expected[i][1]);
        assert_string_equal(registry.cases[i].protocol, expected[i][2]);
        assert_string_equal(registry.cases[i].service, "s");
        assert_ptr_equal(registry.cases[i].parameter, &of_both.variants[i / 2]);
    }
    parity_registry_clear(&registry);
}

static void a_variant_may_be_recorded_under_its_own_key(void **state)
{
    const struct parity_test_definition definition = {
        .name = "n", .variants = {{.name = "a"}, {.name = "b", .recorded_as = "kb"}}};
    struct parity_registry registry = {0};

    (void)state;
    assert_int_equal(parity_registry_add(&registry, "x.c", NULL, &definition, NULL), 0);
    assert_string_equal(registry.cases[0].id, "x.c::n[a]");
    assert_null(registry.cases[0].recorded_as);
    assert_null(registry.cases[0].service);
    assert_string_equal(registry.cases[1].recorded_as, "kb");
    parity_registry_clear(&registry);
}

static void mistakes_are_named_with_their_place(void **state)
{
    static const struct {
        struct parity_variant variants[3];
        const char *reason;
    } bad[] = {
        {{{.name = ""}}, "the variant '' has a name that is empty or has brackets in it"},
        {{{.name = "a[b"}}, "the variant 'a[b' has a name that is empty or has brackets in it"},
        {{{.name = "a"}, {.name = "a"}}, "the variant 'a' stands there twice"},
        {{{.name = "a", .value = "%s"}},
         "the variant 'a' has a conversion in its value; a percent sign is written %%"},
        {{{.name = "a", .value = "{'b': }"}}, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct parity_test_definition definition = {.name = "n", .file = "x.c", .line = 7};
        struct parity_error err = {0};

        memcpy(definition.variants, bad[i].variants, sizeof bad[i].variants);
        assert_int_equal(parity_variants_check(&definition, &err), -1);
        assert_int_equal(err.code, PARITY_E_INVALID);
        assert_int_equal(err.line, 7);
        assert_memory_equal(err.message, "test 'n': ", 10);
        if (bad[i].reason)
            assert_string_equal(err.message + 10, bad[i].reason);
    }
    assert_int_equal(parity_variants_check(&of_both, NULL), 0);
}

static void expect_bad_protocols(const char *first, const char *second, const char *path,
                                 const char *message)
{
    struct parity_test_definition definition = {
        .name = "n", .file = "x.c", .line = 7, .protocols = {first, second}};
    struct parity_registry registry = {0};
    struct parity_error err = {0};

    assert_int_equal(parity_registry_add(&registry, path, NULL, &definition, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_non_null(strstr(err.message, message));
    parity_registry_clear(&registry);
}

static void protocols_must_be_known_and_need_a_service(void **state)
{
    (void)state;
    expect_bad_protocols("soap", NULL, "s/x.c", "test 'n': unknown protocol 'soap' (known are");
    expect_bad_protocols("json", "json", "s/x.c",
                         "test 'n': the protocol 'json' stands there twice");
    expect_bad_protocols("json", NULL, "x.c", "give it .service");
}

static void all_protocols_need_models(void **state)
{
    struct parity_test_definition definition = {
        .name = "n", .file = "x.c", .line = 7, .protocols = {PARITY_ALL_PROTOCOLS}};
    struct parity_registry registry = {0};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_registry_add(&registry, "s/x.c", NULL, &definition, &err), -1);
    assert_int_equal(err.code, PARITY_E_ENVIRONMENT);
    assert_string_equal(err.context, "x.c:7: test 'n'");
    parity_registry_clear(&registry);
}

static void values_are_json_templates_without_conversions(void **state)
{
    const struct parity_variant variant = {.name = "a", .value = "{'Share': '100%%'}"};
    json_t *value;

    (void)state;
    assert_int_equal(parity_variant_read(&variant, &value, NULL), 0);
    assert_string_equal(json_string_value(json_object_get(value, "Share")), "100%");
    json_decref(value);
}

static void running_out_of_memory_is_an_error(void **state)
{
    int rc = -1;

    (void)state;
    for (unsigned long n = 1; rc < 0; n++) {
        struct parity_registry registry = {0};
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        rc = parity_registry_add(&registry, "s/y.c", NULL, &of_both, &err);
        parity_memory_fail_at(0, 0);
        if (rc < 0)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        parity_registry_clear(&registry);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_are_the_pairs_of_variants_and_protocols),
        cmocka_unit_test(a_variant_may_be_recorded_under_its_own_key),
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(protocols_must_be_known_and_need_a_service),
        cmocka_unit_test(all_protocols_need_models),
        cmocka_unit_test(values_are_json_templates_without_conversions),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
