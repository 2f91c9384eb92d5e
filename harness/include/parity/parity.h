/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PARITY_H
#define PARITY_PARITY_H

/* All of parity's public headers. */

#include <parity/error.h>
#include <parity/suite.h>

#endif
