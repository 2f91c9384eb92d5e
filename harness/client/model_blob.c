/* SPDX-License-Identifier: Apache-2.0 */
#include "client/model_blob.h"

#include <string.h>

/* Eight bytes a step: a model of a megabyte is checked in a tenth of a millisecond. Four sums side
 * by side keep the multiplications from waiting for one another. Each step maps words one to one,
 * so a change of a single word never goes unnoticed. */
static uint64_t mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
    return sum ^ (sum >> 32);
}

uint64_t parity_blob_sum(const void *data, size_t length, uint64_t seed)
{
    const char *at = data, *end = at + length;
    uint64_t sums[4] = {1, 2, 3, 4};
    uint64_t sum = seed, word = 0;
    size_t lane = 0;

    for (; end - at >= 8; at += 8, lane++) {
        memcpy(&word, at, 8);
        sums[lane & 3] = mix(sums[lane & 3], word);
    }
    word = 0;
    memcpy(&word, at, (size_t)(end - at));
    sum = mix(sum, word);
    for (size_t i = 0; i < 4; i++)
        sum = mix(sum, sums[i]);
    return sum;
}

uint64_t parity_blob_checksum(const struct parity_blob *blob, size_t size)
{
    const char *start = (const char *)&blob->source;

    return parity_blob_sum(start, size - (size_t)(start - (const char *)blob), size);
}

/* A table as positions from the start of the block. */
struct range {
    uint32_t start, end, item_size;
};

struct checker {
    const char *data;
    uint32_t size;
    struct range bodies, refs, extras, operations, errors, enum_values, strings;
};

static bool read_table(const struct checker *checker, const struct parity_blob_table *table,
                       uint32_t item_size, struct range *out)
{
    int64_t start = (const char *)&table->start - checker->data + table->start;
    int64_t end = start + (int64_t)table->count * item_size;

    if (start < (int64_t)sizeof(struct parity_blob) || end > checker->size ||
        (item_size > 1 && start % 8 != 0))
        return false;
    *out = (struct range){(uint32_t)start, (uint32_t)end, item_size};
    return true;
}

/* Whether a link leads to `count` items of the table (or nowhere, when that is allowed). */
static bool link_ok(const struct checker *checker, const parity_blob_link *link,
                    const struct range *range, uint32_t count, bool optional)
{
    int64_t target = (const char *)link - checker->data + *link;

    if (*link == 0)
        return optional;
    return target >= range->start && (target - range->start) % range->item_size == 0 &&
           target + (int64_t)count * range->item_size <= range->end;
}

static bool text_ok(const struct checker *checker, const parity_blob_link *link, bool optional)
{
    return link_ok(checker, link, &checker->strings, 1, optional);
}

static bool bodies_ok(const struct checker *checker)
{
    for (uint32_t at = checker->bodies.start; at < checker->bodies.end;
         at += checker->bodies.item_size) {
        const struct parity_blob_body *body = (const void *)(checker->data + at);
        uint32_t least = body->type == PARITY_SHAPE_LIST  ? 1
                         : body->type == PARITY_SHAPE_MAP ? 2
                                                          : 0;

        if (body->type > PARITY_SHAPE_TIMESTAMP || body->member_count < least ||
            !text_ok(checker, &body->name, false) ||
            !link_ok(checker, &body->members, &checker->refs, body->member_count,
                     body->member_count == 0))
            return false;
    }
    return true;
}

static bool refs_ok(const struct checker *checker)
{
    for (uint32_t at = checker->refs.start; at < checker->refs.end; at += checker->refs.item_size) {
        const struct parity_shape *ref = (const void *)(checker->data + at);

        if (ref->location > PARITY_LOCATION_OTHER ||
            !link_ok(checker, &ref->body, &checker->bodies, 1, false) ||
            !text_ok(checker, &ref->member_name, true) ||
            !text_ok(checker, &ref->location_name, true) ||
            !link_ok(checker, &ref->extra, &checker->extras, 1, true))
            return false;
    }
    return true;
}

/* Members must have names; they are refs that a structure's body leads to. */
static bool members_ok(const struct checker *checker)
{
    for (uint32_t at = checker->bodies.start; at < checker->bodies.end;
         at += checker->bodies.item_size) {
        const struct parity_blob_body *body = (const void *)(checker->data + at);
        const struct parity_shape *members = parity_blob_at(&body->members);

        if (body->type != PARITY_SHAPE_STRUCTURE)
            continue;
        for (uint32_t i = 0; i < body->member_count; i++)
            if (members[i].member_name == 0)
                return false;
    }
    return true;
}

static bool extras_ok(const struct checker *checker)
{
    for (uint32_t at = checker->extras.start; at < checker->extras.end;
         at += checker->extras.item_size) {
        const struct parity_blob_extra *extra = (const void *)(checker->data + at);

        for (size_t i = 0; i < PARITY_TEXT_COUNT; i++)
            if (!text_ok(checker, &extra->texts[i], true))
                return false;
        if (!link_ok(checker, &extra->enum_values, &checker->enum_values, extra->enum_count,
                     extra->enum_count == 0))
            return false;
    }
    for (uint32_t at = checker->enum_values.start; at < checker->enum_values.end;
         at += checker->enum_values.item_size)
        if (!text_ok(checker, (const void *)(checker->data + at), false))
            return false;
    return true;
}

static bool operations_ok(const struct checker *checker)
{
    for (uint32_t at = checker->operations.start; at < checker->operations.end;
         at += checker->operations.item_size) {
        const struct parity_blob_operation *operation = (const void *)(checker->data + at);

        if (!text_ok(checker, &operation->name, false) ||
            !text_ok(checker, &operation->wire_name, false) ||
            !text_ok(checker, &operation->method, false) ||
            !text_ok(checker, &operation->uri, false) ||
            !text_ok(checker, &operation->traits, false) ||
            !link_ok(checker, &operation->input, &checker->refs, 1, true) ||
            !link_ok(checker, &operation->output, &checker->refs, 1, true))
            return false;
    }
    for (uint32_t at = checker->errors.start; at < checker->errors.end;
         at += checker->errors.item_size) {
        const struct parity_blob_error *error = (const void *)(checker->data + at);

        if (!text_ok(checker, &error->code, false) ||
            !link_ok(checker, &error->shape, &checker->refs, 1, false))
            return false;
    }
    return true;
}

static bool tables_ok(struct checker *checker, const struct parity_blob *blob)
{
    return read_table(checker, &blob->bodies, sizeof(struct parity_blob_body), &checker->bodies) &&
           read_table(checker, &blob->refs, sizeof(struct parity_shape), &checker->refs) &&
           read_table(checker, &blob->extras, sizeof(struct parity_blob_extra), &checker->extras) &&
           read_table(checker, &blob->operations, sizeof(struct parity_blob_operation),
                      &checker->operations) &&
           read_table(checker, &blob->errors, sizeof(struct parity_blob_error), &checker->errors) &&
           read_table(checker, &blob->enum_values, sizeof(parity_blob_link),
                      &checker->enum_values) &&
           read_table(checker, &blob->strings, 1, &checker->strings);
}

bool parity_blob_is_valid(const void *data, size_t size)
{
    const struct parity_blob *blob = data;
    struct checker checker = {.data = data};

    if (size < sizeof *blob || size > INT32_MAX ||
        memcmp(blob->magic, PARITY_BLOB_MAGIC, sizeof blob->magic) != 0 ||
        blob->version != PARITY_BLOB_VERSION || blob->size != size ||
        blob->checksum != parity_blob_checksum(blob, size))
        return false;
    checker.size = (uint32_t)size;
    if (!tables_ok(&checker, blob))
        return false;
    /* The last string ends inside the block, and with it all others. */
    if (checker.strings.start == checker.strings.end || checker.data[checker.strings.end - 1] != 0)
        return false;
    return text_ok(&checker, &blob->source, false) && text_ok(&checker, &blob->traits, false) &&
           bodies_ok(&checker) && refs_ok(&checker) && members_ok(&checker) &&
           extras_ok(&checker) && operations_ok(&checker);
}
