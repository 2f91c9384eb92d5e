/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An expression of any bytes is refused at a place in it, or evaluates to a value or a reason. The
 * first line is the expression, the rest the document.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "client/jmespath.h"
#include "fuzz.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

static void evaluate(const struct parity_jmespath *expression, const char *document, size_t length)
{
    struct parity_error err = {0};
    json_t *value, *out = NULL;

    if (parity_json_parse(document, length, NULL, &value, NULL) < 0)
        return;
    if (parity_jmespath_evaluate(expression, value, &out, &err) == 0)
        expect(out != NULL && parity_jmespath_equal(out, out));
    else
        expect((err.code == PARITY_E_INVALID || err.code == PARITY_E_LIMIT) && err.message[0]);
    json_decref(out);
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t length = end ? (size_t)(end - data) : size;
    struct parity_error err = {0};
    struct parity_jmespath *expression;
    char *text = malloc(length + 1);

    expect(text != NULL);
    memcpy(text, data, length);
    text[length] = '\0';
    expression = parity_jmespath_compile(text, &err);
    if (expression)
        evaluate(expression, (const char *)data + length, size - length);
    else
        expect((err.code == PARITY_E_PARSE || err.code == PARITY_E_INVALID ||
                err.code == PARITY_E_LIMIT) &&
               err.message[0]);
    parity_jmespath_free(expression);
    free(text);
    return 0;
}
