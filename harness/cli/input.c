/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/input.h"

#include <string.h>

#include "base/json.h"

int parity_command_input(const char *text, const char *name, json_t **out, struct parity_error *err)
{
    int rc = 0;

    *out = NULL;
    if (!text)
        rc = parity_json_parse("{}", 2, name, out, err);
    else if (strcmp(text, "-") == 0)
        rc = parity_json_read_file("-", out, err);
    else if (text[0] == '@')
        rc = parity_json_read_file(text + 1, out, err);
    else
        rc = parity_json_parse(text, strlen(text), name, out, err);
    if (rc < 0)
        return -1;
    if (json_is_object(*out))
        return 0;
    json_decref(*out);
    *out = NULL;
    parity_fail(err, PARITY_E_INVALID, name, "is no JSON object");
    return -1;
}
