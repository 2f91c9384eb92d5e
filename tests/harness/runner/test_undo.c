/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/undo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runner/undo_names.h"
#include "runner/undo_values.h"
#include "scratch.h"

/* How to undo calls of a service of our own, which is asked here. */

static const char model[] =
    "{\"metadata\": {\"protocol\": \"json\"}, \"operations\": {"
    " \"CreateQueue\": {\"name\": \"CreateQueue\", \"input\": {\"shape\": \"QueueName\"}},"
    " \"DeleteQueue\": {\"name\": \"DeleteQueue\", \"input\": {\"shape\": \"QueueUrl\"}},"
    " \"GetQueueUrl\": {\"name\": \"GetQueueUrl\", \"input\": {\"shape\": \"QueueName\"}},"
    " \"ListQueues\": {\"name\": \"ListQueues\"},"
    " \"CreateBox\": {\"name\": \"CreateBox\", \"input\": {\"shape\": \"BoxName\"}},"
    " \"DeleteBox\": {\"name\": \"DeleteBox\", \"input\": {\"shape\": \"BoxId\"}},"
    " \"ListBoxes\": {\"name\": \"ListBoxes\"},"
    " \"PutMetricAlarm\": {\"name\": \"PutMetricAlarm\", \"input\": {\"shape\": \"AlarmName\"}},"
    " \"DeleteAlarms\": {\"name\": \"DeleteAlarms\", \"input\": {\"shape\": \"AlarmNames\"}},"
    " \"RunMachines\": {\"name\": \"RunMachines\", \"input\": {\"shape\": \"AlarmName\"}},"
    " \"TerminateMachines\": {\"name\": \"TerminateMachines\","
    "   \"input\": {\"shape\": \"MachineIds\"}},"
    " \"AddItemToBox\": {\"name\": \"AddItemToBox\", \"input\": {\"shape\": \"ItemOfBox\"}},"
    " \"RemoveItemFromBox\": {\"name\": \"RemoveItemFromBox\","
    "   \"input\": {\"shape\": \"ItemOfBox\"}},"
    " \"CreateSecret\": {\"name\": \"CreateSecret\", \"input\": {\"shape\": \"BoxName\"}},"
    " \"DeleteSecret\": {\"name\": \"DeleteSecret\", \"input\": {\"shape\": \"SecretId\"}},"
    " \"CreateCrate\": {\"name\": \"CreateCrate\", \"input\": {\"shape\": \"NewCrate\"}},"
    " \"StartCrate\": {\"name\": \"StartCrate\", \"input\": {\"shape\": \"NewCrate\"}},"
    " \"DeleteCrate\": {\"name\": \"DeleteCrate\", \"input\": {\"shape\": \"CrateId\"}},"
    " \"CreateShelf\": {\"name\": \"CreateShelf\", \"input\": {\"shape\": \"NewShelf\"}},"
    " \"DeleteShelf\": {\"name\": \"DeleteShelf\", \"input\": {\"shape\": \"ShelfId\"}},"
    " \"ListShelfs\": {\"name\": \"ListShelfs\", \"input\": {\"shape\": \"RoomId\"}},"
    " \"CreateOrphan\": {\"name\": \"CreateOrphan\", \"input\": {\"shape\": \"BoxName\"}},"
    " \"GetThing\": {\"name\": \"GetThing\", \"http\": {\"method\": \"GET\", \"requestUri\": "
    "\"/\"}}},"
    "\"shapes\": {"
    " \"S\": {\"type\": \"string\"}, \"L\": {\"type\": \"list\", \"member\": {\"shape\": \"S\"}},"
    " \"QueueName\": {\"type\": \"structure\", \"required\": [\"QueueName\"],"
    "   \"members\": {\"QueueName\": {\"shape\": \"S\"}}},"
    " \"QueueUrl\": {\"type\": \"structure\", \"required\": [\"QueueUrl\"],"
    "   \"members\": {\"QueueUrl\": {\"shape\": \"S\"}}},"
    " \"BoxName\": {\"type\": \"structure\", \"members\": {\"name\": {\"shape\": \"S\"},"
    "   \"Place\": {\"shape\": \"S\"}, \"Token\": {\"shape\": \"S\"}}},"
    " \"BoxId\": {\"type\": \"structure\", \"required\": [\"boxId\"],"
    "   \"members\": {\"boxId\": {\"shape\": \"S\"}, \"Place\": {\"shape\": \"S\"},"
    "   \"Token\": {\"shape\": \"S\", \"idempotencyToken\": true}}},"
    " \"NewCrate\": {\"type\": \"structure\", \"members\": {\"name\": {\"shape\": \"S\"},"
    "   \"Token\": {\"shape\": \"S\", \"idempotencyToken\": true}}},"
    " \"CrateId\": {\"type\": \"structure\", \"required\": [\"CrateId\"],"
    "   \"members\": {\"CrateId\": {\"shape\": \"S\"}}},"
    " \"RoomId\": {\"type\": \"structure\", \"required\": [\"RoomId\"],"
    "   \"members\": {\"RoomId\": {\"shape\": \"S\"}}},"
    " \"NewShelf\": {\"type\": \"structure\", \"members\": {\"name\": {\"shape\": \"S\"},"
    "   \"RoomId\": {\"shape\": \"S\"}}},"
    " \"ShelfId\": {\"type\": \"structure\", \"required\": [\"RoomId\", \"ShelfId\"],"
    "   \"members\": {\"RoomId\": {\"shape\": \"S\"}, \"ShelfId\": {\"shape\": \"S\"}}},"
    " \"SecretId\": {\"type\": \"structure\", \"required\": [\"SecretId\"],"
    "   \"members\": {\"SecretId\": {\"shape\": \"S\"}}},"
    " \"AlarmName\": {\"type\": \"structure\", \"members\": {\"AlarmName\": {\"shape\": \"S\"}}},"
    " \"AlarmNames\": {\"type\": \"structure\", \"required\": [\"AlarmNames\"],"
    "   \"members\": {\"AlarmNames\": {\"shape\": \"L\"}}},"
    " \"MachineIds\": {\"type\": \"structure\", \"required\": [\"MachineIds\"],"
    "   \"members\": {\"MachineIds\": {\"shape\": \"L\"}}},"
    " \"ItemOfBox\": {\"type\": \"structure\", \"required\": [\"ItemName\", \"BoxName\"],"
    "   \"members\": {\"ItemName\": {\"shape\": \"S\"}, \"BoxName\": {\"shape\": \"S\"}}}}}";

/* What the service answers, by operation; and what it was asked. */
static const char *answers[8][2];
static char asked[256];
static bool unreachable, doubtful;
static struct parity_models *models;

static int answer(void *data, const json_t *call, const char *operation, const json_t *input,
                  json_t **out, struct parity_error *err)
{
    struct parity_buffer text = {0};

    (void)data;
    assert_string_equal(json_string_value(json_object_get(call, "region")), "there");
    parity_json_write(&text, input, PARITY_JSON_COMPACT);
    snprintf(asked + strlen(asked), sizeof asked - strlen(asked), "%s%s;", operation, text.data);
    parity_buffer_clear(&text);
    *out = NULL;
    if (unreachable) {
        parity_fail(err, PARITY_E_NETWORK, NULL, "nobody there");
        return -1;
    }
    for (size_t i = 0; i < 8 && answers[i][0]; i++)
        if (strcmp(answers[i][0], operation) == 0)
            *out = scratch_json(answers[i][1]);
    if (!*out)
        *out = scratch_json("{\"Error\": {\"Code\": \"NoSuchThing\", \"Message\": \"\"}}");
    return 0;
}

static int set_up(void **state)
{
    const struct parity_models_options options = {.data_path = "data"};

    if (scratch_enter(state) < 0)
        return -1;
    setenv("XDG_CACHE_HOME", *state, 1);
    scratch_write("data/things/2020-01-01/service-2.json", model);
    models = parity_models_new(&options, NULL);
    memset(answers, 0, sizeof answers);
    asked[0] = '\0';
    unreachable = doubtful = false;
    return models ? 0 : -1;
}

static int tear_down(void **state)
{
    parity_models_free(models);
    return scratch_leave(state);
}

/* Compares "<operation> <input>", or what else became of it. */
static void assert_undone_by(const char *operation, const char *input, const char *output,
                             const char *expected)
{
    const struct parity_undo_options options = {
        .models = models, .mark = "1a2b", .doubtful = doubtful, .ask = answer};
    json_t *call = json_pack("{s:s, s:s, s:o, s:s}", "service", "things", "operation", operation,
                             "input", scratch_json(input), "region", "there");
    json_t *response = output ? scratch_json(output) : NULL, *undo;
    struct parity_buffer found = {0};
    struct parity_error err = {0};

    switch (parity_undo_find(&options, call, response, &undo, &err)) {
    case PARITY_UNDO_DOUBTFUL:
        parity_buffer_add_text(&found, "perhaps ");
        /* fall through */
    case PARITY_UNDO_CALL:
        parity_buffer_printf(&found, "%s ", json_string_value(json_object_get(undo, "operation")));
        parity_json_write(&found, json_object_get(undo, "input"), PARITY_JSON_COMPACT);
        assert_string_equal(json_string_value(json_object_get(undo, "region")), "there");
        break;
    case PARITY_UNDO_ABSENT:
        parity_buffer_add_text(&found, "absent");
        break;
    case PARITY_UNDO_UNKNOWN:
        parity_buffer_printf(&found, "unknown%s%s", err.code ? ": " : "", err.message);
    }
    assert_string_equal(found.data, expected);
    parity_buffer_clear(&found);
    json_decref(undo);
    json_decref(call);
    json_decref(response);
}

static void what_deletes_needs_is_in_the_response(void **state)
{
    (void)state;
    assert_undone_by("CreateQueue", "{\"QueueName\": \"q-1a2b0\"}", "{\"QueueUrl\": \"http://q\"}",
                     "DeleteQueue {\"QueueUrl\":\"http://q\"}");
    assert_undone_by("CreateBox", "{\"name\": \"b-1a2b0\"}", "{\"Box\": {\"Id\": \"b-7\"}}",
                     "DeleteBox {\"boxId\":\"b-7\"}");
    assert_undone_by("RunMachines", "{\"AlarmName\": \"1a2b\"}",
                     "{\"Machines\": [{\"MachineId\": \"m-1\"}, {\"MachineId\": \"m-2\"}]}",
                     "TerminateMachines {\"MachineIds\":[\"m-1\",\"m-2\"]}");
    assert_string_equal(asked, "");
}

static void or_in_the_input(void **state)
{
    (void)state;
    assert_undone_by("PutMetricAlarm", "{\"AlarmName\": \"a-1a2b\"}", NULL,
                     "DeleteAlarms {\"AlarmNames\":[\"a-1a2b\"]}");
    assert_undone_by("AddItemToBox", "{\"ItemName\": \"i\", \"BoxName\": \"b-1a2b0\"}", "{}",
                     "RemoveItemFromBox {\"ItemName\":\"i\",\"BoxName\":\"b-1a2b0\"}");
    assert_string_equal(asked, "");
}

static void where_a_thing_is_goes_along_but_no_token(void **state)
{
    (void)state;
    assert_undone_by("CreateBox", "{\"name\": \"b-1a2b0\", \"Place\": \"attic\", \"Token\": \"t\"}",
                     "{\"Id\": \"b-7\"}", "DeleteBox {\"boxId\":\"b-7\",\"Place\":\"attic\"}");
}

static void without_a_response_the_service_is_asked(void **state)
{
    (void)state;
    answers[0][0] = "GetQueueUrl";
    answers[0][1] = "{\"QueueUrl\": \"http://found\", \"ResponseMetadata\": {}}";
    assert_undone_by("CreateQueue", "{\"QueueName\": \"q-1a2b0\"}", NULL,
                     "DeleteQueue {\"QueueUrl\":\"http://found\"}");
    assert_string_equal(asked, "GetQueueUrl{\"QueueName\":\"q-1a2b0\"};");
}

static void in_lists_the_name_tells(void **state)
{
    (void)state;
    answers[0][0] = "ListQueues";
    answers[0][1] = "{\"QueueUrls\": [\"http://h/q-1a2b01\", \"http://h/xq-1a2b0\","
                    " \"http://h/q-1a2b0.dead\", \"http://h/q-1a2b0\"]}";
    answers[1][0] = "ListBoxes";
    answers[1][1] = "{\"Boxes\": [{\"Id\": \"b-1\", \"Name\": \"b-1a2b1\"},"
                    " {\"Id\": \"b-2\", \"Name\": \"b-1a2b0\"}]}";
    assert_undone_by("CreateQueue", "{\"QueueName\": \"q-1a2b0\"}", NULL,
                     "DeleteQueue {\"QueueUrl\":\"http://h/q-1a2b0\"}");
    assert_undone_by("CreateBox", "{\"name\": \"b-1a2b0\"}", NULL, "DeleteBox {\"boxId\":\"b-2\"}");
}

static void what_nobody_knows_is_absent(void **state)
{
    (void)state;
    answers[0][0] = "ListQueues";
    answers[0][1] = "{\"QueueUrls\": [\"http://h/q-1a2b01\"]}";
    assert_undone_by("CreateQueue", "{\"QueueName\": \"q-1a2b0\"}", NULL, "absent");
    assert_string_equal(asked, "GetQueueUrl{\"QueueName\":\"q-1a2b0\"};ListQueues{};");
}

static void but_not_if_it_could_not_be_asked(void **state)
{
    (void)state;
    unreachable = true;
    assert_undone_by("CreateQueue", "{\"QueueName\": \"q-1a2b0\"}", NULL, "unknown: nobody there");
}

static void nor_if_the_question_was_refused(void **state)
{
    (void)state;
    answers[0][0] = "GetQueueUrl";
    answers[0][1] = answers[1][1] =
        "{\"Error\": {\"Code\": \"AccessDenied\", \"Message\": \"no\"}}";
    answers[1][0] = "ListQueues";
    assert_undone_by("CreateQueue", "{\"QueueName\": \"q-1a2b0\"}", NULL,
                     "unknown: GetQueueUrl: AccessDenied: no");
    answers[1][1] = "{\"QueueUrls\": []}";
    assert_undone_by("CreateQueue", "{\"QueueName\": \"q-1a2b0\"}", NULL, "absent");
}

static void what_it_is_part_of_does_not_tell_which_it_is(void **state)
{
    (void)state;
    answers[0][0] = "ListShelfs";
    answers[0][1] = "{\"Shelfs\": [{\"Id\": \"s-1\", \"Name\": \"of-somebody\"},"
                    " {\"Id\": \"s-2\", \"Name\": \"s-1a2b0\"}]}";
    assert_undone_by("CreateShelf", "{\"name\": \"s-1a2b0\", \"RoomId\": \"r-1\"}", NULL,
                     "DeleteShelf {\"RoomId\":\"r-1\",\"ShelfId\":\"s-2\"}");
    assert_undone_by("CreateShelf", "{\"name\": \"t-1a2b0\", \"RoomId\": \"r-1\"}", NULL, "absent");
}

static void an_id_may_be_a_name_where_nothing_can_be_asked(void **state)
{
    (void)state;
    assert_undone_by("CreateSecret", "{\"name\": \"s-1a2b0\"}", NULL,
                     "DeleteSecret {\"SecretId\":\"s-1a2b0\"}");
}

static void what_does_not_carry_the_mark_is_left_alone(void **state)
{
    (void)state;
    assert_undone_by("CreateQueue", "{\"QueueName\": \"of-somebody\"}",
                     "{\"QueueUrl\": \"http://q\"}", "unknown");
    assert_undone_by("CreateOrphan", "{\"name\": \"o-1a2b0\"}", "{\"Id\": \"o-7\"}", "unknown");
    assert_undone_by("Nonsense", "{\"name\": \"o-1a2b0\"}", "{\"Id\": \"o-7\"}", "unknown");
    assert_string_equal(asked, "");
}

static void unless_it_is_new_for_certain(void **state)
{
    (void)state;
    assert_undone_by("CreateCrate", "{\"name\": \"fixed\"}", "{\"Crate\": {\"CrateId\": \"c-7\"}}",
                     "DeleteCrate {\"CrateId\":\"c-7\"}");
    assert_undone_by("CreateCrate", "{}", "{\"CrateId\": \"c-7\"}",
                     "DeleteCrate {\"CrateId\":\"c-7\"}");
    /* The test's token may be that of an earlier run. */
    assert_undone_by("CreateCrate", "{\"name\": \"fixed\", \"Token\": \"t\"}",
                     "{\"CrateId\": \"c-7\"}", "unknown");
    assert_undone_by("CreateCrate", "{\"name\": \"fixed\"}", NULL, "unknown");
    assert_undone_by("CreateCrate", "{\"name\": \"fixed\"}", "{\"CrateId\": \"arn:crate/fixed\"}",
                     "unknown");
    /* What is started may have been there. */
    assert_undone_by("StartCrate", "{\"name\": \"fixed\"}", "{\"CrateId\": \"c-7\"}", "unknown");
    assert_string_equal(asked, "");
}

static void of_what_may_be_older_it_is_said_on_request(void **state)
{
    (void)state;
    doubtful = true;
    assert_undone_by("CreateQueue", "{\"QueueName\": \"fixed\"}", "{\"QueueUrl\": \"http://q\"}",
                     "perhaps DeleteQueue {\"QueueUrl\":\"http://q\"}");
    assert_undone_by("PutMetricAlarm", "{\"AlarmName\": \"fixed\"}", NULL,
                     "perhaps DeleteAlarms {\"AlarmNames\":[\"fixed\"]}");
    assert_undone_by("CreateCrate", "{\"name\": \"fixed\"}", "{\"CrateId\": \"arn:crate/fixed\"}",
                     "perhaps DeleteCrate {\"CrateId\":\"arn:crate/fixed\"}");
    assert_string_equal(asked, "");
    assert_undone_by("CreateOrphan", "{\"name\": \"fixed\"}", "{\"Id\": \"o-7\"}", "unknown");
    /* What is certain stays so. */
    assert_undone_by("CreateQueue", "{\"QueueName\": \"q-1a2b0\"}", "{\"QueueUrl\": \"http://q\"}",
                     "DeleteQueue {\"QueueUrl\":\"http://q\"}");
    assert_undone_by("CreateCrate", "{\"name\": \"fixed\"}", "{\"CrateId\": \"c-7\"}",
                     "DeleteCrate {\"CrateId\":\"c-7\"}");
}

static void and_looked_for_without_a_response(void **state)
{
    (void)state;
    doubtful = true;
    answers[0][0] = "GetQueueUrl";
    answers[0][1] = "{\"QueueUrl\": \"http://found\"}";
    assert_undone_by("CreateQueue", "{\"QueueName\": \"fixed\"}", NULL,
                     "perhaps DeleteQueue {\"QueueUrl\":\"http://found\"}");
    assert_string_equal(asked, "GetQueueUrl{\"QueueName\":\"fixed\"};");
    answers[0][1] = "{\"Error\": {\"Code\": \"NoSuchThing\"}}";
    assert_undone_by("CreateQueue", "{\"QueueName\": \"fixed\"}", NULL, "absent");
}

static void nothing_else_is_taken_for_what_has_a_common_name(void **state)
{
    static const char vague[] =
        "unknown: what the target lists cannot be told apart by the name 'prod'";

    (void)state;
    doubtful = true;
    answers[0][0] = "ListBoxes";
    answers[0][1] = "{\"Boxes\": [{\"Id\": \"b-1\", \"Stage\": \"prod\"},"
                    " {\"Id\": \"b-2\", \"Name\": \"prod\"}, {\"Id\": \"b-3\", \"Name\": \"x\"}]}";
    assert_undone_by("CreateBox", "{\"name\": \"prod\"}", NULL,
                     "perhaps DeleteBox {\"boxId\":\"b-2\"}");
    answers[0][1] = "{\"Boxes\": [{\"Id\": \"b-1\", \"Stage\": \"prod\"}]}";
    assert_undone_by("CreateBox", "{\"name\": \"prod\"}", NULL, vague);
    answers[0][1] = "{\"Boxes\": [{\"Id\": \"b-1\", \"Name\": \"prod\"},"
                    " {\"Id\": \"b-2\", \"Name\": \"prod\"}]}";
    assert_undone_by("CreateBox", "{\"name\": \"prod\"}", NULL, vague);
    answers[0][1] = "{\"Boxes\": [\"arn:prod:box/x\", \"arn:x:box/prod\"]}";
    assert_undone_by("CreateBox", "{\"name\": \"prod\"}", NULL,
                     "perhaps DeleteBox {\"boxId\":\"arn:x:box/prod\"}");
    answers[0][1] = "{\"Boxes\": [{\"Id\": \"b-1\", \"Name\": \"x\"}]}";
    assert_undone_by("CreateBox", "{\"name\": \"prod\"}", NULL, "absent");
}

static void assert_shared(const char *a, const char *b, bool expected)
{
    json_t *x = scratch_json(a), *y = scratch_json(b);

    if (parity_undo_share_thing(x, y, "1a2b") != expected)
        fail_msg("%s and %s", a, b);
    json_decref(x);
    json_decref(y);
}

static void a_thing_is_known_by_its_name_its_arn_and_its_url(void **state)
{
    (void)state;
    assert_shared("{\"Arn\": \"arn:aws:sqs:r:1:q-1a2b0\"}", "[{\"Url\": \"http://h/q-1a2b0\"}]",
                  true);
    assert_shared("{\"Name\": \"q-1a2b0\"}", "[{\"Url\": \"http://h/q-1a2b0\"}]", true);
    assert_shared("{\"Name\": \"q-1a2b0\"}", "[{\"Url\": \"http://h/q-1a2b01\"}]", false);
    assert_shared("{\"Id\": \"0123456789\"}", "[[\"0123456789\"]]", false);
}

static void assert_text_shared(const char *a, const char *b, bool expected)
{
    json_t *x = scratch_json(a), *y = scratch_json(b);

    if (parity_undo_share_text(x, y) != expected)
        fail_msg("%s and %s", a, b);
    json_decref(x);
    json_decref(y);
}

static void one_without_a_name_is_known_by_its_id(void **state)
{
    (void)state;
    assert_text_shared("{\"Id\": \"0123456789\"}", "[[\"0123456789\"]]", true);
    assert_text_shared("{\"Id\": \"0123456789\"}", "[[\"x/0123456789\"]]", false);
    assert_text_shared("{\"Id\": \"default\"}", "[[\"default\"]]", false);
    assert_text_shared("{\"Id\": 7}", "[7]", false);
}

static void assert_creates(const char *operation, bool expected)
{
    if (parity_undo_may_create(operation, NULL) != expected)
        fail_msg("%s", operation);
}

static void names_tell_what_creates(void **state)
{
    static const char *const create[] = {"CreateQueue",
                                         "PutObject",
                                         "RunInstances",
                                         "Subscribe",
                                         "AttachPolicy",
                                         "AdminCreateUser",
                                         "BatchPutScheduledAction",
                                         "CreateMultipartUpload"};
    static const char *const other[] = {"GetQueueUrl",   "SendMessage",  "DeleteQueue",
                                        "UpdateStack",   "BatchGetItem", "StopExecution",
                                        "RemoveTargets", "DisableAddOn", "Query"};
    struct parity_error err = {0};
    const struct parity_service *things = parity_models_service(models, "things", &err);

    (void)state;
    for (size_t i = 0; i < sizeof create / sizeof *create; i++)
        assert_creates(create[i], true);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_creates(other[i], false);
    assert_false(
        parity_undo_may_create("CreateBox", parity_service_operation(things, "GetThing", NULL)));
}

static void names_of_any_length_are_read(void **state)
{
    char name[400];
    struct parity_undo_name parts;
    struct parity_undo_candidates candidates;

    (void)state;
    memset(name, 'x', sizeof name);
    memcpy(name, "Create", 6);
    for (size_t length = 6; length < sizeof name; length++) {
        char kept = name[length];

        name[length] = '\0';
        if (parity_undo_name_read(name, &parts)) {
            parity_undo_name_opposites(&parts, &candidates);
            parity_undo_name_lookups(&parts, "Url", &candidates);
            assert_in_range(candidates.count, 1, PARITY_UNDO_NAMES);
        }
        name[length] = kept;
    }
    assert_false(parity_undo_name_read("", &parts));
    assert_false(parity_undo_name_undoes(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_deletes_needs_is_in_the_response, set_up, tear_down),
        cmocka_unit_test_setup_teardown(or_in_the_input, set_up, tear_down),
        cmocka_unit_test_setup_teardown(where_a_thing_is_goes_along_but_no_token, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_a_response_the_service_is_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(in_lists_the_name_tells, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_nobody_knows_is_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(but_not_if_it_could_not_be_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nor_if_the_question_was_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_it_is_part_of_does_not_tell_which_it_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_id_may_be_a_name_where_nothing_can_be_asked, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_carry_the_mark_is_left_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(unless_it_is_new_for_certain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_what_may_be_older_it_is_said_on_request, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(and_looked_for_without_a_response, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_else_is_taken_for_what_has_a_common_name, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(names_tell_what_creates, set_up, tear_down),
        cmocka_unit_test(a_thing_is_known_by_its_name_its_arn_and_its_url),
        cmocka_unit_test(one_without_a_name_is_known_by_its_id),
        cmocka_unit_test(names_of_any_length_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
