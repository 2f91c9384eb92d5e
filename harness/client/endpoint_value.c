/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endpoint_value.h"

#include <string.h>

struct parity_value parity_value_boolean(bool value)
{
    return (struct parity_value){.kind = PARITY_VALUE_BOOLEAN, .as.boolean = value};
}

struct parity_value parity_value_string(const char *text, size_t length)
{
    return (struct parity_value){.kind = PARITY_VALUE_STRING, .as.string = {text, length}};
}

struct parity_value parity_value_field(const struct parity_value *record, const char *name,
                                       size_t length)
{
    if (record->kind == PARITY_VALUE_RECORD)
        for (size_t i = 0; i < record->as.record.count; i++) {
            const struct parity_field *field = &record->as.record.fields[i];

            if (strncmp(field->name, name, length) == 0 && field->name[length] == '\0')
                return field->value;
        }
    return (struct parity_value){.kind = PARITY_VALUE_NONE};
}

bool parity_value_meets(const struct parity_value *value)
{
    return value->kind != PARITY_VALUE_NONE &&
           !(value->kind == PARITY_VALUE_BOOLEAN && !value->as.boolean);
}

bool parity_value_is_true(const struct parity_value *value)
{
    switch (value->kind) {
    case PARITY_VALUE_NONE:
        return false;
    case PARITY_VALUE_BOOLEAN:
        return value->as.boolean;
    case PARITY_VALUE_INTEGER:
        return value->as.integer != 0;
    case PARITY_VALUE_STRING:
        return value->as.string.length > 0;
    case PARITY_VALUE_LIST:
        return value->as.list.count > 0;
    case PARITY_VALUE_RECORD:
        return true;
    }
    return false;
}

const char *parity_value_kind_name(const struct parity_value *value)
{
    static const char *const names[] = {
        [PARITY_VALUE_NONE] = "nothing",     [PARITY_VALUE_BOOLEAN] = "a boolean",
        [PARITY_VALUE_INTEGER] = "a number", [PARITY_VALUE_STRING] = "a string",
        [PARITY_VALUE_LIST] = "a list",      [PARITY_VALUE_RECORD] = "an object",
    };

    return names[value->kind];
}
