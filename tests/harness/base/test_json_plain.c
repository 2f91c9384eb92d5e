/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_plain.h"

enum { LENGTH = 21 }; /* two words and a rest */

static int stands_for_itself(int byte)
{
    return byte >= ' ' && byte <= '~' && !strchr("\"\\", byte);
}

/* Each byte at each place, between neighbours that lie at both ends of what is plain. */
static void each_byte_counts_wherever_it_stands(void **state)
{
    static const char neighbours[] = {' ', '!', '#', '[', ']', '~'};

    (void)state;
    for (size_t n = 0; n < sizeof neighbours; n++)
        for (size_t place = 0; place < LENGTH; place++)
            for (int byte = 0; byte <= 0xFF; byte++) {
                char text[LENGTH];
                size_t expected = stands_for_itself(byte) ? LENGTH : place;

                memset(text, neighbours[n], sizeof text);
                text[place] = (char)byte;
                assert_int_equal(parity_json_plain_length(text, LENGTH), expected);
            }
}

static void the_first_of_several_counts(void **state)
{
    (void)state;
    assert_int_equal(parity_json_plain_length("ab\"\\\x80\x01\x7F\xFF\"", 9), 2);
    assert_int_equal(parity_json_plain_length("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8), 0);
    assert_int_equal(parity_json_plain_length("\"\"\"\"\"\"\"\"", 8), 0);
}

/* Whatever stands before or behind it in the same word. */
static void of_two_neighbours_the_first_counts(void **state)
{
    char text[LENGTH];

    (void)state;
    for (size_t place = 0; place + 1 < LENGTH; place++)
        for (int first = 0; first <= 0xFF; first++)
            for (int second = 0; second <= 0xFF; second++) {
                size_t expected = !stands_for_itself(first)    ? place
                                  : !stands_for_itself(second) ? place + 1
                                                               : LENGTH;

                memset(text, 'x', LENGTH);
                text[place] = (char)first;
                text[place + 1] = (char)second;
                assert_int_equal(parity_json_plain_length(text, LENGTH), expected);
            }
}

static void nothing_is_read_behind_the_end(void **state)
{
    (void)state;
    for (size_t length = 0; length <= LENGTH; length++)
        assert_int_equal(parity_json_plain_length("plain, and more of it", length), length);
    assert_int_equal(parity_json_plain_length(NULL, 0), 0);
}

static void assert_text(const char *line, const char *expected)
{
    size_t length;
    const char *text = parity_json_plain_text(line, strlen(line), "{\"id\": \"", &length);

    assert_int_equal(text != NULL, expected != NULL);
    if (text) {
        assert_ptr_equal(text, line + 8);
        assert_int_equal(length, strlen(expected));
        assert_memory_equal(text, expected, length);
    }
}

static void a_line_tells_the_text_of_its_first_member(void **state)
{
    (void)state;
    assert_text("{\"id\": \"a/test_a.c::one\", \"n\": 1}", "a/test_a.c::one");
    assert_text("{\"id\": \"\"", "");
    assert_text("{\"id\": \"t", NULL);
    assert_text("{\"id\": \"", NULL);
    assert_text("{\"id\": \"t\\u00e9\"}", NULL);
    assert_text("{\"id\": \"t\xc3\xa9\"}", NULL);
    assert_text("{\"id\":\"t\"}", NULL);
    assert_text("{\"id\": 1}", NULL);
    assert_text("", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_counts_wherever_it_stands),
        cmocka_unit_test(the_first_of_several_counts),
        cmocka_unit_test(of_two_neighbours_the_first_counts),
        cmocka_unit_test(nothing_is_read_behind_the_end),
        cmocka_unit_test(a_line_tells_the_text_of_its_first_member),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
