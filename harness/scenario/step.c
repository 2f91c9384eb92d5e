/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/step.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What a step may have; NULL: it has not. */
struct members {
    const json_t *as, *call, *client, *error, *input, *interval, *match, *no_validate, *path_style,
        *protocol, *region, *select, *sleep, *timeout, *until, *value, *wait;
};

static const struct {
    const char *name;
    size_t place;
} known[] = {
    {"as", offsetof(struct members, as)},
    {"call", offsetof(struct members, call)},
    {"client", offsetof(struct members, client)},
    {"error", offsetof(struct members, error)},
    {"input", offsetof(struct members, input)},
    {"interval", offsetof(struct members, interval)},
    {"match", offsetof(struct members, match)},
    {"no_validate", offsetof(struct members, no_validate)},
    {"path_style", offsetof(struct members, path_style)},
    {"protocol", offsetof(struct members, protocol)},
    {"region", offsetof(struct members, region)},
    {"select", offsetof(struct members, select)},
    {"sleep", offsetof(struct members, sleep)},
    {"timeout", offsetof(struct members, timeout)},
    {"until", offsetof(struct members, until)},
    {"value", offsetof(struct members, value)},
    {"wait", offsetof(struct members, wait)},
};

static struct members members_of(const json_t *json)
{
    json_t *mutable = (json_t *)(uintptr_t)json; /* iterators take no const */
    struct members members = {0};

    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (strcmp(known[i].name, json_object_iter_key(m)) == 0) {
                *(const json_t **)((char *)&members + known[i].place) = json_object_iter_value(m);
                break;
            }
    return members;
}

static struct parity_test_options options_of(const struct members *members)
{
    const char *client = json_string_value(members->client);

    return (struct parity_test_options){
        .protocol = json_string_value(members->protocol),
        .account = client && strcmp(client, "secondary") == 0 ? PARITY_SECONDARY : PARITY_PRIMARY,
        .expect = json_is_true(members->error)     ? PARITY_EXPECT_ERROR
                  : json_is_string(members->error) ? PARITY_EXPECT_ANY
                                                   : PARITY_EXPECT_SUCCESS,
        .addressing = json_is_true(members->path_style)    ? PARITY_ADDRESSING_PATH
                      : json_is_false(members->path_style) ? PARITY_ADDRESSING_HOST
                                                           : PARITY_ADDRESSING_USUAL,
        .no_validate = json_is_true(members->no_validate),
    };
}

/* "sqs.CreateQueue" in two, in memory of the arena. */
static int read_operation(const char *text, struct parity_arena *arena,
                          struct parity_scenario_step *out)
{
    size_t size = strlen(text) + 1;
    char *copy = parity_arena_get(arena, size), *dot;

    if (!copy)
        return -1;
    memcpy(copy, text, size);
    dot = strchr(copy, '.');
    if (dot)
        *dot = '\0';
    out->service = copy;
    out->operation = dot ? dot + 1 : "";
    return 0;
}

static int read_step(const json_t *json, struct parity_arena *arena,
                     struct parity_scenario_step *out)
{
    const struct members members = members_of(json);
    const char *operation = json_string_value(members.call ? members.call : members.wait);

    *out = (struct parity_scenario_step){
        .json = json,
        .is_wait = !members.call && members.wait,
        .options = options_of(&members),
        .input = members.input,
        .value = members.value,
        .until = members.until,
        .select = members.select,
        .region = members.region,
        .sleep = members.sleep,
        .as = json_string_value(members.as),
        .match = json_string_value(members.match),
        .timeout_s = json_number_value(members.timeout),
        .interval_s = json_number_value(members.interval),
    };
    return operation ? read_operation(operation, arena, out) : 0;
}

int parity_scenario_steps_read(const json_t *list, struct parity_arena *arena,
                               struct parity_scenario_steps *out)
{
    const json_t *json;
    size_t i;

    *out = (struct parity_scenario_steps){.count = json_array_size(list)};
    out->items = parity_arena_get_zeroed(arena, out->count, sizeof *out->items);
    if (!out->items)
        return -1;
    json_array_foreach(list, i, json)
        if (read_step(json, arena, &out->items[i]) < 0)
            return -1;
    return 0;
}
