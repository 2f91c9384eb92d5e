/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include <parity/suite.h>

/* Transformers that a project brings itself: presets and functions. */

PARITY_TEST(uses_a_preset_of_the_project, .marker = UNKNOWN, .transformers = {preset("tested")})
{
    match(t, "k", json(t, "{'Ticket': 'T-17'}"));
}

static void change_by_hand(struct parity_custom_transformer *custom, json_t *document)
{
    json_t *value = json_object_get(document, "k");
    json_t *size = json_object_get(value, "Size");

    parity_custom_reference(custom, json_string_value(json_object_get(value, "Id")), "mine");
    parity_custom_reference(custom, NULL, "mine");
    parity_custom_replace(custom, "blue", "<colour>");
    parity_custom_set(custom, value, "Size", json_integer_value(size) % 2 ? "<odd>" : "<even>");
    parity_custom_set(custom, value, "None", "x");
    parity_custom_set(custom, NULL, "Size", "x");
}

PARITY_TEST(changes_by_hand, .marker = UNKNOWN, .transformers = {custom(change_by_hand)})
{
    const char *id = unique_name(t, "id");

    match(t, "k", json(t, "{'Id': %s, 'Size': 4, 'Text': '%s is blue'}", id, id));
}

/* What it finds is what those before it left. */
static void note_what_is_there(struct parity_custom_transformer *custom, json_t *document)
{
    json_t *value = json_object_get(document, "k");
    char seen[64];

    snprintf(seen, sizeof seen, "%s %s", json_string_value(json_object_get(value, "A")),
             json_string_value(json_object_get(value, "B")));
    parity_custom_set(custom, value, "Seen", seen);
}

PARITY_TEST(orders_by_priority, .marker = UNKNOWN,
            .transformers = {custom(note_what_is_there, .priority = 1),
                             key_value("A", "<first>", .direct = true),
                             key_value("B", "<last>", .direct = true, .priority = 2)})
{
    match(t, "k", json(t, "{'A': 'a', 'B': 'b', 'Seen': ''}"));
}

static void refuse(struct parity_custom_transformer *custom, json_t *document)
{
    parity_custom_fail(custom, "%zu keys are too few", json_object_size(document));
    parity_custom_fail(custom, "a second reason");
    parity_custom_replace(custom, "", "x");
}

PARITY_TEST(is_refused_by_its_function, .marker = UNKNOWN,
            .transformers = {custom(refuse, .priority = 1)})
{
    match(t, "k", json(t, "1"));
}

static void replace_nothing(struct parity_custom_transformer *custom, json_t *document)
{
    (void)document;
    parity_custom_replace(custom, "", "x");
}

PARITY_TEST(replaces_nothing, .marker = UNKNOWN, .transformers = {custom(replace_nothing)})
{
    match(t, "k", json(t, "1"));
}

static void crash(struct parity_custom_transformer *custom, json_t *document)
{
    (void)custom;
    (void)document;
    abort();
}

PARITY_TEST(crashes_in_its_function, .marker = UNKNOWN, .transformers = {custom(crash)})
{
    match(t, "k", json(t, "1"));
}

PARITY_TEST(adds_a_function_too_late, .marker = UNKNOWN)
{
    match(t, "k", json(t, "1"));
    transform(t, custom(refuse));
}
