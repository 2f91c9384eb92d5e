/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Client CPU per call: parity's client (build input, sign, send, parse, record), or a bare libcurl
 * loop that sends the same requests and throws the answers away.
 *
 *   bench_calls parity|bare ENDPOINT CALLS.json ROUNDS
 *
 * Prints {"calls", "cpu_s", "wall_s"} of the loop alone; loading models and opening the first
 * connection is not part of it. "start_cpu_s" is what a program that only has libcurl spends before
 * its first request.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/client.h"
#include "transformers/transformer.h"

struct call {
    const char *service, *operation; /* borrowed from the calls file */
    json_t *input;                   /* owned */
    struct parity_http_request request;
};

struct clock {
    double cpu_s, wall_s;
};

static struct clock now(void)
{
    struct rusage usage;
    struct timespec time;

    getrusage(RUSAGE_SELF, &usage);
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (struct clock){
        .cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
        .wall_s = (double)time.tv_sec + (double)time.tv_nsec / 1e9,
    };
}

static void die(const struct parity_error *err)
{
    char text[2048];

    parity_error_format(err, text, sizeof text);
    fprintf(stderr, "bench_calls: %s\n", text);
    exit(EXIT_FAILURE);
}

/* Inputs name the target as {endpoint}: a queue's URL holds it. */
static json_t *fill_in(const json_t *input, const char *endpoint)
{
    json_t *copy = parity_json_copy(input);
    const char *key;
    json_t *value;
    void *next;

    json_object_foreach_safe(copy, next, key, value) {
        const char *text = json_string_value(value);
        const char *rest = text && strncmp(text, "{endpoint}", 10) == 0 ? text + 10 : NULL;

        if (rest)
            json_object_set_new(copy, key, json_sprintf("%s%s", endpoint, rest));
    }
    return copy;
}

static struct call *read_calls(const json_t *list, const char *endpoint)
{
    struct call *calls = calloc(json_array_size(list) + 1, sizeof *calls);
    size_t i;
    const json_t *entry;

    if (!calls)
        abort();
    json_array_foreach(list, i, entry) {
        calls[i].service = json_string_value(json_object_get(entry, "service"));
        calls[i].operation = json_string_value(json_object_get(entry, "operation"));
        calls[i].input = fill_in(json_object_get(entry, "input"), endpoint);
    }
    return calls;
}

/* One call as a test makes it: the response ends as a match value of the observed state. */
static void call_and_record(struct parity_client *client, const struct call *call, json_t *observed,
                            bool may_fail)
{
    struct parity_error err = {0};
    struct parity_call_record record = {0};
    json_t *response;

    if (parity_client_call(client, call->service, call->operation, call->input, NULL, &response,
                           &record, &err) < 0)
        die(&err);
    if (parity_response_is_error(response) && !may_fail) {
        fprintf(stderr, "bench_calls: %s.%s: %s\n", call->service, call->operation,
                record.error_code);
        exit(EXIT_FAILURE);
    }
    json_object_set_new(observed, call->operation, parity_match_order(response));
    json_decref(response);
    parity_call_record_clear(&record);
}

static struct clock run_parity(struct parity_client *client, const struct call *calls, long rounds)
{
    struct clock start, end;
    json_t *observed = json_object();

    for (const struct call *call = calls; call->service; call++)
        call_and_record(client, call, observed, false);
    start = now();
    for (long round = 0; round < rounds; round++)
        for (const struct call *call = calls; call->service; call++)
            call_and_record(client, call, observed, false);
    end = now();
    json_decref(observed);
    return (struct clock){end.cpu_s - start.cpu_s, end.wall_s - start.wall_s};
}

static size_t discard(char *data, size_t size, size_t count, void *user)
{
    (void)data;
    (void)user;
    return size * count;
}

/* Everything that stays the same between requests is prepared; the loop only sends. */
static void send_bare(CURL *curl, const struct call *call, struct curl_slist *headers)
{
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_URL, call->request.url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->request.method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (strcmp(call->request.method, "GET") == 0) {
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "GET");
    } else {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                         call->request.body.data ? call->request.body.data : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->request.body.length);
    }
    code = curl_easy_perform(curl);
    if (code != CURLE_OK) {
        fprintf(stderr, "bench_calls: %s: %s\n", call->request.url, curl_easy_strerror(code));
        exit(EXIT_FAILURE);
    }
}

/* What an attempt adds to a request that was only prepared, so that both loops send as much. */
static void add_attempt_headers(struct parity_http_request *request)
{
    static const char *const headers[][2] = {
        {"amz-sdk-invocation-id", "5c0c3d0f-6b0b-4b45-9e1c-6a2f5a1f3c4d"},
        {"amz-sdk-request", "attempt=1"},
        {"Accept-Encoding", "identity"},
    };

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (parity_headers_set(&request->headers, headers[i][0], headers[i][1]) < 0)
            abort();
}

static struct curl_slist *header_list(const struct parity_http_request *request)
{
    struct curl_slist *list = curl_slist_append(NULL, "Accept:");
    bool has_type = parity_headers_get(&request->headers, "Content-Type") != NULL;
    char line[4096];

    for (size_t i = 0; i < request->headers.count; i++) {
        snprintf(line, sizeof line, "%s: %s", request->headers.items[i].name,
                 request->headers.items[i].value);
        list = curl_slist_append(list, line);
    }
    if (!has_type)
        list = curl_slist_append(list, "Content-Type:");
    return curl_slist_append(list, "Expect:");
}

static struct clock run_bare(struct call *calls, long rounds)
{
    struct clock start, end;
    struct curl_slist *headers[64];
    size_t count = 0;
    CURL *curl = curl_easy_init();

    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    for (; calls[count].service && count < 64; count++) {
        add_attempt_headers(&calls[count].request);
        headers[count] = header_list(&calls[count].request);
        send_bare(curl, &calls[count], headers[count]);
    }
    start = now();
    for (long round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++)
            send_bare(curl, &calls[i], headers[i]);
    end = now();
    for (size_t i = 0; i < count; i++)
        curl_slist_free_all(headers[i]);
    curl_easy_cleanup(curl);
    return (struct clock){end.cpu_s - start.cpu_s, end.wall_s - start.wall_s};
}

int main(int argc, char **argv)
{
    struct parity_error err = {0};
    char key[] = "test";
    struct parity_credentials credentials = {.access_key_id = key, .secret_access_key = key};
    struct parity_models *models;
    struct parity_client *client;
    struct clock spent, started;
    struct call *calls, *setup;
    json_t *file, *scratch = json_object();
    long rounds;

    if (argc != 5) {
        fprintf(stderr, "usage: bench_calls parity|bare ENDPOINT CALLS.json ROUNDS\n");
        return EXIT_FAILURE;
    }
    rounds = strtol(argv[4], NULL, 10);
    /* First, so that the bare loop has libcurl as it comes, not with parity's allocator. */
    if (strcmp(argv[1], "bare") == 0)
        curl_global_init(CURL_GLOBAL_ALL);
    started = now();
    parity_memory_init();
    if (parity_json_read_file(argv[3], &file, &err) < 0)
        die(&err);
    models = parity_models_new(&(struct parity_models_options){0}, &err);
    client = models ? parity_client_new(models,
                                        &(struct parity_target){.endpoint_url = argv[2],
                                                                .region = "us-east-1",
                                                                .credentials = &credentials},
                                        &err)
                    : NULL;
    if (!client)
        die(&err);
    setup = read_calls(json_object_get(file, "setup"), argv[2]);
    calls = read_calls(json_object_get(file, "calls"), argv[2]);
    for (struct call *call = setup; call->service; call++)
        call_and_record(client, call, scratch, true);
    for (struct call *call = calls; call->service; call++)
        if (parity_client_prepare(client, call->service, call->operation, call->input, NULL,
                                  &call->request, &err) < 0)
            die(&err);
    spent =
        strcmp(argv[1], "bare") == 0 ? run_bare(calls, rounds) : run_parity(client, calls, rounds);
    printf("{\"calls\": %ld, \"cpu_s\": %.6f, \"wall_s\": %.6f, \"start_cpu_s\": %.6f}\n",
           rounds * (long)json_array_size(json_object_get(file, "calls")), spent.cpu_s,
           spent.wall_s, started.cpu_s);
    for (struct call *call = calls; call->service; call++) {
        json_decref(call->input);
        parity_http_request_clear(&call->request);
    }
    for (struct call *call = setup; call->service; call++)
        json_decref(call->input);
    free(calls);
    free(setup);
    json_decref(scratch);
    json_decref(file);
    parity_client_free(client);
    parity_models_free(models);
    return EXIT_SUCCESS;
}
