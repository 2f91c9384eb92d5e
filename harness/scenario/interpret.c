/* SPDX-License-Identifier: Apache-2.0 */
/* The body of every scenario: its steps, made through the functions that suites use. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "runner/judge_transformers.h"
#include "scenario/resolve.h"
#include "scenario/scenario.h"

/* A scenario while it runs. Freed in at_end(), which is called however the body ends. */
struct run {
    const struct parity_scenario *scenario;
    struct parity_test *t;
    struct parity_scenario_values values;
    struct parity_place document, tests, test, steps, cleanup;
    size_t step;      /* that is being made */
    bool in_steps;    /* `step` means something */
    bool *registered; /* for each step of `cleanup` */
};

__attribute__((noreturn)) static void end_for(struct run *run, const struct parity_error *err)
{
    parity_test_conclude_error(run->t, err);
    parity_test_end(run->t);
}

static json_t *resolve(struct run *run, const struct parity_place *place)
{
    struct parity_error err = {0};
    json_t *value;

    if (parity_scenario_resolve(&run->values, place, &value, &err) < 0)
        end_for(run, &err);
    return parity_test_own(run->t, value);
}

/* A member of a step, resolved; owned by the test. NULL when it is not there. */
static json_t *resolved(struct run *run, const struct parity_place *step, const char *name,
                        const json_t *member)
{
    struct parity_place place = parity_place_of(step, name, member);

    return member ? resolve(run, &place) : NULL;
}

/* What became a text; else the test ends. */
static const char *text_of(struct run *run, const char *name, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    parity_test_conclude(run->t, PARITY_ERROR, "steps[%zu].%s is no text by now", run->step, name);
    parity_test_end(run->t);
}

static const char *resolved_text(struct run *run, const struct parity_place *step, const char *name,
                                 const json_t *member)
{
    json_t *value = resolved(run, step, name, member);

    return value ? text_of(run, name, value) : NULL;
}

/* --- calls -------------------------------------------------------------------------------------
 */

static json_t *call_until(struct run *run, const struct parity_scenario_step *step,
                          const struct parity_place *place,
                          const struct parity_test_options *options, const json_t *input)
{
    const json_t *until = resolved(run, place, "until", step->until);
    const struct parity_test_until wanted = {
        .path = text_of(run, "until.path", json_object_get(until, "path")),
        .equals_value = json_object_get(until, "equals"),
        .timeout_s = step->timeout_s,
        .interval_s = step->interval_s,
        .options = *options,
    };

    return parity_test_call_until(run->t, &wanted, step->service, step->operation, "%j", input);
}

static json_t *call(struct run *run, const struct parity_scenario_step *step,
                    const struct parity_place *place)
{
    struct parity_test_options options = step->options;
    const json_t *input;

    options.region = resolved_text(run, place, "region", step->region);
    input = step->input ? resolved(run, place, "input", step->input)
                        : parity_test_own(run->t, json_object());
    if (step->is_wait)
        return parity_test_wait_for(run->t, &(const struct parity_test_wait){.options = options},
                                    step->service, step->operation, "%j", input);
    if (step->until)
        return call_until(run, step, place, &options, input);
    return parity_test_call_value(run->t, &options, step->service, step->operation, input);
}

/* The value of a step; NULL for one without. */
static json_t *make(struct run *run, const struct parity_scenario_step *step,
                    const struct parity_place *place)
{
    if (step->service)
        return call(run, step, place);
    if (step->value)
        return resolved(run, place, "value", step->value);
    parity_test_sleep(run->t, json_number_value(step->sleep));
    return NULL;
}

/* --- cleanup -----------------------------------------------------------------------------------
 */

/* A step of `cleanup` as data; NULL with `err`. */
static json_t *pack(struct run *run, const struct parity_scenario_step *step,
                    const struct parity_place *place, struct parity_error *err)
{
    struct parity_place input = parity_place_of(place, "input", step->input);
    struct parity_place region = parity_place_of(place, "region", step->region);
    struct parity_test_options options = step->options;
    json_t *input_value = NULL, *region_value = NULL, *packed = NULL;

    if (step->sleep)
        return json_pack("{s:O}", "sleep", step->sleep);
    if (input.value ? parity_scenario_resolve(&run->values, &input, &input_value, err) < 0
                    : !(input_value = json_object()))
        goto out;
    if (region.value && parity_scenario_resolve(&run->values, &region, &region_value, err) < 0)
        goto out;
    options.region = json_string_value(region_value);
    packed = parity_test_pack_call(&options, step->service, step->operation, input_value);
    if (packed && step->is_wait)
        json_object_set_new(packed, "wait", json_true());
out:
    json_decref(input_value);
    json_decref(region_value);
    return packed;
}

static void note_unmade(struct run *run, const json_t *step, const struct parity_error *err)
{
    const char *call = json_string_value(json_object_get(step, "call"));
    char text[sizeof err->message + sizeof err->context + 64];

    parity_error_format(err, text, sizeof text);
    json_array_append_new(
        run->t->cleanup_failures,
        json_pack("{s:s, s:s}", "call", call ? call : "cleanup", "message", text));
}

static void register_cleanup(struct run *run, size_t number)
{
    const struct parity_scenario_step *step = &run->scenario->cleanup.items[number];
    struct parity_place place = parity_place_item(&run->cleanup, number);
    struct parity_error err = {0};
    json_t *packed = pack(run, step, &place, &err);

    run->registered[number] = true;
    if (packed || err.code == PARITY_OK)
        parity_test_add_cleanup(run->t, packed, (int)number);
    else
        note_unmade(run, step->json, &err);
}

/* What can be undone by now is registered, so that it is undone even if this process dies. */
static void register_cleanups(struct run *run)
{
    const struct parity_scenario_steps *cleanup = &run->scenario->cleanup;

    for (size_t i = 0; i < cleanup->count; i++)
        if (!run->registered[i] &&
            parity_scenario_is_resolvable(&run->values, cleanup->items[i].json))
            register_cleanup(run, i);
}

/* --- the end -----------------------------------------------------------------------------------
 */

/* Transformers may name any step, so they wait until now. One that names what was not reached means
 * nothing for what was. */
static void add_transformers(struct run *run)
{
    struct parity_place list = parity_place_member(&run->test, "transformers");

    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct parity_place item = parity_place_item(&list, i);
        struct parity_error err = {0};
        json_t *spec;

        if (run->t->ended_early && !parity_scenario_is_resolvable(&run->values, item.value))
            continue;
        if (parity_scenario_resolve(&run->values, &item, &spec, &err) < 0)
            parity_test_conclude_error(run->t, &err);
        else
            json_array_append_new(run->t->transformations, spec);
    }
}

/* Says at which step a test ended. */
static void note_step(const struct run *run)
{
    static const char *const kinds[] = {"call", "wait"};
    const json_t *step = json_array_get(run->steps.value, run->step);
    const char *what = NULL;

    if (!run->t->ended_early || !run->in_steps || run->t->outcome == PARITY_SKIPPED)
        return;
    for (size_t i = 0; !what && i < sizeof kinds / sizeof *kinds; i++)
        what = json_string_value(json_object_get(step, kinds[i]));
    parity_test_conclude(run->t, run->t->outcome, "in steps[%zu]%s%s%s", run->step,
                         what ? " (" : "", what ? what : "", what ? ")" : "");
}

static void at_end(struct parity_test *t, void *data)
{
    struct run *run = data;

    t->at_end = NULL;
    note_step(run);
    add_transformers(run);
    json_decref(run->values.values);
    parity_free(run->registered);
    parity_free(run);
}

/* --- the body ----------------------------------------------------------------------------------
 */

static void bind_let(struct run *run)
{
    json_t *let = (json_t *)(uintptr_t)run->values.let; /* iterators take no const */
    struct parity_place place = parity_place_member(&run->test, "let");

    for (void *m = json_object_iter(let); m; m = json_object_iter_next(let, m)) {
        struct parity_place member = parity_place_at(&place, m);
        struct parity_error err = {0};
        json_t *value;

        if (json_object_get(run->values.values, member.name))
            continue; /* another one needed it */
        if (parity_scenario_resolve(&run->values, &member, &value, &err) < 0)
            end_for(run, &err);
        if (json_object_set_new_nocheck(run->values.values, member.name, value) < 0)
            parity_test_end_nomem(run->t);
    }
}

static void run_step(struct run *run, const struct parity_scenario_step *step)
{
    struct parity_place place = parity_place_item(&run->steps, run->step);
    json_t *value = make(run, step, &place);
    const char *path;

    if (step->as && value && json_object_set_nocheck(run->values.values, step->as, value) < 0)
        parity_test_end_nomem(run->t);
    register_cleanups(run);
    if (!step->match)
        return;
    path = resolved_text(run, &place, "select", step->select);
    if (path)
        parity_test_match_select(run->t, step->match, value, path);
    else
        parity_test_match(run->t, step->match, value);
}

static struct run *new_run(struct parity_test *t, const struct parity_scenario *scenario)
{
    struct run *run = parity_calloc(1, sizeof *run);

    if (!run)
        parity_test_end_nomem(t);
    run->scenario = scenario;
    run->t = t;
    run->document.value = scenario->source->document;
    run->tests = parity_place_member(&run->document, "tests");
    run->test = parity_place_item(&run->tests, scenario->index);
    run->steps = parity_place_member(&run->test, "steps");
    run->cleanup = parity_place_member(&run->test, "cleanup");
    run->values = (struct parity_scenario_values){
        .t = t, .let = json_object_get(scenario->test, "let"), .values = json_object()};
    run->registered = parity_calloc(scenario->cleanup.count + 1, sizeof *run->registered);
    t->at_end = at_end;
    t->at_end_data = run;
    if (!run->values.values || !run->registered)
        parity_test_end_nomem(t);
    return run;
}

/* Problems end the test before its first call. */
static void conclude_problem(void *data, const struct parity_error *problem)
{
    struct parity_error copy = *problem;

    copy.context[0] = '\0';
    copy.line = 0;
    parity_test_conclude_error(data, &copy);
}

void parity_scenario_run(struct parity_test *t, const void *data)
{
    const struct parity_scenario *scenario = data;
    struct run *run = new_run(t, scenario);
    const struct parity_common_transformers *common = t->environment->common_transformers;
    struct parity_scenario_report report = {.tell = conclude_problem, .data = t};

    if (json_is_true(json_object_get(scenario->test, "fixed_times")) && parity_test_target(t)->aws)
        parity_test_skip(t, PARITY_SCENARIO_FIXED_TIMES);
    if (t->environment->models)
        parity_scenario_check_before_run(scenario, t->environment->models,
                                         common ? &common->kept : NULL, &report);
    if (report.problems > 0)
        parity_test_end(t);
    bind_let(run);
    register_cleanups(run);
    run->in_steps = true;
    for (run->step = 0; run->step < scenario->steps.count; run->step++) {
        const struct parity_scenario_step *step = &scenario->steps.items[run->step];

        parity_test_at(t, scenario->source->name, step->line);
        run_step(run, step);
    }
}
