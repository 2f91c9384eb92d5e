/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is read is written as something that reads as the same, and a check says so before.
 * Where members are found without parsing, parsing finds the same. */
#include <stdlib.h>

#include "base/json.h"
#include "base/json_members.h"
#include "base/memory.h"
#include "fuzz.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

static void compare_members(const char *text, size_t size)
{
    struct parity_json_members members = {0};
    struct parity_error err = {0};
    json_t *document, *value, *alone;
    const char *name;

    if (parity_json_members_find(text, size, &members) != 1)
        return;
    expect(parity_json_parse_unique(text, size, "input", &document, &err) == 0);
    expect(json_object_size(document) == members.count);
    json_object_foreach(document, name, value) {
        const struct parity_json_member *member = parity_json_members_get(&members, name);

        expect(member && json_is_object(value));
        expect(parity_json_parse(member->value, member->length, "member", &alone, &err) == 0);
        expect(parity_json_equal(value, alone));
        json_decref(alone);
    }
    json_decref(document);
    parity_free(members.items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_buffer text = {0};
    struct parity_error err = {0}, checked = {0};
    json_t *value, *again, *copy;

    compare_members((const char *)data, size);
    (void)parity_json_check((const char *)data, size, &checked);
    if (parity_json_parse((const char *)data, size, "input", &value, &err) < 0) {
        expect(checked.code == err.code && checked.line == err.line &&
               checked.column == err.column);
        expect(err.code != PARITY_OK && err.message[0] && err.line > 0 && err.column > 0);
        return 0;
    }
    expect(checked.code == PARITY_OK);
    parity_json_write(&text, value, size % 2 ? PARITY_JSON_PRETTY : PARITY_JSON_UTF8);
    expect(parity_json_parse(text.data, text.length, "output", &again, &err) == 0);
    expect(parity_json_equal(value, again));
    copy = parity_json_copy(value);
    expect(parity_json_equal(copy, again));
    json_decref(value);
    json_decref(again);
    json_decref(copy);
    parity_buffer_clear(&text);
    return 0;
}
