/* SPDX-License-Identifier: Apache-2.0 */
/* The files in customizations/ against the models that are installed: every name in them has to be
 * one of the service, or it would be passed over without a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "client/customization.h"

#include "real_models.h"

static const struct parity_service *service_of(const struct parity_embedded_file *file)
{
    struct parity_error err = {0};
    const struct parity_service *service;
    char name[64];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(file->name, "."), file->name);
    service = parity_models_service(models, name, &err);
    if (!service)
        fail_msg("%s", err.message);
    return service;
}

static json_t *document_of(const struct parity_embedded_file *file)
{
    struct parity_error err = {0};
    json_t *document;

    if (parity_json_parse_unique((const char *)file->text, file->length, file->name, &document,
                                 &err) < 0)
        fail_msg("%s", err.message);
    return document;
}

static void every_operation_is_one_of_the_model(void **state)
{
    (void)state;
    assert_true(parity_customization_file_count > 0);
    for (size_t i = 0; i < parity_customization_file_count; i++) {
        const struct parity_service *service = service_of(&parity_customization_files[i]);
        json_t *document = document_of(&parity_customization_files[i]), *list;
        const char *name;

        json_object_foreach(json_object_get(document, "operations"), name, list) {
            const struct parity_operation *operation =
                parity_service_operation(service, name, NULL);

            if (!operation)
                fail_msg("%s: no operation %s", parity_customization_files[i].name, name);
            /* It is found again, after those of the whole service. */
            assert_non_null(parity_customization_next(operation, NULL));
        }
        json_decref(document);
    }
}

static bool has_member(const struct parity_operation *operation, const char *name)
{
    const struct parity_shape *input = parity_operation_input(operation);
    const struct parity_shape *output = parity_operation_output(operation);

    return (input && parity_shape_member(input, name)) ||
           (output && parity_shape_member(output, name));
}

static void every_member_is_one_of_the_operation(void **state)
{
    (void)state;
    for (size_t i = 0; i < parity_customization_file_count; i++) {
        const struct parity_service *service = service_of(&parity_customization_files[i]);

        for (size_t j = 0; j < parity_service_operation_count(service); j++) {
            const struct parity_operation *operation = parity_service_operation_at(service, j);
            const struct parity_customization *entry = NULL;

            while ((entry = parity_customization_next(operation, entry))) {
                const char *member = parity_customization_text(entry, "member");

                if (entry->operation && member && !has_member(operation, member))
                    fail_msg("%s %s: no member %s", parity_service_name(service),
                             parity_operation_name(operation), member);
            }
        }
    }
}

static void an_operation_has_its_own_and_its_services(void **state)
{
    const struct parity_service *service =
        parity_models_service(models, "s3", &(struct parity_error){0});
    const struct parity_operation *put = parity_service_operation(service, "PutObject", NULL);
    const struct parity_customization *entry;

    (void)state;
    entry = parity_customization_of_operation(put, PARITY_CUSTOM_EXPECT_CONTINUE);
    assert_non_null(entry);
    assert_ptr_equal(entry->operation, put);
    assert_string_equal(parity_customization_text(entry, "member"), "Body");
    assert_non_null(parity_customization_of_operation(put, PARITY_CUSTOM_ERROR_IN_200));
    assert_null(parity_customization_of_operation(put, PARITY_CUSTOM_COPY_SOURCE));
    assert_non_null(parity_customization_of_service(service, PARITY_CUSTOM_ERROR_IN_200));
    assert_null(parity_customization_of_service(service, PARITY_CUSTOM_EXPECT_CONTINUE));
}

static void most_services_have_none(void **state)
{
    const struct parity_service *service =
        parity_models_service(models, "sqs", &(struct parity_error){0});

    (void)state;
    for (size_t i = 0; i < parity_service_operation_count(service); i++)
        assert_null(parity_customization_next(parity_service_operation_at(service, i), NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_is_one_of_the_model),
        cmocka_unit_test(every_member_is_one_of_the_operation),
        cmocka_unit_test(an_operation_has_its_own_and_its_services),
        cmocka_unit_test(most_services_have_none),
    };

    return cmocka_run_group_tests(tests, open_models, close_models);
}
