/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PRESET_PROJECT_H
#define PARITY_PRESET_PROJECT_H

#include <jansson.h>

/** The project's presets, {name: {"transformers": […]}}; borrowed, NULL: there are none. */
json_t *parity_preset_project(void);

#endif
