/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever compiles is looked up, and set, in a small document without harm. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fuzz.h"
#include "transformers/jsonpath/jsonpath.h"

static const char document_text[] = "{\"a\":[{\"b\":1,\"c\":\"x\"},{\"b\":\"2\"},[null,true,1.5]],"
                                    "\"b\":{\"a\":{\"b\":[]}},\"c\":\"ab\"}";

/* Descents multiply: many of them run into the limit of steps, which takes a second each time. */
static int is_slow(const char *text)
{
    int descents = 0;

    while (descents <= 4 && (text = strstr(text, ".."))) {
        text += 2;
        descents++;
    }
    return descents > 4;
}

static void look_up(const char *text, enum parity_jsonpath_dialect dialect)
{
    struct parity_jsonpath_nodes nodes = {0};
    struct parity_error err = {0};
    struct parity_jsonpath *path = parity_jsonpath_compile(text, dialect, &err);
    json_t *document, *value = json_string("r");

    if (!path && (err.code == PARITY_OK || err.column < 1 || err.column > (int)strlen(text) + 1))
        abort();
    if (parity_json_parse(document_text, sizeof document_text - 1, NULL, &document, NULL) < 0)
        abort();
    if (path && is_slow(text)) {
        parity_jsonpath_free(path);
        path = NULL;
    }
    if (path && parity_jsonpath_find(path, document, &nodes, NULL) == 0)
        parity_jsonpath_nodes_clear(&nodes);
    if (path)
        parity_jsonpath_update(path, &document, value, NULL);
    parity_jsonpath_free(path);
    json_decref(document);
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    look_up(text, PARITY_JSONPATH_LOCALSTACK);
    look_up(text, PARITY_JSONPATH_RFC9535);
    free(text);
    return 0;
}
