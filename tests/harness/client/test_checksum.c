/* SPDX-License-Identifier: Apache-2.0 */
#include "client/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_checksum(const char *algorithm, const char *text, const char *expected)
{
    struct parity_buffer out = {0};

    assert_int_equal(parity_checksum(algorithm, text, strlen(text), &out, NULL), 0);
    assert_string_equal(out.data, expected);
    parity_buffer_clear(&out);
}

/* The check values of the catalogue of CRC algorithms, and RFC 3720's and NIST's digests. */
static void check_values_of_the_specifications_hold(void **state)
{
    (void)state;
    assert_checksum("crc32", "123456789", "y/Q5Jg==");
    assert_checksum("crc32c", "123456789", "4waSgw==");
    assert_checksum("crc64nvme", "123456789", "rosUhgp5mIg=");
    assert_checksum("sha1", "abc", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
    assert_checksum("sha256", "abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    assert_checksum("md5", "abc", "kAFQmDzST7DWlj99KOF/cg==");
}

static void nothing_has_a_checksum_too(void **state)
{
    (void)state;
    assert_checksum("crc32", "", "AAAAAA==");
    assert_checksum("crc32c", "", "AAAAAA==");
    assert_checksum("crc64nvme", "", "AAAAAAAAAAA=");
    assert_checksum("md5", "", "1B2M2Y8AsgTpgAmY7PhCfg==");
}

static void names_compare_without_case(void **state)
{
    (void)state;
    assert_checksum("CRC32", "123456789", "y/Q5Jg==");
    assert_true(parity_checksum_is_known("Sha256"));
    assert_false(parity_checksum_is_known("crc"));
}

static void unknown_algorithm_is_named_with_the_known_ones(void **state)
{
    struct parity_buffer out = {0};
    struct parity_error err = {0};

    (void)state;
    assert_int_equal(parity_checksum("XXHASH3", "a", 1, &out, &err), -1);
    assert_int_equal(err.code, PARITY_E_INVALID);
    assert_string_equal(err.message, "unknown checksum algorithm 'XXHASH3' (known: CRC32, CRC32C, "
                                     "CRC64NVME, SHA1, SHA256, SHA512, MD5)");
    assert_int_equal(out.length, 0);
}

static void pieces_give_what_the_whole_gives(void **state)
{
    static const char *const names[] = {"crc32", "crc32c", "crc64nvme", "sha1", "sha256", "md5"};
    char data[1000];

    (void)state;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct parity_checksum checksum;
        struct parity_buffer whole = {0}, pieces = {0};

        assert_int_equal(parity_checksum(names[i], data, sizeof data, &whole, NULL), 0);
        assert_int_equal(parity_checksum_begin(&checksum, names[i], NULL), 0);
        for (size_t at = 0, length = 0; at < sizeof data; at += length, length = (length + 1) % 90)
            parity_checksum_add(&checksum, data + at,
                                length < sizeof data - at ? length : sizeof data - at);
        assert_int_equal(parity_checksum_end(&checksum, &pieces, NULL), 0);
        assert_string_equal(pieces.data, whole.data);
        parity_checksum_clear(&checksum);
        parity_buffer_clear(&whole);
        parity_buffer_clear(&pieces);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_values_of_the_specifications_hold),
        cmocka_unit_test(nothing_has_a_checksum_too),
        cmocka_unit_test(names_compare_without_case),
        cmocka_unit_test(pieces_give_what_the_whole_gives),
        cmocka_unit_test(unknown_algorithm_is_named_with_the_known_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
