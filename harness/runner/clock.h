/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_CLOCK_H
#define PARITY_RUNNER_CLOCK_H

/** Seconds since some moment in the past; never set back. */
double parity_clock_s(void);

#endif
