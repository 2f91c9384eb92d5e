/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sigv4_events.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "client/protocol/event_message.h"
#include "client/sigv4_scheme.h"

/* A stream of which `signature` was the last one. */
struct stream {
    const struct parity_sigv4_options *options;
    struct parity_sha256 sha256;
    char timestamp[PARITY_SIGV4_TIMESTAMP];
    char signature[160]; /* hex */
    struct parity_buffer *out;
    struct parity_error *err;
};

/* Appends the hash of `data` in hex. */
static int add_hash(struct stream *stream, const void *data, size_t length,
                    struct parity_buffer *text)
{
    unsigned char hash[PARITY_SHA256_BYTES];
    char hex[PARITY_SHA256_HEX + 1];

    if (parity_sha256_hash(&stream->sha256, data ? data : "", length, hash) < 0) {
        parity_fail(stream->err, PARITY_E_ENVIRONMENT, "OpenSSL", "cannot compute a SHA-256 hash");
        return -1;
    }
    parity_hex(hash, sizeof hash, hex);
    parity_buffer_add_text(text, hex);
    return 0;
}

static int write_string_to_sign(struct stream *stream, const struct parity_buffer *headers,
                                const void *payload, size_t length, struct parity_buffer *text)
{
    parity_buffer_printf(text, "AWS4-HMAC-SHA256-PAYLOAD\n%s\n%.8s/%s/%s/aws4_request\n%s\n",
                         stream->timestamp, stream->timestamp, stream->options->region,
                         stream->options->service, stream->signature);
    if (add_hash(stream, headers->data, headers->length, text) < 0)
        return -1;
    parity_buffer_add_char(text, '\n');
    return add_hash(stream, payload, length, text);
}

static void from_hex(const char *hex, unsigned char out[PARITY_SHA256_BYTES])
{
    for (size_t i = 0; i < PARITY_SHA256_BYTES; i++)
        out[i] = (unsigned char)parity_hex_number(hex + 2 * i, hex + 2 * i + 2, 2);
}

static int sign(struct stream *stream, const struct parity_buffer *headers, const void *payload,
                size_t length)
{
    struct parity_buffer text = {0};
    struct parity_sigv4_input input = {
        .options = stream->options, .sha256 = &stream->sha256, .date = stream->timestamp};
    int rc = write_string_to_sign(stream, headers, payload, length, &text);

    if (rc == 0 && text.failed)
        rc = parity_fail_nomem(stream->err);
    input.text = text.data;
    input.length = text.length;
    if (rc == 0)
        rc = parity_sigv4_hmac_scheme.sign(&input, stream->signature, stream->err);
    parity_buffer_clear(&text);
    return rc;
}

/* The headers that are signed, then those of the whole message. */
static int add_message(struct stream *stream, const void *payload, size_t length)
{
    int64_t now_ms = (int64_t)stream->options->time * 1000;
    unsigned char signature[PARITY_SHA256_BYTES];
    struct parity_buffer headers = {0};
    int rc = parity_event_header_timestamp(&headers, ":date", now_ms);

    if (rc == 0 && headers.failed)
        rc = parity_fail_nomem(stream->err);
    if (rc == 0)
        rc = sign(stream, &headers, payload, length);
    if (rc == 0) {
        from_hex(stream->signature, signature);
        rc = parity_event_header_bytes(&headers, ":chunk-signature", signature, sizeof signature);
    }
    if (rc == 0 && parity_event_message_write(stream->out, &headers, payload, length) < 0) {
        parity_fail(stream->err, PARITY_E_INVALID, NULL,
                    "an event of %zu bytes is too large to be signed", length);
        rc = -1;
    }
    parity_buffer_clear(&headers);
    return rc;
}

static int add_messages(struct stream *stream, const struct parity_buffer *messages)
{
    const char *at = messages->data;
    size_t left = messages->length;

    while (left > 0) {
        struct parity_event_message message;
        const char *start = at;
        int rc = parity_event_message_read(&at, &left, &message, stream->err);

        json_decref(message.headers);
        if (rc < 0 || add_message(stream, start, (size_t)(at - start)) < 0)
            return -1;
    }
    return add_message(stream, NULL, 0);
}

int parity_sigv4_sign_events(const struct parity_sigv4_options *options, const char *seed,
                             const struct parity_buffer *messages, struct parity_buffer *out,
                             struct parity_error *err)
{
    struct stream stream = {.options = options, .out = out, .err = err};
    int rc = -1;

    snprintf(stream.signature, sizeof stream.signature, "%s", seed);
    if (parity_sigv4_timestamp(options->time, stream.timestamp, err) == 0 &&
        parity_sha256_init(&stream.sha256, err) == 0)
        rc = add_messages(&stream, messages);
    if (rc == 0 && out->failed)
        rc = parity_fail_nomem(err);
    parity_sha256_clear(&stream.sha256);
    return rc;
}
