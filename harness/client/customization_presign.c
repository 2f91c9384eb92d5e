/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies across regions: the service in the region of the copy asks the one in the region of the
 * source with a URL that the caller has signed for it. Both speak a query protocol, so the body is
 * a form. @see botocore/handlers.py, inject_presigned_url_ec2, inject_presigned_url_rds
 */
#include <string.h>

#include "base/memory.h"
#include "client/customization.h"
#include "client/sigv4.h"
#include "client/uri.h"

static const char source_name[] = "SourceRegion", destination_name[] = "DestinationRegion";

/* --- forms ------------------------------------------------------------------------------------ */

static bool is_named(const char *field, size_t length, const char *name)
{
    size_t name_length = strlen(name);

    return length > name_length && strncmp(field, name, name_length) == 0 &&
           field[name_length] == '=';
}

/* Appends the fields of a form but the one of that name (NULL: all). */
static void add_fields_but(struct parity_buffer *out, const struct parity_buffer *form,
                           const char *name)
{
    size_t length;

    for (const char *at = form->data; at && *at; at += length + (at[length] == '&')) {
        length = strcspn(at, "&");
        if (name && is_named(at, length, name))
            continue;
        if (out->length)
            parity_buffer_add_char(out, '&');
        parity_buffer_add(out, at, length);
    }
}

static void add_field(struct parity_buffer *form, const char *name, const char *value)
{
    if (form->length)
        parity_buffer_add_char(form, '&');
    parity_buffer_printf(form, "%s=", name);
    parity_uri_encode(form, value, strlen(value), "");
}

/* In the query of a URL a blank is %20. */
static void add_as_query(struct parity_buffer *url, const struct parity_buffer *form)
{
    for (size_t i = 0; i < form->length; i++)
        if (form->data[i] == '+')
            parity_buffer_add_text(url, "%20");
        else
            parity_buffer_add_char(url, form->data[i]);
}

/* --- the URL ---------------------------------------------------------------------------------- */

static void add_replaced(struct parity_buffer *out, const char *text, const char *from,
                         const char *to)
{
    const char *found;

    for (; (found = strstr(text, from)); text = found + strlen(from)) {
        parity_buffer_add(out, text, (size_t)(found - text));
        parity_buffer_add_text(out, to);
    }
    parity_buffer_add_text(out, text);
}

static int sign(struct parity_call *call, const char *source, struct parity_http_request *request,
                struct parity_error *err)
{
    struct parity_sigv4_options options = {
        .region = source, .service = call->signing.name, .time = parity_call_time(call->client)};

    if (parity_call_credentials(call, &options.credentials, err) < 0)
        return -1;
    return parity_sigv4_sign_query(request, &options, NULL, err);
}

/* The same call, to be made by the other side at the source's endpoint. `*out` is new. */
static int make_url(struct parity_call *call, const struct parity_buffer *form, const char *source,
                    char **out, struct parity_error *err)
{
    struct parity_http_request request = {.method = parity_strdup("GET")};
    struct parity_buffer url = {0};
    int rc;

    add_replaced(&url, call->request.url, call->region, source);
    parity_buffer_add_char(&url, '?');
    add_as_query(&url, form);
    parity_buffer_printf(&url, "&%s=%s", destination_name, call->region);
    request.url = parity_buffer_take(&url);
    rc = request.url && request.method ? sign(call, source, &request, err) : parity_fail_nomem(err);
    parity_buffer_clear(&url);
    if (rc == 0) {
        *out = request.url;
        request.url = NULL;
    }
    parity_http_request_clear(&request);
    return rc;
}

/* --- the call --------------------------------------------------------------------------------- */

static int add_url(struct parity_call *call, const char *source, const char *name,
                   struct parity_buffer *form, struct parity_error *err)
{
    char *url = NULL;

    if (make_url(call, form, source, &url, err) < 0)
        return -1;
    add_field(form, name, url);
    parity_free(url);
    return 0;
}

int parity_customize_presigned_url(struct parity_call *call,
                                   const struct parity_customization *entry,
                                   struct parity_error *err)
{
    const char *source = json_string_value(json_object_get(call->input, source_name));
    const char *member = parity_customization_text(entry, "member");
    bool tells_regions = entry->what == PARITY_CUSTOM_PRESIGNED_URL_AND_REGIONS;
    bool is_signed = call->signing.scheme == PARITY_AUTH_SIGV4 && !call->options->no_signature;
    struct parity_buffer form = {0};
    int rc = 0;

    if (!source || (tells_regions && json_object_get(call->input, member)))
        return 0;
    add_fields_but(&form, &call->request.body, tells_regions ? NULL : source_name);
    if (is_signed && !json_object_get(call->input, member))
        rc = add_url(call, source, member, &form, err);
    if (tells_regions)
        add_field(&form, destination_name, call->region);
    if (rc == 0 && form.failed)
        rc = parity_fail_nomem(err);
    if (rc < 0) {
        parity_buffer_clear(&form);
        return -1;
    }
    parity_buffer_clear(&call->request.body);
    call->request.body = form;
    return 0;
}
