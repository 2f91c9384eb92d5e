/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_PROTOCOL_UNION_H
#define PARITY_CLIENT_PROTOCOL_UNION_H

#include <jansson.h>

#include "base/error.h"
#include "client/model.h"
#include "client/protocol/member_path.h"

/**
 * Check the one member that a tagged union of a response has.
 *
 * @param tag     its name on the wire; NULL: none, or more than one
 * @param result  an unknown tag is put here as {"SDK_UNKNOWN_MEMBER": {"name": tag}}
 * @return 1: a known member, read on; 0: an unknown one, `result` is done; -1: PARITY_E_RESPONSE
 * @see botocore/parsers.py, ResponseParser._has_unknown_tagged_union_member
 */
int parity_union_check(const struct parity_shape *shape, const char *tag, json_t *result,
                       const struct parity_member_path *path, struct parity_error *err);

#endif
