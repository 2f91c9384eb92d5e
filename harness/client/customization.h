/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CUSTOMIZATION_H
#define PARITY_CLIENT_CUSTOMIZATION_H

/*
 * What SDKs do for single services although no model says so. botocore has it in its handlers; here
 * it is one table (customization.c) of which operations are meant and what is done, so that the
 * rest of the client knows no service by name. Internal to client.c, call_*.c, customization*.c.
 *
 * @see botocore/handlers.py, BUILTIN_HANDLERS
 */

#include <stdbool.h>

#include "client/call.h"

enum parity_custom {
    /* on the input, before it is validated */
    PARITY_CUSTOM_BASE64_MEMBER,   /* a text member goes out as base64 */
    PARITY_CUSTOM_LAST_SEGMENT,    /* ids lose what is before their last slash */
    PARITY_CUSTOM_DEFAULT_ACCOUNT, /* accountId is "-" when absent */
    PARITY_CUSTOM_KEY_DIGEST,      /* an encryption key goes out as base64, with its MD5 */
    PARITY_CUSTOM_COPY_SOURCE,     /* the source is percent-encoded, or made of an object */
    PARITY_CUSTOM_ENCODED_KEYS,    /* keys are asked for in URL encoding, and decoded */
    PARITY_CUSTOM_BUCKET_NAME,     /* the name is checked */
    /* on the way to the endpoint */
    PARITY_CUSTOM_PATH_STYLE,  /* the bucket always goes into the path */
    PARITY_CUSTOM_S3_SETTINGS, /* the settings under `s3` count */
    /* on the request */
    PARITY_CUSTOM_ACCEPT_JSON, /* Accept: application/json */
    PARITY_CUSTOM_API_VERSION, /* x-amz-glacier-version: the model's apiVersion */
    PARITY_CUSTOM_EXPECT,      /* a body that is given waits for 100 Continue */
    PARITY_CUSTOM_ESCAPED_XML, /* line breaks in the body are escaped */
    PARITY_CUSTOM_TREE_HASH,   /* the body's SHA-256, plain and as a tree, unless they are given */
    /* a call across regions brings a URL that is signed for the region of the source; that region
     * itself is told or not, as the service wants it */
    PARITY_CUSTOM_PRESIGNED_URL,
    PARITY_CUSTOM_PRESIGNED_URL_AND_REGIONS,
    /* on answers that come from the wrong region */
    PARITY_CUSTOM_BUCKET_REGION,   /* the call goes on to the bucket's region, for which the
                                      operation of the argument asks if need be */
    PARITY_CUSTOM_SILENT_REDIRECT, /* the status alone says so, with a header of that name if any */
    PARITY_CUSTOM_CHOOSES_REGION,  /* the wrong region may be what the caller wants */
    /* on the response */
    PARITY_CUSTOM_ERROR_IN_200,   /* a body that is an error counts as status 500 */
    PARITY_CUSTOM_LOCATION,       /* the body is the one member */
    PARITY_CUSTOM_POLICY_TEXTS,   /* members of shape policyDocumentType become JSON */
    PARITY_CUSTOM_JSON_MEMBER,    /* a text member becomes JSON if it is that */
    PARITY_CUSTOM_BASE64_OUTPUT,  /* a text member is decoded */
    PARITY_CUSTOM_EXPIRES_STRING, /* the Expires header is kept as ExpiresString */
};

/** The shape whose texts PARITY_CUSTOM_POLICY_TEXTS is about. */
#define PARITY_POLICY_SHAPE "policyDocumentType"

/** Whether the table has an entry for all of a service, or for one of its operations. */
bool parity_customization_has(const struct parity_service *service, enum parity_custom what);
bool parity_customization_has_operation(const struct parity_operation *operation,
                                        enum parity_custom what);

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

/** The table's entry for an operation; NULL: none. `argument` is a member's name or NULL. */
struct parity_customization {
    const char *service;   /* as botocore's folder */
    const char *operation; /* NULL: all */
    enum parity_custom what;
    const char *argument;
};

const struct parity_customization *
parity_customization_next(const struct parity_operation *operation,
                          const struct parity_customization *after);

/** customization_presign.c: put the signed URL into the body. */
int parity_customize_presigned_url(struct parity_call *call,
                                   const struct parity_customization *entry,
                                   struct parity_error *err);

#endif
