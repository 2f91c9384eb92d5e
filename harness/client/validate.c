/* SPDX-License-Identifier: Apache-2.0 */
#include "client/validate.h"

#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "client/protocol/json_const.h"
#include "client/protocol/member_path.h"
#include "client/protocol/scalar.h"

enum { ROOM = 880 }; /* bytes of faults that fit into a message with what stands around them */

struct report {
    bool is_bare;              /* paths are left out */
    struct parity_buffer text; /* one fault after the other, "; " between them */
    size_t count;
    size_t cut, shown; /* where the text can end so that it fits, and how many faults that shows */
};

static void check(struct report *report, const struct parity_shape *shape, const json_t *value,
                  const struct parity_member_path *path);

/* --- faults ------------------------------------------------------------------------------------
 */

static void begin_fault(struct report *report, const struct parity_member_path *path)
{
    if (report->text.length <= ROOM) {
        report->cut = report->text.length;
        report->shown = report->count;
    }
    report->count++;
    if (report->text.length)
        parity_buffer_add_text(&report->text, "; ");
    if (report->is_bare)
        return;
    parity_member_path_write(&report->text, path, "input");
    parity_buffer_add_text(&report->text, ": ");
}

/* The value as JSON, shortened. */
static void add_value(struct report *report, const json_t *value)
{
    struct parity_buffer text = {0};

    parity_json_write(&text, value, PARITY_JSON_UTF8);
    if (!text.failed) {
        size_t length = text.length > 60 ? 60 : text.length;

        while (length > 0 && length < text.length && (text.data[length] & 0xc0) == 0x80)
            length--;
        parity_buffer_add(&report->text, text.data, length);
        if (length < text.length)
            parity_buffer_add_text(&report->text, "…");
    }
    parity_buffer_clear(&text);
}

static void fault_type(struct report *report, const json_t *value, const char *wanted,
                       const struct parity_member_path *path)
{
    static const char *const names[] = {
        [PARITY_JSON_NULL] = "null",        [PARITY_JSON_BOOLEAN] = "a boolean",
        [PARITY_JSON_INTEGER] = "a number", [PARITY_JSON_REAL] = "a number",
        [PARITY_JSON_STRING] = "a string",  [PARITY_JSON_BYTES] = "bytes",
        [PARITY_JSON_DATETIME] = "a date",  [PARITY_JSON_ARRAY] = "an array",
        [PARITY_JSON_OBJECT] = "an object",
    };

    begin_fault(report, path);
    parity_buffer_printf(&report->text, "must be %s, not %s (", wanted,
                         names[parity_json_kind(value)]);
    add_value(report, value);
    parity_buffer_add_char(&report->text, ')');
}

/* The exceptions of an event stream are for responses only. */
static bool is_input_member(const struct parity_shape *member)
{
    return !parity_shape_has(member, PARITY_TRAIT_EXCEPTION);
}

static void add_member_names(struct report *report, const struct parity_shape *shape)
{
    size_t count = parity_shape_member_count(shape);
    const char *separator = "";

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);

        if (!is_input_member(member))
            continue;
        parity_buffer_printf(&report->text, "%s%s", separator, parity_shape_member_name(member));
        separator = ", ";
    }
}

/* --- structures --------------------------------------------------------------------------------
 */

static void fault_unknown(struct report *report, const struct parity_shape *shape, const char *name,
                          const struct parity_member_path *path)
{
    size_t count = parity_shape_member_count(shape);
    const char *nearest = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);

        if (is_input_member(member))
            nearest = parity_suggest(name, nearest, parity_shape_member_name(member));
    }
    begin_fault(report, path);
    parity_buffer_printf(&report->text, "unknown parameter '%s'", name);
    if (nearest) {
        parity_buffer_printf(&report->text, "; did you mean '%s'?", nearest);
    } else if (count) {
        parity_buffer_add_text(&report->text, " (known are ");
        add_member_names(report, shape);
        parity_buffer_add_char(&report->text, ')');
    }
}

static void check_union(struct report *report, const struct parity_shape *shape,
                        const json_t *value, const struct parity_member_path *path)
{
    if (json_object_size(value) == 1)
        return;
    begin_fault(report, path);
    parity_buffer_printf(&report->text, "must have exactly one member, not %zu (of ",
                         json_object_size(value));
    add_member_names(report, shape);
    parity_buffer_add_char(&report->text, ')');
}

static void check_required(struct report *report, const struct parity_shape *shape,
                           const json_t *value, const struct parity_member_path *path)
{
    size_t count = parity_shape_member_count(shape);

    for (size_t i = 0; i < count; i++) {
        const struct parity_shape *member = parity_shape_member_at(shape, i);
        const char *name = parity_shape_member_name(member);

        if (parity_shape_has(member, PARITY_TRAIT_REQUIRED) && !json_object_get(value, name)) {
            begin_fault(report, path);
            parity_buffer_printf(&report->text, "the required parameter '%s' is missing", name);
        }
    }
}

static void check_structure(struct report *report, const struct parity_shape *shape,
                            const json_t *value, const struct parity_member_path *path)
{
    const char *name;
    json_t *item;

    if (parity_json_kind(value) != PARITY_JSON_OBJECT) {
        fault_type(report, value, "an object", path);
        return;
    }
    if (parity_shape_has(shape, PARITY_TRAIT_UNION))
        check_union(report, shape, value, path);
    check_required(report, shape, value, path);
    json_object_foreach(parity_unconst(value), name, item)
        if (!parity_shape_member(shape, name))
            fault_unknown(report, shape, name, path);
    json_object_foreach(parity_unconst(value), name, item) {
        const struct parity_shape *member = parity_shape_member(shape, name);
        struct parity_member_path below = {path, name, 0};

        if (member)
            check(report, member, item, &below);
    }
}

/* --- lists, maps, documents --------------------------------------------------------------------
 */

/* `min` of the shape; what becomes part of a host name has at least one character. */
static void check_length(struct report *report, const struct parity_shape *shape, size_t length,
                         const char *unit, const struct parity_member_path *path)
{
    double min;

    if (!parity_shape_min(shape, &min))
        min = parity_shape_has(shape, PARITY_TRAIT_HOST_LABEL) ? 1 : 0;
    if ((double)length >= min)
        return;
    begin_fault(report, path);
    parity_buffer_printf(&report->text, "must have at least %.0f %s, not %zu", min, unit, length);
}

static void check_list(struct report *report, const struct parity_shape *shape, const json_t *value,
                       const struct parity_member_path *path)
{
    struct parity_member_path below = {path, NULL, 0};
    json_t *item;

    if (!json_is_array(value)) {
        fault_type(report, value, "an array", path);
        return;
    }
    check_length(report, shape, json_array_size(value), "items", path);
    json_array_foreach(value, below.index, item)
        check(report, parity_shape_list_member(shape), item, &below);
}

static void check_map(struct report *report, const struct parity_shape *shape, const json_t *value,
                      const struct parity_member_path *path)
{
    const char *name;
    size_t length;
    json_t *item;

    if (parity_json_kind(value) != PARITY_JSON_OBJECT) {
        fault_type(report, value, "an object", path);
        return;
    }
    json_object_keylen_foreach(parity_unconst(value), name, length, item) {
        struct parity_member_path below = {path, name, 0};

        check_length(report, parity_shape_map_key(shape), parity_utf8_count(name, length),
                     "characters in its key", &below);
        check(report, parity_shape_map_value(shape), item, &below);
    }
}

static void check_document(struct report *report, const json_t *value,
                           const struct parity_member_path *path)
{
    enum parity_json_kind kind = parity_json_kind(value);
    struct parity_member_path below = {path, NULL, 0};
    json_t *item;

    if (kind == PARITY_JSON_BYTES || kind == PARITY_JSON_DATETIME) {
        fault_type(report, value, "plain JSON", path);
    } else if (kind == PARITY_JSON_OBJECT) {
        json_object_foreach(parity_unconst(value), below.name, item)
            check_document(report, item, &below);
    } else if (kind == PARITY_JSON_ARRAY) {
        json_array_foreach(value, below.index, item)
            check_document(report, item, &below);
    }
}

/* --- event streams -----------------------------------------------------------------------------
 */

/* An object with the event's name as its only member. */
static void check_event(struct report *report, const struct parity_shape *stream,
                        const json_t *value, const struct parity_member_path *path)
{
    const char *name = json_object_iter_key(json_object_iter(parity_unconst(value)));
    const struct parity_shape *event = name ? parity_shape_member(stream, name) : NULL;
    struct parity_member_path below = {path, name, 0};

    if (parity_json_kind(value) != PARITY_JSON_OBJECT)
        fault_type(report, value, "an object", path);
    else if (json_object_size(value) != 1)
        check_union(report, stream, value, path);
    else if (!event || !is_input_member(event))
        fault_unknown(report, stream, name, path);
    else
        check(report, event, json_object_get(value, name), &below);
}

static void check_events(struct report *report, const struct parity_shape *stream,
                         const json_t *value, const struct parity_member_path *path)
{
    struct parity_member_path below = {path, NULL, 0};
    json_t *item;

    if (!json_is_array(value)) {
        fault_type(report, value, "a list of events", path);
        return;
    }
    json_array_foreach(value, below.index, item)
        check_event(report, stream, item, &below);
}

/* --- scalars -----------------------------------------------------------------------------------
 */

static double number_value(const json_t *value)
{
    struct parity_buffer text = {0};
    double number = 0;

    if (json_is_number(value))
        return json_number_value(value);
    parity_json_number_text(&text, value);
    if (!text.failed)
        (void)parity_python_real(text.data, text.length, &number);
    parity_buffer_clear(&text);
    return number;
}

static void check_range(struct report *report, const struct parity_shape *shape,
                        const json_t *value, const struct parity_member_path *path)
{
    double min;

    if (!parity_shape_min(shape, &min) || !(number_value(value) < min))
        return;
    begin_fault(report, path);
    parity_buffer_printf(&report->text, "must be at least %.15g, not ", min);
    add_value(report, value);
}

static void check_string(struct report *report, const struct parity_shape *shape,
                         const json_t *value, const struct parity_member_path *path)
{
    if (parity_shape_has(shape, PARITY_TRAIT_JSON_VALUE) &&
        parity_shape_location(shape) == PARITY_LOCATION_HEADER)
        return; /* any JSON */
    if (!json_is_string(value))
        fault_type(report, value, "a string", path);
    else
        check_length(report, shape,
                     parity_utf8_count(json_string_value(value), json_string_length(value)),
                     "characters", path);
}

static void check_scalar(struct report *report, const struct parity_shape *shape,
                         const json_t *value, const struct parity_member_path *path)
{
    enum parity_json_kind kind = parity_json_kind(value);
    struct parity_timestamp timestamp;
    struct parity_buffer bytes = {0};

    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_BOOLEAN:
        if (kind != PARITY_JSON_BOOLEAN)
            fault_type(report, value, "true or false", path);
        break;
    case PARITY_SHAPE_INTEGER:
    case PARITY_SHAPE_LONG:
        if (kind == PARITY_JSON_INTEGER)
            check_range(report, shape, value, path);
        else
            fault_type(report, value, "an integer", path);
        break;
    case PARITY_SHAPE_FLOAT:
    case PARITY_SHAPE_DOUBLE:
        if (kind == PARITY_JSON_INTEGER || kind == PARITY_JSON_REAL)
            check_range(report, shape, value, path);
        else
            fault_type(report, value, "a number", path);
        break;
    case PARITY_SHAPE_TIMESTAMP:
        if (parity_input_timestamp(value, &timestamp) < 0)
            fault_type(report, value, "a date in ISO 8601 or seconds since 1970", path);
        break;
    case PARITY_SHAPE_BLOB:
        if (parity_input_bytes(value, &bytes) < 0)
            fault_type(report, value, "{\"$bytes\": base64} or a string", path);
        parity_buffer_clear(&bytes);
        break;
    default:
        check_string(report, shape, value, path);
        break;
    }
}

static void check(struct report *report, const struct parity_shape *shape, const json_t *value,
                  const struct parity_member_path *path)
{
    switch (parity_shape_type(shape)) {
    case PARITY_SHAPE_STRUCTURE:
        if (parity_shape_has(shape, PARITY_TRAIT_DOCUMENT))
            check_document(report, value, path);
        else if (parity_shape_has(shape, PARITY_TRAIT_EVENT_STREAM))
            check_events(report, shape, value, path);
        else
            check_structure(report, shape, value, path);
        break;
    case PARITY_SHAPE_LIST:
        check_list(report, shape, value, path);
        break;
    case PARITY_SHAPE_MAP:
        check_map(report, shape, value, path);
        break;
    default:
        check_scalar(report, shape, value, path);
        break;
    }
}

/* Leaves out the faults that would not fit into a message, and says how many these are. `*all` has
 * them then. */
static void shorten(struct report *report, const char *operation, char **all)
{
    if (report->text.failed || report->text.length <= ROOM || report->shown == 0)
        return;
    if (all)
        *all = parity_asprintf("invalid parameters of %s: %s", operation, report->text.data);
    report->text.length = report->cut;
    parity_buffer_printf(&report->text, "; and %zu more", report->count - report->shown);
}

int parity_validate_input(const struct parity_operation *operation, const json_t *input, char **all,
                          struct parity_error *err)
{
    const struct parity_shape *shape = parity_operation_input(operation);
    struct report report = {0};
    int rc = -1;

    if (all)
        *all = NULL;
    if (shape) {
        check(&report, shape, input, NULL);
    } else if (parity_json_kind(input) != PARITY_JSON_OBJECT || json_object_size(input) > 0) {
        begin_fault(&report, NULL);
        parity_buffer_add_text(&report.text, "the operation takes no parameters");
    }
    shorten(&report, parity_operation_name(operation), all);
    if (report.text.failed)
        parity_fail_nomem(err);
    else if (report.text.length)
        parity_fail(err, PARITY_E_INVALID, NULL, "invalid parameters of %s: %s",
                    parity_operation_name(operation), report.text.data);
    else
        rc = 0;
    parity_buffer_clear(&report.text);
    return rc;
}

struct parity_buffer parity_validate_scalar(const struct parity_shape *shape, const json_t *value)
{
    struct report report = {.is_bare = true};

    check_scalar(&report, shape, value, NULL);
    return report.text;
}

struct parity_buffer parity_validate_length(const struct parity_shape *shape, size_t length,
                                            const char *unit)
{
    struct report report = {.is_bare = true};

    check_length(&report, shape, length, unit, NULL);
    return report.text;
}
