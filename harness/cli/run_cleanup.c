/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_cleanup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "client/endpoint.h"
#include "recorder/snapshot.h"
#include "runner/habits.h"
#include "runner/identity.h"
#include "runner/leftovers.h"
#include "runner/mask.h"

static const char unknown_account[] = "000000000000";

/* --- the journal of a run ----------------------------------------------------------------------
 */

int parity_run_journal_begin(const struct parity_run_target *target,
                             const struct parity_project *project, const char *run_id,
                             struct parity_journal **out, struct parity_error *err)
{
    const struct parity_journal_options options = {.run_id = run_id,
                                                   .aws = target->client.aws,
                                                   .endpoint_url = target->endpoint_url,
                                                   .emulator = target->emulator_name,
                                                   .region = target->region,
                                                   .project = project->folder};
    struct parity_error reason = {0};
    size_t earlier;

    *out = NULL;
    if (target->emulator && parity_emulator_info(target->emulator)->pid != 0)
        return 0;
    earlier = parity_leftovers_count(NULL);
    if (earlier > 0)
        fprintf(stderr,
                "parity: %zu earlier %s may have left something: see 'parity run --cleanup "
                "--list'\n",
                earlier, earlier == 1 ? "run" : "runs");
    *out = parity_journal_open(&options, &reason);
    if (*out)
        return 0;
    if (target->client.aws) {
        *err = reason;
        return -1;
    }
    parity_command_fail(&reason);
    return 0;
}

/* A run is no worse when what it has learned cannot be kept. */
static void keep_habits(const struct parity_habits *learned, const char *path,
                        const struct parity_habit_tests *tests)
{
    struct parity_error err = {0};

    if (learned && path && parity_habits_save(learned, path, tests, &err) < 0)
        parity_command_fail(&err);
}

void parity_run_journal_end(struct parity_journal *journal, const char *habits,
                            const struct parity_habit_tests *tests)
{
    struct parity_habits *learned;
    struct parity_journal_record record;
    int rc;

    if (!journal)
        return;
    learned = parity_habits_new();
    rc = parity_journal_read_lines(parity_journal_path(journal),
                                   learned ? parity_habits_note : NULL, learned, &record, NULL);
    keep_habits(learned, habits,
                record.count == 0 && parity_leftovers_count(NULL) == 0 ? tests : NULL);
    parity_habits_free(learned);
    if (rc == 0 && record.count == 0) {
        parity_journal_close(journal, true);
    } else {
        fprintf(stderr,
                "parity: %zu %s may be left on %s: see 'parity run --cleanup --list', delete with "
                "'parity run --cleanup'\n",
                record.count, record.count == 1 ? "thing" : "things",
                record.aws            ? "AWS"
                : record.endpoint_url ? record.endpoint_url
                                      : "the target");
        parity_journal_close(journal, false);
    }
    parity_journal_record_clear(&record);
}

/* --- what is shown -----------------------------------------------------------------------------
 */

/* Where a run was, for readers. */
static void print_run(const struct parity_journal_record *record)
{
    printf("run %s, %s, on %s%s%s\n", record->run_id, record->at ? record->at : "at some time",
           record->aws            ? "AWS"
           : record->endpoint_url ? record->endpoint_url
                                  : "an emulator",
           record->region ? ", " : "", record->region ? record->region : "");
}

/* @param masks  two: what must not be shown of it; NULL: it holds placeholders */
static void print_call(const char *what, const json_t *call, const char *reason,
                       const struct parity_mask *masks)
{
    const char *service = json_string_value(json_object_get(call, "service"));
    const char *operation = json_string_value(json_object_get(call, "operation"));
    struct parity_buffer text = {0};

    parity_buffer_printf(&text, "%s%s %s ", what, service ? service : "a",
                         operation ? operation : "pause");
    if (service)
        parity_json_write(&text, json_object_get(call, "input"), PARITY_JSON_LINE);
    if (reason[0])
        parity_buffer_printf(&text, ": %s", reason);
    for (size_t i = 0; masks && !text.failed && i < 2; i++)
        parity_mask_text(&masks[i], text.data);
    printf("  %s\n", text.failed ? what : text.data);
    parity_buffer_clear(&text);
}

/* Whose it is, below it. */
static void print_test(const struct parity_journal_entry *entry)
{
    if (entry->test[0])
        printf("      %s, %s\n", entry->test, entry->at);
}

/* What is not known to be the run's own is not deleted without the user's word. */
static void print_advice(const struct parity_leftover *leftover,
                         const struct parity_journal_entry *entry, struct parity_models *models,
                         const char *habits)
{
    json_t *undo;

    if (!parity_leftover_needs_force(leftover, entry, models, habits, &undo))
        return;
    if (undo)
        print_call("    may be older than the run; deleted by --cleanup --force only: ", undo, "",
                   NULL);
    else
        printf("      may be older than the run; --cleanup says whether --force can delete it\n");
    json_decref(undo);
}

/* @return how many things are left */
static size_t list_run(const struct parity_leftover *leftover, struct parity_models *models)
{
    const struct parity_journal_record *record = &leftover->record;
    char *habits = record->project ? parity_habits_path(record->project) : NULL;
    size_t count = 0;

    print_run(record);
    for (size_t i = record->count; i > 0; i--) {
        const struct parity_journal_entry *entry = &record->entries[i - 1];

        if (parity_test_is_pause(entry->call))
            continue;
        print_call(entry->is_cleanup ? "to be made: "
                   : entry->answered ? "created by: "
                                     : "may be created by: ",
                   entry->call, "", NULL);
        print_test(entry);
        print_advice(leftover, entry, models, habits);
        count++;
    }
    parity_free(habits);
    return count;
}

/* What became of all entries. */
struct outcome {
    size_t counts[PARITY_LEFTOVER_FATES];
    struct parity_mask masks[2]; /* of the run that is dealt with */
};

static void tell(void *data, enum parity_leftover_fate fate,
                 const struct parity_journal_entry *entry, const json_t *call, const char *reason)
{
    static const char *const words[PARITY_LEFTOVER_FATES] = {
        [PARITY_LEFTOVER_DELETED] = "deleted: ",
        [PARITY_LEFTOVER_GONE] = "not there: ",
        [PARITY_LEFTOVER_FAILED] = "NOT DELETED: ",
        [PARITY_LEFTOVER_DOUBTFUL] = "LOOK YOURSELF, may have been created by: ",
        [PARITY_LEFTOVER_UNKNOWN] = "LOOK YOURSELF, may have been created by: ",
    };
    bool unmade = fate == PARITY_LEFTOVER_UNKNOWN && entry->is_cleanup;
    bool doubtful = fate == PARITY_LEFTOVER_DOUBTFUL;
    struct outcome *outcome = data;

    outcome->counts[fate]++;
    print_call(unmade ? "LOOK YOURSELF: " : words[fate], doubtful ? entry->call : call, reason,
               outcome->masks);
    print_test(entry);
    if (doubtful)
        print_call("    may be older than the run; --force makes: ", call, "", outcome->masks);
}

/* --- the target --------------------------------------------------------------------------------
 */

/* The endpoint that the user names; NULL: none, so each run's own counts. */
static const char *wanted_endpoint(const struct parity_run_arguments *arguments)
{
    static const char *const variables[] = {"TEST_AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL"};
    const char *url = arguments->endpoint_url;

    for (size_t i = 0; !url && i < sizeof variables / sizeof *variables; i++) {
        url = getenv(variables[i]);
        if (url && !url[0])
            url = NULL;
    }
    return url;
}

static bool is_same_url(const char *a, const char *b)
{
    size_t length_a = strlen(a), length_b = strlen(b);

    while (length_a && a[length_a - 1] == '/')
        length_a--;
    while (length_b && b[length_b - 1] == '/')
        length_b--;
    return length_a == length_b && strncmp(a, b, length_a) == 0;
}

static bool is_wanted(const struct parity_run_arguments *arguments,
                      const struct parity_journal_record *record)
{
    const char *endpoint = wanted_endpoint(arguments);

    if (parity_run_target_is_aws() || record->aws)
        return parity_run_target_is_aws() && record->aws;
    if (arguments->emulator && (!record->emulator || strcmp(arguments->emulator, record->emulator)))
        return false;
    return record->endpoint_url && (!endpoint || is_same_url(endpoint, record->endpoint_url));
}

/* A target, open, and what calls are made with. */
struct session {
    struct parity_run_target target;
    struct parity_client *client;
    char *account_id, *second_account_id; /* owned; NULL: not asked */
    char *habits;                         /* owned; NULL: the run's project is not known */
    struct parity_test_environment environment;
};

static int call(void *data, const char *service, const char *operation, const json_t *input,
                const struct parity_call_options *options, json_t **out,
                struct parity_call_record *record, struct parity_error *err)
{
    struct session *session = data;

    return parity_client_call(session->client, service, operation, input, options, out, record,
                              err);
}

static int identify(struct session *session, struct parity_error *err)
{
    const struct parity_run_target *target = &session->target;
    struct parity_error ignored = {0};

    if (!target->client.aws)
        return 0;
    if (parity_identity_ask(session->client, target->client.credentials, &session->account_id,
                            err) < 0)
        return -1;
    /* Only what was made there needs it. */
    if (target->has_secondary && !target->secondary_account_id)
        parity_identity_ask(session->client, &target->secondary_credentials,
                            &session->second_account_id, &ignored);
    return 0;
}

static int open_session(struct session *session, const struct parity_journal_record *record,
                        const struct parity_run_arguments *arguments,
                        const struct parity_project *project, struct parity_models *models,
                        struct parity_error *err)
{
    const struct parity_run_target_options options = {
        .endpoint_url = record->aws ? NULL : record->endpoint_url,
        .emulator = record->aws ? NULL : record->emulator,
        .region = record->region,
        .connect_to = arguments->connect_to.items,
        .project = project,
        .models = models,
    };
    struct parity_run_target *target = &session->target;

    if (parity_run_target_open(&options, target, err) < 0)
        return -1;
    session->client = parity_client_new(models, &target->client, err);
    if (!session->client || identify(session, err) < 0)
        return -1;
    session->habits = record->project ? parity_habits_path(record->project) : NULL;
    session->environment = (struct parity_test_environment){
        .target = {.aws = target->client.aws, .region = target->region},
        .partition = parity_endpoint_partition(models, target->region),
        .run_id = record->run_id,
        .primary = {.account_id = session->account_id  ? session->account_id
                                  : target->account_id ? target->account_id
                                                       : unknown_account,
                    .region = target->region,
                    .credentials = target->client.credentials},
        .secondary = {.account_id = session->second_account_id ? session->second_account_id
                                                               : target->secondary_account_id,
                      .region = target->secondary_region,
                      .credentials = target->has_secondary ? &target->secondary_credentials : NULL},
        .models = models,
        .habits = session->habits,
        .call = call,
        .data = session,
    };
    return 0;
}

static void close_session(struct session *session)
{
    parity_client_free(session->client);
    parity_run_target_clear(&session->target);
    parity_free(session->account_id);
    parity_free(session->second_account_id);
    parity_free(session->habits);
}

/* The number of an account of AWS is not shown; an emulator's is made up. */
static void mask_session(const struct session *session, struct parity_mask masks[2])
{
    const struct parity_test_environment *environment = &session->environment;

    memset(masks, 0, 2 * sizeof *masks);
    if (!session->target.client.aws)
        return;
    masks[0] = (struct parity_mask){.account_id = environment->primary.account_id,
                                    .credentials = &session->target.primary_credentials};
    masks[1] = (struct parity_mask){.account_id = environment->secondary.account_id,
                                    .credentials = environment->secondary.credentials};
}

/* Things of another account are neither seen nor deleted with these credentials. */
static int check_account(const struct session *session, const struct parity_journal_record *record,
                         struct parity_error *err)
{
    char *hash =
        record->aws && record->account_hash ? parity_account_hash(session->account_id) : NULL;
    bool other = hash && strcmp(hash, record->account_hash) != 0;

    parity_free(hash);
    if (!other)
        return 0;
    parity_fail(err, PARITY_E_CREDENTIALS, NULL,
                "it was made in another account of AWS; come back with its credentials");
    return -1;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

/* Whether what is left of a run is nothing that another --cleanup might delete. */
static bool is_for_the_user_alone(const struct outcome *now, const struct outcome *before)
{
    return now->counts[PARITY_LEFTOVER_UNKNOWN] > before->counts[PARITY_LEFTOVER_UNKNOWN] &&
           now->counts[PARITY_LEFTOVER_DOUBTFUL] == before->counts[PARITY_LEFTOVER_DOUBTFUL] &&
           now->counts[PARITY_LEFTOVER_FAILED] == before->counts[PARITY_LEFTOVER_FAILED];
}

static int clean_run(struct parity_leftover *leftover, const struct parity_run_arguments *arguments,
                     const struct parity_project *project, struct parity_models *models,
                     struct outcome *outcome)
{
    struct session session = {.client = NULL};
    const struct parity_leftover_options options = {.environment = &session.environment,
                                                    .force = arguments->force,
                                                    .tell = tell,
                                                    .data = outcome};
    const struct outcome before = *outcome;
    struct parity_error err = {0};
    int rc = -1;

    print_run(&leftover->record);
    if (open_session(&session, &leftover->record, arguments, project, models, &err) == 0 &&
        check_account(&session, &leftover->record, &err) == 0) {
        mask_session(&session, outcome->masks);
        rc = parity_leftover_delete(leftover, &options, &err);
    }
    fflush(stdout);
    if (rc < 0) {
        parity_command_fail(&err);
        fprintf(stderr, "parity: if that target is gone for good, remove %s\n",
                parity_journal_path(leftover->journal));
    } else if (is_for_the_user_alone(outcome, &before)) {
        fprintf(stderr, "parity: when you have looked after the rest, remove %s\n",
                parity_journal_path(leftover->journal));
    }
    close_session(&session);
    return rc;
}

static void tell_of_others(const struct parity_leftovers *leftovers, size_t others_aws,
                           size_t others)
{
    if (leftovers->running)
        fprintf(stderr, "parity: %zu %s still going on, and left alone\n", leftovers->running,
                leftovers->running == 1 ? "run is" : "runs are");
    if (others_aws)
        fprintf(stderr,
                "parity: runs on AWS have left something, too; TEST_TARGET=AWS_CLOUD parity "
                "run --cleanup\n");
    if (others)
        fprintf(stderr, "parity: runs on other emulators have left something, too; 'parity run "
                        "--cleanup --list' shows it\n");
}

static int sum_up(const struct outcome *outcome, size_t failed)
{
    size_t doubtful = outcome->counts[PARITY_LEFTOVER_DOUBTFUL];
    size_t left = outcome->counts[PARITY_LEFTOVER_FAILED] + doubtful +
                  outcome->counts[PARITY_LEFTOVER_UNKNOWN];

    printf("%zu deleted, %zu not there, %zu left\n", outcome->counts[PARITY_LEFTOVER_DELETED],
           outcome->counts[PARITY_LEFTOVER_GONE], left);
    if (doubtful)
        fprintf(stderr,
                "parity: %zu %s may have been there before; if not, 'parity run --cleanup --force' "
                "deletes %s\n",
                doubtful, doubtful == 1 ? "thing" : "things", doubtful == 1 ? "it" : "them");
    if (failed)
        return PARITY_EXIT_ENVIRONMENT;
    return left ? PARITY_EXIT_DIFFERENCE : PARITY_EXIT_OK;
}

static int list_all(const struct parity_leftovers *leftovers, struct parity_models *models)
{
    size_t count = 0;

    for (size_t i = 0; i < leftovers->count; i++)
        count += list_run(&leftovers->items[i], models);
    printf("%zu left\n", count);
    tell_of_others(leftovers, 0, 0);
    return PARITY_EXIT_OK;
}

static int clean_all(struct parity_leftovers *leftovers,
                     const struct parity_run_arguments *arguments,
                     const struct parity_project *project, struct parity_models *models)
{
    struct outcome outcome = {.counts = {0}};
    size_t failed = 0, others_aws = 0, others = 0;

    for (size_t i = 0; i < leftovers->count; i++) {
        struct parity_leftover *leftover = &leftovers->items[i];

        if (is_wanted(arguments, &leftover->record))
            failed += clean_run(leftover, arguments, project, models, &outcome) < 0;
        else if (leftover->record.aws)
            others_aws++;
        else
            others++;
    }
    tell_of_others(leftovers, others_aws, others);
    return sum_up(&outcome, failed);
}

int parity_run_cleanup(const struct parity_run_arguments *arguments,
                       const struct parity_project *project)
{
    const struct parity_models_options options = {.further = (const char *const *)project->models};
    struct parity_leftovers leftovers;
    struct parity_models *models = NULL;
    struct parity_error err = {0};
    int code;

    if (parity_leftovers_find(NULL, &leftovers, &err) < 0 ||
        !(models = parity_models_new(&options, &err)))
        code = parity_command_fail(&err);
    else if (arguments->list || leftovers.count == 0)
        code = list_all(&leftovers, models);
    else if (parity_models_check(models, &err) < 0)
        code = parity_command_fail(&err);
    else
        code = clean_all(&leftovers, arguments, project, models);
    parity_models_free(models);
    parity_leftovers_clear(&leftovers);
    return code;
}
