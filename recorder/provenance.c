/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/evp.h>
#include <string.h>

#include "base/json.h"
#include "base/hex.h"
#include "base/memory.h"
#include "recorder/snapshot.h"

/* There are only 10^12 account ids, so a plain hash could be searched through. scrypt at this cost
 * makes that search a matter of centuries of processor time. */
enum { SCRYPT_N = 1 << 14, SCRYPT_R = 8, SCRYPT_P = 1, HASH_BYTES = 16 };

char *parity_account_hash(const char *account_id)
{
    static const char salt[] = "parity account";
    unsigned char hash[HASH_BYTES];
    char *text;

    if (EVP_PBE_scrypt(account_id, strlen(account_id), (const unsigned char *)salt, sizeof salt - 1,
                       SCRYPT_N, SCRYPT_R, SCRYPT_P, 64UL << 20, hash, sizeof hash) != 1)
        return NULL;
    text = parity_malloc(2 * HASH_BYTES + 1);
    if (text)
        parity_hex(hash, sizeof hash, text);
    return text;
}

static int set_text(json_t *object, const char *name, const char *text)
{
    return text ? json_object_set_new_nocheck(object, name, json_string(text)) : 0;
}

json_t *parity_provenance(const struct parity_provenance_options *options)
{
    bool aws = strcmp(options->target, "aws") == 0;
    json_t *provenance = json_object();

    if (!provenance)
        return NULL;
    if (set_text(provenance, "target", options->target) < 0 ||
        set_text(provenance, "region", options->region) < 0 ||
        set_text(provenance, "account", options->account) < 0 ||
        set_text(provenance, "models", options->models) < 0 ||
        /* An emulator's request ids prove nothing, and would make two recordings differ. */
        (aws && options->request_ids &&
         json_object_set_new_nocheck(provenance, "request_ids",
                                     parity_json_copy(options->request_ids)) < 0)) {
        json_decref(provenance);
        return NULL;
    }
    return provenance;
}
