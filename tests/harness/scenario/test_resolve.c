/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "scratch.h"

/* A test that has everything references ask it for. */
struct running {
    struct parity_test t;
    struct parity_case test_case;
    struct parity_test_definition definition;
    struct parity_test_environment environment;
    struct parity_scenario_values values;
    json_t *let;
    struct parity_error err;
};

static void start(struct running *running, const char *let, const char *values)
{
    memset(running, 0, sizeof *running);
    running->test_case = (struct parity_case){.definition = &running->definition};
    running->environment.run_id = "abc";
    running->environment.partition = "aws";
    running->environment.primary.account_id = "000000000007";
    running->environment.primary.region = "us-east-1";
    assert_int_equal(
        parity_test_init(&running->t, &running->test_case, &running->environment, 1, NULL), 0);
    running->let = scratch_json(let);
    running->values = (struct parity_scenario_values){
        .t = &running->t, .let = running->let, .values = scratch_json(values)};
}

static void stop(struct running *running)
{
    json_decref(running->let);
    json_decref(running->values.values);
    parity_test_clear(&running->t);
}

/* What a value becomes, as JSON; NULL with `err`. The caller frees. */
static char *resolve(struct running *running, const char *text)
{
    json_t *value = scratch_json(text), *resolved;
    struct parity_place document = {.value = value};
    struct parity_buffer out = {0};

    parity_error_clear(&running->err);
    if (parity_scenario_resolve(&running->values, &document, &resolved, &running->err) == 0) {
        parity_json_write(&out, resolved, PARITY_JSON_LINE);
        json_decref(resolved);
    } else {
        assert_null(resolved);
    }
    json_decref(value);
    return out.length ? parity_buffer_take(&out) : NULL;
}

static void assert_resolved(struct running *running, const char *text, const char *expected)
{
    char *found = resolve(running, text);

    if (!found)
        fail_msg("%s: %s", text, running->err.message);
    assert_string_equal(found, expected);
    parity_free(found);
}

static void assert_refused(struct running *running, const char *text, enum parity_errc code,
                           const char *message)
{
    char *found = resolve(running, text);

    assert_null(found);
    assert_int_equal(running->err.code, code);
    assert_string_equal(running->err.message, message);
}

static void a_whole_reference_takes_the_value_with_its_type(void **state)
{
    struct running running;

    (void)state;
    start(&running, "{}", "{\"a\": {\"n\": 7, \"list\": [{\"b\": null}, true], \"t\": \"x\"}}");
    assert_resolved(&running, "\"${a.n}\"", "7");
    assert_resolved(&running, "[\"${a.list}\"]", "[[{\"b\": null}, true]]");
    assert_resolved(&running, "{\"x\": \"${a.list.0.b}\"}", "{\"x\": null}");
    assert_resolved(&running, "\"${a.list.1}\"", "true");
    assert_resolved(&running, "\"${a}\"",
                    "{\"n\": 7, \"list\": [{\"b\": null}, true], \"t\": \"x\"}");
    stop(&running);
}

static void in_a_text_its_text_is_inserted(void **state)
{
    struct running running;

    (void)state;
    start(&running, "{}",
          "{\"a\": {\"n\": 7, \"r\": 1.50, \"b\": false, \"t\": \"x\", \"l\": [], \"z\": null, "
          "\"d\": {\"$datetime\": \"2022-07-13T13:48:01+00:00\"}, \"y\": {\"$bytes\": \"aGk=\"}}}");
    assert_resolved(&running, "\"<${a.n}|${a.r}|${a.b}|${a.t}|${a.d}>\"",
                    "\"<7|1.5|false|x|2022-07-13T13:48:01+00:00>\"");
    assert_resolved(&running, "{\"${a.t}-${a.n}\": 1}", "{\"x-7\": 1}");
    assert_resolved(&running, "\"$${a.t} ${a.t}\"", "\"${a.t} x\"");
    for (const char *const *name = (const char *const[]){"l", "z", "y", NULL}; *name; name++) {
        char text[32], message[200];

        snprintf(text, sizeof text, "\"x${a.%s}\"", *name);
        snprintf(message, sizeof message,
                 "${a.%s}: only texts, numbers, truth values and times can stand inside a text",
                 *name);
        assert_refused(&running, text, PARITY_E_INVALID, message);
    }
    stop(&running);
}

static void let_is_resolved_when_it_is_needed_and_once(void **state)
{
    struct running running;
    char *first, *second;

    (void)state;
    start(&running, "{\"c\": \"${b}!\", \"b\": \"${a}-${a}\", \"a\": \"${unique:n}\"}", "{}");
    first = resolve(&running, "\"${c}\"");
    second = resolve(&running, "\"${b}!\"");
    assert_non_null(first);
    assert_string_equal(first, second);
    assert_int_equal(running.t.name_count, 1);
    parity_free(first);
    parity_free(second);
    stop(&running);
}

static void the_target_is_known_by_name(void **state)
{
    struct running running;

    (void)state;
    start(&running, "{}", "{}");
    assert_resolved(&running, "\"arn:${partition}:sqs:${region}:${account}:q\"",
                    "\"arn:aws:sqs:us-east-1:000000000007:q\"");
    assert_resolved(&running, "\"${account}\"", "\"000000000007\"");
    stop(&running);
}

static void what_is_absent_is_named_with_what_is_there(void **state)
{
    struct running running;

    (void)state;
    start(&running, "{}", "{\"a\": {\"Name\": \"x\", \"List\": [1]}}");
    assert_refused(&running, "\"${a.Nam}\"", PARITY_E_RESPONSE,
                   "${a.Nam}: no member 'Nam' was answered; did you mean 'Name'?");
    assert_refused(&running, "\"${a.Zebra}\"", PARITY_E_RESPONSE,
                   "${a.Zebra}: no member 'Zebra' was answered (only Name, List)");
    assert_refused(&running, "\"${a.List.1}\"", PARITY_E_RESPONSE,
                   "${a.List.1}: there is no '1' in a list of 1 items");
    assert_refused(&running, "\"${a.List.-1}\"", PARITY_E_RESPONSE,
                   "${a.List.-1}: there is no '-1' in a list of 1 items");
    assert_refused(&running, "\"${a.Name.x}\"", PARITY_E_RESPONSE,
                   "${a.Name.x}: there is nothing to look up 'x' in");
    assert_refused(&running, "[{\"x\": \"${later}\"}]", PARITY_E_INVALID,
                   "${later}: nothing is called 'later' by now");
    stop(&running);
}

static void a_copy_is_resolved_and_the_original_stays(void **state)
{
    struct running running;
    json_t *resolved, *value = scratch_json("{\"a\": [\"${x}\", {\"b\": 1}]}");
    struct parity_place document = {.value = value};

    (void)state;
    start(&running, "{\"x\": [1]}", "{}");
    assert_int_equal(parity_scenario_resolve(&running.values, &document, &resolved, NULL), 0);
    json_array_append_new(json_object_get(resolved, "a"), json_null());
    json_array_append_new(json_array_get(json_object_get(resolved, "a"), 0), json_null());
    assert_int_equal(json_array_size(json_object_get(value, "a")), 2);
    assert_int_equal(json_array_size(json_object_get(running.let, "x")), 1);
    assert_int_equal(json_array_size(json_object_get(running.values.values, "x")), 1);
    json_decref(resolved);
    json_decref(value);
    stop(&running);
}

static void two_members_do_not_become_one(void **state)
{
    struct running running;

    (void)state;
    start(&running, "{\"a\": \"x\"}", "{}");
    assert_resolved(&running, "{\"${a}\": 1, \"y\": 2}", "{\"x\": 1, \"y\": 2}");
    assert_refused(&running, "{\"${a}\": 1, \"x\": 2}", PARITY_E_INVALID,
                   "two members have one name when references are resolved");
    assert_refused(&running, "{\"x\": 1, \"${a}\": 2}", PARITY_E_INVALID,
                   "two members have one name when references are resolved");
    stop(&running);
}

static void what_holds_no_reference_is_not_copied(void **state)
{
    struct running running;
    json_t *value =
        scratch_json("{\"plain\": {\"a\": [1]}, \"escaped\": [\"$${\"], \"x\": \"${x}\"}");
    struct parity_place document = {.value = value}, plain;
    json_t *resolved;

    (void)state;
    start(&running, "{}", "{\"x\": 1}");
    assert_int_equal(parity_scenario_resolve(&running.values, &document, &resolved, NULL), 0);
    assert_ptr_not_equal(resolved, value);
    assert_ptr_equal(json_object_get(resolved, "plain"), json_object_get(value, "plain"));
    assert_ptr_not_equal(json_object_get(resolved, "escaped"), json_object_get(value, "escaped"));
    json_decref(resolved);
    plain = parity_place_member(&document, "plain");
    assert_int_equal(parity_scenario_resolve(&running.values, &plain, &resolved, NULL), 0);
    assert_ptr_equal(resolved, plain.value);
    json_decref(resolved);
    json_decref(value);
    stop(&running);
}

static void what_grows_without_end_is_stopped(void **state)
{
    struct running running;
    json_t *let = json_object();
    char name[16], value[64];
    char *text;

    (void)state;
    json_object_set_new(let, "a0", json_string("0123456789"));
    for (int i = 1; i < 40; i++) {
        snprintf(name, sizeof name, "a%d", i);
        snprintf(value, sizeof value, "${a%d}${a%d}", i - 1, i - 1);
        json_object_set_new(let, name, json_string(value));
    }
    text = json_dumps(let, 0);
    start(&running, text, "{}");
    assert_refused(&running, "\"${a39}\"", PARITY_E_LIMIT, "${a20}: the text grows beyond 16 MiB");
    free(text);
    json_decref(let);
    stop(&running);
}

static void what_is_known_by_now_is_told_beforehand(void **state)
{
    struct running running;
    json_t *yes = scratch_json("{\"${a}\": [\"${let.b}\", \"${region}\", \"${unique:x}\"]}");
    json_t *no = scratch_json("{\"x\": [\"${a}${later.b}\"]}"),
           *name = scratch_json("{\"${l}\": 1}");

    (void)state;
    start(&running, "{\"let\": 1}", "{\"a\": 1}");
    assert_true(parity_scenario_is_resolvable(&running.values, yes));
    assert_false(parity_scenario_is_resolvable(&running.values, no));
    assert_false(parity_scenario_is_resolvable(&running.values, name));
    json_decref(yes);
    json_decref(no);
    json_decref(name);
    stop(&running);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_reference_takes_the_value_with_its_type),
        cmocka_unit_test(in_a_text_its_text_is_inserted),
        cmocka_unit_test(let_is_resolved_when_it_is_needed_and_once),
        cmocka_unit_test(the_target_is_known_by_name),
        cmocka_unit_test(what_is_absent_is_named_with_what_is_there),
        cmocka_unit_test(a_copy_is_resolved_and_the_original_stays),
        cmocka_unit_test(two_members_do_not_become_one),
        cmocka_unit_test(what_holds_no_reference_is_not_copied),
        cmocka_unit_test(what_grows_without_end_is_stopped),
        cmocka_unit_test(what_is_known_by_now_is_told_beforehand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
