/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_REGISTRY_H
#define PARITY_RUNNER_REGISTRY_H

#include <parity/definition.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "client/model.h"

/*
 * Tests come from modules: shared objects that lie below a modules folder as their suites lie below
 * suites/ ("sqs/test_send.so" is the suite "sqs/test_send.c") and register what they hold when they
 * are loaded.
 */

/** One test that can be run. */
struct parity_case {
    char *id;         /* owned: "sqs/test_send.c::fifo"; of a scenario what its file says */
    char *suite_path; /* owned: "sqs/test_send.c"; of a scenario how reports call its file */
    char *source;     /* owned: absolute path of a scenario's file; NULL: the test is in a module */
    const struct parity_test_definition *definition;
    const struct parity_suite_definition *suite; /* NULL: the file has no PARITY_SUITE */
    char *recorded_as;                           /* owned: of this case; NULL: only as `id` */
    char *variant; /* owned: what stands in the brackets of the id; NULL: it has none */
    const struct parity_variant *parameter; /* NULL: the test has no variants */
    const char *protocol; /* that calls of `service` go over; NULL: the test does not choose */
    char *service;        /* owned; NULL: none is known */
    size_t number;        /* its place in the registry, or among merged results; reports go by it */
};

/** Loaded tests and the modules they come from. Zero-initialise, load, clear. */
struct parity_registry {
    struct parity_case *cases;
    size_t count, capacity;
    void **modules;
    size_t module_count, module_capacity;
    struct parity_test_definition **definitions; /* each owned: of the modules' tests */
    size_t definition_count, definition_capacity;
    struct parity_models
        *models; /* borrowed: for tests over all protocols of a service; may be NULL */
};

/** Forget the tests and unload the modules. */
void parity_registry_clear(struct parity_registry *registry);

/** Suite paths of all modules below a folder, sorted. Zero-initialise, clear. */
struct parity_suite_paths {
    char **items; /* each owned */
    size_t count, capacity;
};
void parity_suite_paths_clear(struct parity_suite_paths *paths);

/**
 * List the modules below `folder`.
 *
 * @param out  filled from zero; cleared by the caller in either case
 * @param err  PARITY_E_ENVIRONMENT: no such folder (how to build it, how to name it); PARITY_E_IO
 * @return 0 or -1
 */
int parity_modules_list(const char *folder, struct parity_suite_paths *out,
                        struct parity_error *err);

/** Where the module of a suite is: "sqs/test_send.c" in folder, "folder/sqs/test_send.so". New;
 * NULL: no memory. */
char *parity_module_file(const char *folder, const char *suite_path);

/**
 * Load one module and add its tests.
 *
 * @param err  PARITY_E_INVALID: the file is no module, was built against another version of
 *             parity's headers, names one test twice or has one without a marker
 * @return 0, or -1 (then none of its tests were added)
 */
int parity_registry_load(struct parity_registry *registry, const char *folder,
                         const char *suite_path, struct parity_error *err);

/**
 * Add the cases of a test, one if it has no variants and no protocols. The definition must outlive
 * the registry.
 *
 * @return 0 or -1 (PARITY_E_INVALID: an id exists; PARITY_E_NOMEM; as parity_variants_protocols());
 *         then some of its cases may have been added
 */
int parity_registry_add(struct parity_registry *registry, const char *suite_path,
                        const struct parity_suite_definition *suite,
                        const struct parity_test_definition *definition, struct parity_error *err);

/**
 * Add a test whose id does not come from its place; the caller sees to it that it is new.
 *
 * @param source  absolute path of the file that it comes from
 * @return 0 or -1 (PARITY_E_NOMEM)
 */
int parity_registry_add_scenario(struct parity_registry *registry, const char *id,
                                 const char *suite_path, const char *source,
                                 const struct parity_test_definition *definition,
                                 struct parity_error *err);

/** Bring the tests into the order of their ids, and number them. */
void parity_registry_sort(struct parity_registry *registry);

/* --- between the loader and parity_register() --------------------------------------------------
 */

/** What was registered since the last parity_registration_reset(). */
struct parity_registration {
    struct parity_test_definition **tests; /* each owned: see definition_copy.h */
    size_t count, capacity;
    const struct parity_suite_definition *suite;
    size_t suite_count;
    bool other_layout; /* one of them, which is left out, comes from other headers */
    bool failed;       /* out of memory */
};
void parity_registration_reset(void);
const struct parity_registration *parity_registration(void);
/** Hand over the tests' definitions. @param out  room for `count` */
void parity_registration_take(struct parity_test_definition **out);

#endif
