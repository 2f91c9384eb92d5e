/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "client/endpoint.h"
#include "client/sha256.h"
#include "client/uri.h"
#include "runner/clock.h"
#include "runner/condition.h"
#include "runner/identity.h"
#include "runner/judge.h"
#include "runner/judge_transformers.h"
#include "runner/message.h"
#include "runner/suite_transformers.h"
#include "runner/test.h"
#include "runner/test_journal.h"

struct worker {
    const struct parity_worker_options *options;
    struct parity_guard guard;
    struct parity_mailbox *mailbox;
    struct parity_inbox inbox;
    struct parity_client *client;
    struct parity_recordings *recordings;
    struct parity_common_transformers common_transformers;
    struct parity_test_environment environment;
    char run_id[16];
    char *account_id, *secondary_account_id; /* what the target said; NULL: not asked */
    char answered_by[256]; /* of this test, on AWS: an endpoint that is none of AWS's; "": none */
};

/* Nothing can be said any more when the channel is gone; the runner sees the end of the process. */
_Noreturn static void leave_lost(const struct parity_error *err)
{
    fprintf(stderr, "parity: %s\n", err->message);
    _exit(PARITY_WORKER_LOST);
}

static void send_or_leave(const struct worker *worker, const json_t *event)
{
    struct parity_error err = {0};

    if (!event || parity_message_send(worker->guard.channel, event, &err) < 0)
        leave_lost(&err);
}

static void send_event(const struct worker *worker, json_t *event)
{
    send_or_leave(worker, event);
    json_decref(event);
}

static json_t *new_event(const char *name)
{
    json_t *event = json_object();

    json_object_set_new_nocheck(event, "event", json_string_nocheck(name));
    return event;
}

static void send_failure(const struct worker *worker, const struct parity_error *err)
{
    char text[sizeof err->message + sizeof err->context + 64];
    json_t *event = new_event("done");

    parity_error_format(err, text, sizeof text);
    json_object_set_new_nocheck(event, "error", json_string(text));
    json_object_set_new_nocheck(event, "code", json_integer(err->code));
    send_event(worker, event);
}

/* A child that a test forked must not speak in its parent's place. */
static void leave_if_stray(const struct worker *worker)
{
    if (parity_guard_is_stray(&worker->guard))
        _exit(EXIT_SUCCESS);
}

/* --- set-up ------------------------------------------------------------------------------------
 */

/* AWS's own variables may lead a run on AWS elsewhere; then what is recorded is not AWS's. */
static void note_endpoint(struct worker *worker, const char *endpoint)
{
    struct parity_error ignored;
    struct parity_uri uri;

    if (!worker->options->target.aws || !endpoint || worker->answered_by[0])
        return;
    ignored = (struct parity_error){0};
    if (parity_uri_split(endpoint, &uri, &ignored) < 0 ||
        !parity_endpoint_is_aws(worker->options->models, uri.authority,
                                parity_uri_host_length(&uri)))
        snprintf(worker->answered_by, sizeof worker->answered_by, "%s", endpoint);
}

static int call_target(void *data, const char *service, const char *operation, const json_t *input,
                       const struct parity_call_options *options, json_t **out,
                       struct parity_call_record *record, struct parity_error *err)
{
    struct worker *worker = data;
    int rc;

    leave_if_stray(worker);
    parity_guard_note_call(service, operation);
    rc = parity_client_call(worker->client, service, operation, input, options, out, record, err);
    parity_guard_note_call_end();
    note_endpoint(worker, record ? record->endpoint : NULL);
    return rc;
}

/* What the runner need not know before it looks by itself, or the test has ended. */
static bool can_wait(const json_t *event)
{
    static const char *const names[] = {"begin",      "cleanup", "cleaned",
                                        "attachment", "said",    "judged"};
    const char *name = json_string_value(json_object_get(event, "event"));

    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void tell_runner(void *data, const json_t *event)
{
    struct worker *worker = data;

    leave_if_stray(worker);
    if (can_wait(event) && parity_mailbox_put(worker->mailbox, event))
        return;
    parity_mailbox_mark(worker->mailbox);
    send_or_leave(worker, event);
}

/* Mostly into the mailbox; as a message when that is full. */
static void tell_call(void *data, const struct parity_buffer *event)
{
    struct worker *worker = data;
    struct parity_error err;

    leave_if_stray(worker);
    if (parity_mailbox_put_text(worker->mailbox, event))
        return;
    parity_mailbox_mark(worker->mailbox);
    err = (struct parity_error){0};
    if (parity_message_send_text(worker->guard.channel, event, &err) < 0)
        leave_lost(&err);
}

/* The runner answers when it knows: another test may be at work on it. */
static json_t *ask_runner(void *data, const json_t *question)
{
    struct worker *worker = data;
    json_t *answer;

    tell_runner(data, question);
    if (parity_message_receive(&worker->inbox, worker->guard.channel, &answer, NULL) < 0 || !answer)
        _exit(PARITY_WORKER_LOST);
    return answer;
}

static void set_environment(struct worker *worker)
{
    const struct parity_worker_options *options = worker->options;

    worker->environment = (struct parity_test_environment){
        .target = {.aws = options->target.aws,
                   .emulator = options->emulator,
                   .version = options->emulator_version,
                   .region = options->target.region},
        .partition = parity_endpoint_partition(worker->options->models, options->target.region),
        .run_id = options->run_id,
        .primary = {.account_id = options->account_id,
                    .region = options->target.region,
                    .credentials = options->target.credentials},
        .secondary = {.account_id = options->secondary_account_id,
                      .region = options->secondary_region,
                      .credentials = options->secondary_credentials},
        .models = worker->options->models,
        .protocol = options->protocol,
        .call = call_target,
        .common_transformers = &worker->common_transformers,
        .journal = options->journal,
        .habits = options->habits,
        .is_asked_to_stop = parity_guard_is_asked_to_stop,
        .tell = tell_runner,
        .tell_call = tell_call,
        .ask = ask_runner,
        .data = worker,
    };
}

static int set_up(struct worker *worker, struct parity_error *err)
{
    const struct parity_worker_options *options = worker->options;
    const struct parity_recordings_options recordings = {.folder = options->snapshots,
                                                         .ground_truth = options->ground_truth};

    worker->client = parity_client_new(options->models, &options->target, err);
    if (!worker->client)
        return -1;
    worker->recordings = parity_recordings_new(&recordings, err);
    if (!worker->recordings)
        return -1;
    set_environment(worker);
    return 0;
}

static void tear_down(struct worker *worker)
{
    parity_common_transformers_clear(&worker->common_transformers);
    parity_recordings_free(worker->recordings);
    parity_client_free(worker->client);
    parity_free(worker->account_id);
    parity_free(worker->secondary_account_id);
    parity_buffer_clear(&worker->inbox.bytes);
}

/* --- tasks -------------------------------------------------------------------------------------
 */

static void identify(struct worker *worker)
{
    const struct parity_worker_options *options = worker->options;
    struct parity_error err = {0}, secondary_err = {0};
    json_t *event;

    if (!options->account_id && parity_identity_ask(worker->client, options->target.credentials,
                                                    &worker->account_id, &err) < 0) {
        /* An emulator need not have STS; its account is made up anyway. */
        if (options->target.aws || err.code == PARITY_E_NETWORK ||
            !(worker->account_id = parity_strdup("000000000000"))) {
            send_failure(worker, &err);
            return;
        }
    }
    /* A second account that cannot be used concerns only the tests that need it. */
    if (options->secondary_credentials && !options->secondary_account_id)
        parity_identity_ask(worker->client, options->secondary_credentials,
                            &worker->secondary_account_id, &secondary_err);
    event = new_event("done");
    if (worker->account_id) {
        worker->environment.primary.account_id = worker->account_id;
        json_object_set_new_nocheck(event, "account_id", json_string(worker->account_id));
    }
    if (worker->secondary_account_id) {
        worker->environment.secondary.account_id = worker->secondary_account_id;
        json_object_set_new_nocheck(event, "secondary_account_id",
                                    json_string(worker->secondary_account_id));
    }
    json_object_set_new_nocheck(event, "models",
                                json_string(parity_models_version(worker->options->models)));
    send_event(worker, event);
}

static void set_if(json_t *object, const char *name, json_t *value)
{
    if (value)
        json_object_set_nocheck(object, name, value);
}

/* An empty one is as good as none. */
static void set_list(json_t *event, const char *name, json_t *list)
{
    if (json_array_size(list) > 0)
        json_object_set_nocheck(event, name, list);
}

/* Of the calls that this process made. */
static void set_notes(json_t *event, struct parity_test *t)
{
    json_t *notes = t->adopted ? NULL : parity_trace_take(&t->trace);

    if (notes)
        json_object_set_new_nocheck(event, "notes", notes);
}

/* What the second run is compared with, in the end of the first. */
static json_t *make_first(const struct parity_test *t)
{
    return json_pack("{s:O, s:O}", "observed", t->observed, "transformations", t->transformations);
}

static void send_judgement(struct worker *worker, struct parity_test *t,
                           const struct parity_judgement *judgement, bool runs_again)
{
    json_t *event = new_event("judged");

    json_object_set_new_nocheck(event, "outcome",
                                json_string_nocheck(parity_outcome_name(t->outcome)));
    json_object_set_new_nocheck(event, "environmental", json_boolean(t->environmental));
    if (t->message.length)
        json_object_set_new_nocheck(event, "message",
                                    json_stringn_nocheck(t->message.data, t->message.length));
    if (t->location[0])
        json_object_set_new_nocheck(event, "location", json_string(t->location));
    json_object_set_new_nocheck(event, "duration_seconds",
                                json_real(parity_clock_round_s(t->body_s)));
    set_if(event, "differences", judgement->differences);
    set_list(event, "hidden", judgement->hidden);
    set_list(event, "unused_skips", judgement->unused_skips);
    set_list(event, "warnings", judgement->warnings);
    set_if(event, "suite_skips", judgement->suite_skips);
    set_if(event, "suggested_skips", judgement->suggested_skips);
    set_if(event, "recording", judgement->recording);
    set_notes(event, t);
    set_if(event, "transformed", judgement->transformed);
    set_if(event, "raw", judgement->raw);
    if (judgement->transformed) /* they go into what is recorded */
        set_if(event, "request_ids", t->request_ids);
    set_if(event, "suggestions", judgement->suggestions);
    if (runs_again && judgement->transformed)
        json_object_set_new_nocheck(event, "first", make_first(t));
    if (worker->answered_by[0])
        json_object_set_new_nocheck(event, "answered_by", json_string(worker->answered_by));
    /* The verdict of a test that closed the line to the runner is another. */
    if (!parity_message_can_send(worker->guard.channel))
        _exit(PARITY_WORKER_LOST);
    tell_runner(worker, event);
    json_decref(event);
}

/* The end of a task; afterwards this process takes another one, unless it should not. */
static void finish(struct worker *worker, struct parity_test *t)
{
    json_t *event = new_event("done");
    const char *retire;

    json_object_set_nocheck(event, "cleanup_failures", t->cleanup_failures);
    json_object_set_new_nocheck(event, "cleanup_seconds",
                                json_real(parity_clock_round_s(t->cleanup_s)));
    set_notes(event, t);
    parity_test_clear(t);
    retire = parity_guard_settle(&worker->guard);
    if (retire)
        json_object_set_new_nocheck(event, "retire", json_string(retire));
    send_event(worker, event);
}

/* Conditions may ask functions of the suite, so they are looked at here and not by the runner. */
static void send_begin(struct worker *worker, const struct parity_test *t)
{
    const struct parity_expected_failure *expected =
        parity_expected_failure_find(t->test_case, &worker->environment.target);
    json_t *event = new_event("begin");

    if (expected)
        json_object_set_new_nocheck(event, "expected_failure",
                                    json_pack("{s:s, s:b}", "reason", expected->reason, "strict",
                                              (int)!expected->may_pass));
    tell_runner(worker, event);
    json_decref(event);
}

static void run_test(struct worker *worker, struct parity_test *t, const json_t *first)
{
    const struct parity_worker_options *options = worker->options;
    struct parity_judge_options judge = {
        .recordings = worker->recordings,
        .first = first,
        .apply_suggestions = options->apply_suggestions,
        .update = options->update || options->review,
        .raw = options->raw,
        .skip_all = options->skip_all,
        .suggest_skips = options->suggest_skips,
        .compat_localstack = options->compat_localstack,
    };
    struct parity_judgement judgement = {0};
    struct parity_error err = {0};
    json_t *further = NULL;

    send_begin(worker, t);
    if (parity_suite_transformers_read(options->suites, t->test_case->id, &further, &err) < 0 ||
        parity_judge_check(t, further, &err) < 0) {
        parity_test_conclude_error(t, &err);
    } else {
        parity_test_run_body(t);
        leave_if_stray(worker);
        fflush(stdout);
        judge.further = further;
        parity_judge(t, &judge, &judgement);
    }
    send_judgement(worker, t, &judgement, options->check_stable && !first);
    json_decref(further);
    parity_judgement_clear(&judgement);
    parity_test_run_cleanups(t);
    finish(worker, t);
}

/* The cleanups of a test whose own process died, or of fixtures that tests share. */
static void clean(struct worker *worker, struct parity_test *t, const json_t *task)
{
    json_t *calls = json_object_get(task, "calls");

    if (calls)
        json_array_extend(t->cleanups, calls);
    if (json_is_true(json_object_get(task, "adopt")))
        parity_test_adopt_creates(t);
    parity_test_run_cleanups(t);
    finish(worker, t);
}

/* Names must be others when a test runs again, as on another day. No run has an id with letters
 * behind f. */
static void choose_run_id(struct worker *worker, unsigned round)
{
    enum { LETTERS = 'z' - 'f' };
    char *letter = worker->run_id;

    snprintf(worker->run_id, sizeof worker->run_id, "%s", worker->options->run_id);
    for (; round > 0 && *letter; round = (round - 1) / LETTERS)
        *letter++ = (char)('z' - (round - 1) % LETTERS);
    worker->environment.run_id = worker->run_id;
}

/* What must not be written down is known once the accounts are. */
static void prepare_journal(const struct worker *worker)
{
    const struct parity_test_environment *environment = &worker->environment;

    if (environment->journal)
        parity_journal_hide(environment->journal,
                            &(struct parity_journal_secrets){
                                .account_id = environment->primary.account_id,
                                .second_account_id = environment->secondary.account_id,
                                .credentials = worker->options->primary_credentials,
                                .second_credentials = environment->secondary.credentials});
}

static void do_task(struct worker *worker, const json_t *task)
{
    const char *what = json_string_value(json_object_get(task, "do"));
    size_t number = (size_t)json_integer_value(json_object_get(task, "test"));
    struct parity_error err = {0};
    struct parity_test t;

    if (strcmp(what, "identify") == 0) {
        identify(worker);
        return;
    }
    choose_run_id(worker, (unsigned)json_integer_value(json_object_get(task, "round")));
    worker->answered_by[0] = '\0';
    prepare_journal(worker);
    if (parity_test_init(&t, worker->options->cases[number], &worker->environment, number, &err) <
        0) {
        send_failure(worker, &err);
        return;
    }
    if (strcmp(what, "run") == 0)
        run_test(worker, &t, json_object_get(task, "first"));
    else
        clean(worker, &t, task);
}

void parity_worker_prepare(void)
{
    parity_guard_prepare();
    parity_sha256_prepare();
}

void parity_worker_main(const struct parity_worker_options *options, pid_t parent, int channel,
                        int output, struct parity_last_words *last_words,
                        struct parity_mailbox *mailbox)
{
    struct worker worker = {.options = options, .mailbox = mailbox};
    struct parity_error err = {0};
    json_t *task;
    int ready;

    if (parity_guard_init(&worker.guard, parent, channel, output, last_words, &err) < 0)
        _exit(EXIT_FAILURE);
    ready = set_up(&worker, &err);
    while (parity_message_receive(&worker.inbox, worker.guard.channel, &task, NULL) == 0 && task) {
        if (ready < 0)
            send_failure(&worker, &err);
        else
            do_task(&worker, task);
        json_decref(task);
    }
    tear_down(&worker);
    _exit(EXIT_SUCCESS);
}
