/* SPDX-License-Identifier: Apache-2.0 */
/* What is found in responses that can be read: every kind in every protocol. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../model_fixture.h"
#include "base/memory.h"
#include "client/protocol/protocol.h"

static struct model_fixture fixture(void)
{
    return fixture_new(
        "'protocol': 'json', 'jsonVersion': '1.1', 'xmlNamespace': 'http://ns/'",
        "'http': {'method': 'POST', 'requestUri': '/'}, 'output': {'shape': 'Out'}, "
        "'errors': [{'shape': 'Bad'}]",
        "'Out': {'type': 'structure', 'required': ['Name', 'Items'], 'members': {"
        "'Name': {'shape': 'Text'}, 'Flag': {'shape': 'Flag'}, 'Count': {'shape': 'Count'}, "
        "'When': {'shape': 'Time'}, 'Date': {'shape': 'Date'}, 'Items': {'shape': 'Items'}, "
        "'Map': {'shape': 'Map'}}}, "
        "'Item': {'type': 'structure', 'required': ['Id'], 'members': {'Id': {'shape': 'Text'}, "
        "'Data': {'shape': 'Blob'}}}, 'Items': {'type': 'list', 'member': {'shape': 'Item'}}, "
        "'Map': {'type': 'map', 'key': {'shape': 'Text'}, 'value': {'shape': 'Count'}}, "
        "'Bad': {'type': 'structure', 'exception': true, 'required': ['Why'], 'members': "
        "{'Why': {'shape': 'Text'}}}, 'Text': {'type': 'string'}, 'Flag': {'type': 'boolean'}, "
        "'Count': {'type': 'integer'}, 'Blob': {'type': 'blob'}, 'Time': {'type': 'timestamp'}, "
        "'Date': {'type': 'timestamp', 'timestampFormat': 'rfc822'}");
}

struct reply {
    const char *protocol, *type, *body;
    const char *found; /* "kind path, …" */
    int status;        /* 0: 200 */
    size_t length;     /* 0: of a text */
};

static void write_found(const struct parity_findings *findings, struct parity_buffer *out)
{
    const json_t *finding;
    size_t i;

    parity_buffer_add_text(out, "");
    json_array_foreach(findings->list, i, finding)
        parity_buffer_printf(out, "%s%s %s", i ? ", " : "",
                             json_string_value(json_object_get(finding, "kind")),
                             json_string_value(json_object_get(finding, "path")));
}

static void expect_found(const struct model_fixture *model, const struct reply *reply)
{
    struct parity_http_response response = {.status_code = reply->status ? reply->status : 200};
    struct parity_findings findings = {0};
    struct parity_buffer found = {0};
    struct parity_error err = {0};
    json_t *result;

    if (reply->type)
        parity_headers_add(&response.headers, "Content-Type", reply->type);
    parity_buffer_add(&response.body, reply->body,
                      reply->length ? reply->length : strlen(reply->body));
    (void)parity_protocol_parse(parity_protocol_find(reply->protocol, NULL), model->operation,
                                &response, &findings, &result, &err);
    write_found(&findings, &found);
    if (strcmp(found.data, reply->found) != 0)
        fail_msg("%s: %s\n  expected: %s\n  found:    %s", reply->protocol, reply->body,
                 reply->found, found.data);
    json_decref(result);
    parity_buffer_clear(&found);
    parity_findings_clear(&findings);
    parity_http_response_clear(&response);
}

#define EXPECT_ALL(...)                                                                            \
    do {                                                                                           \
        const struct reply replies[] = {__VA_ARGS__};                                              \
        struct model_fixture model = fixture();                                                    \
                                                                                                   \
        (void)state;                                                                               \
        for (size_t i = 0; i < sizeof replies / sizeof *replies; i++)                              \
            expect_found(&model, &replies[i]);                                                     \
        fixture_clear(&model);                                                                     \
    } while (0)

#define JSON "application/x-amz-json-1.1"
#define REST "application/json"
#define CBOR "application/cbor"
#define XML "text/xml"
#define QUERY_BODY(ns_, members_)                                                                  \
    "<OpResponse" ns_ "><OpResult>" members_ "</OpResult><ResponseMetadata><RequestId>r"           \
    "</RequestId></ResponseMetadata></OpResponse>"
#define EC2_BODY(ns_, members_)                                                                    \
    "<OpResponse" ns_ "><requestId>r</requestId>" members_ "</OpResponse>"
#define REST_BODY(ns_, members_) "<Out" ns_ ">" members_ "</Out>"
#define NS " xmlns='http://ns/'"
#define ITEMS "<Items><member><Id>i</Id></member></Items>"
#define GOOD "<Name>n</Name>" ITEMS

/* The same members in the bodies of the three XML protocols. */
#define XML_REPLIES(members_, found_)                                                              \
    {"query", XML, QUERY_BODY(NS, members_), found_, 0, 0},                                        \
        {"ec2", "text/xml;charset=UTF-8", EC2_BODY(NS, members_), found_, 0, 0},                   \
    {                                                                                              \
        "rest-xml", "application/xml", REST_BODY(NS, members_), found_, 0, 0                       \
    }

/* The same in both that have JSON. */
#define JSON_REPLIES(body_, found_)                                                                \
    {"json", JSON, body_, found_, 0, 0},                                                           \
    {                                                                                              \
        "rest-json", REST "; charset=utf-8", body_, found_, 0, 0                                   \
    }

#define CBOR_REPLY(bytes_, found_)                                                                 \
    {                                                                                              \
        "smithy-rpc-v2-cbor", CBOR, bytes_, found_, 0, sizeof bytes_ - 1                           \
    }

/* {"Name": "n", "Items": [] and so on, by hand (RFC 8949) */
#define C_NAME "\x64Name\x61n"
#define C_ITEMS "\x65Items\x81\xa1\x62Id\x61i"

static void nothing_is_found_in_what_fits(void **state)
{
    EXPECT_ALL(
        JSON_REPLIES("{\"Name\": \"n\", \"Flag\": true, \"Count\": 1, \"When\": 1.5, "
                     "\"Date\": \"Tue, 29 Apr 2014 18:30:38 GMT\", \"Items\": [{\"Id\": \"i\", "
                     "\"Data\": \"eA==\"}], \"Map\": {\"a\": 1}, \"__type\": \"Out\"}",
                     ""),
        XML_REPLIES(GOOD "<Flag>false</Flag><Count>1</Count><When>2014-04-29T18:30:38.5Z</When>"
                         "<Date>Tue, 29 Apr 2014 18:30:38 GMT</Date>\n  <Map><entry><key>a</key>"
                         "<value>1</value></entry></Map>",
                    ""),
        CBOR_REPLY("\xa6" C_NAME C_ITEMS "\x64"
                   "Flag\xf5\x65"
                   "Count\x01\x64When\xc1\x01"
                   "\x63Map\xa1\x61"
                   "a\x01",
                   ""));
}

static void a_required_member_is_missed(void **state)
{
    EXPECT_ALL(JSON_REPLIES("{\"Name\": null, \"Items\": [{\"Id\": \"i\"}, {}]}",
                            "missing Name, missing Items[1].Id"),
               XML_REPLIES("<Items><member><Id>i</Id></member><member/></Items>",
                           "missing Name, missing Items[1].Id"),
               CBOR_REPLY("\xa1\x65Items\x81\xa0", "missing Name, missing Items[0].Id"));
}

static void a_member_that_the_model_lacks_is_found(void **state)
{
    EXPECT_ALL(
        JSON_REPLIES("{\"Name\": \"n\", \"Items\": [{\"Id\": \"i\", \"More\": 1}], \"Rest\": null}",
                     "unknown Items[0].More, unknown Rest"),
        XML_REPLIES("<Name>n</Name><Items><member><Id>i</Id><More/></member></Items><Rest/>",
                    "unknown Items[0].More, unknown Rest"),
        CBOR_REPLY("\xa3" C_NAME C_ITEMS "\x64Rest\x01", "unknown Rest"));
}

static void an_item_of_another_name_is_found(void **state)
{
    EXPECT_ALL(
        XML_REPLIES("<Name>n</Name><Items><item><Id>i</Id></item></Items>", "unknown Items[0]"));
}

static void another_type_is_found(void **state)
{
    EXPECT_ALL(
        JSON_REPLIES("{\"Name\": 1, \"Flag\": \"true\", \"Count\": \"7\", \"Items\": [{\"Id\": "
                     "\"i\"}, null], \"Map\": {\"a\": \"1\", \"b\": 2}}",
                     "type Name, type Flag, type Count, type Items[1], type Map.a"),
        XML_REPLIES("<Name><a/></Name><Flag>True</Flag><Items>x<member>y</member></Items>",
                    "type Name, type Flag, type Items, missing Items[0].Id, type Items[0]"),
        CBOR_REPLY("\xa5\x64Name\x01" C_ITEMS "\x64"
                   "Flag\x00\x65"
                   "Count\x61"
                   "7\x63Map\xa1\x61"
                   "a\x61x",
                   "type Name, type Flag, type Count, type Map.a"));
}

static void what_cannot_be_read_is_found_where_it_stands(void **state)
{
    EXPECT_ALL(JSON_REPLIES("{\"Name\": \"n\", \"Items\": [{\"Id\": \"i\"}, 7]}", "type Items[1]"),
               JSON_REPLIES("{", "type response"),
               XML_REPLIES(GOOD "<Count>many</Count>", "type Count"),
               XML_REPLIES(GOOD "<Date>soon</Date>", "timestamp Date, type Date"),
               CBOR_REPLY("\xa2" C_NAME "\x65Items\x81\x01", "type Items[0]"));
}

static void another_format_of_a_timestamp_is_found(void **state)
{
    EXPECT_ALL(JSON_REPLIES("{\"Name\": \"n\", \"Items\": [], \"When\": \"2014-04-29T18:30:38Z\", "
                            "\"Date\": 1398796238}",
                            "timestamp When, timestamp Date"),
               JSON_REPLIES("{\"Name\": \"n\", \"Items\": [], \"Date\": \"2014-04-29T18:30:38Z\"}",
                            "timestamp Date"),
               XML_REPLIES(GOOD "<When>1398796238</When><Date>2014-04-29T18:30:38Z</Date>",
                           "timestamp When, timestamp Date"),
               XML_REPLIES(GOOD "<When>2014-04-29T18:30:38+00:00</When>", "timestamp When"),
               CBOR_REPLY("\xa3" C_NAME C_ITEMS "\x64When\x1a\x53\x5f\x6e\xce", "timestamp When"));
}

#define TYPE "content_type ResponseMetadata.HTTPHeaders.content-type"

static void another_content_type_is_found(void **state)
{
    static const char json[] = "{\"Name\": \"n\", \"Items\": []}";

    EXPECT_ALL(
        {"json", REST, json, TYPE, 0, 0}, {"json", "application/x-amz-json-1.0", json, TYPE, 0, 0},
        {"json", NULL, json, TYPE, 0, 0}, {"rest-json", JSON, json, TYPE, 0, 0},
        {"query", REST, QUERY_BODY(NS, GOOD), TYPE, 0, 0},
        {"ec2", "text/html", EC2_BODY(NS, GOOD), TYPE, 0, 0},
        {"rest-xml", "text/plain", REST_BODY(NS, GOOD), TYPE, 0, 0},
        {"smithy-rpc-v2-cbor", "application/octet-stream", "\xa2" C_NAME C_ITEMS, TYPE, 0, 0},
        {"rest-json", NULL, "", "missing Name, missing Items", 0, 0});
}

static void another_namespace_is_found(void **state)
{
    EXPECT_ALL(
        {"query", XML, QUERY_BODY("", GOOD), "namespace response", 0, 0},
        {"query", XML, QUERY_BODY(" xmlns='http://ns'", GOOD), "", 0, 0},
        {"ec2", XML, EC2_BODY(" xmlns='http://other/'", GOOD), "namespace response", 0, 0},
        {"rest-xml", XML, REST_BODY(" xmlns='http://n/'", GOOD), "namespace response", 0, 0});
}

#define OTHER " xmlns='http://other/'"

static void another_namespace_below_the_root_is_found(void **state)
{
    EXPECT_ALL(XML_REPLIES("<Name" OTHER ">n</Name>" ITEMS, "namespace Name"),
               XML_REPLIES("<Name>n</Name><Items><member><Id xmlns=''>i</Id></member></Items>",
                           "namespace Items[0].Id"),
               /* What is below follows what is around it. */
               XML_REPLIES("<Name>n</Name><Items" OTHER "><member><Id>i</Id></member></Items>",
                           "namespace Items"),
               XML_REPLIES(GOOD "<Map><entry><key>k</key><value" OTHER ">1</value></entry></Map>",
                           "namespace Map.k"),
               XML_REPLIES("<p:Name xmlns:p='http://ns/'>n</p:Name>" ITEMS, ""),
               {"query", XML,
                "<OpResponse" NS "><OpResult" OTHER ">" GOOD "</OpResult></OpResponse>",
                "namespace response", 0, 0});
}

static void members_may_have_a_namespace_of_their_own(void **state)
{
    struct model_fixture model = fixture_new(
        "'protocol': 'rest-xml'",
        "'http': {'method': 'GET', 'requestUri': '/'}, 'output': {'shape': 'Out'}",
        "'Out': {'type': 'structure', 'members': {'A': {'shape': 'Text', 'xmlNamespace': {'uri': "
        "'http://a'}}, 'B': {'shape': 'Text', 'xmlNamespace': {'prefix': 'b', 'uri': "
        "'http://b'}}}}, 'Text': {'type': 'string'}");
    const struct reply replies[] = {
        {"rest-xml", XML, "<Out><A xmlns='http://a/'>a</A><B>b</B></Out>", "", 0, 0},
        {"rest-xml", XML, "<Out><A>a</A></Out>", "", 0, 0},
        {"rest-xml", XML, "<Out><A xmlns='http://b'>a</A></Out>", "namespace A", 0, 0},
        {"rest-xml", XML, "<Out><B xmlns='http://b'>b</B></Out>", "namespace B", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++)
        expect_found(&model, &replies[i]);
    fixture_clear(&model);
}

static void errors_are_judged_by_what_is_modelled(void **state)
{
    EXPECT_ALL({"json", REST, "{\"__type\": \"Bad\", \"Message\": \"m\", \"X\": 1}",
                TYPE ", missing Why", 400, 0},
               {"rest-json", JSON, "{\"code\": \"Bad\", \"Why\": 1}", TYPE ", type Why", 400, 0},
               {"query", REST,
                "<ErrorResponse><Error><Type>Sender</Type><Code>Bad</Code></Error></ErrorResponse>",
                TYPE ", missing Why", 400, 0},
               {"ec2", REST,
                "<Response><Errors><Error><Code>Bad</Code></Error></Errors></Response>",
                TYPE ", missing Why", 400, 0},
               {"rest-xml", REST, "<Error><Code>Bad</Code><HostId/></Error>", TYPE ", missing Why",
                400, 0},
               {"smithy-rpc-v2-cbor", REST,
                "\xa1\x66__type\x63"
                "Bad",
                TYPE ", missing Why", 400, 0},
               {"query", XML, "<ErrorResponse><Error><Code>Other</Code></Error></ErrorResponse>",
                "", 400, 0});
}

/* --- where HTTP headers and events stand ------------------------------------------------------ */

static struct model_fixture bound(void)
{
    return fixture_new(
        "'protocol': 'rest-xml'",
        "'http': {'method': 'GET', 'requestUri': '/'}, 'output': {'shape': 'Out'}",
        "'Out': {'type': 'structure', 'required': ['ETag', 'Body'], 'payload': 'Body', 'members': {"
        "'ETag': {'shape': 'Text', 'location': 'header', 'locationName': 'ETag'}, "
        "'Flag': {'shape': 'Flag', 'location': 'header', 'locationName': 'x-flag'}, "
        "'Size': {'shape': 'Size', 'location': 'header', 'locationName': 'x-size'}, "
        "'When': {'shape': 'Time', 'location': 'header', 'locationName': 'x-when'}, "
        "'Body': {'shape': 'Inner', 'xmlNamespace': {'uri': 'http://inner/'}}}}, "
        "'Inner': {'type': 'structure', 'required': ['A'], 'members': {'A': {'shape': 'Text'}}}, "
        "'Text': {'type': 'string'}, 'Flag': {'type': 'boolean'}, 'Size': {'type': 'long'}, "
        "'Time': {'type': 'timestamp'}");
}

static void expect_bound(const char *protocol, const char *type, const char *body, const char *when,
                         const char *expected)
{
    struct model_fixture model = bound();
    struct parity_http_response response = {.status_code = 200};
    struct parity_findings findings = {0};
    struct parity_buffer found = {0};
    struct parity_error err = {0};
    json_t *result;

    parity_headers_add(&response.headers, "Content-Type", type);
    parity_headers_add(&response.headers, "x-flag", "True");
    parity_headers_add(&response.headers, "x-when", when);
    parity_buffer_add_text(&response.body, body);
    (void)parity_protocol_parse(parity_protocol_find(protocol, NULL), model.operation, &response,
                                &findings, &result, &err);
    write_found(&findings, &found);
    assert_string_equal(found.data, expected);
    json_decref(result);
    parity_buffer_clear(&found);
    parity_findings_clear(&findings);
    parity_http_response_clear(&response);
    fixture_clear(&model);
}

static void headers_are_looked_at_too(void **state)
{
    (void)state;
    expect_bound("rest-json", REST, "{\"A\": 1}", "2014-04-29T18:30:38Z",
                 "missing ETag, type Flag, timestamp When, type Body.A");
    expect_bound("rest-xml", XML, "<B xmlns='http://inner/'/>", "Tue, 29 Apr 2014 18:30:38 GMT",
                 "missing ETag, type Flag, missing Body.A");
    expect_bound("rest-xml", XML, "<B xmlns='http://outer/'><A/></B>", "never",
                 "missing ETag, type Flag, timestamp When, type When");
    expect_bound("rest-json", REST, "", "Tue, 29 Apr 2014 18:30:38 GMT",
                 "missing ETag, type Flag, missing Body, missing Body.A");
}

static void the_namespace_of_a_payload_is_its_own(void **state)
{
    (void)state;
    expect_bound("rest-xml", XML, "<B xmlns='http://outer/'><A/></B>",
                 "Tue, 29 Apr 2014 18:30:38 GMT", "missing ETag, type Flag, namespace Body");
}

static void a_body_that_nobody_reads_is_looked_at(void **state)
{
    struct model_fixture model =
        fixture_new("'protocol': 'json', 'jsonVersion': '1.1'",
                    "'http': {'method': 'POST', 'requestUri': '/'}, 'output': {'shape': 'Out'}",
                    "'Out': {'type': 'structure', 'members': {}}");
    const struct reply replies[] = {
        {"json", JSON, "{}", "", 0, 0},
        {"json", JSON, "", "", 0, 0},
        {"json", JSON, "{\"A\": 1}", "unknown A", 0, 0},
        {"rest-json", REST, "OK", "type response", 0, 0},
        {"rest-xml", XML, "<Out><A/></Out>", "unknown A", 0, 0},
        {"query", XML, "<OpResponse><OpResult><A/></OpResult></OpResponse>", "unknown A", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++)
        expect_found(&model, &replies[i]);
    fixture_clear(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_in_what_fits),
        cmocka_unit_test(a_required_member_is_missed),
        cmocka_unit_test(a_member_that_the_model_lacks_is_found),
        cmocka_unit_test(an_item_of_another_name_is_found),
        cmocka_unit_test(another_type_is_found),
        cmocka_unit_test(what_cannot_be_read_is_found_where_it_stands),
        cmocka_unit_test(another_format_of_a_timestamp_is_found),
        cmocka_unit_test(another_content_type_is_found),
        cmocka_unit_test(another_namespace_is_found),
        cmocka_unit_test(another_namespace_below_the_root_is_found),
        cmocka_unit_test(members_may_have_a_namespace_of_their_own),
        cmocka_unit_test(errors_are_judged_by_what_is_modelled),
        cmocka_unit_test(headers_are_looked_at_too),
        cmocka_unit_test(the_namespace_of_a_payload_is_its_own),
        cmocka_unit_test(a_body_that_nobody_reads_is_looked_at),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("output_check", tests, NULL, NULL);
}
