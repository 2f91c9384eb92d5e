/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_SECRET_TEXT_H
#define PARITY_RECORDER_SECRET_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "recorder/secrets.h"

/** A search for credentials; `failed` is set when memory runs out, and nothing counts then. */
struct parity_secret_search {
    const struct parity_secrets_identity *identities;
    size_t identity_count;
    bool failed;
};

/**
 * What kind of credential a text holds, as it stands or behind JSON, percent-encoding, backslashes
 * or base64, several of these deep.
 *
 * @return what it is, for a message ("an access key id of AWS"); NULL: none. Static.
 */
const char *parity_secret_in_text(struct parity_secret_search *search, const char *text,
                                  size_t length);

/** The same for any value but a container: numbers that are an account id, bytes. */
const char *parity_secret_in_scalar(struct parity_secret_search *search, const json_t *value);

/** What a member of this name holds by its name alone ("SecretAccessKey"); NULL: nothing special.
 */
const char *parity_secret_by_name(const char *name, size_t length, const json_t *value);

#endif
