/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder/secrets.h"

#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "recorder/secret_text.h"
#include "transformers/jsonpath/jsonpath.h"

/* A way from the root, as a chain on the stack: paths are only spelt out for what is found. */
struct place {
    const struct place *parent; /* NULL: the root */
    struct parity_jsonpath_step step;
};

struct scan {
    struct parity_secret_search search;
    char **allowed; /* normalized paths; what stands below them is let through too */
    size_t allowed_count, allowed_capacity;
    /* The first that was found, and how many more. */
    char *path;
    char *member;
    const char *what;
    size_t more;
};

static void scan_clear(struct scan *scan)
{
    for (size_t i = 0; i < scan->allowed_count; i++)
        parity_free(scan->allowed[i]);
    parity_free(scan->allowed);
    parity_free(scan->path);
    parity_free(scan->member);
}

/* New, or NULL when out of memory. */
static char *spell(const struct place *place)
{
    struct parity_jsonpath_node node = {0};
    struct parity_buffer text = {0};
    size_t at = 0;

    for (const struct place *step = place; step && step->parent; step = step->parent)
        node.step_count++;
    node.steps = parity_calloc(node.step_count + 1, sizeof *node.steps);
    if (!node.steps)
        return NULL;
    at = node.step_count;
    for (const struct place *step = place; step && step->parent; step = step->parent)
        node.steps[--at] = step->step;
    parity_jsonpath_normalized(&node, &text);
    parity_free(node.steps);
    return parity_buffer_take(&text);
}

static int add_allowed(struct scan *scan, const struct parity_jsonpath_nodes *nodes)
{
    for (size_t i = 0; i < nodes->count; i++) {
        struct parity_buffer text = {0};

        if (parity_grow(&scan->allowed, &scan->allowed_capacity, scan->allowed_count + 1,
                        sizeof *scan->allowed) < 0)
            return -1;
        parity_jsonpath_normalized(&nodes->items[i], &text);
        scan->allowed[scan->allowed_count] = parity_buffer_take(&text);
        if (!scan->allowed[scan->allowed_count])
            return -1;
        scan->allowed_count++;
    }
    return 0;
}

/* Finds what `--allow` names in this state. A path that means nothing here means another test. */
static int find_allowed(struct scan *scan, const char *path, json_t *state,
                        struct parity_error *err)
{
    struct parity_jsonpath_nodes nodes = {0};
    struct parity_error failure = {0};
    struct parity_jsonpath *compiled =
        parity_jsonpath_compile(path, PARITY_JSONPATH_LOCALSTACK, &failure);
    int rc = -1;

    if (!compiled) {
        parity_error_add_context(&failure, "--allow");
        if (err && err->code == PARITY_OK)
            *err = failure;
        return -1;
    }
    if (parity_jsonpath_find(compiled, state, &nodes, &failure) < 0)
        rc = failure.code == PARITY_E_NOMEM ? -1 : 0;
    else
        rc = add_allowed(scan, &nodes);
    if (rc < 0)
        parity_fail_nomem(err);
    parity_jsonpath_nodes_clear(&nodes);
    parity_jsonpath_free(compiled);
    return rc;
}

static int scan_init(struct scan *scan, const struct parity_secrets_options *options,
                     const json_t *state, struct parity_error *err)
{
    json_t *copy; /* the look-up takes no constant document */
    int rc = 0;

    memset(scan, 0, sizeof *scan);
    scan->search.identities = options->identities;
    scan->search.identity_count = options->identity_count;
    if (!options->allow || !options->allow[0])
        return 0;
    copy = parity_json_copy(state);
    if (!copy) {
        parity_fail_nomem(err);
        return -1;
    }
    for (const char *const *path = options->allow; rc == 0 && *path; path++)
        rc = find_allowed(scan, *path, copy, err);
    json_decref(copy);
    if (rc < 0)
        scan_clear(scan);
    return rc;
}

static bool is_allowed(const struct scan *scan, const char *path)
{
    for (size_t i = 0; i < scan->allowed_count; i++) {
        size_t length = strlen(scan->allowed[i]);

        if (strncmp(path, scan->allowed[i], length) == 0 &&
            (path[length] == '\0' || path[length] == '['))
            return true;
    }
    return false;
}

/* Keeps the first place. @return whether it counts, that is, is not allowed */
static bool note(struct scan *scan, const struct place *place, const char *what, bool in_name)
{
    char *path;

    if (!what || scan->search.failed)
        return false;
    path = spell(place);
    if (!path) {
        scan->search.failed = true;
        return false;
    }
    if (is_allowed(scan, path)) {
        parity_free(path);
        return false;
    }
    if (scan->what) {
        scan->more++;
        parity_free(path);
        return true;
    }
    scan->what = what;
    scan->path = path;
    if (in_name) {
        /* The path would say it. */
        char *parent = spell(place->parent);

        scan->path = parent ? parity_asprintf("%s.*", parent) : NULL;
        scan->search.failed = !scan->path;
        parity_free(parent);
        parity_free(path);
    } else if (place->step.key) {
        scan->member = parity_strndup(place->step.key, place->step.key_length);
        scan->search.failed = !scan->member;
    }
    return true;
}

/* What a member's name or value holds; `what` is NULL when it may be written. */
struct verdict {
    const char *name_what, *value_what;
};

static struct verdict judge_member(struct scan *scan, const struct place *place,
                                   const json_t *value)
{
    const char *name = place->step.key;
    size_t length = place->step.key_length;
    struct verdict verdict = {0};

    verdict.name_what = parity_secret_in_text(&scan->search, name, length);
    verdict.value_what = parity_secret_by_name(name, length, value);
    if (!verdict.value_what && !parity_json_is_container(value))
        verdict.value_what = parity_secret_in_scalar(&scan->search, value);
    if (!note(scan, place, verdict.name_what, true))
        verdict.name_what = NULL;
    if (!note(scan, place, verdict.value_what, false))
        verdict.value_what = NULL;
    return verdict;
}

static const char *judge_item(struct scan *scan, const struct place *place, const json_t *value)
{
    const char *what =
        parity_json_is_container(value) ? NULL : parity_secret_in_scalar(&scan->search, value);

    return note(scan, place, what, false) ? what : NULL;
}

static json_t *mask_text(const char *what)
{
    char text[64];

    snprintf(text, sizeof text, "<hidden: %s>", what);
    return json_string(text);
}

static json_t *masked_copy(struct scan *scan, const json_t *value, const struct place *place);

/* The copy under construction takes the member over, masked where it must be. */
static int copy_member(struct scan *scan, json_t *copy, const struct place *place,
                       const json_t *value)
{
    struct verdict verdict = judge_member(scan, place, value);
    json_t *name = verdict.name_what
                       ? mask_text(verdict.name_what)
                       : json_stringn_nocheck(place->step.key, place->step.key_length);
    int rc = -1;

    if (name)
        rc = json_object_setn_new_nocheck(copy, json_string_value(name), json_string_length(name),
                                          verdict.value_what ? mask_text(verdict.value_what)
                                                             : masked_copy(scan, value, place));
    json_decref(name);
    return rc;
}

static int copy_item(struct scan *scan, json_t *copy, const struct place *place,
                     const json_t *value)
{
    const char *what = judge_item(scan, place, value);

    return json_array_append_new(copy, what ? mask_text(what) : masked_copy(scan, value, place));
}

/* New, or NULL when out of memory. Also the plain scan: a copy costs little beside the search. */
static json_t *masked_copy(struct scan *scan, const json_t *value, const struct place *place)
{
    json_t *container = (json_t *)(uintptr_t)value; /* iterating changes nothing */
    struct place below = {.parent = place};
    json_t *copy, *item;
    size_t index;

    if (!parity_json_is_container(value))
        return parity_json_copy(value);
    copy = json_is_array(value) ? json_array() : json_object();
    if (!copy)
        return NULL;
    if (json_is_array(value)) {
        json_array_foreach(container, index, item) {
            below.step.index = (long)index;
            if (copy_item(scan, copy, &below, item) < 0)
                goto fail;
        }
        return copy;
    }
    json_object_keylen_foreach(container, below.step.key, below.step.key_length, item)
        if (copy_member(scan, copy, &below, item) < 0)
            goto fail;
    return copy;
fail:
    json_decref(copy);
    return NULL;
}

static void refuse(const struct scan *scan, struct parity_error *err)
{
    char more[48] = "";

    if (scan->more)
        snprintf(more, sizeof more, " (and %zu more)", scan->more);
    if (scan->member)
        parity_fail(err, PARITY_E_INVALID, scan->path,
                    "it holds what looks like %s%s; replace it by a "
                    "transformer (key_value for '%s', or regex), or let it through with --allow "
                    "\"%s\"",
                    scan->what, more, scan->member, scan->path);
    else
        parity_fail(err, PARITY_E_INVALID, scan->path,
                    "it holds what looks like %s%s; replace it by a "
                    "transformer (jsonpath or regex), or let it through with --allow \"%s\"",
                    scan->what, more, scan->path);
}

int parity_secrets_mask(const struct parity_secrets_options *options, const json_t *state,
                        json_t **out, struct parity_error *err)
{
    const struct place root = {0};
    struct scan scan;

    *out = NULL;
    if (scan_init(&scan, options, state, err) < 0)
        return -1;
    *out = masked_copy(&scan, state, &root);
    if (!*out || scan.search.failed) {
        json_decref(*out);
        *out = NULL;
        parity_fail_nomem(err);
    }
    scan_clear(&scan);
    return *out ? 0 : -1;
}

int parity_secrets_check(const struct parity_secrets_options *options, const json_t *state,
                         struct parity_error *err)
{
    const struct place root = {0};
    struct scan scan;
    json_t *copy;
    int rc = -1;

    if (scan_init(&scan, options, state, err) < 0)
        return -1;
    copy = masked_copy(&scan, state, &root);
    if (!copy || scan.search.failed)
        parity_fail_nomem(err);
    else if (scan.what)
        refuse(&scan, err);
    else
        rc = 0;
    json_decref(copy);
    scan_clear(&scan);
    return rc;
}
