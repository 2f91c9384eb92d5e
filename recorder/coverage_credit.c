/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "recorder/coverage.h"
#include "recorder/difference_text.h"

/* What one test earns the operations that it called. */

struct credit {
    const struct parity_coverage_test *work;
    const char *id;
    bool compared;            /* with a recording */
    bool recorded;            /* what it saw became the recording */
    json_t *open, *hidden;    /* owned objects: {match key: [differences]} */
    json_t *counted;          /* owned object: whose differences were counted */
    const char *validated_on; /* NULL: unknown */
    bool validates;           /* what agrees agrees with AWS */
};

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool is_true(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static void set_true(json_t *object, const char *name)
{
    json_object_set_nocheck(object, name, json_true());
}

static void add_number(json_t *object, const char *name, size_t more)
{
    json_t *number = json_object_get(object, name);

    json_integer_set(number, json_integer_value(number) + (json_int_t)more);
}

/* The object or array at `name`, which is `made` if there is none. Borrowed; NULL when out of
 * memory. */
static json_t *part_of(json_t *object, const char *name, json_t *made)
{
    json_t *part = json_object_get(object, name);

    if (part) {
        json_decref(made);
        return part;
    }
    return json_object_set_new_nocheck(object, name, made) < 0 ? NULL : made;
}

/* New; NULL when out of memory. */
static json_t *by_key(const json_t *differences)
{
    json_t *keys = json_object(), *difference;
    size_t i;

    json_array_foreach(differences, i, difference) {
        const char *key = text_of(difference, "key");

        if (key)
            json_array_append(part_of(keys, key, json_array()), difference);
    }
    return keys;
}

/* --- what a match key says ---------------------------------------------------------------------
 */

/* The whole of what was matched differs from nothing: the key was not recorded. */
static bool is_unrecorded(const struct credit *credit, const char *key)
{
    const json_t *differences = json_object_get(credit->open, key), *difference;
    size_t i;

    json_array_foreach(differences, i, difference)
        if (json_array_size(json_object_get(difference, "path")) == 0 &&
            !json_object_get(difference, "recorded"))
            return true;
    return false;
}

static bool was_compared(const struct credit *credit, const char *key)
{
    return credit->recorded || (credit->compared && !is_unrecorded(credit, key));
}

/* What is recorded now, as far as that is known. */
static bool stands_in_recording(const struct credit *credit, const char *key)
{
    const struct parity_recording *recording = credit->work->recording;

    if (recording)
        return json_object_get(recording->content, key) != NULL;
    return was_compared(credit, key);
}

static bool agrees(const struct credit *credit, const char *key)
{
    return was_compared(credit, key) && !json_object_get(credit->open, key) &&
           !json_object_get(credit->hidden, key);
}

/* Pages and repeated calls may stand under one key: its differences are theirs together. */
static bool is_counted(struct credit *credit, const json_t *call, const char *key)
{
    struct parity_buffer place = {0};
    bool counted;

    parity_buffer_printf(&place, "%s %s %s", text_of(call, "service"), text_of(call, "operation"),
                         key);
    counted = !place.failed && json_object_get(credit->counted, place.data);
    if (!place.failed)
        set_true(credit->counted, place.data);
    parity_buffer_clear(&place);
    return counted;
}

static void keep_latest(json_t *facts, const char *date)
{
    const char *known = text_of(facts, "validated_on");

    /* "2024-01-15T12:00:00+00:00", always in UTC. */
    if (date && (!known || strcmp(known, date) < 0))
        json_object_set_new_nocheck(facts, "validated_on", json_string_nocheck(date));
}

/* What the checks of an answer came to. */
struct verdict {
    bool checked, validated;
};

static void credit_key(struct credit *credit, const json_t *call, const char *key, json_t *facts,
                       struct verdict *verdict)
{
    bool snapshotted = stands_in_recording(credit, key);
    bool validated = snapshotted && credit->validates && agrees(credit, key);

    if (snapshotted)
        set_true(facts, "snapshotted");
    if (!is_counted(credit, call, key)) {
        add_number(facts, "differences",
                   parity_difference_count(json_object_get(credit->open, key)));
        add_number(facts, "hidden", parity_difference_count(json_object_get(credit->hidden, key)));
    }
    verdict->checked |= was_compared(credit, key);
    verdict->validated |= validated;
    if (validated) {
        set_true(facts, "validated");
        keep_latest(facts, credit->validated_on);
        json_object_set_new_nocheck(json_object_get(facts, "tests"), credit->id,
                                    json_string("validated"));
    }
}

/* --- one call ----------------------------------------------------------------------------------
 */

/* Borrowed; NULL when out of memory. */
static json_t *facts_of(json_t *services, const char *service, const char *operation)
{
    json_t *operations = part_of(services, service, json_object());

    if (json_object_get(operations, operation))
        return json_object_get(operations, operation);
    return part_of(operations, operation,
                   json_pack("{s:i, s:b, s:b, s:b, s:b, s:n, s:i, s:i, s:{}, s:{}, s:{}}", "calls",
                             0, "whole", 0, "part", 0, "snapshotted", 0, "validated", 0,
                             "validated_on", "differences", 0, "hidden", 0, "parameters", "answers",
                             "tests"));
}

static struct verdict credit_keys(struct credit *credit, const json_t *call, const char *list,
                                  json_t *facts)
{
    const json_t *keys = json_object_get(call, list), *key;
    struct verdict verdict = {0};
    size_t i;

    json_array_foreach(keys, i, key)
        if (json_is_string(key))
            credit_key(credit, call, json_string_value(key), facts, &verdict);
    return verdict;
}

static void note_parameters(const json_t *call, bool checked, json_t *facts)
{
    json_t *parameters = json_object_get(facts, "parameters"), *name;
    size_t i;

    json_array_foreach(json_object_get(call, "parameters"), i, name) {
        const char *text = json_string_value(name);

        if (text && !is_true(parameters, text))
            json_object_set_new_nocheck(parameters, text, json_boolean(checked));
    }
}

static json_t *describe_answer(const json_t *call)
{
    return json_pack("{s:I, s:s?, s:s?, s:i, s:b}", "status_code",
                     json_integer_value(json_object_get(call, "status_code")), "error_code",
                     text_of(call, "error_code"), "modelled_code", text_of(call, "modelled_code"),
                     "count", 0, "validated", 0);
}

static void note_answer(const json_t *call, bool validated, json_t *facts)
{
    const char *code = text_of(call, "error_code"), *modelled = text_of(call, "modelled_code");
    json_t *answers = json_object_get(facts, "answers"), *answer = NULL;
    struct parity_buffer name = {0};

    parity_buffer_printf(&name, "%" JSON_INTEGER_FORMAT " %s %s",
                         json_integer_value(json_object_get(call, "status_code")), code ? code : "",
                         modelled ? modelled : "");
    if (!name.failed)
        answer = json_object_get(answers, name.data);
    if (!name.failed && !answer)
        answer = part_of(answers, name.data, describe_answer(call));
    parity_buffer_clear(&name);
    add_number(answer, "count", 1);
    if (validated)
        set_true(answer, "validated");
}

static void note_test(const struct credit *credit, bool checked, json_t *facts)
{
    json_t *tests = json_object_get(facts, "tests");
    const char *known = text_of(tests, credit->id);

    if (!known || (checked && strcmp(known, "called") == 0))
        json_object_set_new_nocheck(tests, credit->id, json_string(checked ? "tested" : "called"));
}

static void credit_call(struct credit *credit, const json_t *call)
{
    const char *service = text_of(call, "service"), *operation = text_of(call, "operation");
    bool expected = json_array_size(json_object_get(call, "expected")) > 0;
    struct verdict whole, part;
    json_t *facts;

    /* What never left, for a mistake in the test, says nothing about the target. */
    if (json_integer_value(json_object_get(call, "attempts")) == 0)
        return;
    facts = facts_of(credit->work->services, service, operation);
    add_number(facts, "calls", 1);
    whole = credit_keys(credit, call, "matched", facts);
    part = credit_keys(credit, call, "matched_in_part", facts);
    if (whole.checked)
        set_true(facts, "whole");
    if (part.checked || expected)
        set_true(facts, "part");
    note_parameters(call, whole.checked || part.checked || expected, facts);
    note_answer(call, whole.validated, facts);
    note_test(credit, whole.checked || part.checked || expected, facts);
}

void parity_coverage_credit(const struct parity_coverage_test *work)
{
    const json_t *recording = json_object_get(work->test, "recording"), *call;
    struct credit credit = {
        .work = work,
        .id = text_of(work->test, "id"),
        .compared = json_is_object(recording),
        .recorded = is_true(work->test, "recorded"),
        .open = by_key(json_object_get(work->test, "differences")),
        .hidden = by_key(json_object_get(work->test, "hidden")),
        .counted = json_object(),
    };
    size_t i;

    credit.validates = credit.recorded ? work->on_aws
                                       : is_true(recording, "from_aws") && !work->changed &&
                                             (!work->recording || work->recording->from_aws);
    if (work->recording && !work->changed)
        credit.validated_on = work->recording->last_validated_date;
    json_array_foreach(json_object_get(work->test, "calls"), i, call)
        credit_call(&credit, call);
    json_decref(credit.open);
    json_decref(credit.hidden);
    json_decref(credit.counted);
}
