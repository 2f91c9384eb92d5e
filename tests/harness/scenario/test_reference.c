/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario/reference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/memory.h"

/* The pieces of a text, one behind the other: t(…), r(…), o(…). */
static void assert_pieces(const char *text, const char *expected)
{
    struct parity_reference_reader reader = {text, text + strlen(text)};
    struct parity_buffer found = {0};
    enum parity_reference_piece piece;
    const char *at;
    size_t length;

    while ((piece = parity_reference_next(&reader, &at, &length)) != PARITY_PIECE_END)
        parity_buffer_printf(&found, "%c(%.*s)",
                             piece == PARITY_PIECE_TEXT        ? 't'
                             : piece == PARITY_PIECE_REFERENCE ? 'r'
                                                               : 'o',
                             (int)length, at);
    assert_string_equal(found.data ? found.data : "", expected);
    parity_buffer_clear(&found);
}

static void texts_are_taken_apart_at_references(void **state)
{
    (void)state;
    assert_pieces("", "");
    assert_pieces("plain", "t(plain)");
    assert_pieces("${a}", "r(a)");
    assert_pieces("x${a.0}${b}y", "t(x)r(a.0)r(b)t(y)");
    assert_pieces("$ { $a } $", "t($ { $a } $)");
    assert_pieces("${}", "r()");
}

static void two_dollar_signs_are_a_plain_one(void **state)
{
    (void)state;
    assert_pieces("$${a}", "t(${)t(a})");
    assert_pieces("x$${a}${b}", "t(x)t(${)t(a})r(b)");
    assert_pieces("$$${a}", "t($)t(${)t(a})");
}

static void a_reference_without_an_end_is_told_from_a_text(void **state)
{
    (void)state;
    assert_pieces("x${a", "t(x)o(a)");
    assert_pieces("${", "o()");
}

static struct parity_reference read_text(const char *text)
{
    struct parity_reference reference;

    parity_reference_read(text, strlen(text), &reference);
    return reference;
}

static void references_are_of_four_kinds(void **state)
{
    static const struct {
        const char *text;
        enum parity_reference_kind kind;
        const char *head, *path;
    } cases[] = {
        {"queue", PARITY_REFERENCE_NAME, "queue", NULL},
        {"queue.Messages.0.Body", PARITY_REFERENCE_NAME, "queue", "Messages.0.Body"},
        {"unique:a.b", PARITY_REFERENCE_UNIQUE, "a.b", NULL},
        {"account", PARITY_REFERENCE_TARGET, "account", NULL},
        {"region", PARITY_REFERENCE_TARGET, "region", NULL},
        {"partition", PARITY_REFERENCE_TARGET, "partition", NULL},
        {"accounts", PARITY_REFERENCE_NAME, "accounts", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parity_reference reference = read_text(cases[i].text);

        assert_int_equal(reference.kind, cases[i].kind);
        assert_string_equal(reference.head, cases[i].head);
        if (cases[i].path)
            assert_string_equal(reference.path, cases[i].path);
        else
            assert_null(reference.path);
    }
}

static void what_has_an_empty_part_is_no_reference(void **state)
{
    static const char *const broken[] = {"",        ".",         "a.",     ".a",         "a..b",
                                         "unique:", "account.x", "unique", "region.name"};
    char *long_name = parity_calloc(1, 300);

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(read_text(broken[i]).kind, PARITY_REFERENCE_BROKEN);
    memset(long_name, 'x', 299);
    assert_int_equal(read_text(long_name).kind, PARITY_REFERENCE_BROKEN);
    parity_free(long_name);
}

static void the_parts_of_a_path_come_one_by_one(void **state)
{
    struct parity_reference reference = read_text("a.Messages.0.Body");
    const char *at = reference.path;
    char part[5];

    (void)state;
    assert_true(parity_reference_part(&reference, &at, part, sizeof part));
    assert_string_equal(part, "Mess"); /* as much as fits */
    assert_true(parity_reference_part(&reference, &at, part, sizeof part));
    assert_string_equal(part, "0");
    assert_true(parity_reference_part(&reference, &at, part, sizeof part));
    assert_string_equal(part, "Body");
    assert_false(parity_reference_part(&reference, &at, part, sizeof part));
}

static void a_whole_reference_has_nothing_around_it(void **state)
{
    (void)state;
    assert_true(parity_reference_is_whole("${a.b}", 6));
    assert_false(parity_reference_is_whole("${a}${b}", 8));
    assert_false(parity_reference_is_whole("$${a}", 5));
    assert_false(parity_reference_is_whole(" ${a}", 5));
    assert_false(parity_reference_is_whole("${a", 3));
    assert_false(parity_reference_is_whole("", 0));
}

static void references_are_found_at_any_depth_and_in_names(void **state)
{
    json_t *deep = json_pack("{s:[s, {s:s}]}", "a", "b", "c", "x${d}");
    json_t *name = json_pack("{s:{s:i}}", "a", "${b}", 1);
    json_t *none = json_pack("{s:[s, i, b, n]}", "a", "$ {b}", 1, 1);

    (void)state;
    assert_true(parity_reference_occurs(deep));
    assert_true(parity_reference_occurs(name));
    assert_false(parity_reference_occurs(none));
    json_decref(deep);
    json_decref(name);
    json_decref(none);
}

static void references_are_found_between_texts(void **state)
{
    static const char text[] = "a ${b.c} $${x} ${unique:d}${e";
    struct parity_reference_reader reader = {text, text + sizeof text - 1};
    struct parity_reference reference;

    (void)state;
    assert_true(parity_reference_find(&reader, &reference));
    assert_string_equal(reference.head, "b");
    assert_true(parity_reference_find(&reader, &reference));
    assert_string_equal(reference.head, "d");
    assert_int_equal(reference.kind, PARITY_REFERENCE_UNIQUE);
    assert_false(parity_reference_find(&reader, &reference));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_found_between_texts),
        cmocka_unit_test(texts_are_taken_apart_at_references),
        cmocka_unit_test(two_dollar_signs_are_a_plain_one),
        cmocka_unit_test(a_reference_without_an_end_is_told_from_a_text),
        cmocka_unit_test(references_are_of_four_kinds),
        cmocka_unit_test(what_has_an_empty_part_is_no_reference),
        cmocka_unit_test(the_parts_of_a_path_come_one_by_one),
        cmocka_unit_test(a_whole_reference_has_nothing_around_it),
        cmocka_unit_test(references_are_found_at_any_depth_and_in_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
