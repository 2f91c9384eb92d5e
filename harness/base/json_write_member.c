/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write_member.h"

#include <string.h>

#include "base/json.h"
#include "base/json_number.h"

static void begin(struct parity_buffer *out, const char *name)
{
    if (out->length > 0 && out->data[out->length - 1] != '{')
        parity_buffer_add_char(out, ',');
    parity_json_write_string(out, name, strlen(name));
    parity_buffer_add_char(out, ':');
}

void parity_json_write_member_text(struct parity_buffer *out, const char *name, const char *text)
{
    begin(out, name);
    if (text)
        parity_json_write_string(out, text, strlen(text));
    else
        parity_buffer_add_text(out, "null");
}

void parity_json_write_member_integer(struct parity_buffer *out, const char *name, long long number)
{
    char digits[PARITY_INTEGER_TEXT_SIZE];

    begin(out, name);
    parity_buffer_add(out, digits, parity_integer_text(number, digits));
}

void parity_json_write_member_real(struct parity_buffer *out, const char *name, double number)
{
    char digits[PARITY_REAL_TEXT_SIZE];

    begin(out, name);
    parity_buffer_add(out, digits, parity_real_text(number, digits));
}

void parity_json_write_member_value(struct parity_buffer *out, const char *name,
                                    const json_t *value)
{
    begin(out, name);
    parity_json_write(out, value, PARITY_JSON_COMPACT);
}
