/* SPDX-License-Identifier: Apache-2.0 */
/*
 * {"file", "operation", "input", "answers"}: any paginators-1.json is refused with a reason, or
 * followed over any answers to one result or one error.
 */
#include <stdlib.h>

#include "client/paginator.h"
#include "fuzz.h"
#include "script.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

static void follow(const struct parity_paginator *paginator, const json_t *document)
{
    const struct parity_pages_options options = {.max_pages = 20};
    struct script script = {.answers = json_object_get(document, "answers")};
    const json_t *given = json_object_get(document, "input");
    json_t *input = json_is_object(given) ? parity_json_copy(given) : json_object();
    struct parity_error err = {0};
    json_t *out = NULL;
    int rc = parity_paginate(paginator, (struct parity_caller){play, &script}, input, &options,
                             &out, &err);

    expect(rc == 0 ? out && err.code == PARITY_OK : !out && err.code != PARITY_OK);
    json_decref(out);
    json_decref(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_paginator *paginator;
    struct parity_error err = {0};
    const char *operation;
    json_t *document;

    if (parity_json_parse((const char *)data, size, NULL, &document, NULL) < 0)
        return 0;
    operation = json_string_value(json_object_get(document, "operation"));
    paginator = parity_paginator_new(json_object_get(document, "file"),
                                     operation ? operation : "ListThings", &err);
    if (paginator)
        follow(paginator, document);
    else
        expect(err.code != PARITY_OK && err.message[0]);
    parity_paginator_free(paginator);
    json_decref(document);
    return 0;
}
