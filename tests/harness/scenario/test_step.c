/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/step.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "scratch.h"

static void a_call_is_read_with_its_options(void **state)
{
    json_t *list = scratch_json(
        "[{\"call\": \"sqs.SendMessage\", \"input\": {\"a\": 1}, \"as\": \"sent\", \"match\": "
        "\"m\","
        " \"select\": \"$.a\", \"error\": \"any\", \"client\": \"secondary\", \"region\": \"r\","
        " \"protocol\": \"query\", \"no_validate\": true, \"path_style\": false,"
        " \"until\": {\"path\": \"$.b\"}, \"timeout\": 2.5, \"interval\": 3}]");
    struct parity_arena arena = {0};
    struct parity_scenario_steps steps;
    const struct parity_scenario_step *step;

    (void)state;
    assert_int_equal(parity_scenario_steps_read(list, &arena, &steps), 0);
    assert_int_equal(steps.count, 1);
    step = &steps.items[0];
    assert_string_equal(step->service, "sqs");
    assert_string_equal(step->operation, "SendMessage");
    assert_false(step->is_wait);
    assert_ptr_equal(step->input, json_object_get(step->json, "input"));
    assert_ptr_equal(step->until, json_object_get(step->json, "until"));
    assert_ptr_equal(step->region, json_object_get(step->json, "region"));
    assert_ptr_equal(step->select, json_object_get(step->json, "select"));
    assert_string_equal(step->as, "sent");
    assert_string_equal(step->match, "m");
    assert_int_equal(step->options.expect, PARITY_EXPECT_ANY);
    assert_int_equal(step->options.account, PARITY_SECONDARY);
    assert_int_equal(step->options.addressing, PARITY_ADDRESSING_HOST);
    assert_string_equal(step->options.protocol, "query");
    assert_true(step->options.no_validate);
    assert_null(step->options.region); /* holds references until the call */
    assert_true(step->timeout_s > 2.4 && step->timeout_s < 2.6);
    assert_true(step->interval_s > 2.9 && step->interval_s < 3.1);
    parity_arena_clear(&arena);
    json_decref(list);
}

static void steps_do_one_of_four_things(void **state)
{
    json_t *list = scratch_json("[{\"wait\": \"s3.BucketExists\", \"error\": true}, {\"sleep\": 1},"
                                " {\"value\": null, \"as\": \"v\"}, {\"call\": \"a.B\"}]");
    struct parity_arena arena = {0};
    struct parity_scenario_steps steps;

    (void)state;
    assert_int_equal(parity_scenario_steps_read(list, &arena, &steps), 0);
    assert_int_equal(steps.count, 4);
    assert_true(steps.items[0].is_wait);
    assert_string_equal(steps.items[0].service, "s3");
    assert_string_equal(steps.items[0].operation, "BucketExists");
    assert_int_equal(steps.items[0].options.expect, PARITY_EXPECT_ERROR);
    assert_null(steps.items[1].service);
    assert_int_equal(json_integer_value(steps.items[1].sleep), 1);
    assert_null(steps.items[2].service);
    assert_true(json_is_null(steps.items[2].value));
    assert_null(steps.items[3].input);
    assert_int_equal(steps.items[3].options.expect, PARITY_EXPECT_SUCCESS);
    parity_arena_clear(&arena);
    json_decref(list);
}

static void there_may_be_no_steps(void **state)
{
    struct parity_arena arena = {0};
    struct parity_scenario_steps steps = {.count = 7};

    (void)state;
    assert_int_equal(parity_scenario_steps_read(NULL, &arena, &steps), 0);
    assert_int_equal(steps.count, 0);
    parity_arena_clear(&arena);
}

static int init(void **state)
{
    (void)state;
    parity_memory_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_read_with_its_options),
        cmocka_unit_test(steps_do_one_of_four_things),
        cmocka_unit_test(there_may_be_no_steps),
    };

    return cmocka_run_group_tests_name("step", tests, init, NULL);
}
