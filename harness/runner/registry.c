/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/registry.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/condition.h"
#include "runner/definition_copy.h"
#include "runner/variants.h"

static void clear_case(struct parity_case *test)
{
    parity_free(test->id);
    parity_free(test->suite_path);
    parity_free(test->source);
    parity_free(test->recorded_as);
    parity_free(test->variant);
    parity_free(test->service);
}

void parity_registry_clear(struct parity_registry *registry)
{
    for (size_t i = 0; i < registry->count; i++)
        clear_case(&registry->cases[i]);
    parity_free(registry->cases);
    for (size_t i = 0; i < registry->definition_count; i++)
        parity_free(registry->definitions[i]);
    parity_free(registry->definitions);
    for (size_t i = 0; i < registry->module_count; i++)
        dlclose(registry->modules[i]);
    parity_free(registry->modules);
    memset(registry, 0, sizeof *registry);
}

char *parity_module_file(const char *folder, const char *suite_path)
{
    size_t length = strlen(suite_path);

    if (length > 2 && strcmp(suite_path + length - 2, ".c") == 0)
        length -= 2;
    return parity_asprintf("%s/%.*s.so", folder, (int)length, suite_path);
}

static int check_layout(const struct parity_registration *registration, const char *file,
                        struct parity_error *err)
{
    if (!registration->other_layout)
        return 0;
    parity_fail(err, PARITY_E_INVALID, file,
                "built against another version of parity's headers than this parity (%u); "
                "rebuild it",
                PARITY_ABI);
    return -1;
}

static int check_definition(const struct parity_test_definition *definition, const char *file,
                            struct parity_error *err)
{
    struct parity_error wrong = {0};

    if (!definition->name || !definition->name[0] || !definition->run) {
        parity_fail(err, PARITY_E_INVALID, file, "registers a test without a name or a body");
        return -1;
    }
    if (definition->marker <= PARITY_UNMARKED || definition->marker > PARITY_UNKNOWN) {
        parity_fail_at(err, PARITY_E_INVALID, definition->file, definition->line, 0,
                       "test '%s' has %s marker; give it one of .marker = AWS_VALIDATED, "
                       "EMULATOR_ONLY, NEEDS_FIXING, MANUAL_SETUP_REQUIRED, UNKNOWN",
                       definition->name,
                       definition->marker == PARITY_UNMARKED ? "no" : "an unknown");
        return -1;
    }
    if (parity_annotations_check(definition, NULL, &wrong) < 0) {
        parity_fail_at(err, PARITY_E_INVALID, definition->file, definition->line, 0,
                       "test '%s': %s", definition->name, wrong.message);
        return -1;
    }
    return parity_variants_check(definition, err);
}

/* The service that a test is about: what it says, else the folder that its suite stands in; new.
 * NULL with no error: neither. */
static int find_service(const char *suite_path, const struct parity_test_definition *definition,
                        char **out, struct parity_error *err)
{
    const char *slash = strchr(suite_path, '/');

    *out = NULL;
    if (!definition->service && !slash)
        return 0;
    *out = definition->service ? parity_strdup(definition->service)
                               : parity_strndup(suite_path, (size_t)(slash - suite_path));
    if (!*out)
        parity_fail_nomem(err);
    return *out ? 0 : -1;
}

/* Steals what `test` owns. */
static int add_case(struct parity_registry *registry, struct parity_case test,
                    struct parity_error *err)
{
    const struct parity_test_definition *definition = test.definition;

    if (parity_variants_name(&test) < 0 ||
        parity_grow(&registry->cases, &registry->capacity, registry->count + 1,
                    sizeof *registry->cases) < 0) {
        clear_case(&test);
        parity_fail_nomem(err);
        return -1;
    }
    /* The new tests of a file stand together at the end, so this stays short. */
    for (size_t i = registry->count; i > 0; i--) {
        const struct parity_case *other = &registry->cases[i - 1];

        if (strcmp(other->suite_path, test.suite_path) != 0)
            break;
        if (strcmp(other->id, test.id) == 0) {
            parity_fail_at(err, PARITY_E_INVALID, definition->file, definition->line, 0,
                           "test '%s' exists already, in line %d", definition->name,
                           other->definition->line);
            clear_case(&test);
            return -1;
        }
    }
    registry->cases[registry->count++] = test;
    return 0;
}

static int add_variant(struct parity_registry *registry, const struct parity_case *like,
                       const struct parity_variant *parameter, const char *protocol,
                       struct parity_error *err)
{
    struct parity_case test = {.definition = like->definition,
                               .suite = like->suite,
                               .parameter = parameter,
                               .protocol = protocol,
                               .suite_path = parity_strdup(like->suite_path),
                               .service = like->service ? parity_strdup(like->service) : NULL};

    if (test.suite_path && (!like->service || test.service))
        return add_case(registry, test, err);
    clear_case(&test);
    parity_fail_nomem(err);
    return -1;
}

/* A case for each protocol; one, if the test does not choose. */
static int add_over_protocols(struct parity_registry *registry, const struct parity_case *like,
                              const struct parity_variant *parameter,
                              const struct parity_case_protocols *protocols,
                              struct parity_error *err)
{
    if (protocols->count == 0)
        return add_variant(registry, like, parameter, NULL, err);
    for (size_t i = 0; i < protocols->count; i++)
        if (add_variant(registry, like, parameter, protocols->names[i], err) < 0)
            return -1;
    return 0;
}

int parity_registry_add(struct parity_registry *registry, const char *suite_path,
                        const struct parity_suite_definition *suite,
                        const struct parity_test_definition *definition, struct parity_error *err)
{
    struct parity_case like = {.definition = definition, .suite = suite};
    const struct parity_variant *variants = definition->variants;
    size_t most = PARITY_LIST_ROOM(definition, variants);
    struct parity_case_protocols protocols;
    int rc = -1;

    like.suite_path = parity_strdup(suite_path);
    if (!like.suite_path)
        parity_fail_nomem(err);
    else if (find_service(suite_path, definition, &like.service, err) == 0)
        rc = parity_variants_protocols(definition, registry->models, like.service, &protocols, err);
    if (rc == 0 && (most == 0 || !variants[0].name))
        rc = add_over_protocols(registry, &like, NULL, &protocols, err);
    for (size_t i = 0; rc == 0 && i < most && variants[i].name; i++)
        rc = add_over_protocols(registry, &like, &variants[i], &protocols, err);
    clear_case(&like);
    return rc;
}

int parity_registry_add_scenario(struct parity_registry *registry, const char *id,
                                 const char *suite_path, const char *source,
                                 const struct parity_test_definition *definition,
                                 struct parity_error *err)
{
    struct parity_case test = {.definition = definition};

    test.id = parity_strdup(id);
    test.suite_path = parity_strdup(suite_path);
    test.source = parity_strdup(source);
    test.recorded_as = definition->recorded_as ? parity_strdup(definition->recorded_as) : NULL;
    if (!test.id || !test.suite_path || !test.source ||
        (definition->recorded_as && !test.recorded_as) ||
        parity_grow(&registry->cases, &registry->capacity, registry->count + 1,
                    sizeof *registry->cases) < 0) {
        clear_case(&test);
        parity_fail_nomem(err);
        return -1;
    }
    registry->cases[registry->count++] = test;
    return 0;
}

static int add_registered(struct parity_registry *registry, const char *suite_path,
                          const char *file, struct parity_error *err)
{
    const struct parity_registration *registration = parity_registration();
    size_t before = registry->count, known = registry->definition_count;

    if (registration->failed ||
        parity_grow(&registry->definitions, &registry->definition_capacity,
                    known + registration->count, sizeof *registry->definitions) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    if (check_layout(registration, file, err) < 0)
        return -1;
    if (registration->suite_count > 1) {
        parity_fail(err, PARITY_E_INVALID, file, "has more than one PARITY_SUITE");
        return -1;
    }
    if (parity_annotations_check(NULL, registration->suite, err) < 0) {
        parity_error_add_context(err, "PARITY_SUITE of %s", suite_path);
        return -1;
    }
    for (size_t i = 0; i < registration->count; i++)
        if (check_definition(registration->tests[i], file, err) < 0 ||
            parity_registry_add(registry, suite_path, registration->suite, registration->tests[i],
                                err) < 0) {
            while (registry->count > before)
                clear_case(&registry->cases[--registry->count]);
            return -1;
        }
    registry->definition_count += registration->count;
    parity_registration_take(registry->definitions + known);
    return 0;
}

static int load_file(struct parity_registry *registry, const char *suite_path, const char *file,
                     struct parity_error *err)
{
    void *module;
    int rc;

    if (parity_grow(&registry->modules, &registry->module_capacity, registry->module_count + 1,
                    sizeof *registry->modules) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    parity_registration_reset();
    module = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!module) {
        const char *reason = dlerror();
        size_t length = strlen(file);

        /* The loader names the file as well. */
        if (reason && strncmp(reason, file, length) == 0 && strncmp(reason + length, ": ", 2) == 0)
            reason += length + 2;
        parity_fail(err, PARITY_E_INVALID, file,
                    "cannot be loaded: %s; build the suites again (cmake --build)",
                    reason ? reason : "unknown reason");
        return -1;
    }
    rc = add_registered(registry, suite_path, file, err);
    parity_registration_reset();
    if (rc < 0)
        dlclose(module);
    else
        registry->modules[registry->module_count++] = module;
    return rc;
}

int parity_registry_load(struct parity_registry *registry, const char *folder,
                         const char *suite_path, struct parity_error *err)
{
    char *file = parity_module_file(folder, suite_path);
    int rc;

    if (!file) {
        parity_fail_nomem(err);
        return -1;
    }
    rc = load_file(registry, suite_path, file, err);
    parity_free(file);
    return rc;
}

static int by_id(const void *a, const void *b)
{
    const struct parity_case *left = a, *right = b;
    int order = strcmp(left->suite_path, right->suite_path);

    return order ? order : strcmp(left->id, right->id);
}

void parity_registry_sort(struct parity_registry *registry)
{
    if (registry->count > 1)
        qsort(registry->cases, registry->count, sizeof *registry->cases, by_id);
    for (size_t i = 0; i < registry->count; i++)
        registry->cases[i].number = i;
}
