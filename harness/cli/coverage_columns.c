/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/coverage_columns.h"

#include <string.h>

#include "runner/reporters/plain_text.h"

/* --- cells -------------------------------------------------------------------------------------
 */

static void add_text(struct parity_buffer *out, const char *text)
{
    if (text)
        parity_plain_text_add(out, text, strlen(text));
}

static void write_service(struct parity_buffer *out, const struct parity_coverage_row *row,
                          const struct parity_coverage_column *column)
{
    (void)column;
    add_text(out, row->service);
}

static void write_operation(struct parity_buffer *out, const struct parity_coverage_row *row,
                            const struct parity_coverage_column *column)
{
    (void)column;
    add_text(out, row->operation);
}

static void write_target(struct parity_buffer *out, const struct parity_coverage_row *row,
                         const struct parity_coverage_column *column)
{
    add_text(out, json_string_value(json_object_get(row->target, column->name)));
}

static void write_text(struct parity_buffer *out, const struct parity_coverage_row *row,
                       const struct parity_coverage_column *column)
{
    add_text(out, json_string_value(json_object_get(row->numbers, column->name)));
}

static void write_number(struct parity_buffer *out, const struct parity_coverage_row *row,
                         const struct parity_coverage_column *column)
{
    parity_buffer_printf(out, "%" JSON_INTEGER_FORMAT,
                         json_integer_value(json_object_get(row->numbers, column->name)));
}

static void write_percent(struct parity_buffer *out, const struct parity_coverage_row *row,
                          const struct parity_coverage_column *column)
{
    const json_t *value = json_object_get(row->numbers, column->name);

    if (json_is_real(value))
        parity_buffer_printf(out, "%.1f", json_real_value(value));
}

/* Nothing where nobody knows. */
static void write_truth(struct parity_buffer *out, const struct parity_coverage_row *row,
                        const struct parity_coverage_column *column)
{
    const json_t *value = json_object_get(row->numbers, column->name);

    if (json_is_boolean(value))
        parity_buffer_add_text(out, json_is_true(value) ? "true" : "false");
}

/* What is not there should not catch the eye. */
static void write_mark(struct parity_buffer *out, const struct parity_coverage_row *row,
                       const struct parity_coverage_column *column)
{
    const json_t *value = json_object_get(row->numbers, column->name);

    parity_buffer_add_text(out, json_is_true(value) ? "yes" : "-");
}

static void write_answer(struct parity_buffer *out, const struct parity_coverage_row *row,
                         const struct parity_coverage_column *column)
{
    if (json_is_false(json_object_get(row->numbers, column->name)))
        parity_buffer_add_text(out, "no");
    else
        write_mark(out, row, column);
}

static void write_tested(struct parity_buffer *out, const struct parity_coverage_row *row,
                         const struct parity_coverage_column *column)
{
    if (json_is_true(json_object_get(row->numbers, "in_part")))
        parity_buffer_add_text(out, "in part");
    else
        write_mark(out, row, column);
}

/* The day is enough. */
static void write_validated(struct parity_buffer *out, const struct parity_coverage_row *row,
                            const struct parity_coverage_column *column)
{
    const char *date = json_string_value(json_object_get(row->numbers, "validated_on"));

    if (date)
        parity_plain_text_add(out, date, strnlen(date, strlen("2024-01-15")));
    else
        write_mark(out, row, column);
}

/* --- cells: how much of an operation ------------------------------------------------------------
 */

/* Lists of an operation which together name all that it has. */
struct parity_coverage_lists {
    const char *of;
    const char *names[4];
};

static const struct parity_coverage_lists parameters = {"parameters",
                                                        {"tested", "called", "never"}};
static const struct parity_coverage_lists errors = {"errors", {"observed", "never"}};

static size_t size_of(const struct parity_coverage_row *row,
                      const struct parity_coverage_column *column)
{
    const json_t *lists = json_object_get(row->numbers, column->lists->of);

    return json_array_size(json_object_get(lists, column->name));
}

static size_t size_of_all(const struct parity_coverage_row *row,
                          const struct parity_coverage_column *column)
{
    const json_t *lists = json_object_get(row->numbers, column->lists->of);
    size_t sum = 0;

    for (const char *const *name = column->lists->names; *name; name++)
        sum += json_array_size(json_object_get(lists, *name));
    return sum;
}

static void write_size(struct parity_buffer *out, const struct parity_coverage_row *row,
                       const struct parity_coverage_column *column)
{
    parity_buffer_printf(out, "%zu", size_of(row, column));
}

static void write_size_of_all(struct parity_buffer *out, const struct parity_coverage_row *row,
                              const struct parity_coverage_column *column)
{
    parity_buffer_printf(out, "%zu", size_of_all(row, column));
}

static void write_share(struct parity_buffer *out, const struct parity_coverage_row *row,
                        const struct parity_coverage_column *column)
{
    parity_buffer_printf(out, "%zu/%zu", size_of(row, column), size_of_all(row, column));
}

/* --- tables ------------------------------------------------------------------------------------
 */

const struct parity_coverage_column parity_coverage_of_services[] = {
    {.title = "service", .write = write_service, .is_left = true},
    {.title = "target",
     .write = write_target,
     .name = "label",
     .is_left = true,
     .tells_target = true},
    {.title = "operations", .write = write_number, .name = "operations"},
    {.title = "called", .write = write_number, .name = "called"},
    {.title = "tested", .write = write_number, .name = "tested"},
    {.title = "snapshotted", .write = write_number, .name = "snapshotted"},
    {.title = "validated", .write = write_number, .name = "validated"},
    {.title = "implemented", .write = write_number, .name = "implemented"},
    {.title = "missing", .write = write_number, .name = "not_implemented"},
    {.title = "differences", .write = write_number, .name = "differences"},
    {.title = "hidden", .write = write_number, .name = "hidden"},
    {.title = "percent", .write = write_percent, .name = "percent"},
    {.title = NULL},
};

const struct parity_coverage_column parity_coverage_of_operations[] = {
    {.title = "operation", .write = write_operation, .is_left = true},
    {.title = "target",
     .write = write_target,
     .name = "label",
     .is_left = true,
     .tells_target = true},
    {.title = "calls", .write = write_number, .name = "calls"},
    {.title = "tested", .write = write_tested, .name = "tested", .is_left = true},
    {.title = "snapshotted", .write = write_mark, .name = "snapshotted", .is_left = true},
    {.title = "validated", .write = write_validated, .name = "validated", .is_left = true},
    {.title = "implemented", .write = write_answer, .name = "implemented", .is_left = true},
    {.title = "differences", .write = write_number, .name = "differences"},
    {.title = "hidden", .write = write_number, .name = "hidden"},
    {.title = "parameters", .write = write_share, .lists = &parameters, .name = "tested"},
    {.title = "errors", .write = write_share, .lists = &errors, .name = "observed"},
    {.title = NULL},
};

const struct parity_coverage_column parity_coverage_csv_of_services[] = {
    {.title = "service", .write = write_service},
    {.title = "target", .write = write_target, .name = "name"},
    {.title = "version", .write = write_target, .name = "version"},
    {.title = "endpoint_url", .write = write_target, .name = "endpoint_url"},
    {.title = "operations", .write = write_number, .name = "operations"},
    {.title = "called", .write = write_number, .name = "called"},
    {.title = "tested", .write = write_number, .name = "tested"},
    {.title = "snapshotted", .write = write_number, .name = "snapshotted"},
    {.title = "validated", .write = write_number, .name = "validated"},
    {.title = "implemented", .write = write_number, .name = "implemented"},
    {.title = "not_implemented", .write = write_number, .name = "not_implemented"},
    {.title = "differing", .write = write_number, .name = "differing"},
    {.title = "differences", .write = write_number, .name = "differences"},
    {.title = "hidden", .write = write_number, .name = "hidden"},
    {.title = "parameters_tested", .write = write_number, .name = "parameters_tested"},
    {.title = "parameters", .write = write_number, .name = "parameters"},
    {.title = "errors_observed", .write = write_number, .name = "errors_observed"},
    {.title = "errors", .write = write_number, .name = "errors"},
    {.title = "percent", .write = write_percent, .name = "percent"},
    {.title = NULL},
};

const struct parity_coverage_column parity_coverage_csv_of_operations[] = {
    {.title = "service", .write = write_service},
    {.title = "operation", .write = write_operation},
    {.title = "target", .write = write_target, .name = "name"},
    {.title = "version", .write = write_target, .name = "version"},
    {.title = "endpoint_url", .write = write_target, .name = "endpoint_url"},
    {.title = "calls", .write = write_number, .name = "calls"},
    {.title = "tested", .write = write_truth, .name = "tested"},
    {.title = "in_part", .write = write_truth, .name = "in_part"},
    {.title = "snapshotted", .write = write_truth, .name = "snapshotted"},
    {.title = "validated", .write = write_truth, .name = "validated"},
    {.title = "validated_on", .write = write_text, .name = "validated_on"},
    {.title = "implemented", .write = write_truth, .name = "implemented"},
    {.title = "differences", .write = write_number, .name = "differences"},
    {.title = "hidden", .write = write_number, .name = "hidden"},
    {.title = "parameters_tested", .write = write_size, .lists = &parameters, .name = "tested"},
    {.title = "parameters", .write = write_size_of_all, .lists = &parameters},
    {.title = "errors_observed", .write = write_size, .lists = &errors, .name = "observed"},
    {.title = "errors", .write = write_size_of_all, .lists = &errors},
    {.title = NULL},
};
