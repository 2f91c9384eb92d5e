/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUTHORING_SHARED_H
#define AUTHORING_SHARED_H

#include <parity/suite.h>

/* Fixtures of more than one suite. The name of the thing says who made it. */

static inline json_t *make_thing(struct parity_test *t, const char *prefix)
{
    json_t *thing = call(t, "thing", "CreateThing", "{'Name': %s}", unique_name(t, prefix));

    on_cleanup(t, "thing", "DeleteThing", "{'Name': %j}", get(t, thing, "$.Name"));
    return thing;
}

PARITY_FIXTURE(of_the_run, .scope = RUN_SCOPE)
{
    return make_thing(t, "run");
}

PARITY_FIXTURE(refused_to_all, .scope = RUN_SCOPE)
{
    make_thing(t, "before");
    return call(t, "thing", "DeleteThing", "{'Name': 'none'}");
}

#endif
