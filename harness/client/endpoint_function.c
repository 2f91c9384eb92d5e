/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "client/endpoint_value.h"
#include "client/uri.h"

/*
 * The functions of the rules engine, with the answers that botocore gives where its specification
 * leaves something open. An argument that is not set makes most of them answer "not set".
 */

static const struct parity_value none = {.kind = PARITY_VALUE_NONE};

static bool is_string(const struct parity_value *value)
{
    return value->kind == PARITY_VALUE_STRING;
}

static int fail_type(const struct parity_function_call *call, const char *function,
                     const char *wanted, const struct parity_value *given)
{
    parity_fail(call->err, PARITY_E_INVALID, NULL, "endpoint rules: %s takes %s, but is given %s",
                function, wanted, parity_value_kind_name(given));
    return -1;
}

static int keep_text(const struct parity_function_call *call, struct parity_buffer *text,
                     struct parity_value *out)
{
    char *copy = text->failed ? NULL : parity_arena_get(call->arena, text->length + 1);

    if (copy) {
        memcpy(copy, text->length ? text->data : "", text->length);
        copy[text->length] = '\0';
        *out = parity_value_string(copy, text->length);
    } else {
        parity_fail_nomem(call->err);
    }
    parity_buffer_clear(text);
    return copy ? 0 : -1;
}

static int make_record(const struct parity_function_call *call, const struct parity_field *fields,
                       size_t count, struct parity_value *out)
{
    struct parity_field *copy = parity_arena_get(call->arena, count * sizeof *fields);

    if (!copy) {
        parity_fail_nomem(call->err);
        return -1;
    }
    memcpy(copy, fields, count * sizeof *fields);
    *out = (struct parity_value){.kind = PARITY_VALUE_RECORD, .as.record = {copy, count}};
    return 0;
}

/* --- plain ones ------------------------------------------------------------------------------- */

static int is_set(const struct parity_function_call *call, const struct parity_value *arguments,
                  struct parity_value *out)
{
    (void)call;
    *out = parity_value_boolean(arguments[0].kind != PARITY_VALUE_NONE);
    return 0;
}

static int not(const struct parity_function_call *call, const struct parity_value *arguments,
               struct parity_value *out)
{
    (void)call;
    *out = parity_value_boolean(!parity_value_is_true(&arguments[0]));
    return 0;
}

static int string_equals(const struct parity_function_call *call,
                         const struct parity_value *arguments, struct parity_value *out)
{
    const struct parity_value *a = &arguments[0], *b = &arguments[1];

    if (!is_string(a) || !is_string(b))
        return fail_type(call, "stringEquals", "two strings", is_string(a) ? b : a);
    *out = parity_value_boolean(a->as.string.length == b->as.string.length &&
                                memcmp(a->as.string.text, b->as.string.text, a->as.string.length) ==
                                    0);
    return 0;
}

static int boolean_equals(const struct parity_function_call *call,
                          const struct parity_value *arguments, struct parity_value *out)
{
    for (int i = 0; i < 2; i++)
        if (arguments[i].kind != PARITY_VALUE_BOOLEAN)
            return fail_type(call, "booleanEquals", "two booleans", &arguments[i]);
    *out = parity_value_boolean(arguments[0].as.boolean == arguments[1].as.boolean);
    return 0;
}

static struct parity_value item_at(const struct parity_value *list, const char *digits)
{
    size_t index = 0;

    for (; isdigit((unsigned char)*digits) && index <= list->as.list.count; digits++)
        index = 10 * index + (size_t)(*digits - '0');
    if (list->kind != PARITY_VALUE_LIST || index >= list->as.list.count)
        return none;
    return list->as.list.items[index];
}

/* A path of names, each with an optional position in brackets: "resourceId[0]", "a.b", "[1]". */
static int get_attr(const struct parity_function_call *call, const struct parity_value *arguments,
                    struct parity_value *out)
{
    const char *path;

    if (!is_string(&arguments[1]))
        return fail_type(call, "getAttr", "a path", &arguments[1]);
    path = arguments[1].as.string.text;
    *out = arguments[0];
    for (;;) {
        size_t length = strcspn(path, ".["), bracket = 0;

        if (length)
            *out = parity_value_field(out, path, length);
        if (path[length] == '[') {
            *out = item_at(out, path + length + 1);
            bracket = strcspn(path + length, ".");
        }
        path += length + bracket;
        if (*path != '.')
            return 0;
        path++;
    }
}

static int uri_encode(const struct parity_function_call *call, const struct parity_value *arguments,
                      struct parity_value *out)
{
    struct parity_buffer text = {0};

    if (!is_string(&arguments[0])) {
        *out = none;
        return 0;
    }
    parity_uri_encode(&text, arguments[0].as.string.text, arguments[0].as.string.length, "");
    return keep_text(call, &text, out);
}

static bool is_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static int substring(const struct parity_function_call *call, const struct parity_value *arguments,
                     struct parity_value *out)
{
    const struct parity_value *value = &arguments[0];
    long start, stop, length;

    if (!is_string(value))
        return fail_type(call, "substring", "a string", value);
    for (int i = 1; i <= 2; i++)
        if (arguments[i].kind != PARITY_VALUE_INTEGER)
            return fail_type(call, "substring", "two positions", &arguments[i]);
    start = arguments[1].as.integer;
    stop = arguments[2].as.integer;
    length = (long)value->as.string.length;
    *out = none;
    if (start < 0 || start >= stop || length < stop ||
        !is_ascii(value->as.string.text, value->as.string.length))
        return 0;
    if (parity_value_is_true(&arguments[3]))
        start = length - stop;
    *out = parity_value_string(value->as.string.text + start,
                               (size_t)(stop - arguments[1].as.integer));
    return 0;
}

static int make_list(const struct parity_function_call *call, const char *text, size_t length,
                     const char *separators, size_t limit, struct parity_value *out)
{
    size_t count = 1;
    struct parity_value *items;

    for (size_t i = 0; i < length; i++)
        count += strchr(separators, text[i]) && text[i] != '\0';
    if (limit && count > limit)
        count = limit;
    items = parity_arena_get(call->arena, count * sizeof *items);
    if (!items) {
        parity_fail_nomem(call->err);
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        size_t part = 0;

        while (part < length && (!strchr(separators, text[part]) || !text[part]))
            part++;
        if (i + 1 == count)
            part = length;
        items[i] = parity_value_string(text, part);
        text += part + 1;
        length -= part < length ? part + 1 : part;
    }
    *out = (struct parity_value){.kind = PARITY_VALUE_LIST, .as.list = {items, count}};
    return 0;
}

/* Of the specification, not used by any rule set that came with botocore 1.43: parts of a string; a
 * limit of 0 is none, else the last part is the rest. Only separators of one character occur. */
static int split(const struct parity_function_call *call, const struct parity_value *arguments,
                 struct parity_value *out)
{
    char separator[2];

    *out = none;
    if (!is_string(&arguments[0]))
        return 0;
    if (!is_string(&arguments[1]) || arguments[1].as.string.length != 1)
        return fail_type(call, "split", "a separator of one character", &arguments[1]);
    if (arguments[2].kind != PARITY_VALUE_INTEGER || arguments[2].as.integer < 0)
        return fail_type(call, "split", "a limit", &arguments[2]);
    separator[0] = arguments[1].as.string.text[0];
    separator[1] = '\0';
    return make_list(call, arguments[0].as.string.text, arguments[0].as.string.length, separator,
                     (size_t)arguments[2].as.integer, out);
}

/* --- host names ------------------------------------------------------------------------------- */

static bool is_label(const char *text, size_t length)
{
    if (length < 1 || length > 63 || text[0] == '-' || text[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!(isalnum((unsigned char)text[i]) && (unsigned char)text[i] < 0x80) && text[i] != '-')
            return false;
    return true;
}

static bool is_host(const char *text, size_t length, bool allow_dots)
{
    size_t start = 0;

    if (!allow_dots)
        return is_label(text, length);
    for (size_t i = 0; i <= length; i++)
        if (i == length || text[i] == '.') {
            if (!is_label(text + start, i - start))
                return false;
            start = i + 1;
        }
    return true;
}

/* Four groups of one to three digits, of any value. */
static bool looks_like_ipv4(const char *text, size_t length)
{
    size_t digits = 0, dots = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.' && digits > 0) {
            dots++;
            digits = 0;
        } else if (isdigit((unsigned char)text[i]) && digits < 3) {
            digits++;
        } else {
            return false;
        }
    }
    return dots == 3 && digits > 0;
}

static int is_valid_host_label(const struct parity_function_call *call,
                               const struct parity_value *arguments, struct parity_value *out)
{
    (void)call;
    *out = parity_value_boolean(is_string(&arguments[0]) &&
                                is_host(arguments[0].as.string.text, arguments[0].as.string.length,
                                        parity_value_is_true(&arguments[1])));
    return 0;
}

static bool has_capital(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (isupper((unsigned char)text[i]))
            return true;
    return false;
}

static int is_virtual_hostable(const struct parity_function_call *call,
                               const struct parity_value *arguments, struct parity_value *out)
{
    const char *text = arguments[0].as.string.text;
    size_t length = arguments[0].as.string.length;

    (void)call;
    *out = parity_value_boolean(is_string(&arguments[0]) && length >= 3 &&
                                !has_capital(text, length) && !looks_like_ipv4(text, length) &&
                                is_host(text, length, parity_value_is_true(&arguments[1])));
    return 0;
}

/* --- URLs ------------------------------------------------------------------------------------- */

/* The pieces of an absolute URL; all of them parts of the original. */
struct url {
    const char *authority, *host, *path;
    size_t scheme_length, authority_length, host_length, path_length;
};

/* Port as Python's urlparse takes it: absent, empty or a number up to 65535. */
static bool is_port(const char *text, size_t length)
{
    unsigned long port = 0;

    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        port = 10 * port + (unsigned long)(text[i] - '0');
        if (port > 65535)
            return false;
    }
    return true;
}

static bool split_authority(struct url *url)
{
    const char *end = url->authority + url->authority_length, *colon;

    url->host = url->authority;
    for (const char *c = url->authority; c < end; c++)
        if (*c == '@')
            url->host = c + 1;
    url->host_length = (size_t)(end - url->host);
    if (url->host_length && url->host[0] == '[') {
        const char *bracket = memchr(url->host, ']', url->host_length);

        if (!bracket)
            return false;
        url->host++;
        url->host_length = (size_t)(bracket - url->host);
        if (bracket + 1 == end)
            return true;
        return bracket[1] == ':' && is_port(bracket + 2, (size_t)(end - bracket - 2));
    }
    colon = memchr(url->host, ':', url->host_length);
    if (!colon)
        return url->host_length > 0;
    url->host_length = (size_t)(colon - url->host);
    return url->host_length > 0 && is_port(colon + 1, (size_t)(end - colon - 1));
}

/* Parameters (";x") of the last segment are no part of the path to urlparse. */
static size_t path_without_parameters(const char *path, size_t length)
{
    size_t last = length;

    while (last > 0 && path[last - 1] != '/')
        last--;
    for (size_t i = last; i < length; i++)
        if (path[i] == ';')
            return i;
    return length;
}

static bool split_url(const char *text, size_t length, struct url *url)
{
    const char *end = text + length;
    size_t rest;

    url->scheme_length = length > 8 && strncasecmp(text, "https://", 8) == 0  ? 5
                         : length > 7 && strncasecmp(text, "http://", 7) == 0 ? 4
                                                                              : 0;
    if (!url->scheme_length)
        return false;
    url->authority = text + url->scheme_length + 3;
    for (url->path = url->authority; url->path < end && !strchr("/?#", *url->path);)
        url->path++;
    url->authority_length = (size_t)(url->path - url->authority);
    rest = (size_t)(end - url->path);
    for (url->path_length = 0; url->path_length < rest; url->path_length++)
        if (strchr("?#", url->path[url->path_length]))
            break;
    if (url->path_length < rest && url->path[url->path_length] == '?' &&
        url->path_length + 1 < rest && url->path[url->path_length + 1] != '#')
        return false; /* a query is not supported */
    url->path_length = path_without_parameters(url->path, url->path_length);
    return split_authority(url);
}

static bool is_ip(const struct url *url)
{
    char host[INET6_ADDRSTRLEN];
    unsigned char address[16];
    const char *zone = memchr(url->host, '%', url->host_length);
    size_t length = zone ? (size_t)(zone - url->host) : url->host_length;

    if (looks_like_ipv4(url->host, url->host_length))
        return true;
    if (length >= sizeof host)
        return false;
    memcpy(host, url->host, length);
    host[length] = '\0';
    return inet_pton(AF_INET6, host, address) == 1;
}

/* Without empty, "." and ".." segments, percent-encoded, with a slash at both ends. */
static void normalize_path(struct parity_buffer *out, const char *path, size_t length)
{
    size_t at = 0;

    parity_buffer_add_char(out, '/');
    while (at < length) {
        const char *slash = memchr(path + at, '/', length - at);
        size_t segment = slash ? (size_t)(slash - path) - at : length - at;

        if (segment == 2 && memcmp(path + at, "..", 2) == 0) {
            if (out->length > 1)
                out->length--;
            while (out->length > 1 && out->data[out->length - 1] != '/')
                out->length--;
        } else if (segment > 0 && !(segment == 1 && path[at] == '.')) {
            parity_uri_encode(out, path + at, segment, "");
            parity_buffer_add_char(out, '/');
        }
        at += segment + 1;
    }
}

static int parse_url(const struct parity_function_call *call, const struct parity_value *arguments,
                     struct parity_value *out)
{
    struct url url;
    struct parity_buffer path = {0};
    struct parity_value normalized;

    *out = none;
    if (!is_string(&arguments[0]) ||
        !split_url(arguments[0].as.string.text, arguments[0].as.string.length, &url))
        return 0;
    normalize_path(&path, url.path, url.path_length);
    if (keep_text(call, &path, &normalized) < 0)
        return -1;
    const struct parity_field fields[] = {
        {"scheme",
         parity_value_string(url.scheme_length == 5 ? "https" : "http", url.scheme_length)},
        {"authority", parity_value_string(url.authority, url.authority_length)},
        {"path", parity_value_string(url.path, url.path_length)},
        {"normalizedPath", normalized},
        {"isIp", parity_value_boolean(is_ip(&url))},
    };
    return make_record(call, fields, sizeof fields / sizeof *fields, out);
}

/* --- AWS -------------------------------------------------------------------------------------- */

static int aws_partition(const struct parity_function_call *call,
                         const struct parity_value *arguments, struct parity_value *out)
{
    const char *region = is_string(&arguments[0]) ? arguments[0].as.string.text : NULL;

    *out = parity_partitions_find(call->partitions, region,
                                  region ? arguments[0].as.string.length : 0);
    return 0;
}

static int aws_parse_arn(const struct parity_function_call *call,
                         const struct parity_value *arguments, struct parity_value *out)
{
    struct parity_value arn, resource;
    const struct parity_value *parts;

    *out = none;
    if (!is_string(&arguments[0]) || arguments[0].as.string.length < 4 ||
        memcmp(arguments[0].as.string.text, "arn:", 4) != 0)
        return 0;
    if (make_list(call, arguments[0].as.string.text, arguments[0].as.string.length, ":", 6, &arn) <
        0)
        return -1;
    parts = arn.as.list.items;
    if (arn.as.list.count < 6 || !parts[1].as.string.length || !parts[2].as.string.length ||
        !parts[5].as.string.length)
        return 0;
    if (make_list(call, parts[5].as.string.text, parts[5].as.string.length, ":/", 0, &resource) < 0)
        return -1;
    const struct parity_field fields[] = {
        {"partition", parts[1]}, {"service", parts[2]},    {"region", parts[3]},
        {"accountId", parts[4]}, {"resourceId", resource},
    };
    return make_record(call, fields, sizeof fields / sizeof *fields, out);
}

static const struct parity_function functions[] = {
    [PARITY_FUNCTION_COALESCE] = {"coalesce", 0, true, NULL},
    [PARITY_FUNCTION_ITE] = {"ite", 3, true, NULL},
    [PARITY_FUNCTION_FIRST_EAGER] = {"isSet", 1, false, is_set},
    {"not", 1, false, not },
    {"getAttr", 2, false, get_attr},
    {"stringEquals", 2, false, string_equals},
    {"booleanEquals", 2, false, boolean_equals},
    {"parseURL", 1, false, parse_url},
    {"isValidHostLabel", 2, false, is_valid_host_label},
    {"substring", 4, false, substring},
    {"uriEncode", 1, false, uri_encode},
    {"split", 3, false, split},
    {"aws.partition", 1, false, aws_partition},
    {"aws.parseArn", 1, false, aws_parse_arn},
    {"aws.isVirtualHostableS3Bucket", 2, false, is_virtual_hostable},
};

int parity_function_find(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strcmp(functions[i].name, name) == 0)
            return (int)i;
    return -1;
}

const struct parity_function *parity_function_get(unsigned number)
{
    return number < sizeof functions / sizeof *functions ? &functions[number] : NULL;
}
