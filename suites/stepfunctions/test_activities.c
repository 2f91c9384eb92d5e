/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("stepfunctions_api") });

/* An activity that is deleted when the test ends; its ARN and its name become placeholders. */
static void create_activity(struct parity_test *t, int number)
{
    const char *name = unique_name(t, format(t, "TestActivity-%d", number));
    json_t *activity = call(t, "stepfunctions", "CreateActivity", "{'name': %s}", name);
    const char *arn = text(t, activity, "$.activityArn");

    on_cleanup(t, "stepfunctions", "DeleteActivity", "{'activityArn': %s}", arn);
    transform(t, regex(arn, format(t, "activity_arn_%d", number)));
    transform(t, regex(name, format(t, "activity_name_%d", number)));
}

PARITY_TEST(list,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/stepfunctions/v2/test_sfn_api_activities.py::"
                           "TestSnfApiActivities::test_list_activities",
            .skip_verify = { { .paths = { "$..encryptionConfiguration" },
                               .reason = "emulators need not encrypt activities" } })
{
    for (int number = 0; number < 3; number++)
        create_activity(t, number);
    match(t, "list_activities_response", call(t, "stepfunctions", "ListActivities", "{}"));
}
