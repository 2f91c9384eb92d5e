/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLI_SNAPSHOTS_H
#define PARITY_CLI_SNAPSHOTS_H

#include "cli/options.h"
#include "recorder/inventory.h"
#include "runner/project.h"

/* What the files of `parity snapshots` share; command_snapshots.c has the table of commands. */

/** What was given; a command reads what its options say. */
struct parity_snapshots_arguments {
    bool json, check, delete_them, accept, reject, replace_aws;
    const char *format, *modules, *older_than;
    struct parity_option_list allow;
    const char *const *operands; /* NULL-terminated */
    size_t operand_count;
};

/** A command at work. */
struct parity_snapshots_work {
    struct parity_snapshots_arguments arguments;
    struct parity_project project;
    struct parity_inventory inventory;
};

/* One function each. @return an exit code, or -1 with `err` filled */
int parity_snapshots_check(struct parity_snapshots_work *work, struct parity_error *err);
int parity_snapshots_format(struct parity_snapshots_work *work, struct parity_error *err);
int parity_snapshots_list(struct parity_snapshots_work *work, struct parity_error *err);
int parity_snapshots_orphans(struct parity_snapshots_work *work, struct parity_error *err);
int parity_snapshots_review(struct parity_snapshots_work *work, struct parity_error *err);
int parity_snapshots_stale(struct parity_snapshots_work *work, struct parity_error *err);

/** Tell on standard error of files that cannot be read. @return the exit code for that */
int parity_snapshots_tell_broken(const struct parity_inventory *inventory);

/** A member of an object, if it is a text. */
const char *parity_snapshots_text(const json_t *object, const char *name, const char *otherwise);

#endif
