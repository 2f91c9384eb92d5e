/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_SCENARIO_YAML_H
#define PARITY_SCENARIO_YAML_H

#include "base/json.h"

/**
 * Read one document of YAML 1.2 as the JSON value that it is: plain scalars are what YAML's JSON
 * schema says, and texts where that has no word for them. Anchors, aliases, tags and merge keys
 * are refused.
 *
 * @param lines  as parity_json_parse_lines()
 * @param err    PARITY_E_PARSE with line and column; PARITY_E_ENVIRONMENT: built without libfyaml
 * @return 0 or -1
 */
int parity_yaml_parse(const char *text, size_t length, const char *name, json_t **out,
                      struct parity_json_lines *lines, struct parity_error *err);

#endif
