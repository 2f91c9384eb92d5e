/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Input: two states as JSON, one a line. Compared in both ways; a state never differs from itself,
 * and every difference can be shown.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fuzz.h"
#include "recorder/compare.h"
#include "recorder/difference_text.h"

static size_t count_differences(const json_t *recorded, const json_t *observed, bool compat)
{
    const struct parity_compare_options options = {.compat_localstack = compat};
    struct parity_buffer text = {0};
    json_t *differences;
    size_t count;

    if (parity_compare(recorded, observed, &options, &differences, NULL) < 0)
        return 0; /* no objects */
    count = json_array_size(differences);
    parity_difference_text(&text, differences, NULL);
    if (count > 0 && text.length == 0)
        abort();
    parity_buffer_clear(&text);
    json_decref(differences);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *end = size ? memchr(text, '\n', size) : NULL;
    json_t *recorded = NULL, *observed = NULL;

    if (!end)
        return 0;
    if (parity_json_parse(text, (size_t)(end - text), NULL, &recorded, NULL) == 0 &&
        parity_json_parse(end + 1, size - (size_t)(end - text) - 1, NULL, &observed, NULL) == 0) {
        count_differences(recorded, observed, true);
        if (count_differences(recorded, observed, false) == 0 &&
            count_differences(observed, recorded, false) > 0)
            abort();
        if (count_differences(recorded, recorded, false) > 0)
            abort();
    }
    json_decref(recorded);
    json_decref(observed);
    return 0;
}
