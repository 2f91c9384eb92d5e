/* SPDX-License-Identifier: Apache-2.0 */
#include "preset_value.h"

#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/suggest.h"
#include "jsonpath/jsonpath.h"

/* --- reading -----------------------------------------------------------------------------------
 */

static int check_members(const json_t *spec, struct parity_error *err)
{
    static const char *const known[] = {"of",      "path",     "split", "part",
                                        "pattern", "optional", "escape"};
    enum { KNOWN = sizeof known / sizeof *known };
    const char *member, *nearest = NULL;
    json_t *value;
    size_t i;

    json_object_foreach((json_t *)(uintptr_t)spec, member, value) {
        for (i = 0; i < KNOWN && strcmp(known[i], member) != 0; i++)
            nearest = parity_suggest(member, nearest, known[i]);
        if (i < KNOWN)
            continue;
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "a value has no member '%.60s'%s%s%s; it takes: of, path, split, part, "
                    "pattern, optional, escape",
                    member, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                    nearest ? "'?" : "");
        return -1;
    }
    return 0;
}

static int read_split(const json_t *spec, struct parity_preset_value *out, struct parity_error *err)
{
    const json_t *part = json_object_get(spec, "part");

    if (parity_spec_text(spec, "split", false, &out->split, err) < 0)
        return -1;
    out->part = json_integer_value(part);
    if (!out->split.data && !part)
        return 0;
    if (out->split.length > 0 && json_is_integer(part))
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL,
                "'split' is the text between the parts, and 'part' the number of the one that is "
                "meant: 0 is the first, -1 the last");
    return -1;
}

static int read_path(const json_t *spec, struct parity_preset_value *out, struct parity_error *err)
{
    if (parity_spec_text(spec, "path", false, &out->path_text, err) < 0)
        return -1;
    if (!out->path_text.data)
        return 0;
    out->path = parity_jsonpath_compile(out->path_text.data, PARITY_JSONPATH_LOCALSTACK, err);
    return out->path ? 0 : -1;
}

static int read_pattern(const json_t *spec, struct parity_preset_value *out,
                        struct parity_error *err)
{
    struct parity_spec_text text;

    if (parity_spec_text(spec, "pattern", false, &text, err) < 0)
        return -1;
    if (!text.data)
        return 0;
    out->pattern = parity_python_regex_new(text.data, text.length, err);
    return out->pattern ? 0 : -1;
}

int parity_preset_value_read(const json_t *spec, struct parity_preset_value *out,
                             struct parity_error *err)
{
    memset(out, 0, sizeof *out);
    if (!json_is_object(spec)) {
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "it must be an object like {\"of\": \"response\", \"path\": \"$.Arn\"}");
        return -1;
    }
    if (check_members(spec, err) < 0 || parity_spec_text(spec, "of", true, &out->of, err) < 0 ||
        read_path(spec, out, err) < 0 || read_split(spec, out, err) < 0 ||
        read_pattern(spec, out, err) < 0 ||
        parity_spec_bool(spec, "optional", false, &out->optional, err) < 0)
        return -1;
    return parity_spec_bool(spec, "escape", false, &out->escape, err);
}

void parity_preset_value_clear(struct parity_preset_value *value)
{
    parity_jsonpath_free(value->path);
    parity_python_regex_free(value->pattern);
    memset(value, 0, sizeof *value);
}

/* --- deriving ----------------------------------------------------------------------------------
 */

/* Append the text that the path selects. */
static int select_text(const struct parity_preset_value *value, json_t *source,
                       struct parity_buffer *out, struct parity_error *err)
{
    struct parity_jsonpath_nodes nodes = {0};
    const char *where = value->path ? value->path_text.data : value->of.data;
    const json_t *found = source;
    int rc = 0;

    if (value->path) {
        rc = parity_jsonpath_find(value->path, source, &nodes, err);
        found = nodes.count == 1 ? nodes.items[0].value : NULL;
    }
    if (rc == 0 && !found) {
        parity_fail(err, PARITY_E_INVALID, NULL, "%s selects %s in '%s'", where,
                    nodes.count ? "more than one value" : "nothing", value->of.data);
        rc = -1;
    } else if (rc == 0 && !parity_json_add_plain(out, found)) {
        parity_fail(err, PARITY_E_INVALID, NULL, "what stands at %s is no text", where);
        rc = -1;
    }
    parity_jsonpath_nodes_clear(&nodes);
    return rc;
}

static size_t count_parts(const struct parity_buffer *text, const struct parity_spec_text *split)
{
    const char *at = text->data, *end = text->data + text->length;
    size_t count = 1;

    while ((at = memmem(at, (size_t)(end - at), split->data, split->length)) != NULL) {
        at += split->length;
        count++;
    }
    return count;
}

/* Keep one part of `text`, between the places where it is split. */
static int cut(const struct parity_preset_value *value, struct parity_buffer *text,
               struct parity_error *err)
{
    const struct parity_spec_text *split = &value->split;
    json_int_t count = (json_int_t)count_parts(text, split);
    json_int_t part = value->part < 0 ? value->part + count : value->part;
    const char *from = text->data, *end = text->data + text->length, *to;

    if (part < 0 || part >= count) {
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "'%.100s' has %" JSON_INTEGER_FORMAT
                    " parts between '%.20s', so none of number %" JSON_INTEGER_FORMAT,
                    text->data, count, split->data, value->part);
        return -1;
    }
    for (; part > 0; part--)
        from = (const char *)memmem(from, (size_t)(end - from), split->data, split->length) +
               split->length;
    to = memmem(from, (size_t)(end - from), split->data, split->length);
    text->length = (size_t)((to ? to : end) - from);
    memmove(text->data, from, text->length);
    text->data[text->length] = '\0';
    return 0;
}

static int check_text(const struct parity_preset_value *value, const struct parity_buffer *text,
                      struct parity_error *err)
{
    int fits = 1;

    if (text->length == 0) {
        /* It would stand between any two letters. */
        parity_fail(err, PARITY_E_INVALID, NULL, "the text is empty");
        return -1;
    }
    if (value->pattern)
        fits = parity_python_regex_match(value->pattern, text->data, text->length, 0, NULL, err);
    if (fits == 0)
        parity_fail(err, PARITY_E_INVALID, NULL, "'%.100s' does not begin as '%.100s' says",
                    text->data, parity_python_regex_pattern(value->pattern));
    return fits == 1 ? 0 : -1;
}

static void add_escaped(struct parity_buffer *out, const struct parity_buffer *text)
{
    for (size_t i = 0; i < text->length; i++) {
        if (strchr("\\^$.|?*+()[]{}-&~#", text->data[i]) && text->data[i])
            parity_buffer_add_char(out, '\\');
        parity_buffer_add_char(out, text->data[i]);
    }
}

static json_t *string_of(const struct parity_buffer *text, bool escape, struct parity_error *err)
{
    struct parity_buffer escaped = {0};
    json_t *string = NULL;

    if (escape)
        add_escaped(&escaped, text);
    if (!escape)
        string = json_stringn_nocheck(text->data, text->length);
    else if (!escaped.failed)
        string = json_stringn_nocheck(escaped.data, escaped.length);
    parity_buffer_clear(&escaped);
    if (!string)
        parity_fail_nomem(err);
    return string;
}

int parity_preset_value_derive(const struct parity_preset_value *value, json_t *source,
                               json_t **out, struct parity_error *err)
{
    struct parity_buffer text = {0};
    int rc;

    *out = NULL;
    rc = select_text(value, source, &text, err);
    parity_buffer_add(&text, "", 0);
    if (text.failed) {
        parity_fail_nomem(err);
        rc = -1;
    }
    if (rc == 0 && value->split.data)
        rc = cut(value, &text, err);
    if (rc == 0)
        rc = check_text(value, &text, err);
    if (rc == 0)
        *out = string_of(&text, value->escape, err);
    parity_buffer_clear(&text);
    return *out ? 0 : -1;
}
