/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream of events of any bytes is read to its end or refused with a reason. The input is
 * messages without their lengths and checksums, which would keep nearly all inputs out: length of
 * the headers, length of the payload (a byte each), headers, payload; or, behind a byte 255, a
 * whole stream.
 */
#include <stdlib.h>
#include <string.h>

#include "client/protocol/event_message.h"
#include "fuzz.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

static void read_stream(const char *data, size_t size)
{
    while (size > 0) {
        struct parity_event_message message;
        struct parity_error err = {0};
        const char *start = data;
        int rc = parity_event_message_read(&data, &size, &message, &err);

        expect(rc == 0 ? data > start && json_is_object(message.headers)
                       : err.code == PARITY_E_RESPONSE && err.message[0]);
        json_decref(message.headers);
        if (rc < 0)
            return;
    }
}

static size_t add_message(struct parity_buffer *out, const uint8_t *data, size_t size)
{
    struct parity_buffer headers = {0};
    size_t length = data[0], payload = data[1], left = size - 2;

    length = length < left ? length : left;
    payload = payload < left - length ? payload : left - length;
    parity_buffer_add(&headers, data + 2, length);
    expect(parity_event_message_write(out, &headers, data + 2 + length, payload) == 0);
    parity_buffer_clear(&headers);
    return 2 + length + payload;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_buffer stream = {0};

    if (size > 0 && data[0] == 255)
        parity_buffer_add(&stream, data + 1, size - 1);
    else
        while (size >= 2) {
            size_t taken = add_message(&stream, data, size);

            data += taken;
            size -= taken;
        }
    if (stream.length)
        read_stream(stream.data, stream.length);
    parity_buffer_clear(&stream);
    return 0;
}
