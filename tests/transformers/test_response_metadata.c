/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

static const char metadata[] = "[{'type': 'response_metadata'}]";

static void response_metadata_keeps_the_status_only(void **state)
{
    (void)state;
    assert_transforms(metadata,
                      "{'ResponseMetadata': {'RequestId': 'r', 'HTTPStatusCode': 200,"
                      " 'HTTPHeaders': {'date': 'd', 'content-type': 't'}, 'RetryAttempts': 0}}",
                      "{'ResponseMetadata': {'HTTPHeaders': {}, 'HTTPStatusCode': 200}}");
}

static void response_metadata_keeps_a_header_that_no_response_has(void **state)
{
    (void)state;
    assert_transforms(metadata, "{'ResponseMetadata': {'HTTPHeaders': {'content_type': 't'}}}",
                      "{'ResponseMetadata': {'HTTPHeaders': {'content_type': 't'}}}");
}

static void response_metadata_drops_a_status_of_zero(void **state)
{
    (void)state;
    assert_transforms(metadata,
                      "{'ResponseMetadata': {'HTTPHeaders': {}, 'HTTPStatusCode': 0, 'x': 1}}",
                      "{'ResponseMetadata': {'HTTPHeaders': {}}}");
}

static void response_metadata_without_headers_stays(void **state)
{
    (void)state;
    assert_transforms(metadata, "{'ResponseMetadata': {'RequestId': 'r'}}",
                      "{'ResponseMetadata': {'RequestId': 'r'}}");
}

static void response_metadata_in_lists_stays(void **state)
{
    (void)state;
    assert_transforms(metadata, "{'o': [{'ResponseMetadata': {'HTTPHeaders': {}, 'x': 1}}]}",
                      "{'o': [{'ResponseMetadata': {'HTTPHeaders': {}, 'x': 1}}]}");
}

static void response_metadata_that_is_no_object_is_an_error(void **state)
{
    (void)state;
    assert_refuses(metadata, "{'ResponseMetadata': 'x'}", PARITY_E_INVALID,
                   "member 'ResponseMetadata' is no object");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(response_metadata_keeps_the_status_only),
        cmocka_unit_test(response_metadata_keeps_a_header_that_no_response_has),
        cmocka_unit_test(response_metadata_drops_a_status_of_zero),
        cmocka_unit_test(response_metadata_without_headers_stays),
        cmocka_unit_test(response_metadata_in_lists_stays),
        cmocka_unit_test(response_metadata_that_is_no_object_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
