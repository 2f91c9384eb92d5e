/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

static const char timestamp[] = "[{'type': 'timestamp'}]";

static void timestamp_keeps_the_form(void **state)
{
    (void)state;
    assert_transforms(timestamp,
                      "['2024-01-02T03:04:05.678Z', '2024-01-02T03:04:05.678+0000',"
                      " '2024-01-02T03:04:05.678901+01:00', '2024-01-02T03:04:05Z']",
                      "['<timestamp:2022-07-13T13:48:01.000Z>',"
                      " '<timestamp:2022-07-13T13:48:01.000+0000>',"
                      " '<timestamp:2022-07-13T13:48:01.000000+00:00>',"
                      " '<timestamp:2022-07-13T13:48:01Z>']");
}

static void timestamp_takes_typed_dates_at_any_depth(void **state)
{
    (void)state;
    assert_transforms(timestamp, "{'a': [[{'$datetime': '2024-01-02T03:04:05+00:00'}]]}",
                      "{'a': [['<datetime>']]}");
}

static void timestamp_loses_what_follows(void **state)
{
    (void)state;
    assert_transforms(timestamp, "'2024-01-02T03:04:05Z and more'",
                      "'<timestamp:2022-07-13T13:48:01Z>'");
}

static void timestamp_leaves_other_forms(void **state)
{
    (void)state;
    assert_transforms(timestamp,
                      "['2024-01-02', '2024-01-02T03:04:05', 'at 2024-01-02T03:04:05Z', 1704164645,"
                      " '2024-01-02T03:04:05.678-0100', '']",
                      "['2024-01-02', '2024-01-02T03:04:05', 'at 2024-01-02T03:04:05Z', 1704164645,"
                      " '2024-01-02T03:04:05.678-0100', '']");
}

static void dates_that_nobody_took_become_pythons_text(void **state)
{
    (void)state;
    assert_transforms("[]",
                      "[{'$datetime': '2024-01-02T03:04:05+00:00'},"
                      " {'$datetime': '2024-01-02T03:04:05.120000Z'}]",
                      "['2024-01-02 03:04:05+00:00', '2024-01-02 03:04:05.120000+00:00']");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamp_keeps_the_form),
        cmocka_unit_test(timestamp_takes_typed_dates_at_any_depth),
        cmocka_unit_test(timestamp_loses_what_follows),
        cmocka_unit_test(timestamp_leaves_other_forms),
        cmocka_unit_test(dates_that_nobody_took_become_pythons_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
