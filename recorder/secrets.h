/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_SECRETS_H
#define PARITY_RECORDER_SECRETS_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

/** The caller's own values, which must not be written anywhere. Each may be NULL. */
struct parity_secrets_identity {
    const char *account_id; /* on AWS; NULL for an emulator, whose account is made up */
    const char *access_key_id, *secret_access_key, *session_token;
};

struct parity_secrets_options {
    const struct parity_secrets_identity *identities; /* the primary and further ones */
    size_t identity_count;
    const char *const *allow; /* `--allow`: JSON paths whose values are let through,
                                 NULL-terminated; NULL: none */
};

/**
 * Refuse a state that holds a credential.
 *
 * Looks in names and values, through JSON in strings, percent-encoding and base64, for the
 * identities' values and for what looks like a credential of AWS: access key ids, secret keys,
 * session tokens, private keys. Values of fewer than 16 characters (an emulator's "test") are too
 * common to be looked for; account ids count only between non-digits.
 *
 * @param state  {match key: value}, transformed
 * @param err    PARITY_E_INVALID: what was found and where, as a normalized path, and what to do;
 *               PARITY_E_PARSE: a path of `allow`; PARITY_E_NOMEM. The value itself is never shown.
 * @return 0 when there is none, -1 otherwise
 */
int parity_secrets_check(const struct parity_secrets_options *options, const json_t *state,
                         struct parity_error *err);

/**
 * A copy in which every string that parity_secrets_check() would refuse is replaced by what it
 * is ("<hidden: access key id>"); for raw recordings.
 *
 * @param out  new; NULL on failure
 * @return 0 or -1 (PARITY_E_PARSE, PARITY_E_NOMEM)
 */
int parity_secrets_mask(const struct parity_secrets_options *options, const json_t *state,
                        json_t **out, struct parity_error *err);

#endif
