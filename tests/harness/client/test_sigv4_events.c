/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sigv4_events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/protocol/event_message.h"
#include "base/hex.h"
#include "client/sha256.h"

static char key_id[] = "AKIDEXAMPLE";
static char secret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

static const struct parity_credentials credentials = {.access_key_id = key_id,
                                                      .secret_access_key = secret};

static const struct parity_sigv4_options options = {.credentials = &credentials,
                                                    .region = "us-east-1",
                                                    .service = "transcribe",
                                                    .time = 1548628674}; /* 2019-01-27T22:37:54Z */

static const char seed[] = "60f3b7db66405d02b15f0bebaad330fd1ecd60aaccb61025abc847d6416b6188";

/* The event {"AudioEvent": bytes 0, 1, 254, 255} as a message. */
static void add_audio(struct parity_buffer *out)
{
    struct parity_buffer headers = {0};

    parity_event_header_text(&headers, ":message-type", "event", 5);
    parity_event_header_text(&headers, ":event-type", "AudioEvent", 10);
    parity_event_header_text(&headers, ":content-type", "application/octet-stream", 24);
    assert_int_equal(parity_event_message_write(out, &headers, "\0\1\xfe\xff", 4), 0);
    parity_buffer_clear(&headers);
}

static void assert_hex(const struct parity_buffer *actual, const char *expected)
{
    char hex[2048];

    assert_true(2 * actual->length < sizeof hex);
    parity_hex((const unsigned char *)actual->data, actual->length, hex);
    assert_string_equal(hex, expected);
}

/* The bytes are those of EventSigner in amazon-transcribe 0.6.4. */
static void each_event_is_signed_with_the_signature_before(void **state)
{
    struct parity_buffer messages = {0}, signed_ones = {0};
    struct parity_error err = {0};

    (void)state;
    add_audio(&messages);
    assert_hex(
        &messages,
        "0000006c000000585c509ce30d3a6d6573736167652d747970650700056576656e740b3a6576656e742d"
        "7479706507000a417564696f4576656e740d3a636f6e74656e742d747970650700186170706c69636174"
        "696f6e2f6f637465742d73747265616d0001feff7de0d856");
    assert_int_equal(parity_sigv4_sign_events(&options, seed, &messages, &signed_ones, &err), 0);
    assert_hex(
        &signed_ones,
        "000000bf0000004318605086053a646174650800000168917645d0103a6368756e6b2d7369676e617475"
        "7265060020103705687e10fdeb5e47ea25c61f3fb5e1c070567216af62de3e0e6e5a9e2fe90000006c00"
        "0000585c509ce30d3a6d6573736167652d747970650700056576656e740b3a6576656e742d7479706507"
        "000a417564696f4576656e740d3a636f6e74656e742d747970650700186170706c69636174696f6e2f6f"
        "637465742d73747265616d0001feff7de0d8567964452a"
        "0000005300000043f5447a58053a646174650800000168917645d0103a6368756e6b2d7369676e617475"
        "726506002019de91728ef09751f6316f58f7969616a367fbecf32cd0fa713fd6eed9e63ff3cd784e69");
    parity_buffer_clear(&messages);
    parity_buffer_clear(&signed_ones);
}

static void a_stream_without_events_is_its_end_alone(void **state)
{
    struct parity_buffer none = {0}, out = {0};
    struct parity_event_message message;
    const char *at;
    size_t left;

    (void)state;
    assert_int_equal(parity_sigv4_sign_events(&options, seed, &none, &out, NULL), 0);
    at = out.data;
    left = out.length;
    assert_int_equal(parity_event_message_read(&at, &left, &message, NULL), 0);
    assert_int_equal(message.payload_length, 0);
    assert_int_equal(left, 0);
    json_decref(message.headers);
    parity_buffer_clear(&out);
}

static void damaged_messages_are_refused(void **state)
{
    struct parity_buffer messages = {0}, out = {0};
    struct parity_error err = {0};

    (void)state;
    add_audio(&messages);
    messages.data[messages.length - 1] ^= 1;
    assert_int_equal(parity_sigv4_sign_events(&options, seed, &messages, &out, &err), -1);
    assert_non_null(strstr(err.message, "checksum"));
    parity_buffer_clear(&messages);
    parity_buffer_clear(&out);
}

static void a_lack_of_memory_is_reported_at_every_point(void **state)
{
    struct parity_buffer messages = {0};
    bool done = false;

    (void)state;
    add_audio(&messages);
    for (size_t n = 1; !done; n++) {
        struct parity_buffer out = {0};
        struct parity_error err = {0};

        parity_memory_fail_at(n, 1);
        done = parity_sigv4_sign_events(&options, seed, &messages, &out, &err) == 0;
        parity_memory_fail_at(0, 0);
        if (!done)
            assert_int_equal(err.code, PARITY_E_NOMEM);
        parity_buffer_clear(&out);
        assert_true(n < 1000);
    }
    parity_buffer_clear(&messages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_is_signed_with_the_signature_before),
        cmocka_unit_test(a_stream_without_events_is_its_end_alone),
        cmocka_unit_test(damaged_messages_are_refused),
        cmocka_unit_test(a_lack_of_memory_is_reported_at_every_point),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
