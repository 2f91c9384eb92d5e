/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_BASE_JSON_NUMBER_H
#define PARITY_BASE_JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Text of numbers, as Python has it and whatever the locale is. What other rooms need of this is in
 * json.h.
 */

enum { PARITY_REAL_TEXT_SIZE = 32, PARITY_INTEGER_TEXT_SIZE = 24 };

/**
 * The shortest text that reads back as `value`, the nearest one if there are several: `1.0`,
 * `1e-07`, `1e+16`, `-0.0`, `nan`, `inf`, `-inf` (Python's float.__repr__).
 *
 * @return its length
 */
size_t parity_real_text(double value, char out[PARITY_REAL_TEXT_SIZE]);

/** The decimal digits of `value`. @return the length */
size_t parity_integer_text(long long value, char out[PARITY_INTEGER_TEXT_SIZE]);

/**
 * How many bytes at the beginning of `text` are a number in JSON's grammar; 0: it is none.
 *
 * @param is_real  set to true if it has a fraction or an exponent
 */
size_t parity_number_scan(const char *text, size_t length, bool *is_real);

/** The value of what parity_number_scan() found. @return 0, or -1 when out of memory */
int parity_real_read(const char *text, size_t length, double *out);

/** An integer of JSON's grammar. @return false if it does not fit */
bool parity_integer_read(const char *text, size_t length, long long *out);

#endif
