/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "client/endpoint_partition.h"

#include <pcre2.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

struct partition {
    const char *id;        /* borrowed from the document */
    const json_t *regions; /* borrowed from the document */
    pcre2_code *pattern;   /* owned */
    struct parity_field *outputs;
    size_t output_count;
    const char *dns_suffixes[2]; /* borrowed from the document, may be NULL */
};

struct parity_partitions {
    json_t *document;
    struct partition *items; /* at least one */
    size_t count;
    struct parity_arena arena;
};

static void *allocate(size_t size, void *unused)
{
    (void)unused;
    return parity_malloc(size);
}

static void release(void *memory, void *unused)
{
    (void)unused;
    parity_free(memory);
}

static int compile_pattern(struct partition *partition, const char *text, struct parity_error *err)
{
    pcre2_general_context *general = pcre2_general_context_create(allocate, release, NULL);
    pcre2_compile_context *context = general ? pcre2_compile_context_create(general) : NULL;
    int code = 0;
    PCRE2_SIZE at;

    if (context)
        partition->pattern = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, PCRE2_ANCHORED,
                                           &code, &at, context);
    if (!context || (!partition->pattern && code == PCRE2_ERROR_HEAP_FAILED))
        parity_fail_nomem(err);
    else if (!partition->pattern)
        parity_fail(err, PARITY_E_PARSE, "partitions.json", "bad pattern for regions of '%s': %s",
                    partition->id, text);
    pcre2_compile_context_free(context);
    pcre2_general_context_free(general);
    return partition->pattern ? 0 : -1;
}

/* The outputs as fields of a record; the partition's id is its `name`. */
static int read_outputs(struct parity_partitions *partitions, struct partition *partition,
                        const json_t *outputs, struct parity_error *err)
{
    const char *key;
    json_t *value;
    size_t count = 0;

    partition->outputs = parity_arena_get(&partitions->arena, (json_object_size(outputs) + 1) *
                                                                  sizeof *partition->outputs);
    if (!partition->outputs) {
        parity_fail_nomem(err);
        return -1;
    }
    partition->dns_suffixes[0] = json_string_value(json_object_get(outputs, "dnsSuffix"));
    partition->dns_suffixes[1] = json_string_value(json_object_get(outputs, "dualStackDnsSuffix"));
    partition->outputs[count++] =
        (struct parity_field){"name", parity_value_string(partition->id, strlen(partition->id))};
    json_object_foreach((json_t *)(uintptr_t)outputs, key, value) {
        struct parity_field *field = &partition->outputs[count];

        field->name = key;
        if (json_is_boolean(value))
            field->value = parity_value_boolean(json_is_true(value));
        else if (json_is_string(value))
            field->value = parity_value_string(json_string_value(value), json_string_length(value));
        else
            continue;
        count += strcmp(key, "name") != 0;
    }
    partition->output_count = count;
    return 0;
}

static int read_partition(struct parity_partitions *partitions, struct partition *partition,
                          const json_t *from, struct parity_error *err)
{
    const char *pattern = json_string_value(json_object_get(from, "regionRegex"));

    partition->id = json_string_value(json_object_get(from, "id"));
    partition->regions = json_object_get(from, "regions");
    if (!partition->id || !pattern || !json_is_object(partition->regions)) {
        parity_fail(err, PARITY_E_PARSE, "partitions.json",
                    "a partition lacks its id, regions or regionRegex");
        return -1;
    }
    if (compile_pattern(partition, pattern, err) < 0)
        return -1;
    return read_outputs(partitions, partition, json_object_get(from, "outputs"), err);
}

struct parity_partitions *parity_partitions_new(json_t *document, struct parity_error *err)
{
    const json_t *list = json_object_get(document, "partitions");
    struct parity_partitions *partitions = parity_calloc(1, sizeof *partitions);

    if (!partitions) {
        json_decref(document);
        parity_fail_nomem(err);
        return NULL;
    }
    partitions->document = document;
    if (json_array_size(list) == 0) {
        parity_fail(err, PARITY_E_PARSE, "partitions.json", "no partitions");
        goto fail;
    }
    partitions->items = parity_calloc(json_array_size(list), sizeof *partitions->items);
    if (!partitions->items) {
        parity_fail_nomem(err);
        goto fail;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        partitions->count++;
        if (read_partition(partitions, &partitions->items[i], json_array_get(list, i), err) < 0)
            goto fail;
    }
    return partitions;
fail:
    parity_partitions_free(partitions);
    return NULL;
}

void parity_partitions_free(struct parity_partitions *partitions)
{
    if (!partitions)
        return;
    for (size_t i = 0; i < partitions->count; i++)
        pcre2_code_free(partitions->items[i].pattern);
    parity_free(partitions->items);
    parity_arena_clear(&partitions->arena);
    json_decref(partitions->document);
    parity_free(partitions);
}

static bool matches(const struct partition *partition, const char *region, size_t length)
{
    pcre2_match_data *match;
    int rc;

    if (json_object_getn(partition->regions, region, length))
        return true;
    match = pcre2_match_data_create_from_pattern(partition->pattern, NULL);
    if (!match)
        return false;
    rc = pcre2_match(partition->pattern, (PCRE2_SPTR)region, length, 0, 0, match, NULL);
    pcre2_match_data_free(match);
    return rc >= 0;
}

/* Partitions in their order, each by its list of regions, then by its pattern; an unknown region
 * belongs to the first one. */
static const struct partition *find(const struct parity_partitions *partitions, const char *region,
                                    size_t length)
{
    for (size_t i = 0; region && i < partitions->count; i++)
        if (matches(&partitions->items[i], region, length))
            return &partitions->items[i];
    return &partitions->items[0];
}

struct parity_value parity_partitions_find(const struct parity_partitions *partitions,
                                           const char *region, size_t length)
{
    const struct partition *partition = find(partitions, region, length);

    return (struct parity_value){.kind = PARITY_VALUE_RECORD,
                                 .as.record = {partition->outputs, partition->output_count}};
}

const char *parity_partitions_name(const struct parity_partitions *partitions, const char *region)
{
    return find(partitions, region, region ? strlen(region) : 0)->id;
}

bool parity_partitions_is_below(const char *host, size_t length, const char *suffix)
{
    size_t tail = strlen(suffix);

    if (length && host[length - 1] == '.')
        length--; /* an absolute name */
    if (tail == 0 || length < tail || strncasecmp(host + length - tail, suffix, tail) != 0)
        return false;
    return length == tail || host[length - tail - 1] == '.';
}

bool parity_partitions_own_host(const struct parity_partitions *partitions, const char *host,
                                size_t length)
{
    for (size_t i = 0; i < partitions->count; i++)
        for (size_t j = 0; j < 2; j++) {
            const char *suffix = partitions->items[i].dns_suffixes[j];

            if (suffix && parity_partitions_is_below(host, length, suffix))
                return true;
        }
    return false;
}
