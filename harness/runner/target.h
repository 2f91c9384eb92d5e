/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_TARGET_H
#define PARITY_RUNNER_TARGET_H

#include "client/client.h"
#include "emulator/emulator.h"
#include "runner/project.h"

/** What the command line says about the target; NULL: nothing. */
struct parity_run_target_options {
    const char *endpoint_url;             /* --endpoint-url */
    const char *emulator;                 /* --emulator */
    const char *region;                   /* --region */
    const char *const *connect_to;        /* --connect-to, NULL-terminated; borrowed */
    const struct parity_project *project; /* required; borrowed until the target is cleared */
    struct parity_models *models;         /* required; borrowed for the call */
};

/**
 * What a run is made against, and as whom. Not to be moved once it is open: parts of it point at
 * others.
 *
 * AWS if TEST_TARGET=AWS_CLOUD, and only then. Otherwise an emulator, the first of: the endpoint of
 * --endpoint-url; the one that --emulator names; the endpoint of TEST_AWS_ENDPOINT_URL or
 * AWS_ENDPOINT_URL; the default of parity.json. A named one is started, unless an endpoint is
 * given, too.
 *
 * Against an emulator the identity is that of TEST_AWS_… and SECONDARY_TEST_AWS_… (REFERENCE.md,
 * 7.4), else of AWS_ACCESS_KEY_ID, else the emulator's own in parity.json, else "test"; profiles
 * are not looked at. On AWS it is what SDKs find, and the second account is the profile of
 * SECONDARY_TEST_AWS_PROFILE or of parity.json's "accounts", or the SECONDARY_TEST_AWS_… keys.
 */
struct parity_run_target {
    struct parity_target client;                  /* for parity_client_new() */
    struct parity_emulator *emulator;             /* NULL: AWS */
    const char *emulator_name, *emulator_version; /* NULL: AWS, or not named */
    const char *account_id;                       /* NULL: to be asked for */
    char *provenance; /* owned: "aws", or the emulator's name and version */

    bool has_secondary;
    /* Owned. The primary ones are the client's too, unless they expire: then it finds them itself.
     */
    struct parity_credentials primary_credentials, secondary_credentials;
    const char *secondary_account_id; /* NULL: to be asked for */
    const char *secondary_region;

    char *region, *endpoint_url; /* owned */
};

/** Whether the environment asks for AWS: TEST_TARGET=AWS_CLOUD. */
bool parity_run_target_is_aws(void);

/**
 * Find the target, start the emulator if need be, and see that it answers.
 *
 * @param out  filled from zero; cleared by the caller in either case
 * @param err  PARITY_E_USAGE: AWS and an emulator at once; PARITY_E_ENVIRONMENT: no target at all,
 *             an emulator that cannot be started; PARITY_E_NOT_FOUND: no emulator of that name
 * (with the nearest known one); PARITY_E_USAGE: an "emulator" whose endpoint is AWS's, to which
 *             nothing is sent; PARITY_E_NETWORK: it does not answer; PARITY_E_CREDENTIALS;
 *             PARITY_E_INVALID (parity.json)
 * @return 0 or -1
 */
int parity_run_target_open(const struct parity_run_target_options *options,
                           struct parity_run_target *out, struct parity_error *err);

/** Stop the emulator if it was started here, and forget the credentials. */
void parity_run_target_clear(struct parity_run_target *target);

#endif
