/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "client/http_text.h"
#include "client/sign_context.h"
#include "client/sigv4a.h"

struct arguments {
    const char *context, *algorithm, *file;
    bool query;
};

static const size_t max_request_bytes = (size_t)1 << 30;

static int check_arguments(struct arguments *arguments, int operands, char **argv,
                           struct parity_error *err)
{
    const char *message = NULL;

    arguments->file = operands ? argv[1] : "-";
    if (operands > 1)
        message = "more than one FILE; one request is signed at a time";
    else if (!arguments->context)
        message = "option '--context' is missing: a JSON file with credentials, region, service "
                  "and timestamp";
    else if (strcmp(arguments->context, "-") == 0 && strcmp(arguments->file, "-") == 0)
        message = "context and request cannot both come from standard input";
    else if (arguments->algorithm && strcmp(arguments->algorithm, "sigv4") != 0 &&
             strcmp(arguments->algorithm, "sigv4a") != 0)
        message = "option '--algorithm' must be sigv4 or sigv4a";
    if (!message)
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL, "%s", message);
    return -1;
}

/* 0 to go on, 1 when help was asked for, -1 for an error. */
static int read_arguments(int argc, char **argv, struct arguments *out, struct parity_error *err)
{
    const struct parity_option options[] = {
        {.name = "context",
         .argument = "CONTEXT.json",
         .help = "what to sign with: credentials, region, service, timestamp, …",
         .value = &out->context},
        {.name = "query", .help = "sign in the query string (presign)", .flag = &out->query},
        {.name = "algorithm",
         .argument = "NAME",
         .help = "sigv4 (default) or sigv4a",
         .value = &out->algorithm},
        {.name = NULL},
    };
    const struct parity_command_usage usage = {
        .synopsis = "parity sign --context CONTEXT.json [--query] [--algorithm NAME] [FILE]",
        .summary = "Sign a raw HTTP/1.1 request and print the steps.",
        .options = options,
    };
    int operands;
    int rc = parity_options_read(&usage, argc, argv, &operands, err);

    return rc ? rc : check_arguments(out, operands, argv, err);
}

static int sign(const struct arguments *arguments, struct parity_http_request *request,
                const struct parity_sigv4_options *options, struct parity_sigv4_trace *trace,
                struct parity_error *err)
{
    bool asymmetric = arguments->algorithm && strcmp(arguments->algorithm, "sigv4a") == 0;

    if (asymmetric)
        return arguments->query ? parity_sigv4a_sign_query(request, options, trace, err)
                                : parity_sigv4a_sign_header(request, options, trace, err);
    return arguments->query ? parity_sigv4_sign_query(request, options, trace, err)
                            : parity_sigv4_sign_header(request, options, trace, err);
}

/* Text where it is UTF-8, else a byte string. New, or NULL. */
static json_t *text_or_bytes(const char *data, size_t length)
{
    json_t *text = json_stringn(data, length);

    return text ? text : parity_json_bytes(data, length);
}

static json_t *make_result(const struct parity_sigv4_trace *trace,
                           const struct parity_buffer *signed_request)
{
    json_t *result = json_object();

    if (result &&
        json_object_set_new(
            result, "canonical_request",
            text_or_bytes(trace->canonical_request.data, trace->canonical_request.length)) == 0 &&
        json_object_set_new(
            result, "string_to_sign",
            text_or_bytes(trace->string_to_sign.data, trace->string_to_sign.length)) == 0 &&
        json_object_set_new(result, "signature", json_string(trace->signature)) == 0 &&
        json_object_set_new(result, "signed_request",
                            text_or_bytes(signed_request->data, signed_request->length)) == 0)
        return result;
    json_decref(result);
    return NULL;
}

static int print_result(const struct parity_sigv4_trace *trace, const struct parity_http_text *text,
                        struct parity_error *err)
{
    struct parity_buffer signed_request = {0};
    json_t *result = NULL;
    int rc = -1;

    parity_http_text_write(&signed_request, text);
    if (!signed_request.failed)
        result = make_result(trace, &signed_request);
    if (result)
        rc = parity_command_print(result, err);
    else
        parity_fail_nomem(err);
    json_decref(result);
    parity_buffer_clear(&signed_request);
    return rc;
}

static int run(const struct arguments *arguments, struct parity_error *err)
{
    struct parity_sign_context context = {0};
    struct parity_sigv4_trace trace = {0};
    struct parity_http_text text = {0};
    struct parity_buffer input = {0};
    const char *name = strcmp(arguments->file, "-") == 0 ? "standard input" : arguments->file;
    json_t *document;
    int rc = -1;

    if (parity_json_read_file(arguments->context, &document, err) == 0 &&
        parity_sign_context_read_new(document, arguments->context, &context, err) == 0 &&
        parity_file_read(arguments->file, max_request_bytes, &input, err) == 0 &&
        parity_http_text_parse(input.data ? input.data : "", input.length, name, &text, err) == 0 &&
        sign(arguments, &text.request, &context.options, &trace, err) == 0)
        rc = print_result(&trace, &text, err);
    parity_buffer_clear(&input);
    parity_http_text_clear(&text);
    parity_sigv4_trace_clear(&trace);
    parity_sign_context_clear(&context);
    return rc;
}

int parity_command_sign(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct parity_error err = {0};
    int rc = read_arguments(argc, argv, &arguments, &err);

    if (rc == 0)
        rc = run(&arguments, &err);
    return rc < 0 ? parity_command_fail(&err) : PARITY_EXIT_OK;
}
