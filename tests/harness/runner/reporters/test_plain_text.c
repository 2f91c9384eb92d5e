/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/reporters/plain_text.h"
#include "runner/reporters/xml_text.h"

static void assert_plain(const char *text, size_t length, const char *expected)
{
    struct parity_buffer out = {0};

    parity_plain_text_add(&out, text, length);
    assert_false(out.failed);
    assert_string_equal(out.data, expected);
    parity_buffer_clear(&out);
}

static void characters_line_ends_and_tabs_stay(void **state)
{
    static const char text[] = "a\tb\n\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80";

    (void)state;
    assert_plain(text, sizeof text - 1, text);
}

static void what_is_no_character_is_spelt(void **state)
{
    static const char text[] = "\0\x1b[0m\r\x7f";

    (void)state;
    assert_plain(text, sizeof text - 1, "\\x00\\x1b[0m\\x0d\\x7f");
    assert_plain("\xc2\x85", 2, "\\u0085");
    assert_plain("\xef\xbf\xbf\xef\xbf\xbe", 6, "\\uffff\\ufffe");
    assert_plain("\xed\xa0\x80", 3, "\\ud800");
    assert_plain("\xef\xbb\xbf", 3, "\\ufeff");
}

static void bytes_that_are_no_utf8_are_spelt_one_by_one(void **state)
{
    (void)state;
    assert_plain("\xff"
                 "a\xc3",
                 3, "\\xffa\\xc3");
    assert_plain("\xc0\x80", 2, "\\xc0\\x80");
}

static void xml_has_references_for_what_is_markup(void **state)
{
    struct parity_buffer out = {0};

    (void)state;
    parity_xml_add_text(&out, "<a href=\"x\"> & ]]>\n\x01");
    parity_xml_add_text(&out, NULL);
    assert_string_equal(out.data, "&#60;a href=\"x\"&#62; &#38; ]]&#62;\n\\x01");
    parity_buffer_reset(&out);
    parity_xml_add_attribute(&out, "name", "<\"\t\n'");
    assert_string_equal(out.data, " name=\"&#60;&#34;&#9;&#10;'\"");
    parity_buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_line_ends_and_tabs_stay),
        cmocka_unit_test(what_is_no_character_is_spelt),
        cmocka_unit_test(bytes_that_are_no_utf8_are_spelt_one_by_one),
        cmocka_unit_test(xml_has_references_for_what_is_markup),
    };

    parity_memory_init();
    return cmocka_run_group_tests_name("plain_text", tests, NULL, NULL);
}
