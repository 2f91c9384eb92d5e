/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_SUGGEST_H
#define PARITY_BASE_SUGGEST_H

/**
 * The better guess at what a misspelt name meant: fold this over all known names, beginning with
 * NULL.
 *
 * Compares without case; a name counts as near at up to one edit for every three characters.
 *
 * @param nearest    the guess so far; NULL: none
 * @param candidate  another known name
 * @return `nearest` or `candidate`
 */
const char *parity_suggest(const char *name, const char *nearest, const char *candidate);

#endif
