/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

PARITY_SUITE(.defaults = DEFAULTS_OLD,
             .transformers = { preset("sns_api") });

PARITY_TEST(attributes,
            .marker = AWS_VALIDATED,
            .recorded_as = "tests/aws/services/sns/test_sns.py::"
                           "TestSNSSMS::test_set_get_sms_attributes")
{
    call(t, "sns", "SetSMSAttributes",
         "{'attributes': {'DeliveryStatusSuccessSamplingRate': '100',"
         "                'DefaultSenderID': 'LSTest', 'DefaultSMSType': 'Promotional'}}");
    match(t, "get-sms-all-attributes", call(t, "sns", "GetSMSAttributes", "{}"));
    match(t, "get-sms-some-attributes",
          call(t, "sns", "GetSMSAttributes",
               "{'attributes': ['DefaultSenderID', 'DefaultSMSType']}"));
}
