/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios against a model: operations, inputs, and references into outputs. */
#include "scenario/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

#include "scenario_fixture.h"

static const char model[] =
    "{\"version\": \"2.0\", \"metadata\": {\"apiVersion\": \"2020-01-01\", \"endpointPrefix\": "
    "\"thing\", \"jsonVersion\": \"1.0\", \"protocol\": \"json\", \"protocols\": [\"json\"], "
    "\"serviceId\": \"Thing\", \"signatureVersion\": \"v4\", \"targetPrefix\": \"Thing\"},"
    "\"operations\": {\"GetThing\": {\"name\": \"GetThing\", \"http\": {\"method\": \"POST\", "
    "\"requestUri\": \"/\"}, \"input\": {\"shape\": \"In\"}, \"output\": {\"shape\": \"Out\"}},"
    "\"Name\": {\"name\": \"Name\", \"http\": {\"method\": \"POST\", \"requestUri\": \"/\"}, "
    "\"output\": {\"shape\": \"Named\"}},"
    "\"Ping\": {\"name\": \"Ping\", \"http\": {\"method\": \"POST\", \"requestUri\": \"/\"}}},"
    "\"shapes\": {"
    "\"In\": {\"type\": \"structure\", \"required\": [\"Name\"], \"members\": {"
    "  \"Name\": {\"shape\": \"Text\"}, \"Count\": {\"shape\": \"Int\"}, \"Ratio\": {\"shape\": "
    "\"Real\"}, \"On\": {\"shape\": \"Bool\"}, \"Data\": {\"shape\": \"Blob\"}, \"At\": "
    "{\"shape\": "
    "\"Time\"}, \"Inner\": {\"shape\": \"In\"}, \"List\": {\"shape\": \"List\"}, \"Map\": "
    "{\"shape\": \"Map\"}, \"Token\": {\"shape\": \"Text\", \"idempotencyToken\": true}, \"Word\": "
    "{\"shape\": \"Word\"}, \"Words\": {\"shape\": \"Words\"}, \"One\": {\"shape\": \"One\"}, "
    "\"Things\": {\"shape\": \"Ins\"}, \"Said\": {\"shape\": \"Said\"}, \"Plain\": {\"shape\": "
    "\"Plain\"}, \"Json\": {\"shape\": \"Text\", \"jsonvalue\": true}}},"
    "\"Plain\": {\"type\": \"structure\", \"document\": true, \"members\": {}},"
    "\"Ins\": {\"type\": \"list\", \"member\": {\"shape\": \"In\"}},"
    "\"Word\": {\"type\": \"string\", \"min\": 2}, \"Words\": {\"type\": \"map\", \"key\": "
    "{\"shape\": \"Word\"}, \"value\": {\"shape\": \"Some\"}}, \"Some\": {\"type\": \"list\", "
    "\"min\": 1, \"member\": {\"shape\": \"Few\"}}, \"Few\": {\"type\": \"integer\", \"min\": 3}, "
    "\"One\": {\"type\": \"structure\", \"union\": true, \"members\": {\"A\": {\"shape\": "
    "\"Int\"}, "
    "\"B\": {\"shape\": \"Int\"}}}, \"Said\": {\"type\": \"structure\", \"eventstream\": true, "
    "\"members\": {\"Word\": {\"shape\": \"One\"}, \"Refused\": {\"shape\": \"Gone\"}}},"
    "\"Out\": {\"type\": \"structure\", \"members\": {\"Name\": {\"shape\": \"Text\"}, \"Things\": "
    "{\"shape\": \"Things\"}, \"Map\": {\"shape\": \"Map\"}, \"Size\": {\"shape\": \"Int\"}, "
    "\"Sizes\": {\"shape\": \"List\"}, \"Raw\": {\"shape\": \"Blob\"}, \"When\": {\"shape\": "
    "\"Time\"}}},"
    "\"Gone\": {\"type\": \"structure\", \"exception\": true, \"members\": {\"Since\": {\"shape\": "
    "\"Time\"}}},"
    "\"Named\": {\"type\": \"structure\", \"members\": {\"Nameless\": {\"shape\": \"Counted\"}, "
    "\"Odd\": {\"shape\": \"Odd\"}, \"Words\": {\"shape\": \"Map\"}}}, \"Odd\": {\"type\": "
    "\"structure\", \"members\": {\"Name\": {\"shape\": \"List\"}}}, \"Counted\": {\"type\": "
    "\"list\", \"member\": {\"shape\": "
    "\"Count\"}}, \"Count\": {\"type\": \"structure\", \"members\": {\"Count\": {\"shape\": "
    "\"Int\"}}},"
    "\"Things\": {\"type\": \"list\", \"member\": {\"shape\": \"Out\"}},"
    "\"List\": {\"type\": \"list\", \"member\": {\"shape\": \"Int\"}},"
    "\"Map\": {\"type\": \"map\", \"key\": {\"shape\": \"Text\"}, \"value\": {\"shape\": \"Int\"}},"
    "\"Text\": {\"type\": \"string\"}, \"Int\": {\"type\": \"integer\"}, \"Real\": {\"type\": "
    "\"double\"}, \"Bool\": {\"type\": \"boolean\"}, \"Blob\": {\"type\": \"blob\"}, \"Time\": "
    "{\"type\": \"timestamp\"}}}";

/* `problem` stands behind "s.json:2: a/b: "; NULL: none. */
struct checked {
    const char *text, *problem;
};

static void assert_checked(const struct checked *cases, size_t count, const char *before,
                           const char *after)
{
    for (size_t i = 0; i < count; i++) {
        struct fixture fixture = {0};
        char *members = parity_asprintf("%s%s%s", before, cases[i].text, after);
        char expected[600] = "";

        if (cases[i].problem)
            snprintf(expected, sizeof expected, "s.json:2: a/b: %s", cases[i].problem);
        fixture_load_test(&fixture, members);
        assert_string_equal(fixture_problems(&fixture), "");
        fixture_check(&fixture, model);
        assert_string_equal(fixture_problems(&fixture), expected);
        fixture_clear(&fixture);
        parity_free(members);
    }
}

#define COUNT(cases_) (sizeof(cases_) / sizeof *(cases_))

static void inputs_are_checked_member_by_member(void **state)
{
    static const struct checked cases[] = {
        {"\"Name\": \"x\", \"Count\": 1, \"Ratio\": 2, \"On\": true, \"Data\": \"text\", \"At\": "
         "7, "
         "\"List\": [1], \"Map\": {\"a\": 1}, \"Inner\": {\"Name\": \"y\"}",
         NULL},
        {"\"Name\": \"${made.Name}\", \"Count\": \"${made.Size}\", \"List\": \"${made.Sizes}\", "
         "\"Ratio\": \"${made.Size}\", \"Data\": \"${made.Raw}\", \"At\": \"${made.When}\", "
         "\"Map\": "
         "{\"a\": \"${made.Things.0.Size}\"}, \"Inner\": {\"Name\": \"${unique:x}\"}",
         NULL},
        {"\"${n}\": \"x\"", NULL}, /* may be the one that is required */
        {"\"Data\": {\"$bytes\": \"aGk=\"}, \"At\": {\"$datetime\": \"2022-01-01T00:00:00Z\"}, "
         "\"Name\": \"x\"",
         NULL},
        {"\"Name\": \"x\", \"Plain\": [1, {\"a\": null, \"${n}\": \"${made.Things}\"}]", NULL},
        {"\"Name\": \"x\", \"Plain\": {\"a\": [{\"$bytes\": \"aGk=\"}]}",
         "steps[1].input.Plain.a[0]: must be plain JSON, as GetThing has it; it is bytes"},
        {"\"Name\": \"x\", \"Plain\": {\"a\": \"${made.When}\", \"b\": \"${n} ${made.When}\"}",
         "steps[1].input.Plain.a: must be plain JSON, as GetThing has it; it is a time"},
        {"\"Name\": \"x\", \"Json\": {}",
         "steps[1].input.Json: must be a text, as GetThing has it"},
        {"\"Count\": 1", "steps[1].input: 'Name' is missing, which GetThing requires"},
        {"\"Name\": \"x\", \"Cont\": 1",
         "steps[1].input.Cont: unknown parameter 'Cont'; did you mean 'Count'?"},
        {"\"Name\": \"x\", \"Inner\": {\"Name\": \"y\", \"Zebra\": 1}",
         "steps[1].input.Inner.Zebra: unknown parameter 'Zebra'"},
        {"\"Name\": 7", "steps[1].input.Name: must be a text, as GetThing has it"},
        {"\"Name\": null", "steps[1].input.Name: must be a text, as GetThing has it"},
        {"\"Name\": \"x\", \"Count\": 1.5",
         "steps[1].input.Count: must be a whole number, as GetThing has it"},
        {"\"Name\": \"x\", \"Count\": \"n ${n}\"",
         "steps[1].input.Count: must be a whole number, as GetThing has it"},
        {"\"Name\": \"x\", \"Ratio\": \"1\"",
         "steps[1].input.Ratio: must be a number, as GetThing has it"},
        {"\"Name\": \"x\", \"On\": 1",
         "steps[1].input.On: must be true or false, as GetThing has it"},
        {"\"Name\": \"x\", \"Data\": 1",
         "steps[1].input.Data: must be bytes or a text, as GetThing has it"},
        {"\"Name\": \"x\", \"At\": []", "steps[1].input.At: must be a time, as GetThing has it"},
        {"\"Name\": \"x\", \"At\": true", "steps[1].input.At: must be a time, as GetThing has it"},
        {"\"Name\": \"x\", \"List\": [1, \"2\"]",
         "steps[1].input.List[1]: must be a whole number, as GetThing has it"},
        {"\"Name\": \"x\", \"List\": {}",
         "steps[1].input.List: must be a list, as GetThing has it"},
        {"\"Name\": \"x\", \"Map\": {\"a\": \"b\"}",
         "steps[1].input.Map.a: must be a whole number, as GetThing has it"},
        {"\"Name\": \"x\", \"Map\": []",
         "steps[1].input.Map: must be an object, as GetThing has it"},
    };

    (void)state;
    assert_checked(cases, COUNT(cases),
                   "\"let\": {\"n\": \"x\"}, \"steps\": [{\"call\": \"thing.GetThing\", \"as\": "
                   "\"made\", \"input\": {\"Name\": \"x\"}}, {\"call\": \"thing.GetThing\", "
                   "\"input\": {",
                   "}}]");
}

/* Of a reference that is a whole value, the type is often known, too. */
static void values_that_references_stand_for_have_the_type_that_is_wanted(void **state)
{
    static const struct checked cases[] = {
        {"\"Count\": \"${made.Name}\"",
         "steps[2].input.Count: must be a whole number, as GetThing has "
         "it; ${made.Name} is a text"},
        {"\"Count\": \"${three}\", \"Ratio\": \"${three}\", \"Zebra\": \"${three}\"",
         "steps[2].input.Zebra: unknown parameter 'Zebra'"},
        {"\"Inner\": {\"Name\": \"${three}\"}",
         "steps[2].input.Inner.Name: must be a text, as GetThing has it; ${three} is a number"},
        {"\"List\": [1, \"${made.Sizes}\"]", "steps[2].input.List[1]: must be a whole number, as "
                                             "GetThing has it; ${made.Sizes} is a list"},
        {"\"List\": \"${made.Map}\"",
         "steps[2].input.List: must be a list, as GetThing has it; ${made.Map} is an object"},
        {"\"On\": \"${account}\"",
         "steps[2].input.On: must be true or false, as GetThing has it; ${account} is a text"},
        {"\"On\": \"${unique:x}\"",
         "steps[2].input.On: must be true or false, as GetThing has it; ${unique:x} is a text"},
        {"\"On\": \"${made}\"",
         "steps[2].input.On: must be true or false, as GetThing has it; ${made} is an object"},
        {"\"On\": \"${kept.yes}\", \"Count\": \"${kept.list.1}\"",
         "steps[2].input.Count: must be a whole number, as GetThing has it; ${kept.list.1} is true "
         "or "
         "false"},
        {"\"Count\": \"${nothing}\"",
         "steps[2].input.Count: must be a whole number, as GetThing has it; ${nothing} is null"},
        {"\"At\": \"${made.Things}\"",
         "steps[2].input.At: must be a time, as GetThing has it; ${made.Things} is a list"},
        {"\"Count\": \"${made.When}\"", "steps[2].input.Count: must be a whole number, as GetThing "
                                        "has it; ${made.When} is a time"},
        {"\"Inner\": {\"Name\": \"${made.ResponseMetadata}\"}",
         "steps[2].input.Inner.Name: must be a text, as GetThing has it; ${made.ResponseMetadata} "
         "is "
         "an object"},
        {"\"Count\": \"${made.ResponseMetadata.HTTPStatusCode}\"", NULL},
        {"\"Count\": \"${made.ResponseMetadata.RequestId}\"",
         "steps[2].input.Count: must be a whole number, as GetThing has it; "
         "${made.ResponseMetadata.RequestId} is a text"},
        {"\"Count\": \"${made.ResponseMetadata.Other}\"", NULL}, /* some services add members */
        {"\"Count\": \"${made.Raw}\"", NULL},                    /* a stream of text is a text */
        {"\"Count\": \"${kept.answer}\"", "steps[2].input.Count: must be a whole number, as "
                                          "GetThing has it; ${kept.answer} is a text"},
        {"\"Count\": \"${kept.answer} \"",
         "steps[2].input.Count: must be a whole number, as GetThing has it"},
        {"\"Count\": \"${made.Map.any}\"", NULL}, /* an integer in the model */
    };

    (void)state;
    assert_checked(
        cases, COUNT(cases),
        "\"let\": {\"three\": 3, \"nothing\": null}, \"steps\": [{\"call\": "
        "\"thing.GetThing\", \"as\": \"made\", \"input\": {\"Name\": \"x\"}}, {\"value\": "
        "{\"yes\": true, \"list\": [1, false], \"answer\": \"${made.Name}\"}, \"as\": "
        "\"kept\"}, {\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\", ",
        "}}]");
}

static void references_are_checked_against_outputs(void **state)
{
    static const struct checked cases[] = {
        {"${made.Name}", NULL},
        {"${made.Things.0.Things.1.Name}", NULL},
        {"${made.Map.anything}", NULL},
        {"${made.ResponseMetadata.RequestId}", NULL},
        {"${refused.Error.Code}", NULL},
        {"${refused.Error.BucketName}", NULL}, /* errors of S3 have members that no model has */
        {"${refused.Since}", NULL},
        {"${refused.ResponseMetadata.BoxUsage}", NULL},
        {"${either.Things.0.Name} ${either.Error.Message}", NULL},
        {"${kept.a.0}", NULL},
        {"${conf.a.0.b}", NULL},
        {"${made.Nam}",
         "steps[6].value: ${made.Nam}: GetThing answers no 'Nam' there; did you mean "
         "'Name'?"},
        {"${made.Things.Name}", "steps[6].value: ${made.Things.Name}: 'Name' looks into a list; "
                                "expected a number, counted from 0"},
        {"${made.Things.0.Zebra}",
         "steps[6].value: ${made.Things.0.Zebra}: GetThing answers no 'Zebra' there"},
        {"${made.ResponseMetadata.HTTPStatusCod}",
         "steps[6].value: ${made.ResponseMetadata.HTTPStatusCod}: no 'HTTPStatusCod' is answered "
         "there; did you mean 'HTTPStatusCode'?"},
        {"${pong.ResponseMetadat.RequestId}",
         "steps[6].value: ${pong.ResponseMetadat.RequestId}: Ping answers no 'ResponseMetadat' "
         "there; did you mean 'ResponseMetadata'?"},
        {"${made.ResponseMetadataX}",
         "steps[6].value: ${made.ResponseMetadataX}: GetThing answers no "
         "'ResponseMetadataX' there; did you mean 'ResponseMetadata'?"},
        {"${made.Error.Code}",
         "steps[6].value: ${made.Error.Code}: GetThing answers no 'Error' there"},
        {"${refused.Eror.Code}", "steps[6].value: ${refused.Eror.Code}: GetThing answers no 'Eror' "
                                 "there; did you mean 'Error'?"},
        {"${refused.Error.Mesage}",
         "steps[6].value: ${refused.Error.Mesage}: no 'Mesage' is answered "
         "there; did you mean 'Message'?"},
        {"${refused.Things}",
         "steps[6].value: ${refused.Things}: GetThing answers no 'Things' there"},
        {"${either.Thing}", "steps[6].value: ${either.Thing}: GetThing answers no 'Thing' there; "
                            "did you mean 'Things'?"},
        {"${kept.b}", "steps[6].value: ${kept.b}: there is no 'b' in the value of steps[3]"},
        {"${kept.a.1}", "steps[6].value: ${kept.a.1}: there is no '1' in the value of steps[3]"},
        {"${kept.made.0.Things.0.Name} ${other.made.0.Map.x} ${other.a.0}", NULL},
        {"${kept.made.0.Nam}", "steps[6].value: ${kept.made.0.Nam}: GetThing answers no 'Nam' "
                               "there; did you mean 'Name'?"},
        {"${other.made.0.Nam}", "steps[6].value: ${other.made.0.Nam}: GetThing answers no 'Nam' "
                                "there; did you mean 'Name'?"},
        {"${other.b}", "steps[6].value: ${other.b}: there is no 'b' in the value of steps[4]"},
        {"${refused.Error.Code.x}",
         "steps[6].value: ${refused.Error.Code.x}: there is nothing to look up 'x' in"},
        {"a ${refused.Error}",
         "steps[6].value: ${refused.Error} is an object: only texts, numbers, "
         "truth values and times can stand inside a text"},
        {"${named.x}", "steps[6].value: ${named.x}: there is nothing to look up 'x' in"},
        {"${text.x}", "steps[6].value: ${text.x}: there is no 'x' in that value of 'let'"},
        {"a ${kept.made}", "steps[6].value: ${kept.made} is a list: only texts, numbers, truth "
                           "values and times can stand inside a text"},
        {"${kept.a.0.x}",
         "steps[6].value: ${kept.a.0.x}: there is no 'x' in the value of steps[3]"},
        {"a ${made.Things}", "steps[6].value: ${made.Things} is a list: only texts, numbers, truth "
                             "values and times can stand inside a text"},
        {"a ${conf}", "steps[6].value: ${conf} is an object: only texts, numbers, truth values and "
                      "times can stand inside a text"},
        {"a ${made.Size} ${made.When} ${made.Raw} ${conf.a.0.b} ${account}", NULL},
        {"${made.Name.x}", "steps[6].value: ${made.Name.x}: there is nothing to look up 'x' in"},
        {"${pong.x}", "steps[6].value: ${pong.x}: Ping answers no 'x' there"},
        {"${conf.b}", "steps[6].value: ${conf.b}: there is no 'b' in that value of 'let'"},
        {"${conf.a.1}", "steps[6].value: ${conf.a.1}: there is no '1' in that value of 'let'"},
    };

    (void)state;
    assert_checked(
        cases, COUNT(cases),
        "\"let\": {\"conf\": {\"a\": [{\"b\": 1}]}, \"named\": \"${unique:x}\", \"text\": "
        "\"a ${named}\"}, \"steps\": ["
        "{\"call\": \"thing.GetThing\", \"as\": \"made\", \"input\": {\"Name\": \"x\"}},"
        "{\"call\": \"thing.GetThing\", \"as\": \"refused\", \"error\": true, \"input\": "
        "{\"Name\": \"x\"}}, {\"call\": \"thing.Ping\", \"as\": \"pong\"},"
        "{\"value\": {\"a\": [1], \"made\": [\"${made}\"]}, \"as\": \"kept\"}, {\"value\": "
        "\"${kept}\", \"as\": \"other\"}, {\"call\": "
        "\"thing.GetThing\", "
        "\"as\": \"either\", \"error\": \"any\", \"input\": {\"Name\": \"x\"}}, {\"value\": \"",
        "\", \"match\": \"m\"}]");
}

/* Members, limits and references of what stands in `let` or in a value are known, too. */
static void values_of_the_file_are_checked_where_they_stand(void **state)
{
    static const struct checked cases[] = {
        {"\"Inner\": \"${conf.fine}\", \"Map\": \"${conf.fine.Map}\", \"Things\": \"${list}\"",
         NULL},
        {"\"Inner\": \"${conf.bad}\"",
         "let.conf.bad.Inner.Cont: unknown parameter 'Cont'; did you mean 'Count'? (it becomes "
         "steps[2].input.Inner)"},
        {"\"Inner\": {\"Name\": \"x\", \"Inner\": \"${conf.bad.Inner}\"}",
         "let.conf.bad.Inner.Cont: unknown parameter 'Cont'; did you mean 'Count'? (it becomes "
         "steps[2].input.Inner.Inner)"},
        {"\"Inner\": \"${again.at}\"",
         "let.conf.bad.Inner.Cont: unknown parameter 'Cont'; did you mean 'Count'? (it becomes "
         "steps[2].input.Inner)"},
        {"\"Things\": \"${kept.inputs}\"",
         "let.conf.bad.Inner.Cont: unknown parameter 'Cont'; did you mean 'Count'? (it becomes "
         "steps[2].input.Things)"},
        {"\"Inner\": \"${kept.nameless}\"",
         "steps[1].value.nameless: 'Name' is missing, which GetThing "
         "requires (it becomes steps[2].input.Inner)"},
        {"\"Things\": [\"${kept.typed}\"]", "steps[1].value.typed.Count: must be a whole number, "
                                            "as GetThing has it; ${made.Name} is a "
                                            "text (it becomes steps[2].input.Things[0])"},
        {"\"List\": \"${three}\"",
         "steps[2].input.List: must be a list, as GetThing has it; ${three} is a number"},
        {"\"Word\": \"${letter}\"",
         "steps[2].input.Word: ${letter}: must have at least 2 characters, not 1"},
    };

    (void)state;
    assert_checked(cases, COUNT(cases),
                   "\"let\": {\"three\": 3, \"letter\": \"x\", \"conf\": {\"fine\": {\"Name\": "
                   "\"x\", \"Map\": {\"a\": "
                   "1}}, \"bad\": {\"Name\": \"x\", \"Inner\": {\"Name\": \"y\", \"Cont\": 1}}}, "
                   "\"again\": {\"at\": "
                   "\"${conf.bad}\"}, \"list\": [\"${conf.fine}\", {\"Name\": \"${unique:x}\"}]}, "
                   "\"steps\": [{\"call\": "
                   "\"thing.GetThing\", \"as\": \"made\", \"input\": {\"Name\": \"x\"}}, "
                   "{\"value\": {\"inputs\": "
                   "[{\"Name\": \"x\"}, \"${conf.bad}\"], \"nameless\": {\"Count\": 1}, \"typed\": "
                   "{\"Name\": \"x\", "
                   "\"Count\": \"${made.Name}\"}}, \"as\": \"kept\"}, {\"call\": "
                   "\"thing.GetThing\", \"input\": {\"Name\": "
                   "\"x\", ",
                   "}}]");
}

static void a_value_of_the_file_has_its_own_line(void **state)
{
    struct fixture fixture = {0};

    (void)state;
    fixture_load_test(&fixture, "\"let\": {\n\"list\": [1,\n\"x\"]},\n\"steps\": [{\"call\": "
                                "\"thing.GetThing\", \"input\": {\"Name\": \"x\", \"List\": "
                                "\"${list}\"}}]");
    fixture_check(&fixture, model);
    assert_string_equal(
        fixture_problems(&fixture),
        "s.json:4: a/b: let.list[1]: must be a whole number, as GetThing has it (it "
        "becomes steps[0].input.List)");
    fixture_clear(&fixture);
}

static void answers_are_checked_against_what_takes_them(void **state)
{
    static const struct checked cases[] = {
        {"\"Map\": \"${made.Map}\", \"List\": \"${made.Sizes}\"", NULL},
        {"\"Inner\": \"${made.Things.0}\"", NULL},
        {"\"Inner\": \"${named.Odd}\"", "steps[2].input.Inner: 'Name' must be a text, as GetThing "
                                        "has it; in ${named.Odd} it is a list"},
        {"\"Things\": \"${named.Nameless}\"", "steps[2].input.Things: '[0].Name' is missing in "
                                              "${named.Nameless}, which GetThing requires"},
        {"\"Words\": \"${named.Words}\"",
         "steps[2].input.Words: '*' must be a list, as GetThing has it; in ${named.Words} it is a "
         "number"},
        {"\"Inner\": \"${made}\"",
         "steps[2].input.Inner: unknown parameter 'ResponseMetadata': ${made} "
         "is a whole answer, which has it"},
    };

    (void)state;
    assert_checked(
        cases, COUNT(cases),
        "\"steps\": [{\"call\": \"thing.GetThing\", \"as\": \"made\", \"input\": {\"Name\": "
        "\"x\"}}, {\"call\": \"thing.Name\", \"as\": \"named\"}, {\"call\": "
        "\"thing.GetThing\", \"input\": {\"Name\": \"x\", ",
        "}}]");
}

/* A list of them may be empty, and what is of another type may be left out. */
static void what_an_answer_may_leave_out_stops_no_run(void **state)
{
    static const struct checked cases[] = {
        {"{\"Things\": \"${named.Nameless}\", \"Inner\": \"${named.Odd}\", \"Name\": \"x\"}", NULL},
        {"{\"Inner\": \"${named.Nameless.0}\", \"Name\": \"x\"}",
         "steps[1].input.Inner: 'Name' is missing in ${named.Nameless.0}, which GetThing requires"},
        {"{\"Inner\": \"${named}\", \"Name\": \"x\"}",
         "steps[1].input.Inner: unknown parameter 'ResponseMetadata': ${named} is a whole answer, "
         "which has it"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fixture fixture = {0};
        char *members =
            parity_asprintf("\"steps\": [{\"call\": \"thing.Name\", \"as\": \"named\"}, "
                            "{\"call\": \"thing.GetThing\", \"input\": %s}]",
                            cases[i].text);
        char expected[300] = "";

        if (cases[i].problem)
            snprintf(expected, sizeof expected, "s.json:2: a/b: %s", cases[i].problem);
        fixture_load_test(&fixture, members);
        fixture_open_model(&fixture, model);
        parity_scenario_check_before_run(fixture.scenarios.items[0], fixture.models, NULL,
                                         &fixture.report);
        assert_string_equal(fixture_problems(&fixture), expected);
        fixture_clear(&fixture);
        parity_free(members);
    }
}

static void limits_are_checked(void **state)
{
    static const struct checked cases[] = {
        {"\"Word\": \"xy\", \"Words\": {\"xy\": [3]}, \"One\": {\"A\": 1}, \"Said\": [{\"Word\": "
         "{\"B\": "
         "2}}], \"At\": \"2026-01-31T12:00:00Z\"",
         NULL},
        {"\"Word\": \"${n}\", \"Words\": {\"${n}\": [\"${account}\"]}",
         "steps[0].input.Words['${n}'][0]: must be a whole number, as GetThing has it; ${account} "
         "is a "
         "text"},
        {"\"Word\": \"x\"", "steps[0].input.Word: must have at least 2 characters, not 1"},
        {"\"Word\": \"$${x}\", \"At\": \"$${now}\"",
         "steps[0].input.At: must be a date in ISO 8601 or seconds since 1970, not a string "
         "(\"${now}\")"},
        {"\"Words\": {\"x\": [3]}",
         "steps[0].input.Words.x: must have at least 2 characters in its key, not 1"},
        {"\"Words\": {\"xy\": []}", "steps[0].input.Words.xy: must have at least 1 items, not 0"},
        {"\"Words\": {\"xy\": [4, 2]}", "steps[0].input.Words.xy[1]: must be at least 3, not 2"},
        {"\"One\": {\"A\": 1, \"B\": 2}",
         "steps[0].input.One: must have exactly one member, as GetThing has it, not 2"},
        {"\"One\": {}",
         "steps[0].input.One: must have exactly one member, as GetThing has it, not 0"},
        {"\"Said\": {\"Word\": {\"A\": 1}}",
         "steps[0].input.Said: must be a list of events, as GetThing has it"},
        {"\"Said\": [{\"Word\": {\"A\": 1}}, {\"Wrod\": {}}]",
         "steps[0].input.Said[1].Wrod: unknown parameter 'Wrod'; did you mean 'Word'?"},
        {"\"Said\": [{\"Refused\": {}}]",
         "steps[0].input.Said[0].Refused: unknown parameter 'Refused'"},
        {"\"Said\": [\"${event}\", \"${other}\"]",
         "let.other.Wrod: unknown parameter 'Wrod'; did you mean 'Word'? (it becomes "
         "steps[0].input.Said[1])"},
        {"\"Said\": [{}]",
         "steps[0].input.Said[0]: must be an event: an object with its name as the "
         "only member"},
        {"\"At\": \"yesterday\"",
         "steps[0].input.At: must be a date in ISO 8601 or seconds since 1970, "
         "not a string (\"yesterday\")"},
        {"\"Data\": {\"$bytes\": \"aGk=\"}", NULL},
    };

    (void)state;
    assert_checked(cases, COUNT(cases),
                   "\"let\": {\"n\": \"${unique:x}\", \"event\": {\"Word\": {\"A\": 1}}, "
                   "\"other\": {\"Wrod\": {}}}, \"steps\": [{\"call\": \"thing.GetThing\", "
                   "\"input\": {\"Name\": \"x\", ",
                   "}}]");
}

static void paths_that_select_are_checked_against_outputs(void **state)
{
    static const struct checked cases[] = {
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\"}, \"until\": {\"path\": "
         "\"$.Things[0].Name\", \"equals\": 1}, \"match\": \"m\", \"select\": "
         "\"$.ResponseMetadata.HTTPStatusCode\"}",
         NULL},
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\"}, \"match\": \"m\", "
         "\"select\": \"$.Things[-1].Nam\"}",
         NULL}, /* not from the front */
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\"}, \"match\": \"m\", "
         "\"select\": \"$.Things[*].Nam\"}",
         NULL}, /* not one node */
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\"}, \"until\": {\"path\": "
         "\"$.Things[0].Nam\", \"equals\": 1}}",
         "steps[0].until.path: $.Things[0].Nam: GetThing answers no 'Nam' there; did you mean "
         "'Name'?"},
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\"}, \"match\": \"m\", "
         "\"select\": \"$.Sise\"}",
         "steps[0].select: $.Sise: GetThing answers no 'Sise' there; did you mean 'Size'?"},
        {"{\"value\": {\"a\": 1}, \"match\": \"m\", \"select\": \"$.b\"}",
         "steps[0].select: $.b: there is no 'b' in the value"},
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\"}, \"as\": \"made\", "
         "\"match\": \"m\", "
         "\"select\": \"$.Name[0]\"}, {\"value\": [\"abc\", \"${region}\"], \"match\": \"n\", "
         "\"select\": \"$[0][1]\"}, {\"value\": [\"${region}\"], \"match\": \"o\", \"select\": "
         "\"$[0][1]\"}",
         NULL}, /* a character */
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\"}, \"match\": \"m\", "
         "\"select\": "
         "\"$.Size[0]\"}",
         "steps[0].select: $.Size[0]: there is nothing to look up '0' in"},
    };

    (void)state;
    assert_checked(cases, COUNT(cases), "\"steps\": [", "]");
}

static void steps_are_checked(void **state)
{
    static const struct checked cases[] = {
        {"{\"call\": \"thing.Ping\"}", NULL},
        {"{\"call\": \"thing.Pong\"}",
         "steps[0].call: the service 'thing' has no operation 'Pong'; did you mean 'Ping'?"},
        {"{\"call\": \"thing.GetThing\", \"no_validate\": true, \"input\": {\"Any\": 1}}", NULL},
        {"{\"call\": \"thing.Ping\", \"input\": {\"x\": 1}}",
         "steps[0].input.x: unknown parameter 'x'"},
        {"{\"call\": \"thing.Ping\", \"protocol\": \"json\", \"region\": \"eu-west-1\"}", NULL},
        {"{\"call\": \"thing.Ping\", \"region\": \"${region}\"}", NULL},
        {"{\"call\": \"thing.Ping\", \"region\": \"${place.bad}\", \"as\": \"pong\"}",
         "steps[0].region: 'eu west' cannot be a region: it becomes part of a host name, so it "
         "must be letters, digits and hyphens, such as us-east-1"},
        {"{\"call\": \"thing.Ping\", \"region\": \"${place}\"}",
         "steps[0].region: must be a text; ${place} is an object"},
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\"}, \"until\": {\"path\": "
         "\"${place.n}\"}}",
         "steps[0].until.path: must be a text; ${place.n} is a number"},
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\"}, \"match\": \"m\", "
         "\"select\": \"${place.path}\"}",
         "steps[0].select: $.Sise: GetThing answers no 'Sise' there; did you mean 'Size'?"},
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\", \"Said\": [\"${place.n}\"]}}",
         "steps[0].input.Said[0]: must be an event; ${place.n} is a number"},
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\", \"Said\": [\"${place.m}\"]}}",
         "steps[0].input.Said[0]: ${place.m}: there is no 'm' in that value of 'let'"},
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\", \"Map\": {\"${place}\": 1}}}",
         "steps[0].input.Map['${place}']: ${place} is an object: only texts, numbers, truth values "
         "and times can stand inside a text"},
        {"{\"call\": \"thing.GetThing\", \"input\": {\"Name\": \"x\", \"Map\": {\"${place.n}\": "
         "1}}}",
         NULL},
        {"{\"call\": \"thing.Ping\", \"protocol\": \"jsno\"}",
         "steps[0].protocol: unknown protocol 'jsno' (known are ec2, json, query, rest-json, "
         "rest-xml, smithy-rpc-v2-cbor)"},
        {"{\"call\": \"thing.Ping\", \"protocol\": \"query\"}",
         "steps[0].protocol: thing: does not speak the protocol 'query', or not any more; put an "
         "older model that has it into a folder of AWS_DATA_PATH, as "
         "'thing-query/<API version>/service-2.json'"},
        {"{\"call\": \"thing.Ping\", \"region\": \"eu west\"}",
         "steps[0].region: 'eu west' cannot be a region: it becomes part of a host name, so it "
         "must be "
         "letters, digits and hyphens, such as us-east-1"},
    };

    (void)state;
    assert_checked(cases, COUNT(cases),
                   "\"let\": {\"place\": {\"n\": 5, \"bad\": \"eu west\", \"path\": \"$.Sise\"}}, "
                   "\"steps\": [",
                   "]");
}

static void paths_and_transformers_are_checked(void **state)
{
    static const struct checked cases[] = {
        {"\"skip_verify\": [{\"paths\": [\"$..a\", \"$.b[?(@.c==1)]\"]}]", NULL},
        {"\"transformers\": [{\"type\": \"regexp\"}]",
         "transformers[0]: unknown transformer type 'regexp'; did you mean 'regex'?"},
        {"\"transformers\": [{\"type\": \"regex\", \"pattern\": \"x${conf}\", \"replacement\": "
         "\"(\"}]",
         NULL}, /* known when the test has run */
        {"\"transformers\": [{\"type\": \"regex\", \"pattern\": \"${conf}\", \"replacment\": "
         "\"c\"}]",
         "transformers[0]: 'regex' has no member 'replacment'; did you mean 'replacement'?; it "
         "takes: "
         "pattern, replacement, priority"}, /* its members are known now */
        {"\"transformers\": [{\"type\": \"regexp\", \"pattern\": \"${conf}\"}]",
         "transformers[0]: unknown transformer type 'regexp'; did you mean 'regex'?"},
    };

    (void)state;
    assert_checked(cases, COUNT(cases), "\"let\": {\"conf\": \"c\"}, \"steps\": [], ", "");
}

static void a_transformer_that_is_known_to_be_right_hides_no_mistake_beside_it(void **state)
{
    json_t *spec = json_pack("{s:s, s:s}", "type", "preset", "name", "sqs_api");
    struct parity_kept_transformers kept = {0};
    struct parity_transformers list = {0};
    struct fixture fixture = {0};

    (void)state;
    assert_int_equal(parity_kept_transformers_add(&kept, &list, spec, NULL), 0);
    fixture_load_test(&fixture,
                      "\"steps\": [], \"transformers\": [{\"type\": \"preset\", \"name\": "
                      "\"sqs_api\"}, {\"type\": \"regexp\"}]");
    fixture.models = parity_models_new(&(struct parity_models_options){.data_path = ""}, NULL);
    parity_scenario_check_before_run(fixture.scenarios.items[0], fixture.models, &kept,
                                     &fixture.report);
    assert_string_equal(fixture_problems(&fixture),
                        "s.json:2: a/b: transformers[1]: unknown transformer type 'regexp'; did "
                        "you mean 'regex'?");
    fixture_clear(&fixture);
    parity_transformers_clear(&list);
    parity_kept_transformers_clear(&kept);
    json_decref(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_transformer_that_is_known_to_be_right_hides_no_mistake_beside_it, scratch_enter,
            scratch_leave),
        cmocka_unit_test_setup_teardown(inputs_are_checked_member_by_member, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(
            values_that_references_stand_for_have_the_type_that_is_wanted, scratch_enter,
            scratch_leave),
        cmocka_unit_test_setup_teardown(references_are_checked_against_outputs, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(values_of_the_file_are_checked_where_they_stand,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(a_value_of_the_file_has_its_own_line, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(answers_are_checked_against_what_takes_them, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(what_an_answer_may_leave_out_stops_no_run, scratch_enter,
                                        scratch_leave),
        cmocka_unit_test_setup_teardown(limits_are_checked, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(paths_that_select_are_checked_against_outputs,
                                        scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(steps_are_checked, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(paths_and_transformers_are_checked, scratch_enter,
                                        scratch_leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
