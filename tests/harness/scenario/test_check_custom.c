/* SPDX-License-Identifier: Apache-2.0 */
/* What the client takes beyond the shapes of the models, and what it refuses beyond them, against
 * the models that are installed. */
#include "scenario/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "real_models.h"
#include "scratch.h"

#include "scenario_fixture.h"

/* Check a test whose last step is this one. @param problem  behind "s.json:2: a/b: "; NULL: none */
static void assert_step(const char *step, const char *problem)
{
    struct fixture fixture = {0};
    char *members = parity_asprintf(
        "\"let\": {\"source\": {\"Bucket\": \"b\", \"Key\": \"k\"}, \"file\": {\"$file\": "
        "\"data\"}, \"slash\": \"a/b\"}, \"steps\": [{\"call\": \"s3.CreateBucket\", \"input\": "
        "{\"Bucket\": \"b\"}, \"as\": \"made\"}, %s]",
        step);
    char expected[400] = "";

    if (problem)
        snprintf(expected, sizeof expected, "s.json:2: a/b: %s", problem);
    fixture_load_test(&fixture, members);
    assert_string_equal(fixture_problems(&fixture), "");
    parity_scenario_check(fixture.scenarios.items[0], models, &fixture.report);
    assert_string_equal(fixture_problems(&fixture), expected);
    fixture_clear(&fixture);
    parity_free(members);
}

static void put(const char *members, const char *problem)
{
    char *step = parity_asprintf("{\"call\": \"s3.PutObject\", \"input\": {\"Bucket\": \"b\", "
                                 "\"Key\": \"k\", %s}}",
                                 members);

    assert_step(step, problem);
    parity_free(step);
}

static void copy(const char *source, const char *problem)
{
    char *step = parity_asprintf("{\"call\": \"s3.CopyObject\", \"input\": {\"Bucket\": \"b\", "
                                 "\"Key\": \"k\", \"CopySource\": %s}}",
                                 source);

    assert_step(step, problem);
    parity_free(step);
}

static void what_becomes_base64_may_be_bytes(void **state)
{
    (void)state;
    put("\"SSECustomerKey\": {\"$bytes\": \"AAEC\"}", NULL);
    put("\"SSECustomerKey\": \"text\"", NULL);
    put("\"SSECustomerKey\": 7",
        "steps[1].input.SSECustomerKey: must be a text, as PutObject has it");
    put("\"SSEKMSKeyId\": {\"$bytes\": \"AAEC\"}",
        "steps[1].input.SSEKMSKeyId: must be a text, as PutObject has it");
    assert_step("{\"call\": \"ec2.RunInstances\", \"input\": {\"MinCount\": 1, \"MaxCount\": 1, "
                "\"UserData\": {\"$bytes\": \"AAEC\"}}}",
                NULL);
}

static void a_body_may_stand_in_a_file(void **state)
{
    (void)state;
    put("\"Body\": {\"$file\": \"data\"}", NULL);
    put("\"Body\": \"${file}\"", NULL);
    put("\"Body\": {\"$file\": \"${made.Lokation}\"}",
        "steps[1].input.Body.$file: ${made.Lokation}: CreateBucket answers no 'Lokation' there; "
        "did you mean 'Location'?");
    put("\"Body\": {\"$file\": 1}",
        "steps[1].input.Body: must be bytes or a text, as PutObject has it");
    put("\"ContentType\": {\"$file\": \"data\"}",
        "steps[1].input.ContentType: must be a text, as PutObject has it");
}

static void the_source_of_a_copy_is_a_text_or_names_what_it_needs(void **state)
{
    (void)state;
    copy("\"b/k\"", NULL);
    copy("{\"Bucket\": \"b\", \"Key\": \"k ${region}\", \"VersionId\": \"1\"}", NULL);
    copy("\"${source}\"", NULL);
    copy("{\"Bucket\": \"b\"}",
         "steps[1].input.CopySource: 'Key' is missing, which the source of a copy needs");
    copy("{\"Bucket\": \"b\", \"Key\": 1}",
         "steps[1].input.CopySource.Key: must be a text, as CopyObject has it");
    copy("{\"Bucket\": \"${source.Buket}\", \"Key\": \"k\"}",
         "steps[1].input.CopySource.Bucket: ${source.Buket}: there is no 'Buket' in that value of "
         "'let'");
}

static void names_of_buckets_are_those_that_the_client_takes(void **state)
{
    static const char problem[] = "is no name of a bucket (1 to 255 letters, digits, '.', '-' or "
                                  "'_', or the ARN of an access point)";
    char expected[200];

    (void)state;
    assert_step("{\"call\": \"s3.HeadBucket\", \"input\": {\"Bucket\": \"arn:aws:s3:::a/b\"}}",
                NULL);
    snprintf(expected, sizeof expected, "steps[1].input.Bucket: 'a/b' %s", problem);
    assert_step("{\"call\": \"s3.HeadBucket\", \"input\": {\"Bucket\": \"a/b\"}}", expected);
    assert_step("{\"call\": \"s3.HeadBucket\", \"input\": {\"Bucket\": \"${slash}\"}}", expected);
    assert_step("{\"call\": \"s3.HeadBucket\", \"input\": {\"Bucket\": \"a/b\"}, \"no_validate\": "
                "true}",
                NULL);
    snprintf(expected, sizeof expected, "steps[1].input.Bucket: '${b}' %s", problem);
    assert_step("{\"call\": \"s3.HeadBucket\", \"input\": {\"Bucket\": \"$${b}\"}}", expected);
}

static void what_is_filled_in_may_be_left_out(void **state)
{
    (void)state;
    assert_step("{\"call\": \"glacier.ListVaults\", \"input\": {}}", NULL);
    assert_step("{\"call\": \"glacier.ListVaults\", \"input\": {\"accountId\": null}}", NULL);
}

static void events_are_answered_as_a_list(void **state)
{
    static const struct {
        const char *path, *reference, *problem;
    } cases[] = {
        {"$.Payload[0].Records.Payload", "${found.Payload.1.Stats.Details.BytesScanned}", NULL},
        {"$.Payload[0].Record", "${found}",
         "steps[1].select: $.Payload[0].Record: SelectObjectContent answers no 'Record' there; did "
         "you mean 'Records'?"},
        {"$", "${found.Payload.Records}",
         "steps[2].value: ${found.Payload.Records}: 'Records' looks into a list; expected a "
         "number, counted from 0"},
        {"$", "a ${found.Payload}",
         "steps[2].value: ${found.Payload} is a list: only texts, numbers, truth values and times "
         "can stand inside a text"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *steps = parity_asprintf(
            "{\"call\": \"s3.SelectObjectContent\", \"input\": {\"Bucket\": \"b\", \"Key\": \"k\", "
            "\"Expression\": \"e\", \"ExpressionType\": \"SQL\", \"InputSerialization\": {}, "
            "\"OutputSerialization\": {}}, \"as\": \"found\", \"match\": \"m\", \"select\": "
            "\"%s\"}, "
            "{\"value\": \"%s\", \"as\": \"x\"}",
            cases[i].path, cases[i].reference);

        assert_step(steps, cases[i].problem);
        parity_free(steps);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_becomes_base64_may_be_bytes, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(a_body_may_stand_in_a_file, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(the_source_of_a_copy_is_a_text_or_names_what_it_needs,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(names_of_buckets_are_those_that_the_client_takes,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(what_is_filled_in_may_be_left_out, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(events_are_answered_as_a_list, scratch_enter,
                                        scratch_leave),
    };

    return cmocka_run_group_tests(tests, open_models, close_models);
}
