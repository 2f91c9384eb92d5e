/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endpoint_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/endpoint_partition.h"

static const char partitions_text[] =
    "{'partitions': ["
    "{'id': 'aws', 'regionRegex': '^(us|eu)\\\\-\\\\w+\\\\-\\\\d+$', 'regions': {'us-east-1': {}},"
    " 'outputs': {'dnsSuffix': 'amazonaws.com', 'supportsFIPS': true}},"
    "{'id': 'aws-cn', 'regionRegex': '^cn\\\\-\\\\w+\\\\-\\\\d+$', 'regions': {},"
    " 'outputs': {'dnsSuffix': 'amazonaws.com.cn', 'supportsFIPS': false}}]}";

/* JSON with single quotes, to be readable here. */
static json_t *json(const char *text)
{
    char *copy = parity_strdup(text);
    struct parity_error err = {0};
    json_t *value;

    for (char *c = copy; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (parity_json_parse(copy, strlen(copy), NULL, &value, &err) < 0)
        fail_msg("%s: %s", copy, err.message);
    parity_free(copy);
    return value;
}

/* A rule set with the parameters A, B (strings), F (boolean, false) and L (strings). */
static json_t *rule_set(const char *rules)
{
    char *text = parity_asprintf("{'version': '1.0', 'parameters': {"
                                 "'A': {'type': 'string'}, 'B': {'type': 'String'},"
                                 "'F': {'type': 'boolean', 'default': false, 'required': true},"
                                 "'L': {'type': 'stringArray'}}, 'rules': [%s]}",
                                 rules);
    json_t *document = json(text);

    parity_free(text);
    return document;
}

static int evaluate(const char *rules, const char *params, json_t **out, struct parity_error *err)
{
    struct parity_partitions *partitions = parity_partitions_new(json(partitions_text), NULL);
    struct parity_rule_set compiled;
    json_t *document = rule_set(rules), *given = json(params);
    int rc = parity_rule_set_compile(document, "test", &compiled, err);

    *out = NULL;
    if (rc == 0)
        rc = parity_rule_set_evaluate(&compiled, partitions, given, out, err);
    parity_rule_set_clear(&compiled);
    parity_partitions_free(partitions);
    json_decref(document);
    json_decref(given);
    return rc;
}

/* The value of an expression, through an endpoint property: "-" when it is not set. */
static void assert_value(const char *expression, const char *params, const char *expected)
{
    char *rules = parity_asprintf(
        "{'type': 'endpoint', 'conditions': [{'fn': 'coalesce', 'argv': [%s, '-'],"
        " 'assign': 'x'}], 'endpoint': {'url': 'http://x', 'properties': {'v': {'ref': 'x'}}}},"
        "{'type': 'endpoint', 'conditions': [],"
        " 'endpoint': {'url': 'http://x', 'properties': {'v': false}}}",
        expression);
    struct parity_error err = {0};
    struct parity_buffer text = {0};
    json_t *result;

    if (evaluate(rules, params, &result, &err) < 0)
        fail_msg("%s: %s", expression, err.message);
    parity_json_write(&text, json_object_get(json_object_get(result, "properties"), "v"),
                      PARITY_JSON_COMPACT);
    if (strcmp(text.data, expected) != 0)
        fail_msg("%s on %s is %s, not %s", expression, params, text.data, expected);
    parity_buffer_clear(&text);
    json_decref(result);
    parity_free(rules);
}

static void assert_failure(const char *rules, const char *params, enum parity_errc code,
                           const char *message)
{
    struct parity_error err = {0};
    json_t *result;

    assert_int_equal(evaluate(rules, params, &result, &err), -1);
    assert_null(result);
    assert_string_equal(err.message, message);
    assert_int_equal(err.code, code);
}

#define A "{'ref': 'A'}"
#define B "{'ref': 'B'}"

static void plain_functions_answer_as_specified(void **state)
{
    (void)state;
    assert_value("{'fn': 'isSet', 'argv': [" A "]}", "{}", "false");
    assert_value("{'fn': 'isSet', 'argv': [" A "]}", "{'A': ''}", "true");
    assert_value("{'fn': 'not', 'argv': [" A "]}", "{}", "true");
    assert_value("{'fn': 'stringEquals', 'argv': [" A ", 'x']}", "{'A': 'x'}", "true");
    assert_value("{'fn': 'booleanEquals', 'argv': [{'ref': 'F'}, true]}", "{'F': true}", "true");
    assert_value("{'fn': 'uriEncode', 'argv': [" A "]}", "{'A': 'a b/~%\\u00e9'}",
                 "\"a%20b%2F~%25%C3%A9\"");
    assert_value("{'fn': 'uriEncode', 'argv': [" A "]}", "{}", "\"-\"");
    assert_value("{'fn': 'ite', 'argv': [{'ref': 'F'}, 'yes', 'no']}", "{}", "\"no\"");
    assert_value("{'fn': 'coalesce', 'argv': [" A ", " B ", 'c']}", "{'B': 'b'}", "\"b\"");
    assert_value("{'fn': 'split', 'argv': [" A ", '-', 0]}", "{'A': 'a--b'}", "[\"a\",\"\",\"b\"]");
    assert_value("{'fn': 'split', 'argv': [" A ", '-', 2]}", "{'A': 'a-b-c'}", "[\"a\",\"b-c\"]");
}

static void substring_counts_from_either_end(void **state)
{
    (void)state;
    assert_value("{'fn': 'substring', 'argv': [" A ", 0, 2, false]}", "{'A': 'abcd'}", "\"ab\"");
    assert_value("{'fn': 'substring', 'argv': [" A ", 0, 2, true]}", "{'A': 'abcd'}", "\"cd\"");
    assert_value("{'fn': 'substring', 'argv': [" A ", 1, 3, true]}", "{'A': 'abcd'}", "\"bc\"");
    assert_value("{'fn': 'substring', 'argv': [" A ", 0, 5, false]}", "{'A': 'abcd'}", "\"-\"");
    assert_value("{'fn': 'substring', 'argv': [" A ", 2, 2, false]}", "{'A': 'abcd'}", "\"-\"");
    assert_value("{'fn': 'substring', 'argv': [" A ", 0, 2, false]}", "{'A': '\\u00e9bcd'}",
                 "\"-\"");
}

static void attributes_are_found_by_path(void **state)
{
    (void)state;
    assert_value("{'fn': 'getAttr', 'argv': [{'ref': 'L'}, '[1]']}", "{'L': ['a', 'b']}", "\"b\"");
    assert_value("{'fn': 'getAttr', 'argv': [{'ref': 'L'}, '[2]']}", "{'L': ['a', 'b']}", "\"-\"");
    assert_value("{'fn': 'getAttr', 'argv': [{'fn': 'aws.parseArn', 'argv': [" A
                 "]}, 'resourceId[1]']}",
                 "{'A': 'arn:aws:s3:r:1:ap/x:y'}", "\"x\"");
    assert_value("{'fn': 'getAttr', 'argv': [{'fn': 'aws.parseArn', 'argv': [" A
                 "]}, 'resourceId[99999999999999999999]']}",
                 "{'A': 'arn:aws:s3:r:1:ap/x:y'}", "\"-\"");
    assert_value("{'fn': 'getAttr', 'argv': [" A ", 'x.y']}", "{'A': 'text'}", "\"-\"");
}

static void arn_needs_partition_service_and_resource(void **state)
{
    static const char *const no_arns[] = {
        "arn:", "arn:aws:s3", "arn:aws:s3:::", "arn::s3:::x", "arn:aws::::x", "xarn:aws:s3:::x"};

    (void)state;
    for (size_t i = 0; i < sizeof no_arns / sizeof *no_arns; i++) {
        char *params = parity_asprintf("{'A': '%s'}", no_arns[i]);

        assert_value("{'fn': 'isSet', 'argv': [{'fn': 'aws.parseArn', 'argv': [" A "]}]}", params,
                     "false");
        parity_free(params);
    }
    assert_value("{'fn': 'getAttr', 'argv': [{'fn': 'aws.parseArn', 'argv': [" A "]}, 'region']}",
                 "{'A': 'arn:aws:s3:::x'}", "\"\"");
}

static void host_labels_follow_rfc_1123(void **state)
{
    static const struct {
        const char *text, *label, *host, *bucket;
    } cases[] = {
        {"abc", "true", "true", "true"},
        {"a-b", "true", "true", "true"},
        {"-ab", "false", "false", "false"},
        {"ab-", "false", "false", "false"},
        {"a.bc", "false", "true", "false"},
        {"a..b", "false", "false", "false"},
        {"ABC", "true", "true", "false"},
        {"a_b", "false", "false", "false"},
        {"ab", "true", "true", "false"},
        {"", "false", "false", "false"},
        {"1.2.3.4", "false", "true", "false"},
        {"\\u00e9abc", "false", "false", "false"},
        {"0123456789012345678901234567890123456789012345678901234567890123", "false", "false",
         "false"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *params = parity_asprintf("{'A': '%s'}", cases[i].text);

        assert_value("{'fn': 'isValidHostLabel', 'argv': [" A ", false]}", params, cases[i].label);
        assert_value("{'fn': 'isValidHostLabel', 'argv': [" A ", true]}", params, cases[i].host);
        assert_value("{'fn': 'aws.isVirtualHostableS3Bucket', 'argv': [" A ", false]}", params,
                     cases[i].bucket);
        parity_free(params);
    }
    assert_value("{'fn': 'aws.isVirtualHostableS3Bucket', 'argv': [" A ", true]}", "{'A': 'a.bc'}",
                 "true");
    assert_value("{'fn': 'aws.isVirtualHostableS3Bucket', 'argv': [" A ", true]}",
                 "{'A': '999.2.3.4'}", "false");
}

static void urls_are_taken_apart(void **state)
{
    static const struct {
        const char *url, *scheme, *authority, *path, *normalized, *is_ip;
    } cases[] = {
        {"https://example.com", "\"https\"", "\"example.com\"", "\"\"", "\"/\"", "false"},
        {"http://h:81/a b", "\"http\"", "\"h:81\"", "\"/a b\"", "\"/a%20b/\"", "false"},
        {"http://u@1.2.3.4:81/a//b/../c/.", "\"http\"", "\"u@1.2.3.4:81\"", "\"/a//b/../c/.\"",
         "\"/a/c/\"", "true"},
        {"https://[::1]:443/x/", "\"https\"", "\"[::1]:443\"", "\"/x/\"", "\"/x/\"", "true"},
        {"https://[fe80::1%25en0]", "\"https\"", "\"[fe80::1%25en0]\"", "\"\"", "\"/\"", "true"},
        {"https://h/../../x?", "\"https\"", "\"h\"", "\"/../../x\"", "\"/x/\"", "false"},
        {"HTTPS://h/%41;p#f", "\"https\"", "\"h\"", "\"/%41\"", "\"/%2541/\"", "false"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *params = parity_asprintf("{'A': '%s'}", cases[i].url);

#define PART(name) "{'fn': 'getAttr', 'argv': [{'fn': 'parseURL', 'argv': [" A "]}, '" name "']}"
        assert_value(PART("scheme"), params, cases[i].scheme);
        assert_value(PART("authority"), params, cases[i].authority);
        assert_value(PART("path"), params, cases[i].path);
        assert_value(PART("normalizedPath"), params, cases[i].normalized);
        assert_value(PART("isIp"), params, cases[i].is_ip);
        parity_free(params);
    }
}

static void what_is_no_url_is_not_set(void **state)
{
    static const char *const no_urls[] = {
        "example.com",    "ftp://h",     "http://",       "http://h?q=1",  "http://h:port",
        "http://h:70000", "http://[::1", "http://[::1]x", "https:///path", "http://u@:80/"};

    (void)state;
    for (size_t i = 0; i < sizeof no_urls / sizeof *no_urls; i++) {
        char *params = parity_asprintf("{'A': '%s'}", no_urls[i]);

        assert_value("{'fn': 'isSet', 'argv': [{'fn': 'parseURL', 'argv': [" A "]}]}", params,
                     "false");
        parity_free(params);
    }
}

static void regions_belong_to_partitions(void **state)
{
    static const struct {
        const char *region, *partition;
    } cases[] = {{"us-east-1", "\"aws\""},
                 {"eu-new-9", "\"aws\""},
                 {"cn-north-1", "\"aws-cn\""},
                 {"mars-1", "\"aws\""},
                 {"xcn-north-1", "\"aws\""}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *params = parity_asprintf("{'A': '%s'}", cases[i].region);

        assert_value("{'fn': 'getAttr', 'argv': [{'fn': 'aws.partition', 'argv': [" A
                     "]}, 'name']}",
                     params, cases[i].partition);
        parity_free(params);
    }
    assert_value("{'fn': 'getAttr', 'argv': [{'fn': 'aws.partition', 'argv': [" A
                 "]}, 'supportsFIPS']}",
                 "{'A': 'cn-north-1'}", "false");
}

static void hosts_of_aws_are_known_by_suffix(void **state)
{
    struct parity_partitions *partitions = parity_partitions_new(json(partitions_text), NULL);
    static const struct {
        const char *host;
        bool own;
    } cases[] = {{"sqs.us-east-1.amazonaws.com", true},
                 {"amazonaws.com", true},
                 {"S3.AMAZONAWS.COM.", true},
                 {"sqs.cn-north-1.amazonaws.com.cn", true},
                 {"notamazonaws.com", false},
                 {"amazonaws.com.evil.test", false},
                 {"localhost", false},
                 {"", false}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            parity_partitions_own_host(partitions, cases[i].host, strlen(cases[i].host)),
            cases[i].own);
    parity_partitions_free(partitions);
}

static void first_rule_that_matches_counts(void **state)
{
    static const char rules[] =
        "{'type': 'tree', 'conditions': [{'fn': 'isSet', 'argv': [" A "]}], 'rules': ["
        " {'type': 'error', 'conditions': [{'fn': 'stringEquals', 'argv': [" A ", 'bad']}],"
        "  'error': 'no {A}{{}}'},"
        " {'type': 'endpoint', 'conditions': [{'fn': 'parseURL', 'argv': [" A "],"
        "  'assign': 'u'}], 'endpoint': {'url': '{u#scheme}://{u#authority}/{B}',"
        "  'headers': {'x-a': ['{A}', 'b']}, 'properties': {'n': [{'deep': '{B}', 'f': "
        "false}]}}}]},"
        "{'type': 'error', 'conditions': [], 'error': {'ref': 'B'}}";
    json_t *result, *expected;

    (void)state;
    assert_int_equal(evaluate(rules, "{'A': 'http://h', 'B': 'b'}", &result, NULL), 0);
    expected = json("{'url': 'http://h/b', 'headers': {'x-a': ['http://h', 'b']},"
                    " 'properties': {'n': [{'deep': 'b', 'f': false}]}}");
    assert_true(parity_json_equal(result, expected));
    json_decref(result);
    json_decref(expected);
    assert_int_equal(evaluate(rules, "{'A': 'bad'}", &result, NULL), 0);
    assert_string_equal(json_string_value(json_object_get(result, "error")), "no bad{}");
    json_decref(result);
    assert_int_equal(evaluate(rules, "{'A': 'no-url', 'B': 'last'}", &result, NULL), 0);
    assert_string_equal(json_string_value(json_object_get(result, "error")), "last");
    json_decref(result);
}

static void variables_of_a_rule_end_with_it(void **state)
{
    static const char rules[] =
        "{'type': 'tree', 'conditions': [{'fn': 'parseURL', 'argv': [" A "], 'assign': 'u'}],"
        " 'rules': [{'type': 'error', 'conditions': [{'fn': 'isSet', 'argv': [" B "]}],"
        " 'error': 'never'}]},"
        "{'type': 'error', 'conditions': [{'fn': 'isSet', 'argv': [{'ref': 'u'}]}],"
        " 'error': 'still there'},"
        "{'type': 'error', 'conditions': [{'fn': 'parseURL', 'argv': [" A "], 'assign': 'u'}],"
        " 'error': 'assigned anew'}";
    json_t *result;

    (void)state;
    assert_int_equal(evaluate(rules, "{'A': 'http://h'}", &result, NULL), 0);
    assert_string_equal(json_string_value(json_object_get(result, "error")), "assigned anew");
    json_decref(result);
}

static void no_rule_that_matches_is_an_error_of_the_rules(void **state)
{
    json_t *result;

    (void)state;
    assert_int_equal(evaluate("", "{}", &result, NULL), 0);
    assert_string_equal(json_string_value(json_object_get(result, "error")),
                        "No endpoint found for these parameters");
    json_decref(result);
}

static void parameters_are_checked(void **state)
{
    (void)state;
    assert_failure("", "{'A': 1}", PARITY_E_INVALID, "endpoint parameter 'A' must be a string");
    assert_failure("", "{'F': 'true'}", PARITY_E_INVALID,
                   "endpoint parameter 'F' must be a boolean");
    assert_failure("", "{'L': [1]}", PARITY_E_INVALID,
                   "endpoint parameter 'L' must be a list of strings");
    assert_failure("", "{'a': 'x'}", PARITY_E_INVALID,
                   "unknown endpoint parameter 'a'; did you mean 'A'?");
}

static void wrong_types_are_told(void **state)
{
    (void)state;
    assert_failure("{'type': 'error', 'conditions': [{'fn': 'stringEquals', 'argv': [" A
                   ", 'x']}], 'error': 'e'}",
                   "{}", PARITY_E_INVALID,
                   "endpoint rules: stringEquals takes two strings, but is given nothing");
    assert_failure("{'type': 'error', 'conditions': [], 'error': 'x{A}'}", "{}", PARITY_E_INVALID,
                   "endpoint rules: a text wants the value of 'A', which is nothing");
}

static void broken_rule_sets_are_told(void **state)
{
    static const struct {
        const char *rules, *message;
    } cases[] = {
        {"{'type': 'error', 'conditions': [{'fn': 'frob', 'argv': []}], 'error': 'e'}",
         "endpoint rule set: unknown function 'frob'"},
        {"{'type': 'error', 'conditions': [{'fn': 'isSet', 'argv': []}], 'error': 'e'}",
         "endpoint rule set: isSet is called with 0 arguments, not 1"},
        {"{'type': 'leaf', 'conditions': []}", "endpoint rule set: unknown kind of rule 'leaf'"},
        {"{'type': 'tree', 'conditions': []}", "endpoint rule set: a tree without rules"},
        {"{'type': 'endpoint', 'conditions': [], 'endpoint': {}}",
         "endpoint rule set: an endpoint without URL"},
        {"{'type': 'error', 'conditions': [], 'error': '{A} {open'}",
         "endpoint rule set: template without closing brace: {open"},
        {"{'type': 'error', 'conditions': 1, 'error': 'e'}",
         "endpoint rule set: conditions that are no list"},
        {"1", "endpoint rule set: unknown kind of rule ''"},
        {"{'type': 'error', 'conditions': [], 'error': 1.5}",
         "endpoint rule set: a value of a kind that rules do not have"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_failure(cases[i].rules, "{}", PARITY_E_PARSE, cases[i].message);
}

static void other_documents_are_no_rule_sets(void **state)
{
    static const char *const documents[] = {"{}",
                                            "[]",
                                            "{'version': '2.0'}",
                                            "{'version': '1.0'}",
                                            "{'version': '1.0', 'parameters': {'A': {}}}",
                                            "{'version': '1.0', 'parameters': {}}"};

    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct parity_rule_set rules;
        struct parity_error err = {0};
        json_t *document = json(documents[i]);

        assert_int_equal(parity_rule_set_compile(document, "test", &rules, &err), -1);
        assert_int_equal(err.code, PARITY_E_PARSE);
        parity_rule_set_clear(&rules);
        json_decref(document);
    }
}

static void lack_of_memory_is_survived_everywhere(void **state)
{
    static const char rules[] =
        "{'type': 'endpoint', 'conditions': [{'fn': 'parseURL', 'argv': [" A "], 'assign': 'u'}],"
        " 'endpoint': {'url': '{u#scheme}://{u#authority}{u#normalizedPath}x{{}}',"
        " 'headers': {'x-a': ['{A}']}, 'properties': {'n': [{'deep': true}]}}}";
    json_t *document = rule_set(rules), *params = json("{'A': 'http://h/a b', 'L': ['a']}");

    (void)state;
    for (unsigned long n = 1;; n++) {
        struct parity_error err = {0};
        struct parity_partitions *partitions = NULL;
        struct parity_rule_set compiled = {0};
        json_t *result = NULL, *table = json(partitions_text);
        int rc;

        parity_memory_fail_at(n, 0);
        partitions = parity_partitions_new(table, &err);
        rc = partitions ? parity_rule_set_compile(document, "test", &compiled, &err) : -1;
        if (rc == 0)
            rc = parity_rule_set_evaluate(&compiled, partitions, params, &result, &err);
        parity_memory_fail_at(0, 0);
        json_decref(result);
        parity_rule_set_clear(&compiled);
        parity_partitions_free(partitions);
        if (rc == 0)
            break;
        assert_int_equal(err.code, PARITY_E_NOMEM);
        assert_true(n < 10000);
    }
    json_decref(document);
    json_decref(params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_functions_answer_as_specified),
        cmocka_unit_test(substring_counts_from_either_end),
        cmocka_unit_test(attributes_are_found_by_path),
        cmocka_unit_test(arn_needs_partition_service_and_resource),
        cmocka_unit_test(host_labels_follow_rfc_1123),
        cmocka_unit_test(urls_are_taken_apart),
        cmocka_unit_test(what_is_no_url_is_not_set),
        cmocka_unit_test(regions_belong_to_partitions),
        cmocka_unit_test(hosts_of_aws_are_known_by_suffix),
        cmocka_unit_test(first_rule_that_matches_counts),
        cmocka_unit_test(variables_of_a_rule_end_with_it),
        cmocka_unit_test(no_rule_that_matches_is_an_error_of_the_rules),
        cmocka_unit_test(parameters_are_checked),
        cmocka_unit_test(wrong_types_are_told),
        cmocka_unit_test(broken_rule_sets_are_told),
        cmocka_unit_test(other_documents_are_no_rule_sets),
        cmocka_unit_test(lack_of_memory_is_survived_everywhere),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
