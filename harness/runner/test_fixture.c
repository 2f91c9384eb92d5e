/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "runner/guard.h"
#include "runner/test.h"
#include "runner/test_journal.h"

/*
 * Fixtures: what a test needs before it can do its work. One with the scope `test` is set up by
 * each test; of one that tests share the runner knows who sets it up, its value and its cleanups,
 * so that neither depends on the process that a test happens to run in.
 */

/* --- setting up --------------------------------------------------------------------------------
 */

/* Leave word of what the process is in the middle of, should it die. Of fixtures that tests share
 * the runner knows itself. */
static void note_set_up(const struct parity_test *t)
{
    const struct parity_set_up *set_up = t->setting_up;
    char what[96] = "";

    if (set_up && set_up->fixture && !set_up->key)
        snprintf(what, sizeof what, "fixture '%s'", set_up->fixture->name);
    else if (set_up && !set_up->key)
        snprintf(what, sizeof what, "set-up");
    parity_guard_note_set_up(what);
}

/* Run one, whatever it ends with. */
static void run_set_up(struct parity_test *t, struct parity_set_up *set_up)
{
    const struct parity_suite_definition *suite = t->test_case->suite;
    const char *file = t->file;
    int line = t->line;

    set_up->outer = t->setting_up;
    set_up->said = t->message.length;
    set_up->creates = json_array_size(t->creates);
    t->setting_up = set_up;
    note_set_up(t);
    /* Nothing local is read after the jump that was changed between setjmp() and it. */
    if (setjmp(set_up->end) == 0) {
        if (set_up->fixture)
            set_up->value = set_up->fixture->set_up(t);
        else
            suite->set_up(t);
    }
    t->setting_up = set_up->outer;
    note_set_up(t);
    if (set_up->outcome == PARITY_PASSED)
        parity_test_at(t, file, line);
}

void parity_test_set_up_suite(struct parity_test *t)
{
    struct parity_set_up set_up = {0};

    if (!t->test_case->suite || !t->test_case->suite->set_up)
        return;
    run_set_up(t, &set_up);
    if (set_up.outcome != PARITY_PASSED)
        parity_test_leave(t);
}

/* The outer set-ups have failed, too. */
__attribute__((noreturn)) static void leave_for(struct parity_test *t, enum parity_outcome outcome)
{
    if (t->setting_up)
        t->setting_up->outcome = outcome;
    parity_test_leave(t);
}

/* --- sharing -----------------------------------------------------------------------------------
 */

/* By what the runner knows a fixture: in a suite, or in the run by where it is defined, since
 * suites that include the same header mean the same. New. */
static char *make_key(const struct parity_test *t, const struct parity_fixture *fixture)
{
    if (fixture->scope == PARITY_SCOPE_SUITE)
        return parity_asprintf("%s::%s", t->test_case->suite_path, fixture->name);
    return parity_asprintf("%s::%s", fixture->file, fixture->name);
}

static json_t *ask(struct parity_test *t, const struct parity_fixture *fixture, const char *key)
{
    bool of_suite = fixture->scope == PARITY_SCOPE_SUITE;
    json_t *question = json_pack(
        "{s:s, s:s, s:s, s:s?, s:f}", "event", "fixture", "key", key, "name", fixture->name,
        "suite", of_suite ? t->test_case->suite_path : NULL, "timeout_seconds", fixture->timeout_s);
    json_t *answer = question ? t->environment->ask(t->environment->data, question) : NULL;

    json_decref(question);
    if (!answer)
        parity_test_end_nomem(t);
    return parity_test_own(t, answer);
}

/* What a set-up failed with: what was said since it began. New; NULL when out of memory. */
static json_t *describe_failure(const struct parity_test *t, const struct parity_set_up *set_up)
{
    size_t from = set_up->said ? set_up->said + 1 : 0; /* behind the end of the line */
    size_t length = t->message.length > from ? t->message.length - from : 0;

    return json_pack("{s:s, s:s, s:s%, s:s, s:s, s:b}", "event", "fixture_done", "key", set_up->key,
                     "error", length ? t->message.data + from : "", length, "outcome",
                     parity_outcome_name(set_up->outcome), "location", t->location, "environmental",
                     (int)t->environmental);
}

static void tell_done(struct parity_test *t, const struct parity_set_up *set_up)
{
    json_t *value = set_up->value ? json_incref(set_up->value) : json_null();
    json_t *event = set_up->outcome == PARITY_PASSED
                        ? json_pack("{s:s, s:s, s:O}", "event", "fixture_done", "key", set_up->key,
                                    "value", value)
                        : describe_failure(t, set_up);

    json_decref(value);
    if (!event)
        parity_test_end_nomem(t);
    parity_test_tell(t, event);
}

/* Another test has found out that it cannot be had. The message names the fixture already. */
__attribute__((noreturn)) static void end_for_answer(struct parity_test *t, const json_t *answer)
{
    const char *location = json_string_value(json_object_get(answer, "location"));
    const char *error = json_string_value(json_object_get(answer, "error"));
    enum parity_outcome outcome =
        parity_outcome_named(json_string_value(json_object_get(answer, "outcome")));
    struct parity_set_up *setting_up = t->setting_up;

    t->setting_up = NULL;
    t->environmental |= json_is_true(json_object_get(answer, "environmental"));
    parity_test_conclude(t, outcome, "%s", error ? error : "a fixture failed");
    t->setting_up = setting_up;
    snprintf(t->location, sizeof t->location, "%s", location ? location : "");
    leave_for(t, outcome);
}

/* --- asking ------------------------------------------------------------------------------------
 */

static const char *scope_name(enum parity_scope scope)
{
    return scope == PARITY_SCOPE_RUN ? "run" : scope == PARITY_SCOPE_SUITE ? "suite" : "test";
}

static void check_fixture(struct parity_test *t, const struct parity_fixture *fixture)
{
    const struct parity_set_up *set_up = t->setting_up;

    if (fixture->scope == PARITY_SCOPE_TEST && fixture->timeout_s > 0) {
        parity_test_conclude(
            t, PARITY_ERROR,
            "fixture '%s' takes of the time of its test, as its scope is the test: "
            ".timeout_s belongs to the test, or to a fixture that tests share",
            fixture->name);
        parity_test_end(t);
    }
    for (; set_up; set_up = set_up->outer) {
        if (set_up->fixture == fixture) {
            parity_test_conclude(t, PARITY_ERROR, "it needs itself to be set up");
            parity_test_end(t);
        }
        if (set_up->fixture && set_up->fixture->scope > fixture->scope) {
            parity_test_conclude(
                t, PARITY_ERROR,
                "its scope is the %s, so it cannot use '%s', whose scope is the %s",
                scope_name(set_up->fixture->scope), fixture->name, scope_name(fixture->scope));
            parity_test_end(t);
        }
    }
}

/* Borrowed from the test. */
static json_t *obtain(struct parity_test *t, const struct parity_fixture *fixture)
{
    struct parity_set_up set_up = {.fixture = fixture};
    const json_t *answer;

    if (fixture->scope != PARITY_SCOPE_TEST && t->environment->ask) {
        set_up.key = parity_test_own_text(t, make_key(t, fixture));
        answer = ask(t, fixture, set_up.key);
        if (json_object_get(answer, "error"))
            end_for_answer(t, answer);
        if (!json_object_get(answer, "set_up"))
            return json_object_get(answer, "value");
    }
    run_set_up(t, &set_up);
    if (set_up.key && set_up.outcome == PARITY_PASSED)
        parity_test_settle_set_up(t, set_up.creates);
    if (set_up.key)
        tell_done(t, &set_up);
    if (set_up.outcome != PARITY_PASSED)
        leave_for(t, set_up.outcome);
    return set_up.value;
}

json_t *parity_test_fixture(struct parity_test *t, const struct parity_fixture *fixture)
{
    json_t *value = json_object_get(t->fixtures, fixture->name);

    if (value)
        return value;
    check_fixture(t, fixture);
    value = obtain(t, fixture);
    if (!value)
        value = parity_test_own(t, json_null());
    if (json_object_set(t->fixtures, fixture->name, value) < 0)
        parity_test_end_nomem(t);
    return value;
}

void parity_test_refuse_in_shared(struct parity_test *t, const char *what)
{
    if (!t->setting_up || !t->setting_up->key)
        return;
    parity_test_conclude(t, PARITY_ERROR,
                         "%s belongs into a test, not into a fixture that tests share", what);
    parity_test_end(t);
}
