/* SPDX-License-Identifier: Apache-2.0 */
/* Compression of requests, as the model's `requestcompression` allows it. @see botocore/compress.py
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "client/call.h"

enum {
    DEFAULT_MIN_BYTES = 10240,
    GREATEST_MIN_BYTES = 1048576,
    GZIP_WINDOW = MAX_WBITS + 16 /* zlib's way to ask for gzip's header and trailer */
};

static bool allows_gzip(const struct parity_operation *operation)
{
    const json_t *encodings =
        json_object_get(parity_operation_trait(operation, "requestcompression"), "encodings");
    const char *name;

    for (size_t i = 0; i < json_array_size(encodings); i++) {
        name = json_string_value(json_array_get(encodings, i));
        if (name && strcmp(name, "gzip") == 0)
            return true;
    }
    return false;
}

static int read_min_bytes(struct parity_call *call, size_t *out, struct parity_error *err)
{
    static const char variable[] = "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES";
    const char *text;
    char *end;
    long value;

    *out = DEFAULT_MIN_BYTES;
    if (parity_settings_get(&call->client->settings, "request_min_compression_size_bytes", variable,
                            &text, err) < 0)
        return -1;
    if (!text)
        return 0;
    value = strtol(text, &end, 10);
    if (*end || value < 1 || value > GREATEST_MIN_BYTES) {
        parity_fail(err, PARITY_E_INVALID, variable, "'%.40s' is no number from 1 to %d", text,
                    GREATEST_MIN_BYTES);
        return -1;
    }
    *out = (size_t)value;
    return 0;
}

/* A body that is streamed is compressed whatever its size, unless its length has to be told. */
static int is_worth_it(struct parity_call *call, bool *out, struct parity_error *err)
{
    const struct parity_shape *input = parity_operation_input(call->operation);
    const struct parity_shape *payload = input ? parity_shape_raw_payload(input) : NULL;
    size_t min_bytes;

    if (payload && parity_shape_has(payload, PARITY_TRAIT_STREAMING)) {
        *out = !parity_shape_has(payload, PARITY_TRAIT_REQUIRES_LENGTH);
        return 0;
    }
    if (read_min_bytes(call, &min_bytes, err) < 0)
        return -1;
    *out = parity_http_body_length(&call->request) >= min_bytes;
    return 0;
}

static void *allocate(void *context, unsigned count, unsigned size)
{
    (void)context;
    return parity_calloc(count, size);
}

static void release(void *context, void *memory)
{
    (void)context;
    parity_free(memory);
}

/* The header that zlib writes has no date, so one body always gives the same bytes. */
static int gzip(const struct parity_buffer *body, struct parity_buffer *out,
                struct parity_error *err)
{
    z_stream stream = {.zalloc = allocate, .zfree = release};
    size_t bound;
    int rc;

    if (body->length > UINT_MAX / 2) {
        parity_fail(err, PARITY_E_LIMIT, NULL, "a body of %zu bytes is too large to be compressed",
                    body->length);
        return -1;
    }
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return parity_fail_nomem(err);
    bound = deflateBound(&stream, body->length);
    if (parity_buffer_reserve(out, bound) < 0) {
        deflateEnd(&stream);
        return parity_fail_nomem(err);
    }
    stream.next_in = (Bytef *)body->data;
    stream.avail_in = (uInt)body->length;
    stream.next_out = (Bytef *)out->data;
    stream.avail_out = (uInt)bound;
    rc = deflate(&stream, Z_FINISH);
    out->length = (size_t)stream.total_out;
    out->data[out->length] = '\0';
    deflateEnd(&stream);
    return rc == Z_STREAM_END ? 0 : parity_fail_nomem(err);
}

/* What is sent has to be known before it is signed. No operation that AWS has so far streams a body
 * that may be compressed. */
static int take_into_memory(struct parity_http_request *request, struct parity_error *err)
{
    if (!request->file)
        return 0;
    if (parity_body_file_beginning(request->file, SIZE_MAX, &request->body, err) < 0)
        return -1;
    parity_body_file_free(request->file);
    request->file = NULL;
    return 0;
}

static int announce(struct parity_headers *headers)
{
    const char *encoding = parity_headers_get(headers, "Content-Encoding");
    char *joined = encoding ? parity_asprintf("%s,gzip", encoding) : parity_strdup("gzip");
    int rc = joined ? parity_headers_set(headers, "Content-Encoding", joined) : -1;

    parity_free(joined);
    return rc;
}

int parity_call_compress(struct parity_call *call, struct parity_error *err)
{
    struct parity_buffer compressed = {0};
    bool off, wanted;

    if (!allows_gzip(call->operation))
        return 0;
    if (parity_settings_get_flag(&call->client->settings, "disable_request_compression",
                                 "AWS_DISABLE_REQUEST_COMPRESSION", false, &off, err) < 0)
        return -1;
    if (off)
        return 0;
    if (is_worth_it(call, &wanted, err) < 0)
        return -1;
    if (!wanted)
        return 0;
    if (take_into_memory(&call->request, err) < 0)
        return -1;
    if (gzip(&call->request.body, &compressed, err) < 0) {
        parity_buffer_clear(&compressed);
        return -1;
    }
    parity_buffer_clear(&call->request.body);
    call->request.body = compressed;
    return announce(&call->request.headers) < 0 ? parity_fail_nomem(err) : 0;
}
