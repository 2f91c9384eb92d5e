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

/* A value of the run goes to a preset. */
PARITY_TEST(hands_a_response_to_a_preset, .marker = UNKNOWN)
{
    json_t *machine = json(t, "{'stateMachineArn': 'arn:aws:states:r:1:stateMachine:%s'}",
                           unique_name(t, "machine"));

    match(t, "k", machine);
    transform_preset(t, "sfn_sm_create_arn", "{'response': %j, 'index': %d}", machine, 0);
}

PARITY_TEST(hands_another_response_to_a_preset, .marker = UNKNOWN)
{
    match(t, "k", json(t, "1"));
    transform_preset(t, "sfn_sm_create_arn", "{'response': {'executionArn': 'a'}, 'index': 0}");
    match(t, "not_reached", json(t, "2"));
}

PARITY_TEST(names_a_preset_without_its_arguments, .marker = UNKNOWN,
            .transformers = {preset("sfn_sm_create_arn")})
{
    match(t, "k", json(t, "1"));
}
