/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/leftovers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

/* What becomes of the lines of a journal, with a service of our own that answers here. */

static const char model[] =
    "{\"metadata\": {\"protocol\": \"json\", \"apiVersion\": \"2020-01-01\"}, \"operations\": {"
    " \"CreateTable\": {\"name\": \"CreateTable\", \"input\": {\"shape\": \"Table\"}},"
    " \"DeleteTable\": {\"name\": \"DeleteTable\", \"input\": {\"shape\": \"Table\"}},"
    " \"ListTables\": {\"name\": \"ListTables\"},"
    " \"PutEntry\": {\"name\": \"PutEntry\", \"input\": {\"shape\": \"Entry\"}},"
    " \"CreateKey\": {\"name\": \"CreateKey\", \"input\": {\"shape\": \"Table\"}}},"
    "\"shapes\": {\"S\": {\"type\": \"string\"},"
    " \"Table\": {\"type\": \"structure\", \"required\": [\"TableName\"],"
    "   \"members\": {\"TableName\": {\"shape\": \"S\"}}},"
    " \"Entry\": {\"type\": \"structure\", \"required\": [\"TableName\"],"
    "   \"members\": {\"TableName\": {\"shape\": \"S\"}, \"Text\": {\"shape\": \"S\"}}}}}";

static struct parity_models *models;
static char made[512]; /* the calls */
static char told[1024];
static const char *answer; /* of the service; NULL: {} */

static int call(void *data, const char *service, const char *operation, const json_t *input,
                const struct parity_call_options *options, json_t **out,
                struct parity_call_record *record, struct parity_error *err)
{
    struct parity_buffer text = {0};

    (void)data;
    (void)service;
    (void)options;
    (void)record;
    (void)err;
    parity_json_write(&text, input, PARITY_JSON_COMPACT);
    snprintf(made + strlen(made), sizeof made - strlen(made), "%s%s;", operation, text.data);
    parity_buffer_clear(&text);
    *out = scratch_json(answer ? answer : "{}");
    return 0;
}

static void tell(void *data, enum parity_leftover_fate fate,
                 const struct parity_journal_entry *entry, const json_t *what, const char *reason)
{
    static const char *const words[PARITY_LEFTOVER_FATES] = {"deleted", "gone", "failed",
                                                             "doubtful", "unknown"};

    (void)data;
    (void)reason;
    snprintf(told + strlen(told), sizeof told - strlen(told), "%lld %s %s;", (long long)entry->id,
             words[fate], json_string_value(json_object_get(what, "operation")));
}

static int set_up(void **state)
{
    const struct parity_models_options options = {.data_path = "data"};

    if (scratch_enter(state) < 0)
        return -1;
    setenv("XDG_CACHE_HOME", *state, 1);
    scratch_write("data/things/2020-01-01/service-2.json", model);
    models = parity_models_new(&options, NULL);
    answer = NULL;
    return models ? 0 : -1;
}

static int tear_down(void **state)
{
    parity_models_free(models);
    return scratch_leave(state);
}

#define RUN                                                                                        \
    "{\"event\": \"run\", \"run\": \"z1a2b\", \"target\": \"emulator\", \"endpoint_url\": "        \
    "\"http://h\"}\n"
#define CALL(id_, operation_, input_)                                                              \
    "{\"event\": \"call\", \"id\": " id_ ", \"test\": \"t\", \"at\": \"2020-01-01T00:00:00Z\", "   \
    "\"call\": {\"service\": \"things\", \"operation\": \"" operation_ "\", \"input\": " input_    \
    "}}\n"
#define ANSWER(id_) "{\"event\": \"answer\", \"id\": " id_ ", \"output\": {}}\n"
#define REFUSAL(id_) "{\"event\": \"refusal\", \"id\": " id_ "}\n"

/* Deletes what a journal holds. @return whether the journal stays */
static bool clean(const char *lines, bool force)
{
    const struct parity_test_environment environment = {
        .run_id = "z1a2b", .models = models, .call = call};
    const struct parity_leftover_options options = {
        .environment = &environment, .force = force, .tell = tell};
    struct parity_leftovers leftovers;
    struct parity_error err = {0};

    made[0] = told[0] = '\0';
    scratch_write("journal/z1a2b.jsonl", lines);
    assert_int_equal(parity_leftovers_find("journal", &leftovers, &err), 0);
    for (size_t i = 0; i < leftovers.count; i++)
        assert_int_equal(parity_leftover_delete(&leftovers.items[i], &options, &err), 0);
    parity_leftovers_clear(&leftovers);
    return access("journal/z1a2b.jsonl", F_OK) == 0;
}

static const char fixed[] = RUN CALL("1", "CreateTable", "{\"TableName\": \"fixed\"}") ANSWER("1");

static void what_may_be_older_is_shown_and_stays(void **state)
{
    (void)state;
    assert_true(clean(fixed, false));
    assert_string_equal(told, "1 doubtful DeleteTable;");
    assert_string_equal(made, "");
}

static void force_deletes_it(void **state)
{
    (void)state;
    assert_false(clean(fixed, true));
    assert_string_equal(told, "1 deleted DeleteTable;");
    assert_string_equal(made, "DeleteTable{\"TableName\":\"fixed\"};");
}

static void also_what_was_not_answered(void **state)
{
    static const char lines[] = RUN CALL("1", "CreateTable", "{\"TableName\": \"fixed\"}");

    (void)state;
    assert_true(clean(lines, false));
    assert_string_equal(told, "1 doubtful DeleteTable;");
    answer = "{\"Error\": {\"Code\": \"TableNotFound\", \"Message\": \"\"}}";
    assert_false(clean(lines, true));
    assert_string_equal(told, "1 gone DeleteTable;");
}

static void what_was_refused_is_touched_by_nobody(void **state)
{
    (void)state;
    assert_false(
        clean(RUN CALL("1", "CreateTable", "{\"TableName\": \"fixed\"}") REFUSAL("1"), true));
    assert_string_equal(told, "");
    assert_string_equal(made, "");
}

static void what_nobody_knows_how_to_undo_is_the_user_s(void **state)
{
    (void)state;
    assert_true(clean(RUN CALL("1", "CreateKey", "{\"TableName\": \"fixed\"}") ANSWER("1"), true));
    assert_string_equal(told, "1 unknown CreateKey;");
    assert_string_equal(made, "");
}

static void parts_go_with_what_they_belong_to(void **state)
{
    (void)state;
    assert_true(clean(RUN CALL("1", "CreateTable", "{\"TableName\": \"fixed\"}") ANSWER("1")
                          CALL("2", "PutEntry", "{\"TableName\": \"fixed\", \"Text\": \"a\"}")
                              ANSWER("2") CALL("3", "PutEntry", "{\"TableName\": \"another\"}"),
                      true));
    assert_string_equal(told, "3 unknown PutEntry;2 gone PutEntry;1 deleted DeleteTable;");
}

static void the_list_tells_what_needs_force(void **state)
{
    static const char lines[] = RUN CALL("1", "CreateTable", "{\"TableName\": \"fixed\"}")
        CALL("2", "CreateTable", "{\"TableName\": \"t-1a2b\"}")
            CALL("3", "CreateKey", "{\"TableName\": \"fixed\"}");
    struct parity_leftovers leftovers;
    const struct parity_journal_record *record;
    json_t *undo;

    (void)state;
    made[0] = '\0';
    scratch_write("journal/z1a2b.jsonl", lines);
    assert_int_equal(parity_leftovers_find("journal", &leftovers, NULL), 0);
    record = &leftovers.items[0].record;
    assert_true(
        parity_leftover_needs_force(leftovers.items, &record->entries[0], models, NULL, &undo));
    assert_string_equal(json_string_value(json_object_get(undo, "operation")), "DeleteTable");
    json_decref(undo);
    assert_false(
        parity_leftover_needs_force(leftovers.items, &record->entries[1], models, NULL, &undo));
    assert_true(
        parity_leftover_needs_force(leftovers.items, &record->entries[2], models, NULL, &undo));
    assert_null(undo);
    parity_leftovers_clear(&leftovers);
    assert_string_equal(made, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_may_be_older_is_shown_and_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(force_deletes_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(also_what_was_not_answered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_refused_is_touched_by_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_nobody_knows_how_to_undo_is_the_user_s, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(parts_go_with_what_they_belong_to, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_list_tells_what_needs_force, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
