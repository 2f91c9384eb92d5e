/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/coverage_html.h"

#include <string.h>

#include "cli/coverage_html_operation.h"
#include "runner/reporters/page.h"
#include "runner/reporters/xml_text.h"

/* Where in coverage.html the report belongs. */
static const char place_of_report[] = "@PARITY_COVERAGE@";

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* --- the head ----------------------------------------------------------------------------------
 */

static void add_target(struct parity_buffer *out, const json_t *target)
{
    json_int_t tests = number_of(target, "tests");
    const json_t *file;
    size_t i;

    parity_buffer_add_text(out, "<li><b>");
    parity_xml_add_text(out, text_of(target, "label"));
    parity_buffer_printf(out, "</b> <span class=\"muted\">%" JSON_INTEGER_FORMAT " test%s, ", tests,
                         tests == 1 ? "" : "s");
    json_array_foreach(json_object_get(target, "files"), i, file) {
        parity_buffer_add_text(out, i > 0 ? ", " : "");
        parity_xml_add_text(out, json_string_value(file));
    }
    parity_buffer_add_text(out, "</span></li>\n");
}

static void add_head(struct parity_buffer *out, const json_t *report)
{
    const json_t *item;
    size_t i;

    parity_buffer_add_text(out, "<header>\n<h1>Parity coverage</h1>\n<ul class=\"targets\">\n");
    json_array_foreach(json_object_get(report, "targets"), i, item)
        add_target(out, item);
    parity_buffer_add_text(out, "</ul>\n<p class=\"muted\">Operations of the service models of ");
    parity_xml_add_text(out, text_of(report, "models"));
    parity_buffer_add_text(out, ".</p>\n");
    json_array_foreach(json_object_get(report, "notices"), i, item) {
        parity_buffer_add_text(out, "<p class=\"notice\">");
        parity_xml_add_text(out, json_string_value(item));
        parity_buffer_add_text(out, "</p>\n");
    }
    parity_buffer_add_text(out, "</header>\n");
}

/* --- all services ------------------------------------------------------------------------------
 */

static void add_service_titles(struct parity_buffer *out, const json_t *report)
{
    const char *measure = text_of(report, "measure");
    const json_t *target;
    size_t i;

    parity_buffer_add_text(out, "<tr><th rowspan=\"2\" scope=\"col\">Service</th><th rowspan=\"2\" "
                                "scope=\"col\" class=\"number\">Operations</th>");
    json_array_foreach(json_object_get(report, "targets"), i, target) {
        parity_buffer_add_text(out, "<th colspan=\"7\" scope=\"colgroup\" class=\"first\">");
        parity_xml_add_text(out, text_of(target, "label"));
        parity_buffer_add_text(out, "</th>");
    }
    parity_buffer_add_text(out, "</tr>\n<tr>");
    json_array_foreach(json_object_get(report, "targets"), i, target) {
        parity_buffer_add_text(
            out, "<th scope=\"col\" class=\"number first\">Called</th><th scope=\"col\" "
                 "class=\"number\">Tested</th><th scope=\"col\" class=\"number\">Snapshotted</th>"
                 "<th scope=\"col\" class=\"number\">Validated</th><th scope=\"col\" "
                 "class=\"number\">Implemented</th><th scope=\"col\" class=\"number\">Differences"
                 "</th><th scope=\"col\">Percent ");
        parity_xml_add_text(out, measure);
        parity_buffer_add_text(out, "</th>");
    }
    parity_buffer_add_text(out, "</tr>\n");
}

static void add_number_cell(struct parity_buffer *out, const json_t *sums, const char *name,
                            const char *more)
{
    parity_buffer_printf(out, "<td class=\"number%s\">%" JSON_INTEGER_FORMAT "</td>", more,
                         number_of(sums, name));
}

/* What a target has to show for a service. */
static void add_sums(struct parity_buffer *out, const json_t *sums)
{
    double percent = json_number_value(json_object_get(sums, "percent"));
    json_int_t hidden = number_of(sums, "hidden");

    add_number_cell(out, sums, "called", " first");
    add_number_cell(out, sums, "tested", "");
    add_number_cell(out, sums, "snapshotted", "");
    add_number_cell(out, sums, "validated", "");
    add_number_cell(out, sums, "implemented", "");
    parity_buffer_printf(out, "<td class=\"number%s\">%" JSON_INTEGER_FORMAT,
                         number_of(sums, "differences") ? " bad" : "",
                         number_of(sums, "differences"));
    if (hidden)
        parity_buffer_printf(out, " <span class=\"muted\">+ %" JSON_INTEGER_FORMAT " hidden</span>",
                             hidden);
    parity_buffer_printf(out,
                         "</td><td class=\"share\"><span class=\"bar\"><i style=\"width:%.1f%%\">"
                         "</i></span> %.1f&nbsp;%%</td>",
                         percent, percent);
}

static void add_sums_of_targets(struct parity_buffer *out, const json_t *targets)
{
    const json_t *sums;
    size_t i;

    parity_buffer_printf(out, "<td class=\"number\">%" JSON_INTEGER_FORMAT "</td>",
                         number_of(json_array_get(targets, 0), "operations"));
    json_array_foreach(targets, i, sums)
        add_sums(out, sums);
    parity_buffer_add_text(out, "</tr>\n");
}

static void add_link(struct parity_buffer *out, const char *service)
{
    struct parity_buffer address = {0};

    parity_buffer_printf(&address, "#service-%s", service);
    out->failed |= address.failed;
    parity_buffer_add_text(out, "<a");
    parity_xml_add_attribute(out, "href", address.data);
    parity_buffer_add_char(out, '>');
    parity_xml_add_text(out, service);
    parity_buffer_add_text(out, "</a>");
    parity_buffer_clear(&address);
}

static void add_services(struct parity_buffer *out, const json_t *report)
{
    const json_t *service;
    size_t i;

    parity_buffer_add_text(
        out, "<div class=\"block\" tabindex=\"0\"><table id=\"services\">\n<thead>\n");
    add_service_titles(out, report);
    parity_buffer_add_text(out, "</thead>\n<tbody>\n");
    json_array_foreach(json_object_get(report, "services"), i, service) {
        parity_buffer_add_text(out, "<tr><th scope=\"row\">");
        add_link(out, text_of(service, "service"));
        parity_buffer_add_text(out, "</th>");
        add_sums_of_targets(out, json_object_get(service, "targets"));
    }
    parity_buffer_add_text(out, "</tbody>\n<tfoot><tr><th scope=\"row\">Total</th>");
    add_sums_of_targets(out, json_object_get(report, "total"));
    parity_buffer_add_text(out, "</tfoot>\n</table></div>\n");
}

/* --- one service -------------------------------------------------------------------------------
 */

static void add_service(struct parity_buffer *out, const json_t *report, const json_t *service)
{
    const json_t *targets = json_object_get(report, "targets"), *item;
    const char *name = text_of(service, "service");
    struct parity_buffer id = {0};
    size_t i;

    parity_buffer_printf(&id, "service-%s", name);
    out->failed |= id.failed;
    parity_buffer_add_text(out, "<section");
    parity_xml_add_attribute(out, "id", id.data);
    parity_buffer_add_text(out, ">\n<h2>");
    parity_xml_add_text(out, name);
    parity_buffer_add_text(out, " <a class=\"top\" href=\"#services\">all services</a></h2>\n"
                                "<div class=\"block\"><table>\n<thead><tr><th scope=\"col\">"
                                "Operation</th>");
    json_array_foreach(targets, i, item) {
        parity_buffer_add_text(out, "<th scope=\"col\" class=\"first\">");
        parity_xml_add_text(out, text_of(item, "label"));
        parity_buffer_add_text(out, "</th>");
    }
    parity_buffer_add_text(out, "</tr></thead>\n<tbody>\n");
    json_array_foreach(json_object_get(service, "operations"), i, item)
        parity_coverage_html_operation(out, targets, item);
    parity_buffer_add_text(out, "</tbody>\n</table></div>\n</section>\n");
    parity_buffer_clear(&id);
}

/* --- the page ----------------------------------------------------------------------------------
 */

static const struct parity_embedded_file *find_page(const char *name)
{
    for (size_t i = 0; i < parity_page_file_count; i++)
        if (strcmp(parity_page_files[i].name, name) == 0)
            return &parity_page_files[i];
    return NULL;
}

void parity_coverage_html(struct parity_buffer *out, const json_t *report)
{
    const struct parity_embedded_file *page = find_page("coverage.html");
    const char *text = (const char *)page->text, *place;
    size_t mark = strlen(place_of_report), before;
    const json_t *service;
    size_t i;

    place = memmem(text, page->length, place_of_report, mark);
    before = (size_t)(place - text);
    parity_buffer_add(out, text, before);
    add_head(out, report);
    parity_buffer_add_text(out, "<main>\n");
    add_services(out, report);
    json_array_foreach(json_object_get(report, "services"), i, service)
        add_service(out, report, service);
    parity_buffer_add_text(out, "</main>\n");
    parity_buffer_add(out, place + mark, page->length - before - mark);
}
