/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

static void remove_key_deletes_at_any_depth(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'remove_key', 'key': 'x'}]",
                      "{'x': 1, 'a': {'x': {'x': 1}, 'b': [[{'x': 1, 'y': 2}]]}}",
                      "{'a': {'b': [[{'y': 2}]]}}");
}

static void remove_key_leaves_match_keys(void **state)
{
    (void)state;
    assert_transforms("[{'type': 'remove_key', 'key': 'm'}]", "{'m': 1, 'n': 2}", "{'n': 2}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remove_key_deletes_at_any_depth),
        cmocka_unit_test(remove_key_leaves_match_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
