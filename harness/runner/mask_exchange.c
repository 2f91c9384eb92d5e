/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/mask_exchange.h"

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "recorder/secret_text.h"

/* What stands between names and values in JSON, XML, forms, URLs and header fields. */
static const char separators[] = "\"'<>&=:,;{}[]()?\\ \t\r\n";

struct piece {
    const char *text;
    size_t length;
};

static const char *judge(struct parity_secret_search *search, const struct piece *name,
                         const struct piece *value)
{
    json_t *text = json_stringn_nocheck(value->text, value->length);
    const char *what = parity_secret_by_name(name->text, name->length, text);

    json_decref(text);
    return what ? what : parity_secret_in_text(search, value->text, value->length);
}

/* Piece by piece, the one before being the name of the next. The last piece of a text that was cut
 * may be the beginning of anything. */
static void add_masked(struct parity_buffer *out, struct parity_secret_search *search,
                       const char *text, size_t length, bool cut)
{
    const char *end = text + length;
    struct piece name = {"", 0};

    while (text < end) {
        size_t between = 0, size = 0;
        struct piece value;
        const char *what;

        while (text + between < end && (!text[between] || strchr(separators, text[between])))
            between++;
        parity_buffer_add(out, text, between);
        text += between;
        while (text + size < end && text[size] && !strchr(separators, text[size]))
            size++;
        value = (struct piece){text, size};
        what = size > 0 ? judge(search, &name, &value) : NULL;
        text += size;
        name = value;
        if (what)
            parity_buffer_printf(out, "<hidden: %s>", what);
        else if (!cut || text < end)
            parity_buffer_add(out, value.text, value.length);
    }
}

/* New. What spans several pieces, or could not be looked at, is hidden as a whole. */
static json_t *masked(struct parity_secret_search *search, const char *text, size_t length,
                      bool cut)
{
    struct parity_buffer out = {0};
    const char *what;
    json_t *value;

    add_masked(&out, search, text, length, cut);
    what = out.length > 0 ? parity_secret_in_text(search, out.data, out.length) : NULL;
    if (out.failed || search->failed)
        value = json_string("<hidden>");
    else if (what)
        value = json_sprintf("<hidden: %s>", what);
    else
        value = json_stringn_nocheck(out.data ? out.data : "", out.length);
    parity_buffer_clear(&out);
    return value;
}

static void mask_member(struct parity_secret_search *search, json_t *object, const char *name,
                        bool cut)
{
    const json_t *value = json_object_get(object, name);

    if (json_is_string(value))
        json_object_set_new(
            object, name, masked(search, json_string_value(value), json_string_length(value), cut));
    else if (json_is_object(value) && parity_secret_in_scalar(search, value))
        json_object_set_new(object, name, json_string("<hidden>"));
}

static void mask_headers(struct parity_secret_search *search, const json_t *headers)
{
    json_t *header;
    size_t i;

    json_array_foreach(headers, i, header) {
        const json_t *value = json_array_get(header, 1);

        json_array_set_new(
            header, 1, masked(search, json_string_value(value), json_string_length(value), false));
    }
}

static void mask_message(struct parity_secret_search *search, json_t *message)
{
    const json_t *body = json_object_get(message, "body");
    json_int_t whole = json_integer_value(json_object_get(message, "body_bytes"));

    mask_member(search, message, "url", false);
    mask_headers(search, json_object_get(message, "headers"));
    mask_member(search, message, "body",
                json_is_string(body) && (json_int_t)json_string_length(body) < whole);
}

void parity_mask_exchanges(const struct parity_secrets_options *secrets, json_t *calls)
{
    struct parity_secret_search search = {.identities = secrets->identities,
                                          .identity_count = secrets->identity_count};
    const json_t *call, *exchange;
    size_t i, j;

    json_array_foreach(calls, i, call) {
        json_array_foreach(json_object_get(call, "exchanges"), j, exchange) {
            mask_message(&search, json_object_get(exchange, "request"));
            mask_message(&search, json_object_get(exchange, "response"));
        }
    }
}
