/* SPDX-License-Identifier: Apache-2.0 */
#include "client/customization.h"

#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/model_loaded.h"

/* The names in the files, and the settings that an entry has to have. */
static const struct kind {
    const char *name;
    const char *texts[3];       /* strings, NULL-terminated */
    const char *array, *object; /* one of either; NULL: none */
    enum parity_custom what;
} kinds[] = {
    {.name = "accept", .texts = {"type"}, .what = PARITY_CUSTOM_ACCEPT},
    {.name = "api-version", .texts = {"header"}, .what = PARITY_CUSTOM_API_VERSION},
    {.name = "base64-input", .texts = {"member"}, .what = PARITY_CUSTOM_BASE64_INPUT},
    {.name = "base64-output", .texts = {"member"}, .what = PARITY_CUSTOM_BASE64_OUTPUT},
    {.name = "bucket-name", .texts = {"member"}, .what = PARITY_CUSTOM_BUCKET_NAME},
    {.name = "choose-region", .what = PARITY_CUSTOM_CHOOSE_REGION},
    {.name = "copy-source", .texts = {"member"}, .what = PARITY_CUSTOM_COPY_SOURCE},
    {.name = "default-input", .texts = {"member", "value"}, .what = PARITY_CUSTOM_DEFAULT_INPUT},
    {.name = "digest-key", .texts = {"member"}, .what = PARITY_CUSTOM_DIGEST_KEY},
    {.name = "document-output", .texts = {"member"}, .what = PARITY_CUSTOM_DOCUMENT_OUTPUT},
    {.name = "encode-keys",
     .texts = {"member"},
     .array = "members",
     .object = "lists",
     .what = PARITY_CUSTOM_ENCODE_KEYS},
    {.name = "error-in-200", .what = PARITY_CUSTOM_ERROR_IN_200},
    {.name = "escape-line-breaks", .what = PARITY_CUSTOM_ESCAPE_LINE_BREAKS},
    {.name = "expect-continue", .texts = {"member"}, .what = PARITY_CUSTOM_EXPECT_CONTINUE},
    {.name = "follow-region",
     .texts = {"member", "ask", "header"},
     .what = PARITY_CUSTOM_FOLLOW_REGION},
    {.name = "header-output", .texts = {"header", "member"}, .what = PARITY_CUSTOM_HEADER_OUTPUT},
    {.name = "json-output", .texts = {"member"}, .what = PARITY_CUSTOM_JSON_OUTPUT},
    {.name = "json-shape", .texts = {"shape"}, .what = PARITY_CUSTOM_JSON_SHAPE},
    {.name = "last-segment", .array = "shapes", .what = PARITY_CUSTOM_LAST_SEGMENT},
    {.name = "path-style", .what = PARITY_CUSTOM_PATH_STYLE},
    {.name = "presigned-url", .texts = {"member"}, .what = PARITY_CUSTOM_PRESIGNED_URL},
    {.name = "presigned-url-and-regions",
     .texts = {"member"},
     .what = PARITY_CUSTOM_PRESIGNED_URL_AND_REGIONS},
    {.name = "settings", .texts = {"block"}, .what = PARITY_CUSTOM_SETTINGS},
    {.name = "silent-redirect", .what = PARITY_CUSTOM_SILENT_REDIRECT},
    {.name = "tree-hash", .what = PARITY_CUSTOM_TREE_HASH},
};

struct parity_customizations {
    json_t *document; /* the settings are borrowed from it */
    size_t count, capacity;
    struct parity_customization *entries; /* those of the whole service first */
};

/* --- reading ---------------------------------------------------------------------------------- */

static const struct parity_embedded_file *find_file(const char *service)
{
    size_t length = strlen(service);

    for (size_t i = 0; i < parity_customization_file_count; i++) {
        const char *name = parity_customization_files[i].name;

        if (strncmp(name, service, length) == 0 && strcmp(name + length, ".json") == 0)
            return &parity_customization_files[i];
    }
    return NULL;
}

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; name && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

/* The first setting that an entry lacks; NULL: it is complete. */
static const char *missing_setting(const struct kind *kind, const json_t *entry)
{
    for (size_t i = 0; i < sizeof kind->texts / sizeof *kind->texts && kind->texts[i]; i++)
        if (!json_is_string(json_object_get(entry, kind->texts[i])))
            return kind->texts[i];
    if (kind->array && !json_is_array(json_object_get(entry, kind->array)))
        return kind->array;
    return kind->object && !json_is_object(json_object_get(entry, kind->object)) ? kind->object
                                                                                 : NULL;
}

static int add(struct parity_customizations *to, const struct parity_operation *operation,
               const json_t *entry, struct parity_error *err)
{
    const char *name = json_string_value(json_object_get(entry, "do"));
    const struct kind *kind = find_kind(name);
    const char *missing = kind ? missing_setting(kind, entry) : NULL;

    if (!kind || missing) {
        parity_fail(err, PARITY_E_PARSE, NULL, "%s '%.40s'%s%s",
                    kind ? "the customization" : "there is no customization", name ? name : "",
                    missing ? " lacks the setting " : "", missing ? missing : "");
        return -1;
    }
    if (parity_grow(&to->entries, &to->capacity, to->count + 1, sizeof *to->entries) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    to->entries[to->count++] = (struct parity_customization){operation, kind->what, entry};
    return 0;
}

static int add_all(struct parity_customizations *to, const struct parity_operation *operation,
                   const json_t *list, struct parity_error *err)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (add(to, operation, json_array_get(list, i), err) < 0)
            return -1;
    return 0;
}

static int add_document(struct parity_customizations *to, const struct parity_service *service,
                        struct parity_error *err)
{
    const char *name;
    json_t *list;

    if (add_all(to, NULL, json_object_get(to->document, "service"), err) < 0)
        return -1;
    json_object_foreach(json_object_get(to->document, "operations"), name, list) {
        const struct parity_operation *operation = parity_service_operation(service, name, NULL);

        if (operation && add_all(to, operation, list, err) < 0)
            return -1;
    }
    return 0;
}

int parity_customizations_read(const struct parity_service *service,
                               struct parity_customizations **out, struct parity_error *err)
{
    const struct parity_embedded_file *file = find_file(parity_service_name(service));
    struct parity_customizations *read;

    *out = NULL;
    if (!file)
        return 0;
    read = parity_calloc(1, sizeof *read);
    if (!read) {
        parity_fail_nomem(err);
        return -1;
    }
    if (parity_json_parse((const char *)file->text, file->length, NULL, &read->document, err) < 0 ||
        add_document(read, service, err) < 0) {
        parity_error_add_context(err, "%s", file->name);
        parity_customizations_free(read);
        return -1;
    }
    *out = read;
    return 0;
}

void parity_customizations_free(struct parity_customizations *customizations)
{
    if (!customizations)
        return;
    json_decref(customizations->document);
    parity_free(customizations->entries);
    parity_free(customizations);
}

/* --- asking ----------------------------------------------------------------------------------- */

/* Asked several times in each call: most services have none, and operations are told apart by where
 * they are. */
const struct parity_customization *
parity_customization_next(const struct parity_operation *operation,
                          const struct parity_customization *after)
{
    const struct parity_customizations *all = parity_operation_service(operation)->customizations;
    size_t start = after ? (size_t)(after - all->entries) + 1 : 0;

    for (size_t i = start; all && i < all->count; i++)
        if (!all->entries[i].operation || all->entries[i].operation == operation)
            return &all->entries[i];
    return NULL;
}

const struct parity_customization *
parity_customization_of_service(const struct parity_service *service, enum parity_custom what)
{
    const struct parity_customizations *all = service->customizations;

    for (size_t i = 0; all && i < all->count && !all->entries[i].operation; i++)
        if (all->entries[i].what == what)
            return &all->entries[i];
    return NULL;
}

const struct parity_customization *
parity_customization_of_operation(const struct parity_operation *operation, enum parity_custom what)
{
    const struct parity_customization *entry = NULL;

    while ((entry = parity_customization_next(operation, entry)))
        if (entry->what == what)
            break;
    return entry;
}

const char *parity_customization_text(const struct parity_customization *entry, const char *name)
{
    return json_string_value(json_object_get(entry->settings, name));
}
