/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_write_member.h"
#include "base/memory.h"
#include "runner/clock.h"
#include "runner/template.h"
#include "runner/test.h"
#include "runner/test_journal.h"

/* --- one call ----------------------------------------------------------------------------------
 */

const char *parity_test_error_member(const json_t *response, const char *name)
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

/* Where the answer left the model. */
static void write_findings(const struct parity_call_record *record, struct parity_buffer *out)
{
    json_t *none = record->findings.list ? NULL : json_array();

    parity_json_write_member_value(out, "model_findings", none ? none : record->findings.list);
    if (record->findings.left_out)
        parity_json_write_member_integer(out, "model_findings_left_out",
                                         (long long)record->findings.left_out);
    json_decref(none);
}

/* The entry of the results file. */
static void write_entry(const struct parity_test *t, const char *service, const char *operation,
                        const json_t *answer, const struct parity_call_record *record,
                        struct parity_buffer *out)
{
    /* Where a service has left the protocol query, its errors have kept their codes. */
    const char *modelled_code = parity_test_error_member(answer, "QueryErrorCode");

    parity_json_write_member_text(out, "service", service);
    parity_json_write_member_text(out, "operation", operation);
    parity_json_write_member_text(out, "protocol", record->protocol);
    if (record->status_code)
        parity_json_write_member_integer(out, "status_code", record->status_code);
    else
        parity_json_write_member_value(out, "status_code", NULL);
    parity_json_write_member_text(out, "error_code", record->error_code);
    if (*modelled_code)
        parity_json_write_member_text(out, "modelled_code", modelled_code);
    parity_json_write_member_real(out, "duration_seconds",
                                  parity_clock_round_s(record->duration_s));
    parity_json_write_member_integer(out, "attempts", record->attempts);
    write_findings(record, out);
    if (!t->in_body)
        parity_json_write_member_value(out, "cleanup", json_true());
    if (record->exchanges)
        parity_json_write_member_value(out, "exchanges", record->exchanges);
}

static void note_call(struct parity_test *t, const char *service, const char *operation,
                      const json_t *input, const json_t *answer,
                      const struct parity_call_record *record)
{
    struct parity_buffer event = {0};

    if (record->request_id)
        json_array_append_new(t->request_ids, json_string(record->request_id));
    parity_trace_sent(&t->trace, t->call_count++, input);
    if (!t->environment->tell_call)
        return;
    parity_buffer_add_text(&event, "{\"event\":\"call\",\"call\":{");
    write_entry(t, service, operation, answer, record, &event);
    parity_buffer_add_text(&event, "}}");
    t->environment->tell_call(t->environment->data, &event);
    parity_buffer_clear(&event);
}

int parity_test_exchange(struct parity_test *t, const struct parity_test_options *wishes,
                         const char *service, const char *operation, const json_t *input,
                         json_t **out, struct parity_error *err)
{
    return parity_test_exchange_to_file(t, wishes, NULL, service, operation, input, out, err);
}

int parity_test_exchange_to_file(struct parity_test *t, const struct parity_test_options *wishes,
                                 const char *path, const char *service, const char *operation,
                                 const json_t *input, json_t **out, struct parity_error *err)
{
    struct parity_call_options options;
    struct parity_call_record record = {0};
    struct parity_test_create create;
    char *faults = NULL;
    int rc;

    *out = NULL;
    if (client_options(t, wishes, service, &options, err) < 0 ||
        parity_test_journal_call(t, wishes, service, operation, input, &create, err) < 0)
        return -1;
    options.save_to = path;
    options.faults = &faults;
    rc = t->environment->call(t->environment->data, service, operation, input, &options, out,
                              &record, err);
    parity_test_journal_answer(t, &create, *out, record.in_doubt);
    note_call(t, service, operation, input, *out, &record);
    if (faults)
        parity_test_note(t, "%s", faults);
    parity_free(faults);
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

void parity_test_trace(struct parity_test *t, json_t *value, size_t first_call)
{
    if (value && first_call < t->call_count &&
        parity_trace_add(&t->trace, value, first_call, t->call_count - first_call) < 0)
        parity_test_end_nomem(t);
}

void parity_test_check_expectation(struct parity_test *t, enum parity_expectation expect,
                                   const char *service, const char *operation, json_t *response)
{
    const json_t *metadata = json_object_get(response, "ResponseMetadata");
    json_int_t status = json_integer_value(json_object_get(metadata, "HTTPStatusCode"));
    bool is_error = parity_response_is_error(response);

    if (is_error && expect == PARITY_EXPECT_SUCCESS) {
        parity_test_conclude(t, PARITY_FAILED,
                             "%s %s was refused: %s (HTTP %" JSON_INTEGER_FORMAT "): %s", service,
                             operation, parity_test_error_member(response, "Code"), status,
                             parity_test_error_member(response, "Message"));
        parity_test_end(t);
    }
    if (!is_error && expect == PARITY_EXPECT_ERROR) {
        parity_test_conclude(t, PARITY_FAILED,
                             "%s %s should have been refused, but succeeded (HTTP "
                             "%" JSON_INTEGER_FORMAT ")",
                             service, operation, status);
        parity_test_end(t);
    }
    if (expect == PARITY_EXPECT_ERROR && parity_trace_expect(&t->trace, "error", response) < 0)
        parity_test_end_nomem(t);
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
    parity_test_trace(t, response, t->call_count - 1);
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
