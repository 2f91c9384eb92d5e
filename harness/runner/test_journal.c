/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/test_journal.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "runner/habits.h"
#include "runner/journal_content.h"
#include "runner/journal_read.h"
#include "runner/undo_names.h"
#include "runner/undo_values.h"

enum { SETTLING_S = 1, AWS_SETTLING_S = 15 };

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

const char *parity_test_mark(const char *run_id)
{
    /* The first letter is another one when a test runs a second time (worker.c). */
    return run_id[0] && run_id[1] ? run_id + 1 : run_id;
}

void parity_test_let_settle(struct parity_test *t, double at_s)
{
    double settling_s = t->environment->target.aws ? AWS_SETTLING_S : SETTLING_S;
    double age_s = now_s() - at_s;

    if (age_s < 0) /* the clock was set back */
        age_s = 0;
    if (age_s < settling_s)
        parity_test_sleep_in_cleanup(t, settling_s - age_s);
}

static json_int_t id_of(const json_t *entry)
{
    return json_integer_value(json_object_get(entry, "id"));
}

/* --- calls that create -------------------------------------------------------------------------
 */

/* Another region than the test's is written down with the call, since a run in another one must
 * find it; the id in the names that the test makes, which runs of one test differ by; and the
 * fixture that it was made for, which any test may set up. */
static json_t *pack(const struct parity_test *t, const struct parity_test_options *wishes,
                    const char *service, const char *operation, const json_t *input)
{
    json_t *packed = parity_test_pack_call(wishes, service, operation, (json_t *)(uintptr_t)input);
    bool own_region = !wishes || (!wishes->region && wishes->account == PARITY_PRIMARY);

    if (packed && own_region && t->environment->primary.region)
        json_object_set_new(packed, "region", json_string(t->environment->primary.region));
    if (packed)
        json_object_set_new(packed, "names", json_string(t->environment->run_id));
    if (packed && t->setting_up && t->setting_up->key) {
        bool of_suite = t->setting_up->fixture->scope == PARITY_SCOPE_SUITE;

        json_object_set_new(packed, "fixture", json_string(t->setting_up->key));
        json_object_set_new(packed, "scope", json_string(of_suite ? "suite" : "run"));
    }
    return packed;
}

/* Whether a call was made by this run of this test: others of the same may be under way. */
static bool is_own(const struct parity_test *t, const struct parity_journal_entry *entry)
{
    const char *names = json_string_value(json_object_get(entry->call, "names"));

    return strcmp(entry->test, t->test_case->id) == 0 && names &&
           strcmp(names, t->environment->run_id) == 0;
}

static json_t *new_create(struct parity_test *t, json_int_t id, const json_t *call)
{
    json_t *entry = json_pack("{s:I, s:f, s:O}", "id", id, "at_s", now_s(), "call", call);

    if (entry)
        json_array_append_new(t->creates, entry);
    return entry;
}

int parity_test_journal_call(struct parity_test *t, const struct parity_test_options *wishes,
                             const char *service, const char *operation, const json_t *input,
                             struct parity_test_create *out, struct parity_error *err)
{
    struct parity_journal *journal = t->environment->journal;
    const struct parity_operation *model;
    json_t *call;

    *out = (struct parity_test_create){0};
    if (t->in_body)
        t->fresh_create = 0;
    if (!journal || !t->in_body || !parity_undo_may_create(operation, NULL))
        return 0;
    call = pack(t, wishes, service, operation, input);
    model = parity_undo_operation(t->environment->models, call);
    if (parity_undo_may_create(operation, model)) {
        out->id = parity_journal_call(journal, t->test_case->id, call, model, err);
        out->entry = out->id ? new_create(t, out->id, call) : NULL;
        json_decref(call);
        return out->id ? 0 : -1;
    }
    json_decref(call);
    return 0;
}

static void forget(struct parity_test *t, json_int_t id)
{
    for (size_t i = json_array_size(t->creates); i > 0; i--)
        if (id_of(json_array_get(t->creates, i - 1)) == id)
            json_array_remove(t->creates, i - 1);
}

void parity_test_journal_answer(struct parity_test *t, const struct parity_test_create *create,
                                const json_t *response, bool in_doubt)
{
    struct parity_journal *journal = t->environment->journal;

    if (create->id == 0)
        return;
    t->fresh_create = create->id;
    if (response && !parity_response_is_error(response)) {
        const json_t *call = json_object_get(create->entry, "call");

        json_object_set(create->entry, "output", (json_t *)(uintptr_t)response);
        parity_journal_answer(journal, create->id, response,
                              parity_undo_operation(t->environment->models, call));
    } else if (!in_doubt) {
        parity_journal_answer(journal, create->id, NULL, NULL);
        forget(t, create->id);
    }
}

/* --- cleanups ----------------------------------------------------------------------------------
 */

static bool is_same(const json_t *a, const json_t *b, const char *name)
{
    return parity_json_equal(json_object_get(a, name), json_object_get(b, name));
}

static json_int_t account_of(const json_t *packed)
{
    return json_integer_value(json_object_get(packed, "account"));
}

/* Whether a cleanup looks like one for a call: the same service and account, and the same thing.
 */
static bool is_related(const struct parity_test *t, const json_t *cleanup, const json_t *entry)
{
    const char *mark = parity_test_mark(t->environment->run_id);
    const json_t *call = json_object_get(entry, "call");
    const json_t *input = json_object_get(cleanup, "input");

    return is_same(cleanup, call, "service") && account_of(cleanup) == account_of(call) &&
           (parity_undo_share_thing(input, json_object_get(call, "input"), mark) ||
            parity_undo_share_text(input, json_object_get(call, "input")) ||
            parity_undo_share_text(input, json_object_get(entry, "output")));
}

/* Whether the names of the two operations are opposites. */
static bool is_opposite(const json_t *cleanup, const json_t *entry)
{
    const json_t *call = json_object_get(entry, "call");
    const char *undoes = json_string_value(json_object_get(cleanup, "operation"));
    struct parity_undo_candidates candidates;
    struct parity_undo_name name;

    if (!parity_undo_name_read(json_string_value(json_object_get(call, "operation")), &name))
        return false;
    parity_undo_name_opposites(&name, &candidates);
    for (size_t i = 0; i < candidates.count; i++)
        if (strcmp(candidates.names[i], undoes) == 0)
            return true;
    return false;
}

/* The call that a cleanup undoes: the last related one whose name is the opposite, else the last
 * related one. 0: none. */
static json_int_t covered_by(const struct parity_test *t, const json_t *cleanup)
{
    json_int_t related = 0;

    if (!json_object_get(cleanup, "service") || json_object_get(cleanup, "wait"))
        return 0;
    for (size_t i = json_array_size(t->creates); i > 0; i--) {
        const json_t *entry = json_array_get(t->creates, i - 1);

        if (!is_related(t, cleanup, entry))
            continue;
        if (is_opposite(cleanup, entry))
            return id_of(entry);
        if (related == 0)
            related = id_of(entry);
    }
    return related;
}

void parity_test_journal_cleanup(struct parity_test *t, json_t *packed)
{
    struct parity_journal *journal = t->environment->journal;
    json_t *covers;
    json_int_t id, covered;

    if (!journal)
        return;
    t->fresh_create = 0;
    covered = json_integer_value(json_object_get(packed, "undoes"));
    if (covered == 0)
        covered = covered_by(t, packed);
    covers = covered ? json_pack("[I]", covered) : json_array();
    id = covers ? parity_journal_cleanup(journal, t->test_case->id, packed, covers) : 0;
    if (id) {
        json_object_set_new(packed, "journal", json_integer(id));
        forget(t, covered);
    }
    json_decref(covers);
}

void parity_test_journal_made(struct parity_test *t, const json_t *packed)
{
    json_int_t id = json_integer_value(json_object_get(packed, "journal"));

    if (id == 0 || !t->environment->journal)
        return;
    parity_journal_settle_one(t->environment->journal, id);
    if (t->made)
        json_array_append(t->made, json_object_get(packed, "input"));
}

/* --- the end -----------------------------------------------------------------------------------
 */

static int ask(void *data, const json_t *call, const char *operation, const json_t *input,
               json_t **out, struct parity_error *err)
{
    struct parity_test_options wishes;

    parity_test_unpack_options(call, &wishes);
    return parity_test_exchange(data, &wishes, json_string_value(json_object_get(call, "service")),
                                operation, input, out, err);
}

/* What the test would have registered; new, or NULL. */
static json_t *find_habit(const struct parity_test *t, const struct parity_test_made *made)
{
    const struct parity_test_environment *environment = t->environment;
    const struct parity_habits_accounts accounts = {
        .account_id = environment->primary.account_id,
        .second_account_id = environment->secondary.account_id,
    };

    return environment->habits
               ? parity_habits_find(environment->habits,
                                    parity_habits_owner(made->test, made->call), made->call,
                                    made->output, environment->target.aws ? &accounts : NULL)
               : NULL;
}

enum parity_undo_answer parity_test_undo(struct parity_test *t, const struct parity_test_made *made,
                                         json_t **undo, struct parity_error *err)
{
    const struct parity_undo_options options = {.models = t->environment->models,
                                                .mark = parity_test_mark(made->run_id),
                                                .doubtful = made->may_be_older,
                                                .ask = ask,
                                                .data = t};
    enum parity_undo_answer answer = PARITY_UNDO_CALL;

    /* A call without an answer may have been refused. */
    *undo = made->output ? find_habit(t, made) : NULL;
    if (!*undo)
        answer = parity_undo_find(&options, made->call, made->output, undo, err);
    if (answer == PARITY_UNDO_UNKNOWN && made->may_be_older && !made->output) {
        *undo = find_habit(t, made);
        answer = *undo ? PARITY_UNDO_DOUBTFUL : answer;
    }
    if (!*undo || !parity_journal_is_concealed(json_object_get(*undo, "input")))
        return answer;
    json_decref(*undo);
    *undo = NULL;
    return PARITY_UNDO_UNKNOWN;
}

/* Whether the test had no chance to register a cleanup. */
static bool is_left(const struct parity_test *t, const json_t *entry)
{
    return t->adopted || !json_object_get(entry, "output") ||
           (t->ended_early && id_of(entry) == t->fresh_create);
}

/* @return whether nothing is left to do about it: no cleanup is needed */
static bool undo_create(struct parity_test *t, const json_t *entry)
{
    const struct parity_test_made made = {.test = t->test_case->id,
                                          .run_id = t->environment->run_id,
                                          .call = json_object_get(entry, "call"),
                                          .output = json_object_get(entry, "output")};
    enum parity_undo_answer answer;
    json_t *undo;

    if (!made.output)
        parity_test_let_settle(t, json_number_value(json_object_get(entry, "at_s")));
    answer = parity_test_undo(t, &made, &undo, NULL);
    if (answer == PARITY_UNDO_CALL) {
        json_object_set(undo, "undoes", json_object_get(entry, "id"));
        parity_test_push_cleanup(t, undo, -1);
    }
    return answer == PARITY_UNDO_ABSENT;
}

void parity_test_undo_creates(struct parity_test *t)
{
    json_t *creates = json_copy(t->creates); /* the list changes with each cleanup */
    json_t *absent = json_array(), *entry;
    json_int_t fresh = t->fresh_create;
    size_t i;

    json_array_foreach(creates, i, entry) {
        t->fresh_create = fresh;
        if (!is_left(t, entry) || !undo_create(t, entry))
            continue;
        json_array_append(absent, json_object_get(entry, "id"));
        forget(t, id_of(entry));
    }
    t->fresh_create = fresh;
    if (t->environment->journal)
        parity_journal_settle(t->environment->journal, absent);
    json_decref(absent);
    json_decref(creates);
}

/* Whether it is part of something that a cleanup has deleted: an item in a table. */
static bool went_along(const struct parity_test *t, const json_t *entry)
{
    const json_t *call = json_object_get(entry, "call");

    return parity_undo_share_thing(json_object_get(call, "input"), t->made,
                                   parity_test_mark(t->environment->run_id));
}

void parity_test_settle_creates(struct parity_test *t)
{
    json_t *settled = json_array(), *entry;
    size_t i;

    json_array_foreach(t->creates, i, entry)
        if (!is_left(t, entry) || went_along(t, entry))
            json_array_append(settled, json_object_get(entry, "id"));
    if (t->environment->journal)
        parity_journal_settle(t->environment->journal, settled);
    json_array_clear(t->creates);
    json_decref(settled);
}

void parity_test_settle_set_up(struct parity_test *t, size_t before)
{
    json_t *settled = json_array();

    for (size_t i = json_array_size(t->creates); i > before; i--) {
        const json_t *entry = json_array_get(t->creates, i - 1);

        if (!json_object_get(entry, "output"))
            continue;
        json_array_append(settled, json_object_get(entry, "id"));
        json_array_remove(t->creates, i - 1);
    }
    if (t->environment->journal)
        parity_journal_settle(t->environment->journal, settled);
    json_decref(settled);
}

void parity_test_adopt_creates(struct parity_test *t)
{
    struct parity_journal *journal = t->environment->journal;
    struct parity_journal_record record;

    if (!journal)
        return;
    t->adopted = true;
    parity_journal_read(parity_journal_path(journal), &record, NULL);
    for (size_t i = 0; i < record.count; i++) {
        const struct parity_journal_entry *entry = &record.entries[i];

        if (entry->is_cleanup || !is_own(t, entry))
            continue;
        parity_journal_reveal(entry->call, t->environment->primary.account_id,
                              t->environment->secondary.account_id);
        parity_journal_reveal(entry->output, t->environment->primary.account_id,
                              t->environment->secondary.account_id);
        json_array_append_new(t->creates,
                              json_pack("{s:I, s:f, s:O, s:O*}", "id", entry->id, "at_s",
                                        entry->at_s, "call", entry->call, "output", entry->output));
    }
    parity_journal_record_clear(&record);
}
