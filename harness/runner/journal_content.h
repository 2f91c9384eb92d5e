/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_JOURNAL_CONTENT_H
#define PARITY_RUNNER_JOURNAL_CONTENT_H

#include <jansson.h>
#include <stdbool.h>

#include "client/model.h"
#include "runner/journal.h"

/*
 * Which part of inputs and outputs a journal holds, and what stands for the caller's own accounts.
 */

/**
 * The part of an input or output by which things can be found again: names, ids and whatever else
 * is short. Bytes, long texts, long lists and what the model calls sensitive are left out.
 *
 * @param shape  of the value; NULL: unknown
 * @return new; NULL when out of memory
 */
json_t *parity_journal_extract(const json_t *value, const struct parity_shape *shape);

/**
 * A record as it may be written: accounts by their placeholders, credentials left out.
 *
 * @return new; NULL when out of memory
 */
json_t *parity_journal_conceal(const json_t *record, const struct parity_journal_secrets *secrets);

/** Whether something in a value is not what it was, so that no call may be made with it: a hidden
 * credential, or an account that was not put back. */
bool parity_journal_is_concealed(const json_t *value);

/** Put accounts back in place of their placeholders, in `value` itself. @return 0 or -1 (no memory)
 */
int parity_journal_reveal(json_t *value, const char *account_id, const char *second_account_id);

#endif
