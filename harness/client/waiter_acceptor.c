/* SPDX-License-Identifier: Apache-2.0 */
#include "client/waiter_acceptor.h"

#include <stdint.h>
#include <string.h>

#include "base/json.h"

/* --- reading ---------------------------------------------------------------------------------- */

static const char *const state_names[] = {"success", "failure", "retry"};
static const char *const matcher_names[] = {"path", "pathAll", "pathAny", "status", "error"};

#define COUNT_OF(array_) (sizeof(array_) / sizeof *(array_))

static int find_name(const json_t *given, const char *member, const char *const *names,
                     size_t count, struct parity_error *err)
{
    const char *name = json_string_value(json_object_get(given, member));

    for (size_t i = 0; name && i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return (int)i;
    parity_fail(err, PARITY_E_INVALID, member, name ? "'%.60s' is not known" : "missing%.0s",
                name ? name : "");
    return -1;
}

static bool takes_path(const struct parity_acceptor *acceptor)
{
    return acceptor->matcher != PARITY_ACCEPTOR_STATUS &&
           acceptor->matcher != PARITY_ACCEPTOR_ERROR;
}

static int check_expected(const struct parity_acceptor *acceptor, struct parity_error *err)
{
    enum parity_json_kind kind = parity_json_kind(acceptor->expected);
    const char *wanted = NULL;

    if (acceptor->matcher == PARITY_ACCEPTOR_STATUS && kind != PARITY_JSON_INTEGER)
        wanted = "an HTTP status code";
    if (acceptor->matcher == PARITY_ACCEPTOR_ERROR && kind != PARITY_JSON_STRING &&
        kind != PARITY_JSON_BOOLEAN)
        wanted = "an error code, true or false";
    if (!wanted)
        return 0;
    parity_fail(err, PARITY_E_INVALID, "expected", "%s is expected", wanted);
    return -1;
}

static int read_argument(const json_t *given, struct parity_acceptor *out, struct parity_error *err)
{
    const json_t *argument = json_object_get(given, "argument");

    if (!json_is_string(argument)) {
        parity_fail(err, PARITY_E_INVALID, "argument", "a JMESPath expression is expected");
        return -1;
    }
    out->argument = parity_jmespath_compile(json_string_value(argument), err);
    if (out->argument)
        return 0;
    parity_error_add_context(err, "argument");
    return -1;
}

int parity_acceptor_read(const json_t *given, struct parity_acceptor *out, struct parity_error *err)
{
    int state = find_name(given, "state", state_names, COUNT_OF(state_names), err);
    int matcher = find_name(given, "matcher", matcher_names, COUNT_OF(matcher_names), err);
    json_t *expected = json_object_get(given, "expected");

    if (state < 0 || matcher < 0)
        return -1;
    if (!expected) {
        parity_fail(err, PARITY_E_INVALID, "expected", "missing");
        return -1;
    }
    out->state = (enum parity_acceptor_state)state;
    out->matcher = (enum parity_acceptor_matcher)matcher;
    out->expected = json_incref(expected);
    if (check_expected(out, err) < 0)
        return -1;
    return takes_path(out) ? read_argument(given, out, err) : 0;
}

void parity_acceptor_clear(struct parity_acceptor *acceptor)
{
    parity_jmespath_free(acceptor->argument);
    json_decref(acceptor->expected);
    *acceptor = (struct parity_acceptor){0};
}

/* --- matching --------------------------------------------------------------------------------- */

const json_t *parity_acceptor_error(const json_t *response)
{
    const json_t *error = json_object_get(response, "Error");

    return json_object_get(error, "Code") ? error : NULL;
}

static bool error_matches(const struct parity_acceptor *acceptor, const json_t *response)
{
    const json_t *error = parity_acceptor_error(response);

    if (json_is_true(acceptor->expected))
        return error != NULL;
    if (json_is_false(acceptor->expected))
        return json_object_get(response, "Error") == NULL;
    return parity_jmespath_equal(acceptor->expected,
                                 error ? json_object_get(error, "Code") : json_null());
}

static bool status_matches(const struct parity_acceptor *acceptor, const json_t *response)
{
    const json_t *metadata = json_object_get(response, "ResponseMetadata");
    const json_t *status = json_object_get(metadata, "HTTPStatusCode");

    return status && parity_jmespath_equal(acceptor->expected, status);
}

/* All or any of the items of a list; none of an empty one. */
static bool items_match(const struct parity_acceptor *acceptor, const json_t *list)
{
    bool all = acceptor->matcher == PARITY_ACCEPTOR_PATH_ALL;

    for (size_t i = 0; i < json_array_size(list); i++)
        if (parity_jmespath_equal(acceptor->expected, json_array_get(list, i)) != all)
            return !all;
    return all && json_array_size(list) > 0;
}

int parity_acceptor_matches(const struct parity_acceptor *acceptor, const json_t *response,
                            struct parity_error *err)
{
    json_t *value;
    bool matches;

    if (acceptor->matcher == PARITY_ACCEPTOR_ERROR)
        return error_matches(acceptor, response);
    if (acceptor->matcher == PARITY_ACCEPTOR_STATUS)
        return status_matches(acceptor, response);
    if (parity_acceptor_error(response))
        return 0;
    if (parity_jmespath_evaluate(acceptor->argument, response, &value, err) < 0)
        return -1;
    if (acceptor->matcher == PARITY_ACCEPTOR_PATH)
        matches = parity_jmespath_equal(acceptor->expected, value);
    else
        matches = json_is_array(value) && items_match(acceptor, value);
    json_decref(value);
    return matches;
}

/* --- words ------------------------------------------------------------------------------------ */

void parity_acceptor_write(struct parity_buffer *out, const json_t *value)
{
    enum { MOST = 120 };
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_LINE);
    if (text.failed)
        out->failed = true;
    else if (text.length > MOST)
        parity_buffer_printf(out, "%.*s…", MOST, text.data);
    else
        parity_buffer_add(out, text.data, text.length);
    parity_buffer_clear(&text);
}

void parity_acceptor_describe(const struct parity_acceptor *acceptor, struct parity_buffer *out)
{
    static const char *const words[] = {
        [PARITY_ACCEPTOR_PATH] = " is ",
        [PARITY_ACCEPTOR_PATH_ALL] = " are all ",
        [PARITY_ACCEPTOR_PATH_ANY] = " are in part ",
    };

    if (json_is_boolean(acceptor->expected) && acceptor->matcher == PARITY_ACCEPTOR_ERROR) {
        parity_buffer_add_text(out, json_is_true(acceptor->expected) ? "the answer is an error"
                                                                     : "the answer is no error");
        return;
    }
    if (takes_path(acceptor))
        parity_buffer_printf(out, "%s%s", parity_jmespath_text(acceptor->argument),
                             words[acceptor->matcher]);
    else
        parity_buffer_add_text(out, acceptor->matcher == PARITY_ACCEPTOR_STATUS
                                        ? "the HTTP status is "
                                        : "the error is ");
    parity_acceptor_write(out, acceptor->expected);
}
