/* SPDX-License-Identifier: Apache-2.0 */
/* What reads as YAML can be written as JSON, which reads as the same again, and has a line for each
 * value; what does not has a reason. */
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "fuzz.h"
#include "scenario/place.h"
#include "scenario/yaml.h"

/* Every value is one of JSON. */
static void read_back(const json_t *value)
{
    struct parity_buffer text = {0};
    json_t *again = NULL;

    parity_json_write(&text, value, PARITY_JSON_LINE);
    if (text.failed || parity_json_parse(text.data, text.length, NULL, &again, NULL) < 0 ||
        !parity_json_equal(again, value))
        abort();
    json_decref(again);
    parity_buffer_clear(&text);
}

/* What is left open in brackets within brackets keeps libfyaml (0.7) from freeing a block of its
 * own. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_json_lines lines = {0};
    struct parity_error err = {0};
    json_t *value;

    if (parity_yaml_parse((const char *)data, size, "fuzz", &value, &lines, &err) == 0) {
        if (!value || lines.count != parity_place_count(value))
            abort();
        read_back(value);
    } else if (value || err.code == PARITY_OK || !err.message[0]) {
        abort();
    }
    json_decref(value);
    parity_free(lines.items);
    return 0;
}
