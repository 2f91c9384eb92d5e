/* SPDX-License-Identifier: Apache-2.0 */
/* A machine whose clock is wrong still signs with the right time: the service's. */
#include <string.h>
#include <time.h>

#include "client/call.h"
#include "client/protocol/timestamp.h"

/* Codes that may have other reasons count only when the clocks are this far apart. AWS refuses
 * signatures that are 5 minutes off; a little less leaves room for the way of the request. */
enum { POSSIBLE_SKEW_S = 4 * 60 };

static const struct skew_code {
    const char *code;
    bool definite;
} skew_codes[] = {
    {"RequestTimeTooSkewed", true},   {"RequestExpired", true},
    {"RequestInTheFuture", true},     {"InvalidSignatureException", false},
    {"SignatureDoesNotMatch", false}, {"AuthFailure", false},
};

static time_t system_time(const struct parity_client *client)
{
    return client->hooks.now ? client->hooks.now(client->hooks.context) : time(NULL);
}

time_t parity_call_time(const struct parity_client *client)
{
    return system_time(client) + client->clock_skew_s;
}

static const struct skew_code *find_code(const char *code)
{
    for (size_t i = 0; code && i < sizeof skew_codes / sizeof *skew_codes; i++)
        if (strcmp(skew_codes[i].code, code) == 0)
            return &skew_codes[i];
    return NULL;
}

bool parity_call_correct_clock(struct parity_client *client,
                               const struct parity_http_response *response, const char *error_code)
{
    const struct skew_code *code = find_code(error_code);
    const char *date = parity_headers_get(&response->headers, "Date");
    struct parity_timestamp theirs;
    time_t wrong_by;

    if (!code || !date || parity_timestamp_parse(date, strlen(date), &theirs) < 0)
        return false;
    wrong_by = (time_t)theirs.seconds - parity_call_time(client);
    if (wrong_by == 0 ||
        (!code->definite && wrong_by < POSSIBLE_SKEW_S && wrong_by > -POSSIBLE_SKEW_S))
        return false;
    client->clock_skew_s += wrong_by;
    return true;
}
