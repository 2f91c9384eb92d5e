/* SPDX-License-Identifier: Apache-2.0 */
#include "client/tree_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

/* What botocore.utils.calculate_tree_hash() says of so many letters a. */
static const struct {
    size_t length;
    const char *hash;
} cases[] = {
    {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {1, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"},
    {1048575, "3311ea1faad557de3899e89a39076c69d9d0cc5b4cff56a0b61339f487395d56"},
    {1048576, "9bc1b2a288b26af7257a36277ae3816a7d4f16e89c1e7e77d0a5c48bad62b360"},
    {1048577, "8dd49bbc6297567fac3852c2deddcdbc57358bc403c10d4f6dc64b143ad9b27b"},
    {2097152, "560c2c9333c719cb00cfdffee3ba293db17f58743cdd1f7e4055373ae6300afa"},
    {3145728, "70239f4f2ead7561f69d48b956b547edef52a1280a93c262c0b582190be7db17"},
    {5242887, "b858f8d4da2746113616921f1046c2a930c7a1964323214ca3e088f695624094"},
};

static void hashes_are_those_of_the_reference(void **state)
{
    char *data = malloc(5242887), out[PARITY_SHA256_HEX + 1];

    (void)state;
    memset(data, 'a', 5242887);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parity_tree_hash(data, cases[i].length, out, NULL), 0);
        assert_string_equal(out, cases[i].hash);
    }
    free(data);
}

static void pieces_give_what_the_whole_gives(void **state)
{
    char *data = malloc(3145728), out[PARITY_SHA256_HEX + 1];
    struct parity_tree_hash tree;

    (void)state;
    memset(data, 'a', 3145728);
    for (size_t piece = 700001; piece < 3145728; piece += 700001) {
        assert_int_equal(parity_tree_hash_begin(&tree, NULL), 0);
        for (size_t at = 0; at < 3145728; at += piece)
            assert_int_equal(parity_tree_hash_add(
                                 &tree, data, piece < 3145728 - at ? piece : 3145728 - at, NULL),
                             0);
        assert_int_equal(parity_tree_hash_end(&tree, out, NULL), 0);
        assert_string_equal(out,
                            "70239f4f2ead7561f69d48b956b547edef52a1280a93c262c0b582190be7db17");
        parity_tree_hash_clear(&tree);
    }
    free(data);
}

static void running_out_of_memory_is_an_error(void **state)
{
    char out[PARITY_SHA256_HEX + 1];
    struct parity_error err = {0};

    (void)state;
    parity_memory_fail_at(1, 1);
    assert_int_equal(parity_tree_hash("a", 1, out, &err), -1);
    parity_memory_fail_at(0, 0);
    assert_int_equal(err.code, PARITY_E_NOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_the_reference),
        cmocka_unit_test(pieces_give_what_the_whole_gives),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
