/* SPDX-License-Identifier: Apache-2.0 */
#include "skip_paths.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "transformers/jsonpath/jsonpath.h"
#include "transformers/python_text.h"
#include "verify.h"

/*
 * The reference finds what a skip path selects, writes each step down as text, and goes there again
 * by those texts (REFERENCE.md, 2.6). Where a text is not the name it was made from, it goes astray
 * and removes nothing; existing verdicts depend on that, so this does the same.
 */

/* A step as text; a list position also as number. */
struct step {
    char *text; /* owned */
    size_t length;
    bool is_position;
    long long position;
};

struct way {
    struct step *steps;
    size_t count;
};

static const char marker_text[] = "$__to_be_skipped__$"; /* the reference's */

struct removal {
    json_t *state;
    json_t *marker; /* stands where a list item was, until all paths are done */
    bool marked;
    json_t *removed; /* borrowed, may be NULL */
    size_t path;     /* number of the path at work */
};

static bool is_plain_name(const char *name, size_t length)
{
    if (length == 0 || !(isalpha((unsigned char)name[0]) || name[0] == '_' || name[0] == '@'))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && !strchr("_@-", name[i]))
            return false;
    return memchr(name, '\0', length) == NULL;
}

static void drop_quotes(struct parity_buffer *text)
{
    size_t used = 0;

    for (size_t i = 0; i < text->length; i++)
        if (text->data[i] != '\'')
            text->data[used++] = text->data[i];
    text->length = used;
    text->data[used] = '\0';
}

static int write_step(const struct parity_jsonpath_step *step, bool last, struct step *out)
{
    struct parity_buffer text = {0};

    out->is_position = !step->key;
    out->position = step->index;
    if (!step->key)
        parity_buffer_printf(&text, "[%lld]", step->index);
    else if (is_plain_name(step->key, step->key_length))
        parity_buffer_add(&text, step->key, step->key_length);
    else
        parity_python_string_text(&text, step->key, step->key_length);
    if (last && !text.failed)
        drop_quotes(&text);
    out->length = text.length;
    out->text = parity_buffer_take(&text);
    return out->text ? 0 : -1;
}

static void clear_way(struct way *way)
{
    for (size_t i = 0; i < way->count; i++)
        parity_free(way->steps[i].text);
    parity_free(way->steps);
}

/* The names belong to the document, parts of which are about to go: copy them. */
static int write_way(const struct parity_jsonpath_node *node, struct way *out)
{
    out->steps = parity_calloc(node->step_count + 1, sizeof *out->steps);
    if (!out->steps)
        return -1;
    for (; out->count < node->step_count; out->count++)
        if (write_step(&node->steps[out->count], out->count + 1 == node->step_count,
                       &out->steps[out->count]) < 0)
            return -1;
    return 0;
}

/* "[3]" gives 3; -1: the text is no such number. */
static long long numeric(const struct step *step)
{
    const char *at = step->text, *end = step->text + step->length;
    long long value = 0;

    while (at < end && *at == '[')
        at++;
    while (end > at && end[-1] == ']')
        end--;
    if (at == end || end - at > 17)
        return -1;
    for (; at < end; at++) {
        if (!isdigit((unsigned char)*at))
            return -1;
        value = value * 10 + (*at - '0');
    }
    return value;
}

static int fail_range(struct parity_error *err)
{
    parity_fail(err, PARITY_E_INVALID, NULL,
                "a list position of this skip path is outside its list");
    return -1;
}

/* One step before the last one. In a list, a text that is no number leads nowhere: the list stays
   where the walk is. */
static int follow(const struct step *step, json_t **at, json_t *place, struct parity_error *err)
{
    long long position = numeric(step);

    if (json_is_array(*at)) {
        if (position < 0)
            return 0;
        if ((size_t)position >= json_array_size(*at))
            return fail_range(err);
        *at = json_array_get(*at, (size_t)position);
        return json_array_append_new(place, json_integer(position));
    }
    if (*at && parity_json_kind(*at) == PARITY_JSON_OBJECT) {
        *at = json_object_getn(*at, step->text, step->length);
        return json_array_append_new(place, json_stringn_nocheck(step->text, step->length));
    }
    return 0;
}

static int note(const struct removal *r, const json_t *place)
{
    struct parity_buffer text = {0};
    json_t *paths;
    int rc = 0;

    if (!r->removed)
        return 0;
    parity_json_write(&text, place, PARITY_JSON_LINE);
    paths = text.failed ? NULL : json_object_getn(r->removed, text.data, text.length);
    if (!paths && !text.failed) {
        paths = json_array();
        rc = json_object_setn_new_nocheck(r->removed, text.data, text.length, paths);
    }
    if (rc == 0)
        rc = json_array_append_new(paths, json_integer((json_int_t)r->path));
    if (text.failed)
        rc = -1;
    parity_buffer_clear(&text);
    return rc;
}

static int remove_item(struct removal *r, json_t *array, const struct step *step, json_t *place,
                       struct parity_error *err)
{
    long long size = (long long)json_array_size(array), position = step->position;

    if (!step->is_position) {
        position = numeric(step);
        if (position < 0)
            return 0;
    }
    if (position < 0)
        position += size;
    if (position < 0 || position >= size)
        return fail_range(err);
    r->marked = true;
    return json_array_append_new(place, json_integer(position)) < 0 ||
                   json_array_set(array, (size_t)position, r->marker) < 0
               ? -1
               : note(r, place);
}

static int remove_member(const struct removal *r, json_t *object, const struct step *step,
                         json_t *place)
{
    if (!json_object_getn(object, step->text, step->length))
        return 0;
    if (json_object_deln(object, step->text, step->length) < 0 ||
        json_array_append_new(place, json_stringn_nocheck(step->text, step->length)) < 0)
        return -1;
    return note(r, place);
}

static int remove_at(struct removal *r, const struct way *way, struct parity_error *err)
{
    json_t *place = json_array(); /* the way as it was gone */
    json_t *at = r->state;
    int rc = place ? 0 : -1;

    for (size_t i = 0; i + 1 < way->count && rc == 0; i++)
        rc = follow(&way->steps[i], &at, place, err);
    if (rc == 0 && json_is_array(at))
        rc = remove_item(r, at, &way->steps[way->count - 1], place, err);
    else if (rc == 0 && at && parity_json_kind(at) == PARITY_JSON_OBJECT)
        rc = remove_member(r, at, &way->steps[way->count - 1], place);
    json_decref(place);
    return rc;
}

/* All ways are written down before the first removal. */
static int remove_nodes(struct removal *r, const struct parity_jsonpath_nodes *nodes,
                        struct parity_error *err)
{
    struct way *ways = parity_calloc(nodes->count + 1, sizeof *ways);
    int rc = ways ? 0 : -1;

    for (size_t i = 0; i < nodes->count && rc == 0; i++) {
        rc = write_way(&nodes->items[i], &ways[i]);
        if (rc == 0 && ways[i].count == 0) {
            parity_fail(err, PARITY_E_INVALID, NULL,
                        "this skip path selects the whole state; name what is to be left out");
            rc = -1;
        }
    }
    for (size_t i = 0; i < nodes->count && rc == 0; i++)
        rc = remove_at(r, &ways[i], err);
    for (size_t i = 0; ways && i < nodes->count; i++)
        clear_way(&ways[i]);
    parity_free(ways);
    return rc;
}

static int remove_path(struct removal *r, const char *text, struct parity_error *err)
{
    struct parity_jsonpath_nodes nodes = {0};
    struct parity_jsonpath *path = parity_jsonpath_compile(text, PARITY_JSONPATH_LOCALSTACK, err);
    int rc = -1;

    if (path && parity_jsonpath_find(path, r->state, &nodes, err) == 0)
        rc = remove_nodes(r, &nodes, err);
    if (rc < 0) {
        parity_fail_nomem(err); /* unless there is a better reason */
        /* A path that does not parse is its own context. */
        if (err && strncmp(err->context, text, strlen(text)) == 0)
            parity_error_add_context(err, "skip path");
        else
            parity_error_add_context(err, "skip path %s", text);
    }
    parity_jsonpath_nodes_clear(&nodes);
    parity_jsonpath_free(path);
    return rc;
}

/* Take the markers out of all lists; as in the reference, also an item that was this text before.
 */
static void sweep(json_t *value, const json_t *marker)
{
    const char *key;
    json_t *child;

    if (json_is_array(value)) {
        for (size_t i = json_array_size(value); i-- > 0;) {
            child = json_array_get(value, i);
            if (json_equal(child, marker))
                json_array_remove(value, i);
            else
                sweep(child, marker);
        }
    } else if (json_is_object(value)) {
        json_object_foreach(value, key, child)
            sweep(child, marker);
    }
}

int parity_skip_remove_noting(json_t *state, const char *const *paths, size_t path_count,
                              json_t *removed, struct parity_error *err)
{
    struct removal r = {.state = state, .marker = json_string(marker_text), .removed = removed};
    int rc = 0;

    if (!r.marker) {
        parity_fail_nomem(err);
        return -1;
    }
    for (r.path = 0; r.path < path_count && rc == 0; r.path++)
        rc = remove_path(&r, paths[r.path], err);
    if (r.marked)
        sweep(state, r.marker);
    json_decref(r.marker);
    return rc;
}

int parity_skip_remove(json_t *state, const char *const *paths, size_t path_count,
                       struct parity_error *err)
{
    return parity_skip_remove_noting(state, paths, path_count, NULL, err);
}
