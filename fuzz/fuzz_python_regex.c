/* SPDX-License-Identifier: Apache-2.0 */
/* Input: a pattern, a line break, a replacement. Whatever compiles is used on a small text. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "transformers/python_regex.h"

static const char subject[] =
    "{\"Name\": \"queue-1\", \"At\": \"2024-01-02T03:04:05Z\", \"n\": [1, 2]}";

/* A fault lies in the text that it is about, or right behind it. */
static void check_position(const struct parity_error *err, size_t length)
{
    if (err->code == PARITY_OK ||
        (err->code == PARITY_E_PARSE && (err->column < 0 || (size_t)err->column > length + 1)))
        abort();
}

static void substitute(const struct parity_python_regex *regex, const char *text, size_t length)
{
    struct parity_error err = {0};
    struct parity_buffer out = {0};
    size_t matches;
    struct parity_python_template *replacement =
        parity_python_template_new(regex, text, length, &err);

    if (!replacement)
        check_position(&err, length);
    else if (parity_python_regex_substitute(regex, replacement, subject, sizeof subject - 1, &out,
                                            &matches, &err) == 0 &&
             matches == 0 && out.length > 0)
        abort();
    parity_python_template_free(replacement);
    parity_buffer_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *end = size ? memchr(text, '\n', size) : NULL;
    size_t length = end ? (size_t)(end - text) : size;
    struct parity_error err = {0};
    struct parity_python_regex *regex = parity_python_regex_new(size ? text : "", length, &err);

    if (!regex)
        check_position(&err, length);
    else
        substitute(regex, end ? end + 1 : "", end ? size - length - 1 : 0);
    parity_python_regex_free(regex);
    return 0;
}
