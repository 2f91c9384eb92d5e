/* SPDX-License-Identifier: Apache-2.0 */
/* Sending a request until there is an answer, and what SDKs make of that. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/hex.h"
#include "client/call.h"
#include "client/customization.h"
#include "client/protocol/timestamp.h"
#include "client/sigv4_scheme.h"

enum { DEFAULT_MAX_ATTEMPTS = 3 };

/* --- time and chance -------------------------------------------------------------------------- */

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Random bytes are fetched for many calls at once; not across a fork, which would copy them. */
static int random_bytes(struct parity_client *client, void *bytes, size_t length)
{
    struct parity_chance *chance = &client->chance;

    if (client->hooks.random_bytes)
        return client->hooks.random_bytes(bytes, length, client->hooks.context);
    if (chance->left < length || chance->process != getpid()) {
        if (getrandom(chance->bytes, sizeof chance->bytes, 0) != (ssize_t)sizeof chance->bytes)
            return -1;
        chance->left = sizeof chance->bytes;
        chance->process = getpid();
    }
    chance->left -= length;
    memcpy(bytes, chance->bytes + chance->left, length);
    return 0;
}

static double random_share(struct parity_client *client)
{
    unsigned long value = 0;

    if (client->hooks.random)
        return client->hooks.random(client->hooks.context);
    if (random_bytes(client, &value, sizeof value) < 0)
        return 0.5;
    return (double)(value >> 11) / (double)(1UL << 53);
}

static void sleep_ms(const struct parity_client *client, long delay)
{
    struct timespec left = {.tv_sec = delay / 1000, .tv_nsec = delay % 1000 * 1000000};

    if (client->hooks.sleep) {
        client->hooks.sleep(delay, client->hooks.context);
        return;
    }
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        ;
}

/* --- ids of calls and attempts ---------------------------------------------------------------- */

static int add_invocation_id(struct parity_call *call, struct parity_error *err)
{
    unsigned char id[PARITY_UUID_BYTES];
    char text[PARITY_UUID_TEXT + 1];

    if (random_bytes(call->client, id, sizeof id) < 0) {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "the system gives no random numbers");
        return -1;
    }
    parity_uuid(id, text);
    return parity_headers_set(&call->request.headers, "amz-sdk-invocation-id", text) < 0
               ? parity_fail_nomem(err)
               : 0;
}

/* The next attempt is given up when its answer is not there by this time. As in botocore, that is
 * told as soon as an answer has said what the service's clock is. */
static void note_ttl(const struct parity_call *call, const struct parity_http_response *response,
                     struct parity_attempts *attempts)
{
    const char *date = parity_headers_get(&response->headers, "Date");
    struct parity_timestamp theirs;

    if (date && parity_timestamp_parse(date, strlen(date), &theirs) == 0)
        attempts->ttl_s = theirs.seconds + parity_http_read_timeout_ms(call->client->http) / 1000;
}

static int add_attempt(struct parity_call *call, const struct parity_attempts *attempts,
                       int max_attempts, struct parity_error *err)
{
    char text[96], ttl[PARITY_SIGV4_TIMESTAMP + 8] = "", time[PARITY_SIGV4_TIMESTAMP];

    if (attempts->ttl_s && parity_sigv4_timestamp((time_t)attempts->ttl_s, time, NULL) == 0)
        snprintf(ttl, sizeof ttl, "ttl=%s; ", time);
    if (attempts->count == 0)
        snprintf(text, sizeof text, "attempt=1");
    else
        snprintf(text, sizeof text, "%sattempt=%d; max=%d", ttl, attempts->count + 1, max_attempts);
    return parity_headers_set(&call->request.headers, "amz-sdk-request", text) < 0
               ? parity_fail_nomem(err)
               : 0;
}

static int max_attempts(struct parity_call *call, int *out, struct parity_error *err)
{
    const char *text;
    char *end;
    long value;

    *out = call->options->max_attempts ? call->options->max_attempts : DEFAULT_MAX_ATTEMPTS;
    if (call->options->max_attempts)
        return 0;
    if (parity_settings_get(&call->client->settings, "max_attempts", "AWS_MAX_ATTEMPTS", &text,
                            err) < 0)
        return -1;
    if (!text)
        return 0;
    value = strtol(text, &end, 10);
    if (*end || value < 1 || value > 100) {
        parity_fail(err, PARITY_E_INVALID, "AWS_MAX_ATTEMPTS", "'%.40s' is no number from 1 to 100",
                    text);
        return -1;
    }
    *out = (int)value;
    return 0;
}

/* --- one attempt ------------------------------------------------------------------------------ */

/* The protocol's complaint, unless there is a plainer reason for it. */
static void explain(const struct parity_http_response *response, const struct parity_error *reason,
                    struct parity_error *err)
{
    const char *encoding = parity_headers_get(&response->headers, "Content-Encoding");

    if (reason->code == PARITY_E_RESPONSE && encoding && *encoding &&
        strcmp(encoding, "identity") != 0)
        parity_fail(err, PARITY_E_RESPONSE, NULL,
                    "the body of the response (HTTP %d) is encoded as '%.40s', which the request "
                    "did not ask for",
                    response->status_code, encoding);
    else if (err && err->code == PARITY_OK)
        *err = *reason;
}

/* What an SDK hands over is the output with ResponseMetadata as its last member. */
static int finish_output(json_t *output, const struct parity_attempts *attempts,
                         struct parity_error *err)
{
    json_t *metadata = json_incref(json_object_get(output, "ResponseMetadata"));

    json_object_del(output, "ResponseMetadata");
    if (!metadata)
        metadata = json_object();
    if (json_object_set_new_nocheck(metadata, "RetryAttempts", json_integer(attempts->count - 1)) <
            0 ||
        json_object_set_nocheck(output, "ResponseMetadata", metadata) < 0) {
        json_decref(metadata);
        return parity_fail_nomem(err);
    }
    json_decref(metadata);
    return 0;
}

static int parse(struct parity_call *call, struct parity_http_response *response, json_t **out,
                 struct parity_error *err)
{
    struct parity_error reason = {0};

    if (parity_call_check_response(call, response, err) < 0)
        return -1;
    parity_customize_response(call, response);
    if (call->findings)
        parity_findings_clear(call->findings); /* of an earlier attempt */
    if (parity_protocol_parse(call->protocol, call->operation, response, call->findings, out,
                              &reason) < 0) {
        explain(response, &reason, err);
        return -1;
    }
    if (parity_customize_output(call, response, *out, err) < 0)
        return -1;
    return parity_call_keep_saved(call, response, *out, err);
}

/* --- all attempts ----------------------------------------------------------------------------- */

/* A refused connection is not worth a second try at an emulator: nobody is there. */
static bool is_hopeless(const struct parity_call *call, enum parity_http_trouble trouble)
{
    return trouble == PARITY_HTTP_REFUSED && !call->client->aws;
}

/* Whether to try again; if so, waits. */
static bool wait_for_retry(struct parity_call *call, const struct parity_attempts *attempts,
                           int limit, const struct parity_retry_outcome *outcome, int *cost)
{
    struct parity_retry_outcome seen = *outcome;

    if (attempts->count >= limit || is_hopeless(call, outcome->trouble) ||
        parity_call_has_passed_on(call))
        return false;
    if (seen.trouble == PARITY_HTTP_REFUSED)
        seen.trouble = PARITY_HTTP_UNREACHABLE;
    if (parity_retry_classify(call->service, &seen) == PARITY_RETRY_NO ||
        !parity_retry_acquire(&call->client->quota, &seen, cost))
        return false;
    sleep_ms(call->client,
             parity_retry_delay_ms(attempts->count, random_share(call->client), &seen));
    return true;
}

/* For reports, which go without it when memory is short. */
static void keep_exchange(const struct parity_call *call, struct parity_attempts *attempts,
                          const struct parity_http_response *response, double duration_s)
{
    if (call->client->exchange_body_bytes == 0)
        return;
    if (!attempts->exchanges)
        attempts->exchanges = json_array();
    json_array_append_new(attempts->exchanges, parity_call_exchange(call, response, duration_s));
}

static int sign_and_send(struct parity_call *call, struct parity_attempts *attempts, int limit,
                         struct parity_http_response *response, struct parity_error *err)
{
    double start;
    int rc;

    if (parity_call_discover_endpoint(call, err) < 0 ||
        add_attempt(call, attempts, limit, err) < 0 || parity_call_finish_request(call, err) < 0 ||
        parity_call_check_destination(call, err) < 0 || parity_call_begin_saving(call, err) < 0)
        return -1;
    attempts->count++;
    start = now_s();
    rc = parity_http_send_to(call->client->http, &call->request,
                             call->saving.member ? &call->saving.sink : NULL, response, err);
    keep_exchange(call, attempts, rc == 0 ? response : NULL, now_s() - start);
    return rc;
}

/* Whether the service may have done what it was asked to, though it did not say so. 501 and 503 are
 * refusals. @param rc  whether there is an answer that is understood */
static bool leaves_doubt(enum parity_http_trouble trouble, int rc, int status_code)
{
    switch (trouble) {
    case PARITY_HTTP_FINE:
        return rc < 0 || (status_code >= 500 && status_code != 501 && status_code != 503);
    case PARITY_HTTP_REFUSED:
    case PARITY_HTTP_UNREACHABLE:
    case PARITY_HTTP_DISTRUSTED:
        return false;
    default:
        return true;
    }
}

/* Returns 1 to try again. */
static int attempt(struct parity_call *call, struct parity_attempts *attempts, int limit, int *cost,
                   json_t **out, struct parity_error *err)
{
    struct parity_http_response response = {0};
    struct parity_retry_outcome outcome = {0};
    int sent = attempts->count, rc = sign_and_send(call, attempts, limit, &response, err);

    if (rc < 0 && attempts->count == sent)
        goto out; /* not even sent */
    attempts->status_code = rc == 0 ? response.status_code : 0;
    outcome.trouble = parity_http_last_trouble(call->client->http);
    if (rc == 0) {
        rc = parse(call, &response, out, err);
        outcome.status_code = response.status_code;
        if (parity_response_is_error(*out))
            outcome.error_code =
                json_string_value(json_object_get(json_object_get(*out, "Error"), "Code"));
        outcome.clock_corrected =
            parity_call_correct_clock(call->client, &response, outcome.error_code);
        outcome.retry_after = parity_headers_get(&response.headers, "x-amz-retry-after");
        outcome.retry_after_s = parity_headers_get(&response.headers, "Retry-After");
    }
    if (leaves_doubt(outcome.trouble, rc, response.status_code))
        attempts->in_doubt = true;
    if (rc == 0 && attempts->count < limit &&
        parity_call_forget_endpoint(call, &response, outcome.error_code)) {
        rc = 1;
        goto out;
    }
    if (rc == 0 && (rc = parity_call_follow_region(call, &response, *out, err)) != 0)
        goto out;
    if (rc == 0 && response.status_code >= 200 && response.status_code < 300)
        parity_retry_release(&call->client->quota, *cost);
    else if (wait_for_retry(call, attempts, limit, &outcome, cost))
        rc = 1;
    if (rc == 0)
        rc = finish_output(*out, attempts, err);
out:
    if (rc > 0 && outcome.trouble == PARITY_HTTP_FINE)
        note_ttl(call, &response, attempts);
    parity_http_response_clear(&response);
    return rc;
}

int parity_call_send(struct parity_call *call, struct parity_attempts *attempts, json_t **out,
                     struct parity_error *err)
{
    double start = now_s();
    int limit, cost = 0, rc;

    if (max_attempts(call, &limit, err) < 0 || add_invocation_id(call, err) < 0)
        return -1;
    for (;;) {
        struct parity_error reason = {0};

        rc = attempt(call, attempts, limit, &cost, out, &reason);
        if (rc <= 0) {
            if (rc < 0 && err && err->code == PARITY_OK)
                *err = reason;
            break;
        }
        json_decref(*out);
        *out = NULL;
    }
    attempts->duration_s = now_s() - start;
    return rc;
}
