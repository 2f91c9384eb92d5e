/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "client/waiter.h"
#include "runner/clock.h"
#include "runner/test.h"
#include "runner/test_journal.h"

/* Calls that are made when a test has ended, by this process or another one. */

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

void parity_test_sleep_in_cleanup(struct parity_test *t, double seconds)
{
    struct wait_caller caller = {.t = t};

    sleep_in_wait(&caller, seconds);
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

/* What a test wishes of a call; what it leaves to the client is left out. */
static int pack_options(json_t *packed, const struct parity_test_options *wishes)
{
    const struct {
        const char *name, *value;
    } texts[] = {{"region", wishes->region}, {"protocol", wishes->protocol}};
    const struct {
        const char *name;
        int value;
    } numbers[] = {{"account", (int)wishes->account},
                   {"addressing", (int)wishes->addressing},
                   {"max_attempts", wishes->max_attempts}};
    int rc = 0;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].value)
            rc |= json_object_set_new_nocheck(packed, texts[i].name, json_string(texts[i].value));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].value)
            rc |= json_object_set_new_nocheck(packed, numbers[i].name,
                                              json_integer(numbers[i].value));
    if (wishes->no_validate)
        rc |= json_object_set_new_nocheck(packed, "no_validate", json_true());
    if (wishes->no_sign)
        rc |= json_object_set_new_nocheck(packed, "no_sign", json_true());
    return rc;
}

json_t *parity_test_pack_call(const struct parity_test_options *wishes, const char *service,
                              const char *operation, json_t *input)
{
    json_t *packed =
        json_pack("{s:s, s:s, s:O}", "service", service, "operation", operation, "input", input);

    if (packed && wishes && pack_options(packed, wishes) < 0) {
        json_decref(packed);
        return NULL;
    }
    return packed;
}

void parity_test_unpack_options(const json_t *packed, struct parity_test_options *out)
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
static int push_shared_cleanup(struct parity_test *t, json_t *call)
{
    json_t *event;

    parity_test_journal_cleanup(t, call);
    event = json_pack("{s:s, s:s, s:O}", "event", "cleanup", "fixture", t->setting_up->key, "call",
                      call);
    json_decref(call);
    if (event)
        parity_test_tell(t, event);
    return event ? 0 : -1;
}

int parity_test_push_cleanup(struct parity_test *t, json_t *call, int rank)
{
    size_t place = cleanup_place(t->cleanups, rank);
    json_t *event;

    if (call && t->in_body && t->setting_up && t->setting_up->key)
        return push_shared_cleanup(t, call);
    if (!call || (rank >= 0 && json_object_set_new(call, "rank", json_integer(rank)) < 0) ||
        json_array_insert(t->cleanups, place, call) < 0) {
        json_decref(call);
        return -1;
    }
    json_decref(call); /* the list holds it */
    parity_test_journal_cleanup(t, call);
    event = json_object();
    json_object_set_new_nocheck(event, "event", json_string_nocheck("cleanup"));
    json_object_set_new_nocheck(event, "place", json_integer((json_int_t)place));
    json_object_set_nocheck(event, "call", call);
    parity_test_tell(t, event);
    return 0;
}

void parity_test_add_cleanup(struct parity_test *t, json_t *call, int rank)
{
    if (parity_test_push_cleanup(t, call, rank) < 0)
        parity_test_end_nomem(t);
}

/* As parity_test_add_cleanup() has it. */
static int rank_of(const struct parity_test_options *wishes)
{
    return wishes && wishes->rank > 0 ? wishes->rank : -1;
}

void parity_test_on_cleanup(struct parity_test *t, const struct parity_test_options *wishes,
                            const char *service, const char *operation, const char *input, ...)
{
    va_list arguments;
    json_t *value;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, operation, input, &arguments);
    va_end(arguments);
    parity_test_add_cleanup(t, parity_test_pack_call(wishes, service, operation, value),
                            rank_of(wishes));
}

void parity_test_on_cleanup_wait(struct parity_test *t, const struct parity_test_options *wishes,
                                 const char *service, const char *waiter, const char *input, ...)
{
    va_list arguments;
    json_t *value, *packed;

    va_start(arguments, input);
    value = parity_test_read_input(t, service, waiter, input, &arguments);
    va_end(arguments);
    packed = parity_test_pack_call(wishes, service, waiter, value);
    if (packed && json_object_set_new(packed, "wait", json_true()) < 0) {
        json_decref(packed);
        packed = NULL;
    }
    parity_test_add_cleanup(t, packed, rank_of(wishes));
}

void parity_test_on_cleanup_sleep(struct parity_test *t, const struct parity_test_options *wishes,
                                  double seconds)
{
    parity_test_add_cleanup(t, json_pack("{s:f}", "sleep", seconds), rank_of(wishes));
}

static void note_failure(struct parity_test *t, const json_t *packed, const char *message)
{
    char call[160];

    snprintf(call, sizeof call, "%s %s", json_string_value(json_object_get(packed, "service")),
             json_string_value(json_object_get(packed, "operation")));
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

/* @param text  why it failed, of `size` bytes */
static enum parity_cleanup_result call_in_cleanup(struct parity_test *t,
                                                  const struct parity_test_options *wishes,
                                                  const json_t *packed, char *text, size_t size)
{
    enum parity_cleanup_result result = PARITY_CLEANUP_MADE;
    struct parity_error err = {0};
    json_t *response;

    if (parity_test_exchange(t, wishes, json_string_value(json_object_get(packed, "service")),
                             json_string_value(json_object_get(packed, "operation")),
                             json_object_get(packed, "input"), &response, &err) < 0) {
        parity_error_format(&err, text, size);
        result = PARITY_CLEANUP_FAILED;
    } else if (parity_response_is_error(response) && parity_undo_says_gone(response)) {
        /* The test has deleted it itself. */
        result = PARITY_CLEANUP_GONE;
    } else if (parity_response_is_error(response)) {
        snprintf(text, size, "%s: %s", parity_test_error_member(response, "Code"),
                 parity_test_error_member(response, "Message"));
        result = PARITY_CLEANUP_FAILED;
    }
    json_decref(response);
    return result;
}

bool parity_test_is_pause(const json_t *packed)
{
    return !json_object_get(packed, "service") || json_is_true(json_object_get(packed, "wait"));
}

enum parity_cleanup_result parity_test_make_cleanup(struct parity_test *t, const json_t *packed,
                                                    char *text, size_t size)
{
    struct parity_test_options wishes;
    struct parity_error err = {0};

    text[0] = '\0';
    parity_test_unpack_options(packed, &wishes);
    if (!json_object_get(packed, "service")) {
        parity_test_sleep_in_cleanup(t, json_number_value(json_object_get(packed, "sleep")));
        return PARITY_CLEANUP_MADE;
    }
    if (!json_is_true(json_object_get(packed, "wait")))
        return call_in_cleanup(t, &wishes, packed, text, size);
    if (wait_in_cleanup(t, &wishes, packed, &err) == 0)
        return PARITY_CLEANUP_MADE;
    parity_error_format(&err, text, size);
    return PARITY_CLEANUP_FAILED;
}

void parity_test_run_cleanups(struct parity_test *t)
{
    double start = parity_clock_s();

    parity_test_undo_creates(t);
    while (json_array_size(t->cleanups) > 0) {
        size_t last = json_array_size(t->cleanups) - 1;
        const json_t *packed = json_array_get(t->cleanups, last);
        enum parity_cleanup_result result;
        char text[1024];

        result = parity_test_make_cleanup(t, packed, text, sizeof text);
        if (result == PARITY_CLEANUP_FAILED)
            note_failure(t, packed, text);
        if (result != PARITY_CLEANUP_FAILED || parity_test_is_pause(packed))
            parity_test_journal_made(t, packed);
        json_array_remove(t->cleanups, last);
        parity_test_tell(t, json_pack("{s:s}", "event", "cleaned"));
    }
    parity_test_settle_creates(t);
    t->cleanup_s += parity_clock_s() - start;
}
