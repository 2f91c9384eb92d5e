/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/coverage_html_operation.h"

#include <stdbool.h>
#include <stdio.h>

#include "runner/reporters/xml_text.h"

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static bool is_true(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

/* --- a cell ------------------------------------------------------------------------------------
 */

static void add_tag(struct parity_buffer *out, const char *kind, const char *text)
{
    parity_buffer_printf(out, "<span class=\"tag %s\">", kind);
    parity_xml_add_text(out, text);
    parity_buffer_add_text(out, "</span> ");
}

static void add_count(struct parity_buffer *out, const char *kind, json_int_t count,
                      const char *what)
{
    if (count > 0)
        parity_buffer_printf(out, "<span class=\"tag %s\">%" JSON_INTEGER_FORMAT " %s</span> ",
                             kind, count, what);
}

static void add_validation(struct parity_buffer *out, const json_t *facts)
{
    const char *date = text_of(facts, "validated_on");
    char text[40] = "as on AWS";

    if (!is_true(facts, "validated"))
        return;
    if (date)
        snprintf(text, sizeof text, "as on AWS, %.10s", date);
    add_tag(out, "good", text);
}

static void add_cell(struct parity_buffer *out, const json_t *facts)
{
    json_int_t differences = number_of(facts, "differences");

    parity_buffer_add_text(out, "<td class=\"first\">");
    if (number_of(facts, "calls") == 0) {
        parity_buffer_add_text(out, "<span class=\"muted\">not called</span></td>");
        return;
    }
    add_tag(out, is_true(facts, "tested") ? "good" : "plain",
            is_true(facts, "in_part")  ? "tested in part"
            : is_true(facts, "tested") ? "tested"
                                       : "called only");
    if (is_true(facts, "snapshotted"))
        add_tag(out, "plain", "snapshotted");
    add_validation(out, facts);
    add_count(out, "bad", differences, differences == 1 ? "difference" : "differences");
    add_count(out, "hidden", number_of(facts, "hidden"), "hidden");
    if (json_is_false(json_object_get(facts, "implemented")))
        add_tag(out, "bad", "not implemented");
    else if (!is_true(facts, "implemented"))
        add_tag(out, "plain", "implementation unknown");
    parity_buffer_add_text(out, "</td>");
}

/* --- what is folded away -----------------------------------------------------------------------
 */

static void begin_list(struct parity_buffer *out, const char *title)
{
    parity_buffer_printf(out, "<dt>%s</dt><dd>", title);
}

static void add_names(struct parity_buffer *out, const char *title, const json_t *names)
{
    const json_t *name;
    size_t i;

    if (json_array_size(names) == 0)
        return;
    begin_list(out, title);
    json_array_foreach(names, i, name) {
        parity_buffer_add_text(out, i > 0 ? ", <code>" : "<code>");
        parity_xml_add_text(out, json_string_value(name));
        parity_buffer_add_text(out, "</code>");
    }
    parity_buffer_add_text(out, "</dd>\n");
}

static void add_errors(struct parity_buffer *out, const json_t *answered)
{
    const json_t *error;
    size_t i;

    if (json_array_size(answered) == 0)
        return;
    begin_list(out, "Errors answered");
    json_array_foreach(answered, i, error) {
        parity_buffer_add_text(out, i > 0 ? ", <code>" : "<code>");
        parity_xml_add_text(out, text_of(error, "code"));
        parity_buffer_printf(out, "</code> (HTTP %" JSON_INTEGER_FORMAT "%s)",
                             number_of(error, "status_code"),
                             is_true(error, "modelled") ? "" : ", not in the model");
    }
    parity_buffer_add_text(out, "</dd>\n");
}

static void add_tests(struct parity_buffer *out, const json_t *tests)
{
    const json_t *test;
    size_t i;

    if (json_array_size(tests) == 0)
        return;
    begin_list(out, "Tests");
    json_array_foreach(tests, i, test) {
        parity_buffer_add_text(out, "<div><code>");
        parity_xml_add_text(out, text_of(test, "id"));
        parity_buffer_add_text(out, "</code> <span class=\"muted\">");
        parity_xml_add_text(out, text_of(test, "credit"));
        parity_buffer_add_text(out, "</span></div>");
    }
    parity_buffer_add_text(out, "</dd>\n");
}

static void add_facts(struct parity_buffer *out, const json_t *target, const json_t *facts)
{
    const json_t *parameters = json_object_get(facts, "parameters");
    const json_t *errors = json_object_get(facts, "errors");

    parity_buffer_add_text(out, "<h3>");
    parity_xml_add_text(out, text_of(target, "label"));
    parity_buffer_add_text(out, "</h3>\n<dl>\n");
    add_names(out, "Parameters tested", json_object_get(parameters, "tested"));
    add_names(out, "Parameters only sent", json_object_get(parameters, "called"));
    add_names(out, "Parameters never sent", json_object_get(parameters, "never"));
    add_errors(out, json_object_get(errors, "answered"));
    add_names(out, "Errors of the model never seen", json_object_get(errors, "never"));
    add_tests(out, json_object_get(facts, "tests"));
    parity_buffer_add_text(out, "</dl>\n");
}

static bool is_called(const json_t *operation)
{
    const json_t *facts;
    size_t i;

    json_array_foreach(json_object_get(operation, "targets"), i, facts)
        if (number_of(facts, "calls") > 0)
            return true;
    return false;
}

void parity_coverage_html_operation(struct parity_buffer *out, const json_t *targets,
                                    const json_t *operation)
{
    const json_t *all = json_object_get(operation, "targets"), *facts;
    bool called = is_called(operation);
    size_t i;

    parity_buffer_add_text(out, "<tr><th scope=\"row\">");
    parity_buffer_add_text(out, called ? "<details><summary>" : "<span class=\"uncalled\">");
    parity_xml_add_text(out, text_of(operation, "operation"));
    if (called) {
        parity_buffer_add_text(out, "</summary>\n");
        json_array_foreach(all, i, facts)
            if (number_of(facts, "calls") > 0)
                add_facts(out, json_array_get(targets, i), facts);
        parity_buffer_add_text(out, "</details>");
    } else {
        parity_buffer_add_text(out, "</span>");
    }
    parity_buffer_add_text(out, "</th>");
    json_array_foreach(all, i, facts)
        add_cell(out, facts);
    parity_buffer_add_text(out, "</tr>\n");
}
