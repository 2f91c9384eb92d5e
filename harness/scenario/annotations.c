/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a scenario says about itself as tests in C do: skip_verify, skip_if, expected_failure, tags,
 * serial, timeout and retries; checked, and put into its definition.
 */
#include <string.h>

#include "runner/version_range.h"
#include "scenario/scenario.h"

#define COUNT(type_, member_)                                                                      \
    (sizeof((struct type_ *)0)->member_ / sizeof *((struct type_ *)0)->member_)

enum {
    SKIPS = COUNT(parity_test_definition, skip_verify),
    SKIP_IFS = COUNT(parity_test_definition, skip_if),
    FAILURES = COUNT(parity_test_definition, expected_failure),
    TAGS = COUNT(parity_test_definition, tags),
    PATHS = COUNT(parity_skip_verify, paths),
    EMULATORS = COUNT(parity_condition, emulators)
};

/* --- checking ----------------------------------------------------------------------------------
 */

struct checking {
    const struct parity_scenario_source *source;
    struct parity_scenario_report *report;
};

static void check_texts(const struct checking *checking, const struct parity_place *list)
{
    for (size_t i = 0; json_is_array(list->value) && i < json_array_size(list->value); i++) {
        struct parity_place item = parity_place_item(list, i);

        if (!json_is_string(item.value))
            parity_scenario_complain(checking->report, checking->source, &item, "must be a text");
        else
            parity_scenario_check_characters(checking->source, &item, checking->report);
    }
}

static void check_most(const struct checking *checking, const struct parity_place *list,
                       size_t most)
{
    if (json_array_size(list->value) > most)
        parity_scenario_complain(checking->report, checking->source, list, "more than %zu entries",
                                 most);
}

static void check_condition(const struct checking *checking, const struct parity_place *entry)
{
    struct parity_place emulators = parity_place_member(entry, "emulators");
    struct parity_place versions = parity_place_member(entry, "versions");
    struct parity_error err = {0};

    check_texts(checking, &emulators);
    if (versions.value && parity_version_range_check(json_string_value(versions.value), &err) < 0)
        parity_scenario_complain(checking->report, checking->source, &versions, "%s", err.message);
}

/* A list of entries with a condition. @param most  emulators that an entry can have; 0: any number
 */
static void check_entries(const struct checking *checking, const struct parity_place *list,
                          const struct parity_scenario_field *fields, const char *what, size_t most)
{
    for (size_t i = 0; i < json_array_size(list->value); i++) {
        struct parity_place item = parity_place_item(list, i), paths, emulators;

        if (!parity_scenario_check_fields(checking->source, &item, fields, what, checking->report))
            continue;
        paths = parity_place_member(&item, "paths");
        emulators = parity_place_member(&item, "emulators");
        check_texts(checking, &paths);
        if (most)
            check_most(checking, &emulators, most);
        check_condition(checking, &item);
    }
}

static void check_number(const struct checking *checking, const struct parity_place *test,
                         const char *name, bool whole)
{
    struct parity_place place = parity_place_member(test, name);
    double value = json_number_value(place.value);

    if (place.value && (value < 0 || value > 1e6 || (whole && !json_is_integer(place.value))))
        parity_scenario_complain(checking->report, checking->source, &place,
                                 "must be a %snumber from 0 to 1000000", whole ? "whole " : "");
}

#define CONDITION                                                                                  \
    {"emulators", "a list", false}, {"versions", "a text", false},                                 \
    {                                                                                              \
        "environment", "a text", false                                                             \
    }

const struct parity_scenario_field parity_scenario_skip_fields[] = {
    {"paths", "a list", false}, {"reason", "a text", false}, CONDITION, {NULL, NULL, false}};
const struct parity_scenario_field parity_scenario_skip_if_fields[] = {
    {"reason", "a text", true}, CONDITION, {NULL, NULL, false}};
const struct parity_scenario_field parity_scenario_failure_fields[] = {
    {"reason", "a text", true},
    {"may_pass", "true or false", false},
    CONDITION,
    {NULL, NULL, false}};

void parity_scenario_check_annotations(const struct parity_scenario_source *source,
                                       const struct parity_place *test,
                                       struct parity_scenario_report *report)
{
    const struct checking checking = {source, report};
    struct parity_place skips = parity_place_member(test, "skip_verify");
    struct parity_place skip_ifs = parity_place_member(test, "skip_if");
    struct parity_place failures = parity_place_member(test, "expected_failure");
    struct parity_place tags = parity_place_member(test, "tags");

    check_entries(&checking, &skips, parity_scenario_skip_fields, "a skip_verify", 0);
    check_entries(&checking, &skip_ifs, parity_scenario_skip_if_fields, "a skip_if", EMULATORS);
    check_most(&checking, &skip_ifs, SKIP_IFS);
    check_entries(&checking, &failures, parity_scenario_failure_fields, "an expected_failure",
                  EMULATORS);
    check_most(&checking, &failures, FAILURES);
    check_texts(&checking, &tags);
    check_most(&checking, &tags, TAGS);
    check_number(&checking, test, "timeout", false);
    check_number(&checking, test, "retries", true);
}

/* --- filling -----------------------------------------------------------------------------------
 */

static const char *text_member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* As many texts as there is room for, from one on. */
static void fill_texts(const json_t *texts, size_t from, const char **out, size_t room)
{
    for (size_t i = 0; i < room && from + i < json_array_size(texts); i++)
        out[i] = json_string_value(json_array_get(texts, from + i));
}

static void fill_condition(const json_t *entry, size_t emulator, struct parity_condition *out)
{
    fill_texts(json_object_get(entry, "emulators"), emulator, out->emulators, EMULATORS);
    out->versions = text_member(entry, "versions");
    out->environment = text_member(entry, "environment");
}

/* One piece of an entry: as many paths and emulators as a definition's entry holds. */
static void fill_skip(const json_t *entry, size_t path, size_t emulator,
                      struct parity_skip_verify *out)
{
    const char *reason = text_member(entry, "reason");

    out->reason = reason ? reason : ""; /* an entry without anything would end the list */
    fill_texts(json_object_get(entry, "paths"), path, out->paths, PATHS);
    fill_condition(entry, emulator, &out->when);
}

/* Returns false when the definition cannot hold that many. */
static bool fill_skips(const json_t *entries, struct parity_test_definition *definition)
{
    const json_t *entry;
    size_t count = 0, i;

    json_array_foreach(entries, i, entry) {
        size_t paths = json_array_size(json_object_get(entry, "paths"));
        size_t emulators = json_array_size(json_object_get(entry, "emulators"));

        for (size_t path = 0; path == 0 || path < paths; path += PATHS)
            for (size_t emulator = 0; emulator == 0 || emulator < emulators;
                 emulator += EMULATORS) {
                if (count == SKIPS)
                    return false;
                fill_skip(entry, path, emulator, &definition->skip_verify[count++]);
            }
    }
    return true;
}

void parity_scenario_fill_annotations(const struct parity_scenario_source *source,
                                      const struct parity_place *test,
                                      struct parity_test_definition *definition,
                                      struct parity_scenario_report *report)
{
    struct parity_place skips = parity_place_member(test, "skip_verify");
    const json_t *entry;
    size_t i;

    if (!fill_skips(skips.value, definition))
        parity_scenario_complain(report, source, &skips,
                                 "more entries than the %d that a test can have; join those with "
                                 "the same condition",
                                 (int)SKIPS);
    json_array_foreach(json_object_get(test->value, "skip_if"), i, entry) {
        definition->skip_if[i].reason = text_member(entry, "reason");
        fill_condition(entry, 0, &definition->skip_if[i].when);
    }
    json_array_foreach(json_object_get(test->value, "expected_failure"), i, entry) {
        definition->expected_failure[i].reason = text_member(entry, "reason");
        definition->expected_failure[i].may_pass = json_is_true(json_object_get(entry, "may_pass"));
        fill_condition(entry, 0, &definition->expected_failure[i].when);
    }
    fill_texts(json_object_get(test->value, "tags"), 0, definition->tags, TAGS);
    definition->serial = json_is_true(json_object_get(test->value, "serial"));
    definition->timeout_s = json_number_value(json_object_get(test->value, "timeout"));
    definition->retries = (int)json_integer_value(json_object_get(test->value, "retries"));
}
