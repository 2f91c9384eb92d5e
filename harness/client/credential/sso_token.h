/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_CLIENT_CREDENTIAL_SSO_TOKEN_H
#define PARITY_CLIENT_CREDENTIAL_SSO_TOKEN_H

#include "client/credential/provider.h"

/** Where a profile's single sign-on takes place. Borrowed. */
struct parity_sso_place {
    const char *session; /* `sso_session`; NULL: the older form, without renewal */
    const char *start_url, *region;
};

/**
 * The access token that `aws sso login` left in ~/.aws/sso/cache, renewed if it has expired and the
 * cache has what that takes.
 *
 * @param out  new; wiped and released by the caller
 * @return 0 or -1
 * @see botocore/tokens.py, SSOTokenProvider; botocore/utils.py, SSOTokenLoader
 */
int parity_sso_token(const struct parity_credential_search *search,
                     const struct parity_sso_place *place, char **out, struct parity_error *err);

/**
 * The same for the session that the profile names.
 * @return 0; 1 when it names none; -1
 */
int parity_sso_session_token(const struct parity_credential_search *search, char **out,
                             struct parity_error *err);

#endif
