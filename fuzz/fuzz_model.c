/* SPDX-License-Identifier: Apache-2.0 */
/* A service model of any JSON is refused with a reason, or compiled to a block that is valid. */
#include <stdlib.h>

#include "base/json.h"
#include "fuzz.h"
#include "walk_model.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_buffer block = {0};
    struct parity_error err = {0};
    json_t *model;
    int rc;

    if (parity_json_parse((const char *)data, size, NULL, &model, NULL) < 0)
        return 0;
    rc = parity_blob_compile(model, "fuzz", "source", &block, &err);
    if (rc == 0) {
        expect(parity_blob_is_valid(block.data, block.length));
        walk_blob((const struct parity_blob *)(const void *)block.data);
    } else {
        expect(err.code == PARITY_E_PARSE && err.message[0]);
    }
    parity_buffer_clear(&block);
    json_decref(model);
    return 0;
}
