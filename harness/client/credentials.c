/* SPDX-License-Identifier: Apache-2.0 */
#include "client/credentials.h"

#include <openssl/crypto.h>
#include <string.h>

#include "base/memory.h"

static void free_secret(char *text)
{
    if (text)
        OPENSSL_cleanse(text, strlen(text));
    parity_free(text);
}

void parity_credentials_clear(struct parity_credentials *credentials)
{
    parity_free(credentials->access_key_id);
    free_secret(credentials->secret_access_key);
    free_secret(credentials->session_token);
    parity_free(credentials->account_id);
    memset(credentials, 0, sizeof *credentials);
}
