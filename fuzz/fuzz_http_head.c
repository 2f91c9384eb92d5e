/* SPDX-License-Identifier: Apache-2.0 */
/* Header lines of any bytes, as libcurl hands them over, become fields of valid UTF-8. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "client/http_exchange.h"
#include "fuzz.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_http_response response = {0};
    struct parity_http_exchange exchange = {.response = &response, .max_body_bytes = 1 << 16};
    char *copy = malloc(size + 1);

    expect(copy != NULL);
    memcpy(copy, data, size);
    for (size_t at = 0; at < size && exchange.stopped == PARITY_HTTP_GOING_ON;) {
        char *end = memchr(copy + at, '\n', size - at);
        size_t length = end ? (size_t)(end - copy) + 1 - at : size - at;

        if (parity_http_receive_header(copy + at, 1, length, &exchange) != length)
            expect(exchange.stopped != PARITY_HTTP_GOING_ON);
        at += length;
    }
    (void)parity_http_receive_body(copy, 1, size, &exchange);
    for (size_t i = 0; i < response.headers.count; i++) {
        const struct parity_header *field = &response.headers.items[i];

        expect(parity_utf8_is_valid(field->name, strlen(field->name)) &&
               parity_utf8_is_valid(field->value, strlen(field->value)));
    }
    parity_http_response_clear(&response);
    free(copy);
    return 0;
}
