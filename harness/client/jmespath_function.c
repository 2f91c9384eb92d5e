/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "client/jmespath_node.h"

/* Each returns a new value; NULL when out of memory or, with `*wrong` naming what it takes, for
 * arguments of another type. */

static json_t *length(json_t *const *arguments, size_t count, const char **wrong)
{
    const json_t *value = arguments[0];

    (void)count;
    if (json_is_string(value))
        return json_integer(
            (json_int_t)parity_utf8_count(json_string_value(value), json_string_length(value)));
    if (json_is_array(value))
        return json_integer((json_int_t)json_array_size(value));
    if (json_is_object(value))
        return json_integer((json_int_t)json_object_size(value));
    *wrong = "a string, a list or an object";
    return NULL;
}

static json_t *members(const json_t *object, bool keys)
{
    json_t *list = json_array(), *value;
    const char *key;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
        if (json_array_append_new(list, keys ? json_string_nocheck(key) : json_incref(value)) < 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *keys(json_t *const *arguments, size_t count, const char **wrong)
{
    (void)count;
    if (json_is_object(arguments[0]))
        return members(arguments[0], true);
    *wrong = "an object";
    return NULL;
}

static json_t *values(json_t *const *arguments, size_t count, const char **wrong)
{
    (void)count;
    if (json_is_object(arguments[0]))
        return members(arguments[0], false);
    *wrong = "an object";
    return NULL;
}

static json_t *contains(json_t *const *arguments, size_t count, const char **wrong)
{
    size_t index;
    json_t *item;

    (void)count;
    if (json_is_string(arguments[0]))
        return json_boolean(
            json_is_string(arguments[1]) &&
            memmem(json_string_value(arguments[0]), json_string_length(arguments[0]),
                   json_string_value(arguments[1]), json_string_length(arguments[1])) != NULL);
    if (!json_is_array(arguments[0])) {
        *wrong = "a list or a string";
        return NULL;
    }
    json_array_foreach(arguments[0], index, item)
        if (parity_json_equal(item, arguments[1]))
            return json_true();
    return json_false();
}

static json_t *matches_end(json_t *const *arguments, bool at_start, const char **wrong)
{
    size_t whole = json_string_length(arguments[0]), part = json_string_length(arguments[1]);

    if (!json_is_string(arguments[0]) || !json_is_string(arguments[1])) {
        *wrong = "two strings";
        return NULL;
    }
    return json_boolean(part <= whole &&
                        memcmp(json_string_value(arguments[0]) + (at_start ? 0 : whole - part),
                               json_string_value(arguments[1]), part) == 0);
}

static json_t *starts_with(json_t *const *arguments, size_t count, const char **wrong)
{
    (void)count;
    return matches_end(arguments, true, wrong);
}

static json_t *ends_with(json_t *const *arguments, size_t count, const char **wrong)
{
    (void)count;
    return matches_end(arguments, false, wrong);
}

static json_t *not_null(json_t *const *arguments, size_t count, const char **wrong)
{
    (void)wrong;
    for (size_t i = 0; i < count; i++)
        if (!json_is_null(arguments[i]))
            return json_incref(arguments[i]);
    return json_null();
}

static json_t *type(json_t *const *arguments, size_t count, const char **wrong)
{
    static const char *const names[] = {
        [PARITY_JSON_NULL] = "null",       [PARITY_JSON_BOOLEAN] = "boolean",
        [PARITY_JSON_INTEGER] = "number",  [PARITY_JSON_REAL] = "number",
        [PARITY_JSON_STRING] = "string",   [PARITY_JSON_BYTES] = "string",
        [PARITY_JSON_DATETIME] = "string", [PARITY_JSON_ARRAY] = "array",
        [PARITY_JSON_OBJECT] = "object"};

    (void)count;
    (void)wrong;
    return json_string(names[parity_json_kind(arguments[0])]);
}

static const struct entry {
    const char *name;
    size_t least, most;
    json_t *(*run)(json_t *const *arguments, size_t count, const char **wrong);
} functions[] = {
    {"contains", 2, 2, contains}, {"ends_with", 2, 2, ends_with},
    {"keys", 1, 1, keys},         {"length", 1, 1, length},
    {"not_null", 1, 8, not_null}, {"starts_with", 2, 2, starts_with},
    {"type", 1, 1, type},         {"values", 1, 1, values},
};

int parity_jmespath_call(const char *name, json_t *const *arguments, size_t count, json_t **out,
                         struct parity_error *err)
{
    const struct entry *entry = NULL;
    const char *wrong = NULL;

    *out = NULL;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strcmp(functions[i].name, name) == 0)
            entry = &functions[i];
    if (!entry) {
        parity_fail(err, PARITY_E_INVALID, NULL, "JMESPath: unknown function %.40s()", name);
        return -1;
    }
    if (count < entry->least || count > entry->most) {
        parity_fail(err, PARITY_E_INVALID, NULL, "JMESPath: %s() is called with %zu arguments",
                    name, count);
        return -1;
    }
    *out = entry->run(arguments, count, &wrong);
    if (*out)
        return 0;
    if (wrong)
        parity_fail(err, PARITY_E_INVALID, NULL, "JMESPath: %s() takes %s", name, wrong);
    else
        parity_fail_nomem(err);
    return -1;
}
