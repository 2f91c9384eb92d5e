/* SPDX-License-Identifier: Apache-2.0 */
/* A config file of any bytes is refused with the line that is wrong, or every value can be read. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "client/ini.h"
#include "fuzz.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

static void read_section(const struct parity_ini_section *section)
{
    for (size_t i = 0; i < section->count; i++) {
        const struct parity_ini_option *option = &section->options[i];
        char *nested;

        expect(option->line > 0 && parity_ini_value(section, option->name) == option->value);
        expect(parity_ini_nested(option->value, "region", &nested) == 0);
        parity_free(nested);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_ini ini = {0};
    struct parity_error err = {0};

    if (parity_ini_parse((const char *)data, size, "config", &ini, &err) < 0)
        expect(err.code == PARITY_E_PARSE && err.line > 0 && err.message[0]);
    else
        for (size_t i = 0; i < ini.count; i++) {
            expect(parity_ini_section(&ini, ini.sections[i].name) == &ini.sections[i]);
            read_section(&ini.sections[i]);
        }
    parity_ini_clear(&ini);
    return 0;
}
