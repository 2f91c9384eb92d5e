/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CUSTOMIZATION_H
#define PARITY_CLIENT_CUSTOMIZATION_H

/*
 * What SDKs do for single services although no model says so. botocore has it in its handlers. Here
 * customizations/ says, as data, for which operations what is done (one file a service, compiled
 * in), and customization*.c knows how, so that no code names a service.
 *
 * @see botocore/handlers.py, BUILTIN_HANDLERS
 */

#include <stdbool.h>

#include "base/embedded.h"
#include "client/call.h"

/** What can be done; customization.c has the names that the files use, and what each needs. */
enum parity_custom {
    /* on the input, before it is validated */
    PARITY_CUSTOM_BASE64_INPUT,  /* a text member goes out as base64 */
    PARITY_CUSTOM_LAST_SEGMENT,  /* ids of some shapes lose what is before their last slash */
    PARITY_CUSTOM_DEFAULT_INPUT, /* a member that is absent or null has a value */
    PARITY_CUSTOM_DIGEST_KEY,    /* an encryption key goes out as base64, with its MD5 */
    PARITY_CUSTOM_COPY_SOURCE,   /* the source is percent-encoded, or made of an object */
    PARITY_CUSTOM_ENCODE_KEYS,   /* keys are asked for in URL encoding, and decoded */
    PARITY_CUSTOM_BUCKET_NAME,   /* the name is checked */
    /* on the way to the endpoint */
    PARITY_CUSTOM_PATH_STYLE, /* the bucket always goes into the path */
    PARITY_CUSTOM_SETTINGS,   /* the settings of a block of ~/.aws/config count */
    /* on the request */
    PARITY_CUSTOM_ACCEPT,             /* what the Accept header says if no member sets it */
    PARITY_CUSTOM_API_VERSION,        /* a header tells the model's apiVersion */
    PARITY_CUSTOM_EXPECT_CONTINUE,    /* a body that is given waits for 100 Continue */
    PARITY_CUSTOM_ESCAPE_LINE_BREAKS, /* in the XML of the body */
    PARITY_CUSTOM_TREE_HASH, /* the body's SHA-256, plain and as a tree, unless they are given */
    /* a call across regions brings a URL that is signed for the region of the source; that region
     * itself is told or not, as the service wants it */
    PARITY_CUSTOM_PRESIGNED_URL,
    PARITY_CUSTOM_PRESIGNED_URL_AND_REGIONS,
    /* on answers that come from the wrong region */
    PARITY_CUSTOM_FOLLOW_REGION,   /* the call goes on to the region of the bucket, for which
                                      another operation asks if need be */
    PARITY_CUSTOM_SILENT_REDIRECT, /* the status alone says so, with some header if one is named */
    PARITY_CUSTOM_CHOOSE_REGION,   /* the wrong region may be what the caller wants */
    /* on the response */
    PARITY_CUSTOM_ERROR_IN_200,    /* a body that is an error counts as status 500 */
    PARITY_CUSTOM_DOCUMENT_OUTPUT, /* the text of the document is the one member */
    PARITY_CUSTOM_JSON_SHAPE,      /* URL-encoded texts of a shape become the JSON they are */
    PARITY_CUSTOM_JSON_OUTPUT,     /* a text member becomes JSON if it is that */
    PARITY_CUSTOM_BASE64_OUTPUT,   /* a text member is decoded */
    PARITY_CUSTOM_HEADER_OUTPUT,   /* a header is a member too, as it came */
};

struct parity_customizations; /* those of one service */

/** One thing that is done for a service or an operation of it. */
struct parity_customization {
    const struct parity_operation *operation; /* NULL: all of the service */
    enum parity_custom what;
    const json_t *settings; /* object: its entry in the file */
};

/**
 * Read what customizations/ has for a service, once its operations are there. Operations that its
 * model lacks, as older ones do, are passed over.
 *
 * @param out  for `service->customizations`; NULL: nothing. Released with
 *             parity_customizations_free().
 * @param err  PARITY_E_PARSE: unknown or incomplete entry
 * @return 0 or -1
 */
int parity_customizations_read(const struct parity_service *service,
                               struct parity_customizations **out, struct parity_error *err);
void parity_customizations_free(struct parity_customizations *customizations);

/** What is done for all of a service, or for an operation (by itself or as all of its service).
 * NULL: it is not. */
const struct parity_customization *
parity_customization_of_service(const struct parity_service *service, enum parity_custom what);
const struct parity_customization *
parity_customization_of_operation(const struct parity_operation *operation,
                                  enum parity_custom what);

/** A setting ("member"). Borrowed; NULL only if it is one that may be absent. */
const char *parity_customization_text(const struct parity_customization *entry, const char *name);

/** Whether SDKs take this as the name of a bucket. @return 0 or -1 (PARITY_E_INVALID) */
int parity_bucket_name_check(const char *name, struct parity_error *err);

/** Change `call->input`. @return 0 or -1 (PARITY_E_INVALID) */
int parity_customize_input(struct parity_call *call, struct parity_error *err);

/** Change `call->request`, whose URL is known and which is not yet signed. */
int parity_customize_request(struct parity_call *call, struct parity_error *err);

/** Change a response before it is parsed. */
void parity_customize_response(const struct parity_call *call,
                               struct parity_http_response *response);

/** Change what was parsed. */
int parity_customize_output(const struct parity_call *call,
                            const struct parity_http_response *response, json_t *output,
                            struct parity_error *err);

/* --- between customization*.c ------------------------------------------------------------------
 */

/** All that is done for an operation, one by one: begin with NULL, which is also the end. */
const struct parity_customization *
parity_customization_next(const struct parity_operation *operation,
                          const struct parity_customization *after);

/** customization_presign.c: put the signed URL into the body. */
int parity_customize_presigned_url(struct parity_call *call,
                                   const struct parity_customization *entry,
                                   struct parity_error *err);

/** The files of customizations/, "<service>.json". */
extern const struct parity_embedded_file parity_customization_files[];
extern const size_t parity_customization_file_count;

#endif
