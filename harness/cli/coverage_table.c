/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/coverage_table.h"

#include <string.h>

#include "cli/coverage_columns.h"
#include "runner/reporters/plain_text.h"

struct table {
    const struct parity_coverage_column *columns;
    enum parity_coverage_table_style style;
    bool names_target; /* there are several */
    struct parity_buffer *out;
    size_t widths[PARITY_COVERAGE_COLUMNS]; /* for a terminal */
};

/* NULL: the row of the titles. */
typedef void use_row(struct table *table, const struct parity_coverage_row *row);

static bool is_shown(const struct table *table, size_t column)
{
    return !table->columns[column].tells_target || table->names_target;
}

/* New content for `out`. */
static void write_cell(const struct parity_coverage_column *column,
                       const struct parity_coverage_row *row, struct parity_buffer *out)
{
    if (row)
        column->write(out, row, column);
    else
        parity_buffer_add_text(out, column->title);
}

/* --- cells of each style -----------------------------------------------------------------------
 */

/* How many columns a terminal takes for it, near enough: characters. */
static size_t width_of(const struct parity_buffer *text)
{
    size_t width = 0;

    for (size_t i = 0; i < text->length; i++)
        width += ((unsigned char)text->data[i] & 0xc0) != 0x80;
    return width;
}

static void pad(struct parity_buffer *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        parity_buffer_add_char(out, ' ');
}

static void add_text_cell(struct table *table, const struct parity_buffer *text, size_t column)
{
    size_t width = width_of(text), wanted = table->widths[column];
    size_t gap = wanted > width ? wanted - width : 0;
    bool is_left = table->columns[column].is_left;

    if (column > 0)
        pad(table->out, 2);
    if (!is_left)
        pad(table->out, gap);
    parity_buffer_add(table->out, text->data, text->length);
    if (is_left)
        pad(table->out, gap);
}

/* GitHub Flavored Markdown, "Tables" and "Backslash escapes". */
static void add_markdown_cell(struct table *table, const struct parity_buffer *text)
{
    static const char special[] = "|\\`*_<>[]&";

    parity_buffer_add_text(table->out, "| ");
    for (size_t i = 0; i < text->length; i++) {
        char c = text->data[i] == '\n' ? ' ' : text->data[i];

        if (c && strchr(special, c))
            parity_buffer_add_char(table->out, '\\');
        parity_buffer_add_char(table->out, c);
    }
    parity_buffer_add_char(table->out, ' ');
}

/* RFC 4180, 2: quoted where it must be. */
static void add_csv_cell(struct table *table, const struct parity_buffer *text, size_t column)
{
    bool quoted = text->data && strpbrk(text->data, ",\"\r\n");

    if (column > 0)
        parity_buffer_add_char(table->out, ',');
    if (quoted)
        parity_buffer_add_char(table->out, '"');
    for (size_t i = 0; i < text->length; i++) {
        if (text->data[i] == '"')
            parity_buffer_add_char(table->out, '"');
        parity_buffer_add_char(table->out, text->data[i]);
    }
    if (quoted)
        parity_buffer_add_char(table->out, '"');
}

static void add_cell(struct table *table, const struct parity_buffer *text, size_t column)
{
    table->out->failed |= text->failed;
    if (table->style == PARITY_COVERAGE_TEXT)
        add_text_cell(table, text, column);
    else if (table->style == PARITY_COVERAGE_MARKDOWN)
        add_markdown_cell(table, text);
    else
        add_csv_cell(table, text, column);
}

/* --- lines -------------------------------------------------------------------------------------
 */

static void end_line(struct table *table)
{
    struct parity_buffer *out = table->out;

    if (table->style == PARITY_COVERAGE_MARKDOWN)
        parity_buffer_add_char(out, '|');
    while (table->style == PARITY_COVERAGE_TEXT && out->length > 0 &&
           out->data[out->length - 1] == ' ')
        out->length--;
    parity_buffer_add_text(out, table->style == PARITY_COVERAGE_CSV ? "\r\n" : "\n");
}

static void add_line(struct table *table, const struct parity_coverage_row *row)
{
    for (size_t i = 0; table->columns[i].title; i++) {
        struct parity_buffer text = {0};

        if (!is_shown(table, i))
            continue;
        write_cell(&table->columns[i], row, &text);
        add_cell(table, &text, i);
        parity_buffer_clear(&text);
    }
    end_line(table);
}

/* Below the titles. */
static void add_rule(struct table *table)
{
    if (table->style != PARITY_COVERAGE_MARKDOWN)
        return;
    for (size_t i = 0; table->columns[i].title; i++)
        if (is_shown(table, i))
            parity_buffer_add_text(table->out, table->columns[i].is_left ? "| --- " : "| ---: ");
    end_line(table);
}

static void measure(struct table *table, const struct parity_coverage_row *row)
{
    for (size_t i = 0; table->columns[i].title; i++) {
        struct parity_buffer text = {0};
        size_t width;

        write_cell(&table->columns[i], row, &text);
        width = width_of(&text);
        table->widths[i] = width > table->widths[i] ? width : table->widths[i];
        parity_buffer_clear(&text);
    }
}

/* --- rows --------------------------------------------------------------------------------------
 */

static void each_target(struct table *table, const json_t *report, struct parity_coverage_row row,
                        const json_t *numbers, use_row *use)
{
    const json_t *targets = json_object_get(report, "targets");

    for (size_t i = 0; i < json_array_size(targets); i++) {
        row.target = json_array_get(targets, i);
        row.numbers = json_array_get(numbers, i);
        use(table, &row);
    }
}

static const char *service_name(const json_t *service)
{
    return json_string_value(json_object_get(service, "service"));
}

static void each_service(struct table *table, const json_t *report, use_row *use)
{
    const json_t *service;
    size_t i;

    json_array_foreach(json_object_get(report, "services"), i, service)
        each_target(table, report, (struct parity_coverage_row){.service = service_name(service)},
                    json_object_get(service, "targets"), use);
    /* Programs add up themselves. */
    if (table->style != PARITY_COVERAGE_CSV)
        each_target(table, report, (struct parity_coverage_row){.service = "total"},
                    json_object_get(report, "total"), use);
}

static void each_operation(struct table *table, const json_t *report, const json_t *service,
                           use_row *use)
{
    struct parity_coverage_row row = {.service = service_name(service)};
    const json_t *operation;
    size_t i;

    json_array_foreach(json_object_get(service, "operations"), i, operation) {
        row.operation = json_string_value(json_object_get(operation, "operation"));
        each_target(table, report, row, json_object_get(operation, "targets"), use);
    }
}

/* --- tables ------------------------------------------------------------------------------------
 */

static void add_services(struct table *table, const json_t *report)
{
    table->columns = table->style == PARITY_COVERAGE_CSV ? parity_coverage_csv_of_services
                                                         : parity_coverage_of_services;
    memset(table->widths, 0, sizeof table->widths);
    measure(table, NULL);
    each_service(table, report, measure);
    add_line(table, NULL);
    add_rule(table);
    each_service(table, report, add_line);
}

static void add_heading(struct table *table, const json_t *service)
{
    const char *name = service_name(service);

    parity_buffer_add_text(table->out, table->style == PARITY_COVERAGE_MARKDOWN ? "\n### " : "\n");
    parity_plain_text_add(table->out, name, strlen(name));
    parity_buffer_add_text(table->out, table->style == PARITY_COVERAGE_MARKDOWN ? "\n\n" : "\n");
}

/* One below the other, for people. */
static void add_operations(struct table *table, const json_t *report)
{
    const json_t *service;
    size_t i;

    table->columns = parity_coverage_of_operations;
    json_array_foreach(json_object_get(report, "services"), i, service) {
        memset(table->widths, 0, sizeof table->widths);
        measure(table, NULL);
        each_operation(table, report, service, measure);
        add_heading(table, service);
        add_line(table, NULL);
        add_rule(table);
        each_operation(table, report, service, add_line);
    }
}

/* One for all, for programs. */
static void add_csv_operations(struct table *table, const json_t *report)
{
    const json_t *service;
    size_t i;

    table->columns = parity_coverage_csv_of_operations;
    add_line(table, NULL);
    json_array_foreach(json_object_get(report, "services"), i, service)
        each_operation(table, report, service, add_line);
}

/* Against what, and how much of it. */
static void add_head(struct table *table, const json_t *report)
{
    const json_t *target;
    size_t i;

    json_array_foreach(json_object_get(report, "targets"), i, target) {
        const char *label = json_string_value(json_object_get(target, "label"));
        size_t files = json_array_size(json_object_get(target, "files"));
        json_int_t tests = json_integer_value(json_object_get(target, "tests"));

        parity_buffer_add_text(table->out, table->style == PARITY_COVERAGE_MARKDOWN ? "* " : "");
        parity_plain_text_add(table->out, label, strlen(label));
        parity_buffer_printf(table->out, ": %" JSON_INTEGER_FORMAT " test%s in %zu file%s\n", tests,
                             tests == 1 ? "" : "s", files, files == 1 ? "" : "s");
    }
    parity_buffer_add_char(table->out, '\n');
}

void parity_coverage_table(struct parity_buffer *out, const json_t *report, bool by_operation,
                           enum parity_coverage_table_style style)
{
    struct table table = {.style = style,
                          .names_target = json_array_size(json_object_get(report, "targets")) > 1,
                          .out = out};

    if (style == PARITY_COVERAGE_CSV) {
        if (by_operation)
            add_csv_operations(&table, report);
        else
            add_services(&table, report);
        return;
    }
    add_head(&table, report);
    add_services(&table, report);
    if (by_operation)
        add_operations(&table, report);
}
