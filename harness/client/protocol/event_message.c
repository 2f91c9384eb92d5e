/* SPDX-License-Identifier: Apache-2.0 */
#include "client/protocol/event_message.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "base/json.h"
#include "client/protocol/scalar.h"

/*
 * A message: total length, length of the headers, checksum of these two, headers, payload, checksum
 * of all before it; numbers are big-endian.
 */
enum {
    PRELUDE_BYTES = 12,
    CHECKSUM_BYTES = 4,
    MAX_HEADER_BYTES = 128 * 1024,
    MAX_PAYLOAD_BYTES = 24 * 1024 * 1024
};

static uint64_t read_number(const char *data, size_t bytes)
{
    uint64_t number = 0;

    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | (unsigned char)data[i];
    return number;
}

static int64_t read_signed(const char *data, size_t bytes)
{
    uint64_t number = read_number(data, bytes);
    unsigned shift = 64 - 8 * (unsigned)bytes;
    int64_t result;

    number <<= shift;
    memcpy(&result, &number, sizeof result);
    return result >> shift;
}

static uint32_t checksum(const char *data, size_t length)
{
    return (uint32_t)crc32(0, (const Bytef *)data, (uInt)length);
}

static int fail(struct parity_error *err, const char *reason)
{
    parity_fail(err, PARITY_E_RESPONSE, NULL, "no usable event stream: %s", reason);
    return -1;
}

/* --- reading headers
 * -----------------------------------------------------------------------------------
 */

/* The bytes that a value of a type takes, its length field included; 0: it does not fit. */
static size_t value_size(int type, const char *data, size_t left)
{
    static const size_t sizes[] = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};

    if (type == 6 || type == 7) {
        size_t length = left >= 2 ? 2 + (size_t)read_number(data, 2) : SIZE_MAX;

        return length <= left ? length : SIZE_MAX;
    }
    return sizes[type] <= left ? sizes[type] : SIZE_MAX;
}

static json_t *make_value(int type, const char *data, size_t size, struct parity_error *err)
{
    json_t *value = NULL;

    switch (type) {
    case 0:
        return json_true();
    case 1:
        return json_false();
    case 6:
        value = parity_json_bytes(data + 2, size - 2);
        break;
    case 7:
        return parity_scalar_string(data + 2, size - 2, NULL, err);
    case 9:
        value = parity_json_bytes(data, size);
        break;
    default:
        value = json_integer(read_signed(data, size));
        break;
    }
    if (!value)
        parity_fail_nomem(err);
    return value;
}

/* One header: name, type, value. Moves *data on. */
static int read_header(const char **data, size_t *left, json_t *headers, struct parity_error *err)
{
    size_t name_length = (unsigned char)**data, size;
    const char *name = *data + 1;
    json_t *value;
    int type;

    if (*left < 1 + name_length + 1)
        return fail(err, "a header is cut off");
    type = (unsigned char)name[name_length];
    if (type > 9)
        return fail(err, "a header has a type that is not known");
    *data += 1 + name_length + 1;
    *left -= 1 + name_length + 1;
    size = value_size(type, *data, *left);
    if (size == SIZE_MAX)
        return fail(err, "a header is cut off");
    if (json_object_getn(headers, name, name_length))
        return fail(err, "a header stands there twice");
    value = make_value(type, *data, size, err);
    *data += size;
    *left -= size;
    if (value && json_object_setn_new_nocheck(headers, name, name_length, value) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return value ? 0 : -1;
}

/* --- reading messages
 * ----------------------------------------------------------------------------------
 */

int parity_event_message_read(const char **data, size_t *left, struct parity_event_message *message,
                              struct parity_error *err)
{
    size_t total, header_bytes, rest;
    const char *at = *data + PRELUDE_BYTES;

    message->headers = NULL;
    if (*left < PRELUDE_BYTES + CHECKSUM_BYTES)
        return fail(err, "it ends in the middle of a message");
    if (checksum(*data, 8) != read_number(*data + 8, 4))
        return fail(err, "the checksum of a message's length is wrong");
    total = (size_t)read_number(*data, 4);
    header_bytes = (size_t)read_number(*data + 4, 4);
    if (header_bytes > MAX_HEADER_BYTES || total < PRELUDE_BYTES + header_bytes + CHECKSUM_BYTES ||
        total - header_bytes > PRELUDE_BYTES + CHECKSUM_BYTES + MAX_PAYLOAD_BYTES)
        return fail(err, "the length of a message is out of range");
    if (total > *left)
        return fail(err, "it ends in the middle of a message");
    if (checksum(*data, total - CHECKSUM_BYTES) !=
        read_number(*data + total - CHECKSUM_BYTES, CHECKSUM_BYTES))
        return fail(err, "the checksum of a message is wrong");
    message->headers = json_object();
    if (!message->headers) {
        parity_fail_nomem(err);
        return -1;
    }
    for (rest = header_bytes; rest > 0;)
        if (read_header(&at, &rest, message->headers, err) < 0)
            return -1;
    message->payload = at;
    message->payload_length = total - PRELUDE_BYTES - header_bytes - CHECKSUM_BYTES;
    *data += total;
    *left -= total;
    return 0;
}

/* --- writing -----------------------------------------------------------------------------------
 */

enum {
    TYPE_TRUE,
    TYPE_FALSE,
    TYPE_INTEGER = 4,
    TYPE_LONG,
    TYPE_BYTES,
    TYPE_STRING,
    TYPE_TIMESTAMP
};

static void write_number(struct parity_buffer *out, uint64_t number, size_t bytes)
{
    for (size_t i = bytes; i > 0; i--)
        parity_buffer_add_char(out, (char)(number >> 8 * (i - 1) & 0xff));
}

static int write_name(struct parity_buffer *out, const char *name, int type)
{
    size_t length = strlen(name);

    if (length == 0 || length > 255)
        return -1;
    write_number(out, length, 1);
    parity_buffer_add(out, name, length);
    write_number(out, (uint64_t)type, 1);
    return 0;
}

static int write_sized(struct parity_buffer *out, const char *name, int type, const void *data,
                       size_t length)
{
    if (length > INT16_MAX || write_name(out, name, type) < 0)
        return -1;
    write_number(out, length, 2);
    parity_buffer_add(out, data, length);
    return 0;
}

int parity_event_header_text(struct parity_buffer *out, const char *name, const char *text,
                             size_t length)
{
    return write_sized(out, name, TYPE_STRING, text, length);
}

int parity_event_header_bytes(struct parity_buffer *out, const char *name, const void *data,
                              size_t length)
{
    return write_sized(out, name, TYPE_BYTES, data, length);
}

int parity_event_header_boolean(struct parity_buffer *out, const char *name, bool value)
{
    return write_name(out, name, value ? TYPE_TRUE : TYPE_FALSE);
}

int parity_event_header_integer(struct parity_buffer *out, const char *name, int64_t value,
                                bool is_long)
{
    if (write_name(out, name, is_long ? TYPE_LONG : TYPE_INTEGER) < 0)
        return -1;
    write_number(out, (uint64_t)value, is_long ? 8 : 4);
    return 0;
}

int parity_event_header_timestamp(struct parity_buffer *out, const char *name, int64_t ms)
{
    if (write_name(out, name, TYPE_TIMESTAMP) < 0)
        return -1;
    write_number(out, (uint64_t)ms, 8);
    return 0;
}

int parity_event_message_write(struct parity_buffer *out, const struct parity_buffer *headers,
                               const void *payload, size_t payload_length)
{
    size_t start = out->length,
           total = PRELUDE_BYTES + headers->length + payload_length + CHECKSUM_BYTES;

    if (headers->length > MAX_HEADER_BYTES || payload_length > MAX_PAYLOAD_BYTES)
        return -1;
    out->failed = out->failed || headers->failed;
    parity_buffer_reserve(out, total);
    write_number(out, total, 4);
    write_number(out, headers->length, 4);
    if (!out->failed)
        write_number(out, checksum(out->data + start, 8), 4);
    parity_buffer_add(out, headers->data, headers->length);
    parity_buffer_add(out, payload, payload_length);
    if (!out->failed)
        write_number(out, checksum(out->data + start, total - CHECKSUM_BYTES), 4);
    return 0;
}
