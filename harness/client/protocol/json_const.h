/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_JSON_CONST_H
#define PARITY_CLIENT_PROTOCOL_JSON_CONST_H

#include <jansson.h>
#include <stdint.h>

/** For jansson's functions that count references or iterate: they change no value, but ask for a
 * pointer that is not const. */
static inline json_t *parity_unconst(const json_t *value)
{
    return (json_t *)(uintptr_t)value;
}

#endif
