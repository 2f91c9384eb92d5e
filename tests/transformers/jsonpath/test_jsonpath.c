/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "transformers/jsonpath/jsonpath.h"

static json_t *read_text(const char *text)
{
    struct parity_error err = {0};
    json_t *value;

    if (parity_json_parse(text, strlen(text), NULL, &value, &err) < 0)
        fail_msg("%s -> %s", text, err.message);
    return value;
}

/* "path=value" of each node, one per line, as the path or look-up gives it, or its error. */
static void look_up(enum parity_jsonpath_dialect dialect, const char *text, const char *document,
                    struct parity_buffer *out)
{
    struct parity_error err = {0};
    struct parity_jsonpath_nodes nodes = {0};
    struct parity_jsonpath *path = parity_jsonpath_compile(text, dialect, &err);
    json_t *root = read_text(document);

    if (!path)
        parity_buffer_printf(out, "column %d: %s", err.column, err.message);
    else if (parity_jsonpath_find(path, root, &nodes, &err) < 0)
        parity_buffer_printf(out, "%d: %s", (int)err.code, err.message);
    for (size_t i = 0; i < nodes.count; i++) {
        parity_jsonpath_normalized(&nodes.items[i], out);
        parity_buffer_add_char(out, '=');
        parity_json_write(out, nodes.items[i].value, PARITY_JSON_COMPACT);
        parity_buffer_add_char(out, '\n');
    }
    parity_jsonpath_nodes_clear(&nodes);
    parity_jsonpath_free(path);
    json_decref(root);
    parity_buffer_add(out, "", 0);
}

static void assert_found(enum parity_jsonpath_dialect dialect, const char *path,
                         const char *document, const char *expected)
{
    struct parity_buffer out = {0};

    look_up(dialect, path, document, &out);
    assert_string_equal(out.data, expected);
    parity_buffer_clear(&out);
}

static void assert_localstack(const char *path, const char *document, const char *expected)
{
    assert_found(PARITY_JSONPATH_LOCALSTACK, path, document, expected);
}

static void assert_rfc9535(const char *path, const char *document, const char *expected)
{
    assert_found(PARITY_JSONPATH_RFC9535, path, document, expected);
}

static void names_may_have_hyphens_and_quotes(void **state)
{
    (void)state;
    assert_localstack("$..X-Id", "{\"m\":{\"X-Id\":1}}", "$['m']['X-Id']=1\n");
    assert_localstack("m.'a.b'", "{\"m\":{\"a.b\":1}}", "$['m']['a.b']=1\n");
    assert_localstack("m[\"it's\"]", "{\"m\":{\"it's\":1}}", "$['m']['it\\'s']=1\n");
    assert_localstack("$.'a\\'b'", "{\"a'b\":1}", "$['a\\'b']=1\n");
}

static void descent_binds_looser_than_a_dot(void **state)
{
    static const char document[] = "{\"a\":{\"x\":{\"b\":1},\"b\":2}}";

    (void)state;
    assert_localstack("$..a.b", document, "$['a']['b']=2\n");
    assert_localstack("$..a..b", document, "$['a']['b']=2\n$['a']['x']['b']=1\n");
}

static void parentheses_keep_to_themselves(void **state)
{
    static const char document[] = "{\"a\":{\"b\":{\"d\":1}},\"c\":2,\"b\":{\"d\":3}}";

    (void)state;
    assert_localstack("a.(b|c)", document, "$['a']['b']={\"d\":1}\n");
    assert_localstack("$.(a|c)", document, "$['a']={\"b\":{\"d\":1}}\n$['c']=2\n");
    assert_localstack("a.(b.d|c)", document, "$['a']['b']['d']=1\n");
    assert_localstack("a.(b) where d", document, "$['a']['b']={\"d\":1}\n");
    assert_localstack("$.(a.b) where d", document, "$['a']['b']={\"d\":1}\n");
    assert_localstack("(a|b)[?d==3]", document, "");
    assert_localstack("$..(b.d)", document, "$['b']['d']=3\n$['a']['b']['d']=1\n");
}

static void wildcard_takes_members_only(void **state)
{
    (void)state;
    assert_localstack("$.*", "{\"a\":1,\"b\":[2]}", "$['a']=1\n$['b']=[2]\n");
    assert_localstack("$.*", "[1,2]", "");
    assert_localstack("$[*]", "[1,2]", "$[0]=1\n$[1]=2\n");
    assert_localstack("$[*]", "{\"a\":1}", "$[0]={\"a\":1}\n");
}

static void position_in_a_string_is_a_character(void **state)
{
    (void)state;
    assert_localstack("a[1]", "{\"a\":\"x\xC3\xA9z\"}", "$['a'][1]=\"\\u00e9\"\n");
    assert_localstack("a[-1]", "{\"a\":\"x\xC3\xA9z\"}", "$['a'][-1]=\"z\"\n");
    assert_localstack("a[3]", "{\"a\":\"x\xC3\xA9z\"}", "");
}

static void position_where_there_are_none_is_an_error(void **state)
{
    (void)state;
    assert_localstack("a[0]", "{\"a\":{\"b\":1}}",
                      "4: position [0] is looked up in an object, at $['a']");
    assert_localstack("a[0]", "{\"a\":7}", "4: position [0] is looked up in a number, at $['a']");
    assert_localstack("a[-2]", "{\"a\":[7]}",
                      "4: position [-2] is before the first of 1, at $['a']");
    assert_localstack("a[0]", "{\"a\":{}}", "");
    assert_localstack("a[0]", "{\"a\":null}", "");
}

static void typed_values_are_scalars(void **state)
{
    (void)state;
    assert_localstack("$..*", "{\"a\":{\"$datetime\":\"x\"}}", "$['a']={\"$datetime\":\"x\"}\n");
    assert_localstack("a.'$datetime'", "{\"a\":{\"$datetime\":\"x\"}}", "");
    assert_localstack("a[*]", "{\"a\":{\"$datetime\":\"x\"}}",
                      "4: a slice is looked up in a timestamp, at $['a']");
    assert_rfc9535("$..*", "{\"a\":{\"$bytes\":\"AA==\"}}", "$['a']={\"$bytes\":\"AA==\"}\n");
    assert_rfc9535("$[?length(@)>0]", "[123456789012345678901,\"a\"]", "$[1]=\"a\"\n");
}

static void filters_compare_as_python_does(void **state)
{
    static const char document[] =
        "[{\"v\":1},{\"v\":\"1\"},{\"v\":1.9},{\"v\":true},{\"v\":\"x\"}]";

    (void)state;
    assert_localstack("$[?v==1]", document,
                      "$[0]={\"v\":1}\n$[1]={\"v\":\"1\"}\n$[2]={\"v\":1.9}\n$[3]={\"v\":true}\n");
    assert_localstack("$[?(@.v=='x')]", document, "$[4]={\"v\":\"x\"}\n");
    assert_localstack("$[?v=~'^[x-z]$']", document, "$[4]={\"v\":\"x\"}\n");
    assert_localstack("$[?v<1.5]", document, "4: a string and a number have no order, in a filter");
    assert_localstack("$[?v==1 & v=='1'].v", document, "$[1]['v']=\"1\"\n");
    assert_localstack("$[?v==12345678901234567890].v", "[{\"v\":12345678901234567890},{\"v\":1}]",
                      "$[0]['v']=12345678901234567890\n");
}

static void localstack_paths_that_are_none_point_at_the_place(void **state)
{
    static const struct {
        const char *path, *error;
    } cases[] = {
        {"$[?a==1 && b==2]",
         "column 10: expected a name, '*', '[' or '$': conditions are joined by "
         "one '&'; for \"or\" write two paths"},
        {"$[?(a==1 || b==2)]",
         "column 10: expected ')': conditions are joined by one '&'; for \"or\" "
         "write two paths"},
        {"", "column 1: the path ends where a name, '*', '[' or '$' should be"},
        {"$.", "column 3: the path ends where a name, '*', '[' or '$' should be"},
        {"$.a[", "column 5: the path ends where a name, a position, '*', a slice or '?' should be"},
        {"$.a[0", "column 6: the path ends where ']' should be"},
        {"$..a:b", "column 5: expected '.', '..', '[' or the end"},
        {"$.a%b", "column 4: unexpected character '%': a name with it needs quotes"},
        {"$.\xC3\xA9", "column 3: unexpected character: a name with it needs quotes"},
        {"$.trueness", "column 3: expected a name, '*', '[' or '$': a name that is or begins with "
                       "'true' needs quotes"},
        {"a.where", "column 3: expected a name, '*', '[' or '$': a name that is or begins with "
                    "'where' needs quotes"},
        {"$.'a", "column 3: the ' that opens here is not closed"},
        {"$..[?(@.a==1)]",
         "column 5: a filter needs something to filter: write it behind a name or "
         "[*]"},
        {"a.`len`", "column 3: `len` is not supported: of the named operators parity knows `this` "
                    "and `parent`"},
        {"a[\\b]", "column 3: parity's paths do not sort: use a sorting transformer"},
        {"a+b",
         "column 2: expected '.', '..', '[' or the end: parity's paths do not calculate, and "
         "a name with '+' needs quotes"},
        {"a & b", "column 3: '&' only joins comparisons in a filter, as in [?a==1 & b==2]"},
        {"a[?b=~1]", "column 7: what follows =~ must be a pattern in quotes"},
        {"a[99999999999999999999]", "column 3: no list has that position"},
        {"$.a\xFF", "column 4: the path is not UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_localstack(cases[i].path, "{}", cases[i].error);
}

static void rfc9535_paths_that_are_none_point_at_the_place(void **state)
{
    static const struct {
        const char *path, *error;
    } cases[] = {
        {"a", "column 1: expected '$'"},
        {"$.X-Id", "column 4: expected '.', '..', '[' or the end"},
        {"$.'a'", "column 3: expected a name or '*' (other names: ['…'])"},
        {"$[01]", "column 3: a number has no leading zero and no -0"},
        {"$[?@.a==1", "column 10: the path ends where ',' or ']' should be"},
        {"$[?@.*==1]", "column 4: a value is needed here, and this path may select several"},
        {"$[?1]", "column 4: a value alone is no condition: compare it"},
        {"$[?foo(@)]", "column 4: expected a path, a literal, or a call of length, count, match, "
                       "search or value"},
        {"$[?count(1)>1]", "column 10: count() takes a path"},
        {"$ ", "column 2: expected '.', '..', '[' or the end"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_rfc9535(cases[i].path, "{}", cases[i].error);
}

static void path_is_the_context_of_its_errors(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_null(parity_jsonpath_compile("$.a[", PARITY_JSONPATH_LOCALSTACK, &err));
    assert_int_equal(err.code, PARITY_E_PARSE);
    assert_string_equal(err.context, "$.a[");
    assert_int_equal(err.line, 0); /* a path has no lines */
    assert_int_equal(err.column, 5);
}

static void nesting_of_a_path_is_limited(void **state)
{
    static const struct {
        const char *open;
        enum parity_jsonpath_dialect dialect;
    } cases[] = {{"(", PARITY_JSONPATH_LOCALSTACK},
                 {"$[?", PARITY_JSONPATH_LOCALSTACK},
                 {"$[?", PARITY_JSONPATH_RFC9535},
                 {"a where a[0] where ", PARITY_JSONPATH_LOCALSTACK}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_buffer path = {0};
        struct parity_error err = {0};

        for (int k = 0; k < 100000; k++)
            parity_buffer_add_text(&path, cases[i].open);
        assert_null(parity_jsonpath_compile(path.data, cases[i].dialect, &err));
        assert_int_equal(err.code, PARITY_E_LIMIT);
        parity_buffer_clear(&path);
    }
}

static void documents_of_any_depth_are_searched(void **state)
{
    struct parity_buffer out = {0};
    char document[4001];

    (void)state;
    memset(document, '[', 2000);
    memset(document + 2000, ']', 2000);
    document[4000] = '\0';
    look_up(PARITY_JSONPATH_RFC9535, "$..[?@[0] == 1]", document, &out);
    assert_string_equal(out.data, "");
    parity_buffer_clear(&out);
}

static void path_that_multiplies_without_end_is_stopped(void **state)
{
    struct parity_buffer document = {0}, out = {0};

    (void)state;
    for (int i = 0; i < 200; i++)
        parity_buffer_add_text(&document, "[");
    for (int i = 0; i < 200; i++)
        parity_buffer_add_text(&document, "]");
    look_up(PARITY_JSONPATH_RFC9535, "$..*..*..*..*..*", document.data, &out);
    assert_string_equal(out.data, "11: the path takes more than 20000000 steps in this document");
    parity_buffer_clear(&document);
    parity_buffer_clear(&out);
}

static void pattern_that_does_not_come_to_an_end_is_stopped(void **state)
{
    (void)state;
    assert_rfc9535("$[?search(@, '((a+)+)+[bc]')]",
                   "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"]",
                   "11: a regular expression needs too many steps on a string: make it simpler");
}

static void normalized_paths_escape_what_the_rfc_says(void **state)
{
    (void)state;
    assert_rfc9535("$.*", "{\"a\\u0001\\b\\t\\n\\f\\r'\\\\\\u000b\\\"\\u00e9\":1}",
                   "$['a\\u0001\\b\\t\\n\\f\\r\\'\\\\\\u000b\"\xC3\xA9']=1\n");
    assert_rfc9535("$[-1]", "[1,2]", "$[1]=2\n");
}

static void steps_are_followed_as_their_text_allows(void **state)
{
    static const struct {
        struct parity_jsonpath_step step;
        bool inside, last;
    } cases[] = {{{"Id", 2, 0}, true, true},        {{"X-Amz@2", 7, 0}, true, true},
                 {{"a.b", 3, 0}, false, true},      {{"a:b", 3, 0}, false, true},
                 {{"a b", 3, 0}, false, true},      {{"0", 1, 0}, false, true},
                 {{"it's", 4, 0}, false, false},    {{"a\\b", 3, 0}, false, false},
                 {{"\xC3\xA9", 2, 0}, false, true}, {{"a\nb", 3, 0}, false, false},
                 {{"", 0, 0}, true, true},          {{NULL, 0, 3}, true, true},
                 {{NULL, 0, -1}, false, true}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parity_jsonpath_step_is_followed(&cases[i].step, false), cases[i].inside);
        assert_int_equal(parity_jsonpath_step_is_followed(&cases[i].step, true), cases[i].last);
    }
}

static void lack_of_memory_is_reported_and_leaks_nothing(void **state)
{
    static const struct {
        const char *path;
        enum parity_jsonpath_dialect dialect;
    } cases[] = {
        {"$..a,b[?(@.c=~'x' & d==007)].(e|f where g)[0:1].'h'", PARITY_JSONPATH_LOCALSTACK},
        {"$..*[0]", PARITY_JSONPATH_LOCALSTACK},
        {"$..[?match(@.a, 'b.') && count(@..*) > 1 || !@.x, 'y', 1:2]", PARITY_JSONPATH_RFC9535}};
    json_t *document = read_text("{\"a\":[{\"c\":\"x\",\"d\":7,\"a\":\"bc\"}],\"b\":\"text\"}");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_error err;
        unsigned long n = 0;

        do {
            struct parity_jsonpath_nodes nodes = {0};
            struct parity_jsonpath *path;

            memset(&err, 0, sizeof err);
            parity_memory_fail_at(++n, 0);
            path = parity_jsonpath_compile(cases[i].path, cases[i].dialect, &err);
            if (path)
                parity_jsonpath_find(path, document, &nodes, &err);
            parity_memory_fail_at(0, 0);
            parity_jsonpath_nodes_clear(&nodes);
            parity_jsonpath_free(path);
        } while (err.code == PARITY_E_NOMEM);
        assert_true(err.code == PARITY_OK || err.code == PARITY_E_INVALID);
        assert_true(n > 5);
    }
    json_decref(document);
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
        cmocka_unit_test(names_may_have_hyphens_and_quotes),
        cmocka_unit_test(descent_binds_looser_than_a_dot),
        cmocka_unit_test(parentheses_keep_to_themselves),
        cmocka_unit_test(wildcard_takes_members_only),
        cmocka_unit_test(position_in_a_string_is_a_character),
        cmocka_unit_test(position_where_there_are_none_is_an_error),
        cmocka_unit_test(typed_values_are_scalars),
        cmocka_unit_test(filters_compare_as_python_does),
        cmocka_unit_test(localstack_paths_that_are_none_point_at_the_place),
        cmocka_unit_test(rfc9535_paths_that_are_none_point_at_the_place),
        cmocka_unit_test(path_is_the_context_of_its_errors),
        cmocka_unit_test(nesting_of_a_path_is_limited),
        cmocka_unit_test(documents_of_any_depth_are_searched),
        cmocka_unit_test(path_that_multiplies_without_end_is_stopped),
        cmocka_unit_test(pattern_that_does_not_come_to_an_end_is_stopped),
        cmocka_unit_test(normalized_paths_escape_what_the_rfc_says),
        cmocka_unit_test(steps_are_followed_as_their_text_allows),
        cmocka_unit_test(lack_of_memory_is_reported_and_leaks_nothing),
    };

    return cmocka_run_group_tests_name("jsonpath", tests, init, NULL);
}
