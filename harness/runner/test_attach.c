/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "runner/test.h"

/*
 * What a test leaves for its report: {"name", "content_type", "text" or "$bytes", "size"}. "size"
 * is that of the whole; a text of which only the beginning is kept says so at its end, and of other
 * bytes that are too many neither "text" nor "$bytes" is there.
 */

static const char *content_type(const char *name, bool is_text)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".json", "application/json"}, {".xml", "application/xml"}, {".html", "text/html"},
        {".csv", "text/csv"},          {".svg", "image/svg+xml"},   {".png", "image/png"},
        {".jpg", "image/jpeg"},        {".jpeg", "image/jpeg"},     {".gif", "image/gif"},
        {".pdf", "application/pdf"},   {".zip", "application/zip"}, {".gz", "application/gzip"},
    };
    const char *ending = strrchr(name, '.');

    for (size_t i = 0; ending && i < sizeof types / sizeof *types; i++)
        if (strcasecmp(ending, types[i].ending) == 0)
            return types[i].type;
    return is_text ? "text/plain" : "application/octet-stream";
}

static void tell(struct parity_test *t, json_t *attachment)
{
    json_t *event = attachment
                        ? json_pack("{s:s, s:o}", "event", "attachment", "attachment", attachment)
                        : NULL;

    if (!event)
        parity_test_end_nomem(t);
    parity_test_tell(t, event);
}

static json_t *describe(const char *name, bool is_text, size_t size)
{
    return json_pack("{s:s, s:s, s:I}", "name", name, "content_type", content_type(name, is_text),
                     "size", (json_int_t)size);
}

/* How much of a text can be kept without cutting a character in two. */
static size_t kept_length(const char *text, size_t length)
{
    if (length <= PARITY_MAX_ATTACHMENT_BYTES)
        return length;
    length = PARITY_MAX_ATTACHMENT_BYTES;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

/* `text` has the first bytes of `size`, at least as many as are kept. New; NULL: no memory. */
static json_t *pack_text(const char *name, const char *text, size_t length, size_t size)
{
    json_t *attachment = describe(name, true, size);
    struct parity_buffer kept = {0};

    length = kept_length(text, length);
    parity_buffer_add(&kept, text, length);
    if (length < size)
        parity_buffer_printf(&kept, "\n[%zu bytes left out]\n", size - length);
    if (kept.failed ||
        json_object_set_new(attachment, "text",
                            json_stringn_nocheck(kept.length ? kept.data : "", kept.length)) < 0) {
        json_decref(attachment);
        attachment = NULL;
    }
    parity_buffer_clear(&kept);
    return attachment;
}

static json_t *pack_bytes(const char *name, const char *data, size_t length, size_t size)
{
    json_t *attachment = describe(name, false, size);
    struct parity_buffer text = {0};

    if (size > PARITY_MAX_ATTACHMENT_BYTES)
        return attachment;
    parity_base64_encode(&text, data, length);
    if (text.failed ||
        json_object_set_new(attachment, "$bytes",
                            json_stringn(text.length ? text.data : "", text.length)) < 0) {
        json_decref(attachment);
        attachment = NULL;
    }
    parity_buffer_clear(&text);
    return attachment;
}

static void count(struct parity_test *t, const char *name)
{
    if (t->attachment_count++ < PARITY_MAX_ATTACHMENTS)
        return;
    parity_test_conclude(t, PARITY_ERROR, "'%s' is one attachment too many; a test may have %d",
                         name, (int)PARITY_MAX_ATTACHMENTS);
    parity_test_end(t);
}

void parity_test_attach_text(struct parity_test *t, const char *name, const char *text)
{
    size_t length = strlen(text);

    count(t, name);
    tell(t, parity_utf8_is_valid(text, length) ? pack_text(name, text, length, length)
                                               : pack_bytes(name, text, length, length));
}

void parity_test_attach_json(struct parity_test *t, const char *name, const json_t *value)
{
    struct parity_buffer text = {0};
    json_t *attachment;

    count(t, name);
    parity_json_write(&text, value, PARITY_JSON_PRETTY);
    parity_buffer_add_char(&text, '\n');
    attachment = text.failed ? NULL : pack_text(name, text.data, text.length, text.length);
    if (attachment)
        json_object_set_new(attachment, "content_type", json_string("application/json"));
    parity_buffer_clear(&text);
    tell(t, attachment);
}

/* The first bytes of a regular file; one byte more than is kept, to see where a character ends.
 * @return 0, or -1 with errno; 0: it is none */
static int read_beginning(const char *path, struct parity_buffer *out, size_t *size)
{
    char piece[8192];
    FILE *file = fopen(path, "rb");
    struct stat status;
    size_t got = 1;
    int rc = -1;

    if (!file)
        return -1;
    if (fstat(fileno(file), &status) == 0 && !S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : 0;
    } else {
        while (got > 0 && out->length <= PARITY_MAX_ATTACHMENT_BYTES) {
            got = fread(piece, 1, sizeof piece, file);
            parity_buffer_add(out, piece, got);
        }
        rc = ferror(file) ? -1 : 0;
        *size = (size_t)status.st_size > out->length ? (size_t)status.st_size : out->length;
    }
    fclose(file);
    return rc;
}

/* Whether the beginning of a file is text, whose last character may be cut. */
static bool is_text(const struct parity_buffer *data, size_t size)
{
    size_t length = data->length;

    if (length < size)
        length = kept_length(data->data, length);
    return length == 0 ||
           (parity_utf8_is_valid(data->data, length) && !memchr(data->data, '\0', length));
}

void parity_test_attach_file(struct parity_test *t, const char *name, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct parity_buffer data = {0};
    json_t *attachment = NULL;
    size_t size = 0;

    if (!name)
        name = slash ? slash + 1 : path;
    count(t, name);
    if (read_beginning(path, &data, &size) < 0) {
        const char *reason = errno ? strerror(errno) : "it is no regular file";

        parity_buffer_clear(&data);
        parity_test_conclude(t, PARITY_ERROR, "cannot attach %s: %s", path, reason);
        parity_test_end(t);
    }
    if (!data.failed)
        attachment = is_text(&data, size) ? pack_text(name, data.data, data.length, size)
                                          : pack_bytes(name, data.data, data.length, size);
    parity_buffer_clear(&data);
    tell(t, attachment);
}
