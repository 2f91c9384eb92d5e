/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_RUN_ARGUMENTS_H
#define PARITY_CLI_RUN_ARGUMENTS_H

#include "cli/options.h"
#include "runner/project.h"

/** The options that choose among the tests and order them. */
struct parity_run_choice {
    const char *keywords, *markers; /* -k, -m */
    const char *changed_since, *shard, *shard_durations;
    const char *shuffle; /* the seed; "": any; NULL: no shuffling */
    struct parity_option_list services, operations;
    bool last_failed, failed_first;
};

/** The command line of `parity run`. Zero-initialise, read, clear. The texts are argv's. */
struct parity_run_arguments {
    bool update, raw, skip_all, replace_aws, list, verbose, quiet;
    bool review, check_stable, apply_suggestions, cleanup, force;
    const char *endpoint_url, *emulator, *region, *modules, *workers, *timeout, *compat;
    const char *results, *junit, *tap, *html; /* files of reports */
    const char *protocol;
    bool strict_skips, suggest_skips;
    struct parity_option_list ground_truth, connect_to, allow;
    struct parity_run_choice choice;
    const char *retries, *repeat, *max_failures, *slowest;
    bool fail_fast;
};

/** The arguments that are numbers, after parity.json and the machine were asked, too. */
struct parity_run_numbers {
    size_t workers;      /* at least 1 */
    double timeout_s;    /* 0: the runner's default */
    unsigned retries;    /* if `retries_given` */
    unsigned repeat;     /* at least 1 */
    size_t max_failures; /* 0: no limit */
    size_t slowest;      /* how many tests to name; 0: none */
    bool retries_given;
};

/**
 * Read the command line.
 * @param operands  as parity_options_read() leaves them
 * @return as parity_options_read()
 */
int parity_run_arguments_read(struct parity_run_arguments *out, int argc, char **argv,
                              int *operands, struct parity_error *err);
/**
 * Read the command line of `parity merge`, which has only the options about reports.
 * @param slowest  what --durations says; 0: nothing
 * @return as parity_options_read()
 */
int parity_merge_arguments_read(struct parity_run_arguments *out, size_t *slowest, int argc,
                                char **argv, int *operands, struct parity_error *err);
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
