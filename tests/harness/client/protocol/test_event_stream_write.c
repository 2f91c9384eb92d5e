/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs with a stream of events, as requests. What they say is read back message by message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../model_fixture.h"
#include "base/memory.h"
#include "client/protocol/event_message.h"
#include "client/protocol/protocol.h"
#include "client/validate.h"

static const char operation[] =
    "'http': {'method': 'POST', 'requestUri': '/talk'}, 'input': {'shape': 'In'}";

/* `payload` is the member's mark that HTTP bindings have. */
static struct model_fixture make(const char *protocol, const char *payload)
{
    char metadata[128], shapes[2048];

    snprintf(metadata, sizeof metadata,
             "'protocol': '%s', 'jsonVersion': '1.1', 'targetPrefix': 'Talk'", protocol);
    snprintf(
        shapes, sizeof shapes,
        "'In': {'type': 'structure', %s 'required': ['Events'], 'members': {'Language': {'shape': "
        "'Text'%s}, 'Events': {'shape': 'Stream'}}}, 'Stream': {'type': 'structure', "
        "'eventstream': true, 'members': {'Audio': {'shape': 'Audio'}, 'Note': {'shape': 'Note'}, "
        "'Tags': {'shape': 'Tags'}, 'End': {'shape': 'End'}, 'Whole': {'shape': 'Whole'}, 'Broke': "
        "{'shape': 'Broke'}}}, 'Audio': {'type': 'structure', 'event': true, 'members': {'Data': "
        "{'shape': 'Blob', 'eventpayload': true}}}, 'Note': {'type': 'structure', 'event': true, "
        "'members': {'Text': {'shape': 'Text'}, 'At': {'shape': 'Time', 'eventheader': true}}}, "
        "'Tags': {'type': 'structure', 'event': true, 'members': {'Yes': {'shape': 'Flag', "
        "'eventheader': true}, 'Count': {'shape': 'Number', 'eventheader': true}, 'Large': "
        "{'shape': 'Long', 'eventheader': true}, 'Raw': {'shape': 'Blob', 'eventheader': true}, "
        "'Name': {'shape': 'Text', 'eventheader': true}}}, 'End': {'type': 'structure', 'event': "
        "true, 'members': {}}, 'Whole': {'type': 'structure', 'event': true, 'members': {'Say': "
        "{'shape': 'Text', 'eventpayload': true}}}, 'Broke': {'type': 'structure', 'exception': "
        "true, 'members': {}}, 'Blob': {'type': 'blob'}, 'Text': {'type': 'string'}, 'Time': "
        "{'type': 'timestamp'}, 'Flag': {'type': 'boolean'}, 'Number': {'type': 'integer'}, "
        "'Long': {'type': 'long'}",
        *payload ? "'payload': 'Events'," : "",
        *payload ? ", 'location': 'header', 'locationName': 'x-lang'" : "");
    return fixture_new(metadata, operation, shapes);
}

static int serialize(const struct model_fixture *fixture, const char *protocol, const char *text,
                     struct parity_wire_request *out, struct parity_error *err)
{
    json_t *value = fixture_json(text);
    int rc;

    memset(out, 0, sizeof *out);
    rc = parity_protocol_find(protocol, NULL)->serialize(fixture->operation, value, out, err);
    json_decref(value);
    return rc;
}

static const char *header(const struct parity_event_message *message, const char *name)
{
    const char *text = json_string_value(json_object_get(message->headers, name));

    return text ? text : "-";
}

/* A line for each message: type, content type, payload. */
static void describe(const struct parity_buffer *body, struct parity_buffer *out)
{
    const char *at = body->data;
    size_t left = body->length;

    while (left > 0) {
        struct parity_event_message message;

        assert_int_equal(parity_event_message_read(&at, &left, &message, NULL), 0);
        assert_string_equal(header(&message, ":message-type"), "event");
        parity_buffer_printf(out, "%s %s %.*s\n", header(&message, ":event-type"),
                             header(&message, ":content-type"), (int)message.payload_length,
                             message.payload);
        json_decref(message.headers);
    }
}

static void expect(const char *protocol, const char *payload, const char *value,
                   const char *description)
{
    struct model_fixture fixture = make(protocol, payload);
    struct parity_wire_request request;
    struct parity_buffer text = {0};
    struct parity_error err = {0};

    if (serialize(&fixture, protocol, value, &request, &err) < 0)
        fail_msg("%s", err.message);
    assert_string_equal(parity_headers_get(&request.headers, "Content-Type"),
                        "application/vnd.amazon.eventstream");
    describe(&request.body, &text);
    assert_string_equal(text.data ? text.data : "", description);
    parity_buffer_clear(&text);
    parity_wire_request_clear(&request);
    fixture_clear(&fixture);
}

static const char input[] = "{'Language': 'en', 'Events': [{'Audio': {'Data': {'$bytes': 'YWJj'}}},"
                            " {'Note': {'Text': 'hi', 'At': 1}}, {'Whole': {'Say': 'ho'}},"
                            " {'Tags': {'Yes': true}}, {'End': {}}]}";

static void bytes_texts_and_documents_are_payloads(void **state)
{
    (void)state;
    expect("rest-json", "payload", input,
           "Audio application/octet-stream abc\n"
           "Note application/json {\"Text\": \"hi\"}\n"
           "Whole text/plain ho\n"
           "Tags - \n"
           "End application/json {}\n");
    expect("rest-xml", "payload", input,
           "Audio application/octet-stream abc\n"
           "Note application/xml <Note><Text>hi</Text></Note>\n"
           "Whole text/plain ho\n"
           "Tags - \n"
           "End application/xml <End />\n");
}

static void other_members_are_sent_first_where_there_are_no_http_bindings(void **state)
{
    (void)state;
    expect("json", "", "{'Language': 'en', 'Events': [{'End': {}}]}",
           "initial-request application/json {\"Language\": \"en\"}\n"
           "End application/json {}\n");
    expect("smithy-rpc-v2-cbor", "", "{'Language': 'en', 'Events': [{'Note': {'Text': 'x'}}]}",
           "initial-request application/cbor \xa1hLanguageben\n"
           "Note application/cbor \xa1"
           "dTextax\n");
    expect("json", "", "{}", "initial-request application/json {}\n");
}

static void a_stream_without_events_is_empty(void **state)
{
    (void)state;
    expect("rest-json", "payload", "{'Events': []}", "");
    expect("rest-json", "payload", "{}", "");
}

static void headers_have_the_types_of_their_members(void **state)
{
    struct model_fixture fixture = make("rest-json", "payload");
    struct parity_wire_request request;
    struct parity_event_message message;
    struct parity_error err = {0};
    const char *at;
    size_t left;
    json_t *expected = fixture_json("{':message-type': 'event', ':event-type': 'Tags', 'Yes': "
                                    "false, 'Count': -2, 'Large': 5000000000, 'Raw': {'$bytes': "
                                    "'AP8='}, 'Name': 'n'}");

    (void)state;
    if (serialize(&fixture, "rest-json",
                  "{'Events': [{'Tags': {'Yes': false, 'Count': -2, 'Large': 5000000000, 'Raw': "
                  "{'$bytes': 'AP8='}, 'Name': 'n'}}]}",
                  &request, &err) < 0)
        fail_msg("%s", err.message);
    at = request.body.data;
    left = request.body.length;
    assert_int_equal(parity_event_message_read(&at, &left, &message, NULL), 0);
    assert_true(parity_json_equal(message.headers, expected));
    json_decref(message.headers);
    json_decref(expected);
    parity_wire_request_clear(&request);
    fixture_clear(&fixture);
}

static void refuse(const char *text, const char *message)
{
    struct model_fixture fixture = make("rest-json", "payload");
    struct parity_wire_request request;
    struct parity_error err = {0};

    assert_int_equal(serialize(&fixture, "rest-json", text, &request, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message, message);
    parity_wire_request_clear(&request);
    fixture_clear(&fixture);
}

static void what_no_event_can_hold_is_refused_with_its_path(void **state)
{
    (void)state;
    refuse("{'Events': 7}", "Events: must be a list of events");
    refuse("{'Events': [{'Nope': {}}]}", "Events[0].Nope: cannot be sent as an event");
    refuse("{'Events': [{'End': {}}, {}]}", "Events[1]: cannot be sent as an event");
    refuse("{'Events': [{'Audio': {'Data': 7}}]}",
           "Events[0].Audio.Data: cannot be sent as the payload of an event");
    refuse("{'Events': [{'Tags': {'Count': 3000000000}}]}",
           "Events[0].Tags.Count: cannot be sent as a header of an event");
    refuse("{'Events': [{'Note': {'At': 'soon'}}]}",
           "Events[0].Note.At: cannot be sent as a header of an event");
}

static void validation_names_every_fault_of_the_events(void **state)
{
    struct model_fixture fixture = make("rest-json", "payload");
    struct parity_error err = {0};
    json_t *value = fixture_json("{'Events': [7, {'Nots': {}}, {'Note': {'Text': 1}}, {'Broke': "
                                 "{}}, {'End': {}, 'Note': {}}, {'End': {}}]}");

    (void)state;
    assert_int_equal(parity_validate_input(fixture.operation, value, NULL, &err), -1);
    assert_string_equal(
        err.message,
        "invalid parameters of Op: Events[0]: must be an object, not a number (7); Events[1]: "
        "unknown parameter 'Nots'; did you mean 'Note'?; Events[2].Note.Text: must be a string, "
        "not a number (1); Events[3]: unknown parameter 'Broke' (known are Audio, Note, Tags, End, "
        "Whole); Events[4]: must have exactly one member, not 2 (of Audio, Note, Tags, End, "
        "Whole)");
    json_decref(value);
    fixture_clear(&fixture);
}

static void a_lack_of_memory_is_reported_at_every_point(void **state)
{
    struct model_fixture fixture = make("json", "");
    bool done = false;

    (void)state;
    for (size_t n = 1; !done; n++) {
        json_t *value = fixture_json(input);
        struct parity_wire_request request = {0};
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        done = parity_protocol_find("json", NULL)
                   ->serialize(fixture.operation, value, &request, &err) == 0;
        parity_memory_fail_at(0, 0);
        if (!done)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        parity_wire_request_clear(&request);
        json_decref(value);
        assert_true(n < 1000);
    }
    fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_texts_and_documents_are_payloads),
        cmocka_unit_test(other_members_are_sent_first_where_there_are_no_http_bindings),
        cmocka_unit_test(a_stream_without_events_is_empty),
        cmocka_unit_test(headers_have_the_types_of_their_members),
        cmocka_unit_test(what_no_event_can_hold_is_refused_with_its_path),
        cmocka_unit_test(validation_names_every_fault_of_the_events),
        cmocka_unit_test(a_lack_of_memory_is_reported_at_every_point),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
