/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client on a model of its own, without any installed: the model is a file that the test
 * writes, the target a thread that answers.
 */
#include "client/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"

static const char model_text[] =
    "{\"metadata\": {\"protocol\": \"json\", \"jsonVersion\": \"1.1\", \"targetPrefix\": \"Pets\","
    " \"endpointPrefix\": \"pets\", \"serviceId\": \"Pet Shop\", \"signatureVersion\": \"v4\"},"
    " \"operations\": {\"Feed\": {\"name\": \"Feed\", \"http\": {\"method\": \"POST\","
    " \"requestUri\": \"/\"}, \"input\": {\"shape\": \"In\"}, \"output\": {\"shape\": \"Out\"}},"
    " \"Walk\": {\"name\": \"Walk\", \"http\": {\"method\": \"POST\", \"requestUri\": \"/\"},"
    " \"endpoint\": {\"hostPrefix\": \"dog-\"}}},"
    " \"shapes\": {\"In\": {\"type\": \"structure\", \"required\": [\"Name\"],"
    " \"members\": {\"Name\": {\"shape\": \"S\"}}},"
    " \"Out\": {\"type\": \"structure\", \"members\": {\"Mood\": {\"shape\": \"S\"}}},"
    " \"S\": {\"type\": \"string\"}}}";

static char folder[] = "/tmp/parity-client-XXXXXX";
static char model_path[sizeof folder + 16];

/* --- a target --------------------------------------------------------------------------------- */

struct target {
    int listener;
    char url[64];
    const char *const *answers; /* NULL-terminated; the last one is given again and again */
    int requests;
    char last[8192];
    pthread_t thread;
};

static void answer_one(struct target *target, int connection)
{
    size_t length = 0;
    const char *answer = target->answers[0];

    for (;;) {
        ssize_t got = recv(connection, target->last + length, sizeof target->last - 1 - length, 0);
        const char *end, *field;

        if (got <= 0)
            return;
        length += (size_t)got;
        target->last[length] = '\0';
        end = strstr(target->last, "\r\n\r\n");
        field = strcasestr(target->last, "\r\ncontent-length:");
        if (end && length >= (size_t)(end + 4 - target->last) +
                                 (field ? strtoul(field + 17, NULL, 10) : 0))
            break;
    }
    target->requests++;
    if (target->answers[1])
        target->answers++;
    if (send(connection, answer, strlen(answer), MSG_NOSIGNAL) < 0)
        return;
}

static void *run_target(void *context)
{
    struct target *target = context;

    for (;;) {
        int connection = accept(target->listener, NULL, NULL);

        if (connection < 0)
            return NULL;
        answer_one(target, connection);
        close(connection);
    }
}

static void target_start(struct target *target, const char *const *answers)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    target->answers = answers;
    target->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(target->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(target->listener, 8), 0);
    assert_int_equal(getsockname(target->listener, (struct sockaddr *)&address, &length), 0);
    snprintf(target->url, sizeof target->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    assert_int_equal(pthread_create(&target->thread, NULL, run_target, target), 0);
}

static void target_stop(struct target *target)
{
    shutdown(target->listener, SHUT_RDWR);
    close(target->listener);
    pthread_join(target->thread, NULL);
}

/* --- a client --------------------------------------------------------------------------------- */

struct pet_client {
    struct parity_models *models;
    struct parity_client *client;
    long slept_ms;
    int sleeps;
};

static void note_sleep(long delay_ms, void *context)
{
    struct pet_client *pets = context;

    pets->slept_ms += delay_ms;
    pets->sleeps++;
}

static double half(void *context)
{
    (void)context;
    return 0.5;
}

static time_t fixed_time(void *context)
{
    (void)context;
    return 1440938160; /* 2015-08-30T12:36:00Z */
}

static int count_up(void *bytes, size_t length, void *context)
{
    (void)context;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)i;
    return 0;
}

static struct parity_credentials test_credentials(void)
{
    static char id[] = "AKIDEXAMPLE", secret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    return (struct parity_credentials){.access_key_id = id, .secret_access_key = secret};
}

static size_t kept_bytes; /* of each body, of clients that are opened; usually none */

static void open_client(struct pet_client *pets, const char *url, bool aws)
{
    const struct parity_credentials credentials = test_credentials();
    const struct parity_target target = {.aws = aws,
                                         .endpoint_url = url,
                                         .region = "us-east-1",
                                         .credentials = &credentials,
                                         .http.read_timeout_ms = 2000,
                                         .exchange_body_bytes = kept_bytes,
                                         .hooks = {.now = fixed_time,
                                                   .sleep = note_sleep,
                                                   .random = half,
                                                   .random_bytes = count_up,
                                                   .context = pets}};
    struct parity_error err = {0};

    memset(pets, 0, sizeof *pets);
    pets->models = parity_models_new(
        &(struct parity_models_options){.model_file = model_path, .data_path = folder}, &err);
    assert_non_null(pets->models);
    pets->client = parity_client_new(pets->models, &target, &err);
    if (!pets->client)
        fail_msg("%s", err.message);
}

static void close_client(struct pet_client *pets)
{
    parity_client_free(pets->client);
    parity_models_free(pets->models);
}

static int feed(struct pet_client *pets, const struct parity_call_options *options, json_t **out,
                struct parity_call_record *record, struct parity_error *err)
{
    json_t *input = json_pack("{s:s}", "Name", "Rex");
    int rc = parity_client_call(pets->client, "pets", "Feed", input, options, out, record, err);

    json_decref(input);
    return rc;
}

#define ANSWER(status, length, body)                                                               \
    "HTTP/1.1 " status "\r\nContent-Length: " length "\r\nx-amzn-RequestId: r-1\r\n\r\n" body

static const char happy[] = ANSWER("200 OK", "16", "{\"Mood\":\"happy\"}");
static const char busy[] = ANSWER("503 Busy", "2", "{}");

/* --- tests ------------------------------------------------------------------------------------ */

static void call_returns_output_and_a_record(void **state)
{
    static const char *const answers[] = {happy, NULL};
    struct target target = {0};
    struct pet_client pets;
    struct parity_call_record record;
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    target_start(&target, answers);
    open_client(&pets, target.url, false);
    if (feed(&pets, NULL, &out, &record, &err) < 0)
        fail_msg("%s", err.message);
    assert_string_equal(json_string_value(json_object_get(out, "Mood")), "happy");
    assert_false(parity_response_is_error(out));
    assert_string_equal(record.service, "pets");
    assert_string_equal(record.operation, "Feed");
    assert_int_equal(record.status_code, 200);
    assert_null(record.error_code);
    assert_string_equal(record.request_id, "r-1");
    assert_int_equal(record.attempts, 1);
    assert_string_equal(record.endpoint, target.url);
    assert_true(record.duration_s > 0);
    json_decref(out);
    parity_call_record_clear(&record);
    close_client(&pets);
    target_stop(&target);
}

static void error_answer_is_a_result(void **state)
{
    static const char *const answers[] = {
        ANSWER("400 Bad Request", "44", "{\"__type\":\"x#NotHungry\",\"message\":\"no more\"}"),
        NULL};
    struct target target = {0};
    struct pet_client pets;
    struct parity_call_record record;
    json_t *out;

    (void)state;
    target_start(&target, answers);
    open_client(&pets, target.url, false);
    assert_int_equal(feed(&pets, NULL, &out, &record, NULL), 0);
    assert_true(parity_response_is_error(out));
    assert_string_equal(record.error_code, "NotHungry");
    assert_int_equal(record.status_code, 400);
    json_decref(out);
    parity_call_record_clear(&record);
    close_client(&pets);
    target_stop(&target);
}

static void retry_waits_longer_each_time(void **state)
{
    static const char *const answers[] = {busy, busy, happy, NULL};
    struct target target = {0};
    struct pet_client pets;
    struct parity_call_record record;
    json_t *out;

    (void)state;
    target_start(&target, answers);
    open_client(&pets, target.url, false);
    assert_int_equal(feed(&pets, NULL, &out, &record, NULL), 0);
    assert_int_equal(record.attempts, 3);
    assert_int_equal(pets.sleeps, 2);
    assert_int_equal(pets.slept_ms, 500 + 1000);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(out, "ResponseMetadata"),
                                                        "RetryAttempts")),
                     2);
    json_decref(out);
    parity_call_record_clear(&record);
    close_client(&pets);
    target_stop(&target);
}

static const json_t *at(const json_t *exchange, const char *message, const char *member)
{
    return json_object_get(json_object_get(exchange, message), member);
}

static void what_each_attempt_sent_and_received_is_kept(void **state)
{
    static const char *const answers[] = {
        busy,
        "HTTP/1.1 200 OK\r\nContent-Length: 17\r\nSet-Cookie: secret\r\n\r\n"
        "{\"Mood\":\"gl\xc3\xbc"
        "ck\"}",
        NULL};
    struct target target = {0};
    struct pet_client pets;
    struct parity_call_record record;
    const json_t *first, *second;
    char *text;
    json_t *out;

    (void)state;
    target_start(&target, answers);
    kept_bytes = 12; /* ends within a character of the answer */
    open_client(&pets, target.url, false);
    kept_bytes = 0;
    assert_int_equal(feed(&pets, NULL, &out, &record, NULL), 0);
    assert_int_equal(json_array_size(record.exchanges), 2);
    first = json_array_get(record.exchanges, 0);
    second = json_array_get(record.exchanges, 1);
    assert_int_equal(json_integer_value(at(first, "response", "status_code")), 503);
    assert_string_equal(json_string_value(at(first, "request", "method")), "POST");
    assert_string_equal(json_string_value(at(first, "request", "body")), "{\"Name\": \"Re");
    assert_int_equal(json_integer_value(at(first, "request", "body_bytes")), 15);
    assert_string_equal(json_string_value(at(second, "response", "body")), "{\"Mood\":\"gl");
    assert_int_equal(json_integer_value(at(second, "response", "body_bytes")), 17);
    text = json_dumps(record.exchanges, 0);
    assert_null(strstr(text, "Signature="));
    assert_null(strstr(text, "secret"));
    assert_non_null(strstr(text, "[\"Authorization\", \"<hidden>\"]"));
    free(text);
    json_decref(out);
    parity_call_record_clear(&record);
    close_client(&pets);
    target_stop(&target);
}

static void nothing_is_kept_unless_it_is_wanted(void **state)
{
    static const char *const answers[] = {happy, NULL};
    struct target target = {0};
    struct pet_client pets;
    struct parity_call_record record;
    json_t *out;

    (void)state;
    target_start(&target, answers);
    open_client(&pets, target.url, false);
    assert_int_equal(feed(&pets, NULL, &out, &record, NULL), 0);
    assert_null(record.exchanges);
    json_decref(out);
    parity_call_record_clear(&record);
    close_client(&pets);
    target_stop(&target);
}

static void attempts_end_at_their_number(void **state)
{
    static const char *const answers[] = {busy, NULL};
    struct target target = {0};
    struct pet_client pets;
    const struct parity_call_options once = {.max_attempts = 1};
    json_t *out;

    (void)state;
    target_start(&target, answers);
    open_client(&pets, target.url, false);
    assert_int_equal(feed(&pets, NULL, &out, NULL, NULL), 0);
    assert_true(parity_response_is_error(out));
    assert_int_equal(target.requests, 3);
    json_decref(out);
    assert_int_equal(feed(&pets, &once, &out, NULL, NULL), 0);
    assert_int_equal(target.requests, 4);
    json_decref(out);
    close_client(&pets);
    target_stop(&target);
}

static void failure_fills_the_record_too(void **state)
{
    static const char *const answers[] = {"", NULL};
    struct target target = {0};
    struct pet_client pets;
    struct parity_call_record record;
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    target_start(&target, answers);
    open_client(&pets, target.url, false);
    assert_int_equal(feed(&pets, NULL, &out, &record, &err), -1);
    assert_null(out);
    assert_int_equal(err.code, PARITY_E_NETWORK);
    assert_string_equal(err.context, "pets Feed");
    assert_int_equal(record.attempts, 3);
    assert_int_equal(record.status_code, 0);
    assert_string_equal(record.operation, "Feed");
    parity_call_record_clear(&record);
    close_client(&pets);
    target_stop(&target);
}

static void invalid_input_is_never_sent(void **state)
{
    static const char *const answers[] = {happy, NULL};
    struct target target = {0};
    struct pet_client pets;
    struct parity_error err = {0};
    const struct parity_call_options anyway = {.no_validate = true};
    json_t *input = json_object(), *out;

    (void)state;
    target_start(&target, answers);
    open_client(&pets, target.url, false);
    assert_int_equal(parity_client_call(pets.client, "pets", "Feed", input, NULL, &out, NULL, &err),
                     -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_int_equal(target.requests, 0);
    assert_int_equal(
        parity_client_call(pets.client, "pets", "Feed", input, &anyway, &out, NULL, NULL), 0);
    assert_int_equal(target.requests, 1);
    json_decref(out);
    json_decref(input);
    close_client(&pets);
    target_stop(&target);
}

static void request_is_the_same_for_the_same_time(void **state)
{
    struct pet_client pets;
    struct parity_http_request a, b;
    json_t *input = json_pack("{s:s}", "Name", "Rex");

    (void)state;
    open_client(&pets, "http://127.0.0.1:1", false);
    assert_int_equal(parity_client_prepare(pets.client, "pets", "Feed", input, NULL, &a, NULL), 0);
    assert_int_equal(parity_client_prepare(pets.client, "pets", "Feed", input, NULL, &b, NULL), 0);
    assert_string_equal(a.url, "http://127.0.0.1:1/");
    assert_string_equal(parity_headers_get(&a.headers, "X-Amz-Date"), "20150830T123600Z");
    assert_string_equal(parity_headers_get(&a.headers, "Authorization"),
                        parity_headers_get(&b.headers, "Authorization"));
    assert_string_equal(a.body.data, "{\"Name\": \"Rex\"}");
    parity_http_request_clear(&a);
    parity_http_request_clear(&b);
    json_decref(input);
    close_client(&pets);
}

static void no_target_is_refused_at_once(void **state)
{
    struct parity_models *models =
        parity_models_new(&(struct parity_models_options){.model_file = model_path}, NULL);
    const struct parity_target target = {.region = "us-east-1"};
    struct parity_error err = {0};

    (void)state;
    assert_null(parity_client_new(models, &target, &err));
    assert_int_equal(err.code, PARITY_E_USAGE);
    parity_models_free(models);
}

/* Whatever the endpoint is called, a request to AWS takes `aws`. */
static void aws_is_out_of_reach_without_the_flag(void **state)
{
    static const char *const urls[] = {
        "https://sqs.us-east-1.amazonaws.com", "https://AMAZONAWS.COM",
        "http://sqs.us-east-1.amazonaws.com.:80/path", "https://user@sqs.us-east-1.api.aws"};
    struct pet_client pets;

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct parity_error err = {0};
        struct parity_call_record record;
        json_t *out;

        open_client(&pets, urls[i], false);
        assert_int_equal(feed(&pets, NULL, &out, &record, &err), -1);
        assert_int_equal(err.code, PARITY_E_USAGE);
        assert_non_null(strstr(err.message, "held back"));
        assert_int_equal(record.attempts, 0);
        parity_call_record_clear(&record);
        close_client(&pets);
    }
}

static void endpoint_of_a_call_is_guarded_as_well(void **state)
{
    const struct parity_call_options options = {.endpoint_url = "https://x.amazonaws.com"};
    struct pet_client pets;
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    open_client(&pets, "http://127.0.0.1:1", false);
    assert_int_equal(feed(&pets, &options, &out, NULL, &err), -1);
    assert_int_equal(err.code, PARITY_E_USAGE);
    close_client(&pets);
}

static void refused_connection_is_retried_at_aws_only(void **state)
{
    struct target target = {0};
    struct pet_client pets;
    struct parity_error err = {0};
    json_t *out;

    (void)state;
    target_start(&target, (const char *const[]){happy, NULL});
    target_stop(&target);
    open_client(&pets, target.url, false);
    assert_int_equal(feed(&pets, NULL, &out, NULL, &err), -1);
    assert_int_equal(pets.sleeps, 0);
    assert_non_null(strstr(err.message, "is the emulator running?"));
    close_client(&pets);
    open_client(&pets, target.url, true);
    assert_int_equal(feed(&pets, NULL, &out, NULL, NULL), -1);
    assert_int_equal(pets.sleeps, 2);
    close_client(&pets);
}

static void emulators_credentials_serve_only_where_there_are_none(void **state)
{
    struct pet_client pets;
    struct parity_http_request request;
    json_t *input = json_pack("{s:s}", "Name", "Rex");

    (void)state;
    open_client(&pets, "http://127.0.0.1:1", false);
    assert_int_equal(
        parity_client_prepare(pets.client, "pets", "Feed", input, NULL, &request, NULL), 0);
    assert_non_null(
        strstr(parity_headers_get(&request.headers, "Authorization"), "AKIDEXAMPLE/20150830"));
    parity_http_request_clear(&request);
    close_client(&pets);

    setenv("AWS_ACCESS_KEY_ID", "AKIDOTHER", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "other", 1);
    open_client(&pets, "http://127.0.0.1:1", false);
    assert_int_equal(
        parity_client_prepare(pets.client, "pets", "Feed", input, NULL, &request, NULL), 0);
    assert_non_null(
        strstr(parity_headers_get(&request.headers, "Authorization"), "AKIDOTHER/20150830"));
    parity_http_request_clear(&request);
    close_client(&pets);
    unsetenv("AWS_ACCESS_KEY_ID");
    unsetenv("AWS_SECRET_ACCESS_KEY");
    json_decref(input);
}

static void lack_of_memory_is_survived_up_to_the_request(void **state)
{
    struct pet_client pets;
    json_t *input = json_pack("{s:s}", "Name", "Rex");

    (void)state;
    for (unsigned long n = 1;; n++) {
        struct parity_http_request request;
        struct parity_error err = {0};
        int rc;

        open_client(&pets, "http://127.0.0.1:1", false);
        parity_memory_fail_at(n, 0);
        rc = parity_client_prepare(pets.client, "pets", "Feed", input, NULL, &request, &err);
        parity_memory_fail_at(0, 0);
        parity_http_request_clear(&request);
        close_client(&pets);
        if (rc == 0)
            break;
        assert_int_not_equal(err.code, PARITY_OK);
        assert_true(n < 10000);
    }
    json_decref(input);
}

static int prepare(void **state)
{
    static const char *const unset[] = {
        "AWS_ACCESS_KEY_ID",   "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL",      "AWS_MAX_ATTEMPTS",  "http_proxy"};

    (void)state;
    for (size_t i = 0; i < sizeof unset / sizeof *unset; i++)
        unsetenv(unset[i]);
    setenv("AWS_CONFIG_FILE", "/nonexistent/config", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials", 1);
    if (!mkdtemp(folder))
        return -1;
    setenv("XDG_CACHE_HOME", folder, 1);
    snprintf(model_path, sizeof model_path, "%s/service-2.json", folder);
    return parity_file_replace(model_path, model_text, sizeof model_text - 1, NULL);
}

static int clean_up(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call_returns_output_and_a_record),
        cmocka_unit_test(error_answer_is_a_result),
        cmocka_unit_test(retry_waits_longer_each_time),
        cmocka_unit_test(what_each_attempt_sent_and_received_is_kept),
        cmocka_unit_test(nothing_is_kept_unless_it_is_wanted),
        cmocka_unit_test(attempts_end_at_their_number),
        cmocka_unit_test(failure_fills_the_record_too),
        cmocka_unit_test(invalid_input_is_never_sent),
        cmocka_unit_test(request_is_the_same_for_the_same_time),
        cmocka_unit_test(no_target_is_refused_at_once),
        cmocka_unit_test(aws_is_out_of_reach_without_the_flag),
        cmocka_unit_test(endpoint_of_a_call_is_guarded_as_well),
        cmocka_unit_test(refused_connection_is_retried_at_aws_only),
        cmocka_unit_test(emulators_credentials_serve_only_where_there_are_none),
        cmocka_unit_test(lack_of_memory_is_survived_up_to_the_request),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, prepare, clean_up);
}
