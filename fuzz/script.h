/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_FUZZ_SCRIPT_H
#define PARITY_FUZZ_SCRIPT_H

#include "base/json.h"
#include "client/caller.h"

/** Answers that a script has in store, one after the other; then calls fail. */
struct script {
    const json_t *answers;
    size_t at;
};

static inline int play(void *data, const char *operation, const json_t *input, json_t **out,
                       struct parity_error *err)
{
    struct script *script = data;
    const json_t *answer = json_array_get(script->answers, script->at++);

    (void)operation;
    (void)input;
    *out = json_is_object(answer) ? parity_json_copy(answer) : NULL;
    if (!*out)
        parity_fail(err, PARITY_E_NETWORK, "http://target", "connection reset");
    return *out ? 0 : -1;
}

#endif
