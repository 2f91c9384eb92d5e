/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `login_session`, which `aws login` leaves in a profile, is not supported: its tokens are renewed
 * at each use, and renewing them means to rewrite the cache of the command line tool. To pass over
 * it would use other keys than the user meant, so it is an error.
 */
#include "client/credential/provider.h"

static int load(struct parity_credential_search *search, struct parity_credentials *out,
                struct parity_error *err)
{
    (void)out;
    if (!parity_aws_profile_value(&search->profile, "login_session"))
        return 0;
    return parity_credential_fail(
        err, NULL,
        "profile '%s' sets 'login_session' (console login), which parity does not support; put "
        "temporary keys into the environment, for example with 'aws configure export-credentials "
        "--format env'",
        search->profile_name);
}

const struct parity_credential_provider parity_credential_login = {
    .name = "login", .of_profile = true, .load = load};
