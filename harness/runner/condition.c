/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/condition.h"

#include <stdlib.h>
#include <string.h>

#include "runner/definition_copy.h"
#include "runner/version_range.h"

#define COUNT(type_, member_)                                                                      \
    (sizeof((struct type_ *)0)->member_ / sizeof *((struct type_ *)0)->member_)

/* --- conditions --------------------------------------------------------------------------------
 */

bool parity_condition_is_given(const struct parity_condition *condition)
{
    return condition->emulators[0] || condition->variants[0] || condition->versions ||
           condition->environment || condition->check;
}

static bool names_emulator(const struct parity_condition *condition,
                           const struct parity_target_info *target)
{
    for (size_t i = 0; i < COUNT(parity_condition, emulators) && condition->emulators[i]; i++)
        if (target->emulator && strcmp(target->emulator, condition->emulators[i]) == 0)
            return true;
    return condition->emulators[0] == NULL;
}

static bool is_case(const struct parity_case *test, const char *name)
{
    return test->variant && (strcmp(name, test->variant) == 0 ||
                             (test->parameter && strcmp(name, test->parameter->name) == 0) ||
                             (test->protocol && strcmp(name, test->protocol) == 0));
}

static bool names_case(const struct parity_condition *condition, const struct parity_case *test)
{
    for (size_t i = 0; i < COUNT(parity_condition, variants) && condition->variants[i]; i++)
        if (is_case(test, condition->variants[i]))
            return true;
    return condition->variants[0] == NULL;
}

static bool has_version(const char *range, const struct parity_target_info *target)
{
    return !range ||
           (!target->aws && target->version && parity_version_in_range(target->version, range));
}

/* "NAME", "NAME=value" or "!NAME". */
static bool is_in_environment(const char *wanted)
{
    size_t length = wanted ? strcspn(wanted, "=") : 0;
    char name[256];
    const char *value;

    if (!wanted)
        return true;
    if (wanted[0] == '!') {
        value = getenv(wanted + 1);
        return !value || !value[0];
    }
    if (length >= sizeof name)
        return false;
    memcpy(name, wanted, length);
    name[length] = '\0';
    value = getenv(name);
    return value && (wanted[length] ? strcmp(value, wanted + length + 1) == 0 : value[0] != '\0');
}

bool parity_condition_holds(const struct parity_condition *condition,
                            const struct parity_case *test, const struct parity_target_info *target)
{
    return names_emulator(condition, target) && names_case(condition, test) &&
           has_version(condition->versions, target) && is_in_environment(condition->environment) &&
           (!condition->check || condition->check(target));
}

int parity_condition_check(const struct parity_condition *condition, struct parity_error *err)
{
    return condition->versions ? parity_version_range_check(condition->versions, err) : 0;
}

/* --- annotations -------------------------------------------------------------------------------
 */

static const struct parity_skip_if *find_skip_if(const struct parity_skip_if *entries, size_t max,
                                                 const struct parity_case *test,
                                                 const struct parity_target_info *target)
{
    for (size_t i = 0; i < max && entries[i].reason; i++)
        if (parity_condition_holds(&entries[i].when, test, target))
            return &entries[i];
    return NULL;
}

const struct parity_skip_if *parity_skip_if_find(const struct parity_case *test,
                                                 const struct parity_target_info *target)
{
    const struct parity_skip_if *found = find_skip_if(
        test->definition->skip_if, PARITY_LIST_ROOM(test->definition, skip_if), test, target);

    if (!found && test->suite)
        found = find_skip_if(test->suite->skip_if, COUNT(parity_suite_definition, skip_if), test,
                             target);
    return found;
}

const struct parity_expected_failure *
parity_expected_failure_find(const struct parity_case *test,
                             const struct parity_target_info *target)
{
    const struct parity_expected_failure *entry = test->definition->expected_failure;
    size_t most = PARITY_LIST_ROOM(test->definition, expected_failure);

    if (target->aws)
        return NULL;
    for (size_t i = 0; i < most && entry[i].reason; i++)
        if (parity_condition_holds(&entry[i].when, test, target))
            return &entry[i];
    return NULL;
}

/* An entry with a condition and no reason would end the list unseen. */
static int check_entry(const char *what, const char *reason, const struct parity_condition *when,
                       struct parity_error *err)
{
    if (!reason && parity_condition_is_given(when)) {
        parity_fail(err, PARITY_E_INVALID, NULL, "%s has no .reason", what);
        return -1;
    }
    return parity_condition_check(when, err);
}

static int check_skips(const struct parity_skip_verify *entries, size_t max,
                       struct parity_error *err)
{
    for (size_t i = 0; i < max; i++)
        if (parity_condition_check(&entries[i].when, err) < 0)
            return -1;
    return 0;
}

static int check_skip_ifs(const struct parity_skip_if *entries, size_t max,
                          struct parity_error *err)
{
    for (size_t i = 0; i < max; i++)
        if (check_entry(".skip_if", entries[i].reason, &entries[i].when, err) < 0)
            return -1;
    return 0;
}

int parity_annotations_check(const struct parity_test_definition *test,
                             const struct parity_suite_definition *suite, struct parity_error *err)
{
    if (suite &&
        (check_skips(suite->skip_verify, COUNT(parity_suite_definition, skip_verify), err) < 0 ||
         check_skip_ifs(suite->skip_if, COUNT(parity_suite_definition, skip_if), err) < 0))
        return -1;
    if (!test)
        return 0;
    if (check_skips(test->skip_verify, PARITY_LIST_ROOM(test, skip_verify), err) < 0 ||
        check_skip_ifs(test->skip_if, PARITY_LIST_ROOM(test, skip_if), err) < 0)
        return -1;
    for (size_t i = 0; i < PARITY_LIST_ROOM(test, expected_failure); i++) {
        const struct parity_expected_failure *entry = &test->expected_failure[i];

        if (check_entry(".expected_failure", entry->reason, &entry->when, err) < 0)
            return -1;
    }
    return 0;
}
