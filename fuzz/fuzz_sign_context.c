/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that says what to sign with is refused with the member that is wrong, or a request is
 * signed with it, twice alike.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/sign_context.h"
#include "client/sigv4.h"
#include "fuzz.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

/* The signature; empty when signing was refused, which has a reason then. */
static void sign(const struct parity_sigv4_options *options, char out[160])
{
    struct parity_http_request request = {.method = parity_strdup("POST"),
                                          .url = parity_strdup("https://host/a/../b?c=d&c")};
    struct parity_sigv4_trace trace = {0};
    struct parity_error err = {0};

    parity_buffer_add_text(&request.body, "body");
    if (parity_sigv4_sign_header(&request, options, &trace, &err) < 0)
        expect(err.code != PARITY_OK && err.message[0]);
    memcpy(out, trace.signature, sizeof trace.signature);
    parity_sigv4_trace_clear(&trace);
    parity_http_request_clear(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_sign_context context = {0};
    struct parity_error err = {0};
    char first[160], second[160];
    json_t *document;

    if (parity_json_parse((const char *)data, size, NULL, &document, NULL) < 0)
        return 0;
    if (parity_sign_context_read_new(document, "context", &context, &err) < 0) {
        expect(err.code == PARITY_E_INVALID && err.message[0]);
    } else {
        sign(&context.options, first);
        sign(&context.options, second);
        expect(strcmp(first, second) == 0);
    }
    parity_sign_context_clear(&context);
    return 0;
}
