/* SPDX-License-Identifier: Apache-2.0 */
/* What the file alone tells: fields, types, names, references. */
#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

#include "scenario_fixture.h"

#define CALL "{\"call\": \"thing.Get\", \"as\": \"seen\"}"

static const struct {
    const char *members; /* of the test, besides id and marker */
    const char *problem; /* behind "s.json:"; NULL: none */
} cases[] = {
    {"\"steps\": []", NULL},
    {"\"let\": {}", "2: a/b: a test needs 'steps'"},
    {"\"steps\": [],\n\"step\": []",
     "3: a/b: step: a test has no field 'step'; did you mean 'steps'?"},
    {"\"steps\": {}", "2: a/b: steps: must be a list"},
    {"\"step\": [], \"tags\": 1, \"let\": [], \"steps\": [\n{}]",
     "2: a/b: step: a test has no field 'step'; did you mean 'steps'?\n"
     "s.json:2: a/b: tags: must be a list\n"
     "s.json:2: a/b: let: must be an object\n"
     "s.json:3: a/b: steps[0]: a step has one of 'call', 'wait', 'value' and 'sleep'"},
    {"\"steps\": [\n7]", "3: a/b: steps[0]: a step must be an object"},
    {"\"steps\": [{}]", "2: a/b: steps[0]: a step has one of 'call', 'wait', 'value' and 'sleep'"},
    {"\"steps\": [{\"call\": \"a.b\", \"sleep\": 1}]",
     "2: a/b: steps[0]: a step has one of 'call', 'wait', 'value' and 'sleep', not several"},
    {"\"steps\": [{\"call\": \"a.b\", \"inputs\": {}}]",
     "2: a/b: steps[0].inputs: a step has no field 'inputs'; did you mean 'input'?"},
    {"\"steps\": [{\"call\": \"a\"}]",
     "2: a/b: steps[0].call: 'a' is not of the form 'sqs.CreateQueue'"},
    {"\"steps\": [{\"call\": \"a.b.c\"}]",
     "2: a/b: steps[0].call: 'a.b.c' is not of the form 'sqs.CreateQueue'"},
    {"\"steps\": [{\"wait\": \".b\"}]",
     "2: a/b: steps[0].wait: '.b' is not of the form 's3.BucketExists'"},
    {"\"steps\": [{\"call\": \"a.b\", \"input\": []}]",
     "2: a/b: steps[0].input: must be an object"},
    {"\"steps\": [{\"call\": \"a.b\", \"error\": \"some\"}]",
     "2: a/b: steps[0].error: must be true, false or \"any\""},
    {"\"steps\": [{\"call\": \"a.b\", \"client\": \"third\"}]",
     "2: a/b: steps[0].client: there is no client 'third'; it is \"primary\" or \"secondary\""},
    {"\"steps\": [{\"call\": \"a.b\", \"timeout\": 1}]",
     "2: a/b: steps[0].timeout: means nothing without 'until'"},
    {"\"steps\": [{\"call\": \"a.b\", \"until\": {\"equals\": 1}}]",
     "2: a/b: steps[0].until: 'until' needs 'path'"},
    {"\"steps\": [{\"call\": \"a.b\", \"until\": {\"path\": \"$\"}, \"interval\": 0}]",
     "2: a/b: steps[0].interval: must be a number of seconds above 0, at most 86400"},
    {"\"steps\": [{\"call\": \"a.b\", \"select\": \"$\"}]",
     "2: a/b: steps[0].select: means nothing without 'match'"},
    {"\"steps\": [{\"value\": 1}]", "2: a/b: steps[0].value: means nothing without 'match'"},
    {"\"steps\": [{\"value\": 1, \"match\": \"m\", \"input\": {}}]",
     "2: a/b: steps[0].input: 'input' does not go with 'value'"},
    {"\"steps\": [{\"sleep\": -1}]",
     "2: a/b: steps[0].sleep: must be a number of seconds from 0, at most 86400"},
    {"\"steps\": [{\"sleep\": 1, \"match\": \"m\"}]",
     "2: a/b: steps[0].match: 'match' does not go with 'sleep'"},
    {"\"steps\": [], \"cleanup\": [{\"value\": 1}]",
     "2: a/b: cleanup[0].value: a step of 'cleanup' has no field 'value'"},
    {"\"steps\": [" CALL ", " CALL "]",
     "2: a/b: steps[1].as: 'seen' is what steps[0] is called already"},
    {"\"steps\": [{\"value\": 1, \"match\": \"m\"},\n{\"value\": 2, \"match\": \"m\"}]",
     "3: a/b: steps[1].match: steps[0] matches as 'm' already"},
    {"\"let\": {\"seen\": 1}, \"steps\": [" CALL "]",
     "2: a/b: steps[0].as: 'seen' is a name of 'let' already"},
    {"\"let\": {\"region\": 1}, \"steps\": []",
     "2: a/b: let.region: 'region' is no name: it is taken, or has one of .:${}"},
    {"\"let\": {\"a.b\": 1}, \"steps\": []",
     "2: a/b: let['a.b']: 'a.b' is no name: it is taken, or has one of .:${}"},
    {"\"let\": {\"x\": \"${y}\", \"y\": [\"${z}\"], \"z\": {\"${x}\": 1}}, \"steps\": []",
     "2: a/b: let.x: 'x' is made of itself: its references go round in a circle"},
    {"\"let\": {\"x\": \"${y}${y}\", \"y\": \"${z}\", \"z\": \"1\"}, \"steps\": []", NULL},
    {"\"let\": {\"x\": \"${seen}\"}, \"steps\": [" CALL "]",
     "2: a/b: let.x: ${seen} stands for what steps[0] answers, which is not made before this"},
    {"\"steps\": [{\"call\": \"a.b\", \"input\": {\"c\": \"${seen.d}\"}}, " CALL "]",
     "2: a/b: steps[0].input.c: ${seen.d} stands for what steps[1] answers, which is not made "
     "before this"},
    {"\"steps\": [{\"call\": \"a.b\", \"as\": \"x\", \"input\": {\"c\": \"${x}\"}}]",
     "2: a/b: steps[0].input.c: ${x} stands for what steps[0] answers, which is not made before "
     "this"},
    {"\"steps\": [" CALL "], \"cleanup\": [{\"call\": \"a.b\", \"input\": {\"c\": \"${seem}\"}}]",
     "2: a/b: cleanup[0].input.c: ${seem}: nothing is called 'seem'; did you mean 'seen'?"},
    {"\"steps\": [{\"call\": \"a.b\", \"input\": {\"${regio}\": 1}}]",
     "2: a/b: steps[0].input['${regio}']: ${regio}: nothing is called 'regio'; did you mean "
     "'region'?"},
    {"\"steps\": [{\"value\": \"${a..b}\", \"match\": \"m\"}]",
     "2: a/b: steps[0].value: ${a..b} is no reference: expected ${name.member.0}, "
     "${unique:name}, ${account}, ${region} or ${partition}; a plain ${ is written $${"},
    {"\"steps\": [{\"value\": \"${a\", \"match\": \"m\"}]",
     "2: a/b: steps[0].value: '${' without '}'; a plain ${ is written $${"},
    {"\"steps\": [{\"value\": \"$${a\", \"match\": \"m\"}]", NULL},
    {"\"steps\": [], \"transformers\": [{\"type\": \"regex\", \"pattern\": \"${x}\"}]",
     "2: a/b: transformers[0].pattern: ${x}: nothing is called 'x'"},
    {"\"steps\": [], \"transformers\": [{\"kind\": \"regex\"}]",
     "2: a/b: transformers[0]: a transformer must be an object with the field 'type'"},
    {"\"steps\": [], \"skip_verify\": [{\"path\": []}]",
     "2: a/b: skip_verify[0].path: a skip_verify has no field 'path'; did you mean 'paths'?"},
    {"\"steps\": [], \"skip_verify\": [{\"paths\": [\"$.a\",\n1]}]",
     "3: a/b: skip_verify[0].paths[1]: must be a text"},
    {"\"steps\": [{\"value\": 1,\n\"match\": \"m\\u0000n\"}]",
     "3: a/b: steps[0].match: must not hold the character 0"},
    {"\"steps\": [\n{\"value\": \"\\ud800\", \"match\": \"m\\ud800\"}]",
     "3: a/b: steps[0].match: must not hold half of a pair of surrogates (\\ud800 to \\udfff)"},
    {"\"steps\": [{\"call\": \"a.b\\u0000c\"}]",
     "2: a/b: steps[0].call: must not hold the character 0"},
    {"\"steps\": [], \"tags\": [\"a\\u0000b\"]", "2: a/b: tags[0]: must not hold the character 0"},
    {"\"steps\": [], \"let\": {\"a\\u0000b\": 1}",
     "2: a/b: let.a: the name must not hold the character 0"},
    {"\"steps\": [], \"serial\\u0000\": true",
     "2: a/b: serial: a test has no field 'serial'; did you mean 'serial'?"},
    {"\"steps\": [{\"value\": {\"a\\u0000b\": \"c\\u0000d\"}, \"match\": \"m\"}]", NULL},
    {"\"steps\": [{\"value\": \"${uniqe:x}\", \"match\": \"m\"}]",
     "2: a/b: steps[0].value: ${uniqe:x} is no reference: expected ${name.member.0}, "
     "${unique:name}, ${account}, ${region} or ${partition}; a plain ${ is written $${"},
    {"\"steps\": [], \"defaults\": \"odd\"",
     "2: a/b: defaults: there is no defaults 'odd'; did you mean 'old'?"},
    {"\"steps\": [], \"fixed_times\": 1", "2: a/b: fixed_times: must be true or false"},
};

static void problems_are_told_with_line_and_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture = {0};
        char expected[512] = "";

        fixture_load_test(&fixture, cases[i].members);
        if (cases[i].problem)
            snprintf(expected, sizeof expected, "s.json:%s", cases[i].problem);
        assert_string_equal(fixture_problems(&fixture), expected);
        assert_int_equal(fixture.scenarios.count, cases[i].problem ? 0 : 1);
        fixture_clear(&fixture);
    }
}

static void ids_must_be_good_for_files(void **state)
{
    static const char *const bad[] = {"",       "/a",   "a/",     "a//b", "a::b",
                                      "a\\\\b", "../a", "a/../b", "a/..", "a\\nb"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fixture fixture = {0};
        char text[200];

        snprintf(text, sizeof text,
                 "{\"tests\": [{\"id\": \"%s\", \"marker\": \"unknown\", \"steps\": []}]}", bad[i]);
        scratch_write("s.json", text);
        fixture_load(&fixture, "s.json");
        assert_int_equal(fixture.report.problems, 1);
        assert_int_equal(fixture.scenarios.count, 0);
        fixture_clear(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(problems_are_told_with_line_and_path, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(ids_must_be_good_for_files, scratch_enter, scratch_leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
