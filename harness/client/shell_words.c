/* SPDX-License-Identifier: Apache-2.0 */
#include "client/shell_words.h"

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"

static const char white[] = " \t\r\n";

void parity_shell_words_clear(struct parity_shell_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        parity_free(words->items[i]);
    parity_free(words->items);
    memset(words, 0, sizeof *words);
}

/* From the quote at `text` to behind its partner; NULL when there is none. */
static const char *read_quoted(const char *text, struct parity_buffer *word)
{
    char quote = *text++;

    for (; *text && *text != quote; text++) {
        /* Inside double quotes a backslash protects only what would end the quote, and itself. */
        if (quote == '"' && *text == '\\' && (text[1] == '"' || text[1] == '\\'))
            text++;
        parity_buffer_add_char(word, *text);
    }
    return *text ? text + 1 : NULL;
}

/* One word; returns where it ends, NULL when it does not end well. */
static const char *read_word(const char *text, struct parity_buffer *word)
{
    while (text && *text && !strchr(white, *text)) {
        if (*text == '"' || *text == '\'') {
            text = read_quoted(text, word);
        } else if (*text == '\\') {
            if (!text[1])
                return NULL;
            parity_buffer_add_char(word, text[1]);
            text += 2;
        } else {
            parity_buffer_add_char(word, *text++);
        }
    }
    return text;
}

static int add_word(struct parity_shell_words *words, struct parity_buffer *word)
{
    char *text;

    if (parity_grow(&words->items, &words->capacity, words->count + 2, sizeof *words->items) < 0)
        return -1;
    text = parity_buffer_take(word);
    if (!text)
        return -1;
    words->items[words->count++] = text;
    words->items[words->count] = NULL;
    return 0;
}

int parity_shell_words_split(const char *text, struct parity_shell_words *out)
{
    struct parity_buffer word = {0};
    int rc = 0;

    while (rc == 0 && *(text += strspn(text, white))) {
        text = read_word(text, &word);
        if (!text)
            rc = 1;
        else if (add_word(out, &word) < 0)
            rc = -1;
    }
    parity_buffer_clear(&word);
    return rc;
}
