/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_MODEL_BLOB_H
#define PARITY_CLIENT_MODEL_BLOB_H

/*
 * The compiled form of a service model: one block of memory without pointers, so that it can be
 * written to a cache file and mapped from it. Links are distances from the field that holds them
 * ("self-relative"), which lets the accessors of model.h work on a bare record.
 *
 *   header | bodies | refs | extras | operations | errors | enum values | strings
 *
 * Internal to model*.c.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "client/model.h"

enum { PARITY_BLOB_VERSION = 2 }; /* raise it with every change of the records or their meaning */

#define PARITY_BLOB_MAGIC "parityM1" /* eight bytes */

/** Distance in bytes from this field to what it means; 0: nothing. */
typedef int32_t parity_blob_link;

/** What is rare: texts by enum parity_text_trait, and limits. */
struct parity_blob_extra {
    parity_blob_link texts[PARITY_TEXT_COUNT];
    uint32_t has_min, has_max;
    double min, max;
    parity_blob_link enum_values; /* links to strings */
    uint32_t enum_count;
};

/** One use of a shape, traits merged. A structure's members lie side by side. */
struct parity_shape {
    parity_blob_link body;
    parity_blob_link member_name;
    parity_blob_link location_name;
    parity_blob_link extra;
    uint32_t traits;   /* enum parity_trait */
    uint32_t location; /* enum parity_location */
};

/** The shape itself. */
struct parity_blob_body {
    parity_blob_link name;
    parity_blob_link
        members; /* refs: members of a structure, item of a list, key and value of a map
                  */
    uint32_t member_count;
    uint32_t type; /* enum parity_shape_type */
};

struct parity_blob_operation {
    parity_blob_link name, wire_name, method, uri;
    parity_blob_link input, output; /* refs */
    parity_blob_link traits;        /* JSON text: the other members of the operation */
    uint32_t status;
};

/** A shape by the code its error has on the wire. */
struct parity_blob_error {
    parity_blob_link code;
    parity_blob_link shape; /* ref */
};

struct parity_blob_table {
    parity_blob_link start;
    uint32_t count;
};

struct parity_blob {
    char magic[8];
    uint32_t version;
    uint32_t size;           /* of the whole block */
    uint64_t checksum;       /* of everything behind this field */
    parity_blob_link source; /* text that names the files this was made from */
    parity_blob_link traits; /* JSON text: top level members of the model */
    struct parity_blob_table bodies, refs, extras, operations, errors, enum_values, strings;
    uint32_t padding;
};

/**
 * Compile a model.
 *
 * @param model   borrowed; the content of service-2.json, extras merged in
 * @param source  what to put into `source`
 * @param out     the block, appended to an empty buffer
 * @param err     PARITY_E_PARSE: the model contradicts itself (`name` is the context)
 */
int parity_blob_compile(json_t *model, const char *name, const char *source,
                        struct parity_buffer *out, struct parity_error *err);

/**
 * Whether `size` bytes at `data` (8-byte aligned) are an undamaged block of this version: every
 * link is checked, so that no accessor needs to.
 */
bool parity_blob_is_valid(const void *data, size_t size);

/** A checksum of `length` bytes that no change of one of them leaves as it was. */
uint64_t parity_blob_sum(const void *data, size_t length, uint64_t seed);

/** The checksum of a block of `size` bytes. */
uint64_t parity_blob_checksum(const struct parity_blob *blob, size_t size);

/** What a link leads to; NULL for 0. */
static inline const void *parity_blob_at(const parity_blob_link *link)
{
    return *link ? (const char *)link + *link : NULL;
}

#endif
