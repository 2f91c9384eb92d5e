/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include <parity/suite.h>

/* Tests that pass, and of which there is something to say all the same. */

PARITY_TEST(passes_with_a_warning, .marker = UNKNOWN, .transformers = {jsonpath("$..Idle", "idle")})
{
    match(t, "describe", call(t, "thing", "DescribeThing", "{'Name': 'x'}"));
}

PARITY_TEST(leaves_a_file, .marker = UNKNOWN)
{
    const char *path = format(t, "%s/data.bin", getenv("HOME"));
    FILE *file = fopen(path, "wb");

    if (!file || fwrite("\0\1\2", 1, 3, file) != 3 || fclose(file) != 0)
        fail(t, "cannot write %s", path);
    attach_text(t, "before", "it");
    attach_file(t, NULL, path);
}
