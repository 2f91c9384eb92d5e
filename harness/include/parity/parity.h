/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_PARITY_H
#define PARITY_PARITY_H

/* All of parity's public headers. A suite includes this or suite.h, which is the same. */

#include <parity/suite.h>

#endif
