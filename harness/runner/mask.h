/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_MASK_H
#define PARITY_RUNNER_MASK_H

#include <jansson.h>

#include "client/credentials.h"

/*
 * No report holds the number of an account of AWS or a credential (DESIGN.md, "What it promises").
 */

/** What must not be shown. Members may be NULL; an empty text hides nothing. */
struct parity_mask {
    const char *account_id;
    const struct parity_credentials *credentials;
};

/** Overwrite each occurrence with as many `*`, so that what is aligned stays aligned. NULL is fine.
 */
void parity_mask_text(const struct parity_mask *mask, char *text);

/** The same for all strings in a value, at any depth, but not for names of members. NULL is fine.
 */
void parity_mask_json(const struct parity_mask *mask, json_t *value);

/** The same for what stands in attachments (test_attach.c), texts and bytes. NULL is fine. */
void parity_mask_attachments(const struct parity_mask *mask, json_t *attachments);

#endif
