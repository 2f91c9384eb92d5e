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

static struct model_fixture fixture;

static int set_up(void **state)
{
    (void)state;
    fixture = fixture_new(
        "'protocol': 'rest-json'", "'output': {'shape': 'Out'}",
        "'Out': {'type': 'structure', 'payload': 'Events', 'members': {'Events': {'shape': "
        "'Stream'}}}, 'Stream': {'type': 'structure', 'eventstream': true, 'members': {'Chunk': "
        "{'shape': 'Chunk'}, 'Done': {'shape': 'Done'}, 'Broke': {'shape': 'Broke'}}}, 'Chunk': "
        "{'type': 'structure', 'event': true, 'members': {'Data': {'shape': 'Blob', "
        "'eventpayload': true}, 'At': {'shape': 'Time', 'eventheader': true}}}, 'Done': {'type': "
        "'structure', 'event': true, 'members': {'Count': {'shape': 'Number'}}}, 'Broke': {'type': "
        "'structure', 'exception': true, 'members': {'message': {'shape': 'Text'}}}, 'Blob': "
        "{'type': 'blob'}, 'Time': {'type': 'timestamp'}, 'Number': {'type': 'integer'}, 'Text': "
        "{'type': 'string'}");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_clear(&fixture);
    return 0;
}

/* --- making messages ---------------------------------------------------------------------------
 */

/* CRC-32 of ISO 3309, bit by bit: not the code under test. */
static uint32_t checksum(const char *data, size_t length)
{
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned char)data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

static void add_number(struct parity_buffer *out, uint64_t number, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        parity_buffer_add_char(out, (char)(number >> shift & 0xff));
}

static void add_text_header(struct parity_buffer *out, const char *name, const char *value)
{
    add_number(out, strlen(name), 1);
    parity_buffer_add_text(out, name);
    add_number(out, 7, 1);
    add_number(out, strlen(value), 2);
    parity_buffer_add_text(out, value);
}

static void add_message(struct parity_buffer *out, const struct parity_buffer *headers,
                        const char *payload)
{
    size_t start = out->length;

    add_number(out, 12 + headers->length + strlen(payload) + 4, 4);
    add_number(out, headers->length, 4);
    add_number(out, checksum(out->data + start, 8), 4);
    parity_buffer_add(out, headers->data, headers->length);
    parity_buffer_add_text(out, payload);
    add_number(out, checksum(out->data + start, out->length - start), 4);
}

static void add_event(struct parity_buffer *out, const char *type, const char *payload)
{
    struct parity_buffer headers = {0};

    add_text_header(&headers, ":message-type", "event");
    add_text_header(&headers, ":event-type", type);
    add_message(out, &headers, payload);
    parity_buffer_clear(&headers);
}

/* --- reading -----------------------------------------------------------------------------------
 */

static json_t *parse(const struct parity_buffer *body, struct parity_error *err)
{
    struct parity_http_response response = {.status_code = 200};
    json_t *result = NULL;

    parity_buffer_add(&response.body, body->data, body->length);
    (void)parity_protocol_parse(parity_protocol_find("rest-json", NULL), fixture.operation,
                                &response, NULL, &result, err);
    parity_http_response_clear(&response);
    return result;
}

static void expect(const struct parity_buffer *body, const char *events)
{
    struct parity_error err = {0};
    json_t *result = parse(body, &err), *expected = fixture_json(events);

    if (!result)
        fail_msg("%s", err.message);
    if (!parity_json_equal(json_object_get(result, "Events"), expected)) {
        struct parity_buffer text = {0};

        parity_json_write(&text, json_object_get(result, "Events"), PARITY_JSON_LINE);
        fail_msg("%s instead of %s", text.data, events);
    }
    json_decref(result);
    json_decref(expected);
}

static void refuse(const struct parity_buffer *body, const char *reason)
{
    struct parity_error err = {0};

    assert_null(parse(body, &err));
    assert_int_equal(err.code, PARITY_E_RESPONSE);
    if (!strstr(err.message, reason))
        fail_msg("'%s' is not in '%s'", reason, err.message);
}

static void events_become_a_list_in_their_order(void **state)
{
    struct parity_buffer body = {0}, headers = {0};

    (void)state;
    expect(&body, "[]");
    add_event(&body, "Chunk", "one");
    add_text_header(&headers, ":message-type", "event");
    add_text_header(&headers, ":event-type", "Chunk");
    add_number(&headers, 2, 1);
    parity_buffer_add_text(&headers, "At");
    add_number(&headers, 8, 1);
    add_number(&headers, 1500, 8);
    add_message(&body, &headers, "");
    add_event(&body, "NewKind", "{}");
    add_event(&body, "Done", "{\"Count\": 2}");
    expect(&body, "[{'Chunk': {'Data': {'$bytes': 'b25l'}}}, {'Chunk': {'At': {'$datetime': "
                  "'1970-01-01T00:00:01.500000+00:00'}, 'Data': {'$bytes': ''}}}, {'Done': "
                  "{'Count': 2}}]");
    parity_buffer_clear(&headers);
    parity_buffer_clear(&body);
}

static void exceptions_and_errors_become_an_error_in_the_list(void **state)
{
    struct parity_buffer body = {0}, headers = {0};

    (void)state;
    add_text_header(&headers, ":message-type", "exception");
    add_text_header(&headers, ":exception-type", "Broke");
    add_message(&body, &headers, "{\"message\": \"no more\"}");
    parity_buffer_reset(&headers);
    add_text_header(&headers, ":message-type", "error");
    add_text_header(&headers, ":error-code", "500");
    add_text_header(&headers, ":error-message", "sorry");
    add_message(&body, &headers, "");
    expect(&body, "[{'Error': {'Code': 'Broke', 'Message': 'no more'}}, {'Error': {'Code': '500', "
                  "'Message': 'sorry'}}]");
    parity_buffer_clear(&headers);
    parity_buffer_clear(&body);
}

static void damage_is_noticed_wherever_it_is(void **state)
{
    struct parity_buffer body = {0};

    (void)state;
    add_event(&body, "Chunk", "payload");
    for (size_t i = 0; i < body.length; i++) {
        struct parity_error err = {0};

        body.data[i] = (char)(body.data[i] ^ 0x04);
        assert_null(parse(&body, &err));
        assert_int_equal(err.code, PARITY_E_RESPONSE);
        body.data[i] = (char)(body.data[i] ^ 0x04);
    }
    parity_buffer_clear(&body);
}

static void a_stream_that_is_cut_off_is_refused(void **state)
{
    struct parity_buffer body = {0};
    size_t length;

    (void)state;
    add_event(&body, "Chunk", "payload");
    length = body.length;
    for (body.length = 1; body.length < length; body.length++)
        refuse(&body, "it ends in the middle of a message");
    parity_buffer_clear(&body);
}

static void broken_headers_are_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *reason;
    } cases[] = {
        {"\x05:ev", 4, "a header is cut off"},
        {"\x01x\x0a", 3, "a header has a type that is not known"},
        {"\x01x\x07\x00", 4, "a header is cut off"},
        {"\x01x\x07\x00\x05"
         "ab",
         7, "a header is cut off"},
        {"\x01x\x05\x00", 4, "a header is cut off"},
        {"\x01x\x00\x01x\x00", 6, "a header stands there twice"},
        {"\x01x\x07\x00\x01\xff", 6, "the text is no UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_buffer body = {0}, headers = {0};

        parity_buffer_add(&headers, cases[i].bytes, cases[i].length);
        add_message(&body, &headers, "");
        refuse(&body, cases[i].reason);
        parity_buffer_clear(&body);
        parity_buffer_clear(&headers);
    }
}

static void lengths_out_of_range_are_refused(void **state)
{
    static const uint32_t lengths[][2] = {
        {15, 0}, {0, 0}, {100, 200}, {0xffffffff, 0}, {0xffffffff, 0xfffffff0}, {200000, 150000}};

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct parity_buffer body = {0};

        add_number(&body, lengths[i][0], 4);
        add_number(&body, lengths[i][1], 4);
        add_number(&body, checksum(body.data, 8), 4);
        parity_buffer_add_text(&body, "and some more bytes");
        refuse(&body, "the length of a message is out of range");
        parity_buffer_clear(&body);
    }
}

static void a_lack_of_memory_is_reported_at_every_point(void **state)
{
    struct parity_buffer body = {0}, headers = {0};
    bool done = false;

    (void)state;
    add_event(&body, "Chunk", "one");
    add_event(&body, "Done", "{\"Count\": 2}");
    add_text_header(&headers, ":message-type", "exception");
    add_text_header(&headers, ":exception-type", "Broke");
    add_message(&body, &headers, "{\"message\": \"no more\"}");
    for (unsigned long n = 1; !done; n++) {
        struct parity_http_response response = {.status_code = 200};
        struct parity_error err = {0};
        json_t *result = NULL;

        parity_buffer_add(&response.body, body.data, body.length);
        parity_memory_fail_at(n, 1);
        done = parity_protocol_parse(parity_protocol_find("rest-json", NULL), fixture.operation,
                                     &response, NULL, &result, &err) == 0;
        parity_memory_fail_at(0, 0);
        if (!done)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        json_decref(result);
        parity_http_response_clear(&response);
        assert_true(n < 1000);
    }
    parity_buffer_clear(&body);
    parity_buffer_clear(&headers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_become_a_list_in_their_order),
        cmocka_unit_test(exceptions_and_errors_become_an_error_in_the_list),
        cmocka_unit_test(damage_is_noticed_wherever_it_is),
        cmocka_unit_test(a_stream_that_is_cut_off_is_refused),
        cmocka_unit_test(broken_headers_are_refused),
        cmocka_unit_test(lengths_out_of_range_are_refused),
        cmocka_unit_test(a_lack_of_memory_is_reported_at_every_point),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
