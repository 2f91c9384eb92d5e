/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"
#include "client/sha256.h"

static struct parity_sha256 sha256;

static int set_up(void **state)
{
    (void)state;
    return parity_sha256_init(&sha256, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    parity_sha256_clear(&sha256);
    return 0;
}

static void assert_hex(const unsigned char bytes[PARITY_SHA256_BYTES], const char *expected)
{
    char hex[PARITY_SHA256_HEX + 1];

    parity_hex(bytes, PARITY_SHA256_BYTES, hex);
    assert_string_equal(hex, expected);
}

static void hashes_the_examples_of_the_standard(void **state)
{
    unsigned char out[PARITY_SHA256_BYTES];

    (void)state;
    assert_int_equal(parity_sha256_hash(&sha256, "", 0, out), 0);
    assert_hex(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_int_equal(parity_sha256_hash(&sha256, "abc", 3, out), 0); /* FIPS 180-2, B.1 */
    assert_hex(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void makes_the_hmac_of_rfc_4231(void **state)
{
    unsigned char key[131], out[PARITY_SHA256_BYTES];
    const char *text = "Test Using Larger Than Block-Size Key - Hash Key First";

    (void)state;
    memset(key, 0x0b, 20);
    assert_int_equal(parity_sha256_hmac(&sha256, key, 20, "Hi There", 8, out), 0);
    assert_hex(out, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    memset(key, 0xaa, sizeof key);
    assert_int_equal(parity_sha256_hmac(&sha256, key, sizeof key, text, strlen(text), out), 0);
    assert_hex(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void an_hmac_may_overwrite_its_key(void **state)
{
    unsigned char key[PARITY_SHA256_BYTES] = {1}, apart[PARITY_SHA256_BYTES];

    (void)state;
    assert_int_equal(parity_sha256_hmac(&sha256, key, sizeof key, "a", 1, apart), 0);
    assert_int_equal(parity_sha256_hmac(&sha256, key, sizeof key, "a", 1, key), 0);
    assert_memory_equal(key, apart, sizeof key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_the_examples_of_the_standard),
        cmocka_unit_test(makes_the_hmac_of_rfc_4231),
        cmocka_unit_test(an_hmac_may_overwrite_its_key),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
