/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule set of any JSON is refused with a reason, or gives an endpoint, an error of its own, or a
 * reason why it gives none. The input is a list: rules, parameters, partitions (optional).
 */
#include <stdlib.h>

#include "base/json.h"
#include "client/endpoint_partition.h"
#include "client/endpoint_rules.h"
#include "fuzz.h"

static void expect(int holds)
{
    if (!holds)
        abort();
}

static const char some_partitions[] =
    "{\"version\": \"1.1\", \"partitions\": [{\"id\": \"aws\", \"regionRegex\": "
    "\"^us-\\\\w+-\\\\d+$\","
    " \"regions\": {\"us-east-1\": {}}, \"outputs\": {\"name\": \"aws\", \"dnsSuffix\": "
    "\"amazonaws.com\", \"dualStackDnsSuffix\": \"api.aws\", \"supportsFIPS\": true, "
    "\"supportsDualStack\": true, \"implicitGlobalRegion\": \"us-east-1\"}}]}";

static struct parity_partitions *make_partitions(json_t *input)
{
    struct parity_error err = {0};
    struct parity_partitions *made;
    json_t *document = json_incref(json_array_get(input, 2));

    if (!document)
        expect(parity_json_parse(some_partitions, sizeof some_partitions - 1, NULL, &document,
                                 NULL) == 0);
    made = parity_partitions_new(document, &err);
    expect(made || (err.code && err.message[0]));
    return made;
}

static void evaluate(const struct parity_rule_set *rules, json_t *input)
{
    struct parity_partitions *partitions = make_partitions(input);
    struct parity_error err = {0};
    json_t *none = json_object(), *params = json_array_get(input, 1), *out = NULL;

    if (partitions &&
        parity_rule_set_evaluate(rules, partitions, json_is_object(params) ? params : none, &out,
                                 &err) == 0)
        expect(json_is_string(json_object_get(out, "url")) ||
               json_is_string(json_object_get(out, "error")));
    else
        expect(!out && (!partitions || (err.code && err.message[0])));
    json_decref(out);
    json_decref(none);
    parity_partitions_free(partitions);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parity_rule_set rules = {0};
    struct parity_error err = {0};
    json_t *input;

    if (parity_json_parse((const char *)data, size, NULL, &input, NULL) < 0)
        return 0;
    if (parity_rule_set_compile(json_array_get(input, 0), "fuzz", &rules, &err) == 0)
        evaluate(&rules, input);
    else
        expect(err.code == PARITY_E_PARSE && err.message[0]);
    parity_rule_set_clear(&rules);
    json_decref(input);
    return 0;
}
