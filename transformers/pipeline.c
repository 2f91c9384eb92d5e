/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "context.h"
#include "embedded_json.h"
#include "python_text.h"
#include "replacement_plan.h"

struct parity_pipeline {
    json_t *document;
    struct parity_transform_context context;
};

void parity_pipeline_free(struct parity_pipeline *pipeline)
{
    if (!pipeline)
        return;
    json_decref(pipeline->document);
    parity_transform_context_clear(&pipeline->context);
    parity_free(pipeline);
}

json_t *parity_pipeline_warnings(const struct parity_pipeline *pipeline)
{
    return pipeline->context.warnings;
}

static int compare_priorities(const void *left, const void *right)
{
    const struct parity_transformer_entry *const *a = left, *const *b = right;

    if ((*a)->priority != (*b)->priority)
        return (*a)->priority < (*b)->priority ? -1 : 1;
    return *a < *b ? -1 : *a > *b; /* both point into one list: its order decides */
}

static int run_transformers(struct parity_pipeline *pipeline,
                            const struct parity_transformers *list, struct parity_error *err)
{
    const struct parity_transformer_entry **order =
        parity_calloc(list->count ? list->count : 1, sizeof *order);
    int rc = 0;

    if (!order) {
        parity_fail_nomem(err);
        return -1;
    }
    for (size_t i = 0; i < list->count; i++)
        order[i] = &list->items[i];
    if (list->count > 1)
        qsort(order, list->count, sizeof *order, compare_priorities);
    for (size_t i = 0; i < list->count && rc == 0; i++) {
        const struct parity_transformer *transformer = order[i]->transformer;

        rc = transformer->class->apply(transformer, pipeline->document, &pipeline->context, err);
        if (rc < 0)
            parity_error_add_context(err, "transformer %s", transformer->class->type);
    }
    parity_free(order);
    return rc;
}

static int prepare(struct parity_pipeline *pipeline, json_t **raw, struct parity_error *err)
{
    if (!pipeline->document || parity_transform_context_init(&pipeline->context) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    if (parity_embedded_json_expand(pipeline->document, err) < 0)
        return -1;
    if (raw && !(*raw = parity_json_copy(pipeline->document))) {
        parity_fail_nomem(err);
        return -1;
    }
    return 0;
}

struct parity_pipeline *parity_pipeline_new(const struct parity_transformers *list,
                                            json_t *observed, json_t **raw,
                                            struct parity_error *err)
{
    struct parity_pipeline *pipeline = parity_calloc(1, sizeof *pipeline);

    if (raw)
        *raw = NULL;
    if (!pipeline) {
        json_decref(observed);
        parity_fail_nomem(err);
        return NULL;
    }
    pipeline->document = observed;
    if (prepare(pipeline, raw, err) < 0 || run_transformers(pipeline, list, err) < 0) {
        if (raw) {
            json_decref(*raw);
            *raw = NULL;
        }
        parity_pipeline_free(pipeline);
        return NULL;
    }
    return pipeline;
}

/* What finishing one match value after the other needs. */
struct finisher {
    const struct parity_replacements *list;
    struct parity_replacement_plan *plan;
    struct parity_buffer before, text; /* the value at hand without and with replacements */
};

/* Does the text still read as JSON after the first `count` replacements? */
static bool survives(const struct finisher *f, size_t count)
{
    struct parity_replacement_plan *plan = parity_replacement_plan_new(f->list, count);
    struct parity_buffer text = {0};
    bool reads;

    parity_buffer_add(&text, f->before.data, f->before.length);
    reads = plan && !text.failed && parity_replacement_plan_apply(plan, &text, NULL) == 0 &&
            parity_json_check(text.data, text.length, NULL) == 0;
    parity_buffer_clear(&text);
    parity_replacement_plan_free(plan);
    return reads;
}

/* Name the replacement that spoiled the text: it was JSON before the first one, is none after the
   last one, so by halving there is a place where it ceases to be. */
static void fail_spoiled(const struct finisher *f, struct parity_error *err)
{
    size_t good = 0, bad = f->list->count;

    while (bad - good > 1) {
        size_t middle = good + (bad - good) / 2;

        if (survives(f, middle))
            good = middle;
        else
            bad = middle;
    }
    parity_replacement_describe_failure(&f->list->items[bad - 1], err);
}

/* A text from which on what is not needed any more is released at once. */
enum { LARGE_TEXT = 1 << 20 };

static int fail_unreadable(const struct finisher *f, const struct parity_error *reason,
                           struct parity_error *err)
{
    if (reason->code == PARITY_E_PARSE && f->list->count > 0)
        fail_spoiled(f, err);
    else
        parity_fail(err, reason->code, NULL, "%s", reason->message);
    return -1;
}

/* What stands in `before`, with the replacements, as a value. The text before is there to find out
   which replacement spoiled it; of a large one that is known before its tree is made. */
static int finish_text(struct finisher *f, json_t **out, struct parity_error *err)
{
    struct parity_error reason = {0};

    parity_buffer_reset(&f->text);
    parity_buffer_add(&f->text, f->before.data, f->before.length);
    if (f->before.failed || f->text.failed) {
        parity_fail_nomem(err);
        return -1;
    }
    if (parity_replacement_plan_apply(f->plan, &f->text, err) < 0)
        return -1;
    if (f->before.length > LARGE_TEXT) {
        if (parity_json_check(f->text.data, f->text.length, &reason) < 0)
            return fail_unreadable(f, &reason, err);
        parity_buffer_clear(&f->before);
        parity_memory_trim();
    }
    if (parity_json_parse_sharing(f->text.data, f->text.length, NULL, out, &reason) < 0)
        return fail_unreadable(f, &reason, err);
    return 0;
}

/* The next match value: out of `document`, where null stays behind, so that of a large one tree and
   text do not stand side by side longer than they must. */
static int finish_member(struct finisher *f, json_t *document, void *member, json_t *result,
                         struct parity_error *err)
{
    const char *key = json_object_iter_key(member);
    size_t length = json_object_iter_key_len(member);
    json_t *finished;

    parity_buffer_reset(&f->before);
    parity_json_write(&f->before, json_object_iter_value(member), PARITY_JSON_LINE);
    if (json_object_iter_set_new(document, member, json_null()) < 0)
        return -1;
    if (f->before.length > LARGE_TEXT)
        parity_memory_trim();
    if (finish_text(f, &finished, err) < 0) {
        parity_error_add_context(err, "%s", key);
        return -1;
    }
    return json_object_setn_new_nocheck(result, key, length, finished);
}

/* Every match value with the text replacements; empties `document`. */
static int finish_document(const struct parity_pipeline *pipeline, json_t *document, json_t **out,
                           struct parity_error *err)
{
    const struct parity_replacements *list = &pipeline->context.replacements;
    struct finisher f = {.list = list, .plan = parity_replacement_plan_new(list, list->count)};
    json_t *result = json_object();
    int rc = result && f.plan ? 0 : -1;

    for (void *member = json_object_iter(document); member && rc == 0;
         member = json_object_iter_next(document, member))
        rc = finish_member(&f, document, member, result, err);
    parity_buffer_clear(&f.before);
    parity_buffer_clear(&f.text);
    parity_replacement_plan_free(f.plan);
    if (rc < 0) {
        parity_fail_nomem(err); /* unless there is a better reason */
        json_decref(result);
        return -1;
    }
    *out = result;
    return 0;
}

/* Steals `document`. */
static int finish(const struct parity_pipeline *pipeline, json_t *document,
                  const struct parity_transform_hook *hook, json_t **out, struct parity_error *err)
{
    int rc = -1;

    *out = NULL;
    if (!document)
        parity_fail_nomem(err);
    else if (hook && hook->run && hook->run(document, hook->data, err) < 0)
        goto out;
    else if (parity_python_text_untype(document, err) == 0)
        rc = finish_document(pipeline, document, out, err);
out:
    json_decref(document);
    return rc;
}

int parity_pipeline_finish(const struct parity_pipeline *pipeline,
                           const struct parity_transform_hook *hook, json_t **out,
                           struct parity_error *err)
{
    return finish(pipeline, parity_json_copy(pipeline->document), hook, out, err);
}

int parity_pipeline_finish_last(struct parity_pipeline *pipeline,
                                const struct parity_transform_hook *hook, json_t **out,
                                struct parity_error *err)
{
    json_t *document = pipeline->document;

    pipeline->document = NULL;
    return finish(pipeline, document, hook, out, err);
}

int parity_transform_take(const struct parity_transformers *list, json_t *observed,
                          json_t **warnings, json_t **out, struct parity_error *err)
{
    struct parity_pipeline *pipeline = parity_pipeline_new(list, observed, NULL, err);
    int rc = -1;

    *out = *warnings = NULL;
    if (pipeline)
        rc = parity_pipeline_finish_last(pipeline, NULL, out, err);
    if (rc == 0)
        *warnings = json_incref(parity_pipeline_warnings(pipeline));
    parity_pipeline_free(pipeline);
    return rc;
}

int parity_transform(const struct parity_transformers *list, const json_t *observed,
                     const struct parity_transform_hook *hook, json_t **raw, json_t **out,
                     struct parity_error *err)
{
    struct parity_pipeline *pipeline =
        parity_pipeline_new(list, parity_json_copy(observed), raw, err);
    int rc = -1;

    *out = NULL;
    if (pipeline)
        rc = parity_pipeline_finish_last(pipeline, hook, out, err);
    parity_pipeline_free(pipeline);
    if (rc < 0 && raw) {
        json_decref(*raw);
        *raw = NULL;
    }
    return rc;
}
