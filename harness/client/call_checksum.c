/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checksums of requests and responses, as the model's `httpChecksum` and `httpChecksumRequired` ask
 * for them. @see botocore/httpchecksum.py
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "client/call.h"
#include "client/checksum.h"

static const char header_prefix[] = "x-amz-checksum-";

static const char *trait_text(const struct parity_call *call, const char *name)
{
    return json_string_value(
        json_object_get(parity_operation_trait(call->operation, "httpChecksum"), name));
}

/* Settings are "when_supported" (the default) or "when_required". */
static int is_when_supported(struct parity_call *call, const char *name, const char *variable,
                             bool *out, struct parity_error *err)
{
    const char *mode;

    if (parity_settings_get(&call->client->settings, name, variable, &mode, err) < 0)
        return -1;
    *out = !mode || strcasecmp(mode, "when_supported") == 0;
    if (*out || strcasecmp(mode, "when_required") == 0)
        return 0;
    parity_fail(err, PARITY_E_INVALID, variable,
                "'%.40s' is neither when_supported nor when_required", mode);
    return -1;
}

/* --- responses -------------------------------------------------------------------------------- */

/* Ask for a checksum of the response, unless the input decides itself. */
int parity_call_add_checksum_mode(struct parity_call *call, struct parity_error *err)
{
    const char *member = trait_text(call, "requestValidationModeMember");
    bool wanted;

    if (!member || json_object_get(call->input, member))
        return 0;
    if (is_when_supported(call, "response_checksum_validation", "AWS_RESPONSE_CHECKSUM_VALIDATION",
                          &wanted, err) < 0)
        return -1;
    if (wanted && json_object_set_new(call->input, member, json_string("ENABLED")) < 0)
        return parity_fail_nomem(err);
    call->checksum_mode_is_default = wanted;
    return 0;
}

int parity_call_compare_checksum(const char *algorithm, const char *actual, const char *sent,
                                 struct parity_error *err)
{
    if (strcmp(actual, sent) == 0)
        return 0;
    parity_fail(err, PARITY_E_RESPONSE, NULL,
                "the body of the response has the %s checksum %s, not %.100s as its header says",
                algorithm, actual, sent);
    return -1;
}

/* The first one that the response carries. One with a '-' is made of the checksums of parts and
 * cannot be compared. */
const char *parity_call_checksum_to_check(const struct parity_call *call,
                                          const struct parity_http_response *response,
                                          const char **sent)
{
    static const char *const by_priority[] = {"crc64nvme", "crc32c", "crc32",
                                              "sha1",      "sha256", "sha512"};
    const char *member = trait_text(call, "requestValidationModeMember");

    if (!member || !json_object_get(call->input, member) || response->status_code >= 300)
        return NULL;
    for (size_t i = 0; i < sizeof by_priority / sizeof *by_priority; i++) {
        char name[40];

        snprintf(name, sizeof name, "%s%s", header_prefix, by_priority[i]);
        *sent = parity_headers_get(&response->headers, name);
        if (*sent && !strchr(*sent, '-'))
            return by_priority[i];
    }
    return NULL;
}

int parity_call_check_response(const struct parity_call *call,
                               const struct parity_http_response *response,
                               struct parity_error *err)
{
    const char *sent, *algorithm = parity_call_checksum_to_check(call, response, &sent);
    struct parity_buffer actual = {0};
    int rc;

    if (!algorithm || response->passed_on)
        return 0;
    rc = parity_checksum(algorithm, response->body.data, response->body.length, &actual, err);
    if (rc == 0)
        rc = parity_call_compare_checksum(algorithm, actual.data, sent, err);
    parity_buffer_clear(&actual);
    return rc;
}

/* --- requests --------------------------------------------------------------------------------- */

/* A checksum that the input gave itself: x-amz-checksum-<algorithm>. */
static bool has_checksum(const struct parity_headers *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        const char *name = headers->items[i].name;

        if (strncasecmp(name, header_prefix, sizeof header_prefix - 1) == 0 &&
            parity_checksum_is_known(name + sizeof header_prefix - 1))
            return true;
    }
    return false;
}

/*
 * The algorithm to use; NULL: none. `*announce` is the header that names it to the service when the
 * input did not (then NULL).
 */
static int choose(struct parity_call *call, const char **algorithm, const char **announce,
                  struct parity_error *err)
{
    const char *member = trait_text(call, "requestAlgorithmMember");
    const char *given = member ? json_string_value(json_object_get(call->input, member)) : NULL;
    const struct parity_shape *input = parity_operation_input(call->operation);
    bool required =
        json_is_true(parity_operation_trait(call->operation, "httpChecksumRequired")) ||
        json_is_true(json_object_get(parity_operation_trait(call->operation, "httpChecksum"),
                                     "requestChecksumRequired"));
    bool supported = false;

    *algorithm = *announce = NULL;
    if (has_checksum(&call->request.headers))
        return 0;
    if (given) {
        *algorithm = given;
        return 0;
    }
    if (member && is_when_supported(call, "request_checksum_calculation",
                                    "AWS_REQUEST_CHECKSUM_CALCULATION", &supported, err) < 0)
        return -1;
    if (!required && !supported)
        return 0;
    *algorithm = "CRC32";
    if (member && input && parity_shape_member(input, member))
        *announce = parity_shape_location_name(parity_shape_member(input, member));
    return 0;
}

static void header_name(const char *algorithm, char *out, size_t size)
{
    snprintf(out, size, "%s%.20s", header_prefix, algorithm);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
}

static int add_header(struct parity_call *call, const char *name, const char *value,
                      struct parity_error *err)
{
    call->signing.body_is_checked = true;
    return parity_headers_set(&call->request.headers, name, value) < 0 ? parity_fail_nomem(err) : 0;
}

/* The body in chunks, with what ends it behind the last one. */
static void write_chunks(struct parity_buffer *out, const struct parity_buffer *body,
                         const struct parity_buffer *trailer)
{
    for (size_t at = 0; at < body->length; at += PARITY_AWS_CHUNK_BYTES) {
        size_t left = body->length - at,
               length = left < PARITY_AWS_CHUNK_BYTES ? left : PARITY_AWS_CHUNK_BYTES;

        parity_buffer_printf(out, "%zx\r\n", length);
        parity_buffer_add(out, body->data + at, length);
        parity_buffer_add_text(out, "\r\n");
    }
    parity_buffer_add(out, trailer->data, trailer->length);
}

/* A file is brought into chunks while it is sent. Takes `trailer`. */
static int chunk_body(struct parity_http_request *request, struct parity_buffer *trailer)
{
    struct parity_buffer body = {0};
    bool failed = trailer->failed;

    if (request->file) {
        request->file->trailer = *trailer;
        return failed ? -1 : 0;
    }
    if (!failed)
        write_chunks(&body, &request->body, trailer);
    parity_buffer_clear(trailer);
    parity_buffer_clear(&request->body);
    request->body = body;
    return failed || body.failed ? -1 : 0;
}

static int set_chunk_headers(struct parity_headers *headers, const char *name, uint64_t length)
{
    const char *encoding = parity_headers_get(headers, "Content-Encoding");
    char *joined = encoding && *encoding ? parity_asprintf("%s,aws-chunked", encoding)
                                         : parity_strdup("aws-chunked");
    char text[32];
    int rc;

    snprintf(text, sizeof text, "%llu", (unsigned long long)length);
    rc = joined && parity_headers_set(headers, "Transfer-Encoding", "chunked") == 0 &&
                 parity_headers_set(headers, "Content-Encoding", joined) == 0 &&
                 parity_headers_set(headers, "X-Amz-Trailer", name) == 0 &&
                 parity_headers_set(headers, "X-Amz-Decoded-Content-Length", text) == 0 &&
                 parity_headers_set(headers, "X-Amz-Content-SHA256",
                                    "STREAMING-UNSIGNED-PAYLOAD-TRAILER") == 0
             ? 0
             : -1;
    parity_headers_remove(headers, "Content-Length");
    parity_free(joined);
    return rc;
}

static int add_trailer(struct parity_call *call, const char *name, const char *checksum,
                       struct parity_error *err)
{
    struct parity_buffer trailer = {0};

    if (set_chunk_headers(&call->request.headers, name, parity_http_body_length(&call->request)) <
        0)
        return parity_fail_nomem(err);
    parity_buffer_printf(&trailer, "0\r\n%s:%s\r\n\r\n", name, checksum);
    return chunk_body(&call->request, &trailer) < 0 ? parity_fail_nomem(err) : 0;
}

static int add_piece(const void *data, size_t length, void *context, struct parity_error *err)
{
    (void)err;
    parity_checksum_add(context, data, length);
    return 0;
}

static int checksum_of_body(const struct parity_call *call, const char *algorithm,
                            struct parity_buffer *out, struct parity_error *err)
{
    struct parity_checksum checksum;
    int rc = parity_checksum_begin(&checksum, algorithm, err);

    if (rc == 0)
        rc = parity_call_each_piece(call, add_piece, &checksum, err);
    if (rc == 0)
        rc = parity_checksum_end(&checksum, out, err);
    parity_checksum_clear(&checksum);
    return rc;
}

int parity_call_add_checksum(struct parity_call *call, struct parity_error *err)
{
    const char *algorithm, *announce;
    struct parity_buffer checksum = {0};
    char name[sizeof header_prefix + 20];
    int rc;

    if (choose(call, &algorithm, &announce, err) < 0)
        return -1;
    if (!algorithm)
        return 0;
    header_name(algorithm, name, sizeof name);
    rc = checksum_of_body(call, algorithm, &checksum, err);
    /* A trailer leaves the body out of the signature, so it is for TLS only. */
    if (rc == 0 && call->streaming_input && strncasecmp(call->request.url, "https:", 6) == 0)
        rc = add_trailer(call, name, checksum.data, err);
    else if (rc == 0)
        rc = add_header(call, name, checksum.data, err);
    if (rc == 0 && announce && parity_headers_set(&call->request.headers, announce, algorithm) < 0)
        rc = parity_fail_nomem(err);
    parity_buffer_clear(&checksum);
    return rc;
}
