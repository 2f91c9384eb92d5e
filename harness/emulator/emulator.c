/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/emulator.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/http.h"
#include "emulator/entry.h"
#include "emulator/port.h"
#include "emulator/process.h"

enum {
    DEFAULT_START_TIMEOUT_MS = 60000,
    DEFAULT_ATTACH_TIMEOUT_MS = 3000, /* it should be there already */
    VERSION_TIMEOUT_MS = 30000,
    POLL_MS = 25,
    MAX_STARTS = 3, /* another program may take the port that was just found free */
    LOG_END_BYTES = 500
};

struct parity_emulator {
    struct parity_emulator_info info; /* its texts are owned */
    char *target;
    json_t *entry; /* new; an empty object when there is none */
    struct parity_http *http;
    struct parity_port port;
    struct parity_process process;
    struct parity_entry_values values;
    char *project, *python; /* owned, behind `values` */
    bool started;
};

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void nap(long ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

/* A text of the entry, expanded. *out stays NULL when there is none. */
static int read_text(const struct parity_emulator *emulator, const json_t *object, const char *name,
                     const char **out, struct parity_error *err)
{
    const char *text = json_string_value(json_object_get(object, name));

    if (!text)
        return 0;
    *out = parity_entry_expand(text, &emulator->values, err);
    return *out ? 0 : -1;
}

static void release_text(const char **text)
{
    parity_free((void *)(uintptr_t)*text);
    *text = NULL;
}

static int read_info(struct parity_emulator *emulator, const char *name, struct parity_error *err)
{
    const json_t *credentials = json_object_get(emulator->entry, "credentials");
    struct parity_emulator_info *info = &emulator->info;

    info->name = parity_strdup(name);
    if (!info->name) {
        parity_fail_nomem(err);
        return -1;
    }
    return read_text(emulator, emulator->entry, "account_id", &info->account_id, err) < 0 ||
                   read_text(emulator, emulator->entry, "region", &info->region, err) < 0 ||
                   read_text(emulator, credentials, "access_key_id", &info->access_key_id, err) <
                       0 ||
                   read_text(emulator, credentials, "secret_access_key", &info->secret_access_key,
                             err) < 0 ||
                   read_text(emulator, credentials, "session_token", &info->session_token, err) < 0
               ? -1
               : 0;
}

/* The endpoint as the entry or the caller says, without a slash at its end. */
static int read_endpoint(struct parity_emulator *emulator, const char *given,
                         struct parity_error *err)
{
    const char *text = given;
    char *url;

    if (!text)
        text = json_string_value(json_object_get(emulator->entry, "endpoint_url"));
    release_text(&emulator->info.endpoint_url);
    url = parity_entry_expand(text, &emulator->values, err);
    if (!url)
        return -1;
    for (size_t length = strlen(url); length > 0 && url[length - 1] == '/'; length--)
        url[length - 1] = '\0';
    emulator->info.endpoint_url = url;
    if (strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0)
        return 0;
    parity_fail(err, PARITY_E_INVALID, given ? given : url,
                "is no endpoint URL; expected one like http://127.0.0.1:4566");
    return -1;
}

/* The interpreter for `{python}`: the one of the environment, else that of scripts/setup. */
static char *find_python(const char *project)
{
    const char *named = getenv("PARITY_PYTHON");
    char *path;

    if (named && named[0])
        return parity_strdup(named);
    path = parity_path_join(project, "build/venv/bin/python");
    if (path && access(path, X_OK) < 0) {
        parity_free(path);
        path = parity_strdup("python3");
    }
    return path;
}

/* Send one of the entry's requests. @return its status code, or -1 */
static int send_request(struct parity_emulator *emulator, const json_t *spec,
                        struct parity_buffer *body, struct parity_error *err)
{
    const char *method = json_string_value(json_object_get(spec, "method"));
    const char *path = json_string_value(json_object_get(spec, "path"));
    struct parity_http_request request = {0};
    struct parity_http_response response = {0};
    int status = -1;

    request.method = parity_strdup(method ? method : "GET");
    request.url = parity_asprintf("%s%s%s", emulator->info.endpoint_url,
                                  path && path[0] == '/' ? "" : "/", path ? path : "");
    if (!request.method || !request.url)
        parity_fail_nomem(err);
    else if (parity_http_send(emulator->http, &request, &response, err) == 0)
        status = response.status_code;
    if (status >= 0 && body)
        parity_buffer_add(body, response.body.data ? response.body.data : "", response.body.length);
    parity_http_request_clear(&request);
    parity_http_response_clear(&response);
    return status;
}

/* Did it answer as the entry wants? Without a wish, any answer but an error will do. */
static bool is_wanted(const json_t *spec, int status)
{
    const json_t *wanted = json_object_get(spec, "status");

    return wanted ? status == (int)json_number_value(wanted) : status >= 200 && status < 400;
}

static void fail_ended(struct parity_emulator *emulator, const char *when, struct parity_error *err)
{
    struct parity_buffer how = {0}, log = {0};

    parity_process_describe(&emulator->process, &how);
    parity_process_log_end(&emulator->process, LOG_END_BYTES, &log);
    if (how.failed || log.failed)
        parity_fail_nomem(err);
    else
        parity_fail(err, PARITY_E_ENVIRONMENT, emulator->info.name,
                    "the emulator ended %s (%s); its log %s ends: %s", when, how.data,
                    emulator->info.log, log.length ? log.data : "(nothing)");
    parity_buffer_clear(&how);
    parity_buffer_clear(&log);
}

static void fail_not_ready(struct parity_emulator *emulator, long timeout_ms, int status,
                           const struct parity_error *last, struct parity_error *err)
{
    struct parity_buffer log = {0};
    char answer[64] = "";

    if (status >= 0)
        snprintf(answer, sizeof answer, "it answers with status %d", status);
    parity_process_log_end(&emulator->process, LOG_END_BYTES, &log);
    parity_fail(err, emulator->started ? PARITY_E_ENVIRONMENT : PARITY_E_NETWORK,
                emulator->info.endpoint_url, "%s is not ready after %.1f s: %s%s%s",
                emulator->info.name, (double)timeout_ms / 1000,
                status >= 0 ? answer : last->message, log.length ? "; its log ends: " : "",
                log.length ? log.data : "");
    parity_buffer_clear(&log);
}

static long start_timeout(const struct parity_emulator *emulator, bool attach, long wished_ms)
{
    const json_t *seconds =
        json_object_get(json_object_get(emulator->entry, "ready"), "timeout_seconds");

    if (wished_ms)
        return wished_ms;
    if (seconds)
        return (long)(json_number_value(seconds) * 1000);
    return attach ? DEFAULT_ATTACH_TIMEOUT_MS : DEFAULT_START_TIMEOUT_MS;
}

/* Ask until it answers as it should. One that is attached to is expected to run already, but may
 * still be starting beside us. */
static int wait_ready(struct parity_emulator *emulator, long timeout_ms, struct parity_error *err)
{
    const json_t *spec = json_object_get(emulator->entry, "ready");
    long end = now_ms() + timeout_ms;

    for (;;) {
        struct parity_error last = {0};
        int status = send_request(emulator, spec, NULL, &last);
        bool alive = !emulator->started || parity_process_is_alive(&emulator->process);

        if (!alive) {
            fail_ended(emulator, "before it was ready", err);
            return -1;
        }
        if (spec ? status >= 0 && is_wanted(spec, status) : status >= 0)
            return 0;
        if (now_ms() >= end) {
            fail_not_ready(emulator, timeout_ms, status, &last, err);
            return -1;
        }
        nap(POLL_MS);
    }
}

static int run_version_command(struct parity_emulator *emulator, const json_t *command,
                               struct parity_buffer *out, struct parity_error *err)
{
    const json_t *environment = json_object_get(emulator->entry, "environment");
    char **arguments = parity_entry_arguments(command, &emulator->values, err);
    char **variables =
        arguments ? parity_entry_environment(environment, &emulator->values, err) : NULL;
    struct parity_process_options options = {
        .arguments = arguments, .environment = variables, .folder = emulator->project};
    int rc = variables ? parity_process_capture(&options, VERSION_TIMEOUT_MS, out, err) : -1;

    parity_entry_arguments_free(arguments);
    parity_entry_arguments_free(variables);
    return rc;
}

static int request_version(struct parity_emulator *emulator, const json_t *spec,
                           struct parity_buffer *out, struct parity_error *err)
{
    const char *pointer = json_string_value(json_object_get(spec, "pointer"));
    struct parity_buffer body = {0};
    json_t *document = NULL;
    const json_t *value;
    int status = send_request(emulator, spec, &body, err), rc = -1;

    if (status < 0 || !pointer) {
        parity_buffer_add(out, body.data ? body.data : "", body.length);
        rc = status < 0 ? -1 : 0;
        goto out;
    }
    if (parity_json_parse(body.data ? body.data : "", body.length, "version", &document, err) < 0)
        goto out;
    value = parity_entry_pointer(document, pointer);
    if (!json_is_string(value)) {
        parity_fail(err, PARITY_E_RESPONSE, pointer, "the answer has no such text");
        goto out;
    }
    parity_buffer_add_text(out, json_string_value(value));
    rc = 0;
out:
    json_decref(document);
    parity_buffer_clear(&body);
    return rc;
}

/* The first line, without blanks around it. */
static const char *first_line(const struct parity_buffer *text)
{
    const char *start = text->data ? text->data + strspn(text->data, " \t\r\n") : "";
    size_t length = strcspn(start, "\r\n");

    while (length > 0 && (start[length - 1] == ' ' || start[length - 1] == '\t'))
        length--;
    return parity_strndup(start, length);
}

/* A command tells the version of what it would start, so it says nothing of what was there before.
 */
static int read_version(struct parity_emulator *emulator, struct parity_error *err)
{
    const json_t *spec = json_object_get(emulator->entry, "version");
    const json_t *command = json_object_get(spec, "command");
    struct parity_buffer text = {0};
    int rc = 0;

    if (json_is_string(spec))
        parity_buffer_add_text(&text, json_string_value(spec));
    else if (command && emulator->started)
        rc = run_version_command(emulator, command, &text, err);
    else if (json_object_get(spec, "path"))
        rc = request_version(emulator, spec, &text, err);
    if (rc < 0) {
        parity_error_add_context(err, "version of %s", emulator->info.name);
    } else if (text.length > 0) {
        emulator->info.version = first_line(&text);
        if (!emulator->info.version) {
            parity_fail_nomem(err);
            rc = -1;
        }
    }
    parity_buffer_clear(&text);
    return rc;
}

static int make_target(struct parity_emulator *emulator, struct parity_error *err)
{
    const struct parity_emulator_info *info = &emulator->info;
    bool known = info->version && info->version[0];

    emulator->target =
        parity_asprintf("%s%s%s", info->name, known ? " " : "", known ? info->version : "");
    if (!emulator->target)
        parity_fail_nomem(err);
    return emulator->target ? 0 : -1;
}

static int start_process(struct parity_emulator *emulator, struct parity_error *err)
{
    const json_t *entry = emulator->entry;
    char **arguments =
        parity_entry_arguments(json_object_get(entry, "command"), &emulator->values, err);
    char **variables = arguments ? parity_entry_environment(json_object_get(entry, "environment"),
                                                            &emulator->values, err)
                                 : NULL;
    struct parity_process_options options = {
        .arguments = arguments,
        .environment = variables,
        .folder = emulator->project,
        .log_path = emulator->info.log,
        .stop_timeout_ms =
            (long)(json_number_value(json_object_get(entry, "stop_timeout_seconds")) * 1000)};
    int rc = variables ? parity_process_start(&emulator->process, &options, err) : -1;

    parity_entry_arguments_free(arguments);
    parity_entry_arguments_free(variables);
    if (rc == 0) {
        emulator->started = true;
        emulator->info.pid = emulator->process.pid;
    }
    return rc;
}

static void end_process(struct parity_emulator *emulator)
{
    if (emulator->started)
        parity_process_stop(&emulator->process);
    emulator->started = false;
    emulator->info.pid = 0;
    parity_port_release(&emulator->port);
}

/* @return 0; -1; 1 when the port went to somebody else, and another is worth a try */
static int start_once(struct parity_emulator *emulator, long timeout_ms, struct parity_error *err)
{
    struct parity_error failure = {0};
    bool ended;

    if (parity_port_choose(&emulator->port, err) < 0)
        return -1;
    emulator->values.port = emulator->port.number;
    if (read_endpoint(emulator, NULL, err) < 0 || start_process(emulator, err) < 0)
        return -1;
    if (wait_ready(emulator, timeout_ms, &failure) == 0)
        return 0;
    ended = !parity_process_is_alive(&emulator->process);
    if (ended && parity_port_is_taken(&emulator->port)) {
        end_process(emulator);
        return 1;
    }
    if (err && err->code == PARITY_OK)
        *err = failure;
    return -1;
}

static int start(struct parity_emulator *emulator, long timeout_ms, struct parity_error *err)
{
    int rc = 1;

    emulator->info.log =
        parity_asprintf("%s/.parity/emulator-%s.log", emulator->project, emulator->info.name);
    if (!emulator->info.log) {
        parity_fail_nomem(err);
        return -1;
    }
    for (int i = 0; i < MAX_STARTS && rc > 0; i++)
        rc = start_once(emulator, timeout_ms, err);
    if (rc > 0)
        parity_fail(err, PARITY_E_ENVIRONMENT, emulator->info.name,
                    "cannot be started: other programs took %d ports that were free a moment "
                    "before",
                    MAX_STARTS);
    return rc == 0 ? 0 : -1;
}

static int set_up(struct parity_emulator *emulator, const struct parity_emulator_options *options,
                  struct parity_error *err)
{
    const struct parity_http_options http = {.connect_timeout_ms = 2000, .read_timeout_ms = 10000};

    emulator->port.claim = -1;
    emulator->process.log = -1;
    emulator->project = parity_strdup(options->project ? options->project : ".");
    emulator->python = emulator->project ? find_python(emulator->project) : NULL;
    emulator->entry = options->entry ? parity_json_copy(options->entry) : json_object();
    if (!emulator->python || !emulator->entry) {
        parity_fail_nomem(err);
        return -1;
    }
    emulator->values.project = emulator->project;
    emulator->values.python = emulator->python;
    emulator->http = parity_http_new(&http, err);
    return emulator->http ? read_info(emulator, options->name, err) : -1;
}

static int check(const struct parity_emulator_options *options, struct parity_error *err)
{
    if (options->entry)
        return parity_emulator_check(options->name, options->entry, err);
    if (options->endpoint_url && strcmp(options->name, "aws") != 0)
        return 0;
    parity_fail(err, PARITY_E_INVALID, options->name,
                "is no emulator: it has no entry below "
                "\"emulators\" in parity.json, and no endpoint URL");
    return -1;
}

struct parity_emulator *parity_emulator_start(const struct parity_emulator_options *options,
                                              struct parity_error *err)
{
    struct parity_emulator *emulator;
    bool attach;
    long timeout_ms;
    int rc;

    if (check(options, err) < 0)
        return NULL;
    emulator = parity_calloc(1, sizeof *emulator);
    if (!emulator) {
        parity_fail_nomem(err);
        return NULL;
    }
    rc = set_up(emulator, options, err);
    attach = options->endpoint_url || !json_object_get(emulator->entry, "command");
    timeout_ms = start_timeout(emulator, attach, options->start_timeout_ms);
    if (rc == 0 && attach)
        rc = read_endpoint(emulator, options->endpoint_url, err) < 0 ||
                     wait_ready(emulator, timeout_ms, err) < 0
                 ? -1
                 : 0;
    else if (rc == 0)
        rc = start(emulator, timeout_ms, err);
    if (rc < 0 || read_version(emulator, err) < 0 || make_target(emulator, err) < 0) {
        parity_emulator_stop(emulator);
        return NULL;
    }
    return emulator;
}

void parity_emulator_stop(struct parity_emulator *emulator)
{
    struct parity_emulator_info *info;

    if (!emulator)
        return;
    end_process(emulator);
    info = &emulator->info;
    release_text(&info->name);
    release_text(&info->version);
    release_text(&info->endpoint_url);
    release_text(&info->account_id);
    release_text(&info->region);
    release_text(&info->access_key_id);
    release_text(&info->secret_access_key);
    release_text(&info->session_token);
    release_text(&info->log);
    parity_free(emulator->target);
    parity_free(emulator->project);
    parity_free(emulator->python);
    json_decref(emulator->entry);
    parity_http_free(emulator->http);
    parity_free(emulator);
}

const struct parity_emulator_info *parity_emulator_info(const struct parity_emulator *emulator)
{
    return &emulator->info;
}

const char *parity_emulator_endpoint(const struct parity_emulator *emulator)
{
    return emulator->info.endpoint_url;
}

const char *parity_emulator_target(const struct parity_emulator *emulator)
{
    return emulator->target;
}

int parity_emulator_reset(struct parity_emulator *emulator, struct parity_error *err)
{
    const json_t *spec = json_object_get(emulator->entry, "reset");
    int status;

    if (!spec)
        return 0;
    status = send_request(emulator, spec, NULL, err);
    if (status >= 0 && !is_wanted(spec, status))
        parity_fail(err, PARITY_E_RESPONSE, emulator->info.endpoint_url,
                    "the request that resets %s was answered with status %d", emulator->info.name,
                    status);
    return status >= 0 && is_wanted(spec, status) ? 0 : -1;
}

bool parity_emulator_is_alive(struct parity_emulator *emulator, struct parity_error *err)
{
    if (!emulator->started || parity_process_is_alive(&emulator->process))
        return true;
    fail_ended(emulator, "while it was in use", err);
    return false;
}
