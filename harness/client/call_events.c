/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies that are streams of events, which are signed one by one. */
#include <string.h>

#include "base/memory.h"
#include "client/call.h"
#include "client/sigv4_events.h"

static bool is_event_stream(const struct parity_call *call)
{
    return parity_shape_event_stream(parity_operation_input(call->operation)) != NULL;
}

/* Services that want HTTP/2 for events, or take it, say so beside their protocol. */
static bool offers_http2(const struct parity_service *service)
{
    const json_t *settings =
        json_object_get(parity_service_trait(service, "metadata"), "protocolSettings");

    return json_object_get(settings, "h2") != NULL;
}

int parity_call_prepare_events(struct parity_call *call, struct parity_error *err)
{
    enum parity_auth_scheme scheme = call->signing.scheme;

    if (!is_event_stream(call))
        return 0;
    call->request.http2 = offers_http2(call->service);
    if (scheme == PARITY_AUTH_NONE || scheme == PARITY_AUTH_BEARER)
        return 0;
    if (scheme != PARITY_AUTH_SIGV4) {
        parity_fail(err, PARITY_E_INVALID, parity_operation_name(call->operation),
                    "events can be signed with SigV4 only");
        return -1;
    }
    call->signing.events = true;
    call->events = call->request.body;
    memset(&call->request.body, 0, sizeof call->request.body);
    parity_buffer_add(&call->request.body, call->events.data, call->events.length);
    if (call->request.body.failed ||
        parity_headers_set(&call->request.headers, "X-Amz-Content-Sha256", PARITY_SIGV4_EVENTS) < 0)
        return parity_fail_nomem(err);
    return 0;
}

int parity_call_sign_events(struct parity_call *call, const struct parity_sigv4_options *options,
                            const char *signature, struct parity_error *err)
{
    parity_buffer_reset(&call->request.body);
    return parity_sigv4_sign_events(options, signature, &call->events, &call->request.body, err);
}
