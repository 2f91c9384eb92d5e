/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_SNAPSHOTS_REVIEW_H
#define PARITY_CLI_SNAPSHOTS_REVIEW_H

#include <stdbool.h>

#include "base/error.h"

struct parity_review_options {
    const char *folder;       /* of recordings */
    bool accept, reject;      /* all of them, without asking */
    bool replace_aws;         /* as for `parity run` */
    const char *const *allow; /* NULL-terminated; NULL: none */
    const char *const *ids;   /* NULL-terminated: only these tests; NULL or empty: all */
};

/**
 * Show each pending result against its recording on standard output, and take a decision for it
 * from standard input. One that is not decided waits on.
 *
 * @return an exit code: 0 when nothing waits any more, 1 when something does; otherwise that of
 * `err`, which holds the reason
 */
int parity_review(const struct parity_review_options *options, struct parity_error *err);

#endif
