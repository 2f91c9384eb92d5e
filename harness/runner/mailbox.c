/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/mailbox.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/json.h"

enum { ROOM = 65536 - 16 };

struct parity_mailbox {
    _Atomic uint32_t length; /* of what is complete */
    bool full;               /* what did not fit was sent, so what follows must be sent, too */
    char bytes[ROOM];        /* events, each after its length; a mark has none */
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

/* Nothing is added once something had no room. */
static void add(struct parity_mailbox *mailbox, const char *text, size_t text_length)
{
    uint32_t length = atomic_load(&mailbox->length), size = (uint32_t)text_length;

    if (mailbox->full || length > ROOM || sizeof size + text_length > ROOM - length) {
        mailbox->full = true;
        return;
    }
    memcpy(mailbox->bytes + length, &size, sizeof size);
    memcpy(mailbox->bytes + length + sizeof size, text, text_length);
    /* Last: what a process was at when it died is not seen. */
    atomic_store(&mailbox->length, length + (uint32_t)sizeof size + size);
}

bool parity_mailbox_put(struct parity_mailbox *mailbox, const json_t *event)
{
    struct parity_buffer text = {0};
    bool fits;

    if (mailbox->full)
        return false;
    parity_json_write(&text, event, PARITY_JSON_COMPACT);
    fits = parity_mailbox_put_text(mailbox, &text);
    parity_buffer_clear(&text);
    return fits;
}

bool parity_mailbox_put_text(struct parity_mailbox *mailbox, const struct parity_buffer *event)
{
    mailbox->full |= event->failed;
    add(mailbox, event->data, event->length);
    return !mailbox->full;
}

void parity_mailbox_mark(struct parity_mailbox *mailbox)
{
    add(mailbox, "", 0);
}

/* Length of the entry at `place`. @return false: there is none */
static bool read_size(const struct parity_mailbox *mailbox, size_t place, uint32_t *size)
{
    size_t length = atomic_load(&mailbox->length);

    if (length > ROOM || place + sizeof *size > length)
        return false;
    memcpy(size, mailbox->bytes + place, sizeof *size);
    return true;
}

bool parity_mailbox_take_mark(const struct parity_mailbox *mailbox, size_t *place)
{
    uint32_t size;

    if (!read_size(mailbox, *place, &size) || size > 0)
        return false;
    *place += sizeof size;
    return true;
}

json_t *parity_mailbox_take(const struct parity_mailbox *mailbox, size_t *place)
{
    json_t *event = NULL;
    uint32_t size;

    if (!read_size(mailbox, *place, &size))
        return NULL;
    if (size > ROOM - *place - sizeof size ||
        parity_json_parse(mailbox->bytes + *place + sizeof size, size, NULL, &event, NULL) < 0) {
        *place = ROOM; /* overwritten: nothing behind it means anything */
        return NULL;
    }
    *place += sizeof size + size;
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
