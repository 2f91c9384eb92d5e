/* SPDX-License-Identifier: Apache-2.0 */
#include "client/http_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "client/uri.h"

struct parser {
    const char *at, *end; /* what is left of the input */
    const char *name;
    const char *line_start;
    int line; /* 1-based, of line_start */
    struct parity_http_text *out;
    struct parity_error *err;
};

/* The current line without its end. */
struct line {
    const char *text;
    size_t length;
};

void parity_http_text_clear(struct parity_http_text *text)
{
    parity_http_request_clear(&text->request);
    memset(text, 0, sizeof *text);
}

__attribute__((format(printf, 3, 4))) static int fail(struct parser *parser, const char *at,
                                                      const char *format, ...)
{
    char message[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parity_fail_at(parser->err, PARITY_E_PARSE, parser->name, parser->line,
                   (int)(at - parser->line_start) + 1, "%s", message);
    return -1;
}

static int fail_nomem(struct parser *parser)
{
    parity_fail_nomem(parser->err);
    return -1;
}

/* Moves on to the next line; false at the end of the input. */
static bool next_line(struct parser *parser, struct line *line)
{
    const char *feed;

    if (parser->at == parser->end)
        return false;
    parser->line++;
    parser->line_start = parser->at;
    feed = memchr(parser->at, '\n', (size_t)(parser->end - parser->at));
    line->text = parser->at;
    line->length = (size_t)((feed ? feed : parser->end) - parser->at);
    parser->at = feed ? feed + 1 : parser->end;
    if (feed && line->length && line->text[line->length - 1] == '\r')
        line->length--;
    return true;
}

static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static size_t token_length(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && is_token_char(text[i]))
        i++;
    return i;
}

static const char *find_control(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] < ' ' && text[i] != '\t') || text[i] == 127)
            return text + i;
    return NULL;
}

static bool begins_with(const char *text, size_t length, const char *prefix)
{
    return length >= strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0;
}

static int check_target(struct parser *parser, const char *target, size_t length)
{
    const char *hash = memchr(target, '#', length);
    const char *tab = memchr(target, '\t', length);

    if (hash)
        return fail(parser, hash, "a fragment ('#') is never sent; encode the sign as %%23");
    if (tab)
        return fail(parser, tab, "a tab in the request target; encode it as %%09");
    if (target[0] == '/')
        return 0;
    parser->out->absolute =
        begins_with(target, length, "http://") || begins_with(target, length, "https://");
    if (parser->out->absolute)
        return 0;
    return fail(parser, target, "the request target must begin with '/', http:// or https://");
}

/* METHOD TARGET HTTP/1.1, where TARGET may have spaces: its end is the last one. */
static int read_request_line(struct parser *parser, const struct line *line, struct line *target)
{
    const char *control = find_control(line->text, line->length);
    const char *end = line->text + line->length;
    size_t method = token_length(line->text, line->length);
    const char *space;

    if (control)
        return fail(parser, control, "control character 0x%02x in the request line",
                    (unsigned)(unsigned char)*control);
    if (method == 0)
        return fail(parser, line->text, "expected a request line: METHOD TARGET HTTP/1.1");
    if (method + 1 >= line->length || line->text[method] != ' ')
        return fail(parser, line->text + method,
                    "expected a space and the request target after the method");
    target->text = line->text + method + 1;
    space = memrchr(target->text, ' ', (size_t)(end - target->text));
    if (!space || (size_t)(end - space - 1) != 8 ||
        (memcmp(space + 1, "HTTP/1.1", 8) != 0 && memcmp(space + 1, "HTTP/1.0", 8) != 0))
        return fail(parser, space ? space + 1 : end,
                    "expected HTTP/1.1 at the end of the request line");
    target->length = (size_t)(space - target->text);
    if (target->length == 0)
        return fail(parser, target->text, "the request target is empty");
    memcpy(parser->out->version, space + 1, 8);
    parser->out->request.method = parity_strndup(line->text, method);
    if (!parser->out->request.method)
        return fail_nomem(parser);
    return check_target(parser, target->text, target->length);
}

/* Length of the text up to the end of the last line that continues the header begun at `line`. */
static int read_folded(struct parser *parser, struct line *line)
{
    struct line more;

    while (parser->at < parser->end && (*parser->at == ' ' || *parser->at == '\t')) {
        const char *control;

        next_line(parser, &more);
        control = find_control(more.text, more.length);
        if (control)
            return fail(parser, control, "control character 0x%02x in a header",
                        (unsigned)(unsigned char)*control);
        line->length = (size_t)(more.text + more.length - line->text);
    }
    return 0;
}

/* Line ends are inside a header where it is folded. */
static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int add_header(struct parser *parser, const struct line *line, size_t name_length)
{
    struct parity_headers *headers = &parser->out->request.headers;
    const char *start = line->text + name_length + 1;
    const char *end = line->text + line->length;
    char *name, *value;
    int rc = -1;

    if (headers->count == 0)
        parser->out->spaced = start < end && *start == ' ';
    while (start < end && is_white(*start))
        start++;
    while (start < end && is_white(end[-1]))
        end--;
    name = parity_strndup(line->text, name_length);
    value = parity_strndup(start, (size_t)(end - start));
    if (name && value)
        rc = parity_headers_add(headers, name, value);
    if (rc < 0)
        fail_nomem(parser);
    parity_free(name);
    parity_free(value);
    return rc;
}

static int read_header(struct parser *parser, struct line *line)
{
    const char *control = find_control(line->text, line->length);
    size_t name = token_length(line->text, line->length);

    if (control)
        return fail(parser, control, "control character 0x%02x in a header",
                    (unsigned)(unsigned char)*control);
    if (line->text[0] == ' ' || line->text[0] == '\t')
        return fail(parser, line->text, "a continuation line, but no header before it");
    if (name == line->length)
        return fail(parser, line->text + name, "expected ':' after the name of a header");
    if (line->text[name] != ':' || name == 0)
        return fail(parser, line->text + name,
                    name ? "a character that no header name can have"
                         : "expected the name of a header");
    if (read_folded(parser, line) < 0)
        return -1;
    return add_header(parser, line, name);
}

static int read_headers(struct parser *parser)
{
    struct line line;

    while (next_line(parser, &line)) {
        if (line.length == 0)
            return 0;
        if (read_header(parser, &line) < 0)
            return -1;
    }
    return 0;
}

static int fail_host(struct parser *parser, const char *message)
{
    parity_fail(parser->err, PARITY_E_INVALID, parser->name, "%s", message);
    return -1;
}

static int set_url(struct parser *parser, const struct line *target)
{
    const char *host = parity_headers_get(&parser->out->request.headers, "Host");
    struct parity_buffer url = {0};
    struct parity_uri uri;

    if (!parser->out->absolute) {
        size_t length;

        if (!host)
            return fail_host(parser, "the request has no Host header, which must be signed");
        length = strlen(host);
        if (length == 0 || strcspn(host, " \t\r\n/?#@\\") < length)
            return fail_host(parser, "the Host header is no host name");
        parity_buffer_add_text(&url, "https://");
        parity_buffer_add(&url, host, length);
    }
    parity_buffer_add(&url, target->text, target->length);
    parser->out->request.url = parity_buffer_take(&url);
    if (!parser->out->request.url)
        return fail_nomem(parser);
    return parity_uri_split(parser->out->request.url, &uri, parser->err);
}

int parity_http_text_parse(const char *data, size_t length, const char *name,
                           struct parity_http_text *out, struct parity_error *err)
{
    struct parser parser = {
        .at = data, .end = data + length, .name = name, .line_start = data, .out = out, .err = err};
    struct line line, target = {0};

    memset(out, 0, sizeof *out);
    if (!next_line(&parser, &line)) {
        parser.line = 1;
        return fail(&parser, data, "the request is empty");
    }
    out->crlf = line.text + line.length < parser.at && line.text[line.length] == '\r';
    if (read_request_line(&parser, &line, &target) < 0 || read_headers(&parser) < 0 ||
        set_url(&parser, &target) < 0)
        return -1;
    parity_buffer_add(&out->request.body, parser.at, (size_t)(parser.end - parser.at));
    return out->request.body.failed ? fail_nomem(&parser) : 0;
}

void parity_http_text_write(struct parity_buffer *out, const struct parity_http_text *text)
{
    const struct parity_http_request *request = &text->request;
    const char *newline = text->crlf ? "\r\n" : "\n";
    struct parity_uri uri;

    parity_buffer_add_text(out, request->method);
    parity_buffer_add_char(out, ' ');
    if (text->absolute || parity_uri_split(request->url, &uri, NULL) < 0)
        parity_buffer_add_text(out, request->url);
    else
        parity_buffer_add_text(out, uri.path);
    parity_buffer_add_char(out, ' ');
    parity_buffer_add_text(out, text->version);
    parity_buffer_add_text(out, newline);
    for (size_t i = 0; i < request->headers.count; i++) {
        parity_buffer_add_text(out, request->headers.items[i].name);
        parity_buffer_add_text(out, text->spaced ? ": " : ":");
        parity_buffer_add_text(out, request->headers.items[i].value);
        parity_buffer_add_text(out, newline);
    }
    parity_buffer_add_text(out, newline);
    parity_buffer_add(out, request->body.data, request->body.length);
}
