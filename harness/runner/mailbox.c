/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/mailbox.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/json.h"
#include "runner/clock.h"

enum { ROOM = 65536 - 16 };

struct parity_mailbox {
    _Atomic uint32_t length; /* of what is complete */
    bool full;               /* what did not fit was sent, so what follows must be sent, too */
    char bytes[ROOM];        /* a header and its event, one after the other */
};

struct header {
    uint32_t length;
    double at;
};

struct parity_mailbox *parity_mailbox_new(struct parity_error *err)
{
    void *memory = mmap(NULL, sizeof(struct parity_mailbox), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory != MAP_FAILED)
        return memory;
    parity_fail_nomem(err);
    return NULL;
}

void parity_mailbox_free(struct parity_mailbox *mailbox)
{
    if (mailbox)
        munmap(mailbox, sizeof *mailbox);
}

bool parity_mailbox_put(struct parity_mailbox *mailbox, const json_t *event)
{
    uint32_t length = atomic_load(&mailbox->length);
    struct parity_buffer text = {0};
    struct header header = {.at = parity_clock_s()};

    if (mailbox->full || length > ROOM)
        return false;
    parity_json_write(&text, event, PARITY_JSON_COMPACT);
    header.length = (uint32_t)text.length;
    if (text.failed || sizeof header + text.length > ROOM - length) {
        mailbox->full = true;
    } else {
        memcpy(mailbox->bytes + length, &header, sizeof header);
        memcpy(mailbox->bytes + length + sizeof header, text.data, text.length);
        /* Last: what a process was at when it died is not seen. */
        atomic_store(&mailbox->length, length + (uint32_t)(sizeof header + text.length));
    }
    parity_buffer_clear(&text);
    return !mailbox->full;
}

json_t *parity_mailbox_take(const struct parity_mailbox *mailbox, size_t *place, double *at)
{
    size_t length = atomic_load(&mailbox->length);
    struct header header;
    json_t *event = NULL;

    if (length > ROOM || *place + sizeof header > length)
        return NULL;
    memcpy(&header, mailbox->bytes + *place, sizeof header);
    if (header.length > length - *place - sizeof header ||
        parity_json_parse(mailbox->bytes + *place + sizeof header, header.length, NULL, &event,
                          NULL) < 0) {
        *place = ROOM; /* overwritten: nothing behind it means anything */
        return NULL;
    }
    *place += sizeof header + header.length;
    *at = header.at;
    if (json_is_object(event))
        return event;
    json_decref(event);
    *place = ROOM;
    return NULL;
}

void parity_mailbox_empty(struct parity_mailbox *mailbox)
{
    mailbox->full = false;
    atomic_store(&mailbox->length, 0);
}
