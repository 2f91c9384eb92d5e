/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "cli/models.h"
#include "cli/options.h"
#include "client/endpoint.h"

/* Prints the endpoint or the error of a rule. Returns the exit code, or -1. */
static int resolve(struct parity_models *models, const char *service, const json_t *params,
                   struct parity_error *err)
{
    json_t *result = NULL;
    struct parity_error reason = {0};
    int code = -1;

    if (parity_endpoint_resolve(models, service, params, &result, &reason) < 0) {
        /* A misspelt service is better told by the models than by a missing rule set. */
        if (reason.code != PARITY_E_NOT_FOUND || parity_models_service(models, service, err))
            *err = reason;
    } else if (parity_command_print(result, err) == 0) {
        code = json_object_get(result, "error") ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
    }
    json_decref(result);
    return code;
}

static int run(const char *service, const char *input, struct parity_error *err)
{
    struct parity_models *models = NULL;
    json_t *params = NULL;
    int code = -1;

    if (parity_command_input(input, "PARAMS", &params, err) == 0 &&
        (models = parity_command_models(NULL, err)) && parity_models_service(models, service, err))
        code = resolve(models, service, params, err);
    json_decref(params);
    parity_models_free(models);
    return code;
}

int parity_command_endpoint(int argc, char **argv)
{
    const struct parity_option options[] = {{.name = NULL}};
    const struct parity_command_usage usage = {
        .synopsis = "parity endpoint SERVICE [PARAMS]",
        .summary = "Turn endpoint parameters (a JSON object, @FILE or -) into a URL.",
        .options = options,
    };
    struct parity_error err = {0};
    int operands, code;
    int rc = parity_options_read(&usage, argc, argv, &operands, &err);

    if (rc > 0)
        return PARITY_EXIT_OK;
    if (rc == 0 && (operands < 1 || operands > 2))
        parity_fail(&err, PARITY_E_USAGE, NULL, "SERVICE and at most PARAMS are needed (usage: %s)",
                    usage.synopsis);
    code = err.code == PARITY_OK ? run(argv[1], operands > 1 ? argv[2] : NULL, &err) : -1;
    return code < 0 ? parity_command_fail(&err) : code;
}
