/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARITY_RUNNER_CLOCK_H
#define PARITY_RUNNER_CLOCK_H

/** Seconds since some moment in the past; never set back. */
double parity_clock_s(void);

/** Seconds in whole microseconds: clocks mean no more, and it is written in fewer digits. */
double parity_clock_round_s(double seconds);

#endif
