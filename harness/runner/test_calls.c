/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/waiter.h"
#include "runner/clock.h"
#include "runner/template.h"
#include "runner/test.h"

/* --- one call ----------------------------------------------------------------------------------
 */

/* Texts of a response that messages quote. */
static const char *error_member(const json_t *response, const char *name)
{
    const char *text = json_string_value(json_object_get(json_object_get(response, "Error"), name));

    return text ? text : "";
}

/* The protocol of the case or of the run, for calls that do not choose; NULL: what SDKs choose. */
static const char *usual_protocol(const struct parity_test *t, const char *service)
{
    const struct parity_case *test = t->test_case;
    const struct parity_test_environment *environment = t->environment;

    if (test->protocol && test->service && strcmp(service, test->service) == 0)
        return test->protocol;
    if (environment->protocol && environment->models &&
        parity_models_service_speaking(environment->models, service, environment->protocol, NULL))
        return environment->protocol;
    return NULL;
}

/* What the client needs to know of a test's wishes. */
static int client_options(const struct parity_test *t, const struct parity_test_options *wishes,
                          const char *service, struct parity_call_options *out,
                          struct parity_error *err)
{
    const struct parity_identity *secondary = &t->environment->secondary;

    *out = (struct parity_call_options){
        .credentials = t->environment->primary.credentials,
        .protocol = wishes && wishes->protocol ? wishes->protocol : usual_protocol(t, service)};
    if (!wishes)
        return 0;
    out->region = wishes->region;
    out->no_sign = wishes->no_sign;
    out->no_validate = wishes->no_validate;
    out->bucket_place = wishes->addressing == PARITY_ADDRESSING_PATH   ? PARITY_BUCKET_IN_PATH
                        : wishes->addressing == PARITY_ADDRESSING_HOST ? PARITY_BUCKET_IN_HOST
                                                                       : PARITY_BUCKET_USUAL;
    out->max_attempts = wishes->max_attempts;
    if (wishes->account == PARITY_PRIMARY)
        return 0;
    if (!secondary->credentials) {
        parity_fail(err, PARITY_E_CREDENTIALS, NULL,
                    "this test needs a second account; set SECONDARY_TEST_AWS_PROFILE, or "
                    "SECONDARY_TEST_AWS_ACCESS_KEY_ID and SECONDARY_TEST_AWS_SECRET_ACCESS_KEY");
        return -1;
    }
    out->credentials = secondary->credentials;
    if (!out->region)
        out->region = secondary->region;
    return 0;
}

/* New; NULL when out of memory. */
static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static void note_call(struct parity_test *t, const char *service, const char *operation,
                      const struct parity_call_record *record)
{
    json_t *entry = json_object(), *event;

    json_object_set_new(entry, "service", json_string(service));
    json_object_set_new(entry, "operation", json_string(operation));
    json_object_set_new(entry, "protocol", text_or_null(record->protocol));
    json_object_set_new(entry, "status_code",
                        record->status_code ? json_integer(record->status_code) : json_null());
    json_object_set_new(entry, "error_code", text_or_null(record->error_code));
    json_object_set_new(entry, "duration_seconds", json_real(record->duration_s));
    json_object_set_new(entry, "attempts", json_integer(record->attempts));
    json_object_set_new(entry, "model_findings",
                        record->findings.list ? json_incref(record->findings.list) : json_array());
    if (record->findings.left_out)
        json_object_set_new(entry, "model_findings_left_out",
                            json_integer((json_int_t)record->findings.left_out));
    if (!t->in_body)
        json_object_set_new(entry, "cleanup", json_true());
    if (record->request_id)
        json_array_append_new(t->request_ids, json_string(record->request_id));
    json_array_append(t->calls, entry);
    event = json_object();
    json_object_set_new(event, "event", json_string("call"));
    json_object_set_new(event, "call", entry);
    parity_test_tell(t, event);
}

static void announce_call(struct parity_test *t, const char *service, const char *operation)
{
    json_t *event = json_object();

    json_object_set_new(event, "event", json_string("calling"));
    json_object_set_new(event, "service", json_string(service));
    json_object_set_new(event, "operation", json_string(operation));
    parity_test_tell(t, event);
}

int parity_test_exchange(struct parity_test *t, const struct parity_test_options *wishes,
                         const char *service, const char *operation, const json_t *input,
                         json_t **out, struct parity_error *err)
{
    struct parity_call_options options;
    struct parity_call_record record = {0};
    int rc;

    *out = NULL;
    if (client_options(t, wishes, service, &options, err) < 0)
        return -1;
    announce_call(t, service, operation);
    rc = t->environment->call(t->environment->data, service, operation, input, &options, out,
                              &record, err);
    note_call(t, service, operation, &record);
    parity_call_record_clear(&record);
    return rc;
}

/* --- from a test's body ------------------------------------------------------------------------
 */

json_t *parity_test_read_input(struct parity_test *t, const char *service, const char *operation,
                               const char *input, va_list *arguments)
{
    struct parity_error err = {0};
    json_t *value;

    if (parity_template_read(input, arguments, &value, &err) < 0) {
        parity_error_add_context(&err, "%s %s", service, operation);
        parity_test_conclude_error(t, &err);
        parity_test_end(t);
    }
    parity_test_own(t, value);
    if (!json_is_object(value)) {
        parity_test_conclude(t, PARITY_ERROR, "%s %s: the input must be an object", service,
                             operation);
        parity_test_end(t);
    }
    return value;
}

void parity_test_check_expectation(struct parity_test *t, enum parity_expectation expect,
                                   const char *service, const char *operation,
                                   const json_t *response)
{
    const json_t *metadata = json_object_get(response, "ResponseMetadata");
    json_int_t status = json_integer_value(json_object_get(metadata, "HTTPStatusCode"));
    bool is_error = parity_response_is_error(response);

    if (is_error && expect == PARITY_EXPECT_SUCCESS) {
        parity_test_conclude(
            t, PARITY_FAILED, "%s %s was refused: %s (HTTP %" JSON_INTEGER_FORMAT "): %s", service,
            operation, error_member(response, "Code"), status, error_member(response, "Message"));
        parity_test_end(t);
    }
    if (!is_error && expect == PARITY_EXPECT_ERROR) {
        parity_test_conclude(t, PARITY_FAILED,
                             "%s %s should have been refused, but succeeded (HTTP "
                             "%" JSON_INTEGER_FORMAT ")",
                             service, operation, status);
        parity_test_end(t);
    }
}

/* Most of the client's errors name the call already. */
void parity_test_end_call(struct parity_test *t, const char *service, const char *operation,
                          struct parity_error *err)
{
    char call[160];

    snprintf(call, sizeof call, "%s %s", service, operation);
    if (strncmp(err->context, call, strlen(call)) != 0)
        parity_error_add_context(err, "%s", call);
    parity_test_conclude_error(t, err);
    parity_test_end(t);
}

json_t *parity_test_call_value(struct parity_test *t, const struct parity_test_options *wishes,
                               const char *service, const char *operation, const json_t *input)
{
    struct parity_error err = {0};
    json_t *response;

    parity_test_heed_stop(t);
    if (parity_test_exchange(t, wishes, service, operation, input, &response, &err) < 0)
        parity_test_end_call(t, service, operation, &err);
    parity_test_own(t, response);
    parity_test_check_expectation(t, wishes ? wishes->expect : PARITY_EXPECT_SUCCESS, service,
                                  operation, response);
    return response;
}

json_t *parity_test_call(struct parity_test *t, const char *service, const char *operation,
                         const char *input, ...)
{
    va_list arguments;
    json_t *value;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, operation, input, &arguments);
    va_end(arguments);
    return parity_test_call_value(t, NULL, service, operation, value);
}

json_t *parity_test_call_error(struct parity_test *t, const char *service, const char *operation,
                               const char *input, ...)
{
    const struct parity_test_options refused = {.expect = PARITY_EXPECT_ERROR};
    va_list arguments;
    json_t *value;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, operation, input, &arguments);
    va_end(arguments);
    return parity_test_call_value(t, &refused, service, operation, value);
}

json_t *parity_test_call_any(struct parity_test *t, const char *service, const char *operation,
                             const char *input, ...)
{
    const struct parity_test_options either = {.expect = PARITY_EXPECT_ANY};
    va_list arguments;
    json_t *value;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, operation, input, &arguments);
    va_end(arguments);
    return parity_test_call_value(t, &either, service, operation, value);
}

json_t *parity_test_call_with(struct parity_test *t, const struct parity_test_options *wishes,
                              const char *service, const char *operation, const char *input, ...)
{
    va_list arguments;
    json_t *value;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, operation, input, &arguments);
    va_end(arguments);
    return parity_test_call_value(t, wishes, service, operation, value);
}

/* What the calls of a waiter are made with. */
struct wait_caller {
    struct parity_test *t;
    const struct parity_test_options *wishes;
    const char *service;
};

static int call_for_wait(void *data, const char *operation, const json_t *input, json_t **out,
                         struct parity_error *err)
{
    struct wait_caller *caller = data;

    return parity_test_exchange(caller->t, caller->wishes, caller->service, operation, input, out,
                                err);
}

/* In small pieces, since a test that is to end must not leave by a jump from here. */
static int sleep_in_wait(void *data, double seconds)
{
    const struct parity_test_environment *environment =
        ((struct wait_caller *)data)->t->environment;
    double end = parity_clock_s() + seconds;

    while (parity_clock_s() < end) {
        const struct timespec piece = {.tv_nsec = 50 * 1000 * 1000L};

        if (environment->is_asked_to_stop && environment->is_asked_to_stop())
            return -1;
        nanosleep(&piece, NULL);
    }
    return 0;
}

/* The waiter of a service, or what keeps it from being found. New, or NULL. */
static struct parity_waiter *find_waiter(const struct parity_test *t, const char *service,
                                         const char *name, struct parity_error *err)
{
    if (t->environment->models)
        return parity_waiter_load(t->environment->models, service, name, err);
    parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "there are no service models to find waiters in");
    return NULL;
}

/* --- cleanups ----------------------------------------------------------------------------------
 */

json_t *parity_test_pack_call(const struct parity_test_options *wishes, const char *service,
                              const char *operation, json_t *input)
{
    static const struct parity_test_options none;
    const struct parity_test_options *use = wishes ? wishes : &none;

    return json_pack("{s:s, s:s, s:O, s:s?, s:s?, s:i, s:i, s:b, s:b, s:i}", "service", service,
                     "operation", operation, "input", input, "region", use->region, "protocol",
                     use->protocol, "account", (int)use->account, "addressing",
                     (int)use->addressing, "no_validate", (int)use->no_validate, "no_sign",
                     (int)use->no_sign, "max_attempts", use->max_attempts);
}

static void unpack_options(const json_t *packed, struct parity_test_options *out)
{
    *out = (struct parity_test_options){
        .region = json_string_value(json_object_get(packed, "region")),
        .protocol = json_string_value(json_object_get(packed, "protocol")),
        .account = (enum parity_account)json_integer_value(json_object_get(packed, "account")),
        .addressing =
            (enum parity_addressing)json_integer_value(json_object_get(packed, "addressing")),
        .no_validate = json_is_true(json_object_get(packed, "no_validate")),
        .no_sign = json_is_true(json_object_get(packed, "no_sign")),
        .max_attempts = (int)json_integer_value(json_object_get(packed, "max_attempts")),
    };
}

/* Where a cleanup of this rank belongs: they are made from the end. */
static size_t cleanup_place(const json_t *cleanups, int rank)
{
    size_t place = json_array_size(cleanups);

    while (rank >= 0 && place > 0) {
        const json_t *other = json_object_get(json_array_get(cleanups, place - 1), "rank");

        if (!other || json_integer_value(other) < rank)
            break;
        place--;
    }
    return place;
}

/* What tests share is not cleaned up by one of them: the runner keeps it. Steals `call`. */
static void add_shared_cleanup(struct parity_test *t, json_t *call)
{
    json_t *event = json_pack("{s:s, s:s, s:O}", "event", "cleanup", "fixture", t->setting_up->key,
                              "call", call);

    json_decref(call);
    if (!event)
        parity_test_end_nomem(t);
    parity_test_tell(t, event);
}

void parity_test_add_cleanup(struct parity_test *t, json_t *call, int rank)
{
    size_t place = cleanup_place(t->cleanups, rank);
    json_t *event;

    if (call && t->setting_up && t->setting_up->key) {
        add_shared_cleanup(t, call);
        return;
    }
    if (!call || (rank >= 0 && json_object_set_new(call, "rank", json_integer(rank)) < 0) ||
        json_array_insert(t->cleanups, place, call) < 0) {
        json_decref(call);
        parity_test_end_nomem(t);
    }
    json_decref(call); /* the list holds it */
    event = json_object();
    json_object_set_new(event, "event", json_string("cleanup"));
    json_object_set_new(event, "place", json_integer((json_int_t)place));
    json_object_set(event, "call", call);
    parity_test_tell(t, event);
}

void parity_test_on_cleanup(struct parity_test *t, const struct parity_test_options *wishes,
                            const char *service, const char *operation, const char *input, ...)
{
    va_list arguments;
    json_t *value;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, operation, input, &arguments);
    va_end(arguments);
    parity_test_add_cleanup(t, parity_test_pack_call(wishes, service, operation, value), -1);
}

/* Whether an answer says that what should be deleted does not exist: the test deleted it itself. */
static bool says_gone(const json_t *response)
{
    static const char *const words[] = {"NotFound", "NonExist", "NoSuch", "DoesNotExist"};
    const json_t *metadata = json_object_get(response, "ResponseMetadata");
    const char *code = error_member(response, "Code");

    if (json_integer_value(json_object_get(metadata, "HTTPStatusCode")) == 404)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(code, words[i]))
            return true;
    return false;
}

static void note_failure(struct parity_test *t, const char *service, const char *operation,
                         const char *message)
{
    char call[160];

    snprintf(call, sizeof call, "%s %s", service, operation);
    json_array_append_new(t->cleanup_failures,
                          json_pack("{s:s, s:s}", "call", call, "message", message));
}

/* The waiter of a packed call. @return as parity_wait() */
static int wait_in_cleanup(struct parity_test *t, const struct parity_test_options *wishes,
                           const json_t *packed, struct parity_error *err)
{
    struct wait_caller caller = {
        .t = t, .wishes = wishes, .service = json_string_value(json_object_get(packed, "service"))};
    const struct parity_wait_options options = {.sleep = sleep_in_wait, .data = &caller};
    struct parity_waiter *waiter = find_waiter(
        t, caller.service, json_string_value(json_object_get(packed, "operation")), err);
    int rc =
        waiter ? parity_wait(waiter, (struct parity_caller){.call = call_for_wait, .data = &caller},
                             json_object_get(packed, "input"), &options, NULL, err)
               : -1;

    parity_waiter_free(waiter);
    return rc;
}

static void run_cleanup(struct parity_test *t, const json_t *packed)
{
    const char *service = json_string_value(json_object_get(packed, "service"));
    const char *operation = json_string_value(json_object_get(packed, "operation"));
    struct parity_test_options wishes;
    struct parity_error err = {0};
    char text[1024];
    json_t *response;

    unpack_options(packed, &wishes);
    if (!service) {
        struct wait_caller caller = {.t = t};

        sleep_in_wait(&caller, json_number_value(json_object_get(packed, "sleep")));
        return;
    }
    if (json_is_true(json_object_get(packed, "wait"))) {
        if (wait_in_cleanup(t, &wishes, packed, &err) != 0) {
            parity_error_format(&err, text, sizeof text);
            note_failure(t, service, operation, text);
        }
        return;
    }
    if (parity_test_exchange(t, &wishes, service, operation, json_object_get(packed, "input"),
                             &response, &err) < 0) {
        parity_error_format(&err, text, sizeof text);
        note_failure(t, service, operation, text);
    } else if (parity_response_is_error(response) && !says_gone(response)) {
        snprintf(text, sizeof text, "%s: %s", error_member(response, "Code"),
                 error_member(response, "Message"));
        note_failure(t, service, operation, text);
    }
    json_decref(response);
}

void parity_test_run_cleanups(struct parity_test *t)
{
    double start = parity_clock_s();

    while (json_array_size(t->cleanups) > 0) {
        size_t last = json_array_size(t->cleanups) - 1;

        run_cleanup(t, json_array_get(t->cleanups, last));
        json_array_remove(t->cleanups, last);
        parity_test_tell(t, json_pack("{s:s}", "event", "cleaned"));
    }
    t->cleanup_s += parity_clock_s() - start;
}
