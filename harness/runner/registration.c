/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/memory.h"
#include "runner/definition_copy.h"
#include "runner/registry.h"

/* Filled by the constructors of a module while dlopen() runs them, which have no argument to lead
 * them anywhere else. */
static struct parity_registration registered;

void parity_register(const struct parity_test_definition *definition)
{
    struct parity_test_definition *copy;

    if (definition->abi != PARITY_ABI || definition->size != sizeof *definition) {
        registered.other_layout = true;
        return;
    }
    copy = parity_definition_copy(definition);
    if (!copy || parity_grow(&registered.tests, &registered.capacity, registered.count + 1,
                             sizeof *registered.tests) < 0) {
        parity_free(copy);
        registered.failed = true;
        return;
    }
    registered.tests[registered.count++] = copy;
}

void parity_register_suite(const struct parity_suite_definition *definition)
{
    registered.other_layout |=
        definition->abi != PARITY_ABI || definition->size != sizeof *definition;
    registered.suite = definition;
    registered.suite_count++;
}

void parity_registration_take(struct parity_test_definition **out)
{
    for (size_t i = 0; i < registered.count; i++)
        out[i] = registered.tests[i];
    registered.count = 0;
}

void parity_registration_reset(void)
{
    for (size_t i = 0; i < registered.count; i++)
        parity_free(registered.tests[i]);
    parity_free(registered.tests);
    memset(&registered, 0, sizeof registered);
}

const struct parity_registration *parity_registration(void)
{
    return &registered;
}
