/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_JUDGE_H
#define PARITY_RUNNER_JUDGE_H

#include <jansson.h>

#include "recorder/snapshot.h"
#include "runner/test.h"

/** How a run judges. */
struct parity_judge_options {
    struct parity_recordings *recordings; /* required unless `update` */
    bool update;        /* nothing is compared; the state is handed over for recording */
    bool raw;           /* also the state before the transformers */
    bool skip_all;      /* nothing is compared */
    bool suggest_skips; /* look for paths that would hide what differs */
    bool compat_localstack;
    const json_t *further; /* array: transformers beside those of the test; NULL: none */
    const json_t *first; /* with `update`: {"observed", "transformations"} of an earlier run of the
                            same test, whose result must be the same; NULL: none */
    bool apply_suggestions; /* … or become the same by the transformers that are suggested */
};

/** What came out beside the outcome in `t`. Zero-initialise, clear. */
struct parity_judgement {
    json_t *differences, *hidden; /* arrays; NULL: nothing was compared */
    json_t *unused_skips;         /* array: paths of the test's own skip_verify that hid nothing;
                                     NULL: nobody knows */
    json_t *suite_skips; /* object: {path of the suite's skip_verify: whether it hid anything} */
    json_t *suggested_skips; /* object: {"paths", "left"}, the latter how many differences they do
                                not hide; NULL: none were looked for */
    json_t *recording; /* object: the "file", "key", "recorded_date" and "from_aws" of what it was
                          compared with; NULL: nothing */
    json_t *transformed, *raw; /* what would be stored; NULL: nothing to store. `raw` also without
                                  `update`, unless `skip_all`: then nothing is transformed */
    json_t *suggestions; /* array: transformers that settled what differed from `first` and are part
                            of `transformed`; NULL: none */
};
void parity_judgement_clear(struct parity_judgement *judgement);

/**
 * Transform what a test observed and compare it with its recording, as the options say; the
 * outcome in `t` becomes `failed` for a difference and `error` when there is nothing to compare
 * with. A test that ended early is compared as far as it got; it is never recorded.
 */
void parity_judge(struct parity_test *t, const struct parity_judge_options *options,
                  struct parity_judgement *out);

#endif
