/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_TESTS_SCENARIO_FIXTURE_H
#define PARITY_TESTS_SCENARIO_FIXTURE_H

/* What tests of scenarios share: files of them from text, and problems as text. Include after
 * cmocka.h and scratch.h; the tests run in a scratch folder. */

#include "base/error.h"
#include "base/memory.h"
#include "client/model.h"
#include "scenario/scenario.h"

/** Loaded scenarios, and what was told about them: one problem a line. Zero-initialise. */
struct fixture {
    struct parity_scenarios scenarios;
    struct parity_scenario_report report;
    struct parity_buffer problems;
    struct parity_models *models;
};

static inline void fixture_tell(void *data, const struct parity_error *problem)
{
    struct parity_buffer *problems = data;
    char text[2048];

    parity_error_format(problem, text, sizeof text);
    if (problems->length)
        parity_buffer_add_char(problems, '\n');
    parity_buffer_add_text(problems, text);
}

static inline void fixture_load(struct fixture *fixture, const char *path)
{
    struct parity_error err = {0};

    fixture->report.tell = fixture_tell;
    fixture->report.data = &fixture->problems;
    assert_int_equal(
        parity_scenarios_load(&fixture->scenarios, path, path, false, &fixture->report, &err), 0);
}

/** Load a file of one test from its members but `id` and `marker`, which begin its second line. */
static inline void fixture_load_test(struct fixture *fixture, const char *members)
{
    char *text =
        parity_asprintf("{\"tests\": [\n{\"id\": \"a/b\", \"marker\": \"unknown\", %s}]}", members);

    scratch_write("s.json", text);
    parity_free(text);
    fixture_load(fixture, "s.json");
}

static inline const char *fixture_problems(const struct fixture *fixture)
{
    return fixture->problems.length ? fixture->problems.data : "";
}

/** Open a model, which is that of the service "thing". */
static inline void fixture_open_model(struct fixture *fixture, const char *model)
{
    struct parity_error err = {0};

    scratch_write("service-2.json", model);
    fixture->models = parity_models_new(
        &(struct parity_models_options){.model_file = "service-2.json", .data_path = ""}, &err);
    assert_non_null(fixture->models);
}

/** Check the scenarios against that. */
static inline void fixture_check(struct fixture *fixture, const char *model)
{
    fixture_open_model(fixture, model);
    for (size_t i = 0; i < fixture->scenarios.count; i++)
        parity_scenario_check(fixture->scenarios.items[i], fixture->models, &fixture->report);
}

static inline void fixture_clear(struct fixture *fixture)
{
    parity_scenarios_clear(&fixture->scenarios);
    parity_models_free(fixture->models);
    parity_buffer_clear(&fixture->problems);
    memset(fixture, 0, sizeof *fixture);
}

#endif
