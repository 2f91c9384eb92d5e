/* SPDX-License-Identifier: Apache-2.0 */
#include "client/http.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/memory.h"
#include "client/curl_library.h"
#include "client/http_exchange.h"
#include "client/uri.h"

enum {
    DEFAULT_CONNECT_TIMEOUT_MS = 10 * 1000,
    DEFAULT_READ_TIMEOUT_MS = 60 * 1000,
    KEPT_CONNECTIONS = 16
};

static const size_t default_max_response_bytes = (size_t)1 << 30;

struct parity_http {
    const struct parity_curl *curl; /* NULL until the first request */
    CURLM *multi;                   /* holds connections, names and TLS sessions */
    CURL *easy;                     /* one for all requests: most options are set once */

    struct curl_slist *connect_to; /* nodes of `connect_to_nodes` */
    struct curl_slist *connect_to_nodes;
    size_t connect_to_count, connect_to_capacity;
    char *ca_bundle; /* owned; NULL: the system's */
    long connect_timeout_ms, read_timeout_ms;
    size_t max_response_bytes;
    bool has_proxy;                   /* the environment names a proxy */
    char *plain_proxy;                /* owned; for http alone. NULL: what libcurl finds */
    enum parity_http_trouble trouble; /* of the last exchange */

    /* Header lines of the request under way, kept for the next one. */
    struct curl_slist *lines;
    size_t line_count, line_capacity;
    struct parity_buffer text;
    char *origin; /* owned; CURLOPT_URL as last set */
    char detail[CURL_ERROR_SIZE];
};

/* --- options ---------------------------------------------------------------------------------- */

/* HOST1:PORT1:HOST2:PORT2; a host in brackets may contain colons. */
static bool is_connect_to(const char *entry)
{
    int colons = 0;
    bool bracket = false;

    for (const char *c = entry; *c; c++) {
        if (*c == '[' || *c == ']')
            bracket = *c == '[';
        else if (*c == ':' && !bracket && ++colons % 2 == 1 &&
                 !parity_uri_is_port(c + 1, strcspn(c + 1, ":")))
            return false;
    }
    return colons == 3 && !bracket;
}

static int add_connect_to(struct parity_http *http, const char *entry, size_t length,
                          struct parity_error *err)
{
    char *copy = parity_strndup(entry, length);

    if (!copy || parity_grow(&http->connect_to_nodes, &http->connect_to_capacity,
                             http->connect_to_count + 1, sizeof *http->connect_to_nodes) < 0) {
        parity_free(copy);
        parity_fail_nomem(err);
        return -1;
    }
    http->connect_to_nodes[http->connect_to_count++].data = copy;
    if (!is_connect_to(copy)) {
        parity_fail(err, PARITY_E_USAGE, NULL,
                    "'%s' is no connect-to entry (HOST1:PORT1:HOST2:PORT2)", copy);
        return -1;
    }
    return 0;
}

/* Entries of the options first, then those of PARITY_CONNECT_TO, separated by blanks or commas;
 * libcurl takes the first that matches. */
static int read_connect_to(struct parity_http *http, const char *const *entries,
                           struct parity_error *err)
{
    const char *text = getenv("PARITY_CONNECT_TO");

    for (; entries && *entries; entries++)
        if (add_connect_to(http, *entries, strlen(*entries), err) < 0)
            return -1;
    while (text && *(text += strspn(text, " ,\t\n"))) {
        size_t length = strcspn(text, " ,\t\n");

        if (add_connect_to(http, text, length, err) < 0)
            return -1;
        text += length;
    }
    for (size_t i = 0; i < http->connect_to_count; i++)
        http->connect_to_nodes[i].next =
            i + 1 < http->connect_to_count ? &http->connect_to_nodes[i + 1] : NULL;
    http->connect_to = http->connect_to_nodes;
    return 0;
}

/*
 * HTTP_PROXY, which libcurl leaves out and other clients take where http_proxy is not set; but not
 * in a CGI script, where a header of the request makes it. NULL: none.
 */
static const char *plain_proxy(void)
{
    const char *proxy = getenv("HTTP_PROXY");

    return proxy && *proxy && !getenv("http_proxy") && !getenv("REQUEST_METHOD") ? proxy : NULL;
}

/* For any scheme; these are the variables that libcurl looks at. */
static bool environment_names_proxy(void)
{
    static const char *const variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                            "ALL_PROXY"};

    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (getenv(variables[i]))
            return true;
    return false;
}

struct parity_http *parity_http_new(const struct parity_http_options *options,
                                    struct parity_error *err)
{
    static const struct parity_http_options defaults;
    struct parity_http *http = parity_calloc(1, sizeof *http);
    const char *ca_bundle = getenv("AWS_CA_BUNDLE");

    if (!http) {
        parity_fail_nomem(err);
        return NULL;
    }
    if (!options)
        options = &defaults;
    http->connect_timeout_ms =
        options->connect_timeout_ms ? options->connect_timeout_ms : DEFAULT_CONNECT_TIMEOUT_MS;
    http->read_timeout_ms =
        options->read_timeout_ms ? options->read_timeout_ms : DEFAULT_READ_TIMEOUT_MS;
    http->max_response_bytes =
        options->max_response_bytes ? options->max_response_bytes : default_max_response_bytes;
    http->has_proxy = plain_proxy() || environment_names_proxy();
    if (options->ca_bundle)
        ca_bundle = options->ca_bundle;
    if (read_connect_to(http, options->connect_to, err) < 0)
        goto fail;
    if (ca_bundle && *ca_bundle && !(http->ca_bundle = parity_strdup(ca_bundle))) {
        parity_fail_nomem(err);
        goto fail;
    }
    if (plain_proxy() && !(http->plain_proxy = parity_strdup(plain_proxy()))) {
        parity_fail_nomem(err);
        goto fail;
    }
    return http;
fail:
    parity_http_free(http);
    return NULL;
}

void parity_http_free(struct parity_http *http)
{
    if (!http)
        return;
    if (http->easy)
        http->curl->easy_cleanup(http->easy);
    if (http->multi)
        http->curl->multi_cleanup(http->multi);
    for (size_t i = 0; i < http->connect_to_count; i++)
        parity_free(http->connect_to_nodes[i].data);
    parity_free(http->connect_to_nodes);
    parity_free(http->ca_bundle);
    parity_free(http->plain_proxy);
    parity_free(http->lines);
    parity_buffer_clear(&http->text);
    parity_free(http->origin);
    parity_free(http);
}

/* --- the handle ------------------------------------------------------------------------------- */

/* All that stays the same from request to request. */
static CURLcode set_lasting_options(struct parity_http *http)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_PATH_AS_IS, 1},
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_CONNECTTIMEOUT_MS, http->connect_timeout_ms},
        {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_SSL_VERIFYPEER, 1},
        {CURLOPT_SSL_VERIFYHOST, 2},
    };
    const struct {
        CURLoption option;
        const void *value;
    } pointers[] = {
        {CURLOPT_ERRORBUFFER, http->detail},
        {CURLOPT_CONNECT_TO, http->connect_to},
        {CURLOPT_CAINFO, http->ca_bundle},
        /* Without a proxy in the environment libcurl need not look there for each request. */
        {CURLOPT_PROXY, http->has_proxy ? NULL : ""},
    };
    const struct parity_curl *curl = http->curl;
    CURLcode code;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if ((code = curl->easy_setopt(http->easy, numbers[i].option, numbers[i].value)) != CURLE_OK)
            return code;
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        if (pointers[i].value && (code = curl->easy_setopt(http->easy, pointers[i].option,
                                                           pointers[i].value)) != CURLE_OK)
            return code;
    code = curl->easy_setopt(http->easy, CURLOPT_HEADERFUNCTION, parity_http_receive_header);
    if (code == CURLE_OK)
        code = curl->easy_setopt(http->easy, CURLOPT_WRITEFUNCTION, parity_http_receive_body);
    if (code == CURLE_OK)
        code = curl->easy_setopt(http->easy, CURLOPT_READFUNCTION, parity_http_send_file);
    if (code == CURLE_OK)
        code = curl->easy_setopt(http->easy, CURLOPT_SEEKFUNCTION, parity_http_rewind_file);
    return code;
}

static int make_handles(struct parity_http *http, struct parity_error *err)
{
    CURLcode code;

    if (http->easy)
        return 0;
    if (!http->curl && !(http->curl = parity_curl_load(err)))
        return -1;
    if (!http->multi)
        http->multi = http->curl->multi_init();
    http->easy = http->multi ? http->curl->easy_init() : NULL;
    if (!http->easy) {
        parity_fail_nomem(err);
        return -1;
    }
    http->curl->multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
    code = set_lasting_options(http);
    if (code == CURLE_OK)
        return 0;
    parity_fail(err, code == CURLE_OUT_OF_MEMORY ? PARITY_E_NOMEM : PARITY_E_ENVIRONMENT, NULL,
                "cannot set up libcurl: %s", http->curl->easy_strerror(code));
    http->curl->easy_cleanup(http->easy);
    http->easy = NULL;
    return -1;
}

/* --- one request ------------------------------------------------------------------------------ */

/* One more header line. Its text goes to the end of `text`, which may still move: link_lines()
 * points to it. */
static int add_line(struct parity_http *http, const char *name, const char *separator,
                    const char *value)
{
    if (parity_grow(&http->lines, &http->line_capacity, http->line_count + 1, sizeof *http->lines) <
        0)
        return -1;
    http->line_count++;
    parity_buffer_add_text(&http->text, name);
    parity_buffer_add_text(&http->text, separator);
    parity_buffer_add(&http->text, value, strlen(value) + 1);
    return http->text.failed ? -1 : 0;
}

static bool has_line_break(const char *text)
{
    return strchr(text, '\r') || strchr(text, '\n');
}

static int check_field(const struct parity_header *header, struct parity_error *err)
{
    if (*header->name && !strchr(header->name, ':') && !strchr(header->name, ' ') &&
        !has_line_break(header->name) && !has_line_break(header->value))
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL,
                "header '%.60s' cannot be sent: it has no name or a line break in it",
                header->name);
    return -1;
}

static void link_lines(struct parity_http *http)
{
    char *at = http->text.data;

    for (size_t i = 0; i < http->line_count; i++) {
        http->lines[i].data = at;
        http->lines[i].next = i + 1 < http->line_count ? &http->lines[i + 1] : NULL;
        at += strlen(at) + 1;
    }
}

/*
 * The request's own fields, and switches for those that libcurl would add. `Accept-Encoding:
 * identity` is what Python's http.client sends for botocore: a body is wanted as it is stored.
 */
static int build_lines(struct parity_http *http, const struct parity_http_request *request,
                       struct parity_error *err)
{
    static const struct {
        const char *name, *separator, *value;
    } defaults[] = {
        {"Accept", ":", ""},
        {"Content-Type", ":", ""},
        {"Expect", ":", ""},
        {"Accept-Encoding", ": ", "identity"},
    };
    int rc = 0;

    http->line_count = 0;
    parity_buffer_reset(&http->text);
    for (size_t i = 0; i < request->headers.count && rc == 0; i++) {
        const struct parity_header *header = &request->headers.items[i];

        if (check_field(header, err) < 0)
            return -1;
        /* ";" is libcurl's way to say "with an empty value"; "Name:" means "leave it out". */
        rc = add_line(http, header->name, *header->value ? ": " : ";", header->value);
    }
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults && rc == 0; i++)
        if (!parity_headers_get(&request->headers, defaults[i].name))
            rc = add_line(http, defaults[i].name, defaults[i].separator, defaults[i].value);
    if (rc < 0) {
        parity_buffer_clear(&http->text);
        parity_fail_nomem(err);
        return -1;
    }
    link_lines(http);
    return 0;
}

/*
 * The origin goes into CURLOPT_URL, what follows it into CURLOPT_REQUEST_TARGET: the latter is sent
 * byte by byte, so what was signed is what is sent, and the former rarely changes.
 */
static CURLcode set_url(struct parity_http *http, const char *url, size_t origin)
{
    const struct parity_curl *curl = http->curl;
    const char *target = url + origin;
    bool plain = strncasecmp(url, "http:", 5) == 0;
    CURLcode code = CURLE_OK;

    if (http->plain_proxy)
        code = curl->easy_setopt(http->easy, CURLOPT_PROXY, plain ? http->plain_proxy : NULL);
    if (code != CURLE_OK)
        return code;
    /* A proxy for plain HTTP wants the whole URL as request target, which libcurl then makes. */
    if (http->has_proxy && plain) {
        parity_free(http->origin);
        http->origin = NULL;
        code = curl->easy_setopt(http->easy, CURLOPT_REQUEST_TARGET, NULL);
        return code == CURLE_OK ? curl->easy_setopt(http->easy, CURLOPT_URL, url) : code;
    }
    if (!http->origin || strncmp(http->origin, url, origin) != 0 || http->origin[origin]) {
        parity_free(http->origin);
        http->origin = parity_strndup(url, origin);
        if (!http->origin)
            return CURLE_OUT_OF_MEMORY;
        code = curl->easy_setopt(http->easy, CURLOPT_URL, http->origin);
    }
    if (code != CURLE_OK)
        return code;
    return curl->easy_setopt(http->easy, CURLOPT_REQUEST_TARGET, *target ? target : "/");
}

/* The body in memory, or what libcurl asks for while it sends. */
static CURLcode set_body(struct parity_http *http, struct parity_http_exchange *exchange)
{
    const struct parity_http_request *request = exchange->request;
    const struct parity_curl *curl = http->curl;
    bool chunked = parity_headers_get(&request->headers, "Transfer-Encoding") != NULL;
    const char *data = request->body.length ? request->body.data : "";

    if (request->file) {
        exchange->reader.file = request->file;
        curl->easy_setopt(http->easy, CURLOPT_READDATA, exchange);
        curl->easy_setopt(http->easy, CURLOPT_SEEKDATA, exchange);
        data = NULL;
    }
    curl->easy_setopt(http->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                      request->file && chunked ? (curl_off_t)-1
                                               : (curl_off_t)parity_http_body_length(request));
    return curl->easy_setopt(http->easy, CURLOPT_POSTFIELDS, data);
}

static CURLcode set_method(struct parity_http *http, struct parity_http_exchange *exchange)
{
    const struct parity_http_request *request = exchange->request;
    const struct parity_curl *curl = http->curl;
    bool is_get = strcmp(request->method, "GET") == 0,
         is_head = strcmp(request->method, "HEAD") == 0;
    CURLcode code = curl->easy_setopt(http->easy, CURLOPT_NOBODY, (long)is_head);

    if (code != CURLE_OK)
        return code;
    if ((is_get || is_head) && parity_http_body_length(request) == 0) {
        if (is_get)
            curl->easy_setopt(http->easy, CURLOPT_HTTPGET, 1L);
        return curl->easy_setopt(http->easy, CURLOPT_CUSTOMREQUEST, NULL);
    }
    curl->easy_setopt(http->easy, CURLOPT_POST, 1L);
    curl->easy_setopt(http->easy, CURLOPT_NOBODY, (long)is_head);
    code = set_body(http, exchange);
    if (code != CURLE_OK)
        return code;
    return curl->easy_setopt(http->easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether libcurl is still resolving, connecting or shaking hands, which CURLOPT_CONNECTTIMEOUT_MS
 * watches. */
static bool is_connecting(struct parity_http *http)
{
    curl_off_t ready = 0;

    http->curl->easy_getinfo(http->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
    return ready == 0;
}

/* Run the exchange to its end. Any event on the connection ends a silence. */
static CURLcode drive(struct parity_http *http, struct parity_http_exchange *exchange)
{
    const struct parity_curl *curl = http->curl;
    long quiet_since = now_ms();
    int running = 1, events, left;
    CURLMcode failed = CURLM_OK;
    CURLMsg *message;

    for (;;) {
        long now;

        failed = curl->multi_perform(http->multi, &running);
        if (failed != CURLM_OK || !running)
            break;
        now = now_ms();
        if (is_connecting(http))
            quiet_since = now;
        if (now - quiet_since >= http->read_timeout_ms) {
            exchange->stopped = PARITY_HTTP_SILENCE;
            return CURLE_OPERATION_TIMEDOUT;
        }
        failed = curl->multi_poll(http->multi, NULL, 0,
                                  (int)(http->read_timeout_ms - (now - quiet_since)), &events);
        if (failed != CURLM_OK)
            break;
        if (events > 0)
            quiet_since = now_ms();
    }
    if (failed != CURLM_OK)
        return failed == CURLM_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY : CURLE_RECV_ERROR;
    message = curl->multi_info_read(http->multi, &left);
    return message ? message->data.result : CURLE_RECV_ERROR;
}

static CURLcode exchange_with(struct parity_http *http, struct parity_http_exchange *exchange,
                              size_t origin)
{
    const struct parity_curl *curl = http->curl;
    CURLcode code = set_url(http, exchange->request->url, origin);

    if (code == CURLE_OK)
        code = set_method(http, exchange);
    if (code != CURLE_OK)
        return code;
    curl->easy_setopt(http->easy, CURLOPT_HTTP_VERSION,
                      exchange->request->http2 ? (long)CURL_HTTP_VERSION_2TLS
                                               : (long)CURL_HTTP_VERSION_1_1);
    curl->easy_setopt(http->easy, CURLOPT_HTTPHEADER, http->lines);
    curl->easy_setopt(http->easy, CURLOPT_HEADERDATA, exchange);
    curl->easy_setopt(http->easy, CURLOPT_WRITEDATA, exchange);
    if (curl->multi_add_handle(http->multi, http->easy) != CURLM_OK)
        return CURLE_OUT_OF_MEMORY;
    code = drive(http, exchange);
    curl->multi_remove_handle(http->multi, http->easy);
    return code;
}

static void report(struct parity_http *http, const struct parity_http_exchange *exchange,
                   CURLcode code, struct parity_error *err)
{
    struct parity_http_failure failure = {
        .exchange = exchange,
        .code = code,
        .detail = http->detail[0] ? http->detail : http->curl->easy_strerror(code),
        .ca_bundle = http->ca_bundle,
        .connect_timeout_ms = http->connect_timeout_ms,
        .read_timeout_ms = http->read_timeout_ms,
    };

    http->curl->easy_getinfo(http->easy, CURLINFO_OS_ERRNO, &failure.os_errno);
    http->trouble = parity_http_fail(&failure, err);
}

int parity_http_send(struct parity_http *http, const struct parity_http_request *request,
                     struct parity_http_response *response, struct parity_error *err)
{
    return parity_http_send_to(http, request, NULL, response, err);
}

int parity_http_send_to(struct parity_http *http, const struct parity_http_request *request,
                        const struct parity_http_sink *sink, struct parity_http_response *response,
                        struct parity_error *err)
{
    struct parity_http_exchange exchange = {.request = request,
                                            .response = response,
                                            .sink = sink,
                                            .max_body_bytes = http->max_response_bytes};
    size_t origin = parity_http_origin_length(request->url);
    long status = 0;
    CURLcode code;

    memset(response, 0, sizeof *response);
    http->trouble = PARITY_HTTP_IMPOSSIBLE;
    if (origin == 0) {
        parity_fail(err, PARITY_E_INVALID, NULL, "'%.200s' is no http or https URL", request->url);
        return -1;
    }
    if (make_handles(http, err) < 0 || build_lines(http, request, err) < 0)
        return -1;
    http->detail[0] = '\0';
    code = exchange_with(http, &exchange, origin);
    if (code == CURLE_OK && !exchange.head_complete)
        code = CURLE_PARTIAL_FILE; /* libcurl takes the end of the connection for that of headers */
    if (code != CURLE_OK) {
        report(http, &exchange, code, err);
        return -1;
    }
    http->curl->easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
    response->status_code = (int)status;
    http->trouble = PARITY_HTTP_FINE;
    return 0;
}

long parity_http_read_timeout_ms(const struct parity_http *http)
{
    return http->read_timeout_ms;
}

enum parity_http_trouble parity_http_last_trouble(const struct parity_http *http)
{
    return http->trouble;
}
