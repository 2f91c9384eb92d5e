/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_H
#define PARITY_SCENARIO_H

#include <parity/definition.h>
#include <sys/stat.h>

#include "client/model.h"
#include "runner/kept_transformers.h"
#include "scenario/place.h"
#include "scenario/step.h"

/*
 * Tests as data: files of scenarios become the test definitions that suites register, with one body
 * for all of them that makes the steps through the functions of parity/test.h.
 */

/** One scenario, whose structure is known to be right. It stands in the memory of its source. */
struct parity_scenario {
    const struct parity_scenario_source *source;
    const json_t *test; /* borrowed from the source */
    size_t index;       /* of the test in its file */
    const char *id;
    struct parity_scenario_steps steps, cleanup;
    struct parity_test_definition definition;
};

/** Scenarios and the files that they come from. Zero-initialise, load, clear. */
struct parity_scenarios {
    struct parity_scenario **items; /* each its source's: definitions stay where they are */
    size_t count, capacity;
    struct parity_scenario_source **sources; /* each owned */
    size_t source_count, source_capacity;
    json_t *ids; /* {id: "file:line"} */
};

void parity_scenarios_clear(struct parity_scenarios *scenarios);

/** Whether this file (by its absolute path) was loaded. */
bool parity_scenarios_have(const struct parity_scenarios *scenarios, const char *path);

/** The same, by whatever path: links may lead to it. */
bool parity_scenarios_have_file(const struct parity_scenarios *scenarios,
                                const struct stat *status);

/**
 * Load a file. Everything that can be seen in it alone is checked: fields and their types, and that
 * each reference names something that is there by then. The service models are not looked at.
 *
 * A test with a problem is not added; the others of the file are.
 *
 * @param path      absolute
 * @param name      how messages and reports call it
 * @param optional  a file of another kind is fine: it stands in a folder that was named
 * @param report    told of each problem
 * @return 0 (report->problems says whether all is well) or -1 (PARITY_E_NOMEM)
 */
int parity_scenarios_load(struct parity_scenarios *scenarios, const char *path, const char *name,
                          bool optional, struct parity_scenario_report *report,
                          struct parity_error *err);

/**
 * Check a scenario against the service models: services, operations, waiters, protocols, parameters
 * of inputs, and the paths of references into the outputs of earlier steps; also paths and
 * transformers.
 *
 * @param report  told of each problem
 */
void parity_scenario_check(const struct parity_scenario *scenario, struct parity_models *models,
                           struct parity_scenario_report *report);

/**
 * The same before the first call of a test, but for the paths of `skip_verify`, which
 * parity_judge_check() has looked at by then, and for what lies in answers that an input takes as a
 * whole: where it is left out, the test runs.
 *
 * @param kept  transformers that are known to be right; NULL: none
 */
void parity_scenario_check_before_run(const struct parity_scenario *scenario,
                                      struct parity_models *models,
                                      const struct parity_kept_transformers *kept,
                                      struct parity_scenario_report *report);

/* --- between the files of this folder ----------------------------------------------------------
 */

/** Check the structure of one test. @param place  of the test */
void parity_scenario_check_structure(const struct parity_scenario_source *source,
                                     const struct parity_place *place,
                                     struct parity_scenario_report *report);

/** The same for what it says about itself as tests in C do. @param test  an object */
void parity_scenario_check_annotations(const struct parity_scenario_source *source,
                                       const struct parity_place *test,
                                       struct parity_scenario_report *report);

/** Put that, once checked, into the definition; more than it can hold is a problem. */
void parity_scenario_fill_annotations(const struct parity_scenario_source *source,
                                      const struct parity_place *test,
                                      struct parity_test_definition *definition,
                                      struct parity_scenario_report *report);

/** The same for a step, but for its references. */
void parity_scenario_check_step(const struct parity_scenario_source *source,
                                const struct parity_place *place, bool is_cleanup,
                                struct parity_scenario_report *report);

/** What is known about a member of an object in a scenario file. */
struct parity_scenario_field {
    const char *name;
    const char *type; /* as messages say it: "a text", "true or false", "a number", "an object", "a
                         list"; NULL: anything */
    bool required;
};

/** What the parts of a file may have, each ended by a field without a name. */
extern const struct parity_scenario_field parity_scenario_file_fields[];
extern const struct parity_scenario_field parity_scenario_test_fields[];
extern const struct parity_scenario_field parity_scenario_skip_fields[];
extern const struct parity_scenario_field parity_scenario_skip_if_fields[];
extern const struct parity_scenario_field parity_scenario_failure_fields[];
extern const struct parity_scenario_field parity_scenario_until_fields[];

/**
 * The fields of a step that does `purpose` ("call", "wait", "value", "sleep").
 *
 * @param out  room for PARITY_SCENARIO_STEP_FIELDS of them
 */
enum { PARITY_SCENARIO_STEP_FIELDS = 24 };
void parity_scenario_step_fields(const char *purpose, bool is_cleanup,
                                 struct parity_scenario_field *out);

/**
 * Check names and types of an object's members.
 *
 * @param fields  ended by one without a name
 * @param what    as messages say it: "a step"
 * @return whether all is well
 */
bool parity_scenario_check_fields(const struct parity_scenario_source *source,
                                  const struct parity_place *place,
                                  const struct parity_scenario_field *fields, const char *what,
                                  struct parity_scenario_report *report);

/** Texts that become names hold no NUL, at which C would cut them, and are UTF-8 that can be
 * written. @param place  of a text */
void parity_scenario_check_characters(const struct parity_scenario_source *source,
                                      const struct parity_place *place,
                                      struct parity_scenario_report *report);

/** The members of a step in which references are resolved, ended by NULL. */
extern const char *const parity_scenario_resolved_fields[];

/** "sqs.CreateQueue" in two. @return whether it is of that form */
bool parity_scenario_split(const char *text, char *service, char *operation, size_t size);

/** Why a scenario with `fixed_times` is skipped on AWS. */
#define PARITY_SCENARIO_FIXED_TIMES                                                                \
    "its inputs hold times of one day (fixed_times), which AWS refuses"

/** The body of every scenario; `data` is its struct parity_scenario. */
void parity_scenario_run(struct parity_test *t, const void *data);

#endif
