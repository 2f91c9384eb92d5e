/* SPDX-License-Identifier: Apache-2.0 */
#include "presets.h"

#include <stdio.h>

#include "base/json.h"
#include "base/suggest.h"
#include "spec.h"
#include "transformer.h"

enum { DEFAULTS_PRIORITY = 2 }; /* after the transformers of the test, unless it says otherwise */

/* Look `name` up in one file: its transformers, new, or NULL; `nearest` is folded on. */
static json_t *look_up(json_t *presets, const char *name, const char **nearest, char *guess,
                       size_t size)
{
    json_t *preset = json_object_get(presets, name);
    const char *known;
    json_t *value;

    if (preset)
        return json_incref(json_object_get(preset, "transformers"));
    json_object_foreach(presets, known, value) {
        /* The guess outlives the file: it is kept in the caller's memory. */
        if (parity_suggest(name, *nearest, known) == known) {
            snprintf(guess, size, "%s", known);
            *nearest = guess;
        }
    }
    return NULL;
}

json_t *parity_preset_read(const char *name, struct parity_error *err)
{
    char guess[64];
    const char *nearest = NULL;

    for (size_t i = 0; i < parity_preset_file_count; i++) {
        const struct parity_preset_file *file = &parity_preset_files[i];
        json_t *presets, *found;

        if (parity_json_parse((const char *)file->text, file->length, file->name, &presets, err) <
            0)
            return NULL;
        found = look_up(presets, name, &nearest, guess, sizeof guess);
        json_decref(presets);
        if (found)
            return found;
    }
    parity_fail(err, PARITY_E_NOT_FOUND, NULL, "there is no preset '%.60s'%s%s%s", name,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
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
