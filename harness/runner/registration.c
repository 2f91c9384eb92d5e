/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/memory.h"
#include "runner/registry.h"

/* Filled by the constructors of a module while dlopen() runs them, which have no argument to lead
 * them anywhere else. */
static struct parity_registration registered;

void parity_register(const struct parity_test_definition *definition)
{
    if (parity_grow(&registered.tests, &registered.capacity, registered.count + 1,
                    sizeof(struct parity_test_definition *)) < 0)
        registered.failed = 1;
    else
        registered.tests[registered.count++] = definition;
}

void parity_register_suite(const struct parity_suite_definition *definition)
{
    registered.suite = definition;
    registered.suite_count++;
}

void parity_registration_reset(void)
{
    parity_free(registered.tests);
    memset(&registered, 0, sizeof registered);
}

const struct parity_registration *parity_registration(void)
{
    return &registered;
}
