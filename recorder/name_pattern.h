/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_NAME_PATTERN_H
#define PARITY_RECORDER_NAME_PATTERN_H

/**
 * A regular expression for names of which two are known: what they share at both ends, up to a
 * separator, and letters, digits, '_' and '-' between, as many as both have.
 *
 * @return new; NULL: they have too little in common to tell them from other names, or out of memory
 */
char *parity_name_pattern(const char *a, const char *b);

#endif
