/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite_transformers.h"

#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "recorder/tree.h"

/* *out is NULL when there is no such file. */
static int read_file(const char *path, json_t **out, struct parity_error *err)
{
    struct parity_error failure = {0};
    const char *test;
    json_t *list;

    *out = NULL;
    if (parity_json_read_file(path, out, &failure) < 0) {
        if (failure.code == PARITY_E_NOT_FOUND)
            return 0;
        if (err && err->code == PARITY_OK)
            *err = failure;
        return -1;
    }
    if (!json_is_object(*out)) {
        parity_fail(err, PARITY_E_PARSE, path, "expected an object of test names");
        goto fail;
    }
    json_object_foreach(*out, test, list) {
        if (!json_is_array(list)) {
            parity_fail(err, PARITY_E_PARSE, path, "'%s' is no array of transformers", test);
            goto fail;
        }
    }
    return 0;
fail:
    json_decref(*out);
    *out = NULL;
    return -1;
}

static const char *test_name(const char *id)
{
    const char *end = strstr(id, "::");

    return end ? end + 2 : id;
}

int parity_suite_transformers_read(const char *suites, const char *id, json_t **out,
                                   struct parity_error *err)
{
    char *path = suites ? parity_tree_path(suites, id, ".transformers.json", err) : NULL;
    json_t *content = NULL;
    int rc = path ? read_file(path, &content, err) : suites ? -1 : 0;

    *out = NULL;
    if (rc == 0) {
        *out = json_incref(json_object_get(content, test_name(id)));
        if (!*out)
            *out = json_array();
        if (!*out)
            parity_fail_nomem(err);
    }
    json_decref(content);
    parity_free(path);
    return *out ? 0 : -1;
}

int parity_suite_transformers_add(const char *suites, const char *id, const json_t *transformers,
                                  struct parity_error *err)
{
    char *path = parity_tree_path(suites, id, ".transformers.json", err);
    json_t *content = NULL, *list;
    int rc = path ? read_file(path, &content, err) : -1;

    if (rc == 0 && !content)
        content = json_object();
    list = json_object_get(content, test_name(id));
    if (rc == 0 && !list) {
        list = json_array();
        rc = json_object_set_new_nocheck(content, test_name(id), list);
    }
    for (size_t i = 0; rc == 0 && i < json_array_size(transformers); i++)
        rc = json_array_append_new(list, json_deep_copy(json_array_get(transformers, i)));
    if (rc == 0)
        rc = parity_tree_write(path, content, err);
    else
        parity_fail_nomem(err); /* unless there is a better reason */
    json_decref(content);
    parity_free(path);
    return rc;
}
