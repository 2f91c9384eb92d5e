/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_SHARD_H
#define PARITY_RUNNER_SHARD_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/registry.h"

/*
 * One of several parts of a run, each on a machine of its own.
 *
 * Every machine works out the whole plan by itself, from the tests and how long each took, and
 * keeps its own part. So all must be given the same; the plan's number says whether they were.
 */

struct parity_shard {
    size_t index;  /* from 1 */
    size_t count;  /* 0: the run is not divided */
    uint64_t plan; /* of all shards; set by parity_shard_select() */
};

/**
 * Read "2/5".
 * @param option  for messages
 * @param err     PARITY_E_USAGE
 * @return 0 or -1
 */
int parity_shard_parse(const char *text, const char *option, struct parity_shard *out,
                       struct parity_error *err);

/** What the variables that CI systems set say about shards. */
struct parity_shard_environment {
    struct parity_shard shard; /* `count` 0: nothing */
    const char *status_file;   /* Bazel: to be made, as a sign that shards are supported; or NULL */
    const char *notice;        /* what is strange about them; NULL: nothing */
};

/**
 * Ask Bazel's TEST_SHARD_INDEX (from 0), TEST_TOTAL_SHARDS and TEST_SHARD_STATUS_FILE, GitLab's
 * CI_NODE_INDEX (from 1) and CI_NODE_TOTAL, and for an indexed job of Kubernetes, which does not
 * say how many there are, JOB_COMPLETION_INDEX (from 0) and our own PARITY_SHARD_TOTAL; in this
 * order.
 *
 * @param get  getenv, or what a test puts in its place
 * @param err  PARITY_E_USAGE: they make no sense
 * @return 0 or -1
 */
int parity_shard_from_environment(char *(*get)(const char *name),
                                  struct parity_shard_environment *out, struct parity_error *err);

/**
 * Keep the tests of one shard, in their order. The longest tests are given out first, each to the
 * shard that has least to do (LPT: R. L. Graham, "Bounds on multiprocessing timing anomalies",
 * 1969), so every test is in exactly one.
 *
 * @param seconds  how long each test takes; below 0: unknown, which counts as the median
 * @param count    of `cases`; becomes the number of those kept
 * @param err      PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_shard_select(struct parity_shard *shard, const struct parity_case **cases,
                        const double *seconds, size_t *count, struct parity_error *err);

#endif
