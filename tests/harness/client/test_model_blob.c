/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "client/model_blob.h"
#include "model_fixture.h"

static struct parity_buffer blob;

static int set_up(void **state)
{
    json_t *model = fixture_json(
        "{'metadata': {'protocol': 'json'}, 'operations': {'Op': {'name': 'Op', 'input': {'shape': "
        "'In'}}}, 'shapes': {'In': {'type': 'structure', 'members': {'A': {'shape': 'Text'}, 'B': "
        "{'shape': 'Texts', 'xmlNamespace': {'uri': 'u', 'prefix': 'p'}}}}, 'Text': {'type': "
        "'string', 'enum': ['x']}, 'Texts': {'type': 'list', 'member': {'shape': 'Text'}}, 'Bad': "
        "{'type': 'structure', 'members': {}, 'exception': true}}}");
    struct parity_error err = {0};

    (void)state;
    if (parity_blob_compile(model, "model", "source", &blob, &err) < 0)
        fail_msg("%s", err.message);
    json_decref(model);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    parity_buffer_clear(&blob);
    return 0;
}

static void what_was_compiled_is_valid(void **state)
{
    const struct parity_blob *header = (const void *)blob.data;

    (void)state;
    assert_true(parity_blob_is_valid(blob.data, blob.length));
    assert_string_equal(parity_blob_at(&header->source), "source");
    assert_int_equal(header->operations.count, 1);
    assert_int_equal(header->errors.count, 1);
}

static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < blob.length; i++) {
        blob.data[i] = (char)(blob.data[i] ^ 0x10);
        if (parity_blob_is_valid(blob.data, blob.length))
            fail_msg("byte %zu", i);
        blob.data[i] = (char)(blob.data[i] ^ 0x10);
    }
}

static void a_block_that_was_cut_is_refused(void **state)
{
    (void)state;
    for (size_t length = 0; length < blob.length; length++)
        assert_false(parity_blob_is_valid(blob.data, length));
}

/* Whoever writes a wrong link with a right checksum must not lead an accessor astray. */
static void links_that_lead_outside_are_refused(void **state)
{
    struct parity_blob *header = (void *)blob.data;
    size_t refused = 0;

    (void)state;
    for (size_t at = offsetof(struct parity_blob, source); at + 4 <= blob.length; at += 4) {
        static const int32_t wrong[] = {INT32_MAX, INT32_MIN, 1 << 20, -(1 << 20), 3};
        int32_t old, new;

        memcpy(&old, blob.data + at, 4);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            new = (int32_t)((uint32_t)old + (uint32_t)wrong[i]);
            memcpy(blob.data + at, &new, 4);
            header->checksum = parity_blob_checksum(header, blob.length);
            refused += !parity_blob_is_valid(blob.data, blob.length);
        }
        memcpy(blob.data + at, &old, 4);
    }
    header->checksum = parity_blob_checksum(header, blob.length);
    assert_true(parity_blob_is_valid(blob.data, blob.length));
    assert_true(refused > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_compiled_is_valid),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(a_block_that_was_cut_is_refused),
        cmocka_unit_test(links_that_lead_outside_are_refused),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
