/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/entry.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "emulator/emulator.h"

/* What a member may be. */
enum form { FORM_TEXT, FORM_TEXTS, FORM_TEXT_MAP, FORM_NUMBER, FORM_OBJECT, FORM_VERSION };

struct member {
    const char *name;
    enum form form;
    const struct member *members; /* of a FORM_OBJECT */
};

static const struct member request_members[] = {
    {"method", FORM_TEXT, NULL},   {"path", FORM_TEXT, NULL},
    {"status", FORM_NUMBER, NULL}, {"timeout_seconds", FORM_NUMBER, NULL},
    {NULL, FORM_TEXT, NULL},
};

static const struct member version_members[] = {
    {"command", FORM_TEXTS, NULL},
    {"path", FORM_TEXT, NULL},
    {"pointer", FORM_TEXT, NULL},
    {NULL, FORM_TEXT, NULL},
};

static const struct member credentials_members[] = {
    {"access_key_id", FORM_TEXT, NULL},
    {"secret_access_key", FORM_TEXT, NULL},
    {"session_token", FORM_TEXT, NULL},
    {NULL, FORM_TEXT, NULL},
};

static const struct member entry_members[] = {
    {"account_id", FORM_TEXT, NULL},
    {"command", FORM_TEXTS, NULL},
    {"credentials", FORM_OBJECT, credentials_members},
    {"endpoint_url", FORM_TEXT, NULL},
    {"environment", FORM_TEXT_MAP, NULL},
    {"ready", FORM_OBJECT, request_members},
    {"region", FORM_TEXT, NULL},
    {"reset", FORM_OBJECT, request_members},
    {"stop_timeout_seconds", FORM_NUMBER, NULL},
    {"version", FORM_VERSION, version_members},
    {NULL, FORM_TEXT, NULL},
};

static int check_object(const char *where, const json_t *value, const struct member *members,
                        struct parity_error *err);

static bool is_text(const json_t *value)
{
    return parity_json_kind(value) == PARITY_JSON_STRING &&
           strlen(json_string_value(value)) == json_string_length(value);
}

static int check_text(const char *where, const json_t *value, struct parity_error *err)
{
    if (is_text(value) && json_string_length(value) > 0)
        return 0;
    parity_fail(err, PARITY_E_INVALID, where, "must be a text that is not empty");
    return -1;
}

static int check_texts(const char *where, const json_t *value, struct parity_error *err)
{
    bool ok = json_is_array(value) && json_array_size(value) > 0;

    for (size_t i = 0; ok && i < json_array_size(value); i++)
        ok = is_text(json_array_get(value, i));
    if (!ok)
        parity_fail(err, PARITY_E_INVALID, where,
                    "must be a list of texts, a program and its arguments");
    return ok ? 0 : -1;
}

static int check_text_map(const char *where, const json_t *value, struct parity_error *err)
{
    json_t *object = (json_t *)(uintptr_t)value; /* iterating changes nothing */
    bool ok = parity_json_kind(value) == PARITY_JSON_OBJECT;
    const char *name;
    json_t *item;

    if (ok)
        json_object_foreach(object, name, item)
            ok = ok && is_text(item) && name[0] && !strchr(name, '=');
    if (!ok)
        parity_fail(err, PARITY_E_INVALID, where, "must be an object of names and texts");
    return ok ? 0 : -1;
}

static int check_number(const char *where, const json_t *value, struct parity_error *err)
{
    if (json_is_number(value) && json_number_value(value) > 0)
        return 0;
    parity_fail(err, PARITY_E_INVALID, where, "must be a number above 0");
    return -1;
}

static int check_version(const char *where, const json_t *value, const struct member *members,
                         struct parity_error *err)
{
    if (json_is_string(value))
        return check_text(where, value, err);
    if (check_object(where, value, members, err) < 0)
        return -1;
    if (!json_object_get(value, "command") == !json_object_get(value, "path")) {
        parity_fail(err, PARITY_E_INVALID, where,
                    "needs either 'command', which prints it, or 'path', which answers with it");
        return -1;
    }
    return 0;
}

static int check_member(const char *where, const json_t *value, const struct member *member,
                        struct parity_error *err)
{
    switch (member->form) {
    case FORM_TEXT:
        return check_text(where, value, err);
    case FORM_TEXTS:
        return check_texts(where, value, err);
    case FORM_TEXT_MAP:
        return check_text_map(where, value, err);
    case FORM_NUMBER:
        return check_number(where, value, err);
    case FORM_OBJECT:
        return check_object(where, value, member->members, err);
    case FORM_VERSION:
        return check_version(where, value, member->members, err);
    }
    return -1;
}

static int fail_unknown(const char *where, const char *name, const struct member *members,
                        struct parity_error *err)
{
    const char *nearest = NULL;

    for (const struct member *member = members; member->name; member++)
        nearest = parity_suggest(name, nearest, member->name);
    parity_fail(err, PARITY_E_INVALID, where, "unknown member '%s'%s%s%s", name,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return -1;
}

static int check_object(const char *where, const json_t *value, const struct member *members,
                        struct parity_error *err)
{
    json_t *object = (json_t *)(uintptr_t)value; /* iterating changes nothing */
    const char *name;
    json_t *item;

    if (parity_json_kind(value) != PARITY_JSON_OBJECT) {
        parity_fail(err, PARITY_E_INVALID, where, "must be an object");
        return -1;
    }
    json_object_foreach(object, name, item) {
        const struct member *member = members;
        char *path;
        int rc;

        while (member->name && strcmp(member->name, name) != 0)
            member++;
        if (!member->name)
            return fail_unknown(where, name, members, err);
        path = parity_asprintf("%s.%s", where, name);
        if (!path) {
            parity_fail_nomem(err);
            return -1;
        }
        rc = check_member(path, item, member, err);
        parity_free(path);
        if (rc < 0)
            return -1;
    }
    return 0;
}

int parity_emulator_check(const char *name, const json_t *entry, struct parity_error *err)
{
    char *where;
    int rc;

    if (strcmp(name, "aws") == 0) {
        parity_fail(err, PARITY_E_INVALID, "emulators.aws",
                    "an emulator cannot be called 'aws': its recordings would pass for AWS's");
        return -1;
    }
    where = parity_asprintf("emulators.%s", name);
    if (!where) {
        parity_fail_nomem(err);
        return -1;
    }
    rc = check_object(where, entry, entry_members, err);
    if (rc == 0 && !json_object_get(entry, "endpoint_url")) {
        parity_fail(err, PARITY_E_INVALID, where,
                    "needs 'endpoint_url', the URL that it answers at (with 'command': "
                    "\"http://127.0.0.1:{port}\")");
        rc = -1;
    }
    parity_free(where);
    return rc;
}

/* Appends what the placeholder at `text` stands for. @return its length, 0 when it is none, or -1
 */
static int expand_one(const char *text, const struct parity_entry_values *values,
                      struct parity_buffer *out, struct parity_error *err)
{
    if (strncmp(text, "{project}", 9) == 0) {
        parity_buffer_add_text(out, values->project);
        return 9;
    }
    if (strncmp(text, "{python}", 8) == 0) {
        parity_buffer_add_text(out, values->python);
        return 8;
    }
    if (strncmp(text, "{port}", 6) == 0) {
        if (values->port == 0) {
            parity_fail(err, PARITY_E_INVALID, NULL,
                        "'%s' needs a 'command' for which a port is chosen", text);
            return -1;
        }
        parity_buffer_printf(out, "%d", values->port);
        return 6;
    }
    return 0;
}

char *parity_entry_expand(const char *text, const struct parity_entry_values *values,
                          struct parity_error *err)
{
    struct parity_buffer out = {0};
    char *expanded;

    parity_buffer_add_text(&out, "");
    while (*text) {
        int length = *text == '{' ? expand_one(text, values, &out, err) : 0;

        if (length < 0) {
            parity_buffer_clear(&out);
            return NULL;
        }
        if (length == 0)
            parity_buffer_add_char(&out, *text);
        text += length ? length : 1;
    }
    expanded = parity_buffer_take(&out);
    if (!expanded)
        parity_fail_nomem(err);
    return expanded;
}

char **parity_entry_arguments(const json_t *command, const struct parity_entry_values *values,
                              struct parity_error *err)
{
    size_t count = json_array_size(command);
    char **arguments = parity_calloc(count + 1, sizeof *arguments);

    if (!arguments) {
        parity_fail_nomem(err);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        arguments[i] =
            parity_entry_expand(json_string_value(json_array_get(command, i)), values, err);
        if (!arguments[i]) {
            parity_entry_arguments_free(arguments);
            return NULL;
        }
    }
    return arguments;
}

static char *assignment(const char *name, const json_t *value,
                        const struct parity_entry_values *values, struct parity_error *err)
{
    char *expanded = parity_entry_expand(json_string_value(value), values, err);
    char *text = expanded ? parity_asprintf("%s=%s", name, expanded) : NULL;

    if (expanded && !text)
        parity_fail_nomem(err);
    parity_free(expanded);
    return text;
}

/* Is the variable of "NAME=value" passed on as it is? */
static bool is_inherited(const char *variable, const json_t *environment)
{
    size_t length = strcspn(variable, "=");

    return strncmp(variable, "AWS_", 4) != 0 && !json_object_getn(environment, variable, length);
}

char **parity_entry_environment(const json_t *environment, const struct parity_entry_values *values,
                                struct parity_error *err)
{
    json_t *added = (json_t *)(uintptr_t)environment; /* iterating changes nothing */
    size_t count = json_object_size(environment), used = 0;
    char **variables;
    const char *name;
    json_t *value;

    for (char **variable = environ; *variable; variable++)
        count++;
    variables = parity_calloc(count + 1, sizeof *variables);
    if (!variables) {
        parity_fail_nomem(err);
        return NULL;
    }
    for (char **variable = environ; *variable; variable++) {
        if (!is_inherited(*variable, environment))
            continue;
        variables[used] = parity_strdup(*variable);
        if (!variables[used++]) {
            parity_fail_nomem(err);
            goto fail;
        }
    }
    json_object_foreach(added, name, value) {
        variables[used] = assignment(name, value, values, err);
        if (!variables[used++])
            goto fail;
    }
    return variables;
fail:
    parity_entry_arguments_free(variables);
    return NULL;
}

void parity_entry_arguments_free(char **arguments)
{
    for (char **argument = arguments; argument && *argument; argument++)
        parity_free(*argument);
    parity_free(arguments);
}

/* One token of a pointer, "~1" and "~0" undone, in place of an object's member or list position. */
static const json_t *step_into(const json_t *value, const char *token, size_t length)
{
    char name[256];
    size_t size = 0;

    for (size_t i = 0; i < length && size < sizeof name - 1; i++) {
        bool escaped = token[i] == '~' && i + 1 < length && (token[i + 1] | 1) == '1';

        name[size++] = !escaped ? token[i] : token[i + 1] == '1' ? '/' : '~';
        i += escaped;
    }
    name[size] = '\0';
    if (json_is_array(value))
        return size && strspn(name, "0123456789") == size && size < 10
                   ? json_array_get(value, strtoul(name, NULL, 10))
                   : NULL;
    return json_object_get(value, name);
}

const json_t *parity_entry_pointer(const json_t *document, const char *pointer)
{
    while (document && *pointer == '/') {
        size_t length = strcspn(pointer + 1, "/");

        document = step_into(document, pointer + 1, length);
        pointer += 1 + length;
    }
    return *pointer ? NULL : document;
}
