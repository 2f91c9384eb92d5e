/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_PROJECT_H
#define PARITY_RUNNER_PROJECT_H

#include <jansson.h>

#include "base/error.h"

/**
 * The project that a command runs in: its folder, and what its parity.json says. Without a
 * parity.json the folder is the current one and everything has its default.
 */
struct parity_project {
    char *folder; /* owned, absolute */
    char *file;   /* owned: parity.json; NULL: there is none */

    char *suites;            /* owned, absolute: "suites", else <folder>/suites */
    char *snapshots;         /* owned, absolute: "snapshots", else <folder>/snapshots */
    char *modules;           /* owned, absolute; NULL: not said */
    const char *emulator;    /* name of the one to use by default; NULL: none */
    const json_t *emulators; /* object, name: entry; NULL: none */
    const char *region;      /* NULL: not said */
    const json_t *accounts;  /* object; NULL: none */
    char **ground_truth;     /* owned, absolute, NULL-terminated; NULL: none */
    char **models;           /* the same: folders of service models */
    long workers;            /* 0: not said */
    double timeout_s;        /* 0: not said */

    json_t *document; /* owned; what the above is borrowed from */
};

/**
 * Find parity.json in `start` or the nearest folder above it, and read it.
 *
 * @param start  NULL: the current folder
 * @param out    filled from zero; cleared by the caller in either case
 * @param err    PARITY_E_PARSE; PARITY_E_INVALID: an unknown member (with the nearest known one) or
 *               one of the wrong type; PARITY_E_IO, PARITY_E_NOMEM
 * @return 0 or -1
 */
int parity_project_open(const char *start, struct parity_project *out, struct parity_error *err);
void parity_project_clear(struct parity_project *project);

#endif
