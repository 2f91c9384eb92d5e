/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endpoint.h"

#include <string.h>

#include "base/memory.h"
#include "client/endpoint_cache.h"
#include "client/endpoint_partition.h"
#include "client/endpoint_rules.h"

/* What is kept with the models: partitions, and the rules of the services called so far. */
struct endpoints {
    struct parity_partitions *partitions;
    struct service_rules {
        char *service;
        struct parity_rule_set rules;
    } * *items; /* owned, and each item */
    size_t count, capacity;
};

static void rules_free(struct service_rules *rules)
{
    if (!rules)
        return;
    parity_rule_set_clear(&rules->rules);
    parity_free(rules->service);
    parity_free(rules);
}

static void endpoints_free(void *content)
{
    struct endpoints *endpoints = content;

    for (size_t i = 0; i < endpoints->count; i++)
        rules_free(endpoints->items[i]);
    parity_free(endpoints->items);
    parity_partitions_free(endpoints->partitions);
    parity_free(endpoints);
}

/* Borrowed from `models`. */
static struct endpoints *get_endpoints(struct parity_models *models, struct parity_error *err)
{
    void **place = parity_models_attachment(models, endpoints_free);
    struct endpoints *endpoints;
    json_t *document;

    if (*place)
        return *place;
    document = parity_models_data(models, NULL, "partitions", err);
    if (!document)
        return NULL;
    endpoints = parity_calloc(1, sizeof *endpoints);
    if (!endpoints) {
        json_decref(document);
        parity_fail_nomem(err);
        return NULL;
    }
    endpoints->partitions = parity_partitions_new(document, err);
    if (!endpoints->partitions) {
        parity_free(endpoints);
        return NULL;
    }
    *place = endpoints;
    return endpoints;
}

static int compile_rules(struct parity_models *models, const char *service,
                         struct parity_rule_set *out, struct parity_error *err)
{
    json_t *document = parity_models_data(models, service, "endpoint-rule-set-1", err);
    int rc = document ? parity_rule_set_compile(document, service, out, err) : -1;

    json_decref(document);
    return rc;
}

/* From the cache, else from the file. */
static int open_rules(struct parity_models *models, const char *service,
                      struct parity_rule_set *out, struct parity_error *err)
{
    char *source = parity_models_data_source(models, service, "endpoint-rule-set-1");
    int rc = 0;

    if (!source || !parity_endpoint_cache_open(service, source, out)) {
        rc = compile_rules(models, service, out, err);
        if (rc == 0 && source)
            parity_endpoint_cache_store(service, source, out);
    }
    parity_free(source);
    return rc;
}

static struct service_rules *load_rules(struct parity_models *models, const char *service,
                                        struct parity_error *err)
{
    struct service_rules *rules = parity_calloc(1, sizeof *rules);

    if (!rules || !(rules->service = parity_strdup(service)))
        parity_fail_nomem(err);
    else if (open_rules(models, service, &rules->rules, err) == 0)
        return rules;
    rules_free(rules);
    return NULL;
}

/* Borrowed from `models`. */
static const struct parity_rule_set *get_rules(struct parity_models *models, const char *service,
                                               struct endpoints *endpoints,
                                               struct parity_error *err)
{
    struct service_rules *rules;

    for (size_t i = 0; i < endpoints->count; i++)
        if (strcmp(endpoints->items[i]->service, service) == 0)
            return &endpoints->items[i]->rules;
    if (parity_grow(&endpoints->items, &endpoints->capacity, endpoints->count + 1,
                    sizeof(struct service_rules *)) < 0) {
        parity_fail_nomem(err);
        return NULL;
    }
    rules = load_rules(models, service, err);
    if (!rules)
        return NULL;
    endpoints->items[endpoints->count++] = rules;
    return &rules->rules;
}

int parity_endpoint_resolve(struct parity_models *models, const char *service, const json_t *params,
                            json_t **out, struct parity_error *err)
{
    struct endpoints *endpoints = get_endpoints(models, err);
    const struct parity_rule_set *rules =
        endpoints ? get_rules(models, service, endpoints, err) : NULL;

    *out = NULL;
    if (!rules)
        return -1;
    if (parity_rule_set_evaluate(rules, endpoints->partitions, params, out, err) == 0)
        return 0;
    parity_error_add_context(err, "%s", service);
    return -1;
}

bool parity_endpoint_parameter(struct parity_models *models, const char *service, size_t index,
                               struct parity_endpoint_parameter *out)
{
    struct endpoints *endpoints = get_endpoints(models, NULL);
    const struct parity_rule_set *rules =
        endpoints ? get_rules(models, service, endpoints, NULL) : NULL;
    const uint32_t *list, *parameter;

    if (!rules)
        return false;
    list = parity_rule_node(rules, rules->parameters);
    if (index >= parity_rule_count(list))
        return false;
    parameter = parity_rule_node(rules, list[1 + index]);
    out->name = parity_rule_string(rules, parameter[1]);
    out->builtin = parameter[6] ? parity_rule_string(rules, parameter[6]) : NULL;
    return true;
}

const char *parity_endpoint_partition(struct parity_models *models, const char *region)
{
    struct endpoints *endpoints = get_endpoints(models, NULL);

    return endpoints ? parity_partitions_name(endpoints->partitions, region) : "aws";
}

bool parity_endpoint_is_aws(struct parity_models *models, const char *host, size_t length)
{
    static const char *const always[] = {"amazonaws.com", "amazonaws.com.cn", "api.aws"};
    struct endpoints *endpoints = get_endpoints(models, NULL);

    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (parity_partitions_is_below(host, length, always[i]))
            return true;
    return endpoints && parity_partitions_own_host(endpoints->partitions, host, length);
}
