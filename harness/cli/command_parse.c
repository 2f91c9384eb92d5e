/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/models.h"
#include "cli/options.h"
#include "client/client.h"
#include "client/response.h"

struct arguments {
    const char *service, *operation, *file, *model, *protocol;
    bool check_output;
};

/* 0 to go on, 1 when help was asked for, -1 for an error. */
static int read_arguments(int argc, char **argv, struct arguments *out, struct parity_error *err)
{
    const struct parity_option options[] = {
        {.name = "model",
         .argument = "FILE",
         .help = "use this service-2.json; SERVICE is then only a label",
         .value = &out->model},
        {.name = "protocol",
         .argument = "NAME",
         .help = "instead of the one that an SDK would choose",
         .value = &out->protocol},
        {.name = "check-output",
         .help = "tell on standard error where the response leaves the model",
         .flag = &out->check_output},
        {.name = NULL},
    };
    const struct parity_command_usage usage = {
        .synopsis = "parity parse [OPTIONS] SERVICE OPERATION [FILE]",
        .summary =
            "Read an HTTP response, {\"status_code\", \"headers\", \"body\"}, and print what an "
            "SDK would hand over.",
        .options = options,
    };
    int operands;
    int rc = parity_options_read(&usage, argc, argv, &operands, err);

    if (rc != 0)
        return rc;
    if (operands < 2 || operands > 3) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "SERVICE, OPERATION and at most one FILE are needed "
                    "(usage: %s)",
                    usage.synopsis);
        return -1;
    }
    out->service = argv[1];
    out->operation = argv[2];
    out->file = operands == 3 ? argv[3] : "-";
    return 0;
}

/* --- the response ------------------------------------------------------------------------------
 */

static int fail_response(struct parity_error *err, const char *name, const char *reason)
{
    parity_fail(err, PARITY_E_INVALID, name,
                "%s; a response is {\"status_code\": 200, "
                "\"headers\": {…}, \"body\": text or {\"$bytes\": base64}}",
                reason);
    return -1;
}

/* A header's value, or the values of several headers of that name. */
static int add_header(const char *name, const json_t *value, struct parity_headers *headers,
                      const char *source, struct parity_error *err)
{
    size_t i;
    json_t *item;

    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            if (json_is_array(item) || add_header(name, item, headers, source, err) < 0)
                return fail_response(err, source, "a header is no string");
        return 0;
    }
    if (!json_is_string(value))
        return fail_response(err, source, "a header is no string");
    if (parity_headers_add(headers, name, json_string_value(value)) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

static int read_body(const json_t *body, struct parity_buffer *out, const char *source,
                     struct parity_error *err)
{
    if (!body || json_is_null(body))
        return 0;
    if (json_is_string(body))
        parity_buffer_add(out, json_string_value(body), json_string_length(body));
    else if (parity_json_kind(body) != PARITY_JSON_BYTES || parity_json_bytes_get(body, out) < 0)
        return fail_response(err, source, "'body' is neither text nor bytes in base64");
    if (out->failed) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

static int read_response(const json_t *document, const char *source,
                         struct parity_http_response *out, struct parity_error *err)
{
    const json_t *status = json_object_get(document, "status_code");
    json_t *headers = json_object_get(document, "headers"), *value;
    const char *name;

    if (!json_is_object(document))
        return fail_response(err, source, "this is no object");
    if (!json_is_integer(status) || json_integer_value(status) < 100 ||
        json_integer_value(status) > 999)
        return fail_response(err, source, "'status_code' is no status");
    if (headers && !json_is_object(headers))
        return fail_response(err, source, "'headers' is no object");
    out->status_code = (int)json_integer_value(status);
    json_object_foreach(headers, name, value)
        if (add_header(name, value, &out->headers, source, err) < 0)
            return -1;
    return read_body(json_object_get(document, "body"), &out->body, source, err);
}

/* --- the command -------------------------------------------------------------------------------
 */

static int parse(const struct arguments *arguments, struct parity_models *models,
                 struct parity_http_response *response, struct parity_findings *findings,
                 json_t **out, struct parity_error *err)
{
    const struct parity_service *service = parity_models_service(models, arguments->service, err);
    const struct parity_operation *operation =
        service ? parity_service_operation(service, arguments->operation, err) : NULL;
    const struct parity_protocol *protocol = NULL;

    if (operation)
        protocol = parity_protocol_find(
            arguments->protocol ? arguments->protocol : parity_service_protocol(service), err);
    return protocol ? parity_response_parse(operation, protocol, response, findings, out, err) : -1;
}

/* The exit code, or -1. */
static int run(const struct arguments *arguments, struct parity_error *err)
{
    const char *source = strcmp(arguments->file, "-") == 0 ? "standard input" : arguments->file;
    struct parity_models *models = parity_command_models(arguments->model, err);
    struct parity_http_response response = {0};
    struct parity_findings findings = {0};
    json_t *document = NULL, *result = NULL;
    int rc = -1;

    if (models && parity_json_read_file(arguments->file, &document, err) == 0 &&
        read_response(document, source, &response, err) == 0 &&
        parse(arguments, models, &response, arguments->check_output ? &findings : NULL, &result,
              err) == 0 &&
        parity_command_print(result, err) == 0)
        rc = parity_response_is_error(result) ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
    parity_command_print_findings(&findings);
    parity_findings_clear(&findings);
    json_decref(result);
    json_decref(document);
    parity_http_response_clear(&response);
    parity_models_free(models);
    return rc;
}

int parity_command_parse(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct parity_error err = {0};
    int rc = read_arguments(argc, argv, &arguments, &err);

    if (rc == 0)
        rc = run(&arguments, &err);
    else if (rc > 0)
        rc = PARITY_EXIT_OK;
    return rc < 0 ? parity_command_fail(&err) : rc;
}
