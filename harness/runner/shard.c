/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/shard.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MOST_SHARDS = 100000 };

/* --- which one ---------------------------------------------------------------------------------
 */

/* A number without sign or spaces; -1: it is none, or too large. */
static long read_number(const char *text, size_t length)
{
    long number = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || number > MOST_SHARDS)
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return length > 0 && number <= MOST_SHARDS ? number : -1;
}

int parity_shard_parse(const char *text, const char *option, struct parity_shard *out,
                       struct parity_error *err)
{
    size_t slash = strcspn(text, "/");
    long index = read_number(text, slash);
    long count = text[slash] ? read_number(text + slash + 1, strlen(text + slash + 1)) : -1;

    if (index < 1 || count < 1 || index > count) {
        parity_fail(err, PARITY_E_USAGE, option,
                    "takes I/N with 1 <= I <= N, such as 2/5, not '%s'", text);
        return -1;
    }
    *out = (struct parity_shard){.index = (size_t)index, .count = (size_t)count};
    return 0;
}

static const struct system {
    const char *index, *count;
    long first; /* number of the first shard */
} systems[] = {
    {"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", 0},
    {"CI_NODE_INDEX", "CI_NODE_TOTAL", 1},
    {"JOB_COMPLETION_INDEX", "PARITY_SHARD_TOTAL", 0},
};

static const char *value_of(char *(*get)(const char *name), const char *name)
{
    const char *value = get(name);

    return value && *value ? value : NULL;
}

/* @return 1: these variables say which shard this is, 0: they do not, -1: they make no sense */
static int ask_system(const struct system *system, char *(*get)(const char *name),
                      struct parity_shard *out, struct parity_error *err)
{
    const char *index_text = value_of(get, system->index);
    const char *count_text = value_of(get, system->count);
    long index, count;

    /* GitLab says "1 of them" everywhere, but which one only where there are several. */
    if (!index_text || !count_text)
        return 0;
    index = read_number(index_text, strlen(index_text));
    count = read_number(count_text, strlen(count_text));
    if (index < system->first || count < 1 || index - system->first >= count) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "%s=%s and %s=%s name no shard; set them right, or say --shard I/N "
                    "(--shard 1/1 runs everything)",
                    system->index, index_text, system->count, count_text);
        return -1;
    }
    *out =
        (struct parity_shard){.index = (size_t)(index - system->first) + 1, .count = (size_t)count};
    return 1;
}

int parity_shard_from_environment(char *(*get)(const char *name),
                                  struct parity_shard_environment *out, struct parity_error *err)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        int rc = ask_system(&systems[i], get, &out->shard, err);

        if (rc < 0)
            return -1;
        if (rc == 0)
            continue;
        if (i == 0)
            out->status_file = value_of(get, "TEST_SHARD_STATUS_FILE");
        return 0;
    }
    if (value_of(get, "JOB_COMPLETION_INDEX"))
        out->notice =
            "JOB_COMPLETION_INDEX is set, but not PARITY_SHARD_TOTAL, which says how many "
            "there are: all tests are run";
    return 0;
}

/* --- which tests -------------------------------------------------------------------------------
 */

struct item {
    const struct parity_case *test;
    double seconds;
    size_t place; /* among the tests that were selected */
    size_t shard;
};

static int by_seconds(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* The median of what is known; one second when nothing is. */
static double median(double *sorted, const double *seconds, size_t count)
{
    size_t known = 0;

    for (size_t i = 0; i < count; i++)
        if (seconds[i] >= 0)
            sorted[known++] = seconds[i];
    if (known == 0)
        return 1;
    qsort(sorted, known, sizeof *sorted, by_seconds);
    return sorted[known / 2];
}

/* The longest first; between equals the id decides, so that the order of selection does not. */
static int longest_first(const void *a, const void *b)
{
    const struct item *left = a, *right = b;

    if (left->seconds != right->seconds)
        return left->seconds < right->seconds ? 1 : -1;
    return strcmp(left->test->id, right->test->id);
}

static int by_place(const void *a, const void *b)
{
    const struct item *left = a, *right = b;

    return (left->place > right->place) - (left->place < right->place);
}

/* The shard with the least to do; of several the one with the fewest tests, then the first. Tests
 * that take no measurable time would otherwise all go to one. */
static size_t least_loaded(const double *loads, const size_t *counts, size_t shards)
{
    size_t least = 0;

    for (size_t i = 1; i < shards; i++)
        if (loads[i] < loads[least] || (loads[i] == loads[least] && counts[i] < counts[least]))
            least = i;
    return least;
}

/* FNV-1a, of 64 bits. */
static uint64_t mix(uint64_t hash, const void *data, size_t length)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t give_out(struct item *items, size_t count, double *loads, size_t *counts,
                         size_t shards)
{
    uint64_t plan = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < count; i++) {
        unsigned char shard[4];

        items[i].shard = least_loaded(loads, counts, shards);
        loads[items[i].shard] += items[i].seconds;
        counts[items[i].shard]++;
        for (size_t j = 0; j < sizeof shard; j++)
            shard[j] = (unsigned char)(items[i].shard >> (8 * j));
        plan = mix(plan, items[i].test->id, strlen(items[i].test->id) + 1);
        plan = mix(plan, shard, sizeof shard);
    }
    return plan;
}

int parity_shard_select(struct parity_shard *shard, const struct parity_case **cases,
                        const double *seconds, size_t *count, struct parity_error *err)
{
    struct item *items = parity_calloc(*count + 1, sizeof *items);
    double *loads = parity_calloc(shard->count, sizeof *loads);
    size_t *counts = parity_calloc(shard->count, sizeof *counts);
    double *sorted = parity_calloc(*count + 1, sizeof *sorted), usual;
    size_t kept = 0;
    int rc = -1;

    if (!items || !loads || !counts || !sorted) {
        parity_fail_nomem(err);
        goto out;
    }
    usual = median(sorted, seconds, *count);
    for (size_t i = 0; i < *count; i++)
        items[i] = (struct item){cases[i], seconds[i] >= 0 ? seconds[i] : usual, i, 0};
    qsort(items, *count, sizeof *items, longest_first);
    shard->plan = give_out(items, *count, loads, counts, shard->count);
    qsort(items, *count, sizeof *items, by_place);
    for (size_t i = 0; i < *count; i++)
        if (items[i].shard == shard->index - 1)
            cases[kept++] = items[i].test;
    *count = kept;
    rc = 0;
out:
    parity_free(items);
    parity_free(loads);
    parity_free(counts);
    parity_free(sorted);
    return rc;
}
