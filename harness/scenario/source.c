/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/source.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "scenario/yaml.h"

enum { MAX_BYTES = 32 * 1024 * 1024 };

void parity_scenario_source_clear(struct parity_scenario_source *source)
{
    parity_free(source->path);
    parity_free(source->name);
    json_decref(source->document);
    parity_free(source->lines.items);
    parity_arena_clear(&source->memory);
    memset(source, 0, sizeof *source);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), wanted = strlen(end);

    return length > wanted && strcmp(text + length - wanted, end) == 0;
}

static bool is_yaml(const char *name)
{
    return ends_with(name, ".yaml") || ends_with(name, ".yml");
}

bool parity_scenario_is_named(const char *name)
{
    if (is_yaml(name))
        return true;
    return ends_with(name, ".json") && !ends_with(name, ".snapshot.json") &&
           !ends_with(name, ".validation.json") && !ends_with(name, ".transformers.json");
}

static int parse(const struct parity_buffer *text, struct parity_scenario_source *out,
                 struct parity_error *err)
{
    int rc;

    parity_memory_lead_json(&out->memory);
    rc = (is_yaml(out->path) ? parity_yaml_parse : parity_json_parse_lines)(
        text->data, text->length, out->name, &out->document, &out->lines, err);
    parity_memory_lead_json(NULL);
    parity_json_freeze(out->document, &out->memory);
    return rc;
}

int parity_scenario_source_read(const char *path, const char *name, bool only_tests,
                                struct parity_scenario_source *out, struct parity_error *err)
{
    static const char word[] = "tests";
    struct parity_buffer text = {0};
    struct stat status;
    int rc = -1;

    memset(out, 0, sizeof *out);
    if (stat(path, &status) == 0) {
        out->device = status.st_dev;
        out->inode = status.st_ino;
    }
    out->path = parity_strdup(path);
    out->name = parity_strdup(name);
    if (!out->path || !out->name)
        parity_fail_nomem(err);
    else if (parity_file_read(path, MAX_BYTES, &text, err) == 0) {
        if (only_tests && (!text.data || !memmem(text.data, text.length, word, sizeof word - 1)))
            rc = 0;
        else
            rc = parse(&text, out, err);
    }
    parity_buffer_clear(&text);
    return rc;
}
