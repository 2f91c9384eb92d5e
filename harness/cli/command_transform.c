/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "transformers/transformer.h"

static int read_transformers(const char *path, struct parity_transformers *out,
                             struct parity_error *err)
{
    json_t *specs, *spec;
    size_t i;
    int rc = 0;

    if (parity_json_read_file(path, &specs, err) < 0)
        return -1;
    if (!json_is_array(specs)) {
        parity_fail(err, PARITY_E_INVALID, path,
                    "the transformers must be an array like [{\"type\": \"text\", ...}]");
        rc = -1;
    }
    json_array_foreach(specs, i, spec) {
        rc = parity_transformers_add_spec(out, spec, err);
        if (rc < 0) {
            parity_error_add_context(err, "%s: transformer %zu", path, i + 1);
            break;
        }
    }
    json_decref(specs);
    return rc;
}

/* The observed document, each match value in the order that match() gives it. */
static json_t *read_observed(const char *path, struct parity_error *err)
{
    json_t *observed, *value;
    const char *key;
    size_t length;

    if (parity_json_read_file(path, &observed, err) < 0)
        return NULL;
    if (!json_is_object(observed)) {
        parity_fail(err, PARITY_E_INVALID, path,
                    "the observed document must be an object from match keys to values");
        json_decref(observed);
        return NULL;
    }
    json_object_keylen_foreach(observed, key, length, value) {
        if (json_object_setn_new_nocheck(observed, key, length, parity_match_order_hollow(value)) <
            0) {
            parity_fail_nomem(err);
            json_decref(observed);
            return NULL;
        }
    }
    return observed;
}

static int run(const char *transformers_path, const char *observed_path, struct parity_error *err)
{
    struct parity_transformers transformers = {0};
    json_t *observed = NULL, *transformed = NULL, *warnings = NULL, *warning;
    size_t i;
    int rc = parity_command_add_presets(err);

    if (rc == 0)
        rc = read_transformers(transformers_path, &transformers, err);
    if (rc == 0)
        rc = (observed = read_observed(observed_path, err)) ? 0 : -1;
    if (rc == 0)
        rc = parity_transform_take(&transformers, observed, &warnings, &transformed, err);
    json_array_foreach(warnings, i, warning)
        fprintf(stderr, "parity: warning: %s\n", json_string_value(warning));
    if (rc == 0)
        rc = parity_command_print(transformed, err);
    json_decref(warnings);
    json_decref(transformed);
    parity_transformers_clear(&transformers);
    return rc;
}

int parity_command_transform(int argc, char **argv)
{
    const char *transformers = NULL;
    const struct parity_option options[] = {
        {.name = "transformers",
         .letter = 't',
         .argument = "FILE",
         .help = "the transformers, an array; required",
         .value = &transformers},
        {0},
    };
    const struct parity_command_usage usage = {
        "parity transform --transformers FILE [FILE]",
        "Transform an observed document, {\"match key\": value}, to what would be recorded.",
        options};
    struct parity_error err = {0};
    int operands, rc = parity_options_read(&usage, argc, argv, &operands, &err);

    if (rc != 0)
        return rc > 0 ? PARITY_EXIT_OK : parity_command_fail(&err);
    if (!transformers || operands > 1) {
        parity_fail(&err, PARITY_E_USAGE, NULL, "%s (usage: %s)",
                    transformers ? "more than one file given"
                                 : "option '--transformers' is missing",
                    usage.synopsis);
        return parity_command_fail(&err);
    }
    if (run(transformers, operands ? argv[1] : "-", &err) < 0)
        return parity_command_fail(&err);
    return PARITY_EXIT_OK;
}
