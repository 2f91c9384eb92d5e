/* SPDX-License-Identifier: Apache-2.0 */
#include "client/waiter.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "client/waiter_acceptor.h"

struct parity_waiter {
    char *name, *operation;
    double delay_s;
    int max_attempts;
    struct parity_acceptor *acceptors; /* owned, and each */
    size_t count;
};

/* --- reading the description ------------------------------------------------------------------ */

static int fold(const char **text)
{
    while (**text == '_')
        ++*text;
    return **text ? tolower((unsigned char)*(*text)++) : 0;
}

static bool same_name(const char *a, const char *b)
{
    int x, y;

    do {
        x = fold(&a);
        y = fold(&b);
    } while (x && x == y);
    return x == y;
}

/* The key of the waiter that is meant, or NULL. */
static const char *find_name(json_t *waiters, const char *name, struct parity_error *err)
{
    const char *nearest = NULL;

    for (void *at = json_object_iter(waiters); at; at = json_object_iter_next(waiters, at)) {
        if (same_name(name, json_object_iter_key(at)))
            return json_object_iter_key(at);
        nearest = parity_suggest(name, nearest, json_object_iter_key(at));
    }
    parity_fail(err, PARITY_E_NOT_FOUND, NULL, "there is no waiter '%.80s'%s%s%s", name,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
}

static const json_t *find_entry(const json_t *file, const char **name, struct parity_error *err)
{
    json_t *waiters = json_object_get(file, "waiters");
    const json_t *version = json_object_get(file, "version");

    if (!json_is_integer(version) || json_integer_value(version) != 2) {
        parity_fail(err, PARITY_E_INVALID, "waiters-2.json", "its version must be 2");
        return NULL;
    }
    if (!json_is_object(waiters)) {
        parity_fail(err, PARITY_E_INVALID, "waiters-2.json", "no object 'waiters' in it");
        return NULL;
    }
    *name = find_name(waiters, *name, err);
    return *name ? json_object_get(waiters, *name) : NULL;
}

static int read_acceptors(const json_t *entry, struct parity_waiter *out, struct parity_error *err)
{
    const json_t *list = json_object_get(entry, "acceptors");
    size_t count = json_array_size(list);

    if (count == 0) {
        parity_fail(err, PARITY_E_INVALID, "acceptors", "a list of at least one is expected");
        return -1;
    }
    out->acceptors = parity_calloc(count, sizeof *out->acceptors);
    if (!out->acceptors) {
        parity_fail_nomem(err);
        return -1;
    }
    for (out->count = 0; out->count < count;) {
        size_t index = out->count++; /* counted first: half of one is cleared too */

        if (parity_acceptor_read(json_array_get(list, index), &out->acceptors[index], err) < 0) {
            parity_error_add_context(err, "acceptors[%zu]", index);
            return -1;
        }
    }
    return 0;
}

static int read_numbers(const json_t *entry, struct parity_waiter *out, struct parity_error *err)
{
    const json_t *delay = json_object_get(entry, "delay");
    const json_t *attempts = json_object_get(entry, "maxAttempts");

    if (!json_is_number(delay) || json_number_value(delay) < 0) {
        parity_fail(err, PARITY_E_INVALID, "delay", "a number of seconds is expected");
        return -1;
    }
    if (!json_is_integer(attempts) || json_integer_value(attempts) < 1 ||
        json_integer_value(attempts) > INT_MAX) {
        parity_fail(err, PARITY_E_INVALID, "maxAttempts", "a number of at least 1 is expected");
        return -1;
    }
    out->delay_s = json_number_value(delay);
    out->max_attempts = (int)json_integer_value(attempts);
    return 0;
}

static int read_entry(const json_t *entry, const char *name, struct parity_waiter *out,
                      struct parity_error *err)
{
    const char *operation = json_string_value(json_object_get(entry, "operation"));

    if (!operation) {
        parity_fail(err, PARITY_E_INVALID, "operation", "the name of an operation is expected");
        return -1;
    }
    out->name = parity_strdup(name);
    out->operation = parity_strdup(operation);
    if (!out->name || !out->operation) {
        parity_fail_nomem(err);
        return -1;
    }
    return read_numbers(entry, out, err) < 0 ? -1 : read_acceptors(entry, out, err);
}

struct parity_waiter *parity_waiter_new(const json_t *file, const char *name,
                                        struct parity_error *err)
{
    const json_t *entry = find_entry(file, &name, err);
    struct parity_waiter *waiter = entry ? parity_calloc(1, sizeof *waiter) : NULL;

    if (!entry)
        return NULL;
    if (!waiter)
        parity_fail_nomem(err);
    else if (read_entry(entry, name, waiter, err) == 0)
        return waiter;
    parity_error_add_context(err, "waiters-2.json: %s", name);
    parity_waiter_free(waiter);
    return NULL;
}

struct parity_waiter *parity_waiter_load(struct parity_models *models, const char *service,
                                         const char *name, struct parity_error *err)
{
    json_t *file = parity_models_data(models, service, "waiters-2", err);
    struct parity_waiter *waiter = file ? parity_waiter_new(file, name, err) : NULL;

    json_decref(file);
    if (!waiter)
        parity_error_add_context(err, "%s", service);
    return waiter;
}

void parity_waiter_free(struct parity_waiter *waiter)
{
    if (!waiter)
        return;
    for (size_t i = 0; i < waiter->count; i++)
        parity_acceptor_clear(&waiter->acceptors[i]);
    parity_free(waiter->acceptors);
    parity_free(waiter->name);
    parity_free(waiter->operation);
    parity_free(waiter);
}

const char *parity_waiter_name(const struct parity_waiter *waiter)
{
    return waiter->name;
}

const char *parity_waiter_operation(const struct parity_waiter *waiter)
{
    return waiter->operation;
}

/* --- what was seen ---------------------------------------------------------------------------- */

static void describe_error(const json_t *response, struct parity_buffer *out)
{
    const json_t *error = parity_acceptor_error(response);
    const json_t *metadata = json_object_get(response, "ResponseMetadata");
    const char *code = json_string_value(json_object_get(error, "Code"));
    const char *message = json_string_value(json_object_get(error, "Message"));
    const json_t *status = json_object_get(metadata, "HTTPStatusCode");

    parity_buffer_printf(out, "error %.80s", code ? code : "without a code");
    if (json_is_integer(status))
        parity_buffer_printf(out, " (HTTP status %d)", (int)json_integer_value(status));
    if (message && *message)
        parity_buffer_printf(out, ": %.200s", message);
}

/* Whether an acceptor before this one looks at the same. */
static bool is_repeated(const struct parity_waiter *waiter, size_t index)
{
    const char *text = parity_jmespath_text(waiter->acceptors[index].argument);

    for (size_t i = 0; i < index; i++)
        if (waiter->acceptors[i].argument &&
            strcmp(parity_jmespath_text(waiter->acceptors[i].argument), text) == 0)
            return true;
    return false;
}

/* What the acceptors looked at. */
static void describe_values(const struct parity_waiter *waiter, const json_t *response,
                            struct parity_buffer *out)
{
    enum { MOST = 3 };
    int shown = 0;

    for (size_t i = 0; i < waiter->count && shown < MOST; i++) {
        const struct parity_acceptor *acceptor = &waiter->acceptors[i];
        json_t *value;

        if (!acceptor->argument || is_repeated(waiter, i) ||
            parity_jmespath_evaluate(acceptor->argument, response, &value, NULL) < 0)
            continue;
        parity_buffer_printf(out, "%s%s = ", shown++ ? ", " : "",
                             parity_jmespath_text(acceptor->argument));
        parity_acceptor_write(out, value);
        json_decref(value);
    }
    if (shown == 0)
        parity_buffer_add_text(out, "an answer without error");
}

static void describe_last(const struct parity_waiter *waiter, const json_t *response,
                          struct parity_buffer *out)
{
    if (parity_acceptor_error(response))
        describe_error(response, out);
    else
        describe_values(waiter, response, out);
}

/* --- waiting ---------------------------------------------------------------------------------- */

struct wait {
    const struct parity_waiter *waiter;
    double delay_s;
    int attempts, max_attempts;
    json_t *response; /* new; the last one */
    struct parity_error *err;
};

/* Returns 1, or -1 when there is no memory for the message. */
static int report(struct wait *wait, enum parity_errc code, struct parity_buffer *text)
{
    if (text->failed)
        parity_fail_nomem(wait->err);
    else
        parity_fail(wait->err, code, wait->waiter->operation, "%s", text->data);
    code = text->failed ? PARITY_E_NOMEM : code;
    parity_buffer_clear(text);
    return code == PARITY_E_NOMEM ? -1 : 1;
}

static void begin_report(const struct wait *wait, const char *what, struct parity_buffer *text)
{
    parity_buffer_printf(text, "waiter %s %s after %d attempt%s", wait->waiter->name, what,
                         wait->attempts, wait->attempts == 1 ? "" : "s");
}

/* `acceptor` is NULL when none matched and the answer is an error. */
static int report_failure(struct wait *wait, const struct parity_acceptor *acceptor)
{
    struct parity_buffer text = {0};

    begin_report(wait, "failed", &text);
    if (acceptor) {
        parity_buffer_add_text(&text, ": ");
        parity_acceptor_describe(acceptor, &text);
    }
    parity_buffer_add_text(&text, "; last seen: ");
    describe_last(wait->waiter, wait->response, &text);
    return report(wait, PARITY_E_RESPONSE, &text);
}

static int report_exhausted(struct wait *wait, bool is_stopped)
{
    struct parity_buffer text = {0};

    begin_report(wait, is_stopped ? "was stopped" : "gave up", &text);
    parity_buffer_printf(&text, ", %g s apart; last seen: ", wait->delay_s);
    describe_last(wait->waiter, wait->response, &text);
    return report(wait, PARITY_E_LIMIT, &text);
}

/* 0: reached, 1: not reached, -1: an error, 2: call again. */
static int judge(struct wait *wait)
{
    const struct parity_waiter *waiter = wait->waiter;

    for (size_t i = 0; i < waiter->count; i++) {
        int matches = parity_acceptor_matches(&waiter->acceptors[i], wait->response, wait->err);

        if (matches < 0) {
            parity_error_add_context(wait->err, "waiter %s, attempt %d", waiter->name,
                                     wait->attempts);
            return -1;
        }
        if (!matches)
            continue;
        if (waiter->acceptors[i].state == PARITY_ACCEPTOR_FAILURE)
            return report_failure(wait, &waiter->acceptors[i]);
        return waiter->acceptors[i].state == PARITY_ACCEPTOR_SUCCESS ? 0 : 2;
    }
    return parity_acceptor_error(wait->response) ? report_failure(wait, NULL) : 2;
}

static int sleep_for(void *data, double seconds)
{
    struct timespec left = {.tv_sec = (time_t)seconds,
                            .tv_nsec = (long)((seconds - floor(seconds)) * 1e9)};

    (void)data;
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        ;
    return 0;
}

static int attempt(struct wait *wait, struct parity_caller caller, const json_t *input)
{
    json_decref(wait->response);
    wait->response = NULL;
    wait->attempts++;
    if (caller.call(caller.data, wait->waiter->operation, input, &wait->response, wait->err) == 0)
        return judge(wait);
    parity_error_add_context(wait->err, "waiter %s, attempt %d", wait->waiter->name,
                             wait->attempts);
    return -1;
}

static int run(struct wait *wait, struct parity_caller caller, const json_t *input,
               const struct parity_wait_options *options)
{
    int (*sleep)(void *data, double seconds) = options->sleep ? options->sleep : sleep_for;
    int rc;

    while ((rc = attempt(wait, caller, input)) == 2) {
        if (wait->attempts >= wait->max_attempts)
            return report_exhausted(wait, false);
        if (wait->delay_s > 0 && sleep(options->data, wait->delay_s) < 0)
            return report_exhausted(wait, true);
    }
    return rc;
}

int parity_wait(const struct parity_waiter *waiter, struct parity_caller caller,
                const json_t *input, const struct parity_wait_options *options, json_t **last,
                struct parity_error *err)
{
    const struct parity_wait_options none = {0};
    const struct parity_wait_options *chosen = options ? options : &none;
    struct wait wait = {
        .waiter = waiter,
        .delay_s = chosen->delay_s < 0   ? 0
                   : chosen->delay_s > 0 ? chosen->delay_s
                                         : waiter->delay_s,
        .max_attempts = chosen->max_attempts > 0 ? chosen->max_attempts : waiter->max_attempts,
        .err = err,
    };
    int rc = run(&wait, caller, input, chosen);

    if (last)
        *last = wait.response;
    else
        json_decref(wait.response);
    return rc;
}
