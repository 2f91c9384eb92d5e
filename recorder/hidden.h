/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RECORDER_HIDDEN_H
#define PARITY_RECORDER_HIDDEN_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

/** All skip paths of a test in one list. */
struct parity_skip_list {
    const char **paths;   /* borrowed texts */
    const char **reasons; /* one each; NULL: none */
    size_t count;
};

/**
 * Say which differences the skip paths took out of sight, and which paths took out none.
 *
 * @param all       the differences without skip paths; NULL: not known
 * @param left      the differences with them
 * @param recorded  what was removed from the recorded state, see parity_skip_remove_noting()
 * @param observed  … and from the observed one
 * @param hidden    new: those of `all` that are gone, each with "reason" and "skip"
 * @param unused    new: the paths that hid nothing; empty where `all` is not known
 * @return 0 or -1 (PARITY_E_NOMEM)
 */
int parity_hidden_find(const struct parity_skip_list *skips, const json_t *all, const json_t *left,
                       const json_t *recorded, const json_t *observed, json_t **hidden,
                       json_t **unused, struct parity_error *err);

#endif
