/* SPDX-License-Identifier: Apache-2.0 */
/*
 * {"file", "waiter", "answers"}: any waiters-2.json is refused with a reason, or waits over any
 * answers until it is decided, and says why not.
 */
#include <stdlib.h>

#include "client/waiter.h"
#include "fuzz.h"
#include "script.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

static void wait_for(const struct parity_waiter *waiter, const json_t *document)
{
    const struct parity_wait_options options = {.delay_s = -1, .max_attempts = 20};
    struct script script = {.answers = json_object_get(document, "answers")};
    json_t *input = json_object(), *last = NULL;
    struct parity_error err = {0};
    int rc =
        parity_wait(waiter, (struct parity_caller){play, &script}, input, &options, &last, &err);

    expect(rc == 0 ? last && err.code == PARITY_OK : err.code != PARITY_OK && err.message[0]);
    json_decref(last);
    json_decref(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_waiter *waiter;
    struct parity_error err = {0};
    const char *name;
    json_t *document;

    if (parity_json_parse((const char *)data, size, NULL, &document, NULL) < 0)
        return 0;
    name = json_string_value(json_object_get(document, "waiter"));
    waiter =
        parity_waiter_new(json_object_get(document, "file"), name ? name : "ThingExists", &err);
    if (waiter)
        wait_for(waiter, document);
    else
        expect(err.code != PARITY_OK && err.message[0]);
    parity_waiter_free(waiter);
    json_decref(document);
    return 0;
}
