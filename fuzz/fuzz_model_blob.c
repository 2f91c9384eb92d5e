/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cached model of any bytes, its checksum made right, is refused or can be walked. The input is
 * laid over the beginning of a good one, from a place that its first two bytes choose.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fuzz.h"
#include "walk_model.h"

static const char model_text[] = "{\"metadata\":{\"protocol\":\"json\"},\"operations\":{\"Op\":{"
                                 "\"name\":\"Op\",\"input\":{\"shape\":"
                                 "\"In\"},\"output\":{\"shape\":\"In\"}}},\"shapes\":{\"In\":{"
                                 "\"type\":\"structure\",\"members\":{"
                                 "\"A\":{\"shape\":\"S\",\"locationName\":\"a\"},\"L\":{\"shape\":"
                                 "\"L\"},\"M\":{\"shape\":\"M\"}}},"
                                 "\"S\":{\"type\":\"string\",\"enum\":[\"x\",\"y\"]},\"L\":{"
                                 "\"type\":\"list\",\"member\":{\"shape\":"
                                 "\"In\"}},\"M\":{\"type\":\"map\",\"key\":{\"shape\":\"S\"},"
                                 "\"value\":{\"shape\":\"S\"}},\"Bad\":{"
                                 "\"type\":\"structure\",\"exception\":true,\"members\":{}}}}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct parity_buffer good;
    struct parity_blob *blob;
    size_t start;
    json_t *model;

    if (size < 2)
        return 0;
    if (!good.length) {
        if (parity_json_parse(model_text, sizeof model_text - 1, NULL, &model, NULL) < 0 ||
            parity_blob_compile(model, "fuzz", "source", &good, NULL) < 0)
            abort();
        json_decref(model);
    }
    blob = malloc(good.length);
    if (!blob)
        abort();
    memcpy(blob, good.data, good.length);
    start = offsetof(struct parity_blob, source) +
            (data[0] + 256u * data[1]) % (good.length - offsetof(struct parity_blob, source));
    memcpy((char *)blob + start, data + 2,
           size - 2 < good.length - start ? size - 2 : good.length - start);
    blob->checksum = parity_blob_checksum(blob, good.length);
    if (parity_blob_is_valid(blob, good.length))
        walk_blob(blob);
    free(blob);
    return 0;
}
