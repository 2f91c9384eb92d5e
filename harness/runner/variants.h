/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_VARIANTS_H
#define PARITY_RUNNER_VARIANTS_H

#include <jansson.h>
#include <parity/definition.h>
#include <stddef.h>

#include "base/error.h"
#include "client/model.h"
#include "runner/registry.h"

/*
 * One definition is as many cases as it has variants, times the protocols that it goes over.
 */

enum {
    PARITY_MOST_PROTOCOLS = sizeof((struct parity_test_definition *)0)->protocols /
                            sizeof *((struct parity_test_definition *)0)->protocols
};

/** Names of protocols; of the definition, or constant. */
struct parity_case_protocols {
    const char *names[PARITY_MOST_PROTOCOLS];
    size_t count; /* 0: the test does not care */
};

/**
 * Check the names and values of the variants and the keys of recordings.
 * @return 0 or -1 (PARITY_E_INVALID with the test's file and line)
 */
int parity_variants_check(const struct parity_test_definition *definition,
                          struct parity_error *err);

/** The value of a variant that has one. @param out new @return 0 or -1 (PARITY_E_USAGE, no memory)
 */
int parity_variant_read(const struct parity_variant *variant, json_t **out,
                        struct parity_error *err);

/**
 * The protocols of a definition: those that it lists, or with ALL those that parity speaks and a
 * model of the service lists, the newest or one of an older kind (`<service>-<protocol>`).
 *
 * @param models   only needed for ALL
 * @param service  of the test; NULL: it says none, and stands in no folder
 * @param err      PARITY_E_INVALID (no service, an unknown protocol; with file and line), as
 *                 parity_models_service()
 * @return 0 or -1
 */
int parity_variants_protocols(const struct parity_test_definition *definition,
                              struct parity_models *models, const char *service,
                              struct parity_case_protocols *out, struct parity_error *err);

/**
 * Fill in what makes a case one of several: `variant`, `id` and `recorded_as` from `definition`,
 * `suite_path`, `parameter` and `protocol`.
 * @return 0 or -1 (out of memory)
 */
int parity_variants_name(struct parity_case *test);

#endif
