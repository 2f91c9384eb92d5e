/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD);

PARITY_TEST(lifecycle_on_a_custom_bus,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/events/test_archive_and_replay.py::TestArchive::"
                           "test_create_list_describe_update_delete_archive[custom]")
{
    const char *bus = unique_name(t, "test-bus");
    const char *archive = unique_name(t, "test-archive");
    json_t *created = call(t, "events", "CreateEventBus", "{'Name': %s}", bus);
    json_t *pattern = json(t, "{'source': ['core.update-account-command'],"
                              " 'detail-type': ['core.update-account-command'],"
                              " 'detail': {'command': ['update-account']}}");
    json_t *wider_pattern = json(t, "{'source': ['core.update-account-command'],"
                                    " 'detail-type': ['core.update-account-command']}");

    on_cleanup(t, "events", "DeleteEventBus", "{'Name': %s}", bus);
    match(t, "create-archive",
          call(t, "events", "CreateArchive",
               "{'ArchiveName': %s, 'EventSourceArn': %s,"
               " 'Description': 'description of the archive',"
               " 'EventPattern': %J, 'RetentionDays': 1}",
               archive, text(t, created, "$.EventBusArn"), pattern));
    on_cleanup(t, "events", "DeleteArchive", "{'ArchiveName': %s}", archive);
    match(t, "list-archives", call(t, "events", "ListArchives", "{'NamePrefix': %s}", archive));
    match(t, "describe-archive",
          call(t, "events", "DescribeArchive", "{'ArchiveName': %s}", archive));
    match(t, "update-archive",
          call(t, "events", "UpdateArchive",
               "{'ArchiveName': %s, 'Description': 'updated description of the archive',"
               " 'EventPattern': %J, 'RetentionDays': 2}",
               archive, wider_pattern));
    match(t, "delete-archive", call(t, "events", "DeleteArchive", "{'ArchiveName': %s}", archive));

    transform(t, regex(bus, "<event-bus-name>"));
    transform(t, regex(archive, "<archive-name>"));
}
