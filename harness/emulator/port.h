/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_EMULATOR_PORT_H
#define PARITY_EMULATOR_PORT_H

#include <stdbool.h>

#include "base/error.h"

/** A port of the loopback address that no other parity chooses meanwhile. */
struct parity_port {
    int number; /* 0: none */
    int claim;  /* what keeps others away; closed by parity_port_release() */
};

/** @param err PARITY_E_ENVIRONMENT: there is none. @return 0 or -1 */
int parity_port_choose(struct parity_port *port, struct parity_error *err);

void parity_port_release(struct parity_port *port);

/** Whether somebody listens at it. */
bool parity_port_is_taken(const struct parity_port *port);

#endif
