/* SPDX-License-Identifier: Apache-2.0 */
#include "client/call_credentials.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/call.h"
#include "client/endpoint.h"
#include "client/uri.h"

static const size_t max_response_bytes = (size_t)1 << 20;

static time_t now(void *context)
{
    const struct parity_client_hooks *hooks = &((struct parity_client *)context)->hooks;

    return hooks->now ? hooks->now(hooks->context) : time(NULL);
}

static bool may_reach_aws(const struct parity_client *client)
{
    const char *target = getenv("TEST_TARGET");

    return client->aws && target && strcmp(target, "AWS_CLOUD") == 0;
}

static int call(const struct parity_credential_call *call, json_t **out, struct parity_error *err,
                void *context)
{
    struct parity_client *client = context;
    const struct parity_call_options options = {
        .region = call->region, .credentials = call->credentials, .no_sign = !call->credentials};
    bool aws = client->aws;
    int rc;

    /* The client's own guard does the rest. */
    client->aws = may_reach_aws(client);
    rc = parity_client_call(client, call->service, call->operation, call->input, &options, out,
                            NULL, err);
    client->aws = aws;
    return rc;
}

static bool is_link_local_v4(uint32_t address)
{
    return address >> 16 == 0xA9FE; /* 169.254.0.0/16 */
}

/* In any way of writing it; fd00:ec2::/32 is what AWS uses of IPv6 in the same way. */
static bool is_link_local(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    uint32_t mapped;

    if (inet_aton(host, &v4))
        return is_link_local_v4(ntohl(v4.s_addr));
    if (inet_pton(AF_INET6, host, &v6) != 1)
        return false;
    memcpy(&mapped, v6.s6_addr + 12, sizeof mapped);
    return IN6_IS_ADDR_LINKLOCAL(&v6) || memcmp(&v6, "\xFD\x00\x0E\xC2", 4) == 0 ||
           (IN6_IS_ADDR_V4MAPPED(&v6) && is_link_local_v4(ntohl(mapped)));
}

static int check_destination(const struct parity_client *client, const char *url,
                             struct parity_error *err)
{
    struct parity_uri uri;
    char host[256];

    if (may_reach_aws(client))
        return 0;
    if (parity_uri_split(url, &uri, err) < 0)
        return -1;
    parity_uri_host(&uri, host, sizeof host);
    if (!is_link_local(host) && !parity_endpoint_is_aws(client->models, host, strlen(host)))
        return 0;
    parity_fail(err, PARITY_E_USAGE, NULL,
                "a request to AWS (%s) was held back: that takes TEST_TARGET=AWS_CLOUD", host);
    return -1;
}

/* These endpoints are asked once or twice, with patience of their own: no connection is kept. */
static int exchange(const struct parity_http_request *request, long timeout_ms,
                    struct parity_http_response *response, struct parity_error *err, void *context)
{
    const struct parity_http_options options = {.connect_timeout_ms = timeout_ms,
                                                .read_timeout_ms = timeout_ms,
                                                .max_response_bytes = max_response_bytes};
    struct parity_http *http;
    int rc;

    if (check_destination(context, request->url, err) < 0)
        return -1;
    http = parity_http_new(&options, err);
    if (!http)
        return -1;
    rc = parity_http_send(http, request, response, err);
    parity_http_free(http);
    return rc;
}

static double random_share(void *context)
{
    const struct parity_client_hooks *hooks = &((struct parity_client *)context)->hooks;

    return hooks->random(hooks->context);
}

static void sleep_ms(long delay_ms, void *context)
{
    const struct parity_client_hooks *hooks = &((struct parity_client *)context)->hooks;

    hooks->sleep(delay_ms, hooks->context);
}

void parity_call_credential_options(struct parity_client *client,
                                    struct parity_credentials_options *out)
{
    *out = (struct parity_credentials_options){.profile = client->profile,
                                               .now = now,
                                               .random = client->hooks.random ? random_share : NULL,
                                               .sleep = client->hooks.sleep ? sleep_ms : NULL,
                                               .call = call,
                                               .exchange = exchange,
                                               .context = client};
}

int parity_call_own_credentials(struct parity_client *client,
                                struct parity_credential_source **source,
                                const struct parity_credentials **out, struct parity_error *err)
{
    struct parity_credentials_options options;

    *out = NULL;
    if (!*source) {
        parity_call_credential_options(client, &options);
        *source = parity_credential_source_new(&options);
    }
    if (*source)
        return parity_credential_source_get(*source, out, err);
    parity_fail_nomem(err);
    return -1;
}
