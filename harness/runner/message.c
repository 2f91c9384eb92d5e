/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/message.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"

enum { HEADER = 4, CHUNK = 65536 };
/* More is no message: every text that a test may have written here begins with a larger number. */
static const size_t MAX_MESSAGE = 0x1fffffff;

static int send_all(int fd, const char *data, size_t length, struct parity_error *err)
{
    while (length > 0) {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            parity_fail(err, PARITY_E_IO, "worker channel", "cannot send: %s", strerror(errno));
            return -1;
        }
        data += sent;
        length -= (size_t)sent;
    }
    return 0;
}

/* A message behind room for its header. */
static int send_framed(int fd, struct parity_buffer *text, struct parity_error *err)
{
    size_t length = text->length - HEADER;

    if (text->failed)
        return parity_fail_nomem(err);
    if (length >= MAX_MESSAGE) {
        parity_fail(err, PARITY_E_LIMIT, "worker channel", "a message of %zu bytes is too large",
                    length);
        return -1;
    }
    for (int i = 0; i < HEADER; i++)
        text->data[i] = (char)(length >> (8 * (HEADER - 1 - i)) & 0xff);
    return send_all(fd, text->data, text->length, err);
}

static const char no_header[HEADER];

int parity_message_send(int fd, const json_t *message, struct parity_error *err)
{
    struct parity_buffer text = {0};
    int rc;

    parity_buffer_add(&text, no_header, HEADER);
    parity_json_write(&text, message, PARITY_JSON_COMPACT);
    rc = send_framed(fd, &text, err);
    parity_buffer_clear(&text);
    return rc;
}

int parity_message_send_text(int fd, const struct parity_buffer *message, struct parity_error *err)
{
    struct parity_buffer text = {0};
    int rc;

    parity_buffer_add(&text, no_header, HEADER);
    parity_buffer_add(&text, message->data, message->length);
    text.failed |= message->failed;
    rc = send_framed(fd, &text, err);
    parity_buffer_clear(&text);
    return rc;
}

bool parity_message_can_send(int fd)
{
    return send(fd, "", 0, MSG_NOSIGNAL) == 0;
}

/* One read(). Returns how much came, 0 at the end or (without waiting) for nothing there, -1. */
static int read_some(struct parity_inbox *inbox, int fd, int flags, struct parity_error *err)
{
    ssize_t got;

    if (parity_buffer_reserve(&inbox->bytes, CHUNK) < 0) {
        parity_fail_nomem(err);
        return -1;
    }
    do
        got = recv(fd, inbox->bytes.data + inbox->bytes.length, CHUNK, flags);
    while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return 0;
    if (got == 0 || (got < 0 && errno == ECONNRESET)) {
        inbox->ended = true;
        return 0;
    }
    if (got < 0) {
        parity_fail(err, PARITY_E_IO, "worker channel", "cannot read: %s", strerror(errno));
        return -1;
    }
    inbox->bytes.length += (size_t)got;
    inbox->bytes.data[inbox->bytes.length] = '\0';
    return (int)got;
}

int parity_inbox_fill(struct parity_inbox *inbox, int fd, struct parity_error *err)
{
    int rc;

    do
        rc = read_some(inbox, fd, MSG_DONTWAIT, err);
    while (rc == CHUNK); /* less: that was all */
    return rc < 0 ? -1 : 0;
}

/* Length of the first message, header included; 0: not known yet. */
static size_t first_length(const struct parity_inbox *inbox)
{
    const unsigned char *bytes = (const unsigned char *)inbox->bytes.data;
    size_t length = 0;

    if (inbox->bytes.length < HEADER)
        return 0;
    for (int i = 0; i < HEADER; i++)
        length = length << 8 | bytes[i];
    return length + HEADER;
}

int parity_inbox_take(struct parity_inbox *inbox, json_t **out, struct parity_error *err)
{
    size_t length = first_length(inbox);
    int rc;

    *out = NULL;
    if (length > MAX_MESSAGE) {
        parity_fail(err, PARITY_E_PARSE, "worker channel", "what arrived is no message");
        return -1;
    }
    if (length == 0 || inbox->bytes.length < length)
        return 0;
    rc = parity_json_parse(inbox->bytes.data + HEADER, length - HEADER, "worker channel", out, err);
    inbox->bytes.length -= length;
    memmove(inbox->bytes.data, inbox->bytes.data + length, inbox->bytes.length + 1);
    if (rc == 0 && !json_is_object(*out)) {
        json_decref(*out);
        *out = NULL;
        parity_fail(err, PARITY_E_PARSE, "worker channel", "what arrived is no message");
        return -1;
    }
    return rc;
}

int parity_message_receive(struct parity_inbox *inbox, int fd, json_t **out,
                           struct parity_error *err)
{
    int rc = parity_inbox_take(inbox, out, err);

    while (rc == 0 && !*out && !inbox->ended)
        rc = read_some(inbox, fd, 0, err) < 0 ? -1 : parity_inbox_take(inbox, out, err);
    if (rc == 0 && !*out && inbox->bytes.length > 0) {
        parity_fail(err, PARITY_E_IO, "worker channel", "the runner broke off in a message");
        rc = -1;
    }
    return rc;
}
