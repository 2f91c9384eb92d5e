/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "transformers/jsonpath/jsonpath.h"

/* The document with "<r>" in the places that the path selects, or what is wrong. */
static void set(enum parity_jsonpath_dialect dialect, const char *text, const char *document,
                struct parity_buffer *out)
{
    struct parity_error err = {0};
    struct parity_jsonpath *path = parity_jsonpath_compile(text, dialect, &err);
    json_t *root, *value = json_string("<r>");

    assert_non_null(path);
    assert_int_equal(parity_json_parse(document, strlen(document), NULL, &root, NULL), 0);
    if (parity_jsonpath_update(path, &root, value, &err) < 0)
        parity_buffer_printf(out, "%d: %s", (int)err.code, err.message);
    else
        parity_json_write(out, root, PARITY_JSON_COMPACT);
    parity_jsonpath_free(path);
    json_decref(root);
    json_decref(value);
}

static void assert_set(const char *path, const char *document, const char *expected)
{
    struct parity_buffer out = {0};

    set(PARITY_JSONPATH_LOCALSTACK, path, document, &out);
    assert_string_equal(out.data, expected);
    parity_buffer_clear(&out);
}

/* Expectations of this file are answers of jsonpath-ng 1.8.0. */

static void members_items_and_the_root_are_set(void **state)
{
    (void)state;
    assert_set("$.a.b", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":\"<r>\"}}");
    assert_set("$.a[-1]", "{\"a\":[1,2]}", "{\"a\":[1,\"<r>\"]}");
    assert_set("$.a[0,1]", "{\"a\":[1,2,3]}", "{\"a\":[\"<r>\",\"<r>\",3]}");
    assert_set("$.a[*]", "{\"a\":[1,2]}", "{\"a\":[\"<r>\",\"<r>\"]}");
    assert_set("a,b", "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":\"<r>\",\"b\":\"<r>\",\"c\":3}");
    assert_set("$", "{\"a\":1}", "\"<r>\"");
}

static void what_is_missing_is_not_made(void **state)
{
    (void)state;
    assert_set("$.a.b", "{\"a\":{}}", "{\"a\":{}}");
    assert_set("$.a.b", "{\"a\":null}", "{\"a\":null}");
    assert_set("$.a.b", "{\"a\":true}", "{\"a\":true}");
    assert_set("$.a[3]", "{\"a\":[1]}", "{\"a\":[1]}");
    assert_set("$.a.*", "{\"a\":[1]}", "{\"a\":[1]}");
}

static void what_lies_below_a_set_value_is_gone(void **state)
{
    (void)state;
    assert_set("$..a", "{\"a\":{\"a\":{\"a\":1}}}", "{\"a\":\"<r>\"}");
    assert_set("$..*", "{\"a\":[{\"b\":1}]}", "{\"a\":\"<r>\"}");
    assert_set("$..a.b", "{\"a\":{\"b\":{\"a\":{\"b\":1}}}}", "{\"a\":{\"b\":\"<r>\"}}");
    assert_set("$..a..b", "{\"a\":{\"b\":{\"a\":{\"b\":1}}}}", "{\"a\":{\"b\":\"<r>\"}}");
}

static void filters_choose_the_items_that_are_set(void **state)
{
    static const char document[] = "{\"a\":[{\"b\":1,\"c\":2},{\"b\":2,\"c\":3}]}";

    (void)state;
    assert_set("$..a[?b==1].c", document, "{\"a\":[{\"b\":1,\"c\":\"<r>\"},{\"b\":2,\"c\":3}]}");
    assert_set("$.a[?b==1]", document, "{\"a\":[\"<r>\",{\"b\":2,\"c\":3}]}");
    assert_set("* where b", "{\"a\":{\"b\":2},\"c\":{}}", "{\"a\":\"<r>\",\"c\":{}}");
}

static void position_of_an_object_becomes_a_member(void **state)
{
    (void)state;
    assert_set("$.a[0]", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1,\"0\":\"<r>\"}}");
    assert_set("$.a[*]", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1,\"0\":\"<r>\"}}");
    assert_set("$.a[0]", "{\"a\":{}}", "{\"a\":{}}");
    assert_set("$.a[-1]", "{\"a\":{}}", "{\"a\":{\"-1\":\"<r>\"}}");
    assert_set("$..[0]", "{\"a\":[1],\"b\":{\"c\":2}}",
               "{\"a\":[\"<r>\"],\"b\":{\"c\":2,\"0\":\"<r>\"},\"0\":\"<r>\"}");
}

static void value_that_does_not_fit_the_last_step_is_an_error(void **state)
{
    static const struct {
        const char *path, *document, *error;
    } cases[] = {
        {"$.a.b", "{\"a\":\"xby\"}",
         "4: the member 'b' is to be set in a string that has it in its text, at $['a']"},
        {"$..b", "{\"a\":[\"b\"]}",
         "4: the member 'b' is to be set in a list that has it as an item, at $['a']"},
        {"$.a.b", "{\"a\":5}",
         "4: the member 'b' is to be set in a value without members, at $['a']"},
        {"$.a.b", "{\"a\":{\"$datetime\":\"x\"}}",
         "4: the member 'b' is to be set in a value without members, at $['a']"},
        {"$.a[0]", "{\"a\":\"xby\"}", "4: position [0] is to be set in a string, at $['a']"},
        {"$.a[0]", "{\"a\":null}",
         "4: position [0] is to be set in a value without positions, at $['a']"},
        {"$.a[-2]", "{\"a\":[1]}", "4: position [-2] is before the first of 1, at $['a']"},
        {"$..x[0].y", "{\"x\":{\"y\":1}}", "4: position [0] is looked up in an object, at $['x']"},
        {"a|b", "{\"a\":1}", "4: what ends in '|' or `parent` cannot be set, at $"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_set(cases[i].path, cases[i].document, cases[i].error);
}

static void rfc9535_sets_every_selected_node(void **state)
{
    struct parity_buffer out = {0};

    (void)state;
    set(PARITY_JSONPATH_RFC9535, "$..[?@.a, 0]", "{\"x\":{\"a\":1},\"y\":[{\"a\":2},[3,4]]}", &out);
    assert_string_equal(out.data, "{\"x\":\"<r>\",\"y\":[\"<r>\",[\"<r>\",4]]}");
    parity_buffer_clear(&out);
}

static void lack_of_memory_is_reported_and_leaks_nothing(void **state)
{
    static const char document[] = "{\"a\":[{\"b\":{\"b\":1}},{\"b\":2}]}";
    struct parity_jsonpath *path =
        parity_jsonpath_compile("$..b", PARITY_JSONPATH_LOCALSTACK, NULL);
    json_t *value = json_string("<r>");
    unsigned long n = 0;
    int rc;

    (void)state;
    do {
        struct parity_error err = {0};
        json_t *root;

        assert_int_equal(parity_json_parse(document, strlen(document), NULL, &root, NULL), 0);
        parity_memory_fail_at(++n, 0);
        rc = parity_jsonpath_update(path, &root, value, &err);
        parity_memory_fail_at(0, 0);
        assert_int_equal(err.code, rc < 0 ? PARITY_E_NOMEM : PARITY_OK);
        json_decref(root);
    } while (rc < 0);
    assert_true(n > 3);
    parity_jsonpath_free(path);
    json_decref(value);
}

static int init(void **state)
{
    (void)state;
    parity_memory_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_items_and_the_root_are_set),
        cmocka_unit_test(what_is_missing_is_not_made),
        cmocka_unit_test(what_lies_below_a_set_value_is_gone),
        cmocka_unit_test(filters_choose_the_items_that_are_set),
        cmocka_unit_test(position_of_an_object_becomes_a_member),
        cmocka_unit_test(value_that_does_not_fit_the_last_step_is_an_error),
        cmocka_unit_test(rfc9535_sets_every_selected_node),
        cmocka_unit_test(lack_of_memory_is_reported_and_leaks_nothing),
    };

    return cmocka_run_group_tests_name("update", tests, init, NULL);
}
