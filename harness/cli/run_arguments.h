/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_RUN_ARGUMENTS_H
#define PARITY_CLI_RUN_ARGUMENTS_H

#include "cli/options.h"
#include "runner/project.h"

/** The command line of `parity run`. Zero-initialise, read, clear. The texts are argv's. */
struct parity_run_arguments {
    bool update, raw, skip_all, replace_aws, list, verbose, quiet;
    bool review, check_stable, apply_suggestions;
    const char *protocol;
    bool strict_skips, suggest_skips;
    const char *endpoint_url, *emulator, *region, *modules, *results, *workers, *timeout, *compat;
    struct parity_option_list ground_truth, connect_to, allow;
};

/** The arguments that are numbers, after parity.json and the machine were asked, too. */
struct parity_run_numbers {
    size_t workers;   /* at least 1 */
    double timeout_s; /* 0: the runner's default */
};

/**
 * Read the command line.
 * @param operands  as parity_options_read() leaves them
 * @return as parity_options_read()
 */
int parity_run_arguments_read(struct parity_run_arguments *out, int argc, char **argv,
                              int *operands, struct parity_error *err);
void parity_run_arguments_clear(struct parity_run_arguments *arguments);

/**
 * Take over what the environment says (SNAPSHOT_UPDATE=1, SNAPSHOT_RAW=1), and refuse what
 * contradicts itself or would record in CI.
 * @param err  PARITY_E_USAGE
 * @return 0 or -1
 */
int parity_run_arguments_check(struct parity_run_arguments *arguments, struct parity_error *err);

/** @return 0, or -1 (PARITY_E_USAGE: one that is no number, or none that makes sense) */
int parity_run_arguments_numbers(const struct parity_run_arguments *arguments,
                                 const struct parity_project *project,
                                 struct parity_run_numbers *out, struct parity_error *err);

#endif
