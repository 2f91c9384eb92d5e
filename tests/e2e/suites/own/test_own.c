/* SPDX-License-Identifier: Apache-2.0 */
#include <parity/suite.h>

/* Transformers that a project brings itself. */

PARITY_TEST(uses_a_preset_of_the_project, .marker = UNKNOWN, .transformers = {preset("tested")})
{
    match(t, "k", json(t, "{'Ticket': 'T-17'}"));
}
