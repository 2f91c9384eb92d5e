/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/snapshots.h"

/* @return 1 when the file is not in the canonical form, 0, or -1 */
static int needs_format(const struct parity_inventory_file *file, struct parity_error *err)
{
    struct parity_buffer canonical = {0};
    int rc;

    if (!file->content)
        return 0;
    if (parity_inventory_canonical(file, &canonical) < 0) {
        parity_buffer_clear(&canonical);
        parity_fail_nomem(err);
        return -1;
    }
    rc = canonical.length != file->text.length ||
         memcmp(canonical.data, file->text.data, canonical.length) != 0;
    parity_buffer_clear(&canonical);
    return rc;
}

/* @return the exit code, or -1 */
static int format_file(const struct parity_snapshots_work *work,
                       const struct parity_inventory_file *file, struct parity_error *err)
{
    struct parity_error failure = {0};
    int rc = needs_format(file, err);

    if (rc <= 0)
        return rc;
    if (work->arguments.check) {
        puts(file->name);
        return PARITY_EXIT_DIFFERENCE;
    }
    if (parity_inventory_format(work->inventory.folder, file->name, &failure) < 0)
        return parity_command_fail(&failure);
    printf("formatted %s\n", file->name);
    return PARITY_EXIT_OK;
}

int parity_snapshots_format(struct parity_snapshots_work *work, struct parity_error *err)
{
    int code = parity_snapshots_tell_broken(&work->inventory);

    for (size_t i = 0; i < work->inventory.count; i++) {
        const struct parity_inventory_suite *suite = &work->inventory.suites[i];
        int first = format_file(work, &suite->snapshot, err);
        int second = first < 0 ? -1 : format_file(work, &suite->validation, err);

        if (second < 0)
            return -1;
        code = first > code ? first : code;
        code = second > code ? second : code;
    }
    return code;
}
