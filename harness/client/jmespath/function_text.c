/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "base/json_number.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "client/jmespath/function.h"

struct text {
    const char *data;
    size_t length;
};

static json_t *argument(const struct parity_jp_call *call, size_t index)
{
    return json_array_get(call->arguments, index);
}

static struct text text_of(const json_t *string)
{
    return (struct text){json_string_value(string), json_string_length(string)};
}

/* A string of what is in `buffer`, which is cleared. */
static json_t *finish(struct parity_jp_call *call, struct parity_buffer *buffer)
{
    json_t *out = NULL;

    if (!buffer->failed)
        out = json_stringn_nocheck(buffer->data ? buffer->data : "", buffer->length);
    parity_buffer_clear(buffer);
    return parity_jp_checked(call->run, out);
}

static bool has_text(struct text text, struct text part)
{
    for (size_t i = 0; part.length <= text.length && i <= text.length - part.length; i++)
        if (memcmp(text.data + i, part.data, part.length) == 0)
            return true;
    return false;
}

json_t *parity_jp_contains(struct parity_jp_call *call)
{
    const json_t *subject = argument(call, 0), *search = argument(call, 1);

    if (json_is_string(subject))
        return json_boolean(json_is_string(search) && has_text(text_of(subject), text_of(search)));
    for (size_t i = 0; i < json_array_size(subject); i++)
        if (parity_jmespath_equal(json_array_get(subject, i), search))
            return json_true();
    return json_false();
}

json_t *parity_jp_starts_with(struct parity_jp_call *call)
{
    struct text subject = text_of(argument(call, 0)), part = text_of(argument(call, 1));

    return json_boolean(part.length <= subject.length &&
                        memcmp(subject.data, part.data, part.length) == 0);
}

json_t *parity_jp_ends_with(struct parity_jp_call *call)
{
    struct text subject = text_of(argument(call, 0)), part = text_of(argument(call, 1));

    return json_boolean(
        part.length <= subject.length &&
        memcmp(subject.data + subject.length - part.length, part.data, part.length) == 0);
}

json_t *parity_jp_join(struct parity_jp_call *call)
{
    struct text glue = text_of(argument(call, 0));
    const json_t *list = argument(call, 1);
    struct parity_buffer out = {0};

    for (size_t i = 0; i < json_array_size(list); i++) {
        struct text item = text_of(json_array_get(list, i));

        parity_buffer_add(&out, glue.data, i ? glue.length : 0);
        parity_buffer_add(&out, item.data, item.length);
    }
    return finish(call, &out);
}

static json_t *reversed_text(struct parity_jp_call *call, struct text text)
{
    struct parity_buffer out = {0};
    size_t at = text.length;

    /* Strings are UTF-8 (base/json.h): a character begins at every byte that is no continuation. */
    while (at > 0) {
        size_t end = at--;

        while (at > 0 && ((unsigned char)text.data[at] & 0xc0) == 0x80)
            at--;
        parity_buffer_add(&out, text.data + at, end - at);
    }
    return finish(call, &out);
}

static json_t *reversed_list(struct parity_jp_call *call, const json_t *list)
{
    json_t *out = parity_jp_checked(call->run, json_array());

    for (size_t i = json_array_size(list); out && i > 0; i--)
        if (parity_jp_append(call->run, out, json_incref(json_array_get(list, i - 1))) < 0) {
            json_decref(out);
            return NULL;
        }
    return out;
}

json_t *parity_jp_reverse(struct parity_jp_call *call)
{
    const json_t *subject = argument(call, 0);

    return json_is_string(subject) ? reversed_text(call, text_of(subject))
                                   : reversed_list(call, subject);
}

json_t *parity_jp_length(struct parity_jp_call *call)
{
    const json_t *subject = argument(call, 0);
    struct text text = text_of(subject);
    size_t length = json_is_string(subject)  ? parity_utf8_count(text.data, text.length)
                    : json_is_array(subject) ? json_array_size(subject)
                                             : json_object_size(subject);

    return parity_jp_checked(call->run, json_integer((json_int_t)length));
}

json_t *parity_jp_to_string(struct parity_jp_call *call)
{
    struct parity_buffer out = {0};

    if (json_is_string(argument(call, 0)))
        return json_incref(argument(call, 0));
    parity_json_write(&out, argument(call, 0), PARITY_JSON_COMPACT);
    return finish(call, &out);
}

json_t *parity_jp_to_number(struct parity_jp_call *call)
{
    json_t *value = argument(call, 0);
    struct text text = text_of(value);
    bool is_real;

    if (parity_jp_is_number(value))
        return json_incref(value);
    if (!json_is_string(value) || text.length == 0 ||
        parity_number_scan(text.data, text.length, &is_real) != text.length)
        return json_null();
    return parity_jp_checked(call->run, parity_json_number(text.data, text.length));
}
