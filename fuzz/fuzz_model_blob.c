/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cached model of any bytes, its checksum made right, is refused or can be walked. The input is
 * laid over the beginning of a good one, from a place that its first two bytes choose.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "client/model_blob.h"
#include "fuzz.h"

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

static size_t touched;

static void touch(const char *text)
{
    if (text)
        touched += strlen(text);
}

/* Everything an accessor can reach from a shape, down to a depth. */
static void walk(const struct parity_shape *shape, int depth)
{
    if (!shape || depth > 4)
        return;
    touch(parity_shape_name(shape));
    touch(parity_shape_member_name(shape));
    touch(parity_shape_location_name(shape));
    for (int i = 0; i < PARITY_TEXT_COUNT; i++)
        touch(parity_shape_text(shape, (enum parity_text_trait)i));
    for (size_t i = 0; i < parity_shape_enum_count(shape); i++)
        touch(parity_shape_enum_at(shape, i));
    for (size_t i = 0; i < parity_shape_member_count(shape); i++)
        walk(parity_shape_member_at(shape, i), depth + 1);
    if (parity_shape_type(shape) == PARITY_SHAPE_LIST)
        walk(parity_shape_list_member(shape), depth + 1);
    if (parity_shape_type(shape) == PARITY_SHAPE_MAP) {
        walk(parity_shape_map_key(shape), depth + 1);
        walk(parity_shape_map_value(shape), depth + 1);
    }
}

static void walk_blob(const struct parity_blob *blob)
{
    const struct parity_blob_operation *operations = parity_blob_at(&blob->operations.start);
    const struct parity_blob_error *errors = parity_blob_at(&blob->errors.start);

    touch(parity_blob_at(&blob->source));
    touch(parity_blob_at(&blob->traits));
    for (uint32_t i = 0; i < blob->operations.count; i++) {
        touch(parity_blob_at(&operations[i].name));
        touch(parity_blob_at(&operations[i].wire_name));
        touch(parity_blob_at(&operations[i].method));
        touch(parity_blob_at(&operations[i].uri));
        touch(parity_blob_at(&operations[i].traits));
        walk(parity_blob_at(&operations[i].input), 0);
        walk(parity_blob_at(&operations[i].output), 0);
    }
    for (uint32_t i = 0; i < blob->errors.count; i++) {
        touch(parity_blob_at(&errors[i].code));
        walk(parity_blob_at(&errors[i].shape), 0);
    }
}

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
