/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/coverage_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *const parity_coverage_measures[] = {"tested",    "called",      "snapshotted",
                                                "validated", "implemented", NULL};

struct work {
    const json_t *facts; /* array: of each target */
    struct parity_models *models;
    const struct parity_coverage_report_options *options;
    json_t *report;
    struct parity_error *err;
};

/* --- small things ------------------------------------------------------------------------------
 */

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

void parity_coverage_add_label(struct parity_buffer *out, const json_t *target)
{
    const char *name = text_of(target, "name"), *version = text_of(target, "version");
    const char *url = text_of(target, "endpoint_url");

    parity_buffer_add_text(out, name ? name : url ? url : "an emulator without a name");
    if (version) {
        parity_buffer_add_char(out, ' ');
        parity_buffer_add_text(out, version);
    }
}

__attribute__((format(printf, 2, 3))) static void notice(struct work *work, const char *format, ...)
{
    va_list arguments;
    char text[600];

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    json_array_append_new(json_object_get(work->report, "notices"), json_string(text));
}

/* New: sums for each target. */
static json_t *new_sums(const struct work *work)
{
    json_t *sums = json_array();

    for (size_t i = 0; i < json_array_size(work->facts); i++)
        json_array_append_new(sums, parity_coverage_sums_new());
    return sums;
}

static void set_percents(const struct work *work, json_t *targets)
{
    json_t *sums;
    size_t i;

    json_array_foreach(targets, i, sums) {
        double all = json_number_value(json_object_get(sums, "operations"));
        double some = json_number_value(json_object_get(sums, work->options->measure));

        json_object_set_new(sums, "percent", all > 0 ? json_real(100 * some / all) : json_null());
    }
}

/* --- what models say ---------------------------------------------------------------------------
 */

static json_t *error_names(const json_t *operation)
{
    json_t *names = json_array(), *reference;
    size_t i;

    json_array_foreach(json_object_get(operation, "errors"), i, reference)
        json_array_append(names, json_object_get(reference, "shape"));
    return names;
}

/* The compiled models leave this out, since no call needs it. */
json_t *parity_coverage_errors(struct parity_models *models, const char *service,
                               struct parity_error *err)
{
    json_t *model = parity_models_data(models, service, "service-2", err), *operation;
    json_t *errors = model ? json_object() : NULL;
    json_t *operations = json_object_get(model, "operations");
    const char *name;

    json_object_foreach(operations, name, operation)
        json_object_set_new(errors, name, error_names(operation));
    json_decref(model);
    return errors;
}

static json_t *parameter_names(const struct parity_operation *operation)
{
    const struct parity_shape *input = parity_operation_input(operation);
    json_t *names = json_array();

    for (size_t i = 0; input && i < parity_shape_member_count(input); i++)
        json_array_append_new(
            names, json_string(parity_shape_member_name(parity_shape_member_at(input, i))));
    return names;
}

/* --- services ----------------------------------------------------------------------------------
 */

static const json_t *facts_of(const json_t *target, const char *service, const char *operation)
{
    const json_t *services = json_object_get(target, "services");

    return json_object_get(json_object_get(services, service), operation);
}

/* @return new */
static json_t *describe_operation(const struct work *work, const char *service,
                                  const struct parity_operation *operation, const json_t *errors,
                                  json_t *sums)
{
    const char *name = parity_operation_name(operation);
    json_t *listed = json_object_get(errors, name), *targets = json_array();
    const json_t *facts;
    size_t i;

    json_array_foreach(work->facts, i, facts) {
        json_t *target =
            parity_coverage_operation(facts_of(facts, service, name), operation, listed);

        parity_coverage_sums_add_operation(json_array_get(sums, i), target);
        json_array_append_new(targets, target);
    }
    return json_pack("{s:s, s:o, s:o, s:o}", "operation", name, "parameters",
                     parameter_names(operation), "errors",
                     listed ? json_incref(listed) : json_array(), "targets", targets);
}

/* Calls of an older protocol may be of operations that the newest model has not. */
static void tell_unknown(struct work *work, const struct parity_service *service)
{
    const char *name = parity_service_name(service), *operation;
    const json_t *target;
    json_t *facts, *operations;
    size_t i;

    json_array_foreach(work->facts, i, target) {
        operations = json_object_get(json_object_get(target, "services"), name);
        json_object_foreach(operations, operation, facts)
            if (!parity_service_operation(service, operation, NULL))
                notice(work,
                       "%s %s was called and does not count: the service model has no such "
                       "operation",
                       name, operation);
    }
}

static int add_service(struct work *work, const char *name, bool asked_for)
{
    struct parity_error err = {0};
    const struct parity_service *service = parity_models_service(work->models, name, &err);
    json_t *errors = service ? parity_coverage_errors(work->models, name, &err) : NULL;
    json_t *operations, *sums;

    if (!errors && err.code == PARITY_E_NOT_FOUND && !asked_for) {
        notice(work, "%s was called and does not count: %s", name, err.message);
        return 0;
    }
    if (!errors) {
        if (work->err)
            *work->err = err;
        return -1;
    }
    operations = json_array();
    sums = new_sums(work);
    for (size_t i = 0; i < parity_service_operation_count(service); i++)
        json_array_append_new(
            operations,
            describe_operation(work, name, parity_service_operation_at(service, i), errors, sums));
    set_percents(work, sums);
    tell_unknown(work, service);
    json_decref(errors);
    json_array_append_new(
        json_object_get(work->report, "services"),
        json_pack("{s:s, s:o, s:o}", "service", name, "targets", sums, "operations", operations));
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The services that were called, or asked for, each once and in order. */
static int add_services(struct work *work)
{
    const struct parity_coverage_report_options *options = work->options;
    json_t *names = json_object(), *target, *services;
    const char **sorted = NULL, *name;
    size_t count = 0, i;
    int rc = 0;

    for (i = 0; i < options->service_count; i++)
        json_object_set_new(names, options->services[i], json_true());
    if (options->service_count == 0)
        json_array_foreach(work->facts, i, target)
            json_object_update(names, json_object_get(target, "services"));
    sorted = parity_calloc(json_object_size(names) + 1, sizeof *sorted);
    json_object_foreach(names, name, services)
        if (sorted)
            sorted[count++] = name;
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, by_name);
    for (i = 0; rc == 0 && i < count; i++)
        rc = add_service(work, sorted[i], options->service_count > 0);
    parity_free(sorted);
    json_decref(names);
    return rc;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static void add_targets(struct work *work)
{
    static const char *const members[] = {"kind",  "name",  "version", "endpoint_url",
                                          "files", "tests", "changed", "missing"};
    json_t *targets = json_array();
    const json_t *facts;
    size_t i;

    json_array_foreach(work->facts, i, facts) {
        json_t *target = json_object();
        struct parity_buffer label = {0};

        parity_coverage_add_label(&label, facts);
        json_object_set_new(target, "label", json_stringn(label.data, label.length));
        for (size_t j = 0; j < sizeof members / sizeof *members; j++)
            json_object_set(target, members[j], json_object_get(facts, members[j]));
        json_array_append_new(targets, target);
        parity_buffer_clear(&label);
    }
    json_object_set_new(work->report, "targets", targets);
}

static void add_total(struct work *work)
{
    json_t *sums = new_sums(work), *service;
    size_t i, j;

    json_array_foreach(json_object_get(work->report, "services"), i, service)
        for (j = 0; j < json_array_size(sums); j++)
            parity_coverage_sums_add(json_array_get(sums, j),
                                     json_array_get(json_object_get(service, "targets"), j));
    set_percents(work, sums);
    json_object_set_new(work->report, "total", sums);
}

/* What keeps credit from being given, which nobody would guess from the numbers. */
static void tell_recordings(struct work *work)
{
    const json_t *target;
    size_t i;

    json_array_foreach(json_object_get(work->report, "targets"), i, target) {
        json_int_t changed = json_integer_value(json_object_get(target, "changed"));
        json_int_t missing = json_integer_value(json_object_get(target, "missing"));

        if (changed)
            notice(work,
                   "%s: %" JSON_INTEGER_FORMAT " of its tests were recorded again since, and "
                   "validate nothing until they have run again",
                   text_of(target, "label"), changed);
        if (missing)
            notice(work,
                   "%s: of %" JSON_INTEGER_FORMAT " of its tests there is no recording here; "
                   "name its folder with --ground-truth to know when it was validated",
                   text_of(target, "label"), missing);
    }
}

int parity_coverage_report(const json_t *facts, struct parity_models *models,
                           const struct parity_coverage_report_options *options, json_t **out,
                           struct parity_error *err)
{
    unsigned long failures = parity_memory_failures();
    struct work work = {.facts = facts, .models = models, .options = options, .err = err};
    int rc;

    *out = NULL;
    if (parity_models_check(models, err) < 0)
        return -1;
    work.report = json_pack("{s:s+, s:s}", "models", "botocore ", parity_models_version(models),
                            "measure", options->measure);
    add_targets(&work);
    json_object_set_new(work.report, "total", json_null());
    json_object_set_new(work.report, "services", json_array());
    json_object_set_new(work.report, "notices", json_array());
    tell_recordings(&work);
    rc = add_services(&work);
    add_total(&work);
    if (rc == 0 && parity_memory_failures() != failures) {
        parity_fail_nomem(err);
        rc = -1;
    }
    if (rc == 0)
        *out = json_incref(work.report);
    json_decref(work.report);
    return rc;
}
