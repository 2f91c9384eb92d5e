/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sign_context.h"

#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "client/iso8601.h"

void parity_sign_context_clear(struct parity_sign_context *context)
{
    parity_credentials_clear(&context->credentials);
    json_decref(context->document);
    memset(context, 0, sizeof *context);
}

struct reader {
    const char *name;
    struct parity_error *err;
};

static int fail(const struct reader *reader, const char *member, const char *must)
{
    parity_fail(reader->err, PARITY_E_INVALID, reader->name, "member '%s' %s", member, must);
    return -1;
}

/* A borrowed text; NULL where an optional one is absent. */
static int read_text(const struct reader *reader, const json_t *object, const char *member,
                     bool required, const char **out)
{
    const json_t *value = json_object_get(object, member);

    *out = NULL;
    if (!value)
        return required ? fail(reader, member, "is missing") : 0;
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
        return fail(reader, member, "must be a text without NUL");
    *out = json_string_value(value);
    return !(*out)[0] && required ? fail(reader, member, "is empty") : 0;
}

static int read_flag(const struct reader *reader, const json_t *object, const char *member,
                     bool *out)
{
    const json_t *value = json_object_get(object, member);

    if (!value)
        return 0;
    if (!json_is_boolean(value))
        return fail(reader, member, "must be true or false");
    *out = json_is_true(value);
    return 0;
}

static int read_credentials(const struct reader *reader, struct parity_sign_context *out)
{
    const json_t *object = json_object_get(out->document, "credentials");
    const char *id, *secret, *token;

    if (!json_is_object(object))
        return fail(reader, "credentials", object ? "must be an object" : "is missing");
    if (read_text(reader, object, "access_key_id", true, &id) < 0 ||
        read_text(reader, object, "secret_access_key", true, &secret) < 0 ||
        read_text(reader, object, "token", false, &token) < 0)
        return -1;
    out->credentials.access_key_id = parity_strdup(id);
    out->credentials.secret_access_key = parity_strdup(secret);
    out->credentials.session_token = token ? parity_strdup(token) : NULL;
    if (!out->credentials.access_key_id || !out->credentials.secret_access_key ||
        (token && !out->credentials.session_token)) {
        parity_fail_nomem(reader->err);
        return -1;
    }
    out->options.credentials = &out->credentials;
    return 0;
}

static int read_expiry(const struct reader *reader, struct parity_sign_context *out)
{
    const json_t *value = json_object_get(out->document, "expiration_in_seconds");

    if (!value)
        return 0;
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > 1000000000)
        return fail(reader, "expiration_in_seconds", "must be a number of seconds above 0");
    out->options.expires_in_s = (long)json_integer_value(value);
    return 0;
}

static int read_time(const struct reader *reader, struct parity_sign_context *out)
{
    const char *text;

    if (read_text(reader, out->document, "timestamp", true, &text) < 0)
        return -1;
    if (parity_iso8601_parse(text, &out->options.time) < 0)
        return fail(reader, "timestamp", "must be a time such as 2015-08-30T12:36:00Z");
    return 0;
}

static const char *const known_members[] = {"credentials",
                                            "region",
                                            "service",
                                            "timestamp",
                                            "normalize",
                                            "sign_body",
                                            "expiration_in_seconds",
                                            "omit_session_token",
                                            "double_encode",
                                            "unsigned_payload"};

enum { KNOWN_MEMBERS = sizeof known_members / sizeof *known_members };

/* The known member that `name` seems to mean; NULL if it is one or resembles none. */
static const char *find_intended(const char *name)
{
    const char *nearest = NULL;

    for (size_t i = 0; i < KNOWN_MEMBERS; i++) {
        if (strcmp(name, known_members[i]) == 0)
            return NULL;
        nearest = parity_suggest(name, nearest, known_members[i]);
    }
    return nearest;
}

/* A misspelt flag would change the signature without a word. */
static int check_names(const struct reader *reader, json_t *document)
{
    const char *name;
    json_t *value;

    json_object_foreach(document, name, value) {
        const char *intended = find_intended(name);

        if (intended) {
            parity_fail(reader->err, PARITY_E_INVALID, reader->name,
                        "unknown member '%s'; did you mean '%s'?", name, intended);
            return -1;
        }
    }
    return 0;
}

int parity_sign_context_read_new(json_t *document, const char *name,
                                 struct parity_sign_context *out, struct parity_error *err)
{
    struct reader reader = {.name = name, .err = err};
    bool normalize = true, double_encode = true;

    memset(out, 0, sizeof *out);
    out->document = document;
    if (!json_is_object(document) || parity_json_kind(document) != PARITY_JSON_OBJECT) {
        parity_fail(err, PARITY_E_INVALID, name, "a signing context must be a JSON object");
        return -1;
    }
    if (check_names(&reader, document) < 0 || read_credentials(&reader, out) < 0 ||
        read_text(&reader, document, "region", true, &out->options.region) < 0 ||
        read_text(&reader, document, "service", true, &out->options.service) < 0 ||
        read_time(&reader, out) < 0 || read_expiry(&reader, out) < 0 ||
        read_flag(&reader, document, "normalize", &normalize) < 0 ||
        read_flag(&reader, document, "double_encode", &double_encode) < 0 ||
        read_flag(&reader, document, "sign_body", &out->options.sign_body) < 0 ||
        read_flag(&reader, document, "unsigned_payload", &out->options.unsigned_payload) < 0 ||
        read_flag(&reader, document, "omit_session_token", &out->options.omit_session_token) < 0)
        return -1;
    out->options.no_normalize = !normalize;
    out->options.no_double_encode = !double_encode;
    return 0;
}
