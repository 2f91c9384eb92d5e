/* SPDX-License-Identifier: Apache-2.0 */

/*
 * For test_follow_botocore.py: paginators and waiters on answers that are given. Reads lines of
 * JSON with `responses`, `input`, and `paginators` and `operation` or `waiters`, `waiter` and
 * `max_attempts`; the last response is given again and again. Prints for each
 * {"rc": …, "result": …, "inputs": […], "message": "…"}.
 */

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/paginator.h"
#include "client/waiter.h"

struct script {
    const json_t *responses;
    json_t *inputs;
};

static int call(void *data, const char *operation, const json_t *input, json_t **out,
                struct parity_error *err)
{
    struct script *script = data;
    size_t at = json_array_size(script->inputs), size = json_array_size(script->responses);

    (void)operation;
    json_array_append_new(script->inputs, parity_json_copy(input));
    *out = parity_json_copy(json_array_get(script->responses, at < size ? at : size - 1));
    if (!*out)
        parity_fail_nomem(err);
    return *out ? 0 : -1;
}

static int paginate(const json_t *question, struct parity_caller caller, json_t **out,
                    struct parity_error *err)
{
    const char *operation = json_string_value(json_object_get(question, "operation"));
    struct parity_paginator *paginator =
        parity_paginator_new(json_object_get(question, "paginators"), operation, err);
    int rc = -1;

    if (paginator)
        rc = parity_paginate(paginator, caller, json_object_get(question, "input"), NULL, out, err);
    parity_paginator_free(paginator);
    return rc;
}

static int wait(const json_t *question, struct parity_caller caller, json_t **out,
                struct parity_error *err)
{
    const char *name = json_string_value(json_object_get(question, "waiter"));
    const struct parity_wait_options options = {
        .delay_s = -1,
        .max_attempts = (int)json_integer_value(json_object_get(question, "max_attempts"))};
    struct parity_waiter *waiter =
        parity_waiter_new(json_object_get(question, "waiters"), name, err);
    int rc = -1;

    if (waiter)
        rc = parity_wait(waiter, caller, json_object_get(question, "input"), &options, out, err);
    parity_waiter_free(waiter);
    return rc;
}

static void answer(const json_t *question)
{
    struct script script = {json_object_get(question, "responses"), json_array()};
    struct parity_caller caller = {.call = call, .data = &script};
    struct parity_error err = {0};
    struct parity_buffer out = {0};
    json_t *result = NULL;
    int rc = json_object_get(question, "waiter") ? wait(question, caller, &result, &err)
                                                 : paginate(question, caller, &result, &err);

    parity_buffer_printf(&out, "{\"rc\": %d, \"message\": ", rc);
    parity_json_write_string(&out, err.message, strlen(err.message));
    parity_buffer_add_text(&out, ", \"inputs\": ");
    parity_json_write(&out, script.inputs, PARITY_JSON_LINE);
    if (result) {
        parity_buffer_add_text(&out, ", \"result\": ");
        parity_json_write(&out, result, PARITY_JSON_LINE);
    }
    parity_buffer_add_text(&out, "}");
    puts(out.data ? out.data : "");
    parity_buffer_clear(&out);
    json_decref(script.inputs);
    json_decref(result);
}

int main(void)
{
    struct parity_buffer line = {0};
    json_t *question;
    int c;

    parity_memory_init();
    while ((c = getchar()) != EOF) {
        struct parity_error err = {0};

        if (c != '\n') {
            parity_buffer_add_char(&line, (char)c);
            continue;
        }
        if (parity_json_parse(line.data, line.length, "input", &question, &err) < 0) {
            fprintf(stderr, "%s\n", err.message);
            return 2;
        }
        answer(question);
        json_decref(question);
        parity_buffer_reset(&line);
    }
    parity_buffer_clear(&line);
    return 0;
}
