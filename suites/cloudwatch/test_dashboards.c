/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD);

#define JSON_PROTOCOL options(.protocol = "json")

static json_t *list(struct parity_test *t, const char *prefix)
{
    return call_with(t, JSON_PROTOCOL, "cloudwatch", "ListDashboards",
                     "{'DashboardNamePrefix': %s}", prefix);
}

static json_t *list_all(struct parity_test *t)
{
    return call_with(t, JSON_PROTOCOL, "cloudwatch", "ListDashboards", "{}");
}

PARITY_TEST(lifecycle,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/cloudwatch/test_cloudwatch.py::"
                           "TestCloudwatch::test_dashboard_lifecycle[json]",
            .transformers = { key_value("DashboardName", "dashboard-name") },
            .skip_verify = { { .paths = { "$..DashboardEntries..Size" },
                               .reason = "depends on how the body is stored" } })
{
    const char *name = unique_name(t, "test");
    json_t *body = json(t,
                        "{'widgets': [{'type': 'metric', 'x': 0, 'y': 0, 'width': 6, 'height': 6,"
                        "              'properties': {'metrics': [['AWS/EC2', 'CPUUtilization',"
                        "                                          'InstanceId', 'i-12345678']],"
                        "                             'region': %s,"
                        "                             'view': 'timeSeries', 'stacked': false}}]}",
                        region(t));

    on_cleanup_with(t, JSON_PROTOCOL, "cloudwatch", "DeleteDashboards", "{'DashboardNames': [%s]}",
                    name);
    call_with(t, JSON_PROTOCOL, "cloudwatch", "PutDashboard",
              "{'DashboardName': %s, 'DashboardBody': %J}", name, body);
    match(t, "get_dashboard",
          call_with(t, JSON_PROTOCOL, "cloudwatch", "GetDashboard", "{'DashboardName': %s}", name));
    match(t, "list_dashboards", list_all(t));
    match(t, "list_dashboards_prefix_empty", list(t, "no-valid"));
    match(t, "list_dashboards_prefix", list(t, "test"));
    call_with(t, JSON_PROTOCOL, "cloudwatch", "DeleteDashboards", "{'DashboardNames': [%s]}", name);
    match(t, "list_dashboards_empty", list_all(t));
}
