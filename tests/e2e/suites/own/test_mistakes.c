/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* Tests that say something wrong about themselves, and must not get to their bodies. */

static void call_target(struct parity_test *t)
{
    match(t, "k", call(t, "thing", "DescribeThing", "{'Name': 'a'}"));
}

PARITY_TEST(broken_regex, .marker = UNKNOWN, .transformers = {regex("ab(c", "<x>")})
{
    call_target(t);
}

PARITY_TEST(broken_path, .marker = UNKNOWN, .transformers = {jsonpath("$.k[0", "x")})
{
    call_target(t);
}

PARITY_TEST(unknown_preset, .marker = UNKNOWN, .transformers = {preset("sqs_apy")})
{
    call_target(t);
}

PARITY_TEST(broken_skip_path, .marker = UNKNOWN,
            .skip_verify = {{.paths = {"$..Size"}, .when = on_emulator("other")},
                            {.paths = {"$..Size", "$.k["}, .when = on_emulator("other")}})
{
    call_target(t);
}

PARITY_TEST(skips_the_root, .marker = UNKNOWN, .skip_verify = {{.paths = {"$"}}})
{
    call_target(t);
}
