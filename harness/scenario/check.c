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
                                               const json_t *step, const char *name,
                                               struct parity_error *err)
{
    const char *protocol = json_string_value(json_object_get(step, "protocol"));

    if (!protocol)
        return parity_models_service(checking->models, name, err);
    if (!parity_protocol_find(protocol, NULL))
        return NULL; /* told beside it */
    return parity_models_service_speaking(checking->models, name, protocol, err);
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
parity_scenario_operation(const struct parity_scenario_checking *checking, const json_t *step,
                          const struct parity_place *place)
{
    const char *call = json_string_value(json_object_get(step, "call"));
    const char *wait = call ? NULL : json_string_value(json_object_get(step, "wait"));
    const struct parity_operation *operation = NULL;
    const struct parity_service *service = NULL;
    char service_name[128], name[128], waited[128];
    const char *wanted = name;
    struct parity_error err = {0};

    if ((!call && !wait) || !parity_scenario_split(call ? call : wait, service_name, name, 128))
        return NULL;
    service = service_of(checking, step, service_name, &err);
    if (service && !call)
        wanted = waited_operation(checking, service_name, name, waited, sizeof waited, &err);
    if (service && wanted)
        operation = parity_service_operation(service, wanted, &err);
    if (err.code && place)
        complain_of_operation(checking, place, call ? "call" : "wait", &err);
    return operation;
}

/* --- paths and transformers --------------------------------------------------------------------
 */

static void check_jsonpath(const struct parity_scenario_checking *checking,
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

            check_jsonpath(checking, &path);
        }
    }
}

/* --- steps -------------------------------------------------------------------------------------
 */

static void check_until(const struct parity_scenario_checking *checking,
                        const struct parity_place *until)
{
    struct parity_place path = parity_place_member(until, "path");

    check_jsonpath(checking, &path);
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

static bool is_resolved(const char *name)
{
    for (const char *const *field = parity_scenario_resolved_fields; *field; field++)
        if (strcmp(*field, name) == 0)
            return true;
    return false;
}

static void check_step(const struct parity_scenario_checking *checking,
                       const struct parity_place *step)
{
    json_t *mutable = (json_t *)(uintptr_t)step->value; /* iterators take no const */
    struct parity_place input = parity_place_member(step, "input");
    const struct parity_operation *operation =
        parity_scenario_operation(checking, step->value, step);

    check_text(checking, step, "protocol", is_protocol);
    check_text(checking, step, "region", is_region);
    if (operation && !json_is_true(json_object_get(step->value, "no_validate")))
        parity_scenario_check_input(checking, operation, &input);
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m)) {
        struct parity_place member = parity_place_at(step, m);

        if (!is_resolved(member.name))
            continue;
        if (strcmp(member.name, "until") == 0)
            check_until(checking, &member);
        else if (strcmp(member.name, "select") == 0)
            check_jsonpath(checking, &member);
        parity_scenario_check_paths(checking, &member);
    }
}

static void check_steps(const struct parity_scenario_checking *checking,
                        const struct parity_place *test, const char *name)
{
    struct parity_place list = parity_place_member(test, name);

    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct parity_place step = parity_place_item(&list, i);

        check_step(checking, &step);
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
    const struct parity_scenario_checking checking = {scenario, models, kept, report};
    struct parity_place around[2], test = test_of(scenario, around);
    struct parity_place let = parity_place_member(&test, "let");
    struct parity_place transformers = parity_place_member(&test, "transformers");

    parity_scenario_check_paths(&checking, &let);
    check_steps(&checking, &test, "steps");
    check_steps(&checking, &test, "cleanup");
    check_transformers(&checking, &transformers);
}

void parity_scenario_check(const struct parity_scenario *scenario, struct parity_models *models,
                           struct parity_scenario_report *report)
{
    const struct parity_scenario_checking checking = {scenario, models, NULL, report};
    struct parity_place around[2], test = test_of(scenario, around);
    struct parity_place skips = parity_place_member(&test, "skip_verify");

    parity_scenario_check_before_run(scenario, models, NULL, report);
    check_skip_paths(&checking, &skips);
}
