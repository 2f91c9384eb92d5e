/* SPDX-License-Identifier: Apache-2.0 */
#include "presets.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/suggest.h"
#include "preset_project.h"
#include "spec.h"
#include "transformer.h"

enum { DEFAULTS_PRIORITY = 2 }; /* after the transformers of the test, unless it says otherwise */

static json_t *read_file(const struct parity_embedded_file *file, struct parity_error *err)
{
    json_t *presets;

    (void)parity_json_parse((const char *)file->text, file->length, file->name, &presets, err);
    return presets;
}

/* Most files are about other services: only one that has the name in it is worth reading. */
static bool mentions(const struct parity_embedded_file *file, const char *name)
{
    return memmem(file->text, file->length, name, strlen(name)) != NULL;
}

/* The known name nearest to `name`, in `guess`; empty when none is near. */
static void fold_nearest(json_t *presets, const char *name, char *guess, size_t size)
{
    const char *known;
    json_t *value;

    json_object_foreach(presets, known, value) {
        if (parity_suggest(name, *guess ? guess : NULL, known) == known)
            snprintf(guess, size, "%s", known);
    }
}

static void fail_unknown(const char *name, struct parity_error *err)
{
    char guess[64] = "";

    if (!err)
        return;
    fold_nearest(parity_preset_project(), name, guess, sizeof guess);
    for (size_t i = 0; i < parity_preset_file_count; i++) {
        json_t *presets = read_file(&parity_preset_files[i], NULL);

        fold_nearest(presets, name, guess, sizeof guess);
        json_decref(presets);
    }
    parity_fail(err, PARITY_E_NOT_FOUND, NULL, "there is no preset '%.60s'%s%s%s", name,
                *guess ? "; did you mean '" : "", guess, *guess ? "'?" : "");
}

/* What was read from the files before, by name: tests ask for the same few again and again. */
static _Thread_local json_t *read_before;

void parity_preset_forget(void)
{
    json_decref(read_before);
    read_before = NULL;
}

static void remember(const char *name, json_t *preset)
{
    if (!read_before)
        read_before = json_object();
    /* Without memory it is read again. */
    (void)json_object_set_nocheck(read_before, name, preset);
}

json_t *parity_preset_read(const char *name, struct parity_error *err)
{
    json_t *found = json_incref(json_object_get(parity_preset_project(), name));

    if (!found)
        found = json_incref(json_object_get(read_before, name));
    if (found)
        return found;
    for (size_t i = 0; i < parity_preset_file_count && !found; i++) {
        json_t *presets;

        if (!mentions(&parity_preset_files[i], name))
            continue;
        presets = read_file(&parity_preset_files[i], err);
        if (!presets)
            return NULL;
        found = json_incref(json_object_get(presets, name));
        json_decref(presets);
    }
    if (found)
        remember(name, found);
    else
        fail_unknown(name, err);
    return found;
}

static int add_text(struct parity_transformers *list, const char *text, const char *replacement,
                    struct parity_error *err)
{
    json_t *spec;
    int rc;

    if (!text || !*text)
        return 0;
    spec = json_pack("{ss ss ss si}", "type", "text", "text", text, "replacement", replacement,
                     "priority", DEFAULTS_PRIORITY);
    if (!spec) {
        parity_fail_nomem(err);
        return -1;
    }
    rc = parity_transformers_add_spec(list, spec, err);
    json_decref(spec);
    return rc;
}

static int add_partition(struct parity_transformers *list, const char *partition,
                         struct parity_error *err)
{
    struct parity_buffer text = {0};
    int rc = -1;

    if (!partition || !*partition)
        return 0;
    parity_buffer_printf(&text, "arn:%s:", partition);
    if (text.failed)
        parity_fail_nomem(err);
    else
        rc = add_text(list, text.data, "arn:<partition>:", err);
    parity_buffer_clear(&text);
    return rc;
}

int parity_transformers_add_defaults(struct parity_transformers *list,
                                     const struct parity_defaults_options *options,
                                     struct parity_error *err)
{
    json_t *basic;
    int rc;

    if (add_text(list, options->account_id, "111111111111", err) < 0 ||
        add_text(list, options->region, "<region>", err) < 0 ||
        add_partition(list, options->partition, err) < 0)
        return -1;
    basic = json_pack("{ss ss si}", "type", "preset", "name", options->old ? "basic" : "basic_new",
                      "priority", DEFAULTS_PRIORITY);
    if (!basic) {
        parity_fail_nomem(err);
        return -1;
    }
    rc = parity_transformers_add_spec(list, basic, err);
    json_decref(basic);
    return rc;
}
