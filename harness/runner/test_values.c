/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "runner/template.h"
#include "runner/test.h"
#include "runner/variants.h"
#include "transformers/jsonpath/jsonpath.h"
#include "transformers/transformer.h"

/* --- looking into values -----------------------------------------------------------------------
 */

char *parity_test_excerpt(const json_t *value)
{
    enum { LONGEST = 300 };
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_LINE);
    if (!text.failed && text.length > LONGEST) {
        text.length = LONGEST;
        parity_buffer_add_text(&text, " …");
    }
    return parity_buffer_take(&text);
}

/* How many nodes `path` selects; `*node` is the first, which lives as long as the test and `value`.
 * A path that does not parse ends the test. */
static size_t find(struct parity_test *t, json_t *value, const char *path, json_t **node)
{
    struct parity_error err = {0};
    json_t *made;
    struct parity_jsonpath_nodes nodes = {0};
    struct parity_jsonpath *compiled =
        parity_jsonpath_compile(path, PARITY_JSONPATH_LOCALSTACK, &err);
    size_t count;

    /* A look-up that fails (an index on an object) finds nothing, as far as a test is concerned. */
    if (compiled && parity_jsonpath_find(compiled, value, &nodes, &err) < 0 &&
        err.code == PARITY_E_INVALID)
        parity_error_clear(&err);
    count = nodes.count;
    *node = count ? nodes.items[0].value : NULL;
    made = json_incref(nodes.made);
    parity_jsonpath_nodes_clear(&nodes);
    parity_jsonpath_free(compiled);
    if (made)
        parity_test_own(t, made);
    if (err.code != PARITY_OK) {
        if (!err.context[0])
            parity_error_add_context(&err, "%s", path);
        parity_test_conclude_error(t, &err);
        parity_test_end(t);
    }
    return count;
}

json_t *parity_test_get(struct parity_test *t, json_t *value, const char *path)
{
    json_t *node;
    size_t count = find(t, value, path, &node);
    char *text;

    if (count == 1)
        return node;
    text = parity_test_excerpt(value);
    parity_test_conclude(t, PARITY_FAILED, "%s selects %s in %s", path,
                         count == 0 ? "nothing" : "more than one value", text ? text : "the value");
    parity_free(text);
    parity_test_end(t);
}

bool parity_test_has(struct parity_test *t, json_t *value, const char *path)
{
    json_t *node;

    return find(t, value, path, &node) > 0;
}

__attribute__((noreturn)) static void end_for_type(struct parity_test *t, const char *path,
                                                   const char *wanted, const json_t *found)
{
    char *text = parity_test_excerpt(found);

    parity_test_conclude(t, PARITY_FAILED, "at %s stands no %s: %s", path, wanted,
                         text ? text : "something else");
    parity_free(text);
    parity_test_end(t);
}

const char *parity_test_text(struct parity_test *t, json_t *value, const char *path)
{
    json_t *node = parity_test_get(t, value, path);

    if (!json_is_string(node))
        end_for_type(t, path, "text", node);
    return json_string_value(node);
}

long long parity_test_number(struct parity_test *t, json_t *value, const char *path)
{
    json_t *node = parity_test_get(t, value, path);

    if (!json_is_integer(node))
        end_for_type(t, path, "whole number", node);
    return json_integer_value(node);
}

bool parity_test_boolean(struct parity_test *t, json_t *value, const char *path)
{
    json_t *node = parity_test_get(t, value, path);

    if (!json_is_boolean(node))
        end_for_type(t, path, "truth value", node);
    return json_is_true(node);
}

json_t *parity_test_json(struct parity_test *t, const char *template_, ...)
{
    struct parity_error err = {0};
    va_list arguments;
    json_t *value;
    int rc;

    va_start(arguments, template_);
    rc = parity_template_read(template_, &arguments, &value, &err);
    va_end(arguments);
    if (rc < 0) {
        parity_test_conclude_error(t, &err);
        parity_test_end(t);
    }
    return parity_test_own(t, value);
}

/* --- what is compared --------------------------------------------------------------------------
 */

json_t *parity_test_match(struct parity_test *t, const char *key, json_t *value)
{
    json_t *copy;

    parity_test_refuse_in_shared(t, "match()");
    /* The test goes on, so that the keys after this one are compared, too. */
    if (json_object_get(t->observed, key)) {
        parity_test_conclude(t, PARITY_ERROR,
                             "%s:%d: match key \"%s\" was used before in this test",
                             parity_test_file(t), t->line, key);
        return value;
    }
    copy = parity_json_copy(value);
    if (!copy || json_object_set_new(t->observed, key, copy) < 0 ||
        parity_trace_match(&t->trace, key, value) < 0)
        parity_test_end_nomem(t);
    return value;
}

json_t *parity_test_match_select(struct parity_test *t, const char *key, json_t *value,
                                 const char *path)
{
    return parity_test_match(t, key, parity_test_get(t, value, path));
}

/* Member `name` with `text`, unless that is NULL. */
static int set_text(json_t *spec, const char *name, const char *text)
{
    return text ? json_object_set_new(spec, name, json_string(text)) : 0;
}

int parity_transformation_add(json_t *specs, const struct parity_transformation *transformation)
{
    bool takes_reference = strcmp(transformation->type, "key_value") == 0 ||
                           strcmp(transformation->type, "jsonpath") == 0;
    json_t *spec = json_object();
    int rc = 0;

    rc |= set_text(spec, "type", transformation->type);
    rc |= set_text(spec, "name", transformation->name);
    rc |= set_text(spec, "pattern", transformation->pattern);
    rc |= set_text(spec, "text", transformation->text);
    rc |= set_text(spec, "path", transformation->path);
    rc |= set_text(spec, "key", transformation->key);
    rc |= set_text(spec, "by", transformation->by);
    rc |= set_text(spec, "replacement", transformation->replacement);
    if (takes_reference)
        rc |= json_object_set_new(spec, "reference", json_boolean(!transformation->direct));
    rc |= json_object_set_new(spec, "priority", json_integer(transformation->priority));
    if (rc < 0 || json_array_append(specs, spec) < 0)
        rc = -1;
    json_decref(spec);
    return rc;
}

void parity_test_transform(struct parity_test *t, const struct parity_transformation *transformer)
{
    if (transformer->function) {
        parity_test_conclude(
            t, PARITY_ERROR,
            "a custom transformer belongs into .transformers of the test or suite, "
            "not into its body");
        parity_test_end(t);
    }
    parity_test_refuse_in_shared(t, "transform()");
    if (parity_transformation_add(t->transformations, transformer) < 0)
        parity_test_end_nomem(t);
}

void parity_test_transform_json(struct parity_test *t, const char *transformer, ...)
{
    struct parity_error err = {0};
    va_list arguments;
    json_t *spec;
    int rc;

    va_start(arguments, transformer);
    rc = parity_template_read(transformer, &arguments, &spec, &err);
    va_end(arguments);
    if (rc < 0) {
        parity_test_conclude_error(t, &err);
        parity_test_end(t);
    }
    if (json_array_append_new(t->transformations, spec) < 0)
        parity_test_end_nomem(t);
}

/* What a preset makes of its arguments is known by now, so a mistake is told where it stands. */
static int try_preset(const json_t *spec, struct parity_error *err)
{
    struct parity_transformers made = {0};
    int rc = parity_transformers_add_spec(&made, spec, err);

    parity_transformers_clear(&made);
    return rc;
}

void parity_test_transform_preset(struct parity_test *t, const char *name, const char *arguments,
                                  ...)
{
    struct parity_error err = {0};
    json_t *values, *spec = NULL;
    va_list given;
    int rc;

    parity_test_refuse_in_shared(t, "transform_preset()");
    va_start(given, arguments);
    rc = parity_template_read(arguments, &given, &values, &err);
    va_end(given);
    if (rc == 0) {
        spec = json_pack("{s:s, s:s, s:o}", "type", "preset", "name", name, "arguments", values);
        rc = spec ? try_preset(spec, &err) : -1;
    }
    if (rc == 0)
        rc = json_array_append(t->transformations, spec);
    json_decref(spec);
    if (rc == 0)
        return;
    if (err.code == PARITY_OK)
        parity_test_end_nomem(t);
    parity_test_conclude_error(t, &err);
    parity_test_end(t);
}

/* --- which case --------------------------------------------------------------------------------
 */

const char *parity_test_variant(struct parity_test *t)
{
    return t->test_case->parameter ? t->test_case->parameter->name : NULL;
}

json_t *parity_test_variant_value(struct parity_test *t)
{
    const struct parity_variant *variant = t->test_case->parameter;
    struct parity_error err = {0};
    json_t *value;

    if (!variant || !variant->value) {
        parity_test_conclude(t, PARITY_ERROR, "variant_value(t): %s%s%s",
                             variant ? "the variant '" : "the test has no variants",
                             variant ? variant->name : "", variant ? "' has no value" : "");
        parity_test_end(t);
    }
    if (parity_variant_read(variant, &value, &err) < 0) {
        parity_test_conclude_error(t, &err);
        parity_test_end(t);
    }
    return parity_test_own(t, value);
}

const char *parity_test_protocol(struct parity_test *t)
{
    return t->test_case->protocol;
}
