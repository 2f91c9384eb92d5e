/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_EMULATOR_H
#define PARITY_EMULATOR_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * The life of an emulator, as an entry of `"emulators"` in parity.json describes it
 * (docs/emulators.md). What parity knows about an emulator stands there and nowhere else.
 */

/** An emulator that answers: started here, or attached to. */
struct parity_emulator;

struct parity_emulator_options {
    const char *name;    /* its key in parity.json; required */
    const json_t *entry; /* its entry, borrowed for the call; NULL: none, then `endpoint_url` */
    const char *project; /* folder of parity.json, where `.parity/` is; NULL: current folder */
    const char *endpoint_url; /* attach to the one that answers here instead of starting one */
    long start_timeout_ms;    /* 0: the entry's `ready.timeout_seconds`, or 60,000 to start,
 3,000 to attach */
};

/** What a run needs to know. Owned by the emulator; NULL where nothing says. */
struct parity_emulator_info {
    const char *name, *version, *endpoint_url;
    const char *account_id, *region;
    const char *access_key_id, *secret_access_key, *session_token;
    const char *log; /* file with its output; NULL when it was not started here */
    pid_t pid;       /* its process, and process group; 0 when it was not started here */
};

/**
 * Check an entry of parity.json without starting anything.
 *
 * @param err  PARITY_E_INVALID: an unknown member (with the nearest known one), a wrong type,
 * neither `command` nor `endpoint_url`
 * @return 0 or -1
 */
int parity_emulator_check(const char *name, const json_t *entry, struct parity_error *err);

/**
 * Start an emulator on a free loopback port, or attach to a running one, and wait until it is
 * ready.
 *
 * A started emulator runs in a process group of its own and ends with this process, whatever ends
 * it. Its environment is this one's without `AWS_…`, plus the entry's `environment`.
 *
 * @param err  PARITY_E_INVALID (the entry), PARITY_E_ENVIRONMENT (cannot be started, ended early,
 *             with the end of its log, or not ready in time), PARITY_E_NETWORK (attached, but it
 * does not answer), PARITY_E_NOMEM
 * @return new, ended with parity_emulator_stop(); NULL on failure (then nothing is left running)
 */
struct parity_emulator *parity_emulator_start(const struct parity_emulator_options *options,
                                              struct parity_error *err);

/** End it, if it was started here: TERM, after a grace period KILL; then release it. NULL is fine.
 */
void parity_emulator_stop(struct parity_emulator *emulator);

const struct parity_emulator_info *parity_emulator_info(const struct parity_emulator *emulator);

/** Its URL without a final slash; the same as in the info. */
const char *parity_emulator_endpoint(const struct parity_emulator *emulator);

/** "<name> <version>", or the name alone: the `target` of a recording's provenance. */
const char *parity_emulator_target(const struct parity_emulator *emulator);

/**
 * Put it back to empty, as the entry's `reset` says.
 *
 * @return 0, also when the entry has no `reset`, or -1 (PARITY_E_NETWORK, PARITY_E_RESPONSE)
 */
int parity_emulator_reset(struct parity_emulator *emulator, struct parity_error *err);

/**
 * Whether a started emulator's process is alive. Asked when a call fails, it tells a dead emulator
 * from a bad answer. An attached one always counts as alive.
 *
 * @param err  when it is not: PARITY_E_ENVIRONMENT with how it ended and the end of its log
 */
bool parity_emulator_is_alive(struct parity_emulator *emulator, struct parity_error *err);

#endif
