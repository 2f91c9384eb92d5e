/* SPDX-License-Identifier: Apache-2.0 */
#include "client/credential/metadata.h"

#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/iso8601.h"

static int build(const struct parity_metadata_request *from, struct parity_http_request *out)
{
    out->method = parity_strdup(from->method);
    out->url = parity_strdup(from->url);
    if (!out->method || !out->url ||
        parity_headers_add(&out->headers, "User-Agent", "parity/" PARITY_VERSION) < 0)
        return -1;
    if (from->accept && parity_headers_add(&out->headers, "Accept", from->accept) < 0)
        return -1;
    return from->header ? parity_headers_add(&out->headers, from->header, from->value) : 0;
}

static bool is_passing(enum parity_errc code)
{
    return code == PARITY_E_NETWORK || code == PARITY_E_RESPONSE || code == PARITY_E_LIMIT;
}

int parity_metadata_send(const struct parity_credential_search *search,
                         const struct parity_metadata_request *request,
                         struct parity_http_response *response, struct parity_error *trouble,
                         struct parity_error *err)
{
    const struct parity_credentials_options *options = search->options;
    struct parity_http_request sent = {0};
    struct parity_error reason = {0};
    int rc = build(request, &sent);

    memset(response, 0, sizeof *response);
    if (rc < 0)
        parity_fail_nomem(err);
    else
        rc = options->exchange(&sent, request->timeout_ms, response, &reason, options->context);
    parity_http_request_clear(&sent);
    if (rc == 0 || reason.code == PARITY_OK)
        return rc;
    if (is_passing(reason.code)) {
        *trouble = reason;
        return 1;
    }
    if (err && err->code == PARITY_OK)
        *err = reason;
    return -1;
}

void parity_metadata_clear(struct parity_http_response *response)
{
    if (response->body.data)
        explicit_bzero(response->body.data, response->body.length);
    parity_http_response_clear(response);
}

int parity_metadata_json(const struct parity_http_response *response, json_t **out,
                         struct parity_error *err)
{
    const struct parity_buffer *body = &response->body;
    struct parity_error reason = {0}; /* not told: it might quote a key */

    if (parity_json_parse(body->data ? body->data : "", body->length, NULL, out, &reason) == 0)
        return 0;
    if (reason.code != PARITY_E_NOMEM)
        return 1;
    parity_fail_nomem(err);
    return -1;
}

static const char *member(const json_t *document, const char *name, const char **wrong)
{
    const char *text = json_string_value(json_object_get(document, name));

    if (!text || !text[0])
        *wrong = name;
    return text;
}

int parity_metadata_read_keys(const json_t *document, const char *place,
                              struct parity_credentials *out, const char **wrong,
                              struct parity_error *err)
{
    static const char expiration[] = "Expiration";
    const char *until;
    struct parity_credential_texts texts;

    *wrong = NULL;
    until = member(document, expiration, wrong);
    texts.token = member(document, "Token", wrong);
    texts.secret = member(document, "SecretAccessKey", wrong);
    texts.id = member(document, "AccessKeyId", wrong);
    texts.account_id = json_string_value(json_object_get(document, "AccountId"));
    if (!*wrong && parity_iso8601_parse(until, &out->expires_at) < 0)
        *wrong = expiration;
    return *wrong ? 0 : parity_credential_fill(out, &texts, place, err);
}
