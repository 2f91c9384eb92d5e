/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SUITE_H
#define PARITY_SUITE_H

/*
 * What a suite includes. A suite is one .c file below suites/; being there is enough.
 *
 *     #include <parity/suite.h>
 *
 *     PARITY_SUITE(.transformers = { preset("sqs_api") });
 *
 *     PARITY_TEST(send_and_receive,
 *                 .marker = AWS_VALIDATED,
 *                 .skip_verify = { { .paths = { "$..MD5OfMessageAttributes" },
 *                                    .reason = "moto leaves it out",
 *                                    .when = on_emulator("moto") } })
 *     {
 *         json_t *queue = call(t, "sqs", "CreateQueue", "{'QueueName': %s}", unique_name(t, "q"));
 *         const char *url = text(t, queue, "$.QueueUrl");
 *         on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url);
 *
 *         match(t, "send", call(t, "sqs", "SendMessage",
 *                               "{'QueueUrl': %s, 'MessageBody': 'hello'}", url));
 *         match(t, "receive", call(t, "sqs", "ReceiveMessage", "{'QueueUrl': %s}", url));
 *     }
 *
 * The test's id is "sqs/test_send.c::send_and_receive". `parity run sqs/test_send.c` verifies it
 * against its recording; `parity run --snapshot-update` records.
 *
 * definition.h explains what stands in the parentheses of PARITY_SUITE and PARITY_TEST, test.h what
 * a body can do; here are the short names for both. They are macros that need their parentheses, so
 * a variable may still be called `text`. A file that must do without them includes test.h.
 */

#include <parity/custom.h>
#include <parity/definition.h>
#include <parity/test.h>

/** What holds for all tests of the file; at most once. Members of struct parity_suite_definition.
 */
#define PARITY_SUITE(...)                                                                          \
    static const struct parity_suite_definition parity_suite_of_this_file = {                      \
        .abi = PARITY_ABI, .size = sizeof(struct parity_suite_definition), __VA_ARGS__};           \
    __attribute__((constructor)) static void parity_suite_of_this_file_add(void)                   \
    {                                                                                              \
        parity_register_suite(&parity_suite_of_this_file);                                         \
    }                                                                                              \
    struct parity_test

/** A test: its name, members of struct parity_test_definition (`.marker` is required), its body.
 *
 * The definition, which is large and mostly empty, is made on the stack, and what compilers put
 * into the module for it is the code for the members that are given. */
#define PARITY_TEST(name_, ...)                                                                    \
    static void test_##name_(struct parity_test *t, const void *data);                             \
    __attribute__((constructor)) static void test_##name_##_add(void)                              \
    {                                                                                              \
        struct parity_test_definition test_##name_##_definition = {                                \
            .abi = PARITY_ABI, .size = sizeof(struct parity_test_definition), __VA_ARGS__};        \
        test_##name_##_definition.name = #name_;                                                   \
        test_##name_##_definition.run = test_##name_;                                              \
        test_##name_##_definition.file = __FILE__;                                                 \
        test_##name_##_definition.line = __LINE__;                                                 \
        parity_register(&test_##name_##_definition);                                               \
    }                                                                                              \
    static void test_##name_(__attribute__((unused)) struct parity_test *t,                        \
                             __attribute__((unused)) const void *data)

/**
 * A fixture: its name, members of struct parity_fixture (at least `.scope`), and a body that sets
 * it up and returns its value, or NULL. Bodies get it with fixture(t, name); what the fixture
 * registers with on_cleanup() is made when its scope ends.
 *
 *     PARITY_FIXTURE(topic, .scope = SUITE_SCOPE)
 *     {
 *         json_t *topic = call(t, "sns", "CreateTopic", "{'Name': %s}", unique_name(t, "topic"));
 *
 *         on_cleanup(t, "sns", "DeleteTopic", "{'TopicArn': %j}", get(t, topic, "$.TopicArn"));
 *         return topic;
 *     }
 *
 * A fixture for several suites stands in a header that they include.
 */
#define PARITY_FIXTURE(name_, ...)                                                                 \
    static json_t *fixture_##name_(struct parity_test *t);                                         \
    __attribute__((unused)) static const struct parity_fixture fixture_##name_##_definition = {    \
        .abi = PARITY_ABI,                                                                         \
        .size = sizeof(struct parity_fixture),                                                     \
        .name = #name_,                                                                            \
        .set_up = fixture_##name_,                                                                 \
        .file = __FILE__,                                                                          \
        .line = __LINE__,                                                                          \
        __VA_ARGS__};                                                                              \
    __attribute__((unused)) static json_t *fixture_##name_(                                        \
        __attribute__((unused)) struct parity_test *t)

/* clang-format off */

/* .marker = …; exactly one, see enum parity_marker */
#define AWS_VALIDATED         PARITY_AWS_VALIDATED
#define EMULATOR_ONLY         PARITY_EMULATOR_ONLY
#define NEEDS_FIXING          PARITY_NEEDS_FIXING
#define MANUAL_SETUP_REQUIRED PARITY_MANUAL_SETUP_REQUIRED
#define UNKNOWN               PARITY_UNKNOWN

/* .defaults = …; the transformers that nobody names, see enum parity_defaults */
#define DEFAULTS_NEW PARITY_DEFAULTS_NEW
#define DEFAULTS_OLD PARITY_DEFAULTS_OLD

/* .protocols = ALL: a case for each protocol of the service, with the id "name[query]";
 * .protocols = { "json", "query" }: for these. .variants = { { "fifo", "{'FifoQueue': 'true'}" }, … }:
 * a case for each, with the id "name[fifo]". */
#define ALL { PARITY_ALL_PROTOCOLS }

/* .transformers = { … }; they put the same text in place of what differs from run to run, in what is
 * recorded and in what is verified. A reference becomes `<label:N>` wherever it occurs; N counts the
 * values of one label.
 *
 *   preset             a set for a service, by its name: preset("sqs_api")
 *   regex              what a pattern matches, anywhere; "\\1" in the replacement is its first group
 *   literal            a text, anywhere
 *   key_value          the values of members of that name: references with the label; NULL: with the
 *                      name as label; with `.direct = true` they are replaced instead
 *   jsonpath           the same for what a path selects; it begins above the match keys
 *   json_string        text in members of that name is read as JSON
 *   sorting            lists of that name are sorted by their items, or by a member: .by = "Key"
 *   remove_key         members of that name are left out
 *   resource_name      the names in ARNs: references
 *   timestamps         dates
 *   response_metadata  of ResponseMetadata only the status stays
 *   custom             a function of the suite, see custom.h
 *
 * Each takes further members of struct parity_transformation at its end:
 * key_value("CodeSize", "<size>", .direct = true), preset("sqs_api", .priority = 1). */
#define preset(...)              { .type = "preset", .name = __VA_ARGS__ }
#define regex(pattern_, ...)     { .type = "regex", .pattern = pattern_, .replacement = __VA_ARGS__ }
#define literal(text_, ...)      { .type = "text", .text = text_, .replacement = __VA_ARGS__ }
#define key_value(key_, ...)     { .type = "key_value", .key = key_, .replacement = __VA_ARGS__ }
#define jsonpath(path_, ...)     { .type = "jsonpath", .path = path_, .replacement = __VA_ARGS__ }
#define json_string(...)         { .type = "json_string", .key = __VA_ARGS__ }
#define sorting(...)             { .type = "sorting", .key = __VA_ARGS__ }
#define remove_key(...)          { .type = "remove_key", .key = __VA_ARGS__ }
#define resource_name()          { .type = "resource_name" }
#define timestamps()             { .type = "timestamp" }
#define response_metadata()      { .type = "response_metadata" }
#define custom(...)              { .type = "custom", .text = #__VA_ARGS__, .function = __VA_ARGS__ }

/* .scope = … of a fixture, see enum parity_scope */
#define TEST_SCOPE  PARITY_SCOPE_TEST
#define SUITE_SCOPE PARITY_SCOPE_SUITE
#define RUN_SCOPE   PARITY_SCOPE_RUN

/* .when = …; several things at once, or single cases of a test, are written
 * { .emulators = { "moto" }, .versions = "<6", .variants = { "query" } } */
#define on_emulator(...)         { .emulators = { __VA_ARGS__ } }
#define on_version(name_, range_) { .emulators = { name_ }, .versions = range_ }
#define with_environment(text_)  { .environment = text_ }
#define where(function_)         { .check = function_ }

/* In bodies, fixtures, set_up and tear_down. Each is the function of test.h that stands behind it, and
 * tells it the line of the suite; `t` is the test, which PARITY_TEST and PARITY_FIXTURE hand over. */
#define PARITY_HERE(t_)                           parity_test_at(t_, __FILE__, __LINE__)

/* json_t *answer = call(t, "sqs", "GetQueueUrl", "{'QueueName': %s}", name); one that must be refused:
 * call_error(…), whose answer has "$.Error.Code"; one that may be either: call_any(…) */
#define call(t_, service_, operation_, ...)       parity_test_call(PARITY_HERE(t_), service_, operation_, __VA_ARGS__)
#define call_error(t_, service_, operation_, ...) parity_test_call_error(PARITY_HERE(t_), service_, operation_, __VA_ARGS__)
#define call_any(t_, service_, operation_, ...)   parity_test_call_any(PARITY_HERE(t_), service_, operation_, __VA_ARGS__)

/* call_with(t, options(.region = "eu-west-1", .account = SECONDARY), "sqs", "ListQueues", "{}") */
#define call_with(t_, options_, service_, operation_, ...) \
    parity_test_call_with(PARITY_HERE(t_), options_, service_, operation_, __VA_ARGS__)
#define options(...)                              (&(const struct parity_test_options){ __VA_ARGS__ })
#define PRIMARY                                   PARITY_PRIMARY
#define SECONDARY                                 PARITY_SECONDARY
#define EXPECT_ERROR                              PARITY_EXPECT_ERROR
#define EXPECT_ANY                                PARITY_EXPECT_ANY
#define PATH_STYLE                                PARITY_ADDRESSING_PATH
#define HOST_STYLE                                PARITY_ADDRESSING_HOST

/* call_to_file(t, "out/large.bin", "s3", "GetObject", "{…}")
 * call_to_file_with(t, options(.no_sign = true), "out/large.bin", "s3", …) */
#define call_to_file(t_, path_, service_, operation_, ...) \
    parity_test_call_to_file(PARITY_HERE(t_), NULL, path_, service_, operation_, __VA_ARGS__)
#define call_to_file_with(t_, options_, path_, service_, operation_, ...) \
    parity_test_call_to_file(PARITY_HERE(t_), options_, path_, service_, operation_, __VA_ARGS__)

/* call_until(t, until("$.Table.TableStatus", "ACTIVE", .timeout_s = 20), "dynamodb", "DescribeTable", "{…}") */
#define call_until(t_, until_, service_, operation_, ...) \
    parity_test_call_until(PARITY_HERE(t_), until_, service_, operation_, __VA_ARGS__)
#define until(path_, ...)                         (&(const struct parity_test_until){ .path = path_, .equals = __VA_ARGS__ })

/* wait_for(t, "cloudformation", "StackCreateComplete", "{…}")
 * wait_for_with(t, waiting(.delay_s = 1, .max_attempts = 60), "cloudformation", …) */
#define wait_for(t_, service_, waiter_, ...) \
    parity_test_wait_for(PARITY_HERE(t_), NULL, service_, waiter_, __VA_ARGS__)
#define wait_for_with(t_, wait_, service_, waiter_, ...) \
    parity_test_wait_for(PARITY_HERE(t_), wait_, service_, waiter_, __VA_ARGS__)
#define waiting(...)                              (&(const struct parity_test_wait){ __VA_ARGS__ })

/* json_t *all = call_pages(t, "sqs", "ListQueues", "{}"); every page, lists in one list */
#define call_pages(t_, service_, operation_, ...) \
    parity_test_call_pages(PARITY_HERE(t_), NULL, service_, operation_, __VA_ARGS__)
#define call_pages_with(t_, options_, service_, operation_, ...) \
    parity_test_call_pages(PARITY_HERE(t_), options_, service_, operation_, __VA_ARGS__)

/* poll_until(t, is_empty, queue, .what = "an empty queue", .timeout_s = 20) */
#define poll_until(t_, is_done_, data_, ...) \
    parity_test_poll_until(PARITY_HERE(t_), &(const struct parity_test_poll){ __VA_ARGS__ }, is_done_, data_)

/* json_t *value = fixture(t, topic); of a PARITY_FIXTURE(topic, …) above */
#define fixture(t_, name_)                        parity_test_fixture(PARITY_HERE(t_), &fixture_##name_##_definition)

/* Right after what they undo; made when the test, or the fixture's scope, ends, the last one first:
 * on_cleanup(t, "sqs", "DeleteQueue", "{'QueueUrl': %s}", url)
 * on_cleanup_wait(t, "cloudformation", "StackDeleteComplete", "{'StackName': %s}", name)
 * on_cleanup_with(t, options(.region = "eu-west-1", .rank = 1), "sqs", …) */
#define on_cleanup(t_, service_, operation_, ...) \
    parity_test_on_cleanup(PARITY_HERE(t_), NULL, service_, operation_, __VA_ARGS__)
#define on_cleanup_with(t_, options_, service_, operation_, ...) \
    parity_test_on_cleanup(PARITY_HERE(t_), options_, service_, operation_, __VA_ARGS__)
#define on_cleanup_wait(t_, service_, waiter_, ...) \
    parity_test_on_cleanup_wait(PARITY_HERE(t_), NULL, service_, waiter_, __VA_ARGS__)
#define on_cleanup_wait_with(t_, options_, service_, waiter_, ...) \
    parity_test_on_cleanup_wait(PARITY_HERE(t_), options_, service_, waiter_, __VA_ARGS__)
#define on_cleanup_sleep(t_, seconds_)            parity_test_on_cleanup_sleep(PARITY_HERE(t_), NULL, seconds_)
#define on_cleanup_sleep_with(t_, options_, seconds_) \
    parity_test_on_cleanup_sleep(PARITY_HERE(t_), options_, seconds_)

/* match(t, "receive", answer); of a part of it alone: match_select(t, "receive", answer, "$.Messages") */
#define match(t_, key_, value_)                   parity_test_match(PARITY_HERE(t_), key_, value_)
#define match_select(t_, key_, value_, path_)     parity_test_match_select(PARITY_HERE(t_), key_, value_, path_)
/* What only the run knows: transform(t, literal(text(t, queue, "$.QueueUrl"), "<queue-url>")) */
#define transform_json(t_, ...)                   parity_test_transform_json(PARITY_HERE(t_), __VA_ARGS__)
#define transform_preset(t_, name_, ...)          parity_test_transform_preset(PARITY_HERE(t_), name_, __VA_ARGS__)
#define transform(t_, ...)                        parity_test_transform(PARITY_HERE(t_), &(const struct parity_transformation)__VA_ARGS__)

/* Noted, and the test goes on: expect(t, has(t, answer, "$.Messages[0]"), "a message")
 * expect_equal(t, get(t, answer, "$.Tags"), "{'a': %s}", value)
 * expect_text(t, text(t, answer, "$.Name"), name); expect_number(t, number(t, answer, "$.Size"), 7) */
#define expect(t_, condition_, ...)               parity_test_expect(PARITY_HERE(t_), condition_, __VA_ARGS__)
#define expect_equal(t_, value_, ...)             parity_test_expect_equal(PARITY_HERE(t_), value_, __VA_ARGS__)
#define expect_text(t_, found_, wanted_)          parity_test_expect_text(PARITY_HERE(t_), found_, wanted_)
#define expect_number(t_, found_, wanted_)        parity_test_expect_number(PARITY_HERE(t_), found_, wanted_)

/* Out of an answer by a JSON path, which must select one node (has(): any), and made anew:
 * get(t, answer, "$.Messages[0]"), text(t, answer, "$.QueueUrl"), number(t, answer, "$.Size")
 * json(t, "{'Name': %s}", name), format(t, "%s/%d", prefix, 1), unique_name(t, "queue") */
#define get(t_, value_, path_)                    parity_test_get(PARITY_HERE(t_), value_, path_)
#define has(t_, value_, path_)                    parity_test_has(PARITY_HERE(t_), value_, path_)
#define text(t_, value_, path_)                   parity_test_text(PARITY_HERE(t_), value_, path_)
#define number(t_, value_, path_)                 parity_test_number(PARITY_HERE(t_), value_, path_)
#define boolean(t_, value_, path_)                parity_test_boolean(PARITY_HERE(t_), value_, path_)
#define json(t_, ...)                             parity_test_json(PARITY_HERE(t_), __VA_ARGS__)
#define format(t_, ...)                           parity_test_format(PARITY_HERE(t_), __VA_ARGS__)
#define unique_name(t_, prefix_)                  parity_test_unique_name(PARITY_HERE(t_), prefix_)

/* Which case of the test runs: variant(t) is "fifo", protocol(t) is "query", both may be NULL */
#define variant(t_)                               parity_test_variant(t_)
#define variant_value(t_)                         parity_test_variant_value(PARITY_HERE(t_))
#define protocol(t_)                              parity_test_protocol(t_)

/* Where it runs, for what must be written out: format(t, "arn:%s:sqs:%s:%s:*", partition(t), region(t),
 * account_id(t)). On AWS there may be no second account, and its id is then NULL */
#define region(t_)                                parity_test_region(t_)
#define account_id(t_)                            parity_test_account_id(t_)
#define partition(t_)                             parity_test_partition(t_)
#define secondary_region(t_)                      parity_test_secondary_region(t_)
#define secondary_account_id(t_)                  parity_test_secondary_account_id(t_)
#define target(t_)                                parity_test_target(t_)

/* For the report, and the end of a test: attach_file(t, NULL, "out/trace.log"), note(t, "took %d", n)
 * skip(t, "needs a quota that this account lacks"); fail(t, "%s is not it", name); neither returns */
#define attach_text(t_, name_, text_)             parity_test_attach_text(PARITY_HERE(t_), name_, text_)
#define attach_json(t_, name_, value_)            parity_test_attach_json(PARITY_HERE(t_), name_, value_)
#define attach_file(t_, name_, path_)             parity_test_attach_file(PARITY_HERE(t_), name_, path_)
#define note(t_, ...)                             parity_test_note(PARITY_HERE(t_), __VA_ARGS__)
#define skip(t_, ...)                             parity_test_skip(PARITY_HERE(t_), __VA_ARGS__)
#define fail(t_, ...)                             parity_test_fail(PARITY_HERE(t_), __VA_ARGS__)
#define needs_protocol(t_, service_, protocol_)   parity_test_needs_protocol(PARITY_HERE(t_), service_, protocol_)
#define sleep_for(t_, seconds_)                   parity_test_sleep(PARITY_HERE(t_), seconds_)

/* clang-format on */

#endif
