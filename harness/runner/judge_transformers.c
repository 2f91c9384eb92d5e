/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/judge_transformers.h"

#include <string.h>

#include "runner/custom.h"
#include "runner/definition_copy.h"

enum {
    SUITE_TRANSFORMERS = sizeof((struct parity_suite_definition *)0)->transformers /
                         sizeof(struct parity_transformation)
};

static int add_specs(struct parity_kept_transformers *kept, struct parity_transformers *list,
                     const json_t *specs, struct parity_error *err)
{
    const json_t *spec;
    size_t i;

    json_array_foreach(specs, i, spec)
        if (parity_kept_transformers_add(kept, list, spec, err) < 0)
            return -1;
    return 0;
}

static int add_one(struct parity_kept_transformers *kept, struct parity_transformers *list,
                   const struct parity_transformation *transformation, struct parity_error *err)
{
    json_t *specs;
    int rc = -1;

    if (strcmp(transformation->type, "custom") == 0)
        return parity_custom_add(list, transformation, err);
    specs = json_array();
    if (!specs || parity_transformation_add(specs, transformation) < 0)
        parity_fail_nomem(err);
    else
        rc = add_specs(kept, list, specs, err);
    json_decref(specs);
    return rc;
}

static int add_defined(struct parity_kept_transformers *kept, struct parity_transformers *list,
                       const struct parity_transformation *transformations, size_t max,
                       struct parity_error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < max && transformations[i].type; i++)
        rc = add_one(kept, list, &transformations[i], err);
    return rc;
}

static bool wants_old_defaults(const struct parity_case *test_case)
{
    enum parity_defaults defaults = test_case->definition->defaults;

    if (defaults == PARITY_DEFAULTS_INHERIT && test_case->suite)
        defaults = test_case->suite->defaults;
    return defaults == PARITY_DEFAULTS_OLD;
}

/* At priority 0, as the reference has it: before those that the test names. */
static int add_cleaning(struct parity_transformers *list, struct parity_error *err)
{
    json_t *preset = json_pack("{s:s, s:s}", "type", "preset", "name", "always");
    int rc = -1;

    if (preset)
        rc = parity_transformers_add_spec(list, preset, err);
    else
        parity_fail_nomem(err);
    json_decref(preset);
    return rc;
}

/* --- what tests have in common -----------------------------------------------------------------
 */

static struct parity_kept_transformers *kept_of(const struct parity_test *t)
{
    return t->environment->common_transformers ? &t->environment->common_transformers->kept : NULL;
}

/* The defaults come first, as the fixture of existing recordings added them first. */
static int add_common(const struct parity_test *t, struct parity_transformers *list,
                      struct parity_error *err)
{
    const struct parity_suite_definition *suite = t->test_case->suite;
    const struct parity_defaults_options defaults = {
        .account_id = t->environment->primary.account_id,
        .region = t->environment->primary.region,
        .partition = t->environment->partition,
        .old = wants_old_defaults(t->test_case),
    };

    if (parity_transformers_add_defaults(list, &defaults, err) < 0 || add_cleaning(list, err) < 0)
        return -1;
    return suite ? add_defined(kept_of(t), list, suite->transformers, SUITE_TRANSFORMERS, err) : 0;
}

void parity_common_transformers_clear(struct parity_common_transformers *common)
{
    parity_transformers_clear(&common->list);
    parity_kept_transformers_clear(&common->kept);
    memset(common, 0, sizeof *common);
}

static bool are_of(const struct parity_common_transformers *common, const struct parity_test *t)
{
    return common->list.count > 0 && common->suite == t->test_case->suite &&
           common->account_id == t->environment->primary.account_id &&
           common->old == wants_old_defaults(t->test_case);
}

/* Kept for the tests that follow, which are mostly of the same suite. */
static int share_common(const struct parity_test *t, struct parity_common_transformers *common,
                        struct parity_transformers *list, struct parity_error *err)
{
    if (!are_of(common, t)) {
        parity_transformers_clear(&common->list);
        if (add_common(t, &common->list, err) < 0) {
            parity_transformers_clear(&common->list);
            return -1;
        }
        common->suite = t->test_case->suite;
        common->account_id = t->environment->primary.account_id;
        common->old = wants_old_defaults(t->test_case);
    }
    if (parity_transformers_borrow(list, &common->list) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* --- all of a test -----------------------------------------------------------------------------
 */

int parity_judge_transformers(const struct parity_test *t, const json_t *at_run_time,
                              const json_t *further, struct parity_transformers *list,
                              struct parity_error *err)
{
    struct parity_common_transformers *common = t->environment->common_transformers;
    struct parity_kept_transformers *kept = kept_of(t);
    const struct parity_test_definition *definition = t->test_case->definition;
    int rc = common ? share_common(t, common, list, err) : add_common(t, list, err);

    if (rc < 0 || add_defined(kept, list, definition->transformers,
                              PARITY_LIST_ROOM(definition, transformers), err) < 0)
        return -1;
    return add_specs(kept, list, at_run_time, err) < 0 ? -1 : add_specs(kept, list, further, err);
}
