/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "client/protocol/xml_tree.h"

static struct parity_xml_tree parse(const char *text)
{
    struct parity_error err = {0};
    struct parity_xml_tree tree;

    if (parity_xml_parse(text, strlen(text), &tree, &err) < 0)
        fail_msg("%s", err.message);
    return tree;
}

static void refuse(const char *text, size_t length, const char *message)
{
    struct parity_error err = {0};
    struct parity_xml_tree tree;

    assert_int_equal(parity_xml_parse(text, length, &tree, &err), -1);
    assert_int_equal(err.code, PARITY_E_RESPONSE);
    if (!strstr(err.message, message))
        fail_msg("'%s' is not in '%s'", message, err.message);
    assert_null(tree.root);
}

static void elements_lose_their_namespaces(void **state)
{
    struct parity_xml_tree tree = parse("<?xml version='1.0' encoding='latin1'?><!-- c -->"
                                        "<p:A xmlns:p='urn:x' p:b='1' c='&lt;2'><D/></p:A>");

    (void)state;
    assert_string_equal(tree.root->name, "A");
    assert_string_equal(tree.root->namespace, "urn:x");
    assert_null(tree.root->first_child->namespace);
    assert_ptr_equal(tree.root->first_child->parent, tree.root);
    assert_null(tree.root->parent);
    assert_string_equal(tree.root->attributes->name, "b");
    assert_true(tree.root->attributes->has_namespace);
    assert_string_equal(tree.root->attributes->next->value, "<2");
    parity_xml_tree_clear(&tree);
}

static void text_is_what_stands_before_the_first_child(void **state)
{
    struct parity_xml_tree tree =
        parse("<A>one <!-- not text -->&amp; <![CDATA[<two>]]><B> inner </B>after<C/></A>");
    const struct parity_xml_node *b = parity_xml_child(tree.root, "B");

    (void)state;
    assert_string_equal(tree.root->text, "one & <two>");
    assert_string_equal(b->text, " inner ");
    assert_null(parity_xml_child(tree.root, "C")->text);
    parity_xml_tree_clear(&tree);
}

static void siblings_of_one_name_are_found_in_their_order(void **state)
{
    struct parity_xml_tree tree = parse("<A><B>1</B><C/><B>2</B></A>");
    const struct parity_xml_node *first = parity_xml_child(tree.root, "B");
    const struct parity_xml_node *second = parity_xml_next_same(first);

    (void)state;
    assert_string_equal(first->text, "1");
    assert_string_equal(second->text, "2");
    assert_null(parity_xml_next_same(second));
    assert_null(parity_xml_child(tree.root, "D"));
    parity_xml_tree_clear(&tree);
}

static void what_is_no_xml_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "text",
        "<A>",
        "<A></B>",
        "<A/><B/>",
        "<A b=1/>",
        "<A>&unknown;</A>",
        "<A>\x01</A>",
        "<A>\xff</A>",
        "{\"a\": 1}",
        "<p:A/>",
        "<A a='1' a='2'/>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refuse(texts[i], strlen(texts[i]), "no usable XML");
    refuse("<A>\0</A>", 8, "no usable XML");
    refuse(NULL, 0, "no usable XML");
}

static void entities_cannot_be_declared(void **state)
{
    static const char bomb[] = "<!DOCTYPE A [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>"
                               "<!ENTITY c '&b;&b;&b;&b;'>]><A>&c;</A>";
    static const char file[] = "<!DOCTYPE A [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><A>&a;</A>";

    (void)state;
    refuse(bomb, sizeof bomb - 1, "it declares entities");
    refuse(file, sizeof file - 1, "it declares entities");
}

static void nesting_has_a_limit(void **state)
{
    struct parity_buffer text = {0};
    struct parity_xml_tree tree;

    (void)state;
    for (int i = 0; i < 500; i++)
        parity_buffer_add_text(&text, "<A>");
    for (int i = 0; i < 500; i++)
        parity_buffer_add_text(&text, "</A>");
    tree = parse(text.data);
    parity_xml_tree_clear(&tree);
    parity_buffer_reset(&text);
    for (int i = 0; i < 100000; i++)
        parity_buffer_add_text(&text, "<A>");
    refuse(text.data, text.length, "nested deeper than 500");
    parity_buffer_clear(&text);
}

static void a_lack_of_memory_is_reported_at_every_point(void **state)
{
    static const char text[] = "<A b='c'>text<D>more</D><E f='g'/></A>";
    bool parsed = false;

    (void)state;
    for (unsigned long n = 1; !parsed; n++) {
        struct parity_error err = {0};
        struct parity_xml_tree tree;

        parity_memory_fail_at(n, 1);
        parsed = parity_xml_parse(text, sizeof text - 1, &tree, &err) == 0;
        parity_memory_fail_at(0, 0);
        if (parsed)
            parity_xml_tree_clear(&tree);
        else
            assert_int_equal(err.code, PARITY_E_NOMEM);
        assert_true(n < 500);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_lose_their_namespaces),
        cmocka_unit_test(text_is_what_stands_before_the_first_child),
        cmocka_unit_test(siblings_of_one_name_are_found_in_their_order),
        cmocka_unit_test(what_is_no_xml_is_refused),
        cmocka_unit_test(entities_cannot_be_declared),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(a_lack_of_memory_is_reported_at_every_point),
    };

    parity_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
