/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("cloudwatch_api") });

/* As an SDK's timestamp. */
static json_t *time_at(struct parity_test *t, time_t seconds)
{
    char digits[32];
    struct tm parts;

    gmtime_r(&seconds, &parts);
    strftime(digits, sizeof digits, "%Y-%m-%dT%H:%M:%S+00:00", &parts);
    return json(t, "{'$datetime': %s}", digits);
}

PARITY_TEST(statistics_of_ten_values,
            .marker = AWS_VALIDATED,
            .protocols = { "json", "query" },
            .recorded_as = "tests/aws/services/cloudwatch/test_cloudwatch.py::"
                           "TestCloudwatch::test_get_metric_statistics",
            .skip_verify = { { .paths = { "$..Datapoints..Unit" },
                               .reason = "emulators have no unit where none was sent" } })
{
    const char *namespace = format(t, "test/%s", unique_name(t, "id"));
    time_t now = time(NULL);

    for (int value = 0; value < 10; value++)
        call(t, "cloudwatch", "PutMetricData",
             "{'Namespace': %s,"
             " 'MetricData': [{'MetricName': 'metric', 'Value': %d, 'Timestamp': %j}]}",
             namespace, value, time_at(t, now));
    match(t, "get_metric_statistics",
          call(t, "cloudwatch", "GetMetricStatistics",
               "{'Namespace': %s, 'MetricName': 'metric', 'StartTime': %j, 'EndTime': %j,"
               " 'Period': 60,"
               " 'Statistics': ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount']}",
               namespace, time_at(t, now - 61), time_at(t, now + 59)));
}
