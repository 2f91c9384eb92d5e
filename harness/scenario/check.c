/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/check.h"

#include <stdint.h>
#include <string.h>

#include "client/protocol/protocol.h"
#include "client/region.h"
#include "client/waiter.h"
#include "transformers/jsonpath/jsonpath.h"
#include "transformers/transformer.h"

/* --- operations --------------------------------------------------------------------------------
 */

static const struct parity_service *service_of(const struct parity_scenario_checking *checking,
                                               const struct parity_scenario_step *step,
                                               struct parity_error *err)
{
    const char *protocol = step->options.protocol;

    if (!protocol)
        return parity_models_service(checking->models, step->service, err);
    if (!parity_protocol_find(protocol, NULL))
        return NULL; /* told beside it */
    return parity_models_service_speaking(checking->models, step->service, protocol, err);
}

/* The operation that a waiter calls, in `out`; NULL with `err`. */
static const char *waited_operation(const struct parity_scenario_checking *checking,
                                    const char *service, const char *name, char *out, size_t size,
                                    struct parity_error *err)
{
    struct parity_waiter *waiter = parity_waiter_load(checking->models, service, name, err);
    size_t length = waiter ? strlen(parity_waiter_operation(waiter)) : 0;

    if (waiter && length < size)
        memcpy(out, parity_waiter_operation(waiter), length + 1);
    parity_waiter_free(waiter);
    return waiter && length < size ? out : NULL;
}

static void complain_of_operation(const struct parity_scenario_checking *checking,
                                  const struct parity_place *step, const char *what,
                                  const struct parity_error *err)
{
    bool is_protocol = err->code == PARITY_E_INVALID;
    struct parity_place member = parity_place_member(step, is_protocol ? "protocol" : what);

    parity_scenario_complain(checking->report, checking->scenario->source, &member, "%s%s%s",
                             is_protocol ? err->context : "", is_protocol ? ": " : "",
                             err->message);
}

const struct parity_operation *
parity_scenario_operation(const struct parity_scenario_checking *checking,
                          const struct parity_scenario_step *step, const struct parity_place *place)
{
    const struct parity_operation *operation = NULL;
    const struct parity_service *service;
    const char *wanted = step->operation;
    struct parity_error err = {0};
    char waited[128];

    if (!step->service)
        return NULL;
    service = service_of(checking, step, &err);
    if (service && step->is_wait)
        wanted =
            waited_operation(checking, step->service, step->operation, waited, sizeof waited, &err);
    if (service && wanted)
        operation = parity_service_operation(service, wanted, &err);
    if (err.code && place)
        complain_of_operation(checking, place, step->is_wait ? "wait" : "call", &err);
    return operation;
}

/* --- paths and transformers --------------------------------------------------------------------
 */

/* @param step  from whose value it selects; NULL: from recordings */
static void check_jsonpath(const struct parity_scenario_checking *checking,
                           const struct parity_scenario_step *step,
                           const struct parity_place *place)
{
    struct parity_error err = {0};
    struct parity_jsonpath *compiled;

    if (!json_is_string(place->value) || parity_reference_occurs(place->value))
        return;
    compiled =
        parity_jsonpath_compile(json_string_value(place->value), PARITY_JSONPATH_LOCALSTACK, &err);
    if (!compiled)
        parity_scenario_complain(checking->report, checking->scenario->source, place,
                                 "%s (at character %d of '%.80s')", err.message, err.column,
                                 json_string_value(place->value));
    else if (step)
        parity_scenario_check_selection(checking, step, compiled, place);
    parity_jsonpath_free(compiled);
}

/* A pattern with a reference in it is known only when the test has run; of a preset only its
 * arguments may be. */
static bool is_known(const json_t *spec)
{
    const char *type = json_string_value(json_object_get(spec, "type"));
    const json_t *name = json_object_get(spec, "name");

    if (type && strcmp(type, "preset") == 0 && !parity_reference_occurs(name))
        return true;
    return !parity_reference_occurs(spec);
}

static int check_transformer(const struct parity_scenario_checking *checking, const json_t *spec,
                             struct parity_error *err)
{
    if (parity_reference_occurs(json_object_get(spec, "type")))
        return 0;
    if (!is_known(spec))
        return parity_transformers_check_names(spec, err);
    if (parity_kept_transformers_have(checking->kept, spec))
        return 0;
    return parity_transformers_try_spec(spec, err);
}

static void check_transformers(const struct parity_scenario_checking *checking,
                               const struct parity_place *list)
{
    for (size_t i = 0; i < json_array_size(list->value); i++) {
        struct parity_place item = parity_place_item(list, i);
        struct parity_error err = {0};
        char text[sizeof err.message + sizeof err.context + 64];

        if (check_transformer(checking, item.value, &err) < 0) {
            parity_error_format(&err, text, sizeof text);
            parity_scenario_complain(checking->report, checking->scenario->source, &item, "%s",
                                     text);
        }
        parity_scenario_check_paths(checking, &item);
    }
}

static void check_skip_paths(const struct parity_scenario_checking *checking,
                             const struct parity_place *list)
{
    for (size_t i = 0; i < json_array_size(list->value); i++) {
        struct parity_place entry = parity_place_item(list, i);
        struct parity_place paths = parity_place_member(&entry, "paths");

        for (size_t j = 0; j < json_array_size(paths.value); j++) {
            struct parity_place path = parity_place_item(&paths, j);

            check_jsonpath(checking, NULL, &path);
        }
    }
}

/* --- steps -------------------------------------------------------------------------------------
 */

static void check_until(const struct parity_scenario_checking *checking,
                        const struct parity_scenario_step *step, const struct parity_place *until)
{
    struct parity_place path = parity_place_member(until, "path");

    check_jsonpath(checking, step, &path);
}

/* A member of a step that is a name of some kind, unless it is known only when it is resolved. */
static void check_text(const struct parity_scenario_checking *checking,
                       const struct parity_place *step, const char *name,
                       bool (*is_right)(const char *text, struct parity_error *err))
{
    struct parity_place place = parity_place_member(step, name);
    struct parity_error err = {0};

    if (json_is_string(place.value) && !parity_reference_occurs(place.value) &&
        !is_right(json_string_value(place.value), &err))
        parity_scenario_complain(checking->report, checking->scenario->source, &place, "%s",
                                 err.message);
}

static bool is_region(const char *text, struct parity_error *err)
{
    return parity_region_check(text, err) == 0;
}

static bool is_protocol(const char *text, struct parity_error *err)
{
    return parity_protocol_find(text, err) != NULL;
}

/* What a step has beside its input that holds references. */
static void check_resolved(const struct parity_scenario_checking *checking,
                           const struct parity_scenario_step *step,
                           const struct parity_place *place)
{
    const struct parity_place resolved[] = {parity_place_of(place, "value", step->value),
                                            parity_place_of(place, "region", step->region),
                                            parity_place_of(place, "select", step->select),
                                            parity_place_of(place, "until", step->until)};

    if (step->select)
        check_jsonpath(checking, step, &resolved[2]);
    if (step->until)
        check_until(checking, step, &resolved[3]);
    for (size_t i = 0; i < sizeof resolved / sizeof *resolved; i++)
        if (resolved[i].value)
            parity_scenario_check_paths(checking, &resolved[i]);
}

static void check_steps(const struct parity_scenario_checking *checking,
                        const struct parity_place *test, const char *name,
                        const struct parity_scenario_steps *steps)
{
    struct parity_place list = parity_place_member(test, name);

    for (size_t i = 0; i < steps->count; i++) {
        const struct parity_scenario_step *step = &steps->items[i];
        struct parity_place place = parity_place_item(&list, i);
        struct parity_place input = parity_place_of(&place, "input", step->input);
        const struct parity_operation *operation =
            parity_scenario_operation(checking, step, &place);

        if (step->options.protocol)
            check_text(checking, &place, "protocol", is_protocol);
        if (step->region)
            check_text(checking, &place, "region", is_region);
        if (operation && !step->options.no_validate)
            parity_scenario_check_input(checking, operation, &input);
        else
            parity_scenario_check_paths(checking, &input);
        check_resolved(checking, step, &place);
    }
}

static struct parity_place test_of(const struct parity_scenario *scenario,
                                   struct parity_place around[2])
{
    around[0] = (struct parity_place){.value = scenario->source->document};
    around[1] = parity_place_member(&around[0], "tests");
    return parity_place_item(&around[1], scenario->index);
}

void parity_scenario_check_before_run(const struct parity_scenario *scenario,
                                      struct parity_models *models,
                                      const struct parity_kept_transformers *kept,
                                      struct parity_scenario_report *report)
{
    size_t looked_at = 0;
    struct parity_place around[2], test = test_of(scenario, around);
    const struct parity_scenario_checking checking = {.scenario = scenario,
                                                      .models = models,
                                                      .kept = kept,
                                                      .report = report,
                                                      .test = &test,
                                                      .looked_at = &looked_at};
    struct parity_place let = parity_place_member(&test, "let");
    struct parity_place transformers = parity_place_member(&test, "transformers");

    parity_scenario_check_paths(&checking, &let);
    check_steps(&checking, &test, "steps", &scenario->steps);
    check_steps(&checking, &test, "cleanup", &scenario->cleanup);
    check_transformers(&checking, &transformers);
}

void parity_scenario_check(const struct parity_scenario *scenario, struct parity_models *models,
                           struct parity_scenario_report *report)
{
    struct parity_place around[2], test = test_of(scenario, around);
    const struct parity_scenario_checking checking = {
        .scenario = scenario, .models = models, .report = report, .test = &test};
    struct parity_place skips = parity_place_member(&test, "skip_verify");

    parity_scenario_check_before_run(scenario, models, NULL, report);
    check_skip_paths(&checking, &skips);
}
