/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/resolve.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/suggest.h"

/* --- failures ----------------------------------------------------------------------------------
 */

__attribute__((format(printf, 5, 6))) static int
fail_at(struct parity_error *err, enum parity_errc code, const struct parity_place *place,
        const struct parity_reference *reference, const char *format, ...)
{
    struct parity_buffer path = {0};
    char text[600];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    parity_place_write(place, &path);
    parity_fail(err, code, path.data && !path.failed ? path.data : NULL, "${%.*s}: %s",
                (int)reference->length, reference->text, text);
    parity_buffer_clear(&path);
    return -1;
}

/* The members of an object, shortened, for a message. */
static void list_members(const json_t *object, char *out, size_t size)
{
    json_t *mutable = (json_t *)(uintptr_t)object; /* iterators take no const */
    size_t used = 0;

    out[0] = '\0';
    for (void *m = json_object_iter(mutable); m && used + 60 < size;
         m = json_object_iter_next(mutable, m)) {
        int length =
            snprintf(out + used, size - used, "%s%.40s", used ? ", " : "", json_object_iter_key(m));

        used += length > 0 ? (size_t)length : 0;
    }
}

static int fail_absent(struct parity_error *err, const struct parity_place *place,
                       const struct parity_reference *reference, const json_t *found,
                       const char *part)
{
    json_t *mutable = (json_t *)(uintptr_t)found; /* iterators take no const */
    const char *nearest = NULL;
    char members[300];

    if (json_is_array(found))
        return fail_at(err, PARITY_E_RESPONSE, place, reference,
                       "there is no '%s' in a list of %zu items", part, json_array_size(found));
    if (!json_is_object(found))
        return fail_at(err, PARITY_E_RESPONSE, place, reference,
                       "there is nothing to look up '%s' in", part);
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
        nearest = parity_suggest(part, nearest, json_object_iter_key(m));
    if (nearest)
        return fail_at(err, PARITY_E_RESPONSE, place, reference,
                       "no member '%s' was answered; did you mean '%s'?", part, nearest);
    list_members(found, members, sizeof members);
    return fail_at(err, PARITY_E_RESPONSE, place, reference,
                   "no member '%s' was answered (only %s)", part, members[0] ? members : "nothing");
}

static int fail_twice(struct parity_error *err, const struct parity_place *place)
{
    struct parity_buffer path = {0};

    parity_place_write(place, &path);
    parity_fail(err, PARITY_E_INVALID, path.data && !path.failed ? path.data : NULL,
                "two members have one name when references are resolved");
    parity_buffer_clear(&path);
    return -1;
}

/* --- one reference -----------------------------------------------------------------------------
 */

/* The value of a name; borrowed. NULL with `err`. */
static json_t *look_up(struct parity_scenario_values *values, const struct parity_place *place,
                       const struct parity_reference *reference, struct parity_error *err)
{
    json_t *value = json_object_get(values->values, reference->head), *made;
    struct parity_place let = {.value = values->let}, member;

    if (value)
        return value;
    if (!json_object_get(values->let, reference->head)) {
        fail_at(err, PARITY_E_INVALID, place, reference, "nothing is called '%s' by now",
                reference->head);
        return NULL;
    }
    member = parity_place_member(&let, reference->head);
    if (parity_scenario_resolve(values, &member, &made, err) < 0)
        return NULL;
    if (json_object_set_new(values->values, reference->head, made) < 0) {
        parity_fail_nomem(err);
        return NULL;
    }
    return made;
}

/* The item of a list at "0"; NULL if there is none. */
static json_t *item_of(const json_t *list, const char *part)
{
    char *end;
    unsigned long index;

    if (part[0] < '0' || part[0] > '9')
        return NULL;
    index = strtoul(part, &end, 10);
    return *end ? NULL : json_array_get(list, index);
}

/* Values that stand for each other twice, or step after step, grow without end. */
enum { LONGEST = 16 * 1024 * 1024, MOST = 1000 * 1000, DEEPEST = 2048 };

/* Count a value that references put in. @return whether it is neither too large nor too deep */
static bool count_in(size_t *count, const json_t *value, size_t around)
{
    json_t *item, *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */
    size_t i;

    if (++*count > MOST || around > DEEPEST)
        return false;
    json_array_foreach(mutable, i, item)
        if (!count_in(count, item, around + 1))
            return false;
    for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
        if (!count_in(count, json_object_iter_value(m), around + 1))
            return false;
    return true;
}

static int follow(struct parity_scenario_values *values, json_t *value,
                  const struct parity_place *place, const struct parity_reference *reference,
                  json_t **out, struct parity_error *err)
{
    const char *at = reference->path;
    char part[256];

    while (parity_reference_part(reference, &at, part, sizeof part)) {
        json_t *next = json_is_array(value) ? item_of(value, part) : json_object_get(value, part);

        if (!next)
            return fail_absent(err, place, reference, value, part);
        value = next;
    }
    if (!count_in(&values->count, value, 0))
        return fail_at(err, PARITY_E_LIMIT, place, reference,
                       "values grow beyond what a test can hold: %d in all, %d deep", MOST,
                       DEEPEST);
    *out = parity_json_copy(value);
    if (!*out)
        parity_fail_nomem(err);
    return *out ? 0 : -1;
}

static const char *target_text(struct parity_test *t, const char *name)
{
    const char *text = strcmp(name, "account") == 0  ? parity_test_account_id(t)
                       : strcmp(name, "region") == 0 ? parity_test_region(t)
                                                     : parity_test_partition(t);

    return text ? text : "";
}

/* `*out` is new. */
static int resolve_reference(struct parity_scenario_values *values,
                             const struct parity_place *place, const char *text, size_t length,
                             json_t **out, struct parity_error *err)
{
    struct parity_reference reference;
    json_t *value;

    *out = NULL;
    parity_reference_read(text, length, &reference);
    if (reference.kind == PARITY_REFERENCE_BROKEN)
        return fail_at(err, PARITY_E_INVALID, place, &reference, "this is no reference");
    if (reference.kind == PARITY_REFERENCE_NAME) {
        value = look_up(values, place, &reference, err);
        return value ? follow(values, value, place, &reference, out, err) : -1;
    }
    *out = json_string_nocheck(reference.kind == PARITY_REFERENCE_UNIQUE
                                   ? parity_test_unique_name(values->t, reference.head)
                                   : target_text(values->t, reference.head));
    if (!*out)
        parity_fail_nomem(err);
    return *out ? 0 : -1;
}

/* --- texts -------------------------------------------------------------------------------------
 */

/* Append what a value is inside a text. */
static int insert(const json_t *value, const struct parity_place *place, const char *text,
                  size_t length, struct parity_buffer *out, struct parity_error *err)
{
    const struct parity_reference reference = {.text = text, .length = length};

    if (parity_json_add_plain(out, value))
        return 0;
    return fail_at(err, PARITY_E_INVALID, place, &reference,
                   "only texts, numbers, truth values and times can stand inside a text");
}

static int resolve_text(struct parity_scenario_values *values, const struct parity_place *place,
                        const char *text, size_t length, struct parity_buffer *out,
                        struct parity_error *err)
{
    struct parity_reference_reader reader = {text, text + length};
    enum parity_reference_piece piece;

    while ((piece = parity_reference_next(&reader, &text, &length)) != PARITY_PIECE_END) {
        json_t *value;
        int rc;

        if (piece != PARITY_PIECE_REFERENCE) {
            parity_buffer_add(out, text, length);
            continue;
        }
        if (resolve_reference(values, place, text, length, &value, err) < 0)
            return -1;
        rc = insert(value, place, text, length, out, err);
        json_decref(value);
        if (rc == 0 && out->length > LONGEST)
            rc = fail_at(err, PARITY_E_LIMIT, place,
                         &(const struct parity_reference){.text = text, .length = length},
                         "the text grows beyond %d MiB", LONGEST / (1024 * 1024));
        if (rc < 0)
            return -1;
    }
    if (out->failed)
        parity_fail_nomem(err);
    return out->failed ? -1 : 0;
}

static int resolve_string(struct parity_scenario_values *values, const struct parity_place *place,
                          json_t **out, struct parity_error *err)
{
    const char *text = json_string_value(place->value);
    size_t length = json_string_length(place->value);
    struct parity_buffer made = {0};
    int rc;

    if (parity_reference_is_whole(text, length))
        return resolve_reference(values, place, text + 2, length - 3, out, err);
    rc = resolve_text(values, place, text, length, &made, err);
    if (rc == 0) {
        *out = json_stringn_nocheck(made.data ? made.data : "", made.length);
        if (!*out) {
            parity_fail_nomem(err);
            rc = -1;
        }
    }
    parity_buffer_clear(&made);
    return rc;
}

/* --- values ------------------------------------------------------------------------------------
 */

static int resolve_items(struct parity_scenario_values *values, const struct parity_place *place,
                         json_t *out, struct parity_error *err)
{
    for (size_t i = 0; i < json_array_size(place->value); i++) {
        struct parity_place item = parity_place_item(place, i);
        json_t *value;

        if (parity_scenario_resolve(values, &item, &value, err) < 0)
            return -1;
        if (json_array_append_new(out, value) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
    }
    return 0;
}

/* Under a name with references in it, resolved. Steals `value`. */
static int set_under(struct parity_scenario_values *values, const struct parity_place *member,
                     size_t length, json_t *out, json_t *value, struct parity_error *err)
{
    struct parity_buffer name = {0};
    int rc = resolve_text(values, member, member->name, length, &name, err);

    if (rc < 0) {
        json_decref(value);
    } else if (json_object_setn_new_nocheck(out, name.data ? name.data : "", name.length, value) <
               0) {
        parity_fail_nomem(err);
        rc = -1;
    }
    parity_buffer_clear(&name);
    return rc;
}

static int resolve_member(struct parity_scenario_values *values, const struct parity_place *place,
                          void *m, json_t *out, struct parity_error *err)
{
    struct parity_place member = parity_place_at(place, m);
    size_t length = json_object_iter_key_len(m);
    json_t *value;

    if (parity_scenario_resolve(values, &member, &value, err) < 0)
        return -1;
    if (parity_reference_opens(member.name, length))
        return set_under(values, &member, length, out, value, err);
    if (json_object_setn_new_nocheck(out, member.name, length, value) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

static int resolve_members(struct parity_scenario_values *values, const struct parity_place *place,
                           json_t *out, struct parity_error *err)
{
    json_t *mutable = (json_t *)(uintptr_t)place->value; /* iterators take no const */
    int rc = 0;

    for (void *m = json_object_iter(mutable); rc == 0 && m; m = json_object_iter_next(mutable, m))
        rc = resolve_member(values, place, m, out, err);
    if (rc == 0 && json_object_size(out) < json_object_size(mutable))
        rc = fail_twice(err, place);
    return rc;
}

int parity_scenario_resolve(struct parity_scenario_values *values, const struct parity_place *place,
                            json_t **out, struct parity_error *err)
{
    int rc;

    *out = NULL;
    if (!parity_reference_occurs(place->value)) {
        *out = json_incref((json_t *)(uintptr_t)place->value); /* frozen, see source.h */
        return 0;
    }
    if (json_is_string(place->value))
        return resolve_string(values, place, out, err);
    *out = json_is_array(place->value) ? json_array() : json_object();
    if (!*out) {
        parity_fail_nomem(err);
        return -1;
    }
    rc = json_is_array(place->value) ? resolve_items(values, place, *out, err)
                                     : resolve_members(values, place, *out, err);
    if (rc < 0) {
        json_decref(*out);
        *out = NULL;
    }
    return rc;
}

/* --- what is known -----------------------------------------------------------------------------
 */

static bool is_text_resolvable(const struct parity_scenario_values *values, const char *text,
                               size_t length)
{
    struct parity_reference_reader reader = {text, text + length};
    struct parity_reference reference;

    while (parity_reference_find(&reader, &reference))
        if (reference.kind == PARITY_REFERENCE_NAME &&
            !json_object_get(values->values, reference.head) &&
            !json_object_get(values->let, reference.head))
            return false;
    return true;
}

bool parity_scenario_is_resolvable(const struct parity_scenario_values *values, const json_t *value)
{
    json_t *item, *mutable = (json_t *)(uintptr_t)value; /* iterators take no const */
    size_t i;

    if (json_is_string(value))
        return is_text_resolvable(values, json_string_value(value), json_string_length(value));
    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            if (!parity_scenario_is_resolvable(values, item))
                return false;
    } else if (json_is_object(value)) {
        for (void *m = json_object_iter(mutable); m; m = json_object_iter_next(mutable, m))
            if (!is_text_resolvable(values, json_object_iter_key(m), json_object_iter_key_len(m)) ||
                !parity_scenario_is_resolvable(values, json_object_iter_value(m)))
                return false;
    }
    return true;
}
