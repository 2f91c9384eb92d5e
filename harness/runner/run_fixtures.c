/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "runner/clock.h"
#include "runner/run_state.h"

/*
 * Fixtures that tests share. The first test that asks for one sets it up, in its own process; the
 * others wait, and get its value, or what it failed with. Its cleanups are kept here, in one list
 * for each suite and one for the run, so that what was set up with the help of something else goes
 * before it; a worker makes them when the last test of the suite, or of the run, has ended.
 */

enum { SET_UP_S = 120 };

/* --- finding -----------------------------------------------------------------------------------
 */

static struct parity_shared_fixture *find(const struct parity_run_state *run, const char *key)
{
    struct parity_shared_fixture *fixture = run->fixtures;

    while (fixture && key && strcmp(fixture->key, key) != 0)
        fixture = fixture->next;
    return key ? fixture : NULL;
}

static bool is_in_scope(const struct parity_shared_scope *scope, const struct parity_case *test)
{
    return !scope->suite_path || strcmp(scope->suite_path, test->suite_path) == 0;
}

/* The test at a place among all that the run has to do. */
static const struct parity_case *test_at(const struct parity_run_state *run, size_t place)
{
    return run->options->worker->cases[place % run->options->worker->case_count];
}

/* Tests of a scope that a worker is at, cleanups included. */
static size_t count_running(const struct parity_run_state *run,
                            const struct parity_shared_scope *scope)
{
    size_t count = 0;

    for (size_t i = 0; i < run->slot_count; i++) {
        const struct parity_slot *slot = &run->slots[i];

        count += slot->state >= PARITY_SLOT_TEST && !slot->scope &&
                 is_in_scope(scope, slot->job->result.test_case);
    }
    return count;
}

static size_t count_queued(const struct parity_run_state *run,
                           const struct parity_shared_scope *scope)
{
    size_t count = 0;

    for (size_t i = 0; i < run->queue_count; i++)
        count += is_in_scope(scope, run->queue[i]->result.test_case);
    return count;
}

/* Tests of a scope that have not ended. */
static size_t count_left(const struct parity_run_state *run,
                         const struct parity_shared_scope *scope)
{
    size_t count = count_running(run, scope) + count_queued(run, scope);

    for (size_t i = run->next_job; i < run->job_count; i++)
        count += is_in_scope(scope, test_at(run, i));
    return count;
}

/* NULL when out of memory. */
static struct parity_shared_scope *obtain_scope(struct parity_run_state *run,
                                                const char *suite_path)
{
    struct parity_shared_scope *scope = run->scopes;

    while (scope && (suite_path && scope->suite_path ? strcmp(scope->suite_path, suite_path) != 0
                                                     : suite_path != scope->suite_path))
        scope = scope->next;
    if (scope)
        return scope;
    scope = parity_calloc(1, sizeof *scope);
    if (!scope)
        return NULL;
    scope->cleanups = json_array();
    scope->suite_path = suite_path ? parity_strdup(suite_path) : NULL;
    if (!scope->cleanups || (suite_path && !scope->suite_path)) {
        json_decref(scope->cleanups);
        parity_free(scope->suite_path);
        parity_free(scope);
        return NULL;
    }
    scope->left = count_left(run, scope);
    scope->next = run->scopes;
    run->scopes = scope;
    return scope;
}

static const char *text_of(const json_t *event, const char *name)
{
    return json_string_value(json_object_get(event, name));
}

/* NULL when out of memory. */
static struct parity_shared_fixture *add(struct parity_run_state *run, const json_t *question)
{
    double timeout_s = json_number_value(json_object_get(question, "timeout_seconds"));
    struct parity_shared_scope *scope = obtain_scope(run, text_of(question, "suite"));
    struct parity_shared_fixture *fixture = scope ? parity_calloc(1, sizeof *fixture) : NULL;

    if (!fixture)
        return NULL;
    fixture->key = parity_strdup(text_of(question, "key"));
    fixture->name = parity_strdup(text_of(question, "name"));
    if (!fixture->key || !fixture->name) {
        parity_free(fixture->key);
        parity_free(fixture->name);
        parity_free(fixture);
        return NULL;
    }
    fixture->scope = scope;
    fixture->allowance_s = timeout_s > 0                 ? timeout_s
                           : run->options->timeout_s > 0 ? run->options->timeout_s
                                                         : SET_UP_S;
    fixture->next = run->fixtures;
    run->fixtures = fixture;
    return fixture;
}

/* --- asking ------------------------------------------------------------------------------------
 */

/* What a test has left of its time; 0: it has no limit. */
static double stop_clock(const struct parity_slot *slot)
{
    double left_s = slot->deadline - parity_clock_s();

    return slot->deadline <= 0 ? 0 : left_s > 0.001 ? left_s : 0.001;
}

static void start_clock(struct parity_slot *slot, double left_s)
{
    slot->deadline = left_s > 0 ? parity_clock_s() + left_s : 0;
}

/* Steals `answer`. */
static void send_answer(struct parity_slot *slot, json_t *answer)
{
    if (answer)
        parity_message_send(slot->process.channel, answer, NULL);
    else
        parity_run_kill(slot, PARITY_KILL_CHANNEL); /* without memory nothing else is left */
    json_decref(answer);
}

/* New. */
static json_t *make_error(const char *outcome, const char *text, const char *location)
{
    return json_pack("{s:s, s:s, s:s}", "error", text, "outcome", outcome, "location",
                     location ? location : "");
}

static void refuse(struct parity_slot *slot, const char *text)
{
    send_answer(slot, make_error("error", text, NULL));
}

static void let_set_up(struct parity_shared_fixture *fixture, struct parity_slot *slot)
{
    json_decref(fixture->answer);
    fixture->answer = NULL;
    fixture->state = PARITY_SHARED_SETTING_UP;
    fixture->setter = slot;
    fixture->rest_s = stop_clock(slot);
    start_clock(slot, fixture->allowance_s);
    send_answer(slot, json_pack("{s:b}", "set_up", 1));
}

/* Whether what the fixture waits for is waited for by it: two tests set up each other's need. */
static bool closes_circle(const struct parity_shared_fixture *fixture,
                          const struct parity_slot *slot)
{
    for (; fixture && fixture->setter; fixture = fixture->setter->waits_for)
        if (fixture->setter == slot)
            return true;
    return false;
}

/* A further attempt of a test is one of its fixtures, too; all tests together make no more of them
 * than each may. */
static bool may_try_again(const struct parity_shared_fixture *fixture,
                          const struct parity_slot *slot)
{
    return fixture->state == PARITY_SHARED_FAILED && slot->job->attempt >= fixture->failures;
}

void parity_run_fixture_asked(struct parity_run_state *run, struct parity_slot *slot,
                              const json_t *event)
{
    struct parity_shared_fixture *fixture = find(run, text_of(event, "key"));
    char text[256];

    if (!text_of(event, "key") || !text_of(event, "name")) {
        parity_run_kill(slot, PARITY_KILL_CHANNEL);
    } else if (!fixture) {
        fixture = add(run, event);
        if (fixture)
            let_set_up(fixture, slot);
        else
            refuse(slot, "out of memory");
    } else if (may_try_again(fixture, slot)) {
        let_set_up(fixture, slot);
    } else if (fixture->answer) {
        send_answer(slot, json_incref(fixture->answer));
    } else if (closes_circle(fixture, slot)) {
        snprintf(text, sizeof text, "fixture '%.100s' needs itself to be set up", fixture->name);
        refuse(slot, text);
    } else if (slot->kill_reason == PARITY_KILL_INTERRUPTED) {
        refuse(slot, "interrupted");
    } else {
        slot->waits_for = fixture;
        slot->rest_s = stop_clock(slot);
        slot->deadline = 0;
    }
}

void parity_run_fixture_stop_waiting(struct parity_slot *slot)
{
    if (!slot->waits_for)
        return;
    slot->waits_for = NULL;
    refuse(slot, "interrupted");
}

/* --- the end of setting up ---------------------------------------------------------------------
 */

static void answer_all(struct parity_run_state *run, const struct parity_shared_fixture *fixture)
{
    for (size_t i = 0; i < run->slot_count; i++) {
        struct parity_slot *slot = &run->slots[i];

        if (slot->waits_for != fixture)
            continue;
        slot->waits_for = NULL;
        start_clock(slot, slot->rest_s);
        send_answer(slot, json_incref(fixture->answer));
    }
}

/* Steals `answer`. */
static void conclude(struct parity_run_state *run, struct parity_shared_fixture *fixture,
                     enum parity_shared_state state, json_t *answer)
{
    fixture->state = state;
    fixture->failures += state == PARITY_SHARED_FAILED;
    json_decref(fixture->answer);
    fixture->setter = NULL;
    fixture->answer = answer ? answer : make_error("error", "out of memory", NULL);
    answer_all(run, fixture);
}

void parity_run_fixture_done(struct parity_run_state *run, struct parity_slot *slot,
                             const json_t *event)
{
    struct parity_shared_fixture *fixture = find(run, text_of(event, "key"));
    json_t *value = json_object_get(event, "value"), *answer;

    if (!fixture || fixture->setter != slot) {
        parity_run_kill(slot, PARITY_KILL_CHANNEL);
        return;
    }
    if (slot->kill_reason == PARITY_KILL_NONE)
        start_clock(slot, fixture->rest_s);
    if (value) {
        conclude(run, fixture, PARITY_SHARED_READY, json_pack("{s:O}", "value", value));
        return;
    }
    answer = json_copy((json_t *)(uintptr_t)event);
    json_object_del(answer, "event");
    json_object_del(answer, "key");
    conclude(run, fixture, PARITY_SHARED_FAILED, answer);
}

double parity_run_fixture_allowance(const struct parity_run_state *run,
                                    const struct parity_slot *slot)
{
    /* New ones come first, so the first that is found is the innermost. */
    for (const struct parity_shared_fixture *f = run->fixtures; f; f = f->next)
        if (f->setter == slot)
            return f->allowance_s;
    return 0;
}

void parity_run_fixtures_bury(struct parity_run_state *run, struct parity_slot *slot,
                              struct parity_result *result)
{
    const char *message = result && result->message ? result->message : "it was not set up";
    char *text = NULL;

    for (struct parity_shared_fixture *f = run->fixtures; f; f = f->next) {
        if (f->setter != slot)
            continue;
        if (!text)
            text = parity_asprintf("fixture '%s': %s", f->name, message);
        conclude(run, f, PARITY_SHARED_FAILED,
                 make_error("error", text ? text : message, result ? result->location : NULL));
    }
    if (!text || !result) {
        parity_free(text);
        return;
    }
    parity_free(result->message);
    result->message = text;
    result->outcome = PARITY_ERROR;
}

/* --- cleaning up -------------------------------------------------------------------------------
 */

void parity_run_fixture_cleanup(struct parity_run_state *run, const json_t *event)
{
    const struct parity_shared_fixture *fixture = find(run, text_of(event, "fixture"));

    if (fixture)
        json_array_append(fixture->scope->cleanups, json_object_get(event, "call"));
}

void parity_run_scopes_note_end(struct parity_run_state *run, const struct parity_case *test)
{
    for (struct parity_shared_scope *scope = run->scopes; scope; scope = scope->next)
        if (is_in_scope(scope, test) && scope->left > 0)
            scope->left--;
}

static bool has_ended(const struct parity_run_state *run, const struct parity_shared_scope *scope)
{
    bool is_used = scope->left > 0;

    /* What has not begun does not count when nothing is begun any more. */
    if (is_used && run->stopping)
        is_used = count_running(run, scope) + count_queued(run, scope) > 0;
    if (is_used)
        return false;
    /* What a suite has made may need what the run has. */
    for (const struct parity_shared_scope *other = run->scopes; other && !scope->suite_path;
         other = other->next)
        if (other != scope && (other->cleaning || json_array_size(other->cleanups) > 0))
            return false;
    return true;
}

struct parity_shared_scope *parity_run_scope_due(const struct parity_run_state *run)
{
    for (struct parity_shared_scope *scope = run->scopes; scope; scope = scope->next)
        if (!scope->cleaning && json_array_size(scope->cleanups) > 0 && has_ended(run, scope))
            return scope;
    return NULL;
}

static void report_failure(struct parity_run_state *run, const struct parity_shared_scope *scope,
                           const char *call, const char *message)
{
    char *text = parity_asprintf("cleanup of fixtures of %s failed: %s: %s",
                                 scope->suite_path ? scope->suite_path : "the run", call, message);

    run->summary->cleanup_failures++;
    parity_run_mask_text(run, text);
    parity_run_notice(run, text ? text : "cleanup of fixtures failed");
    parity_free(text);
}

static void take_last(struct parity_shared_scope *scope)
{
    size_t count = json_array_size(scope->cleanups);

    if (count > 0)
        json_array_remove(scope->cleanups, count - 1);
}

/* No test has written it. */
static void drop_output(struct parity_slot *slot)
{
    parity_worker_process_drain(&slot->process);
    parity_free(parity_capture_take(&slot->process.captured));
}

static void end_cleaning(struct parity_run_state *run, struct parity_slot *slot,
                         const json_t *event)
{
    struct parity_shared_scope *scope = slot->scope;
    const json_t *failure;
    size_t i;

    json_array_foreach(json_object_get(event, "cleanup_failures"), i, failure)
        report_failure(run, scope, text_of(failure, "call"), text_of(failure, "message"));
    if (text_of(event, "error")) {
        report_failure(run, scope, "all", text_of(event, "error"));
        json_array_clear(scope->cleanups);
    }
    scope->cleaning = false;
    drop_output(slot);
    if (json_object_get(event, "retire"))
        parity_run_make_empty(slot);
    else
        parity_run_make_idle(slot);
}

void parity_run_scope_event(struct parity_run_state *run, struct parity_slot *slot,
                            const json_t *event)
{
    const char *name = text_of(event, "event");

    if (strcmp(name, "cleaned") == 0)
        take_last(slot->scope);
    else if (strcmp(name, "done") == 0)
        end_cleaning(run, slot, event);
}

/* The one that it was at is given up, the others are still made. */
void parity_run_scope_death(struct parity_run_state *run, struct parity_slot *slot)
{
    const char *calling = parity_worker_process_calling(&slot->process);

    drop_output(slot);
    report_failure(run, slot->scope, calling ? calling : "unknown",
                   slot->kill_reason == PARITY_KILL_TIMEOUT ? "did not end in time"
                                                            : "its process died");
    take_last(slot->scope);
    slot->scope->cleaning = false;
    if (run->abandoning)
        parity_run_scopes_abandon(run);
}

void parity_run_scopes_abandon(struct parity_run_state *run)
{
    for (struct parity_shared_scope *scope = run->scopes; scope; scope = scope->next) {
        if (scope->cleaning)
            continue;
        for (size_t i = json_array_size(scope->cleanups); i-- > 0;) {
            const json_t *call = json_array_get(scope->cleanups, i);
            char what[160];

            snprintf(what, sizeof what, "%s %s", text_of(call, "service"),
                     text_of(call, "operation"));
            report_failure(run, scope, what, "not made: interrupted");
        }
        json_array_clear(scope->cleanups);
    }
}

void parity_run_fixtures_clear(struct parity_run_state *run)
{
    while (run->fixtures) {
        struct parity_shared_fixture *fixture = run->fixtures;

        run->fixtures = fixture->next;
        parity_free(fixture->key);
        parity_free(fixture->name);
        json_decref(fixture->answer);
        parity_free(fixture);
    }
    while (run->scopes) {
        struct parity_shared_scope *scope = run->scopes;

        run->scopes = scope->next;
        parity_free(scope->suite_path);
        json_decref(scope->cleanups);
        parity_free(scope);
    }
}
