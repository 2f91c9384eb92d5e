/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sigv4_canonical.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

/* Drops the last segment of what was written since `start`, with the slash before it. */
static void drop_segment(struct parity_buffer *path, size_t start)
{
    while (path->length > start && path->data[path->length - 1] != '/')
        path->length--;
    if (path->length > start)
        path->length--;
    if (path->data)
        path->data[path->length] = '\0';
}

/* RFC 3986, 5.2.4, and repeated slashes become one, as AWS asks for everywhere but on S3. */
static void add_normalized(struct parity_buffer *out, const char *path, size_t length,
                           const char *keep)
{
    size_t start = out->length;

    for (size_t i = 0; i < length;) {
        const char *slash = memchr(path + i, '/', length - i);
        size_t size = slash ? (size_t)(slash - path) - i : length - i;

        if (size == 2 && memcmp(path + i, "..", 2) == 0) {
            drop_segment(out, start);
        } else if (size && !(size == 1 && path[i] == '.')) {
            parity_buffer_add_char(out, '/');
            parity_uri_encode(out, path + i, size, keep);
        }
        i += size + 1;
    }
    if (out->length == start || path[length - 1] == '/')
        parity_buffer_add_char(out, '/');
}

void parity_canonical_path(struct parity_buffer *out, const struct parity_uri *uri, bool normalize,
                           bool double_encode)
{
    /* Where encoding is not doubled, `%` and the delimiters of RFC 3986 stay as they are. */
    const char *keep = double_encode ? "/" : "/%:?#[]@!$&'()*+,;=";

    if (uri->path_length == 0)
        parity_buffer_add_char(out, '/');
    else if (normalize)
        add_normalized(out, uri->path, uri->path_length, keep);
    else
        parity_uri_encode(out, uri->path, uri->path_length, keep);
}

struct parameter {
    const char *name, *value;
    size_t name_length, value_length;
};

static int compare_text(const char *a, size_t a_length, const char *b, size_t b_length)
{
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

    return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_parameters(const void *a, const void *b)
{
    const struct parameter *x = a, *y = b;
    int order = compare_text(x->name, x->name_length, y->name, y->name_length);

    return order ? order : compare_text(x->value, x->value_length, y->value, y->value_length);
}

/* Appends `text` decoded and encoded again to `scratch`, of whose room the caller took care. */
static const char *recode(struct parity_buffer *scratch, struct parity_buffer *decoded,
                          const char *text, size_t length, size_t *out_length)
{
    size_t start = scratch->length;

    parity_buffer_reset(decoded);
    parity_uri_decode(decoded, text, length);
    scratch->failed |= decoded->failed; /* the next reset would forget it */
    if (decoded->length)
        parity_uri_encode(scratch, decoded->data, decoded->length, "");
    *out_length = scratch->length - start;
    return scratch->data + start;
}

static int read_parameters(const struct parity_uri *uri, const char *omit,
                           struct parity_buffer *scratch, struct parameter **out, size_t *count)
{
    struct parity_buffer decoded = {0};
    size_t capacity = 0;
    int rc = -1;

    if (parity_buffer_reserve(scratch, 3 * uri->query_length) < 0)
        goto out;
    for (size_t i = 0; i < uri->query_length;) {
        const char *text = uri->query + i;
        const char *end = memchr(text, '&', uri->query_length - i);
        size_t length = end ? (size_t)(end - text) : uri->query_length - i;
        const char *equals = memchr(text, '=', length);
        size_t name_length = equals ? (size_t)(equals - text) : length;
        size_t skip = equals ? name_length + 1 : length;

        i += length + 1;
        if (length == 0 ||
            (omit && name_length == strlen(omit) && memcmp(text, omit, name_length) == 0))
            continue;
        if (parity_grow(out, &capacity, *count + 1, sizeof **out) < 0)
            goto out;
        struct parameter *next = &(*out)[(*count)++];
        next->name = recode(scratch, &decoded, text, name_length, &next->name_length);
        next->value = recode(scratch, &decoded, text + skip, length - skip, &next->value_length);
    }
    rc = scratch->failed ? -1 : 0;
out:
    parity_buffer_clear(&decoded);
    return rc;
}

int parity_canonical_query(struct parity_buffer *out, const struct parity_uri *uri,
                           const char *omit)
{
    struct parity_buffer scratch = {0};
    struct parameter *parameters = NULL;
    size_t count = 0;
    int rc = -1;

    if (uri->query_length == 0)
        return 0;
    if (read_parameters(uri, omit, &scratch, &parameters, &count) < 0)
        goto out;
    if (count > 1)
        qsort(parameters, count, sizeof *parameters, compare_parameters);
    for (size_t i = 0; i < count; i++) {
        if (i)
            parity_buffer_add_char(out, '&');
        parity_buffer_add(out, parameters[i].name, parameters[i].name_length);
        parity_buffer_add_char(out, '=');
        parity_buffer_add(out, parameters[i].value, parameters[i].value_length);
    }
    rc = out->failed ? -1 : 0;
out:
    parity_free(parameters);
    parity_buffer_clear(&scratch);
    return rc;
}

static bool is_signed(const char *name, const char *omit)
{
    static const char *const unsigned_names[] = {
        "authorization",
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "x-amzn-trace-id",
    };

    if (omit && strcasecmp(name, omit) == 0)
        return false;
    for (size_t i = 0; i < sizeof unsigned_names / sizeof *unsigned_names; i++)
        if ((name[0] | 0x20) == unsigned_names[i][0] && strcasecmp(name, unsigned_names[i]) == 0)
            return false;
    return true;
}

/* By name; fields of one name keep their order, which is that of their addresses. */
static int compare_headers(const void *a, const void *b)
{
    const struct parity_header *x = *(const struct parity_header *const *)a;
    const struct parity_header *y = *(const struct parity_header *const *)b;
    int order = strcasecmp(x->name, y->name);

    return order ? order : ((uintptr_t)x > (uintptr_t)y) - ((uintptr_t)x < (uintptr_t)y);
}

/* A name in lower case, to both. */
static void add_name(struct parity_buffer *lines, struct parity_buffer *names, const char *name)
{
    size_t length = strlen(name);
    char *at;

    if (parity_buffer_reserve(names, length) < 0)
        return;
    at = names->data + names->length;
    for (size_t i = 0; i < length; i++)
        at[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
    at[length] = '\0';
    names->length += length;
    parity_buffer_add(lines, at, length);
}

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Without white space at the ends, any run of it inside as one space; line folding goes likewise.
 */
static void add_trimmed(struct parity_buffer *out, const char *value)
{
    while (is_white(*value))
        value++;
    while (*value) {
        const char *word = value;

        while (*value && !is_white(*value))
            value++;
        parity_buffer_add(out, word, (size_t)(value - word));
        while (is_white(*value))
            value++;
        if (*value)
            parity_buffer_add_char(out, ' ');
    }
}

static void write_headers(struct parity_buffer *lines, struct parity_buffer *names,
                          const struct parity_header **headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool repeated = i && strcasecmp(headers[i]->name, headers[i - 1]->name) == 0;

        if (repeated) {
            parity_buffer_add_char(lines, ',');
        } else {
            if (i) {
                parity_buffer_add_char(lines, '\n');
                parity_buffer_add_char(names, ';');
            }
            add_name(lines, names, headers[i]->name);
            parity_buffer_add_char(lines, ':');
        }
        add_trimmed(lines, headers[i]->value);
    }
    parity_buffer_add_char(lines, '\n');
}

int parity_canonical_headers(struct parity_buffer *lines, struct parity_buffer *names,
                             const struct parity_headers *headers, const struct parity_uri *uri,
                             const char *omit)
{
    char host_name[] = "host";
    struct parity_header host = {.name = host_name};
    struct parity_buffer host_value = {0};
    const struct parity_header **sorted;
    size_t count = 0;
    int rc = -1;

    sorted = parity_calloc(headers->count + 1, sizeof *sorted);
    if (!sorted || parity_buffer_reserve(lines, 512) < 0) /* one allocation as a rule */
        goto out;
    if (!parity_headers_get(headers, host_name)) {
        parity_uri_add_host(&host_value, uri);
        parity_buffer_add(&host_value, "", 0); /* a host of "user@" is empty */
        if (host_value.failed)
            goto out;
        host.value = host_value.data;
        sorted[count++] = &host;
    }
    for (size_t i = 0; i < headers->count; i++)
        if (is_signed(headers->items[i].name, omit))
            sorted[count++] = &headers->items[i];
    qsort(sorted, count, sizeof *sorted, compare_headers);
    write_headers(lines, names, sorted, count);
    rc = lines->failed || names->failed ? -1 : 0;
out:
    parity_free(sorted);
    parity_buffer_clear(&host_value);
    return rc;
}
