/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request of any bytes is refused with a reason, or written as it was read, and can be signed in
 * either way or not, with a reason.
 */
#include <stdlib.h>
#include <string.h>

#include "client/http_text.h"
#include "client/sigv4.h"
#include "fuzz.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

static void sign(struct parity_http_request *request, bool in_query)
{
    static char id[] = "AKIDEXAMPLE", secret[] = "secret";
    static const struct parity_credentials credentials = {.access_key_id = id,
                                                          .secret_access_key = secret};
    const struct parity_sigv4_options options = {
        .credentials = &credentials, .region = "us-east-1", .service = "s", .time = 1440938160};
    struct parity_error err = {0};
    int rc = in_query ? parity_sigv4_sign_query(request, &options, NULL, &err)
                      : parity_sigv4_sign_header(request, &options, NULL, &err);

    expect(rc == 0 || (err.code && err.message[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_http_text text = {0}, again = {0};
    struct parity_buffer written = {0};
    struct parity_error err = {0};

    if (parity_http_text_parse((const char *)data, size, NULL, &text, &err) < 0) {
        expect((err.code == PARITY_E_PARSE || err.code == PARITY_E_INVALID) && err.message[0]);
    } else {
        parity_http_text_write(&written, &text);
        expect(parity_http_text_parse(written.data, written.length, NULL, &again, NULL) == 0);
        expect(strcmp(again.request.url, text.request.url) == 0);
        expect(again.request.headers.count == text.request.headers.count);
        sign(&text.request, false);
        sign(&again.request, true);
    }
    parity_http_text_clear(&text);
    parity_http_text_clear(&again);
    parity_buffer_clear(&written);
    return 0;
}
