/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "cli/call_follow.h"
#include "cli/call_output.h"
#include "cli/call_show.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "cli/models.h"
#include "cli/options.h"
#include "client/client.h"

struct arguments {
    const char *service, *operation, *input;
    const char *endpoint_url, *region, *profile, *protocol, *model;
    bool no_sign, no_validate, dry_run, sign, pages, check_output;
    const char *wait, *wait_delay, *wait_attempts;
    const char *connect_timeout, *read_timeout;
    const char *output, *max_filesize;
    struct parity_option_list connect_to;
};

/* Options that exclude or need each other. */
static int check_combination(const struct arguments *arguments, struct parity_error *err)
{
    const char *fault = NULL;

    if (arguments->sign && !arguments->dry_run)
        fault = "option '--sign' goes with '--dry-run'; a request that is sent is signed unless "
                "'--no-sign-request' is given";
    else if (arguments->check_output && arguments->dry_run)
        fault = "options '--check-output' and '--dry-run' exclude each other";
    else if (arguments->pages + (arguments->wait != NULL) + arguments->dry_run > 1)
        fault = "options '--pages', '--wait' and '--dry-run' exclude each other";
    else if (arguments->output && (arguments->pages || arguments->wait || arguments->dry_run))
        fault = "option '--output' does not go with '--pages', '--wait' and '--dry-run'";
    else if (arguments->max_filesize && !arguments->output)
        fault = "option '--max-filesize' goes with '--output'";
    else if (!arguments->wait && (arguments->wait_delay || arguments->wait_attempts))
        fault = "options '--wait-delay' and '--wait-attempts' go with '--wait'";
    if (!fault)
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL, "%s", fault);
    return -1;
}

static int take_operands(const struct parity_command_usage *usage, int count, char **operands,
                         struct arguments *out, struct parity_error *err)
{
    if (count < 2 || count > 3) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "SERVICE, OPERATION and at most INPUT are needed (usage: %s)", usage->synopsis);
        return -1;
    }
    out->service = operands[0];
    out->operation = operands[1];
    out->input = count > 2 ? operands[2] : NULL;
    return 0;
}

/* 0 to go on, 1 when help was asked for, -1 for an error. */
static int read_arguments(int argc, char **argv, struct arguments *out, struct parity_error *err)
{
    const struct parity_option options[] = {
        {.name = "endpoint-url",
         .argument = "URL",
         .help = "where the service is, instead of AWS",
         .value = &out->endpoint_url},
        {.name = "region", .argument = "R", .help = "AWS region", .value = &out->region},
        {.name = "profile",
         .argument = "P",
         .help = "profile of ~/.aws/config and credentials",
         .value = &out->profile},
        {.name = "no-sign-request",
         .help = "send without signature and credentials",
         .flag = &out->no_sign},
        {.name = "protocol",
         .argument = "NAME",
         .help = "another of the service's protocols",
         .value = &out->protocol},
        {.name = "no-validate",
         .help = "send input that the model forbids",
         .flag = &out->no_validate},
        {.name = "model",
         .argument = "FILE",
         .help = "this service-2.json instead of the installed models",
         .value = &out->model},
        {.name = "dry-run", .help = "send nothing, print the request", .flag = &out->dry_run},
        {.name = "sign", .help = "with --dry-run: sign the request", .flag = &out->sign},
        {.name = "check-output",
         .help = "tell on standard error where the response leaves the model",
         .flag = &out->check_output},
        {.name = "pages",
         .help = "follow the paginator, print the merged result",
         .flag = &out->pages},
        {.name = "wait",
         .argument = "NAME",
         .help = "repeat the call until this waiter of the service decides",
         .value = &out->wait},
        {.name = "wait-delay",
         .argument = "SECONDS",
         .help = "with --wait: time between two calls",
         .value = &out->wait_delay},
        {.name = "wait-attempts",
         .argument = "N",
         .help = "with --wait: most calls",
         .value = &out->wait_attempts},
        {.name = "output",
         .argument = "FILE",
         .help = "write an answer that is a body (an object of S3, say) to FILE",
         .value = &out->output},
        {.name = "max-filesize",
         .argument = "BYTES",
         .help = "with --output: refuse a larger body (1073741824)",
         .value = &out->max_filesize},
        {.name = "connect-to",
         .argument = "HOST1:PORT1:HOST2:PORT2",
         .help = "connect to HOST2:PORT2 instead; repeatable",
         .list = &out->connect_to},
        {.name = "connect-timeout",
         .argument = "SECONDS",
         .help = "longest wait for a connection (10)",
         .value = &out->connect_timeout},
        {.name = "read-timeout",
         .argument = "SECONDS",
         .help = "longest silence of the target (60)",
         .value = &out->read_timeout},
        {.name = NULL},
    };
    const struct parity_command_usage usage = {
        .synopsis = "parity call [OPTIONS] SERVICE OPERATION [INPUT]",
        .summary = "Call an operation; INPUT is a JSON object, @FILE or -.",
        .options = options,
    };
    int operands;
    int rc = parity_options_read(&usage, argc, argv, &operands, err);

    if (rc == 0)
        rc = take_operands(&usage, operands, argv + 1, out, err);
    return rc == 0 ? check_combination(out, err) : rc;
}

/* Seconds, a fraction allowed, to milliseconds; NULL is 0. */
static int read_seconds(const char *option, const char *text, long *out, struct parity_error *err)
{
    char *end;
    double value;

    *out = 0;
    if (!text)
        return 0;
    value = strtod(text, &end);
    if (*text && !*end && value >= 0.001 && value <= 86400) {
        *out = (long)(value * 1000);
        return 0;
    }
    parity_fail(err, PARITY_E_USAGE, NULL, "option '--%s' needs seconds up to 86400, not '%.40s'",
                option, text);
    return -1;
}

/* Returns the exit code, or -1. */
static int show(struct parity_client *client, const struct arguments *arguments,
                const json_t *input, struct parity_call_options *options, struct parity_error *err)
{
    struct parity_http_request request;
    int rc;

    options->no_signature = !arguments->sign;
    rc = parity_client_prepare(client, arguments->service, arguments->operation, input, options,
                               &request, err);
    if (rc == 0)
        rc = parity_call_show(&request, err);
    parity_http_request_clear(&request);
    return rc;
}

static void print_findings(const struct parity_call_record *record)
{
    parity_command_print_findings(&record->findings);
}

/* Returns the exit code, or -1. */
static int call(struct parity_client *client, const struct arguments *arguments,
                const json_t *input, const struct parity_call_options *options,
                struct parity_error *err)
{
    struct parity_call_record record;
    json_t *output = NULL;
    int code = -1;

    if (parity_client_call(client, arguments->service, arguments->operation, input, options,
                           &output, &record, err) < 0) {
        /* Once something was sent, it is the target that failed, whatever the error. */
        if (record.attempts > 0) {
            parity_command_fail(err);
            code = PARITY_EXIT_ENVIRONMENT;
        }
    } else if (parity_command_print(output, err) == 0) {
        code = parity_response_is_error(output) ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
    }
    if (arguments->check_output)
        print_findings(&record);
    parity_call_record_clear(&record);
    json_decref(output);
    return code;
}

static int read_wait(const struct arguments *arguments, struct parity_call_wait *out,
                     struct parity_error *err)
{
    const char *text = arguments->wait_attempts;
    char *end;
    long attempts, delay_ms;

    *out = (struct parity_call_wait){.name = arguments->wait};
    if (read_seconds("wait-delay", arguments->wait_delay, &delay_ms, err) < 0)
        return -1;
    out->delay_s = (double)delay_ms / 1000;
    if (!text)
        return 0;
    attempts = strtol(text, &end, 10);
    if (*text && !*end && attempts >= 1 && attempts <= 1000000) {
        out->max_attempts = (int)attempts;
        return 0;
    }
    parity_fail(err, PARITY_E_USAGE, NULL,
                "option '--wait-attempts' needs a number up to 1000000, not '%.40s'", text);
    return -1;
}

/* One call, or as many as --pages or --wait take. Returns the exit code, or -1. */
static int send_calls(struct parity_client *client, const struct arguments *arguments,
                      const json_t *input, const struct parity_call_options *options,
                      struct parity_error *err)
{
    struct parity_client_caller caller = {.client = client,
                                          .service = arguments->service,
                                          .options = options,
                                          .seen = arguments->check_output ? print_findings : NULL};
    struct parity_call_wait wait;

    if (arguments->pages)
        return parity_call_follow_pages(&caller, arguments->operation, input, err);
    if (!arguments->wait)
        return call(client, arguments, input, options, err);
    if (read_wait(arguments, &wait, err) < 0)
        return -1;
    return parity_call_follow_wait(&caller, arguments->operation, &wait, input, err);
}

static int read_target(const struct arguments *arguments, struct parity_target *out,
                       struct parity_error *err)
{
    const char *test_target = getenv("TEST_TARGET");
    bool aws = test_target && strcmp(test_target, "AWS_CLOUD") == 0;

    /* What is only shown may be meant for AWS; it is not sent anywhere. */
    *out = (struct parity_target){.aws = aws || (arguments->dry_run && !arguments->endpoint_url),
                                  .endpoint_url = arguments->endpoint_url,
                                  .region = arguments->region,
                                  .profile = arguments->profile,
                                  .http.connect_to = arguments->connect_to.items};
    if (read_seconds("connect-timeout", arguments->connect_timeout, &out->http.connect_timeout_ms,
                     err) < 0)
        return -1;
    return read_seconds("read-timeout", arguments->read_timeout, &out->http.read_timeout_ms, err);
}

/* What --output has to be known before anything is sent. */
static int read_output(const struct arguments *arguments, struct parity_models *models,
                       struct parity_call_options *out, struct parity_error *err)
{
    const char *text = arguments->max_filesize;
    char *end;

    if (!arguments->output)
        return 0;
    out->save_to = arguments->output;
    if (text) {
        out->max_saved_bytes = strtoull(text, &end, 10);
        if (!isdigit((unsigned char)*text) || *end || out->max_saved_bytes == 0 ||
            out->max_saved_bytes > INT64_MAX) {
            parity_fail(err, PARITY_E_USAGE, NULL,
                        "option '--max-filesize' needs a number of bytes above 0, not '%.40s'",
                        text);
            return -1;
        }
    }
    return parity_call_check_output(models, arguments->service, arguments->operation, err);
}

static int run(struct arguments *arguments, char **faults, struct parity_error *err)
{
    struct parity_target target;
    struct parity_call_options options = {.faults = faults,
                                          .protocol = arguments->protocol,
                                          .no_sign = arguments->no_sign,
                                          .no_validate = arguments->no_validate};
    struct parity_models *models = NULL;
    struct parity_client *client = NULL;
    json_t *input = NULL;
    int code = -1;

    if (read_target(arguments, &target, err) == 0 &&
        parity_command_input(arguments->input, "INPUT", &input, err) == 0 &&
        (models = parity_command_models(arguments->model, err)) &&
        read_output(arguments, models, &options, err) == 0 &&
        (client = parity_client_new(models, &target, err)))
        code = arguments->dry_run ? show(client, arguments, input, &options, err)
                                  : send_calls(client, arguments, input, &options, err);
    parity_client_free(client);
    parity_models_free(models);
    json_decref(input);
    return code;
}

int parity_command_call(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct parity_error err = {0};
    char *faults = NULL;
    int code, rc = read_arguments(argc, argv, &arguments, &err);

    code = rc > 0 ? PARITY_EXIT_OK : rc < 0 ? -1 : run(&arguments, &faults, &err);
    parity_option_list_clear(&arguments.connect_to);
    if (code < 0 && faults) {
        fprintf(stderr, "parity: %s: %s\n", err.context, faults);
        code = parity_error_exit_code(&err);
    }
    parity_free(faults);
    return code < 0 ? parity_command_fail(&err) : code;
}
