/* SPDX-License-Identifier: Apache-2.0 */
#include "client/uri.h"
#include "base/hex.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

bool parity_uri_is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void encode(struct parity_buffer *out, const char *text, size_t length, const char *keep,
                   bool plus)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t start = 0; /* of the characters that stay as they are */

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        char escaped[3] = {'%', digits[c >> 4], digits[c & 15]};

        if (parity_uri_is_unreserved(c) || (c && strchr(keep, c)))
            continue;
        parity_buffer_add(out, text + start, i - start);
        if (plus && c == ' ')
            parity_buffer_add_char(out, '+');
        else
            parity_buffer_add(out, escaped, sizeof escaped);
        start = i + 1;
    }
    parity_buffer_add(out, text + start, length - start);
}

void parity_uri_encode(struct parity_buffer *out, const char *text, size_t length, const char *keep)
{
    encode(out, text, length, keep, false);
}

void parity_uri_encode_form(struct parity_buffer *out, const char *text, size_t length)
{
    encode(out, text, length, "", true);
}

void parity_uri_decode(struct parity_buffer *out, const char *text, size_t length)
{
    const char *end = text + length;

    for (; text < end; text++) {
        int byte = *text == '%' ? parity_hex_number(text + 1, end, 2) : -1;

        parity_buffer_add_char(out, byte >= 0 ? (char)byte : *text);
        if (byte >= 0)
            text += 2;
    }
}

bool parity_uri_is_port(const char *text, size_t length)
{
    unsigned long number = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (unsigned long)(text[i] - '0');
        if (number > 65535)
            return false;
    }
    return true;
}

/* What no host and port can be. The host's name is looked at by whoever resolves it. */
static int check_authority(const struct parity_uri *uri, struct parity_error *err)
{
    const char *end = uri->authority + uri->authority_length;
    const char *at = memrchr(uri->authority, '@', uri->authority_length);
    const char *host = at ? at + 1 : uri->authority;
    const char *bracket = memrchr(host, ']', (size_t)(end - host));
    const char *search = bracket ? bracket : host;
    const char *colon = memchr(search, ':', (size_t)(end - search));

    for (const char *c = uri->authority; c < end; c++)
        if ((unsigned char)*c <= ' ' || *c == 127) {
            parity_fail(err, PARITY_E_INVALID, NULL,
                        "the URL has a blank or another control character in its host");
            return -1;
        }
    if (!colon || parity_uri_is_port(colon + 1, (size_t)(end - colon - 1)))
        return 0;
    parity_fail(err, PARITY_E_INVALID, NULL, "the URL's port '%.*s' is no number up to 65535",
                (int)(end - colon - 1 < 40 ? end - colon - 1 : 40), colon + 1);
    return -1;
}

int parity_uri_split(const char *url, struct parity_uri *out, struct parity_error *err)
{
    const char *colon = strstr(url, "://");

    memset(out, 0, sizeof *out);
    if (!colon || colon == url) {
        parity_fail(err, PARITY_E_INVALID, NULL,
                    "the URL has no scheme; it must begin with http:// or https://");
        return -1;
    }
    out->scheme = url;
    out->scheme_length = (size_t)(colon - url);
    out->authority = colon + 3;
    out->authority_length = strcspn(out->authority, "/?#");
    if (out->authority_length == 0) {
        parity_fail(err, PARITY_E_INVALID, NULL, "the URL names no host");
        return -1;
    }
    out->path = out->authority + out->authority_length;
    out->path_length = strcspn(out->path, "?#");
    out->query = out->path + out->path_length;
    if (*out->query == '?') {
        out->has_query = true;
        out->query++;
        out->query_length = strcspn(out->query, "#");
    }
    return check_authority(out, err);
}

static bool is_default_port(const struct parity_uri *uri, const char *port, size_t length)
{
    const char *implied = uri->scheme_length == 5 ? "443" : "80";

    return length == 0 || (length == strlen(implied) && memcmp(port, implied, length) == 0);
}

size_t parity_uri_host_length(const struct parity_uri *uri)
{
    size_t length = uri->authority_length;

    for (size_t i = uri->authority_length; i > 0 && uri->authority[i - 1] != ']'; i--)
        if (uri->authority[i - 1] == ':')
            length = i - 1;
    return length;
}

void parity_uri_add_host(struct parity_buffer *out, const struct parity_uri *uri)
{
    const char *end = uri->authority + uri->authority_length;
    const char *at = memrchr(uri->authority, '@', uri->authority_length);
    const char *host = at ? at + 1 : uri->authority;
    const char *bracket = memrchr(host, ']', (size_t)(end - host)); /* colons of IPv6 before it */
    const char *search = bracket ? bracket : host;
    const char *colon = memchr(search, ':', (size_t)(end - search));

    if (colon && is_default_port(uri, colon + 1, (size_t)(end - colon - 1)))
        end = colon;
    for (; host < end; host++)
        parity_buffer_add_char(out, *host >= 'A' && *host <= 'Z' ? (char)(*host + 32) : *host);
}

void parity_uri_host(const struct parity_uri *uri, char *out, size_t size)
{
    const char *start = uri->authority, *end = uri->authority + uri->authority_length;
    const char *at = memrchr(start, '@', uri->authority_length);
    const char *stop;

    start = at ? at + 1 : start;
    if (start < end && *start == '[') {
        start++;
        stop = memchr(start, ']', (size_t)(end - start));
    } else {
        stop = memchr(start, ':', (size_t)(end - start));
    }
    snprintf(out, size, "%.*s", (int)((stop ? stop : end) - start), start);
}
