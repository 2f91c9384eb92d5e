/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TEXT_SET_H
#define PARITY_TEXT_SET_H

#include <stddef.h>
#include <stdint.h>

/** Many texts that are looked for in one pass; immutable. */
struct parity_text_set;

/** A text of a set; none is empty or longer than UINT32_MAX. */
struct parity_text_set_member {
    const char *text; /* borrowed for as long as the set lives */
    size_t length;
};

/**
 * Prepare a search; takes about n log n steps for n texts.
 *
 * @param members  borrowed until the set is freed; the same text may stand there several times
 * @return new, released with parity_text_set_free(); NULL when out of memory
 */
struct parity_text_set *parity_text_set_new(const struct parity_text_set_member *members,
                                            size_t count);
void parity_text_set_free(struct parity_text_set *set);

/** Told of an occurrence of member number `member` at `at`. @return 0, or -1 to end the search */
typedef int (*parity_text_set_found)(void *data, uint32_t member, size_t at);

/**
 * Find every occurrence of every member, also those that overlap; by ascending position.
 *
 * At each position only the texts that agree with it so far are followed, so the effort is that of
 * reading the text once and each of its parts that looks like a member again.
 *
 * @return 0, or -1 when `found` ended the search
 */
int parity_text_set_search(const struct parity_text_set *set, const char *text, size_t length,
                           parity_text_set_found found, void *data);

#endif
