/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a test as statements of C: what its steps, transformers and cleanups do. */
#include "scenario/c_body.h"

#include <stdio.h>
#include <string.h>

#include "scenario/resolve.h"

static const char *text_member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

void parity_c_flush(struct parity_c_body *body)
{
    if (json_array_extend(body->items, body->pending) < 0)
        body->failed = true;
    json_array_clear(body->pending);
}

void parity_c_add_statement(struct parity_c_body *body, json_t *expression)
{
    json_t *item = expression ? json_pack("{s:o}", "expression", expression) : NULL;

    parity_c_flush(body);
    if (!item || json_array_append_new(body->items, item) < 0)
        body->failed = true;
}

void parity_c_add_declarative(struct parity_c_body *body, json_t *expression)
{
    json_t *item = expression ? json_pack("{s:o}", "expression", expression) : NULL;

    if (!item || json_array_append_new(body->pending, item) < 0)
        body->failed = true;
    for (size_t i = 0; i < json_array_size(body->items); i++)
        if (!json_object_get(json_array_get(body->items, i), "type"))
            parity_c_flush(body);
}

/* --- calls -------------------------------------------------------------------------------------
 */

static const char *expectation(const json_t *step)
{
    const json_t *error = json_object_get(step, "error");

    if (json_is_true(error))
        return ".expect = EXPECT_ERROR";
    return json_is_string(error) ? ".expect = EXPECT_ANY" : NULL;
}

/* Add the members of struct parity_test_options that a step needs. */
static json_t *add_options(struct parity_c_body *body, json_t *options, const json_t *step)
{
    const json_t *region = json_object_get(step, "region");
    const json_t *protocol = json_object_get(step, "protocol");
    const json_t *path_style = json_object_get(step, "path_style");
    const char *client = text_member(step, "client");

    if (region)
        options = parity_c_add(
            options, parity_c_joined(".region = ", parity_c_text(body, region, "region")));
    if (protocol)
        options =
            parity_c_add(options, parity_c_joined(".protocol = ",
                                                  parity_c_literal(json_string_value(protocol))));
    if (client && strcmp(client, "secondary") == 0)
        options = parity_c_add(options, parity_c_words(".account = SECONDARY"));
    if (expectation(step))
        options = parity_c_add(options, parity_c_words(expectation(step)));
    if (path_style)
        options = parity_c_add(options, parity_c_words(json_is_true(path_style)
                                                           ? ".addressing = PATH_STYLE"
                                                           : ".addressing = HOST_STYLE"));
    if (json_is_true(json_object_get(step, "no_validate")))
        options = parity_c_add(options, parity_c_words(".no_validate = true"));
    return options;
}

/* Whether a step needs options, its expectation aside. */
static bool needs_options(const json_t *step)
{
    static const char *const names[] = {"region", "protocol", "path_style"};
    const char *client = text_member(step, "client");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (json_object_get(step, names[i]))
            return true;
    return (client && strcmp(client, "secondary") == 0) ||
           json_is_true(json_object_get(step, "no_validate"));
}

/* What options are about, for the name of a variable. */
static const char *name_options(const json_t *step)
{
    const char *protocol = text_member(step, "protocol"), *region = text_member(step, "region");

    if (protocol)
        return protocol;
    if (region && !strstr(region, "${"))
        return region;
    return json_object_get(step, "client") ? "secondary" : "unchecked";
}

/* Options that the test needs again are kept in a variable. */
static json_t *options_expression(struct parity_c_body *body, const json_t *step, int rank)
{
    json_t *options = add_options(body, parity_c_call("options"), step);
    const char *variable;
    json_t *flat;
    char name[64];

    if (rank > 0)
        return parity_c_add(options, parity_c_format(".rank = %d", rank));
    flat = parity_c_joined("", json_incref(options));
    if (!flat)
        body->failed = true;
    else if (json_integer_value(json_object_get(body->uses, json_string_value(flat))) > 1) {
        variable = parity_c_variable(body, json_string_value(flat));
        snprintf(name, sizeof name, "%.40s%s", name_options(step),
                 json_is_true(json_object_get(step, "error")) ? "_error" : "");
        if (!variable)
            variable = parity_c_declare(body, json_string_value(flat), name,
                                        "const struct parity_test_options *", json_incref(options));
        json_decref(options);
        options = parity_c_words(variable);
    }
    json_decref(flat);
    return options;
}

static void count_options(struct parity_c_body *body, const json_t *step)
{
    const char *region = text_member(step, "region");
    json_t *flat;
    json_int_t before;

    if (!needs_options(step) || json_object_get(step, "until") || json_object_get(step, "wait") ||
        (region && strstr(region, "${")))
        return;
    flat = parity_c_joined("", add_options(body, parity_c_call("options"), step));
    before = json_integer_value(json_object_get(body->uses, json_string_value(flat)));
    if (!flat ||
        json_object_set_new(body->uses, json_string_value(flat), json_integer(before + 1)) < 0)
        body->failed = true;
    json_decref(flat);
}

/* Service, operation and input of a step. */
static json_t *add_request(struct parity_c_body *body, json_t *expression, const json_t *step)
{
    const char *call = text_member(step, "call");
    const json_t *input = json_object_get(step, "input");
    json_t *none = json_object();
    char service[128], operation[128];

    parity_scenario_split(call ? call : text_member(step, "wait"), service, operation,
                          sizeof service);
    expression = parity_c_add(expression, parity_c_literal(service));
    expression = parity_c_add(expression, parity_c_literal(operation));
    expression = parity_c_add_template(body, expression, input ? input : none);
    json_decref(none);
    return expression;
}

/* ".options = {…}" of something that has options among its members. */
static json_t *add_inner_options(struct parity_c_body *body, json_t *expression, const json_t *step)
{
    json_t *options = add_options(body, parity_c_call(""), step);
    json_t *flat;
    struct parity_buffer words = {0};

    if (json_array_size(options) == 2) { /* nothing in it */
        json_decref(options);
        return expression;
    }
    flat = parity_c_joined("", options); /* "(…)" */
    parity_buffer_printf(&words, ".options = {%.*s}", (int)json_string_length(flat) - 2,
                         flat ? json_string_value(flat) + 1 : "");
    json_decref(flat);
    expression = parity_c_add(expression, words.failed ? NULL : parity_c_words(words.data));
    parity_buffer_clear(&words);
    return expression;
}

static json_t *until_expression(struct parity_c_body *body, const json_t *step)
{
    const json_t *until = json_object_get(step, "until"),
                 *equals = json_object_get(until, "equals");
    double timeout = json_number_value(json_object_get(step, "timeout"));
    double interval = json_number_value(json_object_get(step, "interval"));
    json_t *expression = parity_c_call("until");
    bool is_text = json_is_string(equals) && !strstr(json_string_value(equals), "${");

    expression =
        parity_c_add(expression, parity_c_text(body, json_object_get(until, "path"), "path"));
    expression = parity_c_add(expression, is_text ? parity_c_text(body, equals, "wanted")
                                                  : parity_c_words("NULL"));
    if (equals && !is_text)
        expression = parity_c_add(
            expression, parity_c_joined(".equals_value = ", parity_c_value(body, equals)));
    if (timeout > 0 && timeout != 60)
        expression = parity_c_add(expression, parity_c_format(".timeout_s = %.15g", timeout));
    if (interval > 0 && interval != 1)
        expression = parity_c_add(expression, parity_c_format(".interval_s = %.15g", interval));
    return add_inner_options(body, expression, step);
}

static json_t *call_expression(struct parity_c_body *body, const json_t *step)
{
    const json_t *error = json_object_get(step, "error");
    const char *function = json_is_true(error)     ? "call_error"
                           : json_is_string(error) ? "call_any"
                                                   : "call";
    json_t *expression;

    if (json_object_get(step, "until"))
        function = "call_until";
    else if (needs_options(step))
        function = "call_with";
    expression = parity_c_add(parity_c_call(function), parity_c_words("t"));
    if (strcmp(function, "call_until") == 0)
        expression = parity_c_add(expression, until_expression(body, step));
    else if (needs_options(step))
        expression = parity_c_add(expression, options_expression(body, step, 0));
    return add_request(body, expression, step);
}

static json_t *wait_expression(struct parity_c_body *body, const json_t *step)
{
    const char *function = needs_options(step) ? "wait_for_with" : "wait_for";
    json_t *expression = parity_c_add(parity_c_call(function), parity_c_words("t"));

    if (needs_options(step))
        expression =
            parity_c_add(expression, add_inner_options(body, parity_c_call("waiting"), step));
    return add_request(body, expression, step);
}

/* --- steps -------------------------------------------------------------------------------------
 */

static json_t *step_expression(struct parity_c_body *body, const json_t *step)
{
    const json_t *value = json_object_get(step, "value");

    if (value)
        return parity_c_value(body, value);
    return json_object_get(step, "wait") ? wait_expression(body, step)
                                         : call_expression(body, step);
}

static json_t *match_expression(struct parity_c_body *body, const json_t *step, json_t *value)
{
    const json_t *path = json_object_get(step, "select");
    json_t *expression = parity_c_call(path ? "match_select" : "match");

    expression = parity_c_add(expression, parity_c_words("t"));
    expression = parity_c_add(expression, parity_c_literal(text_member(step, "match")));
    expression = parity_c_add(expression, value);
    if (path)
        expression = parity_c_add(expression, parity_c_text(body, path, "path"));
    return expression;
}

static bool is_kept(const struct parity_c_body *body, const json_t *step)
{
    const char *as = text_member(step, "as");

    return as && json_object_get(body->uses, as);
}

/* A match that selects can end the test, so cleanups that need the value come before it. */
static bool is_matched_late(const struct parity_c_body *body, const json_t *step)
{
    return is_kept(body, step) && json_object_get(step, "match") && json_object_get(step, "select");
}

static void add_step(struct parity_c_body *body, const json_t *step)
{
    const json_t *sleep = json_object_get(step, "sleep");
    const char *as = text_member(step, "as");
    json_t *expression;

    if (sleep) {
        expression = parity_c_add(parity_c_call("sleep_for"), parity_c_words("t"));
        parity_c_add_statement(
            body, parity_c_add(expression, parity_c_format("%.15g", json_number_value(sleep))));
        return;
    }
    expression = step_expression(body, step);
    if (json_object_get(step, "match") && !is_matched_late(body, step))
        expression = match_expression(body, step, expression);
    if (json_object_get(step, "match") && !is_matched_late(body, step))
        parity_c_flush(body);
    if (is_kept(body, step))
        parity_c_declare(body, as, as, "json_t *", expression);
    else
        parity_c_add_statement(body, expression);
}

static void add_late_match(struct parity_c_body *body, const json_t *step)
{
    const char *as = text_member(step, "as");

    if (is_matched_late(body, step))
        parity_c_add_statement(
            body, match_expression(body, step, parity_c_words(parity_c_variable(body, as))));
}

/* --- cleanup -----------------------------------------------------------------------------------
 */

static void add_cleanup(struct parity_c_body *body, const json_t *step, int rank)
{
    const json_t *sleep = json_object_get(step, "sleep");
    bool with = needs_options(step) || rank > 0;
    json_t *expression;
    char function[64];

    snprintf(function, sizeof function, "on_cleanup%s%s",
             sleep                           ? "_sleep"
             : json_object_get(step, "wait") ? "_wait"
                                             : "",
             with ? "_with" : "");
    expression = parity_c_add(parity_c_call(function), parity_c_words("t"));
    if (with)
        expression = parity_c_add(expression, options_expression(body, step, rank));
    if (sleep)
        expression = parity_c_add(expression, parity_c_format("%.15g", json_number_value(sleep)));
    else
        expression = add_request(body, expression, step);
    parity_c_add_statement(body, expression);
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* How many steps must have been made before everything that a value refers to is known. */
static size_t ready_after(const json_t *test, const json_t *value)
{
    const json_t *steps = json_object_get(test, "steps");
    struct parity_scenario_values known = {.let = json_object_get(test, "let"),
                                           .values = json_object()};
    size_t count = 0;

    while (count < json_array_size(steps) && !parity_scenario_is_resolvable(&known, value)) {
        const char *as = text_member(json_array_get(steps, count++), "as");

        if (as)
            json_object_set_new(known.values, as, json_true());
    }
    json_decref(known.values);
    return count;
}

/* Whether the order in which cleanups become known is not the one in which they are listed. */
static bool needs_ranks(const json_t *test)
{
    const json_t *step;
    size_t last = 0, i;

    json_array_foreach(json_object_get(test, "cleanup"), i, step) {
        size_t ready = ready_after(test, step);

        if (ready < last)
            return true;
        last = ready;
    }
    return false;
}

static void add_cleanups(struct parity_c_body *body, size_t steps)
{
    const json_t *test = body->checking.scenario->test, *step;
    bool ranked = needs_ranks(test);
    size_t i;

    json_array_foreach(json_object_get(test, "cleanup"), i, step)
        if (ready_after(test, step) == steps)
            add_cleanup(body, step, ranked ? (int)i + 1 : 0);
}

/* Transformers keep their order, so that one waits for those before it. */
static void add_transforms(struct parity_c_body *body, size_t steps)
{
    const json_t *test = body->checking.scenario->test;
    const json_t *list = json_object_get(test, "transformers");
    size_t ready = 0;

    for (size_t i = body->static_transformers; i < json_array_size(list); i++) {
        size_t needed = ready_after(test, json_array_get(list, i));

        ready = needed > ready ? needed : ready;
        if (ready == steps)
            parity_c_add_transform(body, json_array_get(list, i));
    }
}

static void add_guard(struct parity_c_body *body)
{
    json_t *skip = parity_c_add(parity_c_call("skip"), parity_c_words("t"));
    json_t *item;

    skip = parity_c_add(skip, parity_c_literal(PARITY_SCENARIO_FIXED_TIMES));
    item = skip ? json_pack("{s:s, s:o}", "condition", "target(t)->aws", "expression", skip) : NULL;
    if (!item || json_array_append_new(body->items, item) < 0)
        body->failed = true;
}

void parity_c_fill_body(struct parity_c_body *body)
{
    const json_t *test = body->checking.scenario->test;
    const json_t *steps = json_object_get(test, "steps"), *step;
    json_t *let = json_object_get(test, "let");
    size_t i;

    parity_c_count_uses(body, steps);
    parity_c_count_uses(body, json_object_get(test, "cleanup"));
    parity_c_count_uses(body, json_object_get(test, "transformers"));
    json_array_foreach(steps, i, step)
        count_options(body, step);
    for (void *m = json_object_iter(let); m; m = json_object_iter_next(let, m))
        if (json_object_get(body->uses, json_object_iter_key(m)))
            parity_c_declare_let(body, json_object_iter_key(m));
    body->constants = json_array_size(body->items);
    if (json_is_true(json_object_get(test, "fixed_times")))
        add_guard(body);
    add_cleanups(body, 0);
    add_transforms(body, 0);
    json_array_foreach(steps, i, step) {
        add_step(body, step);
        add_cleanups(body, i + 1);
        add_late_match(body, step);
        add_transforms(body, i + 1);
    }
    parity_c_flush(body);
}
