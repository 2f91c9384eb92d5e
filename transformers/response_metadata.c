/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "python_text.h"
#include "spec.h"

/* `response_metadata`: keeps of ResponseMetadata the status, and of the headers only one. */

/* The reference looks for this name, which no response has: so no header is ever kept, and all
   existing recordings are that way. */
static const char kept_header[] = "content_type";

/* What remains of one ResponseMetadata. New; NULL: out of memory. */
static json_t *reduced(const json_t *metadata, const json_t *headers)
{
    json_t *header = json_object_get(headers, kept_header);
    json_t *status = json_object_get(metadata, "HTTPStatusCode");
    json_t *out = json_object(), *kept = json_object();

    if (out && kept && header && parity_python_truth(header) &&
        json_object_set_nocheck(kept, kept_header, header) < 0)
        goto failed;
    if (!out || !kept || json_object_set_nocheck(out, "HTTPHeaders", kept) < 0)
        goto failed;
    if (status && parity_python_truth(status) &&
        json_object_set_nocheck(out, "HTTPStatusCode", status) < 0)
        goto failed;
    json_decref(kept);
    return out;
failed:
    json_decref(kept);
    json_decref(out);
    return NULL;
}

static int reduce_member(json_t *object, void *member, struct parity_error *err)
{
    const json_t *metadata = json_object_iter_value(member);
    const json_t *headers = json_object_get(metadata, "HTTPHeaders");

    if (parity_json_kind(metadata) != PARITY_JSON_OBJECT) {
        parity_fail(err, PARITY_E_INVALID, NULL, "member 'ResponseMetadata' is no object");
        return -1;
    }
    if (!headers || parity_json_kind(headers) != PARITY_JSON_OBJECT)
        return 0;
    if (json_object_iter_set_new(object, member, reduced(metadata, headers)) == 0)
        return 0;
    parity_fail_nomem(err);
    return -1;
}

/* Objects in objects; lists are not looked into, as in the reference. */
static int reduce(json_t *object, struct parity_error *err)
{
    for (void *m = json_object_iter(object); m; m = json_object_iter_next(object, m)) {
        json_t *value = json_object_iter_value(m);
        int rc = 0;

        if (strcmp(json_object_iter_key(m), "ResponseMetadata") == 0)
            rc = reduce_member(object, m, err);
        else if (parity_json_kind(value) == PARITY_JSON_OBJECT)
            rc = reduce(value, err);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int apply(const struct parity_transformer *base, json_t *document,
                 struct parity_transform_context *context, struct parity_error *err)
{
    (void)base;
    (void)context;
    return reduce(document, err);
}

static void release(struct parity_transformer *base)
{
    parity_free(base);
}

static const struct parity_transformer_class response_metadata_class = {"response_metadata", apply,
                                                                        release};

struct parity_transformer *parity_response_metadata_make(const json_t *spec,
                                                         struct parity_error *err)
{
    struct parity_transformer *self = parity_calloc(1, sizeof *self);

    (void)spec;
    if (self)
        self->class = &response_metadata_class;
    else
        parity_fail_nomem(err);
    return self;
}
