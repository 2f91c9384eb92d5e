/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/variants.h"

#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "client/protocol/protocol.h"
#include "runner/definition_copy.h"
#include "runner/template.h"

static int fail_definition(const struct parity_test_definition *definition,
                           struct parity_error *err, const char *what, const char *name,
                           const char *reason)
{
    parity_fail_at(err, PARITY_E_INVALID, definition->file, definition->line, 0,
                   "test '%s': the %s '%s' %s", definition->name, what, name, reason);
    return -1;
}

/* --- variants ----------------------------------------------------------------------------------
 */

static bool is_usable(const char *name)
{
    for (const char *c = name; *c; c++)
        if (*c == '[' || *c == ']' || (unsigned char)*c < 0x20)
            return false;
    return name[0] != '\0';
}

/* A value has no arguments for conversions to take. */
static bool has_conversion(const char *template_)
{
    for (const char *c = template_; (c = strchr(c, '%')); c += 2)
        if (c[1] != '%')
            return true;
    return false;
}

static int read_value(struct parity_error *err, json_t **out, const char *template_, ...)
{
    va_list none;
    int rc;

    va_start(none, template_);
    rc = parity_template_read(template_, &none, out, err);
    va_end(none);
    return rc;
}

int parity_variant_read(const struct parity_variant *variant, json_t **out,
                        struct parity_error *err)
{
    return read_value(err, out, variant->value);
}

static int check_value(const struct parity_test_definition *definition,
                       const struct parity_variant *variant, struct parity_error *err)
{
    struct parity_error reason = {0};
    json_t *value;

    if (!variant->value)
        return 0;
    if (has_conversion(variant->value))
        return fail_definition(definition, err, "variant", variant->name,
                               "has a conversion in its value; a percent sign is written %%");
    if (parity_variant_read(variant, &value, &reason) < 0)
        return fail_definition(definition, err, "variant", variant->name, reason.message);
    json_decref(value);
    return 0;
}

static int check_variant(const struct parity_test_definition *definition, size_t index,
                         struct parity_error *err)
{
    const struct parity_variant *variant = &definition->variants[index];

    if (!is_usable(variant->name))
        return fail_definition(definition, err, "variant", variant->name,
                               "has a name that is empty or has brackets in it");
    for (size_t i = 0; i < index; i++)
        if (strcmp(definition->variants[i].name, variant->name) == 0)
            return fail_definition(definition, err, "variant", variant->name, "stands there twice");
    return check_value(definition, variant, err);
}

int parity_variants_check(const struct parity_test_definition *definition, struct parity_error *err)
{
    size_t most = PARITY_LIST_ROOM(definition, variants);

    for (size_t i = 0; i < most && definition->variants[i].name; i++)
        if (check_variant(definition, i, err) < 0)
            return -1;
    return 0;
}

/* --- protocols ---------------------------------------------------------------------------------
 */

static int add_protocol(const struct parity_test_definition *definition, const char *name,
                        struct parity_case_protocols *out, struct parity_error *err)
{
    struct parity_error unknown = {0};

    if (!parity_protocol_find(name, &unknown)) {
        parity_fail_at(err, PARITY_E_INVALID, definition->file, definition->line, 0,
                       "test '%s': %s", definition->name, unknown.message);
        return -1;
    }
    for (size_t i = 0; i < out->count; i++)
        if (strcmp(out->names[i], name) == 0)
            return fail_definition(definition, err, "protocol", name, "stands there twice");
    out->names[out->count++] = name;
    return 0;
}

static int add_all(struct parity_models *models, const char *service,
                   struct parity_case_protocols *out, struct parity_error *err)
{
    const struct parity_protocol *protocol;

    if (!models || !parity_models_service(models, service, err)) {
        parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "there are no service models to look into");
        return -1;
    }
    for (size_t i = 0; (protocol = parity_protocol_at(i)) && out->count < PARITY_MOST_PROTOCOLS;
         i++) {
        struct parity_error reason = {0};

        if (parity_models_service_speaking(models, service, protocol->name, &reason)) {
            out->names[out->count++] = protocol->name;
        } else if (reason.code != PARITY_E_INVALID) {
            *err = reason;
            return -1;
        }
    }
    return 0;
}

int parity_variants_protocols(const struct parity_test_definition *definition,
                              struct parity_models *models, const char *service,
                              struct parity_case_protocols *out, struct parity_error *err)
{
    const char *const *names = definition->protocols;

    *out = (struct parity_case_protocols){.count = 0};
    if (!names[0])
        return 0;
    if (!service) {
        parity_fail_at(
            err, PARITY_E_INVALID, definition->file, definition->line, 0,
            "test '%s' chooses protocols, but no service: its suite stands in no folder; "
            "give it .service = \"…\"",
            definition->name);
        return -1;
    }
    if (strcmp(names[0], PARITY_ALL_PROTOCOLS) == 0) {
        if (add_all(models, service, out, err) == 0)
            return 0;
        parity_error_add_context(err, "%s:%d: test '%s'", definition->file, definition->line,
                                 definition->name);
        return -1;
    }
    for (size_t i = 0; i < PARITY_MOST_PROTOCOLS && names[i]; i++)
        if (add_protocol(definition, names[i], out, err) < 0)
            return -1;
    return 0;
}

/* --- names -------------------------------------------------------------------------------------
 */

/* The key that the definition has for this case alone; NULL: none. */
static const char *own_key(const struct parity_case *test)
{
    const struct parity_test_definition *definition = test->definition;
    size_t most = PARITY_LIST_ROOM(definition, recordings);

    for (size_t i = 0; i < most && definition->recordings[i].variant; i++)
        if (strcmp(definition->recordings[i].variant, test->variant) == 0)
            return definition->recordings[i].recorded_as;
    return test->parameter && !test->protocol ? test->parameter->recorded_as : NULL;
}

int parity_variants_name(struct parity_case *test)
{
    const struct parity_test_definition *definition = test->definition;
    const char *parameter = test->parameter ? test->parameter->name : "";
    const char *protocol = test->protocol ? test->protocol : "", *key = definition->recorded_as;

    if (!test->parameter && !test->protocol) {
        test->id = parity_asprintf("%s::%s", test->suite_path, definition->name);
        test->recorded_as = key ? parity_strdup(key) : NULL;
        return test->id && (!key || test->recorded_as) ? 0 : -1;
    }
    test->variant =
        parity_asprintf("%s%s%s", parameter, *parameter && *protocol ? "-" : "", protocol);
    if (!test->variant)
        return -1;
    test->id = parity_asprintf("%s::%s[%s]", test->suite_path, definition->name, test->variant);
    if (own_key(test))
        test->recorded_as = parity_strdup(own_key(test));
    else if (key)
        test->recorded_as = parity_asprintf("%s[%s]", key, test->variant);
    return test->id && (test->recorded_as || (!own_key(test) && !key)) ? 0 : -1;
}
