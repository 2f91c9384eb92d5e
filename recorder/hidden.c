/* SPDX-License-Identifier: Apache-2.0 */
#include "hidden.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"

/* Places are compared as one line of JSON: ["match key", "member", 0]. */
struct finder {
    const struct parity_skip_list *skips;
    const json_t *recorded, *observed; /* place → numbers of the paths that removed it */
    json_t *above;                     /* every place above one of these → the same */
    json_t *left;                      /* places that still differ, positions left out */
    json_t *hidden;
    bool *used; /* one for each path */
};

static int write_place(const json_t *place, struct parity_buffer *text)
{
    parity_buffer_reset(text);
    parity_json_write(text, place, PARITY_JSON_LINE);
    return text->failed ? -1 : 0;
}

/* The match key and the path of a difference as one place. New. */
static json_t *place_of(const json_t *difference, bool positions)
{
    json_t *place = json_array();
    const json_t *path = json_object_get(difference, "path");
    json_t *step;
    size_t i;

    if (json_array_append(place, json_object_get(difference, "key")) < 0)
        goto failed;
    json_array_foreach(path, i, step) {
        if ((positions || !json_is_integer(step)) && json_array_append(place, step) < 0)
            goto failed;
    }
    return place;
failed:
    json_decref(place);
    return NULL;
}

/* For each place in `removed`: the places above it, in `above`. */
static int add_above(json_t *above, const json_t *removed)
{
    struct parity_buffer text = {0};
    const char *line;
    json_t *paths;
    int rc = 0;

    json_object_foreach((json_t *)(uintptr_t)removed, line, paths) {
        json_t *place = NULL;

        rc = parity_json_parse(line, strlen(line), NULL, &place, NULL);
        while (rc == 0 && json_array_size(place) > 1) {
            json_array_remove(place, json_array_size(place) - 1);
            rc = write_place(place, &text);
            if (rc == 0 && !json_object_getn(above, text.data, text.length))
                rc = json_object_setn_nocheck(above, text.data, text.length, paths);
        }
        json_decref(place);
        if (rc < 0)
            break;
    }
    parity_buffer_clear(&text);
    return rc;
}

static int collect_left(struct finder *f, const json_t *left)
{
    struct parity_buffer text = {0};
    json_t *difference;
    size_t i;
    int rc = 0;

    json_array_foreach(left, i, difference) {
        json_t *place = place_of(difference, false);

        rc = place ? write_place(place, &text) : -1;
        if (rc == 0)
            rc = json_object_setn_new_nocheck(f->left, text.data, text.length, json_true());
        json_decref(place);
        if (rc < 0)
            break;
    }
    parity_buffer_clear(&text);
    return rc;
}

/* The paths that removed `place` or something above it; borrowed, NULL: none. */
static int removed_by(const struct finder *f, json_t *place, const json_t **out)
{
    struct parity_buffer text = {0};
    int rc = 0;

    *out = NULL;
    while (rc == 0 && !*out && json_array_size(place) > 0) {
        rc = write_place(place, &text);
        if (rc == 0)
            *out = json_object_getn(f->recorded, text.data, text.length);
        if (rc == 0 && !*out)
            *out = json_object_getn(f->observed, text.data, text.length);
        json_array_remove(place, json_array_size(place) - 1);
    }
    parity_buffer_clear(&text);
    return rc;
}

/* A container that differed as a whole, and does not any more since a path removed part of it. */
static int settled_by(const struct finder *f, const json_t *difference, const json_t **out)
{
    struct parity_buffer text = {0};
    json_t *exact = place_of(difference, true), *rough = place_of(difference, false);
    int rc = exact && rough ? write_place(exact, &text) : -1;

    *out = rc == 0 ? json_object_getn(f->above, text.data, text.length) : NULL;
    if (rc == 0 && *out) {
        rc = write_place(rough, &text);
        if (rc == 0 && json_object_getn(f->left, text.data, text.length))
            *out = NULL;
    }
    json_decref(exact);
    json_decref(rough);
    parity_buffer_clear(&text);
    return rc;
}

static int hide(struct finder *f, const json_t *difference, const json_t *paths)
{
    size_t first = (size_t)json_integer_value(json_array_get(paths, 0));
    json_t *copy = json_copy((json_t *)(uintptr_t)difference);
    const char *reason = f->skips->reasons[first];
    json_t *number;
    size_t i;

    json_array_foreach(paths, i, number)
        f->used[json_integer_value(number)] = true;
    if (!copy ||
        json_object_set_new_nocheck(copy, "reason", reason ? json_string(reason) : json_null()) <
            0 ||
        json_object_set_new_nocheck(copy, "skip", json_string(f->skips->paths[first])) < 0) {
        json_decref(copy);
        return -1;
    }
    return json_array_append_new(f->hidden, copy);
}

static int find_hidden(struct finder *f, const json_t *all)
{
    json_t *difference;
    size_t i;

    json_array_foreach(all, i, difference) {
        json_t *place = place_of(difference, true);
        const json_t *paths = NULL;
        int rc = place ? removed_by(f, place, &paths) : -1;

        if (rc == 0 && !paths)
            rc = settled_by(f, difference, &paths);
        if (rc == 0 && paths)
            rc = hide(f, difference, paths);
        json_decref(place);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static json_t *unused_paths(const struct finder *f, bool known)
{
    json_t *out = json_array();

    for (size_t i = 0; known && i < f->skips->count; i++) {
        if (!f->used[i] && json_array_append_new(out, json_string(f->skips->paths[i])) < 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

int parity_hidden_find(const struct parity_skip_list *skips, const json_t *all, const json_t *left,
                       const json_t *recorded, const json_t *observed, json_t **hidden,
                       json_t **unused, struct parity_error *err)
{
    struct finder f = {skips,
                       recorded,
                       observed,
                       json_object(),
                       json_object(),
                       json_array(),
                       parity_calloc(skips->count + 1, sizeof *f.used)};
    int rc = -1;

    *hidden = *unused = NULL;
    if (f.above && f.left && f.hidden && f.used && add_above(f.above, recorded) == 0 &&
        add_above(f.above, observed) == 0 && collect_left(&f, left) == 0 &&
        find_hidden(&f, all) == 0) {
        *hidden = json_incref(f.hidden);
        *unused = unused_paths(&f, all != NULL);
        rc = *unused ? 0 : -1;
    }
    if (rc < 0) {
        json_decref(*hidden);
        *hidden = NULL;
        parity_fail_nomem(err);
    }
    json_decref(f.above);
    json_decref(f.left);
    json_decref(f.hidden);
    parity_free(f.used);
    return rc;
}
