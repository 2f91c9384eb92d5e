/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/reporters/xml_text.h"

#include <string.h>

#include "runner/reporters/plain_text.h"

/* `special` are the characters that become references. */
static void add(struct parity_buffer *out, const char *text, const char *special)
{
    while (text && *text) {
        size_t length = strcspn(text, special);

        parity_plain_text_add(out, text, length);
        text += length;
        if (*text)
            parity_buffer_printf(out, "&#%d;", *text++);
    }
}

void parity_xml_add_text(struct parity_buffer *out, const char *text)
{
    add(out, text, "&<>");
}

void parity_xml_add_attribute(struct parity_buffer *out, const char *name, const char *text)
{
    parity_buffer_printf(out, " %s=\"", name);
    add(out, text, "&<>\"\n\t");
    parity_buffer_add_char(out, '"');
}
