/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/coverage_report.h"
#include "recorder/coverage.h"

/* One operation on one target. */

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static json_t *truth(const json_t *facts, const char *name)
{
    return json_boolean(json_is_true(json_object_get(facts, name)));
}

static json_t *number(const json_t *facts, const char *name)
{
    return json_integer(json_integer_value(json_object_get(facts, name)));
}

static bool has_text(const json_t *list, const char *text)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
        if (strcmp(json_string_value(item), text) == 0)
            return true;
    return false;
}

/* --- parameters --------------------------------------------------------------------------------
 */

static json_t *describe_parameters(const json_t *facts, const struct parity_operation *operation)
{
    const struct parity_shape *input = parity_operation_input(operation);
    const json_t *sent = json_object_get(facts, "parameters");
    json_t *tested = json_array(), *called = json_array(), *never = json_array();

    for (size_t i = 0; input && i < parity_shape_member_count(input); i++) {
        const char *name = parity_shape_member_name(parity_shape_member_at(input, i));
        const json_t *checked = json_object_get(sent, name);

        json_array_append_new(!checked                ? never
                              : json_is_true(checked) ? tested
                                                      : called,
                              json_string(name));
    }
    return json_pack("{s:o, s:o, s:o}", "tested", tested, "called", called, "never", never);
}

/* --- answers -----------------------------------------------------------------------------------
 */

/* The name in the model of the error that an answer was; NULL: the operation has none such. */
static const char *modelled_name(const struct parity_operation *operation, const json_t *errors,
                                 const json_t *answer)
{
    const char *own = text_of(answer, "modelled_code");
    const char *code = own ? own : text_of(answer, "error_code");
    const struct parity_shape *shape =
        code ? parity_service_error_shape(parity_operation_service(operation), code) : NULL;
    const char *name = shape ? parity_shape_name(shape) : code;

    return name && has_text(errors, name) ? name : NULL;
}

/* One answer that was an error. */
static json_t *describe_error(const json_t *answer, bool modelled)
{
    return json_pack("{s:O, s:O, s:O, s:b}", "code", json_object_get(answer, "error_code"),
                     "status_code", json_object_get(answer, "status_code"), "count",
                     json_object_get(answer, "count"), "modelled", (int)modelled);
}

static json_t *describe_errors(const json_t *facts, const struct parity_operation *operation,
                               const json_t *errors)
{
    json_t *answers = json_object_get(facts, "answers"), *answer, *error;
    json_t *answered = json_array(), *observed = json_array(), *never = json_array();
    json_t *seen = json_object();
    const char *key;
    size_t i;

    json_object_foreach(answers, key, answer) {
        const char *name = modelled_name(operation, errors, answer);

        if (text_of(answer, "error_code"))
            json_array_append_new(answered, describe_error(answer, name));
        if (name)
            json_object_set(seen, name, json_true());
    }
    json_array_foreach(errors, i, error)
        json_array_append(json_object_get(seen, json_string_value(error)) ? observed : never,
                          error);
    json_decref(seen);
    return json_pack("{s:o, s:o, s:o}", "answered", answered, "observed", observed, "never", never);
}

static json_t *judge_implementation(const json_t *facts, const struct parity_operation *operation,
                                    const json_t *errors)
{
    enum parity_implemented best = PARITY_IMPLEMENTED_UNKNOWN;
    json_t *answers = json_object_get(facts, "answers"), *one;
    const char *key;

    json_object_foreach(answers, key, one) {
        const struct parity_coverage_answer answer = {
            .status_code = (int)json_integer_value(json_object_get(one, "status_code")),
            .error_code = text_of(one, "error_code"),
            .validated = json_is_true(json_object_get(one, "validated")),
            .modelled = modelled_name(operation, errors, one),
            .without_body = strcmp(parity_operation_http_method(operation), "HEAD") == 0,
        };
        enum parity_implemented says = parity_coverage_implemented(&answer);

        best = says > best ? says : best;
    }
    return best == PARITY_IMPLEMENTED_UNKNOWN ? json_null()
                                              : json_boolean(best == PARITY_IMPLEMENTED_YES);
}

/* --- tests -------------------------------------------------------------------------------------
 */

static json_t *list_tests(const json_t *facts)
{
    json_t *tests = json_array(), *credit;
    json_t *known = json_object_get(facts, "tests");
    const char *id;

    json_object_foreach(known, id, credit)
        json_array_append_new(tests, json_pack("{s:s, s:O}", "id", id, "credit", credit));
    return tests;
}

json_t *parity_coverage_operation(const json_t *facts, const struct parity_operation *operation,
                                  const json_t *errors)
{
    bool whole = json_is_true(json_object_get(facts, "whole"));
    bool part = json_is_true(json_object_get(facts, "part"));
    json_t *date = json_object_get(facts, "validated_on");

    return json_pack("{s:o, s:b, s:b, s:o, s:o, s:O, s:o, s:o, s:o, s:o, s:o, s:o}", "calls",
                     number(facts, "calls"), "tested", whole || part, "in_part", part && !whole,
                     "snapshotted", truth(facts, "snapshotted"), "validated",
                     truth(facts, "validated"), "validated_on", date ? date : json_null(),
                     "implemented", judge_implementation(facts, operation, errors), "differences",
                     number(facts, "differences"), "hidden", number(facts, "hidden"), "parameters",
                     describe_parameters(facts, operation), "errors",
                     describe_errors(facts, operation, errors), "tests", list_tests(facts));
}
