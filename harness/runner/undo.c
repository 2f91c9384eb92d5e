/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/undo.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "client/client.h"
#include "client/paginator.h"
#include "runner/undo_names.h"
#include "runner/undo_values.h"

/* What a search goes by. */
struct search {
    const struct parity_undo_options *options;
    const struct parity_service *service;
    const json_t *call, *input, *output; /* `output` NULL: unknown */
    struct parity_undo_name name;
    bool marked;             /* the call carries the run's id */
    const char *thing;       /* NULL: has no name */
    bool asked;              /* somebody could be asked where it is */
    bool answered;           /* and knew it, or that there is none */
    bool vague;              /* or something that may be it */
    bool unreachable;        /* somebody who could not be asked might have known */
    bool absent;             /* it is nowhere */
    struct parity_error why; /* it could not be asked, or was not told */
};

bool parity_undo_may_create(const char *operation, const struct parity_operation *model)
{
    struct parity_undo_name name;
    const char *method = model ? parity_operation_http_method(model) : NULL;

    if (method && (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0))
        return false;
    return parity_undo_name_read(operation, &name);
}

static const struct parity_service *service_of(struct parity_models *models, const json_t *call)
{
    const char *service = json_string_value(json_object_get(call, "service"));
    const char *protocol = json_string_value(json_object_get(call, "protocol"));

    if (!models || !service)
        return NULL;
    return protocol ? parity_models_service_speaking(models, service, protocol, NULL)
                    : parity_models_service(models, service, NULL);
}

const struct parity_operation *parity_undo_operation(struct parity_models *models,
                                                     const json_t *call)
{
    const struct parity_service *service = service_of(models, call);
    const char *operation = json_string_value(json_object_get(call, "operation"));

    return service && operation ? parity_service_operation(service, operation, NULL) : NULL;
}

/* --- asking ------------------------------------------------------------------------------------
 */

static int ask_once(void *data, const char *operation, const json_t *input, json_t **out,
                    struct parity_error *err)
{
    const struct search *search = data;

    return search->options->ask(search->options->data, search->call, operation, input, out, err);
}

/* All pages of an operation that has pages. @param out  new */
static int ask(struct search *search, const char *operation, const json_t *input, json_t **out,
               struct parity_error *err)
{
    struct parity_paginator *paginator = parity_paginator_load(
        search->options->models, parity_service_name(search->service), operation, NULL);
    struct parity_caller caller = {.call = ask_once, .data = search};
    int rc = paginator ? parity_paginate(paginator, caller, input, NULL, out, err)
                       : ask_once(search, operation, input, out, err);

    parity_paginator_free(paginator);
    return rc;
}

/* The input of a question: its required members, of the create call's input. New; NULL: the input
 * does not have them. */
static json_t *question(const struct search *search, const struct parity_operation *operation)
{
    const struct parity_shape *shape = parity_operation_input(operation);
    json_t *input = json_object();

    for (size_t i = 0; shape && i < parity_shape_member_count(shape); i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_member_name(member);
        const json_t *value = json_object_get(search->input, name);

        if (!parity_shape_has(member, PARITY_TRAIT_REQUIRED))
            continue;
        if (!value) {
            json_decref(input);
            return NULL;
        }
        json_object_set(input, name, (json_t *)(uintptr_t)value);
    }
    return input;
}

bool parity_undo_says_gone(const json_t *response)
{
    static const char *const words[] = {"NotFound", "NonExist", "NoSuch", "DoesNotExist"};
    const json_t *metadata = json_object_get(response, "ResponseMetadata");
    const char *code =
        json_string_value(json_object_get(json_object_get(response, "Error"), "Code"));

    if (json_integer_value(json_object_get(metadata, "HTTPStatusCode")) == 404)
        return true;
    for (size_t i = 0; code && i < sizeof words / sizeof *words; i++)
        if (strstr(code, words[i]))
            return true;
    return false;
}

/* A refusal says nothing about what is there. */
static void note_refusal(struct search *search, const char *operation, const json_t *response)
{
    const json_t *error = json_object_get(response, "Error");
    const char *code = json_string_value(json_object_get(error, "Code"));
    const char *message = json_string_value(json_object_get(error, "Message"));

    if (parity_undo_says_gone(response))
        search->answered = true;
    else
        parity_fail(&search->why, PARITY_E_RESPONSE, NULL, "%s: %s: %s", operation,
                    code ? code : "", message ? message : "");
}

/* Whether a question names the thing itself, and not only what it is part of. */
static bool asks_for(const json_t *question, const char *thing)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)question, name, value)
        if (json_is_string(value) && strcmp(json_string_value(value), thing) == 0)
            return true;
    return false;
}

/* A name that may be any word counts only where it is a name, and one thing's alone. */
static const json_t *find_in_list(struct search *search, const json_t *response,
                                  const struct parity_undo_keys *keys)
{
    const json_t *value = parity_undo_value_beside(response, keys, search->thing);
    size_t count = 0;

    if (search->marked || !value)
        return value;
    value = parity_undo_value_called(response, keys, search->name.noun, search->thing, &count);
    if (value && count == 1)
        return value;
    search->vague = true;
    parity_fail(&search->why, PARITY_E_RESPONSE, NULL,
                "what the target lists cannot be told apart by the name '%s'", search->thing);
    return NULL;
}

/* What one operation knows. Borrowed from `*response`, which is new. */
static const json_t *ask_operation(struct search *search, const char *name,
                                   const struct parity_undo_keys *keys, json_t **response)
{
    const struct parity_operation *operation =
        parity_service_operation(search->service, name, NULL);
    json_t *input = operation ? question(search, operation) : NULL;
    bool specific = asks_for(input, search->thing);
    struct parity_error failure = {0};
    int rc;

    *response = NULL;
    if (!input)
        return NULL;
    rc = ask(search, name, input, response, &failure);
    json_decref(input);
    if (rc < 0) {
        /* An operation that answers wrongly is no reason not to ask another. */
        search->unreachable |= failure.code == PARITY_E_NETWORK;
        if (search->unreachable && search->why.code == PARITY_OK)
            search->why = failure;
        return NULL;
    }
    search->asked = true;
    if (parity_response_is_error(*response)) {
        note_refusal(search, name, *response);
        return NULL;
    }
    search->answered = true;
    json_object_del(*response, "ResponseMetadata");
    return specific ? parity_undo_value(*response, keys, keys->exact)
                    : find_in_list(search, *response, keys);
}

/* The value that an operation of the service finds. New; NULL: none does. */
static json_t *look_up(struct search *search, const struct parity_undo_keys *keys)
{
    struct parity_undo_candidates candidates;
    json_t *value = NULL;

    if (!search->thing || !search->options->ask)
        return NULL;
    parity_undo_name_lookups(&search->name, keys->exact > 1 ? keys->names[1] : "", &candidates);
    for (size_t i = 0; !value && i < candidates.count; i++) {
        json_t *response;
        const json_t *found = ask_operation(search, candidates.names[i], keys, &response);

        value = json_incref((json_t *)(uintptr_t)found);
        json_decref(response);
    }
    search->absent = !value && search->answered && !search->vague && !search->unreachable;
    return value;
}

/* --- the input of the call that undoes ---------------------------------------------------------
 */

/* New; NULL: not known. */
static json_t *find_text(struct search *search, const char *member)
{
    struct parity_undo_keys keys;
    const json_t *value = NULL;
    json_t *found;

    parity_undo_keys_make(member, search->name.noun, &keys);
    /* What the caller chose stands in the input, what the service chose in the output. */
    value = json_object_get(search->input, member);
    if (!value && search->output)
        value = parity_undo_value(search->output, &keys, keys.count);
    if (value)
        return json_incref((json_t *)(uintptr_t)value);
    found = look_up(search, &keys);
    if (found || search->asked || !search->options->ask)
        return found;
    return json_incref((json_t *)(uintptr_t)parity_undo_value(search->input, &keys, keys.count));
}

/* "InstanceIds": all that stands under "InstanceId". New; NULL: not known. */
static json_t *find_list(struct search *search, const char *member)
{
    char single[PARITY_UNDO_NAME];
    size_t length = strlen(member);
    json_t *list = json_array(), *one;

    if (length < 2 || length >= sizeof single || member[length - 1] != 's') {
        json_decref(list);
        return NULL;
    }
    memcpy(single, member, length - 1);
    single[length - 1] = '\0';
    parity_undo_values(search->output, single, list);
    if (json_array_size(list) == 0)
        parity_undo_values(search->input, single, list);
    if (json_array_size(list) > 0)
        return list;
    one = find_text(search, single);
    if (one && json_array_append_new(list, one) == 0)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *find_member(struct search *search, const struct parity_shape *member)
{
    const char *name = parity_shape_member_name(member);
    const struct parity_shape *item;

    switch (parity_shape_type(member)) {
    case PARITY_SHAPE_STRING:
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        return find_text(search, name);
    case PARITY_SHAPE_LIST:
        item = parity_shape_list_member(member);
        return item && parity_shape_type(item) == PARITY_SHAPE_STRING ? find_list(search, name)
                                                                      : NULL;
    default:
        return NULL;
    }
}

/* What is not required, but says where the thing is ("EventBusName"): as in the create call. */
static json_t *carried_over(const struct search *search, const struct parity_shape *member)
{
    json_t *value = json_object_get(search->input, parity_shape_member_name(member));

    return parity_shape_type(member) == PARITY_SHAPE_STRING && json_is_string(value) &&
                   !parity_shape_has(member, PARITY_TRAIT_IDEMPOTENCY_TOKEN)
               ? json_incref(value)
               : NULL;
}

/* New; NULL: a required member is not known, or nothing at all. */
static json_t *find_input(struct search *search, const struct parity_operation *operation)
{
    const struct parity_shape *shape = parity_operation_input(operation);
    json_t *input = json_object();

    for (size_t i = 0; shape && i < parity_shape_member_count(shape); i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        bool required = parity_shape_has(member, PARITY_TRAIT_REQUIRED);
        json_t *value = required ? find_member(search, member) : carried_over(search, member);

        if (value) {
            json_object_set_new(input, parity_shape_member_name(member), value);
        } else if (required) {
            json_decref(input);
            return NULL;
        }
    }
    if (json_object_size(input) > 0)
        return input;
    json_decref(input);
    return NULL;
}

/* --- what is new -------------------------------------------------------------------------------
 */

/* Whether a call cannot have handed over what was there before: nobody has made it with this token,
 * which the client made up. */
static bool has_fresh_token(const struct search *search, const char *operation)
{
    const struct parity_operation *model =
        parity_service_operation(search->service, operation, NULL);
    const struct parity_shape *shape = model ? parity_operation_input(model) : NULL;

    for (size_t i = 0; shape && i < parity_shape_member_count(shape); i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);

        if (parity_shape_has(member, PARITY_TRAIT_IDEMPOTENCY_TOKEN) &&
            !json_object_get(search->input, parity_shape_member_name(member)))
            return true;
    }
    return false;
}

/* Whether a text holds no text of the input, as an ARN holds the name that was asked for. */
static bool is_chosen_by_service(const json_t *text, const json_t *input)
{
    enum { TELLING = 3 }; /* characters: shorter ones are in any id by chance */
    json_t *part;
    const char *name;

    json_object_foreach((json_t *)(uintptr_t)input, name, part)
        if (json_string_length(part) >= TELLING &&
            strstr(json_string_value(text), json_string_value(part)))
            return false;
    return true;
}

/* Whether the call that undoes names something by an id that the service chose. */
static bool names_what_is_new(const json_t *undo, const json_t *input)
{
    json_t *value, *item;
    const char *name;
    size_t i;

    json_object_foreach((json_t *)(uintptr_t)undo, name, value) {
        if (json_is_string(value) && is_chosen_by_service(value, input))
            return true;
        json_array_foreach(value, i, item)
            if (json_is_string(item) && is_chosen_by_service(item, input))
                return true;
    }
    return false;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

/* The create call with another operation and input. New; NULL: no memory. Steals `input`. */
static json_t *repack(const json_t *call, const char *operation, json_t *input)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)call);

    if (copy)
        json_object_set_new(copy, "operation", json_string(operation));
    if (copy)
        json_object_set(copy, "input", input);
    json_decref(input);
    return copy;
}

/* The call that undoes. New; NULL: not known.
 * @param certain  only one that deletes what was not there before */
static json_t *find_call(struct search *search, bool certain)
{
    struct parity_undo_candidates candidates;

    parity_undo_name_opposites(&search->name, &candidates);
    for (size_t i = 0; i < candidates.count; i++) {
        const struct parity_operation *opposite =
            parity_service_operation(search->service, candidates.names[i], NULL);
        json_t *input = opposite ? find_input(search, opposite) : NULL;

        if (input && certain && !search->marked && !names_what_is_new(input, search->input)) {
            json_decref(input);
            input = NULL;
        }
        if (input)
            return repack(search->call, candidates.names[i], input);
    }
    return NULL;
}

static enum parity_undo_answer find(struct search *search, json_t **undo)
{
    const char *operation = json_string_value(json_object_get(search->call, "operation"));
    bool is_new = search->output && parity_undo_name_makes_anew(&search->name) &&
                  has_fresh_token(search, operation);

    if (search->marked || is_new)
        *undo = find_call(search, true);
    if (*undo)
        return PARITY_UNDO_CALL;
    if (!search->marked && search->options->doubtful) {
        search->thing = parity_undo_thing(search->input, search->name.noun, "");
        *undo = find_call(search, false);
    }
    if (*undo)
        return PARITY_UNDO_DOUBTFUL;
    return search->absent ? PARITY_UNDO_ABSENT : PARITY_UNDO_UNKNOWN;
}

enum parity_undo_answer parity_undo_find(const struct parity_undo_options *options,
                                         const json_t *call, const json_t *output, json_t **undo,
                                         struct parity_error *err)
{
    const char *operation = json_string_value(json_object_get(call, "operation"));
    struct search search = {.options = options,
                            .service = service_of(options->models, call),
                            .call = call,
                            .input = json_object_get(call, "input"),
                            .output = output};
    enum parity_undo_answer answer;

    *undo = NULL;
    if (!search.service || !operation || !parity_undo_name_read(operation, &search.name))
        return PARITY_UNDO_UNKNOWN;
    search.marked = parity_undo_is_marked(search.input, options->mark);
    search.thing = parity_undo_thing(search.input, search.name.noun, options->mark);
    answer = find(&search, undo);
    if (answer == PARITY_UNDO_UNKNOWN && err && err->code == PARITY_OK)
        *err = search.why;
    return answer;
}
