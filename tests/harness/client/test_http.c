/* SPDX-License-Identifier: Apache-2.0 */
#include "client/http.h"

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
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"

/* A peer that takes connections one after the other, notes what it is sent, and answers each
 * request with fixed bytes. */
struct peer {
    int listener;
    char origin[64];
    const char *answer;
    size_t answer_length;
    bool keep_open;  /* for the next request on the same connection */
    bool stall;      /* stay silent after the answer until told to end */
    bool reset;      /* end with a reset instead of an orderly close */
    int connections; /* taken so far */
    char received[1 << 16];
    size_t received_length;
    int end[2];
    pthread_t thread;
};

static size_t expected_length(const char *request, size_t length)
{
    const char *head_end = memmem(request, length, "\r\n\r\n", 4);
    const char *field = head_end ? strcasestr(request, "\r\ncontent-length:") : NULL;

    if (!head_end)
        return SIZE_MAX;
    return (size_t)(head_end + 4 - request) +
           (field && field < head_end ? strtoul(field + 17, NULL, 10) : 0);
}

/* Keeps the request in `received`. Returns false at the end of the connection. */
static bool take_request(struct peer *peer, int connection)
{
    size_t length = 0;

    for (;;) {
        ssize_t got =
            recv(connection, peer->received + length, sizeof peer->received - 1 - length, 0);

        if (got <= 0)
            return false;
        length += (size_t)got;
        peer->received[length] = '\0';
        peer->received_length = length;
        if (length >= expected_length(peer->received, length))
            return true;
    }
}

static void serve(struct peer *peer, int connection)
{
    while (take_request(peer, connection)) {
        char byte;

        if (send(connection, peer->answer, peer->answer_length, MSG_NOSIGNAL) < 0)
            return;
        if (peer->stall && read(peer->end[0], &byte, 1) >= 0)
            return;
        if (!peer->keep_open)
            return;
    }
}

static void *run_peer(void *context)
{
    struct peer *peer = context;

    for (;;) {
        int connection = accept(peer->listener, NULL, NULL);

        if (connection < 0)
            return NULL;
        peer->connections++;
        serve(peer, connection);
        if (peer->reset)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0},
                       sizeof(struct linger));
        close(connection);
    }
}

static void peer_start(struct peer *peer, const char *answer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    if (!peer->answer) {
        peer->answer = answer;
        peer->answer_length = strlen(answer);
    }
    peer->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(peer->listener >= 0);
    assert_int_equal(bind(peer->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(peer->listener, 8), 0);
    assert_int_equal(getsockname(peer->listener, (struct sockaddr *)&address, &length), 0);
    snprintf(peer->origin, sizeof peer->origin, "http://127.0.0.1:%d", ntohs(address.sin_port));
    assert_int_equal(pipe(peer->end), 0);
    assert_int_equal(pthread_create(&peer->thread, NULL, run_peer, peer), 0);
}

static void peer_stop(struct peer *peer)
{
    assert_int_equal(write(peer->end[1], "", 1), 1);
    shutdown(peer->listener, SHUT_RDWR);
    close(peer->listener);
    pthread_join(peer->thread, NULL);
    close(peer->end[0]);
    close(peer->end[1]);
}

static struct parity_http_request request_to(const struct peer *peer, const char *method,
                                             const char *target, const char *body)
{
    struct parity_http_request request = {.method = parity_strdup(method),
                                          .url = parity_asprintf("%s%s", peer->origin, target)};

    parity_buffer_add_text(&request.body, body);
    return request;
}

static const char plain_answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/* Send one request to a peer with this answer, expect a failure, return its message in `err`. */
static void expect_failure(struct peer *peer, const char *answer,
                           const struct parity_http_options *options, struct parity_error *err)
{
    struct parity_http_options short_timeouts = {.read_timeout_ms = 2000};
    struct parity_http *http = parity_http_new(options ? options : &short_timeouts, err);
    struct parity_http_request request;
    struct parity_http_response response;
    char expected_origin[80];

    peer_start(peer, answer);
    request = request_to(peer, "POST", "/?secret=1", "body");
    assert_int_equal(parity_http_send(http, &request, &response, err), -1);
    assert_null(strstr(err->message, "secret"));
    snprintf(expected_origin, sizeof expected_origin, "%s", peer->origin);
    assert_non_null(strstr(err->message, expected_origin));
    parity_http_response_clear(&response);
    parity_http_request_clear(&request);
    parity_http_free(http);
    peer_stop(peer);
}

static void assert_message(const struct peer *peer, const struct parity_error *err,
                           enum parity_errc code, const char *before, const char *after)
{
    char expected[512];

    snprintf(expected, sizeof expected, "%s%s%s", before, peer->origin, after);
    assert_string_equal(err->message, expected);
    assert_int_equal(err->code, code);
}

static void request_goes_out_byte_by_byte_as_given(void **state)
{
    struct peer peer = {0};
    struct parity_http *http = parity_http_new(NULL, NULL);
    struct parity_http_request request;
    struct parity_http_response response;
    char *expected;

    (void)state;
    peer_start(&peer, plain_answer);
    request = request_to(&peer, "PUT", "/a//b/../c%2f%2F/./~'(|)?x=%20+&y&z=", "12345");
    parity_headers_add(&request.headers, "X-Second", "two words");
    parity_headers_add(&request.headers, "x-empty", "");
    parity_headers_add(&request.headers, "Content-Length", "5");
    assert_int_equal(parity_http_send(http, &request, &response, NULL), 0);
    assert_int_equal(response.status_code, 200);
    assert_string_equal(response.body.data, "ok");
    expected =
        parity_asprintf("PUT /a//b/../c%%2f%%2F/./~'(|)?x=%%20+&y&z= HTTP/1.1\r\nHost: %s\r\n"
                        "X-Second: two words\r\nx-empty:\r\nContent-Length: 5\r\n"
                        "Accept-Encoding: identity\r\n\r\n12345",
                        peer.origin + strlen("http://"));
    peer_stop(&peer);
    assert_string_equal(peer.received, expected);
    parity_free(expected);
    parity_http_response_clear(&response);
    parity_http_request_clear(&request);
    parity_http_free(http);
}

static void connection_is_used_again(void **state)
{
    static const char *const methods[] = {"POST", "GET", "HEAD", "DELETE", "GET", "PUT", "POST"};
    struct peer peer = {.keep_open = true};
    struct parity_http *http = parity_http_new(NULL, NULL);

    (void)state;
    peer_start(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        bool has_body = i % 2 == 0 && i != 2 && i != 4;
        struct parity_http_request request =
            request_to(&peer, methods[i], "/x", has_body ? "abc" : "");
        struct parity_http_response response;
        char line[64];

        assert_int_equal(parity_http_send(http, &request, &response, NULL), 0);
        snprintf(line, sizeof line, "%s /x HTTP/1.1\r\n", methods[i]);
        assert_memory_equal(peer.received, line, strlen(line));
        assert_int_equal(has_body, peer.received[peer.received_length - 1] == 'c');
        parity_http_response_clear(&response);
        parity_http_request_clear(&request);
    }
    parity_http_free(http);
    peer_stop(&peer);
    assert_int_equal(peer.connections, 1);
}

static void response_headers_are_a_list_in_order(void **state)
{
    struct peer peer = {0};
    struct parity_http *http = parity_http_new(NULL, NULL);
    struct parity_http_request request;
    struct parity_http_response response;

    (void)state;
    peer_start(&peer, "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n"
                      "HTTP/1.1 404 Not Found\r\nB: 1\r\nA:  spaced \r\nb: 2\r\nEmpty:\r\n"
                      "Latin: \xe9\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n");
    request = request_to(&peer, "GET", "/", "");
    assert_int_equal(parity_http_send(http, &request, &response, NULL), 0);
    assert_int_equal(response.status_code, 404);
    assert_int_equal(response.headers.count, 6);
    assert_string_equal(response.headers.items[0].name, "B");
    assert_string_equal(response.headers.items[1].value, "spaced");
    assert_string_equal(response.headers.items[2].name, "b");
    assert_string_equal(response.headers.items[2].value, "2");
    assert_string_equal(parity_headers_get(&response.headers, "empty"), "");
    assert_string_equal(parity_headers_get(&response.headers, "latin"), "\xc3\xa9");
    assert_string_equal(response.body.data, "abc");
    parity_http_response_clear(&response);
    parity_http_request_clear(&request);
    parity_http_free(http);
    peer_stop(&peer);
}

static void redirect_is_a_response_like_any_other(void **state)
{
    struct peer peer = {0};
    struct parity_http *http = parity_http_new(NULL, NULL);
    struct parity_http_request request;
    struct parity_http_response response;

    (void)state;
    peer_start(&peer, "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\n"
                      "Content-Length: 0\r\n\r\n");
    request = request_to(&peer, "GET", "/", "");
    assert_int_equal(parity_http_send(http, &request, &response, NULL), 0);
    assert_int_equal(response.status_code, 307);
    parity_http_response_clear(&response);
    parity_http_request_clear(&request);
    parity_http_free(http);
    peer_stop(&peer);
    assert_int_equal(peer.connections, 1);
}

static void content_encoding_is_left_alone(void **state)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                                 "Content-Length: 4\r\n\r\n\x1f\x8b\x08\x00";
    struct peer peer = {.answer = answer, .answer_length = sizeof answer - 1};
    struct parity_http *http = parity_http_new(NULL, NULL);
    struct parity_http_request request;
    struct parity_http_response response;

    (void)state;
    peer_start(&peer, NULL);
    request = request_to(&peer, "GET", "/", "");
    assert_int_equal(parity_http_send(http, &request, &response, NULL), 0);
    assert_int_equal(response.body.length, 4);
    assert_memory_equal(response.body.data, "\x1f\x8b\x08\x00", 4);
    parity_http_response_clear(&response);
    parity_http_request_clear(&request);
    parity_http_free(http);
    peer_stop(&peer);
}

static void refused_connection_asks_for_the_emulator(void **state)
{
    struct peer peer = {0};
    struct parity_http *http = parity_http_new(NULL, NULL);
    struct parity_http_request request;
    struct parity_http_response response;
    struct parity_error err = {0};

    (void)state;
    peer_start(&peer, "");
    peer_stop(&peer);
    request = request_to(&peer, "GET", "/path", "");
    assert_int_equal(parity_http_send(http, &request, &response, &err), -1);
    assert_message(&peer, &err, PARITY_E_NETWORK, "cannot connect to ",
                   " (connection refused); is the emulator running?");
    parity_http_request_clear(&request);
    parity_http_free(http);
}

static void truncated_body_says_how_much_came(void **state)
{
    struct peer peer = {0};
    struct parity_error err = {0};

    (void)state;
    expect_failure(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this", NULL, &err);
    assert_message(&peer, &err, PARITY_E_RESPONSE, "truncated response from ",
                   ": the connection ended after 9 of 100 bytes of body");
}

static void truncated_chunks_are_told_from_a_whole_body(void **state)
{
    struct peer peer = {0};
    struct parity_error err = {0};

    (void)state;
    expect_failure(&peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                   NULL, &err);
    assert_message(&peer, &err, PARITY_E_RESPONSE, "truncated response from ",
                   ": the connection ended after 5 bytes of body, before the last chunk");
}

static void truncated_headers_are_no_response(void **state)
{
    struct peer peer = {0};
    struct parity_error err = {0};

    (void)state;
    expect_failure(&peer, "HTTP/1.1 200 OK\r\nContent-Type: text/pl", NULL, &err);
    assert_message(&peer, &err, PARITY_E_RESPONSE, "truncated response from ",
                   ": the connection ended within the headers");
}

static void closing_without_a_byte_is_told(void **state)
{
    struct peer peer = {0};
    struct parity_error err = {0};

    (void)state;
    expect_failure(&peer, "", NULL, &err);
    assert_message(&peer, &err, PARITY_E_NETWORK, "", " closed the connection without an answer");
}

static void reset_in_the_body_is_a_malformed_response(void **state)
{
    struct peer peer = {.reset = true};
    struct parity_error err = {0};

    (void)state;
    expect_failure(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nab", NULL, &err);
    assert_int_equal(err.code, PARITY_E_RESPONSE);
}

static void bad_chunk_size_is_malformed(void **state)
{
    struct peer peer = {0};
    struct parity_error err = {0};

    (void)state;
    expect_failure(&peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
                   NULL, &err);
    assert_int_equal(err.code, PARITY_E_RESPONSE);
    assert_non_null(strstr(err.message, "malformed response from "));
    assert_non_null(strstr(err.message, "chunk"));
}

static void answer_without_status_line_is_malformed(void **state)
{
    struct peer peer = {0};
    struct parity_error err = {0};

    (void)state;
    expect_failure(&peer, "<html>hello</html>", NULL, &err);
    assert_message(&peer, &err, PARITY_E_RESPONSE, "malformed response from ",
                   ": does not begin with an HTTP/1 status line");
}

static void status_or_version_that_http_lacks_is_malformed(void **state)
{
    static const char *const answers[] = {"HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n",
                                          "HTTP/3 200\r\nContent-Length: 0\r\n\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct peer peer = {0};
        struct parity_error err = {0};

        expect_failure(&peer, answers[i], NULL, &err);
        assert_int_equal(err.code, PARITY_E_RESPONSE);
        assert_non_null(strstr(err.message, "malformed response from "));
    }
}

static void lengths_that_differ_are_malformed(void **state)
{
    static const char *const lengths[] = {"Content-Length: 2\r\nContent-Length: 3\r\n",
                                          "Content-Length: 3\r\ncontent-length: 2\r\n",
                                          "Content-Length: 2, 3\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct peer peer = {0};
        struct parity_error err = {0};
        char answer[128];

        snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\n%s\r\nabc", lengths[i]);
        expect_failure(&peer, answer, NULL, &err);
        assert_message(&peer, &err, PARITY_E_RESPONSE, "malformed response from ",
                       ": it announces two different lengths of its body");
    }
}

static void a_length_may_be_told_twice(void **state)
{
    static const char *const lengths[] = {"Content-Length: 3\r\nContent-Length: 3\r\n",
                                          "Content-Length: 3, 3\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct peer peer = {0};
        struct parity_http *http = parity_http_new(NULL, NULL);
        struct parity_http_request request;
        struct parity_http_response response;
        char answer[128];

        snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\n%s\r\nabc", lengths[i]);
        peer_start(&peer, answer);
        request = request_to(&peer, "GET", "/", "");
        assert_int_equal(parity_http_send(http, &request, &response, NULL), 0);
        assert_string_equal(response.body.data, "abc");
        parity_http_response_clear(&response);
        parity_http_request_clear(&request);
        parity_http_free(http);
        peer_stop(&peer);
    }
}

static void headers_without_end_hit_a_limit(void **state)
{
    struct peer peer = {0};
    struct parity_error err = {0};
    struct parity_buffer answer = {0};

    (void)state;
    parity_buffer_add_text(&answer, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 20000; i++)
        parity_buffer_printf(&answer, "X-Header-%d: something\r\n", i);
    expect_failure(&peer, answer.data, NULL, &err);
    assert_message(&peer, &err, PARITY_E_LIMIT, "the response of ",
                   " has more than 256 KiB of headers");
    parity_buffer_clear(&answer);
}

static void large_body_hits_the_limit_of_the_options(void **state)
{
    struct peer peer = {0};
    struct parity_error err = {0};
    struct parity_http_options options = {.max_response_bytes = 4};

    (void)state;
    expect_failure(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", &options, &err);
    assert_message(&peer, &err, PARITY_E_LIMIT, "the response of ", " is larger than 4 bytes");
}

static void body_is_not_read_when_its_length_is_too_much(void **state)
{
    struct peer peer = {.stall = true}; /* the rest never comes */
    struct parity_error err = {0};
    struct parity_http_options options = {.max_response_bytes = 1000, .read_timeout_ms = 5000};

    (void)state;
    expect_failure(&peer, "HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\na", &options, &err);
    assert_message(&peer, &err, PARITY_E_LIMIT, "the response of ", " is larger than 1000 bytes");
}

static void silent_peer_is_left_after_the_read_timeout(void **state)
{
    static const struct {
        const char *answer, *where;
    } cases[] = {
        {"", " fell silent: nothing in 150 ms after the request"},
        {"HTTP/1.1 200 OK\r\n", " fell silent: nothing in 150 ms, in the middle of the headers"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
         " fell silent: nothing in 150 ms, in the middle of the body"},
    };
    struct parity_http_options options = {.read_timeout_ms = 150};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct peer peer = {.stall = true};
        struct parity_error err = {0};
        time_t start = time(NULL);

        expect_failure(&peer, cases[i].answer, &options, &err);
        assert_message(&peer, &err, PARITY_E_NETWORK, "", cases[i].where);
        assert_true(time(NULL) - start < 3);
    }
}

static void handle_works_again_after_a_failure(void **state)
{
    struct peer peer = {.stall = true}, good = {0};
    struct parity_http_options options = {.read_timeout_ms = 100};
    struct parity_http *http = parity_http_new(&options, NULL);
    struct parity_http_request request;
    struct parity_http_response response;

    (void)state;
    peer_start(&peer, "HTTP/1.1 200 OK\r\n");
    peer_start(&good, plain_answer);
    request = request_to(&peer, "POST", "/", "x");
    assert_int_equal(parity_http_send(http, &request, &response, NULL), -1);
    parity_http_response_clear(&response);
    parity_http_request_clear(&request);
    request = request_to(&good, "GET", "/", "");
    assert_int_equal(parity_http_send(http, &request, &response, NULL), 0);
    assert_string_equal(response.body.data, "ok");
    parity_http_response_clear(&response);
    parity_http_request_clear(&request);
    parity_http_free(http);
    peer_stop(&peer);
    peer_stop(&good);
}

static void connect_to_changes_the_address_and_nothing_else(void **state)
{
    struct peer peer = {0};
    struct parity_http_request request = {0};
    struct parity_http_response response;
    struct parity_http *http;
    char entry[80];
    const char *entries[] = {entry, NULL};

    (void)state;
    peer_start(&peer, plain_answer);
    snprintf(entry, sizeof entry, "sqs.us-east-1.amazonaws.com:80:%s", strchr(peer.origin, '1'));
    http = parity_http_new(&(struct parity_http_options){.connect_to = entries}, NULL);
    request.method = parity_strdup("GET");
    request.url = parity_strdup("http://sqs.us-east-1.amazonaws.com/q?a");
    assert_int_equal(parity_http_send(http, &request, &response, NULL), 0);
    assert_non_null(
        strstr(peer.received, "GET /q?a HTTP/1.1\r\nHost: sqs.us-east-1.amazonaws.com\r\n"));
    parity_http_response_clear(&response);
    parity_http_request_clear(&request);
    parity_http_free(http);
    peer_stop(&peer);
}

static void connect_to_comes_from_the_environment_too(void **state)
{
    struct peer peer = {0};
    struct parity_http_request request = {0};
    struct parity_http_response response;
    struct parity_http *http;
    char entries[120];

    (void)state;
    peer_start(&peer, plain_answer);
    snprintf(entries, sizeof entries, "other.example:80:127.0.0.1:1 any.example::%s",
             strchr(peer.origin, '1'));
    setenv("PARITY_CONNECT_TO", entries, 1);
    http = parity_http_new(NULL, NULL);
    unsetenv("PARITY_CONNECT_TO");
    request.method = parity_strdup("GET");
    request.url = parity_strdup("http://any.example/");
    assert_int_equal(parity_http_send(http, &request, &response, NULL), 0);
    parity_http_response_clear(&response);
    parity_http_request_clear(&request);
    parity_http_free(http);
    peer_stop(&peer);
}

static void broken_connect_to_entry_is_refused(void **state)
{
    static const char *const broken[] = {"sqs.us-east-1.amazonaws.com:443",
                                         "a:1:b:2:c",
                                         "a:1:[::1:2",
                                         "a:x:b:2",
                                         "::b:y",
                                         "::b:70000"};

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const char *entries[] = {broken[i], NULL};
        struct parity_error err = {0};
        char message[128];

        assert_null(parity_http_new(&(struct parity_http_options){.connect_to = entries}, &err));
        assert_int_equal(err.code, PARITY_E_USAGE);
        snprintf(message, sizeof message, "'%s' is no connect-to entry (HOST1:PORT1:HOST2:PORT2)",
                 broken[i]);
        assert_string_equal(err.message, message);
    }
}

static void line_break_in_a_header_never_goes_out(void **state)
{
    struct parity_http *http = parity_http_new(NULL, NULL);
    struct parity_http_request request = {.method = parity_strdup("GET"),
                                          .url = parity_strdup("http://127.0.0.1:9/")};
    struct parity_http_response response;
    struct parity_error err = {0};

    (void)state;
    parity_headers_add(&request.headers, "x-amz-meta-a", "1\r\nHost: evil");
    assert_int_equal(parity_http_send(http, &request, &response, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    parity_http_request_clear(&request);
    parity_http_free(http);
}

static void url_of_another_scheme_is_refused(void **state)
{
    struct parity_http *http = parity_http_new(NULL, NULL);
    struct parity_http_request request = {.method = parity_strdup("GET"),
                                          .url = parity_strdup("file:///etc/passwd")};
    struct parity_http_response response;
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_http_send(http, &request, &response, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message, "'file:///etc/passwd' is no http or https URL");
    parity_http_request_clear(&request);
    parity_http_free(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_goes_out_byte_by_byte_as_given),
        cmocka_unit_test(connection_is_used_again),
        cmocka_unit_test(response_headers_are_a_list_in_order),
        cmocka_unit_test(redirect_is_a_response_like_any_other),
        cmocka_unit_test(content_encoding_is_left_alone),
        cmocka_unit_test(refused_connection_asks_for_the_emulator),
        cmocka_unit_test(truncated_body_says_how_much_came),
        cmocka_unit_test(truncated_chunks_are_told_from_a_whole_body),
        cmocka_unit_test(truncated_headers_are_no_response),
        cmocka_unit_test(closing_without_a_byte_is_told),
        cmocka_unit_test(reset_in_the_body_is_a_malformed_response),
        cmocka_unit_test(bad_chunk_size_is_malformed),
        cmocka_unit_test(answer_without_status_line_is_malformed),
        cmocka_unit_test(status_or_version_that_http_lacks_is_malformed),
        cmocka_unit_test(lengths_that_differ_are_malformed),
        cmocka_unit_test(a_length_may_be_told_twice),
        cmocka_unit_test(headers_without_end_hit_a_limit),
        cmocka_unit_test(large_body_hits_the_limit_of_the_options),
        cmocka_unit_test(body_is_not_read_when_its_length_is_too_much),
        cmocka_unit_test(silent_peer_is_left_after_the_read_timeout),
        cmocka_unit_test(handle_works_again_after_a_failure),
        cmocka_unit_test(connect_to_changes_the_address_and_nothing_else),
        cmocka_unit_test(connect_to_comes_from_the_environment_too),
        cmocka_unit_test(broken_connect_to_entry_is_refused),
        cmocka_unit_test(line_break_in_a_header_never_goes_out),
        cmocka_unit_test(url_of_another_scheme_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
