/* SPDX-License-Identifier: Apache-2.0 */
/* A command line of any bytes is split, or left open at its end; no word is longer than the line.
 */
#include <stdlib.h>
#include <string.h>

#include "client/shell_words.h"
#include "fuzz.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_shell_words words = {0};
    char *text = malloc(size + 1);
    size_t total = 0;
    int rc;

    expect(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    rc = parity_shell_words_split(text, &words);
    expect(rc == 0 || rc == 1);
    for (size_t i = 0; rc == 0 && i < words.count; i++)
        total += strlen(words.items[i]);
    expect(total <= strlen(text));
    parity_shell_words_clear(&words);
    free(text);
    return 0;
}
