/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/settling.h"

#include <stdio.h>

#include "recorder/settle.h"

int parity_command_settle(const char *folder, struct parity_error *err)
{
    json_t *settled, *tests;
    const char *suite;
    int rc = parity_settle_folder(folder, &settled, err);

    json_object_foreach(settled, suite, tests)
        fprintf(stderr,
                "parity: %s: put into its files what a run that was killed, or still goes on, has "
                "recorded (tests: %" JSON_INTEGER_FORMAT ")\n",
                suite, json_integer_value(tests));
    json_decref(settled);
    return rc;
}
