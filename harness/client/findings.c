/* SPDX-License-Identifier: Apache-2.0 */
#include "client/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "client/protocol/result.h"

const char *parity_finding_kind_name(enum parity_finding_kind kind)
{
    static const char *const names[] = {
        [PARITY_FINDING_MISSING] = "missing",
        [PARITY_FINDING_UNKNOWN] = "unknown",
        [PARITY_FINDING_TYPE] = "type",
        [PARITY_FINDING_TIMESTAMP] = "timestamp",
        [PARITY_FINDING_CONTENT_TYPE] = "content_type",
        [PARITY_FINDING_NAMESPACE] = "namespace",
    };

    return names[kind];
}

void parity_findings_clear(struct parity_findings *findings)
{
    json_decref(findings->list);
    *findings = (struct parity_findings){0};
}

size_t parity_findings_count(const struct parity_findings *findings)
{
    size_t count = findings->left_out, i;
    const json_t *finding;

    json_array_foreach(findings->list, i, finding)
        count += (size_t)json_integer_value(json_object_get(finding, "count"));
    return count;
}

/* Whether two paths differ in positions of lists at the most. */
static bool is_same_place(const char *a, const char *b)
{
    while (*a && *a == *b) {
        if (*a == '[') {
            a += 1 + strspn(a + 1, "0123456789");
            b += 1 + strspn(b + 1, "0123456789");
        } else {
            a++;
            b++;
        }
    }
    return *a == *b;
}

static bool count_again(struct parity_findings *findings, const char *kind, const char *path)
{
    json_t *finding;
    size_t i;

    json_array_foreach(findings->list, i, finding) {
        json_t *count = json_object_get(finding, "count");

        if (strcmp(json_string_value(json_object_get(finding, "kind")), kind) != 0 ||
            !is_same_place(json_string_value(json_object_get(finding, "path")), path))
            continue;
        json_integer_set(count, json_integer_value(count) + 1);
        return true;
    }
    return false;
}

/* A message quotes what came, and a header may be of any bytes. */
static int append(struct parity_findings *findings, const char *kind, const char *path,
                  const char *message)
{
    json_t *finding = json_object();

    if (!findings->list)
        findings->list = json_array();
    if (!finding || !findings->list ||
        json_object_set_new_nocheck(finding, "path", json_string_nocheck(path)) < 0 ||
        json_object_set_new_nocheck(finding, "kind", json_string_nocheck(kind)) < 0 ||
        json_object_set_new_nocheck(finding, "message",
                                    parity_result_header_text(message, strlen(message))) < 0 ||
        json_object_set_new_nocheck(finding, "count", json_integer(1)) < 0) {
        json_decref(finding);
        return -1;
    }
    return json_array_append_new(findings->list, finding);
}

static void add_text(struct parity_findings *findings, enum parity_finding_kind kind,
                     const char *path, const char *message)
{
    const char *name = parity_finding_kind_name(kind);

    if (count_again(findings, name, path))
        return;
    if (json_array_size(findings->list) == PARITY_FINDINGS_KEPT)
        findings->left_out++;
    else if (append(findings, name, path, message) < 0)
        findings->failed = true;
}

/* "Messages[3].Body", behind the base. */
static void write_path(struct parity_buffer *out, const struct parity_findings *findings,
                       const struct parity_member_path *path)
{
    const struct parity_member_path *first = path;

    while (first && first->parent)
        first = first->parent;
    if (findings->base)
        parity_member_path_write(out, findings->base, "");
    if (findings->base && first && first->name)
        parity_buffer_add_char(out, '.');
    parity_member_path_write(out, path, findings->base ? "" : "response");
}

void parity_findings_add(struct parity_findings *findings, enum parity_finding_kind kind,
                         const struct parity_member_path *path, const char *format, ...)
{
    struct parity_buffer place = {0};
    char message[256];
    va_list arguments;

    if (!findings)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    write_path(&place, findings, path);
    if (place.failed)
        findings->failed = true;
    else
        add_text(findings, kind, place.data, message);
    parity_buffer_clear(&place);
}

void parity_findings_explain(struct parity_findings *findings,
                             const struct parity_member_path *path, const struct parity_error *err)
{
    struct parity_buffer place = {0};
    const char *message = err->message;

    if (!findings || findings->explained || err->code == PARITY_E_NOMEM)
        return;
    findings->explained = true;
    parity_member_path_write(&place, path, "response");
    if (!place.failed && strncmp(message, place.data, place.length) == 0 &&
        strncmp(message + place.length, ": ", 2) == 0)
        message += place.length + 2;
    parity_findings_add(findings, PARITY_FINDING_TYPE, path, "%s", message);
    parity_buffer_clear(&place);
}
