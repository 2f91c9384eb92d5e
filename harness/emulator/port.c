/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/port.h"

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MAX_TRIES = 50 };

/* Bind to a port of the loopback address (0: one that the kernel finds free).
 * @return its number; 0 with errno when that fails */
static int bind_port(int wanted)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((in_port_t)wanted)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1, number = 0, saved;

    if (fd < 0)
        return 0;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (const struct sockaddr *)&address, size) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &size) == 0)
        number = ntohs(address.sin_port);
    saved = errno;
    close(fd);
    errno = saved;
    return number;
}

/* Between the choice and the moment when the emulator listens, the port looks free to others. A
 * name in the abstract namespace keeps other paritys off; it goes away with its descriptor. */
static int claim_port(int number)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int length;

    if (fd < 0)
        return -1;
    length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "parity-port-%d", number);
    if (bind(fd, (const struct sockaddr *)&address,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

int parity_port_choose(struct parity_port *port, struct parity_error *err)
{
    port->number = 0;
    port->claim = -1;
    for (int i = 0; i < MAX_TRIES && port->claim < 0; i++) {
        port->number = bind_port(0);
        port->claim = port->number ? claim_port(port->number) : -1;
    }
    if (port->claim >= 0)
        return 0;
    port->number = 0;
    parity_fail(err, PARITY_E_ENVIRONMENT, NULL, "no free port at 127.0.0.1: %s", strerror(errno));
    return -1;
}

void parity_port_release(struct parity_port *port)
{
    if (port->number)
        close(port->claim);
    port->number = 0;
    port->claim = -1;
}

bool parity_port_is_taken(const struct parity_port *port)
{
    return bind_port(port->number) == 0 && errno == EADDRINUSE;
}
