/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_SHELL_WORDS_H
#define PARITY_CLIENT_SHELL_WORDS_H

#include <stddef.h>

/** Words of a command line. Zero-initialise, split, clear. */
struct parity_shell_words {
    char **items; /* owned, NULL-terminated */
    size_t count, capacity;
};

void parity_shell_words_clear(struct parity_shell_words *words);

/**
 * Split `text` as a POSIX shell would, with its quotes and backslashes but without any expansion.
 *
 * @return 0; 1 when a quote is not closed or a backslash ends the text; -1 when out of memory
 * @see Python's shlex.split, which AWS's tools use for profile names and `credential_process`
 */
int parity_shell_words_split(const char *text, struct parity_shell_words *out);

#endif
