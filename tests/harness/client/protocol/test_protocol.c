/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../model_fixture.h"
#include "base/memory.h"
#include "client/protocol/protocol.h"

static const char *const protocols[] = {"ec2",       "json",     "query",
                                        "rest-json", "rest-xml", "smithy-rpc-v2-cbor"};
enum { PROTOCOLS = sizeof protocols / sizeof *protocols };

/* One operation that has a bit of everything; all protocols can carry it. */
static struct model_fixture everything(void)
{
    return fixture_new(
        "'protocol': 'json', 'targetPrefix': 'T', 'jsonVersion': '1.1', 'apiVersion': 'V'",
        "'http': {'method': 'POST', 'requestUri': '/a/{Id}?lit'}, 'input': {'shape': 'All'}, "
        "'output': {'shape': 'All'}, 'errors': [{'shape': 'Bad'}]",
        "'All': {'type': 'structure', 'locationName': 'All', 'members': {'Id': {'shape': 'Text', "
        "'location': 'uri'}, 'Query': {'shape': 'Texts', 'location': 'querystring'}, 'Head': "
        "{'shape': 'Time', 'location': 'header', 'locationName': 'x-head'}, 'Meta': {'shape': "
        "'Map', 'location': 'headers', 'locationName': 'x-m-'}, 'Text': {'shape': 'Text'}, 'Data': "
        "{'shape': 'Blob'}, 'List': {'shape': 'Texts'}, 'Map': {'shape': 'Map'}, 'When': {'shape': "
        "'Time'}, 'Number': {'shape': 'Number'}, 'Real': {'shape': 'Real'}, 'Inner': {'shape': "
        "'Inner'}}}, 'Inner': {'type': 'structure', 'members': {'A': {'shape': 'Text'}}}, "
        "'Text': {'type': 'string'}, 'Texts': {'type': 'list', 'member': {'shape': 'Text'}}, 'Map':"
        " {'type': 'map', 'key': {'shape': 'Text'}, 'value': {'shape': 'Text'}}, 'Blob': {'type': "
        "'blob'}, 'Time': {'type': 'timestamp'}, 'Number': {'type': 'integer'}, 'Real': {'type': "
        "'double'}, 'Bad': {'type': 'structure', 'exception': true, 'members': {'Reason': {'shape':"
        " 'Text'}}}");
}

#define INPUT                                                                                      \
    "{'Id': 'i/d', 'Query': ['a', 'b c'], 'Head': 0, 'Meta': {'k': 'v'}, 'Text': 'x<y', 'Data': "  \
    "{'$bytes': '/w=='}, 'List': ['l'], 'Map': {'m': 'n'}, 'When': 1.5, 'Number': 7, 'Real': "     \
    "0.5, "                                                                                        \
    "'Inner': {'A': 'a'}}"

static int serialize(const struct model_fixture *fixture, const char *protocol, const char *input,
                     struct parity_wire_request *out, struct parity_error *err)
{
    json_t *value = fixture_json(input);
    int rc = parity_protocol_find(protocol, NULL)->serialize(fixture->operation, value, out, err);

    json_decref(value);
    return rc;
}

static void expect_body(const char *protocol, const char *input, const char *body)
{
    struct model_fixture fixture = everything();
    struct parity_wire_request request = {0};
    struct parity_error err = {0};

    if (serialize(&fixture, protocol, input, &request, &err) < 0)
        fail_msg("%s: %s", protocol, err.message);
    assert_string_equal(request.body.data ? request.body.data : "", body);
    parity_wire_request_clear(&request);
    fixture_clear(&fixture);
}

/* --- requests ----------------------------------------------------------------------------------
 */

static void an_unknown_protocol_is_answered_with_the_known_ones(void **state)
{
    struct parity_error err = {0};

    (void)state;
    assert_null(parity_protocol_find("soap", &err));
    assert_int_equal(err.code, PARITY_E_NOT_FOUND);
    assert_string_equal(err.message, "unknown protocol 'soap' (known are ec2, json, query, "
                                     "rest-json, rest-xml, smithy-rpc-v2-cbor)");
}

static void members_are_bound_to_path_query_headers_and_body(void **state)
{
    struct model_fixture fixture = everything();
    struct parity_wire_request request = {0};
    struct parity_error err = {0};

    (void)state;
    if (serialize(&fixture, "rest-json", INPUT, &request, &err) < 0)
        fail_msg("%s", err.message);
    assert_string_equal(request.method, "POST");
    assert_string_equal(request.path.data, "/a/i%2Fd");
    assert_string_equal(request.query.data, "lit&Query=a&Query=b%20c");
    assert_string_equal(parity_headers_get(&request.headers, "x-head"),
                        "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_string_equal(parity_headers_get(&request.headers, "x-m-k"), "v");
    assert_string_equal(
        request.body.data,
        "{\"Text\": \"x<y\", \"Data\": \"/w==\", \"List\": [\"l\"], \"Map\": {\"m\": "
        "\"n\"}, \"When\": 1, \"Number\": 7, \"Real\": 0.5, \"Inner\": {\"A\": "
        "\"a\"}}");
    parity_wire_request_clear(&request);
    fixture_clear(&fixture);
}

static void what_the_model_forbids_is_sent_as_it_is(void **state)
{
    (void)state;
    expect_body("json", "{'Text': 5, 'Unknown': {'a': [1, {'$bytes': '/w=='}]}, 'List': 'no list'}",
                "{\"Text\": 5, \"Unknown\": {\"a\": [1, \"/w==\"]}, \"List\": \"no list\"}");
    expect_body("query", "{'Text': true, 'Unknown': {'a': [1, 'x']}, 'List': 'no list'}",
                "Action=Op&Version=V&Text=true&Unknown.a.member.1=1&Unknown.a.member.2=x&"
                "List=no+list");
    expect_body("ec2", "{'Unknown': {'a': [1, 'x']}, 'Number': []}",
                "Action=Op&Version=V&Unknown.a.1=1&Unknown.a.2=x");
    expect_body("rest-xml", "{'Id': 'i', 'Unknown': {'a': [1, 'x']}, 'Number': 'x'}",
                "<All><Unknown><a><member>1</member><member>x</member></a></Unknown>"
                "<Number>x</Number></All>");
    expect_body("rest-json", "{'Id': 'i', 'Unknown': 1}", "{\"Unknown\": 1}");
}

static void null_is_sent_as_each_protocol_does(void **state)
{
    (void)state;
    expect_body("json", "{'Text': null}", "{\"Text\": null}");
    expect_body("rest-xml", "{'Id': 'i', 'Inner': {'A': null}}", "<All><Inner /></All>");
    expect_body("smithy-rpc-v2-cbor", "{'Text': null}", "\xa0");
    expect_body("rest-json", "{'Id': 'i', 'Text': null}", "{}");
}

static void a_missing_label_is_named(void **state)
{
    struct model_fixture fixture = everything();
    struct parity_wire_request request = {0};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(serialize(&fixture, "rest-xml", "{'Text': 'x'}", &request, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message,
                        "input: the parameter for '{Id}' in the request's path is missing");
    parity_wire_request_clear(&request);
    fixture_clear(&fixture);
}

static void a_header_cannot_smuggle_another_one_in(void **state)
{
    static const char *const inputs[] = {"{'Id': 'i', 'Meta': {'k': 'a\\r\\nX-Evil: 1'}}",
                                         "{'Id': 'i', 'Meta': {'k: v\\r\\nX': 'a'}}",
                                         "{'Id': 'i', 'Head': 'a\\nb'}",
                                         "{'Id': 'i', 'Meta': {'k': 'a\\u0000b'}}"};
    struct model_fixture fixture = everything();

    (void)state;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct parity_wire_request request = {0};
        struct parity_error err = {0};

        assert_int_equal(serialize(&fixture, "rest-json", inputs[i], &request, &err), -1);
        assert_int_equal(err.code, PARITY_E_INVALID);
        assert_non_null(strstr(err.message, "a header cannot hold line breaks or NUL"));
        parity_wire_request_clear(&request);
    }
    fixture_clear(&fixture);
}

/* --- tokens and host prefix --------------------------------------------------------------------
 */

static int count_up(void *bytes, size_t length, void *context)
{
    int *called = context;

    (*called)++;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)(0xf0 + i);
    return 0;
}

static void absent_tokens_are_filled(void **state)
{
    struct model_fixture fixture =
        fixture_new("'protocol': 'json'", "'input': {'shape': 'In'}",
                    "'In': {'type': 'structure', 'members': {'Token': {'shape': 'T', "
                    "'idempotencyToken': true}, 'Given': {'shape': 'T', 'idempotencyToken': true}, "
                    "'Other': {'shape': 'T'}}}, 'T': {'type': 'string'}");
    json_t *input = fixture_json("{'Given': 'mine'}"), *again;
    struct parity_error err = {0};
    int called = 0;

    (void)state;
    assert_int_equal(parity_protocol_fill_tokens(fixture.operation, input, count_up, &called, &err),
                     0);
    assert_int_equal(called, 1);
    assert_string_equal(json_string_value(json_object_get(input, "Token")),
                        "f0f1f2f3-f4f5-46f7-b8f9-fafbfcfdfeff");
    assert_string_equal(json_string_value(json_object_get(input, "Given")), "mine");
    assert_null(json_object_get(input, "Other"));
    json_object_clear(input);
    again = fixture_json("{}");
    assert_int_equal(parity_protocol_fill_tokens(fixture.operation, input, NULL, NULL, &err), 0);
    assert_int_equal(parity_protocol_fill_tokens(fixture.operation, again, NULL, NULL, &err), 0);
    assert_string_not_equal(json_string_value(json_object_get(input, "Token")),
                            json_string_value(json_object_get(again, "Token")));
    json_decref(input);
    json_decref(again);
    fixture_clear(&fixture);
}

static void host_labels_are_filled_and_checked(void **state)
{
    static const struct {
        const char *input, *prefix;
    } cases[] = {
        {"{'Label': 'a.b-1'}", "data.a.b-1."},
        {"{}", NULL},
        {"{'Label': ''}", NULL},
        {"{'Label': 'evil.example/'}", NULL},
        {"{'Label': 'a@b'}", NULL},
        {"{'Label': 5}", NULL},
    };
    struct model_fixture fixture =
        fixture_new("'protocol': 'json'",
                    "'endpoint': {'hostPrefix': 'data.{Label}.'}, 'input': {'shape': 'In'}",
                    "'In': {'type': 'structure', 'members': {'Label': {'shape': 'T', 'hostLabel': "
                    "true}}}, 'T': {'type': 'string'}");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_buffer out = {0};
        struct parity_error err = {0};
        json_t *input = fixture_json(cases[i].input);
        int rc = parity_protocol_host_prefix(fixture.operation, input, &out, &err);

        assert_int_equal(rc, cases[i].prefix ? 0 : -1);
        if (cases[i].prefix)
            assert_string_equal(out.data, cases[i].prefix);
        else
            assert_non_null(strstr(err.message, "input: Label: it becomes part of the host name"));
        parity_buffer_clear(&out);
        json_decref(input);
    }
    fixture_clear(&fixture);
}

/* --- memory ------------------------------------------------------------------------------------
 */

static void serializing_reports_a_lack_of_memory_at_every_point(void **state)
{
    struct model_fixture fixture = everything();

    (void)state;
    for (size_t p = 0; p < PROTOCOLS; p++) {
        json_t *input = fixture_json(INPUT);
        bool done = false;

        for (unsigned long n = 1; !done; n++) {
            struct parity_wire_request request = {0};
            struct parity_error err = {0};

            parity_memory_fail_at(n, 1);
            done = parity_protocol_find(protocols[p], NULL)
                       ->serialize(fixture.operation, input, &request, &err) == 0;
            parity_memory_fail_at(0, 0);
            if (!done && err.code != PARITY_E_NOMEM)
                fail_msg("%s, allocation %lu: '%s'", protocols[p], n, err.message);
            parity_wire_request_clear(&request);
            assert_true(n < 2000);
        }
        json_decref(input);
    }
    fixture_clear(&fixture);
}

static const struct {
    int status;
    const char *protocol, *body;
} responses[] = {
    {200, "json",
     "{\"Text\":\"x\",\"List\":[\"a\",null],\"Map\":{\"k\":\"v\"},\"When\":1.5,"
     "\"Data\":\"/w==\",\"Inner\":{\"A\":\"a\"}}"},
    {200, "rest-json", "{\"Text\":\"x\",\"List\":[\"a\"],\"Map\":{\"k\":\"v\"},\"Number\":\"5\"}"},
    {200, "query",
     "<R><Text>x</Text><List><member>a</member></List><Map><entry><key>k</key>"
     "<value>v</value></entry></Map><When>2020-01-01T00:00:00Z</When><Data>/w==</Data>"
     "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></R>"},
    {200, "ec2", "<R><Text>x</Text><List><item>a</item></List><requestId>r</requestId></R>"},
    {200, "rest-xml", "<All><Text>x</Text><Number>5</Number><Real>1.5</Real></All>"},
    {200, "smithy-rpc-v2-cbor", "\xa2\x64Text\x61x\x64When\xc1\x01"},
    {400, "json", "{\"__type\":\"ns#Bad\",\"message\":\"m\",\"Reason\":\"r\"}"},
    {400, "rest-json", "{\"code\":\"Bad\",\"Message\":\"m\",\"Reason\":\"r\"}"},
    {400, "query",
     "<ErrorResponse><Error><Code>Bad</Code><Reason>r</Reason></Error>"
     "<RequestId>r</RequestId></ErrorResponse>"},
    {400, "ec2",
     "<Response><Errors><Error><Code>Bad</Code><Reason>r</Reason></Error></Errors>"
     "<RequestID>r</RequestID></Response>"},
    {400, "rest-xml", "<Error><Code>Bad</Code><Reason>r</Reason></Error>"},
    {404, "rest-xml", ""},
    {503, "json", "<html>"},
    {400, "smithy-rpc-v2-cbor",
     "\xa2\x66__type\x63"
     "Bad\x66Reason\x61r"},
};

static void parsing_reports_a_lack_of_memory_at_every_point(void **state)
{
    struct model_fixture fixture = everything();

    (void)state;
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++) {
        struct parity_http_response response = {.status_code = responses[i].status};
        bool done = false;

        parity_buffer_add_text(&response.body, responses[i].body);
        parity_headers_add(&response.headers, "x-amz-request-id", "id");
        parity_headers_add(&response.headers, "x-head", "Thu, 01 Jan 1970 00:00:00 GMT");
        parity_headers_add(&response.headers, "x-m-k", "v");
        for (unsigned long n = 1; !done; n++) {
            struct parity_findings findings = {0};
            struct parity_error err = {0};
            json_t *result = NULL;

            parity_memory_fail_at(n, 1);
            done =
                parity_protocol_parse(parity_protocol_find(responses[i].protocol, NULL),
                                      fixture.operation, &response, &findings, &result, &err) == 0;
            parity_memory_fail_at(0, 0);
            parity_findings_clear(&findings);
            if (!done && err.code != PARITY_E_NOMEM)
                fail_msg("%s %d, allocation %lu: '%s'", responses[i].protocol, responses[i].status,
                         n, err.message);
            assert_true(done == (result != NULL));
            json_decref(result);
            assert_true(n < 2000);
        }
        parity_http_response_clear(&response);
    }
    fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_protocol_is_answered_with_the_known_ones),
        cmocka_unit_test(members_are_bound_to_path_query_headers_and_body),
        cmocka_unit_test(what_the_model_forbids_is_sent_as_it_is),
        cmocka_unit_test(null_is_sent_as_each_protocol_does),
        cmocka_unit_test(a_missing_label_is_named),
        cmocka_unit_test(a_header_cannot_smuggle_another_one_in),
        cmocka_unit_test(absent_tokens_are_filled),
        cmocka_unit_test(host_labels_are_filled_and_checked),
        cmocka_unit_test(serializing_reports_a_lack_of_memory_at_every_point),
        cmocka_unit_test(parsing_reports_a_lack_of_memory_at_every_point),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
