/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/selection.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *parity_path_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    if (strncmp(path, folder, length) != 0 || (path[length] != '/' && path[length] != '\0'))
        return NULL;
    path += length;
    return path + strspn(path, "/");
}

char *parity_path_absolute(const char *path)
{
    char cwd[PATH_MAX] = "";
    char *joined, *out;
    size_t length = 0;

    if (path[0] != '/' && !realpath(".", cwd))
        return parity_strdup(path);
    joined = parity_asprintf("%s/%s", cwd, path);
    out = joined ? parity_malloc(strlen(joined) + 2) : NULL;
    for (const char *part = joined; out && *part;) {
        size_t size = strcspn(part, "/");

        if (size == 2 && strncmp(part, "..", 2) == 0) {
            while (length > 0 && out[--length] != '/')
                ;
        } else if (size > 0 && !(size == 1 && part[0] == '.')) {
            out[length++] = '/';
            memcpy(out + length, part, size);
            length += size;
        }
        part += size + (part[size] == '/');
    }
    if (out)
        out[length] = '\0';
    parity_free(joined);
    return out;
}

/* Path part of an operand, below the suites folder; new. */
static char *suite_path(const char *operand, const char *suites_folder)
{
    char *full = parity_path_absolute(operand);
    const char *inside = full ? parity_path_below(full, suites_folder) : NULL;
    char *path;
    size_t length;

    if (!full)
        return NULL;
    /* A folder around all suites, as "." in the project. */
    if (!inside && parity_path_below(suites_folder, full))
        inside = "";
    path = parity_strdup(inside ? inside : operand);
    parity_free(full);
    if (!path)
        return NULL;
    length = strlen(path);
    while (length > 0 && path[length - 1] == '/')
        path[--length] = '\0';
    return path;
}

static int read_operand(const char *operand, const char *suites_folder,
                        struct parity_selection_item *out)
{
    const char *colons = strstr(operand, "::");
    char *before = parity_strndup(operand, colons ? (size_t)(colons - operand) : strlen(operand));

    out->operand = operand;
    out->path = before ? suite_path(before, suites_folder) : NULL;
    out->full = before ? parity_path_absolute(before) : NULL;
    out->test = colons ? parity_strdup(colons + 2) : NULL;
    parity_free(before);
    return out->path && out->full && (!colons || out->test) ? 0 : -1;
}

int parity_selection_make(const char *const *operands, size_t count, const char *suites_folder,
                          struct parity_selection *out, struct parity_error *err)
{
    memset(out, 0, sizeof *out);
    if (count == 0)
        return 0;
    out->items = parity_calloc(count, sizeof *out->items);
    if (!out->items) {
        parity_fail_nomem(err);
        return -1;
    }
    out->count = count;
    for (size_t i = 0; i < count; i++)
        if (read_operand(operands[i], suites_folder, &out->items[i]) < 0) {
            parity_fail_nomem(err);
            return -1;
        }
    return 0;
}

void parity_selection_clear(struct parity_selection *selection)
{
    for (size_t i = 0; i < selection->count; i++) {
        parity_free(selection->items[i].full);
        parity_free(selection->items[i].path);
        parity_free(selection->items[i].test);
    }
    parity_free(selection->items);
    memset(selection, 0, sizeof *selection);
}

static bool covers(const struct parity_selection_item *item, const char *path)
{
    return item->path[0] == '\0' || parity_path_below(path, item->path);
}

bool parity_selection_needs(const struct parity_selection *selection, const char *path)
{
    for (size_t i = 0; i < selection->count; i++)
        if (covers(&selection->items[i], path))
            return true;
    return selection->count == 0;
}

/* Whether a scenario's file is what the item names, or below it. */
static bool covers_file(const struct parity_selection_item *item, const struct parity_case *test)
{
    return parity_path_below(test->source, item->full) ||
           (item->path[0] && parity_path_below(test->suite_path, item->path));
}

/* By its name with brackets, or without for all that have it. */
static bool is_called(const struct parity_case *test, const char *name)
{
    const char *own = strstr(test->id, "::");

    return strcmp(name, test->definition->name) == 0 || (own && strcmp(name, own + 2) == 0);
}

static bool takes(const struct parity_selection_item *item, const struct parity_case *test)
{
    if (!test->source)
        return covers(item, test->suite_path) && (!item->test || is_called(test, item->test));
    if (item->test)
        return covers_file(item, test) && strcmp(item->test, test->id) == 0;
    return covers_file(item, test) || (item->path[0] && parity_path_below(test->id, item->path));
}

bool parity_selection_takes(struct parity_selection *selection, const struct parity_case *test)
{
    bool taken = selection->count == 0;

    for (size_t i = 0; i < selection->count; i++) {
        struct parity_selection_item *item = &selection->items[i];

        if (!takes(item, test))
            continue;
        item->found = true;
        taken = true;
    }
    return taken;
}

const char *parity_selection_unfound(const struct parity_selection *selection)
{
    for (size_t i = 0; i < selection->count; i++)
        if (!selection->items[i].found)
            return selection->items[i].operand;
    return NULL;
}
