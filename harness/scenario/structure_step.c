/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "scenario/scenario.h"

const char *const parity_scenario_resolved_fields[] = {"input",  "value",  "until",
                                                       "select", "region", NULL};

bool parity_scenario_split(const char *text, char *service, char *operation, size_t size)
{
    const char *dot = strchr(text, '.');
    size_t length = dot ? (size_t)(dot - text) : 0;

    if (length == 0 || length >= size || !dot[1] || strlen(dot + 1) >= size || strchr(dot + 1, '.'))
        return false;
    memcpy(service, text, length);
    service[length] = '\0';
    memcpy(operation, dot + 1, strlen(dot + 1) + 1);
    return true;
}

/* What a step can do; it does exactly one of them. */
enum { PURPOSES = 4 }; /* the first ones of `known` */
enum { CALL = 1, WAIT = 2, VALUE = 4, SLEEP = 8, EVERY = CALL | WAIT | VALUE | SLEEP };

/* Which fields go with what. */
static const struct {
    struct parity_scenario_field field;
    int with;
    bool in_cleanup;
} known[] = {
    {{"call", "a text", false}, CALL, true},
    {{"wait", "a text", false}, WAIT, true},
    {{"value", NULL, false}, VALUE, false},
    {{"sleep", "a number", false}, SLEEP, true},
    {{"input", "an object", false}, CALL | WAIT, true},
    {{"as", "a text", false}, CALL | WAIT | VALUE, false},
    {{"match", "a text", false}, CALL | WAIT | VALUE, false},
    {{"select", "a text", false}, CALL | WAIT | VALUE, false},
    {{"error", NULL, false}, CALL, true},
    {{"until", "an object", false}, CALL, false},
    {{"timeout", "a number", false}, CALL, false},
    {{"interval", "a number", false}, CALL, false},
    {{"client", "a text", false}, CALL | WAIT, true},
    {{"region", "a text", false}, CALL | WAIT, true},
    {{"protocol", "a text", false}, CALL | WAIT, true},
    {{"no_validate", "true or false", false}, CALL | WAIT, true},
    {{"path_style", "true or false", false}, CALL | WAIT, true},
};

enum { KNOWN = sizeof known / sizeof *known };

const struct parity_scenario_field parity_scenario_until_fields[] = {
    {"path", "a text", true}, {"equals", NULL, false}, {NULL, NULL, false}};

void parity_scenario_step_fields(const char *purpose, bool is_cleanup,
                                 struct parity_scenario_field *out)
{
    int does = 0;

    _Static_assert((int)KNOWN < (int)PARITY_SCENARIO_STEP_FIELDS, "no room for all");
    for (size_t i = 0; i < PURPOSES; i++)
        if (strcmp(known[i].field.name, purpose) == 0)
            does = known[i].with;
    for (size_t i = 0; i < KNOWN; i++)
        if ((known[i].with & does) && (known[i].in_cleanup || !is_cleanup)) {
            *out = known[i].field;
            out->required = i < PURPOSES;
            out++;
        }
    *out = (struct parity_scenario_field){NULL, NULL, false};
}

struct step {
    const struct parity_scenario_source *source;
    const struct parity_place *place;
    bool is_cleanup;
    struct parity_scenario_report *report;
};

static bool has(const struct step *step, const char *name)
{
    return json_object_get(step->place->value, name) != NULL;
}

__attribute__((format(printf, 3, 4))) static void
complain(const struct step *step, const char *member, const char *format, ...)
{
    struct parity_place place = parity_place_member(step->place, member);
    char text[300];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    parity_scenario_complain(step->report, step->source, &place, "%s", text);
}

static bool check_names(const struct step *step)
{
    struct parity_scenario_field fields[KNOWN + 1] = {{0}};
    size_t count = 0;

    for (size_t i = 0; i < KNOWN; i++)
        if (!step->is_cleanup || known[i].in_cleanup)
            fields[count++] = known[i].field;
    return parity_scenario_check_fields(step->source, step->place, fields,
                                        step->is_cleanup ? "a step of 'cleanup'" : "a step",
                                        step->report);
}

static bool check_purpose(const struct step *step)
{
    int does = 0, count = 0;

    for (size_t i = 0; i < PURPOSES; i++)
        if (has(step, known[i].field.name)) {
            does = known[i].with;
            count++;
        }
    if (count != 1) {
        parity_scenario_complain(
            step->report, step->source, step->place, "a step has one of 'call', 'wait'%s 'sleep'%s",
            step->is_cleanup ? " and" : ", 'value' and", count ? ", not several" : "");
        return false;
    }
    for (size_t i = PURPOSES; i < KNOWN; i++)
        if (!(known[i].with & does) && has(step, known[i].field.name))
            complain(step, known[i].field.name, "'%s' does not go with '%s'", known[i].field.name,
                     does == SLEEP   ? "sleep"
                     : does == VALUE ? "value"
                                     : "wait");
    return true;
}

static void check_number(const struct step *step, const char *name, bool may_be_zero)
{
    const json_t *value = json_object_get(step->place->value, name);
    double number = json_number_value(value);

    if (value && (!(number >= 0) || number > 86400 || (number == 0 && !may_be_zero)))
        complain(step, name, "must be a number of seconds %s 0, at most 86400",
                 may_be_zero ? "from" : "above");
}

static void check_until(const struct step *step)
{
    struct parity_place until = parity_place_member(step->place, "until");

    if (until.value)
        parity_scenario_check_fields(step->source, &until, parity_scenario_until_fields, "'until'",
                                     step->report);
    else if (has(step, "timeout") || has(step, "interval"))
        complain(step, has(step, "timeout") ? "timeout" : "interval",
                 "means nothing without 'until'");
}

static void check_values(const struct step *step)
{
    const json_t *error = json_object_get(step->place->value, "error");
    const char *client = json_string_value(json_object_get(step->place->value, "client"));
    const char *call = json_string_value(json_object_get(step->place->value, "call"));
    const char *wait = json_string_value(json_object_get(step->place->value, "wait"));
    char service[128], operation[128];

    if (error && !json_is_boolean(error) &&
        (!json_is_string(error) || strcmp(json_string_value(error), "any") != 0))
        complain(step, "error", "must be true, false or \"any\"");
    if (client && strcmp(client, "primary") != 0 && strcmp(client, "secondary") != 0)
        complain(step, "client", "there is no client '%.60s'; it is \"primary\" or \"secondary\"",
                 client);
    if (call && !parity_scenario_split(call, service, operation, sizeof service))
        complain(step, "call", "'%.60s' is not of the form 'sqs.CreateQueue'", call);
    if (wait && !parity_scenario_split(wait, service, operation, sizeof service))
        complain(step, "wait", "'%.60s' is not of the form 's3.BucketExists'", wait);
    if (has(step, "select") && !has(step, "match"))
        complain(step, "select", "means nothing without 'match'");
    if (has(step, "value") && !has(step, "match") && !has(step, "as"))
        complain(step, "value", "means nothing without 'match'");
}

void parity_scenario_check_step(const struct parity_scenario_source *source,
                                const struct parity_place *place, bool is_cleanup,
                                struct parity_scenario_report *report)
{
    const struct step step = {source, place, is_cleanup, report};

    if (!check_names(&step) || !check_purpose(&step))
        return;
    check_number(&step, "sleep", true);
    check_number(&step, "timeout", false);
    check_number(&step, "interval", false);
    check_until(&step);
    check_values(&step);
}
