/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/test.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "runner/clock.h"
#include "runner/condition.h"
#include "runner/guard.h"

int parity_test_init(struct parity_test *t, const struct parity_case *test_case,
                     const struct parity_test_environment *environment, size_t number,
                     struct parity_error *err)
{
    memset(t, 0, sizeof *t);
    t->test_case = test_case;
    t->environment = environment;
    t->number = number;
    t->file = test_case->definition->file;
    t->line = test_case->definition->line;
    t->observed = json_object();
    t->transformations = json_array();
    t->request_ids = json_array();
    t->cleanups = json_array();
    t->cleanup_failures = json_array();
    t->creates = json_array();
    t->made = json_array();
    t->fixtures = json_object();
    t->owned = json_array();
    if (t->observed && t->transformations && t->request_ids && t->cleanups && t->cleanup_failures &&
        t->creates && t->made && t->fixtures && t->owned)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

void parity_test_clear(struct parity_test *t)
{
    parity_buffer_clear(&t->message);
    json_decref(t->observed);
    json_decref(t->transformations);
    json_decref(t->request_ids);
    json_decref(t->cleanups);
    json_decref(t->cleanup_failures);
    json_decref(t->creates);
    json_decref(t->made);
    json_decref(t->fixtures);
    json_decref(t->owned);
    parity_trace_clear(&t->trace);
    for (size_t i = 0; i < t->text_count; i++)
        parity_free(t->texts[i]);
    parity_free(t->texts);
    memset(t, 0, sizeof *t);
}

/* Whether there is a model here that lists the case's protocol; if not, the test has ended. */
static bool speaks_protocol(struct parity_test *t)
{
    const struct parity_case *test = t->test_case;
    struct parity_error err = {0};

    if (!test->protocol ||
        parity_models_service_speaking(t->environment->models, test->service, test->protocol, &err))
        return true;
    if (err.code == PARITY_E_INVALID)
        parity_test_conclude(t, PARITY_SKIPPED, "%s: %s", test->service, err.message);
    else
        parity_test_conclude_error(t, &err);
    return false;
}

/* Whether the test is not to run at all. */
static bool is_skipped(struct parity_test *t)
{
    const struct parity_test_definition *definition = t->test_case->definition;
    const struct parity_skip_if *skip;

    if (definition->marker == PARITY_EMULATOR_ONLY && t->environment->target.aws) {
        parity_test_conclude(t, PARITY_SKIPPED, "runs on emulators only");
        return true;
    }
    skip = parity_skip_if_find(t->test_case, &t->environment->target);
    if (skip)
        parity_test_conclude(t, PARITY_SKIPPED, "%s", skip->reason);
    return skip || !speaks_protocol(t);
}

static void tear_down(struct parity_test *t)
{
    const struct parity_suite_definition *suite = t->test_case->suite;

    t->setting_up = NULL;
    if (suite && suite->tear_down && setjmp(t->end) == 0)
        suite->tear_down(t);
}

void parity_test_run_body(struct parity_test *t)
{
    const struct parity_test_definition *definition = t->test_case->definition;
    double start = parity_clock_s();

    if (is_skipped(t))
        return;
    parity_guard_note_line(t->line);
    t->process = getpid();
    t->in_body = true;
    /* Nothing local is read after the jump that was changed between setjmp() and it. */
    if (setjmp(t->end) == 0) {
        parity_test_set_up_suite(t);
        t->is_set_up = true;
        definition->run(t, definition->data);
    } else {
        t->ended_early = true;
    }
    if (t->is_set_up)
        tear_down(t);
    if (t->at_end)
        t->at_end(t, t->at_end_data);
    t->in_body = false;
    t->body_s = parity_clock_s() - start;
}

/* --- the end -----------------------------------------------------------------------------------
 */

/* What __FILE__ is depends on how the suite was compiled: what stands before the suite's path in
 * the test's own is left out of others, too. */
const char *parity_test_file(const struct parity_test *t)
{
    const char *suite = t->test_case->suite_path, *own = t->test_case->definition->file;
    size_t length = strlen(suite), own_length = own ? strlen(own) : 0, root;

    if (!t->file || !own || strcmp(t->file, own) == 0 || own_length < length)
        return suite;
    root = own_length - length;
    return strncmp(t->file, own, root) == 0 ? t->file + root : t->file;
}

void parity_test_leave(struct parity_test *t)
{
    if (t->setting_up)
        longjmp(t->setting_up->end, 1);
    longjmp(t->end, 1);
}

void parity_test_end(struct parity_test *t)
{
    if (t->file && t->line > 0)
        snprintf(t->location, sizeof t->location, "%s:%d", parity_test_file(t), t->line);
    parity_test_leave(t);
}

void parity_test_heed_stop(struct parity_test *t)
{
    if (!t->environment->is_asked_to_stop || !t->environment->is_asked_to_stop())
        return;
    parity_test_conclude(t, PARITY_ERROR, "interrupted");
    parity_test_end(t);
}

void parity_test_end_nomem(struct parity_test *t)
{
    t->environmental = true;
    parity_test_conclude(t, PARITY_ERROR, "out of memory");
    parity_test_end(t);
}

/* Which of two outcomes a report should show. */
static int weight(enum parity_outcome outcome)
{
    static const int weights[PARITY_OUTCOME_COUNT] = {
        [PARITY_PASSED] = 0, [PARITY_SKIPPED] = 1, [PARITY_FAILED] = 2,
        [PARITY_ERROR] = 3,  [PARITY_TIMEOUT] = 4, [PARITY_CRASHED] = 5,
    };

    return weights[outcome];
}

/* What a set-up fails with says nothing of what the test is about. */
static enum parity_outcome conclude_set_up(struct parity_set_up *set_up,
                                           enum parity_outcome outcome)
{
    if (outcome == PARITY_FAILED)
        outcome = PARITY_ERROR;
    if (weight(outcome) > weight(set_up->outcome))
        set_up->outcome = outcome;
    return outcome;
}

static void begin_line(struct parity_test *t)
{
    const struct parity_set_up *set_up = t->setting_up;

    if (t->message.length)
        parity_buffer_add_char(&t->message, '\n');
    if (set_up && set_up->fixture)
        parity_buffer_printf(&t->message, "fixture '%s': ", set_up->fixture->name);
    else if (set_up)
        parity_buffer_add_text(&t->message, "set-up: ");
}

/* In case the process dies before it can give a verdict. What it has forked does not speak for it.
 */
static void leave_word(struct parity_test *t, size_t begin)
{
    const char *line = t->message.data + begin;
    size_t length = t->message.length - begin;

    if (!t->in_body || getpid() != t->process || t->message.failed)
        return;
    if (length > 0 && *line == '\n') {
        line++;
        length--;
    }
    parity_test_tell(
        t, json_pack("{s:s, s:o}", "event", "said", "line", json_stringn_nocheck(line, length)));
}

void parity_test_conclude(struct parity_test *t, enum parity_outcome outcome, const char *format,
                          ...)
{
    va_list arguments;
    size_t begin;
    char *line;
    int length;

    if (t->setting_up)
        outcome = conclude_set_up(t->setting_up, outcome);
    if (weight(outcome) > weight(t->outcome))
        t->outcome = outcome;
    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    line = length < 0 ? NULL : parity_malloc((size_t)length + 1);
    if (!line)
        return;
    va_start(arguments, format);
    vsnprintf(line, (size_t)length + 1, format, arguments);
    va_end(arguments);
    begin = t->message.length;
    begin_line(t);
    parity_utf8_add(&t->message, line, (size_t)length);
    parity_free(line);
    leave_word(t, begin);
}

void parity_test_conclude_error(struct parity_test *t, const struct parity_error *err)
{
    char text[sizeof err->message + sizeof err->context + 64];

    parity_error_format(err, text, sizeof text);
    if (parity_error_exit_code(err) == 3)
        t->environmental = true;
    parity_test_conclude(t, err->code == PARITY_E_RESPONSE ? PARITY_FAILED : PARITY_ERROR, "%s",
                         text);
}

/* --- what the test owns ------------------------------------------------------------------------
 */

json_t *parity_test_own(struct parity_test *t, json_t *value)
{
    if (!value || json_array_append_new(t->owned, value) < 0)
        parity_test_end_nomem(t);
    return value;
}

const char *parity_test_own_text(struct parity_test *t, char *text)
{
    if (!text ||
        parity_grow(&t->texts, &t->text_capacity, t->text_count + 1, sizeof *t->texts) < 0) {
        parity_free(text);
        parity_test_end_nomem(t);
    }
    t->texts[t->text_count++] = text;
    return text;
}

void parity_test_tell(struct parity_test *t, json_t *event)
{
    if (event && t->environment->tell)
        t->environment->tell(t->environment->data, event);
    json_decref(event);
}

/* --- small things ------------------------------------------------------------------------------
 */

struct parity_test *parity_test_at(struct parity_test *t, const char *file, int line)
{
    t->file = file;
    t->line = line;
    parity_guard_note_line(line);
    return t;
}

/* "<prefix>-<run><test><n>": the run's id keeps runs apart, the rest tests and names. */
const char *parity_test_unique_name(struct parity_test *t, const char *prefix)
{
    return parity_test_own_text(t, parity_asprintf("%s-%s%03zx%x", prefix, t->environment->run_id,
                                                   t->number & 0xfff, t->name_count++));
}

const char *parity_test_region(struct parity_test *t)
{
    return t->environment->primary.region;
}

const char *parity_test_account_id(struct parity_test *t)
{
    return t->environment->primary.account_id;
}

const char *parity_test_partition(struct parity_test *t)
{
    return t->environment->partition;
}

const char *parity_test_secondary_region(struct parity_test *t)
{
    return t->environment->secondary.region;
}

const char *parity_test_secondary_account_id(struct parity_test *t)
{
    return t->environment->secondary.account_id;
}

const struct parity_target_info *parity_test_target(struct parity_test *t)
{
    return &t->environment->target;
}

char *parity_test_vformat(const char *format, va_list arguments)
{
    va_list copy;
    char *text;
    int length;

    va_copy(copy, arguments);
    length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    text = length < 0 ? NULL : parity_malloc((size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

const char *parity_test_format(struct parity_test *t, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = parity_test_vformat(format, arguments);
    va_end(arguments);
    return parity_test_own_text(t, text);
}

/* Standard error is the test's captured output, which survives a crash. */
void parity_test_note(struct parity_test *t, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "%s:%d: ", parity_test_file(t), t->line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

__attribute__((format(printf, 3, 0))) static void conclude_with(struct parity_test *t,
                                                                enum parity_outcome outcome,
                                                                const char *format,
                                                                va_list arguments)
{
    char *text = parity_test_vformat(format, arguments);

    parity_test_conclude(t, outcome, "%s", text ? text : "(no memory for the reason)");
    parity_free(text);
}

void parity_test_skip(struct parity_test *t, const char *reason, ...)
{
    va_list arguments;

    va_start(arguments, reason);
    conclude_with(t, PARITY_SKIPPED, reason, arguments);
    va_end(arguments);
    parity_test_end(t);
}

void parity_test_fail(struct parity_test *t, const char *reason, ...)
{
    va_list arguments;

    va_start(arguments, reason);
    conclude_with(t, PARITY_FAILED, reason, arguments);
    va_end(arguments);
    parity_test_end(t);
}

void parity_test_sleep(struct parity_test *t, double seconds)
{
    struct timespec rest = {.tv_sec = (time_t)seconds};

    rest.tv_nsec = (long)((seconds - (double)rest.tv_sec) * 1e9);
    while (seconds > 0 && nanosleep(&rest, &rest) < 0)
        parity_test_heed_stop(t);
}

bool parity_test_wait_within(struct parity_test *t, double interval_s, double deadline_s)
{
    double left = deadline_s - parity_clock_s();

    if (left <= 0)
        return false;
    parity_test_sleep(t, left < interval_s ? left : interval_s);
    return true;
}
