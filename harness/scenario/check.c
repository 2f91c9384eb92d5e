/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/scenario.h"

void parity_scenario_check(const struct parity_scenario *scenario, struct parity_models *models,
                           struct parity_scenario_report *report)
{
    (void)scenario;
    (void)models;
    (void)report;
}
