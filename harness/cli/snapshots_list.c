/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>

#include "cli/commands.h"
#include "cli/snapshots.h"

static void print_recording(const json_t *recording)
{
    const json_t *age = json_object_get(recording, "age_days");
    size_t keys = json_array_size(json_object_get(recording, "keys"));
    const char *target = parity_snapshots_text(recording, "target", NULL);
    const json_t *key;
    size_t i;

    if (!target)
        target = json_is_true(json_object_get(recording, "from_aws")) ? "aws" : "unknown";
    printf("%-10.10s  ", parity_snapshots_text(recording, "recorded_date", "no date"));
    if (json_is_integer(age))
        printf("%5lld d  ", (long long)json_integer_value(age));
    else
        printf("%7s  ", "-");
    printf("%-16s  %s\n", target, parity_snapshots_text(recording, "id", ""));
    printf("%*s%zu key%s", 39, "", keys, keys == 1 ? "" : "s");
    json_array_foreach(json_object_get(recording, "keys"), i, key)
        printf("%s%s", i == 0 ? ": " : ", ", json_string_value(key));
    putchar('\n');
}

int parity_snapshots_list(struct parity_snapshots_work *work, struct parity_error *err)
{
    json_t *recordings;
    const json_t *recording;
    int rc = 0;
    size_t i;

    if (parity_inventory_list(&work->inventory, time(NULL), &recordings, err) < 0)
        return -1;
    if (work->arguments.json) {
        rc = parity_command_print(recordings, err);
    } else {
        json_array_foreach(recordings, i, recording)
            print_recording(recording);
        printf("%zu recording%s\n", json_array_size(recordings),
               json_array_size(recordings) == 1 ? "" : "s");
    }
    json_decref(recordings);
    return rc < 0 ? -1 : parity_snapshots_tell_broken(&work->inventory);
}

int parity_snapshots_stale(struct parity_snapshots_work *work, struct parity_error *err)
{
    json_t *tests;
    const json_t *test;
    time_t limit;
    int rc = 0, code = parity_snapshots_tell_broken(&work->inventory);
    size_t i;

    if (!work->arguments.older_than) {
        parity_fail(err, PARITY_E_USAGE, NULL, "say --older-than DAYS or --older-than DATE");
        return -1;
    }
    if (parity_inventory_limit(work->arguments.older_than, time(NULL), &limit, err) < 0 ||
        parity_inventory_stale(&work->inventory, limit, &tests, err) < 0)
        return -1;
    if (work->arguments.json)
        rc = parity_command_print(tests, err);
    else
        json_array_foreach(tests, i, test)
            printf("%-10.10s  %s\n", parity_snapshots_text(test, "last_validated_date", "never"),
                   parity_snapshots_text(test, "id", ""));
    if (code == PARITY_EXIT_OK && json_array_size(tests) > 0)
        code = PARITY_EXIT_DIFFERENCE;
    json_decref(tests);
    return rc < 0 ? -1 : code;
}
