/* SPDX-License-Identifier: Apache-2.0 */
#include "transformers/jsonpath/jsonpath.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

void parity_jsonpath_nodes_clear(struct parity_jsonpath_nodes *nodes)
{
    for (size_t i = 0; i < nodes->count; i++)
        parity_free(nodes->items[i].steps);
    parity_free(nodes->items);
    json_decref(nodes->made);
    memset(nodes, 0, sizeof *nodes);
}

static void add_name(struct parity_buffer *out, const char *name, size_t length)
{
    static const char special[] = "\b\t\n\f\r'\\", letters[] = "btnfr'\\";

    parity_buffer_add_text(out, "['");
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)name[i];
        const char *found = byte ? strchr(special, byte) : NULL;

        if (found)
            parity_buffer_printf(out, "\\%c", letters[found - special]);
        else if (byte < 0x20)
            parity_buffer_printf(out, "\\u%04x", byte);
        else
            parity_buffer_add_char(out, name[i]);
    }
    parity_buffer_add_text(out, "']");
}

void parity_jsonpath_normalized(const struct parity_jsonpath_node *node, struct parity_buffer *out)
{
    parity_buffer_add_char(out, '$');
    for (size_t i = 0; i < node->step_count; i++) {
        const struct parity_jsonpath_step *step = &node->steps[i];

        if (step->key)
            add_name(out, step->key, step->key_length);
        else
            parity_buffer_printf(out, "[%lld]", step->index);
    }
}

static bool is_plain_name(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool letter = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z') ||
                      name[i] == '_' || name[i] == '@';

        if (!letter && (i == 0 || !((name[i] >= '0' && name[i] <= '9') || name[i] == '-')))
            return false;
    }
    return true;
}

/* Whether Python's repr() shows a text as it is, apart from the quotes around it. */
static bool is_shown_as_is(const char *name, size_t length)
{
    for (size_t at = 0; at < length;) {
        unsigned code = 0;
        size_t size = parity_utf8_decode(name + at, length - at, &code);

        if (size == 0 || code < 0x20 || code == '\'' || code == '\\' ||
            (code >= 0x7F && code <= 0xA0) || code == 0xAD || parity_utf8_is_surrogate(code))
            return false;
        at += size;
    }
    return true;
}

bool parity_jsonpath_step_is_followed(const struct parity_jsonpath_step *step, bool last)
{
    if (!step->key)
        return last || step->index >= 0;
    return last ? is_shown_as_is(step->key, step->key_length)
                : is_plain_name(step->key, step->key_length);
}
